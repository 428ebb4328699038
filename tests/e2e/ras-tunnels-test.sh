#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Kernel tunnels, as programs see them through rasapi32. The test has its own network namespace, so
# that it does not touch this machine's network. tests/e2e/tunnels/tun makes two tun devices, one of
# link type PPP and one of the default type, and an Ethernet device that must not appear.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
wine_env || exit 1

inside=${1:-}
if [ "$inside" != --inside ]; then
    if [ "$(id -u)" != 0 ] || [ ! -c /dev/net/tun ]; then
        skip "tunnels of the kernel's" "it needs root and /dev/net/tun"
        exit
    fi
    if ! type -P python3 ip unshare >/dev/null || ! unshare -n -m true 2>/dev/null; then
        skip "tunnels of the kernel's" "it needs python3, ip and a network namespace"
        exit
    fi
    own_prefix
    "$root/tools/setup.sh" install || exit 1
    # The service manager and the agent must run in the new namespace.
    wait_wine
    unshare -n -m bash "${BASH_SOURCE[0]}" --inside
    exit
fi

WINEDEBUG=-all
work_dir
mount -t sysfs none /sys || exit 1
ip link set lo up
exec 3> >(exec python3 "$root/tests/e2e/tunnels/tun" >"$work/tun.out" 2>&1)
tun_process=$!
for _ in $(seq 50); do grep -q ready "$work/tun.out" 2>/dev/null && break; sleep 0.1; done
ip addr add 10.99.0.1 peer 10.99.0.2 dev wnppp && ip link set wnppp up mtu 1400
ip addr add 10.98.0.5/24 dev wntun && ip link set wntun up
ip addr add 10.97.0.5/24 dev wntap && ip link set wntap up
ip -6 addr add fd00:99::5/64 dev wntun 2>/dev/null
# Three packets of 128 bytes (100, and the headers of UDP and IPv4) into each.
for to in 10.99.0.2 10.98.0.7; do
    python3 -c "import socket,sys
s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)
for i in range(3): s.sendto(b'x'*100,(sys.argv[1],9))" "$to"
done
echo packets >&3 # 5 packets of 60 bytes come in by each
for _ in $(seq 50); do grep -q ^wntun "$work/tun.out" && break; sleep 0.1; done
read -r _ bytes frames < <(grep ^wnppp "$work/tun.out")
check "the three packets were sent" test "${bytes:-0}" -ge 384 -a "${frames:-0}" -ge 3

bits=64
for show in "$root"/build/win{64,32}/tests/e2e/tunnels/ras-show.exe; do
    case $show in *win32*) ! skip_32bit "tunnels of the kernel's" || continue ;; esac
    case $show in *win32*) bits=32 ;; esac
    run_in_wine 60 "$show" </dev/null 2>/dev/null | tr -d '\r' >"$work/shown"
    line() { grep "^$1|" "$work/shown"; }
    has() { line "$1" | grep -F -- "$2"; }
    check "$bits-bit: the PPP device is a RAS connection" has wnppp "wnppp|GENERIC|wnppp|connected"
    check "$bits-bit: the default tun device too" has wntun "wntun|vpn|wntun|connected"
    check "$bits-bit: addresses of both ends" has wnppp "|10.99.0.1|10.99.0.2|"
    check "$bits-bit: an address without a peer" has wntun "|10.98.0.5||"
    check "$bits-bit: the interface identifier of the IPv6 address" has wntun "|0000000000000005|"
    check "$bits-bit: no IPv6, no projection of it" has wnppp "|error 731|" # ERROR_PROTOCOL_NOT_CONFIGURED
    check "$bits-bit: bytes and frames that went out" has wnppp "|out $bytes $frames|"
    check "$bits-bit: bytes and frames that came in" grep -E '^wnppp\|.*\|in 300 5\|' "$work/shown"
    check "$bits-bit: neither Ethernet nor loopback is one" eval '! grep -E "wntap|^lo" "$work/shown"'
    check "$bits-bit: no speed is -1" eval '! grep -F "|4294967295|" "$work/shown"'
    check "$bits-bit: and nothing else" test "$(wc -l <"$work/shown")" = 2
done
case $bits in 32) ;; *) ! runs_32bit || not_ok "64-bit and 32-bit" "the 32-bit ras-show is not built" ;; esac

