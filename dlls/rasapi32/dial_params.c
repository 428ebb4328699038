/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasGetEntryDialParams and RasSetEntryDialParams.
 */

#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/dial_params.h"
#include "dlls/rasapi32/phonebook.h"
#include "dlls/rasapi32/phonebook_change.h"
#include "dlls/rasapi32/secrets.h"
#include "libs/log/trace.h"

#define LAYOUT(structure, wide)                                                                    \
    {                                                                                              \
        {offsetof(structure, dwSubEntry), offsetof(structure, dwIfIndex), sizeof(structure),       \
                sizeof(structure) + sizeof(char *)}, /* szEncPassword, which is not read */        \
                offsetof(structure, szEntryName), offsetof(structure, szPhoneNumber),              \
                offsetof(structure, dwSubEntry), offsetof(structure, szCallbackNumber),            \
                offsetof(structure, szUserName), offsetof(structure, szPassword),                  \
                offsetof(structure, szDomain), offsetof(structure, dwCallbackId), wide             \
    }

const struct dial_params dial_params_wide = LAYOUT(RASDIALPARAMSW, true);
const struct dial_params dial_params_narrow = LAYOUT(RASDIALPARAMSA, false);

bool dial_params_is_size(DWORD size, const struct dial_params *layout)
{
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(layout->sizes); i++)
        if (size == layout->sizes[i])
            return true;
    return false;
}

/* Finds the entry that the parameters name. The name need not be terminated within its member. */
static DWORD find_params_entry(const void *path, const BYTE *params,
        const struct dial_params *layout, struct secrets_place *place)
{
    WCHAR name_w[RAS_MaxEntryName + 1], *wide_path, *wide_name;
    char name_a[RAS_MaxEntryName + 1];
    bool failed = false;
    DWORD result;

    if (layout->wide)
    {
        lstrcpynW(name_w, (const WCHAR *)(params + layout->entry_name), ARRAYSIZE(name_w));
        return secrets_find(path, name_w, place, NULL);
    }
    lstrcpynA(name_a, (const char *)(params + layout->entry_name), ARRAYSIZE(name_a));
    wide_path = wide_from_ansi(path, &failed);
    wide_name = wide_from_ansi(name_a, &failed);
    result = failed ? ERROR_NOT_ENOUGH_MEMORY : secrets_find(wide_path, wide_name, place, NULL);
    free(wide_path);
    free(wide_name);
    return result;
}

static DWORD check_params(const void *buffer, const struct dial_params *layout)
{
    if (!buffer || IsBadWritePtr((void *)buffer, sizeof(DWORD)))
        return ERROR_BUFFER_INVALID;
    if (!dial_params_is_size(*(const DWORD *)buffer, layout))
        return ERROR_INVALID_SIZE;
    return IsBadWritePtr((void *)buffer, *(const DWORD *)buffer) ? ERROR_BUFFER_INVALID
                                                                 : ERROR_SUCCESS;
}

/* Writes what is saved. The first link is dialed first unless another was set. */
static void write_params(
        BYTE *params, DWORD size, const struct secrets *secrets, const struct dial_params *layout)
{
    bool wide = layout->wide;
    ULONG_PTR id = (ULONG_PTR)secrets->callback_id;

    memset(params + layout->phone_number, 0, size - layout->phone_number);
    write_text(params + layout->callback_number, secrets->callback_number,
            RAS_MaxCallbackNumber + 1, wide);
    write_text(params + layout->user_name, secrets->user_name, UNLEN + 1, wide);
    if (secrets->saved & RASCM_Password)
        write_text(params + layout->password, SECRET_HANDLE, PWLEN + 1, wide);
    write_text(params + layout->domain, secrets->domain, DNLEN + 1, wide);
    if (size <= layout->sub_entry)
        return;
    *(DWORD *)(params + layout->sub_entry) = secrets->sub_entry ? secrets->sub_entry : 1;
    memcpy(params + layout->callback_id, &id, sizeof(id));
}

static DWORD get_dial_params(
        const void *path, void *buffer, BOOL *has_password, const struct dial_params *layout)
{
    DWORD result = check_params(buffer, layout);
    struct secrets_place place;
    struct secrets secrets;

    if (!has_password || IsBadWritePtr(has_password, sizeof(*has_password)))
        return ERROR_BUFFER_INVALID;
    if (result == ERROR_SUCCESS)
        result = find_params_entry(path, buffer, layout, &place);
    if (result != ERROR_SUCCESS)
        return result;
    secrets_read(&place, &secrets);
    write_params(buffer, *(DWORD *)buffer, &secrets, layout);
    *has_password = secrets.saved & RASCM_Password ? TRUE : FALSE;
    SecureZeroMemory(&secrets, sizeof(secrets));
    return ERROR_SUCCESS;
}

