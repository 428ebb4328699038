/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The listener: a thread with LISTENERS instances of the pipe that wait for clients.
 *
 * An instance that has a client is handed over to the server, and a new one is created. The
 * instances listen by events, not by the server's completion port, so that the server can choose a
 * port when it knows the client's process.
 */
#ifndef WINE_NAP_PIPESERVER_LISTENER_H
#define WINE_NAP_PIPESERVER_LISTENER_H

#include <windows.h>

struct listener;

/* Creates the first instance of the pipe `name`, which must live as long; clients may connect from
 * now on. Returns a Win32 error, ERROR_PIPE_BUSY if another process has the pipe's name. Each
 * connected instance is posted to `port` with `key`. The number of bytes is its handle, which the
 * receiver closes. `arriving` counts those posted; the receiver takes each off when it is read.
 * With too many the next ones wait. */
DWORD listener_create(struct listener **listener, const WCHAR *name, HANDLE port, ULONG_PTR key,
        volatile LONG *arriving);
/* Takes NULL. No instance listens any more, but the port may still have posted ones. */
void listener_destroy(struct listener *listener);

#endif
