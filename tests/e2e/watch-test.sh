#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# napctl watch from a stopped agent to Ctrl-C, in a pipe and in a terminal, while a machine is
# restricted and remediated. Meanwhile show state and show connections are checked against their
# schemas.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
own_prefix
"$root/tools/setup.sh" install >/dev/null || exit 1
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all}
client_id=0x00abcd10 agent_id=0x00abcd01
# By its path, so that the process that we start gets the signals.
napctl=$root/build/win64/programs/napctl/napctl.exe
client=$root/build/win64/examples/enforcement-client/enforcement-client.exe
agent=$root/build/win64/examples/health-agent/health-agent.exe
started=()

windows() { run_in_wine 60 "$@" </dev/null >"$work/out" 2>"$work/err"; }
napctl() { windows "$napctl" "$@"; }
path_of() { echo "Z:${1//\//\\}"; }
follow() { # NAME ARGUMENTS...: napctl in the background, its output in a file of that name
    "$WINE" "$napctl" "${@:2}" </dev/null >"$work/$1" 2>"$work/$1-err" &
    started+=($!)
}
terminal() { tmux -L "nap$$" "$@"; }
tidy_all() {
    kill -CONT "${agent_pid:-}" 2>/dev/null
    kill "${started[@]}" 2>/dev/null
    terminal kill-server 2>/dev/null
    _tidy
}
trap tidy_all EXIT

# Waits up to a minute until COMMAND succeeds.
soon() {
    local tries
    for tries in $(seq 300); do
        "$@" && return 0
        sleep 0.2
    done
    "$@" || { echo "after a minute still not: $*"; cat "$work"/{text,json,*-err}; terminal capture-pane -p 2>/dev/null; return 1; }
}
lines() { tr -d '\r' <"$work/$1" | grep -cE -- "$2"; } # NAME PATTERN
says() { [ "$(lines "$1" "$2")" != 0 ]; }
more() { [ "$(lines "$1" "$2")" -gt "$3" ]; }
schema() { /usr/bin/python3 "$root/tests/e2e/schemas.py" "$@"; }
screen() { terminal capture-pane -p >"$work/screen" && says screen "$1"; }
described() { # what the machine shows, strictly
    napctl show state --json && schema strict show-state "$work/out" &&
        napctl show connections --json && schema strict show-connections "$work/out"
}

# ---- no agent

windows net start napagent
windows net stop napagent

follow text watch
text_pid=${started[-1]}
follow json watch --json
json_pid=${started[-1]}
terminal new-session -d -x 100 -y 30 "$WINE '$napctl' watch; echo code \$?; read -r"
check "without an agent watch says so and waits" soon says text " agent: not running; waiting for it$"
check "in a terminal too" soon screen "^Agent: not running"
absent() { ! napctl show state --json && schema strict show-state "$work/out"; }
check "show state --json of a stopped agent matches its schema, and the exit code is 1" absent
nothing() { ! napctl show connections --json && [ ! -s "$work/out" ] && grep -q "is stopped" "$work/err"; }
check "show connections writes nothing then" nothing

# ---- an agent without registrations

windows net start napagent
check "its start is noticed" soon says text " agent: running, process [0-9]+, since "
check "and shown" soon screen "^Agent: running, process"
check "the components are listed" soon says text "enforcement client 79617 \(DHCP.*\): disabled, not initialized$"
soon says json '"enforcementClient": \{"id": 79623' # the last of what is present

