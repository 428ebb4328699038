/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writes RASENTRY to a phone book; see entry_write.h. The keys and forms are those of [MS-RRASM]
 * 2.2.2.
 */

#include "dlls/rasapi32/entry_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <winternl.h>

#include "dlls/rasapi32/phonebook.h"

BOOLEAN WINAPI SystemFunction036(void *buffer, ULONG size); /* RtlGenRandom */
char *NTAPI RtlIpv6AddressToStringA(const struct in6_addr *address, char *text);

/* A member that is one setting. */
struct member
{
    enum pbk_block_kind kind;
    const char *key;
    size_t offset; /* in struct entry_w */
};

#define XP(member) offsetof(struct entry_w, xp.member)
#define TAIL(member) offsetof(struct entry_w, tail.member)

static const struct member numbers[] = {
        {PBK_SETTINGS, "Type", XP(dwType)},
        {PBK_SETTINGS, "VpnStrategy", XP(dwVpnStrategy)},
        {PBK_SETTINGS, "DialMode", XP(dwDialMode)},
        {PBK_SETTINGS, "DialPercent", XP(dwDialExtraPercent)},
        {PBK_SETTINGS, "DialSeconds", XP(dwDialExtraSampleSeconds)},
        {PBK_SETTINGS, "HangUpPercent", XP(dwHangUpExtraPercent)},
        {PBK_SETTINGS, "HangUpSeconds", XP(dwHangUpExtraSampleSeconds)},
        {PBK_SETTINGS, "RedialAttempts", XP(dwRedialCount)},
        {PBK_SETTINGS, "RedialSeconds", XP(dwRedialPause)},
        {PBK_SETTINGS, "IdleDisconnectSeconds", XP(dwIdleDisconnectSeconds)},
        {PBK_SETTINGS, "CustomAuthKey", XP(dwCustomAuthKey)},
        {PBK_SETTINGS, "TcpWindowSize", XP(dwTcpWindowSize)},
        {PBK_SETTINGS, "IpInterfaceMetric", TAIL(dwIPv4InterfaceMetric)},
        {PBK_SETTINGS, "Ipv6InterfaceMetric", TAIL(dwIPv6InterfaceMetric)},
        {PBK_SETTINGS, "Ipv6PrefixLength", TAIL(dwIPv6PrefixLength)},
        {PBK_SETTINGS, "NetworkOutageTime", TAIL(dwNetworkOutageTime)},
        {PBK_DEVICE, "CountryCode", XP(dwCountryCode)},
        {PBK_DEVICE, "CountryID", XP(dwCountryID)},
};

static const struct member texts[] = {
        {PBK_SETTINGS, "CustomDialDll", XP(szAutodialDll)},
        {PBK_SETTINGS, "CustomDialFunc", XP(szAutodialFunc)},
        {PBK_SETTINGS, "CustomRasDialDll", XP(szCustomDialDll)},
        {PBK_SETTINGS, "PrerequisiteEntry", XP(szPrerequisiteEntry)},
        {PBK_SETTINGS, "PrerequisitePbk", XP(szPrerequisitePbk)},
        {PBK_SETTINGS, "IpDnsSuffix", XP(szDnsSuffix)},
        {PBK_DEVICE, "AreaCode", XP(szAreaCode)},
};

static const struct member ipv4[] = {
        {PBK_SETTINGS, "IpAddress", XP(ipaddr)},
        {PBK_SETTINGS, "IpDnsAddress", XP(ipaddrDns)},
        {PBK_SETTINGS, "IpDns2Address", XP(ipaddrDnsAlt)},
        {PBK_SETTINGS, "IpWinsAddress", XP(ipaddrWins)},
        {PBK_SETTINGS, "IpWins2Address", XP(ipaddrWinsAlt)},
};

static const struct member ipv6[] = {
        {PBK_SETTINGS, "Ipv6Address", TAIL(ipv6addr)},
        {PBK_SETTINGS, "Ipv6DnsAddress", TAIL(ipv6addrDns)},
        {PBK_SETTINGS, "Ipv6Dns2Address", TAIL(ipv6addrDnsAlt)},
};

static const void *member_of(const struct entry_w *entry, const struct member *member)
{
    return (const BYTE *)entry + member->offset;
}

/* Whether the member must be written. */
static bool differs(const struct phonebook_change *change, const struct entry_w *before,
        const struct entry_w *entry, const struct member *member, size_t size)
{
    return !change->entry || memcmp(member_of(before, member), member_of(entry, member), size) != 0;
}

