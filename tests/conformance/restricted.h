/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A process that is no administrator's: this program again, with a restricted token.
 */

#ifndef WINE_NAP_TESTS_RESTRICTED_H
#define WINE_NAP_TESTS_RESTRICTED_H

#include <stdbool.h>

#include <windows.h>

/* Is this process an administrator's? In doubt it is. */
bool is_administrator(void);
/* This process's token without the rights of an administrator; the caller's to close. NULL: it
 * cannot be made. */
HANDLE token_without_rights(void);
/* Runs this program with the arguments and without the rights; its exit code, 98 if it hangs, 99
 * if it cannot be run. */
DWORD run_without_rights(const WCHAR *arguments);

#endif
