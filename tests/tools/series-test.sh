# SPDX-License-Identifier: LGPL-2.1-or-later
# wine-series: the series applies to a Wine tree, here a made-up one with only the files that it
# edits; every patch has a subject and a sign-off, and a second run changes nothing. Building the
# series is in docs/upstream.md.
. "$(dirname "$0")/../lib.sh"

work_dir
tree=$work/wine
series=$root/tools/wine-series.sh
git_in() { git -C "$tree" -c user.name=Test -c user.email=test@example.org "$@"; }

mkdir -p "$tree"/{include,loader,dlls,programs,libs}
printf '%s\n' 'WINE_CONFIG_MAKEFILE(dlls/mprapi)' 'WINE_CONFIG_MAKEFILE(dlls/qcap)' 'WINE_CONFIG_MAKEFILE(dlls/quartz)' \
    'WINE_CONFIG_MAKEFILE(libs/mpg123)' 'WINE_CONFIG_MAKEFILE(programs/msinfo32)' 'WINE_CONFIG_MAKEFILE(programs/net)' >"$tree/configure.ac"
sed -E 's@.*\(((.*)/(.*))\)@wine_fn_config_makefile \1 enable_\3@' "$tree/configure.ac" >"$tree/configure"
printf 'SOURCES = \\\n\tmtxdm.h \\\n\tnb30.h \\\n\txpath.h\n' >"$tree/include/Makefile.in"
printf '%s\n' '[DefaultInstall.Services]' 'AddService=PlugPlay,0x800,PlugPlayService' '[DefaultInstall.NT.Services]' \
    'AddService=PlugPlay,0x800,PlugPlayService' '[RegisterDllsSection]' '11,,shell32.dll,1' '11,,msisip.dll,1' '11,,urlmon.dll,1' \
    '[PlugPlayService]' 'StartType=2' >"$tree/loader/wine.inf.in"

expect_refusal() { # NAME TEXT ARGUMENT...
    "$series" "${@:3}" >"$work/out" 2>&1 && { not_ok "$1" "it succeeds"; return; }
    if grep -q -- "$2" "$work/out"; then ok "$1"; else not_ok "$1" "$(head -n 2 "$work/out")"; fi
}
expect_refusal "a folder without Wine's source is refused" 'is no Wine source' "$work"
expect_refusal "a source without git is refused" 'is not in git' "$tree"
git_in init -q && git_in add -A && git_in commit -q -m Wine
echo x >>"$tree/configure.ac"
expect_refusal "a source with changes is refused" 'changes that are not committed' "$tree"
git_in checkout -q configure.ac

check "the series is made" "$series" --patches "$work/patches" "$tree"
first=$(git_in rev-parse nap)
check "it is made again" "$series" --patches "$work/again" "$tree"
is() { [ "$1" = "$2" ] || { echo "$1, not $2"; return 1; }; }
check "the second run makes the same commits" is "$(git_in rev-parse nap)" "$first"
check "and the same patches" diff -r "$work/patches" "$work/again"

well_formed() {
    local patch bad=0
    compgen -G "$work/patches/0*.patch" >/dev/null || return 1
    for patch in "$work"/patches/*.patch; do
        grep -qE '^Subject: \[PATCH [0-9/ ]+\] [a-z/]+: Add .*' "$patch" &&
            grep -q '^Signed-off-by: .* <.*>$' "$patch" || { echo "${patch##*/}"; bad=1; }
    done
    return $bad
}
check "every patch has a subject and a sign-off" well_formed
git_in checkout -q -b applied "$(git_in config wine-nap.base)"
check "git am applies the patches" git_in am -q "$work"/patches/*.patch
check "and gives the same tree" git_in diff --quiet nap

lines_once() {
    local line
    for line in configure.ac:'WINE_CONFIG_MAKEFILE(dlls/qagent)' configure.ac:'WINE_CONFIG_MAKEFILE(dlls/qutil/tests)' \
        configure.ac:'WINE_CONFIG_MAKEFILE(libs/nap)' configure:'wine_fn_config_makefile programs/napagent enable_napagent' \
        configure:'wine_fn_config_makefile dlls/qutil/tests enable_tests' loader/wine.inf.in:11,,qutil.dll,1 \
        loader/wine.inf.in:'[NapAgentService]' include/Makefile.in:$'\tnapcommon.idl \\'; do
        is "$(grep -cxF -- "${line#*:}" "$tree/${line%%:*}")" 1 || { echo "$line"; return 1; }
    done
    is "$(grep -c '^AddService=napagent,' "$tree/loader/wine.inf.in")" 2
}
check "Wine's own files get each line once" lines_once

# As many enforcement clients as `napagent --install` registers.
check "wine.inf has Microsoft's enforcement clients" is "$(grep -c '^HKR,Qecs.*"Component Type"' "$tree/loader/wine.inf.in")" \
    "$(grep -cE '^ +\{79[0-9]{3}, L"' "$root/programs/napagent/store.c")"

# name, arguments
spec_of() { sed -nE 's/^(@|[0-9]+) stdcall (-[^ ]+ )*([A-Za-z0-9]+)\((.*)\)/\3 \4/p' "$tree/dlls/$1/$1.spec" | awk '{ print $1, (NF - 1) * 4 }'; }
list_of() { awk '!/^#/ && NF == 4 { print $1, $2 }' "$root/tools/exports/$1.txt"; }
check "qutil.spec has the list of exports" diff <(spec_of qutil | sort) <(list_of qutil | sort)

includes_resolve() {
    local file name bad=0
    while IFS=: read -r file name; do
        name=${name#*\"} name=${name%\"*}
        [ -e "$tree/libs/$name" ] || [ -e "$tree/$(dirname "$file")/$name" ] || [ -e "$tree/include/$name" ] ||
            [ -e "$tree/include/${name%.h}.idl" ] || case $name in wine/*) ;; *) echo "$file: $name"; bad=1 ;; esac
    done < <(cd "$tree" && grep -rH '^#include "' libs dlls programs)
    return $bad
}
check "every file that a source includes is there" includes_resolve
