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
 * Opens a file to read it, "-" is standard input. NULL: it cannot be, it is no regular file, or it
 * has more than `most` bytes; stderr says so and calls its contents `what`.
 */
FILE *file_open(const wchar_t *name, const char *what, unsigned long long most);
/* Reads at most `most` bytes, of standard input too; `bytes` has room for one more. Says on stderr
 * what is wrong otherwise. */
bool file_read(const wchar_t *name, const char *what, void *bytes, size_t most, size_t *size);
bool file_write(const wchar_t *name, const void *bytes, size_t size);
/* Says on stderr that `verb` cannot be done, and why: errno. */
void file_complain(const char *verb, const wchar_t *name);

#endif
