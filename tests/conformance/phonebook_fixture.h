/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Phone books for the tests of RAS functions.
 */

#ifndef PHONEBOOK_FIXTURE_H
#define PHONEBOOK_FIXTURE_H

#include <windows.h>

/* A phone book as Windows 7 writes it: "Office VPN", "Dial", "PPPoE". */
extern const char sample_phonebook[];
#define SAMPLE_ENTRIES 3

/* Writes the file, makes its folders, and fails the test if it cannot. The path may contain
 * environment variables; `expanded` (MAX_PATH characters) receives it with their values. */
void write_phonebook(const WCHAR *path, const void *data, size_t size, WCHAR *expanded);

/* The sample in a temporary file. */
void write_sample(WCHAR *path);

void remove_phonebook(const WCHAR *path);

#endif
