/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The isolation state of the system: that of the most restricted connection.
 */
#include "libs/engine/isolation.h"

#include "libs/engine/decision.h"
#include "libs/engine/enforcement.h"
#include "libs/engine/health.h"
#include "libs/engine/notification.h"
#include "libs/engine/session.h"

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

/* Does `one` determine the state of the system rather than `other`? */
static bool more_restrictive(const struct decision *one, const struct decision *other)
{
    if (one->state != other->state)
        return one->state > other->state;
    if (one->state == ISOLATION_IN_PROBATION && one->probation_end != other->probation_end)
        return one->probation_end - 1 < other->probation_end - 1; /* 0, no end, comes last */
    return one->extended_state > other->extended_state;
}

/* The state of the most restricted connection, which keeps ownership of the URL. */
void isolation_describe_system(
        const struct engine *engine, struct napipc_isolation *isolation, bool *unknown)
{
    static const struct decision not_restricted = {.state = ISOLATION_NOT_RESTRICTED};
    const struct decision *found = NULL;
    struct component *cursor = engine->components;
    const struct engine_session *session;
    const struct connection *connection;

    *unknown = false;
    while ((session = session_bound(&cursor)))
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

void isolation_update(struct engine *engine)
{
    struct napipc_isolation now;
    bool unknown;

    isolation_describe_system(engine, &now, &unknown);
    if (now.state == engine->system.state && now.extended_state == engine->system.extended_state
            && now.probation_end == engine->system.probation_end)
        return;
    engine->system = now;
    engine->system.failure_url.units = NULL;
    engine->system.failure_url.length = 0;
    engine_log(engine, ENGINE_INFO, 0, "isolation", "the system is now: %s",
            isolation_name(now.state));
    notification_raise(engine, NOTIFY_ISOLATION);
    notification_send(engine); /* before the health agents */
    health_isolation_changed(engine);
}

static void describe_notification(
        struct engine *engine, struct engine_session *session, struct napipc_message *message)
{
    bool unknown;

    (void)session;
    isolation_describe_system(engine, &message->isolation_changed.isolation, &unknown);
}

static const struct notification_kind isolation_notification = {
        .what = NOTIFY_ISOLATION,
        .type = NAPIPC_ISOLATION_CHANGED,
        .describe = describe_notification,
};

uint32_t handle_watch(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    (void)request;
    (void)reply;
    notification_watch(engine, session, &isolation_notification);
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
    struct component *cursor = engine->components;
    struct engine_session *session;
    struct connection *connection;

    while ((session = session_bound(&cursor)))
    {
        bool over = false;

        if (session_usable(session, NAPIPC_ENFORCEMENT_CLIENT))
            continue;
        for (connection = session->connections; connection; connection = connection->next)
            if (in_running_probation(connection) && connection->decision.probation_end <= filetime)
                connection->probation_over = connection->retrigger = over = true;
        if (!over)
            continue;
        engine_log(engine, ENGINE_INFO, session->component->info.id, "probation-over",
                "a probation has ended; the enforcement client is notified to request an SoH");
        enforcement_notify(engine, session);
    }
}

uint64_t isolation_next_probation_end(const struct engine *engine)
{
    const struct engine_session *session;
    struct component *cursor = engine->components;
    const struct connection *connection;
    uint64_t next = UINT64_MAX;

    while ((session = session_bound(&cursor)))
    {
        if (session_usable(session, NAPIPC_ENFORCEMENT_CLIENT))
            continue;
        for (connection = session->connections; connection; connection = connection->next)
            if (in_running_probation(connection) && connection->decision.probation_end < next)
                next = connection->decision.probation_end;
    }
    return next;
}
