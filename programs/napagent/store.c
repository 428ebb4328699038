/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Component registrations in the registry, written through the journal (registry.h).
 *
 *   HKLM\SYSTEM\CurrentControlSet\Services\napagent\{Qecs,Shas}\<id, decimal>
 *     "Friendly Name", "Description", "Version", "Vendor Name"   REG_SZ
 *     "Info Clsid", "Config Clsid"                               REG_SZ
 *     "Registration Date"                                        REG_QWORD, FILETIME
 *     "Enabled"                                                  REG_DWORD
 *     "Component Type"                                           REG_DWORD
 *     "Cached SoH"                                               REG_BINARY, health agents'
 *
 * "Component Type" is written last: a registration without it was cut short.
 */
#include "programs/napagent/napagent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "programs/napagent/fields.h"
#include "programs/napagent/registry.h"

#define CACHED_SOH L"Cached SoH"
#define ENABLED L"Enabled"
#define CORRELATION L"Correlation"

static const WCHAR *const kind_keys[] = {
        [NAPIPC_ENFORCEMENT_CLIENT] = L"Qecs",
        [NAPIPC_HEALTH_AGENT] = L"Shas",
};

static void key_name(uint32_t kind, uint32_t id, WCHAR name[32])
{
    swprintf(name, 32, L"%ls\\%u", kind_keys[kind], (unsigned int)id);
}

/* A component in the registry. */
struct stored_component
{
    struct napipc_component info;
    DWORD enabled;
};

#define FIELD(name, kind, member)                                                                  \
    {                                                                                              \
        name, kind, offsetof(struct stored_component, member), 0                                   \
    }
static const struct field fields[] = {
        FIELD(L"Friendly Name", FIELD_STRING, info.friendly_name),
        FIELD(L"Description", FIELD_STRING, info.description),
        FIELD(L"Version", FIELD_STRING, info.version),
        FIELD(L"Vendor Name", FIELD_STRING, info.vendor_name),
        FIELD(L"Info Clsid", FIELD_GUID, info.info_clsid),
        FIELD(L"Config Clsid", FIELD_GUID, info.config_clsid),
        FIELD(L"Registration Date", FIELD_QWORD, info.registration_date),
        FIELD(ENABLED, FIELD_DWORD, enabled),
        FIELD(L"Component Type", FIELD_DWORD, info.component_type),
};
#undef FIELD

uint32_t store_commit(uint32_t id, const char *what)
{
    return store_result(id, what, registry_commit());
}

uint32_t store_result(uint32_t id, const char *what, DWORD error)
{
    if (error)
        log_event(LOG_ERROR, id, "store", "cannot %s: error %lu; nothing is changed", what, error);
    if (error == ERROR_NOT_ENOUGH_MEMORY)
        return E_OUTOFMEMORY;
    /* The client has the right to do this; the agent has not. */
    return HRESULT_FROM_WIN32(error == ERROR_ACCESS_DENIED ? ERROR_CANTWRITE : error);
}

uint32_t store_save_component(
        void *context, uint32_t kind, const struct napipc_component *component, bool enabled)
{
    struct stored_component stored = {*component, enabled};
    WCHAR key[32];

    (void)context;
    key_name(kind, component->id, key);
    /* Of an existing component only the flag changes. */
    if (registry_has_key(key))
        registry_set(key, ENABLED, REG_DWORD, &stored.enabled, sizeof(stored.enabled));
    else
        fields_write(key, fields, ARRAYSIZE(fields), &stored);
    return store_commit(component->id, "write the registration");
}

uint32_t store_erase_component(void *context, uint32_t kind, uint32_t id)
{
    WCHAR key[32];

    (void)context;
    key_name(kind, id, key);
    registry_delete_key(key);
    return store_commit(id, "erase the registration");
}

uint32_t store_save_cache(void *context, uint32_t id, const void *soh, size_t size)
{
    WCHAR key[32];

    (void)context;
    key_name(NAPIPC_HEALTH_AGENT, id, key);
    if (size)
        registry_set(key, CACHED_SOH, REG_BINARY, soh, (DWORD)size);
    else
        registry_delete_value(key, CACHED_SOH);
    return store_commit(id, "write the cached SoH");
}

static void load_cached_soh(struct engine *engine, HKEY keys, const WCHAR *name, uint32_t id)
{
    static BYTE soh[NAPIPC_MAX_AGENT_SOH];
    DWORD size = sizeof(soh);
    DWORD error = RegGetValueW(keys, name, CACHED_SOH, RRF_RT_REG_BINARY, NULL, soh, &size);

    if (error != ERROR_FILE_NOT_FOUND && (error || !engine_add_cached_soh(engine, id, soh, size)))
        log_event(LOG_ERROR, id, "store", "the cached SoH is not usable and skipped: error %lu",
                error);
}