# RasHangUp: without a hook; then with one that fails, and one that takes the interface down.
hang_up() { run_in_wine 60 "$root/build/win64/tests/e2e/tunnels/ras-show.exe" --hang-up "$1" </dev/null 2>/dev/null | tr -d '\r' >"$work/hung"; }
listed() { run_in_wine 60 "$root/build/win64/tests/e2e/tunnels/ras-show.exe" </dev/null 2>/dev/null | grep -q "^$1|"; }
hang_up wnppp
check "RasHangUp of the host's connection is ERROR_HANGUP_FAILED" grep -qx "hung up 753" "$work/hung"
check "the program that hung up sees it go" grep -qx gone "$work/hung"
check "and the tunnel is still listed for others" listed wnppp
printf '#!/bin/sh\nexit 3\n' >"$work/hang-up"
chmod +x "$work/hang-up"
run_in_wine 60 reg add 'HKLM\System\CurrentControlSet\Services\napagent\Parameters' /v Hook /d "$work/hang-up" /f </dev/null >/dev/null 2>&1
name='Odd "name" \ $(id) \'
run_in_wine 60 napctl.exe ras add "$name" --interface wnppp </dev/null >/dev/null 2>&1
hang_up "$name"
check "a hook that fails is ERROR_HANGUP_FAILED too" grep -qx "hung up 753" "$work/hung"
check "and the program sees it go" grep -qx gone "$work/hung"
printf '#!/bin/sh\nprintf "%%s\\n" "$1" "$6" "${12}" >"%s"\nip link set "$6" down\n' "$work/arguments" >"$work/hang-up"
hang_up "$name"
check "RasHangUp by the hook succeeds" grep -qx "hung up 0" "$work/hung"
check "the hook got action, interface and entry unchanged" test "$(cat "$work/arguments")" = "hang-up"$'\n'wnppp$'\n'"$name"
check "the interface is down, and is no RAS connection" eval '! listed wnppp'
ip link set wnppp up

# Clients of the remote access server, one over a tunnel; see below.
napctl() { run_in_wine 60 napctl.exe "$@" </dev/null; }
napctl rras enable >/dev/null
check "a client over the tunnel" napctl rras add --user alice --port VPN1 --interface wnppp
check "a client over no interface" napctl rras add --user bob --port VPN2
has_clients() { test "$(napctl rras list --json | grep -c '"user"')" = "$1"; }
check "both are clients of the server" has_clients 2
counts() { napctl rras list --json >"$work/clients" && python3 -c "import json,sys; c=[c for c in json.load(open(sys.argv[1]))['connections'] if c['user']=='alice'][0]; print(c); sys.exit(c['statistics']['bytesReceived'] < 300)" "$work/clients"; }
check "with the tunnel's counters" counts

# The tunnels go; programs that watch are notified.
timeout 60 "$WINE" "$root/build/win64/tests/e2e/tunnels/ras-show.exe" --watch </dev/null 2>/dev/null >"$work/watched" &
watcher=$!
for _ in $(seq 100); do grep -q watching "$work/watched" && break; sleep 0.1; done
echo close >&3
wait $watcher
check "a program that watches is notified of the end of a tunnel" grep -q disconnection "$work/watched"
none_shown() {
    run_in_wine 60 "$root/build/win64/tests/e2e/tunnels/ras-show.exe" </dev/null 2>/dev/null | tr -d '\r' >"$work/shown"
    test ! -s "$work/shown"
}
check "tunnels that have gone are not listed" within 5 none_shown
exec 3>&-
wait $tun_process 2>/dev/null
timeout 60 "$WINESERVER" -k
timeout 60 "$WINESERVER" -w

# Restart the agent: the interface of one client is gone.
run_in_wine 60 net start napagent </dev/null >/dev/null 2>&1
check "a client whose interface has gone is dropped at the agent's start" has_clients 1
check "and no other" eval 'napctl rras list | grep -q bob'

# ---- names of Linux interfaces: up to 15 bytes, anything except space, "/" and ":"

odd=(wnabcdefghijklm '--id' 'w"$(id)`\s;&*' $'wn\x01\x1b[31m\x7f' 'wnÅ漢字é' $'wn\u202ex\u2066y' $'wn\xff\xfe')
exec 3> >(exec python3 "$root/tests/e2e/tunnels/tun" "${odd[@]}" >"$work/odd.out" 2>&1)
for _ in $(seq 50); do grep -q ready "$work/odd.out" 2>/dev/null && break; sleep 0.1; done
for i in "${!odd[@]}"; do
    ip addr add 10.96.$i.1 peer 10.96.$i.2 dev "${odd[i]}" && ip link set dev "${odd[i]}" up
done
napctl ras list --json >"$work/odd.json"
napctl ras list >"$work/odd.text"
run_in_wine 60 "$root/build/win64/tests/e2e/tunnels/ras-show.exe" </dev/null 2>/dev/null | tr -d '\r' >"$work/shown"
lists_name() { # NAME: is listed as entry and interface, unchanged in JSON
    python3 -c 'import json, os, sys
name = os.fsencode(sys.argv[2]).decode("utf-8", "strict")
found = [c for c in json.load(open(sys.argv[1], encoding="utf-8"))["connections"] if c["entry"] == name]
assert len(found) == 1 and found[0]["interface"] == name and found[0]["up"], found or open(sys.argv[1]).read()' "$work/odd.json" "$1"
}
for i in 0 1 2 3 4 5; do
    name=$(LC_ALL=C printf '%q' "${odd[i]}")
    check "a tunnel whose name is $name is listed by it" lists_name "${odd[i]}"
    check "and has its addresses" grep -qF "|10.96.$i.1|10.96.$i.2|" "$work/shown"
done
# Programs get names as UTF-16 strings.
check "only a tunnel whose name is not UTF-8 is ignored" test "$(grep -c '"entry"' "$work/odd.json")" = 6
check "text output has no control character of theirs" eval '! LC_ALL=C grep -P "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]|\xe2\x80\xae|\xe2\x81\xa6" "$work/odd.text"'
exec 3>&-
timeout 60 "$WINESERVER" -k
timeout 60 "$WINESERVER" -w
