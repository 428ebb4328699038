#!/bin/bash
# Every limit that a person can meet through napctl: what is over it is refused by one line, which says
# what is too large or too many, the limit, and what to do. docs/administration.md has the table.
# Takes up to 1200 s. Each of 65,600 rows is on the disk before the next is asked for.
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
# refused CODE TEXT ARGUMENTS...: that exit code, and one line that has each part of TEXT, parted by "|"
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

# ---- texts: COMMAND (or ~ for what it begins with), the argument, its limit
while read -r most what words; do
    # shellcheck disable=SC2086
    check "$words: $what of $most characters is not too long" \
        bash -c '! grep -q "at most" <<<"$1"' - "$(napctl $words "$(long "$most")"; cat "$work/err")"
    # shellcheck disable=SC2086
    check "$words: one more is refused with the limit" refused 2 "$what has $((most + 1)) characters|at most $most|shorten" \
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
check "one more character is refused with the limit" refused 2 "1024 characters|* and ?" ras patterns "$(long 1024)"
check "and so are two that are too long together" refused 2 "1024 characters|* and ?" ras patterns "$(long 512)" "$(long 512)"
check "the patterns are gone again" napctl ras patterns --clear

# ---- how many there may be
check "20 enforcement clients, those of the installation among them" bash -c 'for ((i = 1; i <= 16; i++)); do
    timeout 60 "$1" napctl.exe enforcement register $((4100000 + i)) a 2>"$2/err" || break; done; cat "$2/err"' - "$WINE" "$work"
check "one more is refused with the limit" refused 1 "at most 20 enforcement clients|unregister|0x8007000E" \
    enforcement register 4200000 a
check "20 health agents" bash -c 'for ((i = 1; i <= 20; i++)); do
    timeout 60 "$1" napctl.exe agent register $((4100000 + i)) a 2>"$2/err" || break; done; cat "$2/err"' - "$WINE" "$work"
check "one more is refused with the limit" refused 1 "at most 20 health agents|unregister|0x8007000E" agent register 4200000 a
for i in {1..64}; do
    napctl ras add "entry $i" || break
done
check "the 65th added RAS connection is refused with the limit" refused 1 "there are 64|ras remove|0x80070718" ras add another

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
check "a policy that is too large is named, as a policy" refused 1 'big.policy has more than 1048576 bytes|a policy|is it the file you mean' \
    validate --policy "$(path_of "$work/big.policy")" --request "$(path_of "$work/one-nul")"
check "one of the limit is read" refused 1 'full.policy:' validate --policy "$(path_of "$work/full.policy")"
check "a request that is too large is named, as a statement of health" \
    refused 1 'big-soh has more than 65547 bytes|a statement of health' validate --policy "$healthy" --request "$(path_of "$work/big-soh")"
input=$work/big-soh check "so is one on standard input" refused 1 'standard input has more than 65547 bytes|a statement of health' \
    validate --policy "$healthy"
check "decode says the same" refused 1 'big-soh has more than 65547 bytes|a statement of health' decode "$(path_of "$work/big-soh")"
for device in 'Z:\dev\zero' '\\.\NUL' 'NUL'; do
    check "rras load: $device is no file" refused 1 "no regular file|standard input" rras load "$device"
    check "decode: $device is no file" refused 1 "no regular file|standard input" decode "$device"
    check "validate: $device is no policy" refused 1 "no regular file|standard input" validate --policy "$device"
done
check "rras load: neither is the console, which may not be there" refused 1 "CON" rras load CON
check "rras load: 200 MB are too many" refused 1 "nuls has more than 67108864 bytes|a list of connections" \
    rras load "$(path_of "$work/nuls")"
check "rras load: NULs are no text" refused 1 "some-nuls, line 1|NUL" rras load "$(path_of "$work/some-nuls")"
input=$work/nuls check "neither are they on standard input" refused 1 "standard input, line 1|NUL" rras load -
check "rras load: a NUL is found by its line" refused 1 "one-nul, line 2|NUL|not read" rras load "$(path_of "$work/one-nul")"
check "what was before it is done, what follows is not" grep -qx '[0-9]*' "$work/out"
check "rras load: a line that is too long is found" refused 1 "long-line, line 2|16383|not read" rras load "$(path_of "$work/long-line")"

# ---- the remote access server's table
for ((i = 1; i <= 65600; i++)); do echo "--user u$i"; done >"$work/many"
run_in_wine 280 napctl.exe rras load "$(path_of "$work/many")" 2>"$work/raw-err" >"$work/out" </dev/null
check "65,600 rows: the load fails" test $? = 1
tr -d '\r' <"$work/raw-err" >"$work/err"
check "two lines say why" test "$(wc -l <"$work/err")" = 2
check "the first the line, the limit and what to do" grep -qE 'many, line 655[0-9]*: .*there are 65536 already, the most there may be; remove.*napctl rras list.*0x80070718' "$work/err"
check "the last how many are left out" grep -qE "many: [0-9]+ connections, from line 655[0-9]* on, are not added: there may be 65536" "$work/err"
