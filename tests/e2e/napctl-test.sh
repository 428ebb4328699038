#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# napctl's commands for users: help, exit codes, registering by hand.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
installed_prefix
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all}

napctl() { run_in_wine 60 napctl.exe "$@" </dev/null >"$work/out" 2>"$work/err"; }
ends_with() { # CODE STREAM TEXT ARGUMENT...
    local expected=$1 stream=$2 text=$3 code
    shift 3
    napctl "$@"
    code=$?
    [ $code = "$expected" ] && grep -qF -- "$text" "$work/$stream" || { echo "exit code $code"; cat "$work/out" "$work/err"; return 1; }
}

check "--help lists the commands" ends_with 0 out "napctl show state" --help
check "no command is wrong usage, and lists them too" ends_with 2 err "napctl show state"
check "an unknown one is named" ends_with 2 err 'unknown command "show-me"' show-me
two_lines() { [ "$(wc -l <"$work/err")" = 2 ] && ! grep -qv "^napctl: " "$work/err"; }
check "in two lines" two_lines
check "... and how to get the list" ends_with 2 err "napctl --help lists the commands" bogus show state
check "one of a group too" ends_with 2 err 'unknown command "show sate"' show sate
check "... with the nearest one" ends_with 2 err "did you mean napctl show state?" show sate
check "also if its first word is wrong" ends_with 2 err "did you mean napctl show state?" shwo state --json
check "also if it is one word" ends_with 2 err "did you mean napctl watch?" wacth --json
check "what is like none has no nearest one" ends_with 2 err "napctl show --help lists the commands" show everything
check "an unknown option has the nearest one" ends_with 2 err 'there is no option "--jsn"; did you mean --json?' show state --jsn
check "... and the usage, in two lines" eval 'two_lines && grep -qF "usage: napctl show state [--json | --verbose]" "$work/err"'
check "where the usage is long, how to get it" ends_with 2 err "napctl rras add --help" rras add --usr alice
check "... and the nearest option" ends_with 2 err "did you mean --user?" rras add --usr alice
check "a wrong id is named" ends_with 2 err '"abc" is not a value for ID' enforcement enable abc
check "a group's --help is about the group" ends_with 0 out "napctl show log" show --help
says_no_more() { ! grep -q enforcement "$work/out"; }
check "and nothing else" says_no_more
check "a group alone is wrong usage" ends_with 2 err "napctl show log" show
check "and asks what is meant" ends_with 2 err "napctl: show what?" show
# Every command that --help lists has its own --help.
napctl --help
while read -r first second; do
    case $second in [a-z]*) words=("$first" "$second") ;; *) words=("$first") ;; esac
    check "${words[*]} --help" ends_with 0 out "usage: napctl ${words[*]}" "${words[@]}" --help
done < <(tr -d '\r' <"$work/out" | sed -nE 's/^  napctl ([a-z]+) +([a-z]*).*/\1 \2/p' | sort -u)

# Wine ends services with the last program: wait_wine waits for that. Who only reads need not know.
for show in "state" "connections" "config"; do
    run_in_wine 60 net start napagent </dev/null >/dev/null 2>&1
    wait_wine
    check "show $show of an agent that ended with Wine starts it" ends_with 0 out "" show "$show"
    run_in_wine 60 net stop napagent </dev/null >/dev/null 2>&1
    check "show $show of one that was stopped does not" ends_with 1 err "the agent is stopped; start it with: net start napagent" show "$show"
done
run_in_wine 60 net start napagent </dev/null >/dev/null 2>&1
check "show config lists components and their states" ends_with 0 out "79617    disabled DHCP" show config
check "and the settings" ends_with 0 out "logFile" show config
check "as JSON too" eval 'napctl show config --json && python3 - "$work/out" <<END
import json, sys
config = json.load(open(sys.argv[1], encoding="utf-8"))
assert config["groupPolicy"] is False, config
assert [c["enabled"] for c in config["enforcementClients"] if c["id"] == 79618] == [False], config
assert config["settings"]["callbackDeadline"] == 5000, config
assert config["settings"]["logFile"].lower().endswith("napagent.log"), config
END'

id=19088743
check "an enforcement client is registered by hand" ends_with 0 out "$id is registered" enforcement register 0x1234567 "By hand" --description "a test" --vendor "wine-nap" --version 1.2
check "and shown with its description" eval 'napctl show state --json && python3 - "$work/out" <<END
import json, sys
clients = json.load(open(sys.argv[1], encoding="utf-8"))["enforcementClients"]
one = [c for c in clients if c["id"] == '$id'][0]
assert (one["name"], one["description"], one["vendor"], one["version"], one["enabled"]) == ("By hand", "a test", "wine-nap", "1.2", False), one
END'
check "not twice" ends_with 1 err "0x80270003" enforcement register $id Again
check "it is unregistered" ends_with 0 out "no longer registered" enforcement unregister $id
check "only once" ends_with 1 err "0x80270006" enforcement unregister $id
check "a health agent is registered by hand" ends_with 0 out "$id is registered" agent register $id "A health agent"
check "and unregistered" ends_with 0 out "no longer registered" agent unregister $id
check "an invalid id is wrong usage" ends_with 2 err "usage: napctl agent register" agent register none Name
check "so is an unknown option" ends_with 2 err "usage: napctl enforcement register" enforcement register $id Name --colour red
check "the id 0 is rejected" ends_with 1 err "0x80070057" enforcement register 0 Name
