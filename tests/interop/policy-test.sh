#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# FreeRADIUS judges by a policy: examples/freeradius/nap-policy and nap-validate, as they are but for
# ports and paths. Statements in several attributes, the attributes of [MS-RNAP] in the answer, input
# that ends FreeRADIUS's own decoder, load, a nap-validate that is gone, two of them.
#
# FreeRADIUS is Debian's, unpacked into build/freeradius by tools/deps.sh test.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
if [ ! -x "$root/build/freeradius/run" ]; then
    skip "freeradius with a policy" "no FreeRADIUS in build/freeradius; run tools/deps.sh test"
    exit
fi
work_dir
. "$root/tests/interop/policy-radius.sh"
other_pid="" busy=""
trap 'end_radius; [ -z "$other_pid$busy" ] || kill $other_pid $busy 2>/dev/null; _tidy' EXIT
access_request=$root/examples/freeradius/access-request
samples=$root/tests/fuzz/corpus/soh

# Accounting beside it, which nap-policy leaves alone. FreeRADIUS's decoder is on, and the answer shows
# what it read.
with_decoder() {
    sed -e '/Remove the comment signs:$/,/^$/{/comment signs:$/!s/^        # /        /}' \
        -e '/# Here your rules/a\            update reply {\n                \&Reply-Message := "%{SoH-MS-Machine-Name}|%{SoH-MS-Machine-OS-version}.%{SoH-MS-Machine-OS-release}.%{SoH-MS-Machine-OS-build}|%{SoH-MS-Machine-Role}|%{SoH-MS-Windows-Health-Status}"\n            }'
}
with_more() {
    sed "s/^    authorize {/    listen {\n        type = acct\n        ipaddr = 127.0.0.1\n        port = $((port + 1))\n    }\n    accounting {\n        ok\n    }\n&/" | with_decoder
}

# Sends standard input, attributes; the answer goes to $work/answer.
send() { radclient -x -r 1 -t 10 "127.0.0.1:$port" auth replace-this-secret >"$work/answer" 2>&1; cat "$work/answer"; }
carry() { "$access_request" --split "$1" >"$work/request" && send <"$work/request"; }
hex_of() { od -An -v -tx1 "$1" | tr -d ' \n'; }
file_from() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")" >"$2"; } # HEX FILE
attributes() { # HEX...: of each value one attribute
    local operator="="
    echo 'User-Name = "nap"'
    for _ in "$@"; do
        echo "MS-Quarantine-SOH $operator 0x$1"
        operator="+="
        shift
    done
    echo 'Message-Authenticator = 0x00'
}
answer_is() { grep -q "^Received Access-$1 " "$work/answer"; }
has() { grep -qxF "	$1" "$work/answer" || { cat "$work/answer"; return 1; }; }
lacks() { ! sed -n '/^Received/,$p' "$work/answer" | grep -F -e "$1"; }
rejects() { send; answer_is Reject && has 'Reply-Message = "the statement of health is missing or malformed"' && lacks MS-; }
joined() { sed -n '/^Received/,$s/^	MS-Quarantine-SOH = 0x//p' "$work/answer" | tr -d '\n'; }
parts() { sed -n '/^Received/,$p' "$work/answer" | grep -c "MS-Quarantine-SOH"; }
logged() { grep -c "a statement of health is rejected" "$work/validated"; }
lives() { kill -0 "$radius_pid"; }
not() { ! "$@"; }

# --- the answer's attributes

cp "$root/examples/policies/gentle.policy" "$work/live.policy"
check "nap-validate serves a policy" start_validate "$work/live.policy"
check "FreeRADIUS runs with examples/freeradius/nap-policy" start_radius -f -l stdout
check "freeradius -C finds no fault in it" "$FREERADIUS/run" freeradius -C -X -d "$work" -D "$dictionary"
use() { # POLICY: from now on
    local before
    before=$(grep -c "as it is now" "$work/validated")
    cp "$1" "$work/live.policy" && kill -HUP "$validate_pid" && within 5 eval '[ "$(grep -c "as it is now" "$work/validated")" -gt '"$before"' ]'
}

