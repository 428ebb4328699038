/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The interfaces of the router: MprConfigInterface*. They are configured only: the host has the
 * interfaces that packets pass, and does the routing.
 */

#include "dlls/mprapi/buffer.h"
#include "dlls/mprapi/config_store.h"
#include "dlls/mprapi/rras.h"

#include <wchar.h>

#include "libs/log/trace.h"
#include "libs/unimplemented/unimplemented.h"

#define LEVELS 4

static const WCHAR interface_name[] = L"InterfaceName", hours[] = L"DialOutHoursRestriction";

/* A list or an item that is missing: there is no such interface. */
static DWORD interface_error(DWORD error)
{
    return error == ERROR_NOT_FOUND || error == ERROR_FILE_NOT_FOUND ? ERROR_NO_SUCH_INTERFACE
                                                                     : error;
}

DWORD interface_open(HANDLE handle, bool change, HKEY *item)
{
    HKEY list;
    DWORD error = list_open(ROUTER_INTERFACES_KEY, LIST_READ, &list);

    if (error)
        return interface_error(error);
    error = item_open(list, interface_id, ID_OF_ITEM(handle), change, item);
    RegCloseKey(list);
    return interface_error(error);
}

/* Reads an interface's name; "" if it has none. */
static bool read_name(HKEY item, WCHAR name[MAX_INTERFACE_NAME_LEN + 1])
{
    DWORD type, size = MAX_INTERFACE_NAME_LEN * sizeof(WCHAR) + sizeof(WCHAR);

    memset(name, 0, size);
    if (RegQueryValueExW(item, interface_name, NULL, &type, (BYTE *)name, &size) || type != REG_SZ)
        *name = 0;
    name[MAX_INTERFACE_NAME_LEN] = 0;
    return *name;
}

/* 0: no interface has the name. */
static uint32_t find_interface(HKEY list, const WCHAR *name)
{
    DWORD i;

    for (i = 0;; i++)
    {
        WCHAR found[MAX_INTERFACE_NAME_LEN + 1], key[32];
        DWORD size = ARRAYSIZE(key);
        LSTATUS status = RegEnumKeyExW(list, i, key, &size, NULL, NULL, NULL, NULL);
        uint32_t id;
        bool same;
        HKEY item;

        if (status == ERROR_MORE_DATA)
            continue; /* too long to be a number */
        if (status)
            return 0;
        if (!(id = interface_id(list, key)) || RegOpenKeyExW(list, key, 0, KEY_READ, &item))
            continue;
        same = read_name(item, found) && !_wcsicmp(found, name);
        RegCloseKey(item);
        if (same)
            return id;
    }
}

/* A number that no interface has had: a handle of one that is gone is never another's. */
static DWORD new_interface(HKEY list, uint32_t *id, HKEY *item)
{
    DWORD number = value_get_number(list, L"Stamp", 0), disposition, error;
    WCHAR key[16];

    do
    {
        if (number >= MAXLONG)
            return ERROR_NOT_ENOUGH_MEMORY;
        swprintf(key, ARRAYSIZE(key), L"%u", (unsigned int)++number);
        if ((error = value_set_number(list, L"Stamp", number))
                || (error = RegCreateKeyExW(
                            list, key, 0, NULL, 0, KEY_READ | KEY_WRITE, NULL, item, &disposition)))
            return error;
        if (disposition != REG_CREATED_NEW_KEY)
            RegCloseKey(*item);
    } while (disposition != REG_CREATED_NEW_KEY);
    *id = number + 1;
    return NO_ERROR;
}

/* Opens the interface of that name. *created: it is new, and has nothing but its name. */
static DWORD open_or_create(HKEY list, const WCHAR *name, uint32_t *id, HKEY *item, bool *created)
{
    DWORD error;

    *created = false;
    if ((*id = find_interface(list, name)))
        return item_open(list, interface_id, *id, true, item);
    if ((error = new_interface(list, id, item)))
        return error;
    *created = true;
    error = RegSetValueExW(*item, interface_name, 0, REG_SZ, (const BYTE *)name,
            (DWORD)(wcslen(name) + 1) * sizeof(WCHAR));
    if (error)
    {
        RegCloseKey(*item);
        item_delete(list, interface_id, *id);
    }
    return error;
}

