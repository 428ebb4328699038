# setup.sh over an older release while the agent and its clients run, cut short at any step and
# run again, and after `wineboot -u`: nothing is lost and nothing is left half done.
. "$(dirname "$0")/../lib.sh"
. "$root/tests/tools/snapshot.sh"

work_dir
own_prefix
export WINEDEBUG=${WINEDEBUG--all} TMPDIR=$work
windows=$WINEPREFIX/drive_c/windows
client_id=$((0x00abcd10)) agent_id=$((0x00abcd01))

wine() { WINEDLLOVERRIDES="mscoree,mshtml=" timeout 120 "$WINE" "$@" >"$work/wine.out" 2>&1 </dev/null; }
napctl() { timeout 120 "$WINE" "$root/build/win64/programs/napctl/napctl.exe" "$@" </dev/null 2>&1; }
example() { echo "$root/build/win$1/examples/$2/$2.exe"; } # BITS NAME
path_of() { echo "Z:${1//\//\\}"; }
wait_for() { # COMMAND...: up to two minutes
    local tries
    for tries in $(seq 600); do "$@" >/dev/null 2>&1 && return; sleep 0.2; done
    return 1
}

# --- an older and a newer release

wine cmd /c exit # Wine's second start writes what its first one did not
snapshot before
version=$("$root/tools/pe-version" "$root/build/win64/dlls/qutil/qutil.dll")
version=${version#* }
newer=${version%?}$(((${version: -1} + 1) % 10))
check "two releases are at hand" eval 'make_release "$work/older" && make_release "$work/the newer" "$newer"'
declare -A setup=([$version]="$work/older/tools/setup.sh" [$newer]="$work/the newer/tools/setup.sh")

installed_is() { # VERSION: each file is of that release, and all is well
    local file bits
    for bits in 64 32; do
        for file in "$root/build/win$bits"/dlls/*/*.dll; do
            file=$windows/$([ $bits = 64 ] && echo system32 || echo syswow64)/${file##*/}
            [ "$("$root/tools/pe-version" "$file")" = "$bits $1" ] || { echo "$file is not of $1"; return 1; }
        done
    done
    "${setup[$1]}" status >"$work/status" 2>&1 && grep -q 'No fault found' "$work/status" &&
        ! grep -q ^note "$work/status" && ! find "$windows/system32" "$windows/syswow64" "$WINEPREFIX/.wine-nap" -name '*.new' | grep . ||
        { cat "$work/status"; return 1; }
}
agent_pid() { napctl show state --json | sed -n '/"agent"/,/}/ s/.*"pid": \([0-9]*\).*/\1/p'; }

check "the older release is installed" "${setup[$version]}" install

# --- a 64-bit client and a 32-bit health agent, bound while the newer one is installed

bound() { # COUNT
    [ "$(napctl show state --json | grep -c '"bound": true')" = "$1" ]
}
# The server: answers one request.
answer() {
    wait_for test -f "$work/request" && mv "$work/request" "$work/taken" || return 1
    napctl validate --policy "$(path_of "$root/examples/demo/restricted.policy")" \
        --request "$(path_of "$work/taken")" --response "$(path_of "$work/answer")"
    mv "$work/answer" "$work/response"
}
# Requests are answered until the client has the state.
becomes() { # STATE
    local tries
    for tries in 1 2 3 4 5; do
        tail -n "+$((seen + 1))" "$work/client" | grep -q "isolation state *$1" && return
        answer && wait_for eval 'tail -n "+$((seen + 1))" "$work/client" | grep -q "isolation state"' || break
        sleep 1
    done
    tail -n "+$((seen + 1))" "$work/client" | grep -q "isolation state *$1" || { cat "$work/client" "$work/agent"; return 1; }
}

wine "$(example 64 enforcement-client)" register $client_id "Client"
wine "$(example 32 health-agent)" register $agent_id "Health agent"
napctl enforcement enable $client_id
napctl ras add "Head office" --phone 12345 --user alice
napctl rras enable
napctl rras add --user bob --port VPN1 --ipv4 10.0.0.9 --quarantine quarantine
tables() { napctl ras list --json && napctl rras list --json | grep -vi duration && napctl show state --json | grep -E '"(id|name|enabled)"'; }
tables >"$work/tables"
check "there are registrations and tables" eval 'grep -q bob "$work/tables" && grep -q "Head office" "$work/tables" && grep -q $agent_id "$work/tables"'