check "a compliant machine is accepted" eval 'carry "$samples/request_plain"; answer_is Accept'
check "with full access" has "MS-Quarantine-State = Full-Access"
check "and nothing that restricts" eval 'lacks Grace-Time && lacks Session-Timeout && lacks Remediation && lacks Extended'
check "FreeRADIUS's decoder reads what was sent" has 'Reply-Message = "pc1|6.1.7601|client|"'
joined | cut -c 25- >"$work/hex"
file_from "$(cat "$work/hex")" "$work/response"
check "the response, in a carrier TLV, is that of nap-validate" eval '"$nap_validate" --policy "$work/live.policy" --request "$samples/request_plain" 2>/dev/null | cmp - "$work/response"'
whole=$(joined)

carried=$(hex_of "$samples/carried")
check "a statement in two attributes is joined" eval 'attributes "${carried:0:100}" "${carried:100}" | send; answer_is Accept'
check "to the same response" test "$(joined)" = "$whole"
mapfile -t bytes < <(fold -w 10 <<<"$carried")
check "also one in ${#bytes[@]} attributes" eval 'attributes "${bytes[@]}" | send; answer_is Accept'
check "to the same response" test "$(joined)" = "$whole"
check "one without carrier TLV is answered without" eval 'attributes "$(hex_of "$samples/request_plain")" | send; answer_is Accept && [ "$(joined)" = "$(cat "$work/hex")" ]'

sed 's/>=4.2/>=4.3/' "$root/examples/policies/antivirus.policy" >"$work/strict.policy"
check "the policy changes to a strict one" use "$work/strict.policy"
check "a machine that does not comply is accepted" eval 'carry "$samples/request_plain"; answer_is Accept'
check "in quarantine" has "MS-Quarantine-State = Quarantine"
check "with the IPv4 servers it may reach" has "MS-IPv4-Remediation-Servers = 0x00c000020a"
check "and those of IPv6" has "MS-IPv6-Remediation-Servers = 0x0020010db8000000000000000000000010"
cat >"$work/rich.policy" <<POLICY
policy 1
agent 0x00abcd01
    software-version 9
noncompliant
    state restricted
    session-timeout 15m
    extended-state infected
    url "http://fix.example/$(printf '%1000s' "" | tr ' ' x)"
POLICY
check "the policy changes to one with all" use "$work/rich.policy"
check "which restricts too" eval 'carry "$samples/request_plain"; answer_is Accept && has "MS-Quarantine-State = Quarantine"'
check "with a time-out" has "MS-Quarantine-Session-Timeout = 900"
check "and an extended state" has "MS-Extended-Quarantine-State = Infected"
check "its long response comes in several attributes" test "$(parts)" -ge 5
file_from "$(joined | cut -c 25-)" "$work/response"
check "in order" eval '"$nap_validate" --policy "$work/live.policy" --request "$samples/request_plain" 2>/dev/null | cmp - "$work/response"'
sed 's/codes .*/&\n    software-version 9/' "$root/examples/demo/probation.policy" >"$work/probation.policy"
check "the policy changes to a probation" use "$work/probation.policy"
check "a machine is on probation" eval 'carry "$samples/request_plain"; answer_is Accept && has "MS-Quarantine-State = Probation"'
grace=$(sed -n 's/^	MS-Quarantine-Grace-Time = //p' "$work/answer")
check "for eight hours from now" test "$((grace - $(date +%s) - 8 * 3600))" -ge -5 -a "$((grace - $(date +%s) - 8 * 3600))" -le 0

# As many bytes as a RADIUS packet holds: 14 attributes of 247.
body=$(hex_of "$samples/request_plain" | cut -c 25-)0002000400abcd99000a0c80$(printf %06400d 0)
file_from "$(printf '0007%04x000001370001%04x%s' $((${#body} / 2 + 8)) $((${#body} / 2)) "$body")" "$work/long"
check "a statement of $(stat -c %s "$work/long") bytes is judged" eval 'carry "$work/long"; answer_is Accept'
check "access-request rejects one that no packet holds" eval 'head -c 3800 /dev/zero >"$work/large"; not "$access_request" --split "$work/large"'
check "and without --split one that an attribute does not hold" not "$access_request" "$work/long"

# --- input that ends FreeRADIUS's own decoder

