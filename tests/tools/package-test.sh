#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# package-release.sh: the tarball installs into a new prefix without a compiler. The installation
# is healthy, serves a program, and can be removed.
. "$(dirname "$0")/../lib.sh"

own_prefix
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all}
check "the tarball is made" "$root/tools/package-release.sh" "$work"
tarball=$(ls "$work"/wine-nap-*.tar.xz)
check "it unpacks" tar -C "$work" -xJf "$tarball"
top=${tarball%.tar.xz}

# The tools of a system without a compiler: coreutils, some others, and Wine.
mkdir "$work/bin"
for tool in awk basename bash cat chmod cmp cp cut date dirname env find grep head id ls mkdir mktemp mv od readlink rm rmdir sed sort stat tail timeout touch tr wc; do
    ln -s "$(command -v $tool)" "$work/bin/"
done
bare() { PATH=$work/bin "$@"; }
has_no_compiler() { ! ls "$work/bin" | grep -qE 'gcc|objdump|meson|ninja'; }
healthy() { bare "$top/tools/setup.sh" status >"$work/status" 2>&1 && grep -q "No fault found" "$work/status" && ! grep -q '^note' "$work/status" || { cat "$work/status"; return 1; }; }
napctl() { run_in_wine 60 napctl.exe "$@" </dev/null; }
serves() { napctl enforcement enable 79617 && napctl show state --json >"$work/state" && python3 -m json.tool "$work/state" >/dev/null; }

check "no compiler's tool is in the PATH" has_no_compiler
check "it installs" bare "$top/tools/setup.sh" install
check "it is healthy, and its files are the tarball's" healthy
check "the agent serves" serves
judges() { "$top/bin/nap-validate" --policy "$top/examples/policies/antivirus.policy" --request "$root/tests/fuzz/corpus/soh/request_plain" >"$work/response" && [ -s "$work/response" ]; }
check "nap-validate judges by its example policy" judges
check "it uninstalls" bare "$top/tools/setup.sh" uninstall --purge
check "and all files are gone" test ! -e "$WINEPREFIX/drive_c/windows/system32/qagent.dll"
is_small() { size=$(stat -c %s "$tarball"); echo "$size bytes"; [ "$size" -lt 4000000 ]; }
check "the tarball has no debug information" is_small
same_again() { "$root/tools/package-release.sh" "$work/again" >/dev/null && cmp "$tarball" "$work/again/$(basename "$tarball")"; }
check "a second tarball is the same, to the byte" same_again
