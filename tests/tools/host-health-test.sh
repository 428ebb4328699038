#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/hooks/host-health on trees of files with stand-ins for the tools: a Debian 12, a Debian 13 and
# a machine like Fedora, each in several states; and what it says of what cannot be known.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
work_dir
script=$root/tools/hooks/host-health
options=""

# --- trees

tree() { tree=$work/$1; rm -rf "$tree"; mkdir -p "$tree"; } # NAME: an empty one
file() { [ -d "$tree/${1%/*}" ] || mkdir -p "$tree/${1%/*}"; printf '%b' "${2:-}" >"$tree/$1"; } # PATH [TEXT]
tool() { file "$1" "#!/bin/sh\n${2:-}\n"; [ -x "$tree/$1" ] || chmod +x "$tree/$1"; } # PATH [SCRIPT]
# What systemctl says of units; it knows no others.
units() { # UNIT=STATE...
    local pair text='case "$1 $2" in\n'
    for pair; do text+="\"is-active ${pair%=*}\" | \"is-enabled ${pair%=*}\") echo ${pair#*=} ;;\n"; done
    tool usr/bin/systemctl "$text*) echo unknown ;;\nesac"
}
process() { # ID NAME [UID [REAL-UID]]
    file "proc/$1/comm" "$2\n"
    file "proc/$1/status" "Name:\t$2\nUid:\t${4:-${3:-0}}\t${3:-0}\t${3:-0}\t${3:-0}\n"
    file etc/passwd 'root:x:0:0::/:\nclamav:x:107:107::/:\nsomebody:x:1000:1000::/:\n'
}
aged() { touch -d "@$(($(date +%s) - $2))" "$tree/$1"; } # PATH SECONDS
signatures() { file "var/lib/clamav/$1" "ClamAV-VDB:1 Jan 2026 08-32 +0000:1:2:90:x:y:z:$(($(date +%s) - $2))\n"; } # FILE SECONDS
health() { "$script" --root "$tree" $options "$@" >"$work/out" 2>"$work/err"; }
# Looks at the tree; then each KEY=VALUE is a line, and each !KEY begins none.
finds() { # NAME KEY=VALUE|!KEY...
    local line found name=$1
    shift
    if ! health || [ -s "$work/err" ]; then cat "$work/err"; not_ok "$name" "it failed"; return; fi
    found=$'\n'$(<"$work/out")$'\n'
    for line; do
        case $line in
            !*) [[ $found = *$'\n'"${line#!}"[=.]* ]] || continue ;;
            *) [[ $found != *$'\n'"$line"$'\n'* ]] || continue ;;
        esac
        cat "$work/out"
        not_ok "$name" "not so: $line"
        return
    done
    ok "$name"
}

