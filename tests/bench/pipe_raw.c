/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bare overlapped message pipes: the least cost of any exchange with another process.
 *
 * A message is: u32 size of the answer in bytes, u32 number, filling. The answer has the number and
 * filling.
 */
#include "pipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ECHO_PIPE "\\\\.\\pipe\\nap-bench-echo"
#define FAN_PIPE "\\\\.\\pipe\\nap-bench-fan"
#define MESSAGE_SIZE 0x2000 /* as the product reads */
#define BUFFER 65536

static BYTE message[MESSAGE_SIZE], answer[MESSAGE_SIZE];
static UINT32 number;

static HANDLE create_pipe(const char *name)
{
    HANDLE pipe = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT, PIPE_UNLIMITED_INSTANCES, BUFFER,
            BUFFER, 0, NULL);

    if (pipe == INVALID_HANDLE_VALUE)
        die("no pipe %s: error %lu", name, GetLastError());
    return pipe;
}

static HANDLE open_pipe(const char *name)
{
    DWORD mode = PIPE_READMODE_MESSAGE;
    HANDLE pipe;

    while ((pipe = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                    FILE_FLAG_OVERLAPPED, NULL))
            == INVALID_HANDLE_VALUE)
        Sleep(5);
    SetNamedPipeHandleState(pipe, &mode, NULL, NULL);
    return pipe;
}

/* Waits for a pending operation; returns its bytes, or 0: the pipe is closed. */
static DWORD finish(HANDLE pipe, OVERLAPPED *overlapped, BOOL done)
{
    DWORD bytes = 0;

    if (!done && GetLastError() != ERROR_IO_PENDING)
        return 0;
    return GetOverlappedResult(pipe, overlapped, &bytes, TRUE) ? bytes : 0;
}

static void set_message(struct sizes sizes)
{
    number++;
    memcpy(message, &sizes.back, 4);
    memcpy(message + 4, &number, 4);
}

static void check_answer(const BYTE *bytes, DWORD size, DWORD expected)
{
    if (size != expected || memcmp(bytes, &number, 4))
        die("a bare pipe answered wrongly: %lu bytes, not %lu", size, expected);
}

/* ---- echo ---- */

static HANDLE echo, echo_process, echo_event[2];

/* One pipe, one thread, a completion port. */
int be_raw_server(void)
{
    HANDLE pipe = create_pipe(ECHO_PIPE), port = CreateIoCompletionPort(pipe, NULL, 0, 1);
    OVERLAPPED reading = {0}, writing = {0}, *overlapped;
    ULONG_PTR key;
    DWORD bytes;

    ConnectNamedPipe(pipe, &reading);
    if (GetLastError() == ERROR_PIPE_CONNECTED)
        PostQueuedCompletionStatus(port, 0, 0, &writing);
    while (GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, INFINITE))
    {
        if (overlapped == &reading && bytes)
        {
            memcpy(&bytes, message, 4);
            memcpy(answer, message + 4, 4);
            memset(&writing, 0, sizeof(writing));
            WriteFile(pipe, answer, bytes, NULL, &writing);
        }
        else if (overlapped == &writing && bytes)
            continue; /* written */
        memset(&reading, 0, sizeof(reading));
        ReadFile(pipe, message, sizeof(message), NULL, &reading);
    }
    return 0;
}

void raw_echo_begin(void)
{
    echo_process = start_self("raw-server");
    echo = open_pipe(ECHO_PIPE);
    echo_event[0] = CreateEventW(NULL, TRUE, FALSE, NULL);
    echo_event[1] = CreateEventW(NULL, TRUE, FALSE, NULL);
}

void raw_echo_end(void)
{
    CloseHandle(echo);
    CloseHandle(echo_event[0]);
    CloseHandle(echo_event[1]);
    WaitForSingleObject(echo_process, 5000);
    CloseHandle(echo_process);
}

