/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Owned byte strings, and digests of bytes.
 */
#include "libs/engine/bytes.h"

#include <stdlib.h>
#include <string.h>

bool bytes_copy(struct bytes *to, const void *data, size_t size)
{
    to->data = NULL;
    to->size = (uint32_t)size;
    if (size && !(to->data = malloc(size)))
        return false;
    if (size)
        memcpy(to->data, data, size);
    return true;
}

/* FNV-1a, 64 bit */
uint64_t digest_add(uint64_t digest, const void *bytes, size_t size)
{
    const uint8_t *byte = bytes;

    while (size--)
        digest = (digest ^ *byte++) * UINT64_C(0x100000001b3);
    return digest;
}

void bytes_wipe(void *data, size_t size)
{
    volatile uint8_t *byte = data;

    while (size--)
        *byte++ = 0;
}
