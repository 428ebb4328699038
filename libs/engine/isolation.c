/*
 * The isolation state: of one connection as its server decided, of the system
 * as the most restrictive of all connections that are up.
 */
#include "libs/engine/isolation.h"

#include <stdlib.h>
#include <string.h>

#include "libs/engine/enforcement.h"
#include "libs/engine/health.h"
#include "libs/engine/news.h"
#include "libs/engine/session.h"
#include "libs/engine/state_watch.h"

const char *isolation_name(uint32_t state)
{
    switch (state)
    {
    case ISOLATION_NOT_RESTRICTED:
        return "not restricted";
    case ISOLATION_IN_PROBATION:
        return "in probation";
    case ISOLATION_RESTRICTED:
        return "restricted access";
    default:
        return "unknown";
    }
}

void decision_clear(struct decision *decision)
{
    free(decision->url);
    memset(decision, 0, sizeof(*decision));
}

bool decision_set_url(struct decision *decision, const uint8_t *units, uint16_t length)
{
    uint8_t *copy = NULL;

    if (length)
    {
        if (!(copy = malloc((size_t)length * 2)))
            return false;
        memcpy(copy, units, (size_t)length * 2);
    }
    free(decision->url);
    decision->url = copy;
    decision->url_length = length;
    return true;
}

void decision_describe(const struct decision *decision, struct napipc_isolation *isolation)
{
    isolation->state = decision->state;
    isolation->extended_state = decision->extended_state;
    isolation->probation_end = decision->probation_end;
    isolation->failure_url.units = decision->url;
    isolation->failure_url.length = decision->url_length;
}

/* Is `one` to be shown for the system rather than `other`? */
static bool more_restrictive(const struct decision *one, const struct decision *other)
{
    if (one->state != other->state)
        return one->state > other->state;
    if (one->state == ISOLATION_IN_PROBATION && one->probation_end != other->probation_end)
        return one->probation_end - 1 < other->probation_end - 1; /* 0, no end, comes last */
    return one->extended_state > other->extended_state;
}

/* The state of the system: that of the connection which restricts it most. The URL stays the
 * connection's. *unknown: there are connections whose state is not known. */
static void system_state(const struct engine *engine, struct napipc_isolation *isolation,
    bool *unknown)
{
    static const struct decision not_restricted = {.state = ISOLATION_NOT_RESTRICTED};
    const struct decision *found = NULL;
    struct component *place = engine->components;
    const struct engine_session *session;
    const struct connection *connection;

    *unknown = false;
    while ((session = session_bound(&place)))
    {
        if (session_usable(session, NAPIPC_ENFORCEMENT_CLIENT))
            continue;
        for (connection = session->connections; connection; connection = connection->next)
        {
            if (connection->decision.state == ISOLATION_UNKNOWN)
                *unknown = true;
            else if (!found || more_restrictive(&connection->decision, found))
                found = &connection->decision;
        }
    }
    decision_describe(found ? found : &not_restricted, isolation);
}

void isolation_describe_system(struct engine *engine, struct napipc_isolation *isolation)
{
    bool unknown;

    system_state(engine, isolation, &unknown);
}

void isolation_update(struct engine *engine)
{
    struct napipc_isolation now;
    bool unknown;

    system_state(engine, &now, &unknown);
    if (now.state == engine->system.state && now.extended_state == engine->system.extended_state
            && now.probation_end == engine->system.probation_end)
        return;
    engine->system = now;
    engine->system.failure_url.units = NULL;
    engine->system.failure_url.length = 0;
    engine_log(engine, ENGINE_INFO, 0, "isolation", "the system is now: %s",
        isolation_name(now.state));
    news_tell(engine, NEWS_ISOLATION);
    health_isolation_changed(engine);
}

static void describe_news(struct engine *engine, struct engine_session *session,
    struct napipc_message *message)
{
    (void)session;
    isolation_describe_system(engine, &message->isolation_changed.isolation);
}

static const struct news_kind isolation_news = {
    .what = NEWS_ISOLATION,
    .type = NAPIPC_ISOLATION_CHANGED,
    .describe = describe_news,
};

uint32_t handle_watch(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request, struct napipc_message *reply)
{
    (void)request;
    (void)reply;
    news_watch(engine, session, &isolation_news);
    return RESULT_OK;
}

uint32_t handle_get_state(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request, struct napipc_message *reply)
{
    struct napipc_get_state_reply *state = &reply->get_state_reply;
    const struct component *component;
    struct component *place = engine->components;
    const struct engine_session *other;
    const struct connection *connection;

    (void)request;
    state_watch_answered(engine, session);
    memset(state, 0, sizeof(*state));
    system_state(engine, &state->isolation, &state->unknown_connections);
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
    while ((other = session_bound(&place)))
        for (connection = other->connections; connection; connection = connection->next)
            state->connections++;
    return RESULT_OK;
}

/* Does this connection wait for the end of its probation? */
static bool in_running_probation(const struct connection *connection)
{
    return connection->decision.state == ISOLATION_IN_PROBATION
            && connection->decision.probation_end && !connection->probation_over;
}

void isolation_run_timers(struct engine *engine, uint64_t filetime)
{
    struct component *place = engine->components;
    struct engine_session *session;
    struct connection *connection;

    while ((session = session_bound(&place)))
    {
        bool over = false;

        if (session_usable(session, NAPIPC_ENFORCEMENT_CLIENT))
            continue;
        for (connection = session->connections; connection; connection = connection->next)
            if (in_running_probation(connection)
                    && connection->decision.probation_end <= filetime)
                connection->probation_over = connection->retrigger = over = true;
        if (!over)
            continue;
        engine_log(engine, ENGINE_INFO, session->component->info.id, "probation-over",
            "a probation has ended; the enforcement client is told to ask again");
        enforcement_notify(engine, session);
    }
}

uint64_t isolation_next_probation_end(const struct engine *engine)
{
    const struct engine_session *session;
    struct component *place = engine->components;
    const struct connection *connection;
    uint64_t next = UINT64_MAX;

    while ((session = session_bound(&place)))
    {
        if (session_usable(session, NAPIPC_ENFORCEMENT_CLIENT))
            continue;
        for (connection = session->connections; connection; connection = connection->next)
            if (in_running_probation(connection) && connection->decision.probation_end < next)
                next = connection->decision.probation_end;
    }
    return next;
}
