#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The commands that the documents show work as written, and what the documents name exists.
#
# Every command of a document (a line of a block marked "sh", or `tools/...`, `napctl ...`,
# `wine ...`, `meson ...` in a text) is claimed by one line of this test:
#   shown COMMAND [INSTEAD]          runs it here; INSTEAD has values for its placeholders
#   elsewhere COMMAND TEST TEXT      another test runs it; TEXT in that test shows it
# An unclaimed command is a fault, and so is a claim for a command that no document shows. A claim
# also covers the beginning of its command, like `napctl ras add`.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
own_prefix
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all}
documents=(README.md CONTRIBUTING.md docs/*.md)
cd "$root" || exit 1

# --- the commands of the documents

# Prints lines of FILE:LINE, tab, command. A command in a block not marked "sh" begins with "?".
commands_of() { # FILE...
    awk '
        FNR == 1 { fence = "" }
        function command(text) {
            sub(/^wine napctl\.exe /, "napctl ", text); sub(/  +#.*$/, "", text)
            gsub(/  +/, " ", text); sub(/ $/, "", text)
            print FILENAME ":" FNR "\t" text
        }
        /^```/ { fence = fence == "" ? $0 : ""; next }
        fence == "```sh" && /[^ ]/ { command($0); next }
        fence != "" && /^ *(tools\/|napctl |wine |meson |apt-get |sudo )/ { command("?" $0); next }
        fence != "" { next }
        {
            n = split($0, span, "`")
            for (i = 2; i < n; i += 2)
                if (span[i] ~ /^(napctl|wine|meson) / || span[i] ~ /^examples\/freeradius\/access-request /)
                    command(span[i])
                else if (span[i] ~ /^(tools|tests)\/[a-z\/-]+\.sh$/ || span[i] ~ /^tools\/[a-z0-9\/-]+(\.sh)? / ||
                    span[i] ~ /^tools\/[a-z0-9\/-]+$/ && system("test -f " span[i]) == 0)
                    command(span[i])
        }' "$@"
}

declare -A claimed
claim() { claimed[$1]=1; }
shown() { # COMMAND [INSTEAD]
    claim "$1"
    check "$1" as_shown "${2:-$1}"
}
elsewhere() { # COMMAND TEST TEXT
    claim "$1"
    check "$1 is run by $2" is_run_by "$2" "$3"
}

# Runs a command in a folder that looks like a clone, with wine and napctl in the PATH.
as_shown() {
    (cd "$work/clone" && HOME=$work/home PATH=$work/bin:$PATH timeout 120 bash -c "$1" </dev/null >"$work/out" 2>&1)
    local code=$?
    tr -d '\r' <"$work/out"
    return $code
}
says() { tr -d '\r' <"$work/out" | grep -qF -- "$1" || { cat "$work/out"; return 1; }; }
is_run_by() {
    case $1 in
        tests/tools/*-test.sh | tests/e2e/*-test.sh | tests/interop/*-test.sh | tools/test.sh | .ci/run) grep -qF -- "$2" "$root/$1" ;;
        *) echo "$1 is no test"; return 1 ;;
    esac
}
mkdir -p "$work"/{bin,home,clone}
ln -s "$root"/{tools,build,examples,docs,tests} "$work/clone"
ln -s "$WINEPREFIX" "$work/home/.wine"
{
    printf '#!/bin/sh\nexport WINE="%s" WINESERVER="%s" %s\n' "$WINE" "$WINESERVER" "${WINELOADER:+"WINELOADER='$WINELOADER'"}"
    echo 'case "$*" in *--console) exec "$WINE" "$@" ;; esac # its output is read meanwhile'
    printf 'exec "%s/tools/run-in-wine.sh" 110 "$@"\n' "$root"
} >"$work/bin/wine"
printf '#!/bin/sh\nexec "%s/bin/wine" napctl.exe "$@"\n' "$work" >"$work/bin/napctl"
chmod +x "$work/bin"/*
path_of() { echo "Z:${1//\//\\}"; }

# --- names: links, their anchors, files

# Prints lines of FILE:LINE, target, anchor or nothing.
links_of() {
    awk '{
        for (rest = $0; match(rest, /\]\([^)]*\)/); rest = substr(rest, RSTART + RLENGTH)) {
            target = substr(rest, RSTART + 2, RLENGTH - 3)
            if (target !~ /^[a-z]+:/) { anchor = target; sub(/^[^#]*#?/, "", anchor); sub(/#.*/, "", target); print FILENAME ":" FNR, target == "" ? "." : target, anchor }
        }
    }' "$@"
}
anchors_of() { # FILE: as GitHub makes them of headings
    awk '/^```/ { fence = !fence } /^#+ / && !fence { sub(/^#+ /, ""); $0 = tolower($0); gsub(/[^a-z0-9 _-]/, ""); gsub(/ /, "-"); print }' "$1"
}
links_lead_somewhere() { # FILE...
    local where target anchor file bad=0
    while read -r where target anchor; do
        file=${where%%:*}
        [ "$target" = . ] || file=$(dirname "$file")/$target
        if [ ! -e "$file" ]; then echo "$where: there is no $target"; bad=1
        elif [ -n "$anchor" ] && ! anchors_of "$file" | grep -qxF -- "$anchor"; then echo "$where: $file has no heading #$anchor"; bad=1; fi
    done < <(links_of "$@")
    return $bad
}
files_are_there() { # FILE...
    local file where name bad=0
    while IFS=: read -r file where name; do
        compgen -G "${name%%[ {]*}*" >/dev/null || { echo "$file:$where: there is no $name"; bad=1; }
    done < <(grep -noHE '`(\.ci|dlls|docs|examples|idl|include|libs|programs|tests|tools)/[^`]*`' "$@" | tr -d '`')
    return $bad
}
check "every link of a document leads somewhere" links_lead_somewhere "${documents[@]}"
check "every file that a document names is there" files_are_there "${documents[@]}"
printf 'See [this](#what-it-is), [that](none.md) and `tools/nothing.sh`.\n\n## What is it?\n' >"$work/bad.md"
check "a link to nowhere is a fault" eval '! links_lead_somewhere "$work/bad.md" >"$work/out" && says "there is no none.md" && says "no heading #what-it-is"'
check "a file that is not there is a fault" eval '! files_are_there "$work/bad.md" >"$work/out" && says "there is no tools/nothing.sh"'

