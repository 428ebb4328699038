#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/hooks/dial against stand-ins of the host's tools: what it asks of each, what it makes of each
# result, and whose files it believes. They are stand-ins because pppd needs /dev/ppp, wg-quick a
# module of the kernel, and the others a service; OpenVPN itself is in tests/interop/dial-test.sh.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
base=/tmp
work=$(mktemp -d "$base/wine-nap-dial.XXXXXX") && chmod 755 "$work" || exit 1
hooks=$work/hooks etc=$work/etc tools=$work/tools
mkdir -p "$hooks" "$tools" "$work/net" "$etc"/{dial.d,wireguard,ppp/peers,swanctl/conf.d,openvpn} && chmod 755 "$etc" "$etc"/*
cp "$root"/tools/hooks/{dial,rights} "$hooks" && chmod a+rX "$hooks" "$hooks"/*
sed -i "s,^settings=.*,settings=$etc/dial.d,; s,^run=.*,run=$work/run,; s,/etc/\(wireguard\|ppp\|swanctl\|openvpn\),$etc/\1,g
    s,^export PATH=,&$tools:,; s,/run/ppp-,$work/ppp-,g; s,/sys/class/net,$work/net,g; s,^patience=.*,patience=5," "$hooks/dial"

# tool NAME <<body: a stand-in, which notes how it is called.
tool() {
    { printf '#!/bin/bash\nprintf "%%s\\n" "%s $*" >>"%s/calls"\n' "$1" "$work"; cat; } >"$tools/$1"
    chmod 755 "$tools/$1"
}
dial() { # ENTRY USER PASSWORD
    : >"$work/calls"
    printf %s "$3" | "$hooks/dial" dial 65537 "$1" '' vpn device '' "$2" '' >"$work/lines"
}
hang_up() { : >"$work/calls"; "$hooks/dial" hang-up 65537 "$1" '' vpn device '' '' '' "${2:-}" >"$work/lines"; }
says() { grep -qx -- "$1" "$work/lines" || { cat "$work/lines"; return 1; }; }
called() { grep -qxF -- "$1" "$work/calls" || { cat "$work/calls"; return 1; }; }
fails() { ! "$@"; }
fails_with() { # ERROR COMMAND...
    ! "${@:2}" && says "error $1"
}
entry() { printf 'ENTRY=%s\nBACKEND=%s\nNAME=%s\n' "$@" >"$etc/dial.d/test.conf"; } # ENTRY BACKEND NAME

# "only root's files" holds for root's temporary folder, whose parent others may write.
if [ "$(id -u)" != 0 ]; then
    export -n HOME
fi
trusted() { sed -i "s,only_theirs \"\$\(file\|run\)\" \"\",only_theirs \"\$\1\" $base," "$hooks/dial"; }
trusted

# --- WireGuard

tool wg-quick <<'E'
net=${0%/*}/../net
case $1:$2 in
    up:lost) echo "Unable to resolve host"; exit 1 ;;
    up:broken) echo "RTNETLINK answers: Operation not supported"; exit 2 ;;
    up:*) mkdir "$net/$2" && echo 7 >"$net/$2/ifindex" ;;
    down:*) rm -r "$net/$2" ;;
esac
E
touch "$etc"/wireguard/{wg9,lost,broken}.conf
entry 'My tunnel' wireguard wg9
check "wireguard: dial" dial 'My tunnel' '' ''
check "wireguard: wg-quick makes it" called 'wg-quick up wg9'
check "wireguard: the interface is the tunnel" says 'interface wg9'
check "wireguard: hanging up" hang_up 'My tunnel'
check "wireguard: wg-quick ends it" called 'wg-quick down wg9'
check "wireguard: hanging up what is not there is no error" hang_up 'My tunnel'
check "wireguard: and asks for nothing" fails grep . "$work/calls"
check "wireguard: without a file the entry's name counts" dial wg9 '' ''
check "wireguard: its end" hang_up wg9
mkdir "$work/net/wg9" && echo 8 >"$work/net/wg9/ifindex"
check "wireguard: a tunnel that the host has is taken as it is" dial wg9 '' ''
check "wireguard: nothing makes it" fails grep . "$work/calls"
check "wireguard: nothing ends it" hang_up wg9
check "wireguard: it is there yet" rm -r "$work/net/wg9"
check "wireguard: dial once more" dial wg9 '' ''
echo 9 >"$work/net/wg9/ifindex"
check "wireguard: another tunnel of the same name is not ended" hang_up wg9
check "wireguard: that is there yet" rm -r "$work/net/wg9"
check "wireguard: a server's name that is not known is 868" fails_with 868 dial lost '' ''
check "wireguard: no support in the kernel is 633" fails_with 633 dial broken '' ''
check "wireguard: what is wrong is said" says 'message wg-quick: RTNETLINK answers: Operation not supported'

# --- pppd

tool pppd <<'E'
case $2 in
    auth) echo 'CHAP authentication failed'; exit 19 ;;
    silent) exit 8 ;;
    slow) sleep 30 & echo $! >"${0%/*}/../ppp-pid"; wait; exit 5 ;;
    kernel) exit 4 ;;
esac
for a; do [ "$last" != passwordfd ] || cat <&"$a" >"${0%/*}/../secret"; last=$a; done
echo "Using interface ppp7"; echo "Connect: ppp7 <--> /dev/pts/9"; echo "CHAP authentication succeeded"
E
touch "$etc"/ppp/peers/{isp,auth,silent,slow,kernel}
entry Modem pppd isp
check "pppd: dial" dial Modem bob 'x y"z'
check "pppd: by its peer's file, in its own name" called 'pppd call isp linkname wine-nap-isp updetach user bob plugin passwordfd.so passwordfd 4'
check "pppd: the password by a descriptor" test "$(cat "$work/secret")" = 'x y"z'
check "pppd: the interface" says 'interface ppp7'
check "pppd: states" test "$(grep ^state "$work/lines" | tr '\n' ,)" = \
    "state connect-device,state device-connected,state authenticate,state authenticated,"
check "pppd: without a user the file's credentials count" dial Modem '' ''
check "pppd: so no password is given" called 'pppd call isp linkname wine-nap-isp updetach'
check "pppd: a wrong password is 691" fails_with 691 dial auth bob x
check "pppd: no answer is 678" fails_with 678 dial silent bob x
check "pppd: no support in the kernel is 633" fails_with 633 dial kernel bob x
ended() {
    dial slow bob x &
    within 5 test -s "$work/ppp-pid" && pkill -TERM -f "$hooks/dial dial" && fails wait $!
    within 5 fails kill -0 "$(cat "$work/ppp-pid")" 2>/dev/null
}
check "pppd: an attempt that is told to end ends, with pppd" ended

# --- strongSwan

tool swanctl <<'E'
case "$*" in
    *--load-creds*) exit 1 ;; # they are the host's
    *--list-sas*site*) [ ! -e "${0%/*}/../up" ] || echo "site.2: #$(cat "${0%/*}/../up"), ESTABLISHED, IKEv2" ;;
    *--initiate*site*) echo 4 >"${0%/*}/../up" ;;
    *--terminate*site*) rm -f "${0%/*}/../up" ;;
    *--terminate*down*) echo 'no matching SAs to terminate found'; exit 1 ;;
    *--initiate*bad*) echo '[IKE] received AUTHENTICATION_FAILED notify error'; echo 'initiate failed: establishing CHILD_SA bad failed, AUTHENTICATION_FAILED'; exit 1 ;;
    *--initiate*quiet*) echo '[IKE] giving up after 5 retransmits'; echo "initiate failed: timeout"; exit 1 ;;
    *--initiate*none*) echo "initiate failed: CHILD_SA config 'none' not found"; exit 1 ;;
esac
E
touch "$etc"/swanctl/conf.d/{site.2,bad,quiet,none,down}.conf
entry Site strongswan site.2
printf 'INTERFACE=ipsec0\n' >>"$etc/dial.d/test.conf"
check "strongswan: dial" dial Site 'al"ice' 'back\slash'
check "strongswan: the connection of this name" called 'swanctl --initiate --child site.2 --timeout 5'
check "strongswan: the file's interface" says 'interface ipsec0'
check "strongswan: a wrong password is 691" fails_with 691 dial bad alice x
check "strongswan: no answer is 678" fails_with 678 dial quiet alice x
check "strongswan: an unknown connection is 623" fails_with 623 dial none alice x
check "strongswan: hanging up" hang_up Site
check "strongswan: ends that connection" called 'swanctl --terminate --child site.2 --timeout 7'
echo 5 >"$work/up"
check "strongswan: one that the host has is taken as it is" dial Site alice x
check "strongswan: and not ended" hang_up Site
check "strongswan: it is there yet" rm "$work/up"
check "strongswan: dial once more" dial Site alice x
echo 6 >"$work/up"
check "strongswan: another one of the same name is not ended" hang_up Site
check "strongswan: that is there yet" rm "$work/up"
check "strongswan: what is down is no error" hang_up down

# --- NetworkManager

tool nmcli <<'E'
case "$*" in
    *passwd-file*) cat "${@: -1}" >"${0%/*}/../secret" ;;&
    *'up id wrong'*) echo 'Error: Connection activation failed: Secrets were required, but not provided.'; exit 4 ;;
    *'up id stopped'*) echo 'Error: NetworkManager is not running.'; exit 8 ;;
    *'up id late'*) echo 'Error: Timeout expired (5 seconds)'; exit 3 ;;
    *'show id'*) [[ $* != *nobody* ]] ;;
    *'show --active'*) echo nm0 ;;
esac
E
entry 'Café VPN' networkmanager 'Büro 1'
check "networkmanager: dial" dial 'Café VPN' alice 'pass word'
check "networkmanager: any name of NetworkManager's" called 'nmcli --wait 5 connection up id Büro 1 passwd-file /dev/fd/4'
check "networkmanager: the password by a descriptor" grep -qxF 'vpn.secrets.password:pass word' "$work/secret"
check "networkmanager: the interface" says 'interface nm0'
check "networkmanager: without a file the entry's name counts" dial 'Any name' '' ''
check "networkmanager: no password is given then" called 'nmcli --wait 5 connection up id Any name'
check "networkmanager: a wrong password is 691" fails_with 691 dial wrong alice x
check "networkmanager: its time is 678" fails_with 678 dial late alice x
check "networkmanager: one that does not run is 633" fails_with 633 dial stopped alice x
check "networkmanager: hanging up" hang_up 'Café VPN'
check "networkmanager: ends that connection" called 'nmcli --wait 7 connection down id Büro 1'

# --- tools that are missing, names that are none, files that are not root's

mv "$tools/nmcli" "$work"
entry Site strongswan site.2
mv "$tools/swanctl" "$work"
type -P swanctl >/dev/null || check "a missing tool is 633" fails_with 633 dial Site alice x
mv "$work/swanctl" "$tools"
for name in '../peers/isp' 'a/b' '-f' '' '.' 'x;id' $'two\nlines' 'ü'; do
    : >"$work/calls"
    check "no name of the host: $(printf %q "$name")" fails_with 623 dial "$name" '' ''
    check "and no tool is called for it: $(printf %q "$name")" fails grep . "$work/calls"
done
entry Site strongswan ../x
check "neither is one in a file" fails_with 623 dial Site '' ''
entry Site telnet x
check "an unknown back end is refused" fails_with 623 dial Site '' ''
check "and named, with its file" says "message $etc/dial.d/test.conf: BACKEND= must be networkmanager, openvpn, wireguard, strongswan or pppd"
entry 'My tunnel' wireguard wg9
chmod 666 "$etc/dial.d/test.conf"
check "a file that others may write is not used" fails_with 623 dial 'My tunnel' '' ''
check "and is named" says "message $etc/dial.d/test.conf is not used: $etc/dial.d/test.conf may be changed by others"
rm "$etc/dial.d/test.conf"
entry 'My tunnel' wireguard wg9
mv "$etc/dial.d/test.conf" "$work/elsewhere"
ln -s "$work/elsewhere" "$etc/dial.d/test.conf"
check "nor is a link" fails_with 623 dial 'My tunnel' '' ''
rm "$etc/dial.d/test.conf"
usage() { "$hooks/dial" "$@" >"$work/lines" 2>&1; }
check "--help" usage --help
check "says how it is called" grep -q '^usage: dial dial|hang-up ID' "$work/lines"
check "a wrong number of arguments is refused" fails usage dial 1 x

# --- the rules of docs/reliability.md for what sudo starts, by their numbers

if [ "$(id -u)" != 0 ]; then
    skip "dialing by sudo" "only root can test what root runs"
    exit
fi
by_sudo() { SUDO_UID=$1 "${@:2}"; } # UID COMMAND...
tool wg-quick <<'E'
env >"${0%/*}/../environment"
ls -l /proc/$PPID/fd >"${0%/*}/../descriptors"
case $1 in up) mkdir "${0%/*}/../net/$2" && echo 7 >"${0%/*}/../net/$2/ifindex" ;; down) rm -r "${0%/*}/../net/$2" ;; esac
E
# A folder of the caller's is not looked at, and a variable reaches no tool.
quiet_surroundings() {
    mkdir -p "$work/trap" && printf 'touch "%s/trapped"\n' "$work" >"$work/trap/env" || return 1
    (cd "$work/trap" && exec 9<"$work/calls" && HOME=$work/trap TMPDIR=$work/trap BASH_ENV=$work/trap/env ENV=$work/trap/env \
        WG_CONFIG=x SUDO_UID=1000 "$hooks/dial" dial 1 'My tunnel' '' '' '' '' '' '' </dev/null >"$work/lines") || return 1
    [ ! -e "$work/trapped" ] && ! grep -E 'trap|WG_CONFIG|SUDO_UID' "$work/environment" && ! grep ' 9 ->' "$work/descriptors"
}
entry 'My tunnel' wireguard wg9
check "D1, D5: neither variables nor folders of the caller count" quiet_surroundings
check "D7: root keeps who has dialed" test "$(head -n 1 "$work/run/wg9.wireguard")" = 1000
check "D7: nobody else hangs it up" fails_with 753 by_sudo 1001 hang_up 'My tunnel'
check "D7: and nobody else dials it" fails_with 756 by_sudo 1001 dial 'My tunnel' '' ''
check "D7: it is up yet" test -e "$work/run/wg9.wireguard"
check "D7: he hangs it up" by_sudo 1000 hang_up 'My tunnel'
check "D7: what nobody has dialed is not ended" by_sudo 1000 hang_up 'My tunnel'
check "D7: no tool was called for it" fails grep . "$work/calls"
check "D2: an entry that no file is about is 623" fails_with 623 by_sudo 1000 dial isp bob x
printf 'HOST_NAMES=yes\n' >>"$etc/dial.d/test.conf"
check "D2: unless root allows the host's names" by_sudo 1000 dial isp bob x
check "D2: its end" by_sudo 1000 hang_up isp
mv "$work/nmcli" "$tools"
check "D2: never a name of NetworkManager's" fails_with 623 by_sudo 1000 dial Wired '' ''
entry 'Café VPN' networkmanager 'Büro 1'
check "D2: not by a file either" fails_with 623 by_sudo 1000 dial 'Café VPN' '' ''
check "D2: nor is it hung up" fails_with 623 by_sudo 1000 hang_up 'Café VPN'
check "D2: nmcli was not called" fails grep . "$work/calls"
mv "$tools/nmcli" "$work"
entry 'My tunnel' wireguard wg9
printf 'HOST_NAMES=yes\n' >>"$etc/dial.d/test.conf"
chmod 666 "$etc/dial.d/test.conf"
check "D3: not by a file that others may write" fails_with 623 by_sudo 1000 dial isp bob x
chmod 644 "$etc/dial.d/test.conf"
chmod 777 "$etc/dial.d"
check "D3: nor in a folder that others may write" fails_with 623 by_sudo 1000 dial isp bob x
chmod 755 "$etc/dial.d"
printf -v long '%05000d' 0
nowhere_else() {
    rm -f "$work/secret"
    dial Modem bob 'sesame' && [ "$(cat "$work/secret")" = sesame ] && rm "$work/secret" && ! grep -r sesame "$work"
}
entry Modem pppd isp
check "D4: neither arguments nor files have the password" nowhere_else
entry 'My tunnel' wireguard wg9
check "D4: a password of 5,000 characters is refused" fails_with 87 dial isp bob "$long"
check "D4: and one of two lines" fails_with 87 dial isp bob $'a\nb'
# The test is the caller's caller; pppd's stand-in waits until it is ended.
abandoned() {
    rm -f "$work/ppp-pid"
    bash -c '(SUDO_UID=1000 "$1" dial 1 slow "" "" "" "" bob "" </dev/null >/dev/null; :); :' - "$hooks/dial" &
    within 5 test -s "$work/ppp-pid" && kill -KILL $! && within 10 fails kill -0 "$(cat "$work/ppp-pid")" && within 10 fails test -e "$work/run/slow.pppd"
}
# Nobody reads the lines.
unheard() { SUDO_UID=1000 "$hooks/dial" dial 1 'My tunnel' '' '' '' '' '' '' </dev/null | true; [ "${PIPESTATUS[0]}" = 0 ]; }
check "D6: a caller that does not listen leaves a whole connection" unheard
check "D6: which has its record, so that he can hang it up" by_sudo 1000 hang_up 'My tunnel'
check "D6: it has gone" fails test -e "$work/net/wg9"
printf 'HOST_NAMES=yes\n' >"$etc/dial.d/names.conf"
check "D6: the attempt ends when its caller has gone" abandoned
rm "$etc/dial.d/names.conf"
tool wg-quick <<<'printf "bad \033[31m\u009b line\n"; exit 1'
check "D8: what a tool says" fails dial 'My tunnel' '' ''
check "D8: is printed without controls" says 'message wg-quick: bad ?.31m? line'

# --- not root: what it asks of sudo

tool sudo <<'E'
case "$*" in
    *' -l '*) [ ! -e "${0%/*}/../forbidden" ] ;;
    *'/dial dial '*) cat >"${0%/*}/../secret"; echo 'interface x0'; [[ $* != *slow* ]] || { touch "${0%/*}/../going"; sleep 23; } ;;
    *' hang-up '*) pkill -xf 'sleep 23' ;;
esac
E
rm -f "$work/secret"
chmod 777 "$work" && : >"$work/calls" && chmod 666 "$work/calls"
dial_as_user() {
    printf secret | setpriv --reuid=65534 --regid=65534 --clear-groups \
        "$hooks/dial" dial 65537 "$1" '' vpn device '' alice '' >"$work/lines"
}
check "sudo: dial" dial_as_user wg9
check "sudo: it runs this script with the same arguments" called "sudo -n -- $hooks/dial dial 65537 wg9  vpn device  alice "
check "sudo: and the password" test "$(cat "$work/secret")" = secret
check "sudo: its lines pass" says 'interface x0'
told() {
    dial_as_user slow &
    within 5 test -e "$work/going" && pkill -TERM -f "^/bin/bash -p $hooks/dial dial" && fails wait $!
    called "sudo -n -- $hooks/dial hang-up 65537 slow  vpn device  alice  "
}
check "sudo: an attempt that is told to end is hung up by root" told
touch "$work/forbidden"
check "sudo: without the right it is 5" fails_with 5 dial_as_user wg9
check "sudo: and says which right" grep -q "message wireguard needs root: allow .* to run $hooks/dial by a rule of sudo" "$work/lines"
