/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "soak.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <winternl.h>
#include <psapi.h>

#include "libs/napclient/napclient.h"

static int failures;

void check(bool good, const char *name, const char *format, ...)
{
    va_list arguments;

    if (good)
        printf("ok %s\n", name);
    else
    {
        failures++;
        printf("not ok %s: ", name);
        va_start(arguments, format);
        vprintf(format, arguments);
        va_end(arguments);
        printf("\n");
    }
    fflush(stdout);
}

int checks_failed(void)
{
    return failures != 0;
}

void die(const char *format, ...)
{
    va_list arguments;

    printf("not ok the soak runs: ");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    fflush(stdout);
    ExitProcess(1);
}

uint64_t now_ns(void)
{
    LARGE_INTEGER frequency, count;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return (uint64_t)((double)count.QuadPart * 1e9 / (double)frequency.QuadPart);
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

double median(double *values, unsigned int count)
{
    qsort(values, count, sizeof(*values), by_value);
    return (values[count / 2] + values[(count - 1) / 2]) / 2;
}

uint32_t random_below(uint64_t *seed, uint32_t end)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)((*seed >> 32) % end);
}

HRESULT ask_state(DWORD *process)
{
    struct napipc_message request = {.type = NAPIPC_GET_STATE};
    struct agent_session session;
    struct agent_reply reply;
    HRESULT hr;

    if (FAILED(hr = agent_session_open(&session, true)))
        return hr;
    if (SUCCEEDED(hr = agent_session_call(&session, &request, &reply)))
    {
        *process = reply.message.get_state_reply.process_id;
        agent_reply_clear(&reply);
    }
    agent_session_close(&session);
    return hr;
}

/* Wine's GetProcessHandleCount returns 0 for every process, and its list of processes has the size
 * of the table, so the handles themselves are counted: those of all processes are listed. */
static DWORD count_handles(DWORD process)
{
    static BYTE list[0x100000];
    SYSTEM_HANDLE_INFORMATION *all = (SYSTEM_HANDLE_INFORMATION *)list;
    DWORD count = 0;
    ULONG needed, i;

    if (NtQuerySystemInformation(SystemHandleInformation, list, sizeof(list), &needed))
        die("the handles cannot be listed");
    for (i = 0; i < all->Count; i++)
        count += all->Handle[i].OwnerPid == process;
    return count;
}

struct process_size process_measure(DWORD id)
{
    HANDLE process = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, id);
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof(counters)};
    struct process_size size;

    if (!process || !GetProcessMemoryInfo(process, &counters, sizeof(counters)))
        die("process %lu cannot be measured", id);
    CloseHandle(process);
    size.handles = count_handles(id);
    size.memory = (DWORD)(counters.PagefileUsage / 1024);
    if (!size.handles || !size.memory)
        die("process %lu has %lu handles and %lu KiB: it is not measured", id, size.handles,
                size.memory);
    return size;
}

struct process_size process_shrinks(DWORD process, struct process_size most)
{
    struct process_size size = process_measure(process);
    unsigned int tries;

    /* The last closed handles may still be open. */
    for (tries = 0; tries < 300 && (size.handles > most.handles || size.memory > most.memory);
            tries++)
    {
        Sleep(100);
        size = process_measure(process);
    }
    return size;
}

HANDLE connect_raw(DWORD overlapped)
{
    HANDLE pipe;

    for (;;)
    {
        pipe = CreateFileW(AGENT_PIPE_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                overlapped, NULL);
        if (pipe != INVALID_HANDLE_VALUE || GetLastError() != ERROR_PIPE_BUSY)
            return pipe;
        WaitNamedPipeW(AGENT_PIPE_NAME, 1000);
    }
}
