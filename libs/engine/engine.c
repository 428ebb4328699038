/*
 * The engine's doors: life, sessions, frames in and out, timers. What a frame
 * asks for is done in the file of its noun.
 */
#include "libs/engine/internal.h"
#include "libs/engine/ras.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Without a delay a client that fails would be called without pause. */
static void use_default(uint32_t *setting, uint32_t otherwise)
{
    if (!*setting)
        *setting = otherwise;
}

struct engine *engine_create(const struct engine_host *host, void *context,
    const struct engine_machine *machine, const struct engine_settings *settings)
{
    struct engine *engine = calloc(1, sizeof(*engine));

    if (!engine)
        return NULL;
    engine->host = *host;
    engine->context = context;
    engine->machine = *machine;
    engine->machine.name[sizeof(engine->machine.name) - 1] = 0;
    engine->settings = *settings;
    use_default(&engine->settings.callback_deadline, NAPIPC_DEFAULT_CALLBACK_DEADLINE);
    use_default(&engine->settings.retry_delay, ENGINE_DEFAULT_RETRY_DELAY);
    use_default(&engine->settings.retry_delay_max, ENGINE_DEFAULT_RETRY_DELAY_MAX);
    if (engine->settings.retry_delay > engine->settings.retry_delay_max)
        engine->settings.retry_delay = engine->settings.retry_delay_max;
    engine->news_end = &engine->news;
    engine->soh_change_at = UINT64_MAX;
    engine->ras.poll_at = UINT64_MAX;
    engine->rras.next_id = engine->rras.reserved = 1;
    engine->started = host->filetime(context);
    engine->system.state = ISOLATION_NOT_RESTRICTED;
    return engine;
}

void engine_destroy(struct engine *engine)
{
    struct component *component;

    if (!engine)
        return;
    engine->closing = true;
    while (engine->sessions)
        engine_close_session(engine, engine->sessions);
    while ((component = engine->components))
    {
        engine->components = component->next;
        component_destroy(component);
    }
    ras_destroy_all(engine);
    hook_finish(engine);
    rras_finish(engine);
    interfaces_finish(engine);
    free(engine);
}

void engine_log(struct engine *engine, enum engine_level level, uint32_t component,
    const char *event, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    engine->host.log(engine->context, level, component, event, text);
}

bool bytes_copy(struct bytes *to, const void *data, size_t size)
{
    to->data = NULL;
    to->size = (uint32_t)size;
    if (size && !(to->data = malloc(size)))
        return false;
    if (size)
        memcpy(to->data, data, size);
    return true;
}

struct engine_session *engine_open_session(struct engine *engine, void *client)
{
    struct engine_session *session = calloc(1, sizeof(*session));

    if (!session)
        return NULL;
    session->client = client;
    callback_reset_retries(session);
    if ((session->next = engine->sessions))
        session->next->link = &session->next;
    session->link = &engine->sessions;
    engine->sessions = session;
    return session;
}

void engine_close_session(struct engine *engine, struct engine_session *session)
{
    session->paused = false; /* the host reads no more of it */
    news_begin(engine);
    ras_unwatch(engine, session);
    state_watch_end(engine, session);
    news_unwatch(engine, session, ~UINT32_C(0));
    session_lost(engine, session, "its process closed the connection or ended");
    callback_destroy_all(session);
    hook_forget_session(engine, session);
    if ((*session->link = session->next))
        session->next->link = session->link;
    free(session);
    ras_connections_changed(engine);
    state_watch_tell(engine);
}

bool session_send(struct engine *engine, struct engine_session *session,
    const struct napipc_message *message)
{
    size_t size;

    if (napipc_encode(message, engine->frame, sizeof(engine->frame), &size) != NAPIPC_OK)
    {
        engine_log(engine, ENGINE_ERROR, 0, "internal", "message %#x does not fit a frame",
            message->type);
        return false;
    }
    engine->host.send(engine->context, session->client, engine->frame, size);
    return true;
}

uint32_t store_end(struct engine *engine, uint32_t status)
{
    uint32_t stored = engine->host.end_changes(engine->context, !status);

    return status ? status : stored;
}

void session_answer(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request, uint32_t status)
{
    struct napipc_message reply;

    reply.type = request->type | NAPIPC_REPLY;
    reply.call = request->call;
    reply.status = status;
    session_send(engine, session, &reply);
}

