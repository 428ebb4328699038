/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * MD5 (RFC 1321), SHA-256 (FIPS 180-4) and HMAC (RFC 2104) with either. MD5 is for RADIUS, which
 * knows nothing else; what is ours uses SHA-256.
 */

#ifndef WINE_NAP_DIGEST_H
#define WINE_NAP_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGEST_BLOCK_SIZE 64 /* of both */
#define DIGEST_MD5_SIZE 16
#define DIGEST_SHA256_SIZE 32

enum digest_kind
{
    DIGEST_MD5,
    DIGEST_SHA256
};

/* A digest under way. */
struct digest
{
    enum digest_kind kind;
    uint32_t state[8];
    uint64_t size; /* of what was added */
    uint8_t block[DIGEST_BLOCK_SIZE];
};

void digest_init(struct digest *d, enum digest_kind kind);
void digest_update(struct digest *d, const void *bytes, size_t size);
/* Writes DIGEST_MD5_SIZE or DIGEST_SHA256_SIZE bytes. */
void digest_finish(struct digest *d, uint8_t *value);

/* An HMAC under way. */
struct hmac
{
    struct digest inner;
    uint8_t key[DIGEST_BLOCK_SIZE];
};

void hmac_init(struct hmac *h, enum digest_kind kind, const void *key, size_t size);
void hmac_update(struct hmac *h, const void *bytes, size_t size);
/* Writes as many bytes as the digest has. */
void hmac_finish(struct hmac *h, uint8_t *value);

/* Compares in a time that does not depend on the contents. */
bool digest_equal(const uint8_t *a, const uint8_t *b, size_t size);

#endif
