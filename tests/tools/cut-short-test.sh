# SPDX-License-Identifier: LGPL-2.1-or-later
# setup.sh is killed in the middle of an upgrade, or of an uninstallation: a second run completes it.
. "$(dirname "$0")/../lib.sh"
. "$root/tests/tools/snapshot.sh"

work_dir
own_prefix
export WINEDEBUG=${WINEDEBUG--all}
windows=$WINEPREFIX/drive_c/windows
. "$root/tests/tools/releases.sh"

wine() { WINEDLLOVERRIDES="mscoree,mshtml=" run_in_wine 120 "$@" >"$work/wine.out" 2>&1 </dev/null 5>&-; }
agent_runs() { run_in_wine 120 napctl.exe show state --json </dev/null 2>/dev/null | grep -q '"running": true'; }

wine cmd /c exit # Wine writes some files only at its second start
snapshot before
check "the older release is installed" "${setup[$older]}" install

mkfifo "$work/input"
"$WINE" cmd <"$work/input" >/dev/null 2>&1 & # the prefix stays up
keeper=$!
exec 5>"$work/input"
cat >"$work/cut.sh" <<'END'
[[ $0 == */setup.sh ]] || return 0
set -T
cut_step=0
cut_short() {
    [ "$BASH_SUBSHELL" = 0 ] || return 0
    [ "$1" != "${CUT_AT:-0}" ] || kill -9 $$
    [ -z "${CUT_LOG:-}" ] || echo "$1" >"$CUT_LOG"
}
trap 'cut_short $((++cut_step))' DEBUG
END
cut() { TMPDIR=$work BASH_ENV=$work/cut.sh "$@" >"$work/cut.log" 2>&1 5>&-; }
was_cut() { [ "$1" = 137 ] || { echo "it was not killed"; cat "$work/cut.log"; return 1; }; } # EXIT-CODE
counted() { steps=$(cat "$work/steps") && [ "$steps" -gt 100 ]; }

wine net start napagent
CUT_LOG=$work/steps cut "${setup[$newer]}" install
check "an upgrade has many steps" counted
upgrade_cut_at() { # STEP VERSION
    wine net start napagent
    CUT_AT=$1 cut "${setup[$2]}" install
    was_cut $? && "${setup[$2]}" install 5>&- && installed_is "$2" && agent_runs
}
# Kill it while files are copied, while they are registered, and just before the agent is restarted.
check "an upgrade killed early is completed by the next, and the agent runs" upgrade_cut_at $((steps * 2 / 5)) "$older"
check "so is one killed later" upgrade_cut_at $((steps * 4 / 5)) "$newer"
check "and one killed near its end" upgrade_cut_at $((steps - 8)) "$older"

CUT_LOG=$work/steps cut "${setup[$older]}" uninstall
check "an uninstallation has many steps" counted
uninstall_cut_at() { # STEP
    "${setup[$older]}" install 5>&- >/dev/null && CUT_AT=$1 cut "${setup[$older]}" uninstall --purge
    was_cut $? && "${setup[$older]}" uninstall --purge 5>&-
}
check "an uninstallation killed early is completed by the next" uninstall_cut_at $((steps / 3))
check "so is one killed later" uninstall_cut_at $((steps * 4 / 5))
kill $keeper # closing its input is not enough: a wineserver may have inherited that from us
wait $keeper 2>/dev/null
exec 5>&-
snapshot after
same "and nothing is left of it" before after
