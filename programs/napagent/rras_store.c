/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The connections of the remote access server in the registry, like the components
 * of store.c.
 *
 *   HKLM\SYSTEM\CurrentControlSet\Services\napagent\Rras
 *     "Enabled"     REG_DWORD   the server side is on
 *     "Next Id"     REG_DWORD   ids below it may have been used
 *   ...\Rras\Connections
 *     "<id, decimal>"           REG_BINARY, the record as libs/napipc writes it
 *   ...\Rras\Boots
 *     "<id, decimal>"           REG_QWORD, the connection ends with this boot; see boot.h
 *
 * Each record is one value, so that adding or removing one costs the same however
 * many there are.
 */
#include "programs/napagent/napagent.h"

#include <stdio.h>
#include <wchar.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "programs/napagent/boot.h"
#include "programs/napagent/fields.h"
#include "programs/napagent/registry.h"

#define RRAS_KEY AGENT_SERVICE_KEY L"\\Rras"
#define CONNECTIONS_KEY RRAS_KEY L"\\Connections"
#define BOOTS L"Rras\\Boots"

/* What the server has beside its connections. */
struct stored_server
{
    DWORD next_id, enabled;
};

#define FIELD(name, member)                                                                        \
    {                                                                                              \
        name, FIELD_DWORD, offsetof(struct stored_server, member), 0                               \
    }
static const struct field fields[] = {
        FIELD(L"Next Id", next_id),
        FIELD(AGENT_VALUE_RRAS, enabled),
};
#undef FIELD

static void name_of(uint32_t id, WCHAR name[16])
{
    swprintf(name, 16, L"%u", (unsigned int)id);
}

uint32_t rras_store_end_with_boot(void *context, uint32_t id)
{
    WCHAR name[16];

    (void)context;
    name_of(id, name);
    boot_stamp(BOOTS, name);
    return store_commit(0, "write the boot of an RRAS connection");
}

uint32_t rras_store_save(void *context, uint32_t id, const void *record, size_t size)
{
    WCHAR name[16];

    (void)context;
    name_of(id, name);
    if (size)
        registry_set(L"Rras\\Connections", name, REG_BINARY, record, (DWORD)size);
    else
    {
        registry_delete_value(L"Rras\\Connections", name);
        registry_delete_value(BOOTS, name);
    }
    return store_commit(0, "write an RRAS connection");
}

uint32_t rras_store_save_server(void *context, bool enabled, uint32_t next_id)
{
    struct stored_server server = {next_id, enabled};

    (void)context;
    fields_write(L"Rras", fields, ARRAYSIZE(fields), &server);
    return store_commit(0, "write the state of the remote access server");
}

static void load_connection(
        struct engine *engine, const WCHAR *name, DWORD type, const BYTE *record, DWORD size)
{
    WCHAR canonical[16], *end;
    uint32_t id = wcstoul(name, &end, 10);

    name_of(id, canonical);
    /* Only names as we write them: "007" would be stored under another name. */
    if (*end || wcscmp(name, canonical) || type != REG_BINARY
            || !engine_add_rras(engine, id, record, size))
        log_event(LOG_ERROR, 0, "store",
                "the RRAS connection \"%ls\" in the registry is not usable "
                "and skipped",
                name);
}

static void load_server(struct engine *engine)
{
    struct stored_server server = {0, 0};

    fields_read_each(RRAS_KEY, fields, ARRAYSIZE(fields), &server);
    engine_set_rras_server(engine, server.enabled != 0, server.next_id);
}

/* Loads every connection but those that ended with an earlier boot of the host, which it erases.
 * Returns how many these are. */
static unsigned int load_connections(struct engine *engine, HKEY key)
{
    static BYTE record[NAPIPC_RRAS_MAX_RECORD];
    WCHAR name[64];
    DWORD i, length, type, size, error = 0;
    unsigned int ended = 0;

    for (i = 0; !error || error == ERROR_MORE_DATA; i++)
    {
        length = ARRAYSIZE(name);
        size = sizeof(record);
        error = RegEnumValueW(key, i, name, &length, NULL, &type, record, &size);
        if (!error && boot_stamp_of(BOOTS, name) == BOOT_EARLIER)
        {
            registry_delete_value(L"Rras\\Connections", name);
            registry_delete_value(BOOTS, name);
            ended++;
        }
        else if (!error)
            load_connection(engine, name, type, record, size);
        else if (error != ERROR_NO_MORE_ITEMS)
            log_event(LOG_ERROR, 0, "store",
                    "an RRAS connection in the registry cannot be read: error %lu", error);
    }
    return ended;
}

void rras_store_load(struct engine *engine)
{
    unsigned int ended;
    HKEY key;

    load_server(engine);
    if (!RegOpenKeyExW(HKEY_LOCAL_MACHINE, CONNECTIONS_KEY, 0, KEY_READ, &key))
    {
        registry_begin();
        ended = load_connections(engine, key);
        RegCloseKey(key);
        if (ended)
            log_event(LOG_INFO, 0, "rras", "%u connections have ended with the host's last boot",
                    ended);
        store_result(0, "erase the RRAS connections of the host's last boot", registry_end(true));
    }
    engine_rras_loaded(engine);
}
