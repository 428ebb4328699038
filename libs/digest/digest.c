/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What MD5 and SHA-256 share: blocks of 64 bytes, and the padding.
 */
#include "libs/digest/digest.h"

#include <string.h>

#include "libs/digest/block.h"

/* The bytes of the message's size in bits, at the end of the last block. */
#define LENGTH_SIZE 8

static size_t word_count(const struct digest *d)
{
    return d->kind == DIGEST_MD5 ? DIGEST_MD5_SIZE / 4 : DIGEST_SHA256_SIZE / 4;
}

/* Byte `index` of a number in the digest's byte order: MD5 is little-endian, SHA-256 big-endian. */
static uint8_t byte_of(const struct digest *d, uint64_t number, size_t index, size_t width)
{
    return (uint8_t)(number >> 8 * (d->kind == DIGEST_MD5 ? index : width - 1 - index));
}

void digest_init(struct digest *d, enum digest_kind kind)
{
    static const uint32_t md5[] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    /* The fractional parts of the square roots of the first 8 primes. */
    static const uint32_t sha256[] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
            0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

    d->kind = kind;
    d->size = 0;
    if (kind == DIGEST_MD5)
        memcpy(d->state, md5, sizeof md5);
    else
        memcpy(d->state, sha256, sizeof sha256);
}

void digest_update(struct digest *d, const void *bytes, size_t size)
{
    const uint8_t *next = bytes;
    size_t used, part;

    for (; size; next += part, size -= part)
    {
        used = d->size % DIGEST_BLOCK_SIZE;
        part = size < DIGEST_BLOCK_SIZE - used ? size : DIGEST_BLOCK_SIZE - used;
        memcpy(d->block + used, next, part);
        d->size += part;
        if (used + part < DIGEST_BLOCK_SIZE)
            continue;
        if (d->kind == DIGEST_MD5)
            md5_block(d->state, d->block);
        else
            sha256_block(d->state, d->block);
    }
}

void digest_finish(struct digest *d, uint8_t *value)
{
    static const uint8_t padding[DIGEST_BLOCK_SIZE] = {0x80};
    size_t used = d->size % DIGEST_BLOCK_SIZE, room = DIGEST_BLOCK_SIZE - LENGTH_SIZE, i;
    uint64_t bits = d->size * 8;
    uint8_t length[LENGTH_SIZE];

    digest_update(d, padding, used < room ? room - used : DIGEST_BLOCK_SIZE + room - used);
    for (i = 0; i < LENGTH_SIZE; ++i)
        length[i] = byte_of(d, bits, i, LENGTH_SIZE);
    digest_update(d, length, LENGTH_SIZE);
    for (i = 0; i < word_count(d) * 4; ++i)
        value[i] = byte_of(d, d->state[i / 4], i % 4, 4);
}

bool digest_equal(const uint8_t *a, const uint8_t *b, size_t size)
{
    uint8_t different = 0;
    size_t i;

    for (i = 0; i < size; ++i)
        different |= a[i] ^ b[i];
    return !different;
}

/* ---- HMAC ---- */

static void begin(struct digest *d, enum digest_kind kind, const uint8_t *key, uint8_t pad)
{
    uint8_t block[DIGEST_BLOCK_SIZE];
    size_t i;

    for (i = 0; i < sizeof block; ++i)
        block[i] = key[i] ^ pad;
    digest_init(d, kind);
    digest_update(d, block, sizeof block);
}

void hmac_init(struct hmac *h, enum digest_kind kind, const void *key, size_t size)
{
    memset(h->key, 0, sizeof h->key);
    if (size > sizeof h->key)
    {
        digest_init(&h->inner, kind);
        digest_update(&h->inner, key, size);
        digest_finish(&h->inner, h->key);
    }
    else
        memcpy(h->key, key, size);
    begin(&h->inner, kind, h->key, 0x36);
}

void hmac_update(struct hmac *h, const void *bytes, size_t size)
{
    digest_update(&h->inner, bytes, size);
}

void hmac_finish(struct hmac *h, uint8_t *value)
{
    struct digest outer;

    begin(&outer, h->inner.kind, h->key, 0x5c);
    digest_finish(&h->inner, value);
    digest_update(&outer, value, word_count(&outer) * 4);
    digest_finish(&outer, value);
}
