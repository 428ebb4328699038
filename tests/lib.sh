# SPDX-License-Identifier: LGPL-2.1-or-later
# lib.sh: sourced by the shell tests (tests/*/*-test.sh).
#
# A shell test prints one line for each check; only these lines count:
#   ok NAME            not ok NAME: why            skip NAME: reason
# A test that may be skipped in CI is listed in tests/may-skip. All other output
# is shown if the test fails. Run one test directly, or all by tools/test.sh.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/tools/wine-env.sh"

ok() { echo "ok $1"; }
not_ok() { echo "not ok $1: ${2:-}"; }
skip() { echo "skip $1: $2"; }

# Succeeds, and prints a skip, if this machine runs no 32-bit code. No other machine may skip it.
skip_32bit() { # NAME
    runs_32bit && return 1
    skip "32-bit $1" "this machine runs no 32-bit code"
}

# Runs a program under Wine, and once more if Wine never began it.
run_in_wine() { "$root/tools/run-in-wine.sh" "$@"; } # SECONDS PROGRAM ARGUMENT...

# The build of the other of two programs: 32-bit if the machine runs that.
other_target() { if runs_32bit; then echo win32; else echo win64; fi; }

# check NAME COMMAND...: ok if the command succeeds; otherwise prints its output.
check() {
    local name=$1 code
    shift
    mkdir -p "$root/build"
    _output=${_output:-$(mktemp "$root/build/output.XXXXXX")}
    if "$@" >"$_output" 2>&1; then
        ok "$name"
    else
        code=$?
        sed 's/^/    /' "$_output"
        not_ok "$name" "exit code $code of: $*"
    fi
}

# Succeeds as soon as the command does, which is tried again and again; its output is that of the
# last try.
within() { # SECONDS COMMAND...
    local i
    for ((i = 0; i < $1 * 10; i++)); do
        "${@:2}" >/dev/null && return
        sleep 0.1
    done
    "${@:2}"
}

# A directory of the test's own, gone at its end. $work is its name.
work_dir() {
    mkdir -p "$root/build"
    work=$(mktemp -d "$root/build/work.XXXXXX") || exit 1
}

# Makes a new prefix for the test; removed at the test's end.
own_prefix() {
    wine_env && scratch_prefix || exit 1
    _own_prefixes+=("$WINEPREFIX")
}

# A prefix with our programs installed: test.sh's, or a new one.
installed_prefix() {
    if [ -n "${INSTALLED_PREFIX:-}" ]; then
        export WINEPREFIX=$INSTALLED_PREFIX
    else
        own_prefix
        "$root/tools/setup.sh" install || exit 1
    fi
}

# A new prefix with our programs installed and an empty log, for tests that would disturb others.
prefix_of_its_own() {
    if [ -n "${INSTALLED_PREFIX:-}" ]; then
        wine_env || exit 1
        WINEPREFIX=$INSTALLED_PREFIX wait_wine # until its registry is on the disk
        PREFIX_TEMPLATE=$INSTALLED_PREFIX own_prefix
        rm -f "$WINEPREFIX"/drive_c/windows/[Ll]ogs/napagent.log*
    else
        own_prefix
        "$root/tools/setup.sh" install >&2 || exit 1
    fi
}

_own_prefixes=()
_tidy() {
    local p
    for p in "${_own_prefixes[@]}"; do WINEPREFIX=$p drop_prefix; done
    rm -rf ${_output:+"$_output"} ${work:+"$work"}
}
trap _tidy EXIT
