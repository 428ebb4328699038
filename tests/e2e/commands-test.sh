#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs every command that `napctl --help` lists, with text output and, if it has --json, with JSON:
# successful, with wrong usage, and with an agent that was stopped. Each failure has its exit code, one line and
# the error's number. The test fails if a command or a --json is not run here.
# Takes up to 600 s.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
own_prefix
"$root/tools/setup.sh" install >/dev/null || exit 1
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all}
holder=""
json_holder=""
tidy_all() { kill $holder $json_holder 2>/dev/null; _tidy; }
trap tidy_all EXIT

path_of() { echo "Z:${1//\//\\}"; }
declare -A text=() json=() # the commands that were run
# Prints the command of these arguments, as `napctl --help` lists it.
command_of() { local two="$1 ${2:-}"; if grep -qxF "$two" "$work/commands"; then echo "$two"; else echo "$1"; fi; }
napctl() {
    local code
    run_in_wine 100 napctl.exe "$@" >"$work/raw" 2>"$work/raw-err" <"${input:-/dev/null}"
    code=$?
    tr -d '\r' <"$work/raw" >"$work/out"
    tr -d '\r' <"$work/raw-err" >"$work/err"
    return $code
}
failed() { echo "$1"; head -c 2000 "$work/out" "$work/err"; return 1; }
one_line() { [ "$(wc -l <"$work/err")" = 1 ] && grep -q '^napctl: ' "$work/err"; }

works() { # TEXT ARGUMENTS...: exit code 0, no complaint, TEXT in its output
    local said=$1
    shift
    napctl "$@" || { failed "exit code $?"; return; }
    [ ! -s "$work/err" ] || [ "$1" = validate ] || { failed "it complains"; return; }
    [ -z "$said" ] || cat "$work/out" "$work/err" | grep -aqF -- "$said" || failed "'$said' is not said"
}
gives_json() { # PYTHON ARGUMENTS...: the expression is true for the document `d`
    local test=$1
    shift
    napctl "$@" || { failed "exit code $?"; return; }
    /usr/bin/python3 -c 'import json, sys
d = json.loads(open(sys.argv[1], "rb").read().decode("utf-8", "strict"))
assert '"$test"', d' "$work/out" || failed "it is not JSON, or not this: $test"
}
fails() { # NUMBER ARGUMENTS...: exit code 1 and one line with that number in it
    local number=$1 code
    shift
    napctl "$@"
    code=$?
    [ $code = 1 ] || { failed "exit code $code"; return; }
    one_line && grep -qF -- "$number" "$work/err" || failed "no line, or more than one, or without $number"
}
misused() { # ARGUMENTS...: exit code 2, the fault in one line, the usage in another, nothing done
    local code
    napctl "$@"
    code=$?
    [ $code = 2 ] || { failed "exit code $code"; return; }
    [ "$(grep -c '^napctl: ' "$work/err")" = "$(wc -l <"$work/err")" ] && [ "$(wc -l <"$work/err")" = 2 ] &&
        grep -q '^napctl: usage: ' "$work/err" && [ ! -s "$work/out" ] || failed "not the fault and the usage in two lines"
}
in_text() { local c; c=$(command_of "${@:2}"); text[$c]=1; check "napctl ${*:2}" works "$@"; }
as_json() { local c; c=$(command_of "${@:2}"); json[$c]=1; check "napctl ${*:2}" gives_json "$@"; }
refused() { check "napctl ${*:2}: $1" fails "$@"; }
wrong() { check "napctl $*: wrong usage" misused "$@"; }

# Running programs keep the prefix up: the others start faster, and the agent stays.
timeout 580 "$WINE" napctl.exe watch </dev/null >"$work/watched" 2>&1 &
holder=$!
timeout 580 "$WINE" napctl.exe watch --json </dev/null >"$work/watched-json" 2>&1 &
json_holder=$!
both_began() { [ -s "$work/watched" ] && [ -s "$work/watched-json" ]; }
check "napctl watch begins" within 60 both_began
napctl --help
sed -nE 's/^  napctl ([a-z]+) +([a-z]*).*/\1 \2/p' "$work/out" | sed 's/ $//' | sort -u >"$work/commands"
check "--help lists commands" test "$(wc -l <"$work/commands")" -gt 20

