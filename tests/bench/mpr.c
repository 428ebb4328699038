/*
 * The cost of MprAdminConnectionEnum, against a bare message pipe that carries
 * as many bytes as the result has, in messages of 64 KiB.
 *
 *   bench-mpr [RUNS]
 *
 * Fills the table of this prefix's agent, with 1,024 connections and then with
 * 16,384; lists them at level 3; product and bare pipe take turns. Each list is
 * checked, entry by entry; a wrong one ends the bench. The exit code is 3 if a
 * figure is over its limit. Run by mpr.sh.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <mprapi.h>
#include <psapi.h>
#include <winsvc.h>

#define RAW_PIPE "\\\\.\\pipe\\nap-bench-mpr"
#define MESSAGE_SIZE 65536
#define FEW 1024
#define MANY 16384
#define RUNS_MAX 64

static MPR_SERVER_HANDLE server;

static void die(const char *format, ...) __attribute__((format(gnu_printf, 1, 2), noreturn));

static void die(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("bench-mpr: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static double now_ms(void)
{
    LARGE_INTEGER now, frequency;

    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    return (double)now.QuadPart * 1000 / (double)frequency.QuadPart;
}

/* ---- the bare pipe ---- */

static DWORD finish(HANDLE pipe, OVERLAPPED *overlapped, BOOL done)
{
    DWORD bytes = 0;

    if (!done && GetLastError() != ERROR_IO_PENDING)
        return 0;
    return GetOverlappedResult(pipe, overlapped, &bytes, TRUE) ? bytes : 0;
}

/* Asked for a number of bytes it sends them. */
static int be_raw_server(void)
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
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    DWORD mode = PIPE_READMODE_MESSAGE;
    WCHAR path[MAX_PATH], line[MAX_PATH + 16];
    PROCESS_INFORMATION process;
    HANDLE pipe;

    GetModuleFileNameW(NULL, path, MAX_PATH);
    swprintf(line, MAX_PATH + 16, L"\"%ls\" raw-server", path);
    if (!CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process))
        die("cannot start the bare pipe's process");
    while ((pipe = CreateFileA(RAW_PIPE, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
            FILE_FLAG_OVERLAPPED, NULL)) == INVALID_HANDLE_VALUE)
        Sleep(5);
    SetNamedPipeHandleState(pipe, &mode, NULL, NULL);
    return pipe;
}

static double raw_transfer(HANDLE pipe, DWORD bytes)
{
    static BYTE message[MESSAGE_SIZE];
    static HANDLE event;
    OVERLAPPED overlapped;
    double begun;
    DWORD left, got;

    if (!event)
        event = CreateEventW(NULL, TRUE, FALSE, NULL);
    memset(&overlapped, 0, sizeof(overlapped));
    overlapped.hEvent = event;
    begun = now_ms();
    if (!finish(pipe, &overlapped, WriteFile(pipe, &bytes, sizeof(bytes), NULL, &overlapped)))
        die("the bare pipe cannot be written to");
    for (left = bytes; left; left -= got)
    {
        got = finish(pipe, &overlapped, ReadFile(pipe, message, sizeof(message), NULL,
                &overlapped));
        if (got != min(left, MESSAGE_SIZE))
            die("the bare pipe gave %lu bytes", got);
    }
    return now_ms() - begun;
}

/* ---- the product ---- */

static int napctl(const char *arguments)
{
    STARTUPINFOA startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    PROCESS_INFORMATION process;
    DWORD code = 1;
    char line[512];

    startup.hStdOutput = CreateFileA("NUL", GENERIC_WRITE, FILE_SHARE_WRITE, &inheritable,
        OPEN_EXISTING, 0, NULL);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    snprintf(line, sizeof(line), "napctl %s", arguments);
    if (!CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process))
        return -1;
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    CloseHandle(startup.hStdOutput);
    return (int)code;
}

static void load(DWORD from, DWORD to)
{
    char directory[MAX_PATH], name[MAX_PATH], command[MAX_PATH + 32];
    FILE *file;

    GetTempPathA(sizeof(directory), directory);
    GetTempFileNameA(directory, "mpr", 0, name);
    if (!(file = fopen(name, "wb")))
        die("cannot write %s", name);
    for (; from < to; from++)
        fprintf(file, "add --user user%05lu --domain CORP --computer PC%05lu --port VPN-%lu "
                "--device-name \"WAN Miniport (SSTP)\" --device-type vpn --ipv4 10.1.%lu.%lu "
                "--ipv4-local 10.1.0.1 --quarantine %s\n", from, from, from, from / 256,
            from % 256, from % 2 ? "quarantine" : "normal");
    fclose(file);
    snprintf(command, sizeof(command), "rras load %s", name);
    if (napctl(command))
        die("napctl cannot load connections");
    DeleteFileA(name);
}

