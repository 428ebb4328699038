/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The clients of the pipe server; see client.h. A client is freed when its handle is closed and no
 * operation of it is pending any more.
 */
#include "programs/napagent/client.h"

#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"
#include "programs/napagent/crowd.h"

#define QUEUE_LIMIT (1024 * 1024) /* bytes a client may leave unread */
#define ANSWERS_UNREAD 16384 /* bytes in the queue of a client with which the next is not read */
#define FIRST_CAPACITY 4096  /* of a client's read buffer, bytes; what grew is given back */
#define CROWD_CAPACITY 512   /* the same of one of the crowd */
#define DIRECT_MAX 16        /* clients with which all others are */
#define CLOSED_AT_ONCE 8     /* clients, before others have their turn again */

void clients_init(struct clients *clients, struct engine *engine, struct crowd *crowd, HANDLE port,
        ULONG_PTR key)
{
    clients->engine = engine;
    clients->crowd = crowd;
    clients->port = port;
    clients->key = key;
    clients->doomed.end = &clients->doomed.first;
    clients->doomed_crowd.end = &clients->doomed_crowd.first;
}

/* It is closed after the event that is at work. */
static void doom(struct client *client, const char *why)
{
    struct clients *clients = client->clients;
    struct doomed *doomed = client->band ? &clients->doomed_crowd : &clients->doomed;

    if (client->doomed)
        return;
    process_leave_slot(client->process, client);
    client->doomed = why;
    *doomed->end = client;
    doomed->end = &client->next_doomed;
}

static void close_client(struct client *client)
{
    if (client->closed)
        return;
    client->closed = true;
    if (client->session)
        engine_close_session(client->clients->engine, client->session);
    client->session = NULL;
    if (client->band)
    {
        crowd_close_pipe(client->band, client);
        return;
    }
    if (client->under_way)
        CancelIoEx(client->pipe, NULL);
    CloseHandle(client->pipe);
}

static void free_client(struct client *client)
{
    struct clients *clients = client->clients;
    struct band *band = client->band;
    struct outgoing *frame;

    if ((*client->link = client->next))
        client->next->link = client->link;
    process_leave(&clients->processes, client->process);
    while ((frame = client->queue))
    {
        client->queue = frame->next;
        free(frame);
    }
    if (client->buffer)
        HeapFree(client->heap, 0, client->buffer);
    HeapFree(client->heap, 0, client);
    if (band)
        crowd_leave(clients->crowd, band);
    else
        clients->direct--;
}

bool clients_doomed(const struct clients *clients)
{
    return clients->doomed.first || clients->doomed_crowd.first;
}

void clients_sweep(struct clients *clients)
{
    unsigned int i;

    for (i = 0; i < CLOSED_AT_ONCE && clients_doomed(clients); i++)
    {
        struct doomed *doomed = clients->doomed.first ? &clients->doomed : &clients->doomed_crowd;
        struct client *client = doomed->first;

        if (!(doomed->first = client->next_doomed))
            doomed->end = &doomed->first;
        if (*client->doomed)
            log_event(LOG_WARN, 0, "dropped", "process %lu loses its connection: %s",
                    client->process->id, client->doomed);
        close_client(client);
        if (!client->under_way)
            free_client(client);
    }
}

void clients_close(struct clients *clients)
{
    struct client *client, *next;

    for (client = clients->first; client; client = next)
    {
        next = client->next;
        close_client(client);
        if (!client->under_way)
            free_client(client);
    }
}

/* ---- what clients say ---- */

bool client_begin_read(struct client *client)
{
    return ReadFile(client->pipe, client->buffer + client->received,
                   (DWORD)(client->capacity - client->received), NULL, &client->read.overlapped)
           || GetLastError() == ERROR_IO_PENDING || GetLastError() == ERROR_MORE_DATA;
}

static size_t first_capacity(const struct client *client)
{
    return client->band ? CROWD_CAPACITY : FIRST_CAPACITY;
}

