/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests of DLLs and napctl about RAS connections. Only administrators may change the table, set
 * patterns, and hang up what no program dialed.
 */
#include <stdlib.h>
#include <string.h>

#include "libs/engine/hook.h"
#include "libs/engine/ras/dial.h"
#include "libs/engine/ras/records.h"
#include "libs/engine/ras/sources.h"
#include "libs/engine/session.h"

#define ERROR_DISCONNECTION 628 /* raserror.h */

/* ---- list, get ---- */

uint32_t handle_ras_list(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    struct napipc_ras_list_reply *page = &reply->ras_list_reply;
    const struct ras *ras;

    (void)session;
    /* Only the first page polls; the others continue from there. */
    if (!request->ras_list.after)
        ras_update(engine);
    page->more = false;
    page->count = 0;
    for (ras = engine->ras.first; ras; ras = ras->next)
    {
        if (ras->record.connection.handle <= request->ras_list.after)
            continue;
        if (page->count == NAPIPC_RAS_PER_PAGE)
        {
            page->more = true;
            break;
        }
        page->connections[page->count].connection = ras->record.connection;
        page->connections[page->count].active = ras->active;
        page->count++;
    }
    return RESULT_OK;
}

static uint64_t since(uint64_t now, uint64_t cleared)
{
    /* The counters of a new interface start at 0. */
    return now >= cleared ? now - cleared : now;
}

static void counters_of(
        const struct engine_interface *interface, struct napipc_ras_counters *counters)
{
    counters->bytes_out = interface->bytes_out;
    counters->bytes_in = interface->bytes_in;
    counters->frames_out = interface->packets_out;
    counters->frames_in = interface->packets_in;
    counters->crc_errors = interface->crc_errors;
    counters->alignment_errors = interface->framing_errors;
    counters->overruns = interface->overruns;
}

static void describe_link(
        const struct engine *engine, const struct ras *ras, struct napipc_ras_link *link)
{
    const struct engine_interface *interface = ras_interface(engine, ras);
    const struct napipc_ras_counters *cleared = &ras->record.cleared;
    struct napipc_ras_counters now;

    memset(link, 0, sizeof(*link));
    if (!interface)
        return;
    link->known = true;
    link->kind = interface->kind;
    link->mtu = interface->mtu;
    link->speed = interface->speed;
    memcpy(link->ipv4, interface->ipv4, sizeof(link->ipv4));
    memcpy(link->ipv4_peer, interface->ipv4_peer, sizeof(link->ipv4_peer));
    memcpy(link->ipv6, interface->ipv6, sizeof(link->ipv6));
    link->ipv6_prefix = interface->ipv6_prefix;
    counters_of(interface, &now);
    link->counters.bytes_out = since(now.bytes_out, cleared->bytes_out);
    link->counters.bytes_in = since(now.bytes_in, cleared->bytes_in);
    link->counters.frames_out = since(now.frames_out, cleared->frames_out);
    link->counters.frames_in = since(now.frames_in, cleared->frames_in);
    link->counters.crc_errors = since(now.crc_errors, cleared->crc_errors);
    link->counters.alignment_errors = since(now.alignment_errors, cleared->alignment_errors);
    link->counters.overruns = since(now.overruns, cleared->overruns);
}

uint32_t handle_ras_get(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    struct napipc_ras_get_reply *got = &reply->ras_get_reply;
    uint64_t now = engine->host.filetime(engine->context);
    struct ras *ras;

    (void)session;
    ras_update(engine);
    if (!(ras = ras_find(engine, request->ras_handle.handle)))
        return dial_describe(engine, request->ras_handle.handle, got)
                       ? RESULT_OK
                       : ras_no_connection(engine, request->ras_handle.handle);
    got->connection = ras->record.connection;
    got->active = ras->active;
    got->state = ras->active ? RASCS_CONNECTED : RASCS_DISCONNECTED;
    got->error = ras->active ? 0 : ERROR_DISCONNECTION;
    got->duration = now > got->connection.since ? (now - got->connection.since) / 10000 : 0;
    describe_link(engine, ras, &got->link);
    return RESULT_OK;
}

/* ---- NAP ---- */

/* The most restrictive decision about the NAP connections of that ConnectionId; NULL: none. */
static const struct decision *decision_about(struct engine *engine, const struct napipc_guid *id)
{
    const struct decision *found = NULL;
    struct component *cursor = engine->components;
    const struct engine_session *session;
    const struct connection *connection;

    if (ras_guid_is_null(id))
        return NULL;
    while ((session = session_bound(&cursor)))
    {
        if (session_usable(session, NAPIPC_ENFORCEMENT_CLIENT))
            continue;
        for (connection = session->connections; connection; connection = connection->next)
            if (!memcmp(&connection->id, id, sizeof(*id))
                    && connection->decision.state != ISOLATION_UNKNOWN
                    && (!found || connection->decision.state > found->state))
                found = &connection->decision;
    }
    return found;
}

