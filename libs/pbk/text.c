/*
 * Encodings of phone books; see text.h.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "libs/pbk/text.h"

#include <string.h>

#define REPLACEMENT 0xfffd

static bool is_utf16(const uint8_t *data, size_t size, bool *big_endian)
{
    if (size < 2)
        return false;
    *big_endian = data[0] == 0xfe && data[1] == 0xff;
    return *big_endian || (data[0] == 0xff && data[1] == 0xfe);
}

/* A unit of UTF-16 takes two bytes and needs at most three of UTF-8. */
size_t text_bound(const uint8_t *data, size_t size)
{
    bool big_endian;

    return is_utf16(data, size, &big_endian) ? size / 2 * 3 : size;
}

static size_t put_utf8(uint32_t c, char *out)
{
    if (c < 0x80)
    {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800)
    {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000)
    {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

static size_t read_utf16(const uint8_t *data, size_t units, bool big_endian, char *text)
{
    size_t i, size = 0;

    for (i = 0; i < units; i++)
    {
        uint32_t c = data[2 * i + big_endian] | data[2 * i + !big_endian] << 8;

        if (c >= 0xd800 && c < 0xdc00 && i + 1 < units)
        {
            uint32_t low = data[2 * i + 2 + big_endian] | data[2 * i + 2 + !big_endian] << 8;

            if (low >= 0xdc00 && low < 0xe000)
            {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                i++;
            }
        }
        size += put_utf8(c >= 0xd800 && c < 0xe000 ? REPLACEMENT : c, text + size);
    }
    return size;
}

size_t text_read(const uint8_t *data, size_t size, char *text)
{
    bool big_endian;

    if (is_utf16(data, size, &big_endian))
        return read_utf16(data + 2, size / 2 - 1, big_endian, text);
    if (size >= 3 && !memcmp(data, "\xef\xbb\xbf", 3))
    {
        data += 3;
        size -= 3;
    }
    if (size)
        memcpy(text, data, size);
    return size;
}

/* How many bytes follow this first one of a character, and the least character that needs them. */
static bool begins(uint8_t byte, unsigned int *following, uint32_t *character, uint32_t *least)
{
    static const uint32_t leasts[] = {0, 0x80, 0x800, 0x10000};

    *following = byte < 0x80 ? 0 : byte >= 0xc2 && byte < 0xe0 ? 1 : byte >= 0xe0 && byte < 0xf0
                    ? 2 : 3;
    *character = *following ? byte & (0x3f >> *following) : byte;
    *least = leasts[*following];
    return byte < 0x80 || (byte >= 0xc2 && byte < 0xf5);
}

bool text_is_utf8(const char *text, size_t size)
{
    unsigned int following;
    uint32_t c, least;
    size_t i = 0;

    while (i < size)
    {
        if (!begins((uint8_t)text[i++], &following, &c, &least))
            return false;
        for (; following; following--, i++)
        {
            if (i == size || ((uint8_t)text[i] & 0xc0) != 0x80)
                return false;
            c = c << 6 | ((uint8_t)text[i] & 0x3f);
        }
        if (c < least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
            return false;
    }
    return true;
}
