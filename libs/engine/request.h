/*
 * GetSoHRequests of enforcement clients.
 */
#ifndef WINE_NAP_ENGINE_REQUEST_H
#define WINE_NAP_ENGINE_REQUEST_H

#include "libs/engine/model.h"

/* A health agent answered, or its deadline passed, or it went (no message). */
void soh_request_answered(struct engine *engine, struct callback *callback,
    const struct napipc_message *message);
void soh_request_late(struct engine *engine, struct callback *callback);
void soh_request_gone(struct engine *engine, struct callback *callback);
/* Writes what the health agent is asked. */
void soh_request_describe(struct callback *callback, struct napipc_message *message);
/* The enforcement client's binding goes, or a connection of it (else NULL). */
void soh_request_cancel(struct engine *engine, const struct engine_session *session,
    const struct connection *connection);
void parts_destroy(struct parts *parts);
/* The answer is not wanted any more: health agents are told. No harm if nothing is pending. */
void soh_request_orphan(struct engine *engine, struct engine_session *session,
    struct connection *connection, const char *why);

#endif
