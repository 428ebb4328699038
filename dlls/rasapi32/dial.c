/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasDial: what is dialed, by the caller's parameters, the phone book and the entry's saved
 * parameters. dialing.c does it.
 */

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/dial_params.h"
#include "dlls/rasapi32/dialing.h"
#include "dlls/rasapi32/entry.h"
#include "dlls/rasapi32/phonebook.h"
#include "dlls/rasapi32/secrets.h"
#include "libs/log/trace.h"

/* The sizes of RASDIALEXTENSIONS: Windows 95, 2000, Vista, 7. */
static bool is_extensions_size(DWORD size)
{
    const size_t own = sizeof(RASDIALEXTENSIONS), device_info = sizeof(DWORD) + sizeof(void *);

    return size == offsetof(RASDIALEXTENSIONS, reserved1) || size == own
           || size == own + sizeof(BOOL) || size == own + sizeof(BOOL) + device_info;
}

/* Checks the arguments that are not strings. */
static DWORD check_arguments(const RASDIALEXTENSIONS *extensions, const void *params,
        const struct notifier *notifier, HRASCONN *connection, const struct dial_params *layout)
{
    DWORD size;

    if (!params || !connection)
        return ERROR_INVALID_PARAMETER;
    if (IsBadReadPtr(params, sizeof(DWORD)) || IsBadWritePtr(connection, sizeof(*connection)))
        return ERROR_BUFFER_INVALID;
    if (extensions && !is_extensions_size(extensions->dwSize))
        return ERROR_INVALID_SIZE;
    if (notifier->target && notifier->type > 2 && notifier->type != NOTIFIER_WINDOW)
        return ERROR_INVALID_PARAMETER;
    /* A connection here means to resume a paused call, and there are none. */
    if (*connection)
        return ERROR_INVALID_HANDLE;
    size = *(const DWORD *)params;
    if (!dial_params_is_size(size, layout))
        return ERROR_INVALID_SIZE;
    return IsBadReadPtr(params, size) ? ERROR_BUFFER_INVALID : ERROR_SUCCESS;
}

/* What the caller gives. */
static void read_params(const BYTE *params, const struct dial_params *layout, struct call *call,
        struct notifier *notifier)
{
    bool wide = layout->wide;

    memset(call, 0, sizeof(*call));
#define READ(member, to) read_text(params + layout->member, to, ARRAYSIZE(to), wide)
    READ(entry_name, call->entry_name);
    READ(phone_number, call->phone_number);
    READ(callback_number, call->callback_number);
    READ(user_name, call->user_name);
    READ(password, call->password);
    READ(domain, call->domain);
#undef READ
    lstrcpyW(call->dialed.user_name, call->user_name);
    notifier->callback_id = 0;
    if ((call->dialed.has_ids = *(const DWORD *)params > layout->sub_entry))
    {
        memcpy(&notifier->callback_id, params + layout->callback_id, sizeof(ULONG_PTR));
        call->dialed.callback_id = notifier->callback_id;
        memcpy(&call->dialed.sub_entry, params + layout->sub_entry, sizeof(DWORD));
    }
}

/* The saved secrets; without a password there, those for all users if they are of the same user. */
static void read_saved(const struct secrets_place *place, struct secrets *secrets)
{
    struct secrets_place place_for_all = *place;
    struct secrets for_all;

    secrets_read(place, secrets);
    if (secrets->saved & RASCM_Password)
        return;
    place_for_all.default_credentials = true;
    secrets_read(&place_for_all, &for_all);
    if (for_all.saved && (!*secrets->user_name || !_wcsicmp(secrets->user_name, for_all.user_name)))
        *secrets = for_all;
    SecureZeroMemory(&for_all, sizeof(for_all));
}

/* What is saved is used for what the caller leaves empty. A password is used only with the user's
 * name that it was saved with. */
static void take_saved(struct call *call)
{
    bool wants_password = !*call->password || !wcscmp(call->password, SECRET_HANDLE);
    struct secrets secrets;

    read_saved(&call->dialed.place, &secrets);
    if (!wcscmp(call->password, SECRET_HANDLE))
        *call->password = 0;
    if (!*call->user_name)
    {
        lstrcpyW(call->user_name, secrets.user_name);
        if (!*call->domain)
            lstrcpyW(call->domain, secrets.domain);
    }
    /* "An asterisk specifies the domain stored in the phone book for the entry." */
    if (!wcscmp(call->domain, L"*"))
        lstrcpyW(call->domain, secrets.domain);
    if (wants_password && !_wcsicmp(call->user_name, secrets.user_name))
        lstrcpyW(call->password, secrets.password);
    SecureZeroMemory(&secrets, sizeof(secrets));
}

