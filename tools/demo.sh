#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# demo.sh [--break LINK]: runs the whole of NAP in front of you.
#
# Three processes that do not know each other:
#
#   client   an enforcement client (examples/enforcement-client) with one connection
#   agent    a system health agent (examples/health-agent): is the machine compliant?
#   server   a health policy server (napctl validate), which decides by a policy file
#
# Client and agent use only Microsoft's headers. The machine is healthy. It becomes unhealthy and is
# restricted; the health agent remediates it from 0 to 100 %; it is unrestricted again. A second,
# gentler policy puts it on probation instead. A fourth program (napctl show state) shows the
# system's state.
#
# Works on a fresh machine, in a scratch prefix of its own, never in yours. The exit code
# is 0 if every step happened. --break breaks one link of the chain, which must be noticed:
#   agent         the NAP agent is stopped before the response is processed
#   response      the response is truncated on its way
#   registration  the enforcement client is not registered
#   health-agent  the health agent is killed during the remediation
set -u
[ "${1:-}" != --help ] || exec sed -n '3,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/tools/wine-env.sh"

broken=""
case "$*" in
    "") ;;
    "--break agent" | "--break response" | "--break registration" | "--break health-agent") broken=$2 ;;
    *) echo "usage: demo.sh [--break agent|response|registration|health-agent]" >&2; exit 2 ;;
esac

client_id=0x00abcd10 # SMI number 0x00abcd, component 0x10
agent_id=0x00abcd01  # the policies require it
client_pid="" agent_pid=""

say() { printf '\n== %s\n' "$*"; }
die() {
    local log
    echo "demo.sh: $*" >&2
    for log in agent client; do
        [ ! -s "${work:-}/$log" ] || { echo "--- the end of the $log's output"; tail -n 12 "$work/$log" | tr -d '\r'; }
    done >&2
    exit 1
}
# Runs a Windows program and converts its line ends.
windows() {
    "$root/tools/run-in-wine.sh" 60 "$@" </dev/null 2>&1 | tr -d '\r'
    return "${PIPESTATUS[0]}"
}
# By its path: a 32-bit Wine loader does not search system32.
napctl() { windows "$root/build/win64/programs/napctl/napctl.exe" "$@"; }
path_of() { echo "Z:${1//\//\\}"; }
lives() { kill -0 "$1" 2>/dev/null; }

tidy() {
    local pid
    for pid in $client_pid $agent_pid; do kill "$pid" 2>/dev/null; done
    drop_prefix
    rm -rf "${work:-}"
}
trap tidy EXIT
trap 'exit 130' INT TERM

# Waits up to 30 s until COMMAND succeeds or the process has ended.
wait_for() { # PID COMMAND...
    local tries pid=$1
    shift
    for tries in $(seq 300); do
        "$@" && return 0
        lives "$pid" || { "$@"; return; }
        sleep 0.1
    done
    return 1
}

# Is there a line that matches the pattern, after the first COUNT lines of the process's output?
new_line() { tail -n "+$(($2 + 1))" "$work/$1" | grep -q "$3"; } # PROCESS COUNT PATTERN

declare -A shown=([client]=0 [agent]=0)
# Prints the new output of a process that matches PATTERN, under the process's name.
show_new() { # PROCESS PATTERN
    local count
    count=$(wc -l <"$work/$1")
    head -n "$count" "$work/$1" | tail -n "+$((shown[$1] + 1))" | tr -d '\r' | grep -E "$2" |
        sed -E "s/^ */$1   | /" | sed -E 's/^agent /health agent /; s/^client /client       /'
    shown[$1]=$count
}
show_client() { show_new client 'request  |isolation state|probation ends|remediation URL|failed'; }
show_agent() { show_new agent 'The machine is|the server says|failed'; }
# The same for the output of this script.
from() { sed -E "s/^ */$1| /"; } # NAME

state_of_system() {
    napctl show state --json >"$work/state" || die "napctl cannot read the state"
    sed -n '/"isolation"/,/}/ s/.*"state": "\(.*\)".*/\1/p' "$work/state" | head -n 1
}

# The client has made a request: the server decides, the client applies, the system's state follows.
exchange() { # POLICY EXPECTED-STATE
    local before state
    wait_for "$client_pid" test -f "$work/request" || { finish_client; die "the enforcement client made no request"; }
    mv "$work/request" "$work/taken"
    show_agent
    show_client
    napctl validate --policy "$(path_of "$root/examples/demo/$1.policy")" \
        --request "$(path_of "$work/taken")" --response "$(path_of "$work/answer")" |
        sed "s/^napctl: //; s/$/ ($1.policy)/" | from "server       "
    [ -s "$work/answer" ] || die "the policy server gave no response"
    [ "$broken" != response ] || truncate -s 40 "$work/answer"
    [ "$broken" != agent ] || windows net stop napagent
    before=$(wc -l <"$work/client")
    mv "$work/answer" "$work/response"
    wait_for "$client_pid" new_line client "$before" "isolation state" ||
        { finish_client; die "the enforcement client did not apply the decision"; }
    show_client
    state=$(state_of_system)
    echo "napctl show state: $state" | from "system       "
    [ "$state" = "$2" ] || die "the state should be '$2'"
}

