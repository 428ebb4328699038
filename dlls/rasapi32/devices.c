/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasEnumDevices. The devices are the WAN miniports, which every Windows has whatever its
 * hardware. They name the kinds of tunnel that a phone-book entry or a connection of the
 * host can use. There is no modem.
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
        {RASDT_Vpn, L"WAN Miniport (IKEv2)"},
        {RASDT_Vpn, L"WAN Miniport (L2TP)"},
        {RASDT_Vpn, L"WAN Miniport (PPTP)"},
        {RASDT_Vpn, L"WAN Miniport (SSTP)"},
        {RASDT_PPPoE, L"WAN Miniport (PPPOE)"},
};

/* Checks how many devices can be written. Checks the structure's size before the buffer's, and
 * sets the count only if the buffer can hold one structure. Windows does so, as Wine's tests
 * show. */
static DWORD check_buffer(
        const DWORD *infos, DWORD own_size, DWORD *buffer_size, DWORD *count, DWORD *fitting)
{
    const DWORD needed = ARRAYSIZE(devices) * own_size;
    DWORD capacity;

    *fitting = 0;
    if (!buffer_size || !count)
        return ERROR_INVALID_PARAMETER;
    capacity = *buffer_size;
    if (infos && IsBadReadPtr(infos, sizeof(DWORD)))
        return ERROR_INVALID_USER_BUFFER;
    /* The page names the first code; the second is known from Windows, for a buffer that is too
     * small for one structure. */
    if (infos && *infos != own_size)
        return capacity >= own_size ? ERROR_INVALID_USER_BUFFER : ERROR_INVALID_SIZE;
    *buffer_size = needed;
    if (infos && capacity < own_size)
        return ERROR_BUFFER_TOO_SMALL;
    *count = ARRAYSIZE(devices);
    if (infos)
        *fitting = min(capacity / own_size, ARRAYSIZE(devices));
    return *fitting == ARRAYSIZE(devices) ? ERROR_SUCCESS : ERROR_BUFFER_TOO_SMALL;
}

/* RASDEVINFO with W or A. */
struct layout
{
    DWORD size;
    size_t type, name; /* offsets */
    bool wide;
};

#define LAYOUT(structure, wide)                                                                    \
    {                                                                                              \
        sizeof(structure), offsetof(structure, szDeviceType), offsetof(structure, szDeviceName),   \
                wide                                                                               \
    }

static const struct layout wide_layout = LAYOUT(RASDEVINFOW, true);
static const struct layout narrow_layout = LAYOUT(RASDEVINFOA, false);

static DWORD enum_devices(
        void *infos, DWORD *buffer_size, DWORD *count, const struct layout *layout)
{
    DWORD fitting, result = check_buffer(infos, layout->size, buffer_size, count, &fitting), i;
    BYTE *info = infos;

    for (i = 0; i < fitting; i++, info += layout->size)
    {
        *(DWORD *)info = layout->size;
        write_text(info + layout->type, devices[i].type, RAS_MaxDeviceType + 1, layout->wide);
        write_text(info + layout->name, devices[i].name, RAS_MaxDeviceName + 1, layout->wide);
    }
    return result;
}

DWORD WINAPI RasEnumDevicesW(RASDEVINFOW *infos, DWORD *buffer_size, DWORD *count)
{
    TRACE_CALL("(infos %p, buffer_size %p, count %p)", (const void *)infos,
            (const void *)buffer_size, (const void *)count);
    return TRACED(enum_devices(infos, buffer_size, count, &wide_layout));
}

DWORD WINAPI RasEnumDevicesA(RASDEVINFOA *infos, DWORD *buffer_size, DWORD *count)
{
    TRACE_CALL("(infos %p, buffer_size %p, count %p)", (const void *)infos,
            (const void *)buffer_size, (const void *)count);
    return TRACED(enum_devices(infos, buffer_size, count, &narrow_layout));
}
