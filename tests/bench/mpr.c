/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * MprAdminConnectionEnum of a full table, against a bare message pipe that
 * carries as many bytes as the result has, in messages of 64 KiB.
 *
 * Each list is checked, entry by entry; a wrong one ends the bench.
 */
#include "pipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mprapi.h>
#include <psapi.h>
#include <winsvc.h>

#include "tests/conformance/agent.h"

#define RAW_PIPE "\\\\.\\pipe\\nap-bench-mpr"
#define MESSAGE_SIZE 65536
#define FEW 1024
#define MANY 16384
#define MEMORY_MOST 64 /* MiB */

static MPR_SERVER_HANDLE server;

/* ---- the bare pipe ---- */

static DWORD finish(HANDLE pipe, OVERLAPPED *overlapped, BOOL done)
{
    DWORD bytes = 0;

    if (!done && GetLastError() != ERROR_IO_PENDING)
        return 0;
    return GetOverlappedResult(pipe, overlapped, &bytes, TRUE) ? bytes : 0;
}

/* Sends as many bytes as requested. */
int be_raw_sender(void)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE pipe = CreateNamedPipeA(RAW_PIPE, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT, 1, MESSAGE_SIZE, MESSAGE_SIZE, 0,
            NULL);
    OVERLAPPED overlapped = {.hEvent = event};
    static BYTE message[MESSAGE_SIZE];
    DWORD left, size;

    if (!ConnectNamedPipe(pipe, &overlapped) && GetLastError() == ERROR_IO_PENDING)
        WaitForSingleObject(event, INFINITE);
    while (finish(pipe, &overlapped, ReadFile(pipe, &left, sizeof(left), NULL, &overlapped)))
        for (; left; left -= size)
        {
            size = min(left, MESSAGE_SIZE);
            if (finish(pipe, &overlapped, WriteFile(pipe, message, size, NULL, &overlapped))
                    != size)
                return 1;
        }
    return 0;
}

static HANDLE raw_begin(void)
{
    DWORD mode = PIPE_READMODE_MESSAGE;
    HANDLE pipe;

    start_self("raw-sender");
    while ((pipe = CreateFileA(RAW_PIPE, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                    FILE_FLAG_OVERLAPPED, NULL))
            == INVALID_HANDLE_VALUE)
        Sleep(5);
    SetNamedPipeHandleState(pipe, &mode, NULL, NULL);
    return pipe;
}

static UINT64 raw_transfer(HANDLE pipe, DWORD bytes)
{
    static BYTE message[MESSAGE_SIZE];
    static HANDLE event;
    OVERLAPPED overlapped;
    DWORD left, got;
    UINT64 begun;

    if (!event)
        event = CreateEventW(NULL, TRUE, FALSE, NULL);
    memset(&overlapped, 0, sizeof(overlapped));
    overlapped.hEvent = event;
    begun = now_ns();
    if (!finish(pipe, &overlapped, WriteFile(pipe, &bytes, sizeof(bytes), NULL, &overlapped)))
        die("the bare pipe cannot be written to");
    for (left = bytes; left; left -= got)
    {
        got = finish(
                pipe, &overlapped, ReadFile(pipe, message, sizeof(message), NULL, &overlapped));
        if (got != min(left, MESSAGE_SIZE))
            die("the bare pipe gave %lu bytes", got);
    }
    return now_ns() - begun;
}

/* ---- the product ---- */

static void load(DWORD count)
{
    WCHAR directory[MAX_PATH], name[MAX_PATH], command[MAX_PATH + 32];
    FILE *file;
    DWORD i;

    GetTempPathW(MAX_PATH, directory);
    GetTempFileNameW(directory, L"mpr", 0, name);
    if (!(file = _wfopen(name, L"wb")))
        die("cannot write %ls", name);
    for (i = 0; i < count; i++)
        fprintf(file,
                "add --user user%05lu --domain CORP --computer PC%05lu --port VPN-%lu "
                "--device-name \"WAN Miniport (SSTP)\" --device-type vpn --ipv4 10.1.%lu.%lu "
                "--ipv4-local 10.1.0.1 --quarantine %s\n",
                i, i, i, i / 256, i % 256, i % 2 ? "quarantine" : "normal");
    fclose(file);
    swprintf(command, ARRAYSIZE(command), L"rras load %ls", name);
    if (napctl(command))
        die("napctl cannot load connections");
    DeleteFileW(name);
}

