/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pages RasGetEntryProperties and RASENTRY.
 */

#include <test.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "phonebook_fixture.h"

/* RASENTRY of Windows 7, which mingw-w64's header lacks: the members after Windows XP's. */
#include <pshpack4.h>
struct windows7
{
    RASENTRYW xp;
    RASIPV6ADDR ipv6addrDns, ipv6addrDnsAlt;
    DWORD dwIPv4InterfaceMetric, dwIPv6InterfaceMetric;
    RASIPV6ADDR ipv6addr;
    DWORD dwIPv6PrefixLength, dwNetworkOutageTime;
};
#include <poppack.h>

#define RASEO2_IPv4ExplicitMetric 0x00010000

static WCHAR sample[MAX_PATH];
static char sample_a[MAX_PATH];

static int begin(void)
{
    write_sample(sample);
    WideCharToMultiByte(CP_ACP, 0, sample, -1, sample_a, MAX_PATH, NULL, NULL);
    return 0;
}

static int end(void)
{
    remove_phonebook(sample);
    return 0;
}

static void read_entry(const WCHAR *name, struct windows7 *entry)
{
    BYTE buffer[sizeof(*entry) + 64]; /* space for alternate numbers */
    DWORD size = sizeof(buffer);

    memset(buffer, 0xcc, sizeof(buffer));
    *(DWORD *)buffer = sizeof(*entry);
    assert_int_equal(RasGetEntryPropertiesW(sample, name, (RASENTRYW *)buffer, &size, NULL, NULL),
            ERROR_SUCCESS);
    memcpy(entry, buffer, sizeof(*entry));
    assert_int_equal(entry->xp.dwSize, sizeof(*entry));
}

static void assert_address(RASIPADDR address, int a, int b, int c, int d)
{
    assert_int_equal(address.a, a);
    assert_int_equal(address.b, b);
    assert_int_equal(address.c, c);
    assert_int_equal(address.d, d);
}

TEST(a_vpn_entry_is_returned)
{
    static const GUID guid = {
            0x00112233, 0x4455, 0x6677, {0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}};
    static const BYTE dns[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 0x53};
    struct windows7 entry;

    read_entry(L"office vpn", &entry);
    assert_int_equal(entry.xp.dwType, RASET_Vpn);
    assert_int_equal(wcscmp(entry.xp.szLocalPhoneNumber, L"vpn.example"), 0);
    assert_int_equal(wcscmp(entry.xp.szDeviceType, RASDT_Vpn), 0);
    assert_int_equal(wcscmp(entry.xp.szDeviceName, L"WAN Miniport (PPTP)"), 0);
    assert_int_equal(wcscmp(entry.xp.szDnsSuffix, L"corp.example"), 0);
    assert_memory_equal(&entry.xp.guidId, &guid, sizeof(guid));
    assert_int_equal(entry.xp.dwVpnStrategy, 1);    /* VS_PptpOnly */
    assert_int_equal(entry.xp.dwEncryptionType, 1); /* ET_Require */
    assert_int_equal(entry.xp.dwfNetProtocols, RASNP_Ip);
    assert_int_equal(entry.xp.dwFramingProtocol, RASFP_Ppp);
    assert_address(entry.xp.ipaddr, 192, 0, 2, 10);
    assert_address(entry.xp.ipaddrDns, 192, 0, 2, 53);
    assert_address(entry.xp.ipaddrDnsAlt, 192, 0, 2, 54);
    assert_address(entry.xp.ipaddrWins, 0, 0, 0, 0);
    assert_int_equal(entry.xp.dwSubEntries, 1);
    assert_int_equal(entry.xp.dwDialMode, RASEDM_DialAll);
    assert_int_equal(entry.xp.dwIdleDisconnectSeconds, RASIDS_Disabled);
    assert_int_equal(entry.xp.dwRedialCount, 5);
    assert_int_equal(entry.xp.dwRedialPause, 30);
    assert_int_equal(entry.xp.dwCustomAuthKey, 13);
    assert_int_equal(entry.xp.dwAlternateOffset, 0);
    assert_memory_equal(&entry.ipv6addrDns, dns, sizeof(dns));
    assert_int_equal(entry.dwIPv4InterfaceMetric, 25);
    assert_int_equal(entry.dwNetworkOutageTime, 1800);
}

