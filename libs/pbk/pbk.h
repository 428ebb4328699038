/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads phone books, the files that Windows calls rasphone.pbk ([MS-RRASM] 2.2.2).
 *
 *   [Office]                  an entry begins: its name
 *   Type=2                    its settings, key=value
 *                             empty lines mean nothing
 *   NETCOMPONENTS=            a block: settings of network components
 *   ms_msclient=1
 *
 *   MEDIA=rastapi             a block: the port of a link
 *   Port=VPN3-0
 *   Device=WAN Miniport (PPTP)
 *
 *   DEVICE=vpn                a block: the device of that link, and whom it calls
 *   PhoneNumber=vpn.example   repeated for each alternate number
 *
 * Keys repeat; MEDIA and DEVICE do for each link of an entry. The lines that begin a block
 * are in capitals, unlike a MEDIA block's Device setting. What is no entry, no block
 * and no setting is passed over. The file may be in UTF-16 with a byte order mark, which
 * becomes UTF-8 here, in UTF-8, or in an ANSI code page, whose bytes stay as they are.
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
    PBK_NOT_A_PHONE_BOOK /* there is text before the first entry, or NUL bytes in the text */
};

/* Reads a copy of the data, in time and memory linear in its size. Unless PBK_OK, *pbk is
 * zeroed. A file without any text is a phone book without entries. */
enum pbk_status pbk_init(struct pbk *pbk, const void *data, size_t size);

/* A zeroed *pbk is fine. */
void pbk_finish(struct pbk *pbk);

/* The n-th block of that kind, from 0; NULL: it has no so many. */
const struct pbk_block *pbk_block(
        const struct pbk_entry *entry, enum pbk_block_kind kind, size_t n);

/* The n-th value of a key, from 0; its case does not matter. NULL: there is none. */
const char *pbk_value(const struct pbk_block *block, const char *key, size_t n);

/* The number that the first value of the key is, decimal, maybe negative (it is taken as its
 * 32 bits). `otherwise` if there is no such key or it is no number of 32 bits. */
uint32_t pbk_number(const struct pbk_block *block, const char *key, uint32_t otherwise);

/* A value made of 2 * size hexadecimal digits, as a Guid is. False: there is none such. */
bool pbk_bytes(const struct pbk_block *block, const char *key, uint8_t *bytes, size_t size);

#endif