/* Programs ask often, so there is no poll if NAP has a decision. */
uint32_t handle_ras_nap_status(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    uint32_t handle = request->ras_handle.handle;
    const struct decision *decision = NULL;
    struct ras *ras;

    (void)session;
    ras_update_from_clients(engine);
    if ((ras = ras_find(engine, handle)) && ras->active)
        decision = decision_about(engine, &ras->record.connection.id);
    if (!decision)
    {
        ras_update(engine);
        ras = ras_find(engine, handle);
        if (!ras || !ras->active)
            return ras_no_connection(engine, handle);
        if (!(decision = decision_about(engine, &ras->record.connection.id)))
            return RESULT_NOT_NAP_CAPABLE;
    }
    reply->ras_nap_status_reply.state = decision->state;
    reply->ras_nap_status_reply.probation_end = decision->probation_end;
    return RESULT_OK;
}

/* ---- the table ---- */

/* The table entry that conflicts with `connection`, or NULL. Of two, the one with the same name. */
static struct ras *conflicting(struct engine *engine,
        const struct napipc_ras_connection *connection, unsigned int *entries)
{
    struct ras *ras, *found = NULL;

    *entries = 0;
    for (ras = engine->ras.first; ras; ras = ras->next)
    {
        const struct napipc_ras_connection *other = &ras->record.connection;

        if (other->source != NAPIPC_RAS_TABLE)
            continue;
        ++*entries;
        if (ras_same_entry(other, connection))
            return ras;
        if (!ras_guid_is_null(&connection->id)
                && !memcmp(&other->id, &connection->id, sizeof(other->id)))
            found = ras;
    }
    return found;
}

/* The listed connection that `connection` describes, or NULL: it keeps its handle. */
static struct ras *described(struct engine *engine, const struct napipc_ras_connection *connection)
{
    struct ras *ras = ras_find_id(engine, &connection->id);

    if (ras && ras->record.connection.source == NAPIPC_RAS_CLIENT)
        return ras;
    if (connection->interface_name.length)
        for (ras = engine->ras.first; ras; ras = ras->next)
            if (ras->record.connection.source == NAPIPC_RAS_HOST
                    && ras_strings_equal(
                            ras->record.connection.interface_name, connection->interface_name))
                return ras;
    return NULL;
}

uint32_t handle_ras_add(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    struct engine_ras_record record = {
            .connection = request->ras_add.connection, .keep = request->ras_add.keep};
    uint32_t status = RESULT_OK;
    struct ras *ras, *old;
    unsigned int entries;

    if (!ras_lengths_are_sound(&record.connection))
        return RESULT_INVALIDARG;
    ras_update(engine);
    record.connection.handle = 0;
    record.connection.source = NAPIPC_RAS_TABLE;
    record.connection.since = engine->host.filetime(engine->context);
    ras = conflicting(engine, &record.connection, &entries);
    if (ras
            && (!request->ras_add.replace
                    || !ras_strings_equal(
                            ras->record.connection.entry_name, record.connection.entry_name)))
        return RESULT_ALREADY_EXISTS;
    if (!ras && entries >= RAS_TABLE_MAX)
        return RESULT_NOT_ENOUGH_QUOTA;
    old = ras;
    if ((ras = described(engine, &record.connection)))
    {
        if (ras_guid_is_null(&record.connection.id))
            record.connection.id = ras->record.connection.id;
        record.connection.since = ras->record.connection.since;
        record.cleared = ras->record.cleared;
        status = ras_replace(engine, &ras, &record);
    }
    else
    {
        if (ras_guid_is_null(&record.connection.id))
            engine->host.new_guid(engine->context, &record.connection.id);
        status = ras_create(engine, &record, &ras);
    }
    if (status)
        return status;
    /* Last, so that a failure or a crash loses no entry; engine_add_ras() erases a leftover. */
    if (old && (status = ras_end(engine, old)))
    {
        engine->host.erase_ras(engine->context, ras->record.connection.handle);
        ras_set_active(engine, ras, false);
        ras_forget(engine, ras);
        return status;
    }
    reply->ras_add_reply.handle = ras->record.connection.handle;
    reply->ras_add_reply.id = ras->record.connection.id;
    session_send(engine, session, reply);
    ras_update(engine);
    return HANDLER_ANSWERS;
}

