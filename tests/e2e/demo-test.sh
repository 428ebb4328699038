#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The demo succeeds, and it notices each broken link.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
work_dir

demo() { # LOG ARGUMENTS...
    local log=$work/$1
    shift
    "$root/tools/demo.sh" "$@" >"$log" 2>&1
}

says() { # LOG TEXT
    grep -qF -- "$2" "$work/$1" || { cat "$work/$1"; return 1; }
}

# The states of the system, in their order.
states() {
    sed -n 's/^system *| napctl show state: \([^,]*\)$/\1/p' "$work/whole" | paste -sd, >"$work/states"
    says states "not restricted,restricted access,not restricted,in probation"
}
progress() {
    sed -n 's/^system *| .*remediation, \([0-9]*\) %$/\1/p' "$work/whole" >"$work/progress"
    sort -cnu "$work/progress" && [ "$(tail -n 1 "$work/progress")" = 100 ]
}

check "the demo's exit code is 0" demo whole
check "it decodes the machine's name" says whole "MS-MachineName"
check "it decodes what the health agent reports" says whole "SoH of 0x00abcd01"
check "the machine is unrestricted, restricted, unrestricted and on probation" states
check "the remediation URL is shown" says whole "http://fix.example/wine-nap"
check "the health agent gets the result for its machine" says whole "the server says              0x80004005"
check "the remediation climbs to 100 %" progress

breaks() { # LINK TEXT
    ! demo "broken-$1" --break "$1" && says "broken-$1" "$2" && says "broken-$1" "the enforcement client failed"
}
# RPC_E_DISCONNECTED, NAP_E_INVALID_PACKET, NAP_E_NOT_REGISTERED
check "a stopped agent is noticed" breaks agent "ProcessSoHResponse           0x80010108"
check "a truncated response is noticed" breaks response "ProcessSoHResponse           0x80270001"
check "a missing registration is noticed" breaks registration "Initialize                   0x80270006"
check "a health agent that dies is noticed" eval '! demo broken-agent-died --break health-agent && says broken-agent-died "the health agent has ended, with the remediation at"'
