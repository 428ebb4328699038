/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the functions about connections share.
 *
 *   agent.c         requests to the agent, errors
 *   dialing.c       the connections that this process is dialing; see dialing.h
 *   connections.c   RasEnumConnections, RasGetSubEntryHandle
 *   hung_up.c       the connections that this process has hung up
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

/* The size of an older version of a structure: where its last string ends, rounded up. */
#define ALIGN4(size) (((size) + 3) & ~(size_t)3)

/* Sends a request in the process's session. Starts the agent unless it was stopped. Returns an
 * error code. `reply` may be NULL; it is set only on success, and then the caller clears it. */
DWORD ask_agent(struct napipc_message *request, struct agent_reply *reply);
/* Sends a request about one connection. ERROR_INVALID_HANDLE: the handle was never issued;
 * ERROR_NO_CONNECTION: it was, and the connection has ended. */
DWORD ask_about(uint16_t type, HRASCONN connection, struct agent_reply *reply);
/* NAPIPC_RAS_GET, with ERROR_NO_CONNECTION also for a known connection that is down. */
DWORD ask_active(HRASCONN connection, struct agent_reply *reply);
/* For functions that know no other error about a handle: ERROR_INVALID_HANDLE if the error is
 * ERROR_NO_CONNECTION. */
DWORD invalid_if_ended(DWORD error);
/* The error code for an HRESULT of the agent. */
DWORD error_of(HRESULT hr);

/* Calls `visit` for every connection that is up, and was not hung up by this process, by ascending
 * handle. If it returns false, stops with ERROR_NOT_ENOUGH_MEMORY. */
DWORD list_connections(bool (*visit)(void *context, const struct napipc_ras_connection *connection),
        void *context);

/* Remembers that this process has hung up the connection: it has ended for ask_about() and
 * list_connections(). */
void hung_up_add(uint32_t handle);
bool hung_up_has(uint32_t handle);
/* The connection has really ended. An administrator's entry has the same handle when it is up
 * again, and then it is another connection. */
void hung_up_remove(uint32_t handle);

/* Signals the events of the process's registrations for the end of that connection. */
void notify_hung_up(uint32_t handle);

/* Copies a string of the wire as WCHARs, cut to `size` of them including the terminator. */
void copy_wide(void *to, size_t size, const struct napipc_string *string);
/* The same in the process's code page, `size` in bytes. */
void copy_narrow(void *to, size_t size, const struct napipc_string *string);

#endif
