#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# registry.sh short|long: the registry really refuses what the agent wants to write.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
prefix_of_its_own

# What is tested is the agent; who asks may be of either word size.
case $1 in long) targets="win64 win32" ;; *) targets=win64 ;; esac
failed=0
for target in $targets; do
    if [ $target = win32 ]; then ! skip_32bit "registry" || continue; fi
    timeout 250 "$WINE" "$root/build/$target/tests/soak/soak-registry.exe" </dev/null || failed=1
done
exit $failed