wakeups() { cat /proc/"$1"/task/*/status 2>/dev/null | awk '/^voluntary/ { sum += $2 } END { print sum + 0 }'; }
agent_process() { local p; for p in $(pgrep -f 'napagent\.exe'); do grep -qzxF "WINEPREFIX=$WINEPREFIX" "/proc/$p/environ" && echo "$p"; done; }
# Three clients watch. One that polled four times a second would be noticed.
quiet() {
    local pid before
    pid=$(agent_process)
    [ "$(wc -w <<<"$pid")" = 1 ] || { echo "processes of the agent: $pid"; return 1; }
    sleep 1
    before=$(wakeups "$pid")
    sleep 3
    echo "wake-ups: $(($(wakeups "$pid") - before))"
    [ $(($(wakeups "$pid") - before)) -lt 6 ]
}
check "a watch does not wake an idle agent" quiet
for id in 79617 79618 79619 79621 79623; do napctl enforcement unregister $id; done
check "an unregistration is reported" soon says text "79623 \(.*\): no longer registered$"
check "with nothing registered the JSON matches its schemas" described

# ---- a machine that is restricted and remediated

mkfifo "$work/client-input" "$work/agent-input"
windows "$client" register $client_id 'A "client" \ ä漢'
check "a registration is reported, whatever its name" soon says text "enforcement client $((client_id)) \(A .client.*ä漢\): disabled"
napctl enforcement enable $client_id
windows "$agent" register $agent_id "Health agent"
timeout 280 "$WINE" "$agent" run $agent_id noncompliant <"$work/agent-input" >"$work/agent" 2>&1 &
started+=($!)
exec 4>"$work/agent-input"
check "a bound program is reported" soon says text "health agent $((agent_id)) \(Health agent\): enabled, initialized"
timeout 280 "$WINE" "$client" connect $client_id "$(path_of "$work/request")" "$(path_of "$work/response")" \
    <"$work/client-input" >"$work/client" 2>&1 &
started+=($!)
exec 3>"$work/client-input"

exchange() { # POLICY: plays the server after a request of the client
    soon test -f "$work/request" || return 1
    mv "$work/request" "$work/taken"
    napctl validate --policy "$(path_of "$root/examples/demo/$1.policy")" \
        --request "$(path_of "$work/taken")" --response "$(path_of "$work/answer")" || return 1
    mv "$work/answer" "$work/response"
}
check "a connection comes" soon says text "connection [0-9]+ \{.*\} of enforcement client $((client_id)), process [0-9]+: unknown; an answer is pending"
check "with it the JSON matches its schemas" described
check "the server restricts the machine" exchange restricted
check "the client's state is reported" soon says text " client: restricted access.*http://fix\.example/wine-nap"
check "and the connection's" soon says text " connection .*: restricted access.*last exchange 2"
check "and the server's verdict on the health agent" soon says text "health agent $((agent_id)) .*failure category .*0x80004005 \(E_FAIL\)"
check "the progress of the remediation is reported" soon says json '"remediation": \{"state": "in progress"'
# Stop the remediation during these checks.
agent_pid=$(for p in $(pgrep -f 'health-agent\.exe run'); do grep -qzxF "WINEPREFIX=$WINEPREFIX" "/proc/$p/environ" && grep -q '^Name:.*health-agent' "/proc/$p/status" && echo "$p"; done | tail -n 1)
kill -STOP "$agent_pid"
check "a terminal has a bar for it" soon screen '^ +\[#*-+\] +[0-9]+ %$'
check "and the state" screen "^Restriction state: restricted access"
check "during the remediation the JSON matches its schemas" described
mended_text() { napctl show state && says out "Remediation percentage: +[0-9]+ %" && says out "Restriction state: +restricted access" && says out "Troubleshooting URL: +http://fix"; }
check "show state has it as text" mended_text
kill -CONT "$agent_pid"
check "the end of the remediation is reported" soon says text "remediation success, 100 %"
check "and shown" soon screen '^ +\[#+\] 100 %$'
progress() { [ "$(sed -nE 's/.*"healthAgent".*"percentage": ([0-9]+).*/\1/p' "$work/json" | tee "$work/progress" | uniq | wc -l)" -ge 2 ] && sort -cn "$work/progress"; }
check "the progress climbed" progress
check "the server puts it on probation" exchange probation
echo noncompliant >&4
check "and again an unhealthy machine" exchange probation
check "the probation is reported with its end" soon says text " client: in probation.* until 20"
check "a terminal counts down to it" soon screen '^ +Probation ends in [0-9]+:[0-9][0-9]:[0-9][0-9], at 20'
counted() { grep -m 1 "Probation ends in" "$work/screen" >"$work/first"; ! grep -qxFf "$work/first" <(terminal capture-pane -p | grep "Probation ends in"); }
check "every second" soon counted
check "on probation the JSON matches its schemas" described

# ---- the agent ends and returns

gone=$(lines text "agent: not running") came=$(lines text "agent: running")
windows taskkill /f /im napagent.exe
check "a killed agent is noticed" soon more text "agent: not running" "$gone"
check "and its return" soon more text "agent: running" "$came"
gone=$(lines text "agent: not running")
windows net stop napagent
check "so is a stopped one" soon more text "agent: not running" "$gone"
check "in a terminal too, where the rest is gone" soon screen "^Agent: not running"
came=$(lines text "agent: running")
windows net start napagent
check "and its start" soon more text "agent: running" "$came"
soon more json '"change": "added", "agent"' 1
check "each line of JSON matches its schema" schema lines watch "$work/json"
kinds() { local kind; for kind in present added changed removed; do says json "\"change\": \"$kind\"" || { echo "no line is: $kind"; return 1; }; done; }
check "with every kind of change" kinds

# ---- the end

exec 3>&- 4>&-
ends() { # PID STREAM: by Ctrl-C
    kill -INT "$1"
    timeout 60 tail --pid="$1" -f /dev/null
    wait "$1" && [ ! -s "$work/$2-err" ]
}
check "Ctrl-C ends it with 0" ends "$text_pid" text
check "with --json as well" ends "$json_pid" json
terminal send-keys C-c
check "and in a terminal, which still has the last state" soon screen "^code 0"
check "and nothing else" screen "^Agent: running"
no_reader() { # its reader takes one line and ends; watch notices at the next change
    ("$WINE" "$napctl" watch </dev/null 2>"$work/reader-err"; echo $? >"$work/code") | head -n 1 >"$work/reader"
}
no_reader &
started+=($!)
soon test -s "$work/reader"
changed() { napctl enforcement disable $client_id; napctl enforcement enable $client_id; test -s "$work/code"; }
check "it ends when its reader has ended" soon changed
code_is() { [ "$(cat "$work/code")" = 0 ] && [ ! -s "$work/reader-err" ]; }
check "with 0 and without a message" code_is
full() { timeout 60 "$WINE" "$napctl" watch </dev/null >/dev/full 2>"$work/err"; [ $? = 1 ] && says err "^napctl: cannot write to standard output: "; }
check "a full disk is reported" full
