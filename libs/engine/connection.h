/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connections, as the agent knows them.
 */
#ifndef WINE_NAP_ENGINE_CONNECTION_H
#define WINE_NAP_ENGINE_CONNECTION_H

#include "libs/engine/model.h"

struct connection *connection_find(struct engine_session *session, struct napipc_blob data);
/* The same; a connection that is another process's is refused in the log. */
struct connection *connection_find_own(
        struct engine *engine, struct engine_session *session, struct napipc_blob data);
/* True if the pending exchange of the connection that `data` names predates the agent's restart. */
bool connection_is_of_before(struct engine_session *session, struct napipc_blob data);
/* The connection that `data` names, adopted or made if need be, as *added then says; NULL: there
 * is no place or memory for one more. `object`, 0 or what the client calls its object, finds the
 * connection too, as long as the client has not shown that it knows the key. */
struct connection *connection_get(struct engine *engine, struct engine_session *session,
        struct napipc_blob data, uint64_t object, bool *added);
void parts_destroy(struct parts *parts);
void connection_destroy(struct connection *connection);
/* Takes it out of the session's list and destroys it. */
void connection_remove(struct engine_session *session, struct connection *connection);
/* Returns false on allocation failure: not all that was reported was taken. */
bool connection_report(struct engine *engine, struct engine_session *session,
        const struct napipc_get_connections_reply *report);
/* What the connection is to carry as PrivateData; `data` has CONNECTION_DATA_SIZE bytes. */
#define CONNECTION_DATA_SIZE 36
void connection_write_data(const struct connection *connection, uint8_t *data);

#endif
