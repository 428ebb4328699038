/*
 * Callbacks: what the agent asks of a bound client. Each has a deadline. A
 * callback that misses it holds up nothing any more, neither other clients nor
 * the next callback to its own; its answer counts whenever it comes.
 *
 * A health agent's callbacks wait for one of its slots (slots.c). Its deadline
 * is for a call, not for the calls before it: those of a single-threaded health
 * agent wait for each other, so each answer gives those their time again that
 * were not over when it was asked. While a GetSoHRequest of it is late the health agent hangs: it is not
 * asked for SoHs, and nobody waits for it, until it has answered.
 */
#include "libs/engine/callback.h"

#include <stdlib.h>

#include "libs/engine/binding.h"
#include "libs/engine/connection.h"
#include "libs/engine/health.h"
#include "libs/engine/request.h"
#include "libs/engine/session.h"
#include "libs/engine/slots.h"

/* Each may cost the client a thread that hangs. */
#define NOTIFY_UNANSWERED_MAX 4
#define UNANSWERED_MAX 16 /* of all bindings of an enforcement client's session */

static bool says_server_gone(uint32_t status)
{
    return status == RESULT_RPC_S_SERVER_UNAVAILABLE || status == RESULT_WIN32_SERVER_UNAVAILABLE
            || status == RESULT_RPC_E_DISCONNECTED || status == RESULT_RPC_E_SERVER_DIED
            || status == RESULT_RPC_E_SERVER_DIED_DNE || status == RESULT_CO_E_OBJNOTCONNECTED;
}

const char *callback_name(uint16_t type)
{
    switch (type & ~NAPIPC_REPLY)
    {
    case NAPIPC_GET_CONNECTIONS:
        return "GetConnections";
    case NAPIPC_AGENT_GET_SOH:
        return "GetSoHRequest";
    case NAPIPC_AGENT_PROCESS_RESPONSE:
        return "ProcessSoHResponse";
    case NAPIPC_AGENT_ISOLATION_CHANGED:
        return "NotifySystemIsolationStateChange";
    case NAPIPC_AGENT_GET_FIXUP_INFO:
        return "GetFixupInfo";
    case NAPIPC_AGENT_ORPHANED:
        return "NotifyOrphanedSoHRequest";
    default:
        return "NotifySoHChange";
    }
}

static struct retry *retry_of(struct engine_session *session, uint16_t type)
{
    return type == NAPIPC_GET_CONNECTIONS ? &session->connections_retry : &session->notify_retry;
}

void callback_reset_retries(struct engine_session *session)
{
    session->notify_retry.at = session->connections_retry.at = UINT64_MAX;
    session->isolation_at = UINT64_MAX;
    session->notify_retry.delay = session->connections_retry.delay = 0;
}

/* The callback failed: again later, later each time. */
static void call_later(struct engine *engine, struct engine_session *session, uint16_t type)
{
    struct retry *retry = retry_of(session, type);
    uint32_t delay = retry->delay ? retry->delay : engine->settings.retry_delay;

    retry->at = engine->host.monotonic(engine->context) + delay;
    retry->delay = delay < engine->settings.retry_delay_max / 2 ? delay * 2
                                                                : engine->settings.retry_delay_max;
    engine_log(engine, ENGINE_INFO, session->component->info.id, "retry",
        "%s is called again in %u ms", callback_name(type), (unsigned int)delay);
}

uint32_t handle_soh_change_failure(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request, struct napipc_message *reply)
{
    (void)request;
    (void)reply;
    call_later(engine, session, NAPIPC_NOTIFY_SOH_CHANGE);
    return RESULT_OK;
}

void callback_free(struct callback *callback)
{
    free(callback->soh.data);
    free(callback);
}

void callback_start(struct engine *engine, struct engine_session *session,
    struct callback *callback)
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

    message.type = callback->type;
    message.call = callback->call;
    message.status = 0;
    if (callback->soh_request)
        soh_request_describe(callback, &message);
    else if (callback->queue)
        health_describe(callback, &message);
    session_send(engine, session, &message);
    free(callback->soh.data);
    callback->soh.data = NULL;
}

