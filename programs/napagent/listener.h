/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The listener: a thread with LISTENERS instances of the pipe that wait for clients.
 *
 * An instance that has got a client is handed over, and the next is made. The instances listen by
 * events, not by the server's completion port, so that the server can choose a port when it knows
 * whose connection it is.
 */
#ifndef WINE_NAP_NAPAGENT_LISTENER_H
#define WINE_NAP_NAPAGENT_LISTENER_H

#include <windows.h>

struct listener;

/* Makes the first instance; clients may connect from now on. A Win32 error, ERROR_PIPE_BUSY if
 * another process has the pipe's name. Each connected instance is posted to `port` with `key`; its
 * handle, which is the receiver's to close, is the number of bytes. */
DWORD listener_create(struct listener **listener, HANDLE port, ULONG_PTR key);
/* Takes NULL. No instance listens any more; what was posted before is still in the port. */
void listener_destroy(struct listener *listener);

#endif