/* A request whose whole answer is a status. */
static void answer_status(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request)
{
    uint32_t status;

    switch (request->type)
    {
    case NAPIPC_BIND:
        status = session_bind(engine, session, &request->bind);
        break;
    case NAPIPC_UNBIND:
        status = session->component ? RESULT_OK : RESULT_NOT_INITIALIZED;
        session_unbind(engine, session, "Uninitialize");
        break;
    case NAPIPC_CONNECTION_DOWN:
        status = session->component && session->component->kind == NAPIPC_ENFORCEMENT_CLIENT
                ? RESULT_OK
                : RESULT_NOT_INITIALIZED;
        connection_down(engine, session, request->connection_down.private_data);
        break;
    case NAPIPC_SOH_CHANGE_FAILURE:
        status = session_usable(session, NAPIPC_ENFORCEMENT_CLIENT);
        if (!status)
            callback_notify_later(engine, session);
        break;
    case NAPIPC_REGISTER:
        status = component_register(engine, session, &request->reg);
        break;
    case NAPIPC_UNREGISTER:
        status = component_unregister(engine, session, &request->component_id);
        break;
    case NAPIPC_SET_ENABLED:
        status = component_set_enabled(engine, session, &request->set_enabled);
        break;
    case NAPIPC_SOH_CHANGE:
        status = session_usable(session, NAPIPC_HEALTH_AGENT);
        if (!status)
            health_soh_changed(engine);
        break;
    case NAPIPC_FLUSH_CACHE:
        status = session_usable(session, NAPIPC_HEALTH_AGENT);
        if (!status)
            status = health_flush_cache(engine, session->component);
        break;
    case NAPIPC_WATCH:
        status = RESULT_OK;
        news_watch(engine, session, NEWS_ISOLATION);
        break;
    case NAPIPC_WATCH_STATE:
        status = RESULT_OK;
        state_watch_begin(engine, session);
        break;
    default:
        return;
    }
    session_answer(engine, session, request, status);
    /* Asked only now: the client must see its Initialize succeed before callbacks come. */
    if (request->type == NAPIPC_BIND && !status && request->bind.again
            && request->bind.kind == NAPIPC_ENFORCEMENT_CLIENT)
        callback_send(engine, session, NAPIPC_GET_CONNECTIONS);
}

static bool refuse(struct engine *engine, struct engine_session *session, const char *why)
{
    engine_log(engine, ENGINE_WARN, session->component ? session->component->info.id : 0,
        "refused-input", "process %u sent a bad frame (%s); its connection is closed",
        (unsigned int)engine->host.process_id(engine->context, session->client), why);
    return false;
}

