/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What authentication protocols keep for an entry: RasGetCustomAuthData and RasSetCustomAuthData,
 * in the phone book, and RasGetEapUserData and RasSetEapUserData, for each user beside the saved
 * password. The pages' error for a bad argument is an HRESULT.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/phonebook.h"
#include "dlls/rasapi32/phonebook_change.h"
#include "dlls/rasapi32/secrets.h"

#include "libs/log/trace.h"

#define KEY "CustomAuthData"
#define BYTES_IN_LINE 64  /* as in public phone books */
#define MAX_SIZE 0x10000u /* more than any protocol has, and few enough lines */

/* ---- data of the entry ---- */

static DWORD get_custom_data(const WCHAR *path, const WCHAR *name, BYTE *data, DWORD *size)
{
    DWORD capacity, result;
    const struct pbk_entry *entry;
    struct phonebooks books;

    if (!name || !size || IsBadWritePtr(size, sizeof(*size)))
        return (DWORD)E_INVALIDARG;
    capacity = data ? *size : 0;
    if ((result = phonebooks_open_entry(path, name, &books, &entry, NULL)) != ERROR_SUCCESS)
        return result;
    *size = (DWORD)pbk_dump(entry->blocks, KEY, NULL, 0);
    if (*size > capacity)
        result = ERROR_BUFFER_TOO_SMALL;
    else if (IsBadWritePtr(data, *size))
        result = (DWORD)E_INVALIDARG;
    else
        pbk_dump(entry->blocks, KEY, data, *size);
    phonebooks_close(&books);
    return result;
}

/* Writes the data in lines, of which the last may be shorter. */
static void write_custom_data(struct phonebook_change *change, const BYTE *data, DWORD size)
{
    size_t count = (size + BYTES_IN_LINE - 1) / BYTES_IN_LINE, i;
    char(*lines)[2 * BYTES_IN_LINE + 1] = calloc(count, sizeof(*lines));
    const char **values = calloc(count, sizeof(*values));

    if (lines && values)
    {
        for (i = 0; i < size; i++)
            sprintf(lines[i / BYTES_IN_LINE] + 2 * (i % BYTES_IN_LINE), "%02X", data[i]);
        for (i = 0; i < count; i++)
            values[i] = lines[i];
        pbk_edit_set_list(&change->edit, PBK_SETTINGS, 0, KEY, values, count);
    }
    else
        change->edit.failed = true;
    free(values);
    free(lines);
}

static bool is_data(const WCHAR *name, const BYTE *data, DWORD size)
{
    return name && data && size && size <= MAX_SIZE && !IsBadReadPtr(data, size);
}

static DWORD set_custom_data(const WCHAR *path, const WCHAR *name, const BYTE *data, DWORD size)
{
    struct phonebook_change change;
    DWORD result;

    if (!is_data(name, data, size))
        return (DWORD)E_INVALIDARG;
    result = phonebook_change_begin(&change, path, name);
    if (result == ERROR_SUCCESS)
    {
        write_custom_data(&change, data, size);
        result = phonebook_change_commit(&change);
    }
    phonebook_change_end(&change);
    return result;
}

/* ---- data of the user ---- */

/* The token must be of this process' user: nobody can encrypt for somebody else. */
static DWORD check_token(HANDLE token)
{
    BYTE given[256], own[256];
    DWORD size, result = ERROR_SUCCESS;
    HANDLE process;

    if (!token)
        return ERROR_SUCCESS;
    if (!GetTokenInformation(token, TokenUser, given, sizeof(given), &size))
        return GetLastError();
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &process))
        return GetLastError();
    if (!GetTokenInformation(process, TokenUser, own, sizeof(own), &size))
        result = GetLastError();
    else if (!EqualSid(((TOKEN_USER *)given)->User.Sid, ((TOKEN_USER *)own)->User.Sid))
        result = ERROR_ACCESS_DENIED;
    CloseHandle(process);
    return result;
}

static DWORD get_user_data(
        HANDLE token, const WCHAR *path, const WCHAR *name, BYTE *data, DWORD *size)
{
    struct secrets_place place;
    DWORD result;

    if (!name || !size || IsBadWritePtr(size, sizeof(*size))
            || (data && IsBadWritePtr(data, *size)))
        return (DWORD)E_INVALIDARG;
    if ((result = secrets_find(path, name, &place, NULL)) != ERROR_SUCCESS
            || (result = check_token(token)) != ERROR_SUCCESS)
        return result;
    return secrets_read_eap(&place, data, size);
}

