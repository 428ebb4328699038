/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Information headers (RTR_INFO_BLOCK_HEADER). A header is one piece of memory: a table of
 * contents, then each block's data. It is never changed; each change makes a new one, which
 * is a buffer of buffer.h.
 */

#ifndef WINE_NAP_INFO_HEADER_H
#define WINE_NAP_INFO_HEADER_H

#include <windows.h>
#include <mprapi.h>
#include <rtinfo.h>

struct info_block
{
    DWORD type, item_size, item_count;
    const BYTE *data;
};

/*
 * Checks the header at a program's pointer. NO_ERROR; ERROR_INVALID_PARAMETER for NULL;
 * ERROR_INVALID_DATA if the memory is not readable, the version is unknown, or the table or
 * a block's data exceed the header's size.
 */
DWORD info_header_check(const void *pointer, const RTR_INFO_BLOCK_HEADER **header);

/* The index of the first block of this type in the table; TocEntriesCount if there is none. */
DWORD info_header_find(const RTR_INFO_BLOCK_HEADER *header, DWORD type);

/*
 * Makes a new header of `header`'s blocks. Removes the block at `index` if `block` is NULL,
 * else replaces it by `block`; appends `block` if `index` is TocEntriesCount. NO_ERROR or
 * ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD info_header_rebuild(const RTR_INFO_BLOCK_HEADER *header, DWORD index,
        const struct info_block *block, void **made);

#endif
