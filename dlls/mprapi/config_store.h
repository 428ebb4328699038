/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The router configuration in the registry, below
 * HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\RemoteAccess:
 *
 *   RouterManagers\NAME     a transport: ProtocolId, GlobalInfo, GlobalInterfaceInfo, DLLPath
 *   Interfaces\NUMBER       an interface: InterfaceName, Type, Enabled, DialOutHoursRestriction
 *   Interfaces, the value Stamp: the highest number that an interface has had
 *   Interfaces\NUMBER\NAME  a transport of that interface: ProtocolId, InterfaceInfo
 *
 * ProtocolId, Type, Enabled and Stamp are REG_DWORD; InterfaceName REG_SZ; DLLPath REG_EXPAND_SZ or
 * REG_SZ; DialOutHoursRestriction REG_MULTI_SZ; the rest REG_BINARY.
 *
 * A key whose subkeys are all of one of these kinds is a list; a subkey is an item, and has an id.
 * A transport's id is its protocol's, an interface's its number and 1 more. Ids are the handles
 * that programs get, so that the handle of an item that is gone is noticed in every process.
 */
#ifndef WINE_NAP_MPRAPI_CONFIG_STORE_H
#define WINE_NAP_MPRAPI_CONFIG_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>
#include <mprapi.h>

#include "libs/napclient/router.h"

/* True if the handle is one of MprConfigServerConnect. */
bool config_is_valid(HANDLE config);

/* The lock of all processes. Returns a Win32 error; ERROR_TIMEOUT after half a minute. */
DWORD config_lock(HANDLE *lock);
void config_unlock(HANDLE lock);

enum list_use
{
    LIST_READ,
    LIST_CHANGE,
    LIST_CREATE /* to change it; it is created if it is missing */
};
/* Opens a list: ROUTER_MANAGERS_KEY or ROUTER_INTERFACES_KEY. ERROR_FILE_NOT_FOUND: it is missing.
 * The lock is held, for reading too: a reader must not meet half of a change. */
DWORD list_open(const WCHAR *path, enum list_use use, HKEY *list);

/* Reads an item's id from its key; 0 if the subkey is no item. */
typedef uint32_t item_id(HKEY list, const WCHAR *name);
item_id interface_id, transport_id;

/* Opens an item. ERROR_NOT_FOUND: the list has none of that id. */
DWORD item_open(HKEY list, item_id *id_of, uint32_t id, bool change, HKEY *item);
/* Deletes an item and what is in it. ERROR_NOT_FOUND: the list has none of that id. */
DWORD item_delete(HKEY list, item_id *id_of, uint32_t id);
/* Opens the transport of that id, or creates it by that name. ERROR_ALREADY_EXISTS: another
 * transport has the name. ERROR_INVALID_PARAMETER: the name
 * is longer than MAX_TRANSPORT_NAME_LEN, or has a backslash. */
DWORD transport_create(HKEY list, uint32_t id, const WCHAR *name, HKEY *item);

/*
 * The common part of the enumerating functions, for a list. The arguments are checked, and the
 * results cleared. `fill` fills a zeroed entry from an item's key. ERROR_NO_MORE_ITEMS: there is
 * none after *resume, which may be NULL.
 */
struct item_rows
{
    item_id *id_of;
    DWORD entry_size;
    void (*fill)(void *entry, HKEY item, const WCHAR *name, uint32_t id);
};
DWORD list_enumerate(HKEY list, const struct item_rows *rows, BYTE **buffer, DWORD max_length,
        DWORD *read, DWORD *total, DWORD *resume);
/* The same for a list that is not open, under the lock. A list that is missing is empty. */
DWORD list_of_key(const WCHAR *path, const struct item_rows *rows, BYTE **buffer, DWORD max_length,
        DWORD *read, DWORD *total, DWORD *resume);

/* True for NULL, and for a text that can be read up to its end. */
bool text_is_readable(const WCHAR *text);
/* A new buffer with a value; *value is NULL and *size 0 if there is none. */
DWORD value_get(HKEY item, const WCHAR *name, DWORD type, void **value, DWORD *size);
DWORD value_set_number(HKEY item, const WCHAR *name, DWORD number);
DWORD value_get_number(HKEY item, const WCHAR *name, DWORD otherwise);

/* A block of bytes that a program passes; none if `bytes` is NULL. */
struct block
{
    const BYTE *bytes;
    DWORD size;
};
bool block_is_readable(struct block block);
/* Sets a value; it stays as it is if there is no block. */
DWORD block_set(HKEY item, const WCHAR *name, struct block block);

/* A block that a program asks for, and its size; nothing if `bytes` is NULL. */
struct wanted
{
    BYTE **bytes;
    DWORD *size;
};
/* Clears what is asked for. False: it cannot be written. */
bool wanted_clear(struct wanted wanted);
/* The value in a new buffer, or NULL if there is none. */
DWORD block_get(HKEY item, const WCHAR *name, struct wanted wanted);
/* Frees what was returned before a failure. */
void wanted_drop(struct wanted wanted);

/* ---- config_interfaces.c ---- */

/* ERROR_NO_SUCH_INTERFACE: it is not there, or no longer. */
DWORD interface_open(HANDLE handle, bool change, HKEY *item);

/* ---- config_transports.c ---- */

/* MPR_TRANSPORT_0 and MPR_IFTRANSPORT_0, which are alike. */
extern const struct item_rows transport_rows;

/* A handle is an item's id. */
#define HANDLE_OF_ITEM(id) ((HANDLE)(ULONG_PTR)(id))
#define ID_OF_ITEM(handle) ((ULONG_PTR)(handle) > UINT32_MAX ? 0 : (uint32_t)(ULONG_PTR)(handle))

#endif
