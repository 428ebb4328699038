# SPDX-License-Identifier: LGPL-2.1-or-later
# check-compatibility: docs/compatibility.md has a row for each method and export, and
# check-compatibility finds faults that are planted in a copy of the tree.
. "$(dirname "$0")/../lib.sh"

check "each method and export has its row, its source and its test" "$root/tools/check-compatibility"

work_dir
tree=$work/tree
mkdir -p "$tree"/{tests,libs}
cp -r "$root"/{docs,idl,dlls,tools} "$tree"
cp -r "$root/tests/conformance" "$tree/tests"
cp -r "$root"/libs/{infohost,shvhost} "$tree/libs"
page=$tree/docs/compatibility.md
# Each test first restores what the last one changed.
put_back() {
    local file
    for file in docs/compatibility.md docs/contract.tsv dlls/qagent/{connection.c,qagent.def} tools/exports/mprapi.txt \
        idl/napmanagement.idl tests/conformance/{qutil_alloc.c,mpr_port.c}; do
        cp "$root/$file" "$tree/$file"
    done
}
check "the copy passes" "$tree/tools/check-compatibility"

expect_fault() { # NAME PATTERN FILE SED
    put_back
    sed -i -E "$4" "$tree/$3"
    cmp -s "$root/$3" "$tree/$3" && { not_ok "$1" "nothing was planted in $3"; return; }
    "$tree/tools/check-compatibility" >"$work/out" 2>&1 && { not_ok "$1" "check-compatibility finds no fault"; return; }
    if grep -q -- "$2" "$work/out"; then ok "$1"; else not_ok "$1" "no '$2' in: $(head -n 3 "$work/out")"; fi
}

doc=docs/compatibility.md
expect_fault "a method without a row is a fault" 'INapSystemHealthAgentBinding FlushCache has no row' $doc \
    '/^\| INapSystemHealthAgentBinding \| FlushCache \| done/d'
expect_fault "so is one that is not implemented" 'INapCertRelyingParty SubscribeCertByGroup has no row' $doc '/^\| INapCertRelyingParty \| SubscribeCertByGroup/d'
expect_fault "an export without a row is a fault" 'qutil FreeSoH has no row' $doc '/^\| FreeSoH \|/d'
expect_fault "so is one that is not implemented" 'rasapi32 RasfileLoad has no row' $doc '/^\| RasfileLoad \|/d'
expect_fault "a row for an unknown method is a fault" 'is not up to date about methods' $doc \
    's/^(\| INapSystemHealthAgentBinding \|) FlushCache (\| done.*)/&\n\1 EmptyCache \2/'
expect_fault "a wrong state is a fault" 'is not up to date about exports' $doc 's/^(\| MprAdminUserOpen \|) not implemented: \w+/\1 done/'
expect_fault "a wrong source is a fault" 'is not up to date about methods' $doc \
    's,^(\| INapSystemHealthAgentBinding \| FlushCache \| done \|) \S+,\1 dlls/qagent/request.c,'
expect_fault "a test that does not exist is a fault" 'FlushCache: tests/conformance/none.c is no test' $doc \
    's,^(\| INapSystemHealthAgentBinding \| FlushCache \|.*\|) \S+ \|,\1 tests/conformance/none.c |,'
expect_fault "a fixture is no test" 'FlushCache: tests/conformance/sha.c is no test' $doc \
    's,^(\| INapSystemHealthAgentBinding \| FlushCache \|.*\|) \S+ \|,\1 tests/conformance/sha.c |,'
expect_fault "a test of another method is a fault" 'FlushCache: tests/conformance/client_state.c does not name it' $doc \
    's,^(\| INapSystemHealthAgentBinding \| FlushCache \|.*\|) \S+ \|,\1 tests/conformance/client_state.c |,'
expect_fault "a test of another function is a fault" 'MprAdminPortEnum: tests/conformance/mpr_info.c does not name it' $doc \
    's,^(\| MprAdminPortEnum \|.*\|) \S+ \|,\1 tests/conformance/mpr_info.c |,'
expect_fault "an export that is not implemented needs the test of the list" 'MprAdminUserOpen: tests/conformance/stubs.c does not name it' $doc \
    's,^(\| MprAdminUserOpen \|.*\|) \S+ \|,\1 tests/conformance/stubs.c |,'
expect_fault "a test that no longer names its function is a fault" 'AllocFixupInfo: tests/conformance/qutil_alloc.c does not' \
    tests/conformance/qutil_alloc.c 's/AllocFixupInfo/AllocSomething/g'
expect_fault "a method that nothing implements is a fault" 'INapEnforcementClientConnection SetFlags has no source' \
    dlls/qagent/connection.c 's/connection_SetFlags\(/set_flags(/'
expect_fault "a new method needs a row" 'INapClientManagement GetMore has no row' idl/napmanagement.idl \
    's/^( *HRESULT) GetNapClientInfo/\1 GetMore([out] BOOL *more);\n&/'
expect_fault "a new export needs a row" 'mprapi MprAdminMore has no row' tools/exports/mprapi.txt '$a MprAdminMore 4 - ERROR_NOT_SUPPORTED'
expect_fault "and a source" 'mprapi MprAdminMore has no source' tools/exports/mprapi.txt '$a MprAdminMore 4 - -'
expect_fault "one of qagent.dll too" 'qagent DllInstall has no row' dlls/qagent/qagent.def '$a \    DllInstall PRIVATE'
expect_fault "a changed result of an export that is not implemented is a fault" 'is not up to date about exports' tools/exports/mprapi.txt \
    's/^(MprAdminUserOpen .*) ERROR_NOT_SUPPORTED/\1 ERROR_NO_SUCH_USER/'
expect_fault "the contract of no method is a fault" 'contract.tsv has INapClientManagement::GetMore' docs/contract.tsv \
    's/^(INapClientManagement\t)GetNapClientInfo(\tS_OK)/\1GetMore\2/'
expect_fault "a page without its marks is a fault" 'lacks the marks of its tables' $doc '/^<!-- \/exports -->$/d'

# --update restores the rows.
put_back
sed -i -E '/^\| (INap|MprAdmin|Free)/d' "$page"
"$tree/tools/check-compatibility" --update >/dev/null 2>&1
check "--update puts rows back" "$tree/tools/check-compatibility"
