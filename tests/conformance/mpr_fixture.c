/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The remote access server under test; see mpr_fixture.h.
 */

#include <test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "mpr_fixture.h"

#include "process.h"

DWORD(WINAPI *enum_ex)
(RAS_SERVER_HANDLE, MPRAPI_OBJECT_HEADER *, DWORD, DWORD *, DWORD *, RAS_CONNECTION_EX **, DWORD *);
DWORD(WINAPI *get_info_ex)(RAS_SERVER_HANDLE, HANDLE, RAS_CONNECTION_EX *);
DWORD(WINAPI *deregister_notification)(MPR_SERVER_HANDLE, HANDLE);
MPR_SERVER_HANDLE server;

/* A pipe whose end for the child is inheritable. */
static bool make_pipe(HANDLE *child, HANDLE *ours, bool child_reads)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    HANDLE read, write;

    if (!CreatePipe(&read, &write, &inheritable, 1 << 20))
        return false;
    *child = child_reads ? read : write;
    *ours = child_reads ? write : read;
    return SetHandleInformation(*ours, HANDLE_FLAG_INHERIT, 0);
}

int rras_load(const char *lines, DWORD *ids, int most)
{
    WCHAR line[MAX_PATH + 64], directory[MAX_PATH];
    STARTUPINFOW startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    DWORD size = 0, done, code = 1;
    static char output[1 << 20];
    HANDLE feed, collect;
    BOOL wow64 = FALSE;
    char *number;
    int count = 0;

    IsWow64Process(GetCurrentProcess(), &wow64);
    GetWindowsDirectoryW(directory, MAX_PATH);
    swprintf(line, ARRAYSIZE(line), L"\"%ls\\%ls\\napctl.exe\" rras load -", directory,
            wow64 ? L"sysnative" : L"system32");
    if (!make_pipe(&startup.hStdInput, &feed, true)
            || !make_pipe(&startup.hStdOutput, &collect, false))
        return -1;
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (!start_process(line, TRUE, &startup, &process))
        return -1;
    CloseHandle(startup.hStdInput);
    CloseHandle(startup.hStdOutput);
    /* The pipes hold more than any test sends or receives. */
    WriteFile(feed, lines, (DWORD)strlen(lines), &done, NULL);
    CloseHandle(feed);
    while (ReadFile(collect, output + size, sizeof(output) - 1 - size, &done, NULL) && done)
        size += done;
    CloseHandle(collect);
    WaitForSingleObject(process.hProcess, 60000);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    output[size] = 0;
    for (number = strtok(output, "\r\n"); number; number = strtok(NULL, "\r\n"))
        if (count++ < most)
            ids[count - 1] = strtoul(number, NULL, 10);
    return code ? -1 : count;
}

HANDLE rras_add(const char *options)
{
    char line[1024];
    DWORD id;

    snprintf(line, sizeof(line), "add %s\n", options);
    if (rras_load(line, &id, 1) != 1)
        fail_msg("napctl could not add %s", options);
    return (HANDLE)(ULONG_PTR)id;
}

void *all_of(DWORD level, DWORD *count)
{
    BYTE *buffer = NULL;
    DWORD total = 0;

    assert_int_equal(MprAdminConnectionEnum(server, level, &buffer, (DWORD)-1, count, &total, NULL),
            NO_ERROR);
    assert_non_null(buffer);
    assert_int_equal(total, *count);
    return buffer;
}

int mpr_empty(void)
{
    RAS_CONNECTION_0 *connections;
    char *lines, *end;
    DWORD count, i;
    int done;

    connections = all_of(0, &count);
    end = lines = malloc(32 * count + 1);
    *end = 0;
    for (i = 0; i < count; i++)
        end += sprintf(end, "remove %lu\n", (DWORD)(ULONG_PTR)connections[i].hConnection);
    MprAdminBufferFree(connections);
    done = count ? rras_load(lines, NULL, 0) : 0;
    free(lines);
    return done;
}

int mpr_setup(void)
{
    HMODULE mprapi = GetModuleHandleW(L"mprapi.dll");

    enum_ex = (void *)GetProcAddress(mprapi, "MprAdminConnectionEnumEx");
    get_info_ex = (void *)GetProcAddress(mprapi, "MprAdminConnectionGetInfoEx");
    deregister_notification =
            (void *)GetProcAddress(mprapi, "MprAdminDeregisterConnectionNotification");
    if (!enum_ex || !get_info_ex || !deregister_notification)
        return -1;
    if (!agent_start() || napctl(L"rras enable"))
        return -1;
    if (MprAdminServerConnect(NULL, &server))
        return -1;
    return mpr_empty();
}

int mpr_teardown(void)
{
    int done = mpr_empty();

    MprAdminServerDisconnect(server);
    napctl(L"rras disable");
    return done;
}
