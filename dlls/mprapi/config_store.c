/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The router configuration in the registry; see config_store.h.
 */

#include "dlls/mprapi/config_store.h"

#include <stdlib.h>
#include <wchar.h>

#include "dlls/mprapi/buffer.h"
#include "dlls/mprapi/rras.h"

#define LOCK_PATIENCE 30000 /* ms: far longer than a change takes */
#define NAME_SIZE 256       /* characters of a key's name and NUL */

DWORD config_lock(HANDLE *lock)
{
    DWORD waited;

    if (!(*lock = CreateMutexW(NULL, FALSE, ROUTER_LOCK)))
        return GetLastError();
    waited = WaitForSingleObject(*lock, LOCK_PATIENCE);
    if (waited == WAIT_OBJECT_0 || waited == WAIT_ABANDONED)
        return NO_ERROR;
    CloseHandle(*lock);
    *lock = NULL;
    return ERROR_TIMEOUT;
}

void config_unlock(HANDLE lock)
{
    ReleaseMutex(lock);
    CloseHandle(lock);
}

DWORD list_open(const WCHAR *path, enum list_use use, HKEY *list)
{
    static const REGSAM change = KEY_READ | KEY_WRITE | DELETE;

    if (use == LIST_CREATE)
        return RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, change, NULL, list, NULL);
    return RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, use == LIST_CHANGE ? change : KEY_READ, list);
}

/* ---- values ---- */

bool text_is_readable(const WCHAR *text)
{
    return !text || !IsBadStringPtrW(text, (UINT_PTR)-1);
}

/* A value of another type, or cut short, is not believed. */
DWORD value_get_number(HKEY item, const WCHAR *name, DWORD otherwise)
{
    DWORD number, type, size = sizeof(number);

    if (RegQueryValueExW(item, name, NULL, &type, (BYTE *)&number, &size) || type != REG_DWORD
            || size != sizeof(number))
        return otherwise;
    return number;
}

DWORD value_set_number(HKEY item, const WCHAR *name, DWORD number)
{
    return RegSetValueExW(item, name, 0, REG_DWORD, (const BYTE *)&number, sizeof(number));
}

DWORD value_get(HKEY item, const WCHAR *name, DWORD type, void **value, DWORD *size)
{
    DWORD found, needed = 0;
    DWORD error;

    *value = NULL;
    *size = 0;
    if ((error = RegQueryValueExW(item, name, NULL, &found, NULL, &needed)))
        return error == ERROR_FILE_NOT_FOUND ? NO_ERROR : error;
    /* A text has one of two types. */
    if (found != type && !(type == REG_EXPAND_SZ && found == REG_SZ))
        return NO_ERROR;
    if (!needed)
        return NO_ERROR;
    /* A text need not have its end in the registry, nor a list of texts, nor whole characters. */
    if (!(*value = buffer_create((SIZE_T)needed + 3 * sizeof(WCHAR))))
        return ERROR_NOT_ENOUGH_MEMORY;
    if ((error = RegQueryValueExW(item, name, NULL, NULL, *value, &needed)))
    {
        buffer_destroy(*value);
        *value = NULL;
        return error;
    }
    if (type != REG_BINARY && needed % sizeof(WCHAR))
        ((BYTE *)*value)[needed - 1] = 0;
    *size = needed;
    return NO_ERROR;
}

/* ---- blocks of bytes ---- */

bool block_is_readable(struct block block)
{
    return !block.bytes || !IsBadReadPtr(block.bytes, block.size);
}

DWORD block_set(HKEY item, const WCHAR *name, struct block block)
{
    return block.bytes ? (DWORD)RegSetValueExW(item, name, 0, REG_BINARY, block.bytes, block.size)
                       : NO_ERROR;
}

bool wanted_clear(struct wanted wanted)
{
    if (!wanted.bytes)
        return true;
    if (!is_writable(wanted.bytes, sizeof(*wanted.bytes))
            || !is_writable(wanted.size, sizeof(*wanted.size)))
        return false;
    *wanted.bytes = NULL;
    *wanted.size = 0;
    return true;
}

DWORD block_get(HKEY item, const WCHAR *name, struct wanted wanted)
{
    void *value;
    DWORD error;

    if (!wanted.bytes)
        return NO_ERROR;
    error = value_get(item, name, REG_BINARY, &value, wanted.size);
    *wanted.bytes = value;
    return error;
}

void wanted_drop(struct wanted wanted)
{
    if (!wanted.bytes || !*wanted.bytes)
        return;
    buffer_destroy(*wanted.bytes);
    *wanted.bytes = NULL;
    *wanted.size = 0;
}

/* ---- items ---- */

struct item
{
    uint32_t id;
    WCHAR name[NAME_SIZE];
};

uint32_t interface_id(HKEY list, const WCHAR *name)
{
    WCHAR *end;
    unsigned long number = wcstoul(name, &end, 10);

    (void)list;
    if (*name < '0' || *name > '9' || *end || number >= UINT32_MAX || (*name == '0' && name[1]))
        return 0;
    return (uint32_t)number + 1;
}

uint32_t transport_id(HKEY list, const WCHAR *name)
{
    uint32_t id;
    HKEY item;

    if (RegOpenKeyExW(list, name, 0, KEY_READ, &item))
        return 0;
    id = value_get_number(item, L"ProtocolId", 0);
    RegCloseKey(item);
    return id;
}

