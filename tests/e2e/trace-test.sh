#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# With NAP_LOG_LEVEL=trace a program's log has all its calls of NAP, with arguments and results
# (libs/log/trace.h).
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
own_prefix
"$root/tools/setup.sh" install >/dev/null || exit 1
wine_env || exit 1
work_dir
export WINEDEBUG=${WINEDEBUG--all}
id=$((0x00abcd42))

napctl() { run_in_wine 60 napctl.exe "$@" </dev/null; }
path_of() { echo "Z:${1//\//\\}"; }
traced() { grep -qE -- "Z trace qagent\[[0-9]+\] - $1" "$work/trace" || { grep ' trace ' "$work/trace"; return 1; }; }
# Each line of a call is followed, later, by one line "returned" of the same function.
each_call_has_its_result() {
    awk '$2 == "trace" && $3 ~ /^qagent/ { name = $5; if ($6 == "returned") results[name]++; else calls[name]++ }
        END { for (n in calls) { total++; if (calls[n] != results[n]) { print n, calls[n], results[n]; bad = 1 } } exit bad || total < 10 }' "$work/trace"
}

trace() { # BITS
    local client=$root/build/win$1/examples/enforcement-client/enforcement-client.exe pid
    rm -f "$work"/{request,response,answer,trace}
    run_in_wine 60 "$client" register $id "Trace test" </dev/null >/dev/null 2>&1
    napctl enforcement enable $id >/dev/null
    mkfifo "$work/input"
    NAP_LOG_LEVEL=trace NAP_LOG_FILE=$(path_of "$work/trace") run_in_wine 60 "$client" exchange $id \
        "$(path_of "$work/request")" "$(path_of "$work/response")" <"$work/input" >"$work/client" 2>&1 &
    pid=$!
    exec 3>"$work/input"
    within 10 test -f "$work/request"
    napctl validate --policy "$(path_of "$root/examples/demo/restricted.policy")" \
        --request "$(path_of "$work/request")" --response "$(path_of "$work/answer")" >/dev/null
    mv "$work/answer" "$work/response"
    within 10 grep -q "Enter takes it down" "$work/client"
    echo >&3
    exec 3>&-
    rm "$work/input"
    wait $pid
    check "$1-bit: the class, by its GUID" traced "DllGetClassObject: \(clsid \{9443B89B-6564-496A-B19C-6C"
    check "$1-bit: Initialize, with the id" traced "binding_Initialize: \(.*id $id"
    check "$1-bit: and its result" traced "binding_Initialize: returned 0x0$"
    local method
    for method in binding_CreateConnection binding_GetSoHRequest connection_GetSoHRequest \
        connection_SetSoHResponse binding_ProcessSoHResponse connection_GetIsolationInfo \
        binding_NotifyConnectionStateDown binding_Uninitialize; do
        check "$1-bit: $method, with the object" traced "$method: \([a-z]+ [0-9A-Fa-fx]+[,)]"
        check "$1-bit: $method returns" traced "$method: returned 0x0$"
    done
    check "$1-bit: each call has its result" each_call_has_its_result
}

trace 64
if [ -f "$WINEPREFIX/drive_c/windows/syswow64/kernel32.dll" ]; then
    trace 32
fi
