#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# setup.sh install [--only-64-bit] [--command [FOLDER]]|uninstall [--purge]|status: install
# wine-nap into a Wine prefix, remove it, or check the installation.
# setup.sh --windows-version VERSION [--program NAME.exe]: make the prefix, or that program in
# it, this version of Windows.
#
# The prefix is $WINEPREFIX, or Wine's own (~/.wine). WINE, WINELOADER and WINESERVER
# choose the Wine. install copies the files of the table below into system32 and, in a
# prefix for 64-bit and 32-bit programs, the 32-bit files into syswow64; it registers the
# COM classes and the service. It keeps the file or DLL override that it replaces in the
# prefix's .wine-nap folder, and uninstall puts it back. uninstall keeps the agent's
# component registrations and the router configuration, unless --purge.
#
#   install --only-64-bit   leave 32-bit programs of a mixed prefix without wine-nap
#   install --command       also make the host's command napctl, for this prefix, in FOLDER or
#                           ~/.local/bin; uninstall removes it
#   --windows-version win7  as "winecfg -v" names it; with --program "default" too: the prefix's
set -u
[ "${1:-}" != --help ] || exec sed -n '3,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# file, kind, and for a com DLL one of its classes, by which status checks its registration.
#   com          DLL with COM classes, 64-bit and 32-bit
#   replacement  DLL that replaces one of Wine's, 64-bit and 32-bit
#   service      program that registers itself as a service with --install
#   program      program, 64-bit and 32-bit: "wine napctl.exe" finds the one of wine's bitness
#   script       script of the host that the service starts, from hooks/ beside this script
files=${SETUP_FILES:-"
qutil.dll      com      {e8140d53-6535-46a5-b8a1-da6c571da9b9}
qagent.dll     com      {9443b89b-6564-496a-b19c-6c6d22709045}
qsvrmgmt.dll   com      {bfcb2c6d-04aa-4fb9-bc72-58e1af64be39}
qshvhost.dll   com      -
rasapi32.dll   replacement
mprapi.dll     replacement
napwsha.exe    service
napserver.exe  service
napagent.exe   service
naphost.exe    program
napctl.exe     program
rasdial.exe    program
napagent-hook  script
host-health    script
"}
least_wine=8.0
overrides='HKCU\Software\Wine\DllOverrides'

. "$here/hooks/rights" || exit 1
. "$here/wine-host.sh" || exit 1
. "$here/host-command.sh" || exit 1

# Whatever a person sees goes through printable: paths, and what Wine says, may have control characters.
say() { echo "$(printable "setup.sh: $*")"; }
die() { printable "setup.sh: $*" >&2; exit 1; }
lines() { # of standard input
    local line
    while IFS= read -r line || [ -n "$line" ]; do printable "$line"; done
}

# --- where files come from: a release (lib/win64) or the build

source_file() { # FILE BITS
    local file
    for file in "$here/../lib/win$2/$1" "$here/../build/win$2"/{dlls,programs}/"${1%.*}/$1" \
        "$here/hooks/$1"; do
        [ -f "$file" ] && echo "$file" && return
    done
    return 1
}

# A replacement DLL must have every export of Wine's, so that programs lose none.
exports_are_whole() { # FILE BITS FOLDER
    local own=$windows/$3/$1 wine_dll=()
    [ -x "$here/check-exports" ] || die "$1 replaces one of Wine's DLLs, and tools/check-exports, which must check it, is missing"
    [ ! -e "$state/installed/$3/$1" ] || own=$state/former/$3/$1
    ! grep -qa 'Wine builtin DLL' "$own" 2>/dev/null || wine_dll=(--wine "$own")
    "$here/check-exports" "${wine_dll[@]}" "$(source_file "$1" "$2")" >/dev/null ||
        die "$1 ($2-bit) lacks exports that Wine's has; not installed (see tools/check-exports $(source_file "$1" "$2"))"
}

# --- the prefix and its Wine

wine=${WINE:-${WINELOADER:-wine}}

# Root would run programs of the prefix, so only root may control it. The folders above this script
# are not checked: anyone who may change those already has root's rights.
check_that_only_root_decides() { # FOLDER, without links, WHAT-TO-DO
    local fault top=$1 script
    script=$(cd -P "$here" && pwd -P) || exit 1
    until [[ $script/ == "$top"/* ]]; do top=${top%/*}; done
    fault=$(only_theirs "$1" "$top" "$(stat -c %u "$script")") ||
        die "$1 is not root's alone: $fault; $2"
}

check_prefix() {
    prefix=${WINEPREFIX:-${HOME:-}/.wine}
    # Do not check for system.reg: Wine writes it only when the programs of a new prefix have ended.
    [ -d "$prefix/dosdevices" ] && [ -f "$prefix/drive_c/windows/system32/kernel32.dll" ] ||
        die "$prefix is not a Wine prefix; set WINEPREFIX, or make one with: $(printf 'WINEPREFIX=%q %q' "$prefix" "$wine") wineboot -i"
    [ "$(stat -Lc %u "$prefix")" = "$(id -u)" ] ||
        die "$prefix belongs to $(stat -Lc %U "$prefix"); run this as that user"
    if [ "$(id -u)" = 0 ]; then
        prefix=$(cd -P -- "$prefix" && pwd -P) || exit 1
        check_that_only_root_decides "$prefix" "run this as the prefix's user, or correct that"
    fi
    prefix=$(cd "$prefix" && pwd)
    export WINEPREFIX=$prefix
    windows=$prefix/drive_c/windows
    state=$prefix/.wine-nap
    main_bits=64 mixed=""
    case $("$here/pe-version" "$windows/system32/kernel32.dll" 2>/dev/null) in 32*) main_bits=32 ;; esac
    [ ! -f "$windows/syswow64/kernel32.dll" ] || mixed=1
}

check_wine() {
    local version
    wine_environment
    command -v "$wine" >/dev/null || die "no Wine here ($wine); install Wine $least_wine or later, or set WINE"
    version=$("$wine" --version 2>/dev/null </dev/null)
    version=${version#wine-}
    version=${version%%[!0-9.]*}
    case $version in
        [0-9]*.[0-9]*) ;;
        *) die "$wine does not report its version; set WINE to a Wine of $least_wine or later" ;;
    esac
    [ "$(printf '%s\n' "$least_wine" "$version" | sort -V | head -n 1)" = "$least_wine" ] ||
        die "$wine is version $version; wine-nap needs Wine $least_wine or later"
    wine_log=$(mktemp -p "${TMPDIR:-/tmp}") || exit 1
    trap 'rm -f "$wine_log"' EXIT
}

# Starts a program; its output goes to $wine_log. On a busy machine Wine rarely ends a program before
# its first instruction, without output: such a one has done nothing, and is started once more.
start() {
    local code
    WINEDEBUG=${WINEDEBUG--all} "$wine" "$@" >"$wine_log" 2>&1 </dev/null
    code=$?
    if [ $code != 0 ] && [ $code -lt 124 ] && [ ! -s "$wine_log" ]; then
        WINEDEBUG=${WINEDEBUG--all} "$wine" "$@" >"$wine_log" 2>&1 </dev/null
        code=$?
    fi
    return $code
}

# Runs a program of C:\windows, given as folder\program. Its output goes to $wine_log (not to a
# pipe, which the prefix's services would hold open).
run() {
    local command=("C:\\windows\\$1")
    # A 32-bit loader redirects system32 to syswow64; its cmd finds the real one as sysnative.
    [[ -n $loader_is_32bit && $1 == system32* ]] && command=(cmd /c "C:\\windows\\sysnative${1#system32}")
    WINEDLLOVERRIDES="mscoree,mshtml=" start "${command[@]}" "${@:2}"
}

# These two checks must pass before anything is changed.
check_that_files_can_be_written() {
    local folder
    for folder in "$prefix" "$windows/system32" ${mixed:+"$windows/syswow64"}; do
        [ -w "$folder" ] || die "cannot write to $folder; make it writable for $(id -un)"
    done
}

# Wine runs no program in this prefix while a Wine of another version does, or if the bitness of the
# prefix is not its own. Sets windows_version too, to a number like 6.1.7601.
check_that_wine_runs() {
    loader_is_32bit=""
    WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" start cmd /c 'ver & if exist C:\windows\sysnative\cmd.exe exit 32'
    case $? in
        0) ;;
        32) loader_is_32bit=1 ;;
        *) die "$wine runs no program in $prefix: $(grep -a -m 1 -E '^wine(:| client error)' "$wine_log" || tail -n 1 "$wine_log"); if another Wine still runs there, end it; otherwise set WINE to the one that made the prefix" ;;
    esac
    windows_version=$(tr -d '\r' <"$wine_log" | sed -n 's/^Microsoft Windows \([0-9.]*\)$/\1/p')
}

# Wine 9 and later make such prefixes, and make one of an older Wine's prefix when they update it.
say_if_windows_10() {
    [ "${windows_version%%.*}" -ge 10 ] 2>/dev/null || return 0
    say "this prefix is Windows ${windows_version%%.*}: wine-nap works there, but installers of NAP programs refuse it; to do for them: ${0} --windows-version win7 [--program INSTALLER.exe]"
}

run_or_die() { # WHAT COMMAND...
    local what=$1
    shift
    run "$@" || die "could not $what: '$*' ended with $? $(tr -d '\r' <"$wine_log" | grep -a . | tail -n 1)"
}

# Prints one line for each copy of FILE of the table: bitness, folder.
places() { # FILE KIND
    echo "$main_bits system32"
    case $2 in com | replacement | program) [ -z "$mixed" ] || [ -n "$only_64" ] || echo "32 syswow64" ;; esac
}

each_file() { # COMMAND, run as: COMMAND FILE KIND CLSID BITS FOLDER
    local file kind clsid bits folder
    while read -r file kind clsid; do
        [ -n "$file" ] || continue
        while read -r bits folder; do
            "$1" "$file" "$kind" "$clsid" "$bits" "$folder" </dev/null
        done < <(places "$file" "$kind")
    done <<<"$files"
}

reg_value() { # KEY NAME ("" for the default value)
    local which=(/ve)
    [ -z "$2" ] || which=(/v "$2")
    run 'system32\reg.exe' query "$1" "${which[@]}" || return 1
    tr -d '\r' <"$wine_log" | sed -nE 's/^ .*REG_(SZ|EXPAND_SZ|DWORD) +//p' | head -n 1
}

# Runs a command that writes; if it fails, dies with its message.
attempt() {
    local reason
    reason=$("$@" 2>&1) || die "$reason; correct that and run this again"
}

put() { printf '%s' "$1" >"$2.new" && mv "$2.new" "$2"; } # TEXT FILE: writes it atomically

regsvr32() { run "$1\\regsvr32.exe" /s "${@:2}"; } # FOLDER ARGUMENTS...

# --- install

check_source() { # FILE KIND CLSID BITS FOLDER
    source_file "$1" "$4" >/dev/null ||
        die "$1 for $4-bit programs is not built; run tools/build.sh win$4 first$([ "$5" = syswow64 ] && echo " (or install --only-64-bit)")"
    [ "$2" != replacement ] || exports_are_whole "$1" "$4" "$5"
}

# After each step the next install or uninstall can continue. The replaced file is kept only once,
# because the next install finds our own file in its place. The mark says that we have installed a
# file, and whether we replaced one.
copy_file() { # FILE KIND CLSID BITS FOLDER
    local target=$windows/$5/$1 former=$state/former/$5/$1 mark=$state/installed/$5/$1 mode=644
    [ "$2" != script ] || mode=755
    if [ ! -e "$mark" ]; then
        attempt mkdir -p "$state/installed/$5" "$state/former/$5"
        if [ -e "$target" ] || [ -L "$target" ]; then
            attempt cp -a "$target" "$former.new"
            attempt mv "$former.new" "$former"
            attempt put former "$mark"
        else
            attempt put "" "$mark"
        fi
    fi
    # Never write into the old file: a program may be running from it.
    attempt cp "$(source_file "$1" "$4")" "$target.new"
    attempt chmod $mode "$target.new"
    attempt mv -f "$target.new" "$target"
}

register_file() { # FILE KIND CLSID BITS FOLDER
    local former
    case $2 in
        com)
            regsvr32 "$5" "C:\\windows\\$5\\$1" ||
                die "could not register $5\\$1: regsvr32 ended with $? (does $wine run $4-bit programs?)"
            ;;
        service) run_or_die "register the service" "$5\\$1" --install ;;
        replacement)
            if [ ! -e "$state/overrides/${1%.dll}" ]; then
                attempt mkdir -p "$state/overrides"
                former=$(reg_value "$overrides" "${1%.dll}")
                attempt put "$former" "$state/overrides/${1%.dll}"
            fi
            run_or_die "set the DLL override of $1" 'system32\reg.exe' add "$overrides" /v "${1%.dll}" /d native,builtin /f
            ;;
    esac
    say "installed $5\\$1 ($2)"
}

# NAME: napagent, or napserver or napwsha, which need napagent.
stop_service() { run 'system32\net.exe' stop "$1"; }
service_runs() { run 'system32\sc.exe' query "$1" && grep -q 'STATE *: 4' "$wine_log"; }

# If net start fails, a client may have started the service first; that is the new agent too.
start_service() { run 'system32\net.exe' start "$1" || service_runs "$1"; }

# The services of an older release are stopped when all new files are there. A file records which
# ran, in case this run is interrupted.
stop_services() {
    local name
    # The name of older releases, whose installation was interrupted.
    [ ! -e "$state/agent-ran" ] || attempt mv "$state/agent-ran" "$state/napagent-ran"
    for name in napwsha napserver napagent; do
        service_runs $name || continue
        attempt put "" "$state/$name-ran"
        stop_service $name
    done
}

start_services_again() {
    local name
    for name in napagent napserver napwsha; do
        [ -e "$state/$name-ran" ] || continue
        start_service $name || die "could not start the service again; to do: $wine net start $name"
        rm "$state/$name-ran"
    done
}

# Waits until Wine has ended. While a new prefix goes down, its service manager denies services that
# it has; the first program after an installation must not meet that.
settle() {
    local server
    if server=$(find_wineserver "$wine"); then
        timeout 20 "$server" -w 2>&1 | lines
    else
        say "no wineserver here (${WINESERVER:-none for $wine}), so this does not wait until Wine has ended; set WINESERVER"
    fi
}

install() {
    local first=1
    check_that_files_can_be_written
    [ -z "$command_folder" ] || check_command
    each_file check_source
    check_that_wine_runs
    [ ! -e "$state/installed/system32/napagent.exe" ] || first=""
    [ -z "$only_64" ] || only_64="" each_file leave_out_32bit
    each_file copy_file
    stop_services
    each_file register_file
    start_services_again
    [ -z "$command_folder" ] || make_command
    [ -z "$first" ] || settle
    say "wine-nap is in $prefix"
    say_if_windows_10
}

# --- uninstall

# True if the replaced file is back although the mark is still there: an uninstall was interrupted
# between the two.
is_back() { # FILE FOLDER
    [ -s "$state/installed/$2/$1" ] && [ ! -e "$state/former/$2/$1" ] && [ ! -L "$state/former/$2/$1" ]
}

unregister_file() { # FILE KIND CLSID BITS FOLDER
    local former current
    [ -e "$state/installed/$5/$1" ] || return
    ! is_back "$1" "$5" || return 0
    case $2 in
        com)
            [ ! -e "$windows/$5/$1" ] || regsvr32 "$5" /u "C:\\windows\\$5\\$1" ||
                die "could not unregister $5\\$1: regsvr32 ended with $? (does $wine run $4-bit programs?)"
            ;;
        service)
            stop_service "${1%.exe}"
            [ ! -e "$windows/$5/$1" ] || run_or_die "remove the service" "$5\\$1" --uninstall $purge
            ;;
        replacement)
            [ -e "$state/overrides/${1%.dll}" ] || return
            former=$(cat "$state/overrides/${1%.dll}")
            current=$(reg_value "$overrides" "${1%.dll}")
            if [ "$current" != native,builtin ]; then
                say "the DLL override of $1 is '$current', which is not ours; left as it is"
            elif [ -n "$former" ]; then
                run_or_die "restore the DLL override of $1" 'system32\reg.exe' add "$overrides" /v "${1%.dll}" /d "$former" /f
            else
                run_or_die "remove the DLL override of $1" 'system32\reg.exe' delete "$overrides" /v "${1%.dll}" /f
            fi
            rm "$state/overrides/${1%.dll}"
            ;;
    esac
}

remove_file() { # FILE KIND CLSID BITS FOLDER
    local target=$windows/$5/$1 former=$state/former/$5/$1 mark=$state/installed/$5/$1
    [ -e "$mark" ] || return
    rm -f "$target.new"
    if [ -e "$former" ] || [ -L "$former" ]; then
        attempt mv -f "$former" "$target"
    elif ! is_back "$1" "$5"; then
        attempt rm -f "$target"
    fi
    rm "$mark"
    say "removed $5\\$1"
}

# The DLL overrides stay: they are for 64-bit programs too.
leave_out_32bit() { # FILE KIND CLSID BITS FOLDER
    [ "$5" = syswow64 ] || return
    [ "$2" = replacement ] || unregister_file "$@"
    remove_file "$@"
}

# Removes what an uninstallation without --purge left.
purge_leftovers() {
    local agent
    agent=$(source_file napagent.exe "$main_bits") || die "napagent.exe is not beside this script; it removes registrations: $0 install, then $0 uninstall --purge"
    check_that_wine_runs
    start "$agent" --uninstall --purge ||
        die "could not remove the registrations: $(tr -d '\r' <"$wine_log" | grep -a . | tail -n 1)"
    rm -f "$windows/logs/napagent.log"* "$windows/logs/napserver.log"* "$windows/logs/naphost.log"* "$windows/logs/napwsha."*
    say "wine-nap is not in $prefix, nor are registrations of an earlier installation any more"
}

uninstall() {
    if [ ! -d "$state" ]; then
        if [ -n "$purge" ]; then purge_leftovers; else say "wine-nap is not in $prefix; nothing to do"; fi
        return
    fi
    check_that_files_can_be_written
    check_that_wine_runs
    each_file unregister_file
    each_file remove_file
    remove_commands
    rm -f "$windows/logs/napagent.log"* "$windows/logs/napserver.log"* "$windows/logs/naphost.log"* "$windows/logs/napwsha."*
    rm -rf "$state"
    say "wine-nap is out of $prefix$([ -n "$purge" ] || echo "; the agent's component registrations and the router configuration stay (--purge removes them)")"
}

# --- status

# napctl selftest finds the faults in the prefix. The one beside this script runs, so that it can
# check the installed napctl too. This function reports what only the host can see.
show_more() { # FILE KIND CLSID BITS FOLDER
    local source path=$windows/$5/$1
    if [ "$2" = script ] && [ ! -x "$path" ]; then
        printable "FAULT    $5\\$1: $([ -e "$path" ] && echo "not executable" || echo missing)"
        printable "         to do: ${0} install"
        code=1
    elif [ -e "$path" ] && source=$(source_file "$1" "$4") && ! cmp -s "$source" "$path"; then
        printable "note     $5\\$1: differs from the one here; to install that one: ${0} install"
    fi
}

status() {
    local code=0
    [ -d "$state" ] || { say "wine-nap is not installed here; to do: ${0} install"; return 1; }
    check_that_wine_runs
    printable "$prefix: $([ -n "$mixed" ] && echo "64-bit and 32-bit" || echo "$main_bits-bit"), $("$wine" --version)${windows_version:+, Windows $windows_version}"
    each_file show_more
    start "$(source_file napctl.exe "$main_bits")" selftest || code=1
    tr -d '\r' <"$wine_log" | lines
    return $code
}

# --- the version of Windows

windows_version() {
    local key='HKCU\Software\Wine\AppDefaults\'$program
    check_that_wine_runs
    if [ -z "$program" ]; then
        run_or_die "set the version of Windows" 'system32\winecfg.exe' -v "$version"
        # The agent reports the version to servers, and reads it when it starts.
        if service_runs napagent; then
            stop_service napagent
            start_service napagent || die "could not start the service again; to do: $wine net start napagent"
        fi
        check_that_wine_runs
        say "$prefix is Windows $windows_version ($version) to programs that start from now on"
    elif [ "$version" != default ]; then
        run_or_die "set the version of Windows" 'system32\reg.exe' add "$key" /v Version /d "$version" /f
        say "$program runs on $version from its next start"
    else
        [ -z "$(reg_value "$key" Version)" ] ||
            run_or_die "remove the version of Windows" 'system32\reg.exe' delete "$key" /v Version /f
        say "$program runs on the prefix's Windows $windows_version from its next start"
    fi
}

usage() {
    echo "usage: setup.sh install [--only-64-bit] [--command [FOLDER]] | uninstall [--purge] | status | --windows-version VERSION [--program NAME.exe]" >&2
    exit 2
}

# The options of install.
install_options() {
    while [ $# != 0 ]; do
        case $1 in
            --only-64-bit) only_64=1 ;;
            --command)
                command_folder=${HOME:-}/.local/bin
                if [ $# != 1 ] && [[ $2 != -* ]]; then
                    command_folder=$2
                    shift
                fi
                [ -n "$command_folder" ] || usage
                ;;
            *) usage ;;
        esac
        shift
    done
}

action=${1:-} only_64="" command_folder="" purge="" version="" program=""
case "$*" in
    uninstall | status) ;;
    install | "install "*) install_options "${@:2}" ;;
    "--windows-version "*)
        action=windows_version version=${2:-} program=${4:-}
        case $#${3:-} in 2 | "4--program") ;; *) usage ;; esac
        case $version in
            win11 | win10 | win81 | win8 | win7 | vista | win2008 | win2008r2 | win2003 | winxp | winxp64) ;;
            default) [ $# = 4 ] || die "the prefix has no default; name a version" ;;
            *) die "there is no version '$version'; Wine's are win11, win10, win81, win8, win2008r2, win7, win2008, vista, win2003, winxp64 and winxp" ;;
        esac
        [[ $# = 2 || $program =~ ^[^\\/:*?\"\<\>\|]+\.[eE][xX][eE]$ ]] ||
            die "'$program' is not the name of a program, like setup.exe without a path"
        ;;
    "uninstall --purge") purge=--purge ;;
    *) usage ;;
esac
check_prefix
check_wine
"$action"
