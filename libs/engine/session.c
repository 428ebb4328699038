/*
 * What every file of the engine needs: the log, answers to clients, and who they are.
 */
#include "libs/engine/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/engine/internal.h"

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

void session_answer(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request, uint32_t status)
{
    struct napipc_message reply;

    reply.type = request->type | NAPIPC_REPLY;
    reply.call = request->call;
    reply.status = status;
    session_send(engine, session, &reply);
}

uint32_t store_end(struct engine *engine, uint32_t status)
{
    uint32_t stored = engine->host.end_changes(engine->context, !status);

    return status ? status : stored;
}
