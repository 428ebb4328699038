/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Callbacks to enforcement clients: NotifySoHChange and GetConnections. A failed callback is
 * retried with backoff.
 */
#include "libs/engine/enforcement.h"

#include "libs/engine/callback.h"
#include "libs/engine/connection.h"
#include "libs/engine/session.h"

#define NOTIFY_UNANSWERED_MAX 4 /* each may cost the client a hung thread */

static const struct callback_kind soh_change, get_connections;

static struct retry *retry_of(struct engine_session *session, const struct callback_kind *kind)
{
    return kind == &get_connections ? &session->connections_retry : &session->notify_retry;
}

void enforcement_reset(struct engine_session *session)
{
    session->notify_pending = false;
    session->soh_changes_notified = 0;
    session->notify_retry.at = session->connections_retry.at = UINT64_MAX;
    session->notify_retry.delay = session->connections_retry.delay = 0;
}

/* The callback failed: schedules a retry, each time after a longer delay. */
static void schedule_retry(
        struct engine *engine, struct engine_session *session, const struct callback_kind *kind)
{
    struct retry *retry = retry_of(session, kind);
    uint32_t delay = retry->delay ? retry->delay : engine->settings.retry_delay;

    retry->at = engine->host.monotonic(engine->context) + delay;
    retry->delay = delay < engine->settings.retry_delay_max / 2 ? delay * 2
                                                                : engine->settings.retry_delay_max;
    engine_log(engine, ENGINE_INFO, session->component->info.id, "retry", "%s is retried in %u ms",
            kind->name, (unsigned int)delay);
}

static void call(
        struct engine *engine, struct engine_session *session, const struct callback_kind *kind)
{
    retry_of(session, kind)->at = UINT64_MAX;
    if (!callback_send(engine, session, kind))
        schedule_retry(engine, session, kind);
}

static void failed(struct engine *engine, struct engine_session *session,
        const struct callback *callback, uint32_t status)
{
    engine_log(engine, ENGINE_WARN, session->component->info.id, "callback-failed",
            "%s returned %#x", callback->kind->name, (unsigned int)status);
    if (retry_of(session, callback->kind)->at == UINT64_MAX)
        schedule_retry(engine, session, callback->kind);
}

/* ---- GetConnections ---- */

static void connections_answered(struct engine *engine, struct engine_session *session,
        struct callback *callback, const struct napipc_message *answer)
{
    if (RESULT_FAILED(answer->status))
        failed(engine, session, callback, answer->status);
    else if (!connection_report(engine, session, &answer->get_connections_reply))
    {
        engine_log(engine, ENGINE_ERROR, session->component->info.id, "no-memory",
                "not all connections are known: out of memory");
        schedule_retry(engine, session, callback->kind);
    }
}

static const struct callback_kind get_connections = {
        .type = NAPIPC_GET_CONNECTIONS,
        .name = "GetConnections",
        .answered = connections_answered,
};

void enforcement_ask_connections(struct engine *engine, struct engine_session *session)
{
    call(engine, session, &get_connections);
}

/* ---- NotifySoHChange ---- */

/* Must the next NotifySoHChange wait? It waits for a pending one until that is late. If the client
 * leaves too many unanswered, it waits for an answer to one of them. */
static bool notify_must_wait(const struct engine_session *session)
{
    const struct callback *callback;
    unsigned int count = 0;

    for (callback = session->callbacks; callback; callback = callback->next)
        if (callback->kind == &soh_change && !callback->abandoned)
        {
            if (!callback->late)
                return true;
            count++;
        }
    return count >= NOTIFY_UNANSWERED_MAX;
}

void enforcement_notify(struct engine *engine, struct engine_session *session)
{
    session->notify_retry.at = UINT64_MAX;
    session->notify_pending = notify_must_wait(session);
    if (!session->notify_pending)
    {
        session->soh_requested = false;
        session->soh_changes_notified = engine->soh_changes;
        call(engine, session, &soh_change);
    }
}

void enforcement_soh_changed(struct engine *engine, struct engine_session *session)
{
    /* One that was sent after the last change is enough. */
    if (session->soh_changes_notified != engine->soh_changes)
        enforcement_notify(engine, session);
}

void enforcement_notify_soon(struct engine *engine, struct engine_session *session)
{
    session->notify_retry.at = engine->host.monotonic(engine->context);
}

/* Resets the backoff once the client has taken the change and nothing more is due. */
static void notify_settle(struct engine_session *session)
{
    if (session->soh_requested && session->notify_retry.at == UINT64_MAX
            && !notify_must_wait(session))
        session->notify_retry.delay = 0;
}

void enforcement_soh_requested(struct engine_session *session)
{
    session->soh_requested = true;
    notify_settle(session);
}

static void change_answered(struct engine *engine, struct engine_session *session,
        struct callback *callback, const struct napipc_message *answer)
{
    if (RESULT_FAILED(answer->status))
        failed(engine, session, callback, answer->status);
    else
        notify_settle(session);
    if (session->notify_pending)
        enforcement_notify(engine, session);
}

static const struct callback_kind soh_change = {
        .type = NAPIPC_NOTIFY_SOH_CHANGE,
        .name = "NotifySoHChange",
        .answered = change_answered,
};

uint32_t handle_soh_change_failure(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    (void)request;
    (void)reply;
    schedule_retry(engine, session, &soh_change);
    return RESULT_OK;
}

/* ---- timers ---- */

void enforcement_run_timers(
        struct engine *engine, struct engine_session *session, uint64_t now, bool late)
{
    if (session->notify_retry.at <= now || (late && session->notify_pending))
        enforcement_notify(engine, session);
    if (session->connections_retry.at <= now)
        call(engine, session, &get_connections);
}

uint64_t enforcement_next_deadline(const struct engine_session *session)
{
    return session->notify_retry.at < session->connections_retry.at ? session->notify_retry.at
                                                                    : session->connections_retry.at;
}
