/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RASENTRY, as in Windows 7, from a phone book.
 */

#ifndef WINE_NAP_RASAPI32_ENTRY_H
#define WINE_NAP_RASAPI32_ENTRY_H

#include <windows.h>
#include <ras.h>

#include "libs/pbk/pbk.h"

/* What Windows 7's RASENTRY has after mingw-w64's, which is Windows XP's. */
#include <pshpack4.h>
struct entry_tail
{
    RASIPV6ADDR ipv6addrDns; /* Windows Vista */
    RASIPV6ADDR ipv6addrDnsAlt;
    DWORD dwIPv4InterfaceMetric;
    DWORD dwIPv6InterfaceMetric;
    RASIPV6ADDR ipv6addr; /* Windows 7 */
    DWORD dwIPv6PrefixLength;
    DWORD dwNetworkOutageTime;
};

struct entry_w
{
    RASENTRYW xp;
    struct entry_tail tail;
};

struct entry_a
{
    RASENTRYA xp;
    struct entry_tail tail;
};
#include <poppack.h>

/* Fills `entry` from the phone book, or with a new entry's defaults if `source` is NULL. dwSize and
 * dwAlternateOffset are left to the caller. */
void entry_read(const struct pbk_entry *source, struct entry_w *entry);

/* The entry's GUID, guidId; GUID_NULL if the phone book has none. */
void entry_read_id(const struct pbk_entry *source, GUID *id);

/* Converts to the ANSI code page. dwSize and dwAlternateOffset are left to the caller. */
void entry_to_ansi(const struct entry_w *from, struct entry_a *to);

#endif