check "the policy changes to one that restricts nobody" use "$root/examples/demo/healthy.policy"
before=$(logged)
for ((i = 0; i < ${#carried} - 2; i += 2)); do attributes "${carried:0:i+2}"; echo; done >"$work/cuts"
sed -i '/SOH = 0x'"$carried"'$/d' "$work/cuts"
# radclient takes several requests from a file, with an empty line after each.
count=$(grep -c SOH "$work/cuts")
radclient -x -r 1 -t 10 -p 20 -f "$work/cuts" "127.0.0.1:$port" auth replace-this-secret >"$work/answer" 2>/dev/null
check "each of $count cut statements is rejected" test "$(grep -c "^Received Access-Reject" "$work/answer")" = "$count"
check "none is accepted" not answer_is Accept
check "each has one line" test "$(($(logged) - before))" = "$count"
check "FreeRADIUS lives" lives
check "no statement is no statement" eval 'printf "User-Name = \"nap\"\nMessage-Authenticator = 0x00\n" | rejects'
check "a client that wants EAP is rejected" eval 'printf "User-Name = \"nap\"\nEAP-Message = 0x02010005016e\nMessage-Authenticator = 0x00\n" | send; answer_is Reject && lacks MS-'
check "Proxy-State comes back" eval '{ attributes "$carried"; echo "Proxy-State = 0x1234"; } | send; answer_is Accept && has "Proxy-State = 0x1234"'
check "attributes in the wrong order are rejected" eval 'attributes "${carried:100}" "${carried:0:100}" | rejects'
check "a response is rejected" eval 'attributes "$(hex_of "$samples/response_plain")" | rejects'

# What the codec accepts, and that decoder reads otherwise: behind an id that it does not see as one,
# pairs of the system with wrong lengths.
system=0002000400013700$(hex_of "$samples/request_plain" | cut -c 41-238)
packet() { printf '0007%04x000001370001%04x%s' $((${#1} / 2 + 8)) $((${#1} / 2)) "$1"; } # BODY
for entry in 8002000400abcd02000700080000013705ffff41 00020004000137000007000800000137"05ffff41" 4002000400013700000700080000013702000000; do
    check "an entry with ${entry:0:8}, behind which that decoder would read on, does not end it" \
        eval 'attributes "$(packet "$system$entry")" | send; answer_is Accept && lives'
done
# Names of each length: FreeRADIUS 3.2.1 writes a NUL behind the name's end.
for i in $(seq 1 40); do
    name=$(printf "%0*d" $((i * 2)) 0 | sed 's/00/61/g')00
    pairs=0311$(printf '05%04x%s' $((i + 1)) "$name")06$(printf %048d 1)
    attributes "$(packet "00020004000137000007$(printf %04x $((${#pairs} / 2 + 4)))00000137$pairs")"
    echo
done >"$work/names"
radclient -x -r 1 -t 10 -p 20 -c 5 -f "$work/names" "127.0.0.1:$port" auth replace-this-secret >"$work/answer" 2>/dev/null
names=$(grep -c "^Received Access-Accept" "$work/answer")
check "machines with names of 1 to 40 bytes are accepted, five times each" test "$names" = 200
check "FreeRADIUS lives" lives

# --- accounting

before=$(wc -l <"$work/validated")
printf 'User-Name = "nap"\nAcct-Status-Type = Start\nAcct-Session-Id = "1"\nMS-Quarantine-SOH = 0x00\nMS-Quarantine-Session-Timeout = 900\n' |
    radclient -x -r 1 -t 10 "127.0.0.1:$((port + 1))" acct replace-this-secret >"$work/answer" 2>&1
check "an accounting request is answered" grep -q "^Received Accounting-Response" "$work/answer"
check "without attributes of ours" eval '! sed -n "/^Received/,\$p" "$work/answer" | grep MS-'
check "and nap-validate was not asked" test "$(wc -l <"$work/validated")" = "$before"

# --- nap-validate is gone, hangs, comes back; each answer has its own request's verdict

check "the policy changes to a strict one" use "$root/examples/policies/antivirus.policy"
load() { "$root/tests/bench/radius-load.py" "$port" "$1" replace-this-secret "$samples/request_plain"; } # REQUESTS
loop() { sed 's/4\.2/4.1/' "$samples/request_plain" >"$work/ssoh"; carry "$1"; answer_is Accept && has "MS-Quarantine-State = $2"; } # SSOH STATE
check "a machine that is not healthy is restricted" loop "$work/ssoh" Quarantine
check "remediated, it is free" loop "$samples/request_plain" Full-Access
check "and unhealthy, restricted again" loop "$work/ssoh" Quarantine
for _ in 1 2; do
    while :; do :; done &
    busy+=" $!"
done
check "of 10,000 requests beside two busy programs none is lost, and each gets its own answer" load 10000
kill $busy
wait $busy 2>/dev/null
busy=""

restricts() { answer_is Accept && has "MS-Quarantine-State = Quarantine" && has 'Reply-Message = "the health policy server does not answer"' && lacks SOH; }
quickly() { local start=$SECONDS; "$@"; [ $((SECONDS - start)) -le 4 ]; }
two_seconds() { local start=${EPOCHREALTIME%.*}${EPOCHREALTIME#*.}; quickly "$@" && [ $((${EPOCHREALTIME%.*}${EPOCHREALTIME#*.} - start)) -ge 1500000 ]; }
kill -STOP "$validate_pid"
check "a nap-validate that hangs is waited for two seconds" two_seconds carry "$samples/request_plain"
check "and the machine restricted" restricts
kill -CONT "$validate_pid"
check "when it goes on, it judges" eval 'carry "$samples/request_plain"; answer_is Accept && has "MS-Quarantine-State = Full-Access"'
check "nap-validate is restarted between two requests" eval 'end_validate; start_validate "$work/live.policy"'
check "which no request notices" eval 'carry "$samples/request_plain"; answer_is Accept && has "MS-Quarantine-State = Full-Access"'
check "it is killed" end_validate KILL
for i in $(seq 300); do cat "$work/request"; echo; done >"$work/requests"
radclient -x -r 1 -t 10 -p 100 -f "$work/requests" "127.0.0.1:$port" auth replace-this-secret >"$work/answer" 2>/dev/null
states=$(sed -n 's/^	MS-Quarantine-State = //p' "$work/answer" | sort | uniq -c | sed 's/^ *//')
check "of 300 machines each is restricted" test "$states" = "300 Quarantine"
check "FreeRADIUS takes it for dead" within 20 grep -q "as dead" "$work/log"
check "and restricts without asking it" eval 'quickly carry "$samples/request_plain"; restricts'
in_class() { { attributes "$carried"; echo "Class = 0x${carried:0:60}"; } | send; restricts; }
check "nor does its decoder see what a client puts into Class then" in_class
check "FreeRADIUS lives" lives
end_radius

# Two of them: what administration.md shows for the pool.
check "nap-validate serves" start_validate "$root/examples/policies/antivirus.policy"
with_more() {
    sed -e '/^home_server nap-judge-1 {/,/^}/{H;/^}/{p;x;s/nap-judge-1/nap-judge-2/;s/port = [0-9]*/port = '"$other_port"'/}}' -e 's/# \(home_server = nap-judge-2\)/\1/'
}
"$nap_validate" --policy "$root/examples/policies/antivirus.policy" --listen 127.0.0.1:0 --secret "$work/secret" >"$work/other" 2>&1 </dev/null &
other_pid=$!
check "so does another one" within 5 grep -q "nap-validate: serves" "$work/other"
other_port=$(sed -n 's/.*serves 127.0.0.1:\([0-9]*\) by .*/\1/p' "$work/other")
check "FreeRADIUS runs with both in a pool" start_radius -f -l stdout
check "they judge" loop "$samples/request_plain" Full-Access
check "the first is killed" end_validate KILL
carry "$samples/request_plain" >/dev/null
check "at most one machine waits for it and is restricted" restricts
check "the next ones are judged" load 500
check "by the other" eval '[ "$(grep -c "not compliant" "$work/other")" -ge 160 ]'
kill "$other_pid"
wait "$other_pid" 2>/dev/null
other_pid=""
end_radius

check "tests/bench/radius.sh measures" "$root/tests/bench/radius.sh" 100
