#!/bin/bash
# soak.sh [--long] [TARGET...]: feed the parsers hostile bytes, under ASan and UBSan.
#
# Each libFuzzer target of tests/fuzz, or those named, first replays its seeds in
# tests/fuzz/corpus/TARGET, then goes looking for 20 s; with --long, for 10 minutes. What it
# learned is kept in build/corpus/TARGET for the next time. Ends with "clean" and exit code 0, or
# names the targets that failed: their input is in build/fuzz-failures then, and
# build/fuzz/tests/fuzz/fuzz-TARGET FILE shows the failure again.
#
#   soak.sh --list   prints the targets
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build
seeds=$root/tests/fuzz/corpus
failures=$build/fuzz-failures logs=$build/fuzz-logs

die() { echo "soak.sh: $*" >&2; exit 1; }

seconds=20 list=""
case ${1:-} in
    --long) seconds=600; shift ;;
    --list) list=1; shift ;;
esac
for target; do
    [ -f "$root/tests/fuzz/$target.c" ] || {
        echo "soak.sh: no target '$target' in tests/fuzz; usage: soak.sh [--long] [TARGET...] | --list" >&2
        exit 2
    }
done

{ "$root/tools/deps.sh" fuzz && "$root/tools/build.sh" fuzz; } >&2 || exit 1
# What was built is what tests/fuzz/meson.build names.
[ $# -gt 0 ] || set -- $(find "$build/fuzz/tests/fuzz" -maxdepth 1 -type f -executable -name 'fuzz-*' \
    ! -name fuzz-seeds -printf '%f\n' | sed 's/^fuzz-//' | sort)
[ $# -gt 0 ] || die "no target was built"
if [ -n "$list" ]; then
    printf '%s\n' "$@"
    exit
fi

mkdir -p "$failures" "$logs" || die "cannot write to $build"
export ASAN_OPTIONS=${ASAN_OPTIONS-} UBSAN_OPTIONS=${UBSAN_OPTIONS-print_stacktrace=1}

# Runs the program of a target, its output into $log.
run() { # TARGET ARGUMENTS...
    "$build/fuzz/tests/fuzz/fuzz-$1" -artifact_prefix="$failures/$1-" "${@:2}" >>"$log" 2>&1 </dev/null
}

# Succeeds if nothing was found and enough was looked at; $inputs is how much.
fuzz() { # TARGET
    local files=("$seeds/$1"/*)
    [ -e "${files[0]}" ] || { echo "no seeds in ${seeds#"$root"/}/$1" >>"$log"; return 1; }
    run "$1" "${files[@]}" || return
    mkdir -p "$build/corpus/$1"
    run "$1" -max_total_time=$seconds -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        "$build/corpus/$1" "$seeds/$1" || return
    inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
    [ "${inputs:-0}" -ge 1000 ]
}

failed="" total=0
for target; do
    log=$logs/$target.log inputs=0
    echo "soak.sh: $target: its seeds, then $seconds s"
    : >"$log"
    if fuzz "$target"; then
        echo "soak.sh: $target: $inputs inputs, clean"
        total=$((total + inputs))
    else
        failed+=" $target"
        echo "--- the end of ${log#"$root"/}"
        tail -n 40 "$log"
        echo "---"
        echo "soak.sh: $target: FAILED"
    fi
done
[ -z "$failed" ] || die "FAILED:$failed (of $# targets)"
echo "soak.sh: $# targets, $total inputs, clean"