static void write_numbers(
        struct phonebook_change *change, const struct entry_w *before, const struct entry_w *entry)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(numbers); i++)
        if (differs(change, before, entry, &numbers[i], sizeof(DWORD)))
            phonebook_change_set_number(change, numbers[i].kind, 0, numbers[i].key,
                    *(const DWORD *)member_of(entry, &numbers[i]));
}

static void write_texts(
        struct phonebook_change *change, const struct entry_w *before, const struct entry_w *entry)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(texts); i++)
        if (!change->entry
                || wcscmp(member_of(before, &texts[i]), member_of(entry, &texts[i])) != 0)
            phonebook_change_set(
                    change, texts[i].kind, 0, texts[i].key, 0, member_of(entry, &texts[i]));
}

static void write_addresses(
        struct phonebook_change *change, const struct entry_w *before, const struct entry_w *entry)
{
    char text[64];
    size_t i;

    for (i = 0; i < ARRAYSIZE(ipv4); i++)
    {
        const RASIPADDR *address = member_of(entry, &ipv4[i]);

        if (!differs(change, before, entry, &ipv4[i], sizeof(*address)))
            continue;
        sprintf(text, "%u.%u.%u.%u", address->a, address->b, address->c, address->d);
        pbk_edit_set(&change->edit, PBK_SETTINGS, 0, ipv4[i].key, 0, text);
    }
    for (i = 0; i < ARRAYSIZE(ipv6); i++)
    {
        RASIPV6ADDR address;

        if (!differs(change, before, entry, &ipv6[i], sizeof(address)))
            continue;
        memcpy(&address, member_of(entry, &ipv6[i]), sizeof(address));
        RtlIpv6AddressToStringA((const struct in6_addr *)&address, text);
        pbk_edit_set(&change->edit, PBK_SETTINGS, 0, ipv6[i].key, 0, text);
    }
}

static void write_flags(struct phonebook_change *change, DWORD before, DWORD flags,
        const struct entry_flag *options, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (!change->entry || ((before ^ flags) & options[i].flag))
            phonebook_change_set_number(change, PBK_SETTINGS, 0, options[i].key,
                    flags & options[i].flag ? options[i].value : options[i].other);
}

/* Two flags stand for each of these; one of them is enough in a new entry. */
static void write_shared_flags(struct phonebook_change *change, const struct entry_w *entry)
{
    DWORD options = entry->xp.dwfOptions, options2 = entry->xp.dwfOptions2;
    bool secure = (options & RASEO_SecureLocalFiles) || (options2 & RASEO2_SecureFileAndPrint);
    bool shared = (options & RASEO_SharedPhoneNumbers) || (options2 & RASEO2_SharePhoneNumbers);

    phonebook_change_set_number(change, PBK_SETTINGS, 0, "ShareMsFilePrint", !secure);
    phonebook_change_set_number(change, PBK_SETTINGS, 0, "SharedPhoneNumbers", shared);
}

/* The bits of AuthRestrictions that the options stand for. */
static DWORD authentication_bits(const struct entry_w *entry)
{
    DWORD bits = 0;
    size_t i;

    for (i = 0; i < entry_authentication_count; i++)
        if (entry->xp.dwfOptions & entry_authentication[i].flag)
            bits |= entry_authentication[i].bit;
    if (entry->xp.dwfOptions2 & RASEO2_RequireMachineCertificates)
        bits |= AUTH_MACHINE_CERTIFICATE;
    return bits;
}

static void write_authentication(
        struct phonebook_change *change, const struct entry_w *before, const struct entry_w *entry)
{
    const struct pbk_block *settings = change->entry ? change->entry->blocks : NULL;
    DWORD old = authentication_bits(before), bits = authentication_bits(entry);

    if (!change->entry || old != bits)
        phonebook_change_set_number(change, PBK_SETTINGS, 0, "AuthRestrictions",
                (pbk_number(settings, "AuthRestrictions", 0) & ~old) | bits);
}

static DWORD data_encryption(const struct entry_w *entry)
{
    switch (entry->xp.dwEncryptionType)
    {
    case ET_Require:
        return ENCRYPT_REQUIRE;
    case ET_RequireMax:
        return ENCRYPT_REQUIRE_MAX;
    case ET_Optional:
        return ENCRYPT_OPTIONAL;
    default:
        return entry->xp.dwfOptions & RASEO_RequireDataEncryption ? ENCRYPT_REQUIRE : ENCRYPT_NONE;
    }
}

static DWORD dns_flags(const struct entry_w *entry)
{
    return (entry->xp.dwfOptions2 & RASEO2_RegisterIpWithDNS ? 1 : 0)
           | (entry->xp.dwfOptions2 & RASEO2_UseDNSSuffixForRegistration ? 2 : 0);
}