# --- tables that have the words of the sources

check "docs/protocol.md has each message and its number" tools/protocol-table
rules_are_the_codecs() {
    local rule bad=0
    while read -r rule; do
        grep -qF "| $rule |" docs/protocol.md || { echo "docs/protocol.md lacks: $rule"; bad=1; }
    done < <(cat libs/napipc/*.c libs/engine/*.c libs/engine/*/*.c | grep -oE '(codec_fail\(codec, |why = |refuse\(engine, session, )"[^"]+"' | cut -d'"' -f2 | sort -u | tee "$work/rules")
    [ "$(wc -l <"$work/rules")" -gt 15 ] || { echo "no rules found"; bad=1; }
    while read -r rule; do
        grep -rqF "\"$rule" libs/napipc libs/engine programs/napagent || { echo "nothing says: $rule"; bad=1; }
    done < <(sed -n '/^## What is rejected/,$p' docs/protocol.md | sed -nE 's/^\| ([a-zS][^|]*[^ |]) +\|.*/\1/p' | grep -v '^rule$')
    return $bad
}
check "docs/protocol.md has the rules in the words of the log" rules_are_the_codecs
events_of_sources() { cat libs/engine/*.c libs/engine/*/*.c programs/{napagent,napserver,napwsha}/*.c libs/pipeserver/*.c | tr -d '\n' | grep -oE '(engine_log|log_event)\([^;"]*"[a-z-]+"' | sed 's/.*"\(.*\)"/\1/' | sort -u; }
events_of_document() { sed -n '/^| event | level | when |$/,/^$/p' docs/administration.md | cut -d'|' -f2 | grep -oE '`[a-z-]+`' | tr -d '`' | sort -u; }
each_event() { events_of_sources >"$work/events"; [ "$(wc -l <"$work/events")" -gt 30 ] && comm -23 "$work/events" <(events_of_document) | grep . && return 1; return 0; }
check "docs/administration.md has each event of the service's log" each_event
each_setting() {
    local name bad=0
    for name in $(sed -nE 's/^    \{L"([A-Za-z]+)", .*/\1/p' programs/napctl/config.c) LogFile RetryDelay RetryDelayMax; do
        grep -qF "\`$name\`" README.md docs/administration.md docs/protocol.md || { echo "no document names $name"; bad=1; }
    done
    return $bad
}
check "the documents have each setting of the service" each_setting

