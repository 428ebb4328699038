#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The service napwsha with a scripted host-health: each state of each class, and everything bad that such
# a program can do. What arrives in an enforcement client's SSoH is read by health_oracle.py, from the
# specification's tables. Then `napctl health`, the response, and when the host is looked at.
# Takes up to 240 s.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
prefix_of_its_own
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all} LC_ALL=C.UTF-8
oracle=$root/tests/e2e/health_oracle.py
client=$root/build/win64/examples/enforcement-client/enforcement-client.exe
id=$((0x00abcd61))
path_of() { echo "Z:${1//\//\\}"; }
napctl() { run_in_wine 60 napctl.exe "$@" </dev/null | tr -d '\r'; }

# Others may write to the folders above a checkout, but not to this one.
fake=$(mktemp -d -p /tmp wine-nap-health.XXXXXX) && chmod 755 "$fake" || exit 1
jobs_ended() { local job; for job in $keeper $server $client_job; do kill "$job"; done 2>/dev/null; rm -rf "$fake"; _tidy; }
trap jobs_ended EXIT

# A running program keeps the prefix up, and with it the services.
timeout 290 "$WINE" napctl.exe watch </dev/null >/dev/null 2>&1 &
keeper=$!

# ---- not enabled: nothing is reported

check "napctl health: it is not enabled" grep -q '^Health agent 79744: not enabled' <(napctl health)
run_in_wine 60 net start napwsha </dev/null >/dev/null 2>&1
log=$(find "$WINEPREFIX/drive_c/windows" -maxdepth 2 -ipath '*/logs/napwsha.log')
check "the service does not start if it is not enabled" within 30 grep -q 'error napwsha.* start: .*not registered' "$log"

# ---- the installed host-health

check "napctl health enable" grep -q '^The health agent 79744 is enabled' <(napctl health enable)
has_looked() { napctl health >"$work/health" && grep -q '^The host at 20.*Z:$' "$work/health"; }
check "the installed host-health was run" within 30 has_looked
says_how() { grep -q '^  firewall: ' "$work/health" && grep -q '^  security updates: .*(.*)$' "$work/health" || { cat "$work/health"; false; }; }
check "napctl health says what it found, and how" says_how

# ---- a scripted one

cat >"$fake/host-health" <<END
#!/bin/sh
echo look >>"$fake/looks"
. "$fake/behaviour"
END
chmod 755 "$fake/host-health"
does() { printf '%s\n' "$1" >"$fake/new" && mv "$fake/new" "$fake/behaviour"; } # SCRIPT
finds() { does "cat '$fake/states/${1// /-}.lines'"; } # STATES
mkdir "$fake/states"
cat >"$work/states" <<'END'
on on on installs none
off old off checks critical
none none none off important
unknown unknown unknown unknown unknown
both noage old downloads moderate
half offold two never-configured low
lie off noage checks unspecified
hidden two offold installs uncounted
absent absent absent absent absent
bare on none off restart
on old on downloads never
odd on on maybe contradiction
END
printf '%s\n' 'off on on off none' 'both old none downloads critical' 'off off off off none' | cat "$work/states" - |
    /usr/bin/python3 "$oracle" states "$fake/states"
good="on on on installs none"
finds "$good"
cat >"$work/settings.reg" <<END
REGEDIT4

[HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\napwsha\\Parameters]
"HostHealth"="$fake/host-health"
"LookInterval"=dword:$(printf %08x 400)
"LookTimeout"=dword:$(printf %08x 1000)
"RenewalInterval"=dword:$(printf %08x 1500)
"AnswerTimeout"=dword:$(printf %08x 1000)
END
run_in_wine 60 reg import "$(path_of "$work/settings.reg")" </dev/null >/dev/null 2>&1
run_in_wine 60 net stop napwsha </dev/null >/dev/null 2>&1
run_in_wine 60 net start napwsha </dev/null >/dev/null 2>&1

/usr/bin/python3 "$oracle" serve "$work" "$root/build/native/programs/nap-validate/nap-validate" \
    --policy "$root/examples/policies/windows-health.policy" </dev/null &
