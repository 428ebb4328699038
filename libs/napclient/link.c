/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Links: a bound component's connection to the agent.
 *
 * One reader thread receives all frames: answers go to the threads that wait for them, callbacks to
 * the owner. It runs no client code. When the pipe breaks, pending calls and calls made meanwhile
 * end with RPC_E_DISCONNECTED, and the reader binds again as soon as the agent is there. An agent
 * that had an orderly stop stays stopped; one that was killed is started again. If there was no
 * agent when the link was opened, the reader connects when there is one.
 */
#include "libs/napclient/frame.h"

#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"

#define ANSWER_TIMEOUT 60000 /* ms; the agent answers well within its callback deadlines */

/* A thread that waits for an answer. */
struct waiter
{
    struct waiter *next;
    uint16_t type; /* of the answer */
    uint32_t call;
    bool done;
    HRESULT result;
    struct agent_frame frame;
    CONDITION_VARIABLE answered;
    HANDLE event; /* set as well, if the thread must pump messages */
};

struct agent_link
{
    LONG refs;
    uint32_t kind;
    uint32_t id;
    const struct agent_link_events *events;
    void *context;
    HANDLE thread;
    HANDLE stop;
    HANDLE read_event;
    SRWLOCK write_lock; /* protects write_event, and pipe while it is written to */
    HANDLE write_event;
    SRWLOCK lock; /* protects the rest */
    HANDLE pipe;
    uint32_t connection; /* number of the pipe: an answer never goes to a later one */
    bool bound;
    bool was_bound;
    uint32_t last_call;
    struct waiter *waiters;
    struct agent_backoff backoff;
};

static void waiter_finish(struct waiter *waiter, HRESULT result)
{
    waiter->result = result;
    waiter->done = true;
    WakeConditionVariable(&waiter->answered);
    if (waiter->event)
        SetEvent(waiter->event);
}

static void waiter_remove(struct agent_link *link, struct waiter *waiter)
{
    struct waiter **next;

    for (next = &link->waiters; *next; next = &(*next)->next)
        if (*next == waiter)
        {
            *next = waiter->next;
            return;
        }
}

static HRESULT link_send(
        struct agent_link *link, uint32_t connection, const struct napipc_message *message)
{
    HRESULT hr = RPC_E_DISCONNECTED;

    AcquireSRWLockExclusive(&link->write_lock);
    if (link->pipe && link->connection == connection)
        hr = agent_pipe_send(link->pipe, link->write_event, message);
    ReleaseSRWLockExclusive(&link->write_lock);
    return hr;
}

HRESULT agent_link_answer(struct agent_link *link, const struct agent_callback *callback,
        struct napipc_message *message)
{
    message->type = callback->message.type | NAPIPC_REPLY;
    message->call = callback->message.call;
    return link_send(link, callback->connection, message);
}

/* Called with link->lock held. A number is not reused on the next pipe. */
static uint32_t next_call(struct agent_link *link)
{
    if (!++link->last_call)
        link->last_call = 1;
    return link->last_call;
}

bool agent_link_is_bound(struct agent_link *link)
{
    bool bound;

    AcquireSRWLockShared(&link->lock);
    bound = link->bound;
    ReleaseSRWLockShared(&link->lock);
    return bound;
}

HRESULT agent_link_call(struct agent_link *link, struct napipc_message *request,
        struct agent_reply *reply, agent_wait_function wait)
{
    ULONGLONG until = GetTickCount64() + ANSWER_TIMEOUT;
    struct waiter waiter = {.answered = CONDITION_VARIABLE_INIT};
    uint32_t connection;
    HRESULT hr;