/* The size of a list of texts with its end, in bytes. */
static DWORD size_of_texts(const WCHAR *texts)
{
    const WCHAR *at = texts;

    while (*at)
        at += wcslen(at) + 1;
    return (DWORD)(at + 1 - texts) * sizeof(WCHAR);
}

/* True if the list can be read up to its end. */
static bool texts_are_readable(const WCHAR *texts)
{
    for (; text_is_readable(texts); texts += wcslen(texts) + 1)
        if (!*texts)
            return true;
    return false;
}

static DWORD write_interface(HKEY item, DWORD level, const BYTE *buffer)
{
    const MPR_INTERFACE_1 *given = (const MPR_INTERFACE_1 *)buffer; /* level 0 is its begin */
    DWORD error;

    if ((error = value_set_number(item, L"Type", given->dwIfType))
            || (error = value_set_number(item, L"Enabled", !!given->fEnabled)) || !level)
        return error;
    if (!given->lpwsDialoutHoursRestriction)
    {
        error = RegDeleteValueW(item, hours);
        return error == ERROR_FILE_NOT_FOUND ? NO_ERROR : error;
    }
    return RegSetValueExW(item, hours, 0, REG_MULTI_SZ,
            (const BYTE *)given->lpwsDialoutHoursRestriction,
            size_of_texts(given->lpwsDialoutHoursRestriction));
}

/* Levels 2 and 3 are a demand-dial interface's phone-book entry: "MprConfigInterfaceCreate does
 * not" support MPR_INTERFACE_2, as its page says. */
static DWORD check_given(const char *function, DWORD level, const BYTE *buffer, LONG *logged)
{
    static const DWORD sizes[LEVELS] = {sizeof(MPR_INTERFACE_0), sizeof(MPR_INTERFACE_1)};
    const MPR_INTERFACE_0 *given = (const MPR_INTERFACE_0 *)buffer;

    if (level >= LEVELS || !buffer)
        return ERROR_INVALID_PARAMETER;
    if (!sizes[level])
        return (DWORD)unimplemented(function, logged, ERROR_NOT_SUPPORTED);
    if (IsBadReadPtr(buffer, sizes[level]) || (DWORD)given->dwIfType > ROUTER_IF_TYPE_DIALOUT)
        return ERROR_INVALID_PARAMETER;
    if (level == 1 && ((const MPR_INTERFACE_1 *)buffer)->lpwsDialoutHoursRestriction
            && !texts_are_readable(((const MPR_INTERFACE_1 *)buffer)->lpwsDialoutHoursRestriction))
        return ERROR_INVALID_PARAMETER;
    return NO_ERROR;
}

static bool is_name(const WCHAR *name)
{
    return *name && wcsnlen(name, MAX_INTERFACE_NAME_LEN + 1) <= MAX_INTERFACE_NAME_LEN;
}

/* nf-mprapi-mprconfiginterfacecreate. One that exists is changed, as transports are. */
DWORD APIENTRY MprConfigInterfaceCreate(
        HANDLE config, DWORD level, BYTE *buffer, HANDLE *interface_handle)
{
    TRACE_CALL("(config %p, level %lu, buffer %p, interface_handle %p)", (const void *)config,
            (unsigned long)level, (const void *)buffer, (const void *)interface_handle);
    const MPR_INTERFACE_0 *given = (const MPR_INTERFACE_0 *)buffer;
    static LONG logged;
    HKEY list, item;
    HANDLE lock;
    uint32_t id;
    bool created;
    DWORD error;

    if (!config_is_valid(config) || !is_writable(interface_handle, sizeof(*interface_handle)))
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = check_given("MprConfigInterfaceCreate", level, buffer, &logged)))
        return TRACED(error);
    if (!is_name(given->wszInterfaceName))
        return TRACED(ERROR_INVALID_PARAMETER);
    *interface_handle = NULL;
    if ((error = config_lock(&lock)))
        return TRACED(error);
    if (!(error = list_open(ROUTER_INTERFACES_KEY, LIST_CREATE, &list)))
    {
        if (!(error = open_or_create(list, given->wszInterfaceName, &id, &item, &created)))
        {
            error = write_interface(item, level, buffer);
            RegCloseKey(item);
            if (!error)
                *interface_handle = HANDLE_OF_ITEM(id);
            else if (created)
                item_delete(list, interface_id, id);
        }
        RegCloseKey(list);
    }
    config_unlock(lock);
    return TRACED(error);
}

