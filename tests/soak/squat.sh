#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# squat.sh short|long: another process has created the pipe's name, and a non-administrator tries to
# change the agent's data.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
case $1 in long) targets="win64 win32" ;; *) targets=win64 ;; esac
prefix_of_its_own

failed=0
for target in $targets; do
    if [ $target = win32 ]; then ! skip_32bit "squat" || continue; fi
    timeout 250 "$WINE" "$root/build/$target/tests/soak/soak-squat.exe" </dev/null || failed=1
done
exit $failed
