#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# napctl selftest: it reports each fault that is planted in a prefix, and no other; setup.sh
# install repairs it; a healthy prefix has none.
# Takes up to 600 s.
. "$(dirname "$0")/../lib.sh"

work_dir
own_prefix
export WINEDEBUG=${WINEDEBUG--all}
setup=$root/tools/setup.sh
windows=$WINEPREFIX/drive_c/windows
service='HKLM\System\CurrentControlSet\Services\napagent'
overrides='HKCU\Software\Wine\DllOverrides'

# Runs the built napctl: the installed one may be the missing file.
selftest() { run_in_wine 60 "$root/build/win$1/programs/napctl/napctl.exe" selftest --json </dev/null >"$work/selftest" 2>&1; }
wine() { run_in_wine 60 "$@" >"$work/wine.out" 2>&1 </dev/null; }

# Writes the checks of that verdict as "NAME WHERE" lines to $work/found. The exit code must agree.
found() { # BITS VERDICT
    local code
    selftest "$1"
    code=$?
    python3 - "$work/selftest" "$code" "$2" >"$work/found" <<'END' || { cat "$work/selftest"; return 1; }
import json, sys
report = json.load(open(sys.argv[1], encoding="utf-8"))
faults = [c for c in report["checks"] if c["verdict"] == "fault"]
assert report["healthy"] == (not faults) == (sys.argv[2] == "0"), report
assert report["faults"] == len(faults), report
assert all(c["remedy"] for c in report["checks"] if c["verdict"] != "ok"), report
for check in report["checks"]:
    if check["verdict"] == sys.argv[3]:
        print(check["name"], check["where"])
END
}

# The 64-bit napctl and the 32-bit one take turns: each checks 64-bit and 32-bit files.
bits=32
turn() { bits=$((96 - bits)); runs_32bit || bits=64; }
is_healthy() { turn; found $bits fault && [ ! -s "$work/found" ] || { cat "$work/found"; return 1; }; }
reports() { # NAME WHERE: this fault and no other
    turn
    found $bits fault && [ "$(cat "$work/found")" = "$1 $2" ] || { cat "$work/found"; return 1; }
}
mended() { "$setup" install >/dev/null && is_healthy; }

# planted NAME WHERE WHAT: checks for a fault that was just planted.
planted() {
    check "$3 is reported" reports "$1" "$2"
    check "and repaired by setup.sh install" mended
}

"$setup" install >/dev/null || exit 1
check "a healthy prefix is healthy to the 64-bit napctl" is_healthy
skip_32bit "selftest" || check "and to the 32-bit one" is_healthy

rm "$windows/system32/qutil.dll"
planted missing-file 'system32\qutil.dll' "a missing DLL"
if ! skip_32bit "faults of syswow64"; then
    rm "$windows/syswow64/rasapi32.dll"
    planted missing-file 'syswow64\rasapi32.dll' "a missing DLL for 32-bit programs"
    cp "$windows/system32/mprapi.dll" "$windows/syswow64/mprapi.dll"
    planted wrong-word-size 'syswow64\mprapi.dll' "a DLL of the wrong bitness for them"
    wine reg add 'HKLM\Software\Classes\Wow6432Node\CLSID\{AA160628-8775-46E3-837C-F7A2AE66E2F5}\InprocServer32' /ve /d 'C:\old\qutil.dll' /f
    planted class-path 'syswow64\qutil.dll' "a stale path of a class of 32-bit programs"
    wine 'C:\windows\syswow64\regsvr32.exe' /s /u qutil.dll
    planted class-missing 'syswow64\qutil.dll' "a class that is not registered for them"
fi
cp "$root/build/win32/dlls/qagent/qagent.dll" "$windows/system32/qagent.dll"
planted wrong-word-size 'system32\qagent.dll' "a DLL of the wrong bitness"
wine reg delete "$overrides" /v mprapi /f
planted override 'system32\mprapi.dll' "a missing override"
wine reg add "$overrides" /v rasapi32 /d builtin /f
planted override 'system32\rasapi32.dll' "a foreign override"
wine reg add 'HKLM\Software\Classes\CLSID\{8E594310-16CA-4A00-932F-F70969F990C0}\InprocServer32' /ve /d 'C:\Program Files\NAP\qagent.dll' /f
planted class-path 'system32\qagent.dll' "a stale path of a class"
wine reg delete 'HKLM\Software\Classes\Interface\{F5A0B90A-83A1-4F76-BA3F-025418682814}' /f
planted proxy-stub 'system32\qagent.dll' "a missing proxy/stub registration"
wine 'C:\windows\system32\regsvr32.exe' /s /u qutil.dll
planted class-missing 'system32\qutil.dll' "a class that is not registered"
wine sc delete napagent
wine reg delete "$service" /f
planted service-missing 'service napagent' "a missing service"

# The service manager reads the registry when the prefix starts.
restart() { timeout 60 "$WINESERVER" -k; timeout 60 "$WINESERVER" -w; }
wine reg add "$service" /v ImagePath /t REG_EXPAND_SZ /d 'C:\old\napagent.exe' /f
restart
planted service-path 'service napagent' "a wrong path of the service"
wine reg add "$service" /v Start /t REG_DWORD /d 4 /f
restart
planted service-disabled 'service napagent' "a disabled service"

# Replace the version in the resource by one of the same length.
version=$("$root/tools/pe-version" "$windows/system32/qutil.dll")
version=${version#* }
other=${version%?}$(((${version: -1} + 1) % 10))
python3 - "$windows/system32/qutil.dll" "$version" "$other" <<'END'
import sys
name, old, new = sys.argv[1], sys.argv[2].encode("utf-16-le"), sys.argv[3].encode("utf-16-le")
data = open(name, "rb").read()
assert old in data
open(name, "wb").write(data.replace(old, new))
END
check "the planted version" test "$("$root/tools/pe-version" "$windows/system32/qutil.dll")" = "64 $other"
planted wrong-version 'system32\qutil.dll' "a DLL of another version"

# Another process holds the name of the pipe.
wine net stop napagent
"$WINE" "$root/build/win64/tests/tools/squatter.exe" >"$work/squatter" 2>&1 </dev/null &
squatter=$!
for _ in $(seq 100); do grep -q holding "$work/squatter" && break; sleep 0.1; done
check "a pipe's name held by another process is reported" reports pipe-held '\\.\pipe\napagent'
kill $squatter
wait $squatter 2>/dev/null
check "and the prefix is healthy when that has ended" is_healthy

wine net start napagent
check "healthy while the agent runs" is_healthy
check "and it says so" grep -q 'running, process' "$work/selftest"
wine winecfg -v win10
found 64 warning
check "there is a warning about Windows 10" test "$(cat "$work/found")" = 'windows-version Windows version'
check "and is no fault" is_healthy
wine winecfg -v win7
found 64 warning
check "there is none about Windows 7" test ! -s "$work/found"
