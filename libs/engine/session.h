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

/* Sends `message` to the client of `session`. False: it does not fit a frame. */
bool session_send(struct engine *engine, struct engine_session *session,
        const struct napipc_message *message);
/* Ends what host.begin_changes() began: stores it all if nothing has failed so far. An HRESULT. */
uint32_t store_end(struct engine *engine, uint32_t status);
/* Answers `request` with a bare status. */
void session_answer(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, uint32_t status);

/* The bound sessions, by the ids of their components; *place is at first engine->components. NULL:
 * there are no more. Whoever is not bound has no connections and no timers. */
struct engine_session *session_bound(struct component **place);
/* Why the session may not use its binding as one of that kind, or RESULT_OK. */
uint32_t session_usable(const struct engine_session *session, uint32_t kind);

/*
 * Handles one request. What the table of messages says that it needs is so. `reply` has its header,
 * with RESULT_OK. The result is the status of the answer; on failure nothing else of the reply is
 * sent. HANDLER_ANSWERS: the handler has sent the reply itself, or will.
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