# ---- an agent that was stopped in order: commands that read do not start it, and say so

run_in_wine 100 net start napagent >/dev/null 2>&1 </dev/null
run_in_wine 100 net stop napagent >/dev/null 2>&1 </dev/null
while read -r first second; do
    words=("$first" ${second:+"$second"})
    wrong "${words[@]}" --no-such-option
done <"$work/commands"
for words in "show state" "show components" "show connections" "show config"; do
    refused 0x80010108 $words
    refused 0x80010108 $words --json
done

# ---- with an agent

run_in_wine 100 net start napagent >/dev/null 2>&1 </dev/null

odd='quote " backslash \ ä漢'$'\t''tab'
in_text "is registered" enforcement register 4711 "$odd" --description "two
lines" --vendor "é" --version 1.0
in_text "is registered" agent register 4712 "$odd"
in_text "is enabled" enforcement enable 4711
# It shows states, and this one is over with the next command. Besides, it connects to an agent that
# has just started only after a pause.
watched() { tr -d '\r' <"$work/watched" | grep -q "enforcement client 4711 .*: enabled, not initialized$"; }
check "napctl watch has reported the changes" within 60 watched && text[watch]=1
in_text "is disabled" enforcement disable 0x1267
in_text "is disabled" agent disable 4712
in_text "is enabled" agent enable 4712
in_text "Enforcement client state" show state
in_text "Registered: " show state --verbose
in_text "Version: " show state --verbose
as_json "[(c['name'], c['description']) for c in d['enforcementClients'] if c['id'] == 4711] == [('quote \" backslash \\\\ ä漢\\ttab', 'two\\nlines')]" show state --json
in_text "System health validators:" show components
as_json "[(c['name'], c['information'], c['configuration']) for c in d['healthAgents'] if c['id'] == 4712] == [('quote \" backslash \\\\ ä漢\\ttab', None, None)]" show components --json
in_text "is registered" agent register 4713 "By its class" --information '{01234567-89AB-CDEF-0123-456789ABCDEF}' --configuration '{01234567-89AB-CDEF-0123-456789ABCDEF}'
in_text "its class cannot be created (0x80040154)" show components
as_json "[c['information']['failure'] for c in d['healthAgents'] if c['information']] == ['its class cannot be created (0x80040154)']" show components --json
check "which matches its schema" /usr/bin/python3 "$root/tests/e2e/schemas.py" strict show-components "$work/out"
in_text "no longer registered" agent unregister 4713
in_text "No connections" show connections
as_json "d == {'connections': []}" show connections --json
in_text "4711     disabled" show config
as_json "[c['name'] for c in d['healthAgents']] == ['quote \" backslash \\\\ ä漢\\ttab']" show config --json
# a malformed line of the log, with bytes that are not UTF-8
printf 'stray \xff\xc3 "line"\n' >>"$(find "$WINEPREFIX/drive_c/windows" -maxdepth 2 -iname napagent.log)"
in_text "enabled" show log
as_json "any('stray' in e.get('line', '') for e in d['events']) and any(e.get('component') == 4711 for e in d['events'])" show log --json
in_text "no longer registered" enforcement unregister 4711
in_text "no longer registered" agent unregister 4712

