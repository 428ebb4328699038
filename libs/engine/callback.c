/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Callbacks: calls from the agent to a bound client. Each has a deadline. A callback that has
 * missed it blocks neither other clients nor the next callback to the same client; its answer
 * counts even then. The callback's kind defines what an answer means and what happens without one:
 * nothing here depends on which kinds there are.
 *
 * Callbacks to a health agent wait for one of its slots (slots.c). The deadline is for the call
 * itself, not for the calls before it: in a single-threaded health agent calls wait for each other.
 * So each answer restarts the deadlines of the callbacks that were not late when the answered one
 * was sent. A health agent hangs while a callback that a request waits for is late: until it has
 * answered, it gets no callback that a request would wait for.
 */
#include "libs/engine/callback.h"

#include <stdlib.h>

#include "libs/engine/session.h"
#include "libs/engine/slots.h"

/* For all bindings of an enforcement client's session: each may cost it a hung thread. */
#define UNANSWERED_MAX 16

static bool server_gone(uint32_t status)
{
    return status == RESULT_RPC_S_SERVER_UNAVAILABLE || status == RESULT_WIN32_SERVER_UNAVAILABLE
           || status == RESULT_RPC_E_DISCONNECTED || status == RESULT_RPC_E_SERVER_DIED
           || status == RESULT_RPC_E_SERVER_DIED_DNE || status == RESULT_CO_E_OBJNOTCONNECTED;
}

void callback_free(struct callback *callback)
{
    free(callback->soh.data);
    free(callback);
}

void callback_start(
        struct engine *engine, struct engine_session *session, struct callback *callback)
{
    struct napipc_message message;

    if (!++engine->last_call)
        engine->last_call = 1;
    callback->sent = true;
    callback->call = engine->last_call;
    callback->allowed = callback->queue && engine->policy.agent_deadline
                                ? engine->policy.agent_deadline
                                : engine->settings.callback_deadline;
    callback->began = engine->host.monotonic(engine->context);
    callback->deadline = callback->began + callback->allowed;
    callback->next = session->callbacks;
    session->callbacks = callback;

    message.type = callback->kind->type;
    message.call = callback->call;
    message.status = 0;
    if (callback->kind->describe)
        callback->kind->describe(callback, &message);
    session_send(engine, session, &message);
    free(callback->soh.data);
    callback->soh.data = NULL;
}

bool callback_send(
        struct engine *engine, struct engine_session *session, const struct callback_kind *kind)
{
    struct callback *callback = calloc(1, sizeof(*callback));

    if (!callback)
    {
        engine_log(engine, ENGINE_ERROR, session->component->info.id, "no-memory",
                "%s is not called: out of memory", kind->name);
        return false;
    }
    callback->kind = kind;
    callback->session = session;
    callback_start(engine, session, callback);
    return true;
}

bool callback_outstanding(const struct engine_session *session, const struct callback_kind *kind)
{
    const struct callback *callback;

    for (callback = session->callbacks; callback; callback = callback->next)
        if (callback->kind == kind && !callback->abandoned && !callback->late)
            return true;
    return slots_waiting(session, kind);
}

/* ---- health agents that hang ---- */

/* Is a callback late that a request waits for, or are all slots taken by late ones? */
static bool leaves_callbacks(const struct engine_session *session)
{
    const struct callback *callback;
    bool all_late = slots_full(session);

    for (callback = session->callbacks; callback; callback = callback->next)
    {
        if (callback->late && !callback->abandoned && callback->kind->waited_for)
            return true;
        all_late = all_late && callback->late;
    }
    return all_late;
}

/* The health agent hangs: requests go on without it. */
static void give_up(struct engine *engine, struct engine_session *session)
{
    struct callback *callback, *next;

    session->hangs = true;
    for (callback = slots_take_waiting(session, false); callback; callback = next)
    {
        next = callback->next;
        callback->kind->late(engine, callback);
        callback_free(callback);
    }
}

/* Frees the slot of an answered callback, which is already off the list. */
static void free_slot(
        struct engine *engine, struct engine_session *session, struct callback *callback)
{
    slots_answered(session, callback);
    if (!session->hangs || leaves_callbacks(session))
        return;
    session->hangs = false;
    engine_log(engine, ENGINE_INFO, session->component->info.id, "callback-returned",
            "process %u has returned from its callbacks and is called again",
            (unsigned int)engine->host.process_id(engine->context, session->client));
}

