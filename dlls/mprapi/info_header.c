/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Information headers: checks and rebuilds them.
 *
 * Offsets and sizes follow [MS-RRASM] 2.2.1.2.3 and rtinfo.h: the data of each block begins
 * at a multiple of 8 bytes (ALIGN_SIZE), and a header is never smaller than the structure
 * with its one entry.
 */

#include <string.h>

#include "dlls/mprapi/buffer.h"
#include "dlls/mprapi/info_header.h"

/* The part before the table of contents. */
#define FIXED_SIZE FIELD_OFFSET(RTR_INFO_BLOCK_HEADER, TocEntry)

/* In 64 bits, so that no product or sum of 32-bit numbers overflows. */
static ULONGLONG data_size(DWORD item_size, DWORD item_count)
{
    return (ULONGLONG)item_size * item_count;
}

static ULONGLONG aligned(ULONGLONG size)
{
    return (size + ALIGN_SHIFT) & ~(ULONGLONG)ALIGN_SHIFT;
}

DWORD info_header_check(const void *pointer, const RTR_INFO_BLOCK_HEADER **checked)
{
    const RTR_INFO_BLOCK_HEADER *header = pointer;
    const RTR_TOC_ENTRY *entry;
    ULONGLONG size;
    DWORD i;

    if (!header)
        return ERROR_INVALID_PARAMETER;
    if (IsBadReadPtr(header, FIXED_SIZE))
        return ERROR_INVALID_DATA;
    if (header->Version != RTR_INFO_BLOCK_VERSION || header->Size < FIXED_SIZE)
        return ERROR_INVALID_DATA;
    if (header->TocEntriesCount > (header->Size - FIXED_SIZE) / sizeof(RTR_TOC_ENTRY))
        return ERROR_INVALID_DATA;
    if (IsBadReadPtr(header, header->Size))
        return ERROR_INVALID_DATA;

    for (i = 0; i < header->TocEntriesCount; ++i)
    {
        entry = &header->TocEntry[i];
        size = data_size(entry->InfoSize, entry->Count);
        if (size && (entry->Offset > header->Size || size > header->Size - entry->Offset))
            return ERROR_INVALID_DATA;
    }
    *checked = header;
    return NO_ERROR;
}

DWORD info_header_find(const RTR_INFO_BLOCK_HEADER *header, DWORD type)
{
    DWORD i;

    for (i = 0; i < header->TocEntriesCount; ++i)
        if (header->TocEntry[i].InfoType == type)
            break;
    return i;
}

/* A new header while its blocks are counted, and again while they are written. */
struct writer
{
    RTR_INFO_BLOCK_HEADER *header; /* NULL: only counts */
    DWORD entries;
    ULONGLONG size;
};

static void writer_begin(struct writer *writer, RTR_INFO_BLOCK_HEADER *header, DWORD entries)
{
    writer->header = header;
    writer->entries = 0;
    writer->size = FIXED_SIZE + (ULONGLONG)entries * sizeof(RTR_TOC_ENTRY);
    if (writer->size < sizeof(RTR_INFO_BLOCK_HEADER))
        writer->size = sizeof(RTR_INFO_BLOCK_HEADER);
}

static void write_block(struct writer *writer, const struct info_block *block)
{
    ULONGLONG offset = aligned(writer->size), size = data_size(block->item_size, block->item_count);
    RTR_TOC_ENTRY *entry;

    writer->size = offset + size;
    if (!writer->header)
        return;
    entry = &writer->header->TocEntry[writer->entries++];
    entry->InfoType = block->type;
    entry->InfoSize = block->item_size;
    entry->Count = block->item_count;
    entry->Offset = (ULONG)offset;
    if (size)
        memcpy((BYTE *)writer->header + offset, block->data, (size_t)size);
}

static void write_blocks(struct writer *writer, const RTR_INFO_BLOCK_HEADER *from, DWORD index,
        const struct info_block *block)
{
    const RTR_TOC_ENTRY *entry;
    struct info_block own;
    DWORD i;

    for (i = 0; i < from->TocEntriesCount; ++i)
    {
        entry = &from->TocEntry[i];
        if (i != index)
        {
            own.type = entry->InfoType;
            own.item_size = entry->InfoSize;
            own.item_count = entry->Count;
            own.data = (const BYTE *)from + entry->Offset;
            write_block(writer, &own);
        }
        else if (block)
            write_block(writer, block);
    }
    if (block && index == from->TocEntriesCount)
        write_block(writer, block);
}

DWORD info_header_rebuild(const RTR_INFO_BLOCK_HEADER *header, DWORD index,
        const struct info_block *block, void **made)
{
    DWORD entries = header->TocEntriesCount;
    RTR_INFO_BLOCK_HEADER *new_header;
    struct writer writer;

    if (index < entries)
        --entries;
    if (block)
        ++entries;
    writer_begin(&writer, NULL, entries);
    write_blocks(&writer, header, index, block);
    if (writer.size > MAXDWORD)
        return ERROR_NOT_ENOUGH_MEMORY;

    new_header = buffer_create((SIZE_T)writer.size);
    if (!new_header)
        return ERROR_NOT_ENOUGH_MEMORY;
    new_header->Version = RTR_INFO_BLOCK_VERSION;
    new_header->Size = (ULONG)writer.size;
    new_header->TocEntriesCount = entries;
    writer_begin(&writer, new_header, entries);
    write_blocks(&writer, header, index, block);
    *made = new_header;
    return NO_ERROR;
}
