/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The processes of the server's clients. A process is opened at its first connection and stays open
 * as long as it has one, so that no other process gets its id meanwhile. A process may have
 * CONNECTIONS_MAX connections.
 */
#ifndef WINE_NAP_NAPAGENT_PROCESS_H
#define WINE_NAP_NAPAGENT_PROCESS_H

#include <stdbool.h>
#include <windows.h>

#define CONNECTIONS_MAX 256 /* of one process */
#define DIRECT_EACH 2       /* of one process, which are never of the crowd */
#define REJECTED_MAX 8      /* further connections whose first request is answered by an error */

#define PROCESS_BUCKETS 256

struct client;

struct client_process
{
    struct client_process *next; /* of its bucket */
    DWORD id;
    HANDLE handle; /* NULL: it could not be opened, so only its id is known */
    unsigned int connections;
    struct client *direct[DIRECT_EACH]; /* its connections that are never of the crowd, or NULL */
    bool logged;                        /* that it has too many connections */
};

struct processes
{
    struct client_process *buckets[PROCESS_BUCKETS];
};

/* Finds the process at the other end of the pipe, and counts a connection. NULL: no memory. */
struct client_process *process_enter(struct processes *processes, HANDLE pipe);
/* Counts one connection less. The last one frees the process. Takes NULL. */
void process_leave(struct processes *processes, struct client_process *process);
/* The client has no direct slot of its process any more, if it had one. */
void process_leave_slot(struct client_process *process, const struct client *client);

#endif
