/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * AutoDial's settings: RasGetAutodialEnable, RasSetAutodialEnable, RasGetAutodialParam and
 * RasSetAutodialParam. They are the user's, in the registry beside the addresses (see autodial.c).
 * Nothing here dials by itself, so they have no effect.
 */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "libs/log/trace.h"

#define CONTROL L"Software\\Microsoft\\Ras Autodial\\Control"
#define LOCATIONS CONTROL L"\\Locations"
/* Volatile: "The AutoDial system service changes this value to zero when a new user logs on". */
#define SESSION CONTROL L"\\Session"

struct setting
{
    const WCHAR *key, *name;
    bool is_volatile;
    DWORD otherwise;
};

static const struct setting settings[] = {
        [RASADP_DisableConnectionQuery] = {CONTROL, L"DisableConnectionQuery", false, 0},
        [RASADP_LoginSessionDisable] = {SESSION, L"LoginSessionDisable", true, 0},
        [RASADP_SavedAddressesLimit] = {CONTROL, L"SavedAddressesLimit", false, 100},
        [RASADP_FailedConnectionTimeout] = {CONTROL, L"FailedConnectionTimeout", false, 5},
        [RASADP_ConnectionQueryTimeout] = {CONTROL, L"ConnectionQueryTimeout", false, 60},
};

static DWORD read_setting(const struct setting *setting)
{
    DWORD value, size = sizeof(value);

    return RegGetValueW(HKEY_CURRENT_USER, setting->key, setting->name, RRF_RT_REG_DWORD, NULL,
                   &value,
                   &size) == ERROR_SUCCESS
                   ? value
                   : setting->otherwise;
}

static DWORD write_setting(const struct setting *setting, DWORD value)
{
    DWORD options = setting->is_volatile ? REG_OPTION_VOLATILE : 0, result;
    HKEY key;

    /* Wine makes missing parents volatile too, and those can have no other subkeys. */
    if (setting->is_volatile)
    {
        result = RegCreateKeyExW(
                HKEY_CURRENT_USER, CONTROL, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
        if (result != ERROR_SUCCESS)
            return result;
        RegCloseKey(key);
    }
    result = RegCreateKeyExW(
            HKEY_CURRENT_USER, setting->key, 0, NULL, options, KEY_SET_VALUE, NULL, &key, NULL);
    if (result != ERROR_SUCCESS)
        return result;
    result = RegSetValueExW(key, setting->name, 0, REG_DWORD, (BYTE *)&value, sizeof(value));
    RegCloseKey(key);
    return result;
}

/* Whether AutoDial is enabled for a dialing location; its name needs space for a number. */
static struct setting location_setting(DWORD location, WCHAR name[16])
{
    swprintf(name, 16, L"%lu", (unsigned long)location);
    return (struct setting){LOCATIONS, name, false, FALSE};
}

static DWORD get_enabled(DWORD location, BOOL *enabled)
{
    WCHAR name[16];
    struct setting setting = location_setting(location, name);

    if (!enabled || IsBadWritePtr(enabled, sizeof(*enabled)))
        return ERROR_INVALID_PARAMETER;
    *enabled = read_setting(&setting) ? TRUE : FALSE;
    return ERROR_SUCCESS;
}

static DWORD set_enabled(DWORD location, BOOL enabled)
{
    WCHAR name[16];
    struct setting setting = location_setting(location, name);

    return write_setting(&setting, enabled ? TRUE : FALSE);
}

/* All parameters are DWORDs. */
static DWORD get_parameter(DWORD key, void *value, DWORD *size)
{
    DWORD number;

    if (key >= ARRAYSIZE(settings) || !value || !size || IsBadWritePtr(size, sizeof(*size)))
        return ERROR_INVALID_PARAMETER;
    if (*size < sizeof(DWORD))
        return ERROR_INVALID_SIZE;
    if (IsBadWritePtr(value, sizeof(DWORD)))
        return ERROR_INVALID_PARAMETER;
    number = read_setting(&settings[key]);
    memcpy(value, &number, sizeof(number));
    *size = sizeof(number);
    return ERROR_SUCCESS;
}

static DWORD set_parameter(DWORD key, const void *value, DWORD size)
{
    DWORD number;

    if (key >= ARRAYSIZE(settings) || !value)
        return ERROR_INVALID_PARAMETER;
    if (size != sizeof(DWORD))
        return ERROR_INVALID_SIZE;
    if (IsBadReadPtr(value, sizeof(DWORD)))
        return ERROR_INVALID_PARAMETER;
    memcpy(&number, value, sizeof(number));
    return write_setting(&settings[key], number);
}

DWORD WINAPI RasGetAutodialEnableW(DWORD location, BOOL *enabled)
{
    TRACE_CALL("(location %lu, enabled %p)", (unsigned long)location, (const void *)enabled);
    return TRACED(get_enabled(location, enabled));
}

DWORD WINAPI RasGetAutodialEnableA(DWORD location, BOOL *enabled)
{
    TRACE_CALL("(location %lu, enabled %p)", (unsigned long)location, (const void *)enabled);
    return TRACED(get_enabled(location, enabled));
}

DWORD WINAPI RasSetAutodialEnableW(DWORD location, BOOL enabled)
{
    TRACE_CALL("(location %lu, enabled %d)", (unsigned long)location, enabled);
    return TRACED(set_enabled(location, enabled));
}

DWORD WINAPI RasSetAutodialEnableA(DWORD location, BOOL enabled)
{
    TRACE_CALL("(location %lu, enabled %d)", (unsigned long)location, enabled);
    return TRACED(set_enabled(location, enabled));
}

DWORD WINAPI RasGetAutodialParamW(DWORD key, void *value, DWORD *size)
{
    TRACE_CALL("(key %lu, value %p, size %p)", (unsigned long)key, (const void *)value,
            (const void *)size);
    return TRACED(get_parameter(key, value, size));
}

DWORD WINAPI RasGetAutodialParamA(DWORD key, void *value, DWORD *size)
{
    TRACE_CALL("(key %lu, value %p, size %p)", (unsigned long)key, (const void *)value,
            (const void *)size);
    return TRACED(get_parameter(key, value, size));
}

DWORD WINAPI RasSetAutodialParamW(DWORD key, void *value, DWORD size)
{
    TRACE_CALL("(key %lu, value %p, size %lu)", (unsigned long)key, (const void *)value,
            (unsigned long)size);
    return TRACED(set_parameter(key, value, size));
}

DWORD WINAPI RasSetAutodialParamA(DWORD key, void *value, DWORD size)
{
    TRACE_CALL("(key %lu, value %p, size %lu)", (unsigned long)key, (const void *)value,
            (unsigned long)size);
    return TRACED(set_parameter(key, value, size));
}
