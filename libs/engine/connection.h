/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connections, as the agent knows them.
 */
#ifndef WINE_NAP_ENGINE_CONNECTION_H
#define WINE_NAP_ENGINE_CONNECTION_H

#include "libs/engine/model.h"

struct connection *connection_find(struct engine_session *session, struct napipc_blob data);
/* The same; logs a rejection if the connection belongs to another process. */
struct connection *connection_find_own(
        struct engine *engine, struct engine_session *session, struct napipc_blob data);
/* True if the pending exchange of the connection that `data` names predates the agent's restart. */
bool connection_is_of_before(struct engine_session *session, struct napipc_blob data);
/* The connection that `data` names. If there is none, it is added and *added set. Returns NULL at
 * capacity or on allocation failure. `object`, 0 or the client's name for its object, finds the
 * connection too until the client has shown that it knows the key. */
struct connection *connection_get(struct engine *engine, struct engine_session *session,
        struct napipc_blob data, uint64_t object, bool *added);
void parts_destroy(struct parts *parts);
void connection_destroy(struct connection *connection);
/* Takes it out of the session's list and destroys it. */
void connection_remove(struct engine_session *session, struct connection *connection);
/* Takes the connections that the client reports. Returns false on allocation failure: some are
 * missing. */
bool connection_report(struct engine *engine, struct engine_session *session,
        const struct napipc_get_connections_reply *report);
/* Writes the connection's PrivateData to `data`, which has CONNECTION_DATA_SIZE bytes. */
#define CONNECTION_DATA_SIZE 36
void connection_write_data(const struct connection *connection, uint8_t *data);

#endif
