/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's boots: what the store has of connections ends with them. Each table of connections
 * has a value "Boot", the boot of the host in which its records were last written.
 */
#ifndef WINE_NAP_NAPAGENT_BOOT_H
#define WINE_NAP_NAPAGENT_BOOT_H

#include <stdbool.h>
#include <windows.h>

/* Has the host been booted since the table of that key, below the service's key, was written?
 * False: it has not, or nothing is known of it. */
bool boot_has_passed(const WCHAR *key);
/* When the records of earlier boots are erased: the table is of this boot. */
void boot_remember(const WCHAR *key);

#endif
