#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# test.sh [--strict] [--only PATTERN]: install what is needed, build everything, run all tests.
#
#   --strict        a skip that is not listed in tests/may-skip is a failure
#   --only PATTERN  run only the test programs whose name matches (e.g. '*codec*')
#
# Works on a fresh machine. Runs under Wine in a scratch prefix of its own, never
# in yours. Ends with "N passed, N failed, N skipped"; logs are in build/test-logs.
set -u
[ "${1:-}" != --help ] || exec sed -n '3,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build logs=$root/build/test-logs
. "$root/tools/wine-env.sh"

strict="" only=""
while [ $# -gt 0 ]; do
    case $1 in
        --strict) strict=1 ;;
        --only) only=${2:?test.sh: --only needs a pattern}; shift ;;
        *) echo "test.sh: unknown option '$1'; usage: test.sh [--strict] [--only PATTERN]" >&2; exit 2 ;;
    esac
    shift
done

"$root/tools/deps.sh" test || exit 1
"$root/tools/build.sh" all || exit 1
wine_env || exit 1
# A test that needs one of these sets it itself.
unset WINEPREFIX WINEDLLOVERRIDES WINEARCH DISPLAY

rm -rf "$logs"
mkdir -p "$logs"
# The results of methods, for tests/tools/contract-test.sh: recorded only if all tests run.
[ -n "$only" ] || export NAP_CONTRACT_RECORD=$logs/contract-record.tsv
export WINE_STARTS_AGAIN=$logs/starts-again.txt # see tools/run-in-wine.sh
passed=0 skipped=0 started=$(date +%s)
failures=() skips=()
declare -A ran=([native]=0 [win64]=0 [win32]=0)

add_failure() { failures+=("$1"); }

# Tests of 32-bit code may be skipped only on a machine that cannot run it.
may_skip() { # NAME
    case $1 in "32-bit "* | *:*_of_the_other_word_size) ! runs_32bit && return ;; esac
    grep -qxF -- "$1" <(sed 's/ *#.*//' "$root/tests/may-skip")
}

add_skip() { # NAME REASON
    if [ -n "$strict" ] && ! may_skip "$1"; then
        add_failure "$1: skipped ($2) and not in tests/may-skip"
        return
    fi
    skipped=$((skipped + 1))
    skips+=("$1: $2")
}

wanted() { [ -z "$only" ] || [[ $1 == $only ]]; }

# Runs COMMAND with a time limit; its output goes to $log and $log.err.
run() { # SECONDS COMMAND...
    timeout -k 10 "$@" >>"$log" 2>>"$log.err" </dev/null
    local code=$?
    # What a killed Wine program left behind would disturb the next one.
    [ $code -lt 124 ] || [ -z "${WINEPREFIX:-}" ] || timeout 30 "$WINESERVER" -k 2>/dev/null
    return $code
}

report() { # NAME FAILED SUMMARY
    echo "$1: $3"
    [ "$2" -gt 0 ] || return 0
    echo "--- the end of ${log#"$root"/}"
    cat "$log" "$log.err" | tr -d '\r' | tail -n 40
    echo "---"
}

# cmocka prints for each test a RUN line and an OK, SKIPPED or FAILED line. A test with a
# RUN line that is neither OK nor skipped has failed, however the program ended. A test
# prints the reason of its skip as "SKIP: reason".
read_cmocka() {
    tr -d '\r' <"$log" | awk '
        function failed() { if (name != "") print "failed", name; name = "" }
        { line = $0; sub(/^.*\] /, "", line) }
        /\[ RUN      \]/  { failed(); name = line; reason = "no reason given" }
        /^SKIP: /         { reason = substr($0, 7) }
        /\[       OK \]/  { if (name != "") print "ok", name; name = "" }
        /\[  SKIPPED \]/  { if (name != "") print "skip", name "\t" reason; name = "" }
        /test\(s\) run\./ { failed(); print "end" }
        END               { failed() }'
}

cmocka_program() { # TARGET KIND FILE [RUNNER], run as: RUNNER SECONDS FILE
    local target=$1 name=$2/$(basename "$3" .exe) code kind rest ok=0 bad=0 skip=0 ended="" late=""
    local label="$target $name"
    wanted "$label" || return 0
    log=$logs/${target}-${name//\//-}.log
    (cd "$root" && run 125 ${4:+"$4" 120} "$3")
    code=$?
    case $code in 124 | 137) late=" (ended after 120 s)" ;; esac
    while read -r kind rest; do
        case $kind in
            ok) ok=$((ok + 1)) ;;
            failed) bad=$((bad + 1)); add_failure "$label: $rest$late" ;;
            skip) skip=$((skip + 1)); add_skip "${name#*/}:${rest%%$'\t'*}" "${rest#*$'\t'}" ;;
            end) ended=1 ;;
        esac
    done < <(read_cmocka)
    passed=$((passed + ok))
    ran[$target]=$((ran[$target] + ok + bad))
    if [ $bad = 0 ] && { [ $code != 0 ] || [ -z "$ended" ] || [ $((ok + skip)) = 0 ]; }; then
        bad=1
        case $code in
            0) add_failure "$label: ended without cmocka's summary, or without a test" ;;
            124 | 137) add_failure "$label: still running after 120 s" ;;
            *) add_failure "$label: exit code $code" ;;
        esac
    fi
    report "$label" $bad "$ok passed, $bad failed, $skip skipped"
}

