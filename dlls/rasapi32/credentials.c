/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasGetCredentials and RasSetCredentials.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>
#include <lmcons.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/phonebook.h"
#include "dlls/rasapi32/phonebook_change.h"
#include "dlls/rasapi32/secrets.h"

#include "libs/log/trace.h"

#define KEYS_OF_SERVERS (RASCM_ServerPreSharedKey | RASCM_DDMPreSharedKey)

/* RASCREDENTIALS with W or A. */
struct layout
{
    DWORD size;
    size_t user_name, password, domain; /* offsets */
    bool wide;
};

#define LAYOUT(structure, wide)                                                                    \
    {                                                                                              \
        sizeof(structure), offsetof(structure, szUserName), offsetof(structure, szPassword),       \
                offsetof(structure, szDomain), wide                                                \
    }

static const struct layout wide_layout = LAYOUT(RASCREDENTIALSW, true);
static const struct layout narrow_layout = LAYOUT(RASCREDENTIALSA, false);

static DWORD check_buffer(const void *credentials, const WCHAR *name, const struct layout *layout)
{
    if (!credentials || !name || IsBadWritePtr((void *)credentials, sizeof(DWORD)))
        return ERROR_INVALID_PARAMETER;
    if (*(const DWORD *)credentials != layout->size)
        return ERROR_INVALID_SIZE;
    return IsBadWritePtr((void *)credentials, layout->size) ? ERROR_INVALID_PARAMETER
                                                            : ERROR_SUCCESS;
}

static DWORD get_credentials(
        const WCHAR *path, const WCHAR *name, void *buffer, const struct layout *layout)
{
    DWORD result = check_buffer(buffer, name, layout), *mask = (DWORD *)buffer + 1, wanted;
    BYTE *credentials = buffer;
    struct secrets_place place;
    struct secrets secrets;

    if (result != ERROR_SUCCESS)
        return result;
    if ((result = secrets_find(path, name, &place, NULL)) != ERROR_SUCCESS)
        return result;
    wanted = *mask;
    place.default_credentials = wanted & RASCM_DefaultCreds;
    secrets_read(&place, &secrets);
    wanted &= secrets.saved;
    /* One member is for both. */
    if (wanted & RASCM_Password)
        wanted &= ~(DWORD)RASCM_PreSharedKey;
    memset(credentials + layout->user_name, 0, layout->size - layout->user_name);
    if (wanted & RASCM_UserName)
        write_text(credentials + layout->user_name, secrets.user_name, UNLEN + 1, layout->wide);
    if (wanted & (RASCM_Password | RASCM_PreSharedKey))
        write_text(credentials + layout->password, SECRET_HANDLE, PWLEN + 1, layout->wide);
    if (wanted & RASCM_Domain)
        write_text(credentials + layout->domain, secrets.domain, DNLEN + 1, layout->wide);
    *mask = wanted | (wanted && place.default_credentials ? RASCM_DefaultCreds : 0);
    SecureZeroMemory(&secrets, sizeof(secrets));
    return ERROR_SUCCESS;
}

DWORD WINAPI RasGetCredentialsW(const WCHAR *path, const WCHAR *name, RASCREDENTIALSW *credentials)
{
    TRACE_CALL("(path %s, name %s, credentials %p)", TRACE_WIDE(path), TRACE_WIDE(name),
            (const void *)credentials);
    return TRACED(get_credentials(path, name, credentials, &wide_layout));
}

DWORD WINAPI RasGetCredentialsA(const char *path, const char *name, RASCREDENTIALSA *credentials)
{
    TRACE_CALL("(path %s, name %s, credentials %p)", TRACE_NARROW(path), TRACE_NARROW(name),
            (const void *)credentials);
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result = failed ? ERROR_NOT_ENOUGH_MEMORY
                          : get_credentials(wide_path, wide_name, credentials, &narrow_layout);

    free(wide_path);
    free(wide_name);
    return TRACED(result);
}

