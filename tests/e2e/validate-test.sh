#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# napctl decode and validate, as the administrator of a policy server uses them.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
installed_prefix
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all}

napctl() { run_in_wine 60 napctl.exe "$@" 2>"$work/stderr" | tee "$work/stdout.raw" | tr -d '\r' >"$work/stdout"; return "${PIPESTATUS[0]}"; }
path_of() { echo "Z:${1//\//\\}"; }
# exits NAME CODE ARGUMENTS... <input
exits() {
    local name=$1 code=$2 got
    shift 2
    napctl "$@"
    got=$?
    tr -d '\r' <"$work/stderr" >"$work/said"
    [ $got = "$code" ] && ok "$name" || { cat "$work/said"; not_ok "$name" "exit code $got, not $code"; }
}
says() { # NAME FILE TEXT
    grep -qF -- "$3" "$work/$2" && ok "$1" || { cat "$work/$2"; not_ok "$1" "'$3' is not in $2"; }
}
samples=$root/tests/e2e/samples
policy() { path_of "$root/examples/$1.policy"; }

# A request written from the format's tables, not by an agent.
# outer type 7 and length 60, SMI code, inner type 1 and length 52
printf '\x00\x07\x00\x3c\x00\x00\x01\x37\x00\x01\x00\x34' >"$work/request"
# System-Health-Id of the system
printf '\x00\x02\x00\x04\x00\x01\x37\x00' >>"$work/request"
# Vendor-Specific, 40 bytes: SMI code, Packet-Info 0x11, MachineName "PC1", CorrelationId
printf '\x00\x07\x00\x28\x00\x00\x01\x37\x03\x11\x05\x00\x04PC1\x00' >>"$work/request"
printf '\x06\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff\x00\x01\xcb\x3f\x7f\x7f\x7f\x7f\x7f' >>"$work/request"
# There is no Machine-Inventory-Ex: it is optional.
size=$(stat -c %s "$work/request")
printf '\x00\x07%b' "$(printf '\\x%02x\\x%02x' $(((size - 4) >> 8)) $(((size - 4) & 255)))" | dd of="$work/request" conv=notrunc status=none
printf '%b' "$(printf '\\x%02x\\x%02x' $(((size - 12) >> 8)) $(((size - 12) & 255)))" | dd of="$work/request" bs=1 seek=10 conv=notrunc status=none
printf '%b' "$(printf '\\x%02x\\x%02x' $(((size - 24) >> 8)) $(((size - 24) & 255)))" | dd of="$work/request" bs=1 seek=22 conv=notrunc status=none
request=$(path_of "$work/request")

exits "decode shows a request" 0 decode "$request"
says "with its machine name" stdout 'MS-MachineName: "PC1"'
exits "decode reads standard input" 0 decode - <"$work/request"
says "and shows the same" stdout 'MS-MachineName: "PC1"'
exits "decode shows a request of a Windows client" 0 decode "$(path_of "$samples/ssoh.bin")"
says "whose correlation id is in network order" stdout "MS-CorrelationId: {11223344-5566-4788-99AA-BBCCDDEEFF00} - 2010-08-18"
says "also where it has the time in hexadecimal" stdout " {11223344-5566-4788-99AA-BBCCDDEEFF00}-01CB3EB0E9D80000"
cp "$work/stdout" "$work/decoded"
for form in radius dump; do
    exits "decode reads $form.txt, the same in hexadecimal text" 0 decode "$(path_of "$samples/$form.txt")"
    check "and shows the same" cmp "$work/stdout" "$work/decoded"
done
exits "also from standard input" 0 decode - <"$samples/radius.txt"
check "and shows the same" cmp "$work/stdout" "$work/decoded"
head -c 90 "$samples/radius.txt" >"$work/short.txt"
exits "decode refuses hexadecimal text that is cut short" 1 decode "$(path_of "$work/short.txt")"
says "and says that it is such text" said "short.txt is hexadecimal text of 44 bytes, but not a statement of health: "
head -c 30 "$work/request" >"$work/short"
exits "decode refuses what is cut short" 1 decode "$(path_of "$work/short")"
says "with the rule and the byte" said "at byte"
exits "decode of a missing file" 1 decode "$(path_of "$work/nothing")"
says "names the file" said "nothing"
exits "decode without a file is wrong usage" 2 decode

