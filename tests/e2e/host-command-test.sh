# SPDX-License-Identifier: LGPL-2.1-or-later
# The host's command napctl, which setup.sh install --command makes: its prefix, its output, its exit
# codes, signals, and what is in its way.
# Takes up to 600 s.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
wine_env || exit 1
work_dir
prefix_of_its_own
prefix=$WINEPREFIX setup=$root/tools/setup.sh
unset WINEDEBUG
install() { WINEPREFIX=$prefix "$setup" install "$@" >"$work/said" 2>&1 || { cat "$work/said"; return 1; }; }
says() { grep -qE -- "$1" "$work/said" || { cat "$work/said"; return 1; }; }

# ---- what is in its way

mkdir "$work/bin" "$work/other"
echo "echo mine" >"$work/bin/napctl"
check "a program of that name is not replaced" eval '! install --command "$work/bin" && grep -qx "echo mine" "$work/bin/napctl"'
check "... which says what to do" says "$work/bin/napctl is not ours; give another folder: .* install --command FOLDER"
rm "$work/bin/napctl"
check "install --command FOLDER" install --command "$work/bin"
check "says where it is" says "installed $work/bin/napctl"
check "and that the folder is not in the PATH" says "$work/bin is not in your PATH"
sed "s|^prefix=.*|prefix=/another|" "$work/bin/napctl" >"$work/other/napctl"
check "that of another prefix is not replaced" eval '! install --command "$work/other" && says "that of another prefix"'
mkdir -p "$work/home/.local/bin" && sed "s|^exec .*|exit 99|" "$work/bin/napctl" >"$work/home/.local/bin/napctl"
HOME=$work/home check "without a folder it is in ~/.local/bin" install --command
check "... where an older one of this prefix is replaced" eval '"$work/home/.local/bin/napctl" --help >/dev/null'

# ---- what it does; with no environment of the test's but the PATH

napctl() { (cd "${in:-/}" && env -i PATH="$PATH" HOME="$HOME" "$work/bin/napctl" "$@") >"$work/out" 2>"$work/err" </dev/null; }
ends() { local wanted=$1 code; shift; napctl "$@"; code=$?; [ $code = "$wanted" ] || { cat "$work/out" "$work/err"; echo "exit code $code"; return 1; }; }
check "show state" ends 0 show state
check "... of its prefix" grep -q '^Enforcement client state' "$work/out"
check "... without CR" eval '! grep -q $'\''\r'\'' "$work/out"'
check "... and without a word of Wine" eval '[ ! -s "$work/err" ] || { cat "$work/err"; false; }'
check "a name outside ASCII" ends 0 enforcement register 4711 'Zürich ä漢'
check "... comes back" eval 'ends 0 show state && grep -qF "Zürich ä漢" "$work/out"'
check "wrong usage has its exit code" ends 2 bogus
check "... and one line in two, without CR" eval '[ -s "$work/err" ] && ! grep -q $'\''\r'\'' "$work/err"'
check "a failure has its exit code" ends 1 enforcement enable 9999
policy=$root/examples/policies/antivirus.policy soh=$root/tests/fuzz/corpus/soh/request_plain
"$work/bin/napctl" validate --policy "$policy" --request "$soh" --response "$work/response" >/dev/null 2>&1
check "a response in a pipe has every byte" eval '"$work/bin/napctl" validate --policy "$policy" --request "$soh" 2>/dev/null | cmp - "$work/response"'
check "standard input" eval '"$work/bin/napctl" decode - <"$soh" | grep -q MachineName'
mkdir "$work/trap" && cp "$root/build/win64/programs/rasdial/rasdial.exe" "$work/trap/napctl.exe"
in=$work/trap check "a napctl.exe in the present folder does not run" ends 0 show state
"$work/bin/napctl" watch >"$work/watched" 2>&1 </dev/null &
watcher=$!
began() { grep -q '^.* agent: ' "$work/watched"; }
check "watch runs" within 30 began
kill -TERM $watcher
gone() { ! kill -0 $watcher 2>/dev/null; }
check "and ends with a signal" within 10 gone
mv "$prefix" "$prefix.gone"
check "a prefix that is gone" eval 'ends 3 show state && grep -qF "is not there any more" "$work/err"'
mv "$prefix.gone" "$prefix"

# ---- its end

check "uninstall" eval 'WINEPREFIX=$prefix "$setup" uninstall >/dev/null'
check "removes it" test ! -e "$work/bin/napctl"
check "and the one in ~/.local/bin" test ! -e "$work/home/.local/bin/napctl"
check "and no other" test -e "$work/other/napctl"
