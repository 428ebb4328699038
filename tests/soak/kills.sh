#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kills.sh short|long: the agent is killed 10 or 100 times at random moments under load; then clients
# and health agents are killed as often, inside a callback. KILLS_SEED=N repeats a run's choices.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# Every few minutes a thread of a 32-bit program loses its FS register inside Wine's ntdll, which ends
# the program. So the short form, which each change runs, has no 32-bit programs.
case $1 in long) kills=100 other=$(other_target) ;; *) kills=10 other=win64 ;; esac
prefix_of_its_own
unset NAP_CONTRACT_RECORD # thousands of calls

seed=${KILLS_SEED:-$(($(date +%s) % 1000000))}
program() { echo "Z:${root//\//\\}\\build\\$1\\tests\\soak\\$2.exe"; }
echo "KILLS_SEED=$seed"
timeout $((200 + kills * 20)) "$WINE" "$(program win64 soak-kills)" $kills $kills "$seed" \
    "$(program win64 soak-partner)" "$(program $other soak-partner)" </dev/null
code=$?
find "$WINEPREFIX/drive_c/windows" -iname 'napagent.log*' -exec grep -h ' ERROR \| WARN ' {} + | tail -n 40 >&2
exit $code