/* "dwfOptions: Specifies connection options." */
TEST(options_are_returned)
{
    const DWORD set = RASEO_SpecificIpAddr | RASEO_SpecificNameServers | RASEO_ModemLights
                      | RASEO_RequireDataEncryption | RASEO_SecureLocalFiles | RASEO_Custom
                      | RASEO_PreviewUserPw | RASEO_PreviewDomain | RASEO_ShowDialingProgress
                      | RASEO_RequireCHAP | RASEO_RequireMsCHAP2;
    const DWORD set2 = RASEO2_SecureFileAndPrint | RASEO2_DontNegotiateMultilink
                       | RASEO2_DontUseRasCredentials | RASEO2_ReconnectIfDropped
                       | RASEO2_IPv4ExplicitMetric;
    const DWORD clear2 = RASEO2_SecureClientForMSNet | RASEO2_UsePreSharedKey
                         | RASEO2_DisableNbtOverIP | RASEO2_UseGlobalDeviceSettings
                         | RASEO2_SharePhoneNumbers;
    struct windows7 entry;

    read_entry(L"Office VPN", &entry);
    assert_int_equal(entry.xp.dwfOptions, set);
    assert_int_equal(entry.xp.dwfOptions2 & set2, set2);
    assert_int_equal(entry.xp.dwfOptions2 & clear2, 0);
    read_entry(L"Dial", &entry);
    assert_true(entry.xp.dwfOptions & RASEO_UseCountryAndAreaCodes);
    assert_true(entry.xp.dwfOptions & RASEO_PromoteAlternates);
    assert_true(entry.xp.dwfOptions & RASEO_RemoteDefaultGateway);
    assert_false(entry.xp.dwfOptions & RASEO_Custom);
    assert_int_equal(entry.xp.dwEncryptionType, 3); /* ET_Optional */
}

/* "followed by an array of null-terminated alternate phone number strings. The last string is
 * terminated by two consecutive null characters." */
TEST(alternate_numbers_follow)
{
    static const WCHAR expected[] = L"5550101\0"
                                    L"5550102\0";
    BYTE buffer[sizeof(struct windows7) + 64];
    struct windows7 *entry = (struct windows7 *)buffer;
    RASENTRYA *narrow = (RASENTRYA *)buffer;
    DWORD size = 0;

    assert_int_equal(RasGetEntryPropertiesW(sample, L"Dial", NULL, &size, NULL, NULL),
            ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, sizeof(*entry) + sizeof(expected));

    memset(buffer, 0xcc, sizeof(buffer));
    entry->xp.dwSize = sizeof(*entry);
    size = sizeof(*entry);
    assert_int_equal(RasGetEntryPropertiesW(sample, L"Dial", &entry->xp, &size, NULL, NULL),
            ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, sizeof(*entry) + sizeof(expected));
    assert_int_equal(entry->xp.dwfOptions, 0xcccccccc);
    size = sizeof(buffer);
    assert_int_equal(
            RasGetEntryPropertiesW(sample, L"Dial", &entry->xp, &size, NULL, NULL), ERROR_SUCCESS);
    assert_int_equal(entry->xp.dwAlternateOffset, sizeof(*entry));
    assert_memory_equal(buffer + entry->xp.dwAlternateOffset, expected, sizeof(expected));
    assert_int_equal(buffer[sizeof(*entry) + sizeof(expected)], 0xcc);
    assert_int_equal(wcscmp(entry->xp.szAreaCode, L"030"), 0);
    assert_int_equal(entry->xp.dwCountryID, 49);
    assert_int_equal(entry->xp.dwCountryCode, 49);
    assert_int_equal(wcscmp(entry->xp.szLocalPhoneNumber, L"5550100"), 0);

    memset(buffer, 0xcc, sizeof(buffer));
    narrow->dwSize = sizeof(*narrow);
    size = sizeof(buffer);
    assert_int_equal(
            RasGetEntryPropertiesA(sample_a, "Dial", narrow, &size, NULL, NULL), ERROR_SUCCESS);
    assert_int_equal(size, sizeof(*narrow) + 17);
    assert_memory_equal(buffer + narrow->dwAlternateOffset,
            "5550101\0"
            "5550102\0",
            17);
    assert_string_equal(narrow->szLocalPhoneNumber, "5550100");
    assert_string_equal(narrow->szDeviceType, "modem");
    assert_string_equal(narrow->szDeviceName, "Standard 56000 bps Modem");
}

/* "set the dwSize member ... to identify the version of the structure": Windows 95, NT 4.0, 2000,
 * XP, Vista, 7. */
