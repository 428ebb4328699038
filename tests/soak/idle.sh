#!/bin/bash
# idle.sh short|long: while nobody watches, the agent does nothing at all for 5 or 30 s.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
. "$root/tools/idle.sh"
case $1 in long) seconds=30 ;; *) seconds=5 ;; esac
prefix_of_its_own

timeout 120 "$WINE" "$root/build/win64/tests/bench/bench-pipe.exe" hold </dev/zero >/dev/null 2>&1 &
holder=$!
timeout 60 "$WINE" net start napagent </dev/null >&2
settle && watch_idle $seconds || exit 1
kill $holder
echo "nobody is bound: $wakeups wake-ups, $ticks clock ticks of processor time in $seconds s"
check "an idle agent does not wake" [ $wakeups = 0 ]
check "it takes no processor time" [ $ticks = 0 ]
[ $wakeups = 0 ] && [ $ticks = 0 ]
