#!/bin/bash
# What napctl changed is there after the prefix went down at once.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
installed_prefix
wine_env || exit 1
export WINEDEBUG=${WINEDEBUG--all}

napctl() { timeout 60 "$WINE" napctl.exe "$@" </dev/null; }
enabled() { napctl show state --json | tr -d '\r' | grep -A6 '"id": 79617,' | grep -qF "\"enabled\": $1"; }
down() { timeout 60 "$WINESERVER" -k && timeout 60 "$WINESERVER" -w; }
up() { timeout 60 "$WINE" net start napagent </dev/null >/dev/null 2>&1; }

up
check "an enforcement client starts disabled" enabled false
for change in enable disable; do
    check "napctl enforcement $change" napctl enforcement $change 79617
    check "the prefix goes down at once" down
    up
    [ $change = enable ] && is=true || is=false
    check "it is ${change}d after that" enabled $is
done
