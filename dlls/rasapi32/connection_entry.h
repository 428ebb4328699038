/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The phone-book entry of a connection.
 */
#ifndef WINE_NAP_RASAPI32_CONNECTION_ENTRY_H
#define WINE_NAP_RASAPI32_CONNECTION_ENTRY_H

#include "dlls/rasapi32/connection.h"
#include "dlls/rasapi32/phonebook.h"

/* The standard phone books, opened when they are needed. Zeroed at first. */
struct connection_books
{
    struct phonebooks standard;
    bool opened;
};

struct connection_entry
{
    WCHAR phonebook[MAX_PATH];
    DWORD flags; /* RASCF_AllUsers, or 0 */
    GUID id;     /* GUID_NULL: the phone book has none */
};

/* Finds the connection's entry. ERROR_NOT_ENOUGH_MEMORY, or another error: it has none, or none
 * that this process can read. */
DWORD connection_entry_find(struct connection_books *books,
        const struct napipc_ras_connection *connection, struct connection_entry *entry);
void connection_books_close(struct connection_books *books);

#endif
