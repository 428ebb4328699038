/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The crowd: the many connections that nobody must wait for.
 *
 * The first connections of each process, and some more, complete their operations at the server's
 * own port. Those beyond are the crowd. Their operations complete at ports of the crowd's, where
 * threads take them and hand them to the server a few at a time, in turn with all that the server
 * does for others. So a process that ends with hundreds of connections delays nobody.
 *
 * The threads begin the crowd's reads too. Under Wine an operation that fails is reported to the
 * thread that began it: each report costs that thread some trips to Wine's server, and costs that
 * server a walk over the reports that still wait. A band of BAND_MAX connections has a thread of
 * its own, so that such a walk stays short. That thread closes pipes whose other end has gone, too.
 *
 * The crowd has a heap of its own, which goes when its last connection goes, so that its memory is
 * given back whole.
 */
#ifndef WINE_NAP_NAPAGENT_CROWD_H
#define WINE_NAP_NAPAGENT_CROWD_H

#include <stdbool.h>
#include <windows.h>

#define BAND_MAX 2048    /* connections */
#define CROWD_AT_ONCE 32 /* completions that the server takes before others have their turn */

struct band;
struct client;
struct crowd;
struct operation;

/* Posts `key` without OVERLAPPED to `port` when there are completions to take. NULL: no memory. */
struct crowd *crowd_create(HANDLE port, ULONG_PTR key);
/* Takes NULL. It must have no connection. */
void crowd_destroy(struct crowd *crowd);

/* One connection more: the band it belongs to, with whose heap, which only the server's thread
 * uses. NULL: no memory or thread. */
struct band *crowd_enter(struct crowd *crowd, HANDLE *heap);
/* It has one connection less: nothing of that is in the heap any more. */
void crowd_leave(struct crowd *crowd, struct band *band);

/* The pipe's operations complete at the band's port. False: no memory. */
bool crowd_join(struct band *band, HANDLE pipe);
/* Begins the client's read as soon as the band's thread can. It completes in any case. False: it
 * does not. */
bool crowd_begin_read(struct band *band, struct client *client);
/* Begins the client's write at once. False: the client has gone. */
bool crowd_begin_write(struct band *band, struct client *client);
/* Closes the client's pipe, if the band's thread has not done so. No operation begins any more. */
void crowd_close_pipe(struct band *band, struct client *client);

/* The operations that have completed and were not taken yet, at most CROWD_AT_ONCE, the first of a
 * list. If there are more, `key` is posted again. */
struct operation *crowd_take(struct crowd *crowd);

#endif
