/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an RRAS administration program does to the connection of one port:
 *
 *   rras-act PORT disconnect | remove-quarantine | show
 *
 * Prints the error and its text, or for show the quarantine state. For rras-hooks-test.sh; as a
 * stranger's program, Microsoft's headers only.
 */
#include <windows.h>
#include <mprapi.h>
#include <stdio.h>
#include <wchar.h>

static int tell(DWORD error)
{
    WCHAR *text = NULL;

    MprAdminGetErrorString(error, &text);
    printf("%lu %ls\n", error, text ? text : L"");
    MprAdminBufferFree(text); /* as Microsoft's sample getconnectioninfo does */
    return error != NO_ERROR;
}

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    DWORD error, read = 0, total = 0, resume = 0, i;
    HANDLE server = NULL, port = NULL, connection = NULL;
    RAS_CONNECTION_3 *info;
    BYTE *buffer = NULL;
    RAS_PORT_0 *ports;

    if (argc != 3)
        return 2;
    if ((error = MprAdminServerConnect(NULL, &server)))
        return tell(error);
    if ((error = MprAdminPortEnum(
                 server, 0, INVALID_HANDLE_VALUE, &buffer, (DWORD)-1, &read, &total, &resume)))
        return tell(error);
    ports = (RAS_PORT_0 *)buffer;
    for (i = 0; i < read; i++)
        if (!wcscmp(ports[i].wszPortName, argv[1]))
        {
            port = ports[i].hPort;
            connection = ports[i].hConnection;
        }
    MprAdminBufferFree(buffer);
    if (!port)
    {
        puts("no such port");
        return 3;
    }

    if (!wcscmp(argv[2], L"disconnect"))
        return tell(MprAdminPortDisconnect(server, port));
    if (!wcscmp(argv[2], L"remove-quarantine"))
        return tell(MprAdminConnectionRemoveQuarantine(server, connection, FALSE));
    if ((error = MprAdminConnectionGetInfo(server, 3, connection, &buffer)))
        return tell(error);
    info = (RAS_CONNECTION_3 *)buffer;
    printf("quarantine %d\n", (int)info->rasQuarState);
    MprAdminBufferFree(buffer);
    MprAdminServerDisconnect(server);
    return 0;
}
