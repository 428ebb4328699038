#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# napctl show log returns the service's log: each of these events of docs/administration.md is there,
# with time, level, component and process.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
own_prefix
"$root/tools/setup.sh" install >/dev/null || exit 1
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all}
id=$((0x00abcd41))
client=$root/build/win64/examples/enforcement-client/enforcement-client.exe

napctl() { run_in_wine 60 napctl.exe "$@" </dev/null; }
windows() { run_in_wine 60 "$@" </dev/null >/dev/null 2>&1; }
path_of() { echo "Z:${1//\//\\}"; }

# Prints the events as lines "LEVEL COMPONENT NAME TEXT"; fails on invalid JSON.
events() {
    napctl show log --json >"$work/log.json" && python3 - "$work/log.json" <<'END'
import json, re, sys
for event in json.load(open(sys.argv[1], encoding="utf-8"))["events"]:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["time"]), event
    assert event["pid"] > 0 and event["program"] == "napagent", event
    print(event["level"], event["component"] or "-", event["event"], event["text"])
END
}
logged() { events >"$work/events" || return 1; grep -qE -- "$1" "$work/events" || { cat "$work/events"; return 1; }; }
also_as_text() { napctl show log | grep -qE "Z info napagent\[[0-9]+\] $id registered: "; }

refuses_without_a_log() { ! napctl show log 2>"$work/err" && grep -q "there is no C:.windows.Logs.napagent.log" "$work/err"; }
check "no log yet: it names the missing file" refuses_without_a_log

# A running program keeps the prefix up, and with it the agent.
timeout 280 "$WINE" "$root/build/win64/programs/napctl/napctl.exe" watch </dev/null >/dev/null 2>&1 &
watcher=$!
check "register" windows "$client" register $id "Log test"
check "enable" napctl enforcement enable $id
mkfifo "$work/input"
"$WINE" "$client" exchange $id "$(path_of "$work/request")" "$(path_of "$work/response")" \
    <"$work/input" >"$work/client" 2>&1 &
client_pid=$!
exec 3>"$work/input"
check "the client makes a request" within 10 test -f "$work/request"
napctl validate --policy "$(path_of "$root/examples/demo/restricted.policy")" \
    --request "$(path_of "$work/request")" --response "$(path_of "$work/answer")" >/dev/null
mv "$work/answer" "$work/response"
check "the client is restricted" within 10 grep -q "Enter takes it down" "$work/client"
kill -9 $client_pid
wait $client_pid 2>/dev/null
exec 3>&-
windows "$root/build/win64/tests/soak/soak-storm.exe" 20
check "a lost client is logged" within 10 logged "^info $id lost process [0-9]+ is no longer bound"
check "net stop" windows net stop napagent
check "started, and how" logged "^info - started wine-nap .*, service$"
check "registered, by whom" logged "^info $id registered .* by process [0-9]+$"
check "enabled, by whom" logged "^info $id enabled .* by process [0-9]+$"
check "bound, by whom" logged "^info $id bound bound by process [0-9]+$"
check "the decision on a connection" logged "^info $id decided "
check "the state of the system" logged "^info - isolation the system is now: restricted"
check "and the state after" logged "^info - isolation the system is now: not restricted"
check "refused input, with its sender" logged "^warn (-|[0-9]+) refused-input process [0-9]+ sent a bad frame"
check "stopped, and why" logged "^info - stopped stopped in order: the service manager"
check "as text too" also_as_text

# A restarted agent reports that it was killed.
windows net start napagent
pid=$(napctl show state --json | sed -nE 's/.*"pid": ([0-9]+).*/\1/p' | head -n 1)
check "kill the agent" windows taskkill /F /PID "$pid"
windows net start napagent
napctl enforcement disable $id >/dev/null
check "a start after a kill" logged "^info - started .*; the last run ended without being stopped$"
kill $watcher 2>/dev/null || true
