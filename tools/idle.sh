# SPDX-License-Identifier: LGPL-2.1-or-later
# idle.sh: sourced by the scripts that measure an agent without requests.
#
#   agent_pid            prints the host's process id of $WINEPREFIX's agent
#   settle               waits until the agent has done nothing for 2 s, at most 2 minutes
#   watch_idle SECONDS   waits that long and sets, for the running agent, $wakeups (how often its
#                        threads woke) and $ticks (its processor time in clock ticks)

agent_pid() {
    local dir
    for dir in /proc/[0-9]*; do
        grep -qs 'napagent\.exe' "$dir/cmdline" &&
            tr '\0' '\n' 2>/dev/null <"$dir/environ" | grep -qxF "WINEPREFIX=$WINEPREFIX" &&
            echo "${dir#/proc/}" && return
    done
    return 1
}

_activity() { # PID
    awk '/^voluntary_ctxt_switches/ { n += $2 } END { print n + 0 }' /proc/"$1"/task/*/status
    awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"
}

watch_idle() { # SECONDS
    local pid switches before switches_after ticks_after
    pid=$(agent_pid) || { echo "${0##*/}: the agent does not run" >&2; return 1; }
    read -rd '' switches before < <(_activity "$pid")
    sleep "$1"
    read -rd '' switches_after ticks_after < <(_activity "$pid")
    [ "$switches" -gt 0 ] && [ "${switches_after:-0}" -gt 0 ] || {
        echo "${0##*/}: the idle agent cannot be measured" >&2
        return 1
    }
    wakeups=$((switches_after - switches)) ticks=$((ticks_after - before))
}

settle() {
    local i
    for ((i = 0; i < 60; i++)); do
        watch_idle 2 || return
        [ $wakeups != 0 ] || [ $ticks != 0 ] || return 0
    done
    echo "${0##*/}: the agent does not become idle" >&2
    return 1
}
