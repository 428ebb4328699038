#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Instructions per byte (callgrind, native -O2) and nanoseconds per SSoH of reading and building
# packets with as many TLVs as fit. Fails when 4,000 bytes cost more than 1.3 times per byte what
# 600 bytes do; 100 bytes are printed only.
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

# instructions WHAT SIZE: of all rounds, counted from the entry of bench_WHAT to its return.
# Building is also how a packet to read comes about: one more round, then not counted apart.
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect="bench_$1" \
        "$bench" "$1" "$2" "$rounds" 2>&1 >/dev/null | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

# median NUMBER...: of five
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