keywords_are_explained() {
    local word bad=0
    for word in $(grep -oE '"[a-z-]+"' libs/policy/parse.c | tr -d '"' | sort -u); do
        grep -qF "\`$word\`" docs/policy-format.md || { echo "docs/policy-format.md lacks $word"; bad=1; }
    done
    return $bad
}
check "docs/policy-format.md has each keyword" keywords_are_explained
rooms_are_named() {
    local room bad=0
    for room in libs/*/; do grep -qF "\`${room%/}\`" docs/architecture.md || { echo "docs/architecture.md lacks $room"; bad=1; }; done
    return $bad
}
check "docs/architecture.md has each room" rooms_are_named

# As "Netsh Commands for NAP Client" lists them.
each_of_netsh() {
    local command bad=0
    for command in {add,delete,rename,set,reset}-server {add,delete,rename,reset,show}-trustedservergroup dump export import help \
        reset-{configuration,csp,enforcement,hash,tracing,userinterface} set-{csp,enforcement,hash,tracing,userinterface} \
        show-{configuration,csps,grouppolicy,hashes,state}; do
        sed -n '/^| netsh nap client |/,/^$/p' docs/administration.md | cut -d'|' -f2 | grep -qF "\`${command/-/ }\`" || { echo "lacks ${command/-/ }"; bad=1; }
    done
    return $bad
}
check "docs/administration.md has each command of netsh nap client" each_of_netsh

# --- samples

check "docs/policy-format.md has a sample of a policy" eval '
    sed -n "/^policy 1$/,/^\`\`\`/p" docs/policy-format.md | sed "\$d" >"$work/sample.policy" && [ -s "$work/sample.policy" ]'
# The hook of docs/administration.md, with a recorder in place of sudo.
sed -n '/^#!\/bin\/sh$/,/^```/p' docs/administration.md | sed '$d' >"$work/hook"
mkdir "$work/sudo"
printf '#!/bin/sh\nprintf "%%s|" "$@" >"%s/asked"\n' "$work" >"$work/sudo/sudo"
chmod +x "$work/hook" "$work/sudo/sudo"
hook_asks() { # WHAT IS-ASKED
    rm -f "$work/asked"
    PATH=$work/sudo:$PATH "$work/hook" "$1" 7 "{guid}" alice HOME ppp0 port1 dev 10.0.0.2 "" quarantine entry && [ "$(cat "$work/asked")" = "$2" ] ||
        { cat "$work/asked"; return 1; }
}
check "the sample of a hook ends a session by its port" hook_asks disconnect '/usr/local/sbin/end-session|port1|'
check "hangs up an interface" hook_asks hang-up '/usr/local/sbin/hang-up|ppp0|'
check "sets the filter of an address" hook_asks remove-quarantine '/usr/local/sbin/set-filter|10.0.0.2|quarantine|'

# --- the commands: building and installing

elsewhere "tools/demo.sh" tests/e2e/demo-test.sh '"$root/tools/demo.sh" "$@"'
elsewhere "tools/test.sh" .ci/run 'tools/test.sh" --strict'
elsewhere "tools/deps.sh test" tools/test.sh '"$root/tools/deps.sh" test'
elsewhere "tools/build.sh all" tools/test.sh '"$root/tools/build.sh" all'
elsewhere "tools/package-release.sh" tests/tools/package-test.sh '"$root/tools/package-release.sh" "$work"'
elsewhere "tools/check-arrows" tests/tools/arrows-test.sh '"$root/tools/check-arrows"'
elsewhere "tools/check-compatibility --update" tests/tools/compatibility-test.sh 'tools/check-compatibility" --update'
elsewhere "tools/check-exports" tests/tools/exports-test.sh '"$root/tools/check-exports"'
elsewhere "tools/contract-table --update" tests/tools/contract-test.sh '"$root/tools/contract-table"'
elsewhere "tools/hooks/report-connection" tests/tools/hooks-rights-test.sh '"$scratch/hooks/report-connection"'
elsewhere "tools/hooks/rights" tests/tools/hooks-rights-test.sh '$1/tools/hooks/rights'
elsewhere "tools/hooks/host-health" tests/tools/host-health-test.sh 'script=$root/tools/hooks/host-health'
elsewhere "tools/hooks/dial" tests/tools/dial-test.sh '"$root"/tools/hooks/{dial,rights} "$hooks"'
elsewhere "tools/hooks/napagent-hook" tests/e2e/rras-hooks-test.sh 'napagent-hook'
elsewhere "tools/matrix.sh" tests/tools/matrix-test.sh '"$work/tree/tools/matrix.sh"'
elsewhere "tools/wine-series.sh WINE-SOURCE" tests/tools/series-test.sh 'series=$root/tools/wine-series.sh'
elsewhere "tools/soak.sh" tools/test.sh '"$root/tools/soak.sh" "$part"'
elsewhere "tools/soak.sh storm idle" tools/test.sh '"$root/tools/soak.sh" "$part"'
elsewhere "tools/bench.sh" tests/tools/bench-test.sh '"$root/tools/bench.sh" --runs 1'
elsewhere "tools/check-arm64" tests/tools/arm64-test.sh 'tools/check-arm64'
elsewhere "tools/check-trace" tests/tools/trace-test.sh 'tools/check-trace'
elsewhere "tools/protocol-table --update" tests/tools/protocol-test.sh '"$root/tools/protocol-table"'
elsewhere "napctl rras load" tests/e2e/limits-test.sh 'rras load'
elsewhere "napctl rras add --keep" tests/e2e/commands-test.sh 'rras add --user kept --keep'
elsewhere "napctl rras update" tests/e2e/commands-test.sh 'rras update'
elsewhere "napctl show state --verbose" tests/e2e/commands-test.sh 'show state --verbose'
elsewhere "napctl validate --check FILE" tests/e2e/commands-test.sh 'validate --check'
elsewhere "tools/bench.sh --32-bit" tests/tools/bench-test.sh '"$root/tools/bench.sh" --runs 1 --32-bit'

shown "WINEPREFIX=~/.wine tools/setup.sh install"
shown "WINEPREFIX=~/.wine tools/setup.sh status"
check "which finds no fault" says "No fault found"
claim "tools/setup.sh install" # the same
claim "tools/setup.sh status"
shown 'DESTDIR=$HOME/wine-nap meson install -C build/win64' 'DESTDIR=$HOME/wine-nap meson install -C build/win64 --no-rebuild'
check "which has the headers" test -f "$(find "$work/home/wine-nap" -name napenforcementclient.h)"
claim "meson install" # the same

# test.sh and soak.sh in a separate tree, where this test has replaced all that they call.
mkdir -p "$work/tree"/{tools,tests/soak} "$work/tree/build/native/tests/unit/a"
cp tools/{test,soak}.sh "$work/tree/tools"
printf 'echo "ok $(basename "$0"), $1"\n' | tee "$work/tree/tests/soak/"{one,two}.sh >/dev/null
printf '#!/bin/sh\n' | tee "$work/tree/tools/"{deps,build,setup}.sh >/dev/null
printf 'wine_env() { WINE=true WINESERVER=true; }\nscratch_prefix() { WINEPREFIX=/nonexistent; }\nwait_wine() { :; }\ndrop_prefix() { :; }\n' >"$work/tree/tools/wine-env.sh"
for name in an-exchange other; do
    printf '#!/bin/sh\necho "[ RUN      ] works\n[       OK ] works\n[==========] 1 test(s) run."\n' >"$work/tree/build/native/tests/unit/a/$name"
done
chmod +x "$work/tree/tools/"*.sh "$work/tree/build/native/tests/unit/a/"*
shown "tools/test.sh --only '*exchange*'" "cd '$work/tree' && tools/test.sh --only '*exchange*'"
check "which runs what matches" says "native unit/an-exchange: 1 passed"
check "and nothing else" eval '! says "unit/other" >/dev/null'
shown "tools/soak.sh --long" "cd '$work/tree' && tools/soak.sh --long"
check "which runs the long form of each part" eval 'says "ok one.sh, long" && says "ok two.sh, long"'

# --- the agent

shown "wine net start napagent"
shown "napctl show state"
check "which shows the agent" says "running, process"
shown "napctl show connections"
shown "napctl show components"
shown "napctl show config"
check "which shows the settings" says "callbackDeadline"
shown "napctl show log"
check "which shows its start" says "started: wine-nap"
shown "napctl show log --json"
shown "napctl show --help"
check "which is about show alone" eval 'says "napctl show log" && ! says enforcement >/dev/null'
shown "napctl --help"
elsewhere "napctl watch" tests/e2e/watch-test.sh 'follow text watch'
shown "napctl selftest"
shown "napctl enforcement enable 79618"
check "which is done" eval 'as_shown "napctl show state" && says "79618    Remote Access Quarantine Enforcement Client (enabled"'
shown "napctl enforcement enable ID" "napctl enforcement enable 79617"
shown "napctl enforcement disable ID" "napctl enforcement disable 79617"
shown "napctl enforcement register ID NAME" "napctl enforcement register 0x00abcd71 'A client' && napctl enforcement unregister 0x00abcd71"
shown "napctl agent register ID NAME" "napctl agent register 0x00abcd72 'An agent' && napctl agent disable 0x00abcd72 && napctl agent enable 0x00abcd72 && napctl agent unregister 0x00abcd72"
shown "napctl validate --policy FILE" "napctl validate --policy '$(path_of "$work/sample.policy")' <tests/fuzz/corpus/soh/request_plain >sampled.bin"
check "which gives a response" test -s "$work/clone/sampled.bin"
cp tests/fuzz/corpus/soh/request_plain "$work/clone/request.bin"
shown "napctl validate --policy examples/policies/gentle.policy --request request.bin --response response.bin"
shown "napctl decode response.bin"
check "which shows the response" says "SSoHR (response)"

shown "napctl health enable"
shown "napctl health" "napctl health --json && napctl health"
check "which says that it is enabled" says "Health agent 79744: enabled"
as_shown "napctl health disable" >/dev/null
shown "wine net start napserver"
shown "napctl validator list [--json]" "wine regsvr32 /s '$(path_of "$root/build/win64/examples/validator/validator.dll")' && napctl validator list && napctl validator list --json"
shown "napctl validator disable ID" "napctl validator disable 0x00abd002 && napctl validator enable 0x00abd002"
shown "napctl validator map ID --server-component" "napctl validator map 0x00abd001 --server-component"
shown "napctl validate --validators --request request.bin --response response.bin"
claim "napctl validate --validators" # the same
claim "napctl validate"              # in a sentence
shown "wine net stop napserver"

policy='HKLM\Software\Policies\Microsoft\NetworkAccessProtection\ClientConfig'
shown "wine reg add '$policy\\Qecs\\79618' /v Enabled /t REG_DWORD /d 1"
decided() { as_shown "napctl show config" && says "Group Policy"; }
decided_no_more() { as_shown "napctl show config" && ! says "Group Policy"; }
check "and Group Policy decides" within 10 decided
as_shown "wine reg delete '$policy' /f" >/dev/null
check "until it is gone" within 10 decided_no_more

parameters='HKLM\System\CurrentControlSet\Services\napagent\Parameters'
shown "wine reg add '$parameters' /v LogLevel /d trace /f"
shown "wine net stop napagent"
check "napctl show config has the new level when the agent is back" eval 'as_shown "wine net start napagent && napctl show config" && says "logLevel           trace"'
shown "wine reg add '$parameters' /v Hook /d /usr/local/lib/wine-nap/my-hook"
shown "wine reg add '$parameters' /v HookTimeout /t REG_DWORD /d 10000"
check "napctl show config has both" eval 'as_shown "napctl show config" && says "/usr/local/lib/wine-nap/my-hook" && says "10000 ms"'
as_shown "wine reg delete '$parameters' /v Hook /f" >/dev/null
shown "wine reg add '$parameters' /v Dialer /d /usr/local/lib/wine-nap/dial"
check "napctl show config has the dialer too" eval 'as_shown "napctl show config" && says "/usr/local/lib/wine-nap/dial" && says "120000 ms"'
as_shown "wine reg delete '$parameters' /v Dialer /f" >/dev/null

shown "wine reg export 'HKLM\System\CurrentControlSet\Services\napagent' napagent.reg"
as_shown "napctl enforcement disable 79618 && wine net stop napagent" >/dev/null
shown "wine reg import napagent.reg"
check "and what was exported is back" eval 'as_shown "wine net start napagent && napctl show state" && says "79618    Remote Access Quarantine Enforcement Client (enabled"'

# --- RAS

shown "napctl ras patterns 'vpn*' 'nic?'"
check "which are kept" eval 'as_shown "napctl ras patterns" && says "nic?"'
shown "napctl ras add \"Office VPN\" --interface ppp0 --user jo --phonebook 'C:\my.pbk'"
shown "napctl ras list [--json]" "napctl ras list && napctl ras list --json"
check "which has it" says "Office VPN"
shown "napctl ras remove \"Office VPN\""
shown "napctl rras enable"
shown "napctl rras list"
check "which says so first" eval '[ "$(head -n 1 "$work/out" | tr -d "\r")" = "The remote access server is on." ]'

# The host's folders are in $host. Root trusts a configuration only in folders that belong to root,
# and reports as another user. A recorder takes the place of that user's prefix and Wine;
# rras-hooks-test.sh has real ones.
if [ "$(id -u)" = 0 ]; then base=/var/lib user=nobody; else base=/tmp user=$(id -un); fi
host=$(mktemp -d "$base/wine-nap-host.XXXXXX") && chmod 755 "$host" || exit 1
trap 'rm -rf "$host"; _tidy' EXIT
on_host() { # COMMAND
    sed "s, /usr/local, $host/usr/local,g; s, >*/etc/,&$host/etc/,g; s,/etc/$host,$host,g; s,/home/rras/,$host&,; s,USER=rras,USER=$user," <<<"$1"
}
mkdir -p "$host"/etc/ppp/{ip-up.d,ip-down.d} "$host/home/rras/.wine"
for command in 'install -d /usr/local/lib/wine-nap /etc/wine-nap' \
    'install -d /usr/local/lib/wine-nap' \
    'install -m 755 tools/hooks/{rights,dial} /usr/local/lib/wine-nap/' \
    'install -m 755 tools/hooks/{rights,report-connection,report-to-prefix,pppd-ip-up,pppd-ip-down,strongswan-updown} /usr/local/lib/wine-nap/' \
    "printf 'USER=rras\\nPREFIX=/home/rras/.wine\\n' >/etc/wine-nap/rras.conf" \
    'ln -s /usr/local/lib/wine-nap/pppd-ip-up /etc/ppp/ip-up.d/wine-nap' \
    'ln -s /usr/local/lib/wine-nap/pppd-ip-down /etc/ppp/ip-down.d/wine-nap'; do
    shown "$command" "$(on_host "$command")"
