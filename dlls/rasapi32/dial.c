/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasGetEntryDialParams, RasSetEntryDialParams and RasDial. Dialing is not implemented: connections
 * are the host's, made by its own programs. RasDial reports that last, after every error that the
 * caller can correct.
 */

#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/phonebook.h"
#include "dlls/rasapi32/phonebook_change.h"
#include "dlls/rasapi32/secrets.h"
#include "libs/unimplemented/unimplemented.h"
#include "libs/log/trace.h"

/* RASDIALPARAMS with W or A. */
struct layout
{
    DWORD sizes[3];                             /* of Windows 95, NT 4.0 and 7 */
    size_t entry_name, phone_number, sub_entry; /* offsets */
    size_t callback_number, user_name, password, domain, callback_id;
    bool wide;
};

#define LAYOUT(structure, wide)                                                                    \
    {                                                                                              \
        {offsetof(structure, dwSubEntry), offsetof(structure, dwIfIndex), sizeof(structure)},      \
                offsetof(structure, szEntryName), offsetof(structure, szPhoneNumber),              \
                offsetof(structure, dwSubEntry), offsetof(structure, szCallbackNumber),            \
                offsetof(structure, szUserName), offsetof(structure, szPassword),                  \
                offsetof(structure, szDomain), offsetof(structure, dwCallbackId), wide             \
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
static DWORD find_params_entry(const void *path, const BYTE *params, const struct layout *layout,
        struct secrets_place *place)
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

static DWORD check_params(const void *buffer, const struct layout *layout)
{
    if (!buffer || IsBadWritePtr((void *)buffer, sizeof(DWORD)))
        return ERROR_BUFFER_INVALID;
    if (!is_params_size(*(const DWORD *)buffer, layout))
        return ERROR_INVALID_SIZE;
    return IsBadWritePtr((void *)buffer, *(const DWORD *)buffer) ? ERROR_BUFFER_INVALID
                                                                 : ERROR_SUCCESS;
}

/* Writes what is saved. The first link is dialed first unless another was set. */
static void write_params(
        BYTE *params, DWORD size, const struct secrets *secrets, const struct layout *layout)
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
        const void *path, void *buffer, BOOL *has_password, const struct layout *layout)
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
    return TRACED(get_dial_params(path, params, has_password, &wide_layout));
}

DWORD WINAPI RasGetEntryDialParamsA(const char *path, RASDIALPARAMSA *params, BOOL *has_password)
{
    TRACE_CALL("(path %s, params %p, has_password %p)", TRACE_NARROW(path), (const void *)params,
            (const void *)has_password);
    return TRACED(get_dial_params(path, params, has_password, &narrow_layout));
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
        const struct layout *layout)
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

static DWORD set_dial_params(
        const void *path, const void *buffer, bool remove_password, const struct layout *layout)
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
    return TRACED(set_dial_params(path, params, remove_password, &wide_layout));
}

DWORD WINAPI RasSetEntryDialParamsA(const char *path, RASDIALPARAMSA *params, BOOL remove_password)
{
    TRACE_CALL("(path %s, params %p, remove_password %d)", TRACE_NARROW(path), (const void *)params,
            remove_password);
    return TRACED(set_dial_params(path, params, remove_password, &narrow_layout));
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
    struct secrets_place place;

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
        result = find_params_entry(path, params, layout, &place);
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
