/*
 * Visible text; see visible.h.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
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

/* The next character of a line; false: it does not fit. */
static bool put(uint32_t c, uint32_t before, char *line, size_t capacity, size_t *length)
{
    char bytes[4];
    size_t count;

    if (c == '\n' && before == '\r')
        return true;
    count = utf8_put(is_blank(c) ? ' ' : is_control(c) ? '?' : c, bytes);
    if (count >= capacity - *length)
        return false;
    memcpy(line + *length, bytes, count);
    *length += count;
    return true;
}

size_t visible_line(const char *text, size_t size, char *line, size_t capacity)
{
    size_t i, length = 0;
    uint32_t c = 0, before;

    for (i = 0; i < size;)
    {
        before = c;
        i += utf8_get(text + i, size - i, &c);
        if (!put(c, before, line, capacity, &length))
            break;
    }
    line[length] = 0;
    return length;
}

size_t visible_line_of_utf16(const uint8_t *units, size_t count, char *line, size_t capacity)
{
    size_t i, length = 0;
    uint32_t c = 0, before;

    for (i = 0; i < count;)
    {
        before = c;
        i += utf16_get(units + 2 * i, count - i, false, &c);
        if (!put(c, before, line, capacity, &length))
            break;
    }
    line[length] = 0;
    return length;
}