# An apt-get which does this, and has these archives: LABEL:/SUITE.
apt() { # SCRIPT [ARCHIVE...]
    local script=$1
    shift
    [ $# -gt 0 ] || set -- Debian:/stable Debian-Security:/stable-security
    tool usr/bin/apt-get "if [ \$1 = indextargets ]; then printf '%s\\\\n' $*; exit; fi\n$script"
}
# A tree with one thing of Debian's, which is looked at in less time than all.
debian_firewall() {
    tool usr/sbin/nft 'echo "Operation not permitted" >&2; exit 1'
    file etc/nftables.conf 'table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\tct state established accept\n\t}\n}\n'
}
debian_clamav() {
    tool usr/sbin/clamd
    process 1 systemd
    process 77 clamd 107
    signatures daily.cld 86400
}
debian_apt() {
    apt 'cat <<END
Inst libc6 [2.36-9] (2.36-9+deb12u1 Debian-Security:12/stable-security [amd64])
Inst libspring-security-java [1] (2 Debian:12.1/stable [all])
Conf libc6 (2.36-9+deb12u1 Debian-Security:12/stable-security [amd64])
END'
    tool usr/bin/unattended-upgrade
    file etc/apt/apt.conf.d/20auto-upgrades 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n'
    file var/lib/apt/periodic/update-success-stamp
    aged var/lib/apt/periodic/update-success-stamp 5000
}
only() { # firewall|clamav|apt
    tree "$1"
    units nftables.service=active apt-daily-upgrade.timer=enabled
    "debian_$1"
}
debian() { # VERSION
    tree "debian$1"
    units nftables.service=active apt-daily-upgrade.timer=enabled
    debian_firewall
    debian_clamav
    debian_apt
}
fedora() {
    tree fedora
    tool usr/sbin/firewalld
    file etc/firewalld/firewalld.conf '# the default\nDefaultZone=public\n'
    units firewalld.service=active clamd@scan.service=active
    tool usr/bin/dnf 'cat <<END
FEDORA-2026-1 Critical/Sec.  kernel-6.1-1.fc40.x86_64
FEDORA-2026-1 Critical/Sec.  kernel-core-6.1-1.fc40.x86_64
FEDORA-2026-2 Moderate/Sec.  vim-9-1.fc40.x86_64
FEDORA-2026-3 None/Sec.      curl-8-1.fc40.x86_64
END'
    tool usr/bin/dnf-automatic
    file etc/dnf/automatic.conf '[commands]\napply_updates = yes\ndownload_updates = yes\n'
    mkdir -p "$tree/etc/systemd/system/timers.target.wants"
    ln -s /usr/lib/systemd/system/dnf-automatic.timer "$tree/etc/systemd/system/timers.target.wants"
    file var/cache/dnf/last_makecache
    aged var/cache/dnf/last_makecache 7200
    tool usr/sbin/clamd
    process 1 systemd
    signatures daily.cvd 3600
}

# --- Debian

for version in 12 13; do
    debian $version
    finds "Debian $version: nftables, ClamAV, unattended-upgrades, apt" firewall=on firewall.1.name=nftables firewall.1.state=on \
        "firewall.1.found=the service nftables is active with /etc/nftables.conf: input is denied unless allowed" \
        antivirus=on antivirus.1.name=ClamAV antivirus.1.up-to-date=yes antispyware=on antispyware.1.up-to-date=yes \
        automatic-updates=installs automatic-updates.name=unattended-upgrades \
        security-updates=missing security-updates.name=apt security-updates.unspecified=1 security-updates.critical=0
    check "and the last scan's age" grep -qE '^security-updates.since-scan=50[0-9]{2}$' "$work/out"
    check "and the signatures' age" grep -qE '^antivirus.1.signature-age=864[0-9]{2}$' "$work/out"
    check "each product and class says how it was found" eval \
        'for key in firewall.1 antivirus.1 antispyware.1 automatic-updates security-updates; do grep -q "^$key.found=." "$work/out" || exit 1; done'
done

only firewall
# nft of root, which lists these rules.
rules() { # STATE WORDS RULES
    tool usr/sbin/nft "cat <<'END'\n$3\nEND"
    finds "rules that root reads: $2" "firewall=$1" "firewall.1.state=$1"
}
input='type filter hook input priority 0;'
deny="chain input { $input policy drop; ct state established accept; tcp dport { 22, 443 } accept; }"
rules on "all denied but what is allowed" "table inet filter {
	set ports {
		type inet_service
		elements = { 22,
			     443 }
	}

	chain input {
		type filter hook input priority filter; policy drop;
		ct state vmap { established : accept, invalid : drop }
		iifname \"lo\" accept comment \"of # this } host\"
		tcp dport @ports counter packets 5 bytes 300 accept
	}

	chain forward {
		type filter hook forward priority filter; policy accept;
	}
}"
check "and says so" grep -qx "firewall.1.found=nft list ruleset: input is denied unless allowed" "$work/out"
rules on "the same in two tables" "table ip a { $deny }\ntable ip6 b { $deny }"
rules on "a last rule instead of the policy" "table inet f { chain input { $input policy accept; ct state established accept; counter packets 1 bytes 2 log prefix \"x drop\" level info jump last; }\nchain last { limit rate 1/second log; reject with icmpx admin-prohibited; }\n}"
rules unknown "a chain of fail2ban alone" "table inet f2b-table {
	set addr-set-sshd {
		type ipv4_addr
		elements = { 192.0.2.7 }
	}

	chain f2b-chain {
		type filter hook input priority filter - 1; policy accept;
		tcp dport 22 ip saddr @addr-set-sshd reject with icmp port-unreachable
	}
}"
rules unknown "some denied, the policy in a comment" "table inet filter {\n\tchain input { # policy drop;\n\t\ttype filter hook input priority 0; policy accept;\n\t\ttcp dport 23 drop\n\t}\n}"
rules unknown "IPv4 alone" "table ip a { $deny }"
rules unknown "IPv6 alone" "table ip6 a { $deny }\ntable bridge b { $deny }\ntable ip c { chain forward { type filter hook forward priority 0; policy drop; } }"
rules off "a rule that accepts all before the policy" "table inet f { chain input { $input policy drop; counter packets 1 bytes 2 accept comment \"all\"; } }"
rules unknown "a chain that accepts all before the policy" "table inet f { chain all { accept; }\nchain input { $input policy drop; jump all; } }"
rules unknown "a chain that nobody knows before the policy" "table inet f { chain input { $input policy drop; jump elsewhere; } }"
rules unknown "chains in a circle" "table inet f { chain a { jump b; }\nchain b { jump a; }\nchain input { $input policy drop; jump a; } }"
rules unknown "an end that is missing" "table inet f { chain input { $input policy drop;"
rules unknown "a quotation that does not end" "table inet f { $deny }\n\""
rules off "other protocols and dormant tables" "table arp a { $deny }\ntable netdev b { $deny }\ntable inet c {\n\tflags dormant\n\n\t$deny\n}\ntable ip d { flags dormant,owner; $deny }"
rules off "drop in a comment of an accept" "table inet f { chain input { $input policy accept; accept comment \"never drop this\"; } }"
rules off "policy in a comment" "table inet f { chain input { $input policy accept; accept comment \"; policy drop; }\"; } }"
rules off "all let in" "table inet f { chain forward { type filter hook forward priority 0; policy drop; } }\ntable ip6 nat { chain input { type nat hook input priority 100; policy accept; } }"
check "and says so" grep -qx "firewall.1.found=nft list ruleset: input is not filtered" "$work/out"
tool usr/sbin/nft ':'
finds "no rules" firewall=off
tool usr/sbin/nft 'exit 1'
units nftables.service=inactive apt-daily-upgrade.timer=enabled
finds "rules that nobody sees" firewall=unknown firewall.1.state=unknown
units nftables.service=active
for line in 'include "/etc/nftables.d/*.nft"' 'add rule inet filter input accept' 'delete table inet filter' 'flush ruleset'; do
    file etc/nftables.conf "#!/usr/sbin/nft -f\nflush ruleset\ndefine ports = { 22, \\\n 23 }\ntable inet filter { $deny }\n$line\n"
    finds "/etc/nftables.conf with commands that are not followed: $line" firewall=unknown
