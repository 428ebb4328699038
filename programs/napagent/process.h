/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The processes of the server's clients. Each is opened when its first connection comes and stays
 * open as long as it has one, so that its id cannot come to another process meanwhile. A process
 * has CONNECTIONS_MAX connections at most.
 */
#ifndef WINE_NAP_NAPAGENT_PROCESS_H
#define WINE_NAP_NAPAGENT_PROCESS_H

#include <stdbool.h>
#include <windows.h>

#define CONNECTIONS_MAX 256 /* of one process */
#define REFUSALS_MAX 8      /* connections beyond these that wait to be told so */

#define PROCESS_BUCKETS 256

struct client_process
{
    struct client_process *next; /* of its bucket */
    DWORD id;
    HANDLE handle; /* NULL: it could not be opened, and nothing else is known of it */
    unsigned int connections;
    bool said; /* in the log: it has too many */
};

struct processes
{
    struct client_process *buckets[PROCESS_BUCKETS];
};

/* The process at the other end of this pipe instance, with one connection more. NULL: no memory. */
struct client_process *process_enter(struct processes *processes, HANDLE pipe);
/* It has one connection less. Takes NULL. */
void process_leave(struct processes *processes, struct client_process *process);

/* access.c: may the client at the other end, which is of this process, change registrations? */
bool client_is_administrator(HANDLE pipe, const struct client_process *process);

#endif
