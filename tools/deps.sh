#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# deps.sh [demo|test|fuzz]: install what a job needs, from Debian's or Ubuntu's packages.
#
#   demo  build for 64-bit Wine and run it (what tools/demo.sh needs)
#   test  demo, plus the native and 32-bit builds, cmocka and 32-bit Wine (the default)
#   fuzz  clang with libFuzzer, for the native fuzz targets
#
# Prints the list first, installs the missing packages (as root or by sudo) and starts
# no service. Two things come from the same package sources into build/, by a separate
# apt that does not touch the machine's apt configuration and lists: cmocka's source
# (build/packagecache, for the PE tests) and 32-bit Wine (build/wine32, see
# tools/wine-env.sh). FreeRADIUS, for tests/interop, is unpacked into build/freeradius
# and not installed.
set -u
[ "${1:-}" != --help ] || exec sed -n '3,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build
. "$root/tools/wine-env.sh" # runs_32bit, wine_libraries

say() { echo "deps.sh: $*"; }
die() { echo "deps.sh: $*" >&2; exit 1; }

build_packages="meson ninja-build wine64-tools libwine-dev gcc-mingw-w64-x86-64-win32"
wine_packages="wine wine64"
test_packages="clang-format xz-utils iproute2 openvpn openssl procps tmux python3-jsonschema gcc libc6-dev pkg-config libcmocka-dev gcc-mingw-w64-i686-win32"
fuzz_packages="clang libclang-rt-dev libc6-dev pkg-config libcmocka-dev meson ninja-build"

job=${1:-test} own_wine=""
case ${WINE:-} in
    "" | "$build"/wine32/*) ;;
    *) wine_packages="" own_wine=1 ;; # the caller brings a Wine of their own
esac
case $job in
    demo) packages="$build_packages $wine_packages" ;;
    test) packages="$build_packages $wine_packages $test_packages" ;;
    fuzz) packages=$fuzz_packages ;;
    *) die "unknown job '$job'; usage: deps.sh [demo|test|fuzz]" ;;
esac

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

as_root() { if [ "$(id -u)" = 0 ]; then env "$@"; else sudo env "$@"; fi; }

apt_install() {
    as_root DEBIAN_FRONTEND=noninteractive apt-get -q -y -oDPkg::Lock::Timeout=120 \
        install --no-install-recommends "$@" </dev/null
}

install_missing() {
    local p missing=""
    for p in $packages; do installed "$p" || missing+=" $p"; done
    say "$job needs:" $packages
    if [ -z "$missing" ]; then say "all installed already"; return; fi
    say "to install:$missing"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        die "not root and no sudo; as root run: apt-get install --no-install-recommends$missing"
    # The machine's package lists may be missing or old: retry with new ones.
    if ! apt_install --download-only $missing >"$log" 2>&1; then
        as_root apt-get -q update >>"$log" 2>&1 </dev/null
        apt_install --download-only $missing >>"$log" 2>&1 ||
            die "cannot get$missing from the package sources; check the network and 'apt-get update', then run it again (log: $log)"
    fi
    apt_install $missing >>"$log" 2>&1 || die "apt-get could not install$missing (log: $log)"
}

# --- not installable packages: fetched by an apt with its own sources, lists and cache

own_apt() { (cd "$apt" && "$1" -c apt.conf "${@:2}" </dev/null >>"$log" 2>&1); }

# The machine's own sources, for i386 packages and for source packages.
make_own_apt() {
    [ -z "$apt" ] || return 0
    apt=$(mktemp -d "$build/apt.XXXXXX") || die "cannot write to $build"
    mkdir -p "$apt"/{lists,cache/archives}/partial "$apt/sources"
    local f
    for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ -f "$f" ] && sed -nE 's/\[([^]]*)arch=[^] ]*/[\1/; s/\[ *\]//; s/^deb[ \t](.*)/deb \1\ndeb-src \1/p' "$f" >"$apt/sources/${f##*/}"
    done
    [ ! -f "$apt/sources/sources.list" ] || mv "$apt/sources/sources.list" "$apt/sources/main.list"
    for f in /etc/apt/sources.list.d/*.sources; do
        [ -f "$f" ] && sed -E 's/^Types:.*/Types: deb deb-src/; /^Architectures:/d' "$f" >"$apt/sources/${f##*/}"
    done
    cat >"$apt/apt.conf" <<EOF
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Architectures;
APT::Architecture "i386";
APT::Architectures { "i386"; };
APT::Sandbox::User "root";
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$apt/sources";
Dir::State::Lists "$apt/lists";
Dir::State::status "/dev/null";
Dir::Cache "$apt/cache";
EOF
    # An index may fail as long as the packages that we need are found.
    own_apt apt-get -q update
    return 0
}

