# SPDX-License-Identifier: LGPL-2.1-or-later
# protocol-table: the tables in docs/protocol.md match libs/napipc, and protocol-table finds faults
# that are planted in a copy.
. "$(dirname "$0")/../lib.sh"

check "docs/protocol.md has the tables of messages and bodies" "$root/tools/protocol-table"

work_dir
tree=$work/tree
mkdir -p "$tree"/{tools,docs,libs/napipc}
cp "$root/tools/protocol-table" "$tree/tools"
put_back() {
    cp "$root/docs/protocol.md" "$tree/docs"
    cp "$root"/libs/napipc/{table.h,nap.c,ras.c,rras.c,validator.c,information.c} "$tree/libs/napipc"
}
put_back
check "the copy passes" "$tree/tools/protocol-table"

expect_fault() { # NAME PATTERN FILE SED
    put_back
    sed -i -E "$4" "$tree/$3"
    cmp -s "$root/$3" "$tree/$3" && { not_ok "$1" "nothing was planted in $3"; return; }
    "$tree/tools/protocol-table" >"$work/out" 2>&1 && { not_ok "$1" "protocol-table finds no fault"; return; }
    if grep -q -- "$2" "$work/out"; then ok "$1"; else not_ok "$1" "no '$2' in: $(head -n 3 "$work/out")"; fi
}

table=libs/napipc/table.h page=docs/protocol.md
expect_fault "a new message is missing in the page" 'protocol-table --update' $table \
    's/^    REQUEST\(WATCH, .*/&\n    REQUEST(LISTEN, 17, NOTHING, no, no, listen) \\/'
expect_fault "a wrong sender is a fault" 'protocol-table --update' $table 's/(REQUEST\(REGISTER, 7), ADMINISTRATOR/\1, NOTHING/'
expect_fault "a wrong number is a fault" 'protocol-table --update' $table 's/(REQUEST\(UNBIND), 2/\1, 19/'
expect_fault "a body needs its description" 'no heading for BIND (1)' $page 's/^### BIND \(1\)/### BIND/'
expect_fault "a row too many is a fault" 'protocol-table --update' $page 's/^\| 13 \| WATCH .*/&\n| 17 | LISTEN | client | | | |/'
expect_fault "a new field is missing in the page" 'protocol-table --update' libs/napipc/nap.c \
    's/^    codec_bool\(codec, &message->bind.again\);/&\n    codec_u8(codec, \&message->bind.more);/'
expect_fault "a wrong type of a field is a fault" 'protocol-table --update' libs/napipc/ras.c 's/codec_u32(\(codec, &message->ras_changed.handle)/codec_u64\1/'
