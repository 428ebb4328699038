/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Error texts: of the router, of remote access and of the system.
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

/* *text is the text of an error, to be freed by LocalFree. */
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
    /* The message ends with a line break, which the mask turns into a space. */
    while (length && (*text)[length - 1] <= L' ')
        (*text)[--length] = 0;
    return NO_ERROR;
}

/* nf-mprapi-mpradmingeterrorstring. By the page a program frees the text by LocalFree; Microsoft's
 * sample uses MprAdminBufferFree. *string is NULL on failure, as in Wine's DLL. */
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

/* The NT 4 function, declared in rassapi.h. The caller's buffer has `size` characters. */
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
