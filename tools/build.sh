#!/bin/bash
# build.sh [win64|win32|native|all]: configure if needed and build into build/<target>.
#
#   win64, win32  what Wine runs, with mingw-w64
#   native        the portable libraries and their tests, with ASan and UBSan
#   all           the three (the default)
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build

die() { echo "build.sh: $*" >&2; exit 1; }

case ${1:-all} in
    all) targets="win64 win32 native" ;;
    win64 | win32 | native) targets=$1 ;;
    *) die "unknown target '$1'; usage: build.sh [win64|win32|native|all]" ;;
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
    esac
done

mkdir -p "$build" || die "cannot write to $build"

# Meson looks for a wrap's tarball here before it goes to the net.
if [ -d "$build/packagecache" ]; then
    mkdir -p "$root/subprojects/packagecache"
    cp -u "$build"/packagecache/* "$root/subprojects/packagecache/"
fi

configure() {
    local options=("--cross-file=$root/build-$1.txt")
    [ "$1" = native ] && options=(-Db_sanitize=address,undefined)
    [ -f "$build/$1/build.ninja" ] && return
    rm -rf "${build:?}/$1"
    echo "build.sh: configuring build/$1"
    if ! meson setup "${options[@]}" "$build/$1" "$root" >"$build/$1-setup.log" 2>&1 </dev/null; then
        tail -n 15 "$build/$1-setup.log" >&2
        rm -rf "${build:?}/$1"
        die "Meson could not configure build/$1 (see above and build/$1-setup.log)"
    fi
}

for target in $targets; do
    configure "$target"
    echo "build.sh: building build/$target"
    ninja -C "$build/$target" -j "$(nproc)" </dev/null || die "build/$target does not build (see above)"
    ninja -C "$build/$target" -t cleandead >/dev/null # a test that was removed shall not run
done
