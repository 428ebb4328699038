#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every limit that a user can reach through napctl: a value over it is rejected with one line that says
# what is too large, the limit, and what to do. Also the limits of the registry and of phone books,
# which go to the log. docs/administration.md has the table.
# Takes up to 1200 s. Each of 65,600 rows is on the disk before the next is sent.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
prefix_of_its_own
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all}

path_of() { echo "Z:${1//\//\\}"; }
long() { printf "%0$1d" 0 | tr 0 "${2:-x}"; } # LENGTH [CHARACTER]
napctl() {
    local code
    run_in_wine 900 napctl.exe "$@" >"$work/raw" 2>"$work/raw-err" <"${input:-/dev/null}"
    code=$?
    tr -d '\r' <"$work/raw" >"$work/out"
    tr -d '\r' <"$work/raw-err" >"$work/err"
    return $code
}
# refused CODE TEXT ARGUMENTS...: that exit code, and one line with each part of TEXT (separated by "|")
refused() {
    local code=$1 text=$2 part got
    shift 2
    napctl "$@"
    got=$?
    [ $got = "$code" ] || { echo "exit code $got"; head -c 2000 "$work/err"; return 1; }
    [ "$(wc -l <"$work/err")" = 1 ] || { echo "not one line:"; head -c 2000 "$work/err"; return 1; }
    while [ -n "$text" ]; do
        part=${text%%|*}
        grep -qF -- "$part" "$work/err" || { echo "'$part' is not said:"; head -c 2000 "$work/err"; return 1; }
        case $text in *"|"*) text=${text#*|} ;; *) text="" ;; esac
    done
}

# ---- texts: the command (~ stands for its beginning), the argument, its limit
while read -r most what words; do
    # shellcheck disable=SC2086
    check "$words: $what of $most characters is not too long" \
        bash -c '! grep -q "at most" <<<"$1"' - "$(napctl $words "$(long "$most")"; cat "$work/err")"
    # shellcheck disable=SC2086
    check "$words: one more is rejected with the limit" refused 2 "$what has $((most + 1)) characters|at most $most|shorten" \
        $words "$(long $((most + 1)))"
done <<'TABLE'
1024 NAME enforcement register 4000001
1024 --description enforcement register 4000002 a --description
1024 --version enforcement register 4000003 a --version
1024 --vendor enforcement register 4000004 a --vendor
1024 NAME agent register 4000005
256 ENTRY ras add
259 --phonebook ras add one --phonebook
16 --device-type ras add two --device-type
128 --device-name ras add three --device-name
128 --phone ras add four --phone
256 --user ras add five --user
63 --interface ras add six --interface
256 --user rras add --user
256 --domain rras add --domain
256 --computer rras add --computer
256 --interface rras add --interface
256 --port rras add --port
256 --device-name rras add --device-name
256 --device-type rras add --device-type
256 --local-endpoint rras add --local-endpoint
256 --remote-endpoint rras add --remote-endpoint
256 --match-interface rras remove --match-interface
TABLE
check "patterns: as many as fit" napctl ras patterns "$(long 1023)"
check "one more character is rejected with the limit" refused 2 "1024 characters|* and ?" ras patterns "$(long 1024)"
check "and so are two patterns that are too long together" refused 2 "1024 characters|* and ?" ras patterns "$(long 512)" "$(long 512)"
check "the patterns can be removed" napctl ras patterns --clear

# ---- counts
check "20 enforcement clients, those of the installation among them" bash -c 'for ((i = 1; i <= 16; i++)); do
    timeout 60 "$1" napctl.exe enforcement register $((4100000 + i)) a 2>"$2/err" || break; done; cat "$2/err"' - "$WINE" "$work"
check "one more is rejected with the limit" refused 1 "at most 20 enforcement clients|unregister|0x8007000E" \
    enforcement register 4200000 a
check "20 health agents" bash -c 'for ((i = 1; i <= 20; i++)); do
    timeout 60 "$1" napctl.exe agent register $((4100000 + i)) a 2>"$2/err" || break; done; cat "$2/err"' - "$WINE" "$work"
check "one more is rejected with the limit" refused 1 "at most 20 health agents|unregister|0x8007000E" agent register 4200000 a
for i in {1..64}; do
    napctl ras add "entry $i" || break
done
check "the 65th added RAS connection is rejected with the limit" refused 1 "there are 64|ras remove|0x80070718" ras add another

