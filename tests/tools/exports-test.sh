# SPDX-License-Identifier: LGPL-2.1-or-later
# check-exports: the replacement DLLs have the right exports, and check-exports finds every kind of
# fault.
. "$(dirname "$0")/../lib.sh"

wine_env || exit 1
for bits in 64 32; do
    # They are compared with Wine's own DLLs. tools/deps.sh installs the 32-bit ones if they run here.
    if [ $bits = 32 ] && ! compgen -G "$root/build/wine32/lib/*/wine/i386-windows/rasapi32.dll" >/dev/null; then
        ! skip_32bit "exports" || continue
    fi
    for name in rasapi32 mprapi; do
        check "the $bits-bit $name has the right exports" "$root/tools/check-exports" "$root/build/win$bits/dlls/$name/$name.dll"
    done
done

# A copy of check-exports with its own lists, which SED changes; the DLL is the 32-bit one.
work_dir
mkdir -p "$work/exports/wine"
cp "$root/tools/check-exports" "$work"
dll=$root/build/win32/dlls/rasapi32/rasapi32.dll
wine_dll=$work/wine.dll
for file in "$root"/build/wine32/lib/*/wine/i386-windows/rasapi32.dll /usr/lib/*/wine/i386-windows/rasapi32.dll; do
    [ -f "$file" ] && cp "$file" "$wine_dll" && break
done

expect_fault() { # NAME PATTERN [SED [SED-OF-WINES-LIST]]
    sed -E "${3:-}" "$root/tools/exports/rasapi32.txt" >"$work/exports/rasapi32.txt"
    cp "$root/tools/exports/wine/rasapi32.txt" "$work/exports/wine"
    sed -i -E "${4:-}" "$work/exports/wine/rasapi32.txt"
    "$work/check-exports" --wine "$wine_dll" "$dll" >"$work/out" 2>&1 && { not_ok "$1" "check-exports finds no fault"; return; }
    if grep -q "$2" "$work/out"; then ok "$1"; else not_ok "$1" "no '$2' in: $(head -n 3 "$work/out")"; fi
}

if [ ! -f "$wine_dll" ]; then
    skip_32bit "check-exports finds faults" || skip "check-exports finds faults" "no 32-bit Wine here"
    exit
fi
expect_fault "an export that is missing is a fault" 'lacks RasMissing of the list' '$a RasMissing 4 - -'
expect_fault "an export that the list lacks is a fault" 'exports RasHangUpW, which is not' '/^RasHangUpW /d'
expect_fault "a wrong number of bytes is a fault" 'RasDialA pops 24, its callers push 20' 's/^(RasDialA +)24/\120/'
expect_fault "a list that differs from the import library is a fault" 'says 20 bytes for RasDialA' 's/^(RasDialA +)24/\120/'
expect_fault "a wrong ordinal is a fault" 'RasHangUpA has the ordinal' 's/^(RasHangUpA +4 +)-/\1999/'
expect_fault "an export of a release of Wine that is missing is a fault" 'lacks RasNewInTwelve of Wine 12.0 to 12.1' "" \
    '$a RasNewInTwelve - 12.0 12.1'
expect_fault "another ordinal than a release of Wine's is a fault" 'in Wine 8.0 to 11.0 it is 999' "" 's/^(DialInMessage|RasHangUpA) +[0-9-]+/\1 999/'

cp "$wine_dll" "$work/wine.kept"
sed -i 's/RasHangUpWow/RasHangUpNew/' "$wine_dll"
expect_fault "an export of Wine's that is missing is a fault" 'lacks RasHangUpNew of '
cp "$work/wine.kept" "$wine_dll"

# A DLL made for this test.
mkdir "$work/made"
dll=$work/made/rasapi32.dll
echo 'int __stdcall f(int a) { return a; }' >"$work/made/f.c"
printf 'LIBRARY rasapi32.dll\nEXPORTS\n  "RasHangUpA@4" = f@4\n  RasHangUpW = kernel32.Sleep\n' >"$work/made/f.def"
i686-w64-mingw32-gcc -shared -o "$dll" "$work/made/f.c" "$work/made/f.def"
expect_fault "a decorated export is a fault" 'RasHangUpA@4 is decorated'
expect_fault "a forwarded export is a fault" 'RasHangUpW is forwarded'
: >"$dll"
expect_fault "a file that is no DLL is a fault" 'is not a DLL'

# As in a release: without a compiler's tools.
mkdir "$work/bin"
for tool in bash od awk tr sort sed dirname cat; do ln -s "$(command -v $tool)" "$work/bin"; done
cp "$root/tools/exports/rasapi32.txt" "$work/exports"
cp "$root/tools/exports/wine/rasapi32.txt" "$work/exports/wine"
check "check-exports needs no compiler's tools" env PATH="$work/bin" "$work/bin/bash" "$work/check-exports" \
    --wine "$wine_dll" "$root/build/win32/dlls/rasapi32/rasapi32.dll"
# Its DLLs are stripped, and some systems have an objdump.
mkdir "$work/stripped"
i686-w64-mingw32-strip -p -o "$work/stripped/rasapi32.dll" "$root/build/win32/dlls/rasapi32/rasapi32.dll"
check "a stripped DLL has the right exports, with objdump in the PATH" "$work/check-exports" --wine "$wine_dll" "$work/stripped/rasapi32.dll"
check "and without" env PATH="$work/bin" "$work/bin/bash" "$work/check-exports" --wine "$wine_dll" "$work/stripped/rasapi32.dll"

# A release is recorded by its DLL.
list=$work/exports/wine/rasapi32.txt
grep -v '^RasDialA ' "$root/tools/exports/wine/rasapi32.txt" >"$list"
mkdir "$work/own"
cp "$wine_dll" "$work/own/rasapi32.dll"
check "the exports of a release are recorded" "$work/check-exports" --record 12.0 "$work/own/rasapi32.dll"
check "a new one as of that release" grep -qE '^RasDialA +- +12\.0 +12\.0$' "$list"
check "a known one up to it" grep -qE '^RasDialW +- +8\.0 +12\.0$' "$list"
