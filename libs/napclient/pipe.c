/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One overlapped handle on the agent's pipe.
 *
 * Overlapped, because on a synchronous handle a pending read blocks writes.
 */
#include "libs/napclient/napclient.h"

#include <stdlib.h>

#include "libs/log/log.h"

#define BUSY_TIMEOUT 5000   /* ms to wait while every instance of the pipe is taken */
#define START_TIMEOUT 15000 /* ms from the start of the service to its pipe */
#define START_POLL 50       /* ms between checks whether it still lives */
#define STARTS_MAX 4        /* of a service that ends before it has a pipe */
#define SEND_TIMEOUT 30000  /* ms the agent may leave a frame unread */
#define SMALL_FRAME 1024    /* bytes, on the stack */
#define FIRST_CAPACITY 8192

void agent_frame_clear(struct agent_frame *frame)
{
    free(frame->data);
    frame->data = NULL;
    frame->size = frame->capacity = 0;
}

/* Is the server of the pipe the agent? Nothing is sent to a squatter. */
static HRESULT check_server(HANDLE pipe)
{
    static LONG logged; /* logged for this process; clients that wait for the agent retry */
    ULONG pid = 0;

    if (!GetNamedPipeServerProcessId(pipe, &pid))
        return HRESULT_FROM_WIN32(GetLastError());
    if (pid && pid == agent_service_process())
        return S_OK;
    if (pid && pid == agent_parameter(AGENT_VALUE_CONSOLE, 0))
    {
        log_event(LOG_WARN, 0, "console",
                "the agent is a `napagent --console`, process %lu, "
                "not the service",
                pid);
        return S_OK;
    }
    if ((ULONG)InterlockedExchange(&logged, (LONG)pid) != pid)
        log_event(LOG_ERROR, 0, "squatter",
                "the pipe of the agent is served by process %lu, "
                "which is not the service \"napagent\"; end that process and start the service",
                pid);
    return RPC_E_DISCONNECTED;
}

/* The same for napserver. */
static HRESULT check_napserver(HANDLE pipe)
{
    ULONG pid = 0;

    if (!GetNamedPipeServerProcessId(pipe, &pid))
        return HRESULT_FROM_WIN32(GetLastError());
    if (pid && pid == server_service_process())
        return S_OK;
    log_event(LOG_ERROR, 0, "squatter",
            "the pipe of napserver is served by process %lu, which is not the service "
            "\"napserver\"; end that process and start the service",
            pid);
    return RPC_E_DISCONNECTED;
}

static HRESULT open_once(const WCHAR *name, HRESULT (*check)(HANDLE pipe), HANDLE *pipe)
{
    DWORD mode = PIPE_READMODE_MESSAGE;
    HRESULT hr;

    *pipe = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
            FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
    if (*pipe == INVALID_HANDLE_VALUE)
    {
        *pipe = NULL;
        return HRESULT_FROM_WIN32(GetLastError());
    }
    hr = check(*pipe);
    if (SUCCEEDED(hr) && !SetNamedPipeHandleState(*pipe, &mode, NULL, NULL))
        hr = HRESULT_FROM_WIN32(GetLastError());
    if (FAILED(hr))
    {
        CloseHandle(*pipe);
        *pipe = NULL;
    }
    return hr;
}

static bool cancelled(HANDLE cancel, DWORD timeout)
{
    if (cancel)
        return WaitForSingleObject(cancel, timeout) == WAIT_OBJECT_0;
    Sleep(timeout);
    return false;
}

