/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sessions: one connection, one request at a time.
 */
#include "libs/napclient/frame.h"

#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"

#define ANSWER_TIMEOUT 60000 /* ms; the agent answers well within its callback deadlines */

void agent_reply_clear(struct agent_reply *reply)
{
    agent_frame_clear(&reply->frame);
}

HRESULT agent_frame_decode(const struct agent_frame *frame, struct napipc_message *message)
{
    /* Logged once per process, because clients that wait for the agent retry. */
    static LONG logged, logged_too_many;
    uint16_t version;
    const char *why;

    switch (napipc_decode(frame->data, frame->size, message, &version, &why))
    {
    case NAPIPC_OK:
        return S_OK;
    case NAPIPC_BAD_VERSION:
        if (InterlockedExchange(&logged, version + 1) != version + 1)
            log_event(LOG_ERROR, 0, "version",
                    "the agent speaks protocol version %u, this DLL "
                    "version %u; install DLLs and agent of one release",
                    version, NAPIPC_VERSION);
        return HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH);
    default:
        /* A rejection in our own version has no call number; its status is the reason. */
        if (frame->size == NAPIPC_HEADER_SIZE && message->type == NAPIPC_REPLY
                && FAILED((HRESULT)message->status))
        {
            if ((HRESULT)message->status == E_OUTOFMEMORY
                    && !InterlockedExchange(&logged_too_many, 1))
                log_event(LOG_ERROR, 0, "too-many-connections",
                        "the agent rejects a connection: "
                        "this process already has the maximum; uninitialize bindings and release "
                        "objects that it does not use, or divide the work among processes");
            return (HRESULT)message->status;
        }
        log_event(LOG_ERROR, 0, "protocol", "the agent sent a bad frame: %s", why);
        return RPC_E_DISCONNECTED;
    }
}

/* Everything but the pipe. */
static HRESULT session_init(struct agent_session *session, HANDLE cancel, DWORD timeout)
{
    HRESULT hr;

    memset(session, 0, sizeof(*session));
    session->cancel = cancel;
    session->timeout = timeout ? timeout : ANSWER_TIMEOUT;
    if ((session->event = CreateEventW(NULL, TRUE, FALSE, NULL))
            && (session->sent = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return S_OK;
    hr = HRESULT_FROM_WIN32(GetLastError());
    agent_session_close(session);
    return hr;
}

HRESULT agent_session_open_until(
        struct agent_session *session, bool start, HANDLE cancel, DWORD timeout)
{
    HRESULT hr = session_init(session, cancel, timeout);

    if (SUCCEEDED(hr) && FAILED(hr = agent_pipe_open(start, cancel, &session->pipe)))
        agent_session_close(session);
    return hr;
}

HRESULT server_session_open(struct agent_session *session)
{
    HRESULT hr = session_init(session, NULL, 0);

    if (SUCCEEDED(hr) && FAILED(hr = server_pipe_open(&session->pipe)))
        agent_session_close(session);
    return hr;
}

HRESULT agent_session_open(struct agent_session *session, bool start)
{
    return agent_session_open_until(session, start, NULL, 0);
}

void agent_session_close(struct agent_session *session)
{
    if (session->pipe)
        CloseHandle(session->pipe);
    if (session->event)
        CloseHandle(session->event);
    if (session->sent)
        CloseHandle(session->sent);
    memset(session, 0, sizeof(*session));
}

HRESULT agent_session_receive(
        struct agent_session *session, DWORD timeout, struct agent_reply *reply)
{
    HRESULT hr = agent_pipe_receive(
            session->pipe, session->event, session->cancel, timeout, &reply->frame);

    return FAILED(hr) ? hr : agent_frame_decode(&reply->frame, &reply->message);
}

/* Notifications may arrive before the answer. */
static HRESULT ask_among_notifications(struct agent_session *session,
        const struct napipc_message *request, struct agent_reply *reply)
{
    HRESULT hr = agent_pipe_send(session->pipe, session->sent, request);

    if (SUCCEEDED(hr))
        hr = agent_session_receive(session, session->timeout, reply);
    while (SUCCEEDED(hr) && !(reply->message.type & NAPIPC_REPLY))
    {
        session->notified = true;
        hr = agent_session_receive(session, session->timeout, reply);
    }
    return hr;
}

/* The capacity to allocate for an answer before it arrives, in bytes; 0: the default. A page with
 * so many entries may be as long as the longest frame: one read receives it. */
static size_t reply_capacity(const struct napipc_message *request)
{
    return request->type == NAPIPC_RRAS_LIST && request->rras_list.limit > 32 ? NAPIPC_MAX_FRAME
                                                                              : 0;
}

HRESULT agent_session_call(
        struct agent_session *session, struct napipc_message *request, struct agent_reply *reply)
{
    struct agent_reply unwanted = {0};
    size_t capacity = reply_capacity(request);
    HRESULT hr;

    if (!reply)
        reply = &unwanted;
    memset(&reply->frame, 0, sizeof(reply->frame));
    request->call = ++session->call;
    request->status = 0;
    if (capacity && (reply->frame.data = malloc(capacity)))
        reply->frame.capacity = capacity;
    if (session->watching)
        hr = ask_among_notifications(session, request, reply);
    else
    {
        hr = agent_pipe_exchange(session->pipe, session->sent, session->event, request,
                session->timeout, &reply->frame);
        if (SUCCEEDED(hr))
            hr = agent_frame_decode(&reply->frame, &reply->message);
    }
    if (SUCCEEDED(hr)
            && (reply->message.type != (request->type | NAPIPC_REPLY)
                    || reply->message.call != request->call))
    {
        log_event(LOG_ERROR, 0, "protocol", "the agent's answer does not match the request");
        hr = RPC_E_DISCONNECTED;
    }
    if (SUCCEEDED(hr))
        hr = (HRESULT)reply->message.status;
    if (FAILED(hr) || reply == &unwanted)
        agent_reply_clear(reply);
    return hr;
}
