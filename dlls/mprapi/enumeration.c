/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists in pages. The resume handle is the id of the last entry that was
 * returned. Ids ascend, so the next call continues after it even if entries
 * were added or removed.
 */

#include "dlls/mprapi/buffer.h"
#include "dlls/mprapi/rras.h"

/* The list while it grows. */
struct collection
{
    const struct layout *layout;
    BYTE *buffer;
    DWORD count, capacity;
    uint64_t now;
    uint32_t last; /* id */
};

static bool reserve(struct collection *collection, DWORD capacity)
{
    BYTE *grown;

    if (collection->buffer && capacity <= collection->capacity)
        return true;
    if ((uint64_t)capacity * collection->layout->size > MAXLONG
            || !(grown = buffer_create((SIZE_T)capacity * collection->layout->size)))
        return false;
    if (collection->count)
        memcpy(grown, collection->buffer, (SIZE_T)collection->count * collection->layout->size);
    if (collection->buffer)
        buffer_destroy(collection->buffer);
    collection->buffer = grown;
    collection->capacity = capacity;
    return true;
}

/* Appends the entries of a page. */
static DWORD collect(struct collection *collection, const struct napipc_rras_list_reply *page)
{
    struct napipc_blob rest = page->entries;
    struct napipc_rras_entry entry;
    DWORD taken;

    for (taken = 0; taken < page->count && napipc_rras_next(&rest, &entry); taken++)
    {
        collection->layout->fill(
                collection->buffer + (SIZE_T)collection->count * collection->layout->size, &entry,
                collection->now);
        collection->count++;
        collection->last = entry.id;
    }
    return taken == page->count && !rest.size ? NO_ERROR : ERROR_INVALID_DATA;
}

/* Collects at most `limit` entries. *more: there are others after them. */
static DWORD collect_pages(struct collection *collection, DWORD limit, DWORD *total, bool *more)
{
    struct napipc_message request;
    bool first = true;
    DWORD error;

    do
    {
        struct agent_reply reply;
        const struct napipc_rras_list_reply *page = &reply.message.rras_list_reply;
        DWORD left = limit - collection->count;

        request.type = NAPIPC_RRAS_LIST;
        request.rras_list.after = collection->last;
        request.rras_list.limit = left;
        request.rras_list.even_if_off = false;
        if ((error = agent_ask(&request, &reply)))
            return error;
        if (first)
            *total = page->remaining;
        first = false;
        if (page->count > left || page->count > page->remaining)
            error = ERROR_INVALID_DATA;
        else if (!reserve(collection, collection->count + min(page->remaining, left)))
            error = ERROR_NOT_ENOUGH_MEMORY;
        else
            error = collect(collection, page);
        *more = page->remaining > page->count;
        if (!page->count)
            *more = false;
        agent_reply_clear(&reply);
    } while (!error && *more && collection->count < limit);
    return error;
}

DWORD enumerate(const struct layout *layout, BYTE **buffer, DWORD max_length, DWORD *read,
        DWORD *total, DWORD *resume)
{
    struct collection collection = {.layout = layout, .now = time_now()};
    DWORD limit = max_length == (DWORD)-1 ? MAXLONG : max(max_length / layout->size, 1), error;
    bool more = false;

    if (resume)
        collection.last = *resume;
    if ((error = collect_pages(&collection, limit, total, &more)))
    {
        if (collection.buffer)
            buffer_destroy(collection.buffer);
        *total = 0;
        return error;
    }
    *buffer = collection.buffer;
    *read = collection.count;
    *total = max(*total, collection.count); /* entries may have been added between pages */
    if (resume)
        *resume = more ? collection.last : 0;
    return more ? ERROR_MORE_DATA : NO_ERROR;
}

DWORD get_entry(const struct layout *layout, uint32_t id, BYTE **buffer, void *to)
{
    struct napipc_message request;
    struct napipc_rras_entry entry;
    struct napipc_blob rest;
    struct agent_reply reply;
    DWORD error;

    request.type = NAPIPC_RRAS_GET;
    request.rras_select.selector.kind = NAPIPC_RRAS_BY_ID;
    request.rras_select.selector.id = id;
    if ((error = agent_ask(&request, &reply)))
        return error;
    rest = reply.message.rras_list_reply.entries;
    if (!napipc_rras_next(&rest, &entry))
        error = ERROR_INVALID_DATA;
    else if (buffer && !(to = *buffer = buffer_create(layout->size)))
        error = ERROR_NOT_ENOUGH_MEMORY;
    else
        layout->fill(to, &entry, time_now());
    agent_reply_clear(&reply);
    return error;
}

bool clear_results(BYTE **buffer, DWORD *read, DWORD *total)
{
    if (!is_writable(buffer, sizeof(*buffer)) || !is_writable(read, sizeof(*read))
            || !is_writable(total, sizeof(*total)))
        return false;
    *buffer = NULL;
    *read = *total = 0;
    return true;
}
