#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A real FreeRADIUS reads the statement of health that the agent made for an enforcement client, and
# reports the machine's data as the prefix has them.
#
# It is Debian's, unpacked into build/freeradius by tools/deps.sh test. During this test it runs from
# there on a high port of 127.0.0.1, with examples/freeradius/nap (changed only by start_radius). A
# RADIUS attribute holds an SSoH of at most 235 bytes; those used here fit.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
export FREERADIUS=$root/build/freeradius
if [ ! -x "$FREERADIUS/run" ]; then
    skip freeradius "no FreeRADIUS in build/freeradius; run tools/deps.sh test"
    exit
fi
work_dir
export RADIUS_WORK=$work
dictionary=$FREERADIUS/usr/share/freeradius
client=$root/build/win64/examples/enforcement-client/enforcement-client.exe
client_id=0x00abcd10
agent_id=0x00abcd21
radius_pid=""

windows() { run_in_wine 60 "$@" </dev/null 2>&1 | tr -d '\r'; return "${PIPESTATUS[0]}"; }
path_of() { echo "Z:${1//\//\\}"; }

# --- FreeRADIUS

end_radius() {
    [ -n "$radius_pid" ] || return
    kill "$radius_pid" 2>/dev/null
    wait "$radius_pid" 2>/dev/null
    radius_pid=""
}
trap 'end_radius; _tidy' EXIT

# Another program may have the port, so several are tried.
start_radius() {
    local tries
    cp "$root/tests/interop/radiusd.conf" "$work"
    for _ in 1 2 3 4 5; do
        port=$((20000 + RANDOM % 10000))
        # A condition after the decoder makes the log show the correlation id.
        sed -e "s/port = 18120/port = $port/" \
            -e 's/^        soh$/&\n        if ("%{hex:\&SoH-MS-Correlation-Id}" == "") {\n            noop\n        }/' \
            "$root/examples/freeradius/nap" >"$work/nap"
        "$FREERADIUS/run" freeradius -X -d "$work" -D "$dictionary" >"$work/log" 2>&1 </dev/null &
        radius_pid=$!
        for tries in $(seq 100); do
            grep -q "^Ready to process requests" "$work/log" && return
            kill -0 "$radius_pid" 2>/dev/null || break
            sleep 0.1
        done
        tail -n 5 "$work/log"
        end_radius
    done
    return 1
}

# Sends standard input, the output of access-request. FreeRADIUS's log of it goes to $work/said.
send() {
    local before
    before=$(wc -l <"$work/log")
    "$FREERADIUS/run" radclient -x -r 1 -t 10 -D "$dictionary" "127.0.0.1:$port" auth \
        replace-this-secret >"$work/answer" 2>&1
    tail -n "+$((before + 1))" "$work/log" >"$work/said"
    cat "$work/answer" "$work/said"
}
carry() { "$root/examples/freeradius/access-request" "$1" | send; }

# answer_is CODE [REPLY]: FreeRADIUS's answer was this. The next three first send the SSoH in a file.
answer_is() {
    grep -q "^Received Access-$1 " "$work/answer" &&
        { [ $# = 1 ] || grep -qxF "	Reply-Message = \"$2\"" "$work/answer"; }
}
accepts() { carry "$1" && answer_is Accept "$2"; }
rejects() { carry "$1"; answer_is Reject "$2"; }
refuses() { carry "$1"; answer_is Reject && ! grep -q Reply-Message "$work/answer" && says "$2"; }
says() { grep -F "soh: $1" "$work/said"; }

# --- the prefix

# Makes one exchange of an enforcement client; its SSoH goes to $work/NAME.
exchange() { # NAME
    local ssoh=$work/$1 pid tries
    rm -f "$work/response"
    "$WINE" "$client" exchange "$client_id" "$(path_of "$ssoh")" "$(path_of "$work/response")" \
        >"$work/client" 2>&1 </dev/null &
    pid=$!
    for tries in $(seq 300); do
        [ ! -f "$ssoh" ] && kill -0 $pid 2>/dev/null || break
        sleep 0.1
    done
    windows napctl.exe validate --policy "$(path_of "$root/examples/demo/restricted.policy")" \
        --request "$(path_of "$ssoh")" --response "$(path_of "$work/response.new")"
    mv "$work/response.new" "$work/response"
    wait $pid
    tr -d '\r' <"$work/client"
    [ -s "$ssoh" ] && grep -q "ProcessSoHResponse  *0x00000000" "$work/client"
}

value() { # KEY NAME: of the prefix's registry
    windows reg query "HKLM\\System\\CurrentControlSet\\$1" /v "$2" | sed -nE 's/^ .* REG_[A-Z]+ +//p'
}

# Prints the prefix's data in the form of the example's Reply-Message.
prefix_says() {
    local name domain pack processor role
    name=$(value 'Services\Tcpip\Parameters' Hostname)
    domain=$(value 'Services\Tcpip\Parameters' Domain)
    pack=$(value 'Control\Windows' CSDVersion)
    case $(value 'Control\Session Manager\Environment' PROCESSOR_ARCHITECTURE) in
        AMD64) processor=x86_64 ;;
        x86) processor=x86 ;;
    esac
    case $(value 'Control\ProductOptions' ProductType) in
        WinNT) role=client ;;
        LanmanNT) role=dc ;;
        ServerNT) role=server ;;
    esac
    echo "$name${domain:+.$domain}|$(windows cmd /c ver | sed -n 's/^Microsoft Windows //p')|$((pack >> 8)).$((pack & 255))|$processor|$role"
}

