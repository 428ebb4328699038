# SPDX-License-Identifier: LGPL-2.1-or-later
# build.sh in a copied and in a moved tree: it builds there, and writes nothing into the first.
. "$(dirname "$0")/../lib.sh"

work_dir
mkdir "$work/first"
(cd "$root" && git ls-files -z 2>/dev/null | grep -zv '^tests/' | xargs -0 cp --parents -t "$work/first")
mkdir "$work/first/tests" && cp "$root/tests/meson.build" "$work/first/tests/"
program=build/server/programs/nap-validate/nap-validate

build() { "$work/$1/tools/build.sh" --no-tests server >"$work/output" 2>&1 || { cat "$work/output"; return 1; }; } # TREE
says() { grep -qxF "build.sh: build/server was made as $work/$1/build/server: it is made anew" "$work/output" || { cat "$work/output"; return 1; }; }
state() { find "$work/$1" -printf '%p %T@\n' | sort | md5sum; }

check "a first build" build first
cp -a "$work/first" "$work/copy"
rm "$work/copy/$program"
before=$(state first)
check "a build in a copy" build copy
check "says that the folder is made anew" says first
check "leaves the first tree alone" test "$before" = "$(state first)"
check "has its program" test -x "$work/copy/$program"
mkdir "$work/linked" && ln -s "$work"/first/* "$work/linked"
before=$(state first/build/server/meson-info)
check "a tree of links to the first" build linked
check "uses its folder" test "$before" = "$(state first/build/server/meson-info)"
moved="jörg 's"
mv "$work/copy" "$work/$moved"
rm "$work/$moved/$program"
check "a build in a moved tree" build "$moved"
check "says so" says copy
check "does not bring the old place back" test ! -e "$work/copy"
check "has its program too" test -x "$work/$moved/$program"
check "a second build" build "$moved"
check "says nothing of the kind" eval '! says moved >/dev/null && ! grep -q anew "$work/output"'
