/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Projection: which network protocols a connection carries, and their addresses.
 * nf-ras-rasgetprojectioninfow, nf-ras-rasgetprojectioninfoex. The host does not report LCP,
 * compression and authentication of a tunnel, so they count as not negotiated.
 */
#include "dlls/rasapi32/connection.h"

#include "libs/log/trace.h"

#include <raserror.h>
#include <stdio.h>

DWORD WINAPI RasGetProjectionInfoEx(
        HRASCONN connection, RAS_PROJECTION_INFO601 *projection, DWORD *size);

/* The sizes that a protocol's structure has had, ascending. */
struct layout
{
    DWORD sizes[3];
    unsigned int count;
};

static const struct layout ip_wide = {
        {offsetof(RASPPPIPW, szServerIpAddress), offsetof(RASPPPIPW, dwOptions), sizeof(RASPPPIPW)},
        3};
static const struct layout ip_narrow = {
        {offsetof(RASPPPIPA, szServerIpAddress), offsetof(RASPPPIPA, dwOptions), sizeof(RASPPPIPA)},
        3};
static const struct layout ipv6_layout = {{sizeof(RASPPPIPV6)}, 1};

static bool is_zero(const uint8_t *bytes, size_t size)
{
    for (; size && !*bytes; size--)
        bytes++;
    return !size;
}

static DWORD get_link(HRASCONN connection, struct napipc_ras_link *link)
{
    struct agent_reply reply;
    DWORD error = ask_active(connection, &reply);

    if (error)
        return error;
    *link = reply.message.ras_get_reply.link;
    agent_reply_clear(&reply);
    return ERROR_SUCCESS;
}

/* Checks that the buffer can hold a known version of the structure, and sets *bytes to its
 * size. */
static DWORD check_buffer(const DWORD *projection, DWORD *bytes, const struct layout *layout)
{
    unsigned int i;

    if (!projection || *bytes < layout->sizes[0])
    {
        *bytes = layout->sizes[layout->count - 1];
        return ERROR_BUFFER_TOO_SMALL;
    }
    for (i = 0; i < layout->count && layout->sizes[i] != *projection; i++)
        ;
    if (i == layout->count)
        return ERROR_INVALID_SIZE;
    if (*bytes < *projection)
    {
        *bytes = *projection;
        return ERROR_BUFFER_TOO_SMALL;
    }
    *bytes = *projection;
    return ERROR_SUCCESS;
}

static void print_address(char text[RAS_MaxIpAddress + 1], const uint8_t address[4])
{
    snprintf(text, RAS_MaxIpAddress + 1, "%u.%u.%u.%u", address[0], address[1], address[2],
            address[3]);
}

static void fill_ip_narrow(void *buffer, DWORD size, const struct napipc_ras_link *link)
{
    RASPPPIPA info = {.dwSize = size};

    print_address(info.szIpAddress, link->ipv4);
    /* "If the address is not available, this member is an empty string." */
    if (!is_zero(link->ipv4_peer, 4))
        print_address(info.szServerIpAddress, link->ipv4_peer);
    memcpy(buffer, &info, size);
}

static void fill_ip_wide(void *buffer, DWORD size, const struct napipc_ras_link *link)
{
    RASPPPIPW info = {.dwSize = size};
    RASPPPIPA narrow;
    unsigned int i;

    fill_ip_narrow(&narrow, sizeof(narrow), link);
    for (i = 0; i <= RAS_MaxIpAddress; i++)
    {
        info.szIpAddress[i] = (WCHAR)narrow.szIpAddress[i];
        info.szServerIpAddress[i] = (WCHAR)narrow.szServerIpAddress[i];
    }
    memcpy(buffer, &info, size);
}

static void fill_ipv6(void *buffer, DWORD size, const struct napipc_ras_link *link)
{
    RASPPPIPV6 info = {.dwSize = size};

    memcpy(info.bLocalInterfaceIdentifier, link->ipv6 + 8, 8);
    memcpy(buffer, &info, size);
}

