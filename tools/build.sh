#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# build.sh [--no-tests] [win64|win32|native|server|all|fuzz]: configure if needed and build into
# build/<target>.
#
#   win64, win32  the DLLs and programs that Wine runs, with mingw-w64
#   native        the portable libraries and their tests, with ASan and UBSan
#   server        nap-validate, the health policy server for hosts, optimized and without tests
#   all           these four (the default)
#   fuzz          the libFuzzer targets of tests/fuzz, with clang, ASan and UBSan; see soak.sh
#   --no-tests    leave the tests out of a new build folder (they need cmocka)
set -u
[ "${1:-}" != --help ] || exec sed -n '3,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build

die() { echo "build.sh: $*" >&2; exit 1; }

tests=true
if [ "${1:-}" = --no-tests ]; then
    tests=false
    shift
fi
case ${1:-all} in
    all) targets="win64 win32 native server" ;;
    win64 | win32 | native | server | fuzz) targets=$1 ;;
    *) die "unknown target '$1'; usage: build.sh [--no-tests] [win64|win32|native|server|all|fuzz]" ;;
esac

need() {
    command -v "$1" >/dev/null || die "$1 is missing; run tools/deps.sh $2 (it installs what the build needs)"
}

for target in $targets; do
    need meson demo
    need ninja demo
    case $target in
        win64) need x86_64-w64-mingw32-gcc demo; need widl demo ;;
        win32) need i686-w64-mingw32-gcc test; need widl demo ;;
        native) need cc test; need pkg-config test ;;
        server) need cc test ;;
        fuzz) need clang fuzz; need pkg-config fuzz ;;
    esac
done

mkdir -p "$build" || die "cannot write to $build"

# Meson takes a wrap's tarball from here instead of the net.
if [ -d "$build/packagecache" ]; then
    mkdir -p "$root/subprojects/packagecache"
    cp -u "$build"/packagecache/* "$root/subprojects/packagecache/"
fi

# A build folder names its place everywhere: one that came with a copied or moved tree would write
# into the first.
forget_copied() { # TARGET
    local information=$build/$1/meson-info/meson-info.json place
    [ -f "$information" ] || return 0
    # Meson is Python; who cannot read what it wrote leaves the folder alone.
    place=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["directories"]["build"])' "$information" 2>/dev/null) || return 0
    [ "$place" != "$(realpath "$build/$1")" ] || return 0
    echo "build.sh: build/$1 was made as $place: it is made anew"
    rm -rf "${build:?}/$1"
}

configure() {
    local options=("--cross-file=$root/build-$1.txt") tests=$tests
    case $1 in
        native) options=(-Db_sanitize=address,undefined) ;;
        server) options=(--buildtype=release -Doptimization=2) tests=false ;;
        fuzz)
            options=(-Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false)
            local -x CC=clang
            ;;
    esac
    if [ -f "$build/$1/build.ninja" ]; then
        if [ $tests = true ] && [ -e "$build/$1/without-tests" ]; then
            meson configure "$build/$1" -Dtests=true || die "Meson could not add the tests to build/$1"
            rm "$build/$1/without-tests"
        fi
        return
    fi
    rm -rf "${build:?}/$1"
    echo "build.sh: configuring build/$1"
    if ! meson setup "${options[@]}" -Dtests=$tests "$build/$1" "$root" >"$build/$1-setup.log" 2>&1 </dev/null; then
        tail -n 15 "$build/$1-setup.log" >&2
        rm -rf "${build:?}/$1"
        die "Meson could not configure build/$1 (see above and build/$1-setup.log)"
    fi
    [ $tests = true ] || touch "$build/$1/without-tests"
}

for target in $targets; do
    forget_copied "$target"
    configure "$target"
    echo "build.sh: building build/$target"
    goal=all
    case $target in
        fuzz) goal=fuzz ;;
        server) goal=programs/nap-validate/nap-validate ;;
    esac
    ninja -C "$build/$target" -j "$(nproc)" $goal </dev/null || die "build/$target does not build (see above)"
    ninja -C "$build/$target" -t cleandead >/dev/null # a removed test must not run
done