/* Lists the first `expected` of `all`; *bytes is the size of the result. */
static double list(DWORD expected, DWORD all, DWORD *bytes)
{
    DWORD length = expected == all ? (DWORD)-1 : expected * (DWORD)sizeof(RAS_CONNECTION_3);
    RAS_CONNECTION_3 *connections;
    DWORD read, total, resume = 0, i, error;
    double begun = now_ms(), ended;

    error = MprAdminConnectionEnum(server, 3, (BYTE **)&connections, length, &read, &total,
        &resume);
    ended = now_ms();
    if (error != (expected == all ? NO_ERROR : ERROR_MORE_DATA) || read != expected
            || total != all)
        die("error %lu, %lu connections of %lu, not %lu", error, read, total, expected);
    for (i = 0; i < read; i++)
    {
        const RAS_CONNECTION_3 *connection = &connections[i];
        WCHAR user[16], address[16];

        swprintf(user, 16, L"user%05lu", i);
        swprintf(address, 16, L"10.1.%lu.%lu", i / 256, i % 256);
        if (wcscmp(connection->wszUserName, user) || connection->dwSize != sizeof(*connection)
                || wcscmp(connection->PppInfo3.ip.wszRemoteAddress, address)
                || connection->rasQuarState != (i % 2 ? RAS_QUAR_STATE_QUARANTINE
                                                      : RAS_QUAR_STATE_NORMAL)
                || (i && connection->hConnection <= connections[i - 1].hConnection))
            die("connection %lu is not as it was loaded", i);
    }
    MprAdminBufferFree(connections);
    *bytes = read * (DWORD)sizeof(*connections);
    return ended - begun;
}

/* What the agent's process has of memory, bytes. */
static SIZE_T agent_memory(void)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service = OpenServiceW(manager, L"napagent", SERVICE_QUERY_STATUS);
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof(counters)};
    SERVICE_STATUS_PROCESS status = {0};
    HANDLE process;
    DWORD needed;

    QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof(status),
        &needed);
    process = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, status.dwProcessId);
    if (!process || !GetProcessMemoryInfo(process, &counters, sizeof(counters))
            || !counters.WorkingSetSize)
        die("the agent's memory cannot be seen");
    CloseHandle(process);
    CloseServiceHandle(service);
    CloseServiceHandle(manager);
    return counters.WorkingSetSize;
}

static int compare(const void *left, const void *right)
{
    double difference = *(const double *)left - *(const double *)right;

    return difference < 0 ? -1 : difference > 0;
}

static double median(double *values, unsigned int count)
{
    qsort(values, count, sizeof(*values), compare);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* Runs in turns; prints medians. *ratio is to the bare pipe, *growth to the first FEW of them. */
static void measure(DWORD connections, unsigned int runs, HANDLE pipe, double *ratio,
    double *growth)
{
    double owns[RUNS_MAX], raws[RUNS_MAX], ratios[RUNS_MAX], growths[RUNS_MAX], own, raw;
    unsigned int i;
    DWORD bytes, few;

    list(connections, connections, &bytes); /* once, unmeasured, of both */
    raw_transfer(pipe, bytes);
    for (i = 0; i < runs; i++)
    {
        owns[i] = list(connections, connections, &bytes);
        raws[i] = raw_transfer(pipe, bytes);
        ratios[i] = owns[i] / raws[i];
        growths[i] = owns[i] / list(FEW, connections, &few);
    }
    own = median(owns, runs);
    raw = median(raws, runs);
    *ratio = median(ratios, runs);
    *growth = median(growths, runs);
    printf("%6lu connections, level 3  %8.2f ms  bare pipe, %9lu bytes %8.2f ms  ratio %.2f\n",
        connections, own, bytes, raw, *ratio);
}

static bool within(const char *what, double value, double most, const char *unit)
{
    printf("%-44s %8.2f%s, at most %.0f%s%s\n", what, value, unit, most, unit,
        value > most ? "  MISSED" : "");
    return value <= most;
}

int main(int argc, char **argv)
{
    unsigned int runs = argc > 1 ? (unsigned int)atoi(argv[1]) : 5;
    double ratio, growth;
    SIZE_T idle, full;
    HANDLE pipe;
    bool met;

    if (argc > 1 && !strcmp(argv[1], "raw-server"))
        return be_raw_server();
    if (!runs || runs > RUNS_MAX)
        die("how many runs?");
    if (napctl("rras enable") || MprAdminServerConnect(NULL, &server))
        die("the server side does not come up");
    pipe = raw_begin();
    idle = agent_memory();
    load(0, FEW);
    measure(FEW, runs, pipe, &ratio, &growth);
    load(FEW, MANY);
    measure(MANY, runs, pipe, &ratio, &growth);
    full = agent_memory();
    met = within("16,384 against a bare pipe", ratio, 2, "x");
    met &= within("16,384 against 1,024", growth, 18, "x");
    met &= within("the agent's memory for them",
        (double)(full > idle ? full - idle : 0) / (1024 * 1024), 64, " MiB");
    return met ? 0 : 3;
}
