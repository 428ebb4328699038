/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The functions that take one block of 64 bytes into the state.
 */

#ifndef WINE_NAP_DIGEST_BLOCK_H
#define WINE_NAP_DIGEST_BLOCK_H

#include "libs/digest/digest.h"

void md5_block(uint32_t state[8], const uint8_t block[DIGEST_BLOCK_SIZE]);    /* 4 words of it */
void sha256_block(uint32_t state[8], const uint8_t block[DIGEST_BLOCK_SIZE]); /* all */

#endif
