# SPDX-License-Identifier: LGPL-2.1-or-later
# check-arrows: the tree keeps the rules, and check-arrows finds every kind of fault.
. "$(dirname "$0")/../lib.sh"

check "no forbidden include in the tree" "$root/tools/check-arrows"

work_dir
mkdir -p "$work"/{include,idl,examples,tests/conformance} "$work"/libs/{text,soh,napipc,engine,napclient,log,policy} \
    "$work"/dlls/{qagent,qutil} "$work/programs/napagent"
touch "$work/include/naputil.h" "$work/idl/naptypes.idl" "$work/examples/own.h"

# With FILE added, check-arrows finds the tree good, or bad in the first line of that file.
expect() { # NAME good|bad FILE TEXT
    local code
    printf '%s\n' "$4" >"$work/$3"
    "$root/tools/check-arrows" "$work" >"$work/out" 2>&1
    code=$?
    rm "$work/$3"
    if { [ "$2" = good ] && [ $code = 0 ]; } || { [ "$2" = bad ] && [ $code = 1 ] && grep -q "^$3:1: " "$work/out"; }; then
        ok "$1"
    else
        cat "$work/out"
        not_ok "$1" "exit code $code, expected a $2 answer for '$4' in $3"
    fi
}

expect "engine may use soh" good libs/engine/session.c '#include "libs/soh/soh.h"'
expect "engine may use napipc" good libs/engine/session.c '#include "libs/napipc/napipc.h"'
expect "engine may not use the log" bad libs/engine/session.c '#include "libs/log/log.h"'
expect "engine may not use Windows headers" bad libs/engine/session.c '#include <windows.h>'
expect "napipc may not allocate" bad libs/napipc/a.c '#include <stdlib.h>'
expect "engine may allocate" good libs/engine/session.c '#include <stdlib.h>'
expect "engine may not use our Windows headers" bad libs/engine/session.c '#include "naptypes.h"'
expect "napclient may use napipc" good libs/napclient/a.c '#include "libs/napipc/napipc.h"'
expect "napclient may use the log" good libs/napclient/a.c '#include "libs/log/log.h"'
expect "napclient may not use engine" bad libs/napclient/a.c '#include "libs/engine/engine.h"'
expect "policy may use soh" good libs/policy/a.c '#include "libs/soh/soh.h"'
expect "policy may not use napipc" bad libs/policy/a.c '#include "libs/napipc/napipc.h"'
expect "soh may not use napipc" bad libs/soh/a.c '#include "libs/napipc/napipc.h"'
expect "soh may use text" good libs/soh/a.c '#include "libs/text/guid.h"'
expect "engine may use text" good libs/engine/session.c '#include "libs/text/guid.h"'
expect "text may not use soh" bad libs/text/a.c '#include "libs/soh/soh.h"'
expect "text may not allocate" bad libs/text/a.c '#include <stdlib.h>'
expect "soh may use its own" good libs/soh/a.c '#include "libs/soh/wire.h"'
expect "libs may not use dlls" bad libs/napclient/a.c '#include "dlls/qagent/qagent.h"'
expect "a DLL may use libs" good dlls/qagent/a.c '#include "libs/napclient/napclient.h"'
expect "a DLL may use public headers" good dlls/qagent/a.c '#include "naputil.h"'
expect "a DLL may not use another DLL" bad dlls/qagent/a.c '#include "dlls/qutil/qutil_private.h"'
expect "a DLL may not use a program" bad dlls/qagent/a.c '#include "programs/napagent/napagent.h"'
expect "no part may climb out of its folder" bad dlls/qagent/a.c '#include "../qutil/qutil_private.h"'
expect "a DLL may not build another DLL's source" bad dlls/qagent/meson.build "x = library('x', '../qutil/main.c')"
expect "an unknown header is a fault" bad programs/napagent/a.c '#include "what.h"'
expect "an example may use system headers" good examples/a.c '#include <napcommon.h>'
expect "an example may use its own headers" good examples/a.c '#include "own.h"'
expect "an example may not use libs" bad examples/a.c '#include "libs/soh/soh.h"'
expect "an example may not use our public headers" bad examples/a.c '  #  include  "naputil.h"'
expect "a conformance test may not use libs" bad tests/conformance/a.c '#include "libs/soh/soh.h"'
expect "a conformance test may not use our public headers" bad tests/conformance/a.c '#include "naputil.h"'

# The floors of the engine.
mkdir -p "$work/libs/engine/ras"
engine_file() { printf '%s\n' "$2" >"$work/libs/engine/$1"; }
engine_file isolation.h 'void isolation_update(void);'
engine_file isolation.c 'void isolation_update(void)
{
}
const int isolation_constant = 1;'
expect "a floor may include a lower one" good libs/engine/state.c '#include "libs/engine/isolation.h"'
expect "a floor may include itself" good libs/engine/request.c '#include "libs/engine/isolation.h"'
expect "a floor may not include a higher one" bad libs/engine/hook.c '#include "libs/engine/isolation.h"'
expect "nor one by a name in the same folder" bad libs/engine/hook.c '#include "isolation.h"'
expect "a room may include a lower floor" good libs/engine/ras/sources.c '#include "libs/engine/isolation.h"'
expect "a floor may not include a room above it" bad libs/engine/health.h '#include "libs/engine/ras/sources.h"'
expect "a floor may call a lower one" good libs/engine/state.c 'static void f(void) { isolation_update(); }'
expect "a floor may not call a higher one" bad libs/engine/hook.c 'static void f(void) { isolation_update(); }'
expect "nor take the address of its functions" bad libs/engine/hook.c 'static void (*const f)(void) = isolation_update;'
expect "nor use its constants" bad libs/engine/hook.c 'static int f(void) { return isolation_constant; }'
expect "nor declare a function of a higher floor" bad libs/engine/hook.c 'void isolation_update(void);'
expect "a member is no call" good libs/engine/hook.c 'static int f(struct x *x) { return x->isolation_update + (*x).isolation_update; }'
expect "a struct is no call" good libs/engine/hook.c 'static void f(struct isolation_update *x) { (void)x; }'
expect "a comment or a text is no call" good libs/engine/hook.c '/* isolation_update(); */ static const char t[] = "isolation_update"; // */'
expect "a function of the file's own is no call" good libs/engine/hook.c 'static void isolation_update(void) { isolation_update(); }'
expect "each file of the engine is on a floor" bad libs/engine/a.c '/* nothing */'

# loop_of NAMES...: makes files of the engine that each call the next, and the last the first.
loop_of() {
    local names=("$@") i
    for i in "${!names[@]}"; do
        engine_file "${names[i]}.c" "void ${names[i]}_f(void)
{
    ${names[(i + 1) % ${#names[@]}]}_f();
}"
    done
    "$root/tools/check-arrows" "$work" >"$work/out" 2>&1
}
check "files of a floor may call each other in a loop of four" eval 'loop_of component decision connection health && grep -q "loop.*component decision connection health" "$work/out"'
check "but not of five" eval '! loop_of component decision connection enforcement health && grep -q "^libs/engine: 5 files are a loop" "$work/out"'
