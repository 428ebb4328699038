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
 *
 * Each record is one value, so that adding or removing one costs the same however
 * many there are.
 */
#include "programs/napagent/napagent.h"

#include <stdio.h>
#include <wchar.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "programs/napagent/fields.h"
#include "programs/napagent/registry.h"

#define RRAS_KEY AGENT_SERVICE_KEY L"\\Rras"
#define CONNECTIONS_KEY RRAS_KEY L"\\Connections"

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

uint32_t rras_store_save(void *context, uint32_t id, const void *record, size_t size)
{
    WCHAR name[16];

    (void)context;
    swprintf(name, ARRAYSIZE(name), L"%u", (unsigned int)id);
    if (size)
        registry_set(L"Rras\\Connections", name, REG_BINARY, record, (DWORD)size);
    else
        registry_delete_value(L"Rras\\Connections", name);
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

    swprintf(canonical, ARRAYSIZE(canonical), L"%u", (unsigned int)id);
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

void rras_store_load(struct engine *engine)
{
    static BYTE record[NAPIPC_RRAS_MAX_RECORD];
    WCHAR name[64];
    DWORD i, length, type, size, error;
    HKEY key;

    load_server(engine);
    if (!RegOpenKeyExW(HKEY_LOCAL_MACHINE, CONNECTIONS_KEY, 0, KEY_READ, &key))
    {
        for (i = 0;; i++)
        {
            length = ARRAYSIZE(name);
            size = sizeof(record);
            error = RegEnumValueW(key, i, name, &length, NULL, &type, record, &size);
            if (error == ERROR_NO_MORE_ITEMS)
                break;
            if (!error)
                load_connection(engine, name, type, record, size);
            else
            {
                log_event(LOG_ERROR, 0, "store",
                        "an RRAS connection in the registry cannot be "
                        "read: error %lu",
                        error);
                if (error != ERROR_MORE_DATA)
                    break;
            }
        }
        RegCloseKey(key);
    }
    engine_rras_loaded(engine);
}
