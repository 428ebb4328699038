/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's boots: a stored connection may end with the boot in which it was written.
 */
#ifndef WINE_NAP_NAPAGENT_BOOT_H
#define WINE_NAP_NAPAGENT_BOOT_H

#include <stdbool.h>
#include <windows.h>

/* Adds to the next change that what the value belongs to ends with this boot of the host. `key` is
 * below the service's key. Adds nothing if the host does not say which boot it is. */
void boot_stamp(const WCHAR *key, const WCHAR *name);

enum boot_stamp
{
    BOOT_NONE, /* there is no such value */
    BOOT_THIS, /* of this boot, or it is not known */
    BOOT_EARLIER
};
enum boot_stamp boot_stamp_of(const WCHAR *key, const WCHAR *name);

#endif
