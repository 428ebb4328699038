/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fills Windows' structures from a connection.
 *
 * A protocol about which nothing is known gets an error: it was not configured.
 * Names that are too long for a structure are cut.
 */

#include "dlls/mprapi/rras.h"

#include <stddef.h>

#define STRUCTURE_VERSION 1 /* dwVersion */
/* Not in mingw-w64's mprapi.h */
#define PPP_PROJECTION_INFO_TYPE 1   /* MPRAPI_PPP_PROJECTION_INFO_TYPE */
#define IKEV2_PROJECTION_INFO_TYPE 2 /* MPRAPI_IKEV2_PROJECTION_INFO_TYPE */

uint64_t time_now(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
}

uint32_t id_of_handle(HANDLE handle)
{
    ULONG_PTR value = (ULONG_PTR)handle;

    return value <= 0x7FFFFFFF ? (uint32_t)value : 0;
}

HANDLE handle_of_id(uint32_t id)
{
    return (HANDLE)(ULONG_PTR)id;
}

void copy_string(WCHAR *to, SIZE_T size, const struct napipc_string *string)
{
    if (string->length)
        memcpy(to, string->units, min(string->length, size - 1) * sizeof(WCHAR));
}

#define COPY(array, string) copy_string(array, ARRAYSIZE(array), string)

DWORD connected_seconds(const struct napipc_rras_entry *entry, uint64_t now)
{
    return now > entry->record.since ? (DWORD)((now - entry->record.since) / 10000000) : 0;
}

static ROUTER_INTERFACE_TYPE interface_type(const struct napipc_rras_record *record)
{
    return record->outgoing ? ROUTER_IF_TYPE_FULL_ROUTER : ROUTER_IF_TYPE_CLIENT;
}

static DWORD connection_flags(const struct napipc_rras_record *record)
{
    DWORD flags = record->tunnel == NAPIPC_RRAS_IKEV2 ? RAS_FLAGS_IKEV2_CONNECTION
                                                      : RAS_FLAGS_PPP_CONNECTION;

    if (record->quarantine == NAPIPC_RRAS_QUARANTINE || record->quarantine == NAPIPC_RRAS_PROBATION)
        flags |= RAS_FLAGS_QUARANTINE_PRESENT;
    return flags;
}

/* The interface's name; Windows names a client's interface after its user. */
static void fill_interface_name(WCHAR *to, const struct napipc_rras_record *record)
{
    SIZE_T length = 0;

    if (record->interface_name.length)
    {
        copy_string(to, MAX_INTERFACE_NAME_LEN + 1, &record->interface_name);
        return;
    }
    if (record->domain.length)
    {
        copy_string(to, MAX_INTERFACE_NAME_LEN, &record->domain);
        length = wcslen(to);
        to[length++] = '\\';
    }
    copy_string(to + length, MAX_INTERFACE_NAME_LEN + 1 - length, &record->user);
}

static bool is_set(const uint8_t *address, SIZE_T size)
{
    while (size--)
        if (address[size])
            return true;
    return false;
}

/* Writes a.b.c.d, or nothing if the address is zero. */
static void format_ipv4(WCHAR *text, const uint8_t *address)
{
    unsigned int i, divisor;

    if (!is_set(address, 4))
        return;
    for (i = 0; i < 4; i++)
    {
        if (i)
            *text++ = '.';
        for (divisor = 100; divisor; divisor /= 10)
            if (address[i] >= divisor || divisor == 1)
                *text++ = (WCHAR)('0' + address[i] / divisor % 10);
    }
    *text = 0;
}

static bool has_ipv4(const struct napipc_rras_record *record)
{
    return is_set(record->ipv4, 4) || is_set(record->ipv4_local, 4);
}

static bool has_ipv6(const struct napipc_rras_record *record)
{
    return is_set(record->ipv6, 16) || is_set(record->ipv6_local, 16);
}

static DWORD protocol_error(bool configured)
{
    return configured ? NO_ERROR : ERROR_PROTOCOL_NOT_CONFIGURED;
}

/* Fills what PPP_IPCP_INFO, PPP_IPCP_INFO2 and FILL_PROJECTION have in common. `local` is the
 * server's address. */
static void fill_ip(
        DWORD *error, WCHAR *local, WCHAR *remote, const struct napipc_rras_record *record)
{
    *error = protocol_error(has_ipv4(record));
    format_ipv4(local, record->ipv4_local);
    format_ipv4(remote, record->ipv4);
}

