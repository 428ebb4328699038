/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasEnumConnections: nf-ras-rasenumconnectionsw, and RASCONN in all the sizes that
 * Windows' headers gave it. RasGetSubEntryHandle: nf-ras-rasgetsubentryhandlew.
 */
#include "dlls/rasapi32/connection_entry.h"

#include "libs/log/trace.h"

#include <raserror.h>
#include <stdlib.h>
#include <wchar.h>

/* One version of RASCONN: how much of the longest version it has. */
struct version
{
    DWORD size;
    DWORD filled; /* leading bytes in common with the longest; 0: NT 3.51's */
};

#define VERSION_COUNT 6

/* RASCONN with W or A: its versions, and the offsets of members in the longest. */
struct layout
{
    struct version versions[VERSION_COUNT];
    DWORD old_entry_name; /* offsets; this is NT 3.51's */
    DWORD entry_name, device_type, device_name, phonebook;
    DWORD sub_entry, entry_id, flags, id;
    void (*copy)(void *to, size_t size, const struct napipc_string *string);
};

#define LAYOUT(longest, shortest, copy)                                                            \
    {                                                                                              \
        {{sizeof(shortest), 0},                                                                    \
                {ALIGN4(offsetof(longest, szPhonebook)), offsetof(longest, szPhonebook)},          \
                {offsetof(longest, guidEntry), offsetof(longest, guidEntry)},                      \
                {offsetof(longest, dwFlags), offsetof(longest, dwFlags)},                          \
                {offsetof(longest, guidCorrelationId), offsetof(longest, guidCorrelationId)},      \
                {sizeof(longest), sizeof(longest)}},                                               \
                offsetof(shortest, szEntryName), offsetof(longest, szEntryName),                   \
                offsetof(longest, szDeviceType), offsetof(longest, szDeviceName),                  \
                offsetof(longest, szPhonebook), offsetof(longest, dwSubEntry),                     \
                offsetof(longest, guidEntry), offsetof(longest, dwFlags),                          \
                offsetof(longest, guidCorrelationId), copy                                         \
    }

static const struct layout wide_layout = LAYOUT(RASCONN600W, RASCONN351W, copy_wide);
static const struct layout narrow_layout = LAYOUT(RASCONN600A, RASCONN351A, copy_narrow);

static const struct version *find_version(const struct layout *layout, DWORD size)
{
    unsigned int i;

    for (i = 0; i < VERSION_COUNT; i++)
        if (layout->versions[i].size == size)
            return &layout->versions[i];
    return NULL;
}

static bool is_null(const GUID *id)
{
    static const GUID null;

    return !memcmp(id, &null, sizeof(null));
}

/* What the phone book says of the connection's entry, instead of what the agent knows. `entry` must
 * stay while `connection` is used. */
static void take_entry(
        struct napipc_ras_connection *connection, const struct connection_entry *entry)
{
    connection->flags = entry->flags;
    if (!is_null(&entry->id))
        memcpy(&connection->entry_id, &entry->id, sizeof(entry->id));
    connection->phonebook.units = (const uint8_t *)entry->phonebook;
    connection->phonebook.length = (uint16_t)wcslen(entry->phonebook);
}

static void fill(BYTE *buffer, const struct layout *layout, const struct version *version,
        const struct napipc_ras_connection *from)
{
    RASCONN600W longest = {0}; /* at least as long as A's, with the same first members */
    BYTE *full = (BYTE *)&longest;
    const DWORD one = 1;

    longest.dwSize = version->size;
    longest.hrasconn = (HRASCONN)(UINT_PTR)from->handle;
    memset(buffer, 0, version->size);
    if (!version->filled)
    {
        memcpy(buffer, full, layout->old_entry_name);
        layout->copy(buffer + layout->old_entry_name, RAS351_MaxEntryName + 1, &from->entry_name);
        return;
    }
    layout->copy(full + layout->entry_name, RAS_MaxEntryName + 1, &from->entry_name);
    layout->copy(full + layout->device_type, RAS_MaxDeviceType + 1, &from->device_type);
    layout->copy(full + layout->device_name, RAS_MaxDeviceName + 1, &from->device_name);
    layout->copy(full + layout->phonebook, MAX_PATH, &from->phonebook);
    memcpy(full + layout->sub_entry, &one, sizeof(one));
    memcpy(full + layout->entry_id, &from->entry_id, sizeof(GUID));
    memcpy(full + layout->flags, &from->flags, sizeof(from->flags));
    memcpy(full + layout->id, &from->id, sizeof(GUID));
    memcpy(buffer, full, version->filled);
}

