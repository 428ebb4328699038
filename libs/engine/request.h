/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GetSoHRequests of enforcement clients.
 */
#ifndef WINE_NAP_ENGINE_REQUEST_H
#define WINE_NAP_ENGINE_REQUEST_H

#include "libs/engine/model.h"

/* The enforcement client's binding goes, or a connection of it (else NULL). */
void soh_request_cancel(struct engine *engine, const struct engine_session *session,
        const struct connection *connection);
/* The pending exchange gets no response any more: health agents are told. Does nothing if there is
 * none. */
void soh_request_orphan(struct engine *engine, struct engine_session *session,
        struct connection *connection, const char *why);

#endif
