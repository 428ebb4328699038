/*
 * Gathering: GetSoHRequest of an enforcement client.
 *
 * Every bound health agent is asked for its SoH, all at once; when the last has
 * answered, or its deadline has passed, the SSoH is built and the enforcement
 * client has its answer. What goes in for an agent that sets none:
 *
 *   S_OK, none set       the cached one, else NAP_E_NO_CACHED_SOH
 *   a failure            an entry made by the NAP agent, with that code
 *   deadline             the cached one, else NAP_E_NO_CACHED_SOH
 *   not bound            the cached one, else NAP_E_NOT_INITIALIZED
 *   disabled             NAP_E_ENTITY_DISABLED
 *   gone                 its cache is flushed: NAP_E_NOT_INITIALIZED
 *
 * A health agent that has much to do is waited for. One of whom a GetSoHRequest
 * is late is not asked: as its deadline, at once. The agent's own want of memory
 * says nothing about a health agent: the request fails with E_OUTOFMEMORY.
 */
#include "libs/engine/internal.h"

#include <stdlib.h>
#include <string.h>

#define FLAGS_FRESH_SOH_REQUEST 1 /* freshSoHRequest of naptypes.h */
#define TIME_STAMPS_RESERVED UINT64_C(600000000) /* a minute: one write of the store for so long */

static bool guid_is_null(const struct napipc_guid *guid)
{
    static const struct napipc_guid null;

    return !memcmp(guid->bytes, null.bytes, sizeof(null.bytes));
}

void engine_set_time_stamp(struct engine *engine, uint64_t limit)
{
    engine->last_time_stamp = engine->time_stamp_limit = limit;
}

/* The store knows a limit ahead of the clock, so that an agent that starts after the clock was set
 * back goes on behind it. Without a store that can be written exchanges go on all the same. */
static void reserve_time_stamp(struct engine *engine, uint64_t time_stamp)
{
    uint64_t limit = time_stamp + TIME_STAMPS_RESERVED;
    uint32_t status;

    if (time_stamp < engine->time_stamp_limit)
        return;
    if (!(status = engine->host.save_time_stamp(engine->context, limit)))
        engine->time_stamp_limit = limit;
    else if (!engine->time_stamp_unsaved)
        engine_log(engine, ENGINE_WARN, 0, "store", "the time of correlation ids cannot be written "
            "(error 0x%08x): do not set the clock back before the registry can be written again",
            (unsigned int)status);
    engine->time_stamp_unsaved = status != RESULT_OK;
}

/* "The correlation-id is set by the NapAgent and based on the connection-id" - the time
 * stamp alone keeps ids apart, so it never repeats. */
static struct napipc_correlation new_correlation(struct engine *engine,
    const struct napipc_guid *connection_id, const struct napipc_guid *key)
{
    uint64_t now = engine->host.filetime(engine->context);
    struct napipc_correlation correlation;

    if (now <= engine->last_time_stamp)
        now = engine->last_time_stamp + 1;
    engine->last_time_stamp = now;
    reserve_time_stamp(engine, now);
    correlation.conn_id = guid_is_null(connection_id) ? *key : *connection_id;
    correlation.time_stamp = now;
    return correlation;
}

void parts_destroy(struct parts *parts)
{
    unsigned int i;

    for (i = 0; parts && i < parts->count; i++)
        free(parts->part[i].soh.data);
    free(parts);
}

/* ---- one part ---- */

/* What the connection's last SSoH had of this health agent, or NULL. */
static const struct part *previous_part(const struct connection *connection, uint32_t id)
{
    unsigned int i;

    for (i = 0; connection->parts && i < connection->parts->count; i++)
        if (connection->parts->part[i].id == id)
            return &connection->parts->part[i];
    return NULL;
}

static bool set_soh(struct part *part, const void *soh, uint32_t size)
{
    if (!(part->soh.data = malloc(size)))
        return false;
    memcpy(part->soh.data, soh, size);
    part->soh.size = size;
    part->code = 0;
    return true;
}

/* Without an SoH of the agent's own: the cached one, else an entry with `code`. False: no memory. */
static bool fall_back(struct part *part, const struct component *agent, uint32_t code)
{
    part->code = code;
    return !agent || !agent->cached.size
            || set_soh(part, agent->cached.data, agent->cached.size);
}

/* Compares with the last SSoH byte for byte, where the agent itself could not. */
static void compare(const struct connection *connection, struct part *part)
{
    const struct part *before = previous_part(connection, part->id);

    part->same = before && before->code == part->code && before->soh.size == part->soh.size
            && (!part->soh.size || !memcmp(before->soh.data, part->soh.data, part->soh.size));
}

/* ---- the end of it ---- */

/* Nobody waits for the part's callback any more. */
static void forget(struct part *part)
{
    struct callback *callback = part->callback;

    part->callback = NULL;
    if (callback && callback->sent)
    {
        callback->gathering = NULL;
        callback->part = NULL;
    }
    else if (callback)
        slots_withdraw(callback);
}