done
file etc/nftables.conf "#!/usr/sbin/nft -f\nflush ruleset\ndefine ports = { 22, \\\n 23 }\ntable inet filter { $deny }\n"
finds "without such commands" firewall=on
units nftables.service=inactive
legacy() { tool "usr/sbin/$1" "cat <<'END'\n$2\nEND"; } # iptables|ip6tables RULES
denied='-P INPUT DROP\n-P FORWARD ACCEPT\n-N mine\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j LOG\n-A INPUT -j mine\n-A mine -p tcp -m tcp --dport 22 -m comment --comment "a \\\\" -j ACCEPT" -j ACCEPT'
legacy iptables "$denied"
finds "iptables for IPv4 alone" firewall=unknown firewall.2.state=unknown
legacy ip6tables '-P INPUT ACCEPT'
finds "ip6tables that accepts all" firewall=unknown firewall.2.state=unknown
legacy ip6tables '-P INPUT ACCEPT\n-A INPUT -s 2001:db8::1/128 -j DROP'
finds "ip6tables that denies one address" firewall=unknown firewall.2.state=unknown
legacy ip6tables '-P INPUT ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -m comment --comment rest -j REJECT --reject-with icmp6-port-unreachable'
finds "one firewall of two is on" firewall=on firewall.1.state=unknown firewall.2.name=iptables firewall.2.state=on
legacy iptables '-P INPUT DROP\n-A INPUT -m comment --comment "all of it" -j ACCEPT'
finds "iptables that accepts all before the policy" firewall=unknown firewall.2.state=unknown
legacy iptables '-P INPUT ACCEPT\n-A INPUT -s 192.0.2.1/32 -j DROP'
rm "$tree/usr/sbin/ip6tables"
finds "iptables that denies one address" firewall=unknown firewall.2.state=unknown
tool usr/sbin/iptables 'echo "-P INPUT ACCEPT"'
finds "one is off, of the other nobody knows" firewall=unknown firewall.2.state=off
rm "$tree/usr/sbin/nft" "$tree/usr/sbin/iptables"
finds "no firewall" firewall=none !firewall.1
file etc/ufw/ufw.conf 'ENABLED=yes\n'
file etc/default/ufw 'DEFAULT_INPUT_POLICY="DROP"\n'
finds "ufw of which nobody knows if it runs" firewall=unknown
units ufw.service=inactive
finds "ufw that does not run" firewall=off
units ufw.service=active
finds "ufw" firewall=on firewall.1.name=ufw
file etc/default/ufw 'DEFAULT_INPUT_POLICY="ACCEPT"\n'
finds "ufw that accepts input" firewall=off
file etc/default/ufw
finds "ufw without a policy" firewall=unknown
file etc/ufw/ufw.conf 'ENABLED=no\n'
finds "ufw that is off" firewall=off

