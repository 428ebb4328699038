# SPDX-License-Identifier: LGPL-2.1-or-later
# policy-radius.sh: sourced, after lib.sh, by what needs the unpacked FreeRADIUS with
# examples/freeradius/nap-policy and nap-validate. $work is the caller's folder.
export FREERADIUS=$root/build/freeradius RADIUS_WORK=$work
dictionary=$FREERADIUS/usr/share/freeradius
nap_validate=$root/build/server/programs/nap-validate/nap-validate
radius_pid="" validate_pid="" judge_port=0
(umask 027; echo replace-this-secret-2 >"$work/secret")

end_radius() {
    local pid
    for pid in $radius_pid $validate_pid; do
        kill -CONT "$pid" 2>/dev/null
        kill "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
    radius_pid="" validate_pid=""
}

# Its log is $work/validated. It keeps its port if it is started again.
start_validate() { # POLICY
    "$nap_validate" --policy "$1" --listen "127.0.0.1:$judge_port" --secret "$work/secret" >"$work/validated" 2>&1 </dev/null &
    validate_pid=$!
    within 5 grep -q "nap-validate: serves" "$work/validated" || { cat "$work/validated"; return 1; }
    judge_port=$(sed -n 's/.*serves 127.0.0.1:\([0-9]*\) by .*/\1/p' "$work/validated")
}
end_validate() { # SIGNAL
    kill "-${1:-TERM}" "$validate_pid"
    wait "$validate_pid" 2>/dev/null
    validate_pid=""
    return 0
}

: >"$work/more-modules" # a caller may add some

# Starts FreeRADIUS, after nap-validate, with its log in $work/log. nap-policy is on $port; with_more,
# a filter, adds to it what uses the next ports. Threads and limits are those of Debian's radiusd.conf.
with_more() { cat; }
start_radius() { # FREERADIUS'S OPTIONS
    {
        sed "s,/nap\$,/nap-policy,; /mods-available.expr/a\    \$INCLUDE $work/more-modules" "$root/tests/interop/radiusd.conf"
        printf 'thread pool {\n    start_servers = 5\n    max_servers = 32\n    min_spare_servers = 3\n    max_spare_servers = 10\n}\n'
    } >"$work/radiusd.conf"
    for _ in 1 2 3 4 5; do # another program may have the port
        port=$((20000 + RANDOM % 10000))
        sed "s/port = 18121/port = $port/; s/port = 18130/port = $judge_port/" \
            "$root/examples/freeradius/nap-policy" | with_more >"$work/nap-policy"
        "$FREERADIUS/run" freeradius "$@" -d "$work" -D "$dictionary" >"$work/log" 2>&1 </dev/null &
        radius_pid=$!
        for _ in $(seq 100); do
            grep -q "Ready to process requests" "$work/log" && return
            kill -0 "$radius_pid" 2>/dev/null || break
            sleep 0.1
        done
        tail -n 5 "$work/log"
        kill "$radius_pid" 2>/dev/null
        wait "$radius_pid" 2>/dev/null
        radius_pid=""
    done
    return 1
}

radclient() { timeout 60 "$FREERADIUS/run" radclient -D "$dictionary" "$@"; }
