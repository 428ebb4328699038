/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connecting to the agent's pipe and closing it many times in a row, with garbage in every third
 * connection, leaves the service as fast and as large as it was.
 *
 *   soak-storm ROUNDS
 */
#include "soak.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/napclient/napclient.h"

#define QUESTIONS 201
#define WARM_UP 100           /* connections at once, and rounds */
#define HANDLES_LEFT_OVER 16  /* threads of the system's pool come and go */
#define MEMORY_LEFT_OVER 1024 /* KiB; the heap keeps some freed memory */
/* The machine may be busy with other things too. */
#define MUST_ANSWER_IN(quiet) ((quiet)*10 + 50000) /* us */

/* Garbage that a stranger may write: noise, a wrong header, a truncated frame. */
static DWORD make_garbage(unsigned int round, uint8_t *bytes, DWORD size)
{
    struct napipc_message message = {.type = NAPIPC_GET_STATE, .call = 1};
    size_t written = 0;
    DWORD i;

    switch (round % 4)
    {
    case 0:
        for (i = 0; i < size; i++)
            bytes[i] = (uint8_t)(round * 31 + i * 7);
        return 1 + round % (size - 1);
    case 1:
        memset(bytes, 0xff, NAPIPC_HEADER_SIZE);
        return NAPIPC_HEADER_SIZE;
    case 2:
        napipc_encode(&message, bytes, size, &written);
        return (DWORD)written - 3;
    default:
        napipc_encode(&message, bytes, size, &written);
        bytes[4] = 99; /* another version */
        return (DWORD)written;
    }
}

static bool connect_and_close(unsigned int round)
{
    HANDLE pipe = connect_raw(0);
    uint8_t garbage[300];
    DWORD written;

    if (pipe == INVALID_HANDLE_VALUE)
        return false;
    if (round % 3 == 0)
        WriteFile(pipe, garbage, make_garbage(round, garbage, sizeof(garbage)), &written, NULL);
    return CloseHandle(pipe);
}

/* The median duration of a request in a session of its own, in us. */
static double answer_time(DWORD *process)
{
    double times[QUESTIONS];
    unsigned int i;
    uint64_t begun;
    HRESULT hr;

    for (i = 0; i < QUESTIONS; i++)
    {
        begun = now_ns();
        if (FAILED(hr = ask_state(process)))
            die("the agent answers %#lx", hr);
        times[i] = (double)(now_ns() - begun) / 1000;
    }
    return median(times, QUESTIONS);
}

/* So that permanent memory is there. So many connections at once are the crowd's in part. */
static void warm_up(void)
{
    HANDLE pipes[WARM_UP];
    unsigned int i;

    for (i = 0; i < WARM_UP; i++)
        pipes[i] = connect_raw(0);
    for (i = 0; i < WARM_UP; i++)
        CloseHandle(pipes[i]);
    for (i = 0; i < WARM_UP; i++)
        connect_and_close(i);
}

int main(int argc, char **argv)
{
    unsigned int rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000, round, opened = 0;
    struct process_size before, most, after;
    double quiet, then, seconds;
    DWORD process, process_after;
    uint64_t begun;

    quiet = answer_time(&process);
    warm_up();
    before = process_measure(process);
    begun = now_ns();
    for (round = 0; round < rounds; round++)
        opened += connect_and_close(round);
    seconds = (double)(now_ns() - begun) / 1e9;
    then = answer_time(&process_after);
    most.handles = before.handles + HANDLES_LEFT_OVER;
    most.memory = before.memory + MEMORY_LEFT_OVER;
    after = process_shrinks(process, most);

    printf("%d bit: %u pairs in %.1f s; answers in %.0f us before and %.0f us after; "
           "%lu and %lu handles, %lu and %lu KiB\n",
            (int)sizeof(void *) * 8, rounds, seconds, quiet, then, before.handles, after.handles,
            before.memory, after.memory);
    check(opened == rounds, "each connection of a storm is accepted", "%u of %u", opened, rounds);
    check(process == process_after, "the agent lives through a storm", "process %lu became %lu",
            process, process_after);
    check(then <= MUST_ANSWER_IN(quiet), "it answers as before", "%.0f us, %.0f before", then,
            quiet);
    check(after.handles <= most.handles, "it has its handles back", "%lu, %lu before",
            after.handles, before.handles);
    check(after.memory <= most.memory, "it has its memory back", "%lu KiB, %lu before",
            after.memory, before.memory);
    return checks_failed();
}