/* False: no memory. */
static bool resize(struct client *client, size_t capacity)
{
    uint8_t *buffer = client->buffer ? HeapReAlloc(client->heap, 0, client->buffer, capacity)
                                     : HeapAlloc(client->heap, 0, capacity);

    if (!buffer)
        return false;
    client->buffer = buffer;
    client->capacity = capacity;
    return true;
}

/* Reads the client's next request, unless the client must first read its answers or wait for them:
 * a client that sends requests without reading the answers must not keep the agent busy. */
static void read_next(struct client *client)
{
    client->waits_to_be_read = client->queued > ANSWERS_UNREAD;
    if (client->waits_to_be_read || (client->session && !engine_takes_more(client->session)))
        return;
    if (client->received == client->capacity)
    {
        size_t capacity = client->capacity ? client->capacity * 4 : first_capacity(client);

        if (client->capacity >= NAPIPC_MAX_FRAME)
        {
            doom(client, "its frame is too long");
            return;
        }
        if (!resize(client, capacity < NAPIPC_MAX_FRAME ? capacity : NAPIPC_MAX_FRAME))
        {
            doom(client, "there is no memory to read it");
            return;
        }
    }
    memset(&client->read.overlapped, 0, sizeof(client->read.overlapped));
    client->under_way++;
    if (!(client->band ? crowd_begin_read(client->band, client) : client_begin_read(client)))
    {
        client->under_way--;
        doom(client, "");
    }
}

void client_take_more(struct client *client)
{
    if (!client->closed && !client->doomed)
        read_next(client);
}

/* Its first question was answered by what the limit is; and that was all. */
static void answer_rejected(struct client *client)
{
    uint8_t answer[NAPIPC_HEADER_SIZE];

    napipc_encode_refusal((uint32_t)E_OUTOFMEMORY, answer);
    client_send(client, answer, sizeof(answer));
    doom(client, "");
}

static void was_read(struct client *client, DWORD error, DWORD bytes)
{
    client->received += bytes;
    if (error && error != ERROR_MORE_DATA)
    {
        doom(client, "");
        return;
    }
    if (!error)
    {
        if (client->rejected)
            answer_rejected(client);
        else if (!engine_receive(client->clients->engine, client->session, client->buffer,
                         client->received))
            doom(client, "");
        SecureZeroMemory(client->buffer, client->received); /* there may have been a password */
        client->received = 0;
        /* A long frame was handled: its memory is not kept for the next. */
        if (client->capacity > first_capacity(client))
            resize(client, first_capacity(client));
    }
    if (!client->doomed)
        read_next(client);
}

/* ---- what they are sent ---- */

bool client_begin_write(struct client *client)
{
    struct outgoing *frame = client->queue;

    return WriteFile(client->pipe, frame->bytes, frame->size, NULL, &client->write.overlapped)
           || GetLastError() == ERROR_IO_PENDING;
}

static void write_next(struct client *client)
{
    client->under_way++;
    memset(&client->write.overlapped, 0, sizeof(client->write.overlapped));
    if (!(client->band ? crowd_begin_write(client->band, client) : client_begin_write(client)))
    {
        client->under_way--;
        doom(client, ""); /* it has gone */
    }
}

void client_send(struct client *client, const void *bytes, size_t size)
{
    struct outgoing *frame;

    if (client->doomed)
        return;
    if (client->queued + size > QUEUE_LIMIT)
    {
        doom(client, "it does not read what it is sent");
        return;
    }
    if (!(frame = malloc(sizeof(*frame) + size)))
    {
        doom(client, "there is no memory to answer it");
        return;
    }
    frame->next = NULL;
    frame->size = (DWORD)size;
    memcpy(frame->bytes, bytes, size);
    *client->queue_end = frame;
    client->queue_end = &frame->next;
    client->queued += size;
    if (client->queue == frame)
        write_next(client);
}

static void was_written(struct client *client, DWORD error)
{
    struct outgoing *frame = client->queue;

    if (!(client->queue = frame->next))
        client->queue_end = &client->queue;
    client->queued -= frame->size;
    free(frame);
    if (error)
        doom(client, "");
    else if (client->queue && !client->doomed)
        write_next(client);
    if (client->waits_to_be_read && !client->doomed)
        read_next(client);
}

