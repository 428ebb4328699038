/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Information headers (RTR_INFO_BLOCK_HEADER) as one piece of memory: a table of contents,
 * then each block's data. A header is never changed, only made anew, as a buffer of
 * buffer.h.
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
 * The header at a pointer that a program gave us. NO_ERROR; ERROR_INVALID_PARAMETER for
 * NULL; ERROR_INVALID_DATA where the memory is not all there, the version is another, or
 * the table or a block's data reach beyond the header's size.
 */
DWORD info_header_check(const void *pointer, const RTR_INFO_BLOCK_HEADER **header);

/* Where in the table the first block of this type stands; TocEntriesCount if nowhere. */
DWORD info_header_find(const RTR_INFO_BLOCK_HEADER *header, DWORD type);

/*
 * Makes a header of `header`'s blocks with the one at `index` left out, or `block` in its
 * place, or `block` added at the end where index is TocEntriesCount. NO_ERROR or
 * ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD info_header_rebuild(const RTR_INFO_BLOCK_HEADER *header, DWORD index,
        const struct info_block *block, void **made);

#endif