programs() { # TARGET KIND: the test programs built for it
    case $1 in
        native) find "$build/native/tests/$2" -type f -executable ! -name '*.so' | sort ;;
        *) find "$build/$1/tests/$2" -name '*.exe' | sort ;;
    esac 2>/dev/null
}

shell_test() { # NAME COMMAND...
    local name=$1 code line limit ok=0 bad=0 skip=0
    wanted "$name" || return 0
    log=$logs/${name//\//-}.log
    limit=$(sed -n 's/^# Takes up to \([0-9]*\) s\..*/\1/p' "$2")
    run "${limit:-300}" bash "${@:2}"
    code=$?
    while IFS= read -r line; do
        case $line in
            "ok "*) ok=$((ok + 1)) ;;
            "not ok "*) bad=$((bad + 1)); add_failure "$name: ${line#not ok }" ;;
            "skip "*) line=${line#skip }; skip=$((skip + 1)); add_skip "${line%%:*}" "${line#*: }" ;;
        esac
    done <"$log"
    passed=$((passed + ok))
    if [ $bad = 0 ] && { [ $code != 0 ] || [ $((ok + skip)) = 0 ]; }; then
        bad=1
        add_failure "$name: exit code $code after $ok checks"
    fi
    report "$name" $bad "$ok passed, $bad failed, $skip skipped"
}

tidy() {
    local p
    # Keep the log of the installed agent and its programs, to investigate failures.
    [ -z "${INSTALLED_PREFIX:-}" ] || cp "$INSTALLED_PREFIX"/drive_c/windows/[Ll]ogs/napagent.log* "$logs" 2>/dev/null
    for p in "${INSTALLED_PREFIX:-}" "${PREFIX_TEMPLATE:-}"; do WINEPREFIX=$p drop_prefix; done
}
trap tidy EXIT
trap 'exit 130' INT TERM

shopt -s nullglob
export ASAN_OPTIONS=${ASAN_OPTIONS-abort_on_error=0:exitcode=99} UBSAN_OPTIONS=${UBSAN_OPTIONS-halt_on_error=1:print_stacktrace=1}
while read -r file; do cmocka_program native unit "$file"; done < <(programs native unit)

# One new prefix is the template; the installed prefix and those of single tests are copies.
echo "making the scratch prefix"
scratch_prefix || exit 1
export PREFIX_TEMPLATE=$WINEPREFIX
INSTALLED_PREFIX=""
scratch_prefix || exit 1
export INSTALLED_PREFIX=$WINEPREFIX

log=$logs/setup-install.log
if run 120 "$root/tools/setup.sh" install; then
    passed=$((passed + 1))
    report "setup.sh install" 0 "1 passed"
else
    add_failure "setup.sh install: exit code $?"
    report "setup.sh install" 1 "failed"
fi
targets="native win64 win32" wine_targets="win64 win32"
if ! runs_32bit; then
    targets="native win64" wine_targets=win64
    add_skip "32-bit programs of build/win32" "this machine runs no 32-bit code"
fi
for target in $wine_targets; do
    for kind in unit conformance service; do
        while read -r file; do cmocka_program "$target" $kind "$file" "$root/tools/run-in-wine.sh"; done < <(programs "$target" $kind)
    done
done
for file in "$root"/tests/tools/*-test.sh "$root"/tests/{e2e,interop}/*-test.sh; do
    shell_test "$(basename "$(dirname "$file")")/$(basename "$file" -test.sh)" "$file"
done
for part in $("$root/tools/soak.sh" --list); do shell_test "soak/$part" "$root/tools/soak.sh" "$part"; done

for target in $targets; do
    [ -n "$only" ] || [ "${ran[$target]}" -gt 0 ] || add_failure "$target: no test was run"
done
echo "the tests took $(($(date +%s) - started)) s"
[ ! -s "$WINE_STARTS_AGAIN" ] ||
    echo "programs that Wine began only at the second start: $(wc -l <"$WINE_STARTS_AGAIN"); see ${WINE_STARTS_AGAIN#"$root"/}"
for line in "${skips[@]}"; do echo "skipped: $line"; done
for line in "${failures[@]}"; do echo "FAILED: $line"; done
echo "$passed passed, ${#failures[@]} failed, $skipped skipped"
[ ${#failures[@]} = 0 ]