DWORD list_connections(
        bool (*visit)(void *context, const struct napipc_ras_connection *connection), void *context)
{
    struct napipc_message request;
    bool more = true;

    request.type = NAPIPC_RAS_LIST;
    request.ras_list.after = 0;
    while (more)
    {
        struct agent_reply reply;
        const struct napipc_ras_list_reply *page = &reply.message.ras_list_reply;
        DWORD error = ask_agent(&request, &reply);
        uint16_t i;

        if (error)
            return error;
        for (i = 0; i < page->count; i++)
        {
            const struct napipc_ras_connection *connection = &page->connections[i].connection;

            request.ras_list.after = connection->handle;
            if (!page->connections[i].active)
                hung_up_remove(connection->handle);
            else if (!hung_up_has(connection->handle) && !visit(context, connection))
            {
                agent_reply_clear(&reply);
                return ERROR_NOT_ENOUGH_MEMORY;
            }
        }
        more = page->more && page->count;
        agent_reply_clear(&reply);
    }
    return ERROR_SUCCESS;
}

/* A caller's buffer while it is filled. */
struct enumeration
{
    BYTE *buffer;    /* NULL: only counted */
    size_t capacity; /* capacity of `buffer` in bytes */
    const struct layout *layout;
    const struct version *version;
    struct connection_books books;
    DWORD count;
};

/* Fills the buffer up to its capacity, and counts all connections. */
static bool take_connection(void *context, const struct napipc_ras_connection *connection)
{
    struct enumeration *enumeration = context;
    size_t size = enumeration->version->size;

    if (enumeration->buffer && (enumeration->count + 1) * size <= enumeration->capacity)
    {
        struct napipc_ras_connection described = *connection;
        struct connection_entry entry;
        DWORD error = connection_entry_find(&enumeration->books, connection, &entry);

        if (error == ERROR_NOT_ENOUGH_MEMORY)
            return false;
        if (!error)
            take_entry(&described, &entry);
        fill(enumeration->buffer + enumeration->count * size, enumeration->layout,
                enumeration->version, &described);
    }
    enumeration->count++;
    return true;
}

static DWORD enumerate(void *buffer, DWORD *bytes, DWORD *connections, const struct layout *layout)
{
    /* Without a buffer there is no dwSize: assume the longest, so that any version fits. */
    struct enumeration enumeration = {
            .layout = layout,
            .version = &layout->versions[VERSION_COUNT - 1],
    };
    DWORD error, need;

    if (!bytes || !connections)
        return ERROR_INVALID_PARAMETER;
    if (buffer)
    {
        if (!(enumeration.version = find_version(layout, *(DWORD *)buffer)))
            return ERROR_INVALID_SIZE;
        enumeration.buffer = buffer;
        enumeration.capacity = *bytes;
    }
    error = list_connections(take_connection, &enumeration);
    connection_books_close(&enumeration.books);
    if (error)
        return error;
    need = enumeration.count * enumeration.version->size;
    /* By the page a buffer for less than one structure is too small, even for an empty list. */
    if (buffer && *bytes < enumeration.version->size && !need)
        need = enumeration.version->size;
    error = need && (!buffer || *bytes < need) ? ERROR_BUFFER_TOO_SMALL : ERROR_SUCCESS;
    *bytes = need;
    *connections = enumeration.count; /* last: it may be the same variable */
    return error;
}

DWORD WINAPI RasEnumConnectionsW(RASCONNW *connections, DWORD *bytes, DWORD *count)
{
    TRACE_CALL("(connections %p, bytes %p, count %p)", (const void *)connections,
            (const void *)bytes, (const void *)count);
    return TRACED(enumerate(connections, bytes, count, &wide_layout));
}

DWORD WINAPI RasEnumConnectionsA(RASCONNA *connections, DWORD *bytes, DWORD *count)
{
    TRACE_CALL("(connections %p, bytes %p, count %p)", (const void *)connections,
            (const void *)bytes, (const void *)count);
    return TRACED(enumerate(connections, bytes, count, &narrow_layout));
}

/* No connection of ours has more than one link, and its handle is the connection's. */
static DWORD get_sub_entry(HRASCONN connection, DWORD sub_entry, HRASCONN *out)
{
    struct agent_reply reply;
    bool active;
    DWORD error;

    if (!out || !sub_entry)
        return ERROR_INVALID_PARAMETER;
    *out = NULL;
    if ((error = invalid_if_ended(ask_about(NAPIPC_RAS_GET, connection, &reply))))
        return error;
    active = reply.message.ras_get_reply.active;
    agent_reply_clear(&reply);
    if (sub_entry > 1)
        return ERROR_NO_MORE_ITEMS;
    if (!active)
        return ERROR_PORT_NOT_OPEN;
    *out = connection;
    return ERROR_SUCCESS;
}

DWORD WINAPI RasGetSubEntryHandleA(HRASCONN connection, DWORD sub_entry, HRASCONN *out)
{
    TRACE_CALL("(connection %p, sub_entry %lu, out %p)", (const void *)connection,
            (unsigned long)sub_entry, (const void *)out);
    return TRACED(get_sub_entry(connection, sub_entry, out));
}

DWORD WINAPI RasGetSubEntryHandleW(HRASCONN connection, DWORD sub_entry, HRASCONN *out)
{
    TRACE_CALL("(connection %p, sub_entry %lu, out %p)", (const void *)connection,
            (unsigned long)sub_entry, (const void *)out);
    return TRACED(get_sub_entry(connection, sub_entry, out));
}
