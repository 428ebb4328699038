#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# nap-validate, the health policy server for hosts: files, RADIUS attributes and packets, exit codes.
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
exits "two ways at once" 2 --policy "$compliant" --radius 00 --request "$work/none"

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

# --- RADIUS packets

server="" port=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; _tidy' EXIT
(umask 027; echo "a secret" >"$work/secret")
serve_on() { # ADDRESS POLICY
    "$program" --policy "$2" --listen "$1" --secret "$work/secret" >"$work/served" 2>&1 &
    server=$!
    within 5 grep -qF "serves ${1%:*}:" "$work/served" &&
        port=$(sed -n 's/.*serves .*:\([0-9]*\) by .*/\1/p' "$work/served")
}
start_server() { serve_on 127.0.0.1:0 "$1"; } # POLICY
end_server() { kill -TERM "$server"; wait "$server"; }
# One client for many packets: a process for each would take most of the test's time.
begin_asking() { coproc client { exec "$root/tests/e2e/radius-packet.py" "$port" "a secret" 2>&1; }; }
end_asking() { exec {client[1]}>&-; wait "$client_PID"; }
talk() { timeout 100 "$root/tests/e2e/radius-packet.py" "$port" "a secret" >"$work/said" 2>&1; cat "$work/said"; }
soh_of() { echo "26=00000137$(printf '37%02x' $((${#1} / 2 + 2)))$1"; } # HEX: one MS-Quarantine-SOH
said() { # NAME PACKET PATTERN
    local answer pattern="^$3\$"
    echo "$2" >&"${client[1]}" && read -r -t 60 answer <&"${client[0]}"
    echo "$answer" >"$work/said"
    [[ $answer =~ $pattern ]] && ok "$1" || not_ok "$1" "the answer is '$answer', not '$3'"
}
logged() { within 5 grep -qF -- "$2" "$work/served" && ok "$1" || { cat "$work/served"; not_ok "$1" "'$2' is not in the log"; }; } # NAME TEXT
joined_of() { grep -o ' 26=0000013737[^ ]*' "$work/said" | sed 's/.*0000013737..//' | tr -d '\n'; }

