/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The classes of NAP servers, and the validators of the tests.
 */

#ifndef WINE_NAP_TESTS_SERVERS_H
#define WINE_NAP_TESTS_SERVERS_H

#include <windows.h>
#include <objbase.h>
#include <naptypes.h>
#include <napservermanagement.h>

#define GARBAGE ((void *)(ULONG_PTR)0xdeadbeef)
#define SHV_ID 0x00abcf10u
#define OTHER_SHV_ID 0x00abcf11u

/* New objects, while COM is initialized on the calling thread; the caller releases them. NULL:
 * there is no such class. */
INapServerManagement *servers_management(void);
INapServerInfo *servers_info(void);
/* Unregisters the validators of the tests; does nothing for those that are not registered. */
void servers_forget(void);

#endif
