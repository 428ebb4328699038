/*
 * The names that Mprapi.dll of the NT 4.0 RRAS redistributable has; each page
 * says so in its remarks.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "dlls/mprapi/rras.h"

/* No header declares them. */
DWORD WINAPI RasAdminConnectionEnum(RAS_SERVER_HANDLE server, DWORD level, BYTE **buffer,
    DWORD max_length, DWORD *read, DWORD *total, DWORD *resume);
DWORD WINAPI RasAdminConnectionGetInfo(RAS_SERVER_HANDLE server, DWORD level, HANDLE connection,
    BYTE **buffer);
DWORD WINAPI RasAdminConnectionClearStats(RAS_SERVER_HANDLE server, HANDLE connection);
DWORD WINAPI RasAdminPortEnum(RAS_SERVER_HANDLE server, DWORD level, HANDLE connection,
    BYTE **buffer, DWORD max_length, DWORD *read, DWORD *total, DWORD *resume);
DWORD WINAPI RasAdminPortGetInfo(RAS_SERVER_HANDLE server, DWORD level, HANDLE port,
    BYTE **buffer);
DWORD WINAPI RasAdminPortClearStats(RAS_SERVER_HANDLE server, HANDLE port);
DWORD WINAPI RasAdminPortDisconnect(RAS_SERVER_HANDLE server, HANDLE port);
DWORD WINAPI RasAdminServerConnect(WCHAR *name, MPR_SERVER_HANDLE *server);
void WINAPI RasAdminServerDisconnect(MPR_SERVER_HANDLE server);
BOOL WINAPI RasAdminIsServiceRunning(WCHAR *name);

DWORD WINAPI RasAdminConnectionEnum(RAS_SERVER_HANDLE server, DWORD level, BYTE **buffer,
    DWORD max_length, DWORD *read, DWORD *total, DWORD *resume)
{
    return MprAdminConnectionEnum(server, level, buffer, max_length, read, total, resume);
}

DWORD WINAPI RasAdminConnectionGetInfo(RAS_SERVER_HANDLE server, DWORD level, HANDLE connection,
    BYTE **buffer)
{
    return MprAdminConnectionGetInfo(server, level, connection, buffer);
}

DWORD WINAPI RasAdminConnectionClearStats(RAS_SERVER_HANDLE server, HANDLE connection)
{
    return MprAdminConnectionClearStats(server, connection);
}

DWORD WINAPI RasAdminPortEnum(RAS_SERVER_HANDLE server, DWORD level, HANDLE connection,
    BYTE **buffer, DWORD max_length, DWORD *read, DWORD *total, DWORD *resume)
{
    return MprAdminPortEnum(server, level, connection, buffer, max_length, read, total, resume);
}

DWORD WINAPI RasAdminPortGetInfo(RAS_SERVER_HANDLE server, DWORD level, HANDLE port, BYTE **buffer)
{
    return MprAdminPortGetInfo(server, level, port, buffer);
}

DWORD WINAPI RasAdminPortClearStats(RAS_SERVER_HANDLE server, HANDLE port)
{
    return MprAdminPortClearStats(server, port);
}

DWORD WINAPI RasAdminPortDisconnect(RAS_SERVER_HANDLE server, HANDLE port)
{
    return MprAdminPortDisconnect(server, port);
}

DWORD WINAPI RasAdminServerConnect(WCHAR *name, MPR_SERVER_HANDLE *server)
{
    return MprAdminServerConnect(name, server);
}

void WINAPI RasAdminServerDisconnect(MPR_SERVER_HANDLE server)
{
    MprAdminServerDisconnect(server);
}

BOOL WINAPI RasAdminIsServiceRunning(WCHAR *name)
{
    return MprAdminIsServiceRunning(name);
}
