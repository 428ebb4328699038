/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A RAS connection for the bench: an entry that napctl adds.
 */
#include "pipe.h"

#include <raserror.h>
#include <string.h>

#include "tests/conformance/agent.h"

#define ENTRY L"wine-nap bench"

static DWORD(WINAPI *get_nap_status)(HRASCONN, LPRASNAPSTATE);

HRASCONN ras_begin(const WCHAR *id)
{
    HMODULE module = LoadLibraryW(L"rasapi32.dll");
    DWORD(WINAPI * enumerate)
    (RASCONNW *, DWORD *, DWORD *) = (void *)GetProcAddress(module, "RasEnumConnectionsW");
    RASCONNW connections[32] = {{.dwSize = sizeof(RASCONNW)}};
    DWORD size = sizeof(connections), count, i, error;
    WCHAR line[128];

    if (!(get_nap_status = (void *)GetProcAddress(module, "RasGetNapStatus")))
        die("this rasapi32 is not ours");
    wsprintfW(line, L"ras add \"" ENTRY L"\" --replace --id %s", id);
    if (napctl(line))
        die("napctl cannot add a RAS connection");
    if ((error = enumerate(connections, &size, &count)))
        die("RasEnumConnections says %lu", error);
    for (i = 0; i < count; i++)
        if (!wcscmp(connections[i].szEntryName, ENTRY))
            return connections[i].hrasconn;
    die("RasEnumConnections does not list the connection");
}

void ras_end(void)
{
    if (napctl(L"ras remove \"" ENTRY L"\""))
        die("napctl cannot remove the RAS connection");
}

UINT64 ras_nap_status(HRASCONN ras, IsolationState state)
{
    RASNAPSTATE found = {.dwSize = sizeof(found)};
    UINT64 begun = now_ns(), took;
    DWORD error = get_nap_status(ras, &found);

    took = now_ns() - begun;
    if (error)
        die("RasGetNapStatus says %lu", error);
    if (found.isolationState != state)
        die("RasGetNapStatus says %d, not %d", (int)found.isolationState, (int)state);
    return took;
}
