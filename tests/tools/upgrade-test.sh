# SPDX-License-Identifier: LGPL-2.1-or-later
# setup.sh over an older release while the agent and its clients run: nothing is lost, and the
# clients continue with the newer agent. Then wineboot -u, which a new Wine runs on its prefixes:
# everything works as before.
. "$(dirname "$0")/../lib.sh"

work_dir
own_prefix
export WINEDEBUG=${WINEDEBUG--all}
windows=$WINEPREFIX/drive_c/windows
. "$root/tests/tools/releases.sh"
client_id=$((0x00abcd10)) agent_id=$((0x00abcd01))

wine() { WINEDLLOVERRIDES="mscoree,mshtml=" run_in_wine 120 "$@" >"$work/wine.out" 2>&1 </dev/null; }
napctl() { run_in_wine 120 "$root/build/win64/programs/napctl/napctl.exe" "$@" </dev/null 2>&1; }
example() { echo "$root/build/win$1/examples/$2/$2.exe"; } # BITS NAME
path_of() { echo "Z:${1//\//\\}"; }
wait_for() { # COMMAND...: up to two minutes
    local tries
    for tries in $(seq 600); do "$@" >/dev/null 2>&1 && return; sleep 0.2; done
    return 1
}

other_bits=$(other_target) && other_bits=${other_bits#win}

agent_pid() { napctl show state --json | sed -n '/"agent"/,/}/ s/.*"pid": \([0-9]*\).*/\1/p'; }

check "the older release is installed" "${setup[$older]}" install

# --- a 64-bit client and a 32-bit health agent, bound while the newer one is installed

bound() { # COUNT
    [ "$(napctl show state --json | grep -c '"bound": true')" = "$1" ]
}
# Plays the server: answers one request.
answer() {
    wait_for test -f "$work/request" && mv "$work/request" "$work/taken" || return 1
    napctl validate --policy "$(path_of "$root/examples/demo/restricted.policy")" \
        --request "$(path_of "$work/taken")" --response "$(path_of "$work/answer")"
    mv "$work/answer" "$work/response"
}
# Answers requests until the client has the state.
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
wine "$(example $other_bits health-agent)" register $agent_id "Health agent"
napctl enforcement enable $client_id
napctl ras add "Head office" --phone 12345 --user alice
napctl rras enable
napctl rras add --user bob --port VPN1 --ipv4 10.0.0.9 --quarantine quarantine
tables() { napctl ras list --json && napctl rras list --json | grep -vi duration && napctl show config --json | grep -E '"(id|name|enabled)"'; }
tables >"$work/tables"
check "there are registrations and tables" eval 'grep -q bob "$work/tables" && grep -q "Head office" "$work/tables" && grep -q $agent_id "$work/tables"'

mkfifo "$work/client-input" "$work/agent-input"
"$WINE" "$(example $other_bits health-agent)" run $agent_id <"$work/agent-input" >"$work/agent" 2>&1 &
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
check "each file is of the newer release, and the prefix is healthy" installed_is "$newer"
other_agent() { pid=$(agent_pid) && [ -n "$pid" ] && [ "$pid" != "$pid_before" ]; }
check "the newer agent runs" wait_for other_agent
check "client and health agent are bound to it" wait_for bound 2
check "and are still the same processes" kill -0 $client $agent
same_tables() { tables >"$work/tables-after" && diff "$work/tables" "$work/tables-after"; }
check "registrations and tables are as before" same_tables
seen=$(wc -l <"$work/client")
echo noncompliant >&4
check "the client's next exchange goes through it" becomes "restricted access"
exec 3>&- 4>&-
ends_well() { wait "$1" || { cat "$2"; return 1; }; }
check "the client ends well" ends_well $client "$work/client"
check "the health agent ends well" ends_well $agent "$work/agent"

# --- a new Wine updates its prefixes

check "wineboot -u" wine wineboot -u
wait_wine
check "after it each file is ours, and the prefix is healthy" installed_is "$newer"
initializes() { # BITS
    rm -f "$work"/{request,response}
    run_in_wine 120 "$(example $1 enforcement-client)" exchange $client_id "$(path_of "$work/request")" \
        "$(path_of "$work/response")" </dev/null >"$work/client" 2>&1 &
    answer
    wait $! && grep -q 'isolation state' "$work/client" || { cat "$work/client"; return 1; }
}
check "a 64-bit client works" initializes 64
skip_32bit "a client after wineboot -u" || check "a 32-bit client works" initializes 32
check "registrations and tables are as before" same_tables
