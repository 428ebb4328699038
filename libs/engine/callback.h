/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Callbacks: calls from the agent to bound clients.
 */
#ifndef WINE_NAP_ENGINE_CALLBACK_H
#define WINE_NAP_ENGINE_CALLBACK_H

#include "libs/engine/model.h"

/* A kind of callback: its message, and what happens when it is answered, late or abandoned. */
struct callback_kind
{
    uint16_t type;
    const char *name; /* of the method that the client calls, for the log */
    bool waited_for;  /* requests wait for it: a client late with it hangs; has `late` */
    /* Writes the fields of the message. NULL: it has none. */
    void (*describe)(const struct callback *callback, struct napipc_message *message);
    /* The client has answered. The callback is off all lists and is freed afterwards. */
    void (*answered)(struct engine *engine, struct engine_session *session,
            struct callback *callback, const struct napipc_message *answer);
    /* Its deadline has passed, or it was never sent because the client hangs. NULL: do nothing. */
    void (*late)(struct engine *engine, struct callback *callback);
    /* The binding is gone; an answer is ignored. NULL: do nothing. */
    void (*gone)(struct engine *engine, struct callback *callback);
};

/* Sends a callback. The caller sets its kind and arguments; this sets everything else. */
void callback_start(
        struct engine *engine, struct engine_session *session, struct callback *callback);
void callback_free(struct callback *callback);
/* Calls an enforcement client. Returns false on allocation failure, which is logged. */
bool callback_send(
        struct engine *engine, struct engine_session *session, const struct callback_kind *kind);
/* Is one of that kind pending, and not late? */
bool callback_outstanding(const struct engine_session *session, const struct callback_kind *kind);
/* Does the client leave so many callbacks unanswered that it may not bind again? */
bool callback_too_many(const struct engine_session *session);
/* The callback that this message answers; NULL: none. */
struct callback *callback_find(
        const struct engine_session *session, const struct napipc_message *answer);
/* Does the answer say that the binding's client is gone? */
bool callback_lost_client(const struct callback *callback, const struct napipc_message *answer);
/* Takes the answer and frees the callback. */
void callback_answered(struct engine *engine, struct engine_session *session,
        struct callback *callback, const struct napipc_message *answer);
/* Returns true if at least one callback has become late. */
bool callback_run_timers(struct engine *engine, struct engine_session *session, uint64_t now);
uint64_t callback_next_deadline(const struct engine_session *session);
/* The binding ends: answers that still come are ignored. */
void callback_abandon_all(struct engine *engine, struct engine_session *session);
void callback_destroy_all(struct engine_session *session);

#endif
