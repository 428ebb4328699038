/*
 * A process that is no administrator's: this program again, with a restricted token.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
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
