/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole files, "-" for standard input or output. */
#ifndef WINE_NAP_NAPCTL_FILE_H
#define WINE_NAP_NAPCTL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#include <stdio.h>

/* A packet with its carrier TLV */
#define SOH_FILE_MAX (65535 + 12)

/*
 * Opens a file to read it; "-" is standard input. NULL: it cannot be opened, is not a regular file,
 * or has more than `most` bytes. The error is on stderr, and calls the contents `what`.
 */
FILE *file_open(const wchar_t *name, const char *what, unsigned long long most);
/* Reads at most `most` bytes, of standard input too; the capacity of `bytes` is one more. False:
 * the error is on stderr. */
bool file_read(const wchar_t *name, const char *what, void *bytes, size_t most, size_t *size);
bool file_write(const wchar_t *name, const void *bytes, size_t size);
/* Prints to stderr that `verb` failed for the file, with the reason in errno. */
void file_complain(const char *verb, const wchar_t *name);

#endif
