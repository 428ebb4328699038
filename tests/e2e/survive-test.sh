#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Registrations and napctl's changes survive if the prefix goes down at once.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
installed_prefix
wine_env || exit 1
export WINEDEBUG=${WINEDEBUG--all}
work_dir

agent=79999
napctl() { run_in_wine 60 napctl.exe "$@" </dev/null; }
enabled() { napctl show state --json | tr -d '\r' | grep -A6 "\"id\": $1," | grep -qF "\"enabled\": $2"; }
register() { run_in_wine 60 "$root/build/win64/tests/interop/register-agent.exe" "$@" </dev/null; }
down() { timeout 60 "$WINESERVER" -k && timeout 60 "$WINESERVER" -w; }
up() { run_in_wine 60 net start napagent </dev/null >/dev/null 2>&1; }

up
check "an enforcement client starts disabled" enabled 79617 false
check "a health agent is registered" register $agent
check "the prefix goes down at once" down
up
check "it is registered after that, and enabled" enabled $agent true
for change in enable disable; do
    check "napctl enforcement $change" napctl enforcement $change 79617
    check "napctl agent $change" napctl agent $change $agent
    check "the prefix goes down at once" down
    up
    [ $change = enable ] && is=true || is=false
    check "the enforcement client is ${change}d after that" enabled 79617 $is
    check "the health agent is ${change}d after that" enabled $agent $is
done
check "the health agent is unregistered" register --remove $agent

# The tables of connections.
check "a RAS connection is added" napctl ras add "Head office" --phone 12345 --user alice
check "the server side is turned on" napctl rras enable
check "a client of the server is added" napctl rras add --user bob --port VPN1 --ipv4 10.0.0.9 --quarantine quarantine
napctl ras list --json >"$work/ras-before"
napctl rras list --json >"$work/rras-before"
check "the prefix goes down at once" down
up
napctl ras list --json >"$work/ras-after"
napctl rras list --json >"$work/rras-after"
check "the RAS connection is unchanged, with its handle" eval 'grep -q "Head office" "$work/ras-after" && diff "$work/ras-before" "$work/ras-after"'
check "so is the client" eval 'grep -q bob "$work/rras-after" && diff <(grep -v -i "duration" "$work/rras-before") <(grep -v -i duration "$work/rras-after")'
check "the RAS connection is removed" napctl ras remove "Head office"
check "and the client" napctl rras remove --match-port VPN1
check "the server side is turned off" napctl rras disable