done
printf '#!/bin/bash\n[ "$3" != update ] && echo "$@" >>"$WINEPREFIX/said"\n' >"$host/wine" && chmod 755 "$host/wine"
echo "WINE=$host/wine" >>"$host/etc/wine-nap/rras.conf"
[ "$(id -u)" != 0 ] || chown -R "$user" "$host/home/rras"
# The configuration's path is a constant in the script.
sed -i "s,^conf=,&$host," "$host/usr/local/lib/wine-nap/report-connection"
# Calls a script as pppd and strongSwan do.
report() { # SCRIPT NAME=VALUE...
    env -i "${@:2}" "$host/$1" ppp7 /dev/pts/3 115200 10.0.0.1 10.0.0.7
}
reported() { tail -n 1 "$host/home/rras/.wine/said" | grep -e "napctl.exe rras $1"; }
check "pppd reports a client" report etc/ppp/ip-up.d/wine-nap IFNAME=ppp7 PEERNAME=alice IPREMOTE=10.0.0.7 IPLOCAL=10.0.0.1
check "which reaches napctl" reported "add --port ppp7 --user alice"
check "the script that strongSwan's files name is there" test -x "$host$(grep -oE 'leftupdown=[^`]+' "$root/docs/administration.md" | cut -d= -f2)"
check "strongSwan reports one" report usr/local/lib/wine-nap/strongswan-updown PLUTO_VERB=up-client PLUTO_UNIQUEID=12 PLUTO_PEER_ID=bob \
    PLUTO_PEER_SOURCEIP4_1=10.0.0.9 PLUTO_CONNECTION=home
