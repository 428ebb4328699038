/*
 * Component registrations, in the registry, written at the moment of change:
 * Wine ends services without a word when a prefix goes down.
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

#define CACHED_SOH L"Cached SoH"
#define ENABLED L"Enabled"
#define TIME_STAMP L"Time Stamps Below" /* FILETIME; of correlation ids */

static const WCHAR *const kind_keys[] = {
    [NAPIPC_ENFORCEMENT_CLIENT] = AGENT_SERVICE_KEY L"\\Qecs",
    [NAPIPC_HEALTH_AGENT] = AGENT_SERVICE_KEY L"\\Shas",
};

static DWORD write_string(HKEY key, const WCHAR *name, const struct napipc_string *string)
{
    WCHAR text[NAPIPC_MAX_STRING + 1];

    if (string->length)
        memcpy(text, string->units, string->length * sizeof(WCHAR));
    text[string->length] = 0;
    return RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)text,
        (string->length + 1) * sizeof(WCHAR));
}

static DWORD write_guid(HKEY key, const WCHAR *name, const struct napipc_guid *guid)
{
    WCHAR text[39];
    GUID value;

    memcpy(&value, guid->bytes, sizeof(value));
    StringFromGUID2(&value, text, ARRAYSIZE(text));
    return RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)text, sizeof(text));
}

static DWORD write_component(HKEY key, const struct napipc_component *component, DWORD enabled)
{
    DWORD type = component->component_type, error;

    if ((error = write_string(key, L"Friendly Name", &component->friendly_name))
            || (error = write_string(key, L"Description", &component->description))
            || (error = write_string(key, L"Version", &component->version))
            || (error = write_string(key, L"Vendor Name", &component->vendor_name))
            || (error = write_guid(key, L"Info Clsid", &component->info_clsid))
            || (error = write_guid(key, L"Config Clsid", &component->config_clsid))
            || (error = RegSetValueExW(key, L"Registration Date", 0, REG_QWORD,
                    (const BYTE *)&component->registration_date, sizeof(uint64_t)))
            || (error = RegSetValueExW(key, ENABLED, 0, REG_DWORD, (const BYTE *)&enabled,
                    sizeof(enabled)))
            || (error = RegSetValueExW(key, L"Component Type", 0, REG_DWORD,
                    (const BYTE *)&type, sizeof(type))))
        return error;
    return RegFlushKey(key);
}

HRESULT store_result(uint32_t id, const char *what, DWORD error)
{
    if (error)
        log_event(LOG_ERROR, id, "store", "cannot %s in the registry: error %lu; nothing is changed",
            what, error);
    /* Whoever asked may do this; it is the agent that may not. */
    return HRESULT_FROM_WIN32(error == ERROR_ACCESS_DENIED ? ERROR_CANTWRITE : error);
}

HRESULT store_save(uint32_t kind, const struct napipc_component *component, bool enabled)
{
    DWORD flag = enabled, error, disposition;
    WCHAR name[128];
    HKEY key;

    swprintf(name, ARRAYSIZE(name), L"%ls\\%u", kind_keys[kind], (unsigned int)component->id);
    error = RegCreateKeyExW(HKEY_LOCAL_MACHINE, name, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key,
        &disposition);
    if (error)
        return store_result(component->id, "write the registration", error);
    /* Of one that is there only this changes: one value is written or it is not. */
    if (disposition != REG_OPENED_EXISTING_KEY)
        error = write_component(key, component, flag);
    else if (!(error = RegSetValueExW(key, ENABLED, 0, REG_DWORD, (const BYTE *)&flag,
            sizeof(flag))))
        RegFlushKey(key);
    RegCloseKey(key);
    if (error && disposition == REG_CREATED_NEW_KEY)
        RegDeleteKeyW(HKEY_LOCAL_MACHINE, name);
    return store_result(component->id, "write the registration", error);
}

HRESULT store_erase(uint32_t kind, uint32_t id)
{
    WCHAR name[128];
    DWORD error;

    swprintf(name, ARRAYSIZE(name), L"%ls\\%u", kind_keys[kind], (unsigned int)id);
    error = RegDeleteTreeW(HKEY_LOCAL_MACHINE, name);
    return store_result(id, "erase the registration", error == ERROR_FILE_NOT_FOUND ? 0 : error);
}

HRESULT store_save_cache(uint32_t id, const void *soh, size_t size)
{
    WCHAR name[128];
    DWORD error;

    swprintf(name, ARRAYSIZE(name), L"%ls\\%u", kind_keys[NAPIPC_HEALTH_AGENT], (unsigned int)id);
    if (size)
        error = RegSetKeyValueW(HKEY_LOCAL_MACHINE, name, CACHED_SOH, REG_BINARY, soh, (DWORD)size);
    else
        error = RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, name, CACHED_SOH);
    return store_result(id, "write the cached SoH", error == ERROR_FILE_NOT_FOUND ? 0 : error);
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
        log_event(LOG_ERROR, id, "store", "the registration %ls\\%ls is not usable and skipped: "
            "\"%ls\", error %lu", kind_keys[kind], name, what, error);
    else if (!engine_add_component(engine, kind, &stored.info, stored.enabled != 0))
        log_event(LOG_ERROR, id, "store", "the registration %ls\\%ls is skipped: there are %d "
            "already", kind_keys[kind], name, NAPIPC_MAX_COMPONENTS);
    else if (kind == NAPIPC_HEALTH_AGENT)
        load_cached_soh(engine, keys, name, id);
}

HRESULT store_save_time_stamp(uint64_t limit)
{
    return store_result(0, "write the time of correlation ids", RegSetKeyValueW(HKEY_LOCAL_MACHINE,
        AGENT_SERVICE_KEY, TIME_STAMP, REG_QWORD, &limit, sizeof(limit)));
}

void store_load(struct engine *engine)
{
    uint64_t limit = 0;
    DWORD size = sizeof(limit);
    uint32_t kind;

    if (!RegGetValueW(HKEY_LOCAL_MACHINE, AGENT_SERVICE_KEY, TIME_STAMP, RRF_RT_REG_QWORD, NULL,
            &limit, &size))
        engine_set_time_stamp(engine, limit);

    for (kind = NAPIPC_ENFORCEMENT_CLIENT; kind <= NAPIPC_HEALTH_AGENT; kind++)
    {
        WCHAR name[256]; /* the longest name of a key, so that none ends the enumeration */
        DWORD i, length;
        HKEY keys;

        if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, kind_keys[kind], 0, KEY_READ, &keys))
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
        WCHAR name[128];
        FILETIME now;
        HRESULT hr;
        HKEY key;

        swprintf(name, ARRAYSIZE(name), L"%ls\\%u", kind_keys[NAPIPC_ENFORCEMENT_CLIENT],
            (unsigned int)component.id);
        if (!RegOpenKeyExW(HKEY_LOCAL_MACHINE, name, 0, KEY_READ, &key))
        {
            RegCloseKey(key);
            continue;
        }
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
