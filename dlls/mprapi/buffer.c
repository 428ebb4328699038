/*
 * Buffers for programs: all from the process heap, whichever of the functions that free
 * them a page names. A program that takes the wrong one does no harm.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "dlls/mprapi/buffer.h"

#include <mprapi.h>

void *buffer_create(SIZE_T size)
{
    return HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, max(size, 1));
}

DWORD buffer_destroy(void *buffer)
{
    if (!buffer)
        return ERROR_INVALID_PARAMETER;
    return HeapFree(GetProcessHeap(), 0, buffer) ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI MprAdminBufferFree(void *buffer)
{
    return buffer_destroy(buffer);
}

DWORD WINAPI MprConfigBufferFree(void *buffer)
{
    return buffer_destroy(buffer);
}

/* The NT 4 redistributable's name of MprAdminBufferFree */
DWORD WINAPI RasAdminBufferFree(void *buffer);

DWORD WINAPI RasAdminBufferFree(void *buffer)
{
    return buffer_destroy(buffer);
}
