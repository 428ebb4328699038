#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/run-in-wine.sh: a program that Wine never began is started once more, and no other. A stand-in
# takes the place of Wine.
. "$(dirname "$0")/../lib.sh"

work_dir
export WINE=$work/wine WINE_STARTS_AGAIN=$work/again
# Counts its starts, and does what the file for that start says.
cat >"$WINE" <<'END'
#!/bin/sh
folder=${0%/*}
echo "$@" >>"$folder/starts"
. "$folder/start$(wc -l <"$folder/starts")"
END
chmod +x "$WINE"

# What the first start does, and how often there must be one; the second succeeds.
starts() { # COMMAND COUNT CODE
    rm -f "$work/starts" "$work/again"
    echo "$1" >"$work/start1"
    echo 'cat; exit 0' >"$work/start2"
    echo input | run_in_wine 3 some.exe argument >"$work/out" 2>"$work/err"
    [ "${PIPESTATUS[1]}" = "$3" ] && [ "$(wc -l <"$work/starts")" = "$2" ] &&
        [ "$(cat "$work/again" 2>/dev/null | wc -l)" = $(($2 - 1)) ]
}
internal='Application could not be started. ShellExecuteEx failed: Internal error.'

check "what ends without output is started again" starts 'exit 1' 2 0
check "its input is still there" grep -qx input "$work/out"
check "so is what start.exe could not start" starts "echo '$internal' >&2; exit 1" 2 0
check "the count has the program" grep -q 'some.exe argument ended with 1: Application' "$work/again"
check "the message of the first start is not shown" test ! -s "$work/err"
check "what says something is not" starts 'echo no; exit 1' 1 1
check "nor what complains" starts 'echo no >&2; exit 5' 1 5
check "nor what start.exe does not find" starts "echo 'ShellExecuteEx failed: File not found.' >&2; exit 1" 1 1
check "nor what succeeds without output" starts 'exit 0' 1 0
check "nor what runs too long" starts 'exec sleep 20' 1 124
