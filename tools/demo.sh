#!/bin/bash
# demo.sh [--break agent|response|registration]: the main job, for you to watch.
#
# An enforcement client that knows only Microsoft's headers (examples/enforcement-client)
# asks the agent for a statement of health, a health policy server (napctl validate)
# decides from those bytes alone, and the decision is read back by a third process
# (napctl show state). Three times: healthy, restricted, in probation.
#
# Works on a fresh machine, in a scratch prefix of its own, never in yours. The exit code
# is 0 if every step succeeded. --break spoils one link of the chain, to see it noticed:
#   agent         the agent is stopped before the response is processed
#   response      the response is cut short on its way
#   registration  the enforcement client is not registered
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/tools/wine-env.sh"

broken=""
case "$*" in
    "") ;;
    "--break agent" | "--break response" | "--break registration") broken=$2 ;;
    *) echo "usage: demo.sh [--break agent|response|registration]" >&2; exit 2 ;;
esac

id=0x00abcd10 # SMI number 0x00abcd, component 0x10
client_pid=""

say() { printf '\n== %s\n' "$*"; }
die() { echo "demo.sh: $*" >&2; exit 1; }
# Runs a Windows program; its line ends become ours.
windows() { timeout 60 "$WINE" "$@" </dev/null 2>&1 | tr -d '\r'; return "${PIPESTATUS[0]}"; }
# By its own path: a 32-bit Wine loader does not look into system32.
napctl() { windows "$root/build/win64/programs/napctl/napctl.exe" "$@"; }
path_of() { echo "Z:${1//\//\\}"; }

tidy() {
    [ -z "$client_pid" ] || kill "$client_pid" 2>/dev/null
    drop_prefix
    rm -rf "${work:-}"
}
trap tidy EXIT
trap 'exit 130' INT TERM

# Waits up to 30 s until COMMAND succeeds or the client has ended.
wait_for() {
    local tries
    for tries in $(seq 300); do
        "$@" && return 0
        kill -0 "$client_pid" 2>/dev/null || { "$@"; return; }
        sleep 0.1
    done
    return 1
}

# One exchange: what the client prints goes to $work/client, its standard input is fd 3.
exchange() { # POLICY EXPECTED-STATE
    local state="" shown=0
    rm -f "$work"/{request,response,client,input}
    mkfifo "$work/input"
    timeout 120 "$WINE" "$client" exchange "$id" "$(path_of "$work/request")" \
        "$(path_of "$work/response")" <"$work/input" >"$work/client" 2>&1 &
    client_pid=$!
    exec 3>"$work/input"

    if wait_for test -f "$work/request"; then
        tr -d '\r' <"$work/client"
        echo "the request, decoded by napctl:"
        napctl decode "$(path_of "$work/request")" | sed 's/^/    /'
        echo "the decision, by napctl validate --policy $1.policy:"
        napctl validate --policy "$(path_of "$root/examples/demo/$1.policy")" \
            --request "$(path_of "$work/request")" --response "$(path_of "$work/answer")" |
            sed 's/^napctl: /    /'
        [ -s "$work/answer" ] || die "the policy server gave no response"
        [ "$broken" != response ] || truncate -s 40 "$work/answer"
        [ "$broken" != agent ] || windows net stop napagent
        shown=$(wc -l <"$work/client")
        mv "$work/answer" "$work/response"
        wait_for grep -q "Enter takes it down" "$work/client"
    else
        shown=0
    fi
    tail -n "+$((shown + 1))" "$work/client" | tr -d '\r'

    if grep -q "Enter takes it down" "$work/client"; then
        shown=$(wc -l <"$work/client")
        napctl show state --json >"$work/state" || die "napctl cannot read the state"
        state=$(sed -n '/"isolation"/,/}/ s/.*"state": "\(.*\)".*/\1/p' "$work/state" | head -n 1)
        echo "the state of the system, by napctl show state --json: $state"
    fi
    (echo >&3) 2>/dev/null # the client may have gone already
    exec 3>&-
    wait "$client_pid" || { tail -n "+$((shown + 1))" "$work/client" | tr -d '\r'; die "the enforcement client failed"; }
    client_pid=""
    tail -n "+$((shown + 1))" "$work/client" | tr -d '\r'
    [ "$state" = "$2" ] || die "the state should be '$2'"
}

"$root/tools/deps.sh" demo || exit 1
"$root/tools/build.sh" --no-tests win64 || exit 1
wine_env || exit 1
unset WINEPREFIX WINEDLLOVERRIDES
client=$root/build/win64/examples/enforcement-client/enforcement-client.exe
! grep -nE '#include *"' "$root"/examples/enforcement-client/*.c ||
    die "the example includes a header that is not the system's"
say "Making a scratch prefix"
scratch_prefix || exit 1
work=$(mktemp -d "$root/build/demo.XXXXXX") || exit 1
"$root/tools/setup.sh" install --only-64-bit || exit 1

say "Registering and enabling enforcement client $((id))"
if [ "$broken" != registration ]; then
    windows "$client" register "$id" "Demo Enforcement Client" || die "it cannot be registered"
    napctl enforcement enable "$id" || die "it cannot be enabled"
fi
say "A healthy machine"
exchange healthy "not restricted"
say "A machine that lacks a health agent, and is restricted"
exchange restricted "restricted access"
say "A machine that lacks a health agent, and has time to mend"
exchange probation "in probation"
say "All three exchanges went through the agent, and the states are right."
