/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hexadecimal text; see hex.h.
 */

#include "libs/text/hex.h"

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool starts_with(const char *at, const char *end, const char *word)
{
    for (; *word; word++, at++)
        if (at == end || *at != *word)
            return false;
    return true;
}

/* Skips what a program prints before the bytes of a value: "NAME = ", "NAME - hexdump(len=82):". */
static const char *skip_label(const char *line, const char *end)
{
    const char *at;

    for (at = line; at < end; at++)
        if (starts_with(at, end, "= 0x"))
            return at + 2;
        else if (starts_with(at, end, "hexdump(len="))
        {
            for (; at < end && *at != ':'; at++)
                ;
            return at < end ? at + 1 : at;
        }
    return line;
}

/* Skips a dump's offset: digits and a colon, or eight digits and two blanks. */
static const char *skip_offset(const char *line, const char *end)
{
    const char *at = starts_with(line, end, "0x") ? line + 2 : line, *first = at;

    while (at < end && digit(*at) >= 0)
        at++;
    if (at > first && at < end && *at == ':')
        return at + 1;
    if (at - line == 8 && (at == end || (end - at >= 2 && at[0] == ' ' && at[1] == ' ')))
        return at;
    return line;
}

/* Reads the bytes of one line. The characters of a dump come after two blanks; in hexdump's, whose
 * offset has no colon, after a bar. */
static bool read_line(const char *at, const char *end, uint8_t *bytes, size_t *count)
{
    size_t before = *count;
    const char *start;
    bool dump, bar;

    while (at < end && is_blank(*at))
        at++;
    at = skip_label(at, end);
    start = skip_offset(at, end);
    dump = start != at;
    bar = dump && start[-1] != ':';
    for (at = start; at < end && is_blank(*at); at++)
        ;
    if (starts_with(at, end, "0x"))
        at += 2;
    while (at < end && !(bar && *at == '|'))
    {
        if (is_blank(*at))
        {
            if (dump && !bar && *count > before && end - at >= 2 && is_blank(at[1]))
                return true;
            at++;
            continue;
        }
        if (end - at < 2 || digit(at[0]) < 0 || digit(at[1]) < 0)
            return false;
        bytes[(*count)++] = (uint8_t)(digit(at[0]) << 4 | digit(at[1]));
        at += 2;
    }
    return true;
}

bool hex_read(const char *text, size_t size, uint8_t *bytes, size_t *count)
{
    const char *end = text + size, *line = text, *next;

    *count = 0;
    for (; line < end; line = next + 1)
    {
        for (next = line; next < end && *next != '\n'; next++)
            ;
        if (!read_line(line, next, bytes, count))
            return false;
    }
    return *count > 0;
}
