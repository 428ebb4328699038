#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# registry.sh short|long: the registry really rejects the agent's writes.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
prefix_of_its_own

# The test is of the agent; the client may be 64-bit or 32-bit.
case $1 in long) targets="win64 win32" ;; *) targets=win64 ;; esac
failed=0
for target in $targets; do
    if [ $target = win32 ]; then ! skip_32bit "registry" || continue; fi
    timeout 250 "$WINE" "$root/build/$target/tests/soak/soak-registry.exe" </dev/null || failed=1
done
exit $failed
