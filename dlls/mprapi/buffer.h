/*
 * What the DLL gives to programs, and takes back through MprAdminBufferFree and its kin.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#ifndef WINE_NAP_MPRAPI_BUFFER_H
#define WINE_NAP_MPRAPI_BUFFER_H

#include <windows.h>

/* Zeroed memory, aligned for any type, at least one byte; NULL if there is none. */
void *buffer_create(SIZE_T size);
/* NO_ERROR; ERROR_INVALID_PARAMETER for NULL and for what is no buffer that a program has, whatever
 * it points to. */
DWORD buffer_destroy(void *buffer);
/* A text of LocalAlloc was given to the program, which frees it by LocalFree or as a buffer. The
 * last 256 are remembered: an older one is no buffer. */
void buffer_text_given(WCHAR *text);

#endif