    if (wait && !(waiter.event = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return HRESULT_FROM_WIN32(GetLastError());

    AcquireSRWLockExclusive(&link->lock);
    if (!link->bound)
    {
        ReleaseSRWLockExclusive(&link->lock);
        if (waiter.event)
            CloseHandle(waiter.event);
        return RPC_E_DISCONNECTED;
    }
    connection = link->connection;
    waiter.type = request->type | NAPIPC_REPLY;
    waiter.call = request->call = next_call(link);
    waiter.next = link->waiters;
    link->waiters = &waiter;
    ReleaseSRWLockExclusive(&link->lock);

    request->status = 0;
    hr = link_send(link, connection, request);

    AcquireSRWLockExclusive(&link->lock);
    while (SUCCEEDED(hr) && !waiter.done)
    {
        ULONGLONG now = GetTickCount64();

        if (now >= until)
        {
            log_event(LOG_ERROR, link->id, "timeout", "the agent has not answered within %d s",
                    ANSWER_TIMEOUT / 1000);
            hr = RPC_E_DISCONNECTED;
        }
        else if (waiter.event)
        {
            ReleaseSRWLockExclusive(&link->lock);
            wait(waiter.event, (DWORD)(until - now));
            AcquireSRWLockExclusive(&link->lock);
        }
        else
            SleepConditionVariableSRW(&waiter.answered, &link->lock, (DWORD)(until - now), 0);
    }
    waiter_remove(link, &waiter);
    ReleaseSRWLockExclusive(&link->lock);

    if (waiter.event)
        CloseHandle(waiter.event);
    if (SUCCEEDED(hr))
        hr = waiter.result;
    if (SUCCEEDED(hr) && reply)
    {
        /* The reader has checked it, so this succeeds; the message must point into our frame. */
        reply->frame = waiter.frame;
        memset(&waiter.frame, 0, sizeof(waiter.frame));
        napipc_decode(reply->frame.data, reply->frame.size, &reply->message, NULL, NULL);
    }
    agent_frame_clear(&waiter.frame);
    return hr;
}

/* Gives an answer to the thread that waits for it; a late one is dropped. */
static void take_answer(
        struct agent_link *link, const struct napipc_message *message, struct agent_frame *frame)
{
    struct waiter *waiter;

    AcquireSRWLockExclusive(&link->lock);
    for (waiter = link->waiters; waiter; waiter = waiter->next)
        if (waiter->call == message->call && waiter->type == message->type && !waiter->done)
        {
            waiter->frame = *frame;
            memset(frame, 0, sizeof(*frame));
            waiter_finish(waiter, (HRESULT)message->status);
            break;
        }
    ReleaseSRWLockExclusive(&link->lock);
}

/* Reads until the pipe breaks or the link is closed. */
static void read_frames(struct agent_link *link)
{
    struct agent_callback callback = {.connection = link->connection};
    struct agent_frame frame = {0};
    struct napipc_message message;
    HRESULT hr;

    for (;;)
    {
        hr = agent_pipe_receive(link->pipe, link->read_event, link->stop, INFINITE, &frame);
        if (SUCCEEDED(hr))
            hr = agent_frame_decode(&frame, &message);
        if (FAILED(hr))
            break;
        if (message.type & NAPIPC_REPLY)
            take_answer(link, &message, &frame);
        else
        {
            callback.message = message;
            callback.frame = frame;
            memset(&frame, 0, sizeof(frame));
            link->events->callback(link->context, &callback);
        }
    }
    agent_frame_clear(&frame);
}

static void disconnect(struct agent_link *link)
{
    struct waiter *waiter;
    HANDLE pipe;

    AcquireSRWLockExclusive(&link->write_lock);
    AcquireSRWLockExclusive(&link->lock);
    pipe = link->pipe;
    link->pipe = NULL;
    link->bound = false;
    for (waiter = link->waiters; waiter; waiter = waiter->next)
        if (!waiter->done)
            waiter_finish(waiter, RPC_E_DISCONNECTED);
    ReleaseSRWLockExclusive(&link->lock);
    ReleaseSRWLockExclusive(&link->write_lock);
    if (pipe)
        CloseHandle(pipe);
}

/* Connects and binds on the calling thread; nobody else uses the pipe yet. */
static HRESULT connect_and_bind(struct agent_link *link, bool start)
{
    struct napipc_message message;
    struct agent_frame frame = {0};
    uint32_t call;
    HANDLE pipe;
    HRESULT hr;

    if (FAILED(hr = agent_pipe_open(start, link->stop, &pipe)))
        return hr;
    message.type = NAPIPC_BIND;
    AcquireSRWLockExclusive(&link->lock);
    message.call = call = next_call(link);
    ReleaseSRWLockExclusive(&link->lock);
    message.status = 0;
    message.bind.kind = link->kind;
    message.bind.id = link->id;
    message.bind.again = link->was_bound;
    hr = agent_pipe_send(pipe, link->write_event, &message);
    if (SUCCEEDED(hr))
        hr = agent_pipe_receive(pipe, link->read_event, link->stop, ANSWER_TIMEOUT, &frame);
    if (SUCCEEDED(hr))
        hr = agent_frame_decode(&frame, &message);
    if (SUCCEEDED(hr))
        hr = message.type == (NAPIPC_BIND | NAPIPC_REPLY) && message.call == call
                     ? (HRESULT)message.status
                     : RPC_E_DISCONNECTED;
    agent_frame_clear(&frame);
    if (FAILED(hr))
    {
        CloseHandle(pipe);
        return hr;
    }
    AcquireSRWLockExclusive(&link->write_lock);
    AcquireSRWLockExclusive(&link->lock);
    link->pipe = pipe;
    link->connection++;
    link->bound = link->was_bound = true;
    ReleaseSRWLockExclusive(&link->lock);
    ReleaseSRWLockExclusive(&link->write_lock);
    agent_backoff_connected(&link->backoff);
    return S_OK;
}

/* Binds when the agent is there (again). Returns false if the link is being closed. */
static bool reconnect(struct agent_link *link)
{
    DWORD tries = 0;

    /* At once, because bound components start an agent that was killed; but with a pause after a
     * connection that broke early. */
    if (!agent_backoff_lost(&link->backoff) && link->was_bound
            && !agent_backoff_wait(&link->backoff, RPC_E_DISCONNECTED, link->stop))
        return false;
    if (link->was_bound)
        log_event(LOG_INFO, link->id, "lost", "the agent has gone");
    else
        log_event(LOG_INFO, link->id, "absent", "the agent is not there yet");
    for (;;)
    {
        /* After an orderly stop the agent must stay stopped, and a link that was never bound starts
         * no agent. A failed start is retried less and less often, so that an agent that cannot run
         * is not started in a loop. */
        bool start = link->was_bound && !agent_parameter(AGENT_VALUE_STOPPED, 0)
                     && (tries & (tries - 1)) == 0;
        HRESULT hr = connect_and_bind(link, start);

        if (SUCCEEDED(hr))
        {
            log_event(LOG_INFO, link->id, "rebound", "bound to the agent again");
            return true;
        }
        if (hr == E_ABORT || !agent_backoff_wait(&link->backoff, hr, link->stop))
            return false;
        tries++;
    }
}

static DWORD WINAPI reader(void *argument)
{
    struct agent_link *link = argument;

    do
    {
        if (link->pipe)
            read_frames(link);
        disconnect(link);
    } while (WaitForSingleObject(link->stop, 0) != WAIT_OBJECT_0 && reconnect(link));
    disconnect(link);
    return 0;
}

void agent_link_acquire(struct agent_link *link)
{
    InterlockedIncrement(&link->refs);
}

void agent_link_release(struct agent_link *link)
{
    if (InterlockedDecrement(&link->refs))
        return;
    if (link->thread)
        CloseHandle(link->thread);
    if (link->stop)
        CloseHandle(link->stop);
    if (link->read_event)
        CloseHandle(link->read_event);
    if (link->write_event)
        CloseHandle(link->write_event);
    free(link);
}

HRESULT agent_link_open(uint32_t kind, uint32_t id, bool start,
        const struct agent_link_events *events, void *context, struct agent_link **out)
{
    struct agent_link *link = calloc(1, sizeof(*link));
    bool usable;
    HRESULT hr;

    *out = NULL;
    if (!link)
        return E_OUTOFMEMORY;
    link->refs = 1;
    link->kind = kind;
    link->id = id;
    link->events = events;
    link->context = context;
    InitializeSRWLock(&link->lock);
    InitializeSRWLock(&link->write_lock);
    link->stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    link->read_event = CreateEventW(NULL, TRUE, FALSE, NULL);
    link->write_event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!link->stop || !link->read_event || !link->write_event)
        hr = E_OUTOFMEMORY;
    else
        hr = connect_and_bind(link, start);
    usable = SUCCEEDED(hr) || (!start && hr == RPC_E_DISCONNECTED);
    if (usable && !(link->thread = CreateThread(NULL, 0, reader, link, 0, NULL)))
    {
        disconnect(link);
        usable = false;
        hr = E_OUTOFMEMORY;
    }
    if (usable)
        *out = link;
    else
        agent_link_release(link);
    return hr;
}

HRESULT agent_link_close(struct agent_link *link)
{
    struct napipc_message message;
    HRESULT hr;

    if (!link)
        return S_OK;
    /* Waits for the answer, so that the component is unbound when this returns. */
    message.type = NAPIPC_UNBIND;
    hr = agent_link_call(link, &message, NULL, NULL);
    SetEvent(link->stop);
    WaitForSingleObject(link->thread, INFINITE);
    agent_link_release(link);
    return hr;
}
