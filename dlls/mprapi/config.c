/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * MprConfigServerConnect. There is no router configuration here to give a handle of.
 */

#include <windows.h>
#include <mprapi.h>

#include "libs/refusal/refusal.h"
#include "libs/log/trace.h"

/* As Wine's own: programs rely on the handle being NULL afterwards. */
DWORD APIENTRY MprConfigServerConnect(WCHAR *server, HANDLE *config)
{
    TRACE_CALL("(server %p, config %p)", (const void *)server, (const void *)config);
    static LONG said;

    (void)server;
    if (!config)
        return TRACED(ERROR_INVALID_PARAMETER);
    *config = NULL;
    return TRACED((DWORD)refuse("MprConfigServerConnect", &said, ERROR_NOT_SUPPORTED));
}
