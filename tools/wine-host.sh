# SPDX-License-Identifier: LGPL-2.1-or-later
# wine-host.sh: sourced by the scripts that start Wine: what they must know about Wine on this host.
#
#   find_wineserver WINE   prints the path of the wineserver of this loader: $WINESERVER if that is
#                          set, else the one beside the loader, in the library folders of its Wine,
#                          in the PATH, or in the system's library folders
#   wine_environment       removes from the environment what Wine does not bear

# The system's library folders of Wine: Debian unstable has its only wineserver there.
wine_libraries=(/usr/lib/wine /usr/lib/*-linux-gnu/wine)

find_wineserver() { # WINE
    local loader given target server
    if [ -n "${WINESERVER:-}" ]; then
        command -v "$WINESERVER"
        return
    fi
    loader=$(command -v "$1") || return 1
    given=$(dirname "$loader") target=$(dirname "$(readlink -f "$loader")")
    local folders=("$given" "$target" {"$given","$target"}/../{lib,lib64,lib/*-linux-gnu}/wine)
    [[ $target != */wine/*-unix ]] || folders+=("$target/../../../bin") # the loader is in the library folder
    for server in "${folders[@]/%//wineserver}" wineserver "${wine_libraries[@]/%//wineserver}"; do
        command -v "$server" || command -v "${server}64" || continue
        return
    done
    return 1
}

wine_environment() {
    # Debian 13's Wine 10.0 aborts with "free(): invalid pointer" if TMPDIR is set, to whatever. The
    # script that calls this still has it as a variable, for its own files.
    export -n TMPDIR
    # Without X11 Wine 10 and later try Wayland, whose library complains on stderr if it knows no folder
    # of displays. /dev/null is a path, so it needs no folder, and is no display.
    if [[ ${XDG_RUNTIME_DIR:-} != /* && ${WAYLAND_DISPLAY:-} != /* ]]; then
        export WAYLAND_DISPLAY=/dev/null
    fi
}
