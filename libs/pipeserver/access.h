/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rights of the clients of a pipe.
 */
#ifndef WINE_NAP_PIPESERVER_ACCESS_H
#define WINE_NAP_PIPESERVER_ACCESS_H

#include <stdbool.h>
#include <windows.h>

/* True if the client at the other end of the pipe is an administrator, and so is its process.
 * `process`, opened when the client connected, may be NULL: then it is none. */
bool client_is_administrator(HANDLE pipe, HANDLE process);

/* The part of that which needs no frame of the client: false if its process is no administrator's,
 * or NULL. */
bool process_is_administrator(HANDLE process);

#endif
