/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The transports of the router: MprConfigTransport* and MprAdminTransport*. What a router manager
 * has to know is a block of bytes here: the router managers interpret it.
 */

#include "dlls/mprapi/buffer.h"
#include "dlls/mprapi/config_store.h"
#include "dlls/mprapi/rras.h"

#include <wchar.h>

#include "libs/log/trace.h"
#include "libs/unimplemented/unimplemented.h"

static const WCHAR global_info[] = L"GlobalInfo", client_info[] = L"GlobalInterfaceInfo",
                   dll_path[] = L"DLLPath";

/* ---- the transports of the router ---- */

static DWORD set_transport(HKEY item, struct block global, struct block client, const WCHAR *dll)
{
    DWORD error;

    if ((error = block_set(item, global_info, global))
            || (error = block_set(item, client_info, client)) || !dll)
        return error;
    return RegSetValueExW(item, dll_path, 0, REG_EXPAND_SZ, (const BYTE *)dll,
            (DWORD)(wcslen(dll) + 1) * sizeof(WCHAR));
}

/* As the page of MprConfigTransportCreate names a transport. */
static const WCHAR *id_as_name(uint32_t id, WCHAR name[16])
{
    swprintf(name, 16, L"%u", (unsigned int)id);
    return name;
}

static DWORD create_transport(
        uint32_t id, const WCHAR *name, struct block global, struct block client, const WCHAR *dll)
{
    WCHAR number[16];
    HANDLE lock;
    HKEY list, item;
    DWORD error;

    if ((error = config_lock(&lock)))
        return error;
    if (!(error = list_open(ROUTER_MANAGERS_KEY, LIST_CREATE, &list)))
    {
        if (!(error = transport_create(
                      list, id, name && *name ? name : id_as_name(id, number), &item)))
        {
            error = set_transport(item, global, client, dll);
            RegCloseKey(item);
        }
        RegCloseKey(list);
    }
    config_unlock(lock);
    return error;
}

/* A list or an item that is missing: the router does not have the transport. */
static DWORD transport_error(DWORD error)
{
    return error == ERROR_NOT_FOUND || error == ERROR_FILE_NOT_FOUND ? ERROR_UNKNOWN_PROTOCOL_ID
                                                                     : error;
}

static DWORD change_transport(
        uint32_t id, struct block global, struct block client, const WCHAR *dll)
{
    HANDLE lock;
    HKEY list, item;
    DWORD error;

    if ((error = config_lock(&lock)))
        return error;
    if (!(error = list_open(ROUTER_MANAGERS_KEY, LIST_READ, &list)))
    {
        if (!(error = item_open(list, transport_id, id, true, &item)))
        {
            error = set_transport(item, global, client, dll);
            RegCloseKey(item);
        }
        RegCloseKey(list);
    }
    config_unlock(lock);
    return transport_error(error);
}

/* `dll` may be NULL. */
static DWORD read_transport(uint32_t id, struct wanted global, struct wanted client, WCHAR **dll)
{
    HKEY list, item;
    DWORD error, size;
    HANDLE lock;
    void *text;

    if ((error = config_lock(&lock)))
        return error;
    if ((error = list_open(ROUTER_MANAGERS_KEY, LIST_READ, &list)))
    {
        config_unlock(lock);
        return transport_error(error);
    }
    if (!(error = item_open(list, transport_id, id, false, &item)))
    {
        if (!(error = block_get(item, global_info, global)))
            error = block_get(item, client_info, client);
        if (!error && dll && !(error = value_get(item, dll_path, REG_EXPAND_SZ, &text, &size)))
            *dll = text;
        if (error)
        {
            wanted_drop(global);
            wanted_drop(client);
        }
        RegCloseKey(item);
    }
    RegCloseKey(list);
    config_unlock(lock);
    return transport_error(error);
}

/* nf-mprapi-mprconfigtransportcreate: "If the specified transport already exists, [it] does the
 * equivalent of an MprConfigTransportSetInfo call" */