static void gathering_destroy(struct engine *engine, struct gathering *gathering)
{
    struct engine_session *session = gathering->session;
    struct gathering **link;
    unsigned int i;

    for (i = 0; gathering->parts && i < gathering->parts->count; i++)
        forget(&gathering->parts->part[i]);
    for (link = &engine->gatherings; *link; link = &(*link)->next)
        if (*link == gathering)
        {
            *link = gathering->next;
            break;
        }
    parts_destroy(gathering->parts);
    free(gathering);
    session->gatherings--;
    if (session->paused && engine_takes_more(session))
        engine->host.take_more(engine->context, session->client);
}

static void gathering_fail(struct engine *engine, struct gathering *gathering, uint32_t status)
{
    struct napipc_message request;
    struct gathering *other;

    request.type = NAPIPC_SOH_REQUEST;
    request.call = gathering->call;
    /* The client will not learn its key, so it could never name it; unless by another request. */
    for (other = engine->gatherings; gathering->added && other; other = other->next)
        if (other != gathering && other->connection == gathering->connection)
        {
            other->added = true;
            gathering->added = false;
        }
    if (gathering->added && !gathering->connection->asked)
        connection_remove(gathering->session, gathering->connection);
    session_answer(engine, gathering->session, &request, status);
    gathering_destroy(engine, gathering);
    health_save_caches(engine); /* what some had answered already */
}

/* Does the new SSoH say something else than the last? */
static bool has_changed(const struct connection *connection, const struct parts *parts,
    uint64_t digest)
{
    unsigned int i;

    if (!connection->asked)
        return true;
    if (!connection->parts)
        return connection->digest != digest;
    if (connection->parts->count != parts->count)
        return true;
    for (i = 0; i < parts->count; i++)
        if (!parts->part[i].same)
            return true;
    return false;
}

static void gathering_finish(struct engine *engine, struct gathering *gathering)
{
    struct connection *connection = gathering->connection;
    struct engine_session *session = gathering->session;
    uint8_t private_data[CONNECTION_DATA_SIZE];
    struct napipc_message reply;
    uint64_t digest = 0;
    size_t size = 0;
    uint32_t status = ssoh_build(engine, &gathering->correlation, gathering->parts,
        gathering->max_size, &size, &digest);

    if (status)
    {
        gathering_fail(engine, gathering, status);
        return;
    }
    reply.type = NAPIPC_SOH_REQUEST | NAPIPC_REPLY;
    reply.call = gathering->call;
    reply.status = RESULT_OK;
    reply.soh_request_reply.retrigger_hint = connection->retrigger
            || has_changed(connection, gathering->parts, digest);
    reply.soh_request_reply.flags = FLAGS_FRESH_SOH_REQUEST;
    reply.soh_request_reply.correlation = gathering->correlation;
    reply.soh_request_reply.soh.data = engine->packet;
    reply.soh_request_reply.soh.size = (uint32_t)size;
    connection->digest = digest;
    connection_write_data(connection, private_data);
    reply.soh_request_reply.private_data.data = private_data;
    reply.soh_request_reply.private_data.size = sizeof(private_data);
    /* Who waits is answered first; health agents are told afterwards. */
    session_send(engine, session, &reply);

    exchange_orphan(engine, session, connection, "a newer GetSoHRequest");
    callback_soh_requested(session);
    connection->id = gathering->connection_id;
    connection->asked = true;
    connection->retrigger = false;
    connection->pending = true;
    connection->correlation = gathering->correlation;
    parts_destroy(connection->parts);
    connection->parts = gathering->parts;
    gathering->parts = NULL;
    gathering_destroy(engine, gathering);
    isolation_update(engine);
    health_save_caches(engine);
}

/* ---- asking ---- */

void gathering_describe(struct callback *callback, struct napipc_message *message)
{
    const struct bytes *cached = &callback->session->component->cached;
    const struct part *before = previous_part(callback->gathering->connection, callback->part->id);

    message->agent_get_soh.correlation = callback->gathering->correlation;
    message->agent_get_soh.cached.data = cached->data;
    message->agent_get_soh.cached.size = cached->size;
    message->agent_get_soh.previous.data = before ? before->soh.data : NULL;
    message->agent_get_soh.previous.size = before ? before->soh.size : 0;
}

/* Asks one health agent, or decides without it. False: no memory. */
static bool ask(struct engine *engine, struct gathering *gathering, struct component *agent,
    struct part *part)
{
    struct callback *callback;
    bool done = true;

    if (!agent->enabled)
        part->code = RESULT_ENTITY_DISABLED;
    else if (!agent->bound)
        done = fall_back(part, agent, RESULT_NOT_INITIALIZED);
    else if (agent->bound->hangs)
        done = fall_back(part, agent, RESULT_NO_CACHED_SOH);
    else if ((callback = slots_ask(engine, agent->bound, NAPIPC_AGENT_GET_SOH,
                    slots_process(engine, gathering->session))))
    {
        callback->gathering = gathering;
        callback->part = part;
        part->callback = callback;
        gathering->waiting++;
        slots_run(engine, agent->bound);
        return true;
    }
    else
        return false;
    compare(gathering->connection, part);
    return done;
}

