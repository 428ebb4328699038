# SPDX-License-Identifier: LGPL-2.1-or-later
# host-command.sh: sourced by setup.sh: the host's command napctl for a prefix.
#
#   check_command     before anything is changed: may $command_folder/napctl be made?
#   make_command      makes it
#   remove_commands   removes those that were made for this prefix
#
# $prefix, $state, $wine and the functions to say and to fail are setup.sh's.

our_command="# The napctl of wine-nap; made by setup.sh install --command."

quoted() { LC_ALL=C printf %q "$1"; } # the same in every locale

# Succeeds if FILE is such a command, of this prefix if THIS is given.
is_our_command() { # FILE [THIS]
    [ "$(sed -n 2p "$1" 2>/dev/null)" = "$our_command" ] || return
    [ $# = 1 ] || grep -qxF "prefix=$(quoted "$(cd -P "$prefix" && pwd)")" "$1"
}

# Also before anything is changed.
check_command() {
    local file=$command_folder/napctl
    [ ! -e "$file" ] && [ ! -L "$file" ] || is_our_command "$file" this ||
        die "$file is $(is_our_command "$file" && echo "that of another prefix" || echo "not ours"); give another folder: $0 install --command FOLDER"
    [ -z "${WINESERVER:-}" ] || command -v "$WINESERVER" >/dev/null || die "there is no wineserver $WINESERVER; correct WINESERVER"
    attempt mkdir -p "$command_folder"
    [ -w "$command_folder" ] || die "cannot write to $command_folder; give another folder: $0 install --command FOLDER"
    command_folder=$(cd -P "$command_folder" && pwd)
    [ "$(id -u)" != 0 ] ||
        check_that_only_root_decides "$command_folder" "give another folder: $0 install --command FOLDER"
}

command_text() {
    local loader
    loader=$(command -v "$wine")
    [[ $loader == /* ]] || loader=$PWD/$loader
    printf '%s\n' "#!/bin/bash" "$our_command" "prefix=$(quoted "$(cd -P "$prefix" && pwd)")" "wine=$(quoted "$loader")" \
        "unset WINELOADER WINESERVER WINEARCH"
    [ -z "${WINESERVER:-}" ] || echo "export WINESERVER=$(quoted "$(realpath "$(command -v "$WINESERVER")")")"
    declare -f wine_environment
    cat <<'END'
die() { echo "napctl: $*" >&2; exit 3; }
[ -d "$prefix/drive_c" ] || die "the prefix $prefix is not there any more; remove $0"
[ -x "$wine" ] || die "there is no $wine any more; run setup.sh install --command again"
wine_environment
# Wine takes the bytes of arguments for characters of the locale.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *[Uu][Tt][Ff]*) ;;
    *)
        export LANG=${LC_ALL:-${LANG:-C}} LC_CTYPE=C.UTF-8
        unset LC_ALL
        ;;
esac
export WINEPREFIX=$prefix WINEDEBUG=${WINEDEBUG--all} NAPCTL_NEWLINE=lf
# Not by its name alone: that would be looked for in the present folder first.
exec "$wine" 'C:\windows\system32\napctl.exe' "$@"
END
}

make_command() {
    local file=$command_folder/napctl new
    new=$(mktemp "$command_folder/.napctl.XXXXXX") || die "cannot write to $command_folder"
    command_text >"$new" && chmod 755 "$new" && mv -T "$new" "$file" || die "cannot write $file"
    grep -qxF -e "$file" "$state/commands" 2>/dev/null || attempt put "$(cat "$state/commands" 2>/dev/null)
$file" "$state/commands"
    say "installed $file, the command for this prefix"
    case :$PATH: in *:"$command_folder":*) ;; *) say "$command_folder is not in your PATH" ;; esac
}

remove_commands() {
    local file
    [ -e "$state/commands" ] || return 0
    while read -r file || [ -n "$file" ]; do
        if is_our_command "$file" this; then attempt rm "$file"; elif [ -e "$file" ]; then say "$file is not this prefix's any more; left as it is"; fi
    done <"$state/commands"
    rm "$state/commands"
}
