/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every character except NUL, for hooks-rights-test.sh: `controls given` prints them in UTF-8, and
 * `controls expected` with "?" for each that is_control() names.
 */
#include <stdio.h>
#include <string.h>

#include "libs/text/utf.h"
#include "libs/text/visible.h"

int main(int argc, char **argv)
{
    char bytes[4];
    uint32_t c;

    if (argc != 2 || (strcmp(argv[1], "given") && strcmp(argv[1], "expected")))
        return 2;
    for (c = 1; c <= 0x10ffff; c++)
        if (c < 0xd800 || c > 0xdfff)
            fwrite(bytes, 1, utf8_put(argv[1][0] == 'e' && is_control(c) ? '?' : c, bytes), stdout);
    return fflush(stdout) != 0;
}
