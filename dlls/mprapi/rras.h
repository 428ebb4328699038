/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The remote access server of this machine, as programs administer it.
 *
 *   agent.c         requests to the agent, which has the list of connections
 *   handles.c       the handles that programs get
 *   server.c        servers: their names, state and properties
 *   layouts.c       a connection as RAS_CONNECTION_0 .. 3 and RAS_CONNECTION_EX
 *   enumeration.c   lists in pages
 *   connections.c   MprAdminConnection*
 *   ports.c         MprAdminPort*
 *   notification.c  events that are set when connections come and go
 *   config.c        the router configuration: connections, names of network adapters
 *   config_store.c  what is configured, in the registry
 *   config_transports.c, config_interfaces.c, config_interface_transports.c
 *                   MprConfigTransport*, MprConfigInterface*, MprConfigInterfaceTransport*
 *   ras_admin.c     the NT 4 redistributable's names
 */
#ifndef WINE_NAP_MPRAPI_RRAS_H
#define WINE_NAP_MPRAPI_RRAS_H

#include <stdbool.h>
#include <windows.h>
#include <mprapi.h>
#include <mprerror.h>
#include <raserror.h>

#include "libs/napclient/napclient.h"

/* ---- agent.c ---- */

/*
 * Sends a request to the agent. Returns a Win32 error: ERROR_DDM_NOT_RUNNING if the agent does not
 * run or the server side is off. The reply may be NULL; it is set only on NO_ERROR, and then the
 * caller clears it. A process has one session for all requests, and sends one at a time.
 */
DWORD agent_ask(struct napipc_message *request, struct agent_reply *reply);
/* The same in a session of its own, for requests that may take long. Never retried. */
DWORD agent_act(struct napipc_message *request, struct agent_reply *reply);
/* True if an agent that does not run is to be started: the server side is on, and the agent was not
 * stopped. */
bool should_start_agent(void);
DWORD agent_error(HRESULT hr);

/* ---- handles.c ---- */

/* All handles of one kind. Zeroed, it is empty; any thread may use it at any time. */
struct handle_set
{
    HANDLE *handles;
    DWORD count, capacity;
};

/* A new handle, never NULL nor one of another set; NULL: out of memory. */
HANDLE handle_create(struct handle_set *set);
bool handle_is_in(struct handle_set *set, HANDLE handle);
/* False if it was not in the set. */
bool handle_destroy(struct handle_set *set, HANDLE handle);

/* ---- server.c ---- */

bool server_is_valid(HANDLE server);
/* NO_ERROR, or ERROR_DDM_NOT_RUNNING if the agent does not run or the server side is off. */
DWORD server_runs(void);
#define SERVER_LEVELS 3
/* A new buffer with a MPR_SERVER_0, 1 or 2. */
DWORD server_get_info(DWORD level, BYTE **buffer);
/* True for NULL, "", and each name and address of this machine, with or without "\\\\" before it.
 */
bool is_this_machine(const WCHAR *name);
/*
 * True if `size` bytes at the pointer can be written. It need not be aligned: Windows' 32-bit
 * compilers align structures with 64-bit members to 4 bytes, and some structures are packed.
 */
bool is_writable(void *pointer, SIZE_T size);

/* ---- layouts.c ---- */

/* The structure that a function returns at one level. */
struct layout
{
    DWORD size;
    /* Fills zeroed memory. `now` is a FILETIME. */
    void (*fill)(void *to, const struct napipc_rras_entry *entry, uint64_t now);
};

#define CONNECTION_LEVELS 4
extern const struct layout connection_layouts[CONNECTION_LEVELS];
extern const struct layout connection_ex_layout;

/* Copies at most `size` - 1 units into zeroed memory. */
void copy_string(WCHAR *to, SIZE_T size, const struct napipc_string *string);
DWORD connected_seconds(const struct napipc_rras_entry *entry, uint64_t now);
uint64_t time_now(void);
/* The agent's id of a connection or port; 0 if the handle cannot be one. */
uint32_t id_of_handle(HANDLE handle);
HANDLE handle_of_id(uint32_t id);

/* ---- enumeration.c ---- */

/* The common part of the enumerating functions. The pointers were checked; `resume` may be NULL. */
DWORD enumerate(const struct layout *layout, BYTE **buffer, DWORD max_length, DWORD *read,
        DWORD *total, DWORD *resume);
/* Gets one entry, into a new *buffer, or into `to` if `buffer` is NULL.
 * ERROR_INTERFACE_NOT_CONNECTED: there is no such connection. */
DWORD get_entry(const struct layout *layout, uint32_t id, BYTE **buffer, void *to);
/* Clears the three outputs of a list. False: one of them is not writable. */
bool clear_results(BYTE **buffer, DWORD *read, DWORD *total);

/* ---- notification.c ---- */

/* Removes the events that are registered with a server's handle, when it is closed. */
void notification_forget_server(HANDLE server);

#endif
