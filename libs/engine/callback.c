/*
 * Callbacks: what the agent asks of a bound client. Each has a deadline. A
 * callback that misses it holds up nothing any more, neither other clients nor
 * the next callback to its own; its answer counts whenever it comes.
 */
#include "libs/engine/internal.h"

#include <stdlib.h>

/* Each may cost the client a thread that hangs. */
#define NOTIFY_UNANSWERED_MAX 4
#define UNANSWERED_MAX 16 /* of all bindings of a session */

static bool says_server_gone(uint32_t status)
{
    return status == RESULT_RPC_S_SERVER_UNAVAILABLE || status == RESULT_WIN32_SERVER_UNAVAILABLE
            || status == RESULT_RPC_E_DISCONNECTED || status == RESULT_RPC_E_SERVER_DIED
            || status == RESULT_RPC_E_SERVER_DIED_DNE || status == RESULT_CO_E_OBJNOTCONNECTED;
}

static const char *callback_name(uint16_t type)
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

void callback_notify_later(struct engine *engine, struct engine_session *session)
{
    call_later(engine, session, NAPIPC_NOTIFY_SOH_CHANGE);
}

struct callback *callback_ask(struct engine *engine, struct engine_session *session,
    struct napipc_message *message)
{
    struct callback *callback;

    if (session->component->kind == NAPIPC_HEALTH_AGENT && callback_too_many(session))
    {
        engine_log(engine, ENGINE_WARN, session->component->info.id, "callback-skipped",
            "%s is not called: too many callbacks are unanswered", callback_name(message->type));
        return NULL;
    }
    if (!(callback = calloc(1, sizeof(*callback))))
    {
        engine_log(engine, ENGINE_ERROR, session->component->info.id, "no-memory",
            "%s is not called: out of memory", callback_name(message->type));
        return NULL;
    }
    if (!++engine->last_call)
        engine->last_call = 1;
    callback->call = engine->last_call;
    callback->type = message->type;
    callback->allowed = session->component->kind == NAPIPC_HEALTH_AGENT
                    && engine->policy.agent_deadline
            ? engine->policy.agent_deadline
            : engine->settings.callback_deadline;
    callback->deadline = engine->host.monotonic(engine->context) + callback->allowed;
    callback->next = session->callbacks;
    session->callbacks = callback;

    message->call = callback->call;
    message->status = 0;
    session_send(engine, session, message);
    return callback;
}

void callback_send(struct engine *engine, struct engine_session *session, uint16_t type)
{
    struct napipc_message message;

    message.type = type;
    retry_of(session, type)->at = UINT64_MAX;
    if (!callback_ask(engine, session, &message))
        call_later(engine, session, type);
}

bool callback_outstanding(const struct engine_session *session, uint16_t type)
{
    const struct callback *callback;

    for (callback = session->callbacks; callback; callback = callback->next)
        if (callback->type == type && !callback->abandoned && !callback->late)
            return true;
    return false;
}

void callback_forget_gathering(struct engine *engine, const struct gathering *gathering)
{
    struct engine_session *session;
    struct callback *callback;

    for (session = engine->sessions; session; session = session->next)
        for (callback = session->callbacks; callback; callback = callback->next)
            if (callback->gathering == gathering)
            {
                callback->gathering = NULL;
                callback->part = NULL;
            }
}

/* An answer of a health agent, whose callback is off the list. */
static void agent_answered(struct engine *engine, struct engine_session *session,
    struct callback *callback, const struct napipc_message *message)
{
    const struct napipc_agent_get_soh_reply *reply = &message->agent_get_soh_reply;

    if (callback->type != NAPIPC_AGENT_GET_SOH)
        health_answered(engine, session, message);
    else if (callback->gathering)
        gathering_answered(engine, callback, message);
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
        count++;
    return count >= UNANSWERED_MAX;
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
        session_lost(engine, session, "its callback said that the server is gone");
    *link = callback->next;
    abandoned = callback->abandoned;
    if (!abandoned && session->component->kind == NAPIPC_HEALTH_AGENT)
    {
        agent_answered(engine, session, callback, message);
        abandoned = true;
    }
    free(callback);
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

void callback_run_timers(struct engine *engine, struct engine_session *session, uint64_t now)
{
    struct callback *callback;
    bool late = false;

    for (callback = session->callbacks; callback; callback = callback->next)
        if (!callback->late && callback->deadline <= now)
        {
            callback->late = late = true;
            engine_log(engine, ENGINE_WARN, session->component->info.id, "callback-late",
                "process %u has not returned from %s within %u ms",
                (unsigned int)engine->host.process_id(engine->context, session->client),
                callback_name(callback->type),
                (unsigned int)callback->allowed);
            if (callback->gathering)
                gathering_late(engine, callback);
        }
    if (late && session->component && session->component->kind == NAPIPC_HEALTH_AGENT)
        health_callback_late(engine, session);
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
    struct callback *callback;

    for (callback = session->callbacks; callback; callback = callback->next)
    {
        callback->late = callback->abandoned = true;
        if (callback->gathering)
            gathering_gone(engine, callback);
    }
}

void callback_destroy_all(struct engine_session *session)
{
    struct callback *callback;

    while ((callback = session->callbacks))
    {
        session->callbacks = callback->next;
        free(callback);
    }
}
