# SPDX-License-Identifier: LGPL-2.1-or-later
# deps.sh: the PE tests get the cmocka of the system's version, whichever that is. Stand-ins take the
# place of the package tools.
. "$(dirname "$0")/../lib.sh"

work_dir
tree=$work/tree cache=$work/tree/build/packagecache
mkdir -p "$tree"/{subprojects,build/freeradius} "$work"/{bin,archive} "$work"/wine/{bin,lib/wine/i386-windows}
cp -r "$root/tools" "$tree"
cp "$root/subprojects/cmocka.wrap" "$tree/subprojects"
# What else deps.sh would fetch is there.
printf '#!/bin/sh\n' >"$tree/build/freeradius/run"
printf '#!/bin/sh\n' >"$work/wine/bin/wine"
touch "$work/wine/lib/wine/i386-windows/ntdll.dll"
export WINE=$work/wine/bin/wine PATH=$work/bin:$PATH

cat >"$work/bin/dpkg-query" <<END
#!/bin/sh
case \$* in
    *source:Version*libcmocka-dev) cat "$work/version" ;;
    *) printf installed ;;
esac
END
# Its archive is a folder, from which it gives the version that was asked for.
cat >"$work/bin/apt-get" <<END
#!/bin/sh
echo "\$*" >>"$work/asked"
case \$* in
    *source*cmocka=*)
        version=\${*##*cmocka=}
        version=\${version%-*}
        cp "$work/archive/cmocka_\$version.orig.tar.xz" .
        ;;
esac
END
chmod +x "$work"/bin/* "$tree/build/freeradius/run" "$WINE"

deps() { # VERSION of the system's cmocka
    echo "$1" >"$work/version"
    echo "cmocka ${1%-*}" >"$work/archive/cmocka_${1%-*}.orig.tar.xz"
    : >"$work/asked"
    "$tree/tools/deps.sh" test
}
wrap=$tree/subprojects/cmocka-system.wrap
follows() { # VERSION
    grep -qx "source_filename = cmocka-$1.tar.xz" "$wrap" && grep -qx "directory = cmocka-$1" "$wrap" &&
        echo "$(sed -n 's/^source_hash = //p' "$wrap")  $cache/cmocka-$1.tar.xz" | sha256sum --check
}
check "a system with cmocka 1.1.7" deps 1.1.7-3
check "its wrap follows it" follows 1.1.7
check "a second run" deps 1.1.7-3
check "asks the archive for nothing" eval '! grep source "$work/asked"'
check "a system that was upgraded to 2.0.2" deps 2.0.2-1
check "its wrap follows it too" follows 2.0.2

# The version of cmocka.wrap needs no other wrap.
pinned=$(sed -n 's/^directory *= *cmocka-//p' "$tree/subprojects/cmocka.wrap")
mkdir -p "$cache" && echo "cmocka $pinned" >"$cache/cmocka-$pinned.tar.xz"
sed -i "s/^source_hash.*/source_hash = $(sha256sum <"$cache/cmocka-$pinned.tar.xz" | cut -d' ' -f1)/" "$tree/subprojects/cmocka.wrap"
check "a system with the version of cmocka.wrap" deps "$pinned-2"
check "has that wrap only" test ! -e "$wrap"
check "and the archive is asked for nothing" eval '! grep source "$work/asked"'
