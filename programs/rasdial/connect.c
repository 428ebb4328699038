/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connects, disconnects and lists.
 */

#include "programs/rasdial/rasdial.h"

#include <raserror.h>
#include <stdlib.h>
#include <wchar.h>

/* ---- connections ---- */

/* All connections, which the caller free()s; *count is 0 and the result NULL if there are none. */
static RASCONNW *enumerate(DWORD *count, DWORD *error)
{
    RASCONNW *connections = NULL, *grown;
    DWORD size = 0;

    *count = 0;
    while ((*error = RasEnumConnectionsW(connections, &size, count)) == ERROR_BUFFER_TOO_SMALL)
    {
        if (!(grown = realloc(connections, size)))
        {
            *error = ERROR_NOT_ENOUGH_MEMORY;
            break;
        }
        connections = grown;
        connections->dwSize = sizeof(*connections);
    }
    if (*error)
        *count = 0;
    return connections;
}

DWORD list_connections(void)
{
    DWORD count, i, error;
    RASCONNW *connections = enumerate(&count, &error);

    if (error)
        report(error);
    else
        print_text(count ? L"Connected to\n" : L"No connections\n");
    for (i = 0; i < count; i++)
        print_text(L"%ls\n", connections[i].szEntryName);
    free(connections);
    return error;
}

DWORD disconnect(const WCHAR *entry)
{
    DWORD count, i, error, first = 0, found = 0;
    RASCONNW *connections = enumerate(&count, &error);

    if (error)
        report(error);
    else if (!count)
        print_text(L"No connections\n");
    for (i = 0; i < count; i++)
    {
        if (entry && _wcsicmp(entry, connections[i].szEntryName))
            continue;
        found++;
        error = RasHangUpW(connections[i].hrasconn);
        /* It ended by itself in the meantime. */
        if (error && error != ERROR_NO_CONNECTION && !first)
            first = report(error);
    }
    if (count && !found)
        print_text(L"You are not connected to %ls.\n", entry);
    free(connections);
    return count ? first : error;
}

static bool is_connected(const WCHAR *entry)
{
    DWORD count, i, error;
    RASCONNW *connections = enumerate(&count, &error);
    bool found = false;

    for (i = 0; i < count; i++)
        found = found || !_wcsicmp(entry, connections[i].szEntryName);
    free(connections);
    return found;
}

/* ---- dialing ---- */

static HANDLE decided;
static DWORD result;

static VOID WINAPI notify(
        HRASCONN connection, UINT message, RASCONNSTATE state, DWORD error, DWORD extended_error)
{
    static RASCONNSTATE shown = RASCS_OpenPort;

    (void)connection;
    (void)message;
    (void)extended_error;
    if (error || state == RASCS_Connected || state == RASCS_Disconnected)
    {
        result = error ? error : state == RASCS_Connected ? 0 : ERROR_DISCONNECTION;
        SetEvent(decided);
        return;
    }
    if (state == RASCS_Authenticate && shown < RASCS_Authenticate)
        print_text(L"Verifying username and password...\n");
    else if (state == RASCS_Authenticated && shown < RASCS_Authenticated)
        print_text(L"Registering your computer on the network...\n");
    if (state > shown && state < RASCS_PAUSED)
        shown = state;
}

DWORD connect_entry(struct arguments *arguments)
{
    RASDIALEXTENSIONS extensions = {
            .dwSize = sizeof(extensions), .dwfOptions = RDEOPT_UsePrefixSuffix};
    RASDIALPARAMSW *params = &arguments->params;
    HRASCONN connection = NULL;
    DWORD error;

    if (is_connected(arguments->entry))
    {
        print_text(L"You are already connected to %ls.\n", arguments->entry);
        return 0;
    }
    if (arguments->ask_password
            && !read_password(
                    params->szUserName, params->szPassword, ARRAYSIZE(params->szPassword)))
        return report(ERROR_CANCELLED);
    print_text(L"Connecting to %ls...\n", arguments->entry);
    if (!(decided = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return report(ERROR_NOT_ENOUGH_MEMORY);
    error = RasDialW(arguments->prefix_suffix ? &extensions : NULL, arguments->phonebook, params, 1,
            (void *)notify, &connection);
    if (!error)
    {
        WaitForSingleObject(decided, INFINITE);
        error = result;
    }
    if (error && connection)
        RasHangUpW(connection);
    if (error)
        return report(error);
    print_text(L"Successfully connected to %ls.\n", arguments->entry);
    return 0;
}