/* Lists the first `expected` of `all`; *bytes is the result's size. */
static UINT64 list(DWORD expected, DWORD all, DWORD *bytes)
{
    DWORD length = expected == all ? (DWORD)-1 : expected * (DWORD)sizeof(RAS_CONNECTION_3);
    RAS_CONNECTION_3 *connections;
    DWORD read, total, resume = 0, i, error;
    UINT64 begun = now_ns(), ended;

    error = MprAdminConnectionEnum(
            server, 3, (BYTE **)&connections, length, &read, &total, &resume);
    ended = now_ns();
    if (error != (expected == all ? NO_ERROR : ERROR_MORE_DATA) || read != expected || total != all)
        die("error %lu, %lu connections of %lu, not %lu", error, read, total, expected);
    for (i = 0; i < read; i++)
    {
        const RAS_CONNECTION_3 *connection = &connections[i];
        WCHAR user[16], address[16];

        swprintf(user, 16, L"user%05lu", i);
        swprintf(address, 16, L"10.1.%lu.%lu", i / 256, i % 256);
        if (wcscmp(connection->wszUserName, user) || connection->dwSize != sizeof(*connection)
                || wcscmp(connection->PppInfo3.ip.wszRemoteAddress, address)
                || connection->rasQuarState
                           != (i % 2 ? RAS_QUAR_STATE_QUARANTINE : RAS_QUAR_STATE_NORMAL)
                || (i && connection->hConnection <= connections[i - 1].hConnection))
            die("connection %lu is not as it was loaded", i);
    }
    MprAdminBufferFree(connections);
    *bytes = read * (DWORD)sizeof(*connections);
    return ended - begun;
}

/* The memory of the agent's process, in bytes. */
static SIZE_T agent_memory(void)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service = OpenServiceW(manager, L"napagent", SERVICE_QUERY_STATUS);
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof(counters)};
    SERVICE_STATUS_PROCESS status = {0};
    HANDLE process;
    DWORD needed;

    QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof(status), &needed);
    process = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, status.dwProcessId);
    if (!process || !GetProcessMemoryInfo(process, &counters, sizeof(counters))
            || !counters.WorkingSetSize)
        die("the agent's memory cannot be seen");
    CloseHandle(process);
    CloseServiceHandle(service);
    CloseServiceHandle(manager);
    return counters.WorkingSetSize;
}

bool bench_mpr(unsigned int runs, struct figure *against_pipe, struct figure *against_few)
{
    SIZE_T idle, full, used;
    DWORD bytes, few;
    unsigned int i;
    HANDLE pipe;

    if (napctl(L"rras enable") || MprAdminServerConnect(NULL, &server))
        die("the server side does not come up");
    pipe = raw_begin();
    idle = agent_memory();
    load(MANY);
    list(MANY, MANY, &bytes); /* once for both, unmeasured */
    raw_transfer(pipe, bytes);
    for (i = 0; i < runs; i++)
    {
        UINT64 raw = i % 2 ? raw_transfer(pipe, bytes) : 0, own = list(MANY, MANY, &bytes);

        figure_add(against_pipe, own, i % 2 ? raw : raw_transfer(pipe, bytes));
        figure_add(against_few, own, list(FEW, MANY, &few));
        figure_end_run(against_pipe);
        figure_end_run(against_few);
    }
    full = agent_memory();
    used = (full > idle ? full - idle : 0) / (1024 * 1024);
    printf("%-38s %8lu MiB%*s  %d MiB%s\n", "the agent's memory for them", (unsigned long)used, 21,
            "", MEMORY_MOST, used > MEMORY_MOST ? "  MISSED" : "");
    CloseHandle(pipe);
    MprAdminServerDisconnect(server);
    return used <= MEMORY_MOST;
}
