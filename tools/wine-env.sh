# wine-env.sh: sourced by the scripts that run Wine on a prefix of their own.
#
#   wine_env           exports WINE, WINELOADER, WINESERVER: the caller's own if set, else
#                      build/wine32 (both word sizes, see deps.sh), else the system's
#   scratch_prefix     makes a prefix below build/ and exports WINEPREFIX; a copy of
#                      $PREFIX_TEMPLATE if that is set, which is faster
#   wait_wine          waits until all of this prefix's programs have ended, registry on disk
#   drop_prefix        ends what still runs in the scratch prefix and removes it
#
# To run programs by hand as the tests do: . tools/wine-env.sh && wine_env
_build=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/build

wine_env() {
    local tree=$_build/wine32/lib/wine own=${WINE:-${WINELOADER:-}} dir
    if [ -z "$own" ] && [ -f "$_build/wine32/version" ]; then
        own=$tree/wine64
        WINESERVER=$tree/wineserver64
    fi
    WINE=$(command -v "${own:-wine}") || {
        echo "${0##*/}: no Wine here (${own:-wine}); run tools/deps.sh or set WINE" >&2
        return 1
    }
    if [ -z "${WINESERVER:-}" ]; then
        dir=$(dirname "$WINE")
        for WINESERVER in "$dir/wineserver" "$dir/wineserver64" wineserver; do
            command -v "$WINESERVER" >/dev/null && break
        done
    fi
    # The loader is told to a caller's Wine only if the caller did: it may be a script.
    case $WINE in "$tree"/*) export WINELOADER=$WINE ;; esac
    export WINE WINESERVER
}

scratch_prefix() {
    mkdir -p "$_build" && WINEPREFIX=$(mktemp -d "$_build/prefix.XXXXXX") || return 1
    export WINEPREFIX WINEDEBUG="${WINEDEBUG--all}"
    unset DISPLAY WAYLAND_DISPLAY WINEARCH
    if [ -n "${PREFIX_TEMPLATE:-}" ]; then
        cp -a "$PREFIX_TEMPLATE/." "$WINEPREFIX"
        return
    fi
    # No Mono, no Gecko: nothing here needs them, and Wine would ask for them.
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
