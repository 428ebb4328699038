/*
 * Callbacks: what the agent asks of bound clients.
 */
#ifndef WINE_NAP_ENGINE_CALLBACK_H
#define WINE_NAP_ENGINE_CALLBACK_H

#include "libs/engine/model.h"

const char *callback_name(uint16_t type);
/* Sends a callback; its type and what it is about are the caller's, all else is set here. */
void callback_start(struct engine *engine, struct engine_session *session,
    struct callback *callback);
void callback_free(struct callback *callback);
bool callback_outstanding(const struct engine_session *session, uint16_t type);
void callback_send(struct engine *engine, struct engine_session *session, uint16_t type);
/* Does the client leave so many callbacks unanswered that it may not bind again? */
bool callback_too_many(const struct engine_session *session);
/* Takes an answer. False: nobody asked. */
bool callback_answered(struct engine *engine, struct engine_session *session,
    const struct napipc_message *message);
void callback_run_timers(struct engine *engine, struct engine_session *session, uint64_t now);
uint64_t callback_next_deadline(const struct engine_session *session);
/* The binding goes: answers may still come, and are then ignored. */
void callback_abandon_all(struct engine *engine, struct engine_session *session);
void callback_destroy_all(struct engine_session *session);
/* No callback failed yet. */
void callback_reset_retries(struct engine_session *session);
/* Sends NotifySoHChange now, or as soon as the one that is out is answered or late. */
void callback_notify_soh_change(struct engine *engine, struct engine_session *session);
/* The same when the timers run next: who caused it has its answer first. */
void callback_notify_soon(struct engine *engine, struct engine_session *session);
/* The client has asked for an SoH: "it then must apply the change", so a failure that comes
 * later is a new one. */
void callback_soh_requested(struct engine_session *session);

#endif
