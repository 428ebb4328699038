#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# matrix.sh [OPTION...]: README's two commands on fresh systems, one row for each release of Debian.
#
#   --only ROW       this row only; may be given several times. Default: all rows that --list marks
#   --list           prints the rows
#   --table          prints the table of the last results and runs nothing
#   --demo-only      the first of the two commands only (minutes; the second takes an hour)
#   --as-root        runs the commands as root; default: as a user with sudo
#   --timeout MIN    the time of each command; default: 120
#   --roots FOLDER   where the systems are made and kept; default: build/roots. One takes 400 MB,
#                    and 4 GB more while its row runs
#   --mirror URL     Debian's archive; default: what apt's sources on this machine name
#   --keep           leaves the row's system behind, for --enter
#   --enter ROW [COMMAND]   a shell, or COMMAND, in the system that --keep has left
#   --help           prints this
#
# A row is a release (debian12, debian13, testing, unstable), or one with -wine32 behind it: there
# 32-bit programs run in Debian's 32-bit Wine, elsewhere in the WoW64 mode of deps.sh's.
#
# A release's system is made by debootstrap once and then kept. Each row gets a copy of it, the
# release's newest packages, and a clone of this repository's last commit. Making a system and
# entering it need root: run this as root or with sudo at hand. Nothing else does. What is mounted
# and what runs for a row is in namespaces of its own and ends with it; nothing on this machine
# changes but FOLDER and build/matrix, where the logs and results are.
#
# The exit code is 0 if every command of every row has succeeded.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/tools/wine-env.sh" # runs_32bit
results=$root/build/matrix

die() { echo "matrix.sh: $*" >&2; exit 1; }
say() { echo "matrix.sh: $*" >&2; }
usage() { sed -n '3,/^set -u/ { /^#/ s/^# \{0,1\}//p }' "${BASH_SOURCE[0]}"; }

releases="debian12 debian13 testing unstable"
suite_of() { # ROW
    case ${1%-wine32} in
        debian12) echo bookworm ;;
        debian13) echo trixie ;;
        testing | unstable) echo "${1%-wine32}" ;;
        *) return 1 ;;
    esac
}
# Rows that cannot show anything new here, or only by name, are not run by default.
why_not() { # ROW
    case $1 in
        unstable*) echo "only by name" ;;
        *-wine32) runs_32bit || echo "this machine runs no 32-bit code" ;;
    esac
}
rows() { local release; for release in $releases; do printf '%s\n' "$release" "$release-wine32"; done; }

if [ "$(id -u)" = 0 ]; then sudo=(); else sudo=(sudo); fi
as_root() { "${sudo[@]}" "$@"; }
need_root() {
    [ "$(id -u)" = 0 ] || sudo -v ||
        die "debootstrap and chroot need root: run this as root, or as a user who may use sudo"
}

# --- the systems

# The machine's own source of Debian's packages that has the suite.
find_mirror() { # SUITE
    local url release
    [ -z "$mirror" ] || { echo "$mirror"; return; }
    release=$(mktemp "$root/build/release.XXXXXX") || return 1
    while read -r url; do
        /usr/lib/apt/apt-helper download-file "${url%/}/dists/$1/InRelease" "$release" >/dev/null 2>&1 &&
            grep -qx 'Origin: Debian' "$release" && grep -qE "^(Suite|Codename): $1\$" "$release" || continue
        rm -f "$release"
        echo "$url"
        return
    done < <(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sort -u)
    rm -f "$release"
    return 1
}

# Makes the release's system, unless that was done before.
make_system() { # ROW
    local suite base url
    suite=$(suite_of "$1") && base=$roots/$suite || return 1
    [ ! -d "$base" ] || return 0
    command -v debootstrap >/dev/null || PATH=$PATH:/usr/sbin command -v debootstrap >/dev/null ||
        die "debootstrap is missing; install it (apt-get install debootstrap)"
    url=$(find_mirror "$suite") || die "apt's sources of this machine do not have Debian's $suite; name one that has it with --mirror"
    say "making a system of $suite from $url"
    as_root rm -rf "$base.part"
    as_root debootstrap --variant=minbase --include=sudo,ca-certificates "$suite" "$base.part" "$url" &&
        as_root mv "$base.part" "$base"
}

# This machine's way to the archive: proxies, and how old an index may be.
apt_settings() {
    apt-config dump | grep -E '^Acquire::(https?::|Check-)'
    local name
    for name in http https; do
        local variable=${name}_proxy
        [ -z "${!variable:-}" ] || echo "Acquire::$name::Proxy \"${!variable}\";"
    done
}

# Runs COMMAND, or a shell, as USER in a row's system, in mount and process namespaces of its own: its
# processes and mounts end with it.
enter() { # MINUTES ROW USER [COMMAND]; replaces this shell
    exec "${sudo[@]}" timeout --foreground -k 5 $(($1 * 60)) unshare --mount --pid --fork --kill-child \
        bash -c "$(declare -f inside); inside \"\$@\"" matrix.sh \
        "$(system_of "$2")" "$roots/$(suite_of "$2").packages" "$3" "${4:-exec bash}"
}

