# SPDX-License-Identifier: LGPL-2.1-or-later
# form-test: every source has the licence line and the format of .clang-format, and check-form finds
# sources without.
. "$(dirname "$0")/../lib.sh"

work_dir
"$root/tools/check-form" >"$work/out" 2>&1
case $? in
    0) ok "every source has the licence line and the format" ;;
    3) ok "every source has the licence line"; skip "format" "clang-format 14 is missing" ;;
    *) head -n 20 "$work/out"; not_ok "every source has the licence line and the format" "see tools/check-form" ;;
esac

tree=$work/tree
mkdir -p "$tree/tools"
cp "$root/tools/check-form" "$tree/tools"
cp "$root/.clang-format" "$tree"
finds() { # TEXT: the check fails and says so
    "$tree/tools/check-form" >"$work/out" 2>&1
    [ $? = 1 ] && grep -q -- "$1" "$work/out" || { cat "$work/out"; return 1; }
}
content() { "$tree/tools/check-form" >"$work/out" 2>&1; case $? in 0 | 3) ;; *) cat "$work/out"; return 1 ;; esac; }
printf '/* SPDX-License-Identifier: LGPL-2.1-or-later */\nint main(void)\n{\n    return 0;\n}\n' >"$tree/a.c"
check "a source of that form passes" content
cp "$tree/a.c" "$tree/b.c"
sed -i 1d "$tree/b.c"
check "a source without the line is found" finds "./b.c has no line"
rm "$tree/b.c"
mkdir -p "$tree"/{lists,tools/exports,tools/hooks}
cp "$root"/tools/exports/{qutil.txt,generate.awk} "$tree/tools/exports"
cp "$root/tools/hooks/rights" "$tree/tools/hooks"
cp "$root/tests/e2e/schemas.py" "$root/tests/unit/napagent/test-hook" "$root/meson_options.txt" "$tree"
cp "$root/dlls/meson.build" "$root/dlls/qagent/qagent.def" "$root/version.rc.in" "$tree/lists"
check "sources of all kinds pass" content
for file in tools/exports/{qutil.txt,generate.awk} tools/hooks/rights schemas.py test-hook meson_options.txt \
    lists/{meson.build,qagent.def,version.rc.in}; do
    cp "$tree/$file" "$work/kept"
    sed -i '/SPDX-License/d' "$tree/$file"
    check "$file without the line is found" finds "$file has no line"
    cp "$work/kept" "$tree/$file"
done
cp "$tree/a.c" "$tree/b.c"
"$tree/tools/check-form" >/dev/null 2>&1
if [ $? != 3 ]; then
    sed -i 's/    return/  return/' "$tree/b.c"
    check "a source of another format is found" finds "b.c:3"
    check "and corrected by --apply" eval '"$tree/tools/check-form" --apply && cmp "$tree/a.c" "$tree/b.c"'
fi
