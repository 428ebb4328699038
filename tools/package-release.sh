#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# package-release.sh [DIRECTORY]: makes wine-nap-VERSION.tar.xz there (default: build/).
# It installs without a compiler: unpack it and run its tools/setup.sh install.
set -u
[ "${1:-}" != --help ] || exec sed -n '3,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${1:-$root/build}

die() { echo "package-release.sh: $*" >&2; exit 1; }

[ $# -le 1 ] || die "usage: package-release.sh [DIRECTORY]"
mkdir -p "$out" || die "cannot write to $out"
for target in win64 win32 server; do
    "$root/tools/build.sh" --no-tests $target >"$root/build/package-$target.log" 2>&1 ||
        { tail -n 5 "$root/build/package-$target.log" >&2; die "$target does not build"; }
done
version=$(sed -nE "s/^ *version: '([^']*)',.*/\1/p" "$root/meson.build" | head -n 1)
name=wine-nap-$version
stage=$(mktemp -d "$root/build/package.XXXXXX") || exit 1
trap 'rm -rf "$stage"' EXIT
top=$stage/$name
mkdir -p "$top"/{bin,lib/win64,lib/win32,tools}

# The files that setup.sh installs, and those that it needs to do so.
for bits in 64 32; do
    [ $bits = 64 ] && strip=x86_64-w64-mingw32-strip || strip=i686-w64-mingw32-strip
    for file in "$root/build/win$bits"/dlls/*/*.dll "$root/build/win$bits"/programs/*/*.exe; do
        # -p: no timestamp, so that the file is reproducible
        "$strip" -p -o "$top/lib/win$bits/$(basename "$file")" "$file" || die "cannot strip $file"
    done
done
# A program of the host, for health policy servers without Wine.
strip -o "$top/bin/nap-validate" "$root/build/server/programs/nap-validate/nap-validate" || die "cannot strip nap-validate"
cp -r "$root"/tools/{setup.sh,wine-host.sh,host-command.sh,pe-version,check-exports,exports,hooks} "$top/tools" || die "cannot copy the tools"
rm -f "$top/tools/exports"/*.awk
cp -r "$root"/{README.md,CHANGELOG.md,LICENSE,docs} "$top" || die "cannot copy the documents"
mkdir "$top/examples"
cp -r "$root"/examples/{policies,demo,freeradius} "$top/examples" || die "cannot copy the examples"

date=$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)
tar -C "$stage" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$date" -cJf "$out/$name.tar.xz" "$name" ||
    die "cannot write $out/$name.tar.xz"
echo "$out/$name.tar.xz"
