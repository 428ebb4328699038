/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Visible text; see visible.h.
 */
#include "libs/text/visible.h"

#include <string.h>

#include "libs/text/utf.h"

bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f
           || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool is_blank(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* `count` bytes of UTF-8, or little-endian units of UTF-16. */
static size_t line_of(const uint8_t *text, size_t count, bool utf16, char *line, size_t capacity)
{
    size_t i = 0, size, length = 0;
    uint32_t c = 0, before;
    char bytes[4];

    while (i < count)
    {
        before = c;
        i += utf16 ? utf16_get(text + 2 * i, count - i, false, &c)
                   : utf8_get((const char *)text + i, count - i, &c);
        if (c == '\n' && before == '\r')
            continue;
        size = utf8_put(is_blank(c) ? ' ' : is_control(c) ? '?' : c, bytes);
        if (size >= capacity - length)
            break;
        memcpy(line + length, bytes, size);
        length += size;
    }
    line[length] = 0;
    return length;
}

size_t visible_line(const char *text, size_t size, char *line, size_t capacity)
{
    return line_of((const uint8_t *)text, size, false, line, capacity);
}

size_t visible_line_of_utf16(const uint8_t *units, size_t count, char *line, size_t capacity)
{
    return line_of(units, count, true, line, capacity);
}
