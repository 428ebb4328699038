/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Servers: there is one, this machine.
 */

#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <lm.h>
#include <stdio.h>

#include "dlls/mprapi/buffer.h"
#include "dlls/mprapi/rras.h"

#include "libs/log/trace.h"

/* ---- handles ---- */

static struct handle_set servers;

bool server_is_valid(HANDLE server)
{
    return handle_is_in(&servers, server);
}

bool is_writable(void *pointer, SIZE_T size)
{
    return pointer && !IsBadWritePtr(pointer, size);
}

/* ---- names ---- */

static bool parse_address(const WCHAR *name, SOCKADDR_IN *four, SOCKADDR_IN6 *six)
{
    if (InetPtonW(AF_INET, name, &four->sin_addr) == 1)
        four->sin_family = AF_INET;
    else if (InetPtonW(AF_INET6, name, &six->sin6_addr) == 1)
        six->sin6_family = AF_INET6;
    else
        return false;
    return true;
}

static bool is_address_of(const SOCKADDR *own, const SOCKADDR_IN *four, const SOCKADDR_IN6 *six)
{
    if (own->sa_family == AF_INET && four->sin_family)
        return !memcmp(
                &((const SOCKADDR_IN *)own)->sin_addr, &four->sin_addr, sizeof(four->sin_addr));
    if (own->sa_family == AF_INET6 && six->sin6_family)
        return !memcmp(
                &((const SOCKADDR_IN6 *)own)->sin6_addr, &six->sin6_addr, sizeof(six->sin6_addr));
    return false;
}

/* True for an address of this machine. A bind is no test: under Wine it succeeds for others too. */
static bool is_own_address(const WCHAR *name)
{
    static const BYTE loopback[16] = {[15] = 1};
    SOCKADDR_IN four = {.sin_family = 0};
    SOCKADDR_IN6 six = {.sin6_family = 0};
    const ULONG flags = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER;
    IP_ADAPTER_ADDRESSES *list = NULL, *adapter;
    IP_ADAPTER_UNICAST_ADDRESS *address;
    ULONG size = 16384, error;
    bool own = false;

    if (!parse_address(name, &four, &six))
        return false;
    if ((four.sin_family && four.sin_addr.S_un.S_un_b.s_b1 == 127)
            || (six.sin6_family && !memcmp(&six.sin6_addr, loopback, sizeof(loopback))))
        return true;
    do
    {
        if (list)
            buffer_destroy(list);
        if (!(list = buffer_create(size)))
            return false;
        error = GetAdaptersAddresses(AF_UNSPEC, flags, NULL, list, &size);
    } while (error == ERROR_BUFFER_OVERFLOW);
    for (adapter = error ? NULL : list; adapter && !own; adapter = adapter->Next)
        for (address = adapter->FirstUnicastAddress; address && !own; address = address->Next)
            own = is_address_of(address->Address.lpSockaddr, &four, &six);
    buffer_destroy(list);
    return own;
}

bool is_this_machine(const WCHAR *name)
{
    static const COMPUTER_NAME_FORMAT formats[] = {ComputerNameNetBIOS, ComputerNameDnsHostname,
            ComputerNameDnsFullyQualified, ComputerNamePhysicalDnsHostname,
            ComputerNamePhysicalDnsFullyQualified};
    WCHAR own[256];
    unsigned int i;

    if (!name || !*name)
        return true;
    if (name[0] == '\\' && name[1] == '\\')
        name += 2;
    if (!wcscmp(name, L".") || !_wcsicmp(name, L"localhost"))
        return true;
    for (i = 0; i < ARRAYSIZE(formats); i++)
    {
        DWORD size = ARRAYSIZE(own);

        if (GetComputerNameExW(formats[i], own, &size) && *own && !_wcsicmp(name, own))
            return true;
    }
    return is_own_address(name);
}

/* ---- functions ---- */

/* The state of the server side. */
static DWORD ask_server(struct napipc_rras_server_reply *state)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_GET_SERVER};
    struct agent_reply reply;
    DWORD error = agent_ask(&request, &reply);

    if (error)
        return error;
    *state = reply.message.rras_server_reply;
    agent_reply_clear(&reply);
    return NO_ERROR;
}

