/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The frames that a hostile session sends and receives.
 */
#include "hostile.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PATIENCE 60000 /* ms; a longer wait is a hang */

struct hostile_report *report;
uint64_t seed;
uint8_t bytes[LONGEST];
static struct agent_frame frame; /* the last frame received */

uint32_t below(uint32_t end)
{
    return random_below(&seed, end);
}

bool unexpected(const char *format, ...)
{
    va_list arguments;

    if (!report->unexpected)
    {
        va_start(arguments, format);
        vsnprintf(report->surprise, sizeof(report->surprise), format, arguments);
        va_end(arguments);
    }
    InterlockedIncrement(&report->unexpected);
    return false;
}

/* ---- frames ---- */

void fill(void *to, size_t size)
{
    uint8_t *p = to;

    while (size--)
        *p++ = (uint8_t)below(256);
}

static struct napipc_blob random_blob(uint32_t most)
{
    static uint8_t noise[4096];
    struct napipc_blob blob = {noise, below(most + 1)};

    fill(noise, blob.size);
    return blob;
}

/* Sometimes 0, 1 or the last index, which are edge cases. */
static uint32_t random_number(void)
{
    switch (below(4))
    {
    case 0:
        return below(3);
    case 1:
        return UINT32_MAX - below(2);
    case 2:
        return 0x10000 + below(20); /* in the range of handles */
    default:
        return below(UINT32_MAX);
    }
}

void random_selector(struct napipc_rras_selector *selector)
{
    selector->kind = (uint8_t)(1 + below(5));
    selector->id = random_number();
    fill(selector->guid.bytes, sizeof(selector->guid.bytes));
    fill(selector->ipv4, sizeof(selector->ipv4));
}

void random_request(struct napipc_message *message)
{
    static const uint16_t types[] = {NAPIPC_GET_STATE, NAPIPC_LIST_COMPONENTS,
            NAPIPC_LIST_CONNECTIONS, NAPIPC_WATCH, NAPIPC_UNBIND, NAPIPC_SOH_REQUEST,
            NAPIPC_SOH_RESPONSE, NAPIPC_CONNECTION_DOWN, NAPIPC_SOH_CHANGE_FAILURE,
            NAPIPC_SOH_CHANGE, NAPIPC_FLUSH_CACHE, NAPIPC_RAS_LIST, NAPIPC_RAS_GET,
            NAPIPC_RAS_NAP_STATUS, NAPIPC_RAS_WATCH, NAPIPC_RRAS_GET_SERVER, NAPIPC_RRAS_LIST,
            NAPIPC_RRAS_GET, NAPIPC_RRAS_WATCH};

    memset(message, 0, sizeof(*message));
    message->type = types[below(ARRAYSIZE(types))];
    message->call = 1 + below(1000);
    switch (message->type)
    {
    case NAPIPC_LIST_COMPONENTS:
        message->list_components.kind = 1 + below(2);
        message->list_components.after = random_number();
        break;
    case NAPIPC_LIST_CONNECTIONS:
        message->list_connections.after = random_number();
        break;
    case NAPIPC_SOH_REQUEST:
        message->soh_request.private_data = random_blob(40);
        message->soh_request.max_size = random_number();
        message->soh_request.object = random_number();
        break;
    case NAPIPC_SOH_RESPONSE:
        message->soh_response.soh = random_blob(300);
        break;
    case NAPIPC_CONNECTION_DOWN:
        message->connection_down.private_data = random_blob(40);
        break;
    case NAPIPC_RAS_LIST:
        message->ras_list.after = random_number();
        break;
    case NAPIPC_RAS_GET:
    case NAPIPC_RAS_NAP_STATUS:
        message->ras_handle.handle = random_number();
        break;
    case NAPIPC_RRAS_LIST:
        message->rras_list.after = random_number();
        message->rras_list.limit = random_number();
        message->rras_list.even_if_off = below(2);
        break;
    case NAPIPC_RRAS_GET:
        random_selector(&message->rras_select.selector);
        break;
    }
}

