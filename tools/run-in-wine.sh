#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# run-in-wine.sh SECONDS PROGRAM ARGUMENT...: runs a program with $WINE; its standard input is the
# caller's.
#
# Rarely, on a busy machine, Wine ends a program before its first instruction: without output (once in
# thousands of starts), or with start.exe's "Internal error". Such a program has done nothing, so it is
# started once more. If WINE_STARTS_AGAIN names a file, a line there counts it.
[ "${1:-}" != --help ] || exec sed -n '3,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
out=$(mktemp "${BASH_SOURCE[0]%/*}/../build/output.XXXXXX") || exit 1
err=$out.err
trap 'rm -f "$out" "$err"' EXIT

start() { timeout "$1" "$WINE" "${@:2}" >"$out" 2>"$err"; }

never_began() {
    [ ! -s "$out" ] && [ ! -s "$err" ] || grep -q 'ShellExecuteEx failed: Internal error' "$out" "$err"
}

start "$@"
code=$?
if [ $code != 0 ] && [ $code -lt 124 ] && never_began; then
    [ -z "${WINE_STARTS_AGAIN:-}" ] || echo "$(date +%T) ${*:2} ended with $code: $(tr -d '\r\n' <"$err")" >>"$WINE_STARTS_AGAIN"
    start "$@"
    code=$?
fi
cat "$out"
cat "$err" >&2
exit $code
