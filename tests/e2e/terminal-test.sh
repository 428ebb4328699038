#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What napctl writes to a terminal, in a UTF-8 locale: names outside ASCII are the names that were
# registered, in text, JSON and complaints. In pipes, tests/e2e/commands-test.sh has them.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
own_prefix
"$root/tools/setup.sh" install >/dev/null || exit 1
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all} LC_ALL=C.UTF-8
path_of() { echo "Z:${1//\//\\}"; }
terminal() { tmux -L "nap$$" -u "$@"; }
tidy_all() { terminal kill-server 2>/dev/null; _tidy; }
trap tidy_all EXIT

name='Zürich ä漢 Ω ☂'
run_in_wine 60 napctl.exe enforcement register 4711 "$name" --description 'größer → kleiner' \
    </dev/null >/dev/null 2>&1

# All commands run in one terminal, one after the other; each ends with a line "code N".
cat >"$work/commands" <<END
"$WINE" napctl.exe show state
echo "code \$?"
"$WINE" napctl.exe show state --json
echo "code \$?"
"$WINE" napctl.exe enforcement disable 'Ñandú漢'
echo "code \$?"
"$WINE" napctl.exe enforcement unregister 4711
echo "code \$?"
"$WINE" napctl.exe validate --policy '$(path_of "$root/examples/policies/gentle.policy")' --request '$(path_of "$root/tests/fuzz/corpus/soh/request_plain")'
echo "code \$?"
sleep 60
END
terminal new-session -d -x 220 -y 300 "bash $work/commands"
shown() { terminal capture-pane -p >"$work/screen" && grep -qF -- "$1" "$work/screen"; }
ended() { [ "$(grep -c '^code ' <(terminal capture-pane -p))" = 5 ]; }
within 60 ended
shown "code" || cat "$work/screen"
check "show state: the name" grep -q "^  4711  *$name (disabled" "$work/screen"
check "show state --json: the name" grep -qF "\"name\": \"$name\"" "$work/screen"
check "show state --json: the description" grep -qF 'größer → kleiner' "$work/screen"
check "a complaint quotes the word" grep -qF "napctl: \"Ñandú漢\" is not a value for ID" "$work/screen"
check "the exit codes" test "$(grep '^code ' "$work/screen" | tr -d '\n')" = "code 0code 0code 2code 0code 0"
check "a response is no text for a terminal" grep -qE "response \([0-9]+ bytes\) is not written to a terminal" "$work/screen"
nothing_broken() { ! grep -E "Ã|�" "$work/screen"; }
check "no broken character" nothing_broken
