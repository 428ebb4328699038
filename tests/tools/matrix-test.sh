# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/matrix.sh runs README's two commands in each row's system and makes a table of the results.
# Here the systems and everything that needs root are replaced; what the commands print is the test's.
. "$(dirname "$0")/../lib.sh"

work_dir
mkdir -p "$work/tree/tools" "$work/bin" "$work/fake"
cp "$root"/tools/{matrix.sh,wine-env.sh,wine-host.sh} "$work/tree/tools"
cp "$root/README.md" "$work/tree"
mkdir "$work/tree/build"

fake() { # PROGRAM; its text comes from standard input
    { echo '#!/bin/bash'; cat; } >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}
echo 'exec "$@"' | fake sudo
echo 'system=${@: -2:1}; mkdir -p "$system"/{etc/{apt/apt.conf.d,dpkg/dpkg.cfg.d},usr/sbin,home/tester,root}; echo "$@" >>"$FAKE/debootstrap"' | fake debootstrap
echo 'case "$*" in *clone*) mkdir "${@: -1}" ;; *describe*) echo abc1234 ;; esac' | fake git
# Instead of entering a system: notes who would run what, prints and returns what FAKE says.
fake unshare <<'EOT'
user=${@: -2:1} command=${*: -1}
echo "$user: $command" >>"$FAKE/commands"
case $command in
    *demo.sh) echo "the demo's output"; exit "$(cat "$FAKE/demo")" ;;
    *test.sh) cat "$FAKE/test"; ! grep -q "[1-9] failed" "$FAKE/test"; exit ;;
    *"apt-get -s install wine"*) exit "$(cat "$FAKE/no-wine")" ;;
    *"wine --version"*) printf 'wine-10.0\n64-bit\n' ;;
esac
EOT
export FAKE=$work/fake
# DEMO TEST NO-WINE: the exit code of the demo, the last line of the tests, is there no Wine?
results() {
    echo "$1" >"$FAKE/demo"
    echo "$2" >"$FAKE/test"
    echo "$3" >"$FAKE/no-wine"
    rm -f "$FAKE/commands"
}
matrix() { PATH=$work/bin:$PATH "$work/tree/tools/matrix.sh" --roots "$work/systems" --mirror http://localhost/debian "$@" >"$work/out" 2>&1; }
succeeds() { matrix "$@" || { cat "$work/out"; return 1; }; }
fails() { ! matrix "$@" || { cat "$work/out"; return 1; }; }
printed() { grep -qF -- "$1" "$work/out" || { cat "$work/out"; return 1; }; }

check "it lists its rows" succeeds --list
check "Debian 13 is one" printed "debian13          by default"
check "unstable is run only by name" printed "unstable          only by name"
check "its help names the options" succeeds --help
check "as --roots" printed "--roots FOLDER"
check "an unknown row is an error" fails --only debian1
check "and named" printed "no row 'debian1'"
check "an unknown option is an error" fails --everything
check "and named" printed "unknown option '--everything'"

results 0 "3442 passed, 0 failed, 25 skipped" 0
check "a row runs" succeeds --only debian13
check "in a system of its release" grep -qE 'trixie .*/systems/trixie.part http://localhost/debian$' "$FAKE/debootstrap"
check "the first command as a user" grep -qx 'tester: cd wine-nap && tools/demo.sh' "$FAKE/commands"
check "and the second" grep -qx 'tester: cd wine-nap && tools/test.sh' "$FAKE/commands"
check "its numbers are in the table" printed "| debian13 | wine-10.0 | 64-bit | passed | 3442 | 0 | 25 |"
check "the log is kept" grep -q "the demo's output" "$work/tree/build/matrix/debian13/demo.log"
check "the row's system is removed" test ! -e "$work/systems/debian13.run"
check "the release's system is kept" test -d "$work/systems/trixie"

results 0 "3441 passed, 1 failed, 25 skipped" 0
rm "$FAKE/debootstrap"
check "a row with a failed test fails" fails --only debian13 --as-root --keep
check "also in the table" printed "| debian13 | wine-10.0 | 64-bit | passed | 3441 | 1 | 25 |"
check "--as-root runs it as root" grep -qx 'root: cd wine-nap && tools/test.sh' "$FAKE/commands"
check "in the system that was kept" test ! -e "$FAKE/debootstrap"
check "--keep leaves the row's own" test -d "$work/systems/debian13.run"
check "which --enter enters" succeeds --enter debian13 ls
check "with a command" grep -qx 'tester: ls' "$FAKE/commands"

results 1 "3442 passed, 0 failed, 25 skipped" 0
check "a row with a failed demo fails" fails --only debian12 --demo-only
check "and says that no test was run" printed "| debian12 | wine-10.0 | 64-bit | failed | not run |  |  |"
results 0 "3442 passed, 0 failed, 25 skipped" 1
check "a release without Wine is no failure" succeeds --only testing
check "but said" printed "| testing | none in its archive |"
results 0 "tests/lib.sh: syntax error" 0
check "tests without a summary are no success" fails --only debian13
check "and no number" printed "| debian13 | wine-10.0 | 64-bit | passed | no summary |  |  |"
check "--table repeats the results" succeeds --table
check "of all rows" printed "| debian12 | wine-10.0 |"
