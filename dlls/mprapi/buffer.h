/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Buffers that the DLL returns to programs, which free them by MprAdminBufferFree and similar
 * functions.
 */

#ifndef WINE_NAP_MPRAPI_BUFFER_H
#define WINE_NAP_MPRAPI_BUFFER_H

#include <windows.h>

/* Zeroed memory, aligned for any type, at least one byte; NULL on allocation failure. */
void *buffer_create(SIZE_T size);
/* NO_ERROR, or ERROR_INVALID_PARAMETER for NULL or any pointer that is not a buffer in use. */
DWORD buffer_destroy(void *buffer);
/* Records a text from LocalAlloc that a program gets, and frees by LocalFree or as a buffer. Only
 * the last 256 are recorded: an older one is not a buffer. */
void buffer_text_given(WCHAR *text);

#endif