DWORD encode(const struct napipc_message *message)
{
    size_t size = 0;

    if (napipc_encode(message, bytes, sizeof(bytes), &size) != NAPIPC_OK)
        unexpected("request %u does not encode", message->type);
    return (DWORD)size;
}

DWORD random_frame(void)
{
    struct napipc_message message;

    random_request(&message);
    return encode(&message);
}

/* ---- a connection ---- */

bool open_session(struct session *session)
{
    DWORD mode = PIPE_READMODE_MESSAGE;

    memset(session, 0, sizeof(*session));
    session->pipe = connect_raw(FILE_FLAG_OVERLAPPED);
    if (session->pipe == INVALID_HANDLE_VALUE)
    {
        session->pipe = NULL;
        return unexpected("the pipe cannot be opened: error %lu", GetLastError());
    }
    session->event = CreateEventW(NULL, TRUE, FALSE, NULL);
    /* ERROR_PIPE_NOT_CONNECTED and similar errors: false, nothing is closed yet. */
    if (!SetNamedPipeHandleState(session->pipe, &mode, NULL, NULL))
        return unexpected("a new connection is closed: error %lu", GetLastError());
    return true;
}

void close_session(struct session *session)
{
    if (!session->pipe)
        return;
    CloseHandle(session->pipe);
    CloseHandle(session->event);
    session->pipe = NULL;
}

bool put(struct session *session, DWORD size)
{
    OVERLAPPED overlapped = {.hEvent = session->event};
    DWORD written;

    if (!WriteFile(session->pipe, bytes, size, NULL, &overlapped)
            && GetLastError() != ERROR_IO_PENDING)
        return false;
    if (WaitForSingleObject(session->event, PATIENCE) != WAIT_OBJECT_0)
    {
        CancelIoEx(session->pipe, &overlapped);
        unexpected("the agent does not read");
    }
    return GetOverlappedResult(session->pipe, &overlapped, &written, TRUE) && written == size;
}

bool is_closed(struct session *session, const char *after)
{
    HRESULT hr;

    while ((hr = agent_pipe_receive(session->pipe, session->event, NULL, PATIENCE, &frame)) == S_OK)
        ;
    return hr == RPC_E_DISCONNECTED || unexpected("%s costs nothing: %#lx", after, hr);
}

bool get_answer(struct session *session, struct napipc_message *reply)
{
    HRESULT hr;

    while ((hr = agent_pipe_receive(session->pipe, session->event, NULL, PATIENCE, &frame)) == S_OK)
    {
        if (frame.size >= 8 && frame.data[6] == 0 && frame.data[7] == 0x80)
            return false; /* the refusal of another version, which no version decodes */
        if (napipc_decode(frame.data, frame.size, reply, NULL, NULL) != NAPIPC_OK)
            return unexpected("the agent's answer does not decode");
        if (reply->type & NAPIPC_REPLY)
            return true;
    }
    if (hr != RPC_E_DISCONNECTED)
        unexpected("no answer: %#lx", hr);
    return false;
}

HRESULT call(struct session *session, struct napipc_message *message, struct napipc_message *reply)
{
    message->call = 1 + below(1000);
    if (!put(session, encode(message)) || !get_answer(session, reply))
        return RPC_E_DISCONNECTED;
    if (reply->type != (message->type | NAPIPC_REPLY) || reply->call != message->call)
        unexpected("request %u, call %u is answered %#x, %u", message->type, message->call,
                reply->type, reply->call);
    return (HRESULT)reply->status;
}

HRESULT bind_as(struct session *session, uint32_t kind, uint32_t id)
{
    struct napipc_message message = {.type = NAPIPC_BIND}, reply;

    message.bind.kind = kind;
    message.bind.id = id;
    message.bind.again = kind == NAPIPC_ENFORCEMENT_CLIENT && below(2);
    return call(session, &message, &reply);
}

bool bind_somehow(struct session *session)
{
    return bind_as(session, NAPIPC_ENFORCEMENT_CLIENT, HOSTILE_CLIENT) == S_OK;
}
