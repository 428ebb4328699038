# SPDX-License-Identifier: LGPL-2.1-or-later
# A missing requirement or wrong input is reported in one line, before anything is changed.
. "$(dirname "$0")/../lib.sh"

work_dir
unset WINE WINELOADER WINESERVER WINEPREFIX SETUP_FILES

# refused NAME PATTERN COMMAND...: the command fails with one line on stderr that matches the
# pattern, and does not change $work/tree and $work/prefix.
state() { (cd "$work" && find tree prefix -printf '%p %u %s %T@\n' | grep -v 'build/deps.log\|^tree/build ' | sort); }
refused() {
    local name=$1 pattern=$2 code before
    shift 2
    before=$(state)
    "$@" >"$work/out" 2>"$work/err" </dev/null
    code=$?
    if [ $code = 0 ]; then
        not_ok "$name" "exit code 0"
    elif [ "$(wc -l <"$work/err")" != 1 ] || ! grep -q -- "$pattern" "$work/err"; then
        cat "$work/err"
        not_ok "$name" "not one line like '$pattern'"
    elif [ "$(state)" != "$before" ]; then
        diff <(echo "$before") <(state)
        not_ok "$name" "something was changed"
    else
        ok "$name"
    fi
}

# without COMMAND... -- SCRIPT...: runs the script with a PATH that lacks the commands.
without() {
    local bin=$work/bin
    rm -rf "$bin"
    mkdir "$bin"
    ln -s /usr/bin/* "$bin"
    while [ "$1" != -- ]; do rm -f "$bin/$1"; shift; done
    shift
    PATH=$bin "$@"
}

# with COMMAND TEXT -- SCRIPT...: runs the script with a command replaced by a shell script TEXT.
with() {
    local bin=$work/stubs
    rm -rf "$bin"
    mkdir "$bin"
    while [ "$1" != -- ]; do
        printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"
        chmod +x "$bin/$1"
        shift 2
    done
    shift
    PATH=$bin:$PATH "$@"
}

# A source tree without its build, and a folder that looks like a prefix.
mkdir -p "$work/tree/subprojects"
cp -r "$root"/tools "$root"/meson.build "$work/tree"
cp "$root"/subprojects/cmocka.wrap "$work/tree/subprojects"
tools=$work/tree/tools
mkdir -p "$work/prefix/drive_c/windows/system32" "$work/prefix/dosdevices" "$work/empty"
cp "$root/build/win64/dlls/qutil/qutil.dll" "$work/prefix/drive_c/windows/system32/kernel32.dll" # for pe-version: a 64-bit prefix

# A Wine that must only be asked for its version.
wine_stub() { printf '#!/bin/sh\n[ "$*" = --version ] && echo %s && exit\ntouch %s\n' "$1" "$work/prefix/called" >"$work/wine"; chmod +x "$work/wine"; }
wine_stub wine-8.0
export WINEPREFIX=$work/prefix

for action in install uninstall status; do
    refused "$action without Wine" "no Wine here" without wine wine-stable -- "$tools/setup.sh" $action
    refused "$action with a wrong WINE" "no Wine here (/no/wine)" env WINE=/no/wine "$tools/setup.sh" $action
    refused "$action without a prefix" "is not a Wine prefix" env WINE="$work/wine" WINEPREFIX="$work/none" "$tools/setup.sh" $action
    refused "$action in a folder that is no prefix" "is not a Wine prefix" env WINE="$work/wine" WINEPREFIX="$work/empty" "$tools/setup.sh" $action
    refused "$action in someone else's prefix" "belongs to" with stat 'case $* in *%%u*) echo 12345 ;; *) echo somebody ;; esac' -- env WINE="$work/wine" "$tools/setup.sh" $action
done
if [ "$(id -u)" = 0 ]; then
    chown 65534 "$work/prefix"
    refused "install as root in a user's prefix" "belongs to nobody" env WINE="$work/wine" "$tools/setup.sh" install
    chown 0 "$work/prefix"
fi
# Runs a command without root's right to write everywhere.
common() { if [ "$(id -u)" = 0 ]; then setpriv --bounding-set=-dac_override,-dac_read_search "$@"; else "$@"; fi; }
chmod a-w "$work/prefix/drive_c/windows/system32"
refused "install where nothing can be written" "cannot write to .*system32; make it writable" common env WINE="$work/wine" "$tools/setup.sh" install
chmod u+w "$work/prefix/drive_c/windows/system32"
for version in wine-6.0 wine-7.22 "'wine-6.0.3 (Ubuntu 6.0.3~repack-1)'"; do
    wine_stub "$version"
    refused "install with $version" "needs Wine 8.0 or later" env WINE="$work/wine" "$tools/setup.sh" install
done
wine_stub nonsense
refused "install with a WINE that is not Wine" "does not report its version" env WINE="$work/wine" "$tools/setup.sh" install
for version in wine-8.0 wine-8.0.1 wine-10.0-rc2 "'wine-10.0 (Staging)'"; do
    wine_stub "$version"
    refused "install with $version, nothing built" "is not built; run tools/build.sh win64" env WINE="$work/wine" "$tools/setup.sh" install
done
# What a person sees has no control character, whatever the prefix is called and whatever Wine says.
odd=$work/$(printf 'odd\033[31m\302\233\342\200\256') # ESC, U+009B, U+202E
cat >"$work/wine" <<'END'
#!/bin/sh
[ "$*" = --version ] && echo wine-8.0 && exit
printf 'wine: \033[31mno\302\233\342\200\256\r\n'
exit ${ENDS_WITH:-0}
END
setup_says() { # ACTION PATTERN...
    env WINE="$work/wine" WINEPREFIX="$odd" "$tools/setup.sh" "$1" >"$work/out" 2>&1 </dev/null
    for pattern in "${@:2}"; do grep -qx -- "$pattern" "$work/out" || { cat -A "$work/out"; return 1; }; done
    ! LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f]|\xc2\x9b|\xe2\x80\xae' "$work/out" || { cat -A "$work/out"; return 1; }
}
check "control characters: a path where no prefix is" setup_says install 'setup.sh: .*/odd?\[31m?? is not a Wine prefix; .*'
mkdir -p "$odd/drive_c/windows/system32" "$odd/dosdevices" "$odd/.wine-nap"
cp "$work/prefix/drive_c/windows/system32/kernel32.dll" "$odd/drive_c/windows/system32"
ENDS_WITH=1 check "control characters: what a Wine that fails says" setup_says uninstall \
    'setup.sh: .* runs no program in .*/odd?\[31m??: wine: ?\[31mno???; .*'
check "control characters: what status shows" setup_says status '.*/odd?\[31m??: 64-bit, wine-8.0' 'wine: ?\[31mno??'
check "control characters: what uninstall says at its end" setup_says uninstall 'setup.sh: wine-nap is out of .*/odd?\[31m??; .*'
check "the way to make a prefix names the Wine" eval \
    '! env WINE="$work/wine" WINEPREFIX="$work/no ne" "$tools/setup.sh" install 2>"$work/err" && grep -qF "make one with: WINEPREFIX=${work}/no\\ ne $work/wine wineboot -i" "$work/err"'
for options in dos "win7 --program" 'win7 --program C:\setup.exe' "win7 --program setup" "win7 setup.exe" default; do
    refused "setup.sh --windows-version $options" "no version\|not the name of\|usage\|no default" "$tools/setup.sh" --windows-version $options
done
refused "setup.sh without an action" "usage" "$tools/setup.sh"
refused "setup.sh with an unknown action" "usage" "$tools/setup.sh" purge

for command in meson ninja x86_64-w64-mingw32-gcc widl; do
    refused "build without $command" "$command is missing; run tools/deps.sh" without $command -- "$tools/build.sh" win64
done
refused "build without the 32-bit compiler" "i686-w64-mingw32-gcc is missing; run tools/deps.sh test" without i686-w64-mingw32-gcc -- "$tools/build.sh" all
refused "native build without a compiler" "cc is missing; run tools/deps.sh test" without cc -- "$tools/build.sh" native
refused "build of an unknown target" "unknown target" "$tools/build.sh" win16

nothing_installed='exit 1'
all_installed='case $* in *libwine) printf 8.0 ;; *) printf installed ;; esac'
no_network='echo "Err: Could not resolve host"; exit 100'
mkdir -p "$work/tree/build"
refused "deps of an unknown job" "unknown job" "$tools/deps.sh" everything
refused "no package network" "cannot get .*meson.*; check the network" \
    with dpkg-query "$nothing_installed" apt-get "$no_network" sudo 'exec "$@"' -- "$tools/deps.sh" demo
refused "no source package network" "cannot get cmocka's source package; check the network" \
    with dpkg-query "$all_installed" apt-get "$no_network" -- "$tools/deps.sh" test
refused "neither root nor sudo" "not root and no sudo; as root run" \
    without sudo -- with dpkg-query "$nothing_installed" id 'echo 1000' -- "$tools/deps.sh" demo
refused "test.sh with an unknown option" "unknown option" "$tools/test.sh" --lenient
