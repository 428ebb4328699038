/*
 * A client of the pipe server: one instance of the pipe, and what is on its way
 * to and from it. server.c makes and frees it; host.c sends to it.
 */
#ifndef WINE_NAP_NAPAGENT_CLIENT_H
#define WINE_NAP_NAPAGENT_CLIENT_H

#include "programs/napagent/napagent.h"
#include "programs/napagent/process.h"

struct server;

enum operation_kind
{
    OPERATION_CONNECT,
    OPERATION_READ,
    OPERATION_WRITE
};

struct operation
{
    OVERLAPPED overlapped;
    enum operation_kind kind;
    bool failed; /* the reader could not begin it */
    struct client *client;
};

/* A frame on its way to a client. */
struct outgoing
{
    struct outgoing *next;
    DWORD size;
    uint8_t bytes[];
};

struct client
{
    struct client *next, **link; /* among the server's clients */
    struct server *server;
    HANDLE pipe; /* NULL: closed */
    struct client_process *process; /* NULL: nobody is connected yet */
    bool asked_administrator; /* `administrator` is known */
    bool administrator;
    unsigned int under_way; /* operations */
    bool listening;
    bool crowded; /* its process has others: the reader begins its reads */
    bool refused; /* its process has too many: its first question is answered so */
    const char *doomed; /* why it is to be closed, "": it has gone by itself; or NULL */
    struct client *next_doomed;
    struct engine_session *session;
    struct operation read; /* connect too */
    struct operation write;
    uint8_t *buffer;
    size_t received;
    size_t capacity;
    struct outgoing *queue; /* the first is being written */
    struct outgoing **queue_end;
    size_t queued;          /* bytes */
    bool waits_to_be_read;  /* it is to read answers before it is read again */
};

/* What the engine's take_more does, in server.c: the client is read again. */
void client_take_more(struct client *client);

/* Begins to read what the client says next. False: it has gone. For the reader, see reader.h. */
bool client_begin_read(struct client *client);

/* What the engine asks of its host; `context` is the server, a client is a struct client. */
extern const struct engine_host engine_host;

/* What the engine's run_hook does, in server.c: as hooks_run() of hook.h. */
HRESULT server_run_hook(struct server *server, uint32_t number, const char *const *arguments,
    unsigned int count);

/* It is closed after the event that is at work; `why` as in struct client. */
void client_doom(struct client *client, const char *why);
/* Starts to write the first frame of the queue. A client that has gone is doomed. */
void client_write_next(struct client *client);

#endif
