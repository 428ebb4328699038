/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RAS connections in the registry, and the administrator's settings for them.
 *
 *   HKLM\SYSTEM\CurrentControlSet\Services\napagent\Ras
 *     "Last Handle"                                   REG_DWORD, the last that was ever issued
 *     \<handle, 8 hexadecimal digits>
 *       "Entry Name", "Phonebook", "Device Type", "Device Name", "Phone Number", "User",
 *       "Interface"                                   REG_SZ
 *       "Id", "Entry Id", "Key"                       REG_BINARY, GUIDs
 *       "Flags", "Interface Index"                    REG_DWORD
 *       "Boot"                                        REG_QWORD, it ends with this boot; see boot.h
 *       "Since"                                       REG_QWORD, FILETIME
 *       "Cleared"                                     REG_BINARY, counters of 8 bytes
 *       "Source"                                      REG_DWORD, written last: a record without it
 *                                                     was cut short
 *   ...\Services\napagent\Parameters
 *     "RasPatterns"                                   REG_MULTI_SZ, names of interfaces, * and ?
 */
#include "programs/napagent/napagent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "programs/napagent/boot.h"
#include "programs/napagent/fields.h"
#include "programs/napagent/registry.h"

#define RAS_KEY AGENT_SERVICE_KEY L"\\Ras"
#define PATTERNS L"RasPatterns"
#define BOOT L"Boot"

#define FIELD(name, kind, member)                                                                  \
    {                                                                                              \
        name, kind, offsetof(struct engine_ras_record, member),                                    \
                sizeof(((struct engine_ras_record *)0)->member)                                    \
    }
static const struct field fields[] = {
        FIELD(L"Entry Name", FIELD_STRING, connection.entry_name),
        FIELD(L"Phonebook", FIELD_STRING, connection.phonebook),
        FIELD(L"Device Type", FIELD_STRING, connection.device_type),
        FIELD(L"Device Name", FIELD_STRING, connection.device_name),
        FIELD(L"Phone Number", FIELD_STRING, connection.phone_number),
        FIELD(L"User", FIELD_STRING, connection.user),
        FIELD(L"Interface", FIELD_STRING, connection.interface_name),
        FIELD(L"Id", FIELD_BYTES, connection.id),
        FIELD(L"Entry Id", FIELD_BYTES, connection.entry_id),
        FIELD(L"Key", FIELD_BYTES, key),
        FIELD(L"Flags", FIELD_DWORD, connection.flags),
        FIELD(L"Interface Index", FIELD_DWORD, interface_index),
        FIELD(L"Since", FIELD_QWORD, connection.since),
        FIELD(L"Cleared", FIELD_BYTES, cleared),
        FIELD(L"Source", FIELD_DWORD, connection.source),
};
#undef FIELD

/* Of all connections: a DWORD by itself. */
static const struct field last_handle = {L"Last Handle", FIELD_DWORD, 0, 0};

static void key_name(uint32_t handle, WCHAR name[32])
{
    swprintf(name, 32, L"Ras\\%08x", (unsigned int)handle);
}

/* Does it end with the host's boot? One that was detected ends with its interface. */
static bool ends_with_boot(const struct engine_ras_record *record)
{
    return record->connection.source == NAPIPC_RAS_DIALED
           || (record->connection.source == NAPIPC_RAS_TABLE && !record->keep);
}

uint32_t store_save_ras(void *context, const struct engine_ras_record *record)
{
    WCHAR key[32];

    (void)context;
    key_name(record->connection.handle, key);
    if (ends_with_boot(record))
        boot_stamp(key, BOOT);
    else
        registry_delete_value(key, BOOT);
    fields_write(key, fields, ARRAYSIZE(fields), record);
    return store_commit(0, "write a RAS connection");
}

uint32_t store_erase_ras(void *context, uint32_t handle)
{
    WCHAR key[32];

    (void)context;
    key_name(handle, key);
    registry_delete_key(key);
    return store_commit(0, "erase a RAS connection");
}

uint32_t store_save_ras_handle(void *context, uint32_t last)
{
    DWORD value = last;

    (void)context;
    fields_write(L"Ras", &last_handle, 1, &value);
    return store_commit(0, "write the last RAS handle");
}

