/*
 * Component registrations, in the registry by way of the journal (registry.h).
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

#include <objbase.h>
#include <stdio.h>
#include <string.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "programs/napagent/registry.h"

#define CACHED_SOH L"Cached SoH"
#define ENABLED L"Enabled"
#define CORRELATION L"Correlation"
#define TIME_STAMP L"Time Stamps Below" /* FILETIME; of correlation ids */

static const WCHAR *const kind_keys[] = {
    [NAPIPC_ENFORCEMENT_CLIENT] = L"Qecs",
    [NAPIPC_HEALTH_AGENT] = L"Shas",
};

static void key_name(uint32_t kind, uint32_t id, WCHAR name[32])
{
    swprintf(name, 32, L"%ls\\%u", kind_keys[kind], (unsigned int)id);
}

static void write_guid(const WCHAR *key, const WCHAR *name, const struct napipc_guid *guid)
{
    WCHAR text[39];
    GUID value;

    memcpy(&value, guid->bytes, sizeof(value));
    StringFromGUID2(&value, text, ARRAYSIZE(text));
    registry_set(key, name, REG_SZ, text, sizeof(text));
}

void store_string(const WCHAR *key, const WCHAR *name, const struct napipc_string *string)
{
    WCHAR text[NAPIPC_MAX_STRING + 1];

    if (string->length)
        memcpy(text, string->units, string->length * sizeof(WCHAR));
    text[string->length] = 0;
    registry_set(key, name, REG_SZ, text, (string->length + 1) * sizeof(WCHAR));
}

HRESULT store_commit(uint32_t id, const char *what)
{
    return store_result(id, what, registry_commit());
}

HRESULT store_result(uint32_t id, const char *what, DWORD error)
{
    if (error)
        log_event(LOG_ERROR, id, "store", "cannot %s: error %lu; nothing is changed", what, error);
    if (error == ERROR_NOT_ENOUGH_MEMORY)
        return E_OUTOFMEMORY;
    /* Whoever asked may do this; it is the agent that may not. */
    return HRESULT_FROM_WIN32(error == ERROR_ACCESS_DENIED ? ERROR_CANTWRITE : error);
}

HRESULT store_save(uint32_t kind, const struct napipc_component *component, bool enabled)
{
    DWORD flag = enabled, type = component->component_type;
    WCHAR key[32];

    key_name(kind, component->id, key);
    /* Of one that is there only the flag changes. */
    if (!registry_has_key(key))
    {
        store_string(key, L"Friendly Name", &component->friendly_name);
        store_string(key, L"Description", &component->description);
        store_string(key, L"Version", &component->version);
        store_string(key, L"Vendor Name", &component->vendor_name);
        write_guid(key, L"Info Clsid", &component->info_clsid);
        write_guid(key, L"Config Clsid", &component->config_clsid);
        registry_set(key, L"Registration Date", REG_QWORD, &component->registration_date,
            sizeof(uint64_t));
        registry_set(key, ENABLED, REG_DWORD, &flag, sizeof(flag));
        registry_set(key, L"Component Type", REG_DWORD, &type, sizeof(type));
    }
    else
        registry_set(key, ENABLED, REG_DWORD, &flag, sizeof(flag));
    return store_commit(component->id, "write the registration");
}

HRESULT store_erase(uint32_t kind, uint32_t id)
{
    WCHAR key[32];

    key_name(kind, id, key);
    registry_delete_key(key);
    return store_commit(id, "erase the registration");
}

HRESULT store_save_cache(uint32_t id, const void *soh, size_t size)
{
    WCHAR key[32];

    key_name(NAPIPC_HEALTH_AGENT, id, key);
    if (size)
        registry_set(key, CACHED_SOH, REG_BINARY, soh, (DWORD)size);
    else
        registry_delete_value(key, CACHED_SOH);
    return store_commit(id, "write the cached SoH");
}

/* A component as read from the registry, with room for what its views point to. */
struct stored_component
{
    struct napipc_component info;
    DWORD enabled;
    WCHAR friendly_name[NAPIPC_MAX_STRING + 1];
    WCHAR description[NAPIPC_MAX_STRING + 1];
    WCHAR version[NAPIPC_MAX_STRING + 1];
    WCHAR vendor_name[NAPIPC_MAX_STRING + 1];
};

static DWORD read_string(HKEY key, const WCHAR *name, WCHAR *text, struct napipc_string *string)
{
    DWORD size = (NAPIPC_MAX_STRING + 1) * sizeof(WCHAR), type;
    DWORD error = RegQueryValueExW(key, name, NULL, &type, (BYTE *)text, &size);

    /* Not RegGetValueW: that makes a whole value of one that was cut short. */
    if (!error && (type != REG_SZ || !size || size % sizeof(WCHAR)
            || text[size / sizeof(WCHAR) - 1]))
        error = ERROR_INVALID_DATA;
    string->units = (const uint8_t *)text;
    string->length = error ? 0 : (uint16_t)wcslen(text);
    return error;
}

