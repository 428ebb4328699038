/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RASENTRY, as Windows 7 has it, out of a phone book.
 */

#ifndef WINE_NAP_RASAPI32_ENTRY_H
#define WINE_NAP_RASAPI32_ENTRY_H

#include <windows.h>
#include <ras.h>

#include "libs/pbk/pbk.h"

/* mingw-w64's RASENTRY ends where Windows XP's does. */
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

/* What the phone book says of the entry; without one (NULL), what a new entry has. Fills all
 * but dwSize and dwAlternateOffset. */
void entry_read(const struct pbk_entry *source, struct entry_w *entry);

/* Another spelling of the same; dwSize and dwAlternateOffset are the caller's to set. */
void entry_to_ansi(const struct entry_w *from, struct entry_a *to);

#endif