static DWORD excluded_protocols(const struct entry_w *entry)
{
    return (RASNP_Ip | RASNP_Ipv6) & ~entry->xp.dwfNetProtocols;
}

/* Most entries have none of these, and no key. */
static void write_kept(struct phonebook_change *change, const char *key, DWORD before, DWORD flags)
{
    if (before != flags)
        phonebook_change_set_number(change, PBK_SETTINGS, 0, key, flags);
}

/* What takes more than a row of a table. */
static void write_others(
        struct phonebook_change *change, const struct entry_w *before, const struct entry_w *entry)
{
    const struct pbk_block *settings = change->entry ? change->entry->blocks : NULL;
    const DWORD protocols = RASNP_Ip | RASNP_Ipv6;

    if (!change->entry || data_encryption(before) != data_encryption(entry))
        phonebook_change_set_number(
                change, PBK_SETTINGS, 0, "DataEncryption", data_encryption(entry));
    if (!change->entry || dns_flags(before) != dns_flags(entry))
        phonebook_change_set_number(change, PBK_SETTINGS, 0, "IpDnsFlags",
                (pbk_number(settings, "IpDnsFlags", 0) & ~3u) | dns_flags(entry));
    if (!change->entry || excluded_protocols(before) != excluded_protocols(entry))
        phonebook_change_set_number(change, PBK_SETTINGS, 0, "ExcludedProtocols",
                (pbk_number(settings, "ExcludedProtocols", 0) & ~protocols)
                        | excluded_protocols(entry));
    if (before->xp.dwFramingProtocol != entry->xp.dwFramingProtocol)
        phonebook_change_set_number(change, PBK_SETTINGS, 0, "BaseProtocol",
                entry->xp.dwFramingProtocol == RASFP_Slip ? 2 : 1);
    if (!change->entry
            || ((before->xp.dwfOptions ^ entry->xp.dwfOptions) & RASEO_UseCountryAndAreaCodes))
        phonebook_change_set_number(change, PBK_DEVICE, 0, "UseDialingRules",
                !!(entry->xp.dwfOptions & RASEO_UseCountryAndAreaCodes));
    if (!change->entry
            || ((before->xp.dwfOptions ^ entry->xp.dwfOptions) & RASEO_PromoteAlternates))
        phonebook_change_set_number(change, PBK_DEVICE, 0, "PromoteAlternates",
                !!(entry->xp.dwfOptions & RASEO_PromoteAlternates));
}

/* The port that a device of Windows has; NULL: there may be several. */
static const WCHAR *port_of(const WCHAR *device_type)
{
    return !_wcsicmp(device_type, RASDT_Vpn)     ? L"VPN2-0"
           : !_wcsicmp(device_type, RASDT_PPPoE) ? L"PPPoE5-0"
                                                 : NULL;
}

static bool has_text(const char *value, const WCHAR *text)
{
    WCHAR wide[512];

    return value && phonebook_text(value, wide, ARRAYSIZE(wide)) < ARRAYSIZE(wide)
           && !wcscmp(wide, text);
}

void entry_write_link(struct phonebook_change *change, size_t link, const WCHAR *device_type,
        const WCHAR *device_name, const WCHAR *phone_number)
{
    const struct pbk_entry *entry = change->entry;
    const struct pbk_block *media = entry ? pbk_block(entry, PBK_MEDIA, link) : NULL;
    const struct pbk_block *device = entry ? pbk_block(entry, PBK_DEVICE, link) : NULL;
    const WCHAR *port = port_of(device_type);
    bool same_type = device && has_text(device->value, device_type);
    char *type;

    if (!media || (!same_type && port))
    {
        pbk_edit_set_block(&change->edit, PBK_MEDIA, link, "rastapi");
        phonebook_change_set(change, PBK_MEDIA, link, "Port", 0, port ? port : L"COM1");
    }
    if (!media || !has_text(pbk_value(media, "Device", 0), device_name))
        phonebook_change_set(change, PBK_MEDIA, link, "Device", 0, device_name);
    if (!same_type)
    {
        if ((type = phonebook_change_text(change, device_type)))
            pbk_edit_set_block(&change->edit, PBK_DEVICE, link, type);
        free(type);
    }
    if (!device || !has_text(pbk_value(device, "PhoneNumber", 0), phone_number))
        phonebook_change_set(change, PBK_DEVICE, link, "PhoneNumber", 0, phone_number);
}

/* Keys of a phone number beside itself, which a file may have for each of them. */
static const char *const number_keys[] = {
        "AreaCode", "CountryCode", "CountryID", "UseDialingRules", "Comment", "FriendlyName"};

static size_t count_values(const struct pbk_block *block, const char *key)
{
    size_t count = 0;

    while (pbk_value(block, key, count))
        count++;
    return count;
}

