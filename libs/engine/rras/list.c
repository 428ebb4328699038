/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists the table of the remote access server, with the current data of each connection's
 * interface.
 */
#include "libs/engine/interfaces.h"
#include "libs/engine/rras/table.h"
#include "libs/engine/session.h"

#define LIVE_AGE 20    /* ms; maximum age of the counters in a reply */
#define PAGES_AGE 1000 /* ms; the same for the further pages of a list */

static void read_counters(
        const struct engine_interface *interface, struct napipc_rras_counters *counters)
{
    counters->bytes_in = interface->bytes_in;
    counters->packets_in = interface->packets_in;
    counters->bytes_out = interface->bytes_out;
    counters->packets_out = interface->packets_out;
    counters->crc_errors = interface->crc_errors;
    counters->framing_errors = interface->framing_errors;
    counters->overruns = interface->overruns;
}

/* A counter below its value at the time of clearing has restarted from 0. */
static void subtract(uint64_t *counter, uint64_t cleared_at)
{
    if (*counter >= cleared_at)
        *counter -= cleared_at;
}

static void read_live(
        const struct engine *engine, const struct rras_entry *entry, struct napipc_rras_live *live)
{
    const struct engine_interface *interface = interfaces_find(engine, entry->interface_index);
    struct napipc_rras_counters *counters = &live->counters;
    struct napipc_rras_record record;

    live->known = interface != NULL;
    if (!interface)
        return;
    live->speed = interface->speed;
    read_counters(interface, counters);
    if (!entry->cleared)
        return;
    rras_read(entry, &record);
    subtract(&counters->bytes_in, record.cleared_at.bytes_in);
    subtract(&counters->packets_in, record.cleared_at.packets_in);
    subtract(&counters->bytes_out, record.cleared_at.bytes_out);
    subtract(&counters->packets_out, record.cleared_at.packets_out);
    subtract(&counters->crc_errors, record.cleared_at.crc_errors);
    subtract(&counters->framing_errors, record.cleared_at.framing_errors);
    subtract(&counters->overruns, record.cleared_at.overruns);
}

uint32_t handle_rras_clear_statistics(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    uint32_t index = 0, status = rras_running(&engine->rras);
    struct rras_entry *entry = rras_select(&engine->rras, &request->rras_select.selector, &index);
    const struct engine_interface *interface;
    struct napipc_rras_record record;

    (void)session;
    (void)reply;
    if (status)
        return status;
    if (!entry)
        return RESULT_INTERFACE_NOT_CONNECTED;
    interfaces_poll(engine, 0);
    if (!(interface = interfaces_find(engine, entry->interface_index)))
        return RESULT_OK; /* without an interface all are zero */
    rras_read(entry, &record);
    record.cleared = true;
    read_counters(interface, &record.cleared_at);
    return rras_replace(engine, entry->id, &record);
}

/* ---- lists ---- */

/* Writes at most `limit` entries, from by_id[index] on. */
static uint32_t give_entries(struct engine *engine, uint32_t index, uint32_t limit, uint64_t age,
        struct napipc_rras_list_reply *page)
{
    static uint8_t bytes[NAPIPC_MAX_FRAME - 64]; /* the engine is one thread */
    struct rras *rras = &engine->rras;
    bool polled = false;
    size_t size = 0;

    page->remaining = rras->count - index;
    page->count = 0;
    for (; index < rras->count && page->count < limit; index++)
    {
        const struct rras_entry *entry = rras->by_id[index];
        struct napipc_blob record = {entry->record, entry->size};
        struct napipc_rras_live live = {.known = false};
        size_t more;

        if (entry->interface_index && !polled)
        {
            interfaces_poll(engine, age);
            polled = true;
        }
        if (entry->interface_index)
            read_live(engine, entry, &live);
        more = napipc_rras_write_entry(
                entry->id, &record, &live, bytes + size, sizeof(bytes) - size);
        if (!more)
            break;
        size += more;
        page->count++;
    }
    page->entries.data = bytes;
    page->entries.size = (uint32_t)size;
    return RESULT_OK;
}

uint32_t handle_rras_list(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    const struct napipc_rras_list *list = &request->rras_list;
    uint32_t index, status = list->even_if_off ? RESULT_OK : rras_running(&engine->rras);

    (void)session;
    if (status)
        return status;
    if (rras_find(&engine->rras, list->after, &index))
        index++;
    return give_entries(engine, index, list->limit ? list->limit : UINT32_MAX,
            list->after ? PAGES_AGE : LIVE_AGE, &reply->rras_list_reply);
}

uint32_t handle_rras_get(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    uint32_t index = 0, status = rras_running(&engine->rras);

    (void)session;
    if (status)
        return status;
    if (!rras_select(&engine->rras, &request->rras_select.selector, &index))
        return RESULT_INTERFACE_NOT_CONNECTED;
    return give_entries(engine, index, 1, LIVE_AGE, &reply->rras_list_reply);
}

uint32_t handle_rras_get_server(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    (void)session;
    (void)request;
    reply->rras_server_reply.enabled = engine->rras.enabled;
    reply->rras_server_reply.started = engine->rras.started;
    reply->rras_server_reply.connections = engine->rras.count;
    return RESULT_OK;
}
