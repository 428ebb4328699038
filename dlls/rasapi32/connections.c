/*
 * RasEnumConnections: nf-ras-rasenumconnectionsw, and RASCONN in all the sizes that
 * Windows' headers gave it. RasGetSubEntryHandle: nf-ras-rasgetsubentryhandlew.
 */
#include "dlls/rasapi32/connection.h"

#include "libs/log/trace.h"

#include <raserror.h>
#include <stdlib.h>

#define ALIGN4(size) (((size) + 3) & ~(size_t)3)

/* One version of RASCONN: what of the longest a caller has room for. */
struct version
{
    DWORD size;
    DWORD filled; /* bytes that are the same as in the longest; 0: NT 3.51's */
};

#define VERSIONS(longest, shortest) { \
    {sizeof(shortest), 0}, \
    {ALIGN4(offsetof(longest, szPhonebook)), offsetof(longest, szPhonebook)}, \
    {offsetof(longest, guidEntry), offsetof(longest, guidEntry)}, \
    {offsetof(longest, dwFlags), offsetof(longest, dwFlags)}, \
    {offsetof(longest, guidCorrelationId), offsetof(longest, guidCorrelationId)}, \
    {sizeof(longest), sizeof(longest)}}

static const struct version wide_versions[] = VERSIONS(RASCONN600W, RASCONN351W);
static const struct version narrow_versions[] = VERSIONS(RASCONN600A, RASCONN351A);

static const struct version *find_version(const struct version *versions, DWORD size)
{
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(wide_versions); i++)
        if (versions[i].size == size)
            return &versions[i];
    return NULL;
}

static HRASCONN handle_of(const struct napipc_ras_connection *connection)
{
    return (HRASCONN)(UINT_PTR)connection->handle;
}

static void fill_wide(void *buffer, const struct version *version,
    const struct napipc_ras_connection *from)
{
    RASCONN600W full = {.dwSize = version->size, .hrasconn = handle_of(from), .dwSubEntry = 1};

    memset(buffer, 0, version->size);
    if (!version->filled)
    {
        RASCONN351W *old = buffer;

        old->dwSize = version->size;
        old->hrasconn = full.hrasconn;
        copy_wide(old->szEntryName, ARRAYSIZE(old->szEntryName), &from->entry_name);
        return;
    }
    copy_wide(full.szEntryName, ARRAYSIZE(full.szEntryName), &from->entry_name);
    copy_wide(full.szDeviceType, ARRAYSIZE(full.szDeviceType), &from->device_type);
    copy_wide(full.szDeviceName, ARRAYSIZE(full.szDeviceName), &from->device_name);
    copy_wide(full.szPhonebook, ARRAYSIZE(full.szPhonebook), &from->phonebook);
    memcpy(&full.guidEntry, &from->entry_id, sizeof(full.guidEntry));
    full.dwFlags = from->flags;
    memcpy(&full.guidCorrelationId, &from->id, sizeof(full.guidCorrelationId));
    memcpy(buffer, &full, version->filled);
}

static void fill_narrow(void *buffer, const struct version *version,
    const struct napipc_ras_connection *from)
{
    RASCONN600A full = {.dwSize = version->size, .hrasconn = handle_of(from), .dwSubEntry = 1};

    memset(buffer, 0, version->size);
    if (!version->filled)
    {
        RASCONN351A *old = buffer;

        old->dwSize = version->size;
        old->hrasconn = full.hrasconn;
        copy_narrow(old->szEntryName, sizeof(old->szEntryName), &from->entry_name);
        return;
    }
    copy_narrow(full.szEntryName, sizeof(full.szEntryName), &from->entry_name);
    copy_narrow(full.szDeviceType, sizeof(full.szDeviceType), &from->device_type);
    copy_narrow(full.szDeviceName, sizeof(full.szDeviceName), &from->device_name);
    copy_narrow(full.szPhonebook, sizeof(full.szPhonebook), &from->phonebook);
    memcpy(&full.guidEntry, &from->entry_id, sizeof(full.guidEntry));
    full.dwFlags = from->flags;
    memcpy(&full.guidCorrelationId, &from->id, sizeof(full.guidCorrelationId));
    memcpy(buffer, &full, version->filled);
}

DWORD list_connections(bool (*tell)(void *context,
    const struct napipc_ras_connection *connection), void *context)
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
            request.ras_list.after = page->connections[i].connection.handle;
            if (page->connections[i].active && !tell(context, &page->connections[i].connection))
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
    BYTE *buffer; /* NULL: only counted */
    size_t room;  /* bytes */
    const struct version *version;
    void (*fill)(void *buffer, const struct version *version,
        const struct napipc_ras_connection *from);
    DWORD count;
};

/* Fills what there is room for; whether that was all is known at the end. */
static bool take_connection(void *context, const struct napipc_ras_connection *connection)
{
    struct enumeration *enumeration = context;
    size_t size = enumeration->version->size;

    if (enumeration->buffer && (enumeration->count + 1) * size <= enumeration->room)
        enumeration->fill(enumeration->buffer + enumeration->count * size, enumeration->version,
            connection);
    enumeration->count++;
    return true;
}

static DWORD enumerate(void *buffer, DWORD *bytes, DWORD *connections,
    const struct version *versions, void (*fill)(void *buffer, const struct version *version,
        const struct napipc_ras_connection *from))
{
    /* Without a buffer there is no dwSize: the longest, so that any fits. */
    struct enumeration enumeration = {
        .version = &versions[ARRAYSIZE(wide_versions) - 1],
        .fill = fill,
    };
    DWORD error, need;

    if (!bytes || !connections)
        return ERROR_INVALID_PARAMETER;
    if (buffer)
    {
        if (!(enumeration.version = find_version(versions, *(DWORD *)buffer)))
            return ERROR_INVALID_SIZE;
        enumeration.buffer = buffer;
        enumeration.room = *bytes;
    }
    if ((error = list_connections(take_connection, &enumeration)))
        return error;
    need = enumeration.count * enumeration.version->size;
    /* The page: a buffer that holds less than one is too small, also if there is none to list. */
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
    return TRACED(enumerate(connections, bytes, count, wide_versions, fill_wide));
}

DWORD WINAPI RasEnumConnectionsA(RASCONNA *connections, DWORD *bytes, DWORD *count)
{
    TRACE_CALL("(connections %p, bytes %p, count %p)", (const void *)connections,
        (const void *)bytes, (const void *)count);
    return TRACED(enumerate(connections, bytes, count, narrow_versions, fill_narrow));
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
    if ((error = ask_about(NAPIPC_RAS_GET, connection, &reply)))
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