uint32_t store_save_ras_patterns(void *context, struct napipc_string patterns)
{
    WCHAR text[NAPIPC_MAX_STRING + 2] = {0};
    size_t i;

    (void)context;
    if (patterns.length)
        memcpy(text, patterns.units, patterns.length * sizeof(WCHAR));
    for (i = 0; i < patterns.length; i++)
        if (text[i] == '\n')
            text[i] = 0;
    registry_set(L"Parameters", PATTERNS, REG_MULTI_SZ, text,
            (DWORD)((patterns.length + 2) * sizeof(WCHAR)));
    return store_commit(0, "write the name patterns");
}

/* ---- loading ---- */

static void load_record(struct engine *engine, HKEY keys, const WCHAR *name)
{
    const WCHAR *what = L"name of the key";
    struct engine_ras_record record;
    struct field_texts texts;
    enum boot_stamp stamp = BOOT_NONE;
    WCHAR canonical[16], key_of[32];
    DWORD error;
    HKEY key;

    memset(&record, 0, sizeof(record));
    record.connection.handle = wcstoul(name, NULL, 16);
    swprintf(canonical, ARRAYSIZE(canonical), L"%08x", (unsigned int)record.connection.handle);
    key_name(record.connection.handle, key_of);
    if (wcscmp(name, canonical))
        error = ERROR_INVALID_DATA;
    else if (!(error = RegOpenKeyExW(keys, name, 0, KEY_READ, &key)))
    {
        error = fields_read(key, fields, ARRAYSIZE(fields), &record, &texts, &what);
        RegCloseKey(key);
    }
    if (!error
            && (record.connection.source < NAPIPC_RAS_TABLE
                    || record.connection.source > NAPIPC_RAS_DIALED))
        error = ERROR_INVALID_DATA;
    if (!error)
        stamp = boot_stamp_of(key_of, BOOT);
    record.keep = stamp == BOOT_NONE;
    if (stamp == BOOT_EARLIER)
    {
        log_event(LOG_INFO, 0, "ras", "RAS connection %u has ended with the host's last boot",
                (unsigned int)record.connection.handle);
        store_erase_ras(NULL, record.connection.handle);
    }
    else if (error || !engine_add_ras(engine, &record))
        log_event(LOG_ERROR, 0, "store",
                "the RAS connection %ls is not usable and skipped: "
                "\"%ls\", error %lu",
                name, what, error);
}

/* Reads the names, separated by newlines. Returns the number of characters. */
static DWORD read_patterns(WCHAR text[NAPIPC_MAX_STRING + 2])
{
    DWORD size = (NAPIPC_MAX_STRING + 2) * sizeof(WCHAR), type, length, i, error;
    HKEY key;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, AGENT_PARAMETERS_KEY, 0, KEY_READ, &key))
        return 0;
    error = RegQueryValueExW(key, PATTERNS, NULL, &type, (BYTE *)text, &size);
    RegCloseKey(key);
    length = size / sizeof(WCHAR);
    /* A value that was cut short does not end as a list does. */
    if (!error
            && (type != REG_MULTI_SZ || size % sizeof(WCHAR) || !length || text[length - 1]
                    || (length > 1 && text[length - 2])))
        error = ERROR_INVALID_DATA;
    if (error && error != ERROR_FILE_NOT_FOUND)
        log_event(LOG_ERROR, 0, "store",
                "the value %ls in HKLM\\%ls is not usable and skipped: error "
                "%lu; set the patterns again by napctl ras patterns",
                PATTERNS, AGENT_PARAMETERS_KEY, error);
    if (error)
        return 0;
    while (length && !text[length - 1])
        length--;
    for (i = 0; i < length; i++)
        if (!text[i])
            text[i] = '\n';
    return length;
}

void store_load_ras(struct engine *engine)
{
    WCHAR name[256], patterns[NAPIPC_MAX_STRING + 2];
    struct napipc_string string = {(const uint8_t *)patterns, 0};
    DWORD last = 0, i, length;
    HKEY keys;

    fields_read_each(RAS_KEY, &last_handle, 1, &last);
    string.length = (uint16_t)read_patterns(patterns);
    if (!engine_set_ras(engine, last, string))
        log_event(LOG_ERROR, 0, "store", "no memory for the name patterns of RAS connections");
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, RAS_KEY, 0, KEY_READ, &keys))
        return;
    registry_begin();
    for (i = 0; length = ARRAYSIZE(name),
        !RegEnumKeyExW(keys, i, name, &length, NULL, NULL, NULL, NULL);
            i++)
        load_record(engine, keys, name);
    RegCloseKey(keys);
    store_result(0, "erase the RAS connections of the host's last boot", registry_end(true));
}
