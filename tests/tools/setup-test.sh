# SPDX-License-Identifier: LGPL-2.1-or-later
# setup.sh: uninstall removes everything that install put into a prefix, to the byte.
# Takes up to 900 s.
. "$(dirname "$0")/../lib.sh"
. "$root/tests/tools/snapshot.sh"

work_dir
own_prefix
setup=$root/tools/setup.sh
windows=$WINEPREFIX/drive_c/windows

wine() { WINEDLLOVERRIDES="mscoree,mshtml=" "$WINE" "$@" >"$work/wine.out" 2>&1 </dev/null; }

# status_says NAME EXIT-CODE PATTERN
status_says() {
    local code
    "$setup" status >"$work/status" 2>&1
    code=$?
    if [ $code = "$2" ] && grep -q "$3" "$work/status"; then
        ok "$1"
    else
        cat "$work/status"
        not_ok "$1" "exit code $code, or nothing like '$3'"
    fi
}

wine cmd /c exit # Wine writes some files only at its second start
snapshot before

status_says "status of a prefix without us" 1 'not installed here'
check "install" "$setup" install
status_says "status after install" 0 'No fault found'
mv "$windows/syswow64" "$work" && mkdir "$windows/syswow64" # as a Wine for 64-bit programs leaves it
status_says "status where Wine runs no 32-bit programs" 0 'ok *syswow64: this Wine runs no 32-bit programs'
rmdir "$windows/syswow64" && mv "$work/syswow64" "$windows"
snapshot installed
check "install again" "$setup" install
snapshot installed-again
same "a second install changes nothing" installed installed-again

# Another install repairs faults; selftest-test.sh has more of them.
rm "$windows/system32/qagent.dll"
status_says "status names a missing file" 1 'FAULT *system32.qagent.dll: missing'
wine 'C:\windows\syswow64\regsvr32.exe' /s /u qagent.dll
check "install over the faults" "$setup" install
status_says "status after the repair" 0 'No fault found'
printf x >>"$windows/system32/qagent.dll"
status_says "status names a file of another build" 0 'note *system32.qagent.dll: differs from the one here'
check "install over it" "$setup" install
snapshot repaired
same "the repaired prefix equals the installed one" installed repaired

# An upgrade while the agent runs; a program keeps the prefix alive meanwhile.
mkfifo "$work/input"
"$WINE" cmd <"$work/input" >/dev/null 2>&1 &
sleep 300 >"$work/input" &
alive=$!
wine net start napagent
check "install while the agent runs" "$setup" install
check "the agent runs again afterwards" wine net stop napagent
wine net start napagent
check "uninstall while the agent runs" "$setup" uninstall
kill $alive
wait
snapshot kept
diff "$work/before" "$work/kept" | grep '^[<>]' | grep -viE 'Services\\\\(napagent|RemoteAccess)|Software\\\\wine-nap|napagent\.journal' >"$work/others"
check "uninstall leaves only the agent's registrations, their journal and the router configuration" test ! -s "$work/others"
grep -qi 'Services\\\\napagent\\\\Qecs' "$work/kept"
check "uninstall keeps the registrations" test $? = 0

check "install over kept registrations" "$setup" install
check "uninstall --purge" "$setup" uninstall --purge
check "uninstall without an installation" "$setup" uninstall
snapshot after
same "uninstall --purge leaves nothing" before after

"$setup" install >/dev/null
"$setup" uninstall >/dev/null
check "uninstall --purge after an uninstallation" "$setup" uninstall --purge
snapshot after
same "it leaves nothing" before after

# A file of the same name that is not ours.
echo "not ours" >"$windows/system32/qagent.dll"
snapshot before-foreign
"$setup" install >/dev/null && "$setup" uninstall --purge >/dev/null
snapshot after-foreign
same "uninstall restores a file that install replaced" before-foreign after-foreign
rm "$windows/system32/qagent.dll"

