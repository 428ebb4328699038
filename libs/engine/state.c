/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The state of the agent: reading it and watching it. A watcher is notified that something has
 * changed, and then reads the state.
 *
 * While somebody watches, a digest of all that GET_STATE and the lists return is compared after
 * each event. So no change can be missed, and without watchers there is no cost.
 */
#include "libs/engine/state.h"

#include <string.h>

#include "libs/engine/isolation.h"
#include "libs/engine/notification.h"
#include "libs/engine/session.h"

static uint64_t add_u64(uint64_t digest, uint64_t value)
{
    return digest_add(digest, &value, sizeof(value));
}

static uint64_t add_codes(uint64_t digest, const uint32_t *codes, uint16_t count)
{
    return digest_add(add_u64(digest, count), codes, count * sizeof(*codes));
}

static uint64_t add_health(uint64_t digest, const struct napipc_health *health)
{
    const struct napipc_fixup *fixup = &health->fixup;

    digest = add_u64(digest, health->fixup_known | health->judged << 1
                                     | health->failure_category << 8 | fixup->percentage << 16);
    digest = add_u64(digest, (uint64_t)fixup->state << 32 | fixup->message_id);
    digest = add_codes(digest, fixup->codes, fixup->code_count);
    return add_codes(digest, health->codes, health->code_count);
}

/* The texts of a registration change only together with its date. */
static uint64_t add_component(uint64_t digest, const struct component *component)
{
    digest = add_u64(digest, (uint64_t)component->kind << 32 | component->info.id);
    digest = add_u64(digest, component->info.registration_date);
    digest = add_u64(digest, component->enabled | (component->bound != NULL) << 1);
    return add_health(digest, &component->health);
}

static uint64_t add_connection(uint64_t digest, const struct connection *connection)
{
    const struct decision *decision = &connection->decision;

    digest = add_u64(digest, (uint64_t)connection->number << 1 | connection->pending);
    digest = digest_add(digest, connection->id.bytes, sizeof(connection->id.bytes));
    digest = add_u64(digest, connection->correlation.time_stamp);
    digest = add_u64(digest, (uint64_t)decision->state << 32 | decision->extended_state);
    digest = add_u64(digest, decision->probation_end);
    return digest_add(digest, decision->url, (size_t)decision->url_length * 2);
}

static uint64_t state_digest(const struct engine *engine)
{
    uint64_t digest = add_u64(DIGEST_OF_NOTHING, engine->policy.decides);
    const struct engine_session *session;
    struct component *cursor = engine->components;
    const struct component *component;
    const struct connection *connection;

    for (component = engine->components; component; component = component->next)
        digest = add_component(digest, component);
    while ((session = session_bound(&cursor)))
        for (connection = session->connections; connection; connection = connection->next)
            digest = add_connection(digest, connection);
    return digest;
}

/* A session that has asked since the last change knows the state of engine->state_digest. */
static void compare(struct engine *engine)
{
    uint64_t digest = state_digest(engine);
    struct engine_session *session;

    if (digest == engine->state_digest)
        return;
    engine->state_digest = digest;
    for (session = engine->watchers; session; session = session->next_watcher)
        if (session->watches & NOTIFY_STATE && !session->state_notified)
        {
            session->state_notified = true;
            notification_add(engine, session, NOTIFY_STATE);
        }
}

static const struct notification_kind state_notification = {
        .what = NOTIFY_STATE,
        .type = NAPIPC_STATE_CHANGED,
};

uint32_t handle_watch_state(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    (void)request;
    (void)reply;
    compare(engine);
    if (!(session->watches & NOTIFY_STATE))
        engine->state_watchers++;
    notification_watch(engine, session, &state_notification);
    state_answered(engine, session);
    return RESULT_OK;
}

void state_unwatch(struct engine *engine, struct engine_session *session)
{
    if (session->watches & NOTIFY_STATE)
        engine->state_watchers--;
    notification_unwatch(engine, session, NOTIFY_STATE);
}

void state_answered(struct engine *engine, struct engine_session *session)
{
    if (!(session->watches & NOTIFY_STATE))
        return;
    compare(engine);
    notification_drop(engine, session, NOTIFY_STATE);
    session->state_notified = false;
}

void state_notify(struct engine *engine)
{
    if (engine->closing)
        return;
    if (engine->state_watchers)
        compare(engine);
    notification_send(engine);
}

uint32_t handle_get_state(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    struct napipc_get_state_reply *state = &reply->get_state_reply;
    const struct component *component;
    struct component *cursor = engine->components;
    const struct engine_session *other;
    const struct connection *connection;

    (void)request;
    state_answered(engine, session);
    memset(state, 0, sizeof(*state));
    isolation_describe_system(engine, &state->isolation, &state->unknown_connections);
    state->process_id = engine->settings.process_id;
    state->started = engine->started;
    state->group_policy = engine->policy.decides;
    for (component = engine->components; component; component = component->next)
    {
        if (component->kind == NAPIPC_HEALTH_AGENT)
            state->health_agents++;
        else
        {
            state->enforcement_clients++;
            state->enforcement_clients_enabled += component->enabled;
        }
    }
    while ((other = session_bound(&cursor)))
        for (connection = other->connections; connection; connection = connection->next)
            state->connections++;
    return RESULT_OK;
}