/* Sets or clears one of the members that the mask names. */
static void set_member(struct secrets *secrets, DWORD flag, WCHAR *to, size_t capacity,
        const BYTE *from, DWORD mask, bool clear, bool wide)
{
    if (!(mask & flag))
        return;
    if (clear)
    {
        SecureZeroMemory(to, capacity * sizeof(*to));
        secrets->saved &= ~flag;
        return;
    }
    read_text(from, to, capacity, wide);
    secrets->saved |= flag;
}

static DWORD set_in_place(const struct secrets_place *place, const BYTE *credentials, DWORD mask,
        bool clear, const struct layout *layout)
{
    struct secrets secrets;
    WCHAR password[PWLEN + 1];
    DWORD result;
    HANDLE lock;

    if ((result = phonebook_lock(&lock)) != ERROR_SUCCESS)
        return result;
    /* "the password handle": the saved one stays. */
    read_text(credentials + layout->password, password, ARRAYSIZE(password), layout->wide);
    if (!clear && !wcscmp(password, SECRET_HANDLE))
        mask &= ~(DWORD)(RASCM_Password | RASCM_PreSharedKey);
    secrets_read(place, &secrets);
    set_member(&secrets, RASCM_UserName, secrets.user_name, UNLEN + 1,
            credentials + layout->user_name, mask, clear, layout->wide);
    set_member(&secrets, RASCM_Password, secrets.password, PWLEN + 1,
            credentials + layout->password, mask, clear, layout->wide);
    set_member(&secrets, RASCM_PreSharedKey, secrets.pre_shared_key, PWLEN + 1,
            credentials + layout->password, mask, clear, layout->wide);
    set_member(&secrets, RASCM_Domain, secrets.domain, DNLEN + 1, credentials + layout->domain,
            mask, clear, layout->wide);
    result = secrets_write(place, &secrets);
    phonebook_unlock(lock);
    SecureZeroMemory(password, sizeof(password));
    SecureZeroMemory(&secrets, sizeof(secrets));
    return result;
}

static DWORD set_credentials(const WCHAR *path, const WCHAR *name, const void *credentials,
        bool clear, const struct layout *layout)
{
    DWORD result = check_buffer(credentials, name, layout), mask;
    struct secrets_place place;
    bool all_users;

    if (result != ERROR_SUCCESS)
        return result;
    mask = ((const DWORD *)credentials)[1];
    if (mask & KEYS_OF_SERVERS)
        return ERROR_INVALID_PARAMETER;
    result = secrets_find(path, name, &place, &all_users);
    if (result == ERROR_CANNOT_FIND_PHONEBOOK_ENTRY)
        return ERROR_INVALID_PARAMETER; /* as on the page */
    if (result != ERROR_SUCCESS)
        return result;
    /* "Default credentials can be set only for an all-user connection." */
    if ((mask & RASCM_DefaultCreds) && !all_users)
        return ERROR_ACCESS_DENIED;
    place.default_credentials = mask & RASCM_DefaultCreds;
    return set_in_place(&place, credentials, mask, clear, layout);
}

DWORD WINAPI RasSetCredentialsW(
        const WCHAR *path, const WCHAR *name, RASCREDENTIALSW *credentials, BOOL clear)
{
    TRACE_CALL("(path %s, name %s, credentials %p, clear %d)", TRACE_WIDE(path), TRACE_WIDE(name),
            (const void *)credentials, clear);
    return TRACED(set_credentials(path, name, credentials, clear, &wide_layout));
}

DWORD WINAPI RasSetCredentialsA(
        const char *path, const char *name, RASCREDENTIALSA *credentials, BOOL clear)
{
    TRACE_CALL("(path %s, name %s, credentials %p, clear %d)", TRACE_NARROW(path),
            TRACE_NARROW(name), (const void *)credentials, clear);
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result =
            failed ? ERROR_NOT_ENOUGH_MEMORY
                   : set_credentials(wide_path, wide_name, credentials, clear, &narrow_layout);

    free(wide_path);
    free(wide_name);
    return TRACED(result);
}
