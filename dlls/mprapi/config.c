/*
 * MprConfigServerConnect. There is no router configuration here to give a handle of.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
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
