#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Dialing with a real peer: an OpenVPN server in a network namespace of its own, the client in another
# one; first tools/hooks/dial alone, then programs under Wine that call RasDial. The other back ends
# are in tests/tools/dial-test.sh, against stand-ins.
# Takes up to 600 s.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
wine_env || exit 1

inside=${1:-}
if [ "$inside" != --inside ]; then
    if [ "$(id -u)" != 0 ] || [ ! -c /dev/net/tun ]; then
        skip "dialing with OpenVPN" "it needs root and /dev/net/tun"
        exit
    fi
    if ! type -P openvpn openssl ip unshare nsenter >/dev/null || ! unshare -n -m true 2>/dev/null; then
        skip "dialing with OpenVPN" "it needs openvpn, openssl, ip and a network namespace"
        exit
    fi
    own_prefix
    "$root/tools/setup.sh" install || exit 1
    # The service manager and the agent must run in the new namespace.
    wait_wine
    unshare -n -m bash "${BASH_SOURCE[0]}" --inside
    exit
fi

work_dir
mount -t sysfs none /sys && mount -t tmpfs -o mode=755 none /run || exit 1 # ours alone
ip link set lo up

# --- the server

hooks=$work/hooks settings=/run/dial.d etc=/run/openvpn
mkdir -p "$hooks" "$settings" "$etc/client" "$work/server"
cp "$root"/tools/hooks/{dial,rights} "$hooks"
sed -i "s,^settings=.*,settings=$settings,; s,/etc/openvpn,$etc,g; s,^patience=.*,patience=6," "$hooks/dial"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=server \
    -keyout "$work/server/key.pem" -out "$work/server/cert.pem" 2>/dev/null || exit 1
cat >"$work/server/check" <<'EOF'
#!/bin/bash
{ read -r user; read -r password; } <"$1"
[ "$user" = alice ] && [ "$password" = 'open "sesame" $(é)' ]
EOF
chmod 755 "$work/server/check"
cat >"$work/server/conf" <<EOF
dev tun
proto udp
local 192.0.2.1
port 1194
server 10.55.0.0 255.255.255.0
ca $work/server/cert.pem
cert $work/server/cert.pem
key $work/server/key.pem
dh none
verify-client-cert none
username-as-common-name
script-security 2
auth-user-pass-verify $work/server/check via-file
keepalive 1 4
explicit-exit-notify 1
EOF
cat >"$etc/client/office.conf" <<EOF
client
dev tun
proto udp
remote 192.0.2.1 1194
nobind
ca $work/server/cert.pem
EOF
sed 's/192.0.2.1 1194/192.0.2.1 1195/' "$etc/client/office.conf" >"$etc/client/nobody.conf"
sed 's/192.0.2.1/no.such.name.invalid/' "$etc/client/office.conf" >"$etc/client/unnamed.conf"
printf 'ENTRY=Head office\nBACKEND=openvpn\nNAME=office\n' >"$settings/office.conf"