void callback_send(struct engine *engine, struct engine_session *session, uint16_t type)
{
    struct callback *callback = calloc(1, sizeof(*callback));

    retry_of(session, type)->at = UINT64_MAX;
    if (callback)
    {
        callback->type = type;
        callback->session = session;
        callback_start(engine, session, callback);
        return;
    }
    engine_log(engine, ENGINE_ERROR, session->component->info.id, "no-memory",
        "%s is not called: out of memory", callback_name(type));
    call_later(engine, session, type);
}

bool callback_outstanding(const struct engine_session *session, uint16_t type)
{
    const struct callback *callback;

    for (callback = session->callbacks; callback; callback = callback->next)
        if (callback->type == type && !callback->abandoned && !callback->late)
            return true;
    return slots_waiting(session, type);
}

/* ---- health agents that hang ---- */

/* Is a GetSoHRequest of it late, or does nothing that has a slot come back? */
static bool leaves_callbacks(const struct engine_session *session)
{
    const struct callback *callback;
    bool all_late = slots_full(session);

    for (callback = session->callbacks; callback; callback = callback->next)
    {
        if (callback->late && !callback->abandoned && callback->type == NAPIPC_AGENT_GET_SOH)
            return true;
        all_late = all_late && callback->late;
    }
    return all_late;
}

/* What waits for it goes on without it. */
static void give_up(struct engine *engine, struct engine_session *session)
{
    struct callback *callback, *next;

    session->hangs = true;
    for (callback = slots_take_waiting(session, NAPIPC_AGENT_GET_SOH); callback; callback = next)
    {
        next = callback->next;
        soh_request_late(engine, callback);
        callback_free(callback);
    }
}

/* The callback, which is off the list, was answered. */
static void free_slot(struct engine *engine, struct engine_session *session,
    struct callback *callback)
{
    slots_answered(session, callback);
    if (!session->hangs || leaves_callbacks(session))
        return;
    session->hangs = false;
    engine_log(engine, ENGINE_INFO, session->component->info.id, "callback-returned",
        "process %u has returned from its callbacks; it is asked again",
        (unsigned int)engine->host.process_id(engine->context, session->client));
}

/* The others may have waited for this one, in whatever order a single-threaded client takes them:
 * but not those whose time was over before it was sent. */
static void restart_others(struct engine *engine, struct engine_session *session,
    const struct callback *answered)
{
    uint64_t now = engine->host.monotonic(engine->context);
    struct callback *callback;

    for (callback = session->callbacks; callback; callback = callback->next)
        if (!callback->late && answered->began < callback->began + callback->allowed)
            callback->deadline = now + callback->allowed;
}

/* An answer of a health agent, whose callback is off the list. */
static void agent_answered(struct engine *engine, struct engine_session *session,
    struct callback *callback, const struct napipc_message *message)
{
    const struct napipc_agent_get_soh_reply *reply = &message->agent_get_soh_reply;

    if (callback->type != NAPIPC_AGENT_GET_SOH)
        health_answered(engine, session, message);
    else if (callback->soh_request)
        soh_request_answered(engine, callback, message);
    else if (!RESULT_FAILED(message->status) && reply->cache && reply->soh.size
            && health_soh_is_sound(reply->soh.data, reply->soh.size, session->component->info.id))
    {
        /* Too late for the exchange, but good for the next. */
        health_cache(engine, session->component, reply->soh.data, reply->soh.size);
        health_save_caches(engine);
    }
}

/* Must the next NotifySoHChange wait? For the one that is out, until that is late; and when the
 * client leaves many unanswered, for an answer to any of them. */
static bool notify_must_wait(const struct engine_session *session)
{
    const struct callback *callback;
    unsigned int count = 0;

    for (callback = session->callbacks; callback; callback = callback->next)
        if (callback->type == NAPIPC_NOTIFY_SOH_CHANGE && !callback->abandoned)
        {
            if (!callback->late)
                return true;
            count++;
        }
    return count >= NOTIFY_UNANSWERED_MAX;
}

void callback_notify_soh_change(struct engine *engine, struct engine_session *session)
{
    session->notify_retry.at = UINT64_MAX;
    session->notify_again = notify_must_wait(session);
    if (!session->notify_again)
    {
        session->notify_taken = false;
        callback_send(engine, session, NAPIPC_NOTIFY_SOH_CHANGE);
    }
}

void callback_notify_soon(struct engine *engine, struct engine_session *session)
{
    session->notify_retry.at = engine->host.monotonic(engine->context);
}

