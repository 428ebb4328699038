#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# check-arm64: no source assumes x86, and check-arm64 finds those that do.
. "$(dirname "$0")/../lib.sh"

"$root/tools/deps.sh" fuzz >&2 || exit 1 # clang
check "every source compiles for ARM64" "$root/tools/check-arm64"

work_dir
# check-arm64 fails, with PATTERN in the message, on a source with LINE in a function.
refused() { # NAME LINE PATTERN
    printf '#include <windows.h>\nvoid f(CONTEXT *context);\nvoid f(CONTEXT *context)\n{\n    %s\n}\n' "$2" >"$work/source.c"
    if ! "$root/tools/check-arm64" "$root" "$work/source.c" >"$work/out" 2>&1 && grep -qE -- "$3" "$work/out"; then
        ok "$1"
    else
        cat "$work/out"
        not_ok "$1" "check-arm64 finds no such fault"
    fi
}

refused "a register of x86" 'context->Rip = 0;' "no member named 'Rip'"
refused "an instruction of x86" '(void)context; __asm__("int3" : : "a"(0));' "invalid input constraint 'a'"
printf '#include <windows.h>\nvoid f(CONTEXT *context);\nvoid f(CONTEXT *context) { context->Pc = 0; }\n' >"$work/source.c"
check "a source that assumes ARM64 passes" "$root/tools/check-arm64" "$root" "$work/source.c"
