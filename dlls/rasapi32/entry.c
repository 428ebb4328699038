/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads RASENTRY from a phone book; see entry.h. The keys are those of [MS-RRASM] 2.2.2.2, the
 * members those of the page RASENTRY.
 */

#include "dlls/rasapi32/entry.h"

#include <string.h>
#include <wchar.h>
#include <winternl.h>

#include "dlls/rasapi32/phonebook.h"

/* Flags of Windows Vista and 7 that mingw-w64's header lacks. */
#define RASEO2_IPv6SpecificNameServers 0x00001000
#define RASEO2_IPv6RemoteDefaultGateway 0x00002000
#define RASEO2_DisableIKENameEkuCheck 0x00040000
#define RASEO2_DisableClassBasedDefaultRoute 0x00080000
#define RASEO2_SpecificIPv6Addr 0x00100000
#define RASEO2_DisableMobility 0x00200000

/* The bits of AuthRestrictions, [MS-RRASM] 2.2.2.2.58. */
#define AUTH_PAP 0x8
#define AUTH_SPAP 0x10
#define AUTH_CHAP 0x20
#define AUTH_MSCHAP 0x40
#define AUTH_EAP 0x80
#define AUTH_MSCHAP2 0x200
#define AUTH_W95MSCHAP 0x400

/* A value of IpAssign, IpNameAssign, Ipv6Assign and Ipv6NameAssign. */
#define ASSIGN_SPECIFIC 2

LONG NTAPI RtlIpv4StringToAddressA(
        const char *text, BOOLEAN strict, const char **end, struct in_addr *address);
LONG NTAPI RtlIpv6StringToAddressA(const char *text, const char **end, struct in6_addr *address);

/* What Windows 10 has after that: szIDi, szIDr, fIsImsConfig, IdiType, IdrType, and later
 * fDisableIKEv2Fragmentation. It is of no use without IKEv2's own identities. */
#include <pshpack4.h>
struct ids_w
{
    WCHAR szIDi[257], szIDr[257];
    DWORD fIsImsConfig, IdiType, IdrType;
};
struct ids_a
{
    char szIDi[257], szIDr[257];
    DWORD fIsImsConfig, IdiType, IdrType;
};
#include <poppack.h>