/* nf-mprapi-mprconfiginterfacedelete: "All transport information associated with this interface is
 * also removed" */
DWORD APIENTRY MprConfigInterfaceDelete(HANDLE config, HANDLE interface_handle)
{
    TRACE_CALL("(config %p, interface_handle %p)", (const void *)config,
            (const void *)interface_handle);
    HANDLE lock;
    HKEY list;
    DWORD error;

    if (!config_is_valid(config) || !interface_handle)
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = config_lock(&lock)))
        return TRACED(error);
    if (!(error = list_open(ROUTER_INTERFACES_KEY, LIST_CHANGE, &list)))
    {
        error = item_delete(list, interface_id, ID_OF_ITEM(interface_handle));
        RegCloseKey(list);
    }
    config_unlock(lock);
    return TRACED(interface_error(error));
}

/* nf-mprapi-mprconfiginterfacegethandle: "Use the interface GUID as the name of a LAN interface" */
DWORD APIENTRY MprConfigInterfaceGetHandle(HANDLE config, WCHAR *name, HANDLE *interface_handle)
{
    TRACE_CALL("(config %p, name %s, interface_handle %p)", (const void *)config, TRACE_WIDE(name),
            (const void *)interface_handle);
    HANDLE lock;
    HKEY list;
    uint32_t id;
    DWORD error;

    if (!config_is_valid(config) || !name || !text_is_readable(name)
            || !is_writable(interface_handle, sizeof(*interface_handle)))
        return TRACED(ERROR_INVALID_PARAMETER);
    *interface_handle = NULL;
    if ((error = config_lock(&lock)))
        return TRACED(error);
    if (!(error = list_open(ROUTER_INTERFACES_KEY, LIST_READ, &list)))
    {
        if ((id = find_interface(list, name)))
            *interface_handle = HANDLE_OF_ITEM(id);
        else
            error = ERROR_NO_SUCH_INTERFACE;
        RegCloseKey(list);
    }
    config_unlock(lock);
    return TRACED(interface_error(error));
}

/* nf-mprapi-mprconfiginterfacesetinfo: "Also returns [ERROR_INVALID_PARAMETER] if the interface is
 * of type ROUTER_IF_TYPE_DEDICATED or ROUTER_IF_TYPE_INTERNAL and the interface is enabled". The
 * handle says which interface it is; the name is ignored. */
DWORD APIENTRY MprConfigInterfaceSetInfo(
        HANDLE config, HANDLE interface_handle, DWORD level, BYTE *buffer)
{
    TRACE_CALL("(config %p, interface_handle %p, level %lu, buffer %p)", (const void *)config,
            (const void *)interface_handle, (unsigned long)level, (const void *)buffer);
    static LONG logged;
    HANDLE lock;
    HKEY item;
    DWORD error, type;

    if (!config_is_valid(config) || !interface_handle)
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = check_given("MprConfigInterfaceSetInfo", level, buffer, &logged)))
        return TRACED(error);
    if ((error = config_lock(&lock)))
        return TRACED(error);
    if (!(error = interface_open(interface_handle, true, &item)))
    {
        type = value_get_number(item, L"Type", ROUTER_IF_TYPE_DEDICATED);
        if ((type == ROUTER_IF_TYPE_DEDICATED || type == ROUTER_IF_TYPE_INTERNAL)
                && value_get_number(item, L"Enabled", TRUE))
            error = ERROR_INVALID_PARAMETER;
        else
            error = write_interface(item, level, buffer);
        RegCloseKey(item);
    }
    config_unlock(lock);
    return TRACED(error);
}

/* The configuration knows no state of an interface: whether it is connected is the host's matter.
 */
