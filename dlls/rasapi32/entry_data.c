/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What belongs to a phone-book entry besides its properties: dialogs for it, its links, and what
 * authentication protocols keep for it. None of it is implemented. A function here reports that
 * last, after every error in its arguments, in the phone book and in the entry's name: programs
 * tell by the error whether there is such an entry.
 */

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/phonebook.h"
#include "libs/unimplemented/unimplemented.h"
#include "libs/log/trace.h"

/* ---- dialogs ---- */

static DWORD create_entry(const void *path, bool wide)
{
    static LONG logged;
    DWORD error = phonebook_check_entry(path, NULL, wide);

    if (error)
        return error;
    return (DWORD)unimplemented("RasCreatePhonebookEntry", &logged, ERROR_CANNOT_WRITE_PHONEBOOK);
}

static DWORD edit_entry(const void *path, const void *name, bool wide)
{
    static LONG logged;
    DWORD error = name ? phonebook_check_entry(path, name, wide) : ERROR_BUFFER_INVALID;

    if (error)
        return error;
    return (DWORD)unimplemented("RasEditPhonebookEntry", &logged, ERROR_CANNOT_WRITE_PHONEBOOK);
}

/* ---- links ---- */

/* Checks a link's entry and number, from 1. */
static DWORD check_link(const void *path, const void *name, DWORD number, bool wide)
{
    return name && number ? phonebook_check_entry(path, name, wide) : ERROR_INVALID_PARAMETER;
}

static DWORD get_link(const void *path, const void *name, DWORD number, const void *link,
        const DWORD *size, bool wide)
{
    static LONG logged;
    DWORD error;

    if (link && !size)
        return ERROR_INVALID_PARAMETER;
    if (link && IsBadReadPtr(link, sizeof(DWORD)))
        return ERROR_BUFFER_INVALID;
    if (link && *(const DWORD *)link != (wide ? sizeof(RASSUBENTRYW) : sizeof(RASSUBENTRYA)))
        return ERROR_INVALID_SIZE;
    if ((error = check_link(path, name, number, wide)))
        return error;
    return (DWORD)unimplemented("RasGetSubEntryProperties", &logged, ERROR_CALL_NOT_IMPLEMENTED);
}

static DWORD delete_link(const void *path, const void *name, DWORD number, bool wide)
{
    static LONG logged;
    DWORD error = check_link(path, name, number, wide);

    if (error)
        return error;
    return (DWORD)unimplemented("RasDeleteSubEntry", &logged, ERROR_CANNOT_WRITE_PHONEBOOK);
}

/* ---- authentication ---- */

/* Checks an entry's name, and the pointer to a result or to data. The pages' error for the latter
 * is an HRESULT. */
static DWORD check_data(const void *path, const void *name, const void *pointer, bool wide)
{
    return name && pointer ? phonebook_check_entry(path, name, wide) : (DWORD)E_INVALIDARG;
}

static DWORD get_custom_data(const void *path, const void *name, const DWORD *size, bool wide)
{
    static LONG logged;
    DWORD error = check_data(path, name, size, wide);

    if (error)
        return error;
    return (DWORD)unimplemented("RasGetCustomAuthData", &logged, ERROR_CALL_NOT_IMPLEMENTED);
}

static DWORD set_custom_data(const void *path, const void *name, const void *data, bool wide)
{
    static LONG logged;
    DWORD error = check_data(path, name, data, wide);

    if (error)
        return error;
    return (DWORD)unimplemented("RasSetCustomAuthData", &logged, ERROR_CANNOT_WRITE_PHONEBOOK);
}

static DWORD get_user_data(const void *path, const void *name, const DWORD *size, bool wide)
{
    static LONG logged;
    DWORD error = check_data(path, name, size, wide);

    if (error)
        return error;
    return (DWORD)unimplemented("RasGetEapUserData", &logged, ERROR_CALL_NOT_IMPLEMENTED);
}