void entry_write_alternates(struct phonebook_change *change, size_t link, const WCHAR *alternates)
{
    const struct pbk_block *device =
            change->entry ? pbk_block(change->entry, PBK_DEVICE, link) : NULL;
    size_t before = count_values(device, "PhoneNumber"), n = 1, i, k;

    for (; *alternates; alternates += wcslen(alternates) + 1, n++)
        if (!has_text(pbk_value(device, "PhoneNumber", n), alternates))
            phonebook_change_set(change, PBK_DEVICE, link, "PhoneNumber", n, alternates);
    for (i = before; i > n; i--)
    {
        pbk_edit_set(&change->edit, PBK_DEVICE, link, "PhoneNumber", i - 1, NULL);
        for (k = 0; k < ARRAYSIZE(number_keys); k++)
            if (count_values(device, number_keys[k]) == before)
                pbk_edit_set(&change->edit, PBK_DEVICE, link, number_keys[k], i - 1, NULL);
    }
}

/* What Windows writes and RASENTRY does not have. */
static void write_identity(struct phonebook_change *change)
{
    BYTE guid[16];
    char text[2 * sizeof(guid) + 1];
    FILETIME now;
    DWORD uid = 0;
    size_t i;

    pbk_edit_set(&change->edit, PBK_SETTINGS, 0, "Encoding", 0, "1");
    pbk_edit_set(&change->edit, PBK_SETTINGS, 0, "PBVersion", 0, "1");
    GetSystemTimeAsFileTime(&now);
    SystemFunction036(guid, sizeof(guid));
    SystemFunction036(&uid, sizeof(uid));
    guid[7] = (BYTE)((guid[7] & 0x0f) | 0x40); /* version 4, RFC 4122 */
    guid[8] = (BYTE)((guid[8] & 0x3f) | 0x80);
    for (i = 0; i < sizeof(guid); i++)
        sprintf(text + 2 * i, "%02X", guid[i]);
    phonebook_change_set_number(change, PBK_SETTINGS, 0, "LowDateTime", now.dwLowDateTime);
    phonebook_change_set_number(change, PBK_SETTINGS, 0, "HighDateTime", now.dwHighDateTime);
    phonebook_change_set_number(change, PBK_SETTINGS, 0, "DialParamsUID", uid & 0x7fffffff);
    pbk_edit_set(&change->edit, PBK_SETTINGS, 0, "Guid", 0, text);
}

static void write_components(struct phonebook_change *change, const struct entry_w *entry)
{
    const char *client = entry->xp.dwfOptions2 & RASEO2_SecureClientForMSNet ? "0" : "1";
    const char *server = entry->xp.dwfOptions2 & RASEO2_SecureFileAndPrint ? "0" : "1";

    pbk_edit_set_block(&change->edit, PBK_NETCOMPONENTS, 0, "");
    pbk_edit_set(&change->edit, PBK_NETCOMPONENTS, 0, "ms_msclient", 0, client);
    pbk_edit_set(&change->edit, PBK_NETCOMPONENTS, 0, "ms_server", 0, server);
}

void entry_write(
        struct phonebook_change *change, const struct entry_w *before, const struct entry_w *entry)
{
    if (!change->entry)
    {
        write_identity(change);
        write_components(change, entry);
    }
    if (!change->entry || wcscmp(before->xp.szDeviceType, entry->xp.szDeviceType) != 0
            || wcscmp(before->xp.szDeviceName, entry->xp.szDeviceName) != 0
            || wcscmp(before->xp.szLocalPhoneNumber, entry->xp.szLocalPhoneNumber) != 0)
        entry_write_link(change, 0, entry->xp.szDeviceType, entry->xp.szDeviceName,
                entry->xp.szLocalPhoneNumber);
    write_numbers(change, before, entry);
    write_texts(change, before, entry);
    write_addresses(change, before, entry);
    write_flags(
            change, before->xp.dwfOptions, entry->xp.dwfOptions, entry_options, entry_option_count);
    write_flags(change, before->xp.dwfOptions2, entry->xp.dwfOptions2, entry_options2,
            entry_option2_count);
    write_kept(change, KEPT_OPTIONS_KEY, before->xp.dwfOptions & KEPT_OPTIONS,
            entry->xp.dwfOptions & KEPT_OPTIONS);
    write_kept(change, KEPT_OPTIONS2_KEY, before->xp.dwfOptions2 & KEPT_OPTIONS2,
            entry->xp.dwfOptions2 & KEPT_OPTIONS2);
    if (!change->entry)
        write_shared_flags(change, entry);
    write_authentication(change, before, entry);
    write_others(change, before, entry);
}
