/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text that others control: every control character, and text without any.
 */

#include <test.h>
#include <string.h>

#include <stdio.h>

#include "libs/text/utf.h"
#include "libs/text/visible.h"

/* The control characters as Unicode lists them, first and last. */
static const struct
{
    uint32_t first, last;
} controls[] = {{0x00, 0x1f}, {0x7f, 0x7f}, {0x80, 0x9f}, {0x61c, 0x61c}, {0x200e, 0x200f},
        {0x2028, 0x2029}, {0x202a, 0x202e}, {0x2066, 0x2069}};

static bool listed(uint32_t c)
{
    size_t i;

    for (i = 0; i < sizeof(controls) / sizeof(*controls); i++)
        if (c >= controls[i].first && c <= controls[i].last)
            return true;
    return false;
}

static bool breaks_lines(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

TEST(every_control_character_is_replaced_and_no_other)
{
    char text[8], line[16], expected[8];
    uint8_t units[6];
    size_t size, count;
    uint32_t c;

    for (c = 0; c <= 0x10ffff; c++)
    {
        if (c == 0xd800)
            c = 0xe000;
        assert_int_equal(is_control(c), listed(c));
        text[0] = units[0] = '<';
        units[1] = 0;
        size = 1 + utf8_put(c, text + 1);
        text[size++] = '>';
        count = 1 + utf16_put(c, units + 2);
        if (!listed(c))
            snprintf(expected, sizeof(expected), "%.*s", (int)size, text);
        else
            strcpy(expected, breaks_lines(c) ? "< >" : "<?>");
        assert_int_equal(visible_line(text, size, line, sizeof(line)), strlen(expected));
        assert_string_equal(line, expected);
        expected[strlen(expected) - 1] = 0; /* without > */
        visible_line_of_utf16(units, count, line, sizeof(line));
        assert_string_equal(line, expected);
    }
}

TEST(malformed_text_is_replaced)
{
    static const uint8_t half[] = {'a', 0, 0x00, 0xd8, 'b', 0};
    char line[16];

    visible_line("a\xff\x9b"
                 "b",
            4, line, sizeof(line));
    assert_string_equal(line, "a\xef\xbf\xbd\xef\xbf\xbd"
                              "b");
    visible_line("a\xed\xa0\x80"
                 "b",
            5, line, sizeof(line)); /* a surrogate: three bytes, each bad */
    assert_string_equal(line, "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                              "b");
    visible_line_of_utf16(half, 3, line, sizeof(line));
    assert_string_equal(line, "a\xef\xbf\xbd"
                              "b");
}

TEST(a_line_break_of_two_characters_is_one_space)
{
    char line[16];

    visible_line("a\r\nb\n\rc\r\n\nd", 11, line, sizeof(line));
    assert_string_equal(line, "a b  c  d");
}

TEST(a_line_ends_with_a_whole_character)
{
    char line[8];
    size_t capacity;

    for (capacity = 1; capacity <= 8; capacity++)
    {
        memset(line, 'x', sizeof(line));
        visible_line("ab\xe2\x82\xac"
                     "c",
                6, line, capacity);
        assert_string_equal(line, capacity == 1   ? ""
                                  : capacity == 2 ? "a"
                                  : capacity < 6  ? "ab"
                                  : capacity == 6 ? "ab\xe2\x82\xac"
                                                  : "ab\xe2\x82\xac"
                                                    "c");
    }
}

TEST_MAIN(NULL, NULL)