/* The entry says what the caller does not. */
static DWORD take_entry(const WCHAR *path, struct call *call)
{
    const struct phonebook *book;
    const struct pbk_entry *source;
    struct phonebooks books;
    struct entry_w entry;
    DWORD result = phonebooks_open_entry(path, call->entry_name, &books, &source, &book);

    if (result != ERROR_SUCCESS)
        return result;
    entry_read(source, &entry);
    entry_read_id(source, &call->entry_id);
    phonebook_text(source->name, call->entry_name, ARRAYSIZE(call->entry_name));
    phonebook_full_name(book->path, call->phonebook);
    lstrcpyW(call->device_type, entry.xp.szDeviceType);
    lstrcpyW(call->device_name, entry.xp.szDeviceName);
    if (!*call->phone_number)
        lstrcpynW(call->phone_number, entry.xp.szLocalPhoneNumber, ARRAYSIZE(call->phone_number));
    call->flags = phonebook_is_for_all(book) ? RASCF_AllUsers : 0;
    secrets_place(book->path, source, &call->dialed.place);
    call->dialed.of_entry = true;
    phonebooks_close(&books);
    take_saved(call);
    lstrcpyW(call->dialed.domain, call->domain);
    return ERROR_SUCCESS;
}

/* "If the connection was established without using a phone-book entry, this member contains a
 * PERIOD (.) followed by the phone number" (RASCONN) */
static void take_number(struct call *call)
{
    call->entry_name[0] = '.';
    lstrcpynW(call->entry_name + 1, call->phone_number, ARRAYSIZE(call->entry_name) - 1);
    lstrcpyW(call->device_type, RASDT_Modem);
    if (!wcscmp(call->password, SECRET_HANDLE))
        *call->password = 0;
}

static DWORD dial(const RASDIALEXTENSIONS *extensions, const WCHAR *path, const void *params,
        struct notifier *notifier, HRASCONN *connection, const struct dial_params *layout)
{
    DWORD result = check_arguments(extensions, params, notifier, connection, layout);
    struct call call;

    if (result != ERROR_SUCCESS)
        return result;
    read_params(params, layout, &call, notifier);
    /* "specifying an asterisk (*) for the szCallbackNumber member causes RAS to return error 704";
     * with paused states it means to ask for the number later. */
    if (!wcscmp(call.callback_number, L"*")
            && !(extensions && extensions->dwfOptions & RDEOPT_PausedStates))
        result = ERROR_BAD_CALLBACK_NUMBER;
    /* Without an entry name the phone number is dialed. */
    else if (*call.entry_name || !*call.phone_number)
        result = take_entry(path, &call);
    else
        take_number(&call);
    if (result == ERROR_SUCCESS)
        result = dialing_start(&call, notifier, connection);
    SecureZeroMemory(&call, sizeof(call));
    return result;
}

DWORD WINAPI RasDialW(RASDIALEXTENSIONS *extensions, const WCHAR *path, RASDIALPARAMSW *params,
        DWORD notifier_type, void *target, HRASCONN *connection)
{
    TRACE_CALL("(extensions %p, path %s, params %p, notifier_type %lu, notifier %p, "
               "connection %p)",
            (const void *)extensions, TRACE_WIDE(path), (const void *)params,
            (unsigned long)notifier_type, (const void *)target, (const void *)connection);
    struct notifier notifier = {.target = target, .type = notifier_type};

    return TRACED(dial(extensions, path, params, &notifier, connection, &dial_params_wide));
}

DWORD WINAPI RasDialA(RASDIALEXTENSIONS *extensions, const char *path, RASDIALPARAMSA *params,
        DWORD notifier_type, void *target, HRASCONN *connection)
{
    TRACE_CALL("(extensions %p, path %s, params %p, notifier_type %lu, notifier %p, "
               "connection %p)",
            (const void *)extensions, TRACE_NARROW(path), (const void *)params,
            (unsigned long)notifier_type, (const void *)target, (const void *)connection);
    struct notifier notifier = {.target = target, .type = notifier_type};
    bool failed = false;
    WCHAR *wide = wide_from_ansi(path, &failed);
    DWORD result =
            failed ? ERROR_NOT_ENOUGH_MEMORY
                   : dial(extensions, wide, params, &notifier, connection, &dial_params_narrow);

    free(wide);
    return TRACED(result);
}
