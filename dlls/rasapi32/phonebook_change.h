/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A change to one entry of a phone book. Changes happen one after another, between all processes of
 * the Wine prefix. The changed file is a new one that takes the place of the old: whoever reads the
 * phone book, and whenever a process dies, there is the old one or the new one, whole.
 *
 *     result = phonebook_change_begin(&change, path, name);
 *     if (result == ERROR_SUCCESS)
 *     {
 *         pbk_edit_set(&change.edit, ...);
 *         result = phonebook_change_commit(&change);
 *     }
 *     phonebook_change_end(&change);
 */

#ifndef WINE_NAP_RASAPI32_PHONEBOOK_CHANGE_H
#define WINE_NAP_RASAPI32_PHONEBOOK_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include <windows.h>

#include "libs/pbk/edit.h"
#include "libs/pbk/pbk.h"

struct phonebook_change
{
    HANDLE lock;
    WCHAR path[MAX_PATH];
    void *data; /* the file as it is */
    size_t size;
    struct pbk pbk;
    size_t index;                  /* of the entry in pbk.entries; their count for a new one */
    size_t removed;                /* 1 if the entry is deleted */
    const struct pbk_entry *entry; /* NULL for a new one */
    struct pbk_edit edit;
    bool invalid; /* a text cannot be written, or there was no memory for it */
};

/* Takes the lock between all processes of the prefix. ERROR_SUCCESS, ERROR_CANNOT_WRITE_PHONEBOOK:
 * another program has had it for too long; ERROR_NOT_ENOUGH_MEMORY. */
DWORD phonebook_lock(HANDLE *lock);
void phonebook_unlock(HANDLE lock);

/*
 * Begins to change the entry of that name in the file at `path`, or in the first phone book of
 * phonebooks_open() that has it if `path` is NULL.
 *
 * ERROR_SUCCESS; ERROR_CANNOT_FIND_PHONEBOOK_ENTRY; ERROR_CANNOT_OPEN_PHONEBOOK: there is no such
 * file, or it is not a phone book; ERROR_ACCESS_DENIED: it may not be written;
 * ERROR_CANNOT_WRITE_PHONEBOOK: other changes take too long; ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD phonebook_change_begin(struct phonebook_change *change, const WCHAR *path, const WCHAR *name);

/* The same, but a new entry is begun if there is none of that name: in the file at `path`, which is
 * created if it does not exist, or in the user's phone book. ERROR_INVALID_NAME. */
DWORD phonebook_change_begin_new(
        struct phonebook_change *change, const WCHAR *path, const WCHAR *name);

/* The text in the file's encoding, which the caller free()s. NULL sets `invalid`. */
char *phonebook_change_text(struct phonebook_change *change, const WCHAR *text);

/* pbk_edit_set() with a text or a number. */
void phonebook_change_set(struct phonebook_change *change, enum pbk_block_kind kind, size_t block,
        const char *key, size_t nth, const WCHAR *value);
void phonebook_change_set_number(struct phonebook_change *change, enum pbk_block_kind kind,
        size_t block, const char *key, DWORD value);

/*
 * Writes the file. After a failure the old file is as it was.
 *
 * ERROR_SUCCESS; ERROR_ACCESS_DENIED; ERROR_CANNOT_WRITE_PHONEBOOK: for example, the disk is full;
 * ERROR_INVALID_PARAMETER: a text has a line end; ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD phonebook_change_commit(struct phonebook_change *change);

/* Also after a failure to begin. */
void phonebook_change_end(struct phonebook_change *change);

#endif