static DWORD get_projection(HRASCONN connection, DWORD protocol, void *projection, DWORD *bytes,
        const struct layout *ip_layout,
        void (*fill_ip)(void *buffer, DWORD size, const struct napipc_ras_link *link))
{
    const struct layout *layout = ip_layout;
    struct napipc_ras_link link;
    DWORD error;

    if (!bytes)
        return ERROR_INVALID_PARAMETER;
    switch (protocol)
    {
    case RASP_PppIp:
    case RASP_PppIpv6:
    case RASP_Amb:
    case RASP_PppNbf:
    case RASP_PppIpx:
    case RASP_PppCcp:
    case RASP_PppLcp:
    case RASP_Slip:
        break;
    default:
        return ERROR_INVALID_PARAMETER;
    }
    if ((error = get_link(connection, &link)))
        return error;
    if (protocol == RASP_PppIpv6)
        layout = &ipv6_layout;
    if ((protocol != RASP_PppIp || is_zero(link.ipv4, 4))
            && (protocol != RASP_PppIpv6 || !link.ipv6_prefix))
        return ERROR_PROTOCOL_NOT_CONFIGURED;
    if ((error = check_buffer(projection, bytes, layout)))
        return error;
    if (protocol == RASP_PppIp)
        fill_ip(projection, *bytes, &link);
    else
        fill_ipv6(projection, *bytes, &link);
    return ERROR_SUCCESS;
}

DWORD WINAPI RasGetProjectionInfoA(
        HRASCONN connection, RASPROJECTION protocol, void *projection, DWORD *bytes)
{
    TRACE_CALL("(connection %p, protocol %lu, projection %p, bytes %p)", (const void *)connection,
            (unsigned long)protocol, (const void *)projection, (const void *)bytes);
    return TRACED(
            get_projection(connection, protocol, projection, bytes, &ip_narrow, fill_ip_narrow));
}

DWORD WINAPI RasGetProjectionInfoW(
        HRASCONN connection, RASPROJECTION protocol, void *projection, DWORD *bytes)
{
    TRACE_CALL("(connection %p, protocol %lu, projection %p, bytes %p)", (const void *)connection,
            (unsigned long)protocol, (const void *)projection, (const void *)bytes);
    return TRACED(get_projection(connection, protocol, projection, bytes, &ip_wide, fill_ip_wide));
}

DWORD WINAPI RasGetProjectionInfoEx(
        HRASCONN connection, RAS_PROJECTION_INFO601 *projection, DWORD *size)
{
    TRACE_CALL("(connection %p, projection %p, size %p)", (const void *)connection,
            (const void *)projection, (const void *)size);
    RASPPP_PROJECTION_INFO601 *ppp;
    struct napipc_ras_link link;
    DWORD error;

    if (!size)
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = get_link(connection, &link)))
        return TRACED(error);
    if (is_zero(link.ipv4, 4) && !link.ipv6_prefix)
        return TRACED(ERROR_PROTOCOL_NOT_CONFIGURED);
    if (!projection || *size < sizeof(*projection))
    {
        *size = sizeof(*projection);
        return TRACED(ERROR_BUFFER_TOO_SMALL);
    }
    if (projection->version != RASAPIVERSION601)
        return TRACED(ERROR_INVALID_PARAMETER);
    memset(projection, 0, sizeof(*projection));
    projection->version = RASAPIVERSION601;
    projection->type = PROJECTION_INFO_TYPE_PPP601;
    ppp = &projection->info.ppp;
    ppp->dwIPv4NegotiationError = ppp->dwIPv6NegotiationError = ERROR_PROTOCOL_NOT_CONFIGURED;
    ppp->dwCcpError = ERROR_PROTOCOL_NOT_CONFIGURED;
    if (!is_zero(link.ipv4, 4))
    {
        ppp->dwIPv4NegotiationError = ERROR_SUCCESS;
        memcpy(&ppp->ipv4Address, link.ipv4, 4);
        memcpy(&ppp->ipv4ServerAddress, link.ipv4_peer, 4);
    }
    if (link.ipv6_prefix)
    {
        ppp->dwIPv6NegotiationError = ERROR_SUCCESS;
        memcpy(ppp->bInterfaceIdentifier, link.ipv6 + 8, 8);
    }
    *size = sizeof(*projection);
    return TRACED(ERROR_SUCCESS);
}
