#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every script that somebody runs has --help, which does nothing else, and names an option that it
# does not know.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
work_dir
sourced=" wine-env.sh idle.sh wine-host.sh host-command.sh rights " # by other scripts

# In a folder and with a HOME of its own: what a script would make is seen.
helps() { # SCRIPT
    rm -rf "$work/empty"
    mkdir "$work/empty" || return
    (cd "$work/empty" && HOME=$work/empty timeout 20 "$1" --help </dev/null >"$work/out" 2>"$work/err") ||
        { cat "$work/err"; return 1; }
    [ ! -s "$work/err" ] && [ "$(wc -l <"$work/out")" -ge 1 ] && rmdir "$work/empty" || { cat "$work/err"; return 1; }
    ! grep -qE '^(#|set -|\[ )|SPDX' "$work/out"
}
complains() { # SCRIPT
    ! timeout 20 "$1" --no-such-option </dev/null >"$work/out" 2>&1 &&
        grep -qE -- '--no-such-option|usage' "$work/out" || { cat "$work/out"; return 1; }
}

for script in "$root"/tools/* "$root"/tools/hooks/*; do
    name=${script#"$root"/}
    [ -f "$script" ] && [[ $sourced != *" ${script##*/} "* ]] || continue
    check "$name --help" helps "$script"
    case $name in
        tools/hooks/*) ;; # their arguments are what pppd, strongSwan and the agent pass
        *) check "$name --no-such-option" complains "$script" ;;
    esac
done
