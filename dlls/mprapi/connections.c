/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * MprAdminConnection*: the connections of the remote access server.
 */

#include "dlls/mprapi/rras.h"

#include "libs/log/trace.h"

/* nf-mprapi-mpradminconnectionenum */
DWORD WINAPI MprAdminConnectionEnum(RAS_SERVER_HANDLE server, DWORD level, BYTE **buffer,
        DWORD max_length, DWORD *read, DWORD *total, DWORD *resume)
{
    TRACE_CALL("(server %p, level %lu, buffer %p, max_length %lu, read %p, total %p, "
               "resume %p)",
            (const void *)server, (unsigned long)level, (const void *)buffer,
            (unsigned long)max_length, (const void *)read, (const void *)total,
            (const void *)resume);
    if (!server_is_valid(server))
        return TRACED(RPC_S_INVALID_BINDING);
    if (level >= CONNECTION_LEVELS)
        return TRACED(ERROR_INVALID_LEVEL);
    if (!clear_results(buffer, read, total) || (resume && !is_writable(resume, sizeof(*resume))))
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED(enumerate(&connection_layouts[level], buffer, max_length, read, total, resume));
}

/* nf-mprapi-mpradminconnectiongetinfo */
DWORD WINAPI MprAdminConnectionGetInfo(
        RAS_SERVER_HANDLE server, DWORD level, HANDLE connection, BYTE **buffer)
{
    TRACE_CALL("(server %p, level %lu, connection %p, buffer %p)", (const void *)server,
            (unsigned long)level, (const void *)connection, (const void *)buffer);
    uint32_t id = id_of_handle(connection);

    if (!server_is_valid(server))
        return TRACED(RPC_S_INVALID_BINDING);
    if (level >= CONNECTION_LEVELS)
        return TRACED(ERROR_INVALID_LEVEL);
    if (!id || !is_writable(buffer, sizeof(*buffer)))
        return TRACED(ERROR_INVALID_PARAMETER);
    *buffer = NULL;
    return TRACED(get_entry(&connection_layouts[level], id, buffer, NULL));
}

/* nf-mprapi-mpradminconnectionenumex */
DWORD WINAPI MprAdminConnectionEnumEx(RAS_SERVER_HANDLE server, MPRAPI_OBJECT_HEADER *header,
        DWORD max_length, DWORD *read, DWORD *total, RAS_CONNECTION_EX **connections, DWORD *resume)
{
    TRACE_CALL("(server %p, header %p, max_length %lu, read %p, total %p, connections %p, "
               "resume %p)",
            (const void *)server, (const void *)header, (unsigned long)max_length,
            (const void *)read, (const void *)total, (const void *)connections,
            (const void *)resume);
    if (!server_is_valid(server))
        return TRACED(RPC_S_INVALID_BINDING);
    if (!header || IsBadReadPtr(header, sizeof(*header))
            || header->revision != MPRAPI_RAS_CONNECTION_OBJECT_REVISION_1
            || header->type != MPRAPI_OBJECT_TYPE_RAS_CONNECTION_OBJECT
            || !clear_results((BYTE **)connections, read, total)
            || (resume && !is_writable(resume, sizeof(*resume))))
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED(enumerate(
            &connection_ex_layout, (BYTE **)connections, max_length, read, total, resume));
}

/* nf-mprapi-mpradminconnectiongetinfoex */
DWORD WINAPI MprAdminConnectionGetInfoEx(
        RAS_SERVER_HANDLE server, HANDLE connection, RAS_CONNECTION_EX *info)
{
    TRACE_CALL("(server %p, connection %p, info %p)", (const void *)server,
            (const void *)connection, (const void *)info);
    uint32_t id = id_of_handle(connection);
    RAS_CONNECTION_EX filled = {.dwConnectDuration = 0};
    DWORD error;

    if (!server_is_valid(server))
        return TRACED(RPC_S_INVALID_BINDING);
    if (!id || !is_writable(info, sizeof(*info)))
        return TRACED(ERROR_INVALID_PARAMETER);
    error = get_entry(&connection_ex_layout, id, NULL, &filled);
    if (!error)
        memcpy(info, &filled, sizeof(filled)); /* see is_writable */
    return TRACED(error);
}

/* nf-mprapi-mpradminconnectionclearstats */
DWORD WINAPI MprAdminConnectionClearStats(RAS_SERVER_HANDLE server, HANDLE connection)
{
    TRACE_CALL("(server %p, connection %p)", (const void *)server, (const void *)connection);
    struct napipc_message request;
    uint32_t id = id_of_handle(connection);
    DWORD error;

    if (!server_is_valid(server))
        return TRACED(RPC_S_INVALID_BINDING);
    if (!id)
        return TRACED(ERROR_INVALID_PARAMETER);
    request.type = NAPIPC_RRAS_CLEAR_STATISTICS;
    request.rras_select.selector.kind = NAPIPC_RRAS_BY_ID;
    request.rras_select.selector.id = id;
    error = agent_ask(&request, NULL);
    return TRACED(error == ERROR_INTERFACE_NOT_CONNECTED ? ERROR_INVALID_PARAMETER : error);
}

/* nf-mprapi-mpradminconnectionremovequarantine. An address is a DWORD in network byte order. */
DWORD WINAPI MprAdminConnectionRemoveQuarantine(HANDLE server, HANDLE connection, BOOL is_address)
{
    TRACE_CALL("(server %p, connection %p, is_address %d)", (const void *)server,
            (const void *)connection, is_address);
    DWORD address = (DWORD)(ULONG_PTR)connection, error;
    struct napipc_message request;

    if (!server_is_valid(server) || (is_address ? !address : !id_of_handle(connection)))
        return TRACED(ERROR_INVALID_PARAMETER);
    request.type = NAPIPC_RRAS_REMOVE_QUARANTINE;
    if (is_address)
    {
        request.rras_select.selector.kind = NAPIPC_RRAS_BY_IPV4;
        memcpy(request.rras_select.selector.ipv4, &address, sizeof(address));
    }
    else
    {
        request.rras_select.selector.kind = NAPIPC_RRAS_BY_ID;
        request.rras_select.selector.id = id_of_handle(connection);
    }
    error = agent_act(&request, NULL);
    return TRACED(error == ERROR_INTERFACE_NOT_CONNECTED ? ERROR_INVALID_PARAMETER : error);
}
