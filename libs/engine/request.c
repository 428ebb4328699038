/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GetSoHRequest of an enforcement client: the half of an exchange that builds the SSoH. The other
 * half, the server's response, is in response.c.
 *
 * Every bound health agent is asked for its SoH, all at once. When each has answered or its
 * deadline has passed, the SSoH is built and the enforcement client gets its reply. The entry for a
 * health agent that sets no SoH:
 *
 *   S_OK, none set       the cached one, else NAP_E_NO_CACHED_SOH
 *   a failure            an entry made by the agent, with that code
 *   deadline             the cached one, else NAP_E_NO_CACHED_SOH
 *   not bound            the cached one, else NAP_E_NOT_INITIALIZED
 *   disabled             NAP_E_ENTITY_DISABLED
 *   gone                 its cache is flushed: NAP_E_NOT_INITIALIZED
 *
 * Requests wait for a busy health agent. One that is late with a GetSoHRequest is not asked: it
 * counts as late at once. An allocation failure of the agent is never blamed on a health agent: the
 * request fails with E_OUTOFMEMORY.
 *
 * A connection has at most one pending exchange; a newer GetSoHRequest orphans it.
 */
#include "libs/engine/request.h"

#include <stdlib.h>
#include <string.h>

#include "libs/engine/callback.h"
#include "libs/engine/connection.h"
#include "libs/engine/enforcement.h"
#include "libs/engine/health.h"
#include "libs/engine/session.h"
#include "libs/engine/slots.h"
#include "libs/engine/ssoh.h"

#define FLAGS_FRESH_SOH_REQUEST 1 /* freshSoHRequest of naptypes.h */
/* One minute: the store is written once in this time. */
#define TIME_STAMPS_RESERVED UINT64_C(600000000)

static bool guid_is_null(const struct napipc_guid *guid)
{
    static const struct napipc_guid null;

    return !memcmp(guid->bytes, null.bytes, sizeof(null.bytes));
}

void engine_set_time_stamp(struct engine *engine, uint64_t limit)
{
    engine->last_time_stamp = engine->time_stamp_limit = limit;
}

/* The store holds a limit ahead of the clock: an agent that starts after the clock was set back
 * continues from that limit. If the store cannot be written, exchanges go on all the same. */
static void reserve_time_stamp(struct engine *engine, uint64_t time_stamp)
{
    uint64_t limit = time_stamp + TIME_STAMPS_RESERVED;
    uint32_t status;

    if (time_stamp < engine->time_stamp_limit)
        return;
    if (!(status = engine->host.save_time_stamp(engine->context, limit)))
        engine->time_stamp_limit = limit;
    else if (!engine->time_stamp_unsaved)
        engine_log(engine, ENGINE_WARN, 0, "store",
                "the time stamp limit of correlation ids cannot be stored "
                "(error 0x%08x): do not set the clock back until the store can be written again",
                (unsigned int)status);
    engine->time_stamp_unsaved = status != RESULT_OK;
}

/* "The correlation-id is set by the NapAgent and based on the connection-id" - the time stamp alone
 * makes ids unique, so it never repeats. */
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

/* ---- one part ---- */

/* The part of this health agent in the connection's last SSoH, or NULL. */
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

/* Uses the cached SoH, or makes an entry with `code`. Returns false on allocation failure. */
static bool fall_back(struct part *part, const struct component *agent, uint32_t code)
{
    part->code = code;
    return !agent || !agent->cached.size || set_soh(part, agent->cached.data, agent->cached.size);
}

/* Compares the part with that of the last SSoH, byte for byte. */
static void compare(const struct connection *connection, struct part *part)
{
    const struct part *before = previous_part(connection, part->id);

    part->same = before && before->code == part->code && before->soh.size == part->soh.size
                 && (!part->soh.size || !memcmp(before->soh.data, part->soh.data, part->soh.size));
}

/* ---- the end of a request ---- */

/* Nobody waits for the part's callback any more. */
static void forget(struct part *part)
{
    struct callback *callback = part->callback;

    part->callback = NULL;
    if (callback && callback->sent)
    {
        callback->soh_request = NULL;
        callback->part = NULL;
    }
    else if (callback)
        slots_withdraw(callback);
}

static void soh_request_destroy(struct engine *engine, struct soh_request *pending)
{
    struct engine_session *session = pending->session;
    struct soh_request **link;
    unsigned int i;

    for (i = 0; pending->parts && i < pending->parts->count; i++)
        forget(&pending->parts->part[i]);
    for (link = &engine->soh_requests; *link; link = &(*link)->next)
        if (*link == pending)
        {
            *link = pending->next;
            break;
        }
    parts_destroy(pending->parts);
    free(pending);
    session->soh_requests--;
    if (session->paused && engine_takes_more(session))
        engine->host.take_more(engine->context, session->client);
}

