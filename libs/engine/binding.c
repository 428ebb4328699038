/*
 * Bindings: a session that speaks for a registered, enabled component.
 *
 * One component has at most one binding; a second Initialize, by this process
 * or another, is told that the component is initialized already.
 */
#include "libs/engine/internal.h"

uint32_t session_bind(struct engine *engine, struct engine_session *session,
    const struct napipc_bind *request)
{
    struct component *component = component_find(engine, request->kind, request->id);

    if (session->component)
        return RESULT_ALREADY_INITIALIZED;
    if (request->kind != NAPIPC_ENFORCEMENT_CLIENT)
        return RESULT_INVALIDARG;
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
    engine_log(engine, ENGINE_INFO, request->id, "bound", "bound by process %u%s",
        (unsigned int)engine->host.process_id(engine->context, session->client),
        request->again ? ", again" : "");
    return RESULT_OK;
}

void session_unbind(struct engine *engine, struct engine_session *session, const char *why)
{
    struct connection *connection;

    if (!session->component)
        return;
    engine_log(engine, ENGINE_INFO, session->component->info.id, "unbound",
        "process %u is no longer bound: %s",
        (unsigned int)engine->host.process_id(engine->context, session->client), why);
    while ((connection = session->connections))
    {
        session->connections = connection->next;
        exchange_orphan(engine, connection, "the enforcement client has gone");
        connection_destroy(connection);
    }
    callback_abandon_all(session);
    session->notify_again = false;
    callback_reset_retries(session);
    session->component->bound = NULL;
    session->component = NULL;
    isolation_update(engine);
}

uint32_t session_usable(const struct engine_session *session)
{
    if (!session->component)
        return RESULT_NOT_INITIALIZED;
    if (!session->component->enabled)
        return RESULT_ENTITY_DISABLED;
    return RESULT_OK;
}
