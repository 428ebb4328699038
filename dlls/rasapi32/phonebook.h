/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The phone books that a RAS function looks into, and text as the API has it.
 */

#ifndef WINE_NAP_RASAPI32_PHONEBOOK_H
#define WINE_NAP_RASAPI32_PHONEBOOK_H

#include <stdbool.h>
#include <stddef.h>

#include <windows.h>
#include <raserror.h>

#include "dlls/rasapi32/phonebook_file.h"
#include "libs/pbk/pbk.h"

struct phonebook
{
    WCHAR path[MAX_PATH];
    bool all_users;
    struct phonebook_file *file;
};

struct phonebooks
{
    struct phonebook *books;
    size_t count;
};

/*
 * Opens the file of that path. NULL: all *.pbk files where Windows has them, those for all users
 * first: in %ALLUSERSPROFILE% and then %APPDATA%, Microsoft\Network\Connections\Pbk, and
 * rasphone.pbk in %SystemRoot%\system32\ras; what cannot be read there is logged and passed over.
 *
 * ERROR_SUCCESS; ERROR_CANNOT_OPEN_PHONEBOOK: the path leads to no file that can be read;
 * ERROR_CORRUPT_PHONEBOOK: to a file that is no phone book; ERROR_NOT_ENOUGH_MEMORY. Unless
 * ERROR_SUCCESS there is nothing to close.
 */
DWORD phonebooks_open(const WCHAR *path, struct phonebooks *books);
void phonebooks_close(struct phonebooks *books);

/* The entry of that name, whatever its case, and the book that has it (which may be NULL). */
const struct pbk_entry *phonebooks_find(
        const struct phonebooks *books, const WCHAR *name, const struct phonebook **book);

/*
 * Writes a text of a phone book, cut to `room` characters with the NUL. Returns how long it is
 * without NUL, uncut. NULL is the empty text.
 */
size_t phonebook_text(const char *text, WCHAR *out, size_t room);

/* The same text in UTF-16, freed by free(). NULL stays NULL; *failed says that memory is out. */
WCHAR *wide_from_ansi(const char *text, bool *failed);

/* Writes the text in the ANSI code page, cut to `room` bytes with the NUL. */
void ansi_from_wide(const WCHAR *text, char *out, size_t room);

/* Writes the text for a W or an A function, cut to `room` characters with the NUL. */
void write_text(void *out, const WCHAR *text, size_t room, bool wide);

#endif