/* RAS_CONNECTION_1 and RAS_CONNECTION_EX have members of these names. */
#define FILL_COUNTERS(to, counters)                                                                \
    do                                                                                             \
    {                                                                                              \
        (to)->dwBytesXmited = (DWORD)(counters)->bytes_out;                                        \
        (to)->dwBytesRcved = (DWORD)(counters)->bytes_in;                                          \
        (to)->dwFramesXmited = (DWORD)(counters)->packets_out;                                     \
        (to)->dwFramesRcved = (DWORD)(counters)->packets_in;                                       \
        (to)->dwCrcErr = (DWORD)(counters)->crc_errors;                                            \
        (to)->dwFramingErr = (DWORD)(counters)->framing_errors;                                    \
        (to)->dwHardwareOverrunErr = (DWORD)(counters)->overruns;                                  \
    } while (0)

/* For PPP_PROJECTION_INFO and IKEV2_PROJECTION_INFO. By ns-mprapi-ppp_projection_info they have the
 * client's view: wszAddress is the client's address. */
#define FILL_PROJECTION(to, record)                                                                \
    do                                                                                             \
    {                                                                                              \
        fill_ip(&(to)->dwIPv4NegotiationError, (to)->wszRemoteAddress, (to)->wszAddress, record);  \
        (to)->IPv4SubInterfaceIndex = (to)->IPv6SubInterfaceIndex = (record)->interface_index;     \
        (to)->dwIPv6NegotiationError = protocol_error(has_ipv6(record));                           \
        memcpy((to)->bInterfaceIdentifier, (record)->ipv6 + 8, 8);                                 \
        memcpy((to)->bRemoteInterfaceIdentifier, (record)->ipv6_local + 8, 8);                     \
        memcpy((to)->bPrefix, (record)->ipv6, 8);                                                  \
        (to)->dwPrefixLength = (record)->ipv6_prefix;                                              \
    } while (0)

static void fill_lcp(PPP_LCP_INFO *lcp, const struct napipc_rras_record *record)
{
    lcp->dwError = protocol_error(record->tunnel == NAPIPC_RRAS_PPP);
}

static FILETIME probation_end(const struct napipc_rras_record *record)
{
    uint64_t end = record->quarantine == NAPIPC_RRAS_PROBATION ? record->probation_end : 0;
    FILETIME time = {(DWORD)end, (DWORD)(end >> 32)};

    return time;
}

static GUID guid_of(const struct napipc_rras_record *record)
{
    GUID guid;

    memcpy(&guid, record->guid.bytes, sizeof(guid));
    return guid;
}

/* What RAS_CONNECTION_0 and RAS_CONNECTION_EX both begin with. */
#define FILL_IDENTITY(to, entry, now)                                                              \
    do                                                                                             \
    {                                                                                              \
        (to)->dwConnectDuration = connected_seconds(entry, now);                                   \
        (to)->dwInterfaceType = interface_type(&(entry)->record);                                  \
        (to)->dwConnectionFlags = connection_flags(&(entry)->record);                              \
        fill_interface_name((to)->wszInterfaceName, &(entry)->record);                             \
        COPY((to)->wszUserName, &(entry)->record.user);                                            \
        COPY((to)->wszLogonDomain, &(entry)->record.domain);                                       \
        COPY((to)->wszRemoteComputer, &(entry)->record.computer);                                  \
    } while (0)

static void fill_0(void *to, const struct napipc_rras_entry *entry, uint64_t now)
{
    RAS_CONNECTION_0 *connection = to;

    connection->hConnection = connection->hInterface = handle_of_id(entry->id);
    FILL_IDENTITY(connection, entry, now);
}

static void fill_1(void *to, const struct napipc_rras_entry *entry, uint64_t now)
{
    RAS_CONNECTION_1 *connection = to;
    PPP_INFO *ppp = &connection->PppInfo;

    (void)now;
    connection->hConnection = connection->hInterface = handle_of_id(entry->id);
    ppp->nbf.dwError = ppp->ipx.dwError = ppp->at.dwError = ERROR_PROTOCOL_NOT_CONFIGURED;
    fill_ip(&ppp->ip.dwError, ppp->ip.wszAddress, ppp->ip.wszRemoteAddress, &entry->record);
    FILL_COUNTERS(connection, &entry->live.counters);
}

