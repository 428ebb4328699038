#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# soak.sh [--long] [PART...]: tests with hostile input and faults, with figures; docs/reliability.md
# says what each part proves.
#
#   --long         the full figures, an hour or two; default: a short form of some minutes
#   PART           a part that --list prints, or fuzz-TARGET; default: all parts
#   soak.sh --list prints the parts: tests/soak/PART.sh
#
# Works on a fresh machine, in scratch prefixes of its own, never in yours. Ends with a table of the
# parts and their figures, with a copy in build/soak.txt; the full output of a part is in
# build/soak/PART.log. The exit code is 0 if nothing failed.
set -u
[ "${1:-}" != --help ] || exec sed -n '3,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/tools/wine-env.sh"
logs=$root/build/soak

die() { echo "soak.sh: $*" >&2; exit 1; }

form=short list=""
case ${1:-} in
    --long) form=long; shift ;;
    --list) list=1; shift ;;
esac
mapfile -t all < <(cd "$root/tests/soak" && printf '%s\n' *.sh | sed 's/\.sh$//')
if [ -n "$list" ]; then
    printf '%s\n' "${all[@]}"
    exit
fi
[ $# -gt 0 ] || set -- "${all[@]}"
in_wine=""
for part; do
    case $part in
        fuzz) ;;
        fuzz-*) [ -d "$root/tests/fuzz/corpus/${part#fuzz-}" ] || die "no fuzz target '${part#fuzz-}' in tests/fuzz" ;;
        *)
            [ -f "$root/tests/soak/$part.sh" ] || {
                echo "soak.sh: no part '$part'; usage: soak.sh [--long] [PART...] | --list" >&2
                exit 2
            }
            in_wine=1
            ;;
    esac
done

own_prefix=""
tidy() { [ -z "$own_prefix" ] || WINEPREFIX=$own_prefix drop_prefix; }
trap tidy EXIT
trap 'exit 130' INT TERM

wine=""
if [ -n "$in_wine" ]; then
    # If test.sh runs this, it has built and installed everything.
    if [ -z "${INSTALLED_PREFIX:-}" ]; then
        { "$root/tools/deps.sh" test && "$root/tools/build.sh" win64 && "$root/tools/build.sh" win32; } >&2 || exit 1
    fi
    wine_env || exit 1
    wine=$("$WINE" --version)
    if [ -z "${INSTALLED_PREFIX:-}" ]; then
        unset WINEPREFIX WINEDLLOVERRIDES
        scratch_prefix || exit 1
        own_prefix=$WINEPREFIX
        "$root/tools/setup.sh" install >/dev/null || die "cannot install into the scratch prefix"
        export INSTALLED_PREFIX=$WINEPREFIX
        wait_wine
    fi
fi

mkdir -p "$logs" || die "cannot write to $root/build"
# A part's stdout has "ok NAME", "not ok NAME: why" and "skip NAME: reason" for its checks; all other
# lines are its figures.
run() { # PART
    local script=$root/tests/soak/$1.sh arguments=("$form") log=$logs/$1.log began=$SECONDS verdict=ok figures
    case $1 in fuzz-*) script=$root/tests/soak/fuzz.sh arguments+=("${1#fuzz-}") ;; esac
    echo "soak.sh: $1, $form form"
    bash "$script" "${arguments[@]}" </dev/null 2>"$log.err" | tr -d '\r' | tee "$log"
    local code=${PIPESTATUS[0]}
    if [ "$code" != 0 ] || grep -q '^not ok ' "$log" || ! grep -q '^ok ' "$log"; then
        verdict=FAILED
        failed+=" $1"
        echo "--- exit code $code; the end of ${log#"$root"/}.err"
        tail -n 40 "$log.err"
        echo "---"
    fi
    figures=$(grep -v '^ok \|^not ok \|^skip ' "$log")
    table+=$(printf '%-10s %-6s %5d s' "$1" $verdict $((SECONDS - began)))$'\n'
    [ -z "$figures" ] || table+=$(printf '%s' "$figures" | sed 's/^/    /')$'\n'
}

failed="" table=""
for part; do run "$part"; done
{
    echo "soak.sh, $form form"
    printf '%s' "$table"
    echo "${wine:+$wine, }$(nproc) cores, commit $(git -C "$root" describe --always --dirty 2>/dev/null || echo unknown)"
} >"$root/build/soak.txt"
echo
cat "$root/build/soak.txt"
[ -z "$failed" ] || die "FAILED:$failed (of $# parts)"
