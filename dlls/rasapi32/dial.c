/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasGetEntryDialParams and RasDial. Nothing here can dial: connections are the host's, made
 * by its own programs. RasDial says so after everything that the caller can mend.
 */

#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/phonebook.h"
#include "libs/refusal/refusal.h"
#include "libs/log/trace.h"

/* The sizes that RASDIALPARAMS has had: Windows 95, NT 4.0, 7. */
#define IS_PARAMS_SIZE(size, type)                                                                 \
    ((size) == offsetof(type, dwSubEntry) || (size) == offsetof(type, dwIfIndex)                   \
            || (size) == sizeof(type))

/* And RASDIALEXTENSIONS: Windows 95, 2000, Vista, 7. */
static bool is_extensions_size(DWORD size)
{
    const size_t own = sizeof(RASDIALEXTENSIONS), device_info = sizeof(DWORD) + sizeof(void *);

    return size == offsetof(RASDIALEXTENSIONS, reserved1) || size == own
           || size == own + sizeof(BOOL) || size == own + sizeof(BOOL) + device_info;
}

static DWORD find_entry(const WCHAR *path, const WCHAR *name)
{
    struct phonebooks books;
    DWORD result = phonebooks_open(path, &books);

    if (result != ERROR_SUCCESS)
        return result == ERROR_CORRUPT_PHONEBOOK ? ERROR_CANNOT_OPEN_PHONEBOOK : result;
    if (!phonebooks_find(&books, name, NULL))
        result = ERROR_CANNOT_FIND_PHONEBOOK_ENTRY;
    phonebooks_close(&books);
    return result;
}

static DWORD find_entry_a(const char *path, const char *name, size_t room)
{
    char whole[RAS_MaxEntryName + 1];
    bool failed = false;
    WCHAR *wide_path, *wide_name;
    DWORD result;

    /* Nothing says that it ends within its member. */
    lstrcpynA(whole, name, (int)room);
    wide_path = wide_from_ansi(path, &failed);
    wide_name = wide_from_ansi(whole, &failed);
    result = failed ? ERROR_NOT_ENOUGH_MEMORY : find_entry(wide_path, wide_name);
    free(wide_path);
    free(wide_name);
    return result;
}

static DWORD find_entry_w(const WCHAR *path, const WCHAR *name, size_t room)
{
    WCHAR whole[RAS_MaxEntryName + 1];

    lstrcpynW(whole, name, (int)room);
    return find_entry(path, whole);
}

/* No dial parameters are saved here, so there is no user name, no password and no callback number;
 * the first link is dialed first. */
#define GET_DIAL_PARAMS(a_or_w, find, path, params, has_password)                                  \
    do                                                                                             \
    {                                                                                              \
        DWORD result;                                                                              \
                                                                                                   \
        if (!params || !has_password || IsBadWritePtr(params, sizeof(DWORD))                       \
                || IsBadWritePtr(has_password, sizeof(*has_password)))                             \
            return ERROR_BUFFER_INVALID;                                                           \
        if (!IS_PARAMS_SIZE(params->dwSize, RASDIALPARAMS##a_or_w))                                \
            return ERROR_INVALID_SIZE;                                                             \
        if (IsBadWritePtr(params, params->dwSize))                                                 \
            return ERROR_BUFFER_INVALID;                                                           \
        result = find(path, params->szEntryName, ARRAYSIZE(params->szEntryName));                  \
        if (result != ERROR_SUCCESS)                                                               \
            return result;                                                                         \
        memset((BYTE *)params + offsetof(RASDIALPARAMS##a_or_w, szPhoneNumber), 0,                 \
                params->dwSize - offsetof(RASDIALPARAMS##a_or_w, szPhoneNumber));                  \
        if (params->dwSize > offsetof(RASDIALPARAMS##a_or_w, dwSubEntry))                          \
            params->dwSubEntry = 1;                                                                \
        *has_password = FALSE;                                                                     \
        return ERROR_SUCCESS;                                                                      \
    } while (0)

DWORD WINAPI RasGetEntryDialParamsW(const WCHAR *path, RASDIALPARAMSW *params, BOOL *has_password)
{
    TRACE_CALL("(path %s, params %p, has_password %p)", TRACE_WIDE(path), (const void *)params,
            (const void *)has_password);
    GET_DIAL_PARAMS(W, find_entry_w, path, params, has_password);
}

DWORD WINAPI RasGetEntryDialParamsA(const char *path, RASDIALPARAMSA *params, BOOL *has_password)
{
    TRACE_CALL("(path %s, params %p, has_password %p)", TRACE_NARROW(path), (const void *)params,
            (const void *)has_password);
    GET_DIAL_PARAMS(A, find_entry_a, path, params, has_password);
}

/* What is wrong with the arguments that are no strings. */
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
    /* To go on with a paused call, of which there is none. */
    return *connection ? ERROR_INVALID_HANDLE : ERROR_SUCCESS;
}

static DWORD refuse_to_dial(void)
{
    static LONG said;

    return (DWORD)refuse("RasDial", &said, ERROR_PORT_NOT_AVAILABLE);
}

/* Without an entry it is the number that is dialed. */
#define DIAL(a_or_w, find)                                                                         \
    do                                                                                             \
    {                                                                                              \
        DWORD result = check_arguments(extensions, params, notifier_type, notifier, connection);   \
                                                                                                   \
        if (result != ERROR_SUCCESS)                                                               \
            return result;                                                                         \
        if (!IS_PARAMS_SIZE(params->dwSize, RASDIALPARAMS##a_or_w))                                \
            return ERROR_INVALID_SIZE;                                                             \
        if (IsBadReadPtr(params, params->dwSize))                                                  \
            return ERROR_BUFFER_INVALID;                                                           \
        if (*params->szEntryName || !*params->szPhoneNumber)                                       \
            result = find(path, params->szEntryName, ARRAYSIZE(params->szEntryName));              \
        return result != ERROR_SUCCESS ? result : refuse_to_dial();                                \
    } while (0)

DWORD WINAPI RasDialW(RASDIALEXTENSIONS *extensions, const WCHAR *path, RASDIALPARAMSW *params,
        DWORD notifier_type, void *notifier, HRASCONN *connection)
{
    TRACE_CALL("(extensions %p, path %s, params %p, notifier_type %lu, notifier %p, "
               "connection %p)",
            (const void *)extensions, TRACE_WIDE(path), (const void *)params,
            (unsigned long)notifier_type, (const void *)notifier, (const void *)connection);
    DIAL(W, find_entry_w);
}

DWORD WINAPI RasDialA(RASDIALEXTENSIONS *extensions, const char *path, RASDIALPARAMSA *params,
        DWORD notifier_type, void *notifier, HRASCONN *connection)
{
    TRACE_CALL("(extensions %p, path %s, params %p, notifier_type %lu, notifier %p, "
               "connection %p)",
            (const void *)extensions, TRACE_NARROW(path), (const void *)params,
            (unsigned long)notifier_type, (const void *)notifier, (const void *)connection);
    DIAL(A, find_entry_a);
}