# ---- files
head -c 65548 /dev/zero >"$work/big-soh"
head -c 1048577 /dev/zero | tr '\0' '#' >"$work/big.policy"
head -c 1048576 /dev/zero | tr '\0' '#' >"$work/full.policy"
truncate -s 200M "$work/nuls"
truncate -s 100K "$work/some-nuls"
printf -- '--user alice\n--user b\0b\n--user carol\n' >"$work/one-nul"
{ printf -- '--user alice\n--user '; long 17000; } >"$work/long-line"
mkfifo "$work/pipe"
healthy=$(path_of "$root/examples/demo/healthy.policy")
check "the message for a policy that is too large says that it is a policy" refused 1 'big.policy has more than 1048576 bytes|a policy|is it the file you mean' \
    validate --policy "$(path_of "$work/big.policy")" --request "$(path_of "$work/one-nul")"
check "one at the limit is read" refused 1 'full.policy:' validate --policy "$(path_of "$work/full.policy")"
check "the message for a request that is too large says that it is a statement of health" \
    refused 1 'big-soh has more than 65547 bytes|a statement of health' validate --policy "$healthy" --request "$(path_of "$work/big-soh")"
input=$work/big-soh check "so is one on standard input" refused 1 'standard input has more than 65547 bytes|a statement of health' \
    validate --policy "$healthy"
check "decode says the same" refused 1 'big-soh has more than 65547 bytes|a statement of health' decode "$(path_of "$work/big-soh")"
for device in 'Z:\dev\zero' '\\.\NUL' 'NUL'; do
    check "rras load: $device is not a file" refused 1 "not a regular file|standard input" rras load "$device"
    check "decode: $device is not a file" refused 1 "not a regular file|standard input" decode "$device"
    check "validate: $device is not a file" refused 1 "not a regular file|standard input" validate --policy "$device"
done
check "rras load: nor is the console, which may not exist" refused 1 "CON" rras load CON
check "rras load: 200 MB are too many" refused 1 "nuls has more than 67108864 bytes|a list of connections" \
    rras load "$(path_of "$work/nuls")"
check "rras load: NULs are not text" refused 1 "some-nuls, line 1|NUL" rras load "$(path_of "$work/some-nuls")"
input=$work/nuls check "nor on standard input" refused 1 "standard input, line 1|NUL" rras load -
check "rras load: a NUL is found by its line" refused 1 "one-nul, line 2|NUL|not read" rras load "$(path_of "$work/one-nul")"
check "the lines before it are loaded, the following ones are not" grep -qx '[0-9]*' "$work/out"
check "rras load: a line that is too long is found" refused 1 "long-line, line 2|16383|not read" rras load "$(path_of "$work/long-line")"
printf -- '--user alice\n--user%.0s' >"$work/words"
for ((i = 1; i <= 65; i++)); do printf ' w%d' $i; done >>"$work/words"
check "rras load: 65 words are too many" refused 1 "words, line 2|more than 64 words|is a quote missing" rras load "$(path_of "$work/words")"
printf -- '--user "bob\n' >"$work/quote"
check "rras load: an open quote has another message" refused 1 "quote, line 1: a quote is left open" rras load "$(path_of "$work/quote")"

# ---- policies: each has one line too many
policy() { # WHAT LIMIT TEXT: rejected with the number of its last line
    printf 'policy 1\n\n%b' "$3" >"$work/policy"
    check "a policy: $1" refused 1 "policy:$(wc -l <"$work/policy"): |at most $2" validate --policy "$(path_of "$work/policy")"
}
times() { local i; for ((i = 1; i <= $1; i++)); do printf "$2" $i; done; } # COUNT FORMAT
policy "21 health agents" 20 "$(times 21 'agent %d\\n')"
policy "65 codes" 64 "agent 1\n codes$(times 65 ' %d')\n"
policy "17 software versions" 16 "agent 1\n$(times 17 ' software-version %d\\n')"
policy "a software version of 64 characters" 63 "agent 1\n software-version $(long 64)\n"
policy "17 fix-up servers" 16 "agent 1\n$(times 17 ' fixup-server 192.0.2.%d\\n')"
policy "17 fix-up servers of IPv6" 16 "agent 1\n$(times 17 ' fixup-server 2001:db8::%d\\n')"
policy "81 words" 80 "agent 1\n codes$(times 80 ' %d')\n"
policy "a URL of 1,025 characters" 1024 "noncompliant\n url \"http://$(long 1018)\"\n"

