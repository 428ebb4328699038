#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# 64-bit and 32-bit enforcement clients and health agents change at random; client, agent and server
# always agree.
#   AGREEMENT_SEED=N repeats a run.
# Takes up to 600 s.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
installed_prefix
wine_env || exit 1
export WINEDEBUG=${WINEDEBUG--all}

# The second seed once found a notification too many.
seeds=${AGREEMENT_SEED:-"$(($(date +%s) % 1000000)) 785256"}
program() { echo "Z:${root//\//\\}\\build\\$1\\tests\\e2e\\agreement\\agreement.exe"; }
skip_32bit "agreement of 64-bit and 32-bit programs"
for seed in $seeds; do
    echo "AGREEMENT_SEED=$seed"
    run_in_wine 280 "$(program win64)" "$seed" 500 "$(program "$(other_target)")" </dev/null | tr -d '\r'
    code=${PIPESTATUS[0]}
    [ "$code" = 0 ] || not_ok "the agreement test, seed $seed" "exit code $code"
done
