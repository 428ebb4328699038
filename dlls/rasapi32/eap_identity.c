/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasGetEapUserIdentity and RasFreeEapUserIdentity: the DLL of the entry's EAP protocol, if one is
 * installed and has an identity function, says who the user is. The pages are RasEapGetIdentity,
 * "Obtaining Identity Information" and "EAP Installation".
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <lmcons.h>
#include <ras.h>
#include <raserror.h>
#include <raseapif.h>

#include "dlls/rasapi32/phonebook.h"
#include "dlls/rasapi32/secrets.h"

#include "libs/log/trace.h"

#define AUTH_EAP 0x80 /* of AuthRestrictions, [MS-RRASM] 2.2.2.2.58 */

typedef DWORD(WINAPI *get_identity_fn)(DWORD type, HWND window, DWORD flags, const WCHAR *path,
        const WCHAR *name, BYTE *connection_data, DWORD connection_size, BYTE *user_data,
        DWORD user_size, BYTE **data, DWORD *size, WCHAR **identity);
typedef DWORD(WINAPI *free_memory_fn)(BYTE *memory);

struct protocol
{
    HMODULE module;
    get_identity_fn get_identity;
    free_memory_fn free_memory;
};

/* What the protocol is asked about. */
struct question
{
    DWORD type;
    BYTE *connection_data, *user_data;
    DWORD connection_size, user_size;
};

/* Loads the protocol's DLL. A protocol that leaves the user's name to the standard dialog has no
 * identity function. */
static DWORD load_protocol(DWORD type, struct protocol *protocol)
{
    WCHAR key[128], path[MAX_PATH];
    DWORD size = sizeof(DWORD), standard = 1;

    swprintf(key, ARRAYSIZE(key), RAS_EAP_REGISTRY_LOCATION L"\\%lu", (unsigned long)type);
    RegGetValueW(HKEY_LOCAL_MACHINE, key, RAS_EAP_VALUENAME_INVOKE_NAMEDLG, RRF_RT_REG_DWORD, NULL,
            &standard, &size);
    size = sizeof(path);
    if (standard
            || RegGetValueW(HKEY_LOCAL_MACHINE, key, RAS_EAP_VALUENAME_IDENTITY, RRF_RT_REG_SZ,
                       NULL, path, &size)
                       != ERROR_SUCCESS)
        return ERROR_INVALID_FUNCTION_FOR_ENTRY;
    /* What the DLL needs may be in its folder. A name alone is one of system32. */
    if (!(protocol->module = LoadLibraryExW(path, NULL,
                  wcschr(path, '\\') ? LOAD_WITH_ALTERED_SEARCH_PATH
                                     : LOAD_LIBRARY_SEARCH_SYSTEM32)))
        return GetLastError() ? GetLastError() : ERROR_MOD_NOT_FOUND;
    protocol->get_identity = (void *)GetProcAddress(protocol->module, "RasEapGetIdentity");
    protocol->free_memory = (void *)GetProcAddress(protocol->module, "RasEapFreeMemory");
    if (protocol->get_identity && protocol->free_memory)
        return ERROR_SUCCESS;
    FreeLibrary(protocol->module);
    return ERROR_PROC_NOT_FOUND;
}

/* Reads the entry's protocol and what is kept for it. */
static DWORD read_question(const WCHAR *path, const WCHAR *name, struct question *question)
{
    const struct phonebook *book;
    const struct pbk_entry *entry;
    struct secrets_place place;
    struct phonebooks books;
    DWORD result = phonebooks_open_entry(path, name, &books, &entry, &book);

    if (result != ERROR_SUCCESS)
        return result;
    question->type = pbk_number(entry->blocks, "CustomAuthKey", 0);
    if (!question->type || !(pbk_number(entry->blocks, "AuthRestrictions", 0) & AUTH_EAP))
        result = ERROR_INVALID_FUNCTION_FOR_ENTRY;
    secrets_place(book->path, entry, &place);
    question->connection_size = (DWORD)pbk_dump(entry->blocks, "CustomAuthData", NULL, 0);
    secrets_read_eap(&place, NULL, &question->user_size);
    question->connection_data = malloc(question->connection_size + 1);
    question->user_data = malloc(question->user_size + 1);
    if (!question->connection_data || !question->user_data)
        result = ERROR_NOT_ENOUGH_MEMORY;
    else
    {
        pbk_dump(entry->blocks, "CustomAuthData", question->connection_data,
                question->connection_size);
        if (secrets_read_eap(&place, question->user_data, &question->user_size) != ERROR_SUCCESS)
            question->user_size = 0;
    }
    phonebooks_close(&books);
    return result;
}