# The same for a command that reads nothing, so that the end of this script ends it too.
in_row() { # MINUTES ROW USER COMMAND
    enter "$@" </dev/null &
    running=$!
    wait "$running"
    local code=$?
    running=""
    return $code
}

inside() { # SYSTEM PACKAGES USER COMMAND
    local system=$1 file
    export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    mount -t proc proc "$system/proc" && mount --rbind /sys "$system/sys" &&
        mount -t tmpfs -o mode=755,nosuid tmpfs "$system/dev" &&
        mkdir "$system"/dev/{pts,shm,net} &&
        mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$system/dev/pts" &&
        mount -t tmpfs -o mode=1777 tmpfs "$system/dev/shm" &&
        mount --bind "$2" "$system/var/cache/apt/archives" || exit 125
    for file in null zero full random urandom tty net/tun; do
        [ ! -e "/dev/$file" ] || { : >"$system/dev/$file" && mount --bind "/dev/$file" "$system/dev/$file"; }
    done
    ln -s pts/ptmx "$system/dev/ptmx"
    ln -s /proc/self/fd "$system/dev/fd"
    for file in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${file%:*}" "$system/dev/${file#*:}"; done
    chroot "$system" runuser -l "$3" -c "$4"
}

# A copy of the release's system, with this machine's way to the archive, the newest packages, the
# user and a clone. Returns 2 if its archive has no Wine.
make_row() { # ROW
    local base system clone file
    base=$roots/$(suite_of "$1") system=$(system_of "$1")
    as_root rm -rf --one-file-system "$system"
    as_root mkdir -p "$base.packages/partial" && as_root cp -a --reflink=auto "$base" "$system" || return 1
    apt_settings | as_root tee "$system/etc/apt/apt.conf.d/99matrix" >/dev/null
    # The system is thrown away: dpkg need not wait for the disk.
    echo force-unsafe-io | as_root tee "$system/etc/dpkg/dpkg.cfg.d/matrix" >/dev/null
    # No service is started in a system that has no init.
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$system/usr/sbin/policy-rc.d" >/dev/null
    as_root chmod 755 "$system/usr/sbin/policy-rc.d"
    for file in resolv.conf hosts hostname; do as_root cp -L "/etc/$file" "$system/etc/$file"; done
    in_row 30 "$1" root 'export DEBIAN_FRONTEND=noninteractive
        useradd --create-home --shell /bin/bash tester &&
        echo "tester ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/tester &&
        apt-get -q update && apt-get -q -y dist-upgrade' || return 1
    case $1 in *-wine32) in_row 30 "$1" root 'dpkg --add-architecture i386 && apt-get -q update' || return 1 ;; esac
    in_row 5 "$1" root 'apt-get -s install wine >/dev/null 2>&1' || return 2
    clone=$(mktemp -d "$root/build/clone.XXXXXX") || return 1
    git clone -q --no-hardlinks "$root" "$clone/wine-nap" &&
        as_root cp -a "$clone/wine-nap" "$system$home/wine-nap"
    local code=$?
    rm -rf "$clone"
    [ $code = 0 ] && in_row 1 "$1" root "chown -R $user: $home/wine-nap"
}

# --- a row

# README's commands: the lines of the first code block below "## Two commands".
commands() { sed -n '/^## Two commands/,/^## / { /^```sh/,/^```/ { /^```/! { s/ *#.*//; /./p } } }' "$root/README.md"; }

# What the row shows: which Wine, and how it runs 32-bit programs.
describe() { # ROW
    in_row 1 "$1" "$user" 'cd wine-nap && . tools/wine-env.sh
        wine --version 2>/dev/null || echo none
        if ! runs_32bit; then echo "64-bit (the kernel runs no 32-bit code)"
        elif [ -f build/wine32/version ]; then echo "64-bit, 32-bit in WoW64 mode"
        else echo "64-bit, 32-bit in wine32"; fi' 2>/dev/null
}

# Runs COMMAND and adds "COMMAND RESULT" to the row's result: passed, failed, timed out, or the
# tests' own numbers.
run_command() { # ROW COMMAND
    local log code last result=failed started=$SECONDS
    log=$results/$1/$(basename "${2%% *}" .sh).log
    in_row "$minutes" "$1" "$user" "cd wine-nap && $2" >"$log" 2>&1
    code=$?
    last=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1)
    case $code in
        0) result=passed ;;
        124 | 137) result="timed out" ;;
    esac
    case $2:$last in
        *test.sh*: ) [ $code != 0 ] || { result="no summary" code=1; } ;;
        *) [ -z "$last" ] || result=$last ;;
    esac
    printf '%s\t%s\n' "$2" "$result" >>"$results/$1/result"
    say "$1: $2: $result, exit code $code, $((SECONDS - started)) s (log: ${log#"$root/"})"
    return $code
}