uint32_t handle_ras_remove(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    struct ras *ras = ras_find(engine, request->ras_handle.handle);

    (void)session;
    (void)reply;
    /* A dialed one may be the record of a connection that nobody can hang up any more. */
    if (!ras
            || (ras->record.connection.source != NAPIPC_RAS_TABLE
                    && ras->record.connection.source != NAPIPC_RAS_DIALED))
        return RESULT_INVALID_HANDLE;
    return ras_end(engine, ras);
}

/* An entry of the table is removed; any other connection is listed until the host has ended it. */
static uint32_t hung_up(struct engine *engine, uint32_t handle)
{
    struct ras *ras = ras_find(engine, handle);

    return ras && ras->record.connection.source == NAPIPC_RAS_TABLE ? ras_end(engine, ras)
                                                                    : RESULT_OK;
}

static void hang_up_ended(struct engine *engine, const struct hook_run *run,
        enum hook_outcome outcome, uint32_t result)
{
    struct napipc_message request = {.type = run->type, .call = run->call};
    /* The same for any failure: the log has the details. */
    uint32_t status = outcome == HOOK_DONE ? hung_up(engine, run->id) : RESULT_HANGUP_FAILED;

    (void)result;
    if (run->session)
        session_answer(engine, run->session, &request, status);
}

uint32_t handle_ras_hang_up(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    uint32_t handle = request->ras_handle.handle;
    const struct napipc_ras_connection *connection;
    struct hook_arguments arguments;
    uint32_t status;
    struct ras *ras;

    (void)reply;
    if (dial_abort(engine, handle))
        return RESULT_OK;
    ras_update(engine);
    ras = ras_find(engine, handle);
    if (ras && ras->active && ras->record.connection.source == NAPIPC_RAS_DIALED)
        return dial_hang_up(engine, session, request, &ras->record.connection);
    if (!ras || !ras->active)
        return ras_no_connection(engine, handle);
    connection = &ras->record.connection;
    hook_arguments_init(&arguments, "hang-up", handle);
    hook_add_guid(&arguments, &connection->id);
    hook_add_string(&arguments, &connection->user);
    hook_add_text(&arguments, ""); /* domain */
    hook_add_string(&arguments, &connection->interface_name);
    hook_add_text(&arguments, ""); /* port */
    hook_add_string(&arguments, &connection->device_name);
    hook_add_text(&arguments, ""); /* addresses */
    hook_add_text(&arguments, "");
    hook_add_text(&arguments, ""); /* state */
    hook_add_string(&arguments, &connection->entry_name);
    status = hook_run(engine, session, request, hang_up_ended, handle, &arguments);
    if (!status)
        return HANDLER_ANSWERS; /* when the hook has ended */
    if (status == RESULT_NOT_FOUND && connection->source == NAPIPC_RAS_TABLE)
        return hung_up(engine, handle);
    if (status == RESULT_NOT_FOUND)
        engine_log(engine, ENGINE_WARN, 0, "hook-missing",
                "RAS connection %#x cannot be hung up: no "
                "hook is configured",
                (unsigned int)handle);
    return status == RESULT_OUTOFMEMORY ? status : RESULT_HANGUP_FAILED;
}

uint32_t handle_ras_clear(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    const struct engine_interface *interface;
    struct engine_ras_record record;
    struct ras *ras;

    (void)session;
    (void)reply;
    ras_update(engine);
    if (!(ras = ras_find(engine, request->ras_handle.handle)) || !ras->active)
        return ras_no_connection(engine, request->ras_handle.handle);
    if (!(interface = ras_interface(engine, ras)))
        return RESULT_OK; /* there are no counters */
    record = ras->record;
    counters_of(interface, &record.cleared);
    return ras_replace(engine, &ras, &record);
}

/* ---- patterns ---- */

uint32_t handle_ras_get_patterns(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    (void)session;
    (void)request;
    reply->ras_patterns.patterns.units = engine->ras.patterns.data;
    reply->ras_patterns.patterns.length = (uint16_t)(engine->ras.patterns.size / 2);
    return RESULT_OK;
}

uint32_t handle_ras_set_patterns(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    struct napipc_string patterns = request->ras_patterns.patterns;
    struct bytes copy;
    uint32_t status;

    (void)session;
    (void)reply;
    if (!bytes_copy(&copy, patterns.units, patterns.length * 2u))
        return RESULT_OUTOFMEMORY;
    if ((status = engine->host.save_ras_patterns(engine->context, patterns)))
    {
        free(copy.data);
        return status;
    }
    free(engine->ras.patterns.data);
    engine->ras.patterns = copy;
    ras_update(engine);
    return RESULT_OK;
}
