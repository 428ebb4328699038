/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Texts of errors: the router's, those of remote access, and the system's.
 */

#include <windows.h>
#include <mprapi.h>

#include "dlls/mprapi/buffer.h"
#include "libs/raserror/raserror.h"
#include "libs/log/trace.h"

static WCHAR *wide_copy(const char *text)
{
    WCHAR *copy = LocalAlloc(LMEM_FIXED, (strlen(text) + 1) * sizeof *copy), *c = copy;

    if (copy)
        while ((*c++ = (unsigned char)*text++)) /* ASCII */
            ;
    return copy;
}

/* The text of an error, for LocalFree. */
static DWORD error_text(DWORD error, WCHAR **text)
{
    const char *ours = raserror_text(error);
    DWORD length;

    if (ours)
        return (*text = wide_copy(ours)) ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;

    length = FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM
                                    | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK,
            NULL, error, 0, (WCHAR *)text, 0, NULL);
    if (!length)
        return GetLastError() == ERROR_NOT_ENOUGH_MEMORY ? ERROR_NOT_ENOUGH_MEMORY
                                                         : ERROR_MR_MID_NOT_FOUND;
    /* The message ends with a line end, which the mask made a space of. */
    while (length && (*text)[length - 1] <= L' ')
        (*text)[--length] = 0;
    return NO_ERROR;
}

/* nf-mprapi-mpradmingeterrorstring: freed with LocalFree, by Microsoft's sample with
 * MprAdminBufferFree. NULL on failure, as from Wine's own. */
DWORD WINAPI MprAdminGetErrorString(DWORD error, WCHAR **string)
{
    TRACE_CALL("(error %lu, string %p)", (unsigned long)error, (const void *)string);
    WCHAR *text = NULL;
    DWORD failure;

    if (!string)
        return TRACED(ERROR_INVALID_PARAMETER);
    *string = NULL;
    if ((failure = error_text(error, &text)))
        return TRACED(failure);
    buffer_text_given(text);
    *string = text;
    return TRACED(NO_ERROR);
}

/* The NT 4 function, declared in rassapi.h: into the caller's buffer of `size` characters. */
DWORD WINAPI RasAdminGetErrorString(UINT error, WCHAR *buffer, DWORD size);

DWORD WINAPI RasAdminGetErrorString(UINT error, WCHAR *buffer, DWORD size)
{
    TRACE_CALL("(error %lu, buffer %p, size %lu)", (unsigned long)error, (const void *)buffer,
            (unsigned long)size);
    WCHAR *text = NULL;
    DWORD failure;

    if (!buffer)
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((failure = error_text(error, &text)))
        return TRACED(failure);
    if ((DWORD)lstrlenW(text) < size)
        lstrcpyW(buffer, text);
    else
        failure = ERROR_INSUFFICIENT_BUFFER;
    LocalFree(text);
    return TRACED(failure);
}
