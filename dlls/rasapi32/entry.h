/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RASENTRY, as in Windows 7, from a phone book.
 */

#ifndef WINE_NAP_RASAPI32_ENTRY_H
#define WINE_NAP_RASAPI32_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

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

/* Whether RASENTRY has had that size, in W or in A. */
bool entry_is_size(DWORD size, bool wide);

/* How much of a structure of that size struct entry_w or struct entry_a has. Windows 10 has more.
 */
size_t entry_known_size(DWORD size, bool wide);

/* Where dwType is, which smaller structures do not have. */
size_t entry_type_offset(bool wide);

/* A flag that is one setting of the phone book. */
struct entry_flag
{
    const char *key;
    DWORD value, other; /* of the setting if the flag is set, and if it is not */
    DWORD otherwise;    /* what the setting is without the key */
    DWORD flag;
};

extern const struct entry_flag entry_options[], entry_options2[];
extern const size_t entry_option_count, entry_option2_count;

/* Options that no key of Windows' phone books is known for: programs read back what they set. */
#define KEPT_OPTIONS_KEY "WineNapOptions"
#define KEPT_OPTIONS2_KEY "WineNapOptions2"
#define KEPT_OPTIONS                                                                               \
    (RASEO_TerminalBeforeDial | RASEO_TerminalAfterDial | RASEO_RequireEncryptedPw                 \
            | RASEO_RequireMsEncryptedPw | RASEO_NetworkLogon | RASEO_CustomScript)
/* Internet, SecureRoutingCompartment, UseTypicalSettings, and those that came with Windows 7 and
 * later. */
#define KEPT_OPTIONS2 0xff800c20

/* The type of an entry with such a device: RASET_Phone if the type is unknown. */
DWORD entry_type_of_device(const WCHAR *device_type, bool ignore_case);

/* The bits of AuthRestrictions and the options that stand for them. */
struct entry_authentication
{
    DWORD bit, flag;
};

extern const struct entry_authentication entry_authentication[];
extern const size_t entry_authentication_count;

#define AUTH_MACHINE_CERTIFICATE 0x800 /* of AuthRestrictions, [MS-RRASM] 2.2.2.2.58 */

/* The values of DataEncryption. */
#define ENCRYPT_NONE 0
#define ENCRYPT_OPTIONAL 8
#define ENCRYPT_REQUIRE 256
#define ENCRYPT_REQUIRE_MAX 512

/* Flags of Windows Vista and 7 that mingw-w64's header lacks. */
#define RASEO2_RegisterIpWithDNS 0x00004000
#define RASEO2_UseDNSSuffixForRegistration 0x00008000
#define RASEO2_IPv4ExplicitMetric 0x00010000
#define RASEO2_IPv6ExplicitMetric 0x00020000
#define RASEO2_RequireMachineCertificates 0x00400000
#define RASNP_Ipv6 0x00000008

/* Fills `entry` from the phone book, or with a new entry's defaults if `source` is NULL. dwSize and
 * dwAlternateOffset are left to the caller. */
void entry_read(const struct pbk_entry *source, struct entry_w *entry);

/* The entry's GUID, guidId; GUID_NULL if the phone book has none. */
void entry_read_id(const struct pbk_entry *source, GUID *id);

/* Converts to the ANSI code page. dwSize and dwAlternateOffset are left to the caller. */
void entry_to_ansi(const struct entry_w *from, struct entry_a *to);

/* The reverse. */
void entry_from_ansi(const struct entry_a *from, struct entry_w *to);

#endif
