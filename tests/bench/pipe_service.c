/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Starting a service that does nothing: the least cost of starting the agent.
 */
#include "pipe.h"

#include <stdio.h>
#include <winsvc.h>

#define NAME L"nap-bench-empty"

static SERVICE_STATUS_HANDLE handle;
static HANDLE stopped;

static void say(DWORD state)
{
    SERVICE_STATUS status = {SERVICE_WIN32_OWN_PROCESS, state, SERVICE_ACCEPT_STOP, 0, 0, 0, 0};

    SetServiceStatus(handle, &status);
}

static DWORD WINAPI control(DWORD code, DWORD type, void *data, void *context)
{
    (void)type;
    (void)data;
    (void)context;
    if (code == SERVICE_CONTROL_STOP)
        SetEvent(stopped);
    return NO_ERROR;
}

static void WINAPI service_main(DWORD argc, WCHAR **argv)
{
    (void)argc;
    (void)argv;
    stopped = CreateEventW(NULL, TRUE, FALSE, NULL);
    handle = RegisterServiceCtrlHandlerExW(NAME, control, NULL);
    say(SERVICE_RUNNING);
    WaitForSingleObject(stopped, INFINITE);
    say(SERVICE_STOPPED);
}

int be_empty_service(void)
{
    static WCHAR name[] = NAME;
    SERVICE_TABLE_ENTRYW table[] = {{name, service_main}, {NULL, NULL}};

    return !StartServiceCtrlDispatcherW(table);
}

static SC_HANDLE manager, service;

void empty_service_begin(void)
{
    WCHAR self[MAX_PATH], line[MAX_PATH + 32];

    GetModuleFileNameW(NULL, self, MAX_PATH);
    swprintf(line, ARRAYSIZE(line), L"\"%ls\" service", self);
    manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    if ((service = OpenServiceW(manager, NAME, SERVICE_ALL_ACCESS)))
    {
        DeleteService(service); /* a failed run has left it */
        CloseServiceHandle(service);
    }
    service = CreateServiceW(manager, NAME, NAME, SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
            SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, line, NULL, NULL, NULL, NULL, NULL);
    if (!service)
        die("the empty service cannot be made: error %lu", GetLastError());
}

void empty_service_end(void)
{
    DeleteService(service);
    CloseServiceHandle(service);
    CloseServiceHandle(manager);
}

static DWORD state(DWORD *process)
{
    SERVICE_STATUS_PROCESS status = {0};
    DWORD needed;

    QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof(status), &needed);
    if (process)
        *process = status.dwProcessId;
    return status.dwCurrentState;
}

UINT64 empty_service_start(void)
{
    UINT64 begun = now_ns(), ended;
    SERVICE_STATUS status;
    HANDLE process;
    DWORD id;

    if (!StartServiceW(service, 0, NULL))
        die("the empty service cannot be started: error %lu", GetLastError());
    while (state(&id) != SERVICE_RUNNING)
        Sleep(1);
    ended = now_ns();
    process = OpenProcess(SYNCHRONIZE, FALSE, id);
    ControlService(service, SERVICE_CONTROL_STOP, &status);
    if (!process || WaitForSingleObject(process, 20000) != WAIT_OBJECT_0)
        die("the empty service does not stop");
    CloseHandle(process);
    while (state(NULL) != SERVICE_STOPPED)
        Sleep(5);
    return ended - begun;
}
