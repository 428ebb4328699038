/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * UTF-8 and UTF-16; see utf.h.
 */
#include "libs/text/utf.h"

static bool is_surrogate(uint32_t c)
{
    return c >= 0xd800 && c < 0xe000;
}

/* How many bytes follow the first byte of a character; 4: no character begins with it. *low and
 * *high are the limits of the second byte: they exclude overlong forms, surrogates and values
 * beyond Unicode. */
static unsigned int following_bytes(uint8_t first, uint8_t *low, uint8_t *high)
{
    *low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    *high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    return first < 0x80   ? 0
           : first < 0xc2 ? 4
           : first < 0xe0 ? 1
           : first < 0xf0 ? 2
           : first < 0xf5 ? 3
                          : 4;
}

size_t utf8_get(const char *text, size_t size, uint32_t *character)
{
    const uint8_t *bytes = (const uint8_t *)text;
    uint8_t low, high;
    unsigned int i, following = following_bytes(bytes[0], &low, &high);
    uint32_t c;

    *character = UTF_MALFORMED;
    if (following == 4)
        return 1;
    c = following ? bytes[0] & (0x3fu >> following) : bytes[0];
    for (i = 1; i <= following; i++)
    {
        if (i == size || bytes[i] < low || bytes[i] > high)
            return i;
        low = 0x80;
        high = 0xbf;
        c = c << 6 | (bytes[i] & 0x3f);
    }
    *character = c;
    return i;
}

size_t utf8_put(uint32_t c, char text[4])
{
    if (is_surrogate(c) || c > 0x10ffff)
        c = UTF_REPLACEMENT;
    if (c < 0x80)
    {
        text[0] = (char)c;
        return 1;
    }
    if (c < 0x800)
    {
        text[0] = (char)(0xc0 | c >> 6);
        text[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000)
    {
        text[0] = (char)(0xe0 | c >> 12);
        text[1] = (char)(0x80 | (c >> 6 & 0x3f));
        text[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    text[0] = (char)(0xf0 | c >> 18);
    text[1] = (char)(0x80 | (c >> 12 & 0x3f));
    text[2] = (char)(0x80 | (c >> 6 & 0x3f));
    text[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

size_t utf8_whole(const char *text, size_t size)
{
    uint8_t low, high;
    size_t back;

    for (back = 1; back <= 3 && back <= size; back++)
    {
        uint8_t byte = (uint8_t)text[size - back];
        unsigned int following = following_bytes(byte, &low, &high);

        if ((byte & 0xc0) != 0x80)
            return following < 4 && following >= back ? size - back : size;
    }
    return size;
}

static uint32_t unit_at(const uint8_t *units, size_t index, bool big_endian)
{
    return units[2 * index + big_endian] | (uint32_t)units[2 * index + !big_endian] << 8;
}

size_t utf16_get(const uint8_t *units, size_t count, bool big_endian, uint32_t *character)
{
    uint32_t low, c = unit_at(units, 0, big_endian);

    *character = is_surrogate(c) ? UTF_MALFORMED : c;
    if (c < 0xd800 || c >= 0xdc00 || count < 2)
        return 1;
    low = unit_at(units, 1, big_endian);
    if (low < 0xdc00 || low >= 0xe000)
        return 1;
    *character = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    return 2;
}

static void put_unit(uint8_t *units, uint32_t unit)
{
    units[0] = (uint8_t)unit;
    units[1] = (uint8_t)(unit >> 8);
}

size_t utf16_put(uint32_t c, uint8_t units[4])
{
    if (is_surrogate(c) || c > 0x10ffff)
        c = UTF_REPLACEMENT;
    if (c < 0x10000)
    {
        put_unit(units, c);
        return 1;
    }
    put_unit(units, 0xd800 + ((c - 0x10000) >> 10));
    put_unit(units + 2, 0xdc00 + ((c - 0x10000) & 0x3ff));
    return 2;
}

bool utf16_from_utf8(const char *text, size_t size, uint8_t *units, size_t limit, size_t *length)
{
    size_t i = 0;

    *length = 0;
    while (i < size)
    {
        uint8_t put[4];
        uint32_t c;
        size_t k, count;

        i += utf8_get(text + i, size - i, &c);
        if (c == UTF_MALFORMED)
            return false;
        count = utf16_put(c, put);
        if (*length + count > limit)
            return false;
        for (k = 0; k < 2 * count; k++)
            units[2 * *length + k] = put[k];
        *length += count;
    }
    return true;
}
