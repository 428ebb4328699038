/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Cached phone-book files. A program that lists 10,000 entries and then gets the properties of each
 * opens the same file 10,000 times.
 */

#ifndef WINE_NAP_RASAPI32_PHONEBOOK_FILE_H
#define WINE_NAP_RASAPI32_PHONEBOOK_FILE_H

#include <windows.h>

#include "libs/pbk/pbk.h"

/* Bytes; more than any phone book has: 10,000 entries of Windows 7 take 30 MB. */
#define PHONEBOOK_MAX_SIZE (256u << 20)

/* Immutable but for its first two members; threads share it. */
struct phonebook_file
{
    LONG references;
    LONG reported; /* entries that programs cannot see are logged */
    /* The identity, size and time of the file when it was read. */
    DWORD volume;
    ULONGLONG index, size, written;
    struct pbk pbk;
    DWORD *hashes; /* of the entries' names, for a fast search */
};

/* The hash of a name in ASCII, ignoring case, or 0 if it has other characters. */
DWORD phonebook_name_hash(const char *name);

/* Opens the file at `path`, and reads it unless the cache has it unchanged. The caller releases
 * *file. Errors are those of phonebooks_open(). */
DWORD phonebook_file_open(const WCHAR *path, struct phonebook_file **file);
void phonebook_file_release(struct phonebook_file *file); /* takes NULL */

/* Releases all cached files, when the DLL is unloaded. */
void phonebook_files_forget(void);

#endif
