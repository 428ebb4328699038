/*
 * Changes to several connections of the remote access server at once: which ones
 * are meant, and that all of them change or none.
 */
#include "libs/engine/internal.h"

#include <stdlib.h>
#include <string.h>

/* Overwrites what `fields` names. */
static void merge(struct engine *engine, struct napipc_rras_record *record,
    const struct napipc_rras_record *from, uint32_t fields)
{
#define TAKE(field, member) \
    if (fields & NAPIPC_RRAS_HAS_##field) \
    memcpy(&record->member, &from->member, sizeof(record->member))
    TAKE(GUID, guid);
    TAKE(SINCE, since);
    TAKE(PROBATION_END, probation_end);
    TAKE(QUARANTINE, quarantine);
    TAKE(TUNNEL, tunnel);
    TAKE(DIRECTION, outgoing);
    TAKE(IPV4_LOCAL, ipv4_local);
    TAKE(IPV4, ipv4);
    TAKE(IPV6_LOCAL, ipv6_local);
    TAKE(IPV6, ipv6);
    TAKE(IPV6, ipv6_prefix);
    TAKE(USER, user);
    TAKE(DOMAIN, domain);
    TAKE(COMPUTER, computer);
    TAKE(INTERFACE, interface_name);
    TAKE(PORT, port);
    TAKE(DEVICE_NAME, device_name);
    TAKE(DEVICE_TYPE, device_type);
    TAKE(LOCAL_ENDPOINT, local_endpoint);
    TAKE(REMOTE_ENDPOINT, remote_endpoint);
#undef TAKE
    if (fields & NAPIPC_RRAS_HAS_INTERFACE)
    {
        record->interface_index = rras_interface_index(engine, &record->interface_name);
        record->cleared = false; /* that was of the old interface */
    }
}

/* ---- selecting ---- */

static bool same_string(const struct napipc_string *one, const struct napipc_string *other)
{
    return one->length == other->length
            && (!one->length || !memcmp(one->units, other->units, (size_t)one->length * 2));
}

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

struct rras_entry *rras_select(const struct rras *rras,
    const struct napipc_rras_selector *selector, uint32_t *place)
{
    struct rras_entry *entry = NULL;
    uint32_t found;

    if (selector->kind == NAPIPC_RRAS_BY_ID || selector->kind == NAPIPC_RRAS_BY_GUID)
    {
        if (selector->kind == NAPIPC_RRAS_BY_ID)
            entry = rras_find(rras, selector->id, NULL);
        else
            entry = rras_find_guid(rras, &selector->guid, &found);
        if (!entry)
            return NULL;
        rras_find(rras, entry->id, &found);
        if (found < *place)
            return NULL;
        *place = found;
        return entry;
    }
    for (; *place < rras->count; ++*place)
        if (is_meant(rras->by_id[*place], selector))
            return rras->by_id[*place];
    return NULL;
}

/* All of them or none: the store first, then the table. */
uint32_t rras_remove_selected(struct engine *engine, const struct napipc_rras_select *request,
    uint32_t *count)
{
    uint32_t place, end, status = RESULT_OK;
    struct rras_entry *entry;

    for (end = 0; !status && (entry = rras_select(&engine->rras, &request->selector, &end)); end++)
        status = engine->host.save_rras(engine->context, entry->id, NULL, 0);
    for (place = 0; (entry = rras_select(&engine->rras, &request->selector, &place))
            && (!status || place + 1 < end);)
    {
        if (!status)
        {
            rras_forget(engine, entry);
            ++*count;
        }
        else
        {
            rras_store(engine, entry);
            place++;
        }
    }
    if (*count)
        rras_changed(engine);
    return status ? status : *count ? RESULT_OK : RESULT_INTERFACE_NOT_CONNECTED;
}

/* Puts the new versions into the table; the hook hears of another quarantine state. */
static uint32_t commit_all(struct engine *engine, struct rras_entry *versions)
{
    struct napipc_rras_record was, is;
    struct rras_entry *version;
    uint32_t count = 0;
    bool visible = false;

    for (; (version = versions); count++)
    {
        versions = version->next;
        rras_read(rras_find(&engine->rras, version->id, NULL), &was);
        rras_read(version, &is);
        rras_commit(engine, version);
        if (is.quarantine != was.quarantine)
        {
            visible = true;
            rras_tell_hook(engine, version->id);
        }
    }
    if (visible)
        rras_changed(engine);
    return count;
}

/* The store has the old ones again. */
static void give_up(struct engine *engine, struct rras_entry *versions)
{
    struct rras_entry *version;

    while ((version = versions))
    {
        versions = version->next;
        rras_store(engine, rras_find(&engine->rras, version->id, NULL));
        free(version);
    }
}

/* All of them or none, the same way. */
uint32_t rras_update_selected(struct engine *engine, const struct napipc_rras_update *request,
    uint32_t *count)
{
    struct rras_entry *entry, *versions = NULL, **last = &versions;
    uint32_t place = 0, status = RESULT_OK;
    struct napipc_rras_record record;

    if ((request->fields & NAPIPC_RRAS_HAS_GUID) && rras_guid_is_zero(&request->record.guid))
        return RESULT_INVALIDARG;
    for (; !status && (entry = rras_select(&engine->rras, &request->selector, &place)); place++)
    {
        rras_read(entry, &record);
        merge(engine, &record, &request->record, request->fields);
        if ((request->fields & NAPIPC_RRAS_HAS_GUID) && versions)
            status = RESULT_ALREADY_EXISTS; /* a GUID names one */
        else if (!(status = rras_prepare(engine, entry->id, &record, last)))
            last = &(*last)->next;
    }
    if (status)
        give_up(engine, versions);
    else
        *count = commit_all(engine, versions);
    return status ? status : *count ? RESULT_OK : RESULT_INTERFACE_NOT_CONNECTED;
}
