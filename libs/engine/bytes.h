/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Owned byte strings, and digests of bytes.
 */
#ifndef WINE_NAP_ENGINE_BYTES_H
#define WINE_NAP_ENGINE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A byte string that its holder owns; size 0: none. */
struct bytes
{
    uint8_t *data;
    uint32_t size;
};

/* Returns false on allocation failure. `size` may be 0. */
bool bytes_copy(struct bytes *to, const void *data, size_t size);

/* Equal digests mean equal content. */
#define DIGEST_OF_NOTHING UINT64_C(0xcbf29ce484222325)
uint64_t digest_add(uint64_t digest, const void *bytes, size_t size);

/* Overwrites memory that held a secret. The compiler keeps it. */
void bytes_wipe(void *data, size_t size);

#endif
