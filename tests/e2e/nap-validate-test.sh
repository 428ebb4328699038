#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# nap-validate, the health policy server for hosts: files, RADIUS attributes, the socket, exit codes.
# The program is the one with ASan and UBSan; tests/interop has the other, with FreeRADIUS.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
work_dir
program=$root/build/native/programs/nap-validate/nap-validate
samples=$root/tests/fuzz/corpus/soh # of a machine whose agent 0x00abcd01 has version 4.2
compliant=$root/examples/policies/gentle.policy
restricted=$work/restricted.policy
sed 's/>=4.2/>=4.3/' "$root/examples/policies/antivirus.policy" >"$restricted"
[ -x "$program" ] || { not_ok "nap-validate" "it is not built; run tools/build.sh native"; exit 1; }

# exits NAME CODE ARGUMENTS... <input: at most one line is said for a failure, none by a sanitizer
exits() {
    local name=$1 code=$2 got
    shift 2
    "$program" "$@" >"$work/stdout" 2>"$work/stderr"
    got=$?
    if [ $got != "$code" ]; then cat "$work/stderr"; not_ok "$name" "exit code $got, not $code"
    elif [ "$code" -ge 2 ] && [ "$(wc -l <"$work/stderr")" != 1 ]; then cat "$work/stderr"; not_ok "$name" "it did not say one line"
    else ok "$name"; fi
}
says() { # NAME FILE TEXT
    grep -qF -- "$3" "$work/$2" && ok "$1" || { cat "$work/$2"; not_ok "$1" "'$3' is not in $2"; }
}
hex_of() { od -An -v -tx1 "$1" | tr -d ' \n'; }
file_from() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")" >"$2"; } # HEX FILE
# Prints hexadecimal digits as values of attributes: as FreeRADIUS does, of at most SIZE bytes each.
values_of() { # HEX SIZE
    sed -E "s/.{1,$(($2 * 2))}/0x& /g; s/ \$//" <<<"$1"
}
# The values of the answer's attributes of one name, joined.
joined() { sed -n "s/^$1 $2 = 0x//p" "$work/stdout" | tr -d '\n'; } # LIST NAME
answers() { # NAME LINE: the answer has this line
    grep -qxF -- "$2" "$work/stdout" && ok "$1" || { cat "$work/stdout"; not_ok "$1" "there is no line '$2'"; }
}
hides() { # NAME TEXT
    grep -F -- "$2" "$work/stdout" && not_ok "$1" "the answer has '$2'" || ok "$1"
}

# --- files

exits "a compliant machine" 0 --policy "$compliant" --request "$samples/request_plain" --response "$work/response"
says "which is said" stderr "the machine is compliant: not restricted"
check "its response is an SSoHR" test "$(head -c 2 "$work/response" | hex_of /dev/stdin)" = 0007
exits "a machine that is not" 1 --policy "$restricted" --request "$samples/request_plain" --response "$work/response"
says "and why" stderr "health agent 11259137: software version not accepted"
says "and what becomes of it" stderr "the machine is not compliant: restricted access"
exits "from standard input to standard output" 1 --policy "$restricted" <"$samples/request_plain"
check "the same response" cmp "$work/stdout" "$work/response"
exits "also as -" 1 --policy "$restricted" --request - --response - <"$samples/request_plain"
check "the same" cmp "$work/stdout" "$work/response"
exits "a statement in a carrier TLV" 1 --policy "$restricted" --request "$samples/carried"
check "is answered in one" test "$(hex_of "$work/stdout")" = "0007$(printf %04x $(($(stat -c %s "$work/response") + 8)))000001370003$(printf %04x "$(stat -c %s "$work/response")")$(hex_of "$work/response")"
exits "one with a mode sub-header" 1 --policy "$restricted" --request "$samples/request_mode" --response "$work/response"

# What Windows' own health agent reports, judged as its validator does.
windows=$root/examples/policies/windows-health.policy
exits "a machine whose security health is not accepted" 1 --policy "$windows" --request "$samples/windows_request" --response "$work/windows"
says "because of what" stderr "health agent 79744: antispyware: not installed; security updates: required updates are missing"
check "gets the codes of each class, and fix-up servers behind them" test "$(hex_of "$work/windows" | grep -o '0002000400013780.*')" = \
    "00020004000137800008000100000400040000000000080001010004000800000000000000000008000102""00040008c0ff000200000000000e0001020008000103000400040000000000080001040004""0008c0ff00070000020000030004c000020a"
