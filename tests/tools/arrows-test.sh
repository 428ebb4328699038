# check-arrows: the tree keeps the rules, and each rule is really checked.
. "$(dirname "$0")/../lib.sh"

check "no forbidden include in the tree" "$root/tools/check-arrows"

work_dir
mkdir -p "$work"/{include,idl,examples,tests/conformance} "$work"/libs/{text,soh,napipc,engine,napclient,log,policy} \
    "$work"/dlls/{qagent,qutil} "$work/programs/napagent"
touch "$work/include/naputil.h" "$work/idl/naptypes.idl" "$work/examples/own.h"

# The tree above with FILE added is good, or bad in that file's first line.
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

expect "engine may use soh" good libs/engine/a.c '#include "libs/soh/soh.h"'
expect "engine may use napipc" good libs/engine/a.c '#include "libs/napipc/napipc.h"'
expect "engine may not use the log" bad libs/engine/a.c '#include "libs/log/log.h"'
expect "engine may not use Windows headers" bad libs/engine/a.c '#include <windows.h>'
expect "napipc may not allocate" bad libs/napipc/a.c '#include <stdlib.h>'
expect "engine may allocate" good libs/engine/a.c '#include <stdlib.h>'
expect "engine may not use our Windows headers" bad libs/engine/a.c '#include "naptypes.h"'
expect "napclient may use napipc" good libs/napclient/a.c '#include "libs/napipc/napipc.h"'
expect "napclient may use the log" good libs/napclient/a.c '#include "libs/log/log.h"'
expect "napclient may not use engine" bad libs/napclient/a.c '#include "libs/engine/engine.h"'
expect "policy may use soh" good libs/policy/a.c '#include "libs/soh/soh.h"'
expect "policy may not use napipc" bad libs/policy/a.c '#include "libs/napipc/napipc.h"'
expect "soh may not use napipc" bad libs/soh/a.c '#include "libs/napipc/napipc.h"'
expect "soh may use text" good libs/soh/a.c '#include "libs/text/guid.h"'
expect "engine may use text" good libs/engine/a.c '#include "libs/text/guid.h"'
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
