/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The transports that a router has before anybody configures it. mprapi.dll reads and changes them;
 * docs/compatibility.md says what they are for.
 */
#include "programs/napagent/napagent.h"

#include <mprapi.h>
#include <rtinfo.h>

#ifndef PID_IPV6 /* mingw-w64's header lacks it */
#define PID_IPV6 0x00000057
#endif

#define ROUTER_KEY L"SYSTEM\\CurrentControlSet\\Services\\RemoteAccess"
#define MANAGERS_KEY ROUTER_KEY L"\\RouterManagers"

static DWORD add_transport(const WCHAR *name, DWORD id)
{
    /* What MprInfoCreate makes: a header without blocks. */
    const RTR_INFO_BLOCK_HEADER header = {.Version = RTR_INFO_BLOCK_VERSION,
            .Size = FIELD_OFFSET(RTR_INFO_BLOCK_HEADER, TocEntry)};
    DWORD disposition, error;
    HKEY managers, key;

    if ((error = RegCreateKeyExW(
                 HKEY_LOCAL_MACHINE, MANAGERS_KEY, 0, NULL, 0, KEY_WRITE, NULL, &managers, NULL)))
        return error;
    if (!(error = RegCreateKeyExW(managers, name, 0, NULL, 0, KEY_WRITE, NULL, &key, &disposition)))
    {
        if (disposition == REG_CREATED_NEW_KEY
                && !(error = RegSetValueExW(
                             key, L"ProtocolId", 0, REG_DWORD, (const BYTE *)&id, sizeof(id))))
            error = RegSetValueExW(
                    key, L"GlobalInfo", 0, REG_BINARY, (const BYTE *)&header, header.Size);
        RegCloseKey(key);
    }
    RegCloseKey(managers);
    return error;
}

DWORD router_add_defaults(void)
{
    DWORD error = add_transport(L"Ip", PID_IP);

    return error ? error : add_transport(L"Ipv6", PID_IPV6);
}

void router_remove(void)
{
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, MANAGERS_KEY);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, ROUTER_KEY L"\\Interfaces");
}