DWORD WINAPI RasGetEntryDialParamsW(const WCHAR *path, RASDIALPARAMSW *params, BOOL *has_password)
{
    TRACE_CALL("(path %s, params %p, has_password %p)", TRACE_WIDE(path), (const void *)params,
            (const void *)has_password);
    return TRACED(get_dial_params(path, params, has_password, &dial_params_wide));
}

DWORD WINAPI RasGetEntryDialParamsA(const char *path, RASDIALPARAMSA *params, BOOL *has_password)
{
    TRACE_CALL("(path %s, params %p, has_password %p)", TRACE_NARROW(path), (const void *)params,
            (const void *)has_password);
    return TRACED(get_dial_params(path, params, has_password, &dial_params_narrow));
}

/* "If szUserName is an empty string, the user name is not changed", and so on. */
static void take_text(struct secrets *secrets, DWORD flag, WCHAR *to, size_t capacity,
        const BYTE *from, bool wide)
{
    if (wide ? !*(const WCHAR *)from : !*from)
        return;
    read_text(from, to, capacity, wide);
    secrets->saved |= flag;
}

static void take_params(const BYTE *params, bool remove_password, struct secrets *secrets,
        const struct dial_params *layout)
{
    bool wide = layout->wide;
    WCHAR user[UNLEN + 1], password[PWLEN + 1];
    ULONG_PTR id;

    read_text(params + layout->user_name, user, ARRAYSIZE(user), wide);
    read_text(params + layout->password, password, ARRAYSIZE(password), wide);
    take_text(secrets, 0, secrets->callback_number, ARRAYSIZE(secrets->callback_number),
            params + layout->callback_number, wide);
    take_text(secrets, RASCM_UserName, secrets->user_name, ARRAYSIZE(secrets->user_name),
            params + layout->user_name, wide);
    take_text(secrets, RASCM_Domain, secrets->domain, ARRAYSIZE(secrets->domain),
            params + layout->domain, wide);
    if (remove_password)
    {
        SecureZeroMemory(secrets->password, sizeof(secrets->password));
        secrets->saved &= ~(DWORD)RASCM_Password;
    }
    else if (*user && wcscmp(password, SECRET_HANDLE) != 0)
    {
        lstrcpynW(secrets->password, password, ARRAYSIZE(secrets->password));
        secrets->saved |= RASCM_Password;
    }
    SecureZeroMemory(password, sizeof(password));
    if (*(const DWORD *)params <= layout->sub_entry)
        return;
    secrets->sub_entry = *(const DWORD *)(params + layout->sub_entry);
    memcpy(&id, params + layout->callback_id, sizeof(id));
    secrets->callback_id = id;
}

static DWORD set_dial_params(const void *path, const void *buffer, bool remove_password,
        const struct dial_params *layout)
{
    DWORD result = check_params(buffer, layout);
    struct secrets_place place;
    struct secrets secrets;
    HANDLE lock;

    if (result == ERROR_SUCCESS)
        result = find_params_entry(path, buffer, layout, &place);
    if (result == ERROR_SUCCESS)
        result = phonebook_lock(&lock);
    if (result != ERROR_SUCCESS)
        return result;
    secrets_read(&place, &secrets);
    take_params(buffer, remove_password, &secrets, layout);
    result = secrets_write(&place, &secrets);
    phonebook_unlock(lock);
    SecureZeroMemory(&secrets, sizeof(secrets));
    return result;
}

DWORD WINAPI RasSetEntryDialParamsW(const WCHAR *path, RASDIALPARAMSW *params, BOOL remove_password)
{
    TRACE_CALL("(path %s, params %p, remove_password %d)", TRACE_WIDE(path), (const void *)params,
            remove_password);
    return TRACED(set_dial_params(path, params, remove_password, &dial_params_wide));
}

DWORD WINAPI RasSetEntryDialParamsA(const char *path, RASDIALPARAMSA *params, BOOL remove_password)
{
    TRACE_CALL("(path %s, params %p, remove_password %d)", TRACE_NARROW(path), (const void *)params,
            remove_password);
    return TRACED(set_dial_params(path, params, remove_password, &dial_params_narrow));
}
