/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * MprAdminPort*. Each connection has one port for as long as it lasts. The port's
 * handle is the connection's.
 */

#include "dlls/mprapi/rras.h"

#include "libs/log/trace.h"
#include "libs/unimplemented/unimplemented.h"

#include <stdio.h>

#define COPY(array, string) copy_string(array, ARRAYSIZE(array), string)

static void fill_port_0(void *to, const struct napipc_rras_entry *entry, uint64_t now)
{
    const struct napipc_rras_record *record = &entry->record;
    RAS_PORT_0 *port = to;

    port->hPort = port->hConnection = handle_of_id(entry->id);
    port->dwPortCondition = RAS_PORT_AUTHENTICATED;
    port->dwTotalNumberOfCalls = 1; /* a port exists for one call only */
    port->dwConnectDuration = connected_seconds(entry, now);
    if (record->port.length)
        COPY(port->wszPortName, &record->port);
    else
        swprintf(port->wszPortName, ARRAYSIZE(port->wszPortName), L"VPN-%u",
                (unsigned int)entry->id);
    COPY(port->wszDeviceName,
            record->device_name.length ? &record->device_name : &record->interface_name);
    if (record->device_type.length)
        COPY(port->wszDeviceType, &record->device_type);
    else
        wcscpy(port->wszDeviceType, RASDT_Vpn);
}

static void fill_port_1(void *to, const struct napipc_rras_entry *entry, uint64_t now)
{
    const struct napipc_rras_counters *counters = &entry->live.counters;
    RAS_PORT_1 *port = to;

    (void)now;
    port->hPort = port->hConnection = handle_of_id(entry->id);
    port->dwHardwareCondition = RAS_HARDWARE_OPERATIONAL;
    port->dwLineSpeed = (DWORD)min(entry->live.speed, NAPIPC_SPEED_MAX);
    port->dwBytesXmited = (DWORD)counters->bytes_out;
    port->dwBytesRcved = (DWORD)counters->bytes_in;
    port->dwFramesXmited = (DWORD)counters->packets_out;
    port->dwFramesRcved = (DWORD)counters->packets_in;
    port->dwCrcErr = (DWORD)counters->crc_errors;
    port->dwFramingErr = (DWORD)counters->framing_errors;
    port->dwHardwareOverrunErr = (DWORD)counters->overruns;
}

static const struct layout port_layouts[] = {
        {sizeof(RAS_PORT_0), fill_port_0},
        {sizeof(RAS_PORT_1), fill_port_1},
};

/* nf-mprapi-mpradminportenum */
DWORD WINAPI MprAdminPortEnum(RAS_SERVER_HANDLE server, DWORD level, HANDLE connection,
        BYTE **buffer, DWORD max_length, DWORD *read, DWORD *total, DWORD *resume)
{
    TRACE_CALL("(server %p, level %lu, connection %p, buffer %p, max_length %lu, read %p, "
               "total %p, resume %p)",
            (const void *)server, (unsigned long)level, (const void *)connection,
            (const void *)buffer, (unsigned long)max_length, (const void *)read,
            (const void *)total, (const void *)resume);
    uint32_t id = id_of_handle(connection);
    DWORD error;

    if (!server_is_valid(server))
        return TRACED(RPC_S_INVALID_BINDING);
    if (level)
        return TRACED(ERROR_NOT_SUPPORTED);
    if (!clear_results(buffer, read, total) || (resume && !is_writable(resume, sizeof(*resume))))
        return TRACED(ERROR_INVALID_PARAMETER);
    if (connection == INVALID_HANDLE_VALUE)
        return TRACED(enumerate(&port_layouts[0], buffer, max_length, read, total, resume));
    if (!id)
        return TRACED(ERROR_INVALID_HANDLE);
    error = get_entry(&port_layouts[0], id, buffer, NULL);
    if (error == ERROR_INTERFACE_NOT_CONNECTED)
        return TRACED(ERROR_INVALID_HANDLE);
    if (error)
        return TRACED(error);
    *read = *total = 1;
    if (resume)
        *resume = 0;
    return TRACED(NO_ERROR);
}

/* nf-mprapi-mpradminportgetinfo */
DWORD WINAPI MprAdminPortGetInfo(RAS_SERVER_HANDLE server, DWORD level, HANDLE port, BYTE **buffer)
{
    TRACE_CALL("(server %p, level %lu, port %p, buffer %p)", (const void *)server,
            (unsigned long)level, (const void *)port, (const void *)buffer);
    uint32_t id = id_of_handle(port);
    DWORD error;

    if (!server_is_valid(server))
        return TRACED(RPC_S_INVALID_BINDING);
    if (level >= ARRAYSIZE(port_layouts))
        return TRACED(ERROR_NOT_SUPPORTED);
    if (!is_writable(buffer, sizeof(*buffer)))
        return TRACED(ERROR_INVALID_PARAMETER);
    *buffer = NULL;
    if (!id)
        return TRACED(ERROR_INVALID_PORT_HANDLE);
    error = get_entry(&port_layouts[level], id, buffer, NULL);
    return TRACED(error == ERROR_INTERFACE_NOT_CONNECTED ? ERROR_INVALID_PORT_HANDLE : error);
}

/* nf-mprapi-mpradminportclearstats. The page has one error for a bad server and a bad port. */
DWORD WINAPI MprAdminPortClearStats(RAS_SERVER_HANDLE server, HANDLE port)
{
    TRACE_CALL("(server %p, port %p)", (const void *)server, (const void *)port);
    DWORD error = MprAdminConnectionClearStats(server, port);

    return TRACED(error == ERROR_INVALID_PARAMETER ? RPC_S_INVALID_BINDING : error);
}

/* nf-mprapi-mpradminportdisconnect. The agent answers when the administrator's hook has ended. */
DWORD WINAPI MprAdminPortDisconnect(RAS_SERVER_HANDLE server, HANDLE port)
{
    TRACE_CALL("(server %p, port %p)", (const void *)server, (const void *)port);
    uint32_t id = id_of_handle(port);
    struct napipc_message request;
    DWORD error;

    if (!server_is_valid(server) || !id)
        return TRACED(ERROR_INVALID_PARAMETER);
    request.type = NAPIPC_RRAS_DISCONNECT;
    request.rras_select.selector.kind = NAPIPC_RRAS_BY_ID;
    request.rras_select.selector.id = id;
    error = agent_act(&request, NULL);
    return TRACED(error == ERROR_INTERFACE_NOT_CONNECTED ? ERROR_INVALID_PARAMETER : error);
}

/* nf-mprapi-mpradminportreset. The ports are the host's tunnels, which have no device to reset. */
DWORD WINAPI MprAdminPortReset(RAS_SERVER_HANDLE server, HANDLE port)
{
    TRACE_CALL("(server %p, port %p)", (const void *)server, (const void *)port);
    static LONG logged;
    uint32_t id = id_of_handle(port);
    RAS_PORT_0 found = {0};
    DWORD error;

    if (!server_is_valid(server) || !id)
        return TRACED(ERROR_INVALID_PARAMETER);
    error = get_entry(&port_layouts[0], id, NULL, &found);
    if (error)
        return TRACED(error == ERROR_INTERFACE_NOT_CONNECTED ? ERROR_INVALID_PARAMETER : error);
    return TRACED((DWORD)unimplemented("MprAdminPortReset", &logged, ERROR_NOT_SUPPORTED));
}
