#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# rasdial.exe: syntax, output and exit codes are Windows'. The dialer is the stand-in of
# tests/conformance/ras_dialing.c, for which the phone number says what it does.
# Takes up to 300 s.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
prefix_of_its_own
work_dir
path_of() { echo "Z:${1//\//\\}"; }
export WINEDEBUG=-all

cat >"$work/book.pbk" <<'END'
[Office VPN]
Type=2

MEDIA=rastapi
Device=WAN Miniport (PPTP)

DEVICE=vpn
PhoneNumber=connect

[Other]
Type=1

MEDIA=serial
Device=Modem

DEVICE=modem
PhoneNumber=connect
END
book=/phonebook:$(path_of "$work/book.pbk")
run_in_wine 60 reg add 'HKLM\System\CurrentControlSet\Services\napagent\Parameters' \
    /v Dialer /d "$root/tests/conformance/test-dialer" /f </dev/null >/dev/null 2>&1 || exit 1

# Compares what it prints, and its exit code, of which only cmd.exe passes on all bits.
says() { # LINE... -- ARGUMENT...
    local expected=()
    while [ "$1" != -- ]; do expected+=("$1"); shift; done
    shift
    run_in_wine 60 cmd.exe /v:on /c rasdial.exe "$@" '&' echo exit '!errorlevel!' <"${input:-/dev/null}" 2>/dev/null |
        tr -d '\r' | sed 's/ *$//' | grep . >"$work/said"
    printf '%s\n' "${expected[@]}" | diff - "$work/said"
}
fine=('Command completed successfully.' 'exit 0')
connecting=('Verifying username and password...' 'Registering your computer on the network...')

check "no connections" says 'No connections' "${fine[@]}" --
check "an entry is connected" says 'Connecting to Office VPN...' "${connecting[@]}" \
    'Successfully connected to Office VPN.' "${fine[@]}" -- 'Office VPN' "$book"
check "an entry that is connected" says 'You are already connected to office vpn.' "${fine[@]}" -- 'office vpn' "$book"
check "user, password, domain and number are the dialer's" says 'Connecting to Other...' "${connecting[@]}" \
    'Successfully connected to Other.' "${fine[@]}" -- Other ann secret /DOMAIN:CORP /Phone:check /callback:1 /PREFIXSUFFIX "$book"
check "connections are listed" eval 'says "Connected to" "Office VPN" Other "${fine[@]}" -- ||
    says "Connected to" Other "Office VPN" "${fine[@]}" --'
check "one is ended" says "${fine[@]}" -- 'OFFICE vpn' /DISCONNECT
check "the other stays" says 'Connected to' Other "${fine[@]}" --
check "one that is not connected" says 'You are not connected to Office VPN.' "${fine[@]}" -- 'Office VPN' /disconnect
check "all are ended" says "${fine[@]}" -- /disconnect
check "there is nothing to end" says 'No connections' "${fine[@]}" -- /disconnect

# In the program's words: the number, and the code.
fails() { # ERROR ARGUMENT...
    says "Connecting to $2..." '' -- "${@:2}" >/dev/null
    grep -q "^Remote Access error $1 - [A-Z]" "$work/said" && grep -qx "exit $1" "$work/said" &&
        ! grep -q "completed\|Successfully" "$work/said" || { cat "$work/said"; return 1; }
}
check "a refused password is error 691" fails 691 Other ann wrong /phone:refuse "$book"
check "and says what was tried" grep -qx 'Verifying username and password...' "$work/said"
check "an unknown entry is error 623" fails 623 Nobody "$book"
check "a missing phone book is error 621" fails 621 Other '/phonebook:C:\no\such.pbk'
check "nothing stays connected" says 'No connections' "${fine[@]}" --

# A password from standard input.
printf 'secret\n' >"$work/password"
input=$work/password
check "an asterisk asks for the password" says 'Enter the password for ann:' 'Connecting to Other...' "${connecting[@]}" \
    'Successfully connected to Other.' "${fine[@]}" -- Other ann '*' /domain:CORP /phone:check "$book"
unset input
check "which is ended again" says "${fine[@]}" -- Other /disconnect

usage() { # ARGUMENT...
    says '' -- "$@" >/dev/null
    grep -q '^USAGE:' "$work/said" && grep -qx 'exit 1' "$work/said" || { cat "$work/said"; return 1; }
}
check "/? is the usage" usage '/?'
check "an unknown option too" usage Other /no
check "an option without an entry" usage /phone:1
check "a fourth word" usage Other a b c
check "/disconnect with another option" usage Other /disconnect /phone:1
check "a name that is too long" usage "$(printf 'x%.0s' {1..300})"

if ! skip_32bit rasdial; then
    check "the 32-bit program lists" eval 'run_in_wine 60 "$root/build/win32/programs/rasdial/rasdial.exe" </dev/null 2>/dev/null | grep -q "^No connections"'
fi