TEST(every_size_that_headers_had_is_known)
{
    const DWORD sizes[] = {offsetof(RASENTRYW, dwSubEntries), offsetof(RASENTRYW, dwType),
            offsetof(RASENTRYW, dwfOptions2), sizeof(RASENTRYW),
            offsetof(struct windows7, ipv6addr), sizeof(struct windows7),
            /* Windows 10: two texts of 257 characters and three DWORDs; later one more */
            sizeof(struct windows7) + 1040, sizeof(struct windows7) + 1044};
    const DWORD tail = sizeof(struct windows7) - sizeof(RASENTRYW);
    const DWORD sizes_a[] = {offsetof(RASENTRYA, dwSubEntries), offsetof(RASENTRYA, dwType),
            offsetof(RASENTRYA, dwfOptions2), sizeof(RASENTRYA), sizeof(RASENTRYA) + 40,
            sizeof(RASENTRYA) + tail, sizeof(RASENTRYA) + tail + 528,
            sizeof(RASENTRYA) + tail + 532};
    BYTE buffer[sizeof(struct windows7) + 1048];
    DWORD size, i;

    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        memset(buffer, 0xcc, sizeof(buffer));
        *(DWORD *)buffer = size = sizes[i];
        assert_int_equal(
                RasGetEntryPropertiesW(sample, L"PPPoE", (RASENTRYW *)buffer, &size, NULL, NULL),
                ERROR_SUCCESS);
        assert_int_equal(size, sizes[i]);
        assert_int_equal(*(DWORD *)buffer, sizes[i]);
        assert_int_equal(wcscmp(((RASENTRYW *)buffer)->szDeviceType, RASDT_PPPoE), 0);
        assert_int_equal(buffer[sizes[i]], 0xcc);

        memset(buffer, 0xcc, sizeof(buffer));
        *(DWORD *)buffer = size = sizes_a[i];
        assert_int_equal(
                RasGetEntryPropertiesA(sample_a, "PPPoE", (RASENTRYA *)buffer, &size, NULL, NULL),
                ERROR_SUCCESS);
        assert_string_equal(((RASENTRYA *)buffer)->szDeviceType, "PPPoE");
        assert_int_equal(buffer[sizes_a[i]], 0xcc);
    }
}

