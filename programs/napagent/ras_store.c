/*
 * RAS connections in the registry, and the administrator's settings for them.
 *
 *   HKLM\SYSTEM\CurrentControlSet\Services\napagent\Ras
 *     "Last Handle"                                   REG_DWORD, the last that was issued, ever
 *     \<handle, 8 hexadecimal digits>
 *       "Entry Name", "Phonebook", "Device Type", "Device Name", "Phone Number", "User",
 *       "Interface"                                   REG_SZ
 *       "Id", "Entry Id", "Key"                       REG_BINARY, GUIDs
 *       "Flags", "Interface Index"                    REG_DWORD
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
#include "programs/napagent/registry.h"

#define RAS_KEY AGENT_SERVICE_KEY L"\\Ras"
#define LAST_HANDLE L"Last Handle"
#define PATTERNS L"RasPatterns"
#define SOURCE L"Source"

static const struct
{
    const WCHAR *name;
    size_t offset; /* in struct napipc_ras_connection */
} strings[] = {
    {L"Entry Name", offsetof(struct napipc_ras_connection, entry_name)},
    {L"Phonebook", offsetof(struct napipc_ras_connection, phonebook)},
    {L"Device Type", offsetof(struct napipc_ras_connection, device_type)},
    {L"Device Name", offsetof(struct napipc_ras_connection, device_name)},
    {L"Phone Number", offsetof(struct napipc_ras_connection, phone_number)},
    {L"User", offsetof(struct napipc_ras_connection, user)},
    {L"Interface", offsetof(struct napipc_ras_connection, interface_name)},
};

static const struct
{
    const WCHAR *name;
    DWORD type;
    DWORD size;
    size_t offset; /* in struct engine_ras_record */
} numbers[] = {
    {L"Id", REG_BINARY, 16, offsetof(struct engine_ras_record, connection.id)},
    {L"Entry Id", REG_BINARY, 16, offsetof(struct engine_ras_record, connection.entry_id)},
    {L"Key", REG_BINARY, 16, offsetof(struct engine_ras_record, key)},
    {L"Flags", REG_DWORD, 4, offsetof(struct engine_ras_record, connection.flags)},
    {L"Interface Index", REG_DWORD, 4, offsetof(struct engine_ras_record, interface_index)},
    {L"Since", REG_QWORD, 8, offsetof(struct engine_ras_record, connection.since)},
    {L"Cleared", REG_BINARY, sizeof(struct napipc_ras_counters),
        offsetof(struct engine_ras_record, cleared)},
    {SOURCE, REG_DWORD, 4, offsetof(struct engine_ras_record, connection.source)},
};

static void key_name(uint32_t handle, WCHAR name[32])
{
    swprintf(name, 32, L"Ras\\%08x", (unsigned int)handle);
}

HRESULT store_save_ras(const struct engine_ras_record *record)
{
    WCHAR key[32];
    size_t i;

    key_name(record->connection.handle, key);
    for (i = 0; i < ARRAYSIZE(strings); i++)
        store_string(key, strings[i].name, (const struct napipc_string *)
            ((const BYTE *)&record->connection + strings[i].offset));
    for (i = 0; i < ARRAYSIZE(numbers); i++)
        registry_set(key, numbers[i].name, numbers[i].type,
            (const BYTE *)record + numbers[i].offset, numbers[i].size);
    return store_commit(0, "write a RAS connection");
}

HRESULT store_erase_ras(uint32_t handle)
{
    WCHAR key[32];

    key_name(handle, key);
    registry_delete_key(key);
    return store_commit(0, "erase a RAS connection");
}

HRESULT store_save_ras_handle(uint32_t last)
{
    DWORD value = last;

    registry_set(L"Ras", LAST_HANDLE, REG_DWORD, &value, sizeof(value));
    return store_commit(0, "write the last RAS handle");
}

