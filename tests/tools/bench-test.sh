#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/bench.sh measures every figure and checks every answer. Figures that are measured beside other
# tests mean nothing, so a figure over its limit is no failure here.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
work_dir

# Exit code 3: a figure is over its limit.
measured() { case $1 in 0 | 3) ;; *) cat "$2"; return 1 ;; esac; }
bench_64() { "$root/tools/bench.sh" --runs 1 >"$work/64"; measured $? "$work/64"; }
bench_32() { "$root/tools/bench.sh" --runs 1 --32-bit >"$work/32"; measured $? "$work/32"; }
whole() { # FILE: each of these rows has a least time, a median and a ratio
    local row
    for row in "GetSoHRequest, no SHA" "GetSoHRequest, 1 SHA" "GetSoHRequest, 20 SHAs" ProcessSoHResponse \
        NotifySoHChange "Initialize, service stopped" RasGetNapStatus MprAdminConnectionEnum "enabling a component" "RasDial, a dialer"; do
        grep -Eq "^$row.* [0-9]+ +[0-9]+ +[0-9]+ +[0-9.]+  +([0-9.]+x|-) " "$1" || { echo "no row: $row"; return 1; }
    done
    grep -q "^idle agent  *[0-9]* wake-ups" "$1"
}
readable() {
    python3 -c 'import json, sys
run = json.load(open(sys.argv[1]))
assert run["programs"] == sys.argv[2] and len(run["figures"]) == 13, run
assert all(f["ratio"] > 0 and f["rawMedianUs"] > 0 for f in run["figures"]), run' "$root/build/bench.json" "$1"
}

check "64-bit programs are measured" bench_64
check "every figure is in the table" whole "$work/64"
check "and in the copy for programs" readable win64
if ! skip_32bit "bench"; then
    check "32-bit programs are measured" bench_32
    check "every figure is in their table" whole "$work/32"
    check "and in their copy for programs" readable win32
fi
usage() { "$root/tools/bench.sh" --runs; [ $? = 2 ]; }
check "a wrong option is rejected" usage