static int compare_items(const void *one, const void *other)
{
    uint32_t a = ((const struct item *)one)->id, b = ((const struct item *)other)->id;

    return a < b ? -1 : a > b;
}

/* The items whose id is above `after`, by ascending id, in a new buffer. */
static DWORD list_items(
        HKEY list, item_id *id_of, uint32_t after, struct item **items, DWORD *count)
{
    DWORD subkeys = 0, i, size;

    *count = 0;
    RegQueryInfoKeyW(list, NULL, NULL, NULL, &subkeys, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    if (!(*items = buffer_create((SIZE_T)subkeys * sizeof(**items))))
        return ERROR_NOT_ENOUGH_MEMORY;
    for (i = 0; i < subkeys; i++)
    {
        struct item *item = &(*items)[*count];

        size = ARRAYSIZE(item->name);
        if (RegEnumKeyExW(list, i, item->name, &size, NULL, NULL, NULL, NULL))
            continue;
        if ((item->id = id_of(list, item->name)) > after)
            (*count)++;
    }
    qsort(*items, *count, sizeof(**items), compare_items);
    return NO_ERROR;
}

/* The name of the item of that id. */
static DWORD find_item(HKEY list, item_id *id_of, uint32_t id, WCHAR name[NAME_SIZE])
{
    struct item *items;
    DWORD count, error;

    if (!id)
        return ERROR_NOT_FOUND;
    if ((error = list_items(list, id_of, id - 1, &items, &count)))
        return error;
    if (!count || items->id != id)
        error = ERROR_NOT_FOUND;
    else
        wcscpy(name, items->name);
    buffer_destroy(items);
    return error;
}

DWORD item_open(HKEY list, item_id *id_of, uint32_t id, bool change, HKEY *item)
{
    WCHAR name[NAME_SIZE];
    DWORD error = find_item(list, id_of, id, name);

    if (error)
        return error;
    return RegOpenKeyExW(list, name, 0, change ? KEY_READ | KEY_WRITE | DELETE : KEY_READ, item);
}

DWORD item_delete(HKEY list, item_id *id_of, uint32_t id)
{
    WCHAR name[NAME_SIZE];
    DWORD error = find_item(list, id_of, id, name);

    return error ? error : (DWORD)RegDeleteTreeW(list, name);
}

DWORD transport_create(HKEY list, uint32_t id, const WCHAR *name, HKEY *item)
{
    DWORD disposition, error = item_open(list, transport_id, id, true, item);

    if (error != ERROR_NOT_FOUND)
        return error;
    if (!*name || wcslen(name) > MAX_TRANSPORT_NAME_LEN || wcschr(name, '\\'))
        return ERROR_INVALID_PARAMETER;
    if ((error = RegCreateKeyExW(
                 list, name, 0, NULL, 0, KEY_READ | KEY_WRITE, NULL, item, &disposition)))
        return error;
    if (disposition != REG_CREATED_NEW_KEY && transport_id(list, name))
        error = ERROR_ALREADY_EXISTS;
    else
        error = value_set_number(*item, L"ProtocolId", id);
    if (error)
        RegCloseKey(*item);
    return error;
}

/* ---- lists in pages: the resume handle is the id of the last item that was returned ---- */

DWORD list_enumerate(HKEY list, const struct item_rows *rows, BYTE **buffer, DWORD max_length,
        DWORD *read, DWORD *total, DWORD *resume)
{
    struct item *items;
    DWORD count, shown, i, error;

    if ((error = list_items(list, rows->id_of, resume ? *resume : 0, &items, &count)))
        return error;
    shown = max_length == (DWORD)-1 ? count : min(count, max_length / rows->entry_size);
    if (!count)
        error = ERROR_NO_MORE_ITEMS;
    else if (!(*buffer = buffer_create((SIZE_T)shown * rows->entry_size)))
        error = ERROR_NOT_ENOUGH_MEMORY;
    for (i = 0; !error && i < shown; i++)
    {
        HKEY item;

        if ((error = RegOpenKeyExW(list, items[i].name, 0, KEY_READ, &item)))
            break;
        rows->fill(*buffer + (SIZE_T)i * rows->entry_size, item, items[i].name, items[i].id);
        RegCloseKey(item);
    }
    if (error && *buffer)
    {
        buffer_destroy(*buffer);
        *buffer = NULL;
    }
    if (!error)
    {
        *read = shown;
        *total = count;
        if (resume)
            *resume = shown < count ? items[shown - 1].id : 0;
    }
    buffer_destroy(items);
    return error;
}

DWORD list_of_key(const WCHAR *path, const struct item_rows *rows, BYTE **buffer, DWORD max_length,
        DWORD *read, DWORD *total, DWORD *resume)
{
    HANDLE lock;
    HKEY list;
    DWORD error;

    if ((error = config_lock(&lock)))
        return error;
    if (!(error = list_open(path, LIST_READ, &list)))
    {
        error = list_enumerate(list, rows, buffer, max_length, read, total, resume);
        RegCloseKey(list);
    }
    config_unlock(lock);
    return error == ERROR_FILE_NOT_FOUND ? ERROR_NO_MORE_ITEMS : error;
}
