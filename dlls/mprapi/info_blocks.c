/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The MprInfo functions (nf-mprapi-mprinfo*). They only build headers in memory.
 *
 * A function that fails leaves *new_header unchanged: programs pass the variable that holds
 * the old header.
 */

#include <string.h>

#include "dlls/mprapi/buffer.h"
#include "dlls/mprapi/info_header.h"

#include "libs/log/trace.h"

/* The source of the empty header. */
static const RTR_INFO_BLOCK_HEADER no_blocks = {
        RTR_INFO_BLOCK_VERSION, sizeof no_blocks, 0, {{0, 0, 0, 0}}};

/* An index that no entry has, so that none is left out. */
#define NO_ENTRY MAXDWORD

DWORD WINAPI MprInfoCreate(DWORD version, void **new_header)
{
    TRACE_CALL("(version %lu, new_header %p)", (unsigned long)version, (const void *)new_header);
    if (!new_header || version != RTR_INFO_BLOCK_VERSION)
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED(info_header_rebuild(&no_blocks, NO_ENTRY, NULL, new_header));
}

DWORD WINAPI MprInfoDelete(void *header)
{
    TRACE_CALL("(header %p)", (const void *)header);
    return TRACED(buffer_destroy(header));
}

DWORD WINAPI MprInfoRemoveAll(void *pointer, void **new_header)
{
    TRACE_CALL("(pointer %p, new_header %p)", (const void *)pointer, (const void *)new_header);
    const RTR_INFO_BLOCK_HEADER *header;
    DWORD error;

    if (!new_header)
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = info_header_check(pointer, &header)))
        return TRACED(error);
    return TRACED(info_header_rebuild(&no_blocks, NO_ENTRY, NULL, new_header));
}

DWORD WINAPI MprInfoDuplicate(void *pointer, void **new_header)
{
    TRACE_CALL("(pointer %p, new_header %p)", (const void *)pointer, (const void *)new_header);
    const RTR_INFO_BLOCK_HEADER *header;
    void *copy;
    DWORD error;

    if (!new_header)
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = info_header_check(pointer, &header)))
        return TRACED(error);
    /* Byte for byte: a program's own header may hold data that no entry describes. */
    copy = buffer_create(max(header->Size, sizeof *header));
    if (!copy)
        return TRACED(ERROR_NOT_ENOUGH_MEMORY);
    memcpy(copy, header, header->Size);
    *new_header = copy;
    return TRACED(NO_ERROR);
}

DWORD WINAPI MprInfoBlockAdd(
        void *pointer, DWORD type, DWORD item_size, DWORD item_count, BYTE *data, void **new_header)
{
    TRACE_CALL("(pointer %p, type %lu, item_size %lu, item_count %lu, data %p, "
               "new_header %p)",
            (const void *)pointer, (unsigned long)type, (unsigned long)item_size,
            (unsigned long)item_count, (const void *)data, (const void *)new_header);
    const struct info_block block = {type, item_size, item_count, data};
    const RTR_INFO_BLOCK_HEADER *header;
    DWORD error;

    if (!data || !new_header)
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = info_header_check(pointer, &header)))
        return TRACED(error);
    if (info_header_find(header, type) != header->TocEntriesCount)
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED(info_header_rebuild(header, header->TocEntriesCount, &block, new_header));
}

DWORD WINAPI MprInfoBlockRemove(void *pointer, DWORD type, void **new_header)
{
    TRACE_CALL("(pointer %p, type %lu, new_header %p)", (const void *)pointer, (unsigned long)type,
            (const void *)new_header);
    const RTR_INFO_BLOCK_HEADER *header;
    DWORD error, index;

    if (!new_header)
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = info_header_check(pointer, &header)))
        return TRACED(error);
    if ((index = info_header_find(header, type)) == header->TocEntriesCount)
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED(info_header_rebuild(header, index, NULL, new_header));
}

DWORD WINAPI MprInfoBlockSet(
        void *pointer, DWORD type, DWORD item_size, DWORD item_count, BYTE *data, void **new_header)
{
    TRACE_CALL("(pointer %p, type %lu, item_size %lu, item_count %lu, data %p, "
               "new_header %p)",
            (const void *)pointer, (unsigned long)type, (unsigned long)item_size,
            (unsigned long)item_count, (const void *)data, (const void *)new_header);
    const struct info_block block = {type, item_size, item_count, data};
    const RTR_INFO_BLOCK_HEADER *header;
    DWORD error, index;

    if (!data || !new_header)
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = info_header_check(pointer, &header)))
        return TRACED(error);
    if ((index = info_header_find(header, type)) == header->TocEntriesCount)
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED(info_header_rebuild(header, index, &block, new_header));
}

DWORD WINAPI MprInfoBlockFind(
        void *pointer, DWORD type, DWORD *item_size, DWORD *item_count, BYTE **data)
{
    TRACE_CALL("(pointer %p, type %lu, item_size %p, item_count %p, data %p)",
            (const void *)pointer, (unsigned long)type, (const void *)item_size,
            (const void *)item_count, (const void *)data);
    const RTR_INFO_BLOCK_HEADER *header;
    const RTR_TOC_ENTRY *entry;
    DWORD error, index;

    if ((error = info_header_check(pointer, &header)))
        return TRACED(error);
    if ((index = info_header_find(header, type)) == header->TocEntriesCount)
        return TRACED(ERROR_NOT_FOUND);
    entry = &header->TocEntry[index];
    if (item_size)
        *item_size = entry->InfoSize;
    if (item_count)
        *item_count = entry->Count;
    /* A block without data may be after the last byte; then the macro returns NULL. */
    if (data)
        *data = (BYTE *)GetInfoFromTocEntry(header, entry);
    return TRACED(NO_ERROR);
}

/* The page names no failure, so a pointer that is not a header has size 0. */
DWORD WINAPI MprInfoBlockQuerySize(void *pointer)
{
    TRACE_CALL("(pointer %p)", (const void *)pointer);
    const RTR_INFO_BLOCK_HEADER *header;

    return TRACED(info_header_check(pointer, &header) ? 0 : header->Size);
}