only clamav
signatures daily.cld $((8 * 86400))
finds "old signatures" antivirus=on antivirus.1.up-to-date=no
check "which may be older by an option" eval 'health --max-signature-age 9 && grep -qx antivirus.1.up-to-date=yes "$work/out"'
signatures daily.cvd 60
finds "the newer of two databases counts" antivirus.1.up-to-date=yes
rm "$tree"/var/lib/clamav/*
finds "no signatures" antivirus=on antivirus.1.up-to-date=unknown antivirus.1.signature-age=unknown
for header in "" "ClamAV-VDB:garbage" "ClamAV-VDB:1:2:3:4:5:6:7:x99" "other:1:2:3:4:5:6:7:$(date +%s)"; do
    file var/lib/clamav/daily.cvd "$header"
    finds "a database without a time in its header is of unknown age: '${header:0:30}'" antivirus.1.up-to-date=unknown antivirus.1.signature-age=unknown
done
signatures daily.cld -9999
finds "signatures of the future are unknown" antivirus.1.up-to-date=unknown antivirus.1.signature-age=unknown
signatures daily.cvd 60
finds "so is the age if one of two databases is of the future" antivirus.1.up-to-date=unknown
only clamav
process 77 clamd 1000
finds "a process of another user is no daemon" antivirus=off antispyware=off
process 77 clamd 0 1000
finds "nor is a set-user-id program that another user started" antivirus=off
process 77 clamd
finds "one of root is" antivirus=on "antivirus.1.found=clamd runs; the signatures in /var/lib/clamav are 24 hours old"
units clamav-daemon.service=inactive
finds "the word of systemd counts more than a process" antivirus=off
units clamav-daemon.service=inactive clamd@scan.service=active
finds "one service of two is enough" antivirus=on
units
rm -r "$tree/proc/77"
finds "a daemon that does not run" antivirus=off antispyware=off
rm -r "$tree/proc"
finds "a daemon that nobody sees" antivirus=unknown
rm "$tree/usr/sbin/clamd"
finds "no ClamAV" antivirus=none antispyware=none !antivirus.1

only apt
file etc/apt/apt.conf.d/20auto-upgrades 'APT::Periodic::Update-Package-Lists "1";\n#APT::Periodic::Unattended-Upgrade "1";\n'
finds "lists only" automatic-updates=checks
file etc/apt/apt.conf.d/50more 'APT::Periodic::Download-Upgradeable-Packages "1";\n'
finds "downloads" automatic-updates=downloads
file etc/apt/apt.conf.d/60more 'APT::Periodic::Unattended-Upgrade "1";\n'
finds "installs" automatic-updates=installs
file etc/apt/apt.conf.d/70more 'APT::Periodic::Unattended-Upgrade "0";\n'
finds "the last file counts" automatic-updates=downloads
rm "$tree/etc/apt/apt.conf.d/70more" "$tree/usr/bin/unattended-upgrade"
finds "without its program nothing installs" automatic-updates=downloads
file etc/apt/apt.conf.d/70more 'APT::Periodic::Enable "0";\n'
finds "all disabled" automatic-updates=off
rm "$tree/etc/apt/apt.conf.d/70more"
units apt-daily-upgrade.timer=disabled
finds "the timer disabled" automatic-updates=off
rm "$tree/usr/bin/systemctl"
finds "nothing that runs them is known" automatic-updates=unknown
file etc/cron.daily/apt-compat
finds "cron runs them" automatic-updates=downloads
rm "$tree"/etc/apt/apt.conf.d/*
finds "never configured" automatic-updates=never-configured

only apt
for ignored in 99more.bak 99more.dpkg-old 99more.conf.save 99more~ "99 more"; do
    file "etc/apt/apt.conf.d/$ignored" 'APT::Periodic::Enable "0";\n'
done
finds "files that apt ignores" automatic-updates=installs
for read in 99more 99more.conf; do
    file etc/apt/apt.conf.d/$read '// APT { Periodic {\n# none\napt::periodic::enable "0";\n'
    finds "a file that apt reads: $read" automatic-updates=off
    rm "$tree/etc/apt/apt.conf.d/$read"
done
file etc/apt/apt.conf.d/99more 'Unattended-Upgrade::Origins-Pattern {\n\t"origin=Debian"; // APT\n};\n'
finds "another file in braces" automatic-updates=installs
for form in 'APT {\n  Periodic {\n    Enable "0";\n  };\n};' 'APT::Periodic { Enable "0"; };' 'Other {\nAPT::Periodic::Enable "1";\n};' \
    '/*\nAPT::Periodic::Enable "1";\n*/' 'APT::Periodic::Enable "1"; APT::Periodic::Enable "0";' '#clear APT::Periodic;' '#include "/more";'; do
    file etc/apt/apt.conf.d/99more "$form\n"
    finds "a form that only apt reads: $form" automatic-updates=unknown
