/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The records of RAS connections: their handles, the store and the list. The store is written
 * before the list changes.
 */
#include "libs/engine/ras/records.h"

#include <stdlib.h>
#include <string.h>

#include "libs/engine/session.h"
#include "libs/text/utf.h"

struct ras *ras_find(struct engine *engine, uint32_t handle)
{
    struct ras *ras;

    for (ras = engine->ras.first; ras; ras = ras->next)
        if (ras->record.connection.handle == handle)
            return ras;
    return NULL;
}

bool ras_was_issued(const struct engine *engine, uint32_t handle)
{
    return handle >= RAS_FIRST_HANDLE && handle <= engine->ras.last_handle;
}

uint32_t ras_no_connection(const struct engine *engine, uint32_t handle)
{
    return ras_was_issued(engine, handle) ? RESULT_NO_CONNECTION : RESULT_INVALID_HANDLE;
}

bool ras_guid_is_null(const struct napipc_guid *guid)
{
    static const struct napipc_guid null;

    return !memcmp(guid, &null, sizeof(null));
}

struct ras *ras_find_id(struct engine *engine, const struct napipc_guid *id)
{
    struct ras *ras;

    if (!ras_guid_is_null(id))
        for (ras = engine->ras.first; ras; ras = ras->next)
            if (!memcmp(&ras->record.connection.id, id, sizeof(*id)))
                return ras;
    return NULL;
}

/* ---- strings ---- */

struct napipc_string ras_text(uint8_t *units, size_t capacity, const char *utf8)
{
    struct napipc_string string = {units, 0};
    size_t left = strlen(utf8);

    while (left && (string.length + 2u) * 2 <= capacity)
    {
        uint32_t character;
        size_t taken = utf8_get(utf8, left, &character);

        string.length += (uint16_t)utf16_put(character, units + 2 * string.length);
        utf8 += taken;
        left -= taken;
    }
    return string;
}

bool ras_strings_equal(struct napipc_string one, struct napipc_string other)
{
    return one.length == other.length
           && (!one.length || !memcmp(one.units, other.units, (size_t)one.length * 2));
}

bool ras_name_is(struct napipc_string name, const char *utf8)
{
    uint8_t units[4 * ENGINE_INTERFACE_NAME_MAX];

    return ras_strings_equal(name, ras_text(units, sizeof(units), utf8));
}

/* The strings of a connection, to be copied one after the other. */
#define RAS_STRINGS 7

static void strings_of(
        struct napipc_ras_connection *connection, struct napipc_string *strings[RAS_STRINGS])
{
    strings[0] = &connection->entry_name;
    strings[1] = &connection->phonebook;
    strings[2] = &connection->device_type;
    strings[3] = &connection->device_name;
    strings[4] = &connection->phone_number;
    strings[5] = &connection->user;
    strings[6] = &connection->interface_name;
}

struct ras *ras_copy(const struct engine_ras_record *record)
{
    struct engine_ras_record from = *record;
    struct napipc_string *strings[RAS_STRINGS];
    size_t size = 0, i;
    uint8_t *end;
    struct ras *ras;

    strings_of(&from.connection, strings);
    for (i = 0; i < RAS_STRINGS; i++)
        size += (size_t)strings[i]->length * 2;
    if (!(ras = calloc(1, sizeof(*ras) + size)))
        return NULL;
    end = ras->text;
    for (i = 0; i < RAS_STRINGS; i++)
    {
        if (strings[i]->length)
            memcpy(end, strings[i]->units, (size_t)strings[i]->length * 2);
        strings[i]->units = end;
        end += (size_t)strings[i]->length * 2;
    }
    ras->record = from;
    return ras;
}

/* ---- life ---- */

static void insert(struct engine *engine, struct ras *ras)
{
    struct ras **link = &engine->ras.first;

    while (*link && (*link)->record.connection.handle < ras->record.connection.handle)
        link = &(*link)->next;
    ras->next = *link;
    *link = ras;
}

void ras_forget(struct engine *engine, struct ras *ras)
{
    struct ras **link = &engine->ras.first;

    while (*link != ras)
        link = &(*link)->next;
    *link = ras->next;
    free(ras);
}

bool engine_set_ras(struct engine *engine, uint32_t last_handle, struct napipc_string patterns)
{
    struct bytes copy;

    if (last_handle >= RAS_FIRST_HANDLE && last_handle <= RAS_LAST_HANDLE)
        engine->ras.last_handle = last_handle;
    if (!bytes_copy(&copy, patterns.units, patterns.length * 2u))
        return false;
    free(engine->ras.patterns.data);
    engine->ras.patterns = copy;
    return true;
}