/* nf-mprapi-mpradminserverconnect */
DWORD WINAPI MprAdminServerConnect(WCHAR *name, MPR_SERVER_HANDLE *server)
{
    TRACE_CALL("(name %p, server %p)", (const void *)name, (const void *)server);
    struct napipc_rras_server_reply state;

    if (!is_writable(server, sizeof(*server)))
        return TRACED(RPC_S_INVALID_BINDING);
    *server = NULL;
    if (!is_this_machine(name))
        return TRACED(RPC_S_UNKNOWN_IF);
    /* A service that does not run is ignored here; one that denies us access is not. */
    if (ask_server(&state) == ERROR_ACCESS_DENIED)
        return TRACED(ERROR_ACCESS_DENIED);
    *server = handle_create(&servers);
    return TRACED(*server ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY);
}

/* nf-mprapi-mpradminserverdisconnect */
void WINAPI MprAdminServerDisconnect(MPR_SERVER_HANDLE server)
{
    TRACE_CALL("(server %p)", (const void *)server);
    if (handle_destroy(&servers, server))
        notification_forget_server(server);
}

/* nf-mprapi-mpradminisservicerunning */
BOOL WINAPI MprAdminIsServiceRunning(WCHAR *name)
{
    TRACE_CALL("(name %p)", (const void *)name);
    struct napipc_rras_server_reply state;

    return TRACED(is_this_machine(name) && !ask_server(&state) && state.enabled);
}

/* nf-mprapi-mpradmingetpdcserver. This machine is in no domain, so its users are its own. */
DWORD WINAPI MprAdminGetPDCServer(const WCHAR *domain, const WCHAR *server, WCHAR *name)
{
    TRACE_CALL("(domain %s, server %s, name %p)", TRACE_WIDE(domain), TRACE_WIDE(server),
            (const void *)name);
    WCHAR own[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD size = ARRAYSIZE(own);

    if (!is_writable(name, (UNCLEN + 1) * sizeof(WCHAR)))
        return TRACED(ERROR_INVALID_PARAMETER);
    if (!GetComputerNameW(own, &size))
        return TRACED(GetLastError());
    /* A machine without a domain is the domain of its own users. */
    if (domain && *domain && _wcsicmp(domain, own))
        return TRACED(ERROR_NO_SUCH_DOMAIN);
    if ((server && *server) ? !is_this_machine(server) : !domain || !*domain)
        return TRACED(NERR_InvalidComputer);
    swprintf(name, UNCLEN + 1, L"\\\\%ls", own);
    return TRACED(NO_ERROR);
}

static DWORD up_time(const struct napipc_rras_server_reply *state)
{
    uint64_t now = time_now();

    return state->started && now > state->started ? (DWORD)((now - state->started) / 10000000) : 0;
}

DWORD server_runs(void)
{
    struct napipc_rras_server_reply state;
    DWORD error = ask_server(&state);

    return error || state.enabled ? error : ERROR_DDM_NOT_RUNNING;
}

/* No ports are configured in advance: each connection has one for as long as it lasts, and no kind
 * of port is reserved. */
DWORD server_get_info(DWORD level, BYTE **buffer)
{
    static const DWORD sizes[SERVER_LEVELS] = {
            sizeof(MPR_SERVER_0), sizeof(MPR_SERVER_1), sizeof(MPR_SERVER_2)};
    struct napipc_rras_server_reply state = {.enabled = false};
    MPR_SERVER_0 *info;
    DWORD error;

    *buffer = NULL;
    /* An agent that does not run counts as a demand-dial manager that does not run. */
    error = ask_server(&state);
    if (error && error != ERROR_DDM_NOT_RUNNING)
        return error;
    if (!(info = buffer_create(sizes[level])))
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!level)
    {
        info->fLanOnlyMode = !state.enabled;
        info->dwUpTime = up_time(&state);
        info->dwTotalPorts = state.enabled ? NAPIPC_RRAS_MAX_CONNECTIONS : 0;
        info->dwPortsInUse = state.enabled ? state.connections : 0;
    }
    *buffer = (BYTE *)info;
    return NO_ERROR;
}

/* nf-mprapi-mpradminservergetinfo */
DWORD WINAPI MprAdminServerGetInfo(MPR_SERVER_HANDLE server, DWORD level, BYTE **buffer)
{
    TRACE_CALL("(server %p, level %lu, buffer %p)", (const void *)server, (unsigned long)level,
            (const void *)buffer);
    if (!server_is_valid(server))
        return TRACED(RPC_S_INVALID_BINDING);
    if (!is_writable(buffer, sizeof(*buffer)))
        return TRACED(ERROR_INVALID_PARAMETER);
    *buffer = NULL;
    return TRACED(level < SERVER_LEVELS ? server_get_info(level, buffer) : ERROR_INVALID_LEVEL);
}
