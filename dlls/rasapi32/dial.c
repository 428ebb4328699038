/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasGetEntryDialParams and RasDial. Dialing is not implemented: connections are the host's,
 * made by its own programs. RasDial reports that last, after every error that the caller can
 * correct.
 */

#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/phonebook.h"
#include "libs/unimplemented/unimplemented.h"
#include "libs/log/trace.h"

/* RASDIALPARAMS with W or A. */
struct layout
{
    DWORD sizes[3];                             /* of Windows 95, NT 4.0 and 7 */
    size_t entry_name, phone_number, sub_entry; /* offsets */
    bool wide;
};

#define LAYOUT(structure, wide)                                                                    \
    {                                                                                              \
        {offsetof(structure, dwSubEntry), offsetof(structure, dwIfIndex), sizeof(structure)},      \
                offsetof(structure, szEntryName), offsetof(structure, szPhoneNumber),              \
                offsetof(structure, dwSubEntry), wide                                              \
    }

static const struct layout wide_layout = LAYOUT(RASDIALPARAMSW, true);
static const struct layout narrow_layout = LAYOUT(RASDIALPARAMSA, false);

static bool is_params_size(DWORD size, const struct layout *layout)
{
    return size == layout->sizes[0] || size == layout->sizes[1] || size == layout->sizes[2];
}

/* The sizes of RASDIALEXTENSIONS: Windows 95, 2000, Vista, 7. */
static bool is_extensions_size(DWORD size)
{
    const size_t own = sizeof(RASDIALEXTENSIONS), device_info = sizeof(DWORD) + sizeof(void *);

    return size == offsetof(RASDIALEXTENSIONS, reserved1) || size == own
           || size == own + sizeof(BOOL) || size == own + sizeof(BOOL) + device_info;
}

/* Finds the entry that the parameters name. The name need not be terminated within its member. */
static DWORD find_params_entry(const void *path, const BYTE *params, const struct layout *layout)
{
    WCHAR name_w[RAS_MaxEntryName + 1];
    char name_a[RAS_MaxEntryName + 1];

    if (layout->wide)
    {
        lstrcpynW(name_w, (const WCHAR *)(params + layout->entry_name), ARRAYSIZE(name_w));
        return phonebook_check_entry(path, name_w, true);
    }
    lstrcpynA(name_a, (const char *)(params + layout->entry_name), ARRAYSIZE(name_a));
    return phonebook_check_entry(path, name_a, false);
}

/* Dial parameters are never saved, so there is no user name, password or callback number. The first
 * link is dialed first. */
static DWORD get_dial_params(
        const void *path, void *buffer, BOOL *has_password, const struct layout *layout)
{
    BYTE *params = buffer;
    DWORD size, result;

    if (!params || !has_password || IsBadWritePtr(params, sizeof(DWORD))
            || IsBadWritePtr(has_password, sizeof(*has_password)))
        return ERROR_BUFFER_INVALID;
    size = *(DWORD *)params;
    if (!is_params_size(size, layout))
        return ERROR_INVALID_SIZE;
    if (IsBadWritePtr(params, size))
        return ERROR_BUFFER_INVALID;
    result = find_params_entry(path, params, layout);
    if (result != ERROR_SUCCESS)
        return result;
    memset(params + layout->phone_number, 0, size - layout->phone_number);
    if (size > layout->sub_entry)
        *(DWORD *)(params + layout->sub_entry) = 1;
    *has_password = FALSE;
    return ERROR_SUCCESS;
}

DWORD WINAPI RasGetEntryDialParamsW(const WCHAR *path, RASDIALPARAMSW *params, BOOL *has_password)
{
    TRACE_CALL("(path %s, params %p, has_password %p)", TRACE_WIDE(path), (const void *)params,
            (const void *)has_password);
    return TRACED(get_dial_params(path, params, has_password, &wide_layout));
}

DWORD WINAPI RasGetEntryDialParamsA(const char *path, RASDIALPARAMSA *params, BOOL *has_password)
{
    TRACE_CALL("(path %s, params %p, has_password %p)", TRACE_NARROW(path), (const void *)params,
            (const void *)has_password);
    return TRACED(get_dial_params(path, params, has_password, &narrow_layout));
}

/* Checks the arguments that are not strings. */
static DWORD check_arguments(const RASDIALEXTENSIONS *extensions, const void *params,
        DWORD notifier_type, const void *notifier, HRASCONN *connection)
{
    if (!params || !connection)
        return ERROR_INVALID_PARAMETER;
    if (IsBadReadPtr(params, sizeof(DWORD)) || IsBadWritePtr(connection, sizeof(*connection)))
        return ERROR_BUFFER_INVALID;
    if (extensions && !is_extensions_size(extensions->dwSize))
        return ERROR_INVALID_SIZE;
    /* 0xffffffff: the notifier is a window. */
    if (notifier && notifier_type > 2 && notifier_type != 0xffffffff)
        return ERROR_INVALID_PARAMETER;
    /* A connection here means to resume a paused call, and there are none. */
    return *connection ? ERROR_INVALID_HANDLE : ERROR_SUCCESS;
}

static DWORD dial_unimplemented(void)
{
    static LONG logged;

    return (DWORD)unimplemented("RasDial", &logged, ERROR_PORT_NOT_AVAILABLE);
}

static bool is_empty(const void *text, bool wide)
{
    return wide ? !*(const WCHAR *)text : !*(const char *)text;
}

static DWORD dial(const RASDIALEXTENSIONS *extensions, const void *path, const void *buffer,
        DWORD notifier_type, const void *notifier, HRASCONN *connection,
        const struct layout *layout)
{
    DWORD result = check_arguments(extensions, buffer, notifier_type, notifier, connection), size;
    const BYTE *params = buffer;

    if (result != ERROR_SUCCESS)
        return result;
    size = *(const DWORD *)params;
    if (!is_params_size(size, layout))
        return ERROR_INVALID_SIZE;
    if (IsBadReadPtr(params, size))
        return ERROR_BUFFER_INVALID;
    /* Without an entry name the phone number is dialed. */
    if (!is_empty(params + layout->entry_name, layout->wide)
            || is_empty(params + layout->phone_number, layout->wide))
        result = find_params_entry(path, params, layout);
    return result != ERROR_SUCCESS ? result : dial_unimplemented();
}

DWORD WINAPI RasDialW(RASDIALEXTENSIONS *extensions, const WCHAR *path, RASDIALPARAMSW *params,
        DWORD notifier_type, void *notifier, HRASCONN *connection)
{
    TRACE_CALL("(extensions %p, path %s, params %p, notifier_type %lu, notifier %p, "
               "connection %p)",
            (const void *)extensions, TRACE_WIDE(path), (const void *)params,
            (unsigned long)notifier_type, (const void *)notifier, (const void *)connection);
    return TRACED(
            dial(extensions, path, params, notifier_type, notifier, connection, &wide_layout));
}

DWORD WINAPI RasDialA(RASDIALEXTENSIONS *extensions, const char *path, RASDIALPARAMSA *params,
        DWORD notifier_type, void *notifier, HRASCONN *connection)
{
    TRACE_CALL("(extensions %p, path %s, params %p, notifier_type %lu, notifier %p, "
               "connection %p)",
            (const void *)extensions, TRACE_NARROW(path), (const void *)params,
            (unsigned long)notifier_type, (const void *)notifier, (const void *)connection);
    return TRACED(
            dial(extensions, path, params, notifier_type, notifier, connection, &narrow_layout));
}