bool ras_lengths_are_sound(const struct napipc_ras_connection *connection)
{
    return connection->entry_name.length && connection->entry_name.length <= RAS_MAX_ENTRY_NAME
           && connection->phonebook.length <= RAS_MAX_PHONEBOOK
           && connection->device_type.length <= RAS_MAX_DEVICE_TYPE
           && connection->device_name.length <= RAS_MAX_DEVICE_NAME
           && connection->phone_number.length <= RAS_MAX_PHONE_NUMBER
           && connection->user.length <= RAS_MAX_USER
           && connection->interface_name.length <= RAS_MAX_INTERFACE;
}

bool ras_same_entry(
        const struct napipc_ras_connection *one, const struct napipc_ras_connection *other)
{
    return ras_strings_equal(one->entry_name, other->entry_name)
           && ras_strings_equal(one->phonebook, other->phonebook);
}

/* The other version of a table entry, or NULL. There are two if the agent ended while it replaced
 * the entry, before the older version was erased. */
static struct ras *other_version(struct engine *engine, const struct engine_ras_record *record)
{
    struct ras *ras;

    if (record->connection.source == NAPIPC_RAS_TABLE)
        for (ras = engine->ras.first; ras; ras = ras->next)
            if (ras->record.connection.source == NAPIPC_RAS_TABLE
                    && ras_same_entry(&ras->record.connection, &record->connection))
                return ras;
    return NULL;
}

bool engine_add_ras(struct engine *engine, const struct engine_ras_record *record)
{
    uint32_t handle = record->connection.handle;
    struct ras *ras, *other;

    if (handle < RAS_FIRST_HANDLE || handle > RAS_LAST_HANDLE || ras_find(engine, handle))
        return false;
    if ((other = other_version(engine, record)) && other->record.connection.handle > handle)
    {
        engine->host.erase_ras(engine->context, handle);
        return true;
    }
    if (!(ras = ras_copy(record)))
        return false;
    if (other)
    {
        engine->host.erase_ras(engine->context, other->record.connection.handle);
        ras_forget(engine, other);
    }
    /* The store was edited by hand or truncated: do not issue a handle again that a program may
     * hold. */
    if (handle > engine->ras.last_handle)
        engine->ras.last_handle = handle;
    insert(engine, ras);
    return true;
}

uint32_t ras_issue(struct engine *engine, uint32_t *handle)
{
    uint32_t next = engine->ras.last_handle + 1, status;

    if (next < RAS_FIRST_HANDLE)
        next = RAS_FIRST_HANDLE;
    if (next > RAS_LAST_HANDLE)
        return RESULT_LUIDS_EXHAUSTED;
    if ((status = engine->host.save_ras_handle(engine->context, next)))
        return status;
    *handle = engine->ras.last_handle = next;
    return RESULT_OK;
}

uint32_t ras_create(struct engine *engine, const struct engine_ras_record *record, struct ras **out)
{
    struct ras *ras = ras_copy(record);
    uint32_t status = RESULT_OK;

    if (!ras)
        return RESULT_OUTOFMEMORY;
    engine->host.begin_changes(engine->context);
    if (!ras->record.connection.handle)
        status = ras_issue(engine, &ras->record.connection.handle);
    if (!status)
        status = engine->host.save_ras(engine->context, &ras->record);
    if ((status = store_end(engine, status)))
    {
        free(ras);
        return status;
    }
    insert(engine, ras);
    *out = ras;
    return RESULT_OK;
}

uint32_t ras_replace(
        struct engine *engine, struct ras **old, const struct engine_ras_record *record)
{
    struct ras *ras = ras_copy(record);
    uint32_t status;

    if (!ras)
        return RESULT_OUTOFMEMORY;
    ras->record.connection.handle = (*old)->record.connection.handle;
    if ((status = engine->host.save_ras(engine->context, &ras->record)))
    {
        free(ras);
        return status;
    }
    ras->active = (*old)->active;
    ras->attached = (*old)->attached;
    ras_forget(engine, *old);
    insert(engine, ras);
    *old = ras;
    return RESULT_OK;
}

void ras_destroy_all(struct engine *engine)
{
    struct ras *ras;

    while ((ras = engine->ras.first))
    {
        engine->ras.first = ras->next;
        free(ras);
    }
    free(engine->ras.patterns.data);
    engine->ras.patterns.data = NULL;
}