# --- SSoHs that are changed by hand, in hexadecimal

hex_of() { od -An -v -tx1 "$1" | tr -d ' \n'; }
file_from() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")" >"$2"; } # HEX FILE
body_of() { hex_of "$1" | cut -c 25-; } # all after the SoH header
packet() { # INNER-TYPE BODY FILE: a SoH header and the body
    local size=$((${#2} / 2))
    file_from "$(printf '0007%04x00000137%04x%04x%s' $((size + 8)) "$1" $size "$2")" "$3"
}

# The pairs of the body are MS-Packet-Info, MS-Machine-Inventory, MS-MachineName, MS-CorrelationId
# and others: the name's type is byte 37 of the body.
name_at=37

correlation_id() { # BODY
    local at=$((name_at + 3 + 16#${1:$(((name_at + 1) * 2)):4}))
    [ "${1:$((name_at * 2)):2}${1:$((at * 2)):2}" = 0506 ] && echo "${1:$(((at + 1) * 2)):48}"
}

# The same with a mode sub-header.
with_mode() { # FILE INTENT CONTENT-TYPE RESULT
    local body id
    body=$(body_of "$1")
    id=$(correlation_id "$body") && packet 2 "$(printf '0007001e00000137%s%02x%02x%s' "$id" "$2" "$3" "$body")" "$4"
}

# The same with an entry of Windows' own health agent: the antivirus (Health-Class 1) has this
# Health-Class-Status.
with_antivirus() { # FILE STATUS RESULT
    packet 1 "$(printf '%s00020004%08x0008000101000b0004%08x' "$(body_of "$1")" 0x13780 "$2")" "$3"
}

# The same with an unknown pair instead of MS-MachineName.
with_unknown_pair() { # FILE RESULT
    local body
    body=$(body_of "$1")
    packet 1 "${body:0:$((name_at * 2))}09${body:$(((name_at + 1) * 2))}" "$2"
}

# The same with another SMI code in the SoH header.
with_other_vendor() { # FILE RESULT
    packet 1 "$(body_of "$1")" "$2" && printf '\x38' | dd of="$2" bs=1 seek=7 conv=notrunc status=none
}

fits() { local size; size=$(stat -c %s "$1") && echo "$size bytes" && [ "$size" -le 235 ]; }
napctl_reads() { windows napctl.exe decode "$(path_of "$1")"; }
not() { ! "$@"; }

# The attribute in FreeRADIUS' log begins with the GUID's digits in the order of the string
# that the client got from GetStringCorrelationId.
says_correlation_id() {
    local digits
    digits=$(tr -d '\r' <"$work/client" | sed -nE 's/^ *correlation id +\{([^}]*)\}.*/\1/p' | tr -d - | tr A-F a-f)
    echo "the client: $digits"
    grep -A 1 "EXPAND %{hex:&SoH-MS-Correlation-Id}" "$work/said"
    [ ${#digits} = 32 ] && grep -E -- "--> $digits[0-9a-f]{16}$" "$work/said"
}

# --- the checks

check "docs/administration.md shows examples/freeradius/nap" cmp "$root/examples/freeradius/nap" \
    <(sed -n "/^# FreeRADIUS 3 as/,/^}/p" "$root/docs/administration.md")
check "FreeRADIUS runs with examples/freeradius/nap" start_radius
check "freeradius -C finds no fault in it" "$FREERADIUS/run" freeradius -C -X -d "$work" -D "$dictionary"
own_prefix
check "wine-nap is installed" "$root/tools/setup.sh" install --only-64-bit
check "an enforcement client is registered" windows "$client" register "$client_id" "Interop Test"
check "it is enabled" windows napctl.exe enforcement enable "$client_id"

check "the agent makes an SSoH" exchange plain
check "it fits into a RADIUS attribute" fits "$work/plain"
said=$(prefix_says)
echo "the prefix: $said"
check "FreeRADIUS reports the prefix's name, version, service pack, processor and role" \
    accepts "$work/plain" "$said"
check "its attribute has the digits of the client's string" says_correlation_id
check "it saw that there is no mode sub-header" says "SoH without mode subheader"
check "it saw the system's part and no entry" [ "$(grep -c System-Health-ID "$work/said")" = 1 ]

check "a health agent is registered" windows "$root/build/win64/tests/interop/register-agent.exe" "$agent_id"
check "the agent makes an SSoH with an entry for it" exchange agent
check "that fits too" fits "$work/agent"
check "FreeRADIUS reports the same machine" accepts "$work/agent" "$said"
# There is no attribute for the content of such an entry; only the debug output names it.
check "it saw the agent-made entry" says "SoH System-Health-ID vendor 0000abcd component=33"
check "it saw the entry's Failure-Category" says "SoH Unknown TLV 14 len=1"
check "it saw the entry's Error-Codes" says "SoH Unknown TLV 13 len=4"

check "the prefix becomes a server of another version" windows winecfg.exe -v win2008
check "the agent, which reads the machine's data when it starts, stops" windows net stop napagent
check "the agent makes an SSoH of the server" exchange server
server_said=$(prefix_says)
echo "the prefix: $server_said"
check "the prefix has other data now" [ "$server_said" != "$said" ]
check "FreeRADIUS reports them" accepts "$work/server" "$server_said"

for intent in 1 2; do
    with_mode "$work/agent" $intent 0 "$work/mode$intent"
    check "napctl reads an SSoH with mode sub-header of intent $intent" napctl_reads "$work/mode$intent"
    check "FreeRADIUS reads the same from it" accepts "$work/mode$intent" "$said"
    check "it saw the sub-header of intent $intent" not says "SoH without mode subheader"
    check "it saw the entry behind it" says "SoH System-Health-ID vendor 0000abcd component=33"
done

# [MS-WSH]: 1 enabled, 2 up to date, 4 Microsoft's; 0xC0FF0003 down.
with_antivirus "$work/plain" 7 "$work/guarded"
check "napctl reads an entry of Windows' health agent" napctl_reads "$work/guarded"
check "a machine with antivirus is accepted" accepts "$work/guarded" "$said"
with_antivirus "$work/plain" 0xc0ff0003 "$work/unguarded"
check "one whose antivirus is down is rejected" rejects "$work/unguarded" "the antivirus does not work"

with_other_vendor "$work/plain" "$work/vendor"
check "FreeRADIUS finds the other SMI code" refuses "$work/vendor" "SoH response outer type 7/vendor 00000138 not recognised"
check "napctl finds the other SMI code" not napctl_reads "$work/vendor"
packet 3 "$(body_of "$work/plain")" "$work/inner"
check "FreeRADIUS finds the wrong inner type" refuses "$work/inner" "SoH invalid inner type 3"
check "napctl finds the wrong inner type" not napctl_reads "$work/inner"
with_mode "$work/agent" 1 1 "$work/content"
check "FreeRADIUS finds the wrong content type" refuses "$work/content" "SoH radius VP found"
check "napctl finds the wrong content type" not napctl_reads "$work/content"
with_unknown_pair "$work/plain" "$work/pair"
check "FreeRADIUS stops at an unknown pair" rejects "$work/pair" "the statement of health does not name its machine"
check "napctl rejects the unknown pair" not napctl_reads "$work/pair"

# Without its first 12 bytes.
"$root/examples/freeradius/access-request" "$work/plain" | sed -E 's/(SOH = 0x).{24}/\1/' | send >"$work/output"
check "FreeRADIUS finds that there is no carrier TLV" answer_is Reject
check "it found another outer type" says "SoH response outer type 2/vendor"

incomplete="the statement of health is missing or truncated"
printf 'User-Name = "nap"\nMessage-Authenticator = 0x00\n' | send >"$work/output"
check "a request without a statement is rejected" answer_is Reject "$incomplete"
file_from "$(hex_of "$work/plain" | sed 's/.\{20\}$//')" "$work/cut"
check "a truncated one is rejected" rejects "$work/cut" "$incomplete"
packet 1 "$(body_of "$work/plain")$(printf '00020004%08x000a00c8%0400d' 0x00abcd22 0)" "$work/long"
check "napctl reads an SSoH that does not fit" napctl_reads "$work/long"
check "access-request rejects it" not "$root/examples/freeradius/access-request" "$work/long"
# radclient truncates it without a message.
sed 's/^most=.*/most=1000/' "$root/examples/freeradius/access-request" >"$work/careless"
bash "$work/careless" "$work/long" | send >"$work/output"
check "it is rejected if it is sent all the same" answer_is Reject "$incomplete"

check "FreeRADIUS still runs" kill -0 "$radius_pid"
