/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of products: UTF-16 in network order. See docs/soh-format.md for what we read besides.
 */

#include <string.h>

#include "libs/text/utf.h"
#include "libs/wsh/wire.h"

enum encoding
{
    BIG_ENDIAN_UTF16,
    LITTLE_ENDIAN_UTF16,
    BYTES
};

/* By the zero bytes of the characters that names have most: their high bytes. */
static enum encoding encoding_of(struct soh_span name)
{
    size_t zeros[2] = {0, 0}, i;

    if (name.size % 2)
        return BYTES;
    for (i = 0; i < name.size; ++i)
        zeros[i % 2] += !name.data[i];
    return zeros[1] > zeros[0] ? LITTLE_ENDIAN_UTF16 : BIG_ENDIAN_UTF16;
}

size_t wsh_name_text(struct soh_span name, char *text, size_t capacity)
{
    enum encoding encoding = encoding_of(name);
    size_t at = 0, length = 0, size;
    uint32_t character;
    char bytes[4];

    while (at < name.size)
    {
        if (encoding == BYTES)
            at += utf8_get((const char *)name.data + at, name.size - at, &character);
        else
            at += 2
                  * utf16_get(name.data + at, (name.size - at) / 2, encoding == BIG_ENDIAN_UTF16,
                          &character);
        if (!character)
            break;
        size = utf8_put(character, bytes);
        if (length + size >= capacity)
            break;
        memcpy(text + length, bytes, size);
        length += size;
    }
    text[length] = 0;
    return length;
}

bool wsh_name_make(const char *text, uint8_t wire[WSH_MAX_NAME_SIZE], struct soh_span *name)
{
    size_t units, i;
    uint8_t low;

    if (!*text || !utf16_from_utf8(text, strlen(text), wire, WSH_MAX_NAME_SIZE / 2 - 1, &units))
        return false;
    for (i = 0; i < units; ++i)
    {
        low = wire[2 * i];
        wire[2 * i] = wire[2 * i + 1];
        wire[2 * i + 1] = low;
    }
    wire[2 * units] = wire[2 * units + 1] = 0;
    name->data = wire;
    name->size = 2 * (units + 1);
    return true;
}