sed -E '/antispyware|security-updates/d; s/ up-to-date//' "$windows" >"$work/mild.policy"
exits "one whose health is" 0 --policy "$work/mild.policy" --request "$samples/windows_request" --response "$work/mild"
check "gets S_OK for each" test "$(hex_of "$work/mild" | grep -o '0002000400013780.*')" = \
    "00020004000137800008000100000400040000000000080001010004000800000000000000000008000102000400080000000000000000000800010300040004000000000008000104000400080000000000000000"
printf '\x09' | cat <(head -c 142 "$samples/windows_request") - <(tail -c +144 "$samples/windows_request") >"$work/malformed"
exits "a malformed statement of that agent" 1 --policy "$windows" --request "$work/malformed"
says "is not accepted" stderr "health agent 79744: malformed statement of Windows' own health agent"

# 65,535 bytes: entries of an agent that the policy does not name, with the largest attributes.
body=$(hex_of "$samples/request_plain" | cut -c 25-)
body=${body}0002000400abcd99
attribute=$(printf '000a0fa0%08000d' 0)
while [ $((${#body} / 2 + 12 + 4004)) -le 65535 ]; do body=$body$attribute; done
rest=$((65535 - 12 - ${#body} / 2 - 4))
body=$body$(printf '000a%04x%0*d' $rest $((rest * 2)) 0)
file_from "$(printf '0007%04x000001370001%04x%s' 65531 65523 "$body")" "$work/largest"
check "the largest statement has 65535 bytes" test "$(stat -c %s "$work/largest")" = 65535
exits "it is judged" 0 --policy "$compliant" --request "$work/largest"
printf x >>"$work/largest"
exits "one byte more is rejected" 3 --policy "$compliant" --request "$work/largest"
head -c 70000 /dev/zero >"$work/long"
exits "what is longer than any statement is rejected" 3 --policy "$compliant" --request "$work/long"
says "with the limit" stderr "long has more than 65547 bytes"
exits "also if it never ends" 3 --policy "$compliant" --request /dev/zero

size=$(stat -c %s "$samples/request_plain")
cuts=0
for ((i = 0; i < size; i += 7)); do
    head -c $i "$samples/request_plain" | "$program" --policy "$compliant" >"$work/stdout" 2>"$work/stderr"
    [ $? = 3 ] && [ "$(wc -l <"$work/stderr")" = 1 ] && [ ! -s "$work/stdout" ] && cuts=$((cuts + 1))
done
check "each of $cuts cut statements is rejected, and has no response" test $cuts = $(((size + 6) / 7))
says "with rule and byte" stderr "standard input is not an SoH request: the SoH header's outer length is the packet's size less 4, at byte 2 (0x80270001)"
exits "a response is no request" 3 --policy "$compliant" --request "$samples/response_plain"
exits "a missing statement" 3 --policy "$compliant" --request "$work/none"
says "is named" stderr "cannot open $work/none: No such file or directory"
exits "a folder is no statement" 3 --policy "$compliant" --request "$work"
exits "a response that cannot be written" 3 --policy "$compliant" --request "$samples/request_plain" --response "$work/none/response"
exits_of_full() { "$program" --policy "$compliant" --request "$samples/request_plain" >/dev/full 2>"$work/stderr"; test $? = 3; }
check "a full disk is no success" exits_of_full

# --- policies

printf 'policy 1\nagent 0x00abcd01\n    codez 0\nnoncompliant\n    state restricted\n' >"$work/bad.policy"
exits "a policy that names something unknown" 3 --policy "$work/bad.policy" --request "$samples/request_plain"
says "has its file, its line, and what to do" stderr "$work/bad.policy:3: a line starts with a keyword of the language; correct the word, or write # before a comment"
exits "a missing policy" 3 --policy "$work/none.policy"
printf 'policy 1\n\033[31m\n' >"$work/"$'esc\033[31m.policy'
exits "a policy whose name has control characters" 3 --policy "$work/"$'esc\033[31m.policy'
check "which do not control the terminal" eval '! grep -q $'"'\033'"' "$work/stderr"'

# --- usage

exits "--help" 0 --help
says "has the exit codes" stdout "0 compliant, 1 not compliant, 2 wrong usage, 3 bad input"
exits "--version" 0 --version
exits "no policy" 2 --request "$samples/request_plain"
exits "no argument" 2
exits "an unknown option" 2 --polizy "$compliant"
exits "an option without its value" 2 --policy
exits "an option twice" 2 --policy "$compliant" --policy "$compliant"
exits "two ways at once" 2 --policy "$compliant" --radius 00 --listen "$work/socket"

# --- RADIUS attributes

radius() { exits "$1" "$2" --policy "$3" --radius "$4"; } # NAME CODE POLICY VALUES

carried=$(hex_of "$samples/carried")
plain=$(hex_of "$samples/request_plain")
radius "one attribute" 0 "$compliant" "0x$carried"
answers "the verdict" compliant
answers "full access" "reply MS-Quarantine-State = 0"
for name in Grace-Time Session-Timeout; do hides "no $name for full access" MS-Quarantine-$name; done
for name in Extended-Quarantine-State IPv4-Remediation-Servers IPv6-Remediation-Servers; do hides "no $name either" MS-$name; done
check "the response is in a carrier TLV, as the statement" test "$(joined reply MS-Quarantine-SOH | cut -c 1-4,9-20)" = 0007000001370003
cp "$work/stdout" "$work/one"
for size in 247 100 10 1; do
    radius "in attributes of $size bytes" 0 "$compliant" "$(values_of "$carried" $size)"
    check "the same answer" cmp "$work/stdout" "$work/one"
done
radius "with commas, as FreeRADIUS expands a list" 0 "$compliant" "$(values_of "$carried" 100 | tr ' ' ,)"
check "the same" cmp "$work/stdout" "$work/one"
radius "in capitals and without 0x" 0 "$compliant" "${carried^^}"
check "the same answer" cmp "$work/stdout" "$work/one"
radius "without carrier TLV" 0 "$compliant" "0x$plain"
check "the response has none either" test "$(joined reply MS-Quarantine-SOH | cut -c 1-4,9-20)" = 0007000001370001

radius "attributes in the wrong order" 3 "$compliant" "0x${carried:200} 0x${carried:0:200}"
check "are rejected, with no attribute" test "$(cat "$work/stdout")" = rejected
for bad in "" " , " 0x 0xa 0xaa0g "0xaa 0xb" 0x0x; do
    radius "'$bad' is no statement" 3 "$compliant" "$bad"
    check "it is rejected" test "$(cat "$work/stdout")" = rejected
done
radius "a restricted machine" 1 "$restricted" "0x$carried"
answers "the verdict" not-compliant
answers "restricted" "reply MS-Quarantine-State = 1"
hides "no grace" Grace-Time
answers "the IPv4 servers, after a zero" "reply MS-IPv4-Remediation-Servers = 0x00c000020a"
answers "the IPv6 servers, after a zero" "reply MS-IPv6-Remediation-Servers = 0x0020010db8000000000000000000000010"
says "one line says which machine, and why" stderr "pc1 {00000000-0000-0000-0000-000000000000}-0000000000000000: health agent 11259137: software version not accepted; the machine is not compliant: restricted access"
check "it is one" test "$(wc -l <"$work/stderr")" = 1

cat >"$work/rich.policy" <<'POLICY'
policy 1
agent 0x00abcd01
    software-version 9
    fixup-server 192.0.2.1 192.0.2.2 2001:db8::1
agent 0x00abcd02
    fixup-server 192.0.2.2 192.0.2.3 2001:db8::1
noncompliant
    state restricted
    session-timeout 15m
    extended-state infected
POLICY
radius "a policy with all" 1 "$work/rich.policy" "0x$carried"
answers "how long it may stay restricted, in seconds" "reply MS-Quarantine-Session-Timeout = 900"
answers "its extended state" "reply MS-Extended-Quarantine-State = 2"
answers "each IPv4 server once" "reply MS-IPv4-Remediation-Servers = 0x00c0000201c0000202c0000203"
answers "each IPv6 server once" "reply MS-IPv6-Remediation-Servers = 0x0020010db8000000000000000000000001"

sed 's/state restricted/state probation\nprobation 8h/; /session-timeout/d' "$work/rich.policy" >"$work/probation.policy"
before=$(date +%s)
radius "a machine in probation" 1 "$work/probation.policy" "0x$carried"
answers "its state" "reply MS-Quarantine-State = 2"
hides "no timeout" Session-Timeout
grace=$(sed -n 's/^reply MS-Quarantine-Grace-Time = //p' "$work/stdout")
check "its end, in seconds since 1970" test "$grace" -ge $((before + 8 * 3600)) -a "$grace" -le $(($(date +%s) + 8 * 3600))
check "which the response has too, as FILETIME" grep -qi "$(printf %010x $((((grace * 10000000) + 116444736000000000) >> 24)) | cut -c 3-8)" <<<"$(joined reply MS-Quarantine-SOH)"

sed 's/state restricted/state not-restricted/; /session-timeout/d; /extended/d' "$work/rich.policy" >"$work/lenient.policy"
radius "a policy that restricts nobody" 1 "$work/lenient.policy" "0x$carried"
answers "full access" "reply MS-Quarantine-State = 0"
hides "and no servers to reach" Remediation

# A response longer than one attribute, with each size of the rest.
url=http://fix.example/
parts_are_right() {
    sed -n 's/^reply MS-Quarantine-SOH = 0x//p' "$work/stdout" | awk '{ print length($0) / 2 }' >"$work/lengths"
    [ -s "$work/lengths" ] && ! awk '$1 > 247 || $1 < 10' "$work/lengths" | grep . &&
        [ "$(joined reply MS-Quarantine-SOH | cut -c 5-8)" = "$(printf %04x $(($(joined reply MS-Quarantine-SOH | wc -c) / 2 - 4)))" ]
}
split=0
for i in $(seq 128 140); do
    printf 'policy 1\nagent 0x00abcd02\nnoncompliant\nstate restricted\nurl %s%s\n' "$url" "$(printf "%${i}s" "" | tr ' ' x)" >"$work/url.policy"
    "$program" --policy "$work/url.policy" --radius "0x$carried" >"$work/stdout" 2>"$work/stderr"
    parts_are_right && split=$((split + 1))
done
check "a response is split into attributes of 10 to 247 bytes" test $split = 13
check "into two if it does not fit into one" test "$(wc -l <"$work/lengths")" = 2

{
    echo "policy 1"
    for i in $(seq 20); do
        echo "agent $i"
        for j in $(seq 16); do echo "fixup-server 10.0.$i.$j 2001:db8::$i:$j"; done
    done
    printf 'noncompliant\nstate restricted\n'
} >"$work/large.policy"
radius "an answer that does not fit into an Access-Accept" 3 "$work/large.policy" "0x$carried"
check "is rejected" test "$(cat "$work/stdout")" = rejected
says "and what to do is said" stderr "name fewer fix-up servers in the policy"
sed -i '/^agent 10$/,/^noncompliant/{/^noncompliant/!d}' "$work/large.policy"
radius "more servers than an attribute holds" 1 "$work/large.policy" "0x$carried"
check "are cut to 61 of IPv4" test "$(joined reply MS-IPv4-Remediation-Servers | wc -c)" = $((2 + 61 * 8))
check "and 15 of IPv6" test "$(joined reply MS-IPv6-Remediation-Servers | wc -c)" = $((2 + 15 * 32))

# --- the statement that FreeRADIUS's decoder gets

decoder_gets() { joined request MS-Quarantine-SOH; }
system=0007005f00000137031101000000060000000100001db10001000000090500047063310006000000000000000000000000000000000000000000000000020001ffffffffffffffff000100080000000001040004000137800700080001378000abcd01
radius "a statement" 0 "$compliant" "0x$plain"
check "comes to the decoder in a carrier TLV" test "$(decoder_gets | cut -c 1-4,9-20)" = 0007000001370001
check "with the machine's name" grep -q 050004706331 <<<"$(decoder_gets)"
check "with each entry's id" grep -q 0002000400abcd01 <<<"$(decoder_gets)"
check "without what the decoder does not use" eval '! grep -q "7700075656e646f72" <<<"$(decoder_gets)"'
packet() { printf '0007%04x000001370001%04x%s' $((${#1} / 2 + 8)) $((${#1} / 2)) "$1"; } # BODY
tampered() { # NAME ENTRY: what the decoder would read as pairs of the system's is not in it
    radius "$1" 0 "$compliant" "$(packet "0002000400013700${system}0002000400013780000e000102$2")"
    check "does not reach the decoder" eval '! grep -q 05ffff <<<"$(decoder_gets)"'
}
tampered "a second entry of the system" 00020004000137000007000800000137"05ffff41"
tampered "an entry with the M bit, and pairs" 8002000400abcd0300070008"0000013705ffff41"
tampered "an entry of the system with the R bit" 40020004000137000007000800000137"05ffff41"
radius "a Health-Class-Status of one byte" 0 "$compliant" "$(packet "0002000400013700${system}0002000400013780000e000102000b000107")"
check "does not reach the decoder" eval '! grep -q 000b0001 <<<"$(decoder_gets)"'
radius "one of four" 0 "$compliant" "$(packet "0002000400013700${system}0002000400013780000e0001020008000101000b000400000007")"
check "does" grep -q 0008000101000b000400000007 <<<"$(decoder_gets)"

# --- the socket

socket=$work/socket server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; _tidy' EXIT
start_server() { # POLICY
    "$program" --policy "$1" --listen "$socket" >"$work/served" 2>&1 &
    server=$!
    within 5 grep -q "serves $socket" "$work/served"
}
end_server() { kill -TERM "$server"; wait "$server"; }
# Sends standard input as it is, and prints what comes until the end.
talk() { timeout 10 python3 -c '
import socket, sys, threading
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
def write():
    try: s.sendall(sys.stdin.buffer.read()); s.shutdown(socket.SHUT_WR)
    except OSError: pass
threading.Thread(target=write, daemon=True).start()
while True:
    try: got = s.recv(65536)
    except OSError: break
    if not got: break
    sys.stdout.buffer.write(got)' "$socket"; }

cp "$restricted" "$work/live.policy"
check "it serves" start_server "$work/live.policy"
check "for its owner and group only" test "$(stat -c %a "$socket")" = 660
{ echo "0x$carried"; values_of "$carried" 50; echo nonsense; echo; echo "$plain"; } | talk >"$work/said"
check "each line has its answer, in order, and an empty line after it" test \
    "$(grep -E '^([a-z-]+|)$' "$work/said" | tr '\n' ,)" = not-compliant,,not-compliant,,rejected,,rejected,,not-compliant,,
check "which is that of --radius" eval '"$program" --policy "$restricted" --radius "$carried" 2>/dev/null | cmp - <(sed "/^\$/,\$d" "$work/said")'
check "each statement that is rejected has one line" test "$(grep -c "a statement of health is rejected" "$work/served")" = 2
for ((i = 2; i < ${#carried}; i += 2)); do echo "${carried:0:i}"; done | talk >"$work/said"
check "each cut statement is rejected" test "$(grep -cx rejected "$work/said")" = $((${#carried} / 2 - 1)) -a "$(sort -u "$work/said" | wc -l)" = 2
printf %140001s "" | tr ' ' 0 | talk >"$work/said"
check "a line that is too long ends its connection" grep -q "a client is disconnected: a line has more than 140000 bytes" "$work/served"
printf '0x%s' "$carried" | talk >"$work/said"
check "a line without end has no answer" test ! -s "$work/said"
yes "0x$carried" 2>/dev/null | head -n 20000 | timeout 10 python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
try: s.sendall(sys.stdin.buffer.read())
except OSError: sys.exit(0)
sys.exit(1)' "$socket"
check "a client that does not read is disconnected" test $? = 0
python3 -c '
import socket, sys, time
c = []
for i in range(70):
    s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); c.append(s)
    s.sendall(b"00")
c[64].settimeout(5)
try: assert c[64].recv(1) == b""
except ConnectionResetError: pass
c[3].sendall(b"\n"); c[3].settimeout(5)
assert c[3].recv(100) == b"rejected\n\n"
' "$socket"
check "64 connections at most, and all are answered" test $? = 0
check "one that is rejected has a line" grep -q "a client is rejected: there are 64 connections already" "$work/served"

exits "a second server of the socket" 3 --policy "$compliant" --listen "$socket"
says "says why not" stderr "cannot listen on $socket: Address already in use"
echo "$carried" | talk >"$work/said"
check "the first still serves" grep -qx not-compliant "$work/said"

cp "$compliant" "$work/live.policy"
kill -HUP "$server"
check "SIGHUP reads the policy again" within 5 grep -q "the policy is $work/live.policy as it is now" "$work/served"
echo "$carried" | talk >"$work/said"
check "which counts now" grep -qx compliant "$work/said"
echo nonsense >"$work/live.policy"
kill -HUP "$server"
check "one that cannot be read does not count" within 5 grep -q "the policy stays as it was" "$work/served"
check "the line says which line and what to do" grep -q "live.policy:1: a line starts with a keyword" "$work/served"
echo "$carried" | talk >"$work/said"
check "the old one does" grep -qx compliant "$work/said"

check "SIGTERM ends it in order" end_server
server=""
check "and removes the socket" test ! -e "$socket"
start_server "$compliant"
kill -KILL "$server"
wait "$server" 2>/dev/null
check "the socket of a killed server is there" test -S "$socket"
check "a new server takes it" start_server "$compliant"
echo "$carried" | talk >"$work/said"
check "and serves" grep -qx compliant "$work/said"
end_server
server=""
echo mine >"$socket"
exits "a file is not taken for a socket" 3 --policy "$compliant" --listen "$socket"
check "and stays" grep -q mine "$socket"
exits "a socket's path has a limit" 3 --policy "$compliant" --listen "$work/$(printf %200s "" | tr ' ' x)"
exits "a folder that is not there" 3 --policy "$compliant" --listen "$work/none/socket"
