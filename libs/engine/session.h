/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lowest floor of the engine: the log, answers to clients, and which of them are bound.
 */
#ifndef WINE_NAP_ENGINE_SESSION_H
#define WINE_NAP_ENGINE_SESSION_H

#include "libs/engine/model.h"
#include "libs/engine/results.h"

void engine_log(struct engine *engine, enum engine_level level, uint32_t component,
        const char *event, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Sends `message` to the client of `session`. Returns false if it does not fit a frame. */
bool session_send(struct engine *engine, struct engine_session *session,
        const struct napipc_message *message);
/* Ends what host.begin_changes() began: stores all of it if `status` is RESULT_OK. Returns `status`
 * if that is a failure, else the result of storing. */
uint32_t store_end(struct engine *engine, uint32_t status);
/* Sets the header of a reply to the request of that type and call. */
void session_reply_init(
        struct napipc_message *reply, uint16_t type, uint32_t call, uint32_t status);
/* Answers `request` with a bare status. */
void session_answer(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, uint32_t status);

/* Iterates over the bound sessions in the order of the engine's components. *cursor starts as
 * engine->components. Returns NULL at the end. A session that is not bound has no connections and
 * no timers. */
struct engine_session *session_bound(struct component **cursor);
/* Returns why the session may not act for a component of that kind, or RESULT_OK. */
uint32_t session_usable(const struct engine_session *session, uint32_t kind);

/*
 * Handles one request whose needs in the table of messages are met. `reply` has its header, with
 * RESULT_OK. Returns the status of the reply; on failure nothing else of the reply is sent.
 * HANDLER_ANSWERS: the handler has sent the reply itself, or will.
 */
typedef uint32_t request_handler(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply);
#define HANDLER_ANSWERS ((uint32_t)1)

/* The handlers that the table of messages names. */
#define HANDLER(name, number, needs, fields, reply_fields, handler) request_handler handler;
#define NO_HANDLER(...)
NAPIPC_MESSAGES(HANDLER, NO_HANDLER, NO_HANDLER)
#undef HANDLER
#undef NO_HANDLER

#endif
