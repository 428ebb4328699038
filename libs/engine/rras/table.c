/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The connections of this machine as a remote access server.
 *
 * Administrators fill the table; nobody binds to it. A record is a byte string, the same in memory,
 * in the store and in lists, and is read when a field is needed. Ids ascend and lists are in their
 * order: a client that pages through a list misses no entry that stays and sees none twice,
 * whatever is added or removed meanwhile.
 */
#include "libs/engine/rras/table.h"

#include <stdlib.h>
#include <string.h>

#include "libs/engine/interfaces.h"
#include "libs/engine/session.h"

#define MAX_ID 0x7FFFFFFFu /* fits a 32-bit program's handle, and is not INVALID_HANDLE_VALUE */
#define RESERVE 1024       /* ids that are reserved by one write of the store */

/* ---- the two orders ---- */

struct rras_entry *rras_find(const struct rras *rras, uint32_t id, uint32_t *index)
{
    uint32_t low = 0, high = rras->count;

    while (low < high)
    {
        uint32_t middle = low + (high - low) / 2;

        if (rras->by_id[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (index)
        *index = low;
    return low < rras->count && rras->by_id[low]->id == id ? rras->by_id[low] : NULL;
}

static struct rras_entry *find_guid(
        const struct rras *rras, const struct napipc_guid *guid, uint32_t *index)
{
    uint32_t low = 0, high = rras->count;

    while (low < high)
    {
        uint32_t middle = low + (high - low) / 2;

        if (memcmp(&rras->by_guid[middle]->guid, guid, sizeof(*guid)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *index = low;
    return low < rras->count && !memcmp(&rras->by_guid[low]->guid, guid, sizeof(*guid))
                   ? rras->by_guid[low]
                   : NULL;
}

static void insert_at(
        struct rras_entry **order, uint32_t count, uint32_t index, struct rras_entry *entry)
{
    memmove(order + index + 1, order + index, (count - index) * sizeof(*order));
    order[index] = entry;
}

static void remove_at(struct rras_entry **order, uint32_t count, uint32_t index)
{
    memmove(order + index, order + index + 1, (count - index - 1) * sizeof(*order));
}

static bool reserve(struct rras *rras)
{
    uint32_t capacity = rras->capacity ? rras->capacity * 2 : 64;
    struct rras_entry **order;

    if (rras->count < rras->capacity)
        return true;
    if (!(order = realloc(rras->by_id, capacity * sizeof(*order))))
        return false;
    rras->by_id = order;
    if (!(order = realloc(rras->by_guid, capacity * sizeof(*order))))
        return false;
    rras->by_guid = order;
    rras->capacity = capacity;
    return true;
}

/* Inserts an entry with a new id and GUID into the table, which has the capacity. */
static void insert(struct rras *rras, struct rras_entry *entry)
{
    uint32_t index;

    rras_find(rras, entry->id, &index);
    insert_at(rras->by_id, rras->count, index, entry);
    find_guid(rras, &entry->guid, &index);
    insert_at(rras->by_guid, rras->count, index, entry);
    rras->count++;
}

static void take_out(struct rras *rras, const struct rras_entry *entry)
{
    uint32_t index;

    rras_find(rras, entry->id, &index);
    remove_at(rras->by_id, rras->count, index);
    find_guid(rras, &entry->guid, &index);
    remove_at(rras->by_guid, rras->count, index);
    rras->count--;
}

/* ---- entries ---- */

void rras_read(const struct rras_entry *entry, struct napipc_rras_record *record)
{
    napipc_rras_read_record(entry->record, entry->size, record); /* it was checked on arrival */
}

static bool same_string(const struct napipc_string *one, const struct napipc_string *other)
{
    return one->length == other->length
           && (!one->length || !memcmp(one->units, other->units, (size_t)one->length * 2));
}

/* Of entries with the same user and port it is the same; without either it is 0. */
static uint64_t seat_of(const struct napipc_rras_record *record)
{
    if (!record->user.length || !record->port.length)
        return 0;
    return digest_add(
            digest_add(DIGEST_OF_NOTHING, record->user.units, (size_t)record->user.length * 2),
            record->port.units, (size_t)record->port.length * 2);
}

static struct rras_entry *entry_create(uint32_t id, const struct napipc_rras_record *record)
{
    uint8_t bytes[NAPIPC_RRAS_MAX_RECORD];
    size_t size = napipc_rras_write_record(record, bytes, sizeof(bytes));
    struct rras_entry *entry = size ? malloc(sizeof(*entry) + size) : NULL;

    if (!entry)
        return NULL;
    entry->id = id;
    entry->interface_index = record->interface_index;
    entry->cleared = record->cleared;
    entry->seat = seat_of(record);
    entry->guid = record->guid;
    entry->next = NULL;
    entry->size = (uint32_t)size;
    memcpy(entry->record, bytes, size);
    return entry;
}

bool engine_add_rras(struct engine *engine, uint32_t id, const void *bytes, size_t size)
{
    struct rras *rras = &engine->rras;
    struct napipc_rras_record record;
    struct rras_entry *entry;
    uint32_t index;

    if (!id || id > MAX_ID || !napipc_rras_read_record(bytes, size, &record)
            || rras->count >= NAPIPC_RRAS_MAX_CONNECTIONS || rras_find(rras, id, NULL)
            || find_guid(rras, &record.guid, &index))
        return false;
    if (!reserve(rras) || !(entry = entry_create(id, &record)))
        return false;
    insert(rras, entry);
    if (id >= rras->next_id)
        rras->next_id = id + 1;
    return true;
}

uint32_t rras_running(const struct rras *rras)
{
    return rras->enabled ? RESULT_OK : RESULT_DDM_NOT_RUNNING;
}

void engine_set_rras_server(struct engine *engine, bool enabled, uint32_t next_id)
{
    engine->rras.enabled = enabled;
    engine->rras.started = enabled ? engine->host.filetime(engine->context) : 0;
    if (next_id > engine->rras.next_id)
        engine->rras.next_id = next_id;
    engine->rras.reserved = engine->rras.next_id;
}

void engine_rras_loaded(struct engine *engine)
{
    struct rras *rras = &engine->rras;
    uint32_t index = 0, dropped = 0;

    if (engine->rras.reserved < engine->rras.next_id)
        engine->rras.reserved = engine->rras.next_id;
    if (!rras->count || !interfaces_poll(engine, 0))
        return;
    while (index < rras->count)
    {
        struct rras_entry *entry = rras->by_id[index];
        struct napipc_rras_record record;

        rras_read(entry, &record);
        /* The host never reuses an index, so an interface of the same name with another index is a
         * new one. */
        if (!record.interface_index
                || interfaces_index_of(engine, &record.interface_name) == record.interface_index)
            index++;
        else if (rras_erase(engine, entry->id))
            index++;
        else
            dropped++;
    }
    if (dropped)
        engine_log(engine, ENGINE_INFO, 0, "rras",
                "%u connections are dropped: their interfaces "
                "are gone",
                (unsigned int)dropped);
}

void rras_finish(struct engine *engine)
{
    struct rras *rras = &engine->rras;
    uint32_t i;

    for (i = 0; i < rras->count; i++)
        free(rras->by_id[i]);
    free(rras->by_id);
    free(rras->by_guid);
}

/* ---- changes ---- */

bool rras_guid_is_zero(const struct napipc_guid *guid)
{
    static const struct napipc_guid zero;

    return !memcmp(guid, &zero, sizeof(zero));
}

static uint32_t store(struct engine *engine, const struct rras_entry *entry)
{
    return engine->host.save_rras(engine->context, entry->id, entry->record, entry->size);
}

/* An id that was never used; once all have been used, one that is free. Returns the HRESULT of the
 * store. */
static uint32_t new_id(struct engine *engine, uint32_t *id)
{
    struct rras *rras = &engine->rras;
    uint32_t status;

    do
    {
        if (rras->next_id > MAX_ID)
            rras->next_id = rras->reserved = 1;
        if (rras->next_id >= rras->reserved)
        {
            uint32_t reserved = rras->next_id + RESERVE;

            if ((status = engine->host.save_rras_server(engine->context, rras->enabled, reserved)))
                return status;
            rras->reserved = reserved;
        }
        *id = rras->next_id++;
    } while (rras_find(rras, *id, NULL));
    return RESULT_OK;
}

static bool has_seat(
        const struct rras_entry *entry, uint64_t seat, const struct napipc_rras_record *record)
{
    struct napipc_rras_record other;

    if (!seat || entry->seat != seat)
        return false;
    rras_read(entry, &other);
    return same_string(&other.user, &record->user) && same_string(&other.domain, &record->domain)
           && same_string(&other.port, &record->port);
}

/* Has an entry of another id the user and the port of the record? */
static bool is_on_port(
        const struct rras *rras, uint32_t id, const struct napipc_rras_record *record)
{
    uint64_t seat = seat_of(record);
    uint32_t i;

    for (i = 0; seat && i < rras->count; i++)
        if (rras->by_id[i]->id != id && has_seat(rras->by_id[i], seat, record))
            return true;
    return false;
}

bool rras_is_among(const struct rras_entry *versions, const struct napipc_rras_record *record)
{
    uint64_t seat = seat_of(record);

    for (; versions; versions = versions->next)
        if (has_seat(versions, seat, record))
            return true;
    return false;
}

static uint32_t store_new(struct engine *engine, const struct rras_entry *entry, bool keep)
{
    uint32_t status = RESULT_OK;

    engine->host.begin_changes(engine->context);
    if (!keep)
        status = engine->host.end_rras_with_boot(engine->context, entry->id);
    if (!status)
        status = store(engine, entry);
    return store_end(engine, status);
}

uint32_t rras_create(struct engine *engine, const struct napipc_rras_add *add,
        struct napipc_rras_add_reply *reply)
{
    struct rras *rras = &engine->rras;
    struct napipc_rras_record record = add->record;
    struct rras_entry *entry;
    uint32_t index, status;

    /* A connection over an interface ends with it, and interfaces end with the host. */
    if (add->keep && record.interface_name.length)
        return RESULT_INVALIDARG;
    if (rras->count >= NAPIPC_RRAS_MAX_CONNECTIONS)
        return RESULT_NOT_ENOUGH_QUOTA;
    if (!reserve(rras))
        return RESULT_OUTOFMEMORY;
    if (rras_guid_is_zero(&record.guid))
        engine->host.new_guid(engine->context, &record.guid);
    if (find_guid(rras, &record.guid, &index) || is_on_port(rras, 0, &record))
        return RESULT_ALREADY_EXISTS;
    if (!record.since)
        record.since = engine->host.filetime(engine->context);
    record.interface_index = interfaces_index_of(engine, &record.interface_name);
    record.cleared = false;
    if ((status = new_id(engine, &reply->id)))
        return status;
    if (!(entry = entry_create(reply->id, &record)))
        return RESULT_OUTOFMEMORY;
    if ((status = store_new(engine, entry, add->keep)))
    {
        free(entry);
        return status;
    }
    insert(rras, entry);
    reply->guid = record.guid;
    engine_log(engine, ENGINE_TRACE, 0, "rras", "connection %u added", (unsigned int)entry->id);
    return RESULT_OK;
}

void rras_forget(struct engine *engine, struct rras_entry *entry)
{
    take_out(&engine->rras, entry);
    engine_log(engine, ENGINE_TRACE, 0, "rras", "connection %u removed", (unsigned int)entry->id);
    free(entry);
}

uint32_t rras_erase(struct engine *engine, uint32_t id)
{
    uint32_t status = engine->host.save_rras(engine->context, id, NULL, 0);

    if (!status)
        rras_forget(engine, rras_find(&engine->rras, id, NULL));
    return status;
}

uint32_t rras_prepare(struct engine *engine, uint32_t id, const struct napipc_rras_record *record,
        struct rras_entry **prepared)
{
    struct rras *rras = &engine->rras;
    struct rras_entry *entry, *other;
    uint32_t index, status;

    other = find_guid(rras, &record->guid, &index);
    if ((other && other->id != id) || is_on_port(rras, id, record))
        return RESULT_ALREADY_EXISTS;
    if (!(entry = entry_create(id, record)))
        return RESULT_OUTOFMEMORY;
    if ((status = store(engine, entry)))
        free(entry);
    else
        *prepared = entry;
    return status;
}

void rras_commit(struct engine *engine, struct rras_entry *prepared)
{
    struct rras_entry *old = rras_find(&engine->rras, prepared->id, NULL);

    take_out(&engine->rras, old);
    free(old);
    insert(&engine->rras, prepared);
}

uint32_t rras_replace(struct engine *engine, uint32_t id, const struct napipc_rras_record *record)
{
    struct rras_entry *prepared;
    uint32_t status = rras_prepare(engine, id, record, &prepared);

    if (!status)
        rras_commit(engine, prepared);
    return status;
}

/* ---- selecting ---- */

static bool is_meant(const struct rras_entry *entry, const struct napipc_rras_selector *selector)
{
    struct napipc_rras_record record;

    rras_read(entry, &record);
    switch (selector->kind)
    {
    case NAPIPC_RRAS_BY_INTERFACE:
        return same_string(&record.interface_name, &selector->name);
    case NAPIPC_RRAS_BY_PORT:
        return same_string(&record.port, &selector->name);
    default: /* NAPIPC_RRAS_BY_IPV4 */
        return !memcmp(record.ipv4, selector->ipv4, sizeof(record.ipv4));
    }
}

struct rras_entry *rras_select(
        const struct rras *rras, const struct napipc_rras_selector *selector, uint32_t *index)
{
    struct rras_entry *entry = NULL;
    uint32_t found;

    if (selector->kind == NAPIPC_RRAS_BY_ID || selector->kind == NAPIPC_RRAS_BY_GUID)
    {
        if (selector->kind == NAPIPC_RRAS_BY_ID)
            entry = rras_find(rras, selector->id, NULL);
        else
            entry = find_guid(rras, &selector->guid, &found);
        if (!entry)
            return NULL;
        rras_find(rras, entry->id, &found);
        if (found < *index)
            return NULL;
        *index = found;
        return entry;
    }
    for (; *index < rras->count; ++*index)
        if (is_meant(rras->by_id[*index], selector))
            return rras->by_id[*index];
    return NULL;
}
