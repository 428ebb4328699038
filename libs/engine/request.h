/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GetSoHRequests of enforcement clients.
 */
#ifndef WINE_NAP_ENGINE_REQUEST_H
#define WINE_NAP_ENGINE_REQUEST_H

#include "libs/engine/model.h"

/* Fails the requests of an enforcement client whose binding ends, or those of one connection (NULL:
 * all). */
void soh_request_cancel(struct engine *engine, const struct engine_session *session,
        const struct connection *connection);
/* The pending exchange, if any, will get no response: notifies the health agents. */
void soh_request_orphan(struct engine *engine, struct engine_session *session,
        struct connection *connection, const char *why);

#endif
