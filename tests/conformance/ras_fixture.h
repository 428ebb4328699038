/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RAS connections for tests: entries that napctl adds and removes, and the structures of Windows 7
 * that mingw-w64's ras.h lacks (the pages of ras.h).
 */

#ifndef WINE_NAP_TESTS_RAS_FIXTURE_H
#define WINE_NAP_TESTS_RAS_FIXTURE_H

#include <test.h>
#include <stdbool.h>
#include <wchar.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#ifndef ERROR_HANGUP_FAILED
#define ERROR_HANGUP_FAILED 753
#endif
#define GARBAGE_HANDLE ((HRASCONN)(ULONG_PTR)0x00abcdef)

#include <pshpack4.h>
/* Windows 7: guidCorrelationId at the end */
typedef struct WIN7_RASCONNW
{
    RASCONNW xp;
    GUID guidCorrelationId;
} WIN7_RASCONNW;
typedef struct WIN7_RASCONNA
{
    RASCONNA xp;
    GUID guidCorrelationId;
} WIN7_RASCONNA;
#include <poppack.h>

/* Functions that mingw-w64's import library lacks, by GetProcAddress */
#define RasGetNapStatus ras_get_nap_status
#define RasGetProjectionInfoEx ras_get_projection_info_ex
DWORD ras_get_nap_status(HRASCONN connection, LPRASNAPSTATE state);
DWORD ras_get_projection_info_ex(HRASCONN connection, void *projection, DWORD *size);

/* Adds an entry with these further arguments of napctl; replaces one that was left. */
HRASCONN entry_add(const WCHAR *name, const WCHAR *arguments);
void entry_remove(const WCHAR *name);
/* Gets the connection of that name from RasEnumConnectionsW; false: it is not listed. */
bool connection_find(const WCHAR *name, WIN7_RASCONNW *found);
/* The number of connections that RasEnumConnectionsW lists. */
DWORD connection_count(void);

#endif
