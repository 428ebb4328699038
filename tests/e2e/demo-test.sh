#!/bin/bash
# The demo succeeds, and each link that can be broken is noticed when it is.
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

check "the demo's exit code is 0" demo whole
check "it decodes the machine's name" says whole "MS-MachineName"
check "the healthy machine is not restricted" says whole "show state --json: not restricted"
check "the second is restricted" says whole "show state --json: restricted access"
check "its remediation URL is told" says whole "http://fix.example/wine-nap"
check "the third is in probation" says whole "show state --json: in probation"

breaks() { # LINK TEXT
    ! demo "broken-$1" --break "$1" && says "broken-$1" "$2" && says "broken-$1" "the enforcement client failed"
}
# RPC_E_DISCONNECTED, NAP_E_INVALID_PACKET, NAP_E_NOT_REGISTERED
check "a stopped agent is noticed" breaks agent "ProcessSoHResponse           0x80010108"
check "a spoilt response is noticed" breaks response "ProcessSoHResponse           0x80270001"
check "a missing registration is noticed" breaks registration "Initialize                   0x80270006"
