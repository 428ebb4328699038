#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# bench.sh [--runs N] [--32-bit]: measure calls through the agent against bare message pipes.
#
# With --32-bit all programs except the agent are 32-bit.
#
# Prints for each figure the least time, the median of N runs (default 5), the median of the bare
# pipes, the ratio of the two and its limit; then the activity of an idle agent in 30 s (5 s with
# fewer than 5 runs). Each answer is checked. docs/performance.md explains the figures. A copy for
# programs is in build/bench.json.
#
# Works on a fresh machine, in a scratch prefix of its own, never in yours. The exit code is 0 if
# all figures are within their limits, 3 if one is not, 1 if the measurement itself failed.
set -u
[ "${1:-}" != --help ] || exec sed -n '3,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/tools/wine-env.sh"
. "$root/tools/idle.sh"

runs=5 idle_time=30 target=win64
while [ $# -gt 0 ]; do
    case $1 in
        --runs) runs=${2:-}; shift ;;
        --32-bit) target=win32 ;;
        *) runs="" ;;
    esac
    [[ $runs =~ ^[1-9][0-9]?$ ]] || { echo "usage: bench.sh [--runs N] [--32-bit]" >&2; exit 2; }
    shift
done
[ "$runs" -ge 5 ] || idle_time=5 # a quick run only shows that it works
die() { echo "bench.sh: $*" >&2; exit 1; }

holder=""
tidy() {
    [ -z "$holder" ] || kill "$holder" 2>/dev/null
    drop_prefix
    rm -f "$root/build/bench-pipe.json"
}
trap tidy EXIT
trap 'exit 130' INT TERM

{ "$root/tools/deps.sh" test && "$root/tools/build.sh" win64 && "$root/tools/build.sh" win32; } >&2 || exit 1
wine_env || exit 1
unset WINEPREFIX WINEDLLOVERRIDES
scratch_prefix || exit 1
"$root/tools/setup.sh" install >/dev/null || exit 1
bench=$root/build/$target/tests/bench/bench-pipe.exe
file=Z:${root//\//\\}\\build\\bench-pipe.json

# ---- the idle agent

timeout 120 "$WINE" "$bench" hold </dev/zero >/dev/null 2>&1 &
holder=$!
timeout 60 "$WINE" net start napagent </dev/null >/dev/null 2>&1
settle && watch_idle $idle_time || die "the idle agent was not measured"
kill $holder
wait $holder 2>/dev/null
holder=""

# ---- the other figures

timeout 900 "$WINE" "$bench" "$runs" "$file" </dev/null | tr -d '\r'
code=${PIPESTATUS[0]}
[ "$code" = 0 ] || [ "$code" = 3 ] || die "the bench failed (exit code $code)"
[ $wakeups = 0 ] && [ $ticks = 0 ] && verdict="" met=true || { verdict="  MISSED"; met=false; code=3; }
printf '%-38s %s wake-ups, %s s of processor time in %s s%s\n' "idle agent" $wakeups \
    "$(awk "BEGIN { printf \"%.2f\", $ticks / $(getconf CLK_TCK) }")" $idle_time "$verdict"
wine=$("$WINE" --version) cores=$(nproc)
echo "times in microseconds; medians of $runs runs; $target programs, $wine, $cores cores, load $(cut -d' ' -f1 /proc/loadavg)"
{
    printf '{\n"wine": "%s", "cores": %s, "runs": %s, "programs": "%s",\n' "$wine" "$cores" "$runs" "$target"
    printf '"idle": {"seconds": %s, "wakeUps": %s, "clockTicks": %s, "met": %s},\n"figures":\n' \
        $idle_time $wakeups $ticks $met
    cat "$root/build/bench-pipe.json"
    echo "}"
} >"$root/build/bench.json"
exit "$code"
