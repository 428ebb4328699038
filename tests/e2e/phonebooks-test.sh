#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Phone books that many processes change at once, and processes that are killed while they do.
# Takes up to 900 s.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
wine_env || exit 1
own_prefix
"$root/tools/setup.sh" install || exit 1
wait_wine
work_dir
WINEDEBUG=-all
writer=$root/build/win64/tests/e2e/phonebooks/phonebook-writer.exe
# Where fsync(2) costs nothing: it matters only when the machine fails.
folder=$(mktemp -d /dev/shm/wine-nap.XXXXXX 2>/dev/null) || folder=$work
book=$folder/rasphone.pbk
windows_book=Z:${book//\//\\}

new_book() { printf '; kept\r\n[First]\r\nType=1\r\nUnknown=kept\r\n' >"$book"; }
is_whole() { python3 "$root/tests/e2e/phonebooks/check.py" "$book" "$1"; }

# 8 processes add 125 entries each.
new_book
processes=()
for name in a b c d e f g h; do
    "$WINE" "$writer" "$windows_book" "$name" 125 </dev/null >"$work/out.$name" 2>&1 &
    processes+=($!)
done
failed=0
for process in "${processes[@]}"; do wait "$process" || failed=1; done
check "8 processes add entries at once" test $failed = 0
check "none of 1,000 entries is lost" is_whole 1001

# Processes are killed at any moment, 8 at a time; between the rounds the phone book is whole.
new_book
kills=0
while [ $kills -lt "${KILLS:-200}" ]; do
    processes=()
    for name in a b c d e f g h; do
        "$WINE" "$writer" "$windows_book" $name 0 </dev/null >"$work/out.$name" 2>&1 &
        processes+=($!)
    done
    sleep "0.$((RANDOM % 900 + 100))"
    for process in "${processes[@]}"; do
        sleep "0.0$((RANDOM % 10))"
        kill -9 "$process" 2>/dev/null && kills=$((kills + 1))
        # Whatever the others do now, a reader gets a whole phone book.
        is_whole any >"$work/checked" 2>&1 || break 2
    done
    wait "${processes[@]}" 2>/dev/null
done
check "the phone book is whole after each of $kills kills" is_whole any
check "and it can be changed" run_in_wine 60 "$writer" "$windows_book" after 1
check "no writer had an error" test -z "$(cat "$work"/out.*)"
cat "$work"/out.* 2>/dev/null | head -3
[ "$folder" = "$work" ] || rm -r "$folder"
