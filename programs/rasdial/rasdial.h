/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rasdial.exe: connects an entry of a phone book, ends connections and lists them, with the syntax
 * of Windows. It uses the public functions of rasapi32.dll.
 */

#ifndef WINE_NAP_RASDIAL_H
#define WINE_NAP_RASDIAL_H

#include <stdbool.h>

#include <windows.h>
#include <lmcons.h>
#include <ras.h>

#define EXIT_USAGE 1

struct arguments
{
    const WCHAR *entry; /* NULL: none */
    const WCHAR *phonebook;
    RASDIALPARAMSW params;
    bool ask_password, disconnect, prefix_suffix;
};

/* Reads the command line. Returns false if it is wrong, or asks for help. */
bool parse_arguments(int argc, WCHAR **argv, struct arguments *arguments);

/* ---- what the program does: the results are errors of the functions it calls ---- */

DWORD list_connections(void);
DWORD disconnect(const WCHAR *entry); /* NULL: all connections */
DWORD connect_entry(struct arguments *arguments);

/* ---- output ---- */

void print_text(const WCHAR *format, ...);

/* Prints the error, and returns it. */
DWORD report(DWORD error);

/* Reads a password without showing it. Returns false at the end of input, and if it is longer than
 * the buffer holds. */
bool read_password(const WCHAR *user, WCHAR *password, size_t capacity);

#endif
