#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# wine-series.sh [--patches DIRECTORY] WINE-SOURCE: writes wine-nap into a Wine source tree as Wine
# has its own modules, as a series of commits, one change each, on the branch "nap" of that tree's
# git. The series begins at the commit that is checked out; if that is the branch "nap" itself, it
# is made again from where it began. --patches also writes it as files for git am. docs/upstream.md
# says how to build it, what Wine may object to, and why rasapi32 and mprapi are not in it yet.
set -u
[ "${1:-}" != --help ] || exec sed -n '3,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
patches=""

die() { echo "wine-series.sh: $*" >&2; exit 1; }
usage() { die "usage: wine-series.sh [--patches DIRECTORY] WINE-SOURCE"; }

if [ "${1:-}" = --patches ]; then
    [ $# -eq 3 ] || usage
    mkdir -p "$2" || die "cannot write to $2"
    patches=$(cd "$2" && pwd)
    shift 2
fi
[ $# -eq 1 ] || usage
for f in configure.ac loader/wine.inf.in include/Makefile.in; do
    [ -f "$1/$f" ] || die "$1 is no Wine source: it has no $f"
done
wine=$(cd "$1" && pwd)

# --- git

in_wine() { git -C "$wine" "$@"; }
[ "$(in_wine rev-parse --show-toplevel 2>/dev/null)" = "$wine" ] ||
    die "$1 is not in git: run 'git init && git add -A -f && git commit -m Wine' there first"
[ -z "$(in_wine status --porcelain --untracked-files=no)" ] || die "$1 has changes that are not committed"
if [ "$(in_wine symbolic-ref -q --short HEAD)" = nap ]; then
    base=$(in_wine config wine-nap.base) || die "$1 has a branch \"nap\" that is not from here: rename it"
else
    base=$(in_wine rev-parse HEAD) || die "$1 has no commit"
    ! in_wine rev-parse -q --verify nap >/dev/null || in_wine config wine-nap.base >/dev/null ||
        die "$1 has a branch \"nap\" that is not from here: rename it"
fi
in_wine config wine-nap.base "$base"
in_wine checkout -q -B nap "$base" || die "cannot make the branch \"nap\" in $1"

# The same source gives the same commits.
author=$(git -C "$root" config user.name) && email=$(git -C "$root" config user.email) ||
    die "git does not know who signs off: set user.name and user.email"
GIT_AUTHOR_DATE=$(git -C "$root" log -1 --format=%cI) || die "$root is not in git"
export GIT_AUTHOR_NAME=$author GIT_AUTHOR_EMAIL=$email GIT_COMMITTER_NAME=$author GIT_COMMITTER_EMAIL=$email
export GIT_AUTHOR_DATE GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
version=$(sed -nE "s/^ *version: '([^']*)',.*/\1/p" "$root/meson.build" | head -n 1)
copyright="$(date -u -d "$GIT_AUTHOR_DATE" +%Y) $author"

commit() { # SUBJECT BODY
    local path paths=()
    for path in libs/nap dlls/qagent dlls/qshvhost dlls/qsvrmgmt dlls/qutil programs/napagent programs/napctl programs/naphost \
        include/nap{common,enforcementclient,management,protocol,servermanagement,systemhealthagent,systemhealthvalidator,types}.idl \
        include/nap{error,microsoftvendorids,util}.h; do
        [ ! -e "$wine/$path" ] || paths+=("$path")
    done
    in_wine add -A -f -- "${paths[@]}" || die "cannot add to git"
    in_wine commit -q -s -a -m "$1" -m "$2" || die "cannot commit \"$1\""
}

# --- files

licence() {
    cat <<END
/*
 * Copyright $copyright
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * This library is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with this library; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin St, Fifth Floor, Boston, MA 02110-1301, USA
 */

END
}

# A source file, with Wine's notice of the licence and the paths that Wine's tree has. libs/ is
# libs/nap there; the files of a module find each other by name.
adapt() { # [SED...]
    licence
    sed -E -e '1{/SPDX-License-Identifier/d}' -e 's@(#include ")libs/@\1nap/@' \
        -e 's@(#include ")(dlls|programs)/(qagent|qshvhost|qsvrmgmt|qutil|rasapi32|mprapi|napagent|napctl|naphost)/@\1@' \
        -e 's@#include "version.h"@#include "nap/version.h"@' "$@"
}

copy() { # FILE... FOLDER: files of this project into a folder of Wine's
    local folder=$wine/${*: -1} file
    mkdir -p "$folder"
    for file in "${@:1:$#-1}"; do
        adapt "$root/$file" >"$folder/${file##*/}" || die "cannot write to $folder"
    done
}

library() { # NAME...: folders of libs/
    local name file
    for name; do
        for file in $(cd "$root" && find "libs/$name" -name '*.[ch]' | sort); do
            mkdir -p "$wine/libs/nap/$(dirname "${file#libs/}")"
            adapt "$root/$file" >"$wine/libs/nap/${file#libs/}" || die "cannot write to libs/nap"
        done
    done
    {
        echo 'STATICLIB = libnap.a'
        echo 'EXTRAINCL = -I$(top_srcdir)/libs'
        echo "EXTRADEFS = $defines"
        sources C_SRCS "$(cd "$wine/libs/nap" && find . -name '*.c' | sed 's/^..//')"
    } >"$wine/libs/nap/Makefile.in"
}

# What meson.build defines. Wine asks for declarations at the beginning of a block; those of an entry
# point follow TRACE_CALL.
defines='-DUNICODE -D_UNICODE -DCOBJMACROS -DWIN32_LEAN_AND_MEAN -D_WIN32_WINNT=0x0601 -Wno-declaration-after-statement'

sources() { # VARIABLE FILES: a variable of a Makefile.in
    [ -n "$2" ] || return 0
    printf '\n%s =' "$1"
    printf ' \\\n\t%s' $(printf '%s\n' $2 | LC_ALL=C sort)
    echo
}

makefile() { # FOLDER LINE...: the Makefile.in of a module, from the lines and the sources that are there
    local folder=$wine/$1
    {
        printf '%s\n' "${@:2}"
        echo 'EXTRAINCL = -I$(top_srcdir)/libs'
        echo "EXTRADEFS = $defines"
        sources C_SRCS "$(cd "$folder" && ls | grep '\.c$')"
        sources IDL_SRCS "$(cd "$folder" && ls | grep '\.idl$')"
        sources RC_SRCS "$(cd "$folder" && ls | grep '\.rc$')"
    } >"$folder/Makefile.in"
}

version_resource() { # FOLDER FILE DESCRIPTION
    {
        licence
        echo "#define WINE_FILEDESCRIPTION_STR \"$3\""
        echo "#define WINE_FILENAME_STR \"$2\""
        printf '\n#include "wine/wine_common_ver.rc"\n'
    } >"$wine/$1/version.rc"
}

# --- the lines that Wine's own files get

# Puts a line, unless it is there, behind the last one that begins with the same words and comes before
# it by name.
sorted_line() { # FILE KIND LINE [END]: KIND and END are the beginning and the end of all these lines
    ! grep -qxF -- "$3" "$1" || return 0
    awk -v kind="$2" -v line="${3//\\/\\\\}" -v end="${4:-}" '
        function name(text) { text = substr(text, length(kind) + 1); sub(/[ ,)\\].*/, "", text); return text }
        { text[NR] = $0 }
        index($0, kind) != 1 || substr($0, length($0) - length(end) + 1) != end { next }
        !first { first = NR }
        name($0) < name(line) { after = NR }
        END {
            for (i = 1; i <= NR; i++) {
                if (!after && i == first) print line
                print text[i]
                if (i == after) print line
            }
            exit !first
        }' "$1" >"$1.new" || die "$1 has no line that begins with $2"
    cat "$1.new" >"$1" && rm "$1.new"
}

# One line of configure.ac, and of configure if the tree has it.
configured() { # FOLDER
    local name=${1##*/} enable
    sorted_line "$wine/configure.ac" "WINE_CONFIG_MAKEFILE(${1%%/*}/" "WINE_CONFIG_MAKEFILE($1)"
    [ -f "$wine/configure" ] || return 0
    case $1 in */tests) enable=enable_tests ;; *) enable=enable_$name ;; esac
    sorted_line "$wine/configure" "wine_fn_config_makefile ${1%%/*}/" "wine_fn_config_makefile $1 $enable"
}

headers() { # FILE...: of include/Makefile.in
    local file
    for file; do
        sorted_line "$wine/include/Makefile.in" "$(printf '\t')" "$(printf '\t%s \\' "$file")"
    done
}

registered() { # DLL
    sorted_line "$wine/loader/wine.inf.in" '11,,' "11,,$1,1" ',1'
}

# The service: in each list of services before PlugPlay, and its own section.
service() {
    awk '/^AddService=PlugPlay,/ { print "AddService=napagent,0,NapAgentService"; added = 1 }
        /^\[PlugPlayService\]/ {
            print "[NapAgentService]"
            print "Description=\"Collects the health of this computer for enforcement clients\""
            print "DisplayName=\"Network Access Protection Agent\""
            print "ServiceBinary=\"%11%\\napagent.exe\""
            print "ServiceType=16\nStartType=3\nErrorControl=1\nAddReg=NapAgentServiceKeys\n"
            print "[NapAgentServiceKeys]"
            while ((getline key < keys) > 0) print key
            print ""
            section = 1
        }
        { print }
        END { exit !(added && section) }' keys=<(service_keys) "$wine/loader/wine.inf.in" >"$wine/loader/wine.inf.new" ||
        die "loader/wine.inf.in has not the lines about PlugPlay"
    cat "$wine/loader/wine.inf.new" >"$wine/loader/wine.inf.in" && rm "$wine/loader/wine.inf.new"
}

# Microsoft's enforcement clients, which `napagent --install` registers, from its table.
service_keys() {
    tr '\n' ' ' <"$root/programs/napagent/store.c" | grep -oE '\{[0-9]{5}, *L"[^"]*", *L"[^"]*", *[0-9]\}' |
        sed -E 's/[{}]//g; s/, *L?"/\t/g; s/", *|"\t/\t/g' | tr -d '"' |
        while IFS=$'\t' read -r id name description type; do
            echo "HKR,Qecs\\$id,\"Friendly Name\",,\"$name\""
            echo "HKR,Qecs\\$id,\"Description\",,\"$description\""
            echo "HKR,Qecs\\$id,\"Version\",,\"1.0\""
            echo "HKR,Qecs\\$id,\"Vendor Name\",,\"Microsoft Corporation\""
            echo "HKR,Qecs\\$id,\"Component Type\",0x10001,$type"
        done
}

# A .spec file. Where the bytes of the arguments are not known, the 32-bit export is a stub.
spec() { # DLL
    grep -v '^#' "$root/tools/exports/$1.txt" | awk 'NF == 4 {
        ordinal = $3 == "-" ? "@" : $3
        private = $1 ~ /^Dll(CanUnloadNow|GetClassObject|RegisterServer|UnregisterServer)$/ ? "-private " : ""
        arguments = ""
        for (i = 0; $2 != "?" && i < $2 / 4; i++) arguments = arguments (i ? " " : "") "ptr"
        if ($2 == "?") {
            print ordinal " stub -arch=win32 " $1
            print ordinal " stdcall -arch=win64 " $1 "()"
        } else print ordinal " stdcall " private $1 "(" arguments ")"
    }' >"$wine/dlls/$1/$1.spec"
}