DWORD APIENTRY MprConfigTransportCreate(HANDLE config, DWORD id, WCHAR *name, BYTE *global,
        DWORD global_size, BYTE *client, DWORD client_size, WCHAR *dll, HANDLE *transport)
{
    TRACE_CALL("(config %p, id %#lx, name %s, global %p, global_size %lu, client %p, "
               "client_size %lu, dll %s, transport %p)",
            (const void *)config, (unsigned long)id, TRACE_WIDE(name), (const void *)global,
            (unsigned long)global_size, (const void *)client, (unsigned long)client_size,
            TRACE_WIDE(dll), (const void *)transport);
    struct block given = {global, global_size}, given_client = {client, client_size};
    DWORD error;

    if (!config_is_valid(config) || !id || !is_writable(transport, sizeof(*transport))
            || !block_is_readable(given) || !block_is_readable(given_client)
            || !text_is_readable(name) || !text_is_readable(dll))
        return TRACED(ERROR_INVALID_PARAMETER);
    *transport = NULL;
    if (!(error = create_transport(id, name, given, given_client, dll)))
        *transport = HANDLE_OF_ITEM(id);
    return TRACED(error);
}

/* nf-mprapi-mprconfigtransportdelete */
DWORD APIENTRY MprConfigTransportDelete(HANDLE config, HANDLE transport)
{
    TRACE_CALL("(config %p, transport %p)", (const void *)config, (const void *)transport);
    HANDLE lock;
    HKEY list;
    DWORD error;

    if (!config_is_valid(config) || !transport)
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = config_lock(&lock)))
        return TRACED(error);
    if (!(error = list_open(ROUTER_MANAGERS_KEY, LIST_CHANGE, &list)))
    {
        error = item_delete(list, transport_id, ID_OF_ITEM(transport));
        RegCloseKey(list);
    }
    config_unlock(lock);
    return TRACED(transport_error(error));
}

/* nf-mprapi-mprconfigtransportgethandle */
DWORD APIENTRY MprConfigTransportGetHandle(HANDLE config, DWORD id, HANDLE *transport)
{
    TRACE_CALL("(config %p, id %#lx, transport %p)", (const void *)config, (unsigned long)id,
            (const void *)transport);
    static const struct wanted nothing;
    DWORD error;

    if (!config_is_valid(config) || !is_writable(transport, sizeof(*transport)))
        return TRACED(ERROR_INVALID_PARAMETER);
    *transport = NULL;
    if (!(error = read_transport(id, nothing, nothing, NULL)))
        *transport = HANDLE_OF_ITEM(id);
    return TRACED(error);
}

/* nf-mprapi-mprconfigtransportsetinfo: what is NULL stays as it is */
DWORD APIENTRY MprConfigTransportSetInfo(HANDLE config, HANDLE transport, BYTE *global,
        DWORD global_size, BYTE *client, DWORD client_size, WCHAR *dll)
{
    TRACE_CALL("(config %p, transport %p, global %p, global_size %lu, client %p, "
               "client_size %lu, dll %s)",
            (const void *)config, (const void *)transport, (const void *)global,
            (unsigned long)global_size, (const void *)client, (unsigned long)client_size,
            TRACE_WIDE(dll));
    struct block given = {global, global_size}, given_client = {client, client_size};

    if (!config_is_valid(config) || !transport || !block_is_readable(given)
            || !block_is_readable(given_client) || !text_is_readable(dll))
        return TRACED(ERROR_INVALID_PARAMETER);
    if (!global && !client && !dll)
        return TRACED(NO_ERROR);
    return TRACED(change_transport(ID_OF_ITEM(transport), given, given_client, dll));
}

/* nf-mprapi-mprconfigtransportgetinfo */
DWORD APIENTRY MprConfigTransportGetInfo(HANDLE config, HANDLE transport, BYTE **global,
        DWORD *global_size, BYTE **client, DWORD *client_size, WCHAR **dll)
{
    TRACE_CALL("(config %p, transport %p, global %p, global_size %p, client %p, client_size %p, "
               "dll %p)",
            (const void *)config, (const void *)transport, (const void *)global,
            (const void *)global_size, (const void *)client, (const void *)client_size,
            (const void *)dll);
    struct wanted wanted = {global, global_size}, wanted_client = {client, client_size};

    if (!config_is_valid(config) || !transport || !wanted_clear(wanted)
            || !wanted_clear(wanted_client) || (dll && !is_writable(dll, sizeof(*dll))))
        return TRACED(ERROR_INVALID_PARAMETER);
    if (dll)
        *dll = NULL;
    if (!global && !client && !dll)
        return TRACED(NO_ERROR);
    return TRACED(read_transport(ID_OF_ITEM(transport), wanted, wanted_client, dll));
}

static void fill_transport(void *entry, HKEY item, const WCHAR *name, uint32_t id)
{
    MPR_TRANSPORT_0 *transport = entry;

    (void)item;
    transport->dwTransportId = id;
    transport->hTransport = HANDLE_OF_ITEM(id);
    lstrcpynW(transport->wszTransportName, name, ARRAYSIZE(transport->wszTransportName));
}