static DWORD set_user_data(
        HANDLE token, const WCHAR *path, const WCHAR *name, const BYTE *data, DWORD size)
{
    struct secrets_place place;
    DWORD result;
    HANDLE lock;

    if (!is_data(name, data, size))
        return (DWORD)E_INVALIDARG;
    if ((result = secrets_find(path, name, &place, NULL)) != ERROR_SUCCESS
            || (result = check_token(token)) != ERROR_SUCCESS
            || (result = phonebook_lock(&lock)) != ERROR_SUCCESS)
        return result;
    result = secrets_write_eap(&place, data, size);
    phonebook_unlock(lock);
    return result;
}

/* ---- the functions ---- */

DWORD WINAPI RasGetCustomAuthDataW(const WCHAR *path, const WCHAR *name, BYTE *data, DWORD *size)
{
    TRACE_CALL("(path %s, name %s, data %p, size %p)", TRACE_WIDE(path), TRACE_WIDE(name),
            (const void *)data, (const void *)size);
    return TRACED(get_custom_data(path, name, data, size));
}

DWORD WINAPI RasGetCustomAuthDataA(const char *path, const char *name, BYTE *data, DWORD *size)
{
    TRACE_CALL("(path %s, name %s, data %p, size %p)", TRACE_NARROW(path), TRACE_NARROW(name),
            (const void *)data, (const void *)size);
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result =
            failed ? ERROR_NOT_ENOUGH_MEMORY : get_custom_data(wide_path, wide_name, data, size);

    free(wide_path);
    free(wide_name);
    return TRACED(result);
}

DWORD WINAPI RasSetCustomAuthDataW(const WCHAR *path, const WCHAR *name, BYTE *data, DWORD size)
{
    TRACE_CALL("(path %s, name %s, data %p, size %lu)", TRACE_WIDE(path), TRACE_WIDE(name),
            (const void *)data, (unsigned long)size);
    return TRACED(set_custom_data(path, name, data, size));
}

DWORD WINAPI RasSetCustomAuthDataA(const char *path, const char *name, BYTE *data, DWORD size)
{
    TRACE_CALL("(path %s, name %s, data %p, size %lu)", TRACE_NARROW(path), TRACE_NARROW(name),
            (const void *)data, (unsigned long)size);
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result =
            failed ? ERROR_NOT_ENOUGH_MEMORY : set_custom_data(wide_path, wide_name, data, size);

    free(wide_path);
    free(wide_name);
    return TRACED(result);
}

DWORD WINAPI RasGetEapUserDataW(
        HANDLE token, const WCHAR *path, const WCHAR *name, BYTE *data, DWORD *size)
{
    TRACE_CALL("(token %p, path %s, name %s, data %p, size %p)", (const void *)token,
            TRACE_WIDE(path), TRACE_WIDE(name), (const void *)data, (const void *)size);
    return TRACED(get_user_data(token, path, name, data, size));
}

DWORD WINAPI RasGetEapUserDataA(
        HANDLE token, const char *path, const char *name, BYTE *data, DWORD *size)
{
    TRACE_CALL("(token %p, path %s, name %s, data %p, size %p)", (const void *)token,
            TRACE_NARROW(path), TRACE_NARROW(name), (const void *)data, (const void *)size);
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result = failed ? ERROR_NOT_ENOUGH_MEMORY
                          : get_user_data(token, wide_path, wide_name, data, size);

    free(wide_path);
    free(wide_name);
    return TRACED(result);
}

DWORD WINAPI RasSetEapUserDataW(
        HANDLE token, const WCHAR *path, const WCHAR *name, BYTE *data, DWORD size)
{
    TRACE_CALL("(token %p, path %s, name %s, data %p, size %lu)", (const void *)token,
            TRACE_WIDE(path), TRACE_WIDE(name), (const void *)data, (unsigned long)size);
    return TRACED(set_user_data(token, path, name, data, size));
}

DWORD WINAPI RasSetEapUserDataA(
        HANDLE token, const char *path, const char *name, BYTE *data, DWORD size)
{
    TRACE_CALL("(token %p, path %s, name %s, data %p, size %lu)", (const void *)token,
            TRACE_NARROW(path), TRACE_NARROW(name), (const void *)data, (unsigned long)size);
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result = failed ? ERROR_NOT_ENOUGH_MEMORY
                          : set_user_data(token, wide_path, wide_name, data, size);

    free(wide_path);
    free(wide_name);
    return TRACED(result);
}
