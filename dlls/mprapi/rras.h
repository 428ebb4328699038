/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The remote access server of this machine, as programs administer it.
 *
 *   agent.c         asking the agent, which keeps the connections
 *   server.c        handles of servers; is it on, what is it
 *   connection.c    a connection as RAS_CONNECTION_0 .. 3 and RAS_CONNECTION_EX
 *   enumeration.c   lists in pages
 *   connections.c   MprAdminConnection*
 *   ports.c         MprAdminPort*
 *   notification.c  events that are set when connections come and go
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
 * Asks the agent; the result is a Win32 error, ERROR_DDM_NOT_RUNNING if it is not there or the
 * server side is off. The reply, which may be NULL, is set and to be cleared only on NO_ERROR.
 * One question of a process at a time, over a session that is kept.
 */
DWORD agent_ask(struct napipc_message *request, struct agent_reply *reply);
/* The same over a session of its own, for what may take long. Never asked twice. */
DWORD agent_act(struct napipc_message *request, struct agent_reply *reply);
/* Is a missing agent to be started? It is if the server side is on, unless it was stopped. */
bool agent_is_wanted(void);
DWORD agent_error(HRESULT hr);

/* ---- server.c ---- */

bool server_is_valid(HANDLE server);
/*
 * May the pointer be written through? It need not be aligned: 32-bit compilers of Windows put
 * structures with 64-bit members on multiples of 4, and others are packed.
 */
bool is_writable(void *pointer, SIZE_T size);

/* ---- connection.c ---- */

/* What a level of a function gives of an entry. */
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
/* The agent's id of a connection or port; 0: it cannot be one. */
uint32_t id_of_handle(HANDLE handle);
HANDLE handle_of_id(uint32_t id);

/* ---- enumeration.c ---- */

/* What the enumerating functions have in common; the pointers were checked, `resume` may be
 * NULL. */
DWORD enumerate(const struct layout *layout, BYTE **buffer, DWORD max_length, DWORD *read,
        DWORD *total, DWORD *resume);
/* One entry into a buffer of its own, or with `to` into that. ERROR_INTERFACE_NOT_CONNECTED:
 * there is no such connection. */
DWORD get_entry(const struct layout *layout, uint32_t id, BYTE **buffer, void *to);
/* Are the three pointers that receive a list writable? They are cleared then. */
bool clear_results(BYTE **buffer, DWORD *read, DWORD *total);

/* ---- notification.c ---- */

/* The handle of a server is closed: events registered with it go. */
void notification_forget_server(HANDLE server);

#endif
