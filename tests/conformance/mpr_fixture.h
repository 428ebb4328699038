/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The remote access server under test: the table filled as an administrator
 * fills it, and mprapi.dll asked as a program asks it.
 */

#ifndef WINE_NAP_TESTS_MPR_FIXTURE_H
#define WINE_NAP_TESTS_MPR_FIXTURE_H

#include <stdbool.h>

#include <winsock2.h>
#include <windows.h>
#include <mprapi.h>
#include <mprerror.h>
#include <raserror.h>

/* Not in mingw-w64's import libraries of both word sizes. */
extern DWORD(WINAPI *enum_ex)(RAS_SERVER_HANDLE server, MPRAPI_OBJECT_HEADER *header,
        DWORD max_length, DWORD *read, DWORD *total, RAS_CONNECTION_EX **connections,
        DWORD *resume);
extern DWORD(WINAPI *get_info_ex)(
        RAS_SERVER_HANDLE server, HANDLE connection, RAS_CONNECTION_EX *info);
extern DWORD(WINAPI *deregister_notification)(MPR_SERVER_HANDLE server, HANDLE event);

/* The server side on, the table empty, and `server` a handle of it. For whole groups. */
extern MPR_SERVER_HANDLE server;
int mpr_setup(void);
int mpr_teardown(void);
/* Each test begins with an empty table. */
#define MPR_TEST(name) TEST_WITH(name, mpr_empty, NULL)
int mpr_empty(void);

/* Runs `napctl rras load -` with these lines; the ids that it printed go into `ids`. Their
 * number, or -1: napctl failed. */
int rras_load(const char *lines, DWORD *ids, int most);
/* Adds one connection of these options: its handle. */
HANDLE rras_add(const char *options);

/* All there is at that level. */
void *all_of(DWORD level, DWORD *count);

#endif