static void soh_request_fail(struct engine *engine, struct soh_request *pending, uint32_t status)
{
    struct napipc_message request;
    struct soh_request *other;

    request.type = NAPIPC_SOH_REQUEST;
    request.call = pending->call;
    /* The client will not learn the new connection's key, so it could never name the connection,
     * unless another request for it succeeds. */
    for (other = engine->soh_requests; pending->added && other; other = other->next)
        if (other != pending && other->connection == pending->connection)
        {
            other->added = true;
            pending->added = false;
        }
    if (pending->added && !pending->connection->asked)
        connection_remove(pending->session, pending->connection);
    session_answer(engine, pending->session, &request, status);
    soh_request_destroy(engine, pending);
    health_save_caches(engine); /* some health agents may have answered already */
}

/* Does the new SSoH differ from the last? */
static bool has_changed(
        const struct connection *connection, const struct parts *parts, uint64_t digest)
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

void soh_request_orphan(struct engine *engine, struct engine_session *session,
        struct connection *connection, const char *why)
{
    uint32_t process = slots_process(engine, session);
    unsigned int i;

    if (!connection->pending)
        return;
    connection->pending = false;
    engine_log(engine, ENGINE_TRACE, 0, "orphaned", "an SoH request is orphaned: %s", why);
    for (i = 0; connection->parts && i < connection->parts->count; i++)
        if (connection->parts->part[i].reported)
            health_orphaned(
                    engine, connection->parts->part[i].id, process, &connection->correlation);
}

static void soh_request_finish(struct engine *engine, struct soh_request *pending)
{
    struct connection *connection = pending->connection;
    struct engine_session *session = pending->session;
    uint8_t private_data[CONNECTION_DATA_SIZE];
    struct napipc_message reply;
    uint64_t digest = 0;
    size_t size = 0;
    uint32_t status = ssoh_build(
            engine, &pending->correlation, pending->parts, pending->max_size, &size, &digest);

    if (status)
    {
        soh_request_fail(engine, pending, status);
        return;
    }
    session_reply_init(&reply, NAPIPC_SOH_REQUEST, pending->call, RESULT_OK);
    reply.soh_request_reply.retrigger_hint =
            connection->retrigger || has_changed(connection, pending->parts, digest);
    reply.soh_request_reply.flags = FLAGS_FRESH_SOH_REQUEST;
    reply.soh_request_reply.correlation = pending->correlation;
    reply.soh_request_reply.soh.data = engine->packet;
    reply.soh_request_reply.soh.size = (uint32_t)size;
    connection->digest = digest;
    connection_write_data(connection, private_data);
    reply.soh_request_reply.private_data.data = private_data;
    reply.soh_request_reply.private_data.size = sizeof(private_data);
    /* The requester is answered first; health agents are notified afterwards. */
    session_send(engine, session, &reply);

    soh_request_orphan(engine, session, connection, "a newer GetSoHRequest");
    enforcement_soh_requested(session);
    connection->id = pending->connection_id;
    connection->asked = true;
    connection->retrigger = false;
    connection->pending = true;
    connection->correlation = pending->correlation;
    parts_destroy(connection->parts);
    connection->parts = pending->parts;
    pending->parts = NULL;
    soh_request_destroy(engine, pending);
    health_save_caches(engine);
}

/* ---- asking ---- */

static void describe(const struct callback *callback, struct napipc_message *message)
{
    const struct bytes *cached = &callback->session->component->cached;
    const struct soh_request *pending = callback->soh_request;
    const struct part *before = previous_part(pending->connection, callback->part->id);

    message->agent_get_soh.correlation = pending->correlation;
    message->agent_get_soh.cached.data = cached->data;
    message->agent_get_soh.cached.size = cached->size;
    message->agent_get_soh.previous.data = before ? before->soh.data : NULL;
    message->agent_get_soh.previous.size = before ? before->soh.size : 0;
}

/* Ends the part of a health agent. If `done` is false, there was no memory for it and the request
 * fails. The last part finishes the request. */
static void part_settled(struct engine *engine, struct callback *callback, bool done)
{
    struct soh_request *pending = callback->soh_request;

    callback->part->callback = NULL;
    callback->soh_request = NULL;
    callback->part = NULL;
    pending->waiting--;
    if (!done)
        soh_request_fail(engine, pending, RESULT_OUTOFMEMORY);
    else if (!pending->waiting)
        soh_request_finish(engine, pending);
}

