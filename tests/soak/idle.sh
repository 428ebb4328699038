#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# idle.sh short|long: without requests the agent does nothing at all for 5 or 30 s; first with no
# client bound, then with two enforcement clients and two health agents.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
. "$root/tools/idle.sh"
case $1 in long) seconds=30 ;; *) seconds=5 ;; esac
prefix_of_its_own
program() { echo "$root/build/$1/tests/$2.exe"; }

measure() { # WHO
    settle && watch_idle $seconds || { not_ok "the agent is measured while $1" "see above"; exit 1; }
    echo "$1: $wakeups wake-ups, $ticks clock ticks of processor time in $seconds s"
    check "the agent does not wake while $1" [ $wakeups = 0 ]
    check "it takes no processor time while $1" [ $ticks = 0 ]
}

timeout 300 "$WINE" "$(program win64 bench/bench-pipe)" hold </dev/zero >/dev/null 2>&1 &
holder=$!
timeout 60 "$WINE" net start napagent </dev/null >&2
measure "nobody is bound"
kill $holder
wait $holder 2>/dev/null

other=$(cd "$root" && timeout 60 "$WINE" winepath -w "build/$(other_target)/tests/soak/soak-live.exe" </dev/null | tr -d '\r')
coproc bound { timeout 600 "$WINE" "$(program win64 soak/soak-live)" rest "$other"; }
holder=$!
read -r line <&"${bound[0]}"
check "two enforcement clients and two health agents are bound" [ "${line%$'\r'}" = bound ]
measure "clients are bound"
echo >&"${bound[1]}"
sed 's/^not ok /&while resting: /' <&"${bound[0]}"
wait $holder