done
tool usr/bin/apt-config 'cat <<END
APT "";
APT::Periodic "";
APT::Periodic::Update-Package-Lists "1";
APT::periodic::unattended-upgrade "1";
END'
finds "what apt-config says of them" automatic-updates=installs "automatic-updates.found=apt-config dump: APT::Periodic::Unattended-Upgrade is 1"
tool usr/bin/apt-config 'echo "APT::Architecture \"amd64\";"'
finds "apt-config without APT::Periodic" automatic-updates=never-configured
tool usr/bin/apt-config 'exit 100'
finds "apt-config that fails" automatic-updates=unknown

only apt
apt ':'
finds "no updates" security-updates=none security-updates.unspecified=0
file run/reboot-required
finds "a restart is due" security-updates=restart !security-updates.unspecified
apt ':' Debian:/stable Backsecurity:/securities
finds "updates without a security archive" security-updates=unknown "security-updates.found=no security archive is configured, or it was never read"
apt ':' Ubuntu:/noble Ubuntu:/noble-security
finds "the security archive of Ubuntu" security-updates=restart
rm "$tree/run/reboot-required"
finds "of which no update is missing" security-updates=none
tool usr/bin/apt-get '[ $1 = -s ]'
finds "apt-get that cannot say its archives" security-updates=unknown
tool usr/bin/apt-get 'exit 100'
finds "apt-get that fails" security-updates=unknown !security-updates.unspecified
apt 'exec yes'
finds "apt-get that never ends" security-updates=unknown
only apt
rm "$tree/var/lib/apt/periodic/update-success-stamp"
finds "a list that was never read" security-updates=unknown security-updates.since-scan=unknown
file var/lib/apt/lists/deb.example_InRelease
aged var/lib/apt/lists/deb.example_InRelease 9000
finds "lists without a stamp" security-updates=missing
check "are as old as the archive" grep -qE '^security-updates.since-scan=90[0-9]{2}$' "$work/out"

# --- Fedora

fedora
finds "Fedora: firewalld, ClamAV, dnf-automatic, dnf" firewall=on firewall.1.name=firewalld antivirus=on antivirus.1.up-to-date=yes \
    automatic-updates=installs automatic-updates.name=dnf-automatic security-updates=missing security-updates.name=dnf \
    security-updates.critical=1 security-updates.important=0 security-updates.moderate=1 security-updates.unspecified=1
check "and the last scan's age" grep -qE '^security-updates.since-scan=72[0-9]{2}$' "$work/out"
tool usr/bin/dnf 'cat <<END
Name          Type     Severity  Package             Issued
FEDORA-2026-4 security Important openssl-3-1.x86_64  2026-01-02 00:00:00
FEDORA-2026-5 bugfix   None      bash-5-1.x86_64     2026-01-02 00:00:00
END'
finds "dnf 5" security-updates.important=1 security-updates.unspecified=0
tool usr/bin/dnf 'echo "FEDORA-2026-6 Horrible/Sec. x"'
finds "a severity that is unknown" security-updates=unknown
tool usr/bin/dnf ':'
finds "no updates" security-updates=none
tool usr/bin/dnf 'exit 1'
finds "dnf without a cache" security-updates=unknown
file etc/firewalld/firewalld.conf 'DefaultZone=trusted\n'
finds "firewalld that trusts all" firewall=off
units firewalld.service=inactive
finds "firewalld that does not run" firewall=off antivirus=off
for owner in 0 1000; do
    process 78 firewalld $owner
    finds "which a process of that name of user $owner cannot refute" firewall=off