static void fill_interface(void *entry, HKEY item, const WCHAR *key, uint32_t id)
{
    MPR_INTERFACE_0 *row = entry;

    (void)key;
    read_name(item, row->wszInterfaceName);
    row->hInterface = HANDLE_OF_ITEM(id);
    row->fEnabled = !!value_get_number(item, L"Enabled", TRUE);
    row->dwIfType = value_get_number(item, L"Type", ROUTER_IF_TYPE_DEDICATED);
    row->dwConnectionState = ROUTER_IF_STATE_DISCONNECTED;
    if (!row->fEnabled)
        row->fUnReachabilityReasons = MPR_INTERFACE_ADMIN_DISABLED;
}

/* Appends the interface's hours to the structure of level 1, in a buffer of its own. */
static DWORD read_hours(HKEY item, MPR_INTERFACE_1 **row, DWORD *size)
{
    MPR_INTERFACE_1 *whole;
    void *texts;
    DWORD error, more;

    if ((error = value_get(item, hours, REG_MULTI_SZ, &texts, &more)) || !texts)
        return error;
    more = size_of_texts(texts); /* the buffer has its end even if the value has none */
    if (!(whole = buffer_create((SIZE_T)sizeof(*whole) + more)))
        error = ERROR_NOT_ENOUGH_MEMORY;
    else
    {
        *whole = **row;
        whole->lpwsDialoutHoursRestriction = memcpy(whole + 1, texts, more);
        buffer_destroy(*row);
        *row = whole;
        *size = sizeof(*whole) + more;
    }
    buffer_destroy(texts);
    return error;
}

/* nf-mprapi-mprconfiginterfacegetinfo. Of levels 2 and 3 there is what level 0 has: no interface
 * has a phone-book entry. */
DWORD APIENTRY MprConfigInterfaceGetInfo(
        HANDLE config, HANDLE interface_handle, DWORD level, BYTE **buffer, DWORD *size)
{
    TRACE_CALL("(config %p, interface_handle %p, level %lu, buffer %p, size %p)",
            (const void *)config, (const void *)interface_handle, (unsigned long)level,
            (const void *)buffer, (const void *)size);
    static const DWORD sizes[LEVELS] = {sizeof(MPR_INTERFACE_0), sizeof(MPR_INTERFACE_1),
            sizeof(MPR_INTERFACE_2), sizeof(MPR_INTERFACE_3)};
    HANDLE lock;
    void *found;
    DWORD error;
    HKEY item;

    if (!config_is_valid(config) || !interface_handle || level >= LEVELS
            || !is_writable(buffer, sizeof(*buffer)) || !is_writable(size, sizeof(*size)))
        return TRACED(ERROR_INVALID_PARAMETER);
    *buffer = NULL;
    *size = 0;
    if ((error = config_lock(&lock)))
        return TRACED(error);
    if ((error = interface_open(interface_handle, false, &item)))
    {
        config_unlock(lock);
        return TRACED(error);
    }
    if (!(found = buffer_create(sizes[level])))
        error = ERROR_NOT_ENOUGH_MEMORY;
    else
    {
        DWORD whole = sizes[level];

        fill_interface(found, item, NULL, ID_OF_ITEM(interface_handle));
        if (level == 1)
            error = read_hours(item, (MPR_INTERFACE_1 **)&found, &whole);
        if (error)
            buffer_destroy(found);
        else
        {
            *buffer = found;
            *size = whole;
        }
    }
    RegCloseKey(item);
    config_unlock(lock);
    return TRACED(error);
}

static const struct item_rows interface_rows = {
        .id_of = interface_id, .entry_size = sizeof(MPR_INTERFACE_0), .fill = fill_interface};

/* nf-mprapi-mprconfiginterfaceenum */
DWORD APIENTRY MprConfigInterfaceEnum(HANDLE config, DWORD level, BYTE **buffer, DWORD max_length,
        DWORD *read, DWORD *total, DWORD *resume)
{
    TRACE_CALL("(config %p, level %lu, buffer %p, max_length %lu, read %p, total %p, resume %p)",
            (const void *)config, (unsigned long)level, (const void *)buffer,
            (unsigned long)max_length, (const void *)read, (const void *)total,
            (const void *)resume);
    if (!config_is_valid(config) || level || max_length < interface_rows.entry_size
            || !clear_results(buffer, read, total)
            || (resume && !is_writable(resume, sizeof(*resume))))
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED(list_of_key(
            ROUTER_INTERFACES_KEY, &interface_rows, buffer, max_length, read, total, resume));
}