static void fill_2(void *to, const struct napipc_rras_entry *entry, uint64_t now)
{
    const struct napipc_rras_record *record = &entry->record;
    RAS_CONNECTION_2 *connection = to;
    PPP_INFO_2 *ppp = &connection->PppInfo2;

    (void)now;
    connection->hConnection = handle_of_id(entry->id);
    COPY(connection->wszUserName, &record->user);
    connection->dwInterfaceType = interface_type(record);
    connection->guid = guid_of(record);
    ppp->nbf.dwError = ppp->ipx.dwError = ppp->at.dwError = ppp->ccp.dwError =
            ERROR_PROTOCOL_NOT_CONFIGURED;
    fill_ip(&ppp->ip.dwError, ppp->ip.wszAddress, ppp->ip.wszRemoteAddress, record);
    fill_lcp(&ppp->lcp, record);
}

static void fill_3(void *to, const struct napipc_rras_entry *entry, uint64_t now)
{
    const struct napipc_rras_record *record = &entry->record;
    RAS_CONNECTION_3 *connection = to;
    PPP_INFO_3 *ppp = &connection->PppInfo3;

    (void)now;
    connection->dwVersion = STRUCTURE_VERSION;
    connection->dwSize = sizeof(*connection);
    connection->hConnection = handle_of_id(entry->id);
    COPY(connection->wszUserName, &record->user);
    connection->dwInterfaceType = interface_type(record);
    connection->guid = guid_of(record);
    ppp->nbf.dwError = ppp->ccp.dwError = ERROR_PROTOCOL_NOT_CONFIGURED;
    fill_ip(&ppp->ip.dwError, ppp->ip.wszAddress, ppp->ip.wszRemoteAddress, record);
    ppp->ipv6.dwVersion = STRUCTURE_VERSION;
    ppp->ipv6.dwSize = sizeof(ppp->ipv6);
    ppp->ipv6.dwError = protocol_error(has_ipv6(record));
    memcpy(ppp->ipv6.bInterfaceIdentifier, record->ipv6_local + 8, 8);
    memcpy(ppp->ipv6.bRemoteInterfaceIdentifier, record->ipv6 + 8, 8);
    memcpy(ppp->ipv6.bPrefix, record->ipv6, 8);
    ppp->ipv6.dwPrefixLength = record->ipv6_prefix;
    fill_lcp(&ppp->lcp, record);
    connection->rasQuarState = (RAS_QUARANTINE_STATE)record->quarantine;
    connection->timer = probation_end(record);
}

static void fill_ex(void *to, const struct napipc_rras_entry *entry, uint64_t now)
{
    const struct napipc_rras_record *record = &entry->record;
    RAS_CONNECTION_EX *connection = to;
    PPP_PROJECTION_INFO *ppp = &connection->ProjectionInfo.PppProjectionInfo;

    connection->Header.revision = MPRAPI_RAS_CONNECTION_OBJECT_REVISION_1;
    connection->Header.type = MPRAPI_OBJECT_TYPE_RAS_CONNECTION_OBJECT;
    connection->Header.size = sizeof(*connection);
    FILL_IDENTITY(connection, entry, now);
    connection->guid = guid_of(record);
    connection->rasQuarState = (RAS_QUARANTINE_STATE)record->quarantine;
    connection->probationTime = probation_end(record);
    FILL_COUNTERS(connection, &entry->live.counters);
    COPY(connection->wszRemoteEndpointAddress, &record->remote_endpoint);
    COPY(connection->wszLocalEndpointAddress, &record->local_endpoint);
    if (record->tunnel == NAPIPC_RRAS_IKEV2)
    {
        connection->ProjectionInfo.projectionInfoType = IKEV2_PROJECTION_INFO_TYPE;
        FILL_PROJECTION(&connection->ProjectionInfo.Ikev2ProjectionInfo, record);
    }
    else
    {
        connection->ProjectionInfo.projectionInfoType = PPP_PROJECTION_INFO_TYPE;
        FILL_PROJECTION(ppp, record);
        ppp->dwCcpError = ERROR_PROTOCOL_NOT_CONFIGURED;
    }
    connection->hConnection = connection->hInterface = handle_of_id(entry->id);
}

const struct layout connection_layouts[CONNECTION_LEVELS] = {
        {sizeof(RAS_CONNECTION_0), fill_0},
        {sizeof(RAS_CONNECTION_1), fill_1},
        {sizeof(RAS_CONNECTION_2), fill_2},
        {sizeof(RAS_CONNECTION_3), fill_3},
};

const struct layout connection_ex_layout = {sizeof(RAS_CONNECTION_EX), fill_ex};