# Tests: a conformance test becomes a file of Wine's winetest, with the same tests in the same order.
# In PE files of Wine constructors do not run, so the list of the tests is written here.
wine_test() { # DLL NAME...: tests/conformance/NAME.c
    local dll=$1 name file folder=$wine/dlls/$1/tests
    mkdir -p "$folder"
    for name in "${@:2}"; do
        file=$root/tests/conformance/$name.c
        adapt -e 's/#include <test\.h>/#include "nap\/test.h"/' "$file" |
            awk -v name="$name" '
                match($0, /^[A-Z_]*TEST(_WITH)?\([A-Za-z_0-9]+/) {
                    test = substr($0, RSTART, RLENGTH); sub(/.*\(/, "", test); tests[++count] = test
                }
                /^TEST_MAIN\(/ {
                    fixtures = $0; sub(/^TEST_MAIN\(/, "", fixtures); sub(/\)$/, "", fixtures)
                    print "START_TEST(" name ")\n{\n    static const struct test *const tests[] ="
                    for (i = 1; i <= count; i++) print (i == 1 ? "    {\n" : "") "        &test_of_" tests[i] ","
                    print "    };\n\n    test_main(tests, ARRAY_SIZE(tests), " fixtures ");\n}"
                    main = 1; next
                }
                { print }
                END { exit !(main && count) }' >"$folder/$name.c" || die "$name.c has no list of tests"
    done
}

# What tests share. Each file of winetest must have a test.
test_fixtures() { # DLL NAME...
    local name folder=$wine/dlls/$1/tests
    mkdir -p "$folder"
    for name in "${@:2}"; do
        [ ! -f "$root/tests/conformance/$name.h" ] ||
            adapt -e 's/#include <test\.h>/#include "nap\/test.h"/' "$root/tests/conformance/$name.h" >"$folder/$name.h"
        [ ! -f "$root/tests/conformance/$name.c" ] || {
            printf '#include "nap/test.h"\n'
            # widl's headers have the identifiers of the classes, which mingw-w64's lack
            adapt -e 's/#include <test\.h>/#include "nap\/test.h"/' -e '/^const CLSID /,/;$/d' "$root/tests/conformance/$name.c"
            printf '\nSTART_TEST(%s)\n{\n    /* what the other files share */\n}\n' "$name"
        } >"$folder/$name.c"
    done
}

tests_makefile() { # DLL IMPORTS
    makefile "dlls/$1/tests" "TESTDLL   = $1.dll" "IMPORTS   = $2"
    sed -i 's/^EXTRADEFS = .*/EXTRADEFS = -DCOBJMACROS -D_WIN32_WINNT=0x0601 -Wno-declaration-after-statement/' "$wine/dlls/$1/tests/Makefile.in"
    configured "dlls/$1/tests"
}

# The sources of a module.
module() { # FOLDER
    local files
    files=$(cd "$root" && ls "$1"/*.[ch])
    copy $files "$1"
}

# --- the series

interfaces='napcommon napenforcementclient napmanagement napprotocol napservermanagement napsystemhealthagent napsystemhealthvalidator naptypes'
copy $(printf 'idl/%s.idl ' $interfaces) include/naperror.h include/napmicrosoftvendorids.h include/naputil.h include
headers $(printf '%s.idl ' $interfaces) naperror.h napmicrosoftvendorids.h naputil.h
commit 'include: Add the Network Access Protection interfaces.' \
'From Microsoft'"'"'s public pages and the open specifications. Programs include these
headers by the names that the Windows SDK has.'

mkdir -p "$wine/libs/nap"
library text log
printf '/* The version of wine-nap that this is. */\n#define WINE_NAP_VERSION "%s"\n' "$version" >"$wine/libs/nap/version.h"
configured libs/nap
commit 'libs/nap: Add functions for text and the log.' \
'A static library for what qutil, qagent, rasapi32, mprapi and the service
napagent share.'

library soh
commit 'libs/nap: Add the format of statements of health.' \
'It builds, parses and prints the packets of [MS-SOH].'

library napipc service napclient
commit 'libs/nap: Add the protocol of the agent.' \
'What a DLL and the service exchange over a named pipe, and the client of it.'

{ licence; cat <<'END'
#include <windows.h>
#include <objbase.h>
#include <ocidl.h>

#include <initguid.h>
#include "naptypes.h"
#include "napcommon.h"
#include "napprotocol.h"
#include "napenforcementclient.h"
#include "napmanagement.h"
#include "napservermanagement.h"
#include "napsystemhealthagent.h"
#include "napsystemhealthvalidator.h"
END
} >"$wine/libs/nap/guids.c"
library comclass napcom shvhost infohost
commit 'libs/nap: Add the class objects and identifiers.' \
'For the DLLs that have COM classes, and whose objects ask the agent.'

module dlls/qutil
spec qutil
version_resource dlls/qutil qutil.dll 'Network Access Protection utility functions and SoH classes'
makefile dlls/qutil 'MODULE    = qutil.dll' 'IMPORTLIB = qutil' 'IMPORTS   = nap uuid ole32 advapi32'
configured dlls/qutil
registered qutil.dll
commit 'qutil: Add the utility functions and the SoH classes.' \
'Enforcement clients and health agents allocate, read and build statements of
health by them.'

adapt "$root/tools/wine/test.h" >"$wine/libs/nap/test.h"
test_fixtures qutil spy classes contract constructor_fixture processor_fixture shortage
wine_test qutil qutil_alloc qutil_append qutil_class qutil_constructor qutil_free qutil_get_attribute \
    qutil_memory qutil_packet qutil_processor
tests_makefile qutil 'qutil uuid ole32 advapi32'
commit 'qutil/tests: Add tests.' \
'Each is a sentence of the public page that it names.'

module dlls/qagent
for name in napcommon napenforcementclient napmanagement napprotocol napsystemhealthagent; do
    { licence; printf '#pragma makedep proxy\n\n#include "%s.idl"\n' $name; } >"$wine/dlls/qagent/qagent_$name.idl"
done
printf '@ stdcall -private %s\n' 'DllCanUnloadNow()' 'DllGetClassObject(ptr ptr ptr)' 'DllRegisterServer()' \
    'DllUnregisterServer()' >"$wine/dlls/qagent/qagent.spec"
version_resource dlls/qagent qagent.dll 'Network Access Protection agent interfaces'
makefile dlls/qagent 'MODULE    = qagent.dll' 'IMPORTS   = nap uuid ole32 oleaut32 rpcrt4 advapi32' \
    'dlldata_EXTRADEFS = -DENTRY_PREFIX=proxy_ -DREGISTER_PROXY_DLL -DPROXY_CLSID_IS="{0x2f5ce0f4,0x5b8d,0x4f55,{0x9c,0x3e,0x6d,0x1b,0x7a,0x40,0x2e,0x91}}"'
configured dlls/qagent
registered qagent.dll
commit 'qagent: Add the interfaces of the agent.' \
'The classes by which enforcement clients and health agents bind to the service,
and the proxies of their interfaces.'

module dlls/qsvrmgmt
{ licence; printf '#pragma makedep proxy\n\n#include "napservermanagement.idl"\n'; } >"$wine/dlls/qsvrmgmt/qsvrmgmt_napservermanagement.idl"
cp "$wine/dlls/qagent/qagent.spec" "$wine/dlls/qsvrmgmt/qsvrmgmt.spec"
version_resource dlls/qsvrmgmt qsvrmgmt.dll 'Network Access Protection server management'
makefile dlls/qsvrmgmt 'MODULE    = qsvrmgmt.dll' 'IMPORTS   = nap uuid ole32 oleaut32 rpcrt4 advapi32' \
    'dlldata_EXTRADEFS = -DENTRY_PREFIX=proxy_ -DREGISTER_PROXY_DLL -DPROXY_CLSID_IS="{0x6d7c1c53,0x2ed4,0x4b0a,{0x8f,0x25,0x19,0xe0,0x4c,0x7a,0xb3,0x62}}"'
configured dlls/qsvrmgmt
registered qsvrmgmt.dll
commit 'qsvrmgmt: Add the registrations of system health validators.' \
'Installers of validators register them by its class, and administration programs
list them.'

module dlls/qshvhost
{ licence; printf '#pragma makedep proxy\n\n#include "napsystemhealthvalidator.idl"\n'; } >"$wine/dlls/qshvhost/qshvhost_napsystemhealthvalidator.idl"
cp "$wine/dlls/qagent/qagent.spec" "$wine/dlls/qshvhost/qshvhost.spec"
version_resource dlls/qshvhost qshvhost.dll 'Network Access Protection validator interfaces'
makefile dlls/qshvhost 'MODULE    = qshvhost.dll' 'IMPORTS   = nap uuid ole32 oleaut32 rpcrt4 advapi32' \
    'dlldata_EXTRADEFS = -DENTRY_PREFIX=proxy_ -DREGISTER_PROXY_DLL -DPROXY_CLSID_IS="{0x93f1b0e6,0x5a2d,0x4c7e,{0xb4,0x18,0x72,0xd0,0x3e,0x95,0x6a,0x0c}}"'
configured dlls/qshvhost
registered qshvhost.dll
commit 'qshvhost: Add the proxies of validators.' \
'For the calls between the host of a validator and the validator.'

test_fixtures qagent classes contract
wine_test qagent qagent_class
tests_makefile qagent 'uuid ole32 advapi32'
commit 'qagent/tests: Add tests of the classes.' \
'Each is a sentence of the public page that it names.'

library engine hosthook journal pipeserver
commit 'libs/nap: Add the decisions of the agent.' \
'The engine knows neither files nor pipes: the service gives it the messages of
clients and carries out what it answers. The journal is the file of its changes.'

module programs/napagent
version_resource programs/napagent napagent.exe 'Network Access Protection Agent service'
makefile programs/napagent 'MODULE    = napagent.exe' 'IMPORTS   = nap uuid ole32 iphlpapi advapi32' '' \
    'EXTRADLLFLAGS = -mconsole -municode' ''
configured programs/napagent
service
commit 'napagent: Add the service.' \
'The service collects the health of the computer and gives it to enforcement
clients. It starts when a client asks for it.'

library wsh policy hosthealth hostprocess
commit 'libs/nap: Add health policies.' \
'For the program that shows what a policy says about a statement of health.'

module programs/napctl
version_resource programs/napctl napctl.exe 'Command line of the Network Access Protection Agent'
makefile programs/napctl 'MODULE    = napctl.exe' 'IMPORTS   = nap uuid ole32 ws2_32 advapi32' '' \
    'EXTRADLLFLAGS = -mconsole -municode' ''
configured programs/napctl
commit 'napctl: Add the command line of the agent.' \
'It shows and changes what the agent knows.'

module programs/naphost
version_resource programs/naphost naphost.exe 'Host process of classes of NAP components'
makefile programs/naphost 'MODULE    = naphost.exe' 'IMPORTS   = nap uuid ole32 advapi32' '' \
    'EXTRADLLFLAGS = -mconsole -municode' ''
configured programs/naphost
commit 'naphost: Add the host process of validators.' \
'It runs one class of a component, which is foreign code, and asks it.'

[ -z "$patches" ] || { rm -f "$patches"/[0-9]*.patch && in_wine format-patch -q -o "$patches" "$base"..nap; } ||
    die "cannot write the patches to $patches"
echo "$(in_wine rev-list --count "$base"..nap) commits on branch nap of $wine"
