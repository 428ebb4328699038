#!/bin/bash
# Text that others control: names, descriptions and log lines with every control character, through
# every command of napctl that prints them. Text output has none of them, JSON has them escaped and
# gives them back as they were. libs/text/visible.h says which characters these are.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
prefix_of_its_own
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all} LC_ALL=C.UTF-8
client=$((0x00abcd51)) agent=$((0x00abcd52))

# Every control character but NUL, which ends an argument.
controls=$(python3 -c '
ranges = [(1, 0x1f), (0x7f, 0x9f), (0x61c, 0x61c), (0x200e, 0x200f), (0x2028, 0x202e), (0x2066, 0x2069)]
print("<" + "".join(chr(c) for first, last in ranges for c in range(first, last + 1)) + ">", end="")')

napctl() { run_in_wine 60 napctl.exe "$@"; }
# A program that runs keeps the prefix up, and the agent with it.
timeout 280 "$WINE" napctl.exe watch </dev/null >/dev/null 2>&1 &
watcher=$!

check "an enforcement client of such a name is registered" napctl enforcement register $client "Client$controls" \
    --description "Description$controls" --version "1$controls" --vendor "Vendor$controls"
check "and a health agent" napctl agent register $agent "Agent$controls" --description "Description$controls"
check "both are enabled" eval "napctl enforcement enable $client && napctl agent enable $agent"
check "a RAS connection is added" napctl ras add "Entry$controls" --device-name "Device$controls" \
    --phone "Number$controls" --user "User$controls"
check "and an RRAS connection" napctl rras add --user "User$controls" --domain "Domain$controls" \
    --computer "Computer$controls" --interface "Interface$controls" --port "Port$controls"
check "a setting has such a text" run_in_wine 60 reg add \
    'HKLM\System\CurrentControlSet\Services\napagent\Parameters' /v Hook /d "/hook$controls" /f

# is_clean FILE MARK: a text has the mark and no control character but its line ends.
# has_all FILE MARK: JSON has the mark, no control character as it is, and the whole of $controls.
cat >"$work/judge.py" <<'END'
import json, sys
kind, name, mark, controls = sys.argv[1:]
data = open(name, "rb").read()
text = data.decode("utf-8").replace("\r\n", "\n")
bad = sorted({hex(ord(c)) for c in text if c in controls[1:-1] and c != "\n"})
assert not bad, bad
assert mark in text, (mark, text)
if kind == "json":
    def strings(value):
        if isinstance(value, str): yield value
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            yield from strings(part)
    values = [json.loads(line) for line in text.splitlines() if line] if name.endswith("lines") else [json.loads(text)]
    assert any(mark + controls in each for value in values for each in strings(value)), "not as it was given"
elif kind == "text":
    # No line but those that a list has for any other name.
    lines = [line for line in text.split("\n") if mark + "<" in line]
    assert lines and all(">" in line.split(mark + "<", 1)[1] for line in lines), text
END
judge() { python3 "$work/judge.py" "$1" "$2" "$3" "$controls"; }

# Command, and what stands before the control characters in it.
while IFS='|' read -r command mark; do
    napctl $command >"$work/text" 2>"$work/err"
    check "$command: no control characters" judge text "$work/text" "$mark"
    napctl $command --json >"$work/json" 2>"$work/err"
    check "$command --json: escaped, and nothing lost" judge json "$work/json" "$mark"
done <<'END'
show state|Client
show state|Agent
show config|Client
show config|Agent
show config|/hook
ras list|Entry
rras list|User
rras list|Domain
rras list|Computer
rras list|Interface
rras list|Port
END

timeout 5 "$WINE" napctl.exe watch </dev/null >"$work/watch" 2>/dev/null
check "watch: no control characters" judge text "$work/watch" Client
timeout 5 "$WINE" napctl.exe watch --json </dev/null >"$work/watch.lines" 2>/dev/null
check "watch --json: escaped, and nothing lost" judge json "$work/watch.lines" Client

# What the registry says reaches the log when it cannot be used.
run_in_wine 60 reg add "HKLM\\System\\CurrentControlSet\\Services\\napagent\\Qecs\\Key$controls" /f >/dev/null 2>&1
run_in_wine 60 net stop napagent >/dev/null 2>&1
run_in_wine 60 net start napagent >/dev/null 2>&1
# A log may have been written by anything: an older release, or a program that has the file open.
log=$(ls "$WINEPREFIX"/drive_c/windows/[Ll]ogs/napagent.log)
check "the log: no control characters" judge complaint "$log" "is not usable and skipped"
printf '%s\n' "2026-01-01T00:00:00.000Z info napagent[1] - strange: Text${controls//[$'\r\n']/}" >>"$log"
napctl show log >"$work/text"
check "show log: no control characters" judge text "$work/text" Text
napctl show log --json >"$work/json"
controls=${controls//[$'\r\n']/}
check "show log --json: escaped, and nothing lost" judge json "$work/json" Text

# What a command complains of may be anybody's too.
complaint() { # NAME ARGUMENTS...
    napctl "${@:2}" >"$work/text" 2>&1
    check "$1: a complaint has no control characters" judge complaint "$work/text" "napctl: "
}
printf 'bogus%s\n' "$controls" >"$work/lines"
complaint "rras load" rras load "Z:${work//\//\\}\\lines"
complaint "a missing file" decode "Z:\\nothing$controls"
complaint "a missing policy" validate --policy "Z:\\nothing$controls"
kill $watcher 2>/dev/null || true
