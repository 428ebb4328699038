/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * AutoDial's addresses: which entry to dial for which network address. They are in the registry of
 * the user, below Ras Autodial: a key for each address, with a value for each dialing location. The
 * default Internet connection is a value of its own, of the user or of the machine. Nothing here
 * dials by itself.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/phonebook.h"
#include "libs/log/trace.h"

#define ADDRESSES L"Software\\Microsoft\\Ras Autodial\\Addresses"
#define DEFAULT_KEY L"Software\\Microsoft\\Ras Autodial\\Default" /* as on the page */
#define DEFAULT_VALUE L"DefaultInternet"
#define MAX_ADDRESS 255 /* of a key in the registry */

/* RASAUTODIALENTRY with W or A. */
struct layout
{
    DWORD size;
    size_t location, entry_name; /* offsets */
    bool wide;
};

#define LAYOUT(structure, wide)                                                                    \
    {                                                                                              \
        sizeof(structure), offsetof(structure, dwDialingLocation), offsetof(structure, szEntry),   \
                wide                                                                               \
    }

static const struct layout wide_layout = LAYOUT(RASAUTODIALENTRYW, true);
static const struct layout narrow_layout = LAYOUT(RASAUTODIALENTRYA, false);

/* A caller's buffer that is being filled with structures. */
struct output
{
    BYTE *to;
    DWORD capacity, count;
    const struct layout *layout;
};

static void add_entry(struct output *output, DWORD location, const WCHAR *name)
{
    const struct layout *layout = output->layout;
    BYTE *entry;

    if (output->count < output->capacity / layout->size)
    {
        entry = output->to + output->count * layout->size;
        memset(entry, 0, layout->size);
        *(DWORD *)entry = layout->size;
        *(DWORD *)(entry + layout->location) = location;
        write_text(entry + layout->entry_name, name, RAS_MaxEntryName + 1, layout->wide);
    }
    output->count++;
}

/* ---- the default Internet connection ---- */

/* Reads its name; false if there is none. 32-bit and 64-bit programs have one default. */
static bool read_default(HKEY hive, WCHAR *name)
{
    DWORD size = (RAS_MaxEntryName + 1) * sizeof(*name);
    LSTATUS status;
    HKEY key;

    if (RegOpenKeyExW(hive, DEFAULT_KEY, 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY, &key)
            != ERROR_SUCCESS)
        return false;
    status = RegGetValueW(key, NULL, DEFAULT_VALUE, RRF_RT_REG_SZ, NULL, name, &size);
    RegCloseKey(key);
    return status == ERROR_SUCCESS && *name;
}

static DWORD delete_value(HKEY hive, const WCHAR *path, const WCHAR *value)
{
    DWORD result;
    HKEY key;

    result = RegOpenKeyExW(hive, path, 0, KEY_SET_VALUE | KEY_WOW64_64KEY, &key);
    if (result == ERROR_SUCCESS)
    {
        result = RegDeleteValueW(key, value);
        RegCloseKey(key);
    }
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}

/* Deletes the one that RasGetAutodialAddress reports. */
static DWORD delete_default(void)
{
    WCHAR name[RAS_MaxEntryName + 1];

    return delete_value(
            read_default(HKEY_CURRENT_USER, name) ? HKEY_CURRENT_USER : HKEY_LOCAL_MACHINE,
            DEFAULT_KEY, DEFAULT_VALUE);
}

/* Whether the entry is only in phone books for all users. */
static DWORD find_entry(const WCHAR *name, bool *all_users)
{
    struct phonebooks books;
    DWORD result = phonebooks_open_entry(NULL, name, &books, NULL, NULL);
    size_t i, k;

    if (result != ERROR_SUCCESS)
        return result;
    *all_users = true;
    for (i = 0; i < books.count; i++)
        for (k = 0; !books.books[i].all_users && k < books.books[i].file->pbk.entry_count; k++)
            if (phonebook_has_name(&books.books[i].file->pbk.entries[k], name))
                *all_users = false;
    phonebooks_close(&books);
    return ERROR_SUCCESS;
}

/* "the default internet connection is set globally" if the entry is for all users; the user's would
 * hide it. */
static DWORD set_default(const WCHAR *name)
{
    DWORD size = ((DWORD)wcslen(name) + 1) * sizeof(*name), result;
    bool all_users;
    HKEY hive, key;

    if ((result = find_entry(name, &all_users)) != ERROR_SUCCESS)
        return result;
    hive = all_users ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER;
    result = RegCreateKeyExW(
            hive, DEFAULT_KEY, 0, NULL, 0, KEY_SET_VALUE | KEY_WOW64_64KEY, NULL, &key, NULL);
    if (result != ERROR_SUCCESS)
        return result;
    result = RegSetValueExW(key, DEFAULT_VALUE, 0, REG_SZ, (const BYTE *)name, size);
    RegCloseKey(key);
    if (result == ERROR_SUCCESS && all_users)
        result = delete_value(HKEY_CURRENT_USER, DEFAULT_KEY, DEFAULT_VALUE);
    return result;
}

/* ---- addresses ---- */

