/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The transports that a router has before anybody configures it. mprapi.dll reads and changes them;
 * docs/compatibility.md says what they are for.
 */
#include "programs/napagent/napagent.h"

#include <mprapi.h>
#include <rtinfo.h>

#include "libs/napclient/router.h"

#ifndef PID_IPV6 /* mingw-w64's header lacks it */
#define PID_IPV6 0x00000057
#endif

static DWORD add_transport(HKEY managers, const WCHAR *name, DWORD id)
{
    /* What MprInfoCreate makes: a header without blocks. */
    const RTR_INFO_BLOCK_HEADER header = {
            .Version = RTR_INFO_BLOCK_VERSION, .Size = sizeof(header)};
    DWORD error;
    HKEY key;

    if ((error = RegCreateKeyExW(managers, name, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL)))
        return error;
    if (!(error = RegSetValueExW(
                  key, L"GlobalInfo", 0, REG_BINARY, (const BYTE *)&header, sizeof(header))))
        error = RegSetValueExW(key, L"ProtocolId", 0, REG_DWORD, (const BYTE *)&id, sizeof(id));
    RegCloseKey(key);
    return error;
}

/* Only where there is no configuration at all: an administrator may have deleted a transport. */
DWORD router_add_defaults(void)
{
    HANDLE lock = CreateMutexW(NULL, FALSE, ROUTER_LOCK);
    DWORD disposition, error;
    HKEY managers;

    if (!lock)
        return GetLastError();
    WaitForSingleObject(lock, INFINITE);
    if (!(error = RegCreateKeyExW(HKEY_LOCAL_MACHINE, ROUTER_MANAGERS_KEY, 0, NULL, 0, KEY_WRITE,
                  NULL, &managers, &disposition)))
    {
        if (disposition == REG_CREATED_NEW_KEY && !(error = add_transport(managers, L"Ip", PID_IP)))
            error = add_transport(managers, L"Ipv6", PID_IPV6);
        RegCloseKey(managers);
    }
    ReleaseMutex(lock);
    CloseHandle(lock);
    return error;
}

static DWORD remove_list(const WCHAR *path)
{
    DWORD error = RegDeleteTreeW(HKEY_LOCAL_MACHINE, path);

    return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
}

DWORD router_remove(void)
{
    DWORD error, keys = 0, values = 0;
    HKEY key;

    if ((error = remove_list(ROUTER_MANAGERS_KEY)) || (error = remove_list(ROUTER_INTERFACES_KEY)))
        return error;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, ROUTER_KEY, 0, KEY_READ, &key))
        return ERROR_SUCCESS;
    error = RegQueryInfoKeyW(
            key, NULL, NULL, NULL, &keys, NULL, NULL, &values, NULL, NULL, NULL, NULL);
    RegCloseKey(key);
    /* Others may keep something there. */
    return error || keys || values ? error : (DWORD)RegDeleteKeyW(HKEY_LOCAL_MACHINE, ROUTER_KEY);
}