check "which reaches napctl too" reported "add --port IKEv2-12 --user bob"
check "pppd reports that the client has gone" report etc/ppp/ip-down.d/wine-nap IFNAME=ppp7 PEERNAME=alice
check "which reaches napctl" reported "remove --match-port ppp7"
shown "napctl rras disable"

# --- FreeRADIUS: Debian's, unpacked, not installed

freeradius=tests/interop/freeradius-test.sh
elsewhere "apt-get install freeradius freeradius-utils" $freeradius 'no FreeRADIUS in build/freeradius; run tools/deps.sh test'
elsewhere "install -o root -g freerad -m 640 examples/freeradius/nap /etc/freeradius/3.0/sites-enabled/nap" $freeradius '"$root/examples/freeradius/nap" >"$work/nap"'
elsewhere "editor /etc/freeradius/3.0/sites-enabled/nap" $freeradius 's/port = 18120/port = $port/'
elsewhere "freeradius -C" $freeradius 'freeradius -C'
elsewhere "systemctl restart freeradius" $freeradius 'freeradius -X'
elsewhere "examples/freeradius/access-request request.bin | radclient -x 127.0.0.1:18120 auth replace-this-secret" $freeradius 'radclient -x -r 1 -t 10 -D "$dictionary" "127.0.0.1:$port" auth'