in_text "No system health validators" validator list
as_json "d == {'validators': []}" validator list --json
refused 0x80010108 validate --validators --request "$(path_of "$root/tests/fuzz/corpus/soh/request_plain")"
run_in_wine 100 regsvr32 /s "$(path_of "$root/build/win64/examples/validator/validator.dll")" >/dev/null 2>&1 </dev/null
in_text "is disabled" validator disable 0x00abd002
in_text "is mapped" validator map 0x00abd001 --server-component
in_text "counts as healthy if it fails: server component" validator list
as_json "[(v['id'], v['enabled'], v['healthyFailures']) for v in d['validators']] == [(0xabd001, True, ['server component']), (0xabd002, False, [])]" validator list --json
check "which matches its schema" /usr/bin/python3 "$root/tests/e2e/schemas.py" strict validator-list "$work/out"
run_in_wine 100 net start napserver >/dev/null 2>&1 </dev/null
in_text "validator 11259905: not compliant" validate --validators --request "$(path_of "$root/tests/fuzz/corpus/soh/request_plain")" --response "$(path_of "$work/judged")"
check "which gives a response" test -s "$work/judged"
# by a policy that names validators
plain=$(path_of "$root/tests/fuzz/corpus/soh/request_plain")
by_validators() { # LINES...
    printf '%s\n' 'policy 1' "$@" 'noncompliant' 'state probation' 'probation 1h' >"$work/by.policy"
}
by_policy=(validate --policy "$(path_of "$work/by.policy")" --request "$plain" --response "$(path_of "$work/by")")
by_validators "validator 0x00abd001"
in_text "validator 11259905: not compliant" "${by_policy[@]}"
in_text "MS-Quarantine-State: in probation" decode "$(path_of "$work/by")"
in_text "0x80270002" decode "$(path_of "$work/by")" # NAP_E_MISSING_SOH: the validator's own entry
by_validators "validator 0x00abd002" "unavailable compliant"
in_text "by.policy:2: validator 11259906 is not registered, or not enabled" "${by_policy[@]}"
in_text "the machine is compliant" "${by_policy[@]}"
by_validators "validator 0x00abd002"
in_text "the machine is not compliant: in probation" "${by_policy[@]}"
in_text "is enabled" validator enable 0x00abd002
refused 0x80270006 validator enable 9999
refused 0x80270006 validator map 9999
run_in_wine 100 net stop napserver >/dev/null 2>&1 </dev/null
in_text "napserver does not run" "${by_policy[@]}"
in_text "the machine is not compliant: in probation" "${by_policy[@]}"
run_in_wine 100 regsvr32 /s /u "$(path_of "$root/build/win64/examples/validator/validator.dll")" >/dev/null 2>&1 </dev/null

in_text "not enabled" health
as_json "(d['enabled'], d['running'], d['classes']) == (False, False, [])" health --json
in_text "is enabled" health enable
has_looked() { napctl health && grep -q '^  firewall: ' "$work/out"; }
check "the host is looked at" within 60 has_looked
in_text "enabled, reports to the NAP agent" health
as_json "(d['enabled'], d['running'], d['reporting'], [c['class'] for c in d['classes']]) == (True, True, True, ['firewall', 'antivirus', 'antispyware', 'automatic-updates', 'security-updates'])" health --json
check "which matches its schema" /usr/bin/python3 "$root/tests/e2e/schemas.py" strict health "$work/out"
in_text "is disabled" health disable
in_text "not enabled" health
in_text "No fault found" selftest
as_json "d['healthy'] is True and d['checks']" selftest --json

in_text "is added" ras add "$odd" --user "jo \"x\" é"
as_json "d['handle'] > 65536" ras add Second --json
in_text "Second" ras list
as_json "[c['entry'] for c in d['connections'] if c['user']] == ['quote \" backslash \\\\ ä漢\\ttab']" ras list --json
in_text "is removed" ras remove Second
in_text "are set" ras patterns 'vpn*' 'ä"?'
in_text 'vpn*' ras patterns
as_json "d == {'patterns': ['vpn*', 'ä\"?']}" ras patterns --json
in_text "are set" ras patterns --clear

in_text "" rras enable
in_text "1" rras add --user 'jo "é"' --interface ppp7 --ipv4 192.0.2.1 --quarantine quarantine
in_text "" rras update 1 --quarantine normal
in_text "jo" rras list
as_json "d['enabled'] and [c['user'] for c in d['connections']] == ['jo \"é\"']" rras list --json
printf 'add --user "second one"\n# a comment\n' >"$work/load"
in_text "2" rras load "$(path_of "$work/load")"
input=$work/load in_text "3" rras load -
in_text "" rras remove 1
in_text "" rras disable

# A statement of health: a seed of the fuzzers.
soh=$(path_of "$root/tests/fuzz/corpus/soh/request_plain")
in_text "MachineName" decode "$soh"
as_json "d['kind'] == 'request' and [e['id'] for e in d['entries']] == [79744, 11259137]" decode "$soh" --json
in_text "is compliant" validate --policy "$(path_of "$root/examples/policies/antivirus.policy")" --request "$soh" --response "$(path_of "$work/response")"

# ---- requests that fail

