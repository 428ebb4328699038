#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# storm.sh short|long: 1,000 or 10,000 clients in a row connect and close at once; afterwards the
# agent serves as before.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
case $1 in long) rounds=10000 ;; *) rounds=1000 ;; esac
prefix_of_its_own

failed=0
for target in win64 win32; do
    if [ $target = win32 ]; then ! skip_32bit "storm" || continue; fi
    timeout 600 "$WINE" "$root/build/$target/tests/soak/soak-storm.exe" $rounds </dev/null || failed=1
done
exit $failed
