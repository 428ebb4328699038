/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The clients of the pipe server: each is one instance of the pipe, and what is on its way to and
 * from it. All but client_begin_read() and client_begin_write() is for the server's thread.
 */
#ifndef WINE_NAP_NAPAGENT_CLIENT_H
#define WINE_NAP_NAPAGENT_CLIENT_H

#include "programs/napagent/napagent.h"
#include "programs/napagent/process.h"

struct band;
struct crowd;

struct operation
{
    OVERLAPPED overlapped;
    struct client *client;
    /* of one of the crowd that has completed */
    struct operation *next;
    DWORD error;
    DWORD bytes;
};

/* A frame on its way to a client. */
struct outgoing
{
    struct outgoing *next;
    DWORD size;
    uint8_t bytes[];
};

/* Clients to be closed, the oldest first. */
struct doomed
{
    struct client *first, **end;
};

/* The clients of a server. */
struct clients
{
    struct engine *engine;
    HANDLE port; /* where operations complete, with `key`; those of the crowd do elsewhere */
    ULONG_PTR key;
    struct crowd *crowd;
    struct client *first;
    struct doomed doomed, doomed_crowd;
    struct processes processes;
    unsigned int direct;    /* that are not of the crowd */
    volatile LONG arriving; /* that the listener has handed over, and that are not read yet */
};

struct client
{
    struct client *next, **link; /* among the server's clients */
    struct clients *clients;
    HANDLE pipe; /* NULL: the band's thread has closed it */
    bool closed;
    bool arriving; /* it is counted as such; the band's thread's, once it begins the first read */
    struct client_process *process;
    HANDLE heap;              /* where it and its buffer are */
    struct band *band;        /* of the crowd; NULL: it is not one of the crowd */
    bool asked_administrator; /* `administrator` is known */
    bool administrator;
    unsigned int under_way; /* operations */
    bool rejected;          /* its process has too many: its first question is answered so */
    const char *doomed;     /* why it is to be closed, "": it has gone by itself; or NULL */
    struct client *next_doomed;
    struct engine_session *session;
    struct operation read;
    struct operation write;
    uint8_t *buffer;
    size_t received;
    size_t capacity;
    struct outgoing *queue; /* the first is being written */
    struct outgoing **queue_end;
    size_t queued;         /* bytes */
    bool waits_to_be_read; /* it is to read answers before it is read again */
    uint64_t memory[];     /* of its session */
};

void clients_init(struct clients *clients, struct engine *engine, struct crowd *crowd, HANDLE port,
        ULONG_PTR key);
/* This instance of the pipe has got a client; it is theirs to close. */
void clients_connected(struct clients *clients, HANDLE pipe);
void clients_completed(struct operation *operation, DWORD error, DWORD bytes);
/* Are there clients to be closed? */
bool clients_doomed(const struct clients *clients);
/* Closes some of those that are to be closed, those of the crowd last; a client without pending
 * operations is freed. */
void clients_sweep(struct clients *clients);
/* Closes all of them. A client with pending operations is freed when they have completed. */
void clients_close(struct clients *clients);

/* Sends a frame, as soon as the client has read those before it. */
void client_send(struct client *client, const void *bytes, size_t size);
/* What the engine's take_more does: the client is read again. */
void client_take_more(struct client *client);
/* Begins to read what the client says next, or to write the first frame of its queue; from any
 * thread. False: it has gone. */
bool client_begin_read(struct client *client);
bool client_begin_write(struct client *client);
/* Its first read has begun, or never will. */
void client_has_arrived(struct client *client);

/* What the engine asks of its host; `context` is the server, a client is a struct client. */
extern const struct engine_host engine_host;

/* What the engine's run_hook does, in server.c: as hooks_run() of hook.h. */
HRESULT server_run_hook(
        struct server *server, uint32_t number, const char *const *arguments, unsigned int count);
/* Its run_dialer and end_run: as hooks_run_dialer() and hooks_end(). */
HRESULT server_run_dialer(struct server *server, uint32_t number, const char *const *arguments,
        unsigned int count, const void *input, size_t input_size);
void server_end_run(struct server *server, uint32_t number);

#endif
