/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Saved credentials; see secrets.h.
 */

#include <stdbool.h>

#include "dlls/rasapi32/secrets.h"

#include <raserror.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <wincrypt.h>

#include "dlls/rasapi32/phonebook.h"

#define VALUE L"Saved"

static const WCHAR root[] = L"Software\\wine-nap\\Phone book entries";

/* FNV-1a, 64 bits, of the text in capitals. */
static ULONGLONG hash(ULONGLONG hash, const WCHAR *text)
{
    WCHAR capital;

    for (; *text; text++)
    {
        capital = (WCHAR)(ULONG_PTR)CharUpperW((WCHAR *)(ULONG_PTR)*text);
        hash = (hash ^ capital) * 1099511628211ull;
    }
    return (hash ^ 0xffff) * 1099511628211ull;
}

void secrets_place(const WCHAR *path, const struct pbk_entry *entry, struct secrets_place *place)
{
    static const BYTE none[16];
    WCHAR name[RAS_MaxEntryName + 1];
    BYTE guid[16];
    ULONGLONG number;
    size_t i;

    place->default_credentials = false;
    if (pbk_bytes(entry->blocks, "Guid", guid, sizeof(guid)) && memcmp(guid, none, sizeof(guid)))
    {
        for (i = 0; i < sizeof(guid); i++)
            swprintf(place->key + 2 * i, 3, L"%02X", guid[i]);
        return;
    }
    phonebook_text(entry->name, name, ARRAYSIZE(name));
    number = hash(hash(14695981039346656037ull, path), name);
    swprintf(place->key, ARRAYSIZE(place->key), L"name-%08lX%08lX", (unsigned long)(number >> 32),
            (unsigned long)number);
}

DWORD secrets_find(
        const WCHAR *path, const WCHAR *name, struct secrets_place *place, bool *all_users)
{
    const struct phonebook *book;
    const struct pbk_entry *entry;
    struct phonebooks books;
    DWORD result = phonebooks_open_entry(path, name, &books, &entry, &book);

    if (result != ERROR_SUCCESS)
        return result;
    secrets_place(book->path, entry, place);
    if (all_users)
        *all_users = phonebook_is_for_all(book);
    phonebooks_close(&books);
    return ERROR_SUCCESS;
}

static HKEY hive(const struct secrets_place *place)
{
    return place->default_credentials ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER;
}

static void key_path(const struct secrets_place *place, WCHAR *path, size_t capacity)
{
    swprintf(path, capacity, L"%ls\\%ls", root, place->key);
}

void secrets_read(const struct secrets_place *place, struct secrets *secrets)
{
    WCHAR path[128];
    BYTE buffer[4096];
    DWORD size = sizeof(buffer);
    DATA_BLOB in, out;

    memset(secrets, 0, sizeof(*secrets));
    key_path(place, path, ARRAYSIZE(path));
    if (RegGetValueW(hive(place), path, VALUE, RRF_RT_REG_BINARY, NULL, buffer, &size)
            != ERROR_SUCCESS)
        return;
    in = (DATA_BLOB){size, buffer};
    if (!CryptUnprotectData(&in, NULL, NULL, NULL, NULL, CRYPTPROTECT_UI_FORBIDDEN, &out))
        return;
    if (out.cbData == sizeof(*secrets))
        memcpy(secrets, out.pbData, sizeof(*secrets));
    SecureZeroMemory(out.pbData, out.cbData);
    LocalFree(out.pbData);
}

DWORD secrets_write(const struct secrets_place *place, const struct secrets *secrets)
{
    DATA_BLOB in = {sizeof(*secrets), (BYTE *)secrets}, out;
    DWORD flags = CRYPTPROTECT_UI_FORBIDDEN, result;
    WCHAR path[128];
    HKEY key;

    if (place->default_credentials)
        flags |= CRYPTPROTECT_LOCAL_MACHINE;
    if (!CryptProtectData(&in, L"wine-nap", NULL, NULL, NULL, flags, &out))
        return GetLastError() ? GetLastError() : ERROR_NOT_ENOUGH_MEMORY;
    key_path(place, path, ARRAYSIZE(path));
    result = RegCreateKeyExW(hive(place), path, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    if (result == ERROR_SUCCESS)
    {
        result = RegSetValueExW(key, VALUE, 0, REG_BINARY, out.pbData, out.cbData);
        RegCloseKey(key);
    }
    LocalFree(out.pbData);
    return result;
}

void secrets_delete(struct secrets_place *place)
{
    WCHAR path[128];

    key_path(place, path, ARRAYSIZE(path));
    RegDeleteTreeW(HKEY_CURRENT_USER, path);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, path);
}

void secrets_move(const struct secrets_place *from, const struct secrets_place *to)
{
    struct secrets_place old = *from, place = *to;
    struct secrets secrets;
    int machine;

    if (!wcscmp(from->key, to->key))
        return;
    for (machine = 0; machine < 2; machine++)
    {
        old.default_credentials = place.default_credentials = machine;
        secrets_read(&old, &secrets);
        if (secrets.saved || secrets.callback_id || *secrets.callback_number || secrets.sub_entry)
            secrets_write(&place, &secrets);
    }
    SecureZeroMemory(&secrets, sizeof(secrets));
    secrets_delete(&old);
}
