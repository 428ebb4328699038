/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SHA-256's block, FIPS 180-4 section 6.2.2.
 */
#include <string.h>

#include "libs/digest/block.h"

static uint32_t rotate(uint32_t word, unsigned int bits)
{
    return word >> bits | word << (32 - bits);
}

static void schedule(uint32_t words[64], const uint8_t block[DIGEST_BLOCK_SIZE])
{
    unsigned int i;

    for (i = 0; i < 16; ++i)
        words[i] = (uint32_t)block[i * 4] << 24 | block[i * 4 + 1] << 16 | block[i * 4 + 2] << 8
                   | block[i * 4 + 3];
    for (; i < 64; ++i)
    {
        uint32_t near = words[i - 2], far = words[i - 15];

        words[i] = (rotate(near, 17) ^ rotate(near, 19) ^ near >> 10) + words[i - 7]
                   + (rotate(far, 7) ^ rotate(far, 18) ^ far >> 3) + words[i - 16];
    }
}

void sha256_block(uint32_t state[8], const uint8_t block[DIGEST_BLOCK_SIZE])
{
    /* The fractional parts of the cube roots of the first 64 primes. */
    static const uint32_t roots[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b,
            0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
            0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6,
            0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
            0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
            0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
            0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585,
            0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
            0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa,
            0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
    uint32_t words[64], v[8], first, second; /* v: a to h */
    unsigned int i;

    schedule(words, block);
    memcpy(v, state, sizeof v);
    for (i = 0; i < 64; ++i)
    {
        first = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25))
                + ((v[4] & v[5]) ^ (~v[4] & v[6])) + roots[i] + words[i];
        second = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22))
                 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += first;
        v[0] = first + second;
    }
    for (i = 0; i < 8; ++i)
        state[i] += v[i];
}
