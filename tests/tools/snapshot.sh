# SPDX-License-Identifier: LGPL-2.1-or-later
# snapshot.sh: sourced by tests that compare a prefix before and after; they have $work.

# Writes the whole prefix as text: each file with its checksum, each registry value with its
# key. The devices are left out: Wine rewrites them when it starts, sometimes late.
snapshot() { # NAME
    "$WINESERVER" -k
    wait_wine
    (cd "$WINEPREFIX" && find . -path ./dosdevices -prune -o -type f ! -name '*.reg' -print0 |
        xargs -0 cksum | sort -k3) >"$work/$1"
    sed -E '/^#time=/d; s/^(\[.*\]) [0-9]+$/\1/' "$WINEPREFIX"/{system,user}.reg |
        awk '/^\[/ { key = $0 } { print key $0 }' |
        grep -vE '^\[System\\\\(CurrentControlSet|ControlSet...)\\\\(Enum|Control\\\\(Class|Video|DeviceClasses|GraphicsDrivers))\\\\' | sort >>"$work/$1"
}

same() { # NAME BEFORE AFTER
    if diff "$work/$2" "$work/$3" >"$work/diff"; then
        ok "$1"
    else
        head -n 20 "$work/diff"
        not_ok "$1" "$(wc -l <"$work/diff") lines of difference between $2 and $3"
    fi
}
