/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A crowd of silent connections: others are served as if it did not exist, its sudden end delays
 * nobody, and afterwards the agent has as much memory and as many handles as before.
 *
 *   soak-crowd PROCESSES EACH [PROGRAM]  the test; every second process runs PROGRAM, the build of
 *                                        this one of the other bitness
 *   soak-crowd hold EACH NUMBER TEST     one of the processes, until the process TEST ends
 */
#include "soak.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/napclient/napclient.h"
#include "tests/conformance/process.h"

#define ECHO L"\\\\.\\pipe\\nap-soak-crowd-echo"
#define COMING L"\\\\.\\pipe\\nap-soak-crowd-connect"
#define BARE_INSTANCES 4
#define ECHO_SIZE 64
#define SAMPLES 401
#define CROWD_MAX 64 /* processes */
#define WARM_UPS 2
#define LONG_FRAME 65000     /* bytes of a response, of the maximum length */
#define PATIENCE 120000      /* ms */
#define MEMORY_LEFT_OVER 64  /* KiB */
#define HANDLES_LEFT_OVER 16 /* threads of the system's pool come and go */
#define SLOWER_AT_MOST 1.5
#define HELD_UP_AT_MOST 50.0 /* ms more than a bare echo */

/* ---- one of the crowd ---- */

/* The longest possible request, so that the agent's buffer for it must grow. */
static bool ask_at_length(HANDLE pipe)
{
    static uint8_t soh[LONG_FRAME], frame[LONG_FRAME + 1024], answer[256];
    struct napipc_message message = {.type = NAPIPC_SOH_RESPONSE, .call = 1};
    DWORD mode = PIPE_READMODE_MESSAGE, done;
    size_t size;

    message.soh_response.soh.data = soh;
    message.soh_response.soh.size = sizeof(soh);
    return napipc_encode(&message, frame, sizeof(frame), &size) == NAPIPC_OK
           && SetNamedPipeHandleState(pipe, &mode, NULL, NULL)
           && WriteFile(pipe, frame, (DWORD)size, &done, NULL)
           && ReadFile(pipe, answer, sizeof(answer), &done, NULL);
}

static HANDLE event_of(unsigned int number)
{
    WCHAR name[64];

    swprintf(name, ARRAYSIZE(name), L"wine-nap-soak-crowd-%u", number);
    return CreateEventW(NULL, TRUE, FALSE, name);
}

static int hold(unsigned int each, unsigned int number, DWORD test)
{
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, test);
    HANDLE event = event_of(number), pipe;
    unsigned int i;

    for (i = 0; i < each; i++)
    {
        pipe = connect_raw(0);
        if (pipe == INVALID_HANDLE_VALUE || !ask_at_length(pipe))
            return 3;
    }
    SetEvent(event);
    return process && WaitForSingleObject(process, INFINITE) == WAIT_OBJECT_0 ? 0 : 4;
}

/* ---- the clients to be served ---- */

enum
{
    BARE_ECHO,
    QUESTION,
    BARE_CONNECTION,
    NEW_CONNECTION,
    KINDS
};

struct timed
{
    double (*run)(void *context); /* ms */
    void *context;
    volatile LONG end;
    double slowest;
    unsigned int count;
};

static HANDLE echo_pipe;

static HANDLE bare_instance(const WCHAR *name)
{
    HANDLE pipe = CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX,
            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT, BARE_INSTANCES, 4096, 4096, 0,
            NULL);

    if (pipe == INVALID_HANDLE_VALUE)
        die("there is no bare pipe: error %lu", GetLastError());
    return pipe;
}

/* Each client of the instance in turn. */
static DWORD WINAPI answer_bare(void *pipe)
{
    char message[ECHO_SIZE];
    DWORD size;

    while (ConnectNamedPipe(pipe, NULL) || GetLastError() == ERROR_PIPE_CONNECTED)
    {
        while (ReadFile(pipe, message, sizeof(message), &size, NULL)
                && WriteFile(pipe, message, size, &size, NULL))
            ;
        DisconnectNamedPipe(pipe);
    }
    return 0;
}

/* The floors: a pipe that stays connected, and one whose clients come and go. Of the second there
 * are instances enough that one is free while another has not ended its last client yet. */
