#!/bin/bash
# mpr.sh [RUNS]: what listing 16,384 connections of the remote access server costs, against a bare
# message pipe and against 1,024, and what the agent needs of memory for them.
#
# Prints medians of RUNS runs (5 if not said), product and bare pipe in turns. Works in a scratch
# prefix of its own. The exit code is 0 if all figures are within their limits, 3 if one is not, 1
# if the measuring itself failed.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/tools/wine-env.sh"
[ $# -le 1 ] || { echo "usage: mpr.sh [RUNS]" >&2; exit 2; }

trap drop_prefix EXIT
trap 'exit 130' INT TERM
"$root/tools/build.sh" win64 >&2 || exit 1
wine_env || exit 1
unset WINEPREFIX WINEDLLOVERRIDES
scratch_prefix || exit 1
"$root/tools/setup.sh" install --only-64-bit >/dev/null || exit 1
timeout 600 "$WINE" "$root/build/win64/tests/bench/bench-mpr.exe" "${1:-5}" </dev/null | tr -d '\r'
code=${PIPESTATUS[0]}
[ "$code" = 0 ] || [ "$code" = 3 ] || { echo "mpr.sh: the bench failed (exit code $code)" >&2; exit 1; }
exit "$code"
