/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bindings: a session that speaks for a registered, enabled component.
 *
 * A component has at most one binding: a second Initialize, by this process or another, fails
 * because the component is already initialized. What ends with a binding, or with one of its
 * connections, ends here.
 */
#include "libs/engine/binding.h"

#include "libs/engine/callback.h"
#include "libs/engine/component.h"
#include "libs/engine/connection.h"
#include "libs/engine/enforcement.h"
#include "libs/engine/health.h"
#include "libs/engine/request.h"
#include "libs/engine/session.h"

static uint32_t bind(
        struct engine *engine, struct engine_session *session, const struct napipc_bind *request)
{
    struct component *component = component_find(engine, request->kind, request->id);

    if (session->component)
        return RESULT_ALREADY_INITIALIZED;
    if (!component)
        return RESULT_NOT_REGISTERED;
    if (!component->enabled)
        return RESULT_ENTITY_DISABLED;
    if (component->bound)
        return RESULT_ALREADY_INITIALIZED;
    if (callback_too_many(session))
        return RESULT_OUTOFMEMORY;
    component->bound = session;
    session->component = component;
    session->rebound = request->again;
    engine_log(engine, ENGINE_INFO, request->id, "bound", "bound by process %u%s",
            (unsigned int)engine->host.process_id(engine->context, session->client),
            request->again ? ", again" : "");
    return RESULT_OK;
}

uint32_t handle_bind(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    uint32_t status = bind(engine, session, &request->bind);

    if (status || !request->bind.again || request->bind.kind != NAPIPC_ENFORCEMENT_CLIENT)
        return status;
    /* The client must see its Initialize succeed before it gets callbacks. */
    session_send(engine, session, reply);
    enforcement_ask_connections(engine, session);
    return HANDLER_ANSWERS;
}

/* `event`: for the log */
static void unbind(
        struct engine *engine, struct engine_session *session, const char *event, const char *why)
{
    struct connection *connection;

    if (!session->component)
        return;
    engine_log(engine, ENGINE_INFO, session->component->info.id, event,
            "process %u is no longer bound: %s",
            (unsigned int)engine->host.process_id(engine->context, session->client), why);
    soh_request_cancel(engine, session, NULL);
    while ((connection = session->connections))
    {
        session->connections = connection->next;
        soh_request_orphan(engine, session, connection, "the enforcement client has gone");
        connection_destroy(connection);
    }
    enforcement_reset(session);
    health_reset(session);
    session->component->bound = NULL;
    session->component = NULL;
    /* Last: a GetSoHRequest that waits for this health agent goes on without it. */
    callback_abandon_all(engine, session);
}

void binding_end(struct engine *engine, struct engine_session *session, const char *why)
{
    unbind(engine, session, "unbound", why);
}

uint32_t handle_unbind(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    (void)request;
    (void)reply;
    binding_end(engine, session, "Uninitialize");
    return RESULT_OK;
}

uint32_t handle_connection_down(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    struct connection *connection =
            connection_find_own(engine, session, request->connection_down.private_data);

    (void)reply;
    if (!connection)
        return RESULT_OK;
    soh_request_cancel(engine, session, connection);
    soh_request_orphan(engine, session, connection, "the connection went down");
    connection_remove(session, connection);
    return RESULT_OK;
}

void binding_lost(struct engine *engine, struct engine_session *session, const char *why)
{
    struct component *component = session->component;

    if (component && component->kind == NAPIPC_HEALTH_AGENT && !engine->closing)
    {
        health_cache(engine, component, NULL, 0);
        health_save_caches(engine);
    }
    unbind(engine, session, "lost", why);
}
