/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A message and its answer over a bare pipe, repeated, between two threads that do nothing else.
 * All of Wine's processes share one server, and a busy machine slows all of them: a slow echo under
 * attack is not the agent's fault.
 */
#include "live.h"

#define PIPE L"\\\\.\\pipe\\nap-soak-echo"
#define SIZE 64 /* bytes */
#define PAUSE 5 /* ms between two echoes */

static DWORD WINAPI answer(void *pipe)
{
    char message[SIZE];
    DWORD size;

    ConnectNamedPipe(pipe, NULL);
    while (ReadFile(pipe, message, sizeof(message), &size, NULL)
            && WriteFile(pipe, message, size, &size, NULL))
        ;
    CloseHandle(pipe);
    return 0;
}

static DWORD WINAPI ask(void *context)
{
    HANDLE pipe = CreateFileW(PIPE, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    struct board *board = context;
    char message[SIZE] = {0};
    uint64_t begun;
    DWORD size;
    LONG phase;

    while (!board->end)
    {
        phase = board->phase;
        begun = now_ns();
        if (!WriteFile(pipe, message, sizeof(message), &size, NULL)
                || !ReadFile(pipe, message, sizeof(message), &size, NULL))
            die("the bare pipe does not work: error %lu", GetLastError());
        samples_add(&board->echo, board, phase, (double)(now_ns() - begun) / 1000);
        Sleep(PAUSE);
    }
    CloseHandle(pipe);
    return 0;
}

HANDLE echo_begin(struct board *board)
{
    HANDLE pipe = CreateNamedPipeW(PIPE, PIPE_ACCESS_DUPLEX,
                   PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT, 1, 4096, 4096, 0, NULL),
           server, client;

    if (pipe == INVALID_HANDLE_VALUE || !(server = CreateThread(NULL, 0, answer, pipe, 0, NULL))
            || !(client = CreateThread(NULL, 0, ask, board, 0, NULL)))
        die("there is no bare pipe: error %lu", GetLastError());
    CloseHandle(server);
    return client;
}