void clients_completed(struct operation *operation, DWORD error, DWORD bytes)
{
    struct client *client = operation->client;

    client->under_way--;
    if (client->closed)
    {
        /* Nothing is wanted of it any more. */
        if (!client->under_way)
            free_client(client);
    }
    else if (operation == &client->read)
        was_read(client, error, bytes);
    else
        was_written(client, error);
}

/* ---- new ones ---- */

/* Its process has as many connections as it may have. */
static void reject(struct client *client)
{
    struct client_process *process = client->process;

    if (!process->logged)
        log_event(LOG_WARN, 0, "too-many-connections",
                "process %lu has %d connections to the agent, "
                "the most that one process may have; more are rejected until it closes some",
                process->id, CONNECTIONS_MAX);
    process->logged = true;
    client->rejected = true;
    /* A few of them get an answer before they are closed. */
    if (process->connections > CONNECTIONS_MAX + REJECTED_MAX)
        doom(client, "");
    else
        read_next(client);
}

/* Has its other end gone? We may not have seen that yet. */
static bool has_gone(const struct client *client)
{
    return !PeekNamedPipe(client->pipe, NULL, 0, NULL, NULL, NULL);
}

/* A free direct slot of the process; NULL: none. */
static struct client **free_slot(struct client_process *process)
{
    unsigned int i;

    for (i = 0; i < DIRECT_EACH; i++)
        if (!process->direct[i])
            return &process->direct[i];
    return NULL;
}

/* Frees the direct slots of clients that have closed their connections. */
static void free_slots(struct client_process *process)
{
    unsigned int i;

    for (i = 0; i < DIRECT_EACH; i++)
        if (has_gone(process->direct[i]))
            doom(process->direct[i], "");
}

/* NULL: no memory. */
static struct client *make_client(
        struct clients *clients, struct client_process *process, HANDLE pipe)
{
    struct client **slot = free_slot(process), *client;
    bool full = clients->direct >= DIRECT_MAX;
    HANDLE heap = GetProcessHeap();
    struct band *band = NULL;

    if (!slot && full)
    {
        free_slots(process);
        slot = free_slot(process);
    }
    if (!slot && full && !(band = crowd_enter(clients->crowd, &heap)))
        return NULL;
    client = HeapAlloc(heap, HEAP_ZERO_MEMORY, sizeof(*client) + engine_session_size());
    if (!client)
    {
        if (band)
            crowd_leave(clients->crowd, band);
        return NULL;
    }
    if (slot)
        *slot = client;
    client->clients = clients;
    client->process = process;
    client->heap = heap;
    client->band = band;
    client->pipe = pipe;
    client->read.client = client->write.client = client;
    client->queue_end = &client->queue;
    if ((client->next = clients->first))
        client->next->link = &client->next;
    client->link = &clients->first;
    clients->first = client;
    clients->direct += !band;
    return client;
}

void client_has_arrived(struct client *client)
{
    if (client->arriving)
        InterlockedDecrement(&client->clients->arriving);
    client->arriving = false;
}

void clients_connected(struct clients *clients, HANDLE pipe)
{
    struct client_process *process = process_enter(&clients->processes, pipe);
    struct client *client = process ? make_client(clients, process, pipe) : NULL;

    /* It may have closed some that are not closed here yet. */
    if (client && process->connections > CONNECTIONS_MAX)
        clients_sweep(clients);

    if (!client)
    {
        process_leave(&clients->processes, process);
        CloseHandle(pipe);
        InterlockedDecrement(&clients->arriving);
        return;
    }
    client->arriving = true;
    if (!(client->band ? crowd_join(client->band, pipe)
                       : !!CreateIoCompletionPort(pipe, clients->port, clients->key, 0)))
        doom(client, "its operations cannot be waited for");
    else if (process->connections > CONNECTIONS_MAX)
        reject(client);
    else
    {
        client->session = engine_open_session(clients->engine, client, client->memory);
        read_next(client);
    }
    /* The band's thread has still to read it, if it is one of the crowd. */
    if (!client->band || !client->under_way)
        client_has_arrived(client);
}