/* ERROR_INVALID_SIZE, ERROR_BUFFER_TOO_SMALL, ERROR_INVALID_PARAMETER, ERROR_BUFFER_INVALID */
TEST(buffers_are_checked)
{
    struct windows7 entry;
    DWORD size = sizeof(entry), device = 99;

    entry.xp.dwSize = 12;
    assert_int_equal(RasGetEntryPropertiesW(sample, L"Dial", &entry.xp, &size, NULL, NULL),
            ERROR_INVALID_SIZE);
    entry.xp.dwSize = sizeof(entry) + 4;
    assert_int_equal(RasGetEntryPropertiesW(sample, L"Dial", &entry.xp, &size, NULL, NULL),
            ERROR_INVALID_SIZE);
    entry.xp.dwSize = sizeof(entry);
    size = sizeof(entry) - 1;
    assert_int_equal(RasGetEntryPropertiesW(sample, L"PPPoE", &entry.xp, &size, NULL, NULL),
            ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, sizeof(entry));
    assert_int_equal(RasGetEntryPropertiesW(sample, L"PPPoE", &entry.xp, NULL, NULL, NULL),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(RasGetEntryPropertiesW(sample, NULL, &entry.xp, &size, NULL, NULL),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(RasGetEntryPropertiesW(sample, L"PPPoE", (RASENTRYW *)16, &size, NULL, NULL),
            ERROR_BUFFER_INVALID);
    /* Both may be NULL: the function only says whether the entry exists. */
    assert_int_equal(
            RasGetEntryPropertiesW(sample, L"PPPoE", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    assert_int_equal(RasGetEntryPropertiesW(sample, L"PPPoE", &entry.xp, &size, NULL, &device),
            ERROR_SUCCESS);
    assert_int_equal(device, 0);
}

/* ERROR_CANNOT_FIND_PHONEBOOK_ENTRY: "The phone-book entry does not exist, or the phone-book file
 * is corrupted and/or has missing components." */
TEST(entries_that_are_not_there)
{
    WCHAR path[MAX_PATH];

    assert_int_equal(RasGetEntryPropertiesW(sample, L"Nobody", NULL, NULL, NULL, NULL),
            ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    assert_int_equal(RasGetEntryPropertiesA(sample_a, "Nobody", NULL, NULL, NULL, NULL),
            ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    assert_int_equal(RasGetEntryPropertiesW(NULL, L"Nobody", NULL, NULL, NULL, NULL),
            ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    assert_int_equal(RasGetEntryPropertiesW(L"C:\\no\\such.pbk", L"Dial", NULL, NULL, NULL, NULL),
            ERROR_CANNOT_OPEN_PHONEBOOK);
    write_phonebook(L"%TEMP%\\broken.pbk", "not a phone book", 16, path);
    assert_int_equal(RasGetEntryPropertiesW(path, L"Dial", NULL, NULL, NULL, NULL),
            ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    remove_phonebook(path);
}

/* Programs ask for the size of the structure before they know an entry, with NULL for all else; it
 * is the one that "" gives. */
TEST(without_a_name_the_size_is_returned)
{
    DWORD size = 0, same = 0, device = 99;

    assert_int_equal(
            RasGetEntryPropertiesW(NULL, NULL, NULL, &size, NULL, NULL), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, sizeof(struct windows7));
    size = 1;
    assert_int_equal(RasGetEntryPropertiesW(sample, NULL, NULL, &size, NULL, &device),
            ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, sizeof(struct windows7));
    assert_int_equal(device, 0);
    size = 0;
    assert_int_equal(
            RasGetEntryPropertiesA(NULL, NULL, NULL, &size, NULL, NULL), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(
            RasGetEntryPropertiesA(NULL, "", NULL, &same, NULL, NULL), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, same);
    /* There is no question without it. */
    assert_int_equal(
            RasGetEntryPropertiesW(NULL, NULL, NULL, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
}

/* RASENTRY: dwType; a phone book without Type, as Windows 2000 and provisioning tools write it, has
 * the type of its device. Programs compare device types with RASDT_*, as they are spelled. */
TEST(a_device_type_decides_the_type)
{
    static const struct
    {
        const char *lines;
        DWORD type;
    } rows[] = {
            {"MEDIA=rastapi\nDEVICE=vpn\n", RASET_Vpn},
            {"MEDIA=rastapi\nDEVICE=PPPoE\n", RASET_Broadband},
            {"MEDIA=serial\nDEVICE=SERIAL\n", RASET_Direct},
            {"MEDIA=serial\nDEVICE=PARALLEL\n", RASET_Direct},
            {"MEDIA=serial\nDEVICE=modem\n", RASET_Phone},
            {"MEDIA=isdn\nDEVICE=isdn\n", RASET_Phone},
            {"MEDIA=rastapi\nDEVICE=VPN\n", RASET_Phone},
            {"MEDIA=rastapi\nDEVICE=pppoe\n", RASET_Phone},
            {"PBVersion=1\n", RASET_Phone},
            /* What the book says is not overruled. */
            {"Type=1\nMEDIA=rastapi\nDEVICE=vpn\n", RASET_Phone},
            {"Type=5\nMEDIA=rastapi\nDEVICE=modem\n", RASET_Broadband},
    };
    WCHAR path[MAX_PATH];
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        RASENTRYW entry = {.dwSize = sizeof(entry)};
        DWORD size = sizeof(entry);
        char text[128];

        write_phonebook(L"%TEMP%\\types.pbk", text,
                (size_t)sprintf(text, "[Entry]\n%s", rows[i].lines), path);
        assert_int_equal(
                RasGetEntryPropertiesW(path, L"Entry", &entry, &size, NULL, NULL), ERROR_SUCCESS);
        if (entry.dwType != rows[i].type)
            fail_msg("row %zu: type %lu, not %lu", i, entry.dwType, rows[i].type);
        remove_phonebook(path);
    }
}

/* "If an empty string is specified, the function returns default values" */
TEST(the_empty_name_has_the_defaults)
{
    struct windows7 entry;
    DWORD size = 0;

    assert_int_equal(
            RasGetEntryPropertiesW(NULL, L"", NULL, &size, NULL, NULL), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, sizeof(entry));
    memset(&entry, 0xcc, sizeof(entry));
    entry.xp.dwSize = sizeof(entry);
    assert_int_equal(
            RasGetEntryPropertiesW(NULL, L"", &entry.xp, &size, NULL, NULL), ERROR_SUCCESS);
    assert_int_equal(entry.xp.dwType, RASET_Phone);
    assert_int_equal(entry.xp.dwFramingProtocol, RASFP_Ppp);
    assert_true(entry.xp.dwfNetProtocols & RASNP_Ip);
    assert_true(entry.xp.dwfOptions & RASEO_RemoteDefaultGateway);
    assert_int_equal(wcscmp(entry.xp.szDeviceType, RASDT_Modem), 0);
    assert_int_equal(entry.xp.szLocalPhoneNumber[0], 0);
    assert_int_equal(entry.xp.dwAlternateOffset, 0);
}

TEST_MAIN(begin, end)
