/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The phone-book entry of a connection: where it is, whose it is, and its GUID. An administrator
 * gives a connection an entry's name, and perhaps a phone book; which book that is depends on the
 * user, so each process looks it up itself.
 */
#include "dlls/rasapi32/connection_entry.h"

#include <ras.h>

#include "dlls/rasapi32/entry.h"

static DWORD find_in(
        const struct phonebooks *books, const WCHAR *name, struct connection_entry *entry)
{
    const struct phonebook *book;
    const struct pbk_entry *found = phonebooks_find(books, name, &book);

    if (!found)
        return ERROR_CANNOT_FIND_PHONEBOOK_ENTRY;
    lstrcpynW(entry->phonebook, book->path, ARRAYSIZE(entry->phonebook));
    entry->flags = book->all_users ? RASCF_AllUsers : 0;
    entry_read_id(found, &entry->id);
    return ERROR_SUCCESS;
}

DWORD connection_entry_find(struct connection_books *books,
        const struct napipc_ras_connection *connection, struct connection_entry *entry)
{
    WCHAR name[RAS_MaxEntryName + 1], path[MAX_PATH];
    DWORD error = ERROR_SUCCESS;
    struct phonebooks named;

    /* The host or the agent made the name of any other connection. */
    if (connection->source != NAPIPC_RAS_TABLE && connection->source != NAPIPC_RAS_DIALED)
        return ERROR_CANNOT_FIND_PHONEBOOK_ENTRY;
    copy_wide(name, ARRAYSIZE(name), &connection->entry_name);
    if (connection->phonebook.length)
    {
        copy_wide(path, ARRAYSIZE(path), &connection->phonebook);
        if ((error = phonebooks_open(path, &named)))
            return error;
        error = find_in(&named, name, entry);
        phonebooks_close(&named);
        return error;
    }
    if (!books->opened && (error = phonebooks_open(NULL, &books->standard)))
        return error;
    books->opened = true;
    return find_in(&books->standard, name, entry);
}

void connection_books_close(struct connection_books *books)
{
    phonebooks_close(&books->standard);
}
