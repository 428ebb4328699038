/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lowest floor of the engine: the log, answers to clients, and which of them are bound.
 */
#include "libs/engine/session.h"

#include <stdarg.h>
#include <stdio.h>

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

bool session_send(
        struct engine *engine, struct engine_session *session, const struct napipc_message *message)
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

void session_reply_init(struct napipc_message *reply, uint16_t type, uint32_t call, uint32_t status)
{
    reply->type = type | NAPIPC_REPLY;
    reply->call = call;
    reply->status = status;
}

void session_answer(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, uint32_t status)
{
    struct napipc_message reply;

    session_reply_init(&reply, request->type, request->call, status);
    session_send(engine, session, &reply);
}

uint32_t store_end(struct engine *engine, uint32_t status)
{
    uint32_t stored = engine->host.end_changes(engine->context, !status);

    return status ? status : stored;
}

struct engine_session *session_bound(struct component **cursor)
{
    struct engine_session *session = NULL;

    while (!session && *cursor)
    {
        session = (*cursor)->bound;
        *cursor = (*cursor)->next;
    }
    return session;
}

uint32_t session_usable(const struct engine_session *session, uint32_t kind)
{
    if (!session->component || session->component->kind != kind)
        return RESULT_NOT_INITIALIZED;
    if (!session->component->enabled)
        return RESULT_ENTITY_DISABLED;
    return RESULT_OK;
}
