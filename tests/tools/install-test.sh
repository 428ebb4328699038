#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# meson install: a NAP client that is built only with the installed headers, import libraries and
# pkg-config files runs.
. "$(dirname "$0")/../lib.sh"

installed_prefix
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all}

# pkg-config's flags for the installed headers and libraries.
flags() { PKG_CONFIG_SYSROOT_DIR=$dest PKG_CONFIG_LIBDIR=$dest/usr/local/lib/pkgconfig pkg-config "$@" wine-nap wine-nap-rasapi32 wine-nap-mprapi; }

build_client() {
    "$cc" -Wall -Wextra -Werror -D_WIN32_WINNT=0x0601 $(flags --cflags) -MD -MF "$work/depends" \
        -o "$work/client.exe" "$root/tests/tools/install-client.c" $(flags --libs)
}
# Checks that every header of ours came from the installation.
from_installation() {
    tr ' ' '\n' <"$work/depends" | grep -E '/(nap[a-z]*|rasnap)\.h' | grep -vE "^$dest/usr/local/include/wine-nap/" && return 1
    grep -q "wine-nap/napenforcementclient.h" "$work/depends"
}
runs() { run_in_wine 60 "$work/client.exe" </dev/null >"$work/out" 2>&1; code=$?; cat "$work/out"; [ $code = 0 ] && grep -q done "$work/out"; }

for bits in 64 32; do
    [ $bits = 64 ] && cc=x86_64-w64-mingw32-gcc || cc=i686-w64-mingw32-gcc
    dest=$work/install$bits
    check "meson install, $bits bit" env DESTDIR="$dest" meson install -C "$root/build/win$bits" --no-rebuild --quiet
    check "a client is built against it" build_client
    check "with its headers only" from_installation
    [ $bits = 32 ] && skip_32bit "a client that was built runs" || check "and runs" runs
done
