# SPDX-License-Identifier: LGPL-2.1-or-later
# wine-env.sh: sourced by the scripts that run Wine on a prefix of their own.
#
#   runs_32bit         true if this machine runs 32-bit code; not every kernel does
#   wine_env           exports WINE, WINELOADER, WINESERVER: the caller's own if set, else
#                      build/wine32 (64-bit and 32-bit, see deps.sh), else the system's
#   scratch_prefix     makes a prefix below build/ and exports WINEPREFIX; a copy of
#                      $PREFIX_TEMPLATE if that is set, which is faster
#   wait_wine          waits until all of this prefix's programs have ended and the registry is
#                      on the disk
#   drop_prefix        ends all programs of the scratch prefix and removes it
#
# To run programs by hand as the tests do: . tools/wine-env.sh && wine_env
_build=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/build
. "${BASH_SOURCE[0]%wine-env.sh}wine-host.sh" || exit 1

# Runs the smallest i386 program: it sets eax to 1 and ebx to 0 and executes int 0x80, which is
# exit(0). Wine needs exactly that much from the kernel.
runs_32bit() {
    local file
    if [ -z "${_runs_32bit:-}" ]; then
        mkdir -p "$_build" && file=$(mktemp "$_build/i386.XXXXXX") || return 1
        {
            printf '\x7fELF\1\1\1\0\0\0\0\0\0\0\0\0\2\0\3\0\1\0\0\0\x54\x80\4\x08\x34\0\0\0\0\0\0\0\0\0\0\0'
            printf '\x34\0\x20\0\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\x80\4\x08\0\x80\4\x08\x5d\0\0\0\x5d\0\0\0'
            printf '\5\0\0\0\0\x10\0\0\xb8\1\0\0\0\x31\xdb\xcd\x80'
        } >"$file"
        chmod +x "$file"
        if ("$file") 2>/dev/null; then _runs_32bit=yes; else _runs_32bit=no; fi
        rm -f "$file"
    fi
    [ $_runs_32bit = yes ]
}

wine_env() {
    wine_environment
    local tree=$_build/wine32/lib/wine own=${WINE:-${WINELOADER:-}} server
    if [ -z "$own" ] && [ -f "$_build/wine32/version" ] && runs_32bit; then
        own=$tree/wine64
        WINESERVER=$tree/wineserver64
    fi
    WINE=$(command -v "${own:-wine}") || {
        echo "${0##*/}: no Wine here (${own:-wine}); run tools/deps.sh or set WINE" >&2
        return 1
    }
    server=$(find_wineserver "$WINE") || {
        echo "${0##*/}: no wineserver here (${WINESERVER:-none for $WINE}); set WINESERVER" >&2
        return 1
    }
    WINESERVER=$server
    # Set WINELOADER only for our own tree: a caller's Wine may be a script.
    case $WINE in "$tree"/*) export WINELOADER=$WINE ;; esac
    export WINE WINESERVER
}

scratch_prefix() {
    mkdir -p "$_build" && WINEPREFIX=$(mktemp -d "$_build/prefix.XXXXXX") || return 1
    export WINEPREFIX WINEDEBUG="${WINEDEBUG--all}"
    unset DISPLAY WINEARCH
    export WAYLAND_DISPLAY=/dev/null # none; if it were unset, Wine 10 and later would try wayland-0
    if [ -n "${PREFIX_TEMPLATE:-}" ]; then
        cp -a "$PREFIX_TEMPLATE/." "$WINEPREFIX"
        return
    fi
    # Without Mono and Gecko: nothing here needs them, and Wine would ask whether to install them.
    if ! WINEDLLOVERRIDES="mscoree,mshtml=" timeout 180 "$WINE" wineboot -i \
        >"$WINEPREFIX/wineboot.log" 2>&1 </dev/null || [ ! -f "$WINEPREFIX/drive_c/windows/system32/kernel32.dll" ]; then
        echo "${0##*/}: $WINE could not make a prefix: $(tail -n 1 "$WINEPREFIX/wineboot.log")" >&2
        drop_prefix
        return 1
    fi
    wait_wine
}

wait_wine() { timeout 60 "$WINESERVER" -w; }

drop_prefix() {
    case ${WINEPREFIX:-} in
        "$_build"/prefix.*) ;;
        *) return 0 ;; # not ours
    esac
    [ ! -f "$WINEPREFIX/system.reg" ] || timeout 60 "$WINESERVER" -k 2>/dev/null
    timeout 60 "$WINESERVER" -w 2>/dev/null
    rm -rf "$WINEPREFIX"
}
