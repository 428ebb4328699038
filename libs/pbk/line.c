/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lines of phone books; see line.h.
 */

#include "libs/pbk/line.h"

#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* ASCII only: keys are ASCII, and the bytes of a code page must not change. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Trims spaces from both ends of [*from, to); returns the new end. */
static char *trim(char **from, char *to)
{
    while (*from < to && is_space(**from))
        ++*from;
    while (to > *from && is_space(to[-1]))
        --to;
    return to;
}

static char first_of(const char *from, const char *to)
{
    while (from < to && is_space(*from))
        from++;
    return from < to ? *from : ' ';
}

bool line_is_blank(const char *from, const char *to)
{
    return first_of(from, to) == ' ';
}

bool line_is_comment(const char *from, const char *to)
{
    char first = first_of(from, to);

    return first == ';' || first == '#';
}

bool line_same_key(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t i;

    for (i = 0; i < a_length && i < b_length && lower(a[i]) == lower(b[i]); i++)
        ;
    return i == a_length && i == b_length;
}

struct line line_parse(char *from, char *to)
{
    struct line line = {.kind = LINE_EMPTY};
    char *at;

    to = trim(&from, to);
    if (from == to || *from == ';' || *from == '#')
        return line;
    if (*from == '[')
    {
        /* A name may contain brackets, and the second byte of a character may look like one.
         * Without any bracket the rest of the line is the name, so that no entry is lost. */
        for (at = to; at > from + 1 && at[-1] != ']'; at--)
            ;
        line.key = from + 1;
        line.key_end = at > from + 1 ? at - 1 : to;
        line.key_end = trim(&line.key, line.key_end);
        line.kind = LINE_ENTRY;
        return line;
    }
    at = memchr(from, '=', (size_t)(to - from));
    if (!at || at == from)
        return line;
    line.key = from;
    line.key_end = trim(&line.key, at);
    line.value = at + 1;
    line.value_end = trim(&line.value, to);
    line.kind = LINE_SETTING;
    return line;
}

/* In capitals only: a MEDIA block has a setting that is called Device. */
static bool key_is(const struct line *line, const char *key)
{
    size_t length = (size_t)(line->key_end - line->key);

    return strlen(key) == length && !memcmp(line->key, key, length);
}

enum pbk_block_kind line_block(const struct line *line)
{
    return key_is(line, "NETCOMPONENTS") ? PBK_NETCOMPONENTS
           : key_is(line, "MEDIA")       ? PBK_MEDIA
           : key_is(line, "DEVICE")      ? PBK_DEVICE
                                         : PBK_SETTINGS;
}
