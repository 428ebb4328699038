#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# radius.sh [REQUESTS]: Access-Requests a second through FreeRADIUS with nap-validate and a policy,
# beside the same FreeRADIUS without them: the same process, the same requests, another port. The two
# take turns; the figure is the median of five. Also what a program for each request (exec) costs.
#
# Fails if a request is lost or has another's answer, if there are fewer than 2,000 a second, or if
# they are more than 3 times slower. With fewer than 1,000 requests (default: 10,000) it only shows
# that it works.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
requests=${1:-10000} least=2000 most=3
work_dir
. "$root/tests/interop/policy-radius.sh"
trap 'end_radius; _tidy' EXIT
policy=$root/examples/policies/antivirus.policy

# The site, and its server twice again on other ports: without us, and with a program in our place.
with_more() {
    cat >"$work/site"
    cat "$work/site"
    sed -n '/^server/,$p' "$work/site" >"$work/server"
    sed "s/^server nap-policy/server bare/; s/port = $port/port = $((port + 2))/; s/&Home-Server-Pool := nap-judges/\&Auth-Type := Accept/" "$work/server"
    sed "s/^server nap-policy/server program/; s/port = $port/port = $((port + 3))/; s/&Home-Server-Pool := nap-judges/\&Auth-Type := Accept/; s/^    authorize {/&\n        nap-program/" "$work/server"
}
# What exec costs at least: its output is not even read.
cat >"$work/more-modules" <<MODULE
exec nap-program {
    wait = yes
    program = "$nap_validate --policy $root/examples/policies/gentle.policy --radius %{MS-Quarantine-SOH}"
    input_pairs = request
    shell_escape = yes
}
MODULE
start_validate "$policy" && start_radius -f -l stdout || exit 1

rate() { # [--bare] PORT REQUESTS
    "$root/tests/bench/radius-load.py" "$@" replace-this-secret "$root/tests/fuzz/corpus/soh/request_plain"
}
median() { printf '%s\n' "$@" | sort -n | sed -n 3p; }

bare=() ours=()
rate --bare $((port + 2)) $((requests / 10)) >/dev/null && rate "$port" $((requests / 10)) >/dev/null || exit 1 # warm up
for _ in 1 2 3 4 5; do
    bare+=("$(rate --bare $((port + 2)) "$requests")") && ours+=("$(rate "$port" "$requests")") || exit 1
done
bare=$(median "${bare[@]}") ours=$(median "${ours[@]}")
ratio=$(awk "BEGIN { printf \"%.2f\", $bare / $ours }")
echo "FreeRADIUS alone: $bare requests a second"
echo "with nap-validate and a policy: $ours requests a second, $ratio times slower (at least $least, at most $most times)"
program=$(rate --bare $((port + 3)) $((requests / 50))) && echo "with a program for each request: $program requests a second"
[ "$requests" -lt 1000 ] || { [ "$ours" -ge $least ] && awk "BEGIN { exit $ratio > $most }"; }
