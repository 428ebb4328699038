/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The transports of an interface: MprConfigInterfaceTransport*.
 */

#include "dlls/mprapi/config_store.h"
#include "dlls/mprapi/rras.h"

#include <stdio.h>
#include <wchar.h>

#include "libs/log/trace.h"

static const WCHAR interface_info[] = L"InterfaceInfo";

/* A transport that is missing: it "was not enabled on the specified interface". */
static DWORD transport_error(DWORD error)
{
    return error == ERROR_NOT_FOUND ? ERROR_NO_SUCH_INTERFACE : error;
}

/* As the page of MprConfigInterfaceTransportAdd names a transport. */
static const WCHAR *default_name(uint32_t id, WCHAR name[16])
{
    if (id == PID_IP)
        return L"IP";
    if (id == PID_IPX)
        return L"IPX";
    swprintf(name, 16, L"%u", (unsigned int)id);
    return name;
}

/* nf-mprapi-mprconfiginterfacetransportadd: "If the specified transport already exists, [it] does
 * the equivalent of an MprConfigInterfaceTransportSetInfo call" */
DWORD APIENTRY MprConfigInterfaceTransportAdd(HANDLE config, HANDLE interface_handle, DWORD id,
        WCHAR *name, BYTE *info, DWORD size, HANDLE *transport)
{
    TRACE_CALL("(config %p, interface_handle %p, id %#lx, name %s, info %p, size %lu, "
               "transport %p)",
            (const void *)config, (const void *)interface_handle, (unsigned long)id,
            TRACE_WIDE(name), (const void *)info, (unsigned long)size, (const void *)transport);
    struct block given = {info, size};
    WCHAR number[16];
    HKEY list, item;
    HANDLE lock;
    DWORD error;

    if (!config_is_valid(config) || !interface_handle || !id
            || !is_writable(transport, sizeof(*transport)) || (info && !size)
            || !block_is_readable(given) || !text_is_readable(name))
        return TRACED(ERROR_INVALID_PARAMETER);
    *transport = NULL;
    if ((error = config_lock(&lock)))
        return TRACED(error);
    if (!(error = interface_open(interface_handle, true, &list)))
    {
        if (!(error = transport_create(
                      list, id, name && *name ? name : default_name(id, number), &item)))
        {
            if (!(error = block_set(item, interface_info, given)))
                *transport = HANDLE_OF_ITEM(id);
            RegCloseKey(item);
        }
        RegCloseKey(list);
    }
    config_unlock(lock);
    return TRACED(error);
}

/* nf-mprapi-mprconfiginterfacetransportremove */
DWORD APIENTRY MprConfigInterfaceTransportRemove(
        HANDLE config, HANDLE interface_handle, HANDLE transport)
{
    TRACE_CALL("(config %p, interface_handle %p, transport %p)", (const void *)config,
            (const void *)interface_handle, (const void *)transport);
    HANDLE lock;
    HKEY list;
    DWORD error;

    if (!config_is_valid(config) || !interface_handle || !transport)
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = config_lock(&lock)))
        return TRACED(error);
    if (!(error = interface_open(interface_handle, true, &list)))
    {
        error = transport_error(item_delete(list, transport_id, ID_OF_ITEM(transport)));
        RegCloseKey(list);
    }
    config_unlock(lock);
    return TRACED(error);
}

/* Opens a transport of an interface. */
static DWORD open_transport(HANDLE interface_handle, uint32_t id, bool change, HKEY *item)
{
    HKEY list;
    DWORD error = interface_open(interface_handle, false, &list);

    if (error)
        return error;
    error = transport_error(item_open(list, transport_id, id, change, item));
    RegCloseKey(list);
    return error;
}

/* nf-mprapi-mprconfiginterfacetransportgethandle */
DWORD APIENTRY MprConfigInterfaceTransportGetHandle(
        HANDLE config, HANDLE interface_handle, DWORD id, HANDLE *transport)
{
    TRACE_CALL("(config %p, interface_handle %p, id %#lx, transport %p)", (const void *)config,
            (const void *)interface_handle, (unsigned long)id, (const void *)transport);
    HANDLE lock;
    DWORD error;
    HKEY item;

    if (!config_is_valid(config) || !interface_handle
            || !is_writable(transport, sizeof(*transport)))
        return TRACED(ERROR_INVALID_PARAMETER);
    *transport = NULL;
    if ((error = config_lock(&lock)))
        return TRACED(error);
    if (!(error = open_transport(interface_handle, id, false, &item)))
    {
        RegCloseKey(item);
        *transport = HANDLE_OF_ITEM(id);
    }
    config_unlock(lock);
    return TRACED(error);
}