static bool take(struct engine *engine, struct engine_session *session, const void *frame,
    size_t size)
{
    struct napipc_message message;
    uint16_t version;
    const char *why;

    switch (napipc_decode(frame, size, &message, &version, &why))
    {
    case NAPIPC_OK:
        break;
    case NAPIPC_BAD_VERSION:
    {
        uint8_t answer[NAPIPC_HEADER_SIZE];

        engine_log(engine, ENGINE_WARN, 0, "version",
            "process %u speaks protocol version %u, this agent version %u; "
            "install DLLs and agent of one release",
            (unsigned int)engine->host.process_id(engine->context, session->client), version,
            NAPIPC_VERSION);
        napipc_encode_refusal(RESULT_REVISION_MISMATCH, answer);
        engine->host.send(engine->context, session->client, answer, sizeof(answer));
        return false;
    }
    default:
        return refuse(engine, session, why);
    }

    switch (message.type)
    {
    case NAPIPC_SOH_REQUEST:
        gathering_begin(engine, session, &message);
        return true;
    case NAPIPC_SOH_RESPONSE:
        exchange_respond(engine, session, &message);
        return true;
    case NAPIPC_LIST_COMPONENTS:
        component_list(engine, session, &message);
        return true;
    case NAPIPC_LIST_CONNECTIONS:
        connection_list(engine, session, &message);
        return true;
    case NAPIPC_GET_STATE:
        state_watch_answered(engine, session);
        isolation_report(engine, session, &message);
        return true;
    case NAPIPC_RAS_LIST:
    case NAPIPC_RAS_GET:
    case NAPIPC_RAS_NAP_STATUS:
    case NAPIPC_RAS_ADD:
    case NAPIPC_RAS_REMOVE:
    case NAPIPC_RAS_HANG_UP:
    case NAPIPC_RAS_CLEAR:
    case NAPIPC_RAS_WATCH:
    case NAPIPC_RAS_GET_PATTERNS:
    case NAPIPC_RAS_SET_PATTERNS:
        ras_request(engine, session, &message);
        return true;
    case NAPIPC_RRAS_ADD:
    case NAPIPC_RRAS_UPDATE:
    case NAPIPC_RRAS_REMOVE:
    case NAPIPC_RRAS_LIST:
    case NAPIPC_RRAS_GET:
    case NAPIPC_RRAS_SET_SERVER:
    case NAPIPC_RRAS_GET_SERVER:
    case NAPIPC_RRAS_CLEAR_STATISTICS:
    case NAPIPC_RRAS_REMOVE_QUARANTINE:
    case NAPIPC_RRAS_DISCONNECT:
    case NAPIPC_RRAS_WATCH:
        rras_receive(engine, session, &message);
        return true;
    case NAPIPC_BIND:
    case NAPIPC_UNBIND:
    case NAPIPC_CONNECTION_DOWN:
    case NAPIPC_SOH_CHANGE_FAILURE:
    case NAPIPC_REGISTER:
    case NAPIPC_UNREGISTER:
    case NAPIPC_SET_ENABLED:
    case NAPIPC_WATCH:
    case NAPIPC_WATCH_STATE:
    case NAPIPC_SOH_CHANGE:
    case NAPIPC_FLUSH_CACHE:
        answer_status(engine, session, &message);
        return true;
    case NAPIPC_NOTIFY_SOH_CHANGE | NAPIPC_REPLY:
    case NAPIPC_GET_CONNECTIONS | NAPIPC_REPLY:
    case NAPIPC_AGENT_GET_SOH | NAPIPC_REPLY:
    case NAPIPC_AGENT_PROCESS_RESPONSE | NAPIPC_REPLY:
    case NAPIPC_AGENT_ISOLATION_CHANGED | NAPIPC_REPLY:
    case NAPIPC_AGENT_GET_FIXUP_INFO | NAPIPC_REPLY:
    case NAPIPC_AGENT_ORPHANED | NAPIPC_REPLY:
        if (callback_answered(engine, session, &message))
            return true;
        return refuse(engine, session, "an answer to a callback that was never asked");
    default:
        return refuse(engine, session, "a message that only the agent may send");
    }
}

bool engine_receive(struct engine *engine, struct engine_session *session, const void *frame,
    size_t size)
{
    bool taken;

    news_begin(engine);
    taken = take(engine, session, frame, size);
    ras_connections_changed(engine);
    state_watch_tell(engine);
    return taken;
}

uint64_t engine_next_deadline(const struct engine *engine)
{
    struct component *place = engine->components;
    const struct engine_session *session;
    uint64_t next = health_next_deadline(engine), end = isolation_next_probation_end(engine);

    if (engine->ras.poll_at < next)
        next = engine->ras.poll_at;
    if (engine->news)
        return 0;
    while ((session = session_bound(&place)))
    {
        uint64_t deadline = callback_next_deadline(session);

        if (deadline < next)
            next = deadline;
    }
    if (end != UINT64_MAX)
    {
        uint64_t now = engine->host.filetime(engine->context);
        /* The wall clock may be set: look again at least once a minute. */
        uint64_t wait = end > now ? (end - now + 9999) / 10000 : 0;
        uint64_t at = engine->host.monotonic(engine->context) + (wait < 60000 ? wait : 60000);

        if (at < next)
            next = at;
    }
    return next;
}

void engine_run_timers(struct engine *engine)
{
    uint64_t now = engine->host.monotonic(engine->context);
    struct component *place = engine->components;
    struct engine_session *session;

    news_begin(engine);
    news_send(engine);

    /* First: what is due of the callbacks as well is told once. */
    isolation_run_timers(engine, engine->host.filetime(engine->context));
    while ((session = session_bound(&place)))
        callback_run_timers(engine, session, now);
    health_run_timers(engine, now);
    ras_run_timers(engine, now);
    state_watch_tell(engine);
}
