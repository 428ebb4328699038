/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The remediation URL of a response: UTF-8 on the wire, UTF-16 for programs, at most
 * maxStringLength characters. Any other URL is left out, and the decision counts.
 */
#include "tests/unit/engine/agent.h"

#include <stdlib.h>

static struct object object;

/* Lets a server decide with this URL. The result is the object's URL. */
static struct napipc_string url_of(struct client *client, const char *url)
{
    struct decided decided = {RESTRICTED, 0, SOH_NO_PROBATION, url};
    struct napipc_string string = {object.url, 0};

    object_init(&object, 1);
    object_decide(client, &object, &decided);
    assert_int_equal(object.state, RESTRICTED);
    assert_int_equal(object_down(client, &object), S_OK);
    string.length = object.url_length;
    return string;
}

AGENT_TEST(utf_8_becomes_utf_16)
{
    static const struct
    {
        const char *utf8;
        uint16_t length;
        uint16_t utf16[2]; /* the last two code units */
    } texts[] = {
            {"x\x7F", 2, {'x', 0x7F}}, {"x\xC2\x80", 2, {'x', 0x80}}, /* the first of two bytes */
            {"x\xDF\xBF", 2, {'x', 0x7FF}},                           /* the last */
            {"x\xE0\xA0\x80", 2, {'x', 0x800}},                       /* the first of three bytes */
            {"x\xED\x9F\xBF", 2, {'x', 0xD7FF}},       /* the last before the surrogates */
            {"x\xEE\x80\x80", 2, {'x', 0xE000}},       /* the first after them */
            {"x\xEF\xBF\xBF", 2, {'x', 0xFFFF}},       /* the last of three */
            {"\xF0\x90\x80\x80", 2, {0xD800, 0xDC00}}, /* the first of four */
            {"\xF0\x9F\x98\x80", 2, {0xD83D, 0xDE00}},
            {"\xF4\x8F\xBF\xBF", 2, {0xDBFF, 0xDFFF}}, /* the last character */
    };
    struct client *client = client_bound(1);
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
    {
        struct napipc_string url = url_of(client, texts[i].utf8);

        assert_int_equal(url.length, texts[i].length);
        assert_int_equal(url.units[0] | url.units[1] << 8, texts[i].utf16[0]);
        assert_int_equal(url.units[2] | url.units[3] << 8, texts[i].utf16[1]);
    }
    assert_int_equal(agent_logged("bad-url"), 0);
}

AGENT_TEST(malformed_utf_8_is_left_out)
{
    static const char *const texts[] = {
            "x\x80", /* a continuation byte first */
            "x\xBF",
            "x\xC2", /* truncated */
            "x\xE2\x82",
            "x\xF0\x9F\x98",
            "x\xC2y", /* no continuation byte */
            "x\xE2\x82y",
            "x\xE2y\x82",
            "x\xF0\x9F\x98y",
            "x\xC0\x80", /* longer than necessary */
            "x\xC1\xBF",
            "x\xE0\x9F\xBF",
            "x\xF0\x8F\xBF\xBF",
            "x\xED\xA0\x80", /* a surrogate */
            "x\xED\xBF\xBF",
            "x\xF4\x90\x80\x80", /* beyond the last character */
            "x\xF7\xBF\xBF\xBF",
            "x\xF8\x88\x80\x80\x80",
            "x\xFE",
            "x\xFF",
    };
    struct client *client = client_bound(1);
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        assert_int_equal(url_of(client, texts[i]).length, 0);
    assert_int_equal(agent_logged("bad-url"), sizeof(texts) / sizeof(*texts));
}

AGENT_TEST(a_url_has_at_most_1024_code_units)
{
    static char text[3 * NAPIPC_MAX_STRING + 8];
    struct client *client = client_bound(1);
    unsigned int i;

    memset(text, 'u', 1025);
    assert_int_equal(url_of(client, text).length, 0);
    text[1024] = 0;
    assert_int_equal(url_of(client, text).length, 1024);

    /* Code units are counted, not bytes ... */
    for (i = 0; i < 1024; i++)
        memcpy(text + 3 * i, "\xE2\x82\xAC", 4);
    assert_int_equal(url_of(client, text).length, 1024);
    /* ... and a pair is not cut in two. */
    memset(text, 'u', 1023);
    memcpy(text + 1023, "\xF0\x9F\x98\x80", 5);
    assert_int_equal(url_of(client, text).length, 0);
    memcpy(text + 1022, "\xF0\x9F\x98\x80", 5);
    assert_int_equal(url_of(client, text).length, 1024);
}

TEST_MAIN(NULL, NULL)
