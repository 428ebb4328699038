/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The function names of Mprapi.dll in the NT 4.0 RRAS redistributable. Each page
 * has the name in its remarks.
 */

#include "dlls/mprapi/rras.h"

#include "libs/log/trace.h"

/* No header declares them. */
DWORD WINAPI RasAdminConnectionEnum(RAS_SERVER_HANDLE server, DWORD level, BYTE **buffer,
        DWORD max_length, DWORD *read, DWORD *total, DWORD *resume);
DWORD WINAPI RasAdminConnectionGetInfo(
        RAS_SERVER_HANDLE server, DWORD level, HANDLE connection, BYTE **buffer);
DWORD WINAPI RasAdminConnectionClearStats(RAS_SERVER_HANDLE server, HANDLE connection);
DWORD WINAPI RasAdminPortEnum(RAS_SERVER_HANDLE server, DWORD level, HANDLE connection,
        BYTE **buffer, DWORD max_length, DWORD *read, DWORD *total, DWORD *resume);
DWORD WINAPI RasAdminPortGetInfo(RAS_SERVER_HANDLE server, DWORD level, HANDLE port, BYTE **buffer);
DWORD WINAPI RasAdminPortClearStats(RAS_SERVER_HANDLE server, HANDLE port);
DWORD WINAPI RasAdminPortDisconnect(RAS_SERVER_HANDLE server, HANDLE port);
DWORD WINAPI RasAdminPortReset(RAS_SERVER_HANDLE server, HANDLE port);
DWORD WINAPI RasAdminGetPDCServer(const WCHAR *domain, const WCHAR *server, WCHAR *name);
DWORD WINAPI RasAdminServerConnect(WCHAR *name, MPR_SERVER_HANDLE *server);
void WINAPI RasAdminServerDisconnect(MPR_SERVER_HANDLE server);
BOOL WINAPI RasAdminIsServiceRunning(WCHAR *name);

DWORD WINAPI RasAdminConnectionEnum(RAS_SERVER_HANDLE server, DWORD level, BYTE **buffer,
        DWORD max_length, DWORD *read, DWORD *total, DWORD *resume)
{
    TRACE_CALL("(server %p, level %lu, buffer %p, max_length %lu, read %p, total %p, "
               "resume %p)",
            (const void *)server, (unsigned long)level, (const void *)buffer,
            (unsigned long)max_length, (const void *)read, (const void *)total,
            (const void *)resume);
    return TRACED(MprAdminConnectionEnum(server, level, buffer, max_length, read, total, resume));
}

DWORD WINAPI RasAdminConnectionGetInfo(
        RAS_SERVER_HANDLE server, DWORD level, HANDLE connection, BYTE **buffer)
{
    TRACE_CALL("(server %p, level %lu, connection %p, buffer %p)", (const void *)server,
            (unsigned long)level, (const void *)connection, (const void *)buffer);
    return TRACED(MprAdminConnectionGetInfo(server, level, connection, buffer));
}

DWORD WINAPI RasAdminConnectionClearStats(RAS_SERVER_HANDLE server, HANDLE connection)
{
    TRACE_CALL("(server %p, connection %p)", (const void *)server, (const void *)connection);
    return TRACED(MprAdminConnectionClearStats(server, connection));
}

DWORD WINAPI RasAdminPortEnum(RAS_SERVER_HANDLE server, DWORD level, HANDLE connection,
        BYTE **buffer, DWORD max_length, DWORD *read, DWORD *total, DWORD *resume)
{
    TRACE_CALL("(server %p, level %lu, connection %p, buffer %p, max_length %lu, read %p, "
               "total %p, resume %p)",
            (const void *)server, (unsigned long)level, (const void *)connection,
            (const void *)buffer, (unsigned long)max_length, (const void *)read,
            (const void *)total, (const void *)resume);
    return TRACED(
            MprAdminPortEnum(server, level, connection, buffer, max_length, read, total, resume));
}

DWORD WINAPI RasAdminPortGetInfo(RAS_SERVER_HANDLE server, DWORD level, HANDLE port, BYTE **buffer)
{
    TRACE_CALL("(server %p, level %lu, port %p, buffer %p)", (const void *)server,
            (unsigned long)level, (const void *)port, (const void *)buffer);
    return TRACED(MprAdminPortGetInfo(server, level, port, buffer));
}

DWORD WINAPI RasAdminPortClearStats(RAS_SERVER_HANDLE server, HANDLE port)
{
    TRACE_CALL("(server %p, port %p)", (const void *)server, (const void *)port);
    return TRACED(MprAdminPortClearStats(server, port));
}

DWORD WINAPI RasAdminPortDisconnect(RAS_SERVER_HANDLE server, HANDLE port)
{
    TRACE_CALL("(server %p, port %p)", (const void *)server, (const void *)port);
    return TRACED(MprAdminPortDisconnect(server, port));
}

DWORD WINAPI RasAdminPortReset(RAS_SERVER_HANDLE server, HANDLE port)
{
    TRACE_CALL("(server %p, port %p)", (const void *)server, (const void *)port);
    return TRACED(MprAdminPortReset(server, port));
}

DWORD WINAPI RasAdminGetPDCServer(const WCHAR *domain, const WCHAR *server, WCHAR *name)
{
    TRACE_CALL("(domain %s, server %s, name %p)", TRACE_WIDE(domain), TRACE_WIDE(server),
            (const void *)name);
    return TRACED(MprAdminGetPDCServer(domain, server, name));
}

DWORD WINAPI RasAdminServerConnect(WCHAR *name, MPR_SERVER_HANDLE *server)
{
    TRACE_CALL("(name %p, server %p)", (const void *)name, (const void *)server);
    return TRACED(MprAdminServerConnect(name, server));
}

void WINAPI RasAdminServerDisconnect(MPR_SERVER_HANDLE server)
{
    TRACE_CALL("(server %p)", (const void *)server);
    MprAdminServerDisconnect(server);
}

BOOL WINAPI RasAdminIsServiceRunning(WCHAR *name)
{
    TRACE_CALL("(name %p)", (const void *)name);
    return TRACED(MprAdminIsServiceRunning(name));
}
