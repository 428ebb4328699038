/*
 * The reader: a thread that begins reads for the server.
 *
 * Under Wine an operation that fails is reported to the thread that began it, and each report costs
 * that thread some trips to Wine's server before it can wait for anything else. A process that ends
 * with hundreds of connections would keep the server's thread from everybody else so. The reads of
 * all connections but a process' first few are therefore begun by this thread; their completions come
 * to the server's port as all others do.
 */
#ifndef WINE_NAP_NAPAGENT_READER_H
#define WINE_NAP_NAPAGENT_READER_H

#include <stdbool.h>
#include <windows.h>

struct client;
struct reader;

/* `port` and `key`: where a read that could not begin is reported. NULL: no memory or thread. */
struct reader *reader_create(HANDLE port, ULONG_PTR key);
/* Takes NULL. No read may be waiting to begin. */
void reader_destroy(struct reader *reader);

/* Begins the client's read as soon as it can. client->read.operation comes to the port in any case,
 * with `failed` set if it did not begin. False: it will not come. */
bool reader_begin(struct reader *reader, struct client *client);
/* Takes the pipe away from the client: no read begins any more. */
HANDLE reader_take_pipe(struct reader *reader, struct client *client);

#endif
