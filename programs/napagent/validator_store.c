/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The registered system health validators in the registry, like the components of store.c.
 *
 *   HKLM\SYSTEM\CurrentControlSet\Services\napagent\Shvs\<id, decimal>
 *     "Friendly Name", "Description", "Version", "Vendor Name"   REG_SZ
 *     "Info Clsid", "Config Clsid", "Validator Clsid"            REG_SZ
 *     "Registration Date"                                        REG_QWORD, FILETIME
 *     "Component Type"                                           REG_DWORD
 *     "Failure Categories"                                       REG_BINARY, a byte for each of
 *         the five categories of FailureCategoryMapping: 1 if such a failure counts as healthy
 *     "Enabled"                                                  REG_DWORD, 0: napserver does not
 *         ask it; without the value it does
 */
#include "programs/napagent/napagent.h"

#include <wchar.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "programs/napagent/fields.h"
#include "programs/napagent/registry.h"

#define VALIDATORS_KEY AGENT_SERVICE_KEY L"\\Shvs"
#define FAILURE_CATEGORIES L"Failure Categories"
#define ENABLED L"Enabled"

/* A validator in the registry. */
struct stored_validator
{
    struct napipc_validator info;
    BYTE categories[NAPIPC_FAILURE_CATEGORIES];
};

#define FIELD(name, kind, member, size)                                                            \
    {                                                                                              \
        name, kind, offsetof(struct stored_validator, member), size                                \
    }
static const struct field fields[] = {
        FIELD(L"Friendly Name", FIELD_STRING, info.component.friendly_name, 0),
        FIELD(L"Description", FIELD_STRING, info.component.description, 0),
        FIELD(L"Version", FIELD_STRING, info.component.version, 0),
        FIELD(L"Vendor Name", FIELD_STRING, info.component.vendor_name, 0),
        FIELD(L"Info Clsid", FIELD_GUID, info.component.info_clsid, 0),
        FIELD(L"Config Clsid", FIELD_GUID, info.component.config_clsid, 0),
        FIELD(L"Validator Clsid", FIELD_GUID, info.clsid, 0),
        FIELD(L"Registration Date", FIELD_QWORD, info.component.registration_date, 0),
        FIELD(L"Component Type", FIELD_DWORD, info.component.component_type, 0),
        FIELD(FAILURE_CATEGORIES, FIELD_BYTES, categories, NAPIPC_FAILURE_CATEGORIES),
};
#undef FIELD

static void key_name(uint32_t id, WCHAR name[32])
{
    swprintf(name, 32, L"Shvs\\%u", (unsigned int)id);
}

uint32_t validator_store_save(void *context, const struct napipc_validator *validator)
{
    struct stored_validator stored = {*validator, {0}};
    DWORD enabled = validator->enabled;
    unsigned int i;
    WCHAR key[32];

    (void)context;
    for (i = 0; i < NAPIPC_FAILURE_CATEGORIES; i++)
        stored.categories[i] = validator->mapping.compliant[i];
    key_name(validator->component.id, key);
    fields_write(key, fields, ARRAYSIZE(fields), &stored);
    registry_set(key, ENABLED, REG_DWORD, &enabled, sizeof(enabled));
    return store_commit(validator->component.id, "write the registration of the validator");
}

uint32_t validator_store_erase(void *context, uint32_t id)
{
    WCHAR key[32];

    (void)context;
    key_name(id, key);
    registry_delete_key(key);
    return store_commit(id, "erase the registration of the validator");
}

/* It is enabled if the registration does not say. */
static DWORD read_enabled(HKEY key, DWORD *enabled, const WCHAR **what)
{
    static const struct field field = {ENABLED, FIELD_DWORD, 0, 0};
    struct field_texts texts;
    DWORD found = 1;
    DWORD error = fields_read(key, &field, 1, &found, &texts, what);

    if (!error)
        *enabled = found;
    return error == ERROR_FILE_NOT_FOUND ? 0 : error;
}

static void load_validator(struct engine *engine, HKEY keys, const WCHAR *name)
{
    struct stored_validator stored;
    struct field_texts texts;
    const WCHAR *what = L"name of the key";
    WCHAR canonical[16], *end;
    unsigned long id = wcstoul(name, &end, 10);
    DWORD error = 0, enabled = 1;
    unsigned int i;
    HKEY key;

    swprintf(canonical, ARRAYSIZE(canonical), L"%lu", id);
    /* Only names as we write them: "007" would be stored under another name. */
    if (!id || *end || wcscmp(name, canonical))
        error = ERROR_INVALID_DATA;
    else if (!(error = RegOpenKeyExW(keys, name, 0, KEY_READ, &key)))
    {
        error = fields_read(key, fields, ARRAYSIZE(fields), &stored, &texts, &what);
        if (!error)
            error = read_enabled(key, &enabled, &what);
        RegCloseKey(key);
    }
    if (error)
    {
        log_event(LOG_ERROR, id, "store",
                "the registration %ls\\%ls is not usable and skipped: \"%ls\", error %lu",
                VALIDATORS_KEY, name, what, error);
        return;
    }
    stored.info.component.id = id;
    stored.info.enabled = enabled != 0;
    for (i = 0; i < NAPIPC_FAILURE_CATEGORIES; i++)
        stored.info.mapping.compliant[i] = stored.categories[i] != 0;
    if (!engine_add_validator(engine, &stored.info))
        log_event(LOG_ERROR, id, "store",
                "the registration %ls\\%ls is skipped: there are %d already", VALIDATORS_KEY, name,
                NAPIPC_MAX_VALIDATORS);
}

void validator_store_load(struct engine *engine)
{
    WCHAR name[256]; /* the longest name of a key, so that none ends the enumeration */
    DWORD i, length;
    HKEY keys;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, VALIDATORS_KEY, 0, KEY_READ, &keys))
        return;
    for (i = 0; length = ARRAYSIZE(name),
        !RegEnumKeyExW(keys, i, name, &length, NULL, NULL, NULL, NULL);
            i++)
        load_validator(engine, keys, name);
    RegCloseKey(keys);
}