/* The caller's structure; NULL if there is no memory for it. */
static void *make_identity(const WCHAR *name, const BYTE *data, DWORD size, bool wide)
{
    size_t size_at = wide ? offsetof(RASEAPUSERIDENTITYW, dwSizeofEapInfo)
                          : offsetof(RASEAPUSERIDENTITYA, dwSizeofEapInfo);
    BYTE *identity = calloc(1, size_at + sizeof(DWORD) + size + 1);

    if (!identity)
        return NULL;
    write_text(identity, name ? name : L"", UNLEN + 1, wide);
    *(DWORD *)(identity + size_at) = size;
    if (size)
        memcpy(identity + size_at + sizeof(DWORD), data, size);
    return identity;
}

static DWORD ask(const struct question *question, const WCHAR *path, const WCHAR *name, DWORD flags,
        HWND window, void **identity, bool wide)
{
    struct protocol protocol;
    DWORD result = load_protocol(question->type, &protocol), size = 0;
    BYTE *data = NULL;
    WCHAR *user = NULL;

    if (result != ERROR_SUCCESS)
        return result;
    result = protocol.get_identity(question->type, flags & RASEAPF_NonInteractive ? NULL : window,
            flags, path, name, question->connection_data, question->connection_size,
            question->user_data, question->user_size, &data, &size, &user);
    if (result == ERROR_SUCCESS && !(*identity = make_identity(user, data, data ? size : 0, wide)))
        result = ERROR_NOT_ENOUGH_MEMORY;
    if (data)
        protocol.free_memory(data);
    if (user)
        protocol.free_memory((BYTE *)user);
    FreeLibrary(protocol.module);
    return result;
}

static DWORD get_identity(
        const WCHAR *path, const WCHAR *name, DWORD flags, HWND window, void **identity, bool wide)
{
    struct question question = {0};
    DWORD result;

    if (!identity || !name)
        return (DWORD)E_INVALIDARG;
    *identity = NULL;
    result = read_question(path, name, &question);
    if (result == ERROR_SUCCESS)
        result = ask(&question, path, name, flags, window, identity, wide);
    if (question.user_data)
        SecureZeroMemory(question.user_data, question.user_size);
    free(question.user_data);
    free(question.connection_data);
    return result;
}

DWORD WINAPI RasGetEapUserIdentityW(const WCHAR *path, const WCHAR *name, DWORD flags, HWND window,
        RASEAPUSERIDENTITYW **identity)
{
    TRACE_CALL("(path %s, name %s, flags %lu, window %p, identity %p)", TRACE_WIDE(path),
            TRACE_WIDE(name), (unsigned long)flags, (const void *)window, (const void *)identity);
    return TRACED(get_identity(path, name, flags, window, (void **)identity, true));
}

DWORD WINAPI RasGetEapUserIdentityA(const char *path, const char *name, DWORD flags, HWND window,
        RASEAPUSERIDENTITYA **identity)
{
    TRACE_CALL("(path %s, name %s, flags %lu, window %p, identity %p)", TRACE_NARROW(path),
            TRACE_NARROW(name), (unsigned long)flags, (const void *)window, (const void *)identity);
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result =
            failed ? ERROR_NOT_ENOUGH_MEMORY
                   : get_identity(wide_path, wide_name, flags, window, (void **)identity, false);

    free(wide_path);
    free(wide_name);
    return TRACED(result);
}

VOID WINAPI RasFreeEapUserIdentityW(RASEAPUSERIDENTITYW *identity)
{
    TRACE_CALL("(identity %p)", (const void *)identity);
    free(identity);
}

VOID WINAPI RasFreeEapUserIdentityA(RASEAPUSERIDENTITYA *identity)
{
    TRACE_CALL("(identity %p)", (const void *)identity);
    free(identity);
}
