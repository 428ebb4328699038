/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Callbacks: what the agent asks of bound clients.
 */
#ifndef WINE_NAP_ENGINE_CALLBACK_H
#define WINE_NAP_ENGINE_CALLBACK_H

#include "libs/engine/model.h"

/* What a callback asks, and what becomes of it. */
struct callback_kind
{
    uint16_t type;
    const char *name; /* of the method that the client calls, for the log */
    bool waited_for;  /* a client that is late with it hangs; it has the function `late` */
    /* Writes what the client is asked. NULL: no more than the type. */
    void (*describe)(const struct callback *callback, struct napipc_message *message);
    /* The client has answered. The callback is off all lists and is freed afterwards. */
    void (*answered)(struct engine *engine, struct engine_session *session,
            struct callback *callback, const struct napipc_message *answer);
    /* Its deadline has passed, or it was not even sent to a client that hangs. NULL: nothing is to
     * be done. */
    void (*late)(struct engine *engine, struct callback *callback);
    /* The binding has gone; an answer is ignored. NULL: nothing is to be done. */
    void (*gone)(struct engine *engine, struct callback *callback);
};

/* Sends a callback; its kind and what it is about are the caller's, all else is set here. */
void callback_start(
        struct engine *engine, struct engine_session *session, struct callback *callback);
void callback_free(struct callback *callback);
/* Asks an enforcement client. Returns false on allocation failure, which is logged. */
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
/* True: at least one callback has become late. */
bool callback_run_timers(struct engine *engine, struct engine_session *session, uint64_t now);
uint64_t callback_next_deadline(const struct engine_session *session);
/* The binding goes: answers may still come, and are then ignored. */
void callback_abandon_all(struct engine *engine, struct engine_session *session);
void callback_destroy_all(struct engine_session *session);

#endif