uint32_t handle_soh_request(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request, struct napipc_message *reply)
{
    struct gathering *gathering = NULL;
    struct component *agent;
    struct parts *parts;
    bool done = true;

    (void)reply;
    gathering = calloc(1, sizeof(*gathering));
    parts = calloc(1, sizeof(*parts));
    if (!gathering || !parts
            || !(gathering->connection = connection_get(engine, session,
                    request->soh_request.private_data, request->soh_request.object,
                    &gathering->added)))
    {
        free(gathering);
        free(parts);
        return RESULT_OUTOFMEMORY;
    }
    gathering->session = session;
    gathering->parts = parts;
    gathering->call = request->call;
    gathering->max_size = request->soh_request.max_size;
    gathering->connection_id = request->soh_request.connection_id;
    gathering->correlation = new_correlation(engine, &gathering->connection_id,
        &gathering->connection->key);
    gathering->next = engine->gatherings;
    engine->gatherings = gathering;
    session->gatherings++;
    for (agent = engine->components; agent && done; agent = agent->next)
        if (agent->kind == NAPIPC_HEALTH_AGENT && parts->count < SOH_MAX_ENTRIES)
        {
            parts->part[parts->count].id = agent->info.id;
            done = ask(engine, gathering, agent, &parts->part[parts->count++]);
        }
    if (!done)
        gathering_fail(engine, gathering, RESULT_OUTOFMEMORY);
    else if (!gathering->waiting)
        gathering_finish(engine, gathering);
    return HANDLER_ANSWERS;
}

bool engine_takes_more(struct engine_session *session)
{
    session->paused = session->gatherings > NAPIPC_MAX_CONNECTIONS;
    return !session->paused;
}

/* The part is settled, if there was memory for it; the last one ends the gathering. */
static void settle(struct engine *engine, struct callback *callback, bool done)
{
    struct gathering *gathering = callback->gathering;

    callback->part->callback = NULL;
    callback->gathering = NULL;
    callback->part = NULL;
    gathering->waiting--;
    if (!done)
        gathering_fail(engine, gathering, RESULT_OUTOFMEMORY);
    else if (!gathering->waiting)
        gathering_finish(engine, gathering);
}

void gathering_answered(struct engine *engine, struct callback *callback,
    const struct napipc_message *message)
{
    const struct napipc_agent_get_soh_reply *reply = &message->agent_get_soh_reply;
    struct part *part = callback->part;
    struct component *agent = health_agent(engine, part->id);
    bool done = true;

    if (RESULT_FAILED(message->status))
    {
        engine_log(engine, ENGINE_WARN, part->id, "callback-failed", "GetSoHRequest returned %#x",
            (unsigned int)message->status);
        part->code = message->status;
    }
    else if (!reply->soh.size)
        done = fall_back(part, agent, RESULT_NO_CACHED_SOH);
    else if (!health_soh_is_sound(reply->soh.data, reply->soh.size, part->id))
    {
        engine_log(engine, ENGINE_WARN, part->id, "bad-soh", "the health agent's SoH is not one");
        part->code = RESULT_INVALID_PACKET;
    }
    else if (!set_soh(part, reply->soh.data, reply->soh.size))
        done = false;
    else
    {
        part->reported = true;
        /* What it is to have said the next time must not be older than this. */
        if (agent && reply->cache)
            done = health_cache(engine, agent, reply->soh.data, reply->soh.size);
    }
    compare(callback->gathering->connection, part);
    if (part->reported && reply->same && previous_part(callback->gathering->connection, part->id))
        part->same = true;
    settle(engine, callback, done);
}

/* Goes on without an answer. */
static void do_without(struct engine *engine, struct callback *callback, uint32_t code)
{
    bool done = fall_back(callback->part, health_agent(engine, callback->part->id), code);

    compare(callback->gathering->connection, callback->part);
    settle(engine, callback, done);
}

void gathering_late(struct engine *engine, struct callback *callback)
{
    do_without(engine, callback, RESULT_NO_CACHED_SOH);
}

void gathering_gone(struct engine *engine, struct callback *callback)
{
    do_without(engine, callback, RESULT_NOT_INITIALIZED);
}

void gathering_cancel(struct engine *engine, const struct engine_session *session,
    const struct connection *connection)
{
    struct gathering *gathering, *next;

    for (gathering = engine->gatherings; gathering; gathering = next)
    {
        next = gathering->next;
        if (gathering->session != session
                || (connection && gathering->connection != connection))
            continue;
        gathering->added = false; /* who cancels takes the connection away */
        gathering_fail(engine, gathering, RESULT_NOT_INITIALIZED);
    }
}
