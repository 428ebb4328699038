# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/wine-host.sh: WINE alone is enough, wherever its wineserver is; and Wine gets nothing in its
# environment that it does not bear. Stand-ins take the place of every Wine.
. "$(dirname "$0")/../lib.sh"

work_dir
unset WINE WINELOADER WINESERVER WINEPREFIX PREFIX_TEMPLATE SETUP_FILES

# A PATH without Wine.
mkdir "$work/bin"
ln -s /usr/bin/* "$work/bin"
rm -f "$work"/bin/*wine*
export PATH=$work/bin

# A Wine of a Debian 13, as far as scripts see it: with TMPDIR it aborts, and without a display its
# Wayland library complains, which reads no folder if WAYLAND_DISPLAY is an absolute path.
loader() { # FILE
    mkdir -p "${1%/*}"
    cat >"$1" <<'END'
#!/bin/sh
[ -z "${TMPDIR+set}" ] || { echo "free(): invalid pointer" >&2; exit 134; }
case ${WAYLAND_DISPLAY:-} in
    /*) ;;
    *)
        case ${XDG_RUNTIME_DIR:-} in
            /*) ;;
            *) echo "error: XDG_RUNTIME_DIR is invalid or not set in the environment." >&2 ;;
        esac
        ;;
esac
case $* in
    --version) echo wine-10.0 ;;
    "wineboot -i")
        mkdir -p "$WINEPREFIX/drive_c/windows/system32" "$WINEPREFIX/dosdevices"
        touch "$WINEPREFIX/drive_c/windows/system32/kernel32.dll"
        ;;
esac
END
    chmod +x "$1"
}
server() { # FILE: says in $work/asked that it was asked
    mkdir -p "${1%/*}"
    printf '#!/bin/sh\necho "$(readlink -f "$0") $*" >>"%s/asked"\n' "$work" >"$1"
    chmod +x "$1"
}

# --- the wineserver of a loader

found() { # SERVER WINE
    local said
    said=$(. "$root/tools/wine-host.sh" && wine_libraries=("$work/system") && find_wineserver "$2")
    [ -n "$said" ] && [ "$(readlink -f "$said")" = "$work/$1" ] || { echo "found '$said'"; return 1; }
}
loader "$work/tarball/bin/wine"
server "$work/tarball/bin/wineserver"
check "it is found beside a tarball's loader" found tarball/bin/wineserver "$work/tarball/bin/wine"
mkdir "$work/links"
ln -s ../tarball/bin/wine "$work/links/wine"
check "and by a link to the loader" found tarball/bin/wineserver "$work/links/wine"
check "and by the loader's name in the PATH" eval 'PATH=$work/links:$PATH found tarball/bin/wineserver wine'
loader "$work/sixty-four/bin/wine64"
server "$work/sixty-four/bin/wineserver64"
check "it may be a wineserver64" found sixty-four/bin/wineserver64 "$work/sixty-four/bin/wine64"
loader "$work/new/lib/wine/x86_64-unix/wine"
server "$work/new/bin/wineserver"
check "and in bin of a loader in the library folder" found new/bin/wineserver "$work/new/lib/wine/x86_64-unix/wine"
loader "$work/unstable/bin/wine"
server "$work/unstable/lib/x86_64-linux-gnu/wine/wineserver"
check "it is found in the library folder of Debian unstable" found unstable/lib/x86_64-linux-gnu/wine/wineserver "$work/unstable/bin/wine"
loader "$work/stable/bin/wine"
server "$work/stable/lib/wine/wineserver"
check "and of Debian 12 and 13" found stable/lib/wine/wineserver "$work/stable/bin/wine"
loader "$work/alone/wine"
server "$work/system/wineserver"
check "the system's is found for a loader that stands alone" found system/wineserver "$work/alone/wine"
server "$work/path/wineserver"
check "but one in the PATH goes before it" eval 'PATH=$work/path:$PATH found path/wineserver "$work/alone/wine"'
check "and WINESERVER goes before all" eval 'WINESERVER=$work/path/wineserver found path/wineserver "$work/tarball/bin/wine"'
rm "$work/system/wineserver"
check "if there is none, none is found" eval '! found "" "$work/alone/wine"'

# --- WINE alone is enough

ended() { grep -qx "$work/$1 $2" "$work/asked" || { cat "$work/asked"; return 1; }; } # SERVER OPTION
scratch() { # runs a scratch prefix of the Wine $WINE as scripts do
    rm -f "$work/asked"
    (. "$root/tools/wine-env.sh" && wine_env && scratch_prefix && touch "$WINEPREFIX/system.reg" && drop_prefix)
}
install_by() { # SETUP
    rm -rf "$work/prefix" "$work/asked"
    mkdir -p "$work/prefix/dosdevices" "$work/prefix/drive_c/windows/system32"
    touch "$work/prefix/drive_c/windows/system32/kernel32.dll"
    SETUP_FILES="napctl.exe program" WINEPREFIX=$work/prefix "$1" install
}
for name in tarball unstable; do
    server=$(cd "$work" && find "$name" -name 'wineserver*')
    export WINE=$work/$name/bin/wine
    check "$name: WINE alone makes a scratch prefix" scratch
    check "$name: and waits for its wineserver" ended "$server" -w
    check "$name: and ends it" ended "$server" -k
    check "$name: WINE alone is enough to install" install_by "$root/tools/setup.sh"
    check "$name: and setup.sh waits for its wineserver" ended "$server" -w
done
unset WINE
check "a wineserver that is not there is named" eval '! WINE=$work/tarball/bin/wine WINESERVER=/no/wineserver scratch 2>"$work/err" && grep -q "no wineserver here (/no/wineserver)" "$work/err"'

# --- what Wine does not bear in its environment

export WINE=$work/tarball/bin/wine TMPDIR=$work/tmp
mkdir "$TMPDIR"
check "with TMPDIR set a scratch prefix is made" scratch
check "and setup.sh installs" install_by "$root/tools/setup.sh"
here_for_us() { (. "$root/tools/wine-host.sh" && wine_environment && [ "$TMPDIR" = "$work/tmp" ] && ! env | grep '^TMPDIR='); }
check "the script itself still has it" here_for_us
unset TMPDIR

unset XDG_RUNTIME_DIR WAYLAND_DISPLAY
says_nothing() { ! "$WINE" cmd 2>&1 | grep .; }
in_scratch() {
    (. "$root/tools/wine-env.sh" && wine_env && scratch_prefix && [ ! -s "$WINEPREFIX/wineboot.log" ] && says_nothing; code=$?; drop_prefix; exit $code)
}
elsewhere() { (. "$root/tools/wine-host.sh" && wine_environment && says_nothing); }
check "without XDG_RUNTIME_DIR Wine does not complain in a scratch prefix" in_scratch
check "nor elsewhere" elsewhere
check "nor if it is no absolute path" eval 'XDG_RUNTIME_DIR=run elsewhere'
no_display() { (. "$root/tools/wine-env.sh" && wine_env && scratch_prefix && [ "$WAYLAND_DISPLAY" = /dev/null ]; code=$?; drop_prefix; exit $code); }
check "a scratch prefix has no display" eval 'XDG_RUNTIME_DIR=/run/user/7 WAYLAND_DISPLAY=wayland-0 no_display'
keeps() { (. "$root/tools/wine-host.sh" && wine_environment && [ "${XDG_RUNTIME_DIR:-}:${WAYLAND_DISPLAY:-}" = "$1" ]); }
check "a user's display stays elsewhere" eval 'XDG_RUNTIME_DIR=/run/user/7 WAYLAND_DISPLAY=wayland-1 keeps /run/user/7:wayland-1'