static void load_component(struct engine *engine, uint32_t kind, HKEY keys, const WCHAR *name)
{
    struct stored_component stored;
    struct field_texts texts;
    const WCHAR *what = L"name of the key";
    WCHAR canonical[16];
    unsigned long id;
    DWORD error = 0;
    WCHAR *end;
    HKEY key;

    id = wcstoul(name, &end, 10);
    swprintf(canonical, ARRAYSIZE(canonical), L"%lu", id);
    /* Only names as we write them: "007" would be stored under another name. */
    if (!id || *end || wcscmp(name, canonical))
        error = ERROR_INVALID_DATA;
    else if (!(error = RegOpenKeyExW(keys, name, 0, KEY_READ, &key)))
    {
        error = fields_read(key, fields, ARRAYSIZE(fields), &stored, &texts, &what);
        RegCloseKey(key);
    }
    stored.info.id = id;
    if (error)
        log_event(LOG_ERROR, id, "store",
                "the registration %ls\\%ls\\%ls is not usable and skipped: "
                "\"%ls\", error %lu",
                AGENT_SERVICE_KEY, kind_keys[kind], name, what, error);
    else if (!engine_add_component(engine, kind, &stored.info, stored.enabled != 0))
        log_event(LOG_ERROR, id, "store",
                "the registration %ls\\%ls\\%ls is skipped: there are %d "
                "already",
                AGENT_SERVICE_KEY, kind_keys[kind], name, NAPIPC_MAX_COMPONENTS);
    else if (kind == NAPIPC_HEALTH_AGENT)
        load_cached_soh(engine, keys, name, id);
}

/* FILETIME, of correlation ids; a QWORD by itself. */
static const struct field time_stamp = {L"Time Stamps Below", FIELD_QWORD, 0, 0};

uint32_t store_save_time_stamp(void *context, uint64_t limit)
{
    (void)context;
    fields_write(CORRELATION, &time_stamp, 1, &limit);
    return store_commit(0, "write the time of correlation ids");
}

static void load_time_stamp(struct engine *engine)
{
    uint64_t limit = 0;

    fields_read_each(AGENT_SERVICE_KEY L"\\" CORRELATION, &time_stamp, 1, &limit);
    if (limit)
        engine_set_time_stamp(engine, limit);
}

void store_load(struct engine *engine)
{
    uint32_t kind;

    load_time_stamp(engine);
    for (kind = NAPIPC_ENFORCEMENT_CLIENT; kind <= NAPIPC_HEALTH_AGENT; kind++)
    {
        WCHAR name[256]; /* the longest name of a key, so that none ends the enumeration */
        DWORD i, length;
        HKEY keys;

        swprintf(name, ARRAYSIZE(name), L"%ls\\%ls", AGENT_SERVICE_KEY, kind_keys[kind]);
        if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, name, 0, KEY_READ, &keys))
            continue;
        for (i = 0; length = ARRAYSIZE(name),
            !RegEnumKeyExW(keys, i, name, &length, NULL, NULL, NULL, NULL);
                i++)
            load_component(engine, kind, keys, name);
        RegCloseKey(keys);
    }
}

/* Microsoft's own enforcement clients, which Windows has registered from the start. */
static const struct
{
    uint32_t id;
    const WCHAR *name;
    const WCHAR *description;
    uint32_t type;
} defaults[] = {
        {79617, L"DHCP Quarantine Enforcement Client", L"Health of DHCP clients", 1},
        {79618, L"Remote Access Quarantine Enforcement Client",
                L"Health of VPN and dial-up clients", 1},
        {79619, L"IPsec Relying Party", L"Health certificates for IPsec", 2},
        {79621, L"RD Gateway Quarantine Enforcement Client", L"Health of RD Gateway clients", 1},
        {79623, L"EAP Quarantine Enforcement Client", L"Health of 802.1X and EAP clients", 1},
};

static struct napipc_string string_of(const WCHAR *text)
{
    struct napipc_string string = {(const uint8_t *)text, (uint16_t)wcslen(text)};

    return string;
}

DWORD store_add_defaults(void)
{
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(defaults); i++)
    {
        struct napipc_component component = {.id = defaults[i].id};
        WCHAR key[32];
        FILETIME now;
        uint32_t result;

        key_name(NAPIPC_ENFORCEMENT_CLIENT, component.id, key);
        if (registry_has_key(key))
            continue;
        GetSystemTimeAsFileTime(&now);
        component.friendly_name = string_of(defaults[i].name);
        component.description = string_of(defaults[i].description);
        component.version = string_of(L"1.0");
        component.vendor_name = string_of(L"Microsoft Corporation");
        component.registration_date = (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
        component.component_type = defaults[i].type;
        if ((result = store_save_component(NULL, NAPIPC_ENFORCEMENT_CLIENT, &component, false)))
            return HRESULT_CODE(result);
    }
    return 0;
}