HRESULT store_save_ras_patterns(struct napipc_string patterns)
{
    WCHAR text[NAPIPC_MAX_STRING + 2] = {0};
    size_t i;

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

struct stored_strings
{
    WCHAR text[ARRAYSIZE(strings)][NAPIPC_MAX_STRING + 1];
};

static DWORD read_record(HKEY key, struct engine_ras_record *record,
    struct stored_strings *stored)
{
    DWORD error = 0, size;
    size_t i;

    for (i = 0; i < ARRAYSIZE(strings) && !error; i++)
    {
        struct napipc_string *string = (struct napipc_string *)
            ((BYTE *)&record->connection + strings[i].offset);

        size = sizeof(stored->text[i]);
        error = RegGetValueW(key, NULL, strings[i].name, RRF_RT_REG_SZ, NULL, stored->text[i],
            &size);
        string->units = (const uint8_t *)stored->text[i];
        string->length = error ? 0 : (uint16_t)wcslen(stored->text[i]);
    }
    for (i = 0; i < ARRAYSIZE(numbers) && !error; i++)
    {
        DWORD type;

        size = numbers[i].size;
        error = RegQueryValueExW(key, numbers[i].name, NULL, &type,
            (BYTE *)record + numbers[i].offset, &size);
        if (!error && (type != numbers[i].type || size != numbers[i].size))
            error = ERROR_INVALID_DATA;
    }
    if (!error && (record->connection.source < NAPIPC_RAS_TABLE
            || record->connection.source > NAPIPC_RAS_CLIENT))
        error = ERROR_INVALID_DATA;
    return error;
}

static void load_record(struct engine *engine, HKEY keys, const WCHAR *name)
{
    struct engine_ras_record record;
    struct stored_strings stored;
    WCHAR canonical[16];
    DWORD error;
    HKEY key;

    memset(&record, 0, sizeof(record));
    record.connection.handle = wcstoul(name, NULL, 16);
    swprintf(canonical, ARRAYSIZE(canonical), L"%08x", (unsigned int)record.connection.handle);
    if (wcscmp(name, canonical))
        error = ERROR_INVALID_DATA;
    else if (!(error = RegOpenKeyExW(keys, name, 0, KEY_READ, &key)))
    {
        error = read_record(key, &record, &stored);
        RegCloseKey(key);
    }
    if (error || !engine_add_ras(engine, &record))
        log_event(LOG_ERROR, 0, "store", "the RAS connection %ls is not usable and skipped: error "
            "%lu", name, error);
}

static DWORD read_patterns(WCHAR text[NAPIPC_MAX_STRING + 2])
{
    DWORD size = (NAPIPC_MAX_STRING + 2) * sizeof(WCHAR), length, i;

    if (RegGetValueW(HKEY_LOCAL_MACHINE, AGENT_PARAMETERS_KEY, PATTERNS, RRF_RT_REG_MULTI_SZ, NULL,
            text, &size))
        return 0;
    for (length = size / sizeof(WCHAR); length && !text[length - 1]; length--)
        ;
    for (i = 0; i < length; i++)
        if (!text[i])
            text[i] = '\n';
    return length;
}

void store_load_ras(struct engine *engine)
{
    WCHAR name[256], patterns[NAPIPC_MAX_STRING + 2];
    struct napipc_string string = {(const uint8_t *)patterns, 0};
    DWORD last = 0, size = sizeof(last), i, length;
    HKEY keys;

    string.length = (uint16_t)read_patterns(patterns);
    RegGetValueW(HKEY_LOCAL_MACHINE, RAS_KEY, LAST_HANDLE, RRF_RT_REG_DWORD, NULL, &last, &size);
    if (!engine_set_ras(engine, last, string))
        log_event(LOG_ERROR, 0, "store", "no memory for the name patterns of RAS connections");
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, RAS_KEY, 0, KEY_READ, &keys))
        return;
    for (i = 0; length = ARRAYSIZE(name),
            !RegEnumKeyExW(keys, i, name, &length, NULL, NULL, NULL, NULL); i++)
        load_record(engine, keys, name);
    RegCloseKey(keys);
}
