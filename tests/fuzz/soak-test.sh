#!/bin/bash
# No libFuzzer target finds anything: each replays its seeds and has 20 s. tools/soak.sh --long,
# which is not run here, gives each 10 minutes.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

check "the targets can be built" "$root/tools/soak.sh" --list
for target in $("$root/tools/soak.sh" --list 2>/dev/null); do
    check "$target is clean" "$root/tools/soak.sh" "$target"
done