done
units
finds "without systemd, a process of another user is no firewalld" firewall=unknown
process 78 firewalld
file etc/firewalld/firewalld.conf 'DefaultZone=public\n'
finds "but one of root is" firewall=on
file etc/dnf/automatic.conf 'apply_updates = no\n'
finds "dnf-automatic downloads" automatic-updates=downloads
file etc/dnf/automatic.conf 'download_updates = no\n'
finds "dnf-automatic looks" automatic-updates=checks
rm "$tree/etc/systemd/system/timers.target.wants/dnf-automatic.timer"
finds "dnf-automatic without a timer" automatic-updates=off
file etc/sysconfig/packagekit-background 'ENABLED=yes\nCHECK_ONLY=no\n'
finds "PackageKit installs" automatic-updates=installs automatic-updates.name=PackageKit
file etc/sysconfig/packagekit-background 'ENABLED=yes\nCHECK_ONLY=yes\n'
finds "PackageKit looks" automatic-updates=checks

# --- --cache: apt takes seconds to work out what is missing

only apt
export HOME=$work/home
mkdir -p "$HOME"
options=--cache
finds "with --cache apt is asked" security-updates=missing security-updates.unspecified=1
cp -p "$tree/usr/bin/apt-get" "$work/apt-get"
apt 'exit 1'
finds "and then not again" security-updates=missing security-updates.name=apt security-updates.unspecified=1 \
    "security-updates.found=apt-get -s dist-upgrade: 1 of a security archive"
check "nobody else may read or write what is kept" test "$(stat -c %a "$HOME/.cache/wine-nap/host-health")" = 600
check "and nothing else is left" test "$(ls "$HOME/.cache/wine-nap")" = host-health
find "$tree/etc" "$tree/var" -exec touch -h -d "3 hours ago" {} +
touch -d "50 minutes ago" "$HOME/.cache/wine-nap/host-health"
finds "nor within an hour" security-updates=missing
touch -d "2 hours ago" "$HOME/.cache/wine-nap/host-health"
finds "but then" security-updates=unknown
touch -d "2 hours" "$HOME/.cache/wine-nap/host-health"
finds "what was kept by a clock that was ahead is not believed" security-updates=unknown
touch "$HOME/.cache/wine-nap/host-health"
sed -i "1s/\$/x/" "$HOME/.cache/wine-nap/host-health" && touch "$HOME/.cache/wine-nap/host-health"
finds "nor what another host, or another --root, has kept" security-updates=unknown
for changed in etc/apt/sources.list var/lib/dpkg/status var/lib/apt/lists/Release; do
    cp -p "$work/apt-get" "$tree/usr/bin"
    finds "apt is asked again" security-updates=missing
    file $changed
    apt 'exit 1'
    finds "because $changed has changed" security-updates=unknown
done
cp -p "$work/apt-get" "$tree/usr/bin"
finds "and again" security-updates=missing
apt :
file run/reboot-required
finds "and if a restart is due" security-updates=restart
rm -r "$HOME/.cache" && : >"$HOME/.cache"
finds "where nothing can be kept" security-updates=restart
options=""

# --- nothing, and bad input

tree nothing
finds "an empty tree: nothing is healthy" firewall=none antivirus=none antispyware=none automatic-updates=unknown security-updates=unknown
debian 12
file etc/ufw/ufw.conf 'ENABLED=yes\n'
file etc/default/ufw 'DEFAULT_INPUT_POLICY="DROP"\n'
file etc/apt/apt.conf.d/99bad '\0001\0377APT::Periodic::Unattended-Upgrade "1\033[31m";\n'
file etc/firewalld/firewalld.conf 'DefaultZone=a\033[31mb\n'
tool usr/sbin/firewalld
process 78 firewalld
finds "control characters are not passed on" "firewall.2.found=firewalld runs, the default zone is a?[31mb"
check "every line is KEY=VALUE" eval '! grep -vE "^[a-z0-9.-]+=[ -~]*$" "$work/out"'
for wrong in "--root" "--root $work/nowhere" "--max-signature-age" "--max-signature-age x" "--no-such-option" "more"; do
    check "host-health $wrong is wrong usage" eval '"$script" $wrong >"$work/out" 2>"$work/err"; [ $? = 2 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" = 1 ]'
done
"$script" >"$work/out" 2>"$work/err"
check "on this machine" eval '[ $? = 0 ] && [ ! -s "$work/err" ] && for key in firewall antivirus antispyware automatic-updates security-updates; do grep -q "^$key=" "$work/out" || exit 1; done'
