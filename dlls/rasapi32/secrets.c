/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Saved credentials; see secrets.h.
 */

#include <stdbool.h>

#include "dlls/rasapi32/secrets.h"

#include <raserror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wincrypt.h>

#include "dlls/rasapi32/phonebook.h"
#include "dlls/rasapi32/phonebook_change.h"

#define VALUE L"Saved"
#define EAP_VALUE L"Eap"

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
    WCHAR name[RAS_MaxEntryName + 1], full[MAX_PATH];
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
    phonebook_full_name(path, full);
    number = hash(hash(14695981039346656037ull, full), name);
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

/* 32-bit and 64-bit programs have the same secrets. */
static HKEY hive(const struct secrets_place *place)
{
    return place->default_credentials ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER;
}

static void key_path(const struct secrets_place *place, WCHAR *path, size_t capacity)
{
    swprintf(path, capacity, L"%ls\\%ls", root, place->key);
}

/* Decrypts a value; false if there is none, or if it is not this user's. The caller clears and
 * LocalFree()s what it receives. */
static bool read_value(const struct secrets_place *place, const WCHAR *value, DATA_BLOB *out)
{
    WCHAR path[128];
    DATA_BLOB in = {0};
    bool done = false;
    HKEY key;

    key_path(place, path, ARRAYSIZE(path));
    if (RegOpenKeyExW(hive(place), path, 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY, &key)
            != ERROR_SUCCESS)
        return false;
    if (RegGetValueW(key, NULL, value, RRF_RT_REG_BINARY, NULL, NULL, &in.cbData) == ERROR_SUCCESS
            && (in.pbData = malloc(in.cbData + 1))
            && RegGetValueW(key, NULL, value, RRF_RT_REG_BINARY, NULL, in.pbData, &in.cbData)
                       == ERROR_SUCCESS)
        done = CryptUnprotectData(&in, NULL, NULL, NULL, NULL, CRYPTPROTECT_UI_FORBIDDEN, out);
    free(in.pbData);
    RegCloseKey(key);
    return done;
}

static DWORD write_value(
        const struct secrets_place *place, const WCHAR *value, const void *data, DWORD size)
{
    DATA_BLOB in = {size, (BYTE *)data}, out;
    DWORD flags = CRYPTPROTECT_UI_FORBIDDEN, result;
    WCHAR path[128];
    HKEY key;

    if (place->default_credentials)
        flags |= CRYPTPROTECT_LOCAL_MACHINE;
    if (!CryptProtectData(&in, L"wine-nap", NULL, NULL, NULL, flags, &out))
        return GetLastError() ? GetLastError() : ERROR_NOT_ENOUGH_MEMORY;
    key_path(place, path, ARRAYSIZE(path));
    result = RegCreateKeyExW(
            hive(place), path, 0, NULL, 0, KEY_SET_VALUE | KEY_WOW64_64KEY, NULL, &key, NULL);
    if (result == ERROR_SUCCESS)
    {
        result = RegSetValueExW(key, value, 0, REG_BINARY, out.pbData, out.cbData);
        RegCloseKey(key);
    }
    LocalFree(out.pbData);
    return result;
}

static void clear(DATA_BLOB *data)
{
    SecureZeroMemory(data->pbData, data->cbData);
    LocalFree(data->pbData);
}

void secrets_read(const struct secrets_place *place, struct secrets *secrets)
{
    DATA_BLOB data;

    memset(secrets, 0, sizeof(*secrets));
    if (!read_value(place, VALUE, &data))
        return;
    if (data.cbData == sizeof(*secrets))
        memcpy(secrets, data.pbData, sizeof(*secrets));
    clear(&data);
}

DWORD secrets_write(const struct secrets_place *place, const struct secrets *secrets)
{
    return write_value(place, VALUE, secrets, sizeof(*secrets));
}

DWORD secrets_write_dialed(const struct dialed *dialed)
{
    struct secrets before, secrets;
    DWORD result;
    HANDLE lock;

    if ((result = phonebook_lock(&lock)) != ERROR_SUCCESS)
        return result;
    secrets_read(&dialed->place, &before);
    secrets = before;
    /* Without a domain it is the saved one. */
    if (*dialed->user_name
            && (_wcsicmp(dialed->user_name, before.user_name) != 0
                    || (*dialed->domain && _wcsicmp(dialed->domain, before.domain) != 0)))
    {
        lstrcpyW(secrets.user_name, dialed->user_name);
        lstrcpyW(secrets.domain, dialed->domain);
        SecureZeroMemory(secrets.password, sizeof(secrets.password));
        secrets.saved &= ~(DWORD)(RASCM_Password | RASCM_Domain);
        secrets.saved |= RASCM_UserName | (*dialed->domain ? RASCM_Domain : 0);
    }
    if (dialed->has_ids)
    {
        secrets.sub_entry = dialed->sub_entry;
        secrets.callback_id = dialed->callback_id;
    }
    if (memcmp(&before, &secrets, sizeof(secrets)) != 0)
        result = secrets_write(&dialed->place, &secrets);
    phonebook_unlock(lock);
    SecureZeroMemory(&before, sizeof(before));
    SecureZeroMemory(&secrets, sizeof(secrets));
    return result;
}

DWORD secrets_read_eap(const struct secrets_place *place, BYTE *to, DWORD *size)
{
    DWORD capacity = to ? *size : 0, result = ERROR_SUCCESS;
    DATA_BLOB data;

    *size = 0;
    if (!read_value(place, EAP_VALUE, &data))
        return ERROR_SUCCESS;
    *size = data.cbData;
    if (data.cbData > capacity)
        result = ERROR_BUFFER_TOO_SMALL;
    else
        memcpy(to, data.pbData, data.cbData);
    clear(&data);
    return result;
}

DWORD secrets_write_eap(const struct secrets_place *place, const BYTE *data, DWORD size)
{
    return write_value(place, EAP_VALUE, data, size);
}

/* In one hive. */
static void delete_place(HKEY hive, const WCHAR *name)
{
    HKEY key;

    if (RegOpenKeyExW(hive, root, 0, KEY_READ | KEY_WRITE | KEY_WOW64_64KEY, &key) != ERROR_SUCCESS)
        return;
    RegDeleteTreeW(key, name);
    RegCloseKey(key);
}

void secrets_delete(struct secrets_place *place)
{
    delete_place(HKEY_CURRENT_USER, place->key);
    delete_place(HKEY_LOCAL_MACHINE, place->key);
}

void secrets_move(const struct secrets_place *from, const struct secrets_place *to)
{
    struct secrets_place old = *from, place = *to;
    struct secrets secrets;
    DWORD result = ERROR_SUCCESS;
    DATA_BLOB eap;
    int machine;

    if (!wcscmp(from->key, to->key))
        return;
    for (machine = 0; machine < 2 && result == ERROR_SUCCESS; machine++)
    {
        old.default_credentials = place.default_credentials = machine;
        secrets_read(&old, &secrets);
        if (secrets.saved || secrets.callback_id || *secrets.callback_number || secrets.sub_entry)
            result = secrets_write(&place, &secrets);
        SecureZeroMemory(&secrets, sizeof(secrets));
        if (result == ERROR_SUCCESS && read_value(&old, EAP_VALUE, &eap))
        {
            result = write_value(&place, EAP_VALUE, eap.pbData, eap.cbData);
            clear(&eap);
        }
    }
    /* What could not be written stays where it was. */
    if (result == ERROR_SUCCESS)
        secrets_delete(&old);
}
