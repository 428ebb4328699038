# SPDX-License-Identifier: LGPL-2.1-or-later
# check-pe: the built files are fit for Wine, and check-pe finds every kind of fault.
. "$(dirname "$0")/../lib.sh"

check "every built file is fit for Wine" "$root/tools/check-pe"

work_dir
build=$work/win64
good=$(find "$root/build/win64/dlls" -name '*.dll' | head -n 1)
name=$(basename "$good")
mkdir -p "$build"/{dlls/x,tests}

expect_fault() { # NAME PATTERN
    "$root/tools/check-pe" "$build" >"$work/out" 2>&1 && { not_ok "$1" "check-pe finds no fault"; return; }
    if grep -q "$2" "$work/out"; then ok "$1"; else not_ok "$1" "no '$2' in: $(cat "$work/out")"; fi
}

expect_fault "an empty build is a fault" 'nothing is built'
cp "$good" "$build/dlls/x/"
check "a good file passes" "$root/tools/check-pe" "$build"
sed 's/F\x00i\x00l\x00e\x00V\x00e/F\x00o\x00o\x00o\x00V\x00e/' "$good" >"$build/dlls/x/$name"
expect_fault "a DLL without version is a fault" 'version resource'
mv "$build/dlls/x/$name" "$build/tests/$name"
check "a test needs no version" "$root/tools/check-pe" "$build"
sed -i 's/KERNEL32\.dll/libgcc_s.dll/I' "$build/tests/$name"
expect_fault "a DLL that Wine does not ship is a fault" 'imports libgcc_s.dll'
cp "$(find "$root/build/win32/dlls" -name "$name")" "$build/tests/$name"
expect_fault "the wrong bitness is a fault" 'not a 64-bit file'
