/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Foreign text in a log line: every control character is replaced, and a line that is too long ends
 * with a whole character. log.h, libs/text/visible.h
 */

#include <test.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "libs/log/log.h"
#include "libs/text/utf.h"
#include "libs/text/visible.h"

static WCHAR file[MAX_PATH];
static FILE *written;
static char line[1100];

static const char *next_text(void)
{
    const char *text;

    assert_non_null(fgets(line, sizeof(line), written));
    assert_int_equal(line[strlen(line) - 1], '\n');
    line[strlen(line) - 1] = 0;
    text = strstr(line, " - event: ");
    assert_non_null(text);
    return text + strlen(" - event: ");
}

static int begin(void)
{
    log_open("visible", LOG_INFO, file);
    return !(written = _wfopen(file, L"rb"));
}

static int end(void)
{
    log_open("visible", LOG_NONE, NULL);
    fclose(written);
    return !DeleteFileW(file);
}

TEST(every_control_character_is_replaced)
{
    char given[8];
    uint32_t c;

    for (c = 1; c < 0x3000; c++)
        if (is_control(c))
        {
            const char *text;

            given[utf8_put(c, given)] = 0;
            log_event(LOG_INFO, 0, "event", "<%s>", given);
            text = next_text();
            if (strcmp(text, "<?>") && strcmp(text, "< >"))
                fail_msg("U+%04X: %s", (unsigned int)c, text);
        }
}

TEST(what_is_no_utf8_is_replaced)
{
    log_event(LOG_INFO, 0, "event", "<%s>",
            "\x9b"
            "31m\xff");
    assert_string_equal(next_text(), "<\xef\xbf\xbd"
                                     "31m\xef\xbf\xbd>");
}

/* Names of registry keys and files reach the log as wide strings. */
TEST(wide_strings_are_cleaned_too)
{
    uint32_t c;

    for (c = 1; c < 0x100; c++)
        if (is_control(c))
        {
            WCHAR given[] = {(WCHAR)c, 0};
            const char *text, *at;

            log_event(LOG_INFO, 0, "event", "<%ls>", given);
            text = next_text();
            for (at = text; *at; at++)
                if ((unsigned char)*at < 0x20 || *at == 0x7f)
                    fail_msg("U+%04X", (unsigned int)c);
            assert_null(strstr(text, "\xc2\x9b"));
            assert_int_equal(utf8_whole(text, strlen(text)), strlen(text));
        }
}

TEST(a_line_too_long_says_so_after_a_whole_character)
{
    char given[3 * 400 + 1];
    unsigned int shift, i;

    for (i = 0; i < 400; i++)
        memcpy(given + 3 * i, "\xe2\x82\xac", 4);
    for (shift = 0; shift < 3; shift++)
    {
        const char *text;
        uint32_t c;
        size_t at;

        log_event(LOG_INFO, 0, "event", "%.*s%s", (int)shift, "abc", given);
        text = next_text();
        assert_in_range(strlen(line), 1022 - 2, 1022);
        assert_string_equal(line + strlen(line) - 3, "...");
        line[strlen(line) - 3] = 0;
        for (at = 0; text[at]; at += utf8_get(text + at, strlen(text) - at, &c))
            ;
        assert_int_equal(c, 0x20ac);
        assert_null(strstr(text, "\xef\xbf\xbd"));
    }
}

/* administration.md "Limits": the longest line is not cut. */
TEST(the_longest_line_is_whole)
{
    char given[1024];
    size_t other;

    log_event(LOG_INFO, 0, "event", "%s", "");
    next_text();
    other = strlen(line);
    memset(given, 'x', sizeof(given));
    given[1022 - other] = 0;
    log_event(LOG_INFO, 0, "event", "%s", given);
    assert_string_equal(next_text(), given);
    given[1022 - other] = 'x';
    given[1023 - other] = 0;
    log_event(LOG_INFO, 0, "event", "%s", given);
    next_text();
    assert_int_equal(strlen(line), 1022);
    assert_string_equal(line + 1022 - 4, "x...");
}

int main(void)
{
    GetTempPathW(ARRAYSIZE(file) - 32, file);
    swprintf(file + wcslen(file), 32, L"nap-visible-%lu.log", GetCurrentProcessId());
    return test_main(begin, end);
}
