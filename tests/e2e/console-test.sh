#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# napagent --console serves like the service, and clients log that it is not the service.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
own_prefix
"$root/tools/setup.sh" install >/dev/null || exit 1
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all}

napctl() { run_in_wine 60 napctl.exe "$@" </dev/null >"$work/out" 2>"$work/err"; }
says() { grep -qF -- "$2" "$work/$1" || { cat "$work/$1"; return 1; }; }

# By its path: the agent is a 64-bit program only, and a 32-bit Wine loader does not
# search system32.
agent=$root/build/win64/programs/napagent/napagent.exe
NAP_LOG_LEVEL=trace timeout 120 "$WINE" "$agent" --console </dev/null >"$work/console" 2>&1 &
console=$!
for i in $(seq 100); do
    grep -q started "$work/console" && break
    sleep 0.1
done
check "it logs that it serves" says console "started: wine-nap"
check "it answers napctl" napctl show state
export NAP_LOG_LEVEL=warn
check "it answers a client that logs" napctl show state
check "which logs that this is not the service" says err "napagent --console"
unset NAP_LOG_LEVEL
check "a change is made" napctl enforcement enable 79617
check "and logged on the console" says console "79617 enabled"
kill $console # ends timeout, and with it the agent
wait $console 2>/dev/null
timeout 60 "$WINESERVER" -k
timeout 60 "$WINESERVER" -w
check "the service has the change" napctl enforcement disable 79617
check "and answers" napctl show state