# What Windows' own health agent reports, and its validator answers.
seeds=$root/tests/fuzz/corpus/soh
json_is() { # NAME PYTHON: the JSON on standard output matches its schema, and the expression is true for it
    cp "$work/stdout" "$work/json"
    check "$1" /usr/bin/python3 -c "import json, sys; d = json.load(open(sys.argv[1])); assert $2, d" "$work/json"
    check "and it matches its schema" /usr/bin/python3 "$root/tests/e2e/schemas.py" check decode "$work/json"
}
exits "decode shows what Windows' health agent reports" 0 decode "$(path_of "$seeds/windows_request")"
says "each product" stdout '      "A1": off, out of date (0x00000000)'
says "what is not there" stdout "    antispyware: not installed (0xc0ff0002 E_MSSHAV_PRODUCT_NOT_INSTALLED)"
says "and updates" stdout "    security updates: some are missing (0x00ff0006 S_MSSHA_MISSING_UPDATES)"
check "in words only" eval '! grep -q Health-Class "$work/stdout"'
exits "also as JSON" 0 decode "$(path_of "$seeds/windows_request")" --json
json_is "which has the products" "[(p['name'], p['enabled'], p['snoozed']) for p in d['entries'][0]['statement']['antivirus']['products']] == [('A1', False, False), ('B\u20ac', True, True)] and d['entries'][0]['statement']['scan']['secondsAgo'] == 3600 and d['kind'] == 'request' and d['system']['machineName'] == 'pc2'"
exits "decode shows what its validator answers" 0 decode "$(path_of "$seeds/windows_response")"
says "each class" stdout "    firewall: compliant (0x00000000 S_OK)"
exits "also as JSON" 0 decode "$(path_of "$seeds/windows_response")" --json
json_is "which has the codes" "d['entries'][0]['verdict']['antivirus']['signatures']['name'] == 'E_MSSHV_THIRD_PARTY_PRODUCT_NOT_UPTODATE' and d['entries'][0]['verdict']['securityUpdates']['requiredSeverity'] == 'important' and d['system']['quarantine']['state'] == 'restricted access'"
at=$(grep -obUaP "\x00\x08\x00\x01\x03" "$seeds/windows_request" | cut -d: -f1)
cp "$seeds/windows_request" "$work/disordered"
printf '\x09' | dd of="$work/disordered" bs=1 seek=$((at + 4)) conv=notrunc status=none
exits "a malformed report is shown" 0 decode "$(path_of "$work/disordered")"
says "with the rule that it breaks" stdout "    not as [MS-WSH] says: the classes are firewall, antivirus,"
says "and attribute by attribute" stdout "    Health-Class: 9"
exits "as JSON" 0 decode "$(path_of "$work/disordered")" --json
json_is "it is only attributes" "d['entries'][0]['statement'] is None and len(d['entries'][0]['attributes']) == 19"
exits "hexadecimal text becomes JSON too" 0 decode "$(path_of "$samples/radius.txt")" --json
json_is "of the same" "d['system']['machineName'] == 'HOST' and d['entries'] == []"

exits "validate writes a response" 0 validate --policy "$(policy policies/antivirus)" --request "$request" \
    --response "$(path_of "$work/response")"
says "and says what it found" said "not compliant: restricted access"
exits "the response decodes" 0 decode "$(path_of "$work/response")"
says "as a response" stdout "SSoHR (response)"
says "that is restricted" stdout "restricted"
says "with the request's correlation id" stdout "{11223344-5566-7788-99AA-BBCCDDEEFF00}"
says "with the remediation URL" stdout "http://fix.example/antivirus"
says "with the health agent's fix-up servers" stdout "192.0.2.10"
exits "validate is a filter" 0 validate --policy "$(policy demo/healthy)" <"$work/request"
cp "$work/stdout.raw" "$work/filtered"
exits "whose output decodes" 0 decode "$(path_of "$work/filtered")"
says "and is not restricted" stdout "not restricted"

exits "validate judges by the health of Windows" 0 validate --policy "$(policy policies/windows-health)" \
    --request "$(path_of "$seeds/windows_request")" --response "$(path_of "$work/health")"
says "and says what is wrong" said "health agent 79744: antispyware: not installed; security updates: required updates are missing"
exits "the response decodes" 0 decode "$(path_of "$work/health")"
says "in the validator's words" stdout "    security updates: required updates are missing, or not looked for (0xc0ff0007 E_MSSHV_SYNC_AND_INSTALL_UPDATES)"
says "with the fix-up servers" stdout "    fix-up server: 192.0.2.10"

# In a carrier TLV, as PEAP and RADIUS have it.
{ printf '\x00\x07%b\x00\x00\x01\x37\x00\x01%b' "$(printf '\\x%02x\\x%02x' $(((size + 8) >> 8)) $(((size + 8) & 255)))" \
    "$(printf '\\x%02x\\x%02x' $((size >> 8)) $((size & 255)))"; cat "$work/request"; } >"$work/carried"
exits "a request in a carrier TLV is answered" 0 validate --policy "$(policy demo/healthy)" \
    --request "$(path_of "$work/carried")" --response "$(path_of "$work/carried-response")"
check "in a carrier TLV" test "$(od -An -tx1 -N10 "$work/carried-response" | tr -d ' ' | sed 's/^0007....//')" = 000001370003

printf 'policy 1\nagent 0x00abcd01\n    fixup-server 300.1.1.1\nnoncompliant\n    state restricted\n' >"$work/bad.policy"
exits "an unreadable policy" 1 validate --policy "$(path_of "$work/bad.policy")" --request "$request"
says "names file and line" said "bad.policy:3:"
says "and the rule" said "IPv4"
exits "a missing policy" 1 validate --policy "$(path_of "$work/none.policy")" --request "$request"
exits "validate of what is no request" 1 validate --policy "$(policy demo/healthy)" --request "$(path_of "$work/short")"
exits "validate without a policy is wrong usage" 2 validate --request "$request"
