/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine's entry points: creation, destruction and the events. Each event begins with
 * notification_begin() and ends with settle(). A request is handled in the file of its noun.
 */
#include <stdlib.h>
#include <string.h>

#include "libs/engine/binding.h"
#include "libs/engine/callback.h"
#include "libs/engine/component.h"
#include "libs/engine/enforcement.h"
#include "libs/engine/group_policy.h"
#include "libs/engine/health.h"
#include "libs/engine/hook.h"
#include "libs/engine/interfaces.h"
#include "libs/engine/isolation.h"
#include "libs/engine/notification.h"
#include "libs/engine/ras/dial.h"
#include "libs/engine/ras/records.h"
#include "libs/engine/ras/sources.h"
#include "libs/engine/response.h"
#include "libs/engine/rras/table.h"
#include "libs/engine/session.h"
#include "libs/engine/state.h"
#include "libs/engine/validator.h"

/* A delay of 0 would retry a failing client without pause. */
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
    engine->to_notify_end = &engine->to_notify;
    engine->soh_change_at = UINT64_MAX;
    engine->ras.poll_at = UINT64_MAX;
    engine->rras.next_id = engine->rras.reserved = 1;
    engine->started = host->filetime(context);
    engine->system.state = ISOLATION_NOT_RESTRICTED;
    return engine;
}

void engine_stop(struct engine *engine)
{
    if (!engine)
        return;
    if (!engine->closing)
        dial_stop(engine);
    engine->closing = true;
    health_save_caches(engine);
}

void engine_destroy(struct engine *engine)
{
    struct component *component;

    if (!engine)
        return;
    engine_stop(engine);
    while (engine->sessions)
        engine_close_session(engine, engine->sessions);
    while ((component = engine->components))
    {
        engine->components = component->next;
        component_destroy(component);
    }
    dial_finish(engine);
    validators_destroy(engine);
    ras_destroy_all(engine);
    hook_finish(engine);
    rras_finish(engine);
    interfaces_finish(engine);
    free(engine);
}

_Static_assert(_Alignof(struct engine_session) <= _Alignof(uint64_t), "as engine.h says");

size_t engine_session_size(void)
{
    return sizeof(struct engine_session);
}

struct engine_session *engine_open_session(struct engine *engine, void *client, void *memory)
{
    struct engine_session *session = memory;

    memset(session, 0, sizeof(*session));
    session->client = client;
    enforcement_reset(session);
    health_reset(session);
    if ((session->next = engine->sessions))
        session->next->link = &session->next;
    session->link = &engine->sessions;
    engine->sessions = session;
    return session;
}

/* Ends every event. The requester already has its reply. What follows from the event comes in this
 * order, which programs can observe. */
static void settle(struct engine *engine)
{
    isolation_update(engine);
    response_distribute(engine);
    ras_connections_changed(engine);
    state_notify(engine);
}

void engine_close_session(struct engine *engine, struct engine_session *session)
{
    session->paused = false; /* the host no longer reads from it */
    notification_begin(engine);
    ras_unwatch(engine, session);
    state_unwatch(engine, session);
    notification_unwatch(engine, session, ~UINT32_C(0));
    binding_lost(engine, session, "its process closed the connection or ended");
    callback_destroy_all(session);
    hook_forget_session(engine, session);
    dial_forget_session(engine, session);
    if ((*session->link = session->next))
        session->next->link = session->link;
    settle(engine);
}

static bool reject(struct engine *engine, struct engine_session *session, const char *why)
{
    engine_log(engine, ENGINE_WARN, session->component ? session->component->info.id : 0,
            "refused-input", "process %u sent a bad frame (%s); its connection is closed",
            (unsigned int)engine->host.process_id(engine->context, session->client), why);
    return false;
}

/* Returns why the client may not send the request, or RESULT_OK. *lacks is the reason for the log,
 * or NULL. */
static uint32_t check_needs(struct engine *engine, struct engine_session *session,
        enum napipc_need needs, const struct napipc_message *request, const char **lacks)
{
    uint32_t kind = session->component ? session->component->kind : 0;

    *lacks = NULL;
    switch (needs)
    {
    case NAPIPC_NEEDS_NOTHING:
        return RESULT_OK;
    case NAPIPC_NEEDS_DIALED_OR_ADMINISTRATOR:
        if (dial_made(engine, request->ras_handle.handle))
            return RESULT_OK;
        /* fall through */
    case NAPIPC_NEEDS_ADMINISTRATOR:
        *lacks = "it has no administrator's rights";
        return engine->host.is_administrator(engine->context, session->client)
                       ? RESULT_OK
                       : RESULT_ACCESSDENIED;
    case NAPIPC_NEEDS_BINDING:
        *lacks = "it is not bound to a component";
        return kind ? RESULT_OK : RESULT_NOT_INITIALIZED;
    case NAPIPC_NEEDS_ENFORCEMENT_BINDING:
    case NAPIPC_NEEDS_ENFORCEMENT_CLIENT:
        *lacks = "it is not bound to an enforcement client";
        if (kind != NAPIPC_ENFORCEMENT_CLIENT)
            return RESULT_NOT_INITIALIZED;
        break;
    case NAPIPC_NEEDS_HEALTH_BINDING:
    case NAPIPC_NEEDS_HEALTH_AGENT:
        *lacks = "it is not bound to a health agent";
        if (kind != NAPIPC_HEALTH_AGENT)
            return RESULT_NOT_INITIALIZED;
        break;
    }
    *lacks = NULL;
    if ((needs == NAPIPC_NEEDS_ENFORCEMENT_CLIENT || needs == NAPIPC_NEEDS_HEALTH_AGENT)
            && !session->component->enabled)
        return RESULT_ENTITY_DISABLED;
    return RESULT_OK;
}

