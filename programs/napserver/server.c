/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pipe server. Each client has a thread, which waits for its questions and for the validators.
 * Only administrators may ask: a statement of health is another's, and each question costs the
 * validators' time. Anyone else gets E_ACCESSDENIED, and loses the connection. Those whose process
 * shows at once that they are no administrators have a few connections together, for a moment each.
 */
#include "programs/napserver/napserver.h"

#include <stdbool.h>
#include <stdlib.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "libs/pipeserver/access.h"
#include "libs/pipeserver/listener.h"
#include "programs/napserver/validators.h"

#define CLIENTS_MAX 64    /* at a time; more get E_OUTOFMEMORY */
#define STRANGERS_MAX 16  /* at a time; more get nothing */
#define FIRST_FRAME 10000 /* ms in which a client must ask for the first time */
#define END_TIMEOUT 5000  /* ms for the clients to end */
#define CLOSE_DELAY 1000  /* ms in which a refused client may read why */

enum completion_key
{
    KEY_CONNECTED, /* an instance of the pipe, whose handle is the number of bytes */
    KEY_STOP
};

static HANDLE port, stop;
static struct listener *listener;
static volatile LONG arriving, client_count, stranger_count;

struct client
{
    HANDLE pipe, event;
    HANDLE process; /* NULL: it could not be opened */
    DWORD process_id;
    volatile LONG *count; /* client_count or stranger_count: it is one of these */
    struct napipc_message request, reply;
    BYTE packet[NAPIPC_MAX_SOH];
};

/* ---- one client ---- */

static bool may_ask(const struct client *client)
{
    if (client->count == &client_count && client_is_administrator(client->pipe, client->process))
        return true;
    log_event(LOG_WARN, 0, "refused-access",
            "process %lu may not ask for a judgement: it is not an administrator's",
            client->process_id);
    return false;
}

/* A header with the reason: a frame that every version can read. */
static void refuse(struct client *client, HRESULT status)
{
    OVERLAPPED overlapped = {.hEvent = client->event};
    BYTE frame[NAPIPC_HEADER_SIZE];
    DWORD count;

    napipc_encode_refusal((uint32_t)status, frame);
    if (!WriteFile(client->pipe, frame, sizeof(frame), NULL, &overlapped)
            && GetLastError() != ERROR_IO_PENDING)
        return;
    if (WaitForSingleObject(client->event, CLOSE_DELAY) != WAIT_OBJECT_0)
        CancelIoEx(client->pipe, &overlapped);
    GetOverlappedResult(client->pipe, &overlapped, &count, TRUE);
    /* It has gone when it has read that. */
    WaitForSingleObject(stop, CLOSE_DELAY / 10);
}

/* Decodes a question; false: it is none, and the client is dropped. */
static bool decode(struct client *client, const struct agent_frame *frame)
{
    const char *why = "it is no question to napserver";

    switch (napipc_decode(frame->data, frame->size, &client->request, NULL, &why))
    {
    case NAPIPC_BAD_VERSION:
        log_event(LOG_WARN, 0, "version", "process %lu is of another release", client->process_id);
        refuse(client, HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH));
        return false;
    case NAPIPC_OK:
        if (client->request.type == NAPIPC_JUDGE)
            return true;
        why = "it is no question to napserver";
        break;
    default:
        break;
    }
    log_event(LOG_WARN, 0, "refused-input", "a bad frame of process %lu: %s", client->process_id,
            why);
    return false;
}

/* Answers a question; false: the client is dropped. */
static bool answer(struct client *client, bool allowed)
{
    struct napipc_message *reply = &client->reply;
    HRESULT hr = E_ACCESSDENIED;

    if (allowed)
        hr = validators_judge(&client->request.judge, &reply->judge_reply, client->packet);
    reply->type = NAPIPC_JUDGE | NAPIPC_REPLY;
    reply->call = client->request.call;
    reply->status = (uint32_t)hr;
    if (FAILED(agent_pipe_send(client->pipe, client->event, reply)))
        return false;
    if (!allowed)
        WaitForSingleObject(stop, CLOSE_DELAY / 10); /* it reads that */
    return allowed;
}

static void serve(struct client *client)
{
    struct agent_frame frame = {0};
    DWORD timeout = FIRST_FRAME;
    bool allowed = false, more = true;

    if (client->count == &stranger_count)
        timeout = CLOSE_DELAY;
    while (more && SUCCEEDED(agent_pipe_receive(client->pipe, client->event, stop, timeout, &frame))
            && decode(client, &frame))
    {
        if (timeout != INFINITE)
            allowed = may_ask(client);
        timeout = INFINITE;
        more = answer(client, allowed);
    }
    agent_frame_clear(&frame);
}

static void client_free(struct client *client)
{
    CloseHandle(client->pipe);
    if (client->process)
        CloseHandle(client->process);
    if (client->event)
        CloseHandle(client->event);
    InterlockedDecrement(client->count);
    free(client);
}

static DWORD WINAPI run_client(void *context)
{
    struct client *client = context;

    InterlockedDecrement(&arriving);
    if (client_count > CLIENTS_MAX)
        refuse(client, E_OUTOFMEMORY);
    else
        serve(client);
    client_free(client);
    return 0;
}

/* A client has come. */
static void begin_client(HANDLE pipe)
{
    struct client *client = calloc(1, sizeof(*client));
    HANDLE thread = NULL;
    LONG most;

    if (!client)
    {
        InterlockedDecrement(&arriving);
        CloseHandle(pipe);
        return;
    }
    client->pipe = pipe;
    /* At once: while it is open no other process gets its id. */
    GetNamedPipeClientProcessId(pipe, &client->process_id);
    if (client->process_id)
        client->process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, client->process_id);
    client->count = process_is_administrator(client->process) ? &client_count : &stranger_count;
    most = client->count == &client_count ? 2 * CLIENTS_MAX : STRANGERS_MAX;
    if (InterlockedIncrement(client->count) <= most
            && (client->event = CreateEventW(NULL, TRUE, FALSE, NULL)))
        thread = CreateThread(NULL, 0, run_client, client, 0, NULL);
    if (thread)
        CloseHandle(thread);
    else
    {
        InterlockedDecrement(&arriving);
        client_free(client);
    }
}

/* ---- the server ---- */

DWORD server_create(void)
{
    if (!(stop = CreateEventW(NULL, TRUE, FALSE, NULL))
            || !(port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1)))
        return GetLastError();
    return listener_create(&listener, SERVER_PIPE_NAME, port, KEY_CONNECTED, &arriving);
}

void server_run(void)
{
    OVERLAPPED *overlapped;
    ULONG_PTR key;
    DWORD bytes;

    while (GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, INFINITE)
            && key == KEY_CONNECTED)
        begin_client(ULongToHandle(bytes));
}

void server_stop(void)
{
    PostQueuedCompletionStatus(port, 0, KEY_STOP, NULL);
}

void server_destroy(void)
{
    ULONGLONG begun = GetTickCount64();

    listener_destroy(listener);
    listener = NULL;
    SetEvent(stop);
    /* A client whose question has no answer yet is not waited for longer than this. */
    while ((client_count || stranger_count) && GetTickCount64() - begun < END_TIMEOUT)
        Sleep(10);
    validators_end();
}