server=$!
run_in_wine 60 "$client" register $id Tester </dev/null >/dev/null
napctl enforcement enable $id >/dev/null
start_client() {
    timeout 290 "$WINE" "$client" connect $id "$(path_of "$work/request")" "$(path_of "$work/response")" \
        <"$fake/hold" >"$work/client" 2>&1 &
    client_job=$!
    exec 9>"$fake/hold"
}
mkfifo "$fake/hold"
start_client

reports() { [ -f "$work/report" ] && [ "$(<"$work/report")" = "$1" ]; }
arrives() { within 20 reports "$1" || { echo "expected $1"; cat "$work/report"; return 1; }; } # REPORT
state() { finds "$1" && arrives "$(<"$fake/states/${1// /-}.expected")"; } # STATES
check "a healthy host" state "$good"
flag=$(<"$work/flag")
while read -r states; do
    check "the host is: $states" state "$states"
done < <(tail -n +2 "$work/states" && echo "$good")
check "each statement has the next number" test "$(<"$work/flag")" -gt $((flag + 10))

# ---- what the server says

off() { state "off on on off none" && within 10 judged "$1"; } # VERDICT
judged() { grep -q "napwsha.* response: $1" "$log"; }
check "ProcessSoHResponse: a class is at fault" off 'firewall: off, and not Microsoft.s (0xc0ff0047); automatic updates: off (0xc0ff0001); it asks for a fix-up'
fixup() { napctl show state --json >"$work/state" && /usr/bin/python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
[a] = [a for a in d["healthAgents"] if a["id"] == 79744]
r = a["remediation"]
assert (r["state"], [c["code"] for c in r["resultCodes"]]) == ("could not update", ["0xC0FF0047", "0xC0FF0001"]), r
assert (r["percentage"], r["messageId"]) == (None, 2), r' "$work/state" || { cat "$work/state"; false; }; }
check "GetFixupInfo: state, results and message" fixup
check "ProcessSoHResponse: all is compliant" eval 'state "$good" && within 10 judged "the server found all compliant"'

# ---- napctl health

shows() { within 10 shown "$@" || { cat "$work/health"; false; }; } # LINE...
shown() { local line; napctl health >"$work/health"; for line; do grep -qxF -- "$line" "$work/health" || return; done; }
shows_why() { napctl health >"$work/health" && grep -q ': unknown, because there is no program ' "$work/health"; }
finds "both old none downloads critical"
check "napctl health" shows "Health agent 79744: enabled, reports to the NAP agent" "  firewall: on" "    ufw: off (a test)" \
    "    nftables: on (a test)" "    ClamAV: on, out of date (a test)" "  antispyware: none" \
    "    reported as E_MSSHAV_PRODUCT_NOT_INSTALLED (0xc0ff0002)" "  automatic updates: downloads, apt" \
    "  security updates: missing (a test)" "    missing, critical: 1" "    last look for updates: 1 minutes before" \
    "    reported as S_MSSHA_MISSING_UPDATES (0x00ff0006)"
napctl health --json >"$work/json"
check "napctl health --json matches its schema" /usr/bin/python3 "$root/tests/e2e/schemas.py" strict health "$work/json"

# ---- bad input: every class is unknown, and the log has one line

unknown="c0ff0003 | c0ff0003 | c0ff0003 | c0ff0003 | c0ff000f"
faults() { grep -c 'error napwsha.* host-health: ' "$log"; }
one_line() { [ "$(faults)" = $((before + 1)) ] && grep 'error napwsha.* host-health: ' "$log" | tail -n 1 | grep -qF -- "$1"; }
bad() { # TEXT COMMAND...: after it the log says TEXT once, and nothing is known
    before=$(faults)
    "${@:2}"
    within 20 one_line "$1" && arrives "$unknown" && sleep 0.4 && one_line "$1" || { tail -n 5 "$log"; false; }
}
recovers() { finds "$good" && chmod 755 "$fake" "$fake/host-health" && arrives "$(<"$fake/states/${good// /-}.expected")"; }
check "it hangs" bad "hung and was ended after 1000 ms" does "sleep 60"
check "then it is well again" recovers
check "it prints a gigabyte" bad "printed more than 65536 bytes" does "yes firewall=on | head -c 1073741824"
check "it prints garbage" bad "line 1: a line is KEY=VALUE" does "echo no idea"
check "it prints bytes" bad "line 2: a line is printable ASCII" does "printf 'firewall=on\n\033[2J=1\n'"
check "it prints a NUL" bad "line 1: a line is printable ASCII" does "printf 'firewall=on\000\n'"
check "it prints half a line" bad "line 2: a line ends with a newline" does "printf 'firewall=none\nantivirus=no'"
check "it says something twice" bad "line 2: a key comes once" does "printf 'firewall=on\nfirewall=off\n'"
check "it leaves a product out" bad "numbered from 1 without gaps" does "printf 'firewall.2.name=x\n'"
check "it is about something else" bad "line 0: no line is about a health class" does "echo weather=fine"
check "it pretends to be the record" bad "the keys look. are the record's" does "printf 'look.time=1\nfirewall=on\n'"
check "it prints nothing" bad "printed nothing" does ":"
check "it fails" bad "ended with exit status 3" does "cat '$fake/states/${good// /-}.lines'; exit 3"
check "others may write to it" bad "others may change it" chmod 777 "$fake/host-health"
check "it is not executable" bad "or it is not executable" chmod 644 "$fake/host-health"
check "then it is well again, too" recovers
check "others may write to its folder" bad "others may change it" chmod 777 "$fake"
check "it is missing" bad "there is no program $fake/host-health" eval 'chmod 755 "$fake" && mv "$fake/host-health" "$fake/aside"'
check "napctl health says why nothing is known" within 10 shows_why
mv "$fake/aside" "$fake/host-health"
check "and well again" recovers

# ---- looks: while a client is bound, and not without

looks() { wc -l <"$fake/looks"; }
goes_on() { local from; from=$(looks); sleep 2.8; [ "$(looks)" -gt $((from + 3)) ]; }
check "the host is looked at while a client is bound, renewals later" goes_on
ends() { grep -c 'napwsha.* looks: no enforcement client asks' "$log"; }
ended=$(ends)
has_ended() { [ "$(ends)" -gt "$ended" ]; }
exec 9>&-
wait "$client_job"
check "no more some time after it has gone" within 10 has_ended
rests() { local from; from=$(looks); sleep 1.5; [ "$(looks)" = "$from" ]; }
check "and then not at all" rests
rm -f "$work/report"
finds "off off off off none"
start_client
check "a new client gets the statement of a new look" state "off off off off none"
seen=$(<"$work/flag")
wakes() { local flag; flag=$(<"$work/flag") && [ "$flag" != "$seen" ] && reports "$(<"$fake/states/off-off-off-off-none.expected")"; }
run_in_wine 60 net stop napagent </dev/null >/dev/null 2>&1
no_more() { local from; sleep 2; from=$(looks); sleep 1.5; [ "$(looks)" = "$from" ]; }
check "while there is no NAP agent, the host is not looked at" no_more
run_in_wine 60 net start napagent </dev/null >/dev/null 2>&1
check "a NAP agent that is back gets a statement without a change of the host" within 20 wakes
check "napctl health disable" grep -q '^The health agent 79744 is disabled' <(napctl health disable)
check "then it is not enabled" grep -q '^Health agent 79744: not enabled' <(napctl health)
check "nor registered" eval '! napctl show state | grep -q "^  79744 "'
run_in_wine 60 napctl.exe agent register 79744 "Their agent" </dev/null >/dev/null 2>&1
theirs() { run_in_wine 60 napctl.exe health "$1" </dev/null 2>"$work/err"; [ $? = 1 ] && grep -q 'another program has registered 79744' "$work/err"; }
check "another program's registration is not enabled as ours" theirs enable
check "nor disabled" theirs disable
check "and stays" grep -q "^  79744    Their agent" <(napctl show state)
