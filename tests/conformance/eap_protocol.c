/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An EAP protocol for ras_auth_data: its identity function, as on the page RasEapGetIdentity. The
 * identity says what it was called with, and the user data is what it was given.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <raserror.h>
#include <raseapif.h>

DWORD WINAPI RasEapGetIdentity(DWORD type, HWND window, DWORD flags, const WCHAR *path,
        const WCHAR *entry, BYTE *connection_data, DWORD connection_size, BYTE *user_data,
        DWORD user_size, BYTE **data, DWORD *size, WCHAR **identity)
{
    (void)path;
    if (user_size == 4 && !memcmp(user_data, "ask!", 4))
        return ERROR_INTERACTIVE_MODE;
    *identity = malloc(100 * sizeof(**identity));
    swprintf(*identity, 100, L"%ls %lu %lu %ls", entry, type, flags, window ? L"window" : L"none");
    *size = connection_size + user_size;
    *data = malloc(*size + 1);
    memcpy(*data, connection_data, connection_size);
    memcpy(*data + connection_size, user_data, user_size);
    return NO_ERROR;
}

DWORD WINAPI RasEapFreeMemory(BYTE *memory)
{
    free(memory);
    return NO_ERROR;
}