UINT64 raw_echo(struct sizes sizes)
{
    OVERLAPPED writing = {.hEvent = echo_event[0]}, reading = {.hEvent = echo_event[1]};
    UINT64 begun, ended;
    DWORD got;

    BOOL done;

    set_message(sizes);
    begun = now_ns();
    /* The read is posted first, so it is there when the answer comes. */
    done = ReadFile(echo, answer, sizeof(answer), NULL, &reading);
    if (!done && GetLastError() != ERROR_IO_PENDING)
        die("a bare pipe cannot be read from");
    if (finish(echo, &writing, WriteFile(echo, message, sizes.there, NULL, &writing))
            != sizes.there)
        die("a bare pipe cannot be written to");
    SetLastError(ERROR_IO_PENDING);
    got = finish(echo, &reading, done);
    ended = now_ns();
    check_answer(answer, got, sizes.back);
    return ended - begun;
}

/* ---- fan-out ---- */

static HANDLE fan[PARTNERS], fan_processes[PARTNERS], fan_port;
static BYTE *fan_answers[PARTNERS];

int be_raw_client(const char *text)
{
    char name[64];
    HANDLE pipe, event = CreateEventW(NULL, TRUE, FALSE, NULL);
    DWORD bytes;

    snprintf(name, sizeof(name), "%s-%s", FAN_PIPE, text);
    pipe = open_pipe(name);
    for (;;)
    {
        OVERLAPPED reading = {.hEvent = event}, writing = {.hEvent = event};

        if (!finish(pipe, &reading, ReadFile(pipe, message, sizeof(message), NULL, &reading)))
            return 0;
        memcpy(&bytes, message, 4);
        memcpy(answer, message + 4, 4);
        if (!finish(pipe, &writing, WriteFile(pipe, answer, bytes, NULL, &writing)))
            return 0;
    }
}

void raw_fan_out_begin(void)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    unsigned int i;
    char name[64];

    for (i = 0; i < PARTNERS; i++)
    {
        OVERLAPPED connecting = {.hEvent = event};

        snprintf(name, sizeof(name), "%s-%u", FAN_PIPE, i);
        fan[i] = create_pipe(name);
        fan_answers[i] = malloc(MESSAGE_SIZE);
        fan_processes[i] = start_self("raw-client %u", i);
        if (!ConnectNamedPipe(fan[i], &connecting) && GetLastError() == ERROR_IO_PENDING)
            WaitForSingleObject(event, 20000);
        fan_port = CreateIoCompletionPort(fan[i], fan_port, i, 1);
    }
    CloseHandle(event);
}

void raw_fan_out_end(void)
{
    unsigned int i;

    for (i = 0; i < PARTNERS; i++)
    {
        CloseHandle(fan[i]);
        WaitForSingleObject(fan_processes[i], 5000);
        CloseHandle(fan_processes[i]);
        free(fan_answers[i]);
    }
    CloseHandle(fan_port);
    fan_port = NULL;
}

UINT64 raw_fan_out(struct sizes sizes)
{
    static OVERLAPPED reading[PARTNERS], writing[PARTNERS];
    DWORD got[PARTNERS] = {0}, bytes;
    OVERLAPPED *overlapped;
    UINT64 begun, ended;
    unsigned int i, left;
    ULONG_PTR key;

    set_message(sizes);
    memset(reading, 0, sizeof(reading));
    memset(writing, 0, sizeof(writing));
    begun = now_ns();
    for (i = 0; i < PARTNERS; i++)
        ReadFile(fan[i], fan_answers[i], MESSAGE_SIZE, NULL, &reading[i]);
    for (i = 0; i < PARTNERS; i++)
        WriteFile(fan[i], message, sizes.there, NULL, &writing[i]);
    for (left = 2 * PARTNERS; left; left--)
    {
        if (!GetQueuedCompletionStatus(fan_port, &bytes, &key, &overlapped, 20000))
            die("a bare pipe of the fan-out failed: error %lu", GetLastError());
        if (overlapped == &reading[key])
            got[key] = bytes;
    }
    ended = now_ns();
    for (i = 0; i < PARTNERS; i++)
        check_answer(fan_answers[i], got[i], sizes.back);
    return ended - begun;
}
