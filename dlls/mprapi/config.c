/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * MprConfigServerConnect. The router configuration is not implemented, so there is no handle.
 */

#include <windows.h>
#include <mprapi.h>

#include "libs/unimplemented/unimplemented.h"
#include "libs/log/trace.h"

/* As in Wine's DLL, *config is NULL on failure: programs rely on it. */
DWORD APIENTRY MprConfigServerConnect(WCHAR *server, HANDLE *config)
{
    TRACE_CALL("(server %p, config %p)", (const void *)server, (const void *)config);
    static LONG logged;

    (void)server;
    if (!config)
        return TRACED(ERROR_INVALID_PARAMETER);
    *config = NULL;
    return TRACED((DWORD)unimplemented("MprConfigServerConnect", &logged, ERROR_NOT_SUPPORTED));
}
