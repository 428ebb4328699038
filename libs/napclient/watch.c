/*
 * Watches: news of the agent and of the isolation state.
 *
 * The pipe tells all of it: when it breaks the agent has gone, when it can be
 * opened the agent is there, and what comes over it is news of the isolation
 * state. A missing agent is looked for at an interval; nothing else tells of
 * its start.
 */
#include "libs/napclient/napclient.h"

#include <stdlib.h>
#include <string.h>

#include "libs/napclient/reply.h"

#define LOOK_INTERVAL 250   /* ms between two looks for a missing agent */
#define ANSWER_TIMEOUT 5000 /* ms */

struct agent_watch
{
    void (*tell)(void *context, enum agent_news news);
    void *context;
    HANDLE thread;
    HANDLE stop;
    struct agent_session session; /* open while the agent is there */
    bool knows_isolation;
    uint32_t isolation; /* as last heard */
    uint32_t extended_state;
    uint64_t probation_end;
};

/* One question on the watch's own pipe; *frame holds the answer. News that come first are
 * passed over: the answer is newer. */
static HRESULT ask(struct agent_watch *watch, uint16_t type, struct agent_frame *frame,
    struct napipc_message *message)
{
    HRESULT hr;

    message->type = type;
    message->call = ++watch->session.call;
    message->status = 0;
    hr = agent_pipe_send(watch->session.pipe, watch->session.event, message);
    do
    {
        if (SUCCEEDED(hr))
            hr = agent_pipe_receive(watch->session.pipe, watch->session.event, watch->stop,
                ANSWER_TIMEOUT, frame);
        if (SUCCEEDED(hr))
            hr = agent_frame_decode(frame, message);
    } while (SUCCEEDED(hr) && message->type == NAPIPC_ISOLATION_CHANGED);
    if (SUCCEEDED(hr) && message->type != (type | NAPIPC_REPLY))
        hr = RPC_E_DISCONNECTED;
    return SUCCEEDED(hr) ? (HRESULT)message->status : hr;
}

/* Remembers the isolation state. True: it is not what was heard last. */
static bool hear_isolation(struct agent_watch *watch, const struct napipc_isolation *now)
{
    bool changed = watch->knows_isolation && (watch->isolation != now->state
            || watch->extended_state != now->extended_state
            || watch->probation_end != now->probation_end);

    watch->knows_isolation = true;
    watch->isolation = now->state;
    watch->extended_state = now->extended_state;
    watch->probation_end = now->probation_end;
    return changed;
}

static HRESULT connect(struct agent_watch *watch, bool *changed)
{
    struct napipc_message message;
    struct agent_frame frame = {0};
    HRESULT hr = agent_session_open(&watch->session, false);

    if (FAILED(hr))
        return hr;
    hr = ask(watch, NAPIPC_WATCH, &frame, &message);
    if (SUCCEEDED(hr))
        hr = ask(watch, NAPIPC_GET_STATE, &frame, &message);
    *changed = SUCCEEDED(hr) && hear_isolation(watch, &message.get_state_reply.isolation);
    agent_frame_clear(&frame);
    if (FAILED(hr))
        agent_session_close(&watch->session);
    return hr;
}

/* Takes news until the agent has gone or the watch is closed. */
static void listen(struct agent_watch *watch)
{
    struct agent_frame frame = {0};
    struct napipc_message message;

    while (SUCCEEDED(agent_pipe_receive(watch->session.pipe, watch->session.event, watch->stop,
            INFINITE, &frame)) && SUCCEEDED(agent_frame_decode(&frame, &message)))
    {
        if (message.type != NAPIPC_ISOLATION_CHANGED)
            continue;
        hear_isolation(watch, &message.isolation_changed.isolation);
        watch->tell(watch->context, AGENT_ISOLATION_CHANGED);
    }
    agent_frame_clear(&frame);
    agent_session_close(&watch->session);
}

static DWORD WINAPI watcher(void *argument)
{
    struct agent_watch *watch = argument;
    DWORD pause = LOOK_INTERVAL;
    bool changed;
    HRESULT hr;

    for (;;)
    {
        if (watch->session.pipe)
        {
            listen(watch);
            if (WaitForSingleObject(watch->stop, 0) == WAIT_OBJECT_0)
                return 0;
            watch->tell(watch->context, AGENT_STOPPED);
        }
        if (WaitForSingleObject(watch->stop, pause) == WAIT_OBJECT_0)
            return 0;
        hr = connect(watch, &changed);
        pause = hr == HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH) ? MISMATCH_PAUSE : LOOK_INTERVAL;
        if (FAILED(hr))
            continue;
        watch->tell(watch->context, AGENT_STARTED);
        if (changed)
            watch->tell(watch->context, AGENT_ISOLATION_CHANGED);
    }
}

HRESULT agent_watch_open(void (*tell)(void *context, enum agent_news news), void *context,
    struct agent_watch **out)
{
    struct agent_watch *watch = calloc(1, sizeof(*watch));
    bool changed;

    *out = NULL;
    if (!watch)
        return E_OUTOFMEMORY;
    watch->tell = tell;
    watch->context = context;
    if (!(watch->stop = CreateEventW(NULL, TRUE, FALSE, NULL)))
    {
        free(watch);
        return E_OUTOFMEMORY;
    }
    /* Here, not on the thread: what happens after we return is a change. */
    connect(watch, &changed);
    if (!(watch->thread = CreateThread(NULL, 0, watcher, watch, 0, NULL)))
    {
        agent_session_close(&watch->session);
        CloseHandle(watch->stop);
        free(watch);
        return E_OUTOFMEMORY;
    }
    *out = watch;
    return S_OK;
}

void agent_watch_close(struct agent_watch *watch)
{
    if (!watch)
        return;
    SetEvent(watch->stop);
    WaitForSingleObject(watch->thread, INFINITE);
    CloseHandle(watch->thread);
    agent_session_close(&watch->session);
    CloseHandle(watch->stop);
    free(watch);
}
