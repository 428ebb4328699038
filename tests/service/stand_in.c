/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stand-in for the agent; see stand_in.h.
 */
#include "stand_in.h"

#include <string.h>

#include "tests/conformance/agent.h"

#define INSTANCES 8
#define TYPES 128

static HANDLE ending, changing,
        threads[INSTANCES]; /* manual-reset events, the servers of instances */
static volatile LONG manner, counts[TYPES], served; /* how many have a client */

/* Waits for a client. False: the stand-in is ending. */
static bool accept(HANDLE pipe, HANDLE event)
{
    OVERLAPPED overlapped = {.hEvent = event};
    HANDLE handles[] = {event, ending};
    DWORD ignored;

    ResetEvent(event);
    if (ConnectNamedPipe(pipe, &overlapped) || GetLastError() == ERROR_PIPE_CONNECTED)
        return true;
    if (GetLastError() != ERROR_IO_PENDING)
        return WaitForSingleObject(ending, 1) != WAIT_OBJECT_0;
    if (WaitForMultipleObjects(2, handles, FALSE, INFINITE) == WAIT_OBJECT_0)
        return true;
    CancelIoEx(pipe, &overlapped);
    GetOverlappedResult(pipe, &overlapped, &ignored, TRUE);
    return false;
}

static bool write_bytes(HANDLE pipe, HANDLE event, const void *data, DWORD size)
{
    OVERLAPPED overlapped = {.hEvent = event};
    DWORD written;

    if (!WriteFile(pipe, data, size, NULL, &overlapped) && GetLastError() != ERROR_IO_PENDING)
        return false;
    return GetOverlappedResult(pipe, &overlapped, &written, TRUE);
}

static bool begins_notifications(uint16_t type)
{
    return type == NAPIPC_BIND || type == NAPIPC_WATCH || type == NAPIPC_WATCH_STATE
           || type == NAPIPC_RAS_WATCH || type == NAPIPC_RRAS_WATCH;
}

static bool reject_version(HANDLE pipe, HANDLE event)
{
    uint8_t refusal[NAPIPC_HEADER_SIZE];
    uint16_t version = NAPIPC_VERSION + 1;

    napipc_encode_refusal((uint32_t)HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH), refusal);
    memcpy(refusal + 4, &version, sizeof(version));
    return write_bytes(pipe, event, refusal, sizeof(refusal));
}

static bool answer(HANDLE pipe, HANDLE event, const struct napipc_message *request)
{
    static const char noise[] = "this is not a frame of the protocol";
    struct napipc_message message = {.type = request->type | NAPIPC_REPLY, .call = request->call};

    InterlockedIncrement(&counts[request->type % TYPES]);
    if (manner == STAND_IN_IS_OTHER_RELEASE)
        return reject_version(pipe, event);
    if (request->type == NAPIPC_RRAS_GET_SERVER)
        message.rras_server_reply.enabled = true;
    if (request->type == NAPIPC_GET_STATE)
        message.get_state_reply.isolation.state = 1;
    if (FAILED(agent_pipe_send(pipe, event, &message)))
        return false;
    if (!begins_notifications(request->type))
        return true;
    if (manner == STAND_IN_BABBLES)
        return write_bytes(pipe, event, noise, sizeof(noise));
    if (manner == STAND_IN_CHANGES_TOPIC)
    {
        Sleep(STAND_IN_DELAY);
        memset(&message, 0, sizeof(message));
        message.type = NAPIPC_STATE_CHANGED;
        message.call = 1;
        return SUCCEEDED(agent_pipe_send(pipe, event, &message));
    }
    return true;
}

static DWORD WINAPI serve(void *pipe)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    struct agent_frame frame = {0};

    while (accept(pipe, event))
    {
        struct napipc_message request;

        InterlockedIncrement(&served);
        while (SUCCEEDED(agent_pipe_receive(pipe, event, changing, INFINITE, &frame))
                && WaitForSingleObject(changing, 0) != WAIT_OBJECT_0
                && napipc_decode(frame.data, frame.size, &request, NULL, NULL) == NAPIPC_OK
                && answer(pipe, event, &request))
            ;
        DisconnectNamedPipe(pipe);
        InterlockedDecrement(&served);
        if (WaitForSingleObject(ending, 0) == WAIT_OBJECT_0)
            break;
    }
    agent_frame_clear(&frame);
    CloseHandle(event);
    CloseHandle(pipe);
    return 0;
}

bool stand_in_begin(void)
{
    int i;

    ending = CreateEventW(NULL, TRUE, FALSE, NULL);
    changing = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (agent_process() && !agent_stop())
        return false;
    if (!agent_set_parameter(AGENT_VALUE_STOPPED, 1)
            || !agent_set_parameter(AGENT_VALUE_CONSOLE, GetCurrentProcessId()))
        return false;
    for (i = 0; i < INSTANCES; i++)
    {
        HANDLE pipe = CreateNamedPipeW(AGENT_PIPE_NAME, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, PIPE_UNLIMITED_INSTANCES, 4096, 4096, 0,
                NULL);

        if (pipe == INVALID_HANDLE_VALUE
                || !(threads[i] = CreateThread(NULL, 0, serve, pipe, 0, NULL)))
            return false;
    }
    return true;
}

bool stand_in_end(void)
{
    SetEvent(ending);
    SetEvent(changing);
    WaitForMultipleObjects(INSTANCES, threads, TRUE, 10000);
    agent_forget_parameter(AGENT_VALUE_CONSOLE);
    return agent_start();
}

void stand_in_behave(enum stand_in_manner now)
{
    ULONGLONG until = GetTickCount64() + 10000;

    SetEvent(changing);
    while (served && GetTickCount64() < until) /* until every server has left its client */
        Sleep(1);
    /* Not before: a request that is being answered would get half of each manner, and its client
     * would be told of another release without being counted. */
    memset((void *)counts, 0, sizeof(counts));
    manner = now;
    ResetEvent(changing);
}

LONG stand_in_count(uint16_t type)
{
    return counts[type % TYPES];
}

bool stand_in_await(uint16_t type, LONG count, DWORD timeout)
{
    ULONGLONG until = GetTickCount64() + timeout;

    while (stand_in_count(type) < count && GetTickCount64() < until)
        Sleep(10);
    return stand_in_count(type) >= count;
}
