/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of products: made as [MS-WSH] 2.2.8 says, read also in the forms that other writers may
 * use.
 */

#include <test.h>
#include <string.h>

#include "libs/wsh/wsh.h"

static const char *text_of(const char *bytes, size_t size, char *text, size_t capacity)
{
    struct soh_span name = {(const uint8_t *)bytes, size};

    size_t length = wsh_name_text(name, text, capacity);

    assert_int_equal(length, strlen(text));
    return text;
}

/* A string literal whose last byte is not its NUL. */
#define TEXT_OF(literal) text_of(literal, sizeof(literal) - 1, text, sizeof text)

TEST(names_are_read)
{
    char text[64];

    assert_string_equal(TEXT_OF("\0C\0l\0a\0m\0\0"), "Clam");
    assert_string_equal(TEXT_OF("\0C\0l\0a\0m"), "Clam");     /* without its NUL */
    assert_string_equal(TEXT_OF("C\0l\0a\0m\0\0\0"), "Clam"); /* little-endian */
    assert_string_equal(TEXT_OF("Clam1"), "Clam1");           /* bytes */
    assert_string_equal(TEXT_OF("\x20\xac\0s"), "\xe2\x82\xacs");
    assert_string_equal(TEXT_OF("\xd8\x3d\xde\x00\0!"), "\xf0\x9f\x98\x80!");
    assert_string_equal(TEXT_OF("\xd8\x3d\0!"), "\xef\xbf\xbd!"); /* half a pair */
    assert_string_equal(TEXT_OF("\0a\0\0\0b"), "a");
    assert_string_equal(TEXT_OF(""), "");
}

TEST(long_names_are_cut_at_a_character)
{
    char text[4];

    assert_string_equal(TEXT_OF("\0a\0b\0c\0d"), "abc");
    assert_string_equal(TEXT_OF("\0a\x20\xac"), "a");
}

TEST(names_are_made)
{
    static const uint8_t euro[] = {0x00, 'a', 0x20, 0xac, 0x00, 0x00};
    uint8_t wire[WSH_MAX_NAME_SIZE];
    char longest[WSH_MAX_NAME_SIZE], text[WSH_MAX_NAME_SIZE];
    struct soh_span name;

    assert_true(wsh_name_make("a\xe2\x82\xac", wire, &name));
    assert_int_equal(name.size, sizeof euro);
    assert_memory_equal(name.data, euro, sizeof euro);
    assert_false(wsh_name_make("", wire, &name));
    assert_false(wsh_name_make("\xff", wire, &name));
    memset(longest, 'n', sizeof longest);
    longest[WSH_MAX_NAME_SIZE / 2] = 0;
    assert_false(wsh_name_make(longest, wire, &name));
    longest[WSH_MAX_NAME_SIZE / 2 - 1] = 0;
    assert_true(wsh_name_make(longest, wire, &name));
    assert_int_equal(name.size, WSH_MAX_NAME_SIZE);
    assert_int_equal(wsh_name_text(name, text, sizeof text), WSH_MAX_NAME_SIZE / 2 - 1);
    assert_string_equal(text, longest);
}

/* 2.2.9: an error begins with 0xC0, or is E_MSSHAV_WUA_SERVICE_NOT_STARTED_SINCE_BOOT. */
TEST(errors_are_known)
{
    assert_true(wsh_is_error(0xc0ff0002));
    assert_true(wsh_is_error(0x00ff0008));
    assert_false(wsh_is_error(0x00ff0005));
    assert_false(wsh_is_error(0x00ff0006));
    assert_false(wsh_is_error(0));
    assert_false(wsh_is_error(0x104));
}

TEST(names_of_numbers)
{
    assert_string_equal(wsh_class_name(WSH_SECURITY_UPDATES), "security updates");
    assert_null(wsh_class_name(5));
    assert_string_equal(wsh_code_name(0xc0ff0047), "E_MSSHV_THIRD_PARTY_PRODUCT_NOT_ENABLED");
    assert_null(wsh_code_name(0xc0ff0052));
    assert_null(wsh_code_text(1));
    assert_string_equal(wsh_severity_name(0x480), "critical");
    assert_null(wsh_severity_name(0x4000));
    assert_string_equal(wsh_version_name(0x50001), "Windows XP");
    assert_null(wsh_version_name(1));
}

TEST_MAIN(NULL, NULL)