HRESULT agent_pipe_open(bool start, HANDLE cancel, HANDLE *pipe)
{
    ULONGLONG begun = GetTickCount64(), waited;
    unsigned int starts = 0;
    DWORD pause = 1;
    bool gone;
    HRESULT hr;

    for (;;)
    {
        hr = open_once(AGENT_PIPE_NAME, check_server, pipe);
        waited = GetTickCount64() - begun;
        if (hr == HRESULT_FROM_WIN32(ERROR_PIPE_BUSY) && waited < BUSY_TIMEOUT)
        {
            if (cancelled(cancel, 0))
                return E_ABORT;
            WaitNamedPipeW(AGENT_PIPE_NAME, 100);
            continue;
        }
        if (hr != HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND))
            break;
        if (!start)
            return RPC_E_DISCONNECTED;
        /* It may be killed before it has a pipe: start it again then. */
        gone = pause >= START_POLL && !agent_service_process();
        if (!starts || (gone && starts < STARTS_MAX))
        {
            if (FAILED(hr = agent_start_service()))
                return hr;
            starts++;
            pause = 1;
        }
        else if (gone || waited > START_TIMEOUT)
        {
            log_event(LOG_ERROR, 0, "start",
                    "the service \"napagent\" was started but %s; its log "
                    "says why",
                    gone ? "ended" : "did not make its pipe in time");
            return RPC_E_DISCONNECTED;
        }
        else if (cancelled(cancel, pause))
            return E_ABORT;
        else if (pause < START_POLL)
            pause *= 2;
    }
    if (hr == HRESULT_FROM_WIN32(ERROR_PIPE_BUSY))
        hr = RPC_E_DISCONNECTED;
    return hr;
}

HRESULT server_pipe_open(HANDLE *pipe)
{
    ULONGLONG begun = GetTickCount64();
    HRESULT hr;

    while ((hr = open_once(SERVER_PIPE_NAME, check_napserver, pipe))
                    == HRESULT_FROM_WIN32(ERROR_PIPE_BUSY)
            && GetTickCount64() - begun < BUSY_TIMEOUT)
        WaitNamedPipeW(SERVER_PIPE_NAME, 100);
    return hr == HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND)
                           || hr == HRESULT_FROM_WIN32(ERROR_PIPE_BUSY)
                   ? RPC_E_DISCONNECTED
                   : hr;
}

/* Cancels an operation; afterwards its OVERLAPPED may be freed. */
static void cancel_operation(HANDLE pipe, OVERLAPPED *overlapped)
{
    DWORD ignored;

    CancelIoEx(pipe, overlapped);
    GetOverlappedResult(pipe, overlapped, &ignored, TRUE);
}

/* Waits for an operation that was started; `error` is the result of starting it. */
static DWORD finish_operation(HANDLE pipe, OVERLAPPED *overlapped, HANDLE cancel, DWORD timeout,
        DWORD error, DWORD *bytes)
{
    if (error == ERROR_IO_PENDING)
    {
        HANDLE handles[2] = {overlapped->hEvent, cancel};
        DWORD which = WaitForMultipleObjects(cancel ? 2 : 1, handles, FALSE, timeout);

        if (which != WAIT_OBJECT_0)
        {
            /* If it completed meanwhile, that counts: nobody will send it again. */
            CancelIoEx(pipe, overlapped);
            if (GetOverlappedResult(pipe, overlapped, bytes, TRUE))
                return 0;
            if (GetLastError() == ERROR_MORE_DATA)
                return ERROR_MORE_DATA;
            return which == WAIT_TIMEOUT ? ERROR_TIMEOUT : ERROR_OPERATION_ABORTED;
        }
    }
    else if (error && error != ERROR_MORE_DATA)
        return error;
    return GetOverlappedResult(pipe, overlapped, bytes, FALSE) ? 0 : GetLastError();
}

static HRESULT result_of(DWORD error)
{
    switch (error)
    {
    case 0:
        return S_OK;
    case ERROR_OPERATION_ABORTED:
        return E_ABORT;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
        return E_OUTOFMEMORY;
    case ERROR_TIMEOUT:
        return HRESULT_FROM_WIN32(ERROR_TIMEOUT);
    default:
        return RPC_E_DISCONNECTED;
    }
}

HRESULT agent_pipe_send(HANDLE pipe, HANDLE event, const struct napipc_message *message)
{
    size_t capacity = napipc_frame_size(message), size;
    OVERLAPPED overlapped = {.hEvent = event};
    uint8_t small[SMALL_FRAME], *frame = small;
    DWORD error, sent;

    if (capacity > sizeof(small) && !(frame = malloc(capacity)))
        return E_OUTOFMEMORY;
    if (napipc_encode(message, frame, capacity, &size) != NAPIPC_OK)
        error = ERROR_INVALID_DATA;
    else
    {
        error = WriteFile(pipe, frame, (DWORD)size, NULL, &overlapped) ? 0 : GetLastError();
        error = finish_operation(pipe, &overlapped, NULL, SEND_TIMEOUT, error, &sent);
    }
    SecureZeroMemory(frame, capacity); /* there may be a password */
    if (frame != small)
        free(frame);
    if (error == ERROR_INVALID_DATA)
        return E_INVALIDARG;
    return result_of(error);
}