# Puts cmocka's upstream tarball into build/packagecache; tools/build.sh passes it to Meson. It is of
# the version that the system has for the native tests: if cmocka.wrap names another one, the wrap
# cmocka-system follows the system. apt checks the tarball against the archive's signed list.
fetch_cmocka() {
    local wraps=$root/subprojects cache=$build/packagecache package tarball version file
    has_tarball_of() { # WRAP
        file=$(sed -n 's/^source_filename *= *//p' "$1" 2>/dev/null)
        [[ $file == cmocka-$version.tar.* ]] &&
            echo "$(sed -n 's/^source_hash *= *//p' "$1")  $cache/$file" | sha256sum --check --status 2>/dev/null
    }
    package=$(dpkg-query -W -f '${source:Version}' libcmocka-dev 2>/dev/null)
    version=${package#*:}
    version=${version%-*}
    has_tarball_of "$wraps/cmocka-system.wrap" && return
    if ! has_tarball_of "$wraps/cmocka.wrap"; then
        say "fetching cmocka's source $version (for the PE tests)"
        make_own_apt
        own_apt apt-get -q source --download-only --tar-only "cmocka=$package" ||
            own_apt apt-get -q source --download-only --tar-only cmocka
        tarball=$(echo "$apt"/cmocka_*.orig.tar.*)
        [ -f "$tarball" ] || die "cannot get cmocka's source package; check the network, then run it again (log: $log)"
        version=${tarball##*/cmocka_}
        version=${version%.orig.tar.*}
        mkdir -p "$cache" && mv "$tarball" "$cache/cmocka-$version.tar.${tarball##*.}" || die "cannot write to $build"
    fi
    rm -f "$wraps/cmocka-system.wrap"
    if has_tarball_of "$wraps/cmocka.wrap"; then return; fi
    file=cmocka-$version.tar.${tarball##*.}
    cat >"$wraps/cmocka-system.wrap" <<EOF || die "cannot write to $root"
[wrap-file]
directory = cmocka-$version
source_url = https://cmocka.org/files/${version%.*}/$file
source_filename = $file
source_hash = $(sha256sum <"$cache/$file" | cut -d' ' -f1)
patch_directory = cmocka
EOF
}

# --- 32-bit Wine

wine_has_32bit() {
    local dir folders=("${wine_libraries[@]}" /opt/wine-*/lib/wine)
    if [ -n "$own_wine" ]; then
        dir=$(dirname "$(readlink -f "$(command -v "$WINE")")")
        folders+=("$dir"/../{lib,lib32}/wine "$dir/..")
    fi
    for dir in "${folders[@]}"; do
        [ -f "$dir/i386-windows/ntdll.dll" ] && return
    done
    return 1
}

# Makes a copy of the installed Wine (links, except the files by which Wine finds its
# own path) and adds the i386 package's PE files. Wine 8 and later then runs 32-bit
# programs in its WoW64 mode, without 32-bit libraries on the host.
make_wine32() {
    local tree=$build/wine32 libs=lib/x86_64-linux-gnu/wine version
    [ -z "$own_wine" ] && [ -x /usr/lib/wine/wine64 ] && version=$(dpkg-query -W -f '${Version}' libwine 2>/dev/null) ||
        die "this Wine runs no 32-bit programs and is not Debian's, so deps.sh cannot add that; use a Wine that runs 32-bit programs"
    [ "$(cat "$tree/version" 2>/dev/null)" = "$version" ] && return
    say "fetching libwine:i386 $version into build/wine32 (32-bit Wine, 95 MB)"
    make_own_apt
    own_apt apt-get -q download "libwine=$version" ||
        die "cannot get libwine:i386 $version; check the network and that Wine is up to date, then run it again (log: $log)"

    local new=$apt/wine32
    mkdir -p "$new/lib/x86_64-linux-gnu" "$new/share"
    cp -a /usr/lib/wine "$new/lib/wine"
    cp -rs /usr/$libs "$new/$libs"
    cp --remove-destination /usr/$libs/x86_64-unix/ntdll.so "$new/$libs/x86_64-unix/"
    ln -s /usr/share/wine "$new/share/wine"
    # i386-windows has zlib1.dll already: libwine's postinst marks mingw-w64's as Wine's.
    { dpkg-deb -x "$apt"/libwine_*_i386.deb "$apt/i386" &&
        cp -a "$apt/i386/usr/lib/i386-linux-gnu/wine/i386-windows" "$new/$libs/"; } ||
        die "cannot unpack libwine:i386 into $build (disk full?)"
    echo "$version" >"$new/version"
    rm -rf "$tree"
    mv "$new" "$tree"
}

# --- FreeRADIUS, a peer of the tests: it is not installed, and no maintainer script is run

freeradius_runs() { "$build/freeradius/run" freeradius -v >>"$log" 2>&1; }

download_freeradius() { # FOLDER: the packages, and those of their libraries that are not installed
    apt-get -q -y -oDebug::NoLocking=1 -oDir::Cache::archives="$1" install --download-only --reinstall \
        --no-install-recommends freeradius freeradius-common freeradius-config freeradius-utils </dev/null >>"$log" 2>&1
}

unpack_freeradius() {
    local tree=$build/freeradius deb
    freeradius_runs && return
    say "fetching FreeRADIUS into build/freeradius (for tests/interop)"
    freeradius_new=$(mktemp -d "$tree.XXXXXX") && mkdir -p "$freeradius_new/debs/partial" || die "cannot write to $build"
    download_freeradius "$freeradius_new/debs" ||
        { as_root apt-get -q update </dev/null >>"$log" 2>&1; download_freeradius "$freeradius_new/debs"; } ||
        die "cannot get freeradius from the package sources; check the network and 'apt-get update', then run it again (log: $log)"
    for deb in "$freeradius_new"/debs/*.deb; do
        dpkg-deb -x "$deb" "$freeradius_new" || die "cannot unpack ${deb##*/} into $build (disk full?)"
    done
    rm -r "$freeradius_new/debs"
    cat >"$freeradius_new/run" <<'EOF'
#!/bin/bash
# run PROGRAM ARGUMENTS...: replaces this process by a program of the unpacked FreeRADIUS.
here=$(cd "$(dirname "$0")" && pwd)
for dir in "$here"/{usr/,}lib/{freeradius,*-linux-gnu}; do
    [ ! -d "$dir" ] || LD_LIBRARY_PATH=$dir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
done
export LD_LIBRARY_PATH
for program in "$here"/usr/{sbin,bin}/"$1"; do
    [ ! -x "$program" ] || exec "$program" "${@:2}"
done
echo "run: no $1 in $here" >&2
exit 127
EOF
    chmod 755 "$freeradius_new" "$freeradius_new/run"
    rm -rf "$tree"
    mv "$freeradius_new" "$tree"
    freeradius_runs || die "the unpacked FreeRADIUS does not run; see the end of $log"
}

command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    { say "neither Debian nor Ubuntu; install the equivalents of these packages yourself:" $packages; exit 0; }
mkdir -p "$build" || die "cannot write to $root"
log=$build/deps.log apt="" freeradius_new=""
trap 'rm -rf ${apt:+"$apt"} ${freeradius_new:+"$freeradius_new"}' EXIT
if [ "$job" = test ] && ! wine_has_32bit &&
    dpkg --print-foreign-architectures | grep -qx i386 && apt-get -s install wine32:i386 >/dev/null 2>&1; then
    packages+=" wine32:i386"
fi
install_missing
if [ "$job" = test ]; then
    fetch_cmocka
    if ! runs_32bit; then
        say "this machine runs no 32-bit code; the tests of 32-bit programs will be skipped"
    elif ! wine_has_32bit; then
        make_wine32
    fi
    unpack_freeradius
fi
say "$job: ready"