/* In a single-threaded client the other callbacks may have waited for this one, in whatever order
 * it takes them. Those whose time was over before this one was sent did not. */
static void restart_others(
        struct engine *engine, struct engine_session *session, const struct callback *answered)
{
    uint64_t now = engine->host.monotonic(engine->context);
    struct callback *callback;

    for (callback = session->callbacks; callback; callback = callback->next)
        if (!callback->late && answered->began < callback->began + callback->allowed)
            callback->deadline = now + callback->allowed;
}

bool callback_too_many(const struct engine_session *session)
{
    const struct callback *callback;
    unsigned int count = 0;

    for (callback = session->callbacks; callback; callback = callback->next)
        count += !callback->queue;
    return count >= UNANSWERED_MAX || slots_full(session);
}

struct callback *callback_find(
        const struct engine_session *session, const struct napipc_message *answer)
{
    struct callback *callback;

    for (callback = session->callbacks; callback; callback = callback->next)
        if (callback->call == answer->call
                && callback->kind->type == (answer->type & ~NAPIPC_REPLY))
            break;
    return callback;
}

bool callback_lost_client(const struct callback *callback, const struct napipc_message *answer)
{
    return !callback->abandoned && server_gone(answer->status);
}

void callback_answered(struct engine *engine, struct engine_session *session,
        struct callback *callback, const struct napipc_message *answer)
{
    bool has_slot = callback->queue != NULL;
    struct callback **link;

    if (has_slot)
        restart_others(engine, session, callback);
    for (link = &session->callbacks; *link != callback; link = &(*link)->next)
        ;
    *link = callback->next;
    if (has_slot)
        free_slot(engine, session, callback);
    if (!callback->abandoned)
        callback->kind->answered(engine, session, callback, answer);
    callback_free(callback);
    if (has_slot)
        slots_run(engine, session);
}

static void log_late(
        struct engine *engine, struct engine_session *session, const struct callback *callback)
{
    bool hangs = callback->kind->waited_for;

    if (hangs && session->hangs)
        return; /* logged already */
    engine_log(engine, ENGINE_WARN, session->component->info.id, "callback-late",
            "process %u has not returned from %s within %u ms%s",
            (unsigned int)engine->host.process_id(engine->context, session->client),
            callback->kind->name, (unsigned int)callback->allowed,
            hangs ? "; until it does it is not asked for its SoH, and statements of health have its "
                    "cached one or none"
                  : "");
    session->hangs = hangs || session->hangs;
}

bool callback_run_timers(struct engine *engine, struct engine_session *session, uint64_t now)
{
    struct callback *callback;
    bool late = false;

    for (callback = session->callbacks; callback; callback = callback->next)
        if (!callback->late && callback->deadline <= now)
        {
            callback->late = late = true;
            log_late(engine, session, callback);
            if (callback->kind->late)
                callback->kind->late(engine, callback);
        }
    if (late && session->component->kind == NAPIPC_HEALTH_AGENT && leaves_callbacks(session))
        give_up(engine, session);
    return late;
}

uint64_t callback_next_deadline(const struct engine_session *session)
{
    const struct callback *callback;
    uint64_t next = UINT64_MAX;

    for (callback = session->callbacks; callback; callback = callback->next)
        if (!callback->late && callback->deadline < next)
            next = callback->deadline;
    return next;
}

void callback_abandon_all(struct engine *engine, struct engine_session *session)
{
    struct callback *callback, *next;

    session->hangs = session->skipped = false;
    for (callback = session->callbacks; callback; callback = callback->next)
    {
        callback->late = callback->abandoned = true;
        if (callback->kind->gone)
            callback->kind->gone(engine, callback);
    }
    for (callback = slots_take_waiting(session, true); callback; callback = next)
    {
        next = callback->next;
        if (callback->kind->gone)
            callback->kind->gone(engine, callback);
        callback_free(callback);
    }
}

void callback_destroy_all(struct engine_session *session)
{
    struct callback *callback;

    while ((callback = session->callbacks))
    {
        session->callbacks = callback->next;
        callback_free(callback);
    }
    slots_destroy(session);
}