# With a policy.
policy=tests/interop/policy-test.sh
shown "tools/build.sh server"
mkdir -p "$host/etc/systemd/system" "$host/etc/freeradius/3.0/sites-enabled"
for command in 'install -D -m 755 build/server/programs/nap-validate/nap-validate /usr/local/bin/nap-validate' \
    'install -D -m 644 examples/policies/antivirus.policy /etc/wine-nap/health.policy' \
    "od -An -N16 -tx1 /dev/urandom | tr -d ' ' | install -o root -g freerad -m 640 /dev/stdin /etc/wine-nap/secret" \
    'install -m 644 examples/freeradius/nap-validate.service /etc/systemd/system/nap-validate.service' \
    'install -o root -g freerad -m 640 examples/freeradius/nap-policy /etc/freeradius/3.0/sites-enabled/nap-policy' \
    'sed -i "s/replace-this-secret-2/$(cat /etc/wine-nap/secret)/" /etc/freeradius/3.0/sites-enabled/nap-policy'; do
    shown "$command" "$(on_host "$command" | sed 's/-o root -g freerad //')"
done
# The unit, the site and the program agree about paths, port and secret.
files_agree() {
    local unit=$host/etc/systemd/system/nap-validate.service site=$host/etc/freeradius/3.0/sites-enabled/nap-policy path
    for path in $(grep -oE '/usr/local[^ ]*|/etc/wine-nap[^ ]*' "$unit"); do
        [ -f "$host$path" ] || { echo "there is no $path"; return 1; }
    done
    grep -q "^    port = $(grep -oE -- '--listen 127.0.0.1:[0-9]*' "$unit" | sed 's/.*://')\$" "$site" &&
        grep -qE "secret = $(cat "$host/etc/wine-nap/secret") " "$site" && [ "$(wc -c <"$host/etc/wine-nap/secret")" = 33 ]
}
check "the files for FreeRADIUS agree about paths, port and secret" files_agree
elsewhere "editor /etc/freeradius/3.0/sites-enabled/nap-policy" $policy '. "$root/tests/interop/policy-radius.sh"'
elsewhere "systemctl enable --now nap-validate" $policy 'start_validate "$work/live.policy"'
elsewhere "tests/bench/radius.sh" $policy '"$root/tests/bench/radius.sh" 100'
elsewhere "systemctl reload nap-validate" $policy 'kill -HUP "$validate_pid"'
elsewhere "examples/freeradius/access-request --split request.bin | radclient -x 127.0.0.1:18121 auth replace-this-secret" $policy '"$access_request" --split'
elsewhere "wine rasdial.exe 'Head office' alice '*'" tests/e2e/rasdial-test.sh "an asterisk asks for the password"