/* Indexed by message type. */
static request_handler *const handlers[] = {
#define HANDLED(name, number, needs, fields, reply_fields, handler) [number] = handler,
#define NOT_HANDLED(...)
        NAPIPC_MESSAGES(HANDLED, NOT_HANDLED, NOT_HANDLED)
#undef HANDLED
#undef NOT_HANDLED
};
_Static_assert(sizeof(handlers) / sizeof(*handlers)
                       <= 8 * sizeof(((struct engine_session *)NULL)->rejected),
        "a session has a bit for each type of request");

/* Checks rights first; then the handler checks the arguments, then the state. */
static void handle(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, const struct napipc_row *row)
{
    struct napipc_message reply;
    const char *lacks;
    uint32_t status;

    session_reply_init(&reply, request->type, request->call, RESULT_OK);
    status = check_needs(engine, session, row->needs, request, &lacks);
    if (!status)
    {
        lacks = NULL;
        status = handlers[request->type](engine, session, request, &reply);
    }
    /* Once for each type, so that repeated requests do not fill the log. */
    if (status && lacks && !(session->rejected[row->type / 64] & UINT64_C(1) << row->type % 64))
    {
        session->rejected[row->type / 64] |= UINT64_C(1) << row->type % 64;
        engine_log(engine, ENGINE_WARN, session->component ? session->component->info.id : 0,
                "refused-access", "process %u may not send %s: %s",
                (unsigned int)engine->host.process_id(engine->context, session->client), row->name,
                lacks);
    }
    if (status == HANDLER_ANSWERS)
        return;
    reply.status = status;
    session_send(engine, session, &reply);
}

static bool receive(
        struct engine *engine, struct engine_session *session, const void *frame, size_t size)
{
    const struct napipc_row *row;
    struct napipc_message message;
    struct callback *callback;
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
        return reject(engine, session, why);
    }

    row = napipc_row(message.type);
    if (!(message.type & NAPIPC_REPLY) && row->form == NAPIPC_REQUEST)
    {
        handle(engine, session, &message, row);
        return true;
    }
    if (row->form != NAPIPC_CALLBACK || !(message.type & NAPIPC_REPLY))
        return reject(engine, session, "a message that only the agent may send");
    if (!(callback = callback_find(session, &message)))
        return reject(engine, session, "an answer to a callback that was never sent");
    if (callback_lost_client(callback, &message))
        /* Also settles what waits for this callback. */
        binding_lost(engine, session, "its callback reported that the server is gone");
    callback_answered(engine, session, callback, &message);
    return true;
}

bool engine_receive(
        struct engine *engine, struct engine_session *session, const void *frame, size_t size)
{
    bool accepted;

    notification_begin(engine);
    accepted = receive(engine, session, frame, size);
    settle(engine);
    return accepted;
}

static uint64_t earlier(uint64_t one, uint64_t other)
{
    return one < other ? one : other;
}

uint64_t engine_next_deadline(const struct engine *engine)
{
    struct component *cursor = engine->components;
    const struct engine_session *session;
    uint64_t next = health_next_deadline(engine), end = isolation_next_probation_end(engine);

    if (engine->to_notify)
        return 0;
    next = earlier(next, engine->ras.poll_at);
    next = earlier(next, dial_next_deadline(engine));
    while ((session = session_bound(&cursor)))
    {
        next = earlier(next, callback_next_deadline(session));
        next = earlier(next, enforcement_next_deadline(session));
    }
    if (end != UINT64_MAX)
    {
        uint64_t now = engine->host.filetime(engine->context);
        /* The wall clock may be changed: check again at least once a minute. */
        uint64_t wait = end > now ? (end - now + 9999) / 10000 : 0;
        uint64_t at = engine->host.monotonic(engine->context) + (wait < 60000 ? wait : 60000);

        next = earlier(next, at);
    }
    return next;
}

/* Runs the timers of a bound session. */
static void run_timers_of(struct engine *engine, struct engine_session *session, uint64_t now)
{
    bool late = callback_run_timers(engine, session, now);

    if (session->component->kind == NAPIPC_ENFORCEMENT_CLIENT)
        enforcement_run_timers(engine, session, now, late);
    else if (late)
        health_callback_late(engine, session);
}

void engine_run_timers(struct engine *engine)
{
    uint64_t now = engine->host.monotonic(engine->context);
    struct component *cursor = engine->components;
    struct engine_session *session;

    notification_begin(engine);
    notification_send(engine);

    /* First, so that an enforcement client whose retry is due as well is notified only once. */
    isolation_run_timers(engine, engine->host.filetime(engine->context));
    while ((session = session_bound(&cursor)))
        run_timers_of(engine, session, now);
    health_run_timers(engine, now);
    ras_run_timers(engine, now);
    dial_run_timers(engine, now);
    settle(engine);
}

void engine_set_group_policy(struct engine *engine, const struct engine_group_policy *policy)
{
    notification_begin(engine);
    group_policy_set(engine, policy);
    settle(engine);
}

void engine_hook_line(struct engine *engine, uint32_t number, const char *line)
{
    notification_begin(engine);
    hook_run_line(engine, number, line);
    settle(engine);
}

void engine_hook_ended(struct engine *engine, uint32_t number, uint32_t result, int exit_status)
{
    notification_begin(engine);
    hook_run_ended(engine, number, result, exit_status);
    settle(engine);
}
