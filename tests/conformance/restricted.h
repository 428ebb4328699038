/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A process without administrator rights: this program again, with a restricted token.
 */

#ifndef WINE_NAP_TESTS_RESTRICTED_H
#define WINE_NAP_TESTS_RESTRICTED_H

#include <stdbool.h>

#include <windows.h>

/* True if this process has administrator rights, or if that is unknown. */
bool is_administrator(void);
/* This process's token without administrator rights; the caller closes it. NULL: it cannot be
 * made. */
HANDLE token_without_rights(void);
/* Runs this program with the arguments and without the rights; returns its exit code, 98 if it
 * hangs, 99 if it cannot be run. */
DWORD run_without_rights(const WCHAR *arguments);

#endif
