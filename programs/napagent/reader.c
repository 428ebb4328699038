/*
 * The reader; see reader.h.
 */
#include "programs/napagent/client.h"
#include "programs/napagent/reader.h"

#include <stdlib.h>

struct reader
{
    HANDLE port; /* where a completed read goes */
    ULONG_PTR key;
    HANDLE requests; /* a completion port: reads to begin */
    HANDLE thread;
    CRITICAL_SECTION lock; /* client->pipe of those whose read is to begin */
};

enum
{
    REQUEST_STOP,
    REQUEST_READ
};

static void begin(struct reader *reader, struct client *client)
{
    bool begun;

    EnterCriticalSection(&reader->lock);
    begun = client->pipe && client_begin_read(client);
    LeaveCriticalSection(&reader->lock);
    if (begun)
        return;
    client->read.failed = true;
    PostQueuedCompletionStatus(reader->port, 0, reader->key, &client->read.overlapped);
}

static DWORD WINAPI run(void *context)
{
    struct reader *reader = context;
    OVERLAPPED *overlapped;
    ULONG_PTR key;
    DWORD bytes;

    for (;;)
    {
        overlapped = NULL;
        if (!GetQueuedCompletionStatus(reader->requests, &bytes, &key, &overlapped, INFINITE))
            continue;
        if (key == REQUEST_STOP)
            return 0;
        begin(reader, CONTAINING_RECORD(overlapped, struct operation, overlapped)->client);
    }
}

struct reader *reader_create(HANDLE port, ULONG_PTR key)
{
    struct reader *reader = calloc(1, sizeof(*reader));

    if (!reader)
        return NULL;
    InitializeCriticalSection(&reader->lock);
    reader->port = port;
    reader->key = key;
    reader->requests = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    if (reader->requests)
        reader->thread = CreateThread(NULL, 0, run, reader, 0, NULL);
    if (reader->thread)
        return reader;
    reader_destroy(reader);
    return NULL;
}

void reader_destroy(struct reader *reader)
{
    if (!reader)
        return;
    if (reader->thread)
    {
        PostQueuedCompletionStatus(reader->requests, 0, REQUEST_STOP, NULL);
        WaitForSingleObject(reader->thread, INFINITE);
        CloseHandle(reader->thread);
    }
    if (reader->requests)
        CloseHandle(reader->requests);
    DeleteCriticalSection(&reader->lock);
    free(reader);
}

bool reader_begin(struct reader *reader, struct client *client)
{
    return PostQueuedCompletionStatus(reader->requests, 0, REQUEST_READ,
        &client->read.overlapped);
}

HANDLE reader_take_pipe(struct reader *reader, struct client *client)
{
    HANDLE pipe;

    EnterCriticalSection(&reader->lock);
    pipe = client->pipe;
    client->pipe = NULL;
    LeaveCriticalSection(&reader->lock);
    return pipe;
}
