#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# check-trace: every entry point is traced, and check-trace finds every kind of fault.
. "$(dirname "$0")/../lib.sh"

check "every entry point is traced" "$root/tools/check-trace"

work_dir
copy() { rm -rf "$work/tree"; mkdir -p "$work/tree/libs" "$work/tree/tools"; cp -r "$root/dlls" "$work/tree"; cp -r "$root/libs/comclass" "$work/tree/libs"; cp -r "$root/tools/exports" "$work/tree/tools"; }
# check-trace fails, with PATTERN in the message, on a tree whose FILE was changed by sed SCRIPT.
refused() { # NAME FILE SCRIPT PATTERN
    copy
    sed -i -E "$3" "$work/tree/$2"
    if ! cmp -s "$work/tree/$2" "$root/$2" && ! "$root/tools/check-trace" "$work/tree" >"$work/out" 2>&1 &&
        grep -qE -- "$4" "$work/out"; then
        ok "$1"
    else
        cat "$work/out"
        not_ok "$1" "check-trace finds no such fault"
    fi
}

copy
check "the copy passes" "$root/tools/check-trace" "$work/tree"
refused "an export without a trace" dlls/qutil/notifier.c '/TRACE_CALL/d' "InitializeNapAgentNotifier does not begin"
refused "a method without a trace" dlls/qagent/connection.c '0,/TRACE_CALL/s/TRACE_CALL\(/trace(/' "does not begin with TRACE_CALL"
refused "a class factory without a trace" libs/comclass/comclass.c '/TRACE_CALL/d' "factory_QueryInterface"
refused "a result without a trace" dlls/qagent/connection.c '0,/TRACED\(S_OK\)/s//S_OK/' "returns something that is not TRACED"
refused "a result that a macro hides" dlls/rasapi32/dial_params.c 's/return TRACED\(get_dial_params\((.*)\)\);/GET_DIAL_PARAMS(\1);/' "returns nothing that is TRACED"
refused "a password in a trace" dlls/mprapi/config.c 's/TRACE_WIDE\(server\)/TRACE_WIDE(password)/' "names a secret"
refused "an export without a function" tools/exports/qutil.txt '$aNewFunction 4 - -' "NewFunction is implemented"
