# SPDX-License-Identifier: LGPL-2.1-or-later
# setup.sh in unusual places: paths of prefix and release with spaces and letters that are not ASCII;
# a relative path, a symbolic link; a prefix whose registry is not written yet; a prefix for 64-bit
# programs only, and one for 32-bit programs only; beside a Wine of another version.
. "$(dirname "$0")/../lib.sh"

work_dir
own_prefix
export WINEDEBUG=${WINEDEBUG--all}
unset WINEARCH
. "$root/tests/tools/releases.sh"
new=${setup[$newer]}

# Move the prefix into a subfolder of itself, so that it is removed with its old folder at the end.
wait_wine
outer=$WINEPREFIX
odd="$outer/a prefix ü 日本"
mkdir "$odd" && find "$outer" -mindepth 1 -maxdepth 1 ! -path "$odd" -exec mv -t "$odd" {} +
export WINEPREFIX=$odd
windows=$odd/drive_c/windows
trap 'for p in "$odd" "$work/win32"; do [ ! -d "$p" ] || WINEPREFIX=$p timeout 60 "$WINESERVER" -k; done; _tidy' EXIT

wine() { WINEDLLOVERRIDES="mscoree,mshtml=" run_in_wine 120 "$@" >"$work/wine.out" 2>&1 </dev/null 5>&-; }
healthy() { "$new" status >"$work/status" 2>&1 && grep -q 'No fault found' "$work/status" || { cat "$work/status"; return 1; }; }
serves() { wine net start napagent; wine napctl.exe enforcement enable 79617 && wine napctl.exe show state || { cat "$work/wine.out"; return 1; }; }
refused() { # PATTERN COMMAND...: in one line
    ! "${@:2}" >"$work/out" 2>"$work/err" && [ "$(wc -l <"$work/err")" = 1 ] && grep -q -- "$1" "$work/err" ||
        { cat "$work/out" "$work/err"; return 1; }
}

# A Wine that fails with these messages whatever it is to run.
cat >"$work/other wine" <<'END'
#!/bin/sh
[ "$*" != --version ] || { echo wine-9.0; exit; }
echo "it looks like wine32 is missing"
echo "wine client error:0: version mismatch 762/778." >&2
echo "Or maybe the wrong wineserver is still running?" >&2
exit 1
END
chmod +x "$work/other wine"
check "beside a Wine of another version nothing is installed" refused "version mismatch 762/778" env WINE="$work/other wine" "$new" install
check "and nothing was changed" test ! -e "$odd/.wine-nap" -a ! -e "$windows/system32/qagent.dll"

mkfifo "$work/input"
"$WINE" cmd <"$work/input" >/dev/null 2>&1 & # the prefix stays up
keeper=$!
exec 5>"$work/input"
wine cmd /c exit
mv "$odd/system.reg" "$work/system.reg" # as in a new prefix, where Wine has not written it yet
check "it installs into such a path given as a relative one" eval '(cd "$outer" && LC_ALL=C WINEPREFIX="${odd##*/}" "$new" install 5>&-)'
check "and there it is healthy" healthy
check "and serves" serves
[ -e "$odd/system.reg" ] || mv "$work/system.reg" "$odd"
ln -s "$odd" "$work/link"
[ "$(id -u)" != 0 ] || chown -h 65534 "$work/link" # the link's owner does not matter
check "by a symbolic link too" eval 'WINEPREFIX=$work/link "$new" install 5>&- && WINEPREFIX=$work/link healthy'

if ! skip_32bit "left out of a mixed prefix"; then
check "32-bit programs are left out" eval '"$new" install --only-64-bit 5>&-'
check "so none of our files is in syswow64" eval '! ls "$windows"/syswow64/{qagent.dll,qutil.dll,napctl.exe} 2>/dev/null && ! cmp -s "$windows/syswow64/rasapi32.dll" "$(dirname "$new")/../lib/win32/rasapi32.dll"'
check "which is healthy" healthy
check "and status says so" grep -q 'wine-nap is not installed for 32-bit programs' "$work/status"
check "and serves" serves
check "a full install includes them again" eval '"$new" install 5>&- && healthy && ! grep -q "is not installed for 32-bit" "$work/status"'
fi
kill $keeper # closing its input is not enough: a wineserver may have inherited that from us
wait $keeper 2>/dev/null
exec 5>&-

# Wine's WoW64 mode makes no prefix for 32-bit programs only.
export WINEPREFIX=$work/win32
mkdir "$WINEPREFIX"
WINEARCH=win32 wine wineboot -i
wait_wine 2>/dev/null
if [ ! -f "$WINEPREFIX/drive_c/windows/system32/kernel32.dll" ] || [ -e "$WINEPREFIX/drive_c/windows/syswow64" ]; then
    skip "32-bit-only prefix" "this Wine makes none: $(tail -n 1 "$work/wine.out")"
    exit
fi
check "it installs into a prefix for 32-bit programs only" "$new" install
check "and there it is healthy" healthy
check "with 32-bit files" test "$("$root/tools/pe-version" "$WINEPREFIX/drive_c/windows/system32/napagent.exe")" = "32 $newer"
check "and serves" serves
check "and can be uninstalled" "$new" uninstall --purge