bool callback_too_many(const struct engine_session *session)
{
    const struct callback *callback;
    unsigned int count = 0;

    for (callback = session->callbacks; callback; callback = callback->next)
        count += !callback->queue;
    return count >= UNANSWERED_MAX || slots_full(session);
}

/* The next failure is the first again, once the change was taken and nothing more is due. */
static void notify_settle(struct engine_session *session)
{
    if (session->notify_taken && session->notify_retry.at == UINT64_MAX
            && !notify_must_wait(session))
        session->notify_retry.delay = 0;
}

void callback_soh_requested(struct engine_session *session)
{
    session->notify_taken = true;
    notify_settle(session);
}

bool callback_answered(struct engine *engine, struct engine_session *session,
    const struct napipc_message *message)
{
    uint16_t type = message->type & ~NAPIPC_REPLY;
    struct callback *callback, **link;
    bool abandoned;

    for (link = &session->callbacks; (callback = *link); link = &callback->next)
        if (callback->call == message->call && callback->type == type)
            break;
    if (!callback)
        return false;
    if (!callback->abandoned && says_server_gone(message->status))
        /* Settles what waits for this callback too. */
        binding_lost(engine, session, "its callback said that the server is gone");
    abandoned = callback->abandoned;
    if (callback->queue)
    {
        restart_others(engine, session, callback);
        *link = callback->next;
        free_slot(engine, session, callback);
        if (!abandoned)
            agent_answered(engine, session, callback, message);
        callback_free(callback);
        slots_run(engine, session);
        return true;
    }
    *link = callback->next;
    callback_free(callback);
    if (abandoned)
        return true;

    if (RESULT_FAILED(message->status))
    {
        engine_log(engine, ENGINE_WARN, session->component->info.id, "callback-failed",
            "%s returned %#x", callback_name(type), (unsigned int)message->status);
        if (retry_of(session, type)->at == UINT64_MAX)
            call_later(engine, session, type);
    }
    else if (type == NAPIPC_GET_CONNECTIONS)
    {
        if (!connection_report(engine, session, &message->get_connections_reply))
        {
            engine_log(engine, ENGINE_ERROR, session->component->info.id, "no-memory",
                "not all connections are known: out of memory");
            call_later(engine, session, type);
        }
    }
    else
        notify_settle(session);

    if (type == NAPIPC_NOTIFY_SOH_CHANGE && session->notify_again)
        callback_notify_soh_change(engine, session);
    return true;
}

static void say_late(struct engine *engine, struct engine_session *session,
    const struct callback *callback)
{
    bool hangs = callback->type == NAPIPC_AGENT_GET_SOH;

    if (hangs && session->hangs)
        return; /* it was said */
    engine_log(engine, ENGINE_WARN, session->component->info.id, "callback-late",
        "process %u has not returned from %s within %u ms%s",
        (unsigned int)engine->host.process_id(engine->context, session->client),
        callback_name(callback->type), (unsigned int)callback->allowed,
        hangs ? "; until it does it is not asked again, and statements of health have its cached "
                "SoH or none" : "");
    session->hangs = hangs || session->hangs;
}

void callback_run_timers(struct engine *engine, struct engine_session *session, uint64_t now)
{
    struct callback *callback;
    bool late = false;

    for (callback = session->callbacks; callback; callback = callback->next)
        if (!callback->late && callback->deadline <= now)
        {
            callback->late = late = true;
            say_late(engine, session, callback);
            if (callback->soh_request)
                soh_request_late(engine, callback);
        }
    if (late && session->component && session->component->kind == NAPIPC_HEALTH_AGENT)
    {
        if (leaves_callbacks(session))
            give_up(engine, session);
        health_callback_late(engine, session);
    }
    if (session->notify_retry.at <= now || (late && session->notify_again))
        callback_notify_soh_change(engine, session);
    if (session->connections_retry.at <= now)
        callback_send(engine, session, NAPIPC_GET_CONNECTIONS);
}

uint64_t callback_next_deadline(const struct engine_session *session)
{
    const struct callback *callback;
    uint64_t next = session->notify_retry.at;

    if (session->connections_retry.at < next)
        next = session->connections_retry.at;
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
        if (callback->soh_request)
            soh_request_gone(engine, callback);
    }
    for (callback = slots_take_waiting(session, 0); callback; callback = next)
    {
        next = callback->next;
        if (callback->soh_request)
            soh_request_gone(engine, callback);
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
