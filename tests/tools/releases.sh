# SPDX-License-Identifier: LGPL-2.1-or-later
# releases.sh: sourced by tests that install one release over another; they have $work and $windows.
#
#   $older, $newer     the versions of the two; both are made from the same build
#   ${setup[VERSION]}  the setup.sh of a release; the newer's path has a space and an accent

# Makes a folder of the built files, as tools/package-release.sh does. With a VERSION all its files
# report that version.
make_release() { # FOLDER [VERSION]
    local bits
    mkdir -p "$1"/{tools,lib/win64,lib/win32}
    for bits in 64 32; do
        cp "$root/build/win$bits"/dlls/*/*.dll "$root/build/win$bits"/programs/*/*.exe "$1/lib/win$bits" || return 1
    done
    cp -r "$root"/tools/{setup.sh,wine-host.sh,host-command.sh,pe-version,check-exports,exports,hooks} "$1/tools" || return 1
    [ -z "${2:-}" ] || python3 - "$older" "$2" "$1"/lib/win*/* <<'END'
import sys
old, new = (text.encode("utf-16-le") for text in sys.argv[1:3])
for name in sys.argv[3:]:
    data = open(name, "rb").read()
    assert old in data and len(old) == len(new)
    open(name, "wb").write(data.replace(old, new))
END
}

older=$("$root/tools/pe-version" "$root/build/win64/dlls/qutil/qutil.dll")
older=${older#* }
newer=${older%?}$(((${older: -1} + 1) % 10))
make_release "$work/older" && make_release "$work/the newer é" "$newer" || exit 1
declare -A setup=([$older]="$work/older/tools/setup.sh" [$newer]="$work/the newer é/tools/setup.sh")

installed_is() { # VERSION: each file is of that release, and the prefix is healthy
    local file bits
    for bits in 64 $(! runs_32bit || echo 32); do
        for file in "$root/build/win$bits"/dlls/*/*.dll; do
            file=$windows/$([ $bits = 64 ] && echo system32 || echo syswow64)/${file##*/}
            [ "$("$root/tools/pe-version" "$file")" = "$bits $1" ] || { echo "$file is not of $1"; return 1; }
        done
    done
    "${setup[$1]}" status >"$work/status" 2>&1 && grep -q 'No fault found' "$work/status" &&
        ! grep -q ^note "$work/status" && ! find "$windows/system32" "$windows/syswow64" "$WINEPREFIX/.wine-nap" -name '*.new' | grep . ||
        { cat "$work/status"; return 1; }
}
