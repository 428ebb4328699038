/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The phone books that a RAS function searches, and conversion of their text.
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
 * Opens the file at `path`. NULL opens all phone books where Windows has them: the *.pbk files in
 * Microsoft\Network\Connections\Pbk, first of %ALLUSERSPROFILE% and then of %APPDATA%, and
 * rasphone.pbk in %SystemRoot%\system32\ras. It logs and ignores files there that it cannot read.
 *
 * ERROR_SUCCESS; ERROR_CANNOT_OPEN_PHONEBOOK: the file cannot be read; ERROR_CORRUPT_PHONEBOOK: it
 * is not a phone book; ERROR_NOT_ENOUGH_MEMORY. After a failure there is nothing to close.
 */
DWORD phonebooks_open(const WCHAR *path, struct phonebooks *books);
void phonebooks_close(struct phonebooks *books);

/* Finds an entry by name, ignoring case; NULL if there is none. *book is its phone book; `book` may
 * be NULL. */
const struct pbk_entry *phonebooks_find(
        const struct phonebooks *books, const WCHAR *name, const struct phonebook **book);

/* Whether the entry has that name, ignoring case. */
bool phonebook_has_name(const struct pbk_entry *entry, const WCHAR *name);

/*
 * phonebooks_open() and phonebooks_find() for functions that know fewer errors. `name` NULL: only
 * opens. `entry` and `book` may be NULL.
 *
 * ERROR_SUCCESS: the caller closes the books; ERROR_CANNOT_OPEN_PHONEBOOK: the file cannot be read
 * or is not a phone book; ERROR_CANNOT_FIND_PHONEBOOK_ENTRY; ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD phonebooks_open_entry(const WCHAR *path, const WCHAR *name, struct phonebooks *books,
        const struct pbk_entry **entry, const struct phonebook **book);

/*
 * Looks up an entry by its name for a W or an A function. `path` as for phonebooks_open(); without
 * a name only the phone book is looked up. The errors are those of phonebooks_open_entry().
 */
DWORD phonebook_check_entry(const void *path, const void *name, bool wide);

/*
 * Converts a text of a phone book, cut to `capacity` characters including the NUL. Returns the
 * length of the whole text without NUL. NULL is the empty text.
 */
size_t phonebook_text(const char *text, WCHAR *out, size_t capacity);

/* The text in UTF-16, which the caller free()s. NULL stays NULL. *failed is set on allocation
 * failure. */
WCHAR *wide_from_ansi(const char *text, bool *failed);

/* Writes the text in the ANSI code page, cut to `capacity` bytes including the NUL. */
void ansi_from_wide(const WCHAR *text, char *out, size_t capacity);

/* Writes the text for a W or an A function, cut to `capacity` characters with the NUL. */
void write_text(void *out, const WCHAR *text, size_t capacity, bool wide);

/* The reverse, of a member that need not end with a NUL. */
void read_text(const void *from, WCHAR *to, size_t capacity, bool wide);

/* Whether the phone book is for all users, also if it was opened by its path. */
bool phonebook_is_for_all(const struct phonebook *book);

/* The file's full long name: one file has one, however a program spells it. */
void phonebook_full_name(const WCHAR *path, WCHAR name[MAX_PATH]);

#endif
