/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Records in the registry; see fields.h.
 */
#include "programs/napagent/fields.h"

#include <objbase.h>
#include <string.h>

#include "libs/log/log.h"
#include "programs/napagent/registry.h"

static void write_string(const WCHAR *key, const WCHAR *name, const struct napipc_string *string)
{
    WCHAR text[NAPIPC_MAX_STRING + 1];

    if (string->length)
        memcpy(text, string->units, string->length * sizeof(WCHAR));
    text[string->length] = 0;
    registry_set(key, name, REG_SZ, text, (string->length + 1) * sizeof(WCHAR));
}

static void write_guid(const WCHAR *key, const WCHAR *name, const struct napipc_guid *guid)
{
    WCHAR text[39];
    GUID value;

    memcpy(&value, guid->bytes, sizeof(value));
    StringFromGUID2(&value, text, ARRAYSIZE(text));
    registry_set(key, name, REG_SZ, text, sizeof(text));
}

void fields_write(const WCHAR *key, const struct field *fields, size_t count, const void *record)
{
    size_t i;

    for (i = 0; i < count; i++)
    {
        const void *value = (const BYTE *)record + fields[i].offset;

        switch (fields[i].kind)
        {
        case FIELD_STRING:
            write_string(key, fields[i].name, value);
            break;
        case FIELD_GUID:
            write_guid(key, fields[i].name, value);
            break;
        case FIELD_DWORD:
            registry_set(key, fields[i].name, REG_DWORD, value, sizeof(DWORD));
            break;
        case FIELD_QWORD:
            registry_set(key, fields[i].name, REG_QWORD, value, sizeof(ULONGLONG));
            break;
        case FIELD_BYTES:
            registry_set(key, fields[i].name, REG_BINARY, value, fields[i].size);
            break;
        }
    }
}

/* Reads a REG_SZ, which must end with NUL. RegGetValueW would add a missing NUL, and so hide that
 * the value was cut short. `size` is in bytes. */
static DWORD read_text(HKEY key, const WCHAR *name, WCHAR *text, DWORD size)
{
    DWORD type, error = RegQueryValueExW(key, name, NULL, &type, (BYTE *)text, &size);

    if (error)
        return error;
    /* One NUL, at the end. */
    if (type != REG_SZ || !size || size % sizeof(WCHAR) || text[size / sizeof(WCHAR) - 1]
            || (wcslen(text) + 1) * sizeof(WCHAR) != size)
        return ERROR_INVALID_DATA;
    return 0;
}

static DWORD read_string(
        HKEY key, const WCHAR *name, struct napipc_string *string, struct field_texts *texts)
{
    WCHAR *text = texts->text[texts->count++];
    DWORD error = read_text(key, name, text, sizeof(texts->text[0]));

    string->units = (const uint8_t *)text;
    string->length = error ? 0 : (uint16_t)wcslen(text);
    return error;
}

static DWORD read_guid(HKEY key, const WCHAR *name, struct napipc_guid *guid)
{
    WCHAR text[40];
    DWORD error = read_text(key, name, text, sizeof(text));
    GUID value;

    if (error)
        return error;
    if (FAILED(CLSIDFromString(text, &value)))
        return ERROR_INVALID_DATA;
    memcpy(guid->bytes, &value, sizeof(value));
    return 0;
}

/* Reads one value of exactly this type and size. A Win32 error leaves *value unchanged. */
static DWORD read_value(HKEY key, const WCHAR *name, DWORD type, void *value, DWORD size)
{
    BYTE bytes[256];
    DWORD found, length = sizeof(bytes);
    DWORD error = RegQueryValueExW(key, name, NULL, &found, bytes, &length);

    if (error == ERROR_MORE_DATA || (!error && (found != type || length != size)))
        return ERROR_INVALID_DATA;
    if (!error)
        memcpy(value, bytes, size);
    return error;
}

static DWORD read_field(
        HKEY key, const struct field *field, void *record, struct field_texts *texts)
{
    void *value = (BYTE *)record + field->offset;

    switch (field->kind)
    {
    case FIELD_STRING:
        return read_string(key, field->name, value, texts);
    case FIELD_GUID:
        return read_guid(key, field->name, value);
    case FIELD_DWORD:
        return read_value(key, field->name, REG_DWORD, value, sizeof(DWORD));
    case FIELD_QWORD:
        return read_value(key, field->name, REG_QWORD, value, sizeof(ULONGLONG));
    case FIELD_BYTES:
        return read_value(key, field->name, REG_BINARY, value, field->size);
    }
    return ERROR_INVALID_DATA;
}

DWORD fields_read(HKEY key, const struct field *fields, size_t count, void *record,
        struct field_texts *texts, const WCHAR **what)
{
    DWORD error = 0;
    size_t i;

    texts->count = 0;
    for (i = 0; i < count && !error; i++)
    {
        *what = fields[i].name;
        error = read_field(key, &fields[i], record, texts);
    }
    return error;
}

void fields_read_each(const WCHAR *path, const struct field *fields, size_t count, void *record)
{
    HKEY key;
    size_t i;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key))
        return;
    for (i = 0; i < count; i++)
    {
        DWORD error = read_field(key, &fields[i], record, NULL);

        if (error && error != ERROR_FILE_NOT_FOUND)
            log_event(LOG_ERROR, 0, "store",
                    "the value %ls in HKLM\\%ls is not usable and skipped: error %lu",
                    fields[i].name, path, error);
    }
    RegCloseKey(key);
}
