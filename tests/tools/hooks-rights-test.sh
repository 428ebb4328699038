#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Attacks on the scripts that root runs (tools/hooks, setup.sh): the rules R1 to R11 of
# docs/reliability.md, "What root runs", by their numbers. R8 is in tests/e2e/rras-hooks-test.sh.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# --- R7, the function itself: any user may run this part

printable() { bash -c '. "$1/tools/hooks/rights" && printable "$2"' - "$root" "$1"; }
becomes() { # GIVEN EXPECTED
    local got
    got=$(printable "$1") && [ "$got" = "$2" ] || { printf '%q became %q\n' "$1" "$got"; return 1; }
}
no_control_passes() {
    local code char
    for code in {1..31} {127..159} 1564 8206 8207 8232 8233 {8234..8238} {8294..8297}; do
        printf -v char '\\U%08x' "$code"
        printf -v char "$char"
        becomes "a${char}b" 'a?b' || return 1
    done
}
export LC_ALL=C.UTF-8
check "R7: no control character passes, C0, C1 or bidirectional" no_control_passes
check "R7: letters of all languages pass" becomes 'é€😀 ١٢٣ "quoted" \n %s' 'é€😀 ١٢٣ "quoted" \n %s'
check "R7: of a text that is not UTF-8 only ASCII passes" becomes $'a\x9b31mb\xc3' 'a?31mb?'
check "R7: overlong controls do not pass" becomes $'a\xc0\x9bb' 'a??b'
check "R7: an empty text stays empty" becomes "" ""
# Compares the scripts' function with the C code's, for every character.
as_is_control() {
    local given expected got
    given=$("$root/build/native/tests/tools/controls" given && echo .) &&
        expected=$("$root/build/native/tests/tools/controls" expected && echo .) && [ ${#given} -gt 1100000 ] || return 1
    got=$(. "$root/tools/hooks/rights" && printable "$given") && [ "$got" = "$expected" ] && return
    cmp -b <(printf '%s' "$got") <(printf '%s' "$expected")
    return 1
}
check "R7: the control characters are those of libs/text" as_is_control
unset LC_ALL

# --- R10: the agent's script, with other files in its folder

work_dir
in_folder() { # COMMAND...: runs napagent-hook in a new folder, after COMMAND ran there
    rm -rf "$work/run" "$work/ran" && mkdir -m 700 "$work/run" && echo precious >"$work/victim"
    printf '5\0%s\0' "$work/hook" >"$work/run/arguments"
    (cd "$work/run" && "$@" && "$root/tools/hooks/napagent-hook")
}
printf '#!/bin/sh\necho >%q\n' "$work/ran" >"$work/hook" && chmod 755 "$work/hook"
has_run() { in_folder "$@"; [ -e "$work/ran" ] && grep -qx 'exit 0' "$work/run/status"; }
refuses() { ! in_folder "$@" && [ ! -e "$work/ran" ] && [ "$(cat "$work/victim")" = precious ]; }
linked_arguments() { mv arguments "$work/elsewhere" && ln -s "$work/elsewhere" arguments; }
check "R10: the hook runs" has_run true
check "R10: not if its arguments are a link" refuses linked_arguments
check "R10: not with a link that its answer would follow" refuses ln -s "$work/victim" status.new
check "R10: not with any other file" refuses mkdir status
check "R10: the folder is closed to others" eval 'in_folder chmod 755 . && [ "$(stat -c %a "$work/run")" = 700 ]'

if [ "$(id -u)" != 0 ]; then
    skip hooks-rights-root "only root can test root's scripts"
    exit
fi

# Folders that belong to root, like /etc and /usr/local. The prefix's user is nobody.
user=$(id -u nobody) group=$(id -g nobody)
scratch=$(mktemp -d /var/lib/wine-nap-test.XXXXXX) && chmod 755 "$scratch" || exit 1
trap 'rm -rf "$scratch"; _tidy' EXIT
home=$scratch/home prefix=$scratch/home/.wine conf=$scratch/etc/rras.conf out=$scratch/out
mkdir "$scratch"/{bin,etc,hooks,home}
cp "$root"/tools/hooks/* "$scratch/hooks"
# The scripts have the configuration's path and their PATH as constants: change both.
sed -i "s,/etc/wine-nap/rras.conf,$conf,; s,PATH=/usr,PATH=$scratch/bin:/usr," "$scratch"/hooks/*
limit() { sed -i "s,^limit=[0-9]*,limit=$1," "$scratch/hooks/report-connection"; } # SECONDS
# In Wine's place: runs the program in the prefix.
cat >"$scratch/wine" <<'END'
#!/bin/bash
exec "$WINEPREFIX/drive_c/windows/system32/napctl.exe" "$@"
END
# In logger's place: writes to a file.
cat >"$scratch/bin/logger" <<END
#!/bin/bash
printf '%s\n' "\${@: -1}" >>$scratch/syslog
env >$scratch/tool-env
END
chmod 755 "$scratch/wine" "$scratch/bin/logger"

fresh() { # makes a prefix of the user's; its napctl records who runs it
    rm -rf "$home" "$out" "$scratch/etc" "$scratch/syslog" "$scratch/tmp"
    install -d -m 755 -o "$user" -g "$group" "$home"
    install -d -m 1777 "$out"
    mkdir -m 755 "$scratch/etc"
    made_prefix "$prefix"
    chown -hR "$user:$group" "$home"
    configured USER=nobody "PREFIX=$prefix" "WINE=$scratch/wine"
    napctl_is <<END
{ id -u; grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs)' /proc/self/status; pwd; umask; } >$out/who
cut -d' ' -f4-7 /proc/self/stat >$out/session
ls -l /proc/self/fd >$out/fds
env >$out/env
END
}
made_prefix() { mkdir -p "$1"/dosdevices "$1/drive_c/windows/system32" && touch "$1/drive_c/windows/system32/kernel32.dll"; }
napctl_is() {
    { echo '#!/bin/bash'; cat; } >"$prefix/drive_c/windows/system32/napctl.exe"
    chmod 755 "$prefix/drive_c/windows/system32/napctl.exe"
    chown "$user:$group" "$prefix/drive_c/windows/system32/napctl.exe"
}
configured() { printf '%s\n' "$@" >"$conf" && chmod 644 "$conf"; }
report() { "${caller[@]}" "$scratch/hooks/report-connection" "${@:-add}" ppp0 --user bob </dev/null 2>"$scratch/stderr"; }
caller=(env -i)
ran() { [ -e "$out/who" ]; }
ran_as_the_user() { ran && [ "$(head -n 1 "$out/who")" = "$user" ] || { cat "$out/who" "$scratch/stderr"; return 1; }; }
complains() { grep -q -- "$1" "$scratch/stderr" || { cat "$scratch/stderr"; return 1; }; }
runs() { report && ran_as_the_user && [ ! -s "$scratch/stderr" ] || { cat "$scratch/stderr"; return 1; }; }
# Nothing runs, there is a message, and the connection does not fail.
runs_nothing() { report && ! ran && complains "$1"; }

# --- R1: the user

fresh
check "R1: the report runs as USER" runs
# The prefix is a link to a folder of root's that anybody may write, like /tmp.
attack() {
    mkdir -m 1777 "$scratch/tmp"
    mv "$prefix" "$scratch/tmp/prefix"
    chown root: "$scratch/tmp/prefix"
    chmod 1777 "$scratch/tmp/prefix"
    ln -s "$scratch/tmp/prefix" "$prefix"
}
fresh
attack
check "R1: a link to a folder of root's makes nobody root" eval 'report; ! grep -qx 0 "$out/who"'
configured "PREFIX=$prefix" "WINE=$scratch/wine"
check "R1: not without a configured user either" runs_nothing 'USER='
fresh
configured USER=no-such-user "PREFIX=$prefix" "WINE=$scratch/wine"
check "R1: an unknown user runs nothing" runs_nothing 'no-such-user'
for name in root 0; do
    configured USER=$name "PREFIX=$prefix" "WINE=$scratch/wine"
    check "R1: USER=$name runs nothing" runs_nothing 'root'
done
configured "USER=$user" "PREFIX=$prefix" "WINE=$scratch/wine"
check "R1: USER may be a number" runs
fresh
chown -h 12345 "$prefix"
check "R1: nothing in another user's prefix runs" runs_nothing 'belongs to another'
fresh
caller=(setpriv --reuid=12345 --regid=12345 --clear-groups env -i)
check "R1: a caller that is neither root nor USER reports nothing" eval 'report 2>/dev/null; ! ran'
caller=(env -i)

# --- R2: the configuration

fresh
mkdir "$home/etc"
cp "$conf" "$home/etc/rras.conf"
caller=(env -i WINE_NAP_RRAS_CONF="$home/etc/rras.conf")
configured nothing
check "R2: the environment names no configuration to root" runs_nothing "$conf"
caller=(env -i GCONV_PATH="$home" LOCPATH="$home" TMPDIR="$home")
check "R2: nor anything to its tools" eval 'runs_nothing "$conf" && ! grep -E "GCONV|LOCPATH|TMPDIR" "$scratch/tool-env"'
caller=(env -i)
believes_not() { # COMMAND...: after it nothing runs
    fresh
    "$@" || return 1
    runs_nothing "$conf\|$scratch/etc"
}
check "R2: no configuration that a group may write" believes_not chmod 664 "$conf"
check "R2: none that anybody may write" believes_not chmod 646 "$conf"
check "R2: none that is not root's" believes_not chown "$user" "$conf"
check "R2: none in a folder that its group may write" believes_not chmod 775 "$scratch/etc"
check "R2: none in a folder that anybody may write, sticky or not" believes_not chmod 1777 "$scratch/etc"
check "R2: none in another user's folder" believes_not chown "$user" "$scratch/etc"
link_file() { mv "$conf" "$scratch/real.conf" && ln -s "$scratch/real.conf" "$conf"; }
link_folder() { mv "$scratch/etc" "$scratch/real" && ln -s real "$scratch/etc"; }
check "R2: none that is a link" believes_not link_file
check "R2: none whose folder is a link" believes_not link_folder
rm -rf "$scratch/real" "$scratch/etc"
check "R2: no pipe, which would block it" believes_not eval 'rm "$conf"; mkfifo -m 644 "$conf"'
check "R2: no folder" believes_not eval 'rm "$conf"; mkdir "$conf"'
check "R2: no missing one" believes_not rm "$conf"
fresh
configured USER=nobody "PREFIX=$prefix" 'bob:$6$secret:19000'
check "R2: with an unknown line nothing runs" runs_nothing 'line 3'
check "R2: and is not quoted" eval '! grep -q secret "$scratch/stderr" "$scratch/syslog"'
fresh
printf 'PREFIX=%s\nWINE=%s\nUSER=nobody' "$prefix" "$scratch/wine" >"$conf"
check "R2: a last line without an end counts" runs

# --- R3: root accesses nothing of the user's; here it cannot

fresh
chmod 700 "$home"
caller=(setpriv --bounding-set=-dac_override,-dac_read_search env -i)
cannot_look() { ! "${caller[@]}" ls "$home"; }
check "R3: a root that cannot read the user's folders" cannot_look
check "R3: reports all the same" runs
caller=(env -i)

# --- R4: no right of root's is left

fresh
caller=(setpriv --groups=0,4,20 --inh-caps=+chown,+net_admin --ambient-caps=+net_admin env -i)
check "R4: a caller with groups and capabilities" runs
caller=(env -i)
has() { grep -qE "^$1\$" "$out/who" || { cat "$out/who"; return 1; }; }
check "R4: user: real, effective, saved, of files" has "Uid:(.$user){4}"
check "R4: group, likewise" has "Gid:(.$group){4}"
check "R4: groups are the user's" has "Groups:[[:space:]]*$(id -G nobody | tr ' ' '\n' | sort -n | tr '\n' ' ')"
for kind in Inh Prm Eff Amb; do check "R4: no capability, Cap$kind" has "Cap$kind:.0+"; done
check "R4: the hook may still use sudo" has 'NoNewPrivs:.0'

# --- R5: nothing of root's is handed over

fresh
echo secret >"$scratch/secret" && chmod 600 "$scratch/secret"
caller=(env -i LD_NOT=1 SECRET=1 TMPDIR="$out" BASH_ENV=/nonexistent IFS=/ WINEPREFIX=/elsewhere WINELOADER=/evil HOME=/root)
check "R5: a caller with open files" eval '(umask 0; report 5<"$scratch/secret" 63>>"$scratch/secret" 255<"$scratch/secret")'
caller=(env -i)
check "R5: runs as usual" ran_as_the_user
no_file() { ! grep -E 'secret|stderr' "$out/fds" && grep -q ' 0 -> /dev/null' "$out/fds"; }
check "R5: none of the files is open in it" no_file
check "R5: the folder is /" has /
check "R5: others cannot write the files that it makes" has 0022
names() { cut -d= -f1 "$out/env" | grep -vxE 'PWD|OLDPWD|SHLVL|_' | sort | tr '\n' ' '; }
check "R5: the environment is its own" eval '[ "$(names)" = "HOME LANG LC_ALL PATH USER WAYLAND_DISPLAY WINE WINEDEBUG WINEDLLOVERRIDES WINEPREFIX " ] || { names; false; }'
check "R5: with the user's values" eval 'grep -qx "WINEPREFIX=$prefix" "$out/env" && grep -qx USER=nobody "$out/env" && ! grep -q /root "$out/env"'
fresh
export -f report ran complains
on_terminal() {
    script -qec "[ \"\$(ps -o tty= -p \$\$)\" != '?' ] && env -i $scratch/hooks/report-connection add ppp0 2>&1" /dev/null </dev/null
    ran_as_the_user && [ "$(cut -d' ' -f4 "$out/session")" = 0 ] || { cat "$out/session"; return 1; }
}
check "R5: it does not have root's terminal" on_terminal
fresh
check "R9: root writes no file" eval 'report; [ -z "$(find "$home" "$out" -user 0 ! -path "$out" -print)" ]'

# --- R6: a report ends, whatever the user's programs do

limit 2
ends() { # standard input has the user's napctl; reads the output to its end, as strongSwan does
    fresh
    napctl_is
    local started=$SECONDS
    "$scratch/hooks/report-connection" add ppp0 2>&1 | cat >"$scratch/stderr"
    [ $((SECONDS - started)) -le 12 ] || { echo "it took $((SECONDS - started)) s"; return 1; }
}
check "R6: a program that hangs and ignores SIGTERM ends" ends <<<"echo \$\$ >$out/pid; trap '' TERM HUP INT; while :; do sleep 300; done"
check "R6: there is a message" complains 'cannot add ppp0: no answer within 2 seconds'
is_gone() { ! ps -o stat=,args= -p "$(cat "$out/pid")" | grep -v '^Z'; }
check "R6: and the program is gone" is_gone
check "R6: programs that stop themselves and their parents end" ends <<<"kill -STOP \$PPID; kill -STOP \$\$"
check "R6: there is a message about them" complains 'no answer'
limit 10
check "R6: a program that leaves the group and keeps the pipe does not delay the report" ends <<<"setsid bash -c 'echo \$\$ >$out/pid; exec sleep 60' & sleep 0.3; echo it failed; exit 1"
check "R6: which fails with its message" complains 'cannot add ppp0: .*it failed'
kill "$(cat "$out/pid")"
limit 2
check "R6: a program that writes without end ends" ends <<<"exec >/proc/\$PPID/fd/1; exec yes"
check "R6: its output is cut" eval '[ "$(wc -c <"$scratch/stderr")" -lt 500 ]'
limit 20
fresh
rm -rf "$prefix" && mkfifo "$prefix"
check "R6: a pipe in place of the prefix runs nothing" runs_nothing 'not the path of a prefix'
fresh
rm "$prefix/drive_c/windows/system32/napctl.exe" && mkfifo -m 755 "$prefix/drive_c/windows/system32/napctl.exe"
check "R6: a pipe in place of its program runs nothing" runs_nothing 'cannot add'

# --- R7: messages

fresh
napctl_is <<'END'
printf 'no\nwine-nap: forged line\r\n\033]0;title\007\xe2\x80\xaeevil\xc2\x9b31m\x00é'
exit 1
END
report
one_line() { [ "$(wc -l <"$1")" = 1 ] && ! LC_ALL=C grep -P '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae' "$1" || { cat -A "$1"; return 1; }; }
check "R7: the output of a program becomes one line" one_line "$scratch/stderr"
check "R7: in syslog too" one_line "$scratch/syslog"
check "R7: the line has its text" complains 'cannot add ppp0: no wine-nap: forged line'
configured nothing
env -i "$scratch/hooks/report-connection" add $'ppp0\nforged\e[2J' 2>"$scratch/stderr"
configured USER=nobody "PREFIX=$prefix" "WINE=$scratch/wine"
rm "$scratch/syslog"
env -i "$scratch/hooks/report-connection" dialed $'ppp0\nforged\e[2J\u202e' 2>"$scratch/stderr"
check "R7: a name that a peer chose is one line" one_line "$scratch/stderr"
check "R7: in syslog" one_line "$scratch/syslog"
# What report-to-prefix prints of Wine is short; of the configuration it is not.
says() { # START CHARACTER: it says that there is no program of a long name
    fresh
    configured USER=nobody "PREFIX=$prefix" "WINE=/$1$(printf "$2%.0s" {1..400})"
    report
}
characters() { sed 's/.*cannot add ppp0: //' "$1" | tr -d '\n' | LC_ALL=C.UTF-8 wc -m; }
says "" x
check "R7: of a line that is longer it says 300 characters" eval 'complains "there is no program /x" && [ "$(characters "$scratch/stderr")" = 300 ]'
check "R7: syslog has as many" eval '[ "$(characters "$scratch/syslog")" = 300 ]'
for start in "" x; do # the 300th byte ends a character, or is inside one
    says "$start" é
    check "R7: and no more if they are not ASCII: ${start}éé..." eval \
        'one_line "$scratch/stderr" && [ "$(characters "$scratch/stderr")" -gt 100 ] && [ "$(characters "$scratch/stderr")" -le 300 ]'
done

# --- R9: a step that fails

for tool in setpriv getent setsid timeout stat; do
    fresh
    printf '#!/bin/sh\nexit 1\n' >"$scratch/bin/$tool" && chmod 755 "$scratch/bin/$tool"
    check "R9: without $tool nothing runs, and the connection does not fail" runs_nothing report-connection
    rm "$scratch/bin/$tool"
done
fresh
check "R9: report-to-prefix does not run as root" eval \
    '! env -i WINEPREFIX="$prefix" WINE="$scratch/wine" "$scratch/hooks/report-to-prefix" add ppp0 && ! ran'

# --- R10 again: what is another's

theirs() { chown "$user:$group" "$@"; }
linked_to_theirs() { mv "$work/run" "$work/real" && theirs "$work/real" && ln -s real "$work/run" && cd "$work/run"; }
changes_nothing() { # COMMAND...: it gives up, and the folder is as it was, with its mode
    rm -rf "$work/real"
    refuses "$@" && [ "$(ls -A "$work/run/")" = arguments ] && [ "$(stat -Lc %a "$work/run")" = 755 ]
}
opened() { chmod 755 . && "$@"; }
check "R10: not in a folder that is not its user's" changes_nothing opened theirs .
check "R10: nor in one that a link leads to" changes_nothing opened linked_to_theirs
check "R10: nor with arguments that are not" refuses theirs arguments
rm -rf "$work/real" "$work/run"

# --- R11: setup.sh as root

fresh
printf '#!/bin/sh\necho >%s/who\necho wine-8.0\n' "$out" >"$scratch/wine"
setup_refuses() { # WHY: setup.sh fails for WINEPREFIX with this message and runs nothing in it
    local action
    for action in install status uninstall; do
        ! WINE=$scratch/wine timeout 20 "$root/tools/setup.sh" $action >"$scratch/stderr" 2>&1 && ! ran && complains "$1" || return 1
    done
}
export WINEPREFIX=$prefix
check "R11: setup.sh as root rejects a prefix of the user" setup_refuses "belongs to nobody"
check "R11: it says which user may run it" complains 'run this as that user'
chown -R root: "$prefix"
check "R11: and root's prefix in a user's folder" setup_refuses "$home belongs to"
fresh
attack
check "R11: and one behind a user's link" setup_refuses "is not root's alone"
WINEPREFIX=$scratch/tmp/prefix
check "R11: and one that others may write" setup_refuses 'may be changed by others'
# The user's link leads to a prefix of root's until something of Wine's runs, then to his own.
fresh
made_prefix "$scratch/own"
mkdir "$scratch/own/.wine-nap" "$prefix/.wine-nap"
chown "$user:$group" "$prefix/.wine-nap"
WINEPREFIX=$home/link
ln -s "$scratch/own" "$WINEPREFIX"
cat >"$scratch/wine" <<END
#!/bin/bash
printf '%s\\n' "\$WINEPREFIX" >>$out/prefixes
ln -sfn $prefix $home/link
echo wine-8.0
END
only_its_end() {
    WINE=$scratch/wine timeout 20 "$root/tools/setup.sh" uninstall >"$scratch/stderr" 2>&1 &&
        complains "out of $scratch/own;" && [ "$(sort -u "$out/prefixes")" = "$scratch/own" ] || { cat "$scratch/stderr" "$out/prefixes"; return 1; }
    [ "$(readlink "$WINEPREFIX")" = "$prefix" ] && [ -d "$prefix/.wine-nap" ] && [ ! -e "$scratch/own/.wine-nap" ]
}
check "R11: a link is resolved once, and only its end is used" only_its_end