quietly() { WINEDEBUG=-all run_in_wine 100 "$@" >/dev/null 2>&1 </dev/null; }
unshare -n sleep 600 &
server_space=$!
_server=""
start_server() {
    nsenter -t "$server_space" -n openvpn --config "$work/server/conf" >"$work/server/log" 2>&1 &
    _server=$!
    within 10 grep -q 'Initialization Sequence Completed' "$work/server/log"
}
stop() {
    kill ${_server:+"$_server"} "$server_space" 2>/dev/null
    "$hooks/dial" hang-up 1 'Head office' '' '' '' '' '' '' '' >/dev/null 2>&1
    quietly wineboot -e
    _tidy
}
trap stop EXIT
in_its_own_space() { [ "$(readlink "/proc/$server_space/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
within 5 in_its_own_space
ip link add to-server type veth peer name to-client netns "$server_space" &&
    ip addr add 192.0.2.2/24 dev to-server && ip link set to-server up &&
    nsenter -t "$server_space" -n sh -c 'ip link set lo up; ip addr add 192.0.2.1/24 dev to-client; ip link set to-client up' || exit 1
check "the server starts" start_server

# --- the dialer alone

dial() { # ENTRY USER PASSWORD
    printf %s "$3" | "$hooks/dial" dial 65537 "$1" 'C:\book.pbk' vpn device '' "$2" '' >"$work/lines"
}
hang_up() { "$hooks/dial" hang-up 65537 "$1" '' vpn device '' '' '' "${2:-}"; } # ENTRY INTERFACE
says() { grep -qx -- "$1" "$work/lines" || { cat "$work/lines"; return 1; }; }
fails() { ! "$@"; }
interface() { sed -n 's/^interface //p' "$work/lines"; }
gone() { ! ip link show "$1" 2>/dev/null; }
# Only the peer's own packet says that nothing listens there.
answered() { (exec 9<>/dev/tcp/10.55.0.1/9) 2>&1 | grep refused; }
running() { pgrep -x openvpn --ns $$ --nslist net; }

check "a connection comes up" dial 'Head office' alice 'open "sesame" $(é)'
check "its states are passed in order" test "$(grep ^state "$work/lines" | tr '\n' ,)" = \
    "state connect-device,state device-connected,state authenticate,state authenticated,"
tun=$(interface)
check "its interface is named" ip link show "$tun"
check "the tunnel carries packets" answered
check "no process has the password in its arguments" fails pgrep -af sesame
check "no file of the connection has it" fails grep -rl sesame /run
check "a second dial is refused" fails dial 'Head office' alice x
check "with 756" says 'error 756'
check "it is up as before" ip link show "$tun"
check "hanging up" hang_up 'Head office' "$tun"
check "the interface has gone" gone "$tun"
check "so has the process" fails running
check "hanging up again is no error" hang_up 'Head office' "$tun"
check "by the entry's name" dial office alice 'open "sesame" $(é)'
check "and its end" hang_up office

check "a wrong password fails" fails dial 'Head office' alice wrong
check "with 691" says 'error 691'
check "a wrong password leaves no process" fails running
check "a server that is not there fails" fails dial nobody alice x
check "with 678" says 'error 678'
check "a name that does not resolve fails" fails dial unnamed alice x
check "with 868" says 'error 868'
check "an unknown entry fails" fails dial nothing alice x
check "with 623" says 'error 623'

# What the agent does to end an attempt: SIGTERM to the dialer.
attempt() {
    dial nobody alice x &
    within 5 grep -q device-connected "$work/lines" && pkill -TERM -f "$hooks/dial dial"
    fails wait $! && within 5 fails running
}
check "an attempt ends when it is told to" attempt

check "a connection whose server is killed" dial 'Head office' alice 'open "sesame" $(é)'
tun=$(interface)
kill -KILL "$_server" && wait "$_server" 2>/dev/null
check "goes away" within 20 gone "$tun"
check "its process too" fails running
check "the server starts again" start_server
check "and the entry is dialed again" dial 'Head office' alice 'open "sesame" $(é)'
check "the end" hang_up 'Head office'

# --- programs that call RasDial

parameters='HKLM\System\CurrentControlSet\Services\napagent\Parameters'
quietly reg add "$parameters" /v Dialer /d "$hooks/dial" /f
book=$WINEPREFIX/drive_c/book.pbk
printf '[%s]\r\nType=2\r\nDevice=WAN Miniport\r\nMEDIA=rastapi\r\nPort=VPN1-0\r\nDEVICE=vpn\r\nPhoneNumber=192.0.2.1\r\n\r\n' \
    'Head office' nobody >"$book"

program() { # BITS ENTRY PASSWORD [watch]
    WINEDEBUG=-all run_in_wine 150 "$root/build/win$1/tests/interop/ras-dial.exe" 'C:\book.pbk' "$2" alice "${@:3}" \
        </dev/null >"$work/raw" 2>/dev/null
    tr -d '\r' <"$work/raw" >"$work/seen"
}
saw() { grep -qx -- "$1" "$work/seen" || { cat "$work/seen"; return 1; }; }
# The states that the notifier is given: those of the dialer, between the agent's own two.
states() { sed -n 's/^notified \([0-9]*\) 0$/\1/p' "$work/seen" | tr '\n' ' '; }
traffic() { while ! answered >/dev/null; do sleep 0.1; done; }

for bits in 64 32; do
    [ "$bits" = 64 ] || ! skip_32bit "programs that dial" || continue
    traffic &
    waiting=$!
    check "$bits-bit: a program dials" program "$bits" 'Head office' 'open "sesame" $(é)'
    kill "$waiting" 2>/dev/null
    check "$bits-bit: RasDial begins" saw 'dial 0'
    check "$bits-bit: the notifier sees the states" test "$(states)" = '0 2 3 5 14 8192 '
    check "$bits-bit: it is connected, by vpn" saw 'status 8192 0 vpn'
    check "$bits-bit: it is listed, once" saw 'connections 0 1'
    check "$bits-bit: by its entry's name" saw 'listed Head office'
    check "$bits-bit: with the address that the server gave" saw 'projection 0 10\.55\.0\.[0-9]*'
    check "$bits-bit: packets are counted, both ways" saw 'packets out in'
    check "$bits-bit: RasHangUp" saw 'hang-up 0'
    check "$bits-bit: then the handle is invalid" saw 'status error 6'
    check "$bits-bit: nothing is listed" saw 'connections 0 0'
    check "$bits-bit: the tunnel has gone" fails running
    program "$bits" 'Head office' wrong
    check "$bits-bit: a wrong password is 691" saw 'result 691'
    check "$bits-bit: the notifier got it" grep -q '^notified [0-9]* 691$' "$work/seen"
    program "$bits" nobody x
    check "$bits-bit: no answer is 678" saw 'result 678'
    check "$bits-bit: a failure leaves no process" fails running
    # Not by run_in_wine, which gives the output at the end only.
    WINEDEBUG=-all timeout 150 "$WINE" "$root/build/win$bits/tests/interop/ras-dial.exe" 'C:\book.pbk' 'Head office' \
        alice 'open "sesame" $(é)' watch </dev/null >"$work/raw" 2>/dev/null &
    seen=$!
    check "$bits-bit: a program watches its connection" within 60 grep -q 'watching 0' "$work/raw"
    kill -KILL "$_server" && wait "$_server" 2>/dev/null
    wait "$seen"
    tr -d '\r' <"$work/raw" >"$work/seen"
    check "$bits-bit: the server is killed, and the program is notified" saw ended
    check "$bits-bit: the connection has gone" saw 'status error 6'
    check "$bits-bit: the server starts again" start_server
done
check "the agent's log has no password" fails grep -rq sesame "$WINEPREFIX/drive_c/windows"
