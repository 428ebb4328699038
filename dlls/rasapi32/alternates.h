/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The alternate phone numbers that follow RASENTRY and RASSUBENTRY.
 */

#ifndef WINE_NAP_RASAPI32_ALTERNATES_H
#define WINE_NAP_RASAPI32_ALTERNATES_H

#include <stdbool.h>
#include <stddef.h>

#include <windows.h>

#include "libs/pbk/pbk.h"

/* Writes the alternate numbers of a DEVICE block and an empty one after them, or only counts bytes
 * if `to` is NULL. `device` may be NULL. Returns the number of bytes, 0 if there are no numbers. */
size_t alternates_write(const struct pbk_block *device, BYTE *to, bool wide);

/* The numbers at `offset` in the buffer of `size` bytes, in UTF-16, which the caller free()s; NULL
 * if they are in the structure or do not end within the buffer. */
WCHAR *alternates_read(const BYTE *structure, DWORD size, DWORD offset, bool wide);

#endif
