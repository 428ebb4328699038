/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The examples of RFC 1321 (A.5), FIPS 180-4's, RFC 2202 and RFC 4231.
 */

#include <test.h>
#include <stdio.h>
#include <string.h>

#include "libs/digest/digest.h"

static size_t size_of(enum digest_kind kind)
{
    return kind == DIGEST_MD5 ? DIGEST_MD5_SIZE : DIGEST_SHA256_SIZE;
}

static const char *in_hex(const uint8_t *value, size_t size)
{
    static char text[2 * DIGEST_SHA256_SIZE + 1];
    size_t i;

    for (i = 0; i < size; i++)
        sprintf(text + 2 * i, "%02x", value[i]);
    return text;
}

static const char *digest_of(enum digest_kind kind, const char *bytes, size_t size, size_t part)
{
    uint8_t value[DIGEST_SHA256_SIZE];
    struct digest d;
    size_t at;

    digest_init(&d, kind);
    for (at = 0; at < size; at += part)
        digest_update(&d, bytes + at, size - at < part ? size - at : part);
    digest_finish(&d, value);
    return in_hex(value, size_of(kind));
}

static const char eighty[] =
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890";
static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

TEST(the_digests_of_the_standards)
{
    static const struct
    {
        enum digest_kind kind;
        const char *text, *expected;
    } rows[] = {
            {DIGEST_MD5, "", "d41d8cd98f00b204e9800998ecf8427e"},
            {DIGEST_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
            {DIGEST_MD5, "abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
            {DIGEST_MD5, eighty, "57edf4a22be3c955ac49da2e2107b67a"},
            {DIGEST_SHA256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
            {DIGEST_SHA256, "abc",
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
            {DIGEST_SHA256, two_blocks,
                    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    size_t i, part;

    for (i = 0; i < sizeof rows / sizeof *rows; i++)
        for (part = 1; part < 100; part++)
            assert_string_equal(digest_of(rows[i].kind, rows[i].text, strlen(rows[i].text), part),
                    rows[i].expected);
}

TEST(a_million_bytes)
{
    static char bytes[1000000];

    memset(bytes, 'a', sizeof bytes);
    assert_string_equal(digest_of(DIGEST_SHA256, bytes, sizeof bytes, 999),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    assert_string_equal(
            digest_of(DIGEST_MD5, bytes, sizeof bytes, 999), "7707d6ae4e027c70eea2a935c2296f21");
}

TEST(the_hmacs_of_the_standards)
{
    static const struct
    {
        enum digest_kind kind;
        uint8_t key_byte;
        size_t key_size;
        const char *key, *text, *expected;
    } rows[] = {
            {DIGEST_MD5, 0, 4, "Jefe", "what do ya want for nothing?",
                    "750c783e6ab0b503eaa86e310a5db738"},
            {DIGEST_MD5, 0x0b, 16, NULL, "Hi There", "9294727a3638bb1c13f48ef8158bfc9d"},
            {DIGEST_MD5, 0xaa, 80, NULL, "Test Using Larger Than Block-Size Key - Hash Key First",
                    "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"},
            {DIGEST_SHA256, 0, 4, "Jefe", "what do ya want for nothing?",
                    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
            {DIGEST_SHA256, 0x0b, 20, NULL, "Hi There",
                    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
            {DIGEST_SHA256, 0xaa, 131, NULL,
                    "Test Using Larger Than Block-Size Key - Hash Key First",
                    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    };
    uint8_t key[131], value[DIGEST_SHA256_SIZE];
    struct hmac h;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++)
    {
        memset(key, rows[i].key_byte, sizeof key);
        hmac_init(
                &h, rows[i].kind, rows[i].key ? (const void *)rows[i].key : key, rows[i].key_size);
        hmac_update(&h, rows[i].text, strlen(rows[i].text));
        hmac_finish(&h, value);
        assert_string_equal(in_hex(value, size_of(rows[i].kind)), rows[i].expected);
    }
}

TEST(equal_is_each_byte)
{
    static const uint8_t a[] = {1, 2, 3}, b[] = {1, 2, 4};

    assert_true(digest_equal(a, b, 2));
    assert_false(digest_equal(a, b, 3));
}

TEST_MAIN(NULL, NULL)