_Static_assert(sizeof(MPR_TRANSPORT_0) == sizeof(MPR_IFTRANSPORT_0), "fill_transport() fills both");

const struct item_rows transport_rows = {
        .id_of = transport_id, .entry_size = sizeof(MPR_TRANSPORT_0), .fill = fill_transport};

/* nf-mprapi-mprconfigtransportenum */
DWORD APIENTRY MprConfigTransportEnum(HANDLE config, DWORD level, BYTE **buffer, DWORD max_length,
        DWORD *read, DWORD *total, DWORD *resume)
{
    TRACE_CALL("(config %p, level %lu, buffer %p, max_length %lu, read %p, total %p, resume %p)",
            (const void *)config, (unsigned long)level, (const void *)buffer,
            (unsigned long)max_length, (const void *)read, (const void *)total,
            (const void *)resume);
    if (!config_is_valid(config) || level || max_length < transport_rows.entry_size
            || !clear_results(buffer, read, total)
            || (resume && !is_writable(resume, sizeof(*resume))))
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED(list_of_key(
            ROUTER_MANAGERS_KEY, &transport_rows, buffer, max_length, read, total, resume));
}

/* ---- the same, of the router that runs ---- */

/* nf-mprapi-mpradmintransportcreate: "loads a new transport, and starts the router manager". No
 * router manager can be started here. */
DWORD APIENTRY MprAdminTransportCreate(MPR_SERVER_HANDLE server, DWORD id, WCHAR *name,
        BYTE *global, DWORD global_size, BYTE *client, DWORD client_size, WCHAR *dll)
{
    TRACE_CALL("(server %p, id %#lx, name %s, global %p, global_size %lu, client %p, "
               "client_size %lu, dll %s)",
            (const void *)server, (unsigned long)id, TRACE_WIDE(name), (const void *)global,
            (unsigned long)global_size, (const void *)client, (unsigned long)client_size,
            TRACE_WIDE(dll));
    static const struct wanted nothing;
    static LONG logged;
    DWORD error;

    if (!server_is_valid(server))
        return TRACED(ERROR_INVALID_HANDLE);
    if (!global && !client)
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = server_runs()))
        return TRACED(error);
    if (!read_transport(id, nothing, nothing, NULL))
        return TRACED(ERROR_PROTOCOL_ALREADY_INSTALLED);
    return TRACED(
            (DWORD)unimplemented("MprAdminTransportCreate", &logged, ERROR_UNKNOWN_PROTOCOL_ID));
}

/* nf-mprapi-mpradmintransportsetinfo: "either pGlobalInfo or pClientInterfaceInfo must not be
 * NULL" */
DWORD APIENTRY MprAdminTransportSetInfo(MPR_SERVER_HANDLE server, DWORD id, BYTE *global,
        DWORD global_size, BYTE *client, DWORD client_size)
{
    TRACE_CALL("(server %p, id %#lx, global %p, global_size %lu, client %p, client_size %lu)",
            (const void *)server, (unsigned long)id, (const void *)global,
            (unsigned long)global_size, (const void *)client, (unsigned long)client_size);
    struct block given = {global, global_size}, given_client = {client, client_size};
    DWORD error;

    if (!server_is_valid(server))
        return TRACED(ERROR_INVALID_HANDLE);
    if ((!global && !client) || !block_is_readable(given) || !block_is_readable(given_client))
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = server_runs()))
        return TRACED(error);
    return TRACED(change_transport(id, given, given_client, NULL));
}

/* nf-mprapi-mpradmintransportgetinfo */
DWORD APIENTRY MprAdminTransportGetInfo(MPR_SERVER_HANDLE server, DWORD id, BYTE **global,
        DWORD *global_size, BYTE **client, DWORD *client_size)
{
    TRACE_CALL("(server %p, id %#lx, global %p, global_size %p, client %p, client_size %p)",
            (const void *)server, (unsigned long)id, (const void *)global,
            (const void *)global_size, (const void *)client, (const void *)client_size);
    DWORD unasked; /* this page lets a program leave out the sizes */
    struct wanted wanted = {global, global_size ? global_size : &unasked};
    struct wanted wanted_client = {client, client_size ? client_size : &unasked};
    DWORD error;

    if (!server_is_valid(server))
        return TRACED(ERROR_INVALID_HANDLE);
    if ((!global && !client) || !wanted_clear(wanted) || !wanted_clear(wanted_client))
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = server_runs()))
        return TRACED(error);
    return TRACED(read_transport(id, wanted, wanted_client, NULL));
}
