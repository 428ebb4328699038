/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * UTF-8 and UTF-16: every character in both directions, and malformed text.
 */

#include <test.h>
#include <string.h>

#include <stdlib.h>

#include "libs/text/utf.h"

static bool is_character(uint32_t c)
{
    return c < 0xd800 || (c >= 0xe000 && c <= 0x10ffff);
}

/* Each buffer has the exact size, so that reading beyond it is seen (ASan). */
TEST(every_character_goes_both_ways)
{
    uint32_t c, back;

    for (c = 0; c <= 0x10ffff; c++)
    {
        char utf8[4], *exact;
        uint8_t units[4], found[4];
        size_t size = utf8_put(c, utf8), count = utf16_put(c, units), length = 0;

        exact = malloc(size);
        memcpy(exact, utf8, size);
        assert_int_equal(utf8_get(exact, size, &back), size);
        assert_int_equal(back, is_character(c) ? c : UTF_REPLACEMENT);
        assert_int_equal(size, c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
        assert_int_equal(utf16_get(units, count, false, &back), count);
        assert_int_equal(back, is_character(c) ? c : UTF_REPLACEMENT);
        assert_true(utf16_from_utf8(exact, size, found, 2, &length));
        assert_int_equal(length, count);
        assert_memory_equal(found, units, 2 * count);
        assert_int_equal(utf8_whole(exact, size), size);
        for (; size > 1; size--)
        {
            assert_int_equal(utf8_get(exact, size - 1, &back), size - 1);
            assert_int_equal(back, UTF_MALFORMED);
            assert_int_equal(utf8_whole(exact, size - 1), 0);
        }
        free(exact);
    }
    assert_int_equal(utf8_put(0x110000, (char[4]){0}), 3);
    assert_int_equal(utf16_put(UTF_MALFORMED, (uint8_t[4]){0}), 1);
}

/* As in Unicode's chapter 3, "U+FFFD Substitution of Maximal Subparts". */
TEST(malformed_bytes_are_taken_together)
{
    static const struct
    {
        const char *text;
        size_t size, taken;
    } rows[] = {
            {"\x80", 1, 1},
            {"\xbf", 1, 1},
            {"\xc0\x80", 2, 1},
            {"\xc1\xbf", 2, 1},
            {"\xc2", 1, 1},
            {"\xc2"
             "a",
                    2, 1},
            {"\xe0\x80\x80", 3, 1},
            {"\xe0\x9f\xbf", 3, 1},
            {"\xe1\x80", 2, 2},
            {"\xe1\x80"
             "a",
                    3, 2},
            {"\xed\xa0\x80", 3, 1},
            {"\xed\xbf\xbf", 3, 1},
            {"\xf0\x80\x80\x80", 4, 1},
            {"\xf0\x8f\xbf\xbf", 4, 1},
            {"\xf1\x80\x80", 3, 3},
            {"\xf1\x80\x80"
             "a",
                    4, 3},
            {"\xf4\x90\x80\x80", 4, 1},
            {"\xf5\x80\x80\x80", 4, 1},
            {"\xff", 1, 1},
            {"\xfe", 1, 1},
    };
    uint8_t units[16];
    size_t i, length;
    uint32_t c;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
    {
        assert_int_equal(utf8_get(rows[i].text, rows[i].size, &c), rows[i].taken);
        assert_int_equal(c, UTF_MALFORMED);
        assert_false(utf16_from_utf8(rows[i].text, rows[i].size, units, 8, &length));
    }
}

TEST(halves_of_pairs_are_malformed)
{
    static const uint8_t high_alone[] = {0x00, 0xd8, 'a', 0}, low_alone[] = {0x00, 0xdc, 'a', 0};
    static const uint8_t twice[] = {0x00, 0xd8, 0x00, 0xd8}, big[] = {0xd8, 0x3d, 0xde, 0x00};
    uint32_t c;

    assert_int_equal(utf16_get(high_alone, 2, false, &c), 1);
    assert_int_equal(c, UTF_MALFORMED);
    assert_int_equal(utf16_get(high_alone, 1, false, &c), 1);
    assert_int_equal(c, UTF_MALFORMED);
    assert_int_equal(utf16_get(low_alone, 2, false, &c), 1);
    assert_int_equal(c, UTF_MALFORMED);
    assert_int_equal(utf16_get(twice, 2, false, &c), 1);
    assert_int_equal(c, UTF_MALFORMED);
    assert_int_equal(utf16_get(big, 2, true, &c), 2);
    assert_int_equal(c, 0x1f600);
}

TEST(a_limit_in_units_is_kept)
{
    uint8_t units[4];
    size_t length;

    assert_true(utf16_from_utf8("a\xc3\xa9", 3, units, 2, &length));
    assert_int_equal(length, 2);
    assert_false(utf16_from_utf8("abc", 3, units, 2, &length));
    assert_false(utf16_from_utf8("a\xf0\x9f\x98\x80", 5, units, 2, &length)); /* a pair is two */
    assert_true(utf16_from_utf8("", 0, units, 0, &length));
    assert_int_equal(length, 0);
}

TEST_MAIN(NULL, NULL)