static DWORD set_user_data(const void *path, const void *name, const void *data, bool wide)
{
    static LONG logged;
    DWORD error = check_data(path, name, data, wide);

    if (error)
        return error;
    return (DWORD)unimplemented("RasSetEapUserData", &logged, ERROR_CALL_NOT_IMPLEMENTED);
}

static DWORD get_identity(const void *path, const void *name, void **identity, bool wide)
{
    static LONG logged;
    DWORD error = check_data(path, name, identity, wide);

    if (identity)
        *identity = NULL;
    if (error)
        return error;
    return (DWORD)unimplemented("RasGetEapUserIdentity", &logged, ERROR_INVALID_FUNCTION_FOR_ENTRY);
}

/* ---- the functions ---- */

DWORD WINAPI RasCreatePhonebookEntryW(HWND window, const WCHAR *path)
{
    TRACE_CALL("(window %p, path %s)", (const void *)window, TRACE_WIDE(path));
    (void)window;
    return TRACED(create_entry(path, true));
}

DWORD WINAPI RasCreatePhonebookEntryA(HWND window, const char *path)
{
    TRACE_CALL("(window %p, path %s)", (const void *)window, TRACE_NARROW(path));
    (void)window;
    return TRACED(create_entry(path, false));
}

DWORD WINAPI RasEditPhonebookEntryW(HWND window, const WCHAR *path, const WCHAR *name)
{
    TRACE_CALL("(window %p, path %s, name %s)", (const void *)window, TRACE_WIDE(path),
            TRACE_WIDE(name));
    (void)window;
    return TRACED(edit_entry(path, name, true));
}

DWORD WINAPI RasEditPhonebookEntryA(HWND window, const char *path, const char *name)
{
    TRACE_CALL("(window %p, path %s, name %s)", (const void *)window, TRACE_NARROW(path),
            TRACE_NARROW(name));
    (void)window;
    return TRACED(edit_entry(path, name, false));
}

DWORD WINAPI RasGetSubEntryPropertiesW(const WCHAR *path, const WCHAR *name, DWORD number,
        RASSUBENTRYW *link, DWORD *size, BYTE *device_info, DWORD *device_info_size)
{
    TRACE_CALL(
            "(path %s, name %s, number %lu, link %p, size %p, device_info %p, device_info_size %p)",
            TRACE_WIDE(path), TRACE_WIDE(name), (unsigned long)number, (const void *)link,
            (const void *)size, (const void *)device_info, (const void *)device_info_size);
    (void)device_info;
    (void)device_info_size;
    return TRACED(get_link(path, name, number, link, size, true));
}

DWORD WINAPI RasGetSubEntryPropertiesA(const char *path, const char *name, DWORD number,
        RASSUBENTRYA *link, DWORD *size, BYTE *device_info, DWORD *device_info_size)
{
    TRACE_CALL(
            "(path %s, name %s, number %lu, link %p, size %p, device_info %p, device_info_size %p)",
            TRACE_NARROW(path), TRACE_NARROW(name), (unsigned long)number, (const void *)link,
            (const void *)size, (const void *)device_info, (const void *)device_info_size);
    (void)device_info;
    (void)device_info_size;
    return TRACED(get_link(path, name, number, link, size, false));
}

DWORD WINAPI RasDeleteSubEntryW(const WCHAR *path, const WCHAR *name, DWORD number)
{
    TRACE_CALL("(path %s, name %s, number %lu)", TRACE_WIDE(path), TRACE_WIDE(name),
            (unsigned long)number);
    return TRACED(delete_link(path, name, number, true));
}

DWORD WINAPI RasDeleteSubEntryA(const char *path, const char *name, DWORD number)
{
    TRACE_CALL("(path %s, name %s, number %lu)", TRACE_NARROW(path), TRACE_NARROW(name),
            (unsigned long)number);
    return TRACED(delete_link(path, name, number, false));
}

DWORD WINAPI RasGetCustomAuthDataW(const WCHAR *path, const WCHAR *name, BYTE *data, DWORD *size)
{
    TRACE_CALL("(path %s, name %s, data %p, size %p)", TRACE_WIDE(path), TRACE_WIDE(name),
            (const void *)data, (const void *)size);
    (void)data;
    return TRACED(get_custom_data(path, name, size, true));
}

