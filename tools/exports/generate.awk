# SPDX-License-Identifier: LGPL-2.1-or-later
# generate.awk -v what=def|implib|unimplemented|table -v bits=64|32 -v dll=NAME NAME.txt: generates files
# from a DLL's list of exports (see the lists): the linker's .def file, the .def file of the import
# library, the functions that are not implemented, and a table for the tests.

BEGIN {
    if (what == "def" || what == "implib")
        printf "LIBRARY %s.dll\nEXPORTS\n", dll
    else if (what == "table")
        printf "/* Made by tools/exports/generate.awk of %s.txt. */\n#include \"exports.h\"\n\nconst char dll_name[] = \"%s.dll\";\nconst struct export exports[] = {\n", dll, dll
    else
        printf "/* Made by tools/exports/generate.awk of %s.txt. */\n#include \"libs/unimplemented/unimplemented.h\"\n\n", dll
}

/^#/ || NF == 0 { next }
NF != 4 { print FILENAME ":" FNR ": not four columns" > "/dev/stderr"; exit 1 }
$2 == "?" && bits == 32 { next }

what == "def" { printf "    %s%s\n", $1, $3 == "-" ? "" : " @" $3 }

# Names in an import library have the bytes. Programs do not link the entry points of COM.
what == "implib" && $1 !~ /^Dll/ {
    printf "    %s%s%s\n", $1, bits == 32 ? "@" $2 : "", $3 == "-" ? "" : " @" $3
}

what == "unimplemented" && $4 != "-" {
    parameters = format = arguments = ""
    for (i = 1; i <= ($2 == "?" ? 0 : $2 / 4); i++) {
        parameters = parameters (i > 1 ? ", " : "") "ANY(" i ")"
        format = format (i > 1 ? ", " : "") "%p"
        arguments = arguments ", (const void *)any" i
    }
    printf "UNIMPLEMENTED(%s, (%s), %s, \"(%s)\"%s)\n", $1, parameters == "" ? "void" : parameters, $4,
        format, arguments
}

what == "table" {
    printf "    {\"%s\", %s, %s, %s, %s},\n", $1, $2 == "?" ? -1 : $2, $3 == "-" ? 0 : $3,
        $4 == "-" ? "FALSE" : "TRUE", $4 == "-" ? 0 : $4
}

END { if (what == "table") print "    {NULL, 0, 0, FALSE, 0},\n};" }