static void bare_open(void)
{
    unsigned int i;

    for (i = 0; i <= BARE_INSTANCES; i++)
        if (!CreateThread(NULL, 0, answer_bare, bare_instance(i ? COMING : ECHO), 0, NULL))
            die("nobody answers at the bare pipe: error %lu", GetLastError());
    echo_pipe = CreateFileW(ECHO, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
}

static double since(uint64_t begun)
{
    return (double)(now_ns() - begun) / 1e6;
}

static void exchange(HANDLE pipe)
{
    char message[ECHO_SIZE] = {0};
    DWORD size;

    if (!WriteFile(pipe, message, sizeof(message), &size, NULL)
            || !ReadFile(pipe, message, sizeof(message), &size, NULL))
        die("the bare pipe does not work: error %lu", GetLastError());
}

static double echo(void *context)
{
    uint64_t begun = now_ns();

    (void)context;
    exchange(echo_pipe);
    return since(begun);
}

static double bare_connection(void *context)
{
    uint64_t begun = now_ns();
    HANDLE pipe;
    double took;

    (void)context;
    while ((pipe = CreateFileW(
                    COMING, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL))
            == INVALID_HANDLE_VALUE)
        if (!WaitNamedPipeW(COMING, PATIENCE))
            die("no bare connection: error %lu", GetLastError());
    exchange(pipe);
    took = since(begun);
    CloseHandle(pipe);
    return took;
}

static void ask(struct agent_session *session)
{
    struct napipc_message request = {.type = NAPIPC_GET_STATE};
    struct agent_reply reply;
    HRESULT hr = agent_session_call(session, &request, &reply);

    if (FAILED(hr))
        die("the agent answers %#lx", hr);
    agent_reply_clear(&reply);
}

static double question(void *context)
{
    uint64_t begun = now_ns();

    ask(context);
    return since(begun);
}

/* The time to connect and get the first answer. Not by agent_session_open(): that asks the service
 * manager, whose time is not to be measured. */
static double new_connection(void *context)
{
    uint8_t frame[256];
    struct napipc_message message = {.type = NAPIPC_WATCH, .call = 1};
    uint64_t begun = now_ns();
    HANDLE pipe = connect_raw(0);
    DWORD done;
    size_t size;
    double took;

    (void)context;
    if (pipe == INVALID_HANDLE_VALUE || napipc_encode(&message, frame, sizeof(frame), &size)
            || !WriteFile(pipe, frame, (DWORD)size, &done, NULL)
            || !ReadFile(pipe, frame, sizeof(frame), &done, NULL))
        die("no new connection: error %lu", GetLastError());
    took = since(begun);
    CloseHandle(pipe);
    return took;
}

static double median_of(double (*run)(void *context), void *context)
{
    double times[SAMPLES];
    unsigned int i;

    for (i = 0; i < SAMPLES; i++)
        times[i] = run(context);
    return median(times, SAMPLES);
}

/* ---- the crowd ---- */

struct crowd
{
    unsigned int processes;
    unsigned int each;
    const char *programs[2];
    HANDLE process[CROWD_MAX];
};

static void gather(struct crowd *crowd)
{
    PROCESS_INFORMATION process;
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    char line[2 * MAX_PATH];
    HANDLE wait[2];
    unsigned int i;

    for (i = 0; i < crowd->processes; i++)
    {
        wait[0] = event_of(i);
        ResetEvent(wait[0]);
        snprintf(line, sizeof(line), "\"%s\" hold %u %u %lu", crowd->programs[i % 2], crowd->each,
                i, GetCurrentProcessId());
        if (!start_process_a(line, FALSE, &startup, &process))
            die("a process cannot be started: error %lu", GetLastError());
        CloseHandle(process.hThread);
        crowd->process[i] = wait[1] = process.hProcess;
        if (WaitForMultipleObjects(2, wait, FALSE, PATIENCE) != WAIT_OBJECT_0)
            die("process %u of the crowd has not got its %u connections", i, crowd->each);
        CloseHandle(wait[0]);
    }
}

static void disperse(struct crowd *crowd)
{
    unsigned int i;

    for (i = 0; i < crowd->processes; i++)
        TerminateProcess(crowd->process[i], 1);
    for (i = 0; i < crowd->processes; i++)
    {
        WaitForSingleObject(crowd->process[i], PATIENCE);
        CloseHandle(crowd->process[i]);
    }
}

static DWORD WINAPI go_on(void *context)
{
    struct timed *timed = context;
    double took;

    while (!timed->end)
    {
        took = timed->run(timed->context);
        if (took > timed->slowest)
            timed->slowest = took;
        timed->count++;
        Sleep(1);
    }
    return 0;
}

/* The waiting time of requests meanwhile. */
static void end_among(struct crowd *crowd, struct timed *timed, unsigned int count)
{
    HANDLE threads[KINDS];
    unsigned int i;

    for (i = 0; i < count; i++)
        threads[i] = CreateThread(NULL, 0, go_on, &timed[i], 0, NULL);
    Sleep(200);
    for (i = 0; i < count; i++)
        timed[i].slowest = 0;
    if (crowd)
        disperse(crowd);
    Sleep(2000);
    for (i = 0; i < count; i++)
        timed[i].end = 1;
    WaitForMultipleObjects(count, threads, TRUE, PATIENCE);
    for (i = 0; i < count; i++)
    {
        CloseHandle(threads[i]);
        timed[i].end = 0;
    }
}

int main(int argc, char **argv)
{
    struct process_size start, most, full, after;
    struct agent_session session;
    struct crowd crowd = {0};
    struct timed timed[KINDS] = {
            [BARE_ECHO] = {.run = echo},
            [QUESTION] = {.run = question, .context = &session},
            [BARE_CONNECTION] = {.run = bare_connection},
            [NEW_CONNECTION] = {.run = new_connection},
    };
    static const char *const names[KINDS] = {
            "bare echo", "question", "bare connection", "new connection"};
    double quiet[KINDS], crowded[KINDS], slowest_quiet[KINDS], gathered;
    DWORD process, process_after;
    uint64_t begun;
    unsigned int i, round;

    if (argc > 4 && !strcmp(argv[1], "hold"))
        return hold(
                strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10));
    crowd.processes = argc > 1 ? strtoul(argv[1], NULL, 10) : 8;
    crowd.each = argc > 2 ? strtoul(argv[2], NULL, 10) : 125;
    crowd.programs[0] = argv[0];
    crowd.programs[1] = argc > 3 ? argv[3] : argv[0];
    if (crowd.processes > CROWD_MAX)
        die("at most %d processes", CROWD_MAX);
    bare_open();
    if (FAILED(ask_state(&process)) || FAILED(agent_session_open(&session, true)))
        die("the agent is not there");
    /* Two crowds first, unmeasured, so that permanent memory is there: tables of handles do not
     * shrink, and free places of the heap are used again from the second one on. */
    most = process_measure(process);
    most.handles += HANDLES_LEFT_OVER;
    most.memory = (DWORD)-1;
    for (round = 0; round < WARM_UPS; round++)
    {
        gather(&crowd);
        for (i = 0; i < KINDS; i++)
            median_of(timed[i].run, timed[i].context);
        end_among(&crowd, timed, KINDS);
        process_shrinks(process, most);
        Sleep(2000);
    }
    end_among(NULL, timed, KINDS);
    for (i = 0; i < KINDS; i++)
        slowest_quiet[i] = timed[i].slowest;
    start = process_measure(process);
    for (i = 0; i < KINDS; i++)
        quiet[i] = median_of(timed[i].run, timed[i].context);

    begun = now_ns();
    gather(&crowd);
    gathered = since(begun) / 1000;
    full = process_measure(process);
    for (i = 0; i < KINDS; i++)
        crowded[i] = median_of(timed[i].run, timed[i].context);
    end_among(&crowd, timed, KINDS);
    most.handles = start.handles + HANDLES_LEFT_OVER;
    most.memory = start.memory + MEMORY_LEFT_OVER;
    after = process_shrinks(process, most);
    if (FAILED(ask_state(&process_after)))
        die("the agent is not there any more");

    printf("%u connections of %u processes, made in %.1f s; each asked once with %d bytes\n",
            crowd.processes * crowd.each, crowd.processes, gathered, LONG_FRAME);
    for (i = 0; i < KINDS; i++)
        printf("%s: median without and with them %.0f and %.0f us (%.2f times), slowest in quiet and "
               "while all end at once %.1f and %.1f ms\n",
                names[i], quiet[i] * 1000, crowded[i] * 1000, crowded[i] / quiet[i],
                slowest_quiet[i], timed[i].slowest);
    printf("the agent: %lu, %lu and %lu handles, %lu, %lu and %lu KiB: %.1f KiB a connection\n",
            start.handles, full.handles, after.handles, start.memory, full.memory, after.memory,
            ((double)full.memory - start.memory) / (crowd.processes * crowd.each));
    check(process == process_after, "the agent lives through it", "process %lu became %lu", process,
            process_after);
    for (i = BARE_ECHO; i < KINDS; i += 2)
    {
        check(crowded[i + 1] <= quiet[i + 1] * SLOWER_AT_MOST,
                i ? "a new connection takes as long as without the crowd"
                  : "a question takes as long as without the crowd",
                "%.2f times", crowded[i + 1] / quiet[i + 1]);
        check(timed[i + 1].slowest <= timed[i].slowest + HELD_UP_AT_MOST,
                i ? "no new connection waits for the end of the crowd"
                  : "no question waits for the end of the crowd",
                "%.1f ms, a %s %.1f ms", timed[i + 1].slowest, names[i], timed[i].slowest);
    }
    check(after.handles <= most.handles, "the agent has its handles back", "%lu, %lu before",
            after.handles, start.handles);
    check(after.memory <= most.memory, "the agent has its memory back", "%lu KiB, %lu before",
            after.memory, start.memory);
    agent_session_close(&session);
    return checks_failed();
}