# A DLL that replaces one of Wine's, from a release directory made for this test.
release=$work/release
mkdir -p "$release"/{tools,lib/win64,lib/win32}
cp -r "$setup" "$root"/tools/{wine-host.sh,host-command.sh,pe-version,hooks} "$release/tools"
cp "$root/build/win64/dlls/qutil/qutil.dll" "$release/lib/win64/rasapi32.dll"
cp "$root/build/win32/dlls/qutil/qutil.dll" "$release/lib/win32/rasapi32.dll"
setup=$release/tools/setup.sh
export SETUP_FILES="rasapi32.dll replacement"
overrides='HKCU\Software\Wine\DllOverrides'

refused() { ! "$setup" install 2>"$work/refusal" && [ "$(wc -l <"$work/refusal")" = 1 ]; }
wine reg add "$overrides" /v rasapi32 /d builtin /f
snapshot before-override
check "a replacement DLL is rejected without check-exports" refused
printf '#!/bin/sh\nexit 1\n' >"$release/tools/check-exports"
chmod +x "$release/tools/check-exports"
check "a replacement DLL is rejected if check-exports fails" refused
snapshot refused
same "after that nothing has changed" before-override refused
printf '#!/bin/sh\nexit 0\n' >"$release/tools/check-exports"
check "a replacement DLL is installed if check-exports passes" "$setup" install
wine reg query "$overrides" /v rasapi32
check "its override is set" grep -q native,builtin "$work/wine.out"
check "it is installed twice" "$setup" install
check "it is uninstalled" "$setup" uninstall
snapshot after-override
same "Wine's own DLL and the former override are restored" before-override after-override

wine reg delete "$overrides" /v rasapi32 /f
snapshot before-none
"$setup" install >/dev/null && "$setup" uninstall >/dev/null
snapshot after-none
same "no override before, none after" before-none after-none

# The real check-exports beside it, as in a release.
cp "$root/tools/check-exports" "$release/tools"
cp -r "$root/tools/exports" "$release/tools"
check "a DLL that lacks exports is rejected" refused
for bits in 64 32; do cp "$root/build/win$bits/dlls/rasapi32/rasapi32.dll" "$release/lib/win$bits"; done
check "a DLL that has them is installed" "$setup" install
wine reg query "$overrides" /v rasapi32
check "its own override is set" grep -q native,builtin "$work/wine.out"
check "it is installed over itself" "$setup" install
check "it is uninstalled again" "$setup" uninstall
snapshot after-ours
same "Wine's own DLL is restored" before-none after-ours

# --- the version of Windows

setup=$root/tools/setup.sh
unset SETUP_FILES
# Runs COMMAND and checks that its output has the text.
answers() { # TEXT COMMAND...
    "${@:2}" >"$work/out" 2>&1 && tr -d '\r' <"$work/out" | grep -qF -- "$1" || { cat "$work/out"; return 1; }
}
ver() { WINEDEBUG=-all run_in_wine 60 "$1" /c ver </dev/null; }
own_cmd='C:\nap setup.exe' # each program has its version by its name
cp "$windows/system32/cmd.exe" "$WINEPREFIX/drive_c/nap setup.exe"
check "the prefix becomes Windows 10" answers "is Windows 10." "$setup" --windows-version win10
check "to programs too" answers "Microsoft Windows 10." ver cmd
check "install says what that means" answers "this prefix is Windows 10: wine-nap works there, but installers of NAP programs refuse it" "$setup" install
check "and how to become Windows 7" grep -q -- '--windows-version win7 \[--program' "$work/out"
status_says "status says it" 0 "the prefix is Windows 10: wine-nap works, but installers"
check "and is of no other fault" grep -q ', Windows 10\.' "$work/status"
check "one program becomes Windows 7" "$setup" --windows-version win7 --program "nap setup.exe"
check "and is" answers "Microsoft Windows 6.1." ver "$own_cmd"
check "while others are not" answers "Microsoft Windows 10." ver cmd
check "the program becomes as the prefix again" "$setup" --windows-version default --program "nap setup.exe"
check "and is" answers "Microsoft Windows 10." ver "$own_cmd"
wine net start napagent
check "the prefix becomes Windows 7" answers "is Windows 6.1." "$setup" --windows-version win7
check "to programs too" answers "Microsoft Windows 6.1." ver cmd
check "install says nothing about that" eval '"$setup" install >"$work/out" && ! grep Windows "$work/out"'
