/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Phone-book files, read once. A program that lists 10,000 entries and then asks for each one's
 * properties opens the same file 10,000 times.
 */

#ifndef WINE_NAP_RASAPI32_PHONEBOOK_FILE_H
#define WINE_NAP_RASAPI32_PHONEBOOK_FILE_H

#include <windows.h>

#include "libs/pbk/pbk.h"

/* Immutable but for its first two members; threads share it. */
struct phonebook_file
{
    LONG references;
    LONG reported; /* what programs cannot see of it is logged */
    /* The very file, as it was when it was read. */
    DWORD volume;
    ULONGLONG index, size, written;
    struct pbk pbk;
    DWORD *hashes; /* of the entries' names, so that one is soon found among many */
};

/* The hash of a name in ASCII, whatever its case, or 0 if it has other characters. */
DWORD phonebook_name_hash(const char *name);

/* What that path leads to now, freshly read unless the file is known to be the same still. The
 * caller releases *file. Errors as of phonebooks_open(). */
DWORD phonebook_file_open(const WCHAR *path, struct phonebook_file **file);
void phonebook_file_release(struct phonebook_file *file); /* NULL is fine */

/* Lets go of all files that are kept; when the DLL is unloaded. */
void phonebook_files_forget(void);

#endif