/* The path of the address' key. */
static bool address_key(const WCHAR *address, WCHAR path[MAX_ADDRESS + 64])
{
    if (wcslen(address) > MAX_ADDRESS || wcschr(address, '\\'))
        return false;
    swprintf(path, MAX_ADDRESS + 64, L"%ls\\%ls", ADDRESSES, address);
    return true;
}

static DWORD read_address(const WCHAR *address, struct output *output)
{
    WCHAR path[MAX_ADDRESS + 64], location[16], name[RAS_MaxEntryName + 1];
    DWORD i, length, size, type, result;
    HKEY key;

    if (!address_key(address, path)
            || RegOpenKeyExW(HKEY_CURRENT_USER, path, 0, KEY_QUERY_VALUE, &key) != ERROR_SUCCESS)
        return ERROR_FILE_NOT_FOUND;
    for (i = 0;; i++)
    {
        length = ARRAYSIZE(location);
        size = sizeof(name) - sizeof(*name);
        memset(name, 0, sizeof(name));
        result = RegEnumValueW(key, i, location, &length, NULL, &type, (BYTE *)name, &size);
        if (result == ERROR_MORE_DATA)
            continue; /* no location, or no entry's name */
        if (result != ERROR_SUCCESS)
            break; /* the last, or another program deletes the address */
        if (type == REG_SZ)
            add_entry(output, wcstoul(location, NULL, 10), name);
    }
    RegCloseKey(key);
    return ERROR_SUCCESS;
}

static DWORD get_address(const WCHAR *address, const DWORD *reserved, void *entries, DWORD *size,
        DWORD *count, const struct layout *layout)
{
    struct output output = {entries, 0, 0, layout};
    WCHAR name[RAS_MaxEntryName + 1];
    DWORD result = ERROR_SUCCESS;

    if (reserved || !size || !count || IsBadWritePtr(size, sizeof(*size))
            || IsBadWritePtr(count, sizeof(*count)) || (entries && IsBadWritePtr(entries, *size)))
        return ERROR_INVALID_PARAMETER;
    if (entries && (*size < sizeof(DWORD) || *(const DWORD *)entries != layout->size))
        return ERROR_INVALID_SIZE;
    output.capacity = entries ? *size : 0;
    if (address)
        result = read_address(address, &output);
    else if (read_default(HKEY_CURRENT_USER, name) || read_default(HKEY_LOCAL_MACHINE, name))
        add_entry(&output, 0, name);
    *size = output.count * layout->size;
    *count = output.count;
    return *size > output.capacity ? ERROR_BUFFER_TOO_SMALL : result;
}

/* Reads a structure's entry name, which must exist unless it is empty. */
static DWORD read_entry(const BYTE *entry, WCHAR *name, const struct layout *layout)
{
    if (*(const DWORD *)entry != layout->size)
        return ERROR_INVALID_SIZE;
    read_text(entry + layout->entry_name, name, RAS_MaxEntryName + 1, layout->wide);
    return *name ? phonebook_check_entry(NULL, name, true) : ERROR_SUCCESS;
}