mkfifo "$work/client-input" "$work/agent-input"
"$WINE" "$(example 32 health-agent)" run $agent_id <"$work/agent-input" >"$work/agent" 2>&1 &
agent=$!
exec 4>"$work/agent-input"
"$WINE" "$(example 64 enforcement-client)" connect $client_id "$(path_of "$work/request")" \
    "$(path_of "$work/response")" <"$work/client-input" >"$work/client" 2>&1 4>&- &
client=$!
exec 3>"$work/client-input"
seen=0
check "a client has made its exchange" becomes "not restricted"
check "a client and a health agent are bound" wait_for bound 2
pid_before=$(agent_pid)
check "the newer release is installed" "${setup[$newer]}" install 3>&- 4>&-
check "each file is of the newer release, and all is well" installed_is "$newer"
other_agent() { pid=$(agent_pid) && [ -n "$pid" ] && [ "$pid" != "$pid_before" ]; }
check "the newer agent runs" wait_for other_agent
check "client and health agent live, and are bound to it" wait_for bound 2
check "so they have not been started anew" kill -0 $client $agent
tables >"$work/tables-after"
check "registrations and tables are as before" diff "$work/tables" "$work/tables-after"
seen=$(wc -l <"$work/client")
echo noncompliant >&4
check "the client's next exchange goes through it" becomes "restricted access"
exec 3>&- 4>&-
ends_well() { wait "$1" || { cat "$2"; return 1; }; }
check "the client ends well" ends_well $client "$work/client"
check "the health agent ends well" ends_well $agent "$work/agent"

# --- cut short: setup.sh is killed before one of its commands, and run again

mkfifo "$work/input"
"$WINE" cmd <"$work/input" >/dev/null 2>&1 & # the prefix stays up
keeper=$!
exec 5>"$work/input"
cat >"$work/cut.sh" <<'END'
[[ $0 == */setup.sh ]] || return 0
set -T
cut_step=0
cut_short() {
    [ "$1" != "${CUT_AT:-0}" ] || kill -9 $$
    [ -z "${CUT_LOG:-}" ] || echo "$1" >"$CUT_LOG"
}
trap 'cut_short $((++cut_step))' DEBUG
END
cut() { BASH_ENV=$work/cut.sh "$@" >"$work/cut.log" 2>&1 5>&-; }
CUT_LOG=$work/steps cut "${setup[$newer]}" install
steps=$(cat "$work/steps")
check "an installation has many steps" test "${steps:-0}" -gt 100
upgrade_cut_at() { # STEP FROM TO
    wine net start napagent
    CUT_AT=$1 cut "${setup[$3]}" install
    [ $? = 137 ] || { echo "it was not cut short"; cat "$work/cut.log"; return 1; }
    "${setup[$3]}" install 5>&- && installed_is "$3" && [ -n "$(agent_pid)" ]
}
from=$newer to=$version cuts=6
for i in $(seq $cuts); do
    at=$((steps * i / (cuts + 1)))
    check "an upgrade cut short ($i of $cuts) is mended by the next, and the agent runs" upgrade_cut_at $at $from $to
    at=$from from=$to to=$at
done
tables >"$work/tables-after"
check "registrations and tables are as before" diff "$work/tables" "$work/tables-after"

CUT_LOG=$work/steps cut "${setup[$from]}" uninstall
steps=$(cat "$work/steps")
uninstall_cut_at() { # STEP
    "${setup[$from]}" install 5>&- >/dev/null && CUT_AT=$1 cut "${setup[$from]}" uninstall --purge
    [ $? = 137 ] || { echo "it was not cut short"; cat "$work/cut.log"; return 1; }
    "${setup[$from]}" uninstall --purge 5>&-
}
for i in 1 2 3; do
    check "an uninstallation cut short ($i of 3) is finished by the next" uninstall_cut_at $((steps * (2 * i - 1) / 6))
done
exec 5>&-
wait $keeper
snapshot after
same "and nothing is left of it" before after

# --- a new Wine brings its prefixes up to date

"${setup[$version]}" install >/dev/null
wine "$(example 64 enforcement-client)" register $client_id "Client"
napctl enforcement enable $client_id
check "wineboot -u" wine wineboot -u
wait_wine
check "after it each file is ours, and all is well" installed_is "$version"
initializes() { # BITS
    rm -f "$work"/{request,response}
    timeout 120 "$WINE" "$(example $1 enforcement-client)" exchange $client_id "$(path_of "$work/request")" \
        "$(path_of "$work/response")" </dev/null >"$work/client" 2>&1 &
    answer
    wait $! && grep -q 'isolation state' "$work/client" || { cat "$work/client"; return 1; }
}
check "a 64-bit client works" initializes 64
check "a 32-bit client works" initializes 32
