/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Encodings of phone books; see text.h.
 */

#include "libs/pbk/text.h"

#include <string.h>

#include "libs/text/utf.h"

static uint32_t unit_at(const uint8_t *data, enum text_encoding encoding)
{
    return encoding == TEXT_UTF16_BIG_ENDIAN ? (uint32_t)(data[0] << 8 | data[1])
                                             : (uint32_t)(data[1] << 8 | data[0]);
}

/* Whether a line begins with '[' if the bytes are UTF-16. */
static bool has_entry(const uint8_t *data, size_t size, enum text_encoding encoding)
{
    bool at_start = true;
    size_t i;

    for (i = 0; i + 1 < size; i += 2)
    {
        uint32_t unit = unit_at(data + i, encoding);

        if (at_start && unit == '[')
            return true;
        at_start = unit == '\n' || (at_start && (unit == ' ' || unit == '\t' || unit == '\r'));
    }
    return false;
}

/* Whether the first line has a NUL, its line end's included, as in UTF-16. */
static bool begins_with_nuls(const uint8_t *data, size_t size)
{
    const uint8_t *newline = memchr(data, '\n', size);
    size_t line = newline ? (size_t)(newline - data) + 1 : size;

    return memchr(data, 0, line < size ? line + 1 : size) != NULL;
}

/* 8-bit text has no NULs, and a line of UTF-16 that says anything has ASCII characters. */
static size_t find_tail(const uint8_t *data, size_t size, const struct text_form *form)
{
    size_t units = (size - form->mark) / 2, tail;

    while (units && unit_at(data + form->mark + 2 * (units - 1), form->encoding) != '\n')
        units--;
    tail = form->mark + 2 * units;
    return tail < size && !memchr(data + tail, 0, size - tail) ? tail : size;
}

struct text_form text_form(const uint8_t *data, size_t size)
{
    struct text_form form = {TEXT_8BIT, 0, size};

    if (size >= 3 && !memcmp(data, "\xef\xbb\xbf", 3))
        form.mark = 3;
    else if (size >= 2 && !memcmp(data, "\xff\xfe", 2))
        form = (struct text_form){TEXT_UTF16_LITTLE_ENDIAN, 2, size};
    else if (size >= 2 && !memcmp(data, "\xfe\xff", 2))
        form = (struct text_form){TEXT_UTF16_BIG_ENDIAN, 2, size};
    else if (size && begins_with_nuls(data, size))
    {
        if (has_entry(data, size, TEXT_UTF16_LITTLE_ENDIAN))
            form.encoding = TEXT_UTF16_LITTLE_ENDIAN;
        else if (has_entry(data, size, TEXT_UTF16_BIG_ENDIAN))
            form.encoding = TEXT_UTF16_BIG_ENDIAN;
    }
    if (form.encoding != TEXT_8BIT)
        form.tail = find_tail(data, size, &form);
    return form;
}

/* A unit of UTF-16 takes two bytes and needs at most three of UTF-8. */
size_t text_bound(enum text_encoding encoding, size_t size)
{
    return encoding == TEXT_8BIT ? size : size / 2 * 3;
}

size_t text_decode(enum text_encoding encoding, const uint8_t *data, size_t size, char *text)
{
    size_t units = size / 2, done = 0, i;
    uint32_t character;

    if (encoding == TEXT_8BIT)
    {
        if (size)
            memcpy(text, data, size);
        return size;
    }
    for (i = 0; i < units;)
    {
        i += utf16_get(data + 2 * i, units - i, encoding == TEXT_UTF16_BIG_ENDIAN, &character);
        done += utf8_put(character, text + done);
    }
    return done;
}

size_t text_encode(enum text_encoding encoding, const char *text, size_t length, uint8_t *to)
{
    uint8_t units[4], swapped;
    uint32_t character;
    size_t i = 0, done = 0, count, k;

    if (encoding == TEXT_8BIT)
    {
        if (to)
            memcpy(to, text, length);
        return length;
    }
    while (i < length)
    {
        i += utf8_get(text + i, length - i, &character);
        count = 2 * utf16_put(character == UTF_MALFORMED ? UTF_REPLACEMENT : character, units);
        for (k = 0; encoding == TEXT_UTF16_BIG_ENDIAN && k < count; k += 2)
        {
            swapped = units[k];
            units[k] = units[k + 1];
            units[k + 1] = swapped;
        }
        if (to)
            memcpy(to + done, units, count);
        done += count;
    }
    return done;
}

size_t text_without_nuls(char *text, size_t size)
{
    char *nul = size ? memchr(text, 0, size) : NULL, *to = nul, *at;

    if (!nul)
        return size;
    for (at = nul; at < text + size; at++)
    {
        if (*at)
            *to++ = *at;
        else if (at + 1 < text + size && !at[1])
            return SIZE_MAX;
    }
    return (size_t)(to - text);
}

bool text_is_utf8(const char *text, size_t size)
{
    uint32_t character;
    size_t i = 0;

    while (i < size)
    {
        i += utf8_get(text + i, size - i, &character);
        if (character == UTF_MALFORMED)
            return false;
    }
    return true;
}
