/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The formats: as the C library's, except that "%ls" keeps every character.
 */

#include <test.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "libs/text/format.h"
#include "libs/text/utf.h"

#define SAME(...)                                                                                  \
    do                                                                                             \
    {                                                                                              \
        char expected[256], text[256];                                                             \
        int length = snprintf(expected, sizeof(expected), __VA_ARGS__);                            \
        assert_int_equal(format_text(text, sizeof(text), __VA_ARGS__), length);                    \
        assert_string_equal(text, expected);                                                       \
    } while (0)

TEST(everything_else_is_as_the_c_library_has_it)
{
    SAME("%s", "");
    SAME("nothing");
    SAME("%%");
    SAME("100 %% of %s: %d", "it", -3);
    SAME("%d %i %u %x %X %c", -1, 7, 4000000000u, 0xabcdu, 0xabcdu, 'c');
    SAME("%ld %lu %lx %08lX", -5L, 5UL, 0xabcUL, 0x8007000EUL);
    SAME("%lld %llu %016llx", -1LL, UINT64_MAX + 0ULL, 0x123456789abcdefULL);
    SAME("%zu", sizeof(int));
    SAME("%5d|%-5d|%05d|%+d|% d|%#x", 42, 42, 42, 42, 42, 42u);
    SAME("%*d|%-*s|%.*s|%*.*s", 6, 42, 6, "ab", 2, "abcdef", 6, 2, "abcdef");
    SAME("%-8s|%8s|%.3s|%8.3s", "ab", "ab", "abcdef", "abcdef");
    SAME("%04u-%02u-%02uT%02u:%02u:%02u.%03uZ %s[%lu]", 2026, 1, 2, 3, 4, 5, 6u, "p", 7UL);
}

TEST(wide_text_is_utf_8_and_whole)
{
    char text[64];

    assert_int_equal(format_text(text, sizeof(text), "<%ls>, %d", L"", 1), 5);
    assert_string_equal(text, "<>, 1");
    format_text(text, sizeof(text), "<%ls>, %s", L"a\u00e9\u6f22\U0001f600z", "b");
    assert_string_equal(text, "<a\xc3\xa9\xe6\xbc\xa2\xf0\x9f\x98\x80z>, b");
    format_text(text, sizeof(text), "%.2ls%.*ls%.9ls", L"\u00e9\u00e8\u00e7", 1, L"xy", L"end");
    assert_string_equal(text, "\xc3\xa9\xc3\xa8xend");
}

TEST(half_of_a_pair_is_replaced)
{
    static const wchar_t high[] = {0xd83d, 'x', 0}, low[] = {0xde00, 0};
    char text[64];

    format_text(text, sizeof(text), "%ls|%ls|", high, low);
    assert_string_equal(text, "\xef\xbf\xbdx|\xef\xbf\xbd|");
}

TEST(every_character_arrives)
{
    char text[8], expected[5] = "";
    wchar_t wide[3];
    uint8_t units[4];
    uint32_t c;

    for (c = 1; c <= 0x10ffff; c++)
    {
        if (c == 0xd800)
            c = 0xe000;
        memset(wide, 0, sizeof(wide));
        if (sizeof(wchar_t) == 2)
            memcpy(wide, units, 2 * utf16_put(c, units));
        else
            wide[0] = (wchar_t)c;
        expected[utf8_put(c, expected)] = 0;
        format_text(text, sizeof(text), "%ls", wide);
        assert_string_equal(text, expected);
    }
}

TEST(what_does_not_fit_is_cut)
{
    char *text, whole[64];
    size_t size, length = format_text(
                         whole, sizeof(whole), "%s %ls %u %s", "ab", L"\u6f22\u6f22", 12u, "cd");

    for (size = 1; size <= length + 1; size++)
    {
        size_t written;

        text = malloc(size); /* writing beyond it is seen (ASan) */
        written = format_text(text, size, "%s %ls %u %s", "ab", L"\u6f22\u6f22", 12u, "cd");
        assert_int_equal(written, strlen(text));
        assert_memory_equal(text, whole, written);
        assert_int_equal(utf8_whole(text, written), written);
        if (size < 4 || size > 9)
            assert_int_equal(written, size - 1);
        free(text);
    }
}

TEST_MAIN(NULL, NULL)