/* nf-mprapi-mprconfiginterfacetransportgetinfo: "If the ppInterfaceInfo parameter is NULL, [it]
 * does nothing and returns immediately with a value of NO_ERROR" */
DWORD APIENTRY MprConfigInterfaceTransportGetInfo(
        HANDLE config, HANDLE interface_handle, HANDLE transport, BYTE **info, DWORD *size)
{
    TRACE_CALL("(config %p, interface_handle %p, transport %p, info %p, size %p)",
            (const void *)config, (const void *)interface_handle, (const void *)transport,
            (const void *)info, (const void *)size);
    struct wanted wanted = {info, size};
    HANDLE lock;
    DWORD error;
    HKEY item;

    if (!config_is_valid(config) || !interface_handle || !transport || !wanted_clear(wanted))
        return TRACED(ERROR_INVALID_PARAMETER);
    if (!info)
        return TRACED(NO_ERROR);
    if ((error = config_lock(&lock)))
        return TRACED(error);
    if (!(error = open_transport(interface_handle, ID_OF_ITEM(transport), false, &item)))
    {
        error = block_get(item, interface_info, wanted);
        RegCloseKey(item);
    }
    config_unlock(lock);
    return TRACED(error);
}

/* nf-mprapi-mprconfiginterfacetransportsetinfo: "If the pInterfaceInfo parameter is NULL, [it] does
 * nothing"; "if pInterfaceInfo is not NULL, [the size] cannot be zero" */
DWORD APIENTRY MprConfigInterfaceTransportSetInfo(
        HANDLE config, HANDLE interface_handle, HANDLE transport, BYTE *info, DWORD size)
{
    TRACE_CALL("(config %p, interface_handle %p, transport %p, info %p, size %lu)",
            (const void *)config, (const void *)interface_handle, (const void *)transport,
            (const void *)info, (unsigned long)size);
    struct block given = {info, size};
    HANDLE lock;
    DWORD error;
    HKEY item;

    if (!config_is_valid(config) || !interface_handle || !transport || (info && !size)
            || !block_is_readable(given))
        return TRACED(ERROR_INVALID_PARAMETER);
    if (!info)
        return TRACED(NO_ERROR);
    if ((error = config_lock(&lock)))
        return TRACED(error);
    if (!(error = open_transport(interface_handle, ID_OF_ITEM(transport), true, &item)))
    {
        error = block_set(item, interface_info, given);
        RegCloseKey(item);
    }
    config_unlock(lock);
    return TRACED(error);
}

/* nf-mprapi-mprconfiginterfacetransportenum */
DWORD APIENTRY MprConfigInterfaceTransportEnum(HANDLE config, HANDLE interface_handle, DWORD level,
        BYTE **buffer, DWORD max_length, DWORD *read, DWORD *total, DWORD *resume)
{
    TRACE_CALL("(config %p, interface_handle %p, level %lu, buffer %p, max_length %lu, read %p, "
               "total %p, resume %p)",
            (const void *)config, (const void *)interface_handle, (unsigned long)level,
            (const void *)buffer, (unsigned long)max_length, (const void *)read,
            (const void *)total, (const void *)resume);
    HANDLE lock;
    HKEY list;
    DWORD error;

    if (!config_is_valid(config) || !interface_handle || level
            || max_length < sizeof(MPR_IFTRANSPORT_0) || !clear_results(buffer, read, total)
            || (resume && !is_writable(resume, sizeof(*resume))))
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = config_lock(&lock)))
        return TRACED(error);
    if (!(error = interface_open(interface_handle, false, &list)))
    {
        error = list_enumerate(list, &transport_rows, buffer, max_length, read, total, resume);
        RegCloseKey(list);
    }
    config_unlock(lock);
    return TRACED(error);
}