# --- and out again

shown "tools/setup.sh --windows-version win7"
shown "tools/setup.sh --windows-version win7 --program setup.exe"
# A 32-bit loader finds the 64-bit system32 under another name.
if as_shown 'wine cmd /c "if exist C:\windows\sysnative\cmd.exe exit 32"' >/dev/null; then folder=system32; else folder=sysnative; fi
as_shown "wine net stop napagent" >/dev/null
shown "wine 'C:\windows\sysnative\napagent.exe' --console" \
    "timeout 60 wine 'C:\\windows\\$folder\\napagent.exe' --console >console 2>&1 & pid=\$!; for i in \$(seq 300); do grep -q started: console && break; sleep 0.1; done; kill \$pid; grep started: console"
claim "wine napagent.exe" # a 32-bit loader does not find it
"$WINESERVER" -k
timeout 60 "$WINESERVER" -w
shown "tools/setup.sh uninstall"
shown "tools/setup.sh uninstall --purge"

# --- completeness

commands_of "${documents[@]}" >"$work/commands"
# Prints the commands that nothing claims, and the claims that nothing shows.
unclaimed() { # FILE of commands
    local where command form bad=0
    declare -A used=()
    while IFS=$'\t' read -r where command; do
        if [ -n "${claimed[$command]:-}" ]; then used[$command]=1; continue; fi
        for form in "${!claimed[@]}"; do
            if [[ $form == "$command "* ]]; then used[$form]=1; continue 2; fi
        done
        echo "$where: no test runs: $command"
        bad=1
    done <"$1"
    for form in "${!claimed[@]}"; do
        [ -n "${used[$form]:-}" ] || { echo "no document shows: $form"; bad=1; }
    done
    return $bad
}
check "every command of a document is run" unclaimed "$work/commands"
check "there are commands" test "$(wc -l <"$work/commands")" -gt 80
# Faults that are planted in a document.
printf 'Say `napctl show me`.\n\n```sh\ntools/none.sh --all    # all of it\n```\n\n```\nwine strange.exe\n```\n' >"$work/bad.md"
commands_of "$work/bad.md" >"$work/bad"
check "a command in a text that nothing runs is a fault" eval '! unclaimed "$work/bad" >"$work/out" && says "bad.md:1: no test runs: napctl show me"'
check "and one in a block" says "bad.md:4: no test runs: tools/none.sh --all"
check "and one in a block that is not marked" says "bad.md:8: no test runs: ?wine strange.exe"
check "and a claim for what no document shows" says "no document shows: napctl show state"
check "and a test that does not run it" eval '! is_run_by tests/tools/pe-test.sh "tools/none.sh"'