refused 0x80270006 enforcement enable 9999
refused 0x80270006 enforcement disable 9999
refused 0x80270006 enforcement unregister 9999
refused 0x80270006 agent enable 9999
refused 0x80270006 agent disable 9999
refused 0x80270006 agent unregister 9999
refused 0x80270003 enforcement register 79617 Again
refused 'the id is that of "DHCP Quarantine Enforcement Client"' enforcement register 79617 Again
refused 0x80070057 agent register 0 Nobody
refused 0x800700B7 ras add "$odd"
refused 0x80070490 ras remove "Nobody's"
refused 0x8007038A rras update 99 --user nobody
refused 0x8007038A rras remove 99
napctl rras add --guid 11111111-2222-3333-4444-555555555555
napctl rras add --user twice --port VPN9
refused 0x800700B7 rras add --user twice --port VPN9 --ipv4 10.0.0.1
refused 0x800700B7 rras add --guid 11111111-2222-3333-4444-555555555555
refused "error 2" decode 'Z:\no\such\file'
refused "error 2" rras load 'Z:\no\such\file'
refused "error 2" validate --policy 'Z:\no\such\file'
refused 0x80270001 decode "$(path_of "$work/load")"
printf 'nonsense\n' >"$work/nonsense"
in_text "no fault found" validate --check "$(path_of "$root/examples/policies/antivirus.policy")"
refused "nonsense:1:" validate --check "$(path_of "$work/nonsense")"
refused "nonsense:1:" validate --policy "$(path_of "$work/nonsense")" --request "$soh"
refused 0x80270001 validate --policy "$(path_of "$root/examples/policies/antivirus.policy")" --request "$(path_of "$work/load")"
refused "line 1" rras load "$(path_of "$work/nonsense")"

# ---- wrong usage, besides unknown options

for words in "enforcement enable" "enforcement disable" "enforcement unregister" "agent enable" "agent disable" "agent unregister" "validator enable" "validator disable"; do
    wrong $words
    wrong $words none
    wrong $words 4294967296
    wrong $words 1 2
done
wrong health enable 79744
wrong health disable 79744
for words in "enforcement register" "agent register" "ras add" "ras remove" "rras update" "rras remove" "rras load" "validator map" "rras add" decode validate; do wrong $words; done
wrong enforcement register 1
wrong agent register 1 Name --vendor
wrong ras add Name --id none
wrong ras add Name --user
wrong ras patterns --clear more
wrong rras add --user
wrong rras add --keep
refused 0x80070057 rras add --user kept --keep --interface ppp0
napctl rras add --user kept --keep
wrong show state --json --verbose
wrong rras add --ipv4 1.2.3
wrong rras add --quarantine maybe
wrong rras update 1
wrong rras load one two
wrong decode one two
wrong decode --json
wrong validate --request "$soh"
wrong validate --policy one --validators
wrong validate --policy one --check one
wrong validate --check one --request two
wrong validator map 1 --never
for words in "show state" "show connections" "show config" "show log" "ras list" "rras list" "validator list" health selftest watch; do wrong $words --json more; done

# ---- watch-test.sh tests watch; here it has run all the time

watched_json() { /usr/bin/python3 -c 'import json, sys
assert len([json.loads(l) for l in open(sys.argv[1], encoding="utf-8", errors="strict")]) > 8' "$work/watched-json"; }
check "napctl watch --json has too, line by line" within 60 watched_json && json[watch]=1
kill -INT "$holder" "$json_holder" 2>/dev/null
napctl show state

# ---- completeness

napctl --help
all_driven() {
    local words missing=""
    while read -r words; do
        [ -n "${text[$words]:-}" ] || missing+=" '$words'"
        ! napctl $words --help || ! grep -qF -- "--json" "$work/out" || [ -n "${json[$words]:-}" ] || missing+=" '$words --json'"
    done <"$work/commands"
    [ -z "$missing" ] || { echo "not run by this test:$missing"; return 1; }
}
check "every command of --help was run, and every --json" all_driven
lists() { local words; for words in $(sed -n 's/ /_/; /^show_/p; /_list$/p' "$work/commands"); do [ -n "${json[${words/_/ }]:-}" ] || { echo "no JSON: $words"; return 1; }; done; }
check "every show and list has --json" lists