/* Takes the health agent's answer for the request that waits for it. */
static void take_answer(
        struct engine *engine, struct callback *callback, const struct napipc_message *message)
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
        engine_log(engine, ENGINE_WARN, part->id, "bad-soh", "malformed SoH from the health agent");
        part->code = RESULT_INVALID_PACKET;
    }
    else if (!set_soh(part, reply->soh.data, reply->soh.size))
        done = false;
    else
    {
        part->reported = true;
        /* The cache must not be older than this SoH: without memory for it the request fails. */
        if (agent && reply->cache)
            done = health_cache(engine, agent, reply->soh.data, reply->soh.size);
    }
    compare(callback->soh_request->connection, part);
    if (part->reported && reply->same && previous_part(callback->soh_request->connection, part->id))
        part->same = true;
    part_settled(engine, callback, done);
}

/* Settles the part without an answer. */
static void do_without(struct engine *engine, struct callback *callback, uint32_t code)
{
    bool done = fall_back(callback->part, health_agent(engine, callback->part->id), code);

    compare(callback->soh_request->connection, callback->part);
    part_settled(engine, callback, done);
}

/* Does nothing if the request is no longer pending. */
static void agent_late(struct engine *engine, struct callback *callback)
{
    if (callback->soh_request)
        do_without(engine, callback, RESULT_NO_CACHED_SOH);
}

static void agent_gone(struct engine *engine, struct callback *callback)
{
    if (callback->soh_request)
        do_without(engine, callback, RESULT_NOT_INITIALIZED);
}

static void agent_answered(struct engine *engine, struct engine_session *session,
        struct callback *callback, const struct napipc_message *message)
{
    const struct napipc_agent_get_soh_reply *reply = &message->agent_get_soh_reply;

    if (callback->soh_request)
        take_answer(engine, callback, message);
    else if (!RESULT_FAILED(message->status) && reply->cache && reply->soh.size
             && health_soh_is_sound(reply->soh.data, reply->soh.size, session->component->info.id))
    {
        /* Too late for the exchange, but good for the next. */
        health_cache(engine, session->component, reply->soh.data, reply->soh.size);
        health_save_caches(engine);
    }
}

static const struct callback_kind get_soh = {
        .type = NAPIPC_AGENT_GET_SOH,
        .name = "GetSoHRequest",
        .waited_for = true,
        .describe = describe,
        .answered = agent_answered,
        .late = agent_late,
        .gone = agent_gone,
};

/* Asks one health agent, or settles its part without asking. Returns false on allocation failure or
 * if too many callbacks wait. */
static bool ask(struct engine *engine, struct soh_request *pending, struct component *agent,
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
    else if ((callback = slots_ask(
                      engine, agent->bound, &get_soh, slots_process(engine, pending->session))))
    {
        callback->soh_request = pending;
        callback->part = part;
        part->callback = callback;
        pending->waiting++;
        slots_run(engine, agent->bound);
        return true;
    }
    else
        return false;
    compare(pending->connection, part);
    return done;
}

uint32_t handle_soh_request(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    struct soh_request *pending = NULL;
    struct component *agent;
    struct parts *parts;
    bool done = true;

    (void)reply;
    pending = calloc(1, sizeof(*pending));
    parts = calloc(1, sizeof(*parts));
    if (!pending || !parts
            || !(pending->connection =
                            connection_get(engine, session, request->soh_request.private_data,
                                    request->soh_request.object, &pending->added)))
    {
        free(pending);
        free(parts);
        return RESULT_OUTOFMEMORY;
    }
    pending->session = session;
    pending->parts = parts;
    pending->call = request->call;
    pending->max_size = request->soh_request.max_size;
    pending->connection_id = request->soh_request.connection_id;
    pending->correlation =
            new_correlation(engine, &pending->connection_id, &pending->connection->key);
    pending->next = engine->soh_requests;
    engine->soh_requests = pending;
    session->soh_requests++;
    for (agent = engine->components; agent && done; agent = agent->next)
        if (agent->kind == NAPIPC_HEALTH_AGENT && parts->count < SOH_MAX_ENTRIES)
        {
            parts->part[parts->count].id = agent->info.id;
            done = ask(engine, pending, agent, &parts->part[parts->count++]);
        }
    if (!done)
        soh_request_fail(engine, pending, RESULT_OUTOFMEMORY);
    else if (!pending->waiting)
        soh_request_finish(engine, pending);
    return HANDLER_ANSWERS;
}

bool engine_takes_more(struct engine_session *session)
{
    session->paused = session->soh_requests > NAPIPC_MAX_CONNECTIONS;
    return !session->paused;
}

void soh_request_cancel(struct engine *engine, const struct engine_session *session,
        const struct connection *connection)
{
    struct soh_request *pending, *next;

    for (pending = engine->soh_requests; pending; pending = next)
    {
        next = pending->next;
        if (pending->session != session || (connection && pending->connection != connection))
            continue;
        pending->added = false; /* the caller removes the connection */
        soh_request_fail(engine, pending, RESULT_NOT_INITIALIZED);
    }
}
