/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The remote access server under test: an administrator's commands fill the table, and mprapi.dll
 * is called as programs call it.
 */

#ifndef WINE_NAP_TESTS_MPR_FIXTURE_H
#define WINE_NAP_TESTS_MPR_FIXTURE_H

#include <stdbool.h>

#include <winsock2.h>
#include <windows.h>
#include <mprapi.h>
#include <mprerror.h>
#include <raserror.h>

/* mingw-w64's 64-bit and 32-bit import libraries do not both have these. */
extern DWORD(WINAPI *enum_ex)(RAS_SERVER_HANDLE server, MPRAPI_OBJECT_HEADER *header,
        DWORD max_length, DWORD *read, DWORD *total, RAS_CONNECTION_EX **connections,
        DWORD *resume);
extern DWORD(WINAPI *get_info_ex)(
        RAS_SERVER_HANDLE server, HANDLE connection, RAS_CONNECTION_EX *info);
extern DWORD(WINAPI *deregister_notification)(MPR_SERVER_HANDLE server, HANDLE event);

/* Turns the server side on, empties the table, and gets `server`, a handle. For whole groups. */
extern MPR_SERVER_HANDLE server;
int mpr_setup(void);
int mpr_teardown(void);
/* Empties the table before each test. */
#define MPR_TEST(name) TEST_WITH(name, mpr_empty, NULL)
int mpr_empty(void);

/* Runs `napctl rras load -` with these lines; the printed ids go into `ids`. Returns their number,
 * or -1: napctl failed. */
int rras_load(const char *lines, DWORD *ids, int most);
/* Adds one connection with these options; returns its handle. */
HANDLE rras_add(const char *options);

/* Gets all connections at that level. */
void *all_of(DWORD level, DWORD *count);

#endif
