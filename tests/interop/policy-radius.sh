# SPDX-License-Identifier: LGPL-2.1-or-later
# policy-radius.sh: sourced, after lib.sh, by what needs the unpacked FreeRADIUS with
# examples/freeradius/nap-policy and nap-validate. $work is the caller's folder.
export FREERADIUS=$root/build/freeradius RADIUS_WORK=$work
dictionary=$FREERADIUS/usr/share/freeradius
nap_validate=$root/build/server/programs/nap-validate/nap-validate
socket=$work/nap-validate.sock
radius_pid="" validate_pid=""

end_radius() {
    local pid
    for pid in $radius_pid $validate_pid; do
        kill "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
    radius_pid="" validate_pid=""
}

start_validate() { # POLICY: its log is $work/validated
    "$nap_validate" --policy "$1" --listen "$socket" >"$work/validated" 2>&1 </dev/null &
    validate_pid=$!
    within 5 grep -q "nap-validate: serves" "$work/validated"
}
end_validate() {
    kill "$validate_pid"
    wait "$validate_pid"
    validate_pid=""
}

# Starts FreeRADIUS with its log in $work/log. nap-policy is on $port; with_more, a filter, adds to it
# what uses the next ports. Modules may be added in $work/more-modules.
with_more() { cat; }
start_radius() { # FREERADIUS'S OPTIONS
    local examples=$root/examples/freeradius
    sed -E "s,^    .INCLUDE .*mods-available/soh,&\n    \$INCLUDE \$ENV{RADIUS_WORK}/module,; s,/nap\$,/nap-policy," \
        "$root/tests/interop/radiusd.conf" >"$work/radiusd.conf"
    {
        sed -E "s,= /usr/local/lib/wine-nap/,= $examples/,; s,= /run/.*sock,= $socket," "$examples/nap-validate.module"
        cat "$work/more-modules" 2>/dev/null
    } >"$work/module"
    for _ in 1 2 3 4 5; do # another program may have the port
        port=$((20000 + RANDOM % 10000))
        sed "s/port = 18121/port = $port/" "$examples/nap-policy" | with_more >"$work/nap-policy"
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

radclient() { "$FREERADIUS/run" radclient -D "$dictionary" "$@"; }
