#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# durable.sh short|long: the wineserver is killed 4 or 67 times, and the agent 2 or 33 times, at
# random moments while administrators make changes; then the journal's disk is full.
# DURABLE_SEED=N repeats a run's choices.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# As for kills.sh: 32-bit programs take part in the long form only.
case $1 in long) kills=100 other=$(other_target) ;; *) kills=6 other=win64 ;; esac
prefix_of_its_own
unset NAP_CONTRACT_RECORD
work_dir
RANDOM=${DURABLE_SEED:-$(($(date +%s) % 32768))}
echo "DURABLE_SEED=${DURABLE_SEED:-$RANDOM}"

program() { echo "$root/build/$1/tests/soak/$2.exe"; }
record=Z:${work//\//\\}\\record

# The folder of this prefix's wineserver is named by the prefix's device and inode.
wineserver_pid() {
    local folder pid
    folder=$(stat -c '%d %i' "$WINEPREFIX" | { read -r device inode; printf 'server-%x-%x' "$device" "$inode"; })
    for pid in $(pgrep -u "$(id -u)" wineserver); do
        [[ $(readlink "/proc/$pid/cwd") != */"$folder" ]] || echo "$pid"
    done
}

# Starts the administrators and waits until their changes begin.
begin_load() { # TARGET MS
    local tries
    # Wine sometimes never begins a program, which then ends without a word.
    for ((starts = 0; starts < 3; starts++)); do
        : >"$work/out" # the last load's "ready" is not this one's
        timeout 200 "$WINE" "$(program "$1" soak-durable)" "$record" $RANDOM "$2" </dev/null >"$work/out" 2>/dev/null &
        load=$!
        for ((tries = 0; tries < 1200; tries++)); do
            ! grep -q '^ready' "$work/out" || return 0
            kill -0 $load 2>/dev/null || break
            sleep 0.1
        done
        ! [ -s "$work/out" ] && [ $tries -lt 1200 ] || return 1
        echo "a program of round $round was never begun"
    done
    return 1
}

# A killed wineserver leaves the services of the prefix behind, waiting for ever.
end_orphans() {
    local pid
    for pid in $(pgrep -u "$(id -u)" -f '^C:.windows.system32'); do
        tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -qxF "WINEPREFIX=$WINEPREFIX" && kill -9 "$pid"
    done
}

report_load() { tr -d '\r' <"$work/out" | grep -v '^ready' | sed 's/^not ok [^:]*: /    /'; }

servers=0 agents=0 whole=0 told=0
for ((round = 0; round < kills; round++)); do
    target=win64
    [ $((round % 2)) = 0 ] || target=$other
    # Every third kill is of the agent.
    if [ $((round % 3)) = 2 ]; then
        agents=$((agents + 1))
        begin_load $target $((50 + RANDOM % 1000)) && wait $load && whole=$((whole + 1)) || report_load
        # Every other time the wineserver ends in order and so writes the registry, as it does every 30 s.
        [ $((round % 6)) = 2 ] || { timeout 60 "$WINESERVER" -k; timeout 60 "$WINESERVER" -w; }
        continue
    fi
    servers=$((servers + 1))
    if begin_load $target 0; then
        sleep "$((RANDOM % 2)).$((RANDOM % 900 + 100))"
        pid=$(wineserver_pid)
        [ -n "$pid" ] && kill -9 $pid || { not_ok "the wineserver is found" "'$pid'"; break; }
        # Kill the whole program: a thread that ended with the wineserver may hold a lock that the
        # others wait for.
        pkill -9 -P $load
        wait $load 2>/dev/null
        timeout 60 "$WINESERVER" -w
        end_orphans
        grep -q '^lost\|^not ok' "$work/out" && report_load || whole=$((whole + 1))
    else
        report_load
    fi
done
# Check the state after the last kill.
begin_load win64 100 && wait $load && whole=$((whole + 1)) || report_load

changes=$(grep -c acknowledged "$work/record")
echo "wineserver killed $servers times, agent $((agents + 1)) times: $changes acknowledged changes read back"
[ $whole = $((kills + 1)) ] && ok "no acknowledged change is missing or incomplete" ||
    not_ok "no acknowledged change is missing or incomplete" "$whole of $((kills + 1)) times"
[ "$changes" -gt $((kills * 10)) ] && ok "there was enough load" || not_ok "there was enough load" "$changes changes"
log=$(find "$WINEPREFIX/drive_c/windows" -maxdepth 2 -iname 'napagent.log*')
! grep -h ' error .*journal' $log | head -n 5 | grep . >&2 && ok "no journal was damaged" ||
    not_ok "no journal was damaged" "the log has errors"
echo "$(grep -ch 'older than the journal' $log | awk '{ n += $1 } END { print n }') times the registry was older than the journal"

# ---- a full disk, in a mount namespace that ends with its last process

full_disk() {
    local config=$WINEPREFIX/drive_c/windows/system32/config
    mkdir -p "$config"
    mount -t tmpfs -o size=256k tmpfs "$config" || exit 77
    timeout 250 "$WINE" "$(program win64 soak-full)" </dev/null
    code=$?
    timeout 60 "$WINESERVER" -k
    timeout 60 "$WINESERVER" -w
    exit $code
}
timeout 60 "$WINESERVER" -k
timeout 60 "$WINESERVER" -w
user=()
[ "$(id -u)" = 0 ] || user=(-U -r)
if unshare "${user[@]}" -m true 2>/dev/null; then
    export -f full_disk program
    export root WINE WINESERVER WINEPREFIX
    unshare "${user[@]}" -m bash -c full_disk
    case $? in 77) skip "full disk" "no file system can be mounted here" ;; esac
else
    skip "full disk" "no mount namespace can be made here"
fi
