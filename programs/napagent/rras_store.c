/*
 * The connections of the remote access server in the registry, written at the
 * moment of change, as components are (store.c).
 *
 *   HKLM\SYSTEM\CurrentControlSet\Services\napagent\Rras
 *     "Enabled"     REG_DWORD   the server side is on
 *     "Next Id"     REG_DWORD   ids below it may have been used
 *   ...\Rras\Connections
 *     "<id, decimal>"           REG_BINARY, the record as libs/napipc writes it
 *
 * One value a record: adding or removing one costs the same however many there
 * are. The registry is the wineserver's: what is set outlives this process, and
 * the wineserver writes it to disk when the prefix goes down.
 */
#include "programs/napagent/napagent.h"

#include <stdio.h>
#include <wchar.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"

#define RRAS_KEY AGENT_SERVICE_KEY L"\\Rras"
#define CONNECTIONS_KEY RRAS_KEY L"\\Connections"

HRESULT rras_store_save(uint32_t id, const void *record, size_t size)
{
    static HKEY connections; /* kept open: changes may come by the hundred a second */
    WCHAR name[16];
    DWORD error = 0;

    if (!connections)
        error = RegCreateKeyExW(HKEY_LOCAL_MACHINE, CONNECTIONS_KEY, 0, NULL, 0, KEY_ALL_ACCESS,
            NULL, &connections, NULL);
    if (error)
        connections = NULL;
    swprintf(name, ARRAYSIZE(name), L"%u", (unsigned int)id);
    if (!error && size)
        error = RegSetValueExW(connections, name, 0, REG_BINARY, record, (DWORD)size);
    else if (!error)
    {
        error = RegDeleteValueW(connections, name);
        if (error == ERROR_FILE_NOT_FOUND)
            error = 0;
    }
    return store_result(0, "keep an RRAS connection", error);
}

HRESULT rras_store_save_server(bool enabled, uint32_t next_id)
{
    DWORD on = enabled, next = next_id, error;
    HKEY key;

    error = RegCreateKeyExW(HKEY_LOCAL_MACHINE, RRAS_KEY, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key,
        NULL);
    if (!error)
    {
        error = RegSetValueExW(key, L"Next Id", 0, REG_DWORD, (const BYTE *)&next, sizeof(next));
        if (!error)
            error = RegSetValueExW(key, AGENT_VALUE_RRAS, 0, REG_DWORD, (const BYTE *)&on,
                sizeof(on));
        RegCloseKey(key);
    }
    return store_result(0, "keep the state of the remote access server", error);
}

static DWORD number(const WCHAR *name)
{
    DWORD value = 0, size = sizeof(value);

    if (RegGetValueW(HKEY_LOCAL_MACHINE, RRAS_KEY, name, RRF_RT_REG_DWORD, NULL, &value, &size))
        return 0;
    return value;
}

static void load_connection(struct engine *engine, const WCHAR *name, DWORD type,
    const BYTE *record, DWORD size)
{
    WCHAR canonical[16], *end;
    uint32_t id = wcstoul(name, &end, 10);

    swprintf(canonical, ARRAYSIZE(canonical), L"%u", (unsigned int)id);
    /* As we write it: "007" would be loaded, and stored under another name. */
    if (*end || wcscmp(name, canonical) || type != REG_BINARY
            || !engine_add_rras(engine, id, record, size))
        log_event(LOG_ERROR, 0, "store", "the RRAS connection \"%ls\" in the registry is not usable "
            "and skipped", name);
}

void rras_store_load(struct engine *engine)
{
    static BYTE record[NAPIPC_RRAS_MAX_RECORD];
    WCHAR name[64];
    DWORD i, length, type, size, error;
    HKEY key;

    engine_set_rras_server(engine, number(AGENT_VALUE_RRAS) != 0, number(L"Next Id"));
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
                log_event(LOG_ERROR, 0, "store", "an RRAS connection in the registry cannot be "
                    "read: error %lu", error);
                if (error != ERROR_MORE_DATA)
                    break;
            }
        }
        RegCloseKey(key);
    }
    engine_rras_loaded(engine);
}
