/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Encodings of phone books; see text.h.
 */

#include "libs/pbk/text.h"

#include <string.h>

#include "libs/text/utf.h"

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

static size_t read_utf16(const uint8_t *data, size_t units, bool big_endian, char *text)
{
    uint32_t character;
    size_t i, size = 0;

    for (i = 0; i < units;)
    {
        i += utf16_get(data + 2 * i, units - i, big_endian, &character);
        size += utf8_put(character, text + size);
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
