/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasGetErrorString.
 */

#include <stdbool.h>
#include <stdio.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "libs/raserror/raserror.h"
#include "libs/log/trace.h"

#define LAST_RAS_ERROR 900

/* The text, in ASCII; false if there is no such error. Numbers up to 900 that have no name in the
 * header are errors of later versions of Windows. */
static bool error_text(UINT error, char text[RASERROR_LONGEST + 1])
{
    const char *known = raserror_text(error);

    if (known)
        lstrcpynA(text, known, RASERROR_LONGEST + 1);
    else if (error >= RASBASE && error <= LAST_RAS_ERROR)
        sprintf(text, "Remote access error %u; there is no description.", error);
    else
        return false;
    return true;
}

static DWORD get_error_string(UINT error, void *buffer, DWORD capacity, bool wide)
{
    char text[RASERROR_LONGEST + 1];

    if (!buffer || !error_text(error, text))
        return ERROR_INVALID_PARAMETER;
    if (capacity <= (DWORD)lstrlenA(text))
        return ERROR_INSUFFICIENT_BUFFER;
    if (wide)
        MultiByteToWideChar(CP_UTF8, 0, text, -1, buffer, (int)capacity);
    else
        lstrcpyA(buffer, text);
    return ERROR_SUCCESS;
}

DWORD WINAPI RasGetErrorStringW(UINT error, WCHAR *buffer, DWORD capacity)
{
    TRACE_CALL("(error %lu, buffer %p, capacity %lu)", (unsigned long)error, (const void *)buffer,
            (unsigned long)capacity);
    return TRACED(get_error_string(error, buffer, capacity, true));
}

DWORD WINAPI RasGetErrorStringA(UINT error, char *buffer, DWORD capacity)
{
    TRACE_CALL("(error %lu, buffer %p, capacity %lu)", (unsigned long)error, (const void *)buffer,
            (unsigned long)capacity);
    return TRACED(get_error_string(error, buffer, capacity, false));
}
