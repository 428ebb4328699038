#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Text that others control: names, descriptions, URLs, files, arguments and log lines with every control
# character, through every command of napctl. Text output has none of them; JSON has them escaped and
# returns them unchanged. libs/text/visible.h lists the characters. The test fails if a command of
# `napctl --help`, or a --json, gets none of them here.
# Takes up to 900 s.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
prefix_of_its_own
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all} LC_ALL=C.UTF-8
client=$((0x00abcd51)) agent=$((0x00abcd52))
path_of() { echo "Z:${1//\//\\}"; }

# Every control character except NUL, which ends an argument.
controls=$(python3 -c '
ranges = [(1, 0x1f), (0x7f, 0x9f), (0x61c, 0x61c), (0x200e, 0x200f), (0x2028, 0x202e), (0x2066, 0x2069)]
print("<" + "".join(chr(c) for first, last in ranges for c in range(first, last + 1)) + ">", end="")')

name_controls=$(python3 -c 'import sys; print("".join(c for c in sys.argv[1] if ord(c) > 0x1f), end="")' "$controls") # allowed in a file's name
line_controls=${controls//[$'\r\n']/} # allowed in a line

napctl() { run_in_wine 60 napctl.exe "$@"; }
napctl --help >"$work/text"
sed -nE 's/^  napctl ([a-z]+) +([a-z]*).*/\1 \2/p' "$work/text" | sed 's/ $//' | sort -u >"$work/commands"
declare -A fed=()

# judge KIND FILE MARK CONTROLS: the text has the mark, and no control character except line ends.
#   text      each line with the mark has all of CONTROLS after it, each replaced
#   json      one document, or one a line, has the mark with CONTROLS unchanged
#   lines     the same, one document a line
#   escaped   a string as decode shows it, over several lines
#   clean     no further condition
#   screen    output of a terminal, without the sequences that Wine itself makes
cat >"$work/judge.py" <<'END'
import json, re, sys
kind, name, mark, controls = sys.argv[1:]
every = [(1, 0x1f), (0x7f, 0x9f), (0x61c, 0x61c), (0x200e, 0x200f), (0x2028, 0x202e), (0x2066, 0x2069)]
every = {chr(c) for first, last in every for c in range(first, last + 1)}
text = open(name, "rb").read().decode("utf-8").replace("\r\n", "\n")
if kind == "screen":
    text = re.sub("\x1b\\[[0-9;?]*[a-zA-Z]|\x1b\\][^\x07\x1b]*\x07|\x1b[=>]|[\r\b]", "", text)
bad = sorted({hex(ord(c)) for c in text if c in every and c != "\n"})
assert not bad, bad
assert mark in text, (mark, text)
if kind in ("json", "lines"):
    def strings(value):
        if isinstance(value, str): yield value
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            yield from strings(part)
    values = [json.loads(line) for line in text.splitlines() if line] if kind == "lines" else [json.loads(text)]
    assert any(mark + controls in each for value in values for each in strings(value)), "not as it was given"
elif kind == "escaped":
    escaped = "".join(c if " " <= c < "\x7f" else "\\x%02x" % ord(c) for c in controls.encode().decode("latin-1"))
    assert mark + escaped in re.sub('"\n *"', "", text), text
elif kind == "text":
    shown = "".join(" " if c in "\t\n\r\x85\u2028\u2029" else "?" if c in every else c for c in controls.replace("\r\n", "\n"))
    lines = [line for line in text.split("\n") if mark + "<" in line]
    assert lines and all(mark + shown in line for line in lines), text
END
judge() { python3 "$work/judge.py" "$1" "$2" "$3" "${4-$controls}"; }
# feeds KIND MARKS CONTROLS ARGUMENTS...: runs a command and judges the output of both streams
feeds() {
    local command="${*:4:2}" mark marks
    IFS='|' read -ra marks <<<"$2|"
    grep -qxF -- "$command" "$work/commands" || command=$4
    fed[$command]=1
    [[ " ${*:5} " != *" --json "* ]] || { fed[$command --json]=1 command+=" --json"; }
    napctl "${@:4}" >"$work/text" 2>&1 <"${input:-/dev/null}"
    for mark in "${marks[@]}"; do check "$command: $mark is $1" judge "$1" "$work/text" "$mark" "$3"; done
}

# A running program keeps the prefix up, and with it the agent.
timeout 880 "$WINE" napctl.exe watch </dev/null >/dev/null 2>&1 &
watcher=$!

# ---- input of commands, and their acknowledgement

feeds clean "is registered" "$controls" enforcement register $client "Client$controls" \
    --description "Description$controls" --version "1$controls" --vendor "Vendor$controls"
feeds clean "is registered" "$controls" agent register $agent "Agent$controls" --description "Description$controls"
feeds clean "is enabled" "$controls" enforcement enable $client
feeds clean "is enabled" "$controls" agent enable $agent
feeds clean "is added" "$controls" ras add "Entry$controls" --device-name "Device$controls" \
    --phone "Number$controls" --user "User$controls"
feeds clean "handle" "$controls" ras add "More$controls" --json
feeds clean "is removed" "$controls" ras remove "More$controls"
feeds clean "are set" "$controls" ras patterns "Pattern$line_controls" "second"
feeds clean "" "$controls" rras add --user "User$controls" --domain "Domain$controls" --computer "Computer$controls" \
    --interface "Interface$controls" --port "Port$controls"
feeds clean "" "$controls" rras add --port "Other$controls"
feeds clean "" "$controls" rras update --match-port "Other$controls" --device-name "Device$controls"
feeds clean "" "$controls" rras remove --match-port "Other$controls"
check "a setting has such a text" run_in_wine 60 reg add \
    'HKLM\System\CurrentControlSet\Services\napagent\Parameters' /v Hook /d "/hook$controls" /f

# ---- a server: the URL of its response

server() {
    local url
    url="http://Url$(printf '%s' "$controls" | tr -c x y)" # as many bytes
    sed "s,url .*,url \"$url\"," "$root/examples/demo/restricted.policy" >"$work/policy"
    timeout 60 bash -c 'until [ -f "$1" ]; do sleep 0.2; done' - "$work/request" || return 1
    mv "$work/request" "$work/asked"
    napctl validate --policy "$(path_of "$work/policy")" --request "$(path_of "$work/asked")" \
        --response "$(path_of "$work/answer")" || return 1
    python3 -c 'import sys
data, url, controls = open(sys.argv[1], "rb").read(), sys.argv[2].encode(), ("http://Url" + sys.argv[3]).encode()
assert len(url) == len(controls) and url in data
open(sys.argv[1], "wb").write(data.replace(url, controls))' "$work/answer" "$url" "$controls" || return 1
    cp "$work/answer" "$work/answered"
    mv "$work/answer" "$work/response"
    timeout 60 bash -c 'until grep -q GetIsolationInfo "$1"; do sleep 0.2; done' - "$work/client"
}
mkfifo "$work/input"
timeout 880 "$WINE" "$root/build/win64/examples/enforcement-client/enforcement-client.exe" connect $client \
    "$(path_of "$work/request")" "$(path_of "$work/response")" <"$work/input" >"$work/client" 2>&1 &
exec 3>"$work/input"
check "a server's URL has such a text" server

# ---- output of commands

# MARKS COMMAND: the text before the control characters, and the command that shows it.
while read -r marks command; do
    feeds text "$marks" "$controls" $command
    feeds json "$marks" "$controls" $command --json
done <<'END'
Client|Agent|Url show state
Client|Agent|Description show components
Url show connections
Client|Agent|/hook show config
Entry ras list
User|Domain|Computer|Interface|Port rras list
END
feeds text "Client|Agent|Description" "$controls" show state --verbose
feeds text Pattern "$line_controls" ras patterns
feeds json Pattern "$line_controls" ras patterns --json

fed[watch]=1 fed[watch --json]=1
timeout 5 "$WINE" napctl.exe watch </dev/null >"$work/watch" 2>/dev/null
for mark in Client Agent Url; do check "watch: $mark is text" judge text "$work/watch" $mark; done
timeout 5 "$WINE" napctl.exe watch --json </dev/null >"$work/watch" 2>/dev/null
for mark in Client Agent Url; do check "watch --json: $mark is json" judge lines "$work/watch" $mark; done
# All bytes that a terminal gets.
cat >"$work/terminal.py" <<'END'
import fcntl, os, pty, select, struct, sys, termios, time
process, terminal = pty.fork()
if not process:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 250, 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
end, got = time.time() + 60, b""
while time.time() < end:
    ready = select.select([terminal], [], [], 0.2)[0]
    try:
        got += os.read(terminal, 65536) if ready else b""
    except OSError:
        break
    if end - time.time() > 2 and b"Url" in got:
        end = time.time() + 2
os.write(terminal, b"\3")
try:
    while select.select([terminal], [], [], 10)[0]:
        got += os.read(terminal, 65536)
except OSError:
    pass
os.waitpid(process, 0)
open(sys.argv[1], "wb").write(got)
END
python3 "$work/terminal.py" "$work/screen" timeout 90 "$WINE" napctl.exe watch
for mark in Client Agent Url; do check "watch: in a terminal $mark is visible" judge screen "$work/screen" "$mark<?"; done
exec 3>&-

# ---- the prefix itself: texts that selftest finds in the registry

class='HKLM\Software\Classes\CLSID\{9443B89B-6564-496A-B19C-6C6D22709045}\InprocServer32'
run_in_wine 60 reg query "$class" /ve 2>/dev/null | tr -d '\r' | sed -n 's/.*REG_SZ *//p' >"$work/server"
run_in_wine 60 reg add "$class" /ve /d "Server$controls" /f >/dev/null 2>&1
feeds text Server "$controls" selftest
feeds json Server "$controls" selftest --json
run_in_wine 60 reg add "$class" /ve /d "$(cat "$work/server")" /f >/dev/null 2>&1
feeds clean "No fault found" "" selftest

# ---- the record of the last look at the host: it has ASCII only

printf 'look.time=134000000000000000\nfirewall=on%s\n' "$controls" >"$(echo "$WINEPREFIX"/drive_c/windows/[Ll]ogs)/napwsha.health"
feeds clean "is not napwsha's record" "" health
feeds clean "is not napwsha's record" "" health --json

# ---- the hook: its arguments and its output

printf '#!/bin/sh\nprintf %%s "$5" | tee /dev/stderr\nprintf %%s "$5" >"%s"\nexit 3\n' "$work/hooked" >"$work/hook"
chmod 755 "$work/hook"
run_in_wine 60 reg add 'HKLM\System\CurrentControlSet\Services\napagent\Parameters' /v Hook /d "$work/hook" /f >/dev/null 2>&1
feeds clean "" "$controls" rras enable
napctl rras update --match-port "Port$controls" --quarantine quarantine >/dev/null 2>&1
timeout 30 bash -c 'until [ -s "$1" ]; do sleep 0.2; done' - "$work/hooked"
check "the hook gets them unchanged" test "$(cat "$work/hooked")" = "Domain$controls"
feeds clean "" "$controls" rras disable

# ---- the log

# A validator's name, which the restarted agent reads.
run_in_wine 60 regsvr32 /s "$(path_of "$root/build/win64/examples/validator/validator.dll")" >/dev/null 2>&1 </dev/null
run_in_wine 60 reg add "HKLM\\System\\CurrentControlSet\\Services\\napagent\\Shvs\\$((0x00abd001))" \
    /v "Friendly Name" /d "Validator$controls" /f >/dev/null 2>&1
# A value of the registry that cannot be used reaches the log.
run_in_wine 60 reg add "HKLM\\System\\CurrentControlSet\\Services\\napagent\\Qecs\\Key$controls" /f >/dev/null 2>&1
run_in_wine 60 net stop napagent >/dev/null 2>&1
run_in_wine 60 net start napagent >/dev/null 2>&1
# Other programs may write the log: an older release, or a program that has the file open.
log=$(ls "$WINEPREFIX"/drive_c/windows/[Ll]ogs/napagent.log)
check "the log: no control characters, and the whole value of the registry" judge text "$log" "Key"
check "nor of the hook" judge clean "$log" "exit status 3"
printf '%s\n' "2026-01-01T00:00:00.000Z info napagent[1] - strange: Text$line_controls" >>"$log"
feeds text Validator "$controls" validator list
feeds json Validator "$controls" validator list --json
feeds text Text "$line_controls" show log
feeds json Text "$line_controls" show log --json

# ---- files: their names and contents

complaint() { feeds text "$@"; } # MARK CONTROLS ARGUMENTS...: the complaint has the whole text
printf '"bogus%s"\n' "$line_controls" >"$work/lines"
complaint bogus "$line_controls" rras load "$(path_of "$work/lines")"
printf 'policy 1\nbogus%s\n' "$line_controls" >"$work/file$name_controls"
file=$(path_of "$work/file$name_controls")
complaint file "$name_controls" rras load "$file"
complaint file "$name_controls" decode "$file"
complaint file "$name_controls" validate --policy "$file"
complaint nothing "$controls" decode "Z:\\nothing$controls"
complaint nothing "$controls" validate --policy "Z:\\nothing$controls"
complaint nothing "$controls" rras load "Z:\\nothing$controls"
complaint --no "$controls" rras add "--no$controls" x
complaint no "$controls" rras update "no$controls" --user x
complaint no "$controls" rras remove --match-ipv4 "no$controls"
# Names may be in another alphabet; in the C library's "C" locale the output would stop there.
odd="ne é 漢 😀 name"
check "a file's name is printed whole, whatever its alphabet" eval 'napctl decode "Z:\\$odd" 2>&1 | grep -F "$odd:"'
check "so is an option's" eval 'napctl rras add "--$odd" x 2>&1 | grep -F "\"--$odd\""'
# decode escapes the strings of a statement of health, read as bytes or as hexadecimal text.
feeds escaped Url "$controls" decode "$(path_of "$work/answered")"
od -An -tx1 -v "$work/answered" >"$work/hex"
feeds escaped Url "$controls" decode "$(path_of "$work/hex")"
feeds json Url "$controls" decode "$(path_of "$work/answered")" --json
input=$work/lines feeds clean "not a statement of health" "" decode -

# ---- wrong usage, and missing things

feeds clean "napctl: " "" enforcement enable "$controls"
for command in "enforcement disable" "enforcement unregister" "agent disable" "agent unregister" "agent enable" \
    "validator enable" "validator disable" "validator map"; do
    feeds clean "usage: " "" $command "$controls"
done
for command in "show state" "show components" "show log" selftest watch "ras list" "rras enable" "rras disable" \
    "health enable" "health disable"; do
    feeds clean "usage: " "" $command "$controls"
done
napctl "bogus$controls" >"$work/text" 2>&1
check "no command: no control characters" judge clean "$work/text" "napctl"

# ---- completeness

all_fed() {
    local words missing=""
    while read -r words; do
        [ -n "${fed[$words]:-}" ] || missing+=" '$words'"
        napctl $words --help >"$work/text" 2>&1
        ! grep -qF -- "--json" "$work/text" || [ -n "${fed[$words --json]:-}" ] || missing+=" '$words --json'"
    done <"$work/commands"
    [ -s "$work/commands" ] && [ -z "$missing" ] || { echo "got no control character:$missing"; return 1; }
}
check "every command of --help got them, and every --json" all_fed
# complain() replaces control characters, so every complaint must use it; main.c lists commands.
past_complain() { ! grep -nE '\(stderr,|, ?stderr\)|\bperror\(|\bf?wprintf|_putws' "$root"/programs/napctl/*.c | grep -vE '/(output|main)\.c:'; }
check "all complaints of napctl use complain()" past_complain
kill $watcher 2>/dev/null || true
