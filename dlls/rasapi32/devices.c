/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasEnumDevices. The devices are the WAN miniports, which every Windows has whatever its
 * hardware: they name the kinds of tunnel that a phone-book entry, or a connection of the
 * host, can be of. There is no modem.
 */

#include <string.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/phonebook.h"

#include "libs/log/trace.h"

static const struct
{
    const WCHAR *type, *name;
} devices[] = {
        {L"vpn", L"WAN Miniport (IKEv2)"},
        {L"vpn", L"WAN Miniport (L2TP)"},
        {L"vpn", L"WAN Miniport (PPTP)"},
        {L"vpn", L"WAN Miniport (SSTP)"},
        {L"PPPoE", L"WAN Miniport (PPPOE)"},
};

/* Whether the devices can be written. The structure's size is asked for before the buffer's, and
 * the count is written only where the buffer has one structure at the least: so Windows, by Wine's
 * tests of it. */
static DWORD check_buffer(const DWORD *infos, DWORD own_size, DWORD *buffer_size, DWORD *count)
{
    const DWORD needed = ARRAYSIZE(devices) * own_size;
    DWORD room;

    if (!buffer_size || !count)
        return ERROR_INVALID_PARAMETER;
    room = *buffer_size;
    if (infos && IsBadReadPtr(infos, sizeof(DWORD)))
        return ERROR_INVALID_USER_BUFFER;
    /* The page has the former code; for a buffer that can hold none, the latter is known. */
    if (infos && *infos != own_size)
        return room >= own_size ? ERROR_INVALID_USER_BUFFER : ERROR_INVALID_SIZE;
    *buffer_size = needed;
    if (infos && room < own_size)
        return ERROR_BUFFER_TOO_SMALL;
    *count = ARRAYSIZE(devices);
    return infos && room >= needed ? ERROR_SUCCESS : ERROR_BUFFER_TOO_SMALL;
}

DWORD WINAPI RasEnumDevicesW(RASDEVINFOW *infos, DWORD *buffer_size, DWORD *count)
{
    TRACE_CALL("(infos %p, buffer_size %p, count %p)", (const void *)infos,
            (const void *)buffer_size, (const void *)count);
    DWORD result = check_buffer((DWORD *)infos, sizeof(*infos), buffer_size, count), i;

    for (i = 0; result == ERROR_SUCCESS && i < ARRAYSIZE(devices); i++)
    {
        infos[i].dwSize = sizeof(*infos);
        lstrcpynW(infos[i].szDeviceType, devices[i].type, ARRAYSIZE(infos[i].szDeviceType));
        lstrcpynW(infos[i].szDeviceName, devices[i].name, ARRAYSIZE(infos[i].szDeviceName));
    }
    return TRACED(result);
}

DWORD WINAPI RasEnumDevicesA(RASDEVINFOA *infos, DWORD *buffer_size, DWORD *count)
{
    TRACE_CALL("(infos %p, buffer_size %p, count %p)", (const void *)infos,
            (const void *)buffer_size, (const void *)count);
    DWORD result = check_buffer((DWORD *)infos, sizeof(*infos), buffer_size, count), i;

    for (i = 0; result == ERROR_SUCCESS && i < ARRAYSIZE(devices); i++)
    {
        infos[i].dwSize = sizeof(*infos);
        ansi_from_wide(devices[i].type, infos[i].szDeviceType, ARRAYSIZE(infos[i].szDeviceType));
        ansi_from_wide(devices[i].name, infos[i].szDeviceName, ARRAYSIZE(infos[i].szDeviceName));
    }
    return TRACED(result);
}