cp "$restricted" "$work/live.policy"
check "it serves" start_server "$work/live.policy"
begin_asking
said "a Status-Server is answered" 12 2
said "an Access-Request" "1 1=6e6170 $(soh_of "$carried")" "2 26=000001372d0600000001 .*"
"$program" --policy "$restricted" --radius "0x$carried" >"$work/stdout" 2>/dev/null
check "gets the response that --radius prints" test "$(joined_of)" = "$(joined reply MS-Quarantine-SOH)"
check "and the statement for the decoder in Class" test "$(grep -o ' 25=[^ ]*' "$work/said" | sed 's/.*=//' | tr -d '\n')" = "$(joined request MS-Quarantine-SOH)"
said "several attributes are joined" "1 $(soh_of "${carried:0:100}") $(soh_of "${carried:100}")" "2 26=000001372d0600000001 .*"
check "to the same response" test "$(joined_of)" = "$(joined reply MS-Quarantine-SOH)"
said "also if they are in one attribute of the vendor" "1 26=000001373734${carried:0:100}37$(printf %02x $((${#carried} / 2 - 48)))${carried:100}" "2 26=000001372d0600000001 .*"
check "to the same" test "$(joined_of)" = "$(joined reply MS-Quarantine-SOH)"
said "other attributes are left alone" "1 26=0000013719040000 26=000000091904aaaa $(soh_of "$carried")" "2 26=000001372d06.*"
said "Proxy-State comes back, in order" "1 33=aa33 $(soh_of "$carried") 33=bb44 33=" "2 33=aa33 33=bb44 33= 26=000001372d06.*"
missing="3 18=$(printf 'the statement of health is missing or malformed' | hex_of /dev/stdin)"
said "no statement is rejected" 1 "$missing"
said "a malformed one" "1 33=01 $(soh_of "${carried:0:200}")" "3 33=01 ${missing#3 }"
said "attributes in the wrong order" "1 $(soh_of "${carried:200}") $(soh_of "${carried:0:200}")" "$missing"
for ((i = 2; i < ${#carried}; i += 2)); do echo "1 $(soh_of "${carried:0:i}")"; done | talk >/dev/null
check "each cut statement is rejected" test "$(sort "$work/said" | uniq -c | sed 's/^ *//')" = "$((${#carried} / 2 - 1)) $missing"
states=$(for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do printf ' 33=%0506d' 0; done)
said "what would be too large is left out of Class" "1 $(soh_of "$carried")$states" "2( 33=0+){15} 26=[0-9a-f]* .*"
check "which the client sees" eval '! grep -q " 25=" "$work/said"'

# Nobody may learn anything without the secret.
said "a packet without Message-Authenticator has no answer" "1 unsigned $(soh_of "$carried")" none
logged "and a line" "is dropped: it has no Message-Authenticator"
{
    echo "1 secret=another $(soh_of "$carried")"
    echo "12 secret=another"
    echo "4 $(soh_of "$carried")"
    echo "2 $(soh_of "$carried")"
    echo "1 80=00 $(soh_of "$carried")"
    echo "1 80=00000000000000000000000000000000 $(soh_of "$carried")"
    echo "1 length=19 $(soh_of "$carried")"
    echo "1 length=4097 $(soh_of "$carried")"
    echo "1 end=1 $(soh_of "$carried")"
    echo "1 26=00000137370a1122 $(soh_of "$carried")"
    echo "1 26=0000013737 $(soh_of "$carried")"
    header=$(printf %032d 0)
    printf 'raw %s\n' 01 0101 01010014 "01010014${header:2}" "01010015${header}1a" "01010016${header}1a00" "01010016${header}1a03"
} >"$work/bad"
talk <"$work/bad" >/dev/null
check "nor have $(wc -l <"$work/bad") others that are wrong" test "$(sort "$work/said" | uniq -c | sed 's/^ *//')" = "$(wc -l <"$work/bad") none"
check "with a line at most all ten seconds" test "$(grep -c "is dropped" "$work/served")" -le 2
said "a correct one is answered" "1 $(soh_of "$carried")" "2 26=000001372d0600000001 .*"

# What random bytes and changed packets do, is what the sanitizers see.
python3 - "$port" "$carried" <<'PYTHON'
import hashlib, hmac, os, random, socket, sys
random.seed(7)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(("127.0.0.1", int(sys.argv[1])))
statement = bytes.fromhex(sys.argv[2])
for i in range(3000):
    body = bytearray(bytes([26, len(statement) + 8, 0, 0, 1, 55, 55, len(statement) + 2]) + statement + bytes([33, 4, 1, 2]))
    for _ in range(random.randrange(4)):
        body[random.randrange(len(body))] = random.randrange(256)
    head = bytes([1, i % 256]) + (20 + len(body) + 18).to_bytes(2, "big") + os.urandom(16)
    signed = head + bytes([80, 18]) + bytes(16) + bytes(body)
    mac = hmac.new(b"a secret", signed, hashlib.md5).digest()
    s.send(signed[:22] + mac + signed[38:] if i % 10 else os.urandom(random.randrange(100)))
PYTHON
said "after 3,000 changed packets it serves" "1 $(soh_of "$carried")" "2 26=000001372d0600000001 .*"

kill -STOP "$server"
python3 - "$port" <<'PYTHON'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(("127.0.0.1", int(sys.argv[1])))
for i in range(60000):
    s.send(b"x")
PYTHON
kill -CONT "$server"
said "after more packets than the socket holds it serves" "1 $(soh_of "$carried")" "2 26=000001372d0600000001 .*"
logged "and says that some are lost" "packets came faster than they could be read and are lost; raise net.core.rmem_max"

exits "a second server of the port" 3 --policy "$compliant" --listen "127.0.0.1:$port" --secret "$work/secret"
says "says why not" stderr "cannot listen on 127.0.0.1:$port: Address already in use"

cp "$compliant" "$work/live.policy"
kill -HUP "$server"
logged "SIGHUP reads the policy again" "the policy is $work/live.policy as it is now"
said "which counts now" "1 $(soh_of "$carried")" "2 26=000001372d0600000000 .*"
echo nonsense >"$work/live.policy"
kill -HUP "$server"
logged "one that cannot be read does not count" "the policy stays as it was"
logged "the line says which line and what to do" "live.policy:1: a line starts with a keyword"
said "the old one does" "1 $(soh_of "$carried")" "2 26=000001372d0600000000 .*"
check "the client had no failure" end_asking
check "SIGTERM ends it in order" end_server
check "IPv6 is served too" eval 'serve_on "[::1]:0" "$compliant" && end_server'
server=""

check "the sanitizers found nothing" eval '! grep -E "runtime error|Sanitizer" "$work/served"'
for address in 127.0.0.1 :1 127.0.0.1: localhost:1 127.0.0.1:x ""; do
    exits "'$address' is no address" 3 --policy "$compliant" --listen "$address" --secret "$work/secret"
    says "and what to do is said" stderr "give ADDRESS:PORT"
done
exits "a port without a secret" 2 --policy "$compliant" --listen 127.0.0.1:0
exits "a secret without a port" 2 --policy "$compliant" --secret "$work/secret"
secret() { exits "$1" 3 --policy "$compliant" --listen 127.0.0.1:0 --secret "$work/$2"; says "says so" stderr "$3"; } # NAME FILE TEXT
secret "a missing secret" none "cannot open $work/none: No such file or directory"
(umask 027; : >"$work/empty"; printf 'a\nb\n' >"$work/lines"; printf '%257d\n' 0 >"$work/long"; printf 'a\0b\n' >"$work/nul")
for file in empty lines nul long; do secret "a secret that is $file" $file "$work/$file"; done
echo public >"$work/public"
chmod 644 "$work/public"
secret "a secret that everybody may read" public "everybody may read or write $work/public, which has a secret: chmod o-rw it"
