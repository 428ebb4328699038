/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an entry may be called.
 */

#ifndef WINE_NAP_RASAPI32_ENTRY_NAME_H
#define WINE_NAP_RASAPI32_ENTRY_NAME_H

#include <stdbool.h>

#include <windows.h>

/* Whether RasValidateEntryName accepts the name, apart from entries that have it. */
bool entry_name_is_valid(const WCHAR *name);

#endif
