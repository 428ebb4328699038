/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The crowd; see crowd.h.
 */
#include "programs/napagent/crowd.h"

#include <stdlib.h>

#include "programs/napagent/client.h"

enum
{
    KEY_STOP,
    KEY_BEGIN,    /* a read that the server wants */
    KEY_COMPLETED /* an operation of a connection */
};

struct band
{
    struct band *next;
    struct crowd *crowd;
    HANDLE port;
    unsigned int connections;
    CRITICAL_SECTION lock; /* client->pipe */
};

struct crowd
{
    HANDLE port; /* the server's */
    ULONG_PTR key;
    HANDLE heap;
    struct band *bands;
    CRITICAL_SECTION lock;
    struct operation *first, **end; /* completed, and not taken yet */
    bool posted;     /* the server was notified, and has not taken all of them since */
    LONG references; /* the server's, and one of each band's thread */
};

/* ---- a band's thread ---- */

static void notify_server(struct crowd *crowd)
{
    PostQueuedCompletionStatus(crowd->port, 0, crowd->key, NULL);
}

static void completed(struct crowd *crowd, struct operation *operation, DWORD error, DWORD bytes)
{
    bool posted;

    operation->error = error;
    operation->bytes = bytes;
    operation->next = NULL;
    EnterCriticalSection(&crowd->lock);
    *crowd->end = operation;
    crowd->end = &operation->next;
    posted = crowd->posted;
    crowd->posted = true;
    LeaveCriticalSection(&crowd->lock);
    if (!posted)
        notify_server(crowd);
}

static void begin(struct band *band, struct client *client)
{
    bool begun;

    EnterCriticalSection(&band->lock);
    begun = client->pipe && client_begin_read(client);
    LeaveCriticalSection(&band->lock);
    client_has_arrived(client);
    if (!begun)
        completed(band->crowd, &client->read, ERROR_BROKEN_PIPE, 0);
}

static void close_pipe(struct band *band, struct client *client, bool cancel)
{
    HANDLE pipe;

    EnterCriticalSection(&band->lock);
    pipe = client->pipe;
    client->pipe = NULL;
    LeaveCriticalSection(&band->lock);
    if (pipe && cancel)
        CancelIoEx(pipe, NULL);
    if (pipe)
        CloseHandle(pipe);
}

static void release(struct crowd *crowd)
{
    if (InterlockedDecrement(&crowd->references))
        return;
    DeleteCriticalSection(&crowd->lock);
    free(crowd);
}

static void free_band(struct band *band)
{
    DeleteCriticalSection(&band->lock);
    if (band->port)
        CloseHandle(band->port);
    release(band->crowd);
    free(band);
}

static DWORD WINAPI run(void *context)
{
    struct band *band = context;
    struct operation *operation;
    OVERLAPPED *overlapped;
    ULONG_PTR key;
    DWORD bytes, error;

    for (;;)
    {
        overlapped = NULL;
        key = KEY_COMPLETED;
        error = 0;
        if (!GetQueuedCompletionStatus(band->port, &bytes, &key, &overlapped, INFINITE))
            error = GetLastError();
        if (key == KEY_STOP)
            break;
        if (!overlapped)
            continue;
        operation = CONTAINING_RECORD(overlapped, struct operation, overlapped);
        if (key == KEY_BEGIN)
            begin(band, operation->client);
        else
        {
            /* The other end has gone: what is being written fails by itself. */
            if (error && error != ERROR_MORE_DATA && operation == &operation->client->read)
                close_pipe(band, operation->client, false);
            completed(band->crowd, operation, error, bytes);
        }
    }
    free_band(band);
    return 0;
}

/* ---- the crowd ---- */

struct crowd *crowd_create(HANDLE port, ULONG_PTR key)
{
    struct crowd *crowd = calloc(1, sizeof(*crowd));

    if (!crowd)
        return NULL;
    InitializeCriticalSection(&crowd->lock);
    crowd->references = 1;
    crowd->port = port;
    crowd->key = key;
    crowd->end = &crowd->first;
    return crowd;
}

void crowd_destroy(struct crowd *crowd)
{
    if (crowd)
        release(crowd);
}

/* NULL: no memory or thread. */
static struct band *new_band(struct crowd *crowd)
{
    struct band *band = calloc(1, sizeof(*band));
    HANDLE thread = NULL;

    if (!band)
        return NULL;
    InitializeCriticalSection(&band->lock);
    band->crowd = crowd;
    InterlockedIncrement(&crowd->references);
    band->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    if (band->port)
        thread = CreateThread(NULL, 0, run, band, 0, NULL);
    if (!thread)
    {
        free_band(band);
        return NULL;
    }
    CloseHandle(thread);
    band->next = crowd->bands;
    crowd->bands = band;
    return band;
}

struct band *crowd_enter(struct crowd *crowd, HANDLE *heap)
{
    struct band *band = crowd->bands;

    if (!crowd->heap && !(crowd->heap = HeapCreate(HEAP_NO_SERIALIZE, 0, 0)))
        return NULL;
    while (band && band->connections == BAND_MAX)
        band = band->next;
    if (!band && !(band = new_band(crowd)))
        return NULL;
    band->connections++;
    *heap = crowd->heap;
    return band;
}

void crowd_leave(struct crowd *crowd, struct band *band)
{
    struct band **link = &crowd->bands;

    if (--band->connections)
        return;
    while (*link != band)
        link = &(*link)->next;
    *link = band->next;
    /* The thread frees it. */
    PostQueuedCompletionStatus(band->port, 0, KEY_STOP, NULL);
    if (crowd->bands)
        return;
    HeapDestroy(crowd->heap);
    crowd->heap = NULL;
}

bool crowd_join(struct band *band, HANDLE pipe)
{
    return CreateIoCompletionPort(pipe, band->port, KEY_COMPLETED, 0);
}

bool crowd_begin_read(struct band *band, struct client *client)
{
    return PostQueuedCompletionStatus(band->port, 0, KEY_BEGIN, &client->read.overlapped);
}

bool crowd_begin_write(struct band *band, struct client *client)
{
    bool begun;

    EnterCriticalSection(&band->lock);
    begun = client->pipe && client_begin_write(client);
    LeaveCriticalSection(&band->lock);
    return begun;
}

void crowd_close_pipe(struct band *band, struct client *client)
{
    close_pipe(band, client, true);
}

struct operation *crowd_take(struct crowd *crowd)
{
    struct operation *first, *last;
    unsigned int i;
    bool more;

    EnterCriticalSection(&crowd->lock);
    if ((first = last = crowd->first))
    {
        for (i = 1; i < CROWD_AT_ONCE && last->next; i++)
            last = last->next;
        if (!(crowd->first = last->next))
            crowd->end = &crowd->first;
        last->next = NULL;
    }
    more = crowd->posted = crowd->first;
    LeaveCriticalSection(&crowd->lock);
    if (more)
        notify_server(crowd);
    return first;
}