# Ends the client; dies with its output if it failed.
finish_client() {
    (echo >&3) 2>/dev/null # it may have ended already
    exec 3>&-
    wait "$client_pid" || { client_pid=""; die "the enforcement client failed"; }
    client_pid=""
}

remediation_percentage() {
    napctl show state --json >"$work/state" || die "napctl cannot read the state"
    sed -n "/\"id\": $((agent_id)),/,/\"id\":/ s/.*\"percentage\": \([0-9]*\).*/\1/p" "$work/state" | head -n 1
}

# The health agent remediates the machine. Prints the progress that the NAP agent got from
# GetFixupInfo.
watch_remediation() {
    local percentage="" last="" until=$((SECONDS + 30)) steps=0
    while [ "$last" != 100 ]; do
        [ $SECONDS -lt $until ] || die "the remediation stopped at ${last:-no} %"
        lives "$agent_pid" || die "the health agent has ended, with the remediation at ${last:-no} %"
        percentage=$(remediation_percentage)
        if [ -n "$percentage" ] && [ "$percentage" != "$last" ]; then
            echo "napctl show state: remediation, $percentage %" | from "system       "
            [ "$percentage" -ge "${last:-0}" ] || die "the remediation went back"
            last=$percentage
            steps=$((steps + 1))
            [ "$broken" != health-agent ] || { kill "$agent_pid"; wait "$agent_pid"; }
        fi
        sleep 0.2
    done
    [ $steps -ge 3 ] || die "the progress of the remediation could not be seen"
}

"$root/tools/deps.sh" demo || exit 1
"$root/tools/build.sh" --no-tests win64 || exit 1
wine_env || exit 1
unset WINEPREFIX WINEDLLOVERRIDES
client=$root/build/win64/examples/enforcement-client/enforcement-client.exe
agent=$root/build/win64/examples/health-agent/health-agent.exe
# Its own folder's headers are an example's own.
include_foreign() {
    local file header
    grep -HoE '#include *"[^"]*"' "$root"/examples/*/*.[ch] | while IFS=: read -r file header; do
        header=${header#*\"}
        [ -f "$(dirname "$file")/${header%\"}" ] || echo "$file: $header"
    done | grep .
}
! include_foreign || die "an example includes a header that is neither the system's nor its own"
say "Making a scratch prefix"
scratch_prefix || exit 1
work=$(mktemp -d "$root/build/demo.XXXXXX") || exit 1
"$root/tools/setup.sh" install --only-64-bit || exit 1
# This program keeps Wine running: Wine ends all services of a prefix with its last program, also
# between two commands.
mkfifo "$work/hold"
timeout 600 "$WINE" cmd /c pause <"$work/hold" >/dev/null 2>&1 &
exec 5>"$work/hold"
# The services inherit the output of the program that starts the prefix. So start it with this one,
# not with one whose output we wait for.
timeout 60 "$WINE" cmd /c exit >/dev/null 2>&1 </dev/null

say "Registering enforcement client $((client_id)) and health agent $((agent_id))"
if [ "$broken" != registration ]; then
    windows "$client" register "$client_id" "Demo Enforcement Client" || die "the client cannot be registered"
    napctl enforcement enable "$client_id" || die "the client cannot be enabled (exit code $?)"
fi
windows "$agent" register "$agent_id" "Demo Health Agent" || die "the health agent cannot be registered"

say "A healthy machine connects"
mkfifo "$work/client-input" "$work/agent-input"
timeout 300 "$WINE" "$agent" run "$agent_id" <"$work/agent-input" >"$work/agent" 2>&1 &
agent_pid=$!
exec 4>"$work/agent-input"
wait_for "$agent_pid" grep -q "The health agent runs" "$work/agent" || die "the health agent does not run"
timeout 300 "$WINE" "$client" connect "$client_id" "$(path_of "$work/request")" \
    "$(path_of "$work/response")" <"$work/client-input" >"$work/client" 2>&1 &
client_pid=$!
exec 3>"$work/client-input"
exchange restricted "not restricted"
echo "its request, decoded by napctl:"
napctl decode "$(path_of "$work/taken")" | sed 's/^/    /'

say "The machine becomes unhealthy and is restricted"
echo noncompliant >&4
exchange restricted "restricted access"
say "The health agent remediates it, as the server asked"
watch_remediation
say "The machine is healthy and unrestricted again"
exchange restricted "not restricted"
say "It becomes unhealthy again; a gentler policy gives it time"
echo noncompliant >&4
exchange probation "in probation"

finish_client
exec 4>&-
wait "$agent_pid" || { agent_pid=""; die "the health agent failed"; }
agent_pid=""
say "Restricted, remediated, unrestricted: every state went through the NAP agent and is right."
