/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RAS connections for tests; see ras_fixture.h.
 */

#include "ras_fixture.h"

#include <stdlib.h>

#include "agent.h"

static void *find(const char *name)
{
    void *function = (void *)GetProcAddress(LoadLibraryW(L"rasapi32.dll"), name);

    assert_non_null(function);
    return function;
}

DWORD ras_get_nap_status(HRASCONN connection, LPRASNAPSTATE state)
{
    DWORD(WINAPI * function)(HRASCONN, LPRASNAPSTATE) = find("RasGetNapStatus");

    return function(connection, state);
}

DWORD ras_get_projection_info_ex(HRASCONN connection, void *projection, DWORD *size)
{
    DWORD(WINAPI * function)(HRASCONN, void *, DWORD *) = find("RasGetProjectionInfoEx");

    return function(connection, projection, size);
}

static WIN7_RASCONNW *list(DWORD *count)
{
    DWORD size = 0, error;
    WIN7_RASCONNW *connections = NULL;

    *count = 0;
    error = RasEnumConnectionsW(NULL, &size, count);
    while (error == ERROR_BUFFER_TOO_SMALL)
    {
        connections = realloc(connections, size);
        assert_non_null(connections);
        connections->xp.dwSize = sizeof(*connections);
        error = RasEnumConnectionsW(&connections->xp, &size, count);
    }
    assert_int_equal(error, ERROR_SUCCESS);
    return connections;
}

bool connection_find(const WCHAR *name, WIN7_RASCONNW *found)
{
    DWORD count, i;
    WIN7_RASCONNW *connections = list(&count);
    bool there = false;

    for (i = 0; i < count && !there; i++)
        if (!wcscmp(connections[i].xp.szEntryName, name))
        {
            *found = connections[i];
            there = true;
        }
    free(connections);
    return there;
}

DWORD connection_count(void)
{
    DWORD count;

    free(list(&count));
    return count;
}

HRASCONN entry_add(const WCHAR *name, const WCHAR *arguments)
{
    WIN7_RASCONNW found;
    WCHAR line[1024];

    swprintf(line, ARRAYSIZE(line), L"ras add \"%ls\" --replace %ls", name, arguments);
    assert_int_equal(napctl(line), 0);
    assert_true(connection_find(name, &found));
    return found.xp.hrasconn;
}

void entry_remove(const WCHAR *name)
{
    WCHAR line[512];

    swprintf(line, ARRAYSIZE(line), L"ras remove \"%ls\"", name);
    assert_int_equal(napctl(line), 0);
}