# ---- settings of the service, whose limits are in its log
parameters='HKLM\System\CurrentControlSet\Services\napagent\Parameters'
set_parameter() { run_in_wine 60 reg add "$parameters" /v "$1" "${@:2}" /f >/dev/null 2>&1 </dev/null; }
log() { napctl show log && grep -F -- "$1" "$work/out"; }
set_parameter LogFile /d "C:\\$(long 300)"
set_parameter LogLevel /d verbose
run_in_wine 60 net stop napagent >/dev/null 2>&1 </dev/null
run_in_wine 60 reg add 'HKLM\System\CurrentControlSet\Services\napagent\Ras' /v 'Last Handle' /t REG_DWORD /d 0x7fffffff /f \
    >/dev/null 2>&1 </dev/null
run_in_wine 60 net start napagent >/dev/null 2>&1 </dev/null
check "LogFile of 303 characters: the log says the limit and what is used" log 'LogFile has more than 257 characters, the most that it may have; using C:\windows\Logs\napagent.log'
check "LogLevel of another name: the log lists the names" log 'LogLevel is not one of none, error, warn, info, trace; using info'
run_in_wine 60 reg delete "$parameters" /v LogFile /f >/dev/null 2>&1 </dev/null
run_in_wine 60 reg delete "$parameters" /v LogLevel /f >/dev/null 2>&1 </dev/null
napctl ras remove "entry 1"
check "after the last handle an added RAS connection is refused with what to do" \
    refused 1 "every handle was issued|uninstall --purge|0x80070536" ras add another
napctl rras enable
napctl rras add --port hooked
quarantine() { napctl rras update --match-port hooked --quarantine "$1"; }
set_parameter Hook /d "/$(long 1400)"
quarantine quarantine
check "a hook's path of 1,401 characters: the log says the limit" within 10 log 'Hook has 1401 characters, and the path of a host program may have 1364: use a shorter one'
set_parameter Hook /d /bin/true
set_parameter HookTimeout /t REG_DWORD /d 60000
quarantine normal
check "a hook's time-out of 60 s: the log says the limit" within 10 log 'HookTimeout is 60000 ms, and a hook may take 45000: that counts'
run_in_wine 60 reg delete "$parameters" /v Hook /f >/dev/null 2>&1 </dev/null
run_in_wine 60 reg delete "$parameters" /v HookTimeout /f >/dev/null 2>&1 </dev/null
napctl rras remove --match-port hooked

# ---- phone books, whose limit is in the program's own log
books="$WINEPREFIX/drive_c/ProgramData/Microsoft/Network/Connections/Pbk"
mkdir -p "$books"
printf '[Office]\r\nType=2\r\n' >"$books/rasphone.pbk"
truncate -s $((256 * 1024 * 1024 + 1)) "$books/big.pbk"
entries() { run_in_wine 60 "$root/build/win64/tests/e2e/tunnels/ras-show.exe" --entries >"$work/out" 2>"$work/err" </dev/null; }
entries
check "a phone book of more than 256 MiB is left out, the others are read" grep -q '^1 entries, error 0' "$work/out"
check "the log says which, and the limit" grep -qE 'big\.pbk has 268435457 bytes, and a phone book may have 268435456: it is not read' "$work/err"
truncate -s $((256 * 1024 * 1024)) "$books/big.pbk"
entries
check "one of 256 MiB is not too large" eval '! grep "may have" "$work/err"'
rm "$books/big.pbk"
printf '[%s]\r\nType=2\r\n' "$(long 256)" >"$books/long.pbk"
entries
check "an entry whose name has 256 characters is seen" grep -q '^2 entries, ' "$work/out"
printf '[%s]\r\nType=2\r\n' "$(long 257)" >"$books/longer.pbk"
entries
check "one whose name has 257 is not, and the log says why and what to do" eval \
    'grep -q "^2 entries, " "$work/out" && [ "$(grep -c "longer.pbk: the name of an entry is longer than 256 characters.*rename it" "$work/err")" = 1 ]'
rm -f "$books"/*.pbk

# ---- the remote access server's table
for ((i = 1; i <= 65600; i++)); do echo "--user u$i"; done >"$work/many"
run_in_wine 280 napctl.exe rras load "$(path_of "$work/many")" 2>"$work/raw-err" >"$work/out" </dev/null
check "65,600 rows: the load fails" test $? = 1
tr -d '\r' <"$work/raw-err" >"$work/err"
check "two lines say why" test "$(wc -l <"$work/err")" = 2
check "the first has the line, the limit and what to do" grep -qE 'many, line 655[0-9]*: .*there are 65536 already, the most that are allowed; remove.*napctl rras list.*0x80070718' "$work/err"
check "the last says how many are left out" grep -qE "many: [0-9]+ connections, from line 655[0-9]* on, are not added: there may be 65536" "$work/err"
