#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The scripts for pppd and strongSwan (tools/hooks), called as pppd and strongSwan call them: which
# arguments reach napctl, as which user, and in which environment. A recorder takes Wine's place,
# except in a run with the real Wine at the end. R8 is a rule of docs/reliability.md, "What root runs";
# the others are in tests/tools/hooks-rights-test.sh.
# Takes up to 600 s.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# Root trusts a configuration only in folders that belong to root, like /etc.
if [ "$(id -u)" = 0 ]; then base=/var/lib owner=nobody; else base=${TMPDIR:-/tmp} owner=$(id -un); fi
umask 022
work=$(mktemp -d "$base/wine-nap-hooks.XXXXXX") && chmod 755 "$work" || exit 1
user=$(id -u "$owner") group=$(id -g "$owner")
prefix=$work/prefix hooks=$work/hooks conf=$work/rras.conf
mkdir -p "$prefix" "$hooks"
chown "$user:$group" "$prefix"
cp "$root"/tools/hooks/* "$hooks" && chmod a+rX "$hooks"/* # a clone's umask may be any
sed -i "s,/etc/wine-nap/rras.conf,$conf," "$hooks/report-connection"

# Takes Wine's place: writes one file a call, with the arguments each ended by a NUL, and beside it the
# user and the environment. The file `refuse` names the commands that fail.
cat >"$work/recorder" <<EOF
#!/bin/bash
n=\$(ls "$work/calls" | grep -c arguments)
printf '%s\0' "\${@:2}" >"$work/calls/\$n.arguments"
{ id -u; id -g; id -G; pwd; env; } >"$work/calls/\$n.who"
! grep -qx -- "\$3" "$work/refuse" 2>/dev/null || { echo "refused \$3"; exit 1; }
EOF
chmod 755 "$work/recorder"
configured() { # PREFIX WINE
    printf '# where it goes\nUSER=%s\nPREFIX=%s\nWINE=%s\n' "$owner" "$1" "$2" >"$conf"
    chmod 644 "$conf"
}
configured "$prefix" "$work/recorder"

fresh() {
    rm -rf "$work/calls"
    mkdir "$work/calls"
    chmod 1777 "$work/calls"
    echo update >"$work/refuse" # as while there is no such connection
}

# Calls a hook with only these variables: as_pppd HOOK NAME=VALUE... -- ARGUMENT...
as_caller() {
    local hook=$hooks/$1 given=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do given+=("$1"); shift; done
    shift
    env -i "${given[@]}" "$hook" "$@" 2>"$work/stderr"
}

pppd_up=(IFNAME=ppp7 DEVICE=/dev/pts/3 IPLOCAL=10.0.0.1 IPREMOTE=10.0.0.7 ORIG_UID=0 SPEED=115200)
pppd_arguments=(ppp7 /dev/pts/3 115200 10.0.0.1 10.0.0.7 "")

# Compares the N-th call: recorded N ARGUMENT...
recorded() {
    local given=()
    mapfile -d '' -t given <"$work/calls/$1.arguments" || return 1
    shift
    if [ "${#given[@]}" != $# ]; then
        printf 'got %s\n' "${given[@]@Q}"
        return 1
    fi
    while [ $# -gt 0 ]; do
        [ "${given[0]}" = "$1" ] || { echo "got ${given[0]@Q}, not ${1@Q}"; return 1; }
        given=("${given[@]:1}")
        shift
    done
}
calls() { [ "$(ls "$work/calls" | grep -c arguments)" = "$1" ]; }
# Prints the recorded value of an option: value N --user
value() {
    local given i
    mapfile -d '' -t given <"$work/calls/$1.arguments"
    for i in "${!given[@]}"; do
        [ "${given[i]}" != "$2" ] || { printf '%s.' "${given[i + 1]}"; return; }
    done
    return 1
}
has_value() { [ "$(value "$1" "$2")" = "$3." ] || { value "$1" "$2"; return 1; }; }

complains_not() { [ ! -s "$work/stderr" ] || { cat "$work/stderr"; return 1; }; }

# --- pppd

fresh
check "pppd: a client that connects is added" as_caller pppd-ip-up "${pppd_up[@]}" PEERNAME=alice -- "${pppd_arguments[@]}"
check "pppd: an earlier connection of the interface is removed first" recorded 0 rras remove --match-port ppp7
check "pppd: napctl gets user, interface, device and addresses" recorded 2 rras add --port ppp7 \
    --user alice --interface ppp7 --direction in --tunnel ppp --device-name /dev/pts/3 --ipv4 10.0.0.7 --ipv4-local 10.0.0.1
fresh
as_caller pppd-ip-up "${pppd_up[@]}" 'PEERNAME=EXAMPLE\alice' -- "${pppd_arguments[@]}"
check "pppd: DOMAIN\\user is divided" has_value 2 --user alice
check "pppd: DOMAIN\\user is divided, the domain" has_value 2 --domain EXAMPLE
fresh
as_caller pppd-ip-up "${pppd_up[@]}" -- "${pppd_arguments[@]}"
check "pppd: a connection of this machine's own is a RAS connection, named by its interface" recorded 0 ras add ppp7 \
    --replace --interface ppp7 --device-name /dev/pts/3
fresh
as_caller pppd-ip-up "${pppd_up[@]}" -- "${pppd_arguments[@]:0:5}" 'Office; $(reboot) "VPN"'
check "pppd: or by ipparam, whatever it contains" recorded 0 ras add 'Office; $(reboot) "VPN"' \
    --replace --interface ppp7 --device-name /dev/pts/3
fresh
as_caller pppd-ip-down "${pppd_up[@]}" -- "${pppd_arguments[@]:0:5}" Office
check "pppd: its end is reported" recorded 0 ras remove Office
fresh
as_caller pppd-ip-up "${pppd_up[@]}" -- "${pppd_arguments[@]:0:5}" --id
check "R8: pppd's ipparam cannot be an option" recorded 0 ras add ppp7 --replace --interface ppp7 --device-name /dev/pts/3
fresh
as_caller pppd-ip-up PPP_IFACE=ppp7 PPP_TTY=/dev/pts/3 PPP_LOCAL=10.0.0.1 PPP_REMOTE=10.0.0.7 PEERNAME=bob -- "${pppd_arguments[@]}"
check "pppd: Debian's names of the variables work too" has_value 2 --ipv4 10.0.0.7
fresh
check "pppd: a client that goes is removed" as_caller pppd-ip-down "${pppd_up[@]}" PEERNAME=alice CONNECT_TIME=5 -- "${pppd_arguments[@]}"
check "pppd: by its port" recorded 0 rras remove --match-port ppp7
check "pppd: and nothing else is done" calls 1

# --- strongSwan

client=(PLUTO_UNIQUEID=12 PLUTO_CONNECTION=rw PLUTO_INTERFACE=eth0 PLUTO_ME=192.0.2.1 PLUTO_PEER=198.51.100.9
    PLUTO_MY_ID=gw.example PLUTO_PEER_CLIENT=10.3.0.5/32 PLUTO_REQID=3)
fresh
check "strongSwan: a client that connects is added" as_caller strongswan-updown "${client[@]}" PLUTO_VERB=up-client \
    PLUTO_PEER_ID=carol@example.org PLUTO_PEER_SOURCEIP=10.3.0.5 PLUTO_PEER_SOURCEIP4_1=10.3.0.5 --
check "strongSwan: napctl gets user, addresses and endpoints" recorded 1 rras add --port IKEv2-12 \
    --user carol@example.org --direction in --tunnel ikev2 --device-name rw --remote-endpoint 198.51.100.9 \
    --local-endpoint 192.0.2.1 --ipv4 10.3.0.5
: >"$work/refuse"
as_caller strongswan-updown "${client[@]}" PLUTO_VERB=up-client-v6 PLUTO_PEER_ID=carol@example.org PLUTO_PEER_SOURCEIP6_1=fd00::5 \
    PLUTO_PEER_SOURCEIP=fd00::5 --
check "strongSwan: IPv6 is added to the same connection" has_value 2 --ipv6 fd00::5
check "strongSwan: by an update" has_value 2 --match-port IKEv2-12
check "strongSwan: and no second one is added" calls 3
fresh
as_caller strongswan-updown "${client[@]}" PLUTO_VERB=up-host PLUTO_PEER_ID=198.51.100.9 'PLUTO_XAUTH_ID=EXAMPLE\carol' --
check "strongSwan: the user of EAP or XAuth takes precedence over the peer's identity" has_value 1 --user carol
check "strongSwan: DOMAIN\\user is divided" has_value 1 --domain EXAMPLE
for verb in down-client down-client-v6 down-host down-host-v6; do
    fresh
    as_caller strongswan-updown "${client[@]}" PLUTO_VERB=$verb PLUTO_PEER_ID=carol@example.org --
    check "strongSwan: $verb removes" recorded 0 rras remove --match-port IKEv2-12
done
fresh
as_caller strongswan-updown "${client[@]}" PLUTO_VERB=prepare-client --
check "strongSwan: other verbs do nothing" calls 0

# --- values with a meaning for a shell

hostile=('$(touch '"$work"'/was-here)' '`touch '"$work"'/was-here`' "; touch $work/was-here" 'two words' '"quoted"' "it's" $'two\nlines'
    '*' '--match-id' '-n' '%PATH%' '${HOME}' 'é€😀' '&& false' $'tab\there' '>x' '#')
verbatim() { # HOOK VARIABLE: each of the values reaches napctl unchanged
    local value hook=$1 variable=$2 n
    shift 2
    for value in "${hostile[@]}"; do
        fresh
        as_caller "$hook" "$@" "$variable=$value" -- "${pppd_arguments[@]}"
        n=$(($(ls "$work/calls" | grep -c arguments) - 1))
        [ "$(value $n --user)" = "$value." ] || { echo "${value@Q} became $(value $n --user)"; return 1; }
    done
    [ ! -e "$work/was-here" ]
}
check "R8: pppd's values reach napctl unchanged" verbatim pppd-ip-up PEERNAME "${pppd_up[@]}"
check "R8: strongSwan's values reach napctl unchanged" verbatim strongswan-updown PLUTO_XAUTH_ID "${client[@]}" PLUTO_VERB=up-client
# A Linux interface's name may have up to 15 bytes, anything except space, "/" and ":".
odd_interfaces() {
    local name
    for name in abcdefghijklmno -n 'w"$(id)`\s;&*' $'wn\x01\x1b[31m\x7f' 'wnÅ漢字é' $'wn\u202ex\u2066y' '*' '#' "it's"; do
        fresh
        as_caller pppd-ip-up "${pppd_up[@]}" IFNAME="$name" PEERNAME=alice -- "$name" "${pppd_arguments[@]:1}"
        recorded 2 rras add --port "$name" --user alice --interface "$name" --direction in --tunnel ppp \
            --device-name /dev/pts/3 --ipv4 10.0.0.7 --ipv4-local 10.0.0.1 || return 1
        fresh
        as_caller pppd-ip-down "${pppd_up[@]}" IFNAME="$name" PEERNAME=alice -- "$name" "${pppd_arguments[@]:1}"
        recorded 0 rras remove --match-port "$name" || return 1
    done
}
check "R8: unusual names of interfaces reach napctl unchanged" odd_interfaces
option_interface() { fresh; as_caller pppd-ip-up "${pppd_up[@]}" IFNAME=--id PEERNAME=alice -- --id; calls 0 && grep -q usage "$work/stderr"; }
check "R8: one that looks like an option is not reported, with a message" option_interface
fresh
as_caller pppd-ip-up "${pppd_up[@]}" PEERNAME="$(printf 'x%.0s' {1..400})" -- "${pppd_arguments[@]}"
check "R8: a name that is too long is cut to 256 characters" has_value 2 --user "$(printf 'x%.0s' {1..256})"
fresh
as_caller pppd-ip-up "${pppd_up[@]}" PEERNAME=alice BASH_ENV="$work/recorder" LD_PRELOAD_NOT=1 WINEDEBUG=+all WINEPREFIX=/elsewhere PATH=/nowhere \
    BASH_FUNC_stat%%='() { echo evil; }' -- "${pppd_arguments[@]}"
clean() {
    grep -qx "WINEPREFIX=$prefix" "$work/calls/2.who" && grep -qx WINEDEBUG=-all "$work/calls/2.who" &&
        ! grep -E '^(BASH_ENV|LD_PRELOAD_NOT|PEERNAME|IFNAME|BASH_FUNC)' "$work/calls/2.who" &&
        grep -q '^PATH=/usr/local/sbin:' "$work/calls/2.who"
}
check "the environment of napctl is clean" clean

# --- errors

complains() { grep -q "$1" "$work/stderr" || { cat "$work/stderr"; return 1; }; }
fresh
rm "$conf"
check "no configuration: the connection does not fail" as_caller pppd-ip-up "${pppd_up[@]}" PEERNAME=alice -- "${pppd_arguments[@]}"
check "no configuration: there is a message" complains "rras.conf is missing"
configured "$prefix" "$work/recorder"
chmod 666 "$conf"
as_caller pppd-ip-up "${pppd_up[@]}" PEERNAME=alice -- "${pppd_arguments[@]}"
check "a configuration that others may change is rejected" complains "may be changed by others"
check "a configuration that others may change: nothing runs" calls 0
configured "$work/nothing" "$work/recorder"
as_caller pppd-ip-up "${pppd_up[@]}" PEERNAME=alice -- "${pppd_arguments[@]}"
check "a missing prefix: the message names it" complains "$work/nothing is not the path of a prefix"
configured "$prefix" "$work/no-wine"
as_caller pppd-ip-up "${pppd_up[@]}" PEERNAME=alice -- "${pppd_arguments[@]}"
check "a missing Wine: the message names it" complains "there is no program $work/no-wine"
configured "$prefix" "$work/recorder"
printf 'update\nadd\n' >"$work/refuse"
check "napctl fails: the connection does not" as_caller pppd-ip-up "${pppd_up[@]}" PEERNAME=alice -- "${pppd_arguments[@]}"
check "napctl fails: its message is passed on" complains "cannot add ppp7: refused add"

# --- the user

is_owner() { [ "$(sed -n 1p "$work/calls/$1.who")" = "$2" ] && [ "$(sed -n 2p "$work/calls/$1.who")" = "$3" ]; }
fresh
as_caller pppd-ip-up "${pppd_up[@]}" PEERNAME=alice -- "${pppd_arguments[@]}"
check "pppd: napctl runs as USER" is_owner 2 "$user" "$group"
fresh
as_caller strongswan-updown "${client[@]}" PLUTO_VERB=up-client PLUTO_PEER_ID=dave --
check "strongSwan: napctl runs as USER" is_owner 1 "$user" "$group"
check "in / and not in the caller's folder" grep -qx / "$work/calls/1.who"

# --- the agent's own hook, with the real agent

wine_env || exit 1
installed_prefix
parameters='HKLM\System\CurrentControlSet\Services\napagent\Parameters'
quietly() { WINEDEBUG=-all run_in_wine 100 "$@" >"$work/out" 2>&1 </dev/null; } # a file: services would hold a pipe open
napctl() { quietly napctl rras "$@" || { cat "$work/out"; return 1; }; }
log=$WINEPREFIX/drive_c/windows/logs/napagent.log
# A running program keeps the prefix up between two commands, and with it the agent and its hooks.
timeout 580 "$WINE" napctl.exe watch </dev/null >/dev/null 2>&1 &
holder=$!

cat >"$work/hook" <<EOF
#!/bin/bash
printf '%s\0' "\$@" >"$work/hook.out.new"; mv "$work/hook.out.new" "$work/hook.out"
case \$5 in fail) exit 7 ;; hang) exec sleep 30 ;; esac
EOF
chmod 755 "$work/hook"
set_hook() { quietly reg add "$parameters" /v Hook /d "$1" /f; }
logged() { tail -n +"$((lines + 1))" "$log" | grep -q "$1" || { tail -n 5 "$log"; return 1; }; }
change() { # DOMAIN: puts a connection of that domain into quarantine
    rm -f "$work/hook.out"
    napctl remove --match-port hooked
    napctl add --port hooked --user 'two $(words)' --domain "$1" --interface '' --ipv4 10.9.0.1
    lines=$(wc -l <"$log")
    napctl update --match-port hooked --quarantine quarantine
}
heard() {
    local given
    mapfile -d '' -t given <"$work/hook.out" && [ "${given[0]}" = quarantine-changed ] && [ "${given[3]}" = 'two $(words)' ] &&
        [ "${given[6]}" = hooked ] && [ "${given[8]}" = 10.9.0.1 ] && [ "${given[10]}" = quarantine ] && [ ${#given[@]} = 11 ]
}
quietly reg add "$parameters" /v HookTimeout /t REG_DWORD /d 1000 /f
check "the agent's hook: the server side goes on" napctl enable
set_hook "$work/hook"
check "the agent's hook: a connection changes" change example
check "the agent's hook: it gets each value as an argument" within 10 heard
check "the agent's hook: success is in the log" within 10 logged 'hook: quarantine-changed [0-9]*: exit status 0 after'
change fail
check "the agent's hook: failure is in the log" within 10 logged 'hook: quarantine-changed [0-9]*: exit status 7 after'
change hang
check "the agent's hook: one that hangs is ended, and is in the log" within 10 logged 'hook: quarantine-changed [0-9]*: the hook hung and was ended'
check "the agent's hook: the agent served meanwhile" napctl list
set_hook /nonexistent/hook
change example
check "the agent's hook: a missing program is in the log" within 10 logged "there is no program /nonexistent/hook"
mv "$WINEPREFIX/drive_c/windows/system32/napagent-hook" "$work/script"
set_hook "$work/hook"
change example
check "the agent's hook: a script that was not installed is in the log" within 10 logged 'napagent-hook is missing'
mv "$work/script" "$WINEPREFIX/drive_c/windows/system32/napagent-hook"

# --- a program's request by mprapi.dll: the hook's result is the program's result

act() { # WHAT: the program of that bitness does it to the port
    WINEDEBUG=-all run_in_wine 100 "$root/build/win$bits/tests/interop/rras-act.exe" hooked "$1" >"$work/out" 2>&1 </dev/null
    local code=$?
    tr -d '\r' <"$work/out" >"$work/said"
    cat "$work/said"
    return $code
}
says() { grep -qx "$1" "$work/said" || { cat "$work/said"; return 1; }; }
there() { act show >/dev/null; says "quarantine $1"; }
told() { [ "$(head -zn 1 "$work/hook.out" | tr -d '\0')" = "$1" ]; }
fails() { ! "$@"; }
set_hook "$work/hook"
for bits in 64 32; do
    if [ $bits = 32 ]; then ! skip_32bit "programs that act on connections" || continue; fi
    [ -f "$root/build/win$bits/tests/interop/rras-act.exe" ] || { not_ok "the $bits-bit rras-act" "not built"; continue; }
    name="$bits-bit program"
    change fail # the hook fails for this domain
    check "$name: a disconnection fails if the hook fails" fails act disconnect
    check "$name: with ERROR_HANGUP_FAILED" says '753 .*'
    check "$name: and the connection stays" there 1
    check "$name: a quarantine stays if the hook fails" fails act remove-quarantine
    check "$name: and is shown" there 1
    change hang
    check "$name: a hook that hangs fails the disconnection" fails act disconnect
    check "$name: with the error of a time-out" says '1460 .*'
    check "$name: and the connection stays" there 1
    set_hook /nonexistent/hook
    change example
    check "$name: a missing hook fails the disconnection" fails act disconnect
    check "$name: and the connection stays" there 1
    set_hook "$work/hook"
    change example
    within 10 test -e "$work/hook.out"
    rm -f "$work/hook.out"
    check "$name: quarantine is removed when the hook has done it" act remove-quarantine
    check "$name: the hook got that action" told remove-quarantine
    check "$name: and it is shown" there 0
    check "$name: a port is disconnected when the hook has done it" act disconnect
    check "$name: the hook got that action" told disconnect
    check "$name: and it is gone" fails act show
done

quietly reg delete "$parameters" /v Hook /f
rm -f "$work/hook.out"
change example
# The next change has a hook, another one.
printf '#!/bin/bash\ntouch "%s"\n' "$work/later" >"$work/other-hook"
chmod 755 "$work/other-hook"
set_hook "$work/other-hook"
napctl update --match-port hooked --quarantine normal
check "a hook that is set later is told of what comes later" within 10 test -e "$work/later"
check "without a hook nothing is run" test ! -e "$work/hook.out"
quietly reg delete "$parameters" /v Hook /f
napctl remove --match-port hooked
napctl disable
quietly reg delete "$parameters" /v HookTimeout /f
kill $holder 2>/dev/null
wait $holder 2>/dev/null

# --- with the real Wine: root reports to another user's prefix

# The owner may not reach this clone, and so not its copy of the system's Wine (tools/wine-env.sh).
original=$WINE
case $WINE in "$root"/build/*) original=wine ;; esac
may_run() { setpriv --reuid="$user" --regid="$group" --clear-groups test -x "$(command -v "$1")"; }
if [ "$(id -u)" != 0 ]; then
    skip rras-hooks-root "only root can become the prefix's owner"
elif ! may_run "$original"; then
    skip rras-hooks-root "$owner may not run $original: a folder above it is closed to other users"
else
    wait_wine
    rm -rf "$prefix"
    cp -a "$WINEPREFIX" "$prefix"
    rm -f "$prefix/wineserver" # Debian's: where the original's server has its socket
    chown -hR "$user:$group" "$prefix"
    if [ "$original" != "$WINE" ]; then
        unset WINE WINELOADER WINESERVER
        WINE=$(command -v "$original") && WINESERVER=$(find_wineserver "$WINE") || exit 1
    fi
    # A program of the owner's names the Wine, because report-connection passes no environment on.
    {
        echo '#!/bin/bash'
        [ -z "${WINELOADER:-}" ] || printf 'export WINELOADER=%q\n' "$WINELOADER"
        printf 'export WINESERVER=%q\nexec %q "$@"\n' "$WINESERVER" "$WINE"
    } >"$work/wine"
    chmod 755 "$work/wine"
    configured "$prefix" "$work/wine"
    own() { # COMMAND...: runs in the prefix, as its owner
        setpriv --reuid="$user" --regid="$group" --clear-groups env -i PATH="$PATH" HOME="$prefix" WINEPREFIX="$prefix" \
            LANG=C.UTF-8 WINEDEBUG=-all WAYLAND_DISPLAY=/dev/null timeout 60 "$@" >"$work/out" 2>&1 </dev/null
    }
    hostile_user='$(id) "q" '"it's"' `ls` é€ %PATH% \\end'
    check "a real report: the owner turns the server side on" own "$work/wine" napctl rras enable || cat "$work/out"
    check "a real report: root's call succeeds" as_caller pppd-ip-up "${pppd_up[@]}" PEERNAME="${hostile_user%'\\end'}" -- "${pppd_arguments[@]}"
    check "a real report: there is no message" complains_not
    own "$work/wine" napctl rras list --json
    shown() {
        python3 - "$work/out" "${hostile_user%'\\end'}" <<'EOF'
import json, sys
said = json.load(open(sys.argv[1], encoding="utf-8"))
text = json.dumps(said, ensure_ascii=False)
assert json.dumps(sys.argv[2], ensure_ascii=False) in text, text
assert "10.0.0.7" in text and "ppp7" in text, text
EOF
    }
    check "a real report: the agent lists the connection, with its user unchanged" shown
    nothing_of_roots() { [ -z "$(find "$prefix" -user root -print)" ]; }
    check "a real report: nothing in the prefix belongs to root" nothing_of_roots
    check "a real report: its end is reported" as_caller pppd-ip-down "${pppd_up[@]}" PEERNAME=alice -- "${pppd_arguments[@]}"
    own "$work/wine" napctl rras list --json
    gone() { ! grep -q ppp7 "$work/out"; }
    check "a real report: and the connection is gone" gone
    own "$WINESERVER" -k
    own "$WINESERVER" -w
fi

rm -rf "$work"
work=""