static DWORD write_address(
        const WCHAR *address, const BYTE *entries, DWORD count, const struct layout *layout)
{
    WCHAR path[MAX_ADDRESS + 64], location[16], name[RAS_MaxEntryName + 1];
    DWORD i, result;
    HKEY key;

    if (!address_key(address, path))
        return ERROR_INVALID_PARAMETER;
    result = RegCreateKeyExW(HKEY_CURRENT_USER, path, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    if (result != ERROR_SUCCESS)
        return result;
    for (i = 0; i < count && result == ERROR_SUCCESS; i++, entries += layout->size)
    {
        read_text(entries + layout->entry_name, name, ARRAYSIZE(name), layout->wide);
        swprintf(location, ARRAYSIZE(location), L"%lu",
                (unsigned long)*(const DWORD *)(entries + layout->location));
        result = RegSetValueExW(key, location, 0, REG_SZ, (const BYTE *)name,
                (DWORD)(wcslen(name) + 1) * sizeof(*name));
    }
    RegCloseKey(key);
    return result;
}

static DWORD delete_address(const WCHAR *address)
{
    WCHAR path[MAX_ADDRESS + 64];
    DWORD result;

    if (!address_key(address, path))
        return ERROR_SUCCESS;
    result = RegDeleteTreeW(HKEY_CURRENT_USER, path);
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}

static DWORD set_address(const WCHAR *address, DWORD reserved, const BYTE *entries, DWORD size,
        DWORD count, const struct layout *layout)
{
    WCHAR name[RAS_MaxEntryName + 1];
    DWORD i, result;

    /* NULL with an entry sets the default Internet connection. */
    if (reserved || (!address && !entries))
        return ERROR_INVALID_PARAMETER;
    if (entries ? !count || size / layout->size < count || IsBadReadPtr(entries, size)
                : size || count)
        return ERROR_INVALID_PARAMETER;
    for (i = 0; i < count; i++)
        if ((result = read_entry(entries + (size_t)i * layout->size, name, layout)))
            return result;
    if (!address)
        return count == 1 && *name ? set_default(name) : ERROR_INVALID_PARAMETER;
    if (!*address)
        return delete_default();
    return entries ? write_address(address, entries, count, layout) : delete_address(address);
}

/* Writes pointers and, after them, the texts. */
static DWORD enum_addresses(BYTE *to, DWORD *size, DWORD *count, bool wide)
{
    DWORD unit = wide ? sizeof(WCHAR) : sizeof(char), i = 0, length, need = 0, at;
    DWORD capacity, number = 0;
    WCHAR address[MAX_ADDRESS + 1];
    HKEY key = NULL;

    if (!size || !count || IsBadWritePtr(size, sizeof(*size))
            || IsBadWritePtr(count, sizeof(*count)) || (to && IsBadWritePtr(to, *size)))
        return ERROR_INVALID_PARAMETER;
    capacity = to ? *size : 0;
    RegOpenKeyExW(HKEY_CURRENT_USER, ADDRESSES, 0, KEY_ENUMERATE_SUB_KEYS | KEY_QUERY_VALUE, &key);
    if (key)
        RegQueryInfoKeyW(key, NULL, NULL, NULL, &number, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    at = number * sizeof(void *);
    for (; i < number; i++)
    {
        length = ARRAYSIZE(address);
        if (RegEnumKeyExW(key, i, address, &length, NULL, NULL, NULL, NULL) != ERROR_SUCCESS)
            break; /* another program deleted one */
        if (!wide)
            length = (DWORD)WideCharToMultiByte(CP_ACP, 0, address, -1, NULL, 0, NULL, NULL) - 1;
        need = at + (length + 1) * unit;
        if (need <= capacity)
        {
            ((void **)to)[i] = to + at;
            write_text(to + at, address, length + 1, wide);
        }
        at = need;
    }
    if (key)
        RegCloseKey(key);
    *size = need;
    *count = i;
    return need > capacity ? ERROR_BUFFER_TOO_SMALL : ERROR_SUCCESS;
}

/* ---- the functions ---- */

DWORD WINAPI RasGetAutodialAddressW(const WCHAR *address, DWORD *reserved,
        RASAUTODIALENTRYW *entries, DWORD *size, DWORD *count)
{
    TRACE_CALL("(address %s, reserved %p, entries %p, size %p, count %p)", TRACE_WIDE(address),
            (const void *)reserved, (const void *)entries, (const void *)size, (const void *)count);
    return TRACED(get_address(address, reserved, entries, size, count, &wide_layout));
}

DWORD WINAPI RasGetAutodialAddressA(
        const char *address, DWORD *reserved, RASAUTODIALENTRYA *entries, DWORD *size, DWORD *count)
{
    TRACE_CALL("(address %s, reserved %p, entries %p, size %p, count %p)", TRACE_NARROW(address),
            (const void *)reserved, (const void *)entries, (const void *)size, (const void *)count);
    bool failed = false;
    WCHAR *wide = wide_from_ansi(address, &failed);
    DWORD result = failed ? ERROR_NOT_ENOUGH_MEMORY
                          : get_address(wide, reserved, entries, size, count, &narrow_layout);

    free(wide);
    return TRACED(result);
}

DWORD WINAPI RasSetAutodialAddressW(
        const WCHAR *address, DWORD reserved, RASAUTODIALENTRYW *entries, DWORD size, DWORD count)
{
    TRACE_CALL("(address %s, reserved %lu, entries %p, size %lu, count %lu)", TRACE_WIDE(address),
            (unsigned long)reserved, (const void *)entries, (unsigned long)size,
            (unsigned long)count);
    return TRACED(set_address(address, reserved, (const BYTE *)entries, size, count, &wide_layout));
}

DWORD WINAPI RasSetAutodialAddressA(
        const char *address, DWORD reserved, RASAUTODIALENTRYA *entries, DWORD size, DWORD count)
{
    TRACE_CALL("(address %s, reserved %lu, entries %p, size %lu, count %lu)", TRACE_NARROW(address),
            (unsigned long)reserved, (const void *)entries, (unsigned long)size,
            (unsigned long)count);
    bool failed = false;
    WCHAR *wide = wide_from_ansi(address, &failed);
    DWORD result = failed ? ERROR_NOT_ENOUGH_MEMORY
                          : set_address(wide, reserved, (const BYTE *)entries, size, count,
                                  &narrow_layout);

    free(wide);
    return TRACED(result);
}

DWORD WINAPI RasEnumAutodialAddressesW(WCHAR **addresses, DWORD *size, DWORD *count)
{
    TRACE_CALL("(addresses %p, size %p, count %p)", (const void *)addresses, (const void *)size,
            (const void *)count);
    return TRACED(enum_addresses((BYTE *)addresses, size, count, true));
}

DWORD WINAPI RasEnumAutodialAddressesA(char **addresses, DWORD *size, DWORD *count)
{
    TRACE_CALL("(addresses %p, size %p, count %p)", (const void *)addresses, (const void *)size,
            (const void *)count);
    return TRACED(enum_addresses((BYTE *)addresses, size, count, false));
}