run_row() { # ROW
    local code command wine="" mode=""
    rm -rf "${results:?}/$1"
    mkdir -p "$results/$1"
    say "$1: making its system (log: build/matrix/$1/system.log)"
    { make_system "$1" && make_row "$1"; } >"$results/$1/system.log" 2>&1
    code=$?
    if [ $code = 2 ]; then
        say "$1: not run: its archive has no package of Wine"
        printf 'wine\tnone in its archive\n' >"$results/$1/result"
        return 0
    elif [ $code != 0 ]; then
        tail -n 5 "$results/$1/system.log" >&2
        printf 'wine\tits system could not be made\n' >"$results/$1/result"
        return 1
    fi
    while read -r command <&3; do
        run_command "$1" "$command" || code=1
        [ -z "$demo_only" ] || break
    done 3< <(commands)
    { read -r wine; read -r mode; } < <(describe "$1")
    printf 'wine\t%s\nmode\t%s\ncommit\t%s\n' "${wine:-none}" "${mode:-unknown}" \
        "$(git -C "$root" describe --always)" >>"$results/$1/result"
    # A kept log is there to read: not in the user's closed home.
    as_root cp -r "$(system_of "$1")$home/wine-nap/build/test-logs" "$results/$1/" 2>/dev/null
    as_root chown -R "$(id -u):$(id -g)" "$results/$1"
    return $code
}

# The last results, in Markdown.
print_table() {
    local row
    echo "| system | Wine | programs | demo | passed | failed | skipped |"
    echo "|---|---|---|---|---|---|---|"
    for row in $(rows); do
        [ -f "$results/$row/result" ] || continue
        awk -F '\t' -v row="$row" '
            { value[$1] = $2 }
            $1 ~ /demo/ { demo = $2 }
            $1 ~ /test/ { test = $2 }
            END {
                split(test ~ /passed, / ? test : "", n, /[^0-9]+/)
                if (!(1 in n)) n[1] = test == "" ? "not run" : test
                printf "| %s | %s | %s | %s | %s | %s | %s |\n", row, value["wine"], value["mode"],
                    demo == "" ? "not run" : demo, n[1], n[2], n[3]
            }' "$results/$row/result"
    done
}

# --- the options

wanted=() action=run demo_only="" minutes=120 roots=$root/build/roots mirror="" keep="" user=tester
while [ $# -gt 0 ]; do
    case $1 in
        --only | --timeout | --roots | --mirror | --enter) [ $# -gt 1 ] || die "$1 needs a value; see --help" ;;
    esac
    case $1 in
        --only) wanted+=("$2"); shift ;;
        --list) action=list ;;
        --table) action=table ;;
        --demo-only) demo_only=1 ;;
        --as-root) user=root ;;
        --timeout) minutes=$2; shift ;;
        --roots) roots=$2; shift ;;
        --mirror) mirror=$2; shift ;;
        --keep) keep=1 ;;
        --enter) action=enter wanted=("$2"); shift 2; break ;;
        --help) usage; exit ;;
        *) echo "matrix.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
    esac
    shift
done
case $minutes in "" | *[!0-9]*) die "--timeout needs a number of minutes" ;; esac
for row in "${wanted[@]}"; do rows | grep -qxF -- "$row" || die "no row '$row'; --list prints them"; done
[ $user = root ] && home=/root || home=/home/$user
system_of() { echo "$roots/$1.run"; } # ROW

case $action in
    list)
        for row in $(rows); do
            reason=$(why_not "$row")
            printf '%-17s %s\n' "$row" "${reason:-by default}${reason:+}"
        done
        exit
        ;;
    table) print_table; exit ;;
esac
need_root
mkdir -p "$roots" "$results" || exit 1
roots=$(cd "$roots" && pwd)
if [ $action = enter ]; then
    [ -d "$(system_of "${wanted[0]}")" ] || die "there is no system of ${wanted[0]} in $roots; run it with --keep first"
    enter 1440 "${wanted[0]}" "$user" "$*"
    exit
fi
command -v git >/dev/null || die "git is missing"
[ -z "$(git -C "$root" status --porcelain)" ] || say "the rows run the last commit, without what has changed since"

running="" leftover=""
tidy() {
    [ -z "$running" ] || { as_root kill "$running" 2>/dev/null; wait "$running"; }
    [ -z "$leftover" ] || as_root rm -rf --one-file-system "$leftover"
    leftover=""
}
trap tidy EXIT
trap 'exit 130' INT TERM
failed=0
if [ ${#wanted[@]} = 0 ]; then
    for row in $(rows); do
        reason=$(why_not "$row")
        if [ -n "$reason" ]; then say "$row: not run: $reason"; else wanted+=("$row"); fi
    done
fi
for row in "${wanted[@]}"; do
    [ -n "$keep" ] || leftover=$(system_of "$row")
    run_row "$row" || failed=$((failed + 1))
    tidy
done
print_table
[ $failed = 0 ]
