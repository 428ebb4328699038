/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* exchange.c, for binding.c. */
#ifndef WINE_NAP_QAGENT_EXCHANGE_H
#define WINE_NAP_QAGENT_EXCHANGE_H

#include "qagent.h"

/*
 * The connection may be any object that implements the interface; only its
 * methods are used. Results are those of the methods of
 * INapEnforcementClientBinding. If the agent fails, the connection is unchanged.
 */
HRESULT exchange_get_soh_request(
        struct agent_link *link, INapEnforcementClientConnection *connection, BOOL *retrigger_hint);
HRESULT exchange_process_soh_response(
        struct agent_link *link, INapEnforcementClientConnection *connection);
HRESULT exchange_connection_down(
        struct agent_link *link, INapEnforcementClientConnection *connection);
/* Fills the reply to GetConnections; its pointers point into `reads`. */
struct connection_reading
{
    PrivateData *private_data;
    IsolationInfo *isolation;
};
void exchange_read_connections(const Connections *connections,
        struct napipc_get_connections_reply *reply, struct connection_reading *reads);
void exchange_free_readings(struct connection_reading *reads, unsigned int count);

#endif
