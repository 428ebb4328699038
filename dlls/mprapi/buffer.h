/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the DLL gives to programs, and takes back through MprAdminBufferFree and its kin.
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
