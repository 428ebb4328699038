#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Measures reading and building packets with as many TLVs as fit: instructions per byte (callgrind,
# native -O2) and nanoseconds per SSoH. Fails if a byte of 4,000 costs more than 1.3 times a byte
# of 600; the figures for 100 bytes are only printed.
#
# usage: tests/bench/soh.sh [BUILD-FOLDER]        (needs meson, ninja, valgrind)
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$root/build/bench}
rounds=200
most=1.30

if [ ! -f "$build/build.ninja" ]; then
    meson setup "$build" "$root" --buildtype=plain -Doptimization=2 -Ddebug=true >/dev/null
fi
ninja -C "$build" tests/bench/bench-soh >/dev/null
bench=$build/tests/bench/bench-soh

# instructions WHAT SIZE: prints the instructions of all rounds, from the entry of bench_WHAT to its
# return. The packet is first built once, so the count of building has one round more.
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect="bench_$1" \
        "$bench" "$1" "$2" "$rounds" 2>&1 >/dev/null | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

# median NUMBER...: prints the median of five numbers
median() {
    printf '%s\n' "$@" | sort -n | sed -n 3p
}

printf '%-6s %6s %6s %14s %12s %8s\n' what bytes TLVs instructions per-byte ns
status=0
for what in parse build; do
    at600=
    for limit in 100 600 4000; do
        total=$(instructions "$what" "$limit")
        [ -n "$total" ] || { echo "soh.sh: callgrind counted nothing" >&2; exit 1; }
        counted=$rounds
        [ "$what" = build ] && counted=$((rounds + 1))
        set --
        for _ in 1 2 3 4 5; do
            out=$("$bench" "$what" "$limit" 20000)
            set -- "$@" "${out##* }"
        done
        size=${out%% *}
        tlvs=${out#* }
        tlvs=${tlvs%% *}
        each=$((total / counted))
        per_byte=$(awk "BEGIN { printf \"%.2f\", $total / $counted / $size }")
        printf '%-6s %6s %6s %14s %12s %8s\n' "$what" "$size" "$tlvs" "$each" "$per_byte" \
            "$(median "$@")"
        [ "$limit" = 600 ] && at600=$per_byte
    done
    ratio=$(awk "BEGIN { printf \"%.2f\", $per_byte / $at600 }")
    verdict=ok
    if awk "BEGIN { exit !($ratio > $most) }"; then
        verdict="MORE THAN $most"
        status=1
    fi
    printf '%-6s per byte, 4000 against 600: %sx (at most %sx) %s\n' "$what" "$ratio" "$most" \
        "$verdict"
done
exit $status
