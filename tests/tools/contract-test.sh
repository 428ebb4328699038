# SPDX-License-Identifier: LGPL-2.1-or-later
# contract-table: the tests saw every return code of the pages, or there is a reason why not.
. "$(dirname "$0")/../lib.sh"

contract=$root/docs/contract.tsv
work_dir

# The rows were once taken from the pages; none may get lost.
rows() { cut -f 1 "$contract" | sort | uniq -c | awk '{ printf "%s %s\n", $2, $1 }'; }
expected="INapClientManagement 32
INapClientManagement2 4
INapEnforcementClientBinding 37
INapEnforcementClientCallback 4
INapEnforcementClientConnection 60
INapEnforcementClientConnection2 10
INapServerCallback 3
INapServerInfo 9
INapServerManagement 10
INapSystemHealthAgentBinding 25
INapSystemHealthAgentBinding2 5
INapSystemHealthAgentCallback 9
INapSystemHealthAgentRequest 19
INapSystemHealthValidationRequest 24
INapSystemHealthValidationRequest2 2
interface 1"
if [ "$(rows)" = "$expected" ]; then ok "no row of the contract is lost"; else not_ok "no row of the contract is lost" "$(rows | tr '\n' ' ')"; fi
check "no row is there twice" test -z "$(cut -f 1-3 "$contract" | sort | uniq -d)"

expect_fault() { # NAME PATTERN
    "$root/tools/contract-table" "$work/record" >/dev/null 2>"$work/out" && { not_ok "$1" "contract-table finds no fault"; return; }
    if grep -q "$2" "$work/out"; then ok "$1"; else not_ok "$1" "no '$2' in: $(cat "$work/out")"; fi
}
: >"$work/record"
expect_fault "a row that was not shown is a fault" 'Binding::Initialize S_OK .*not shown in either'
printf 'INapEnforcementClientBinding\tInitialize\t00000000\t64\n' >"$work/record"
expect_fault "a row shown in one bitness is a fault" 'Binding::Initialize S_OK .*only in 64 bit'
printf 'INapEnforcementClientBinding\tInitialize\t80070005\t64\n' >"$work/record"
expect_fault "a marked row that was shown is a fault" 'Binding::Initialize E_ACCESSDENIED .*marked, but shown'

if [ -z "${NAP_CONTRACT_RECORD:-}" ]; then
    skip "the contract is shown" "only a run of all tests by tools/test.sh makes a record"
    exit
fi
if skip_32bit "the contract is shown"; then
    # The record of 64-bit programs counts for both.
    sed 'p; s/\t64$/\t32/' "$NAP_CONTRACT_RECORD" >"$work/both"
    NAP_CONTRACT_RECORD=$work/both
fi
check "the contract is shown" "$root/tools/contract-table" "$NAP_CONTRACT_RECORD"
# The codes besides the contract may differ from run to run.
"$root/tools/contract-table" "$NAP_CONTRACT_RECORD" 2>/dev/null | sed '/^Beside/,$d' >"$work/table"
sed -n '/^<!-- contract -->$/,/^<!-- \/contract -->$/{/^<!--/d;/^Beside/,$d;p}' "$root/docs/compatibility.md" >"$work/committed"
check "the table in docs/compatibility.md is up to date (tools/contract-table --update)" diff "$work/committed" "$work/table"
