/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the functions about connections share.
 *
 *   agent.c         asking the agent, errors
 *   connections.c   RasEnumConnections, RasGetSubEntryHandle
 *   status.c        RasGetConnectStatus, RasGetNapStatus, RasHangUp
 *   statistics.c    RasGet..., RasClear...Statistics
 *   projection.c    RasGetProjectionInfo, RasGetProjectionInfoEx
 *   notification.c  RasConnectionNotification
 */
#ifndef WINE_NAP_RASAPI32_CONNECTION_H
#define WINE_NAP_RASAPI32_CONNECTION_H

#include <windows.h>

#include "rasnap.h"
#include "libs/napclient/napclient.h"

/* The size of a structure that ends behind its last string, before later versions' members. */
#define ALIGN4(size) (((size) + 3) & ~(size_t)3)

/* Asks over the process's session; an agent that was not stopped in order is started. The result is
 * an error code; `reply`, which may be NULL, is set and to be cleared only on success. */
DWORD ask_agent(struct napipc_message *request, struct agent_reply *reply);
/* Asks something about one connection. ERROR_INVALID_HANDLE if it cannot be a handle of ours. */
DWORD ask_about(uint16_t type, HRASCONN connection, struct agent_reply *reply);
/* The error code that stands for an HRESULT of the agent's. */
DWORD error_of(HRESULT hr);

/* Calls `tell` for every connection that is up, by ascending handles, until it says false. */
DWORD list_connections(
        bool (*tell)(void *context, const struct napipc_ras_connection *connection), void *context);

/* Copies a string of the wire as WCHARs, cut to `size` of them with the terminator. */
void copy_wide(void *to, size_t size, const struct napipc_string *string);
/* The same in the process's code page, `size` in bytes. */
void copy_narrow(void *to, size_t size, const struct napipc_string *string);

#endif