DWORD WINAPI RasGetCustomAuthDataA(const char *path, const char *name, BYTE *data, DWORD *size)
{
    TRACE_CALL("(path %s, name %s, data %p, size %p)", TRACE_NARROW(path), TRACE_NARROW(name),
            (const void *)data, (const void *)size);
    (void)data;
    return TRACED(get_custom_data(path, name, size, false));
}

DWORD WINAPI RasSetCustomAuthDataW(const WCHAR *path, const WCHAR *name, BYTE *data, DWORD size)
{
    TRACE_CALL("(path %s, name %s, data %p, size %lu)", TRACE_WIDE(path), TRACE_WIDE(name),
            (const void *)data, (unsigned long)size);
    (void)size;
    return TRACED(set_custom_data(path, name, data, true));
}

DWORD WINAPI RasSetCustomAuthDataA(const char *path, const char *name, BYTE *data, DWORD size)
{
    TRACE_CALL("(path %s, name %s, data %p, size %lu)", TRACE_NARROW(path), TRACE_NARROW(name),
            (const void *)data, (unsigned long)size);
    (void)size;
    return TRACED(set_custom_data(path, name, data, false));
}

DWORD WINAPI RasGetEapUserDataW(
        HANDLE token, const WCHAR *path, const WCHAR *name, BYTE *data, DWORD *size)
{
    TRACE_CALL("(token %p, path %s, name %s, data %p, size %p)", (const void *)token,
            TRACE_WIDE(path), TRACE_WIDE(name), (const void *)data, (const void *)size);
    (void)token;
    (void)data;
    return TRACED(get_user_data(path, name, size, true));
}

DWORD WINAPI RasGetEapUserDataA(
        HANDLE token, const char *path, const char *name, BYTE *data, DWORD *size)
{
    TRACE_CALL("(token %p, path %s, name %s, data %p, size %p)", (const void *)token,
            TRACE_NARROW(path), TRACE_NARROW(name), (const void *)data, (const void *)size);
    (void)token;
    (void)data;
    return TRACED(get_user_data(path, name, size, false));
}

DWORD WINAPI RasSetEapUserDataW(
        HANDLE token, const WCHAR *path, const WCHAR *name, BYTE *data, DWORD size)
{
    TRACE_CALL("(token %p, path %s, name %s, data %p, size %lu)", (const void *)token,
            TRACE_WIDE(path), TRACE_WIDE(name), (const void *)data, (unsigned long)size);
    (void)token;
    (void)size;
    return TRACED(set_user_data(path, name, data, true));
}

DWORD WINAPI RasSetEapUserDataA(
        HANDLE token, const char *path, const char *name, BYTE *data, DWORD size)
{
    TRACE_CALL("(token %p, path %s, name %s, data %p, size %lu)", (const void *)token,
            TRACE_NARROW(path), TRACE_NARROW(name), (const void *)data, (unsigned long)size);
    (void)token;
    (void)size;
    return TRACED(set_user_data(path, name, data, false));
}

DWORD WINAPI RasGetEapUserIdentityW(const WCHAR *path, const WCHAR *name, DWORD flags, HWND window,
        RASEAPUSERIDENTITYW **identity)
{
    TRACE_CALL("(path %s, name %s, flags %lu, window %p, identity %p)", TRACE_WIDE(path),
            TRACE_WIDE(name), (unsigned long)flags, (const void *)window, (const void *)identity);
    (void)flags;
    (void)window;
    return TRACED(get_identity(path, name, (void **)identity, true));
}

DWORD WINAPI RasGetEapUserIdentityA(const char *path, const char *name, DWORD flags, HWND window,
        RASEAPUSERIDENTITYA **identity)
{
    TRACE_CALL("(path %s, name %s, flags %lu, window %p, identity %p)", TRACE_NARROW(path),
            TRACE_NARROW(name), (unsigned long)flags, (const void *)window, (const void *)identity);
    (void)flags;
    (void)window;
    return TRACED(get_identity(path, name, (void **)identity, false));
}
