#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# live.sh short|long: 2,000 or 100,000 hostile sessions against the running service while honest
# clients and health agents use it. The seed is $SOAK_SEED, or the time.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
case $1 in long) sessions=100000 ;; *) sessions=2000 ;; esac
prefix_of_its_own
unset NAP_CONTRACT_RECORD # thousands of calls
seed=${SOAK_SEED:-$(date +%s)}
program=tests/soak/soak-live.exe

other=$(cd "$root" && timeout 60 "$WINE" winepath -w "build/$(other_target)/$program" </dev/null | tr -d '\r')
wait_wine
# With real-time priority other work on the machine is not measured. Wine's server must get it too, so
# it must not run yet.
first="" judge=judge
if chrt -r 1 true 2>/dev/null; then first="chrt -r 1"; else judge=""; fi

echo "seed $seed"
$first timeout 7200 "$WINE" "$root/build/win64/$program" $sessions "$seed" "$other" $judge </dev/null
failed=$?

# The hostile sessions must not overflow the log.
bounded() {
    local size
    [ ${#logs[@]} -ge 1 ] && [ ${#logs[@]} -le 4 ] || return
    for size in "${sizes[@]}"; do [ "$size" -le $((1024 * 1024 + 4096)) ] || return; done
}
logs=("$WINEPREFIX"/drive_c/windows/logs/napagent.log*)
mapfile -t sizes < <(stat -c %s "${logs[@]}")
echo "log: ${#logs[@]} files, $(IFS=+; echo $(((${sizes[*]}) / 1024))) KiB"
check "the log stays within its four files of 1 MiB" bounded || failed=1
exit $failed
