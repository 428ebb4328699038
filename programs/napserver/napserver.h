/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * napserver: the service that asks the registered system health validators about a statement of
 * health.
 *
 *   main.c          the process (libs/service)
 *   server.c        the pipe and its clients, a thread for each
 *   validators.c    the registered validators, and one statement for all of them
 *   question.c      the statement, its deadline, the answers
 *   host.c          one validator: its process (libs/hostprocess) and its questions
 *   response.c      what the answers mean, and the SSoHR
 */
#ifndef WINE_NAP_NAPSERVER_NAPSERVER_H
#define WINE_NAP_NAPSERVER_NAPSERVER_H

#include <windows.h>

/* ---- server.c ---- */

/* Creates the pipe. Returns a Win32 error, ERROR_PIPE_BUSY if its name is taken. */
DWORD server_create(void);
/* Serves until server_stop(). */
void server_run(void);
/* Ends server_run(); may be called from any thread, more than once. */
void server_stop(void);
/* Ends the clients, then the validators. */
void server_destroy(void);

#endif