/* Windows 95, NT 4.0, 2000, XP, Vista, 7, 10. */
#define SIZES(type, ids, a_or_w)                                                                   \
    {                                                                                              \
        offsetof(RASENTRY##a_or_w, dwSubEntries), offsetof(RASENTRY##a_or_w, dwType),              \
                offsetof(RASENTRY##a_or_w, dwfOptions2), sizeof(RASENTRY##a_or_w),                 \
                offsetof(type, tail.ipv6addr), sizeof(type), sizeof(type) + sizeof(ids),           \
                sizeof(type) + sizeof(ids) + sizeof(BOOL)                                          \
    }

static const DWORD sizes_w[] = SIZES(struct entry_w, struct ids_w, W);
static const DWORD sizes_a[] = SIZES(struct entry_a, struct ids_a, A);

bool entry_is_size(DWORD size, bool wide)
{
    const DWORD *sizes = wide ? sizes_w : sizes_a;
    size_t i;

    for (i = 0; i < ARRAYSIZE(sizes_w); i++)
        if (size == sizes[i])
            return true;
    return false;
}

size_t entry_known_size(DWORD size, bool wide)
{
    size_t known = wide ? sizeof(struct entry_w) : sizeof(struct entry_a);

    return size < known ? size : known;
}

size_t entry_type_offset(bool wide)
{
    return wide ? offsetof(RASENTRYW, dwType) : offsetof(RASENTRYA, dwType);
}

/* clang-format off */
const struct entry_flag entry_options[] = {
        {"IpAssign", ASSIGN_SPECIFIC, 1, 1, RASEO_SpecificIpAddr},
        {"IpNameAssign", ASSIGN_SPECIFIC, 1, 1, RASEO_SpecificNameServers},
        {"IpHeaderCompression", 1, 0, 1, RASEO_IpHeaderCompression},
        {"IpPrioritizeRemote", 1, 0, 1, RASEO_RemoteDefaultGateway},
        {"LcpExtensions", 0, 1, 1, RASEO_DisableLcpExtensions},
        {"ShowMonitorIconInTaskBar", 1, 0, 1, RASEO_ModemLights},
        {"SwCompression", 1, 0, 1, RASEO_SwCompression},
        {"AutoLogon", 1, 0, 0, RASEO_UseLogonCredentials},
        {"ShareMsFilePrint", 0, 1, 1, RASEO_SecureLocalFiles},
        {"PreviewPhoneNumber", 1, 0, 0, RASEO_PreviewPhoneNumber},
        {"SharedPhoneNumbers", 1, 0, 0, RASEO_SharedPhoneNumbers},
        {"PreviewUserPw", 1, 0, 1, RASEO_PreviewUserPw},
        {"PreviewDomain", 1, 0, 0, RASEO_PreviewDomain},
        {"ShowDialingProgress", 1, 0, 1, RASEO_ShowDialingProgress},
};

const struct entry_flag entry_options2[] = {
        {"ShareMsFilePrint", 0, 1, 1, RASEO2_SecureFileAndPrint},
        {"BindMsNetClient", 0, 1, 1, RASEO2_SecureClientForMSNet},
        {"NegotiateMultilinkAlways", 0, 1, 0, RASEO2_DontNegotiateMultilink},
        {"UseRasCredentials", 0, 1, 1, RASEO2_DontUseRasCredentials},
        {"IpSecFlags", 1, 0, 0, RASEO2_UsePreSharedKey},
        {"IpNBTFlags", 0, 1, 1, RASEO2_DisableNbtOverIP},
        {"GlobalDeviceSettings", 1, 0, 0, RASEO2_UseGlobalDeviceSettings},
        {"RedialOnLinkFailure", 1, 0, 0, RASEO2_ReconnectIfDropped},
        {"SharedPhoneNumbers", 1, 0, 0, RASEO2_SharePhoneNumbers},
        {"Ipv6NameAssign", ASSIGN_SPECIFIC, 1, 1, RASEO2_IPv6SpecificNameServers},
        {"Ipv6PrioritizeRemote", 1, 0, 1, RASEO2_IPv6RemoteDefaultGateway},
        {"DisableIKENameEkuCheck", 1, 0, 0, RASEO2_DisableIKENameEkuCheck},
        {"DisableClassBasedDefaultRoute", 1, 0, 0, RASEO2_DisableClassBasedDefaultRoute},
        {"Ipv6Assign", ASSIGN_SPECIFIC, 1, 1, RASEO2_SpecificIPv6Addr},
        {"DisableMobility", 1, 0, 0, RASEO2_DisableMobility},
};

const struct entry_authentication entry_authentication[] = {
        {AUTH_PAP, RASEO_RequirePAP},
        {AUTH_SPAP, RASEO_RequireSPAP},
        {AUTH_CHAP, RASEO_RequireCHAP},
        {AUTH_MSCHAP, RASEO_RequireMsCHAP},
        {AUTH_EAP, RASEO_RequireEAP},
        {AUTH_MSCHAP2, RASEO_RequireMsCHAP2},
        {AUTH_W95MSCHAP, RASEO_RequireW95MSCHAP},
};
/* clang-format on */

const size_t entry_option_count = ARRAYSIZE(entry_options);
const size_t entry_option2_count = ARRAYSIZE(entry_options2);
const size_t entry_authentication_count = ARRAYSIZE(entry_authentication);

static DWORD read_flags(const struct pbk_block *block, const struct entry_flag *flags, size_t count)
{
    DWORD result = 0;
    size_t i;

    for (i = 0; i < count; i++)
        if (pbk_number(block, flags[i].key, flags[i].otherwise) == flags[i].value)
            result |= flags[i].flag;
    return result;
}

/* The options for the ways to authenticate the user. */
static DWORD read_authentication(const struct pbk_block *settings)
{
    DWORD restrictions = pbk_number(settings, "AuthRestrictions", 0), result = 0;
    size_t i;

    for (i = 0; i < ARRAYSIZE(entry_authentication); i++)
        if (restrictions & entry_authentication[i].bit)
            result |= entry_authentication[i].flag;
    /* The page requires this with each of them. */
    return result ? result | RASEO_Custom : 0;
}

static RASIPADDR read_ipv4(const struct pbk_block *settings, const char *key)
{
    const char *text = pbk_value(settings, key, 0), *end;
    RASIPADDR address = {0};
    struct in_addr in;

    if (text && !RtlIpv4StringToAddressA(text, TRUE, &end, &in) && !*end)
        memcpy(&address, &in, sizeof(address));
    return address;
}

static RASIPV6ADDR read_ipv6(const struct pbk_block *settings, const char *key)
{
    const char *text = pbk_value(settings, key, 0), *end;
    RASIPV6ADDR address;

    if (!text || RtlIpv6StringToAddressA(text, &end, &address) || *end)
        memset(&address, 0, sizeof(address));
    return address;
}

static DWORD read_encryption(const struct pbk_block *settings, DWORD *flags)
{
    switch (pbk_number(settings, "DataEncryption", ENCRYPT_OPTIONAL))
    {
    case ENCRYPT_REQUIRE:
        *flags |= RASEO_RequireDataEncryption;
        return 1; /* ET_Require */
    case ENCRYPT_REQUIRE_MAX:
        *flags |= RASEO_RequireDataEncryption;
        return 2; /* ET_RequireMax */
    case ENCRYPT_OPTIONAL:
        return 3; /* ET_Optional */
    default:
        return 0; /* ET_None */
    }
}

DWORD entry_type_of_device(const WCHAR *device_type, bool ignore_case)
{
    static const struct
    {
        const WCHAR *device_type;
        DWORD type;
    } types[] = {
            {RASDT_Vpn, RASET_Vpn},
            {RASDT_PPPoE, RASET_Broadband},
            {RASDT_Serial, RASET_Direct},
            {RASDT_Parallel, RASET_Direct},
    };
    size_t i;

    for (i = 0; i < ARRAYSIZE(types); i++)
        if (!wcscmp(device_type, types[i].device_type)
                || (ignore_case && !_wcsicmp(device_type, types[i].device_type)))
            return types[i].type;
    return RASET_Phone;
}

#define TEXT_OF(block, key, member)                                                                \
    phonebook_text(pbk_value(block, key, 0), entry->xp.member, ARRAYSIZE(entry->xp.member))

static void read_device(
        const struct pbk_block *media, const struct pbk_block *device, struct entry_w *entry)
{
    const char *type = device ? device->value : "modem";

    if (pbk_number(device, "UseDialingRules", 0) == 1)
        entry->xp.dwfOptions |= RASEO_UseCountryAndAreaCodes;
    if (pbk_number(device, "PromoteAlternates", 0) == 1)
        entry->xp.dwfOptions |= RASEO_PromoteAlternates;
    entry->xp.dwCountryID = pbk_number(device, "CountryID", 1);
    entry->xp.dwCountryCode = pbk_number(device, "CountryCode", 1);
    TEXT_OF(device, "AreaCode", szAreaCode);
    TEXT_OF(device, "PhoneNumber", szLocalPhoneNumber);
    phonebook_text(type, entry->xp.szDeviceType, ARRAYSIZE(entry->xp.szDeviceType));
    TEXT_OF(media, "Device", szDeviceName);
    entry->xp.dwChannels = pbk_number(device, "Channels", 0);
}

static void read_ip(const struct pbk_block *settings, struct entry_w *entry)
{
    entry->xp.ipaddr = read_ipv4(settings, "IpAddress");
    entry->xp.ipaddrDns = read_ipv4(settings, "IpDnsAddress");
    entry->xp.ipaddrDnsAlt = read_ipv4(settings, "IpDns2Address");
    entry->xp.ipaddrWins = read_ipv4(settings, "IpWinsAddress");
    entry->xp.ipaddrWinsAlt = read_ipv4(settings, "IpWins2Address");
    TEXT_OF(settings, "IpDnsSuffix", szDnsSuffix);
    entry->xp.dwTcpWindowSize = pbk_number(settings, "TcpWindowSize", 0);
    entry->tail.ipv6addr = read_ipv6(settings, "Ipv6Address");
    entry->tail.ipv6addrDns = read_ipv6(settings, "Ipv6DnsAddress");
    entry->tail.ipv6addrDnsAlt = read_ipv6(settings, "Ipv6Dns2Address");
    entry->tail.dwIPv6PrefixLength = pbk_number(settings, "Ipv6PrefixLength", 0);
    entry->tail.dwIPv4InterfaceMetric = pbk_number(settings, "IpInterfaceMetric", 0);
    entry->tail.dwIPv6InterfaceMetric = pbk_number(settings, "Ipv6InterfaceMetric", 0);
    if (entry->tail.dwIPv4InterfaceMetric)
        entry->xp.dwfOptions2 |= RASEO2_IPv4ExplicitMetric;
    if (entry->tail.dwIPv6InterfaceMetric)
        entry->xp.dwfOptions2 |= RASEO2_IPv6ExplicitMetric;
    if (pbk_number(settings, "IpDnsFlags", 0) & 1)
        entry->xp.dwfOptions2 |= RASEO2_RegisterIpWithDNS;
    if (pbk_number(settings, "IpDnsFlags", 0) & 2)
        entry->xp.dwfOptions2 |= RASEO2_UseDNSSuffixForRegistration;
}

static void read_dialing(const struct pbk_block *settings, struct entry_w *entry)
{
    entry->xp.dwDialMode = pbk_number(settings, "DialMode", RASEDM_DialAll);
    entry->xp.dwDialExtraPercent = pbk_number(settings, "DialPercent", 75);
    entry->xp.dwDialExtraSampleSeconds = pbk_number(settings, "DialSeconds", 120);
    entry->xp.dwHangUpExtraPercent = pbk_number(settings, "HangUpPercent", 10);
    entry->xp.dwHangUpExtraSampleSeconds = pbk_number(settings, "HangUpSeconds", 120);
    entry->xp.dwIdleDisconnectSeconds =
            pbk_number(settings, "IdleDisconnectSeconds", RASIDS_UseGlobalValue);
    entry->xp.dwRedialCount = pbk_number(settings, "RedialAttempts", 3);
    entry->xp.dwRedialPause = pbk_number(settings, "RedialSeconds", 60);
    TEXT_OF(settings, "CustomDialDll", szAutodialDll);
    TEXT_OF(settings, "CustomDialFunc", szAutodialFunc);
    TEXT_OF(settings, "CustomRasDialDll", szCustomDialDll);
    TEXT_OF(settings, "PrerequisitePbk", szPrerequisitePbk);
    TEXT_OF(settings, "PrerequisiteEntry", szPrerequisiteEntry);
}

void entry_read(const struct pbk_entry *source, struct entry_w *entry)
{
    const struct pbk_block *settings = source ? source->blocks : NULL;
    size_t links = 0;

    memset(entry, 0, sizeof(*entry));
    while (source && pbk_block(source, PBK_MEDIA, links))
        links++;
    entry->xp.dwfOptions = read_flags(settings, entry_options, ARRAYSIZE(entry_options))
                           | read_authentication(settings)
                           | (pbk_number(settings, KEPT_OPTIONS_KEY, 0) & KEPT_OPTIONS);
    entry->xp.dwfOptions2 = read_flags(settings, entry_options2, ARRAYSIZE(entry_options2))
                            | (pbk_number(settings, KEPT_OPTIONS2_KEY, 0) & KEPT_OPTIONS2);
    if (pbk_number(settings, "AuthRestrictions", 0) & AUTH_MACHINE_CERTIFICATE)
        entry->xp.dwfOptions2 |= RASEO2_RequireMachineCertificates;
    read_device(links ? pbk_block(source, PBK_MEDIA, 0) : NULL,
            source ? pbk_block(source, PBK_DEVICE, 0) : NULL, entry);
    read_ip(settings, entry);
    read_dialing(settings, entry);
    entry->xp.dwfNetProtocols =
            (RASNP_Ip | RASNP_Ipv6) & ~pbk_number(settings, "ExcludedProtocols", 0);
    entry->xp.dwFramingProtocol =
            pbk_number(settings, "BaseProtocol", RASFP_Ppp) == 2 ? RASFP_Slip : RASFP_Ppp;
    entry->xp.dwSubEntries = (DWORD)links;
    /* Device types are spelled as ras.h does, and programs compare them so. */
    entry->xp.dwType =
            pbk_number(settings, "Type", entry_type_of_device(entry->xp.szDeviceType, false));
    entry->xp.dwEncryptionType = read_encryption(settings, &entry->xp.dwfOptions);
    entry->xp.dwCustomAuthKey = pbk_number(settings, "CustomAuthKey", 0);
    entry->xp.dwVpnStrategy = pbk_number(settings, "VpnStrategy", 0);
    entry->tail.dwNetworkOutageTime = pbk_number(settings, "NetworkOutageTime", 0);
    entry_read_id(source, &entry->xp.guidId);
}

void entry_read_id(const struct pbk_entry *source, GUID *id)
{
    if (!source || !pbk_bytes(source->blocks, "Guid", (uint8_t *)id, sizeof(*id)))
        memset(id, 0, sizeof(*id));
}

/* The members that differ in their place or type. */
#define EACH_MEMBER(NUMBER, TEXT)                                                                  \
    NUMBER(dwfOptions)                                                                             \
    NUMBER(dwCountryID)                                                                            \
    NUMBER(dwCountryCode)                                                                          \
    TEXT(szAreaCode)                                                                               \
    TEXT(szLocalPhoneNumber)                                                                       \
    NUMBER(ipaddr)                                                                                 \
    NUMBER(ipaddrDns)                                                                              \
    NUMBER(ipaddrDnsAlt)                                                                           \
    NUMBER(ipaddrWins)                                                                             \
    NUMBER(ipaddrWinsAlt)                                                                          \
    NUMBER(dwFrameSize)                                                                            \
    NUMBER(dwfNetProtocols)                                                                        \
    NUMBER(dwFramingProtocol)                                                                      \
    TEXT(szScript)                                                                                 \
    TEXT(szAutodialDll)                                                                            \
    TEXT(szAutodialFunc)                                                                           \
    TEXT(szDeviceType)                                                                             \
    TEXT(szDeviceName)                                                                             \
    TEXT(szX25PadType)                                                                             \
    TEXT(szX25Address)                                                                             \
    TEXT(szX25Facilities)                                                                          \
    TEXT(szX25UserData)                                                                            \
    NUMBER(dwChannels)                                                                             \
    NUMBER(dwSubEntries)                                                                           \
    NUMBER(dwDialMode)                                                                             \
    NUMBER(dwDialExtraPercent)                                                                     \
    NUMBER(dwDialExtraSampleSeconds)                                                               \
    NUMBER(dwHangUpExtraPercent)                                                                   \
    NUMBER(dwHangUpExtraSampleSeconds)                                                             \
    NUMBER(dwIdleDisconnectSeconds)                                                                \
    NUMBER(dwType)                                                                                 \
    NUMBER(dwEncryptionType)                                                                       \
    NUMBER(dwCustomAuthKey)                                                                        \
    NUMBER(guidId)                                                                                 \
    TEXT(szCustomDialDll)                                                                          \
    NUMBER(dwVpnStrategy)                                                                          \
    NUMBER(dwfOptions2)                                                                            \
    NUMBER(dwfOptions3)                                                                            \
    TEXT(szDnsSuffix)                                                                              \
    NUMBER(dwTcpWindowSize)                                                                        \
    TEXT(szPrerequisitePbk)                                                                        \
    TEXT(szPrerequisiteEntry)                                                                      \
    NUMBER(dwRedialCount)                                                                          \
    NUMBER(dwRedialPause)

#define COPY(member) to->xp.member = from->xp.member;
#define TO_ANSI(member) ansi_from_wide(from->xp.member, to->xp.member, ARRAYSIZE(to->xp.member));
#define FROM_ANSI(member) wide_member(from->xp.member, to->xp.member, ARRAYSIZE(to->xp.member));

void entry_to_ansi(const struct entry_w *from, struct entry_a *to)
{
    memset(to, 0, sizeof(*to));
    EACH_MEMBER(COPY, TO_ANSI)
    to->tail = from->tail;
}

/* A member of the caller's need not end with a NUL. */
static void wide_member(const char *from, WCHAR *to, int capacity)
{
    int length = 0;

    while (length < capacity - 1 && from[length])
        length++;
    to[MultiByteToWideChar(CP_ACP, 0, from, length, to, capacity - 1)] = 0;
}

void entry_from_ansi(const struct entry_a *from, struct entry_w *to)
{
    memset(to, 0, sizeof(*to));
    EACH_MEMBER(COPY, FROM_ANSI)
    to->tail = from->tail;
}
