/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads phone books, the files that Windows calls rasphone.pbk ([MS-RRASM] 2.2.2).
 *
 *   [Office]                  an entry begins: its name
 *   Type=2                    its settings, key=value
 *                             empty lines are ignored
 *   NETCOMPONENTS=            a block: settings of network components
 *   ms_msclient=1
 *
 *   MEDIA=rastapi             a block: the port of a link
 *   Port=VPN3-0
 *   Device=WAN Miniport (PPTP)
 *
 *   DEVICE=vpn                a block: the device of that link, and the number it calls
 *   PhoneNumber=vpn.example   repeated for each alternate number
 *
 * Keys may repeat; MEDIA and DEVICE repeat for each link of an entry. The lines that begin a block
 * are in capitals, unlike a MEDIA block's Device setting. Lines that are no entry, no block and no
 * setting are ignored wherever they are, and so are comments, which begin with ';' or '#'. The file
 * may be in UTF-16, with or without a byte order mark, which is converted to UTF-8, in UTF-8, or in
 * an ANSI code page, whose bytes do not change.
 */

#ifndef WINE_NAP_PBK_H
#define WINE_NAP_PBK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pbk_line
{
    const char *key;
    const char *value; /* without the spaces around it; may be empty, never NULL */
};

enum pbk_block_kind
{
    PBK_SETTINGS, /* of the entry itself; its first block, always there */
    PBK_NETCOMPONENTS,
    PBK_MEDIA,
    PBK_DEVICE
};

struct pbk_block
{
    enum pbk_block_kind kind;
    const char *value; /* of the line that begins it: a DEVICE's type; "" for the settings */
    const struct pbk_line *lines;
    size_t line_count;
};

struct pbk_entry
{
    const char *name; /* not empty */
    const struct pbk_block *blocks;
    size_t block_count;
};

struct pbk
{
    const struct pbk_entry *entries; /* in the order of the file */
    size_t entry_count;
    bool is_utf8; /* every text is UTF-8; else some are in the code page of their writer */
    void *memory; /* all of it; pbk_finish frees it */
};

enum pbk_status
{
    PBK_OK,
    PBK_NO_MEMORY,
    PBK_NOT_A_PHONE_BOOK /* text without any entry, or damaged: NUL bytes in a row */
};

/* Reads a copy of the data, in time and memory linear in its size. Unless PBK_OK, *pbk is
 * zeroed. A file without any text is a phone book without entries. */
enum pbk_status pbk_init(struct pbk *pbk, const void *data, size_t size);

/* Accepts a zeroed *pbk. */
void pbk_finish(struct pbk *pbk);

/* Whether `after` is `before` with its entry `index` changed or added (removed 0), or removed (1).
 * A file of mixed encodings may be read otherwise after a change, and then must not be written. */
bool pbk_same_others(
        const struct pbk *before, const struct pbk *after, size_t index, size_t removed);

/* The n-th block of that kind, from 0; NULL: there are fewer. */
const struct pbk_block *pbk_block(
        const struct pbk_entry *entry, enum pbk_block_kind kind, size_t n);

/* The n-th value of a key, from 0; case is ignored. NULL: there is none. */
const char *pbk_value(const struct pbk_block *block, const char *key, size_t n);

/* The first value of the key as a decimal number; a negative one is returned as its 32 bits.
 * Returns `otherwise` if there is no such key or its value is not a 32-bit number. */
uint32_t pbk_number(const struct pbk_block *block, const char *key, uint32_t otherwise);

/* Reads a value of 2 * size hexadecimal digits, such as a Guid. Returns false if there is none. */
bool pbk_bytes(const struct pbk_block *block, const char *key, uint8_t *bytes, size_t size);

/* Reads data of any size: hexadecimal digits in the key's values, one value after another. Returns
 * the number of bytes, 0 if a value is none, and writes those for which there is space. */
size_t pbk_dump(const struct pbk_block *block, const char *key, uint8_t *bytes, size_t capacity);

#endif
