/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hexadecimal text in the forms that programs print.
 */

#include <test.h>
#include <stdlib.h>
#include <string.h>

#include "libs/text/hex.h"

/* "SoH|" and digits that look like blanks and bars, to be mistaken for them. */
static const uint8_t expected[] = {0x00, 0x07, 0x20, 0x20, 0x7c, 0x30, 0x78, 0x3a, 0xab, 0xcd, 0xef,
        0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47};

static bool reads(const char *text, size_t size, uint8_t *bytes, size_t *count)
{
    char *exact = malloc(size ? size : 1); /* reading beyond it is seen (ASan) */
    bool done;

    memcpy(exact, text, size);
    done = hex_read(exact, size, (uint8_t *)exact, count); /* in place */
    if (done)
        memcpy(bytes, exact, *count);
    free(exact);
    return done;
}

TEST(every_form_is_read)
{
    static const char *const forms[] = {
            "000720207c30783aabcdef41424344454647",
            "0x000720207c30783aABCDEF41424344454647\n",
            "00 07 20 20 7c 30 78 3a ab cd ef 41 42 43 44 45 46 47\r\n",
            "0007 2020 7c30\n783a abcd ef41\n\n4243 4445 4647\n",
            "\tMS-Quarantine-SOH = 0x000720207c30783aabcdef41424344454647\n",
            "TNC: SoH - hexdump(len=18): 00 07 20 20 7c 30 78 3a ab cd ef 41 42 43 44 45 46 47\n",
            /* xxd */
            "00000000: 0007 2020 7c30 783a abcd ef41 4243 4445  ..  |0x:...ABCDE\n"
            "00000010: 4647                                     FG\n",
            /* hexdump -C */
            "00000000  00 07 20 20 7c 30 78 3a  ab cd ef 41 42 43 44 45  |..  |0x:...ABCDE|\n"
            "00000010  46 47                                             |FG|\n"
            "00000012\n",
            /* tcpdump -X */
            "\t0x0000:  0007 2020 7c30 783a abcd ef41 4243 4445  ..\n\t0x0010:  4647\n",
    };
    uint8_t bytes[64];
    size_t i, count;

    for (i = 0; i < sizeof(forms) / sizeof(*forms); i++)
    {
        if (!reads(forms[i], strlen(forms[i]), bytes, &count) || count != sizeof(expected))
            fail_msg("form %u", (unsigned int)i);
        assert_memory_equal(bytes, expected, sizeof(expected));
    }
}

TEST(anything_else_is_not_read)
{
    static const char *const texts[] = {"", "\n\n", "0x", "a statement", "0", "000", "00 0",
            "00 0g", "policy 1\n",
            "\xff\xfe"
            "0",
            "0007: zz", "x = 0xzz"};
    uint8_t bytes[64];
    size_t i, count;

    for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (reads(texts[i], strlen(texts[i]), bytes, &count))
            fail_msg("\"%s\" was read", texts[i]);
}

TEST_MAIN(NULL, NULL)
