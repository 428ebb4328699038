/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The listener; see listener.h.
 */
#include "libs/pipeserver/listener.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"

#ifndef PIPE_REJECT_REMOTE_CLIENTS /* not in Wine's headers */
#define PIPE_REJECT_REMOTE_CLIENTS 8
#endif

#define LISTENERS 4
#define ARRIVING_MAX 64   /* clients that are not read yet, with which it waits */
#define LISTEN_RETRY 200  /* ms before the next try to make an instance */
#define PIPE_BUFFER 65536 /* bytes from a client, a hint for the system */
/* To a client: what it has not read fills this, then our queue, and then we do not read either. */
#define PIPE_OUT_BUFFER 4096

struct instance
{
    HANDLE pipe;    /* INVALID_HANDLE_VALUE: none */
    HANDLE event;   /* set when it has got a client, or failed */
    bool connected; /* before it listened */
    OVERLAPPED overlapped;
};

struct listener
{
    const WCHAR *name;
    HANDLE port;
    ULONG_PTR key;
    volatile LONG *arriving;
    HANDLE stop;
    HANDLE thread;
    struct instance instances[LISTENERS];
};

/* Makes an instance and lets it listen. A Win32 error. */
static DWORD listen_once(const WCHAR *name, struct instance *instance, bool first)
{
    DWORD error, instances = 0;

    instance->pipe = CreateNamedPipeW(name,
            PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS,
            PIPE_UNLIMITED_INSTANCES, PIPE_OUT_BUFFER, PIPE_BUFFER, 0, NULL);
    if (instance->pipe == INVALID_HANDLE_VALUE)
        return GetLastError();
    memset(&instance->overlapped, 0, sizeof(instance->overlapped));
    instance->overlapped.hEvent = instance->event;
    /* Wine ignores FILE_FLAG_FIRST_PIPE_INSTANCE; the count shows it. */
    if (first && GetNamedPipeHandleStateW(instance->pipe, NULL, &instances, NULL, NULL, NULL, 0)
            && instances != 1)
        error = ERROR_PIPE_BUSY;
    else if (ConnectNamedPipe(instance->pipe, &instance->overlapped))
        error = 0;
    else
        error = GetLastError();
    instance->connected = error == ERROR_PIPE_CONNECTED;
    if (instance->connected) /* the event is not set by itself */
        error = SetEvent(instance->event) ? 0 : GetLastError();
    if (error == ERROR_IO_PENDING)
        error = 0;
    if (error)
    {
        CloseHandle(instance->pipe);
        instance->pipe = INVALID_HANDLE_VALUE;
    }
    return error;
}

/* Makes the instances that are missing. False: not all of them could be made. */
static bool listen_enough(struct listener *listener, bool *logged)
{
    DWORD error = 0;
    unsigned int i;

    for (i = 0; i < LISTENERS && !error; i++)
        while (listener->instances[i].pipe == INVALID_HANDLE_VALUE && !error)
        {
            error = listen_once(listener->name, &listener->instances[i], false);
            if (error == ERROR_NO_DATA) /* a client came and went before we listened */
                error = 0;
        }
    if (error && !*logged)
        log_event(LOG_ERROR, 0, "pipe",
                "cannot make another instance of the pipe: error %lu; "
                "trying again",
                error);
    *logged = error;
    return !error;
}

/* Its event is set: the instance has got a client, or lost it. */
static void hand_over(struct listener *listener, struct instance *instance)
{
    DWORD bytes;
    bool connected = instance->connected
                     || GetOverlappedResult(instance->pipe, &instance->overlapped, &bytes, FALSE);

    ResetEvent(instance->event);
    if (connected)
        InterlockedIncrement(listener->arriving);
    if (!connected)
        CloseHandle(instance->pipe);
    else if (!PostQueuedCompletionStatus(
                     listener->port, HandleToULong(instance->pipe), listener->key, NULL))
    {
        InterlockedDecrement(listener->arriving);
        CloseHandle(instance->pipe);
    }
    instance->pipe = INVALID_HANDLE_VALUE;
}

/* A row of handles to wait for; `order` has the instances, the one that was served last at its end,
 * as a wait reports the first that is set. */
static DWORD WINAPI run(void *context)
{
    struct listener *listener = context;
    struct instance *order[LISTENERS], *served;
    HANDLE handles[1 + LISTENERS] = {listener->stop};
    bool logged = false, enough;
    unsigned int i, count, which;

    for (i = 0; i < LISTENERS; i++)
        order[i] = &listener->instances[i];
    for (;;)
    {
        enough = listen_enough(listener, &logged);
        for (i = 0, count = 1; i < LISTENERS; i++)
            if (order[i]->pipe != INVALID_HANDLE_VALUE)
                handles[count++] = order[i]->event;
        which = WaitForMultipleObjects(count, handles, FALSE, enough ? INFINITE : LISTEN_RETRY);
        if (which == WAIT_OBJECT_0)
            return 0;
        for (i = 0; i < LISTENERS && which < count && order[i]->event != handles[which]; i++)
            ;
        if (i == LISTENERS || which >= count)
            continue;
        /* A process that connects and closes without pause must not be faster than we see that it
         * closed: connections that it has closed would count towards its limit. */
        while (*listener->arriving >= ARRIVING_MAX
                && WaitForSingleObject(listener->stop, 1) == WAIT_TIMEOUT)
            ;
        served = order[i];
        memmove(&order[i], &order[i + 1], (LISTENERS - 1 - i) * sizeof(order[0]));
        order[LISTENERS - 1] = served;
        hand_over(listener, served);
    }
}

DWORD listener_create(struct listener **out, const WCHAR *name, HANDLE port, ULONG_PTR key,
        volatile LONG *arriving)
{
    struct listener *listener = calloc(1, sizeof(*listener));
    DWORD error = 0;
    unsigned int i;

    *out = NULL;
    if (!listener)
        return ERROR_NOT_ENOUGH_MEMORY;
    listener->name = name;
    listener->port = port;
    listener->key = key;
    listener->arriving = arriving;
    for (i = 0; i < LISTENERS; i++)
        listener->instances[i].pipe = INVALID_HANDLE_VALUE;
    listener->stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    for (i = 0; i < LISTENERS && listener->stop; i++)
        if (!(listener->instances[i].event = CreateEventW(NULL, TRUE, FALSE, NULL)))
            break;
    error = i == LISTENERS ? listen_once(name, &listener->instances[0], true) : GetLastError();
    if (!error && !(listener->thread = CreateThread(NULL, 0, run, listener, 0, NULL)))
        error = GetLastError();
    if (error)
        listener_destroy(listener);
    else
        *out = listener;
    return error;
}

void listener_destroy(struct listener *listener)
{
    unsigned int i;

    if (!listener)
        return;
    if (listener->thread)
    {
        SetEvent(listener->stop);
        WaitForSingleObject(listener->thread, INFINITE);
        CloseHandle(listener->thread);
    }
    for (i = 0; i < LISTENERS; i++)
    {
        struct instance *instance = &listener->instances[i];

        if (instance->pipe != INVALID_HANDLE_VALUE)
        {
            DWORD bytes;

            if (CancelIoEx(instance->pipe, &instance->overlapped))
                GetOverlappedResult(instance->pipe, &instance->overlapped, &bytes, TRUE);
            CloseHandle(instance->pipe);
        }
        if (instance->event)
            CloseHandle(instance->event);
    }
    if (listener->stop)
        CloseHandle(listener->stop);
    free(listener);
}
