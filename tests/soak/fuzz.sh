#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# fuzz.sh short|long [TARGET...]: hostile bytes for the parsers, under ASan and UBSan.
#
# Each libFuzzer target of tests/fuzz, or each named one, first replays its seeds in
# tests/fuzz/corpus/TARGET, then runs for 20 s, or 10 minutes; one target per core at a time. New
# inputs are kept in build/corpus/TARGET for the next run. The input that made a target fail is in
# build/fuzz-failures; build/fuzz/tests/fuzz/fuzz-TARGET FILE repeats the failure.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
seeds=$root/tests/fuzz/corpus failures=$root/build/fuzz-failures
case $1 in long) seconds=600 ;; *) seconds=20 ;; esac
shift
[ $# -gt 0 ] || set -- $(ls "$seeds")

{ "$root/tools/deps.sh" fuzz && "$root/tools/build.sh" fuzz; } >&2 || exit 1
mkdir -p "$failures"
work_dir
export ASAN_OPTIONS=${ASAN_OPTIONS-} UBSAN_OPTIONS=${UBSAN_OPTIONS-print_stacktrace=1}

# Succeeds if no fault was found in enough inputs.
fuzz() { # TARGET
    local program=$root/build/fuzz/tests/fuzz/fuzz-$1 inputs
    local files=("$seeds/$1"/*)
    "$program" -artifact_prefix="$failures/$1-" "${files[@]}" || return
    mkdir -p "$root/build/corpus/$1"
    "$program" -artifact_prefix="$failures/$1-" -max_total_time=$seconds -timeout=10 \
        -rss_limit_mb=2048 -print_final_stats=1 "$root/build/corpus/$1" "$seeds/$1" || return
    inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$1" | tail -n 1)
    echo "${inputs:-0}" >"$work/$1.inputs"
    [ "${inputs:-0}" -ge 200 ] # a busy machine does a tenth of what an idle one does
}

report() { # TARGET
    if [ -e "$work/$1.clean" ]; then
        printf '%-8s %9d inputs in %d s, clean\n' "$1" "$(cat "$work/$1.inputs")" $seconds
        ok "$1 is clean"
    else
        echo "--- fuzz-$1" >&2
        tail -n 40 "$work/$1" >&2
        not_ok "$1 is clean" "see build/fuzz-failures"
        failed=1
    fi
}

failed=0
for target; do
    while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do wait -n; done
    { fuzz "$target" </dev/null >"$work/$target" 2>&1 && touch "$work/$target.clean"; } &
done
wait
for target; do report "$target"; done
exit $failed