static bool grow(struct agent_frame *frame)
{
    size_t capacity = frame->capacity ? frame->capacity * 4 : FIRST_CAPACITY;
    uint8_t *data;

    if (capacity > NAPIPC_MAX_FRAME)
        capacity = NAPIPC_MAX_FRAME;
    if (capacity <= frame->size || !(data = realloc(frame->data, capacity)))
        return false;
    frame->data = data;
    frame->capacity = capacity;
    return true;
}

/* Reads until the message is complete; `error` is the result of reading so far. */
static DWORD receive_on(HANDLE pipe, HANDLE event, HANDLE cancel, DWORD timeout,
        struct agent_frame *frame, DWORD error)
{
    while (error == ERROR_MORE_DATA)
    {
        OVERLAPPED overlapped = {.hEvent = event};
        DWORD received = 0;

        if (frame->size == frame->capacity && !grow(frame))
            return frame->capacity >= NAPIPC_MAX_FRAME ? ERROR_INVALID_DATA : ERROR_OUTOFMEMORY;
        error = ReadFile(pipe, frame->data + frame->size, (DWORD)(frame->capacity - frame->size),
                        NULL, &overlapped)
                        ? 0
                        : GetLastError();
        error = finish_operation(pipe, &overlapped, cancel, timeout, error, &received);
        frame->size += received;
    }
    return error;
}

HRESULT agent_pipe_receive(
        HANDLE pipe, HANDLE event, HANDLE cancel, DWORD timeout, struct agent_frame *frame)
{
    frame->size = 0;
    return result_of(receive_on(pipe, event, cancel, timeout, frame, ERROR_MORE_DATA));
}

HRESULT agent_pipe_exchange(HANDLE pipe, HANDLE sent, HANDLE received,
        const struct napipc_message *message, DWORD timeout, struct agent_frame *frame)
{
    OVERLAPPED reading = {.hEvent = received}, writing = {.hEvent = sent};
    DWORD read_error, write_error, got = 0, ignored;
    uint8_t bytes[SMALL_FRAME];
    size_t size;
    HRESULT hr;

    /* Allocate before sending: a request whose answer cannot be received must not take effect. */
    frame->size = 0;
    if (!frame->capacity && !grow(frame))
        return E_OUTOFMEMORY;
    /* Long messages are too rare for this to matter, and so are those with a password. */
    if (napipc_frame_size(message) > sizeof(bytes) || message->type == NAPIPC_RAS_DIAL)
    {
        hr = agent_pipe_send(pipe, sent, message);
        return FAILED(hr) ? hr : agent_pipe_receive(pipe, received, NULL, timeout, frame);
    }
    if (napipc_encode(message, bytes, sizeof(bytes), &size) != NAPIPC_OK)
        return E_INVALIDARG;
    read_error = ReadFile(pipe, frame->data, (DWORD)frame->capacity, NULL, &reading)
                         ? 0
                         : GetLastError();
    if (read_error && read_error != ERROR_IO_PENDING && read_error != ERROR_MORE_DATA)
        return result_of(read_error);
    write_error = WriteFile(pipe, bytes, (DWORD)size, NULL, &writing) ? 0 : GetLastError();
    if (write_error && write_error != ERROR_IO_PENDING)
    {
        cancel_operation(pipe, &reading);
        return result_of(write_error);
    }
    read_error = finish_operation(pipe, &reading, NULL, timeout, read_error, &got);
    /* If the agent has answered, it has read the request; only after a failure may that be
     * unread. */
    if (read_error && read_error != ERROR_MORE_DATA)
        cancel_operation(pipe, &writing);
    else
        GetOverlappedResult(pipe, &writing, &ignored, TRUE);
    frame->size = got;
    return result_of(receive_on(pipe, received, NULL, timeout, frame, read_error));
}
