# snapshot.sh: sourced by tests that compare a prefix before and after; they have $work.

# The whole prefix as text: each file with its checksum, each registry value with its
# key. Without the devices, which Wine writes anew at its starts, sometimes late.
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

# A release folder of what was built, its path with a space in it, as tools/package-release.sh
# makes one. With a SUFFIX all its files say that they are of another release.
make_release() { # FOLDER [VERSION]
    local bits
    mkdir -p "$1"/{tools,lib/win64,lib/win32}
    for bits in 64 32; do
        cp "$root/build/win$bits"/dlls/*/*.dll "$root/build/win$bits"/programs/*/*.exe "$1/lib/win$bits" || return 1
    done
    cp -r "$root"/tools/{setup.sh,pe-version,check-exports,exports,hooks} "$1/tools" || return 1
    [ -z "${2:-}" ] || python3 - "$version" "$2" "$1"/lib/win*/* <<'END'
import sys
old, new = (text.encode("utf-16-le") for text in sys.argv[1:3])
for name in sys.argv[3:]:
    data = open(name, "rb").read()
    assert old in data and len(old) == len(new)
    open(name, "wb").write(data.replace(old, new))
END
}