static DWORD read_guid(HKEY key, const WCHAR *name, struct napipc_guid *guid)
{
    WCHAR text[40];
    DWORD size = sizeof(text), error;
    GUID value;

    if ((error = RegGetValueW(key, NULL, name, RRF_RT_REG_SZ, NULL, text, &size)))
        return error;
    if (FAILED(CLSIDFromString(text, &value)))
        return ERROR_INVALID_DATA;
    memcpy(guid->bytes, &value, sizeof(value));
    return 0;
}

static DWORD read_number(HKEY key, const WCHAR *name, DWORD type, void *value, DWORD expected)
{
    DWORD size = expected, found;
    DWORD error = RegQueryValueExW(key, name, NULL, &found, value, &size);

    return !error && (found != type || size != expected) ? ERROR_INVALID_DATA : error;
}

/* Reads one component; on failure *what is the value that is missing or wrong. */
static DWORD read_component(HKEY key, struct stored_component *stored, const WCHAR **what)
{
    struct napipc_component *info = &stored->info;
    DWORD error;

    if ((error = read_string(key, *what = L"Friendly Name", stored->friendly_name,
                &info->friendly_name))
            || (error = read_string(key, *what = L"Description", stored->description,
                    &info->description))
            || (error = read_string(key, *what = L"Version", stored->version, &info->version))
            || (error = read_string(key, *what = L"Vendor Name", stored->vendor_name,
                    &info->vendor_name))
            || (error = read_guid(key, *what = L"Info Clsid", &info->info_clsid))
            || (error = read_guid(key, *what = L"Config Clsid", &info->config_clsid)))
        return error;
    if ((error = read_number(key, *what = L"Registration Date", REG_QWORD,
                &info->registration_date, sizeof(info->registration_date)))
            || (error = read_number(key, *what = ENABLED, REG_DWORD, &stored->enabled,
                    sizeof(stored->enabled))))
        return error;
    return read_number(key, *what = L"Component Type", REG_DWORD, &info->component_type,
        sizeof(info->component_type));
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
    const WCHAR *what = L"name of the key";
    WCHAR canonical[16];
    unsigned long id;
    DWORD error = 0;
    WCHAR *end;
    HKEY key;

    id = wcstoul(name, &end, 10);
    swprintf(canonical, ARRAYSIZE(canonical), L"%lu", id);
    /* As we write it: "007" would be loaded, and stored under another name. */
    if (!id || *end || wcscmp(name, canonical))
        error = ERROR_INVALID_DATA;
    else if (!(error = RegOpenKeyExW(keys, name, 0, KEY_READ, &key)))
    {
        error = read_component(key, &stored, &what);
        RegCloseKey(key);
    }
    stored.info.id = id;
    if (error)
        log_event(LOG_ERROR, id, "store", "the registration %ls\\%ls\\%ls is not usable and skipped: "
            "\"%ls\", error %lu", AGENT_SERVICE_KEY, kind_keys[kind], name, what, error);
    else if (!engine_add_component(engine, kind, &stored.info, stored.enabled != 0))
        log_event(LOG_ERROR, id, "store", "the registration %ls\\%ls\\%ls is skipped: there are %d "
            "already", AGENT_SERVICE_KEY, kind_keys[kind], name, NAPIPC_MAX_COMPONENTS);
    else if (kind == NAPIPC_HEALTH_AGENT)
        load_cached_soh(engine, keys, name, id);
}

HRESULT store_save_time_stamp(uint64_t limit)
{
    registry_set(CORRELATION, TIME_STAMP, REG_QWORD, &limit, sizeof(limit));
    return store_commit(0, "write the time of correlation ids");
}

void store_load(struct engine *engine)
{
    uint64_t limit = 0;
    DWORD size = sizeof(limit);
    uint32_t kind;

    if (!RegGetValueW(HKEY_LOCAL_MACHINE, AGENT_SERVICE_KEY L"\\" CORRELATION, TIME_STAMP, RRF_RT_REG_QWORD, NULL,
            &limit, &size))
        engine_set_time_stamp(engine, limit);

    for (kind = NAPIPC_ENFORCEMENT_CLIENT; kind <= NAPIPC_HEALTH_AGENT; kind++)
    {
        WCHAR name[256]; /* the longest name of a key, so that none ends the enumeration */
        DWORD i, length;
        HKEY keys;

        swprintf(name, ARRAYSIZE(name), L"%ls\\%ls", AGENT_SERVICE_KEY, kind_keys[kind]);
        if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, name, 0, KEY_READ, &keys))
            continue;
        for (i = 0; length = ARRAYSIZE(name),
                !RegEnumKeyExW(keys, i, name, &length, NULL, NULL, NULL, NULL); i++)
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
    {79618, L"Remote Access Quarantine Enforcement Client", L"Health of VPN and dial-up clients",
        1},
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
        HRESULT hr;

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
        if (FAILED(hr = store_save(NAPIPC_ENFORCEMENT_CLIENT, &component, false)))
            return HRESULT_CODE(hr);
    }
    return 0;
}
