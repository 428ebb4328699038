/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Starting, stopping and finding services; see service.h.
 */
#include "libs/service/service.h"

#define START_TRIES 5
#define DIED_WITHIN 3000   /* ms; the SCM waits longer for a process that lives */
#define STOP_TIMEOUT 15000 /* ms */

/* ERROR_SERVICE_DATABASE_LOCKED: another service is starting, and the SCM has waited 3 s for it.
 * ERROR_INTERNAL_ERROR: the new process died before its first instruction, which on a busy machine
 * happens to Wine once in ten thousand starts. Both are transient. */
DWORD service_start(SC_HANDLE service)
{
    DWORD error = ERROR_INTERNAL_ERROR;
    ULONGLONG begun;
    bool died = false;
    int i;

    for (i = 0;
            i < START_TRIES
            && (died || error == ERROR_SERVICE_DATABASE_LOCKED || error == ERROR_INTERNAL_ERROR);
            i++)
    {
        begun = GetTickCount64();
        error = StartServiceW(service, 0, NULL) ? 0 : GetLastError();
        /* Long before the SCM's timeout this means that the process died before it could
         * connect. */
        died = error == ERROR_SERVICE_REQUEST_TIMEOUT && GetTickCount64() - begun < DIED_WITHIN;
    }
    return error == ERROR_SERVICE_ALREADY_RUNNING ? 0 : error;
}

/* Returns the process that the SCM names, or NULL. */
static HANDLE open_process(SC_HANDLE service, DWORD *id)
{
    SERVICE_STATUS_PROCESS status = {0};
    DWORD needed;

    if (!QueryServiceStatusEx(
                service, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof(status), &needed))
        status.dwProcessId = 0;
    *id = status.dwProcessId;
    return *id ? OpenProcess(SYNCHRONIZE, FALSE, *id) : NULL;
}

DWORD service_stop(SC_HANDLE service)
{
    SERVICE_STATUS status;
    DWORD id, error = 0;
    HANDLE process = open_process(service, &id);
    /* If it is neither asked nor stopping already, the process is another one by now. */
    bool stops = ControlService(service, SERVICE_CONTROL_STOP, &status)
                 || GetLastError() == ERROR_SERVICE_CANNOT_ACCEPT_CTRL;

    if (!process)
        return 0;
    if (stops && WaitForSingleObject(process, STOP_TIMEOUT) == WAIT_TIMEOUT)
        error = ERROR_SERVICE_REQUEST_TIMEOUT;
    CloseHandle(process);
    return error;
}

DWORD service_process(const WCHAR *name)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT), service = NULL;
    HANDLE process = NULL;
    DWORD id = 0;

    if (manager)
        service = OpenServiceW(manager, name, SERVICE_QUERY_STATUS);
    if (service)
        process = open_process(service, &id);
    if (!process || WaitForSingleObject(process, 0) != WAIT_TIMEOUT)
        id = 0;
    if (process)
        CloseHandle(process);
    if (service)
        CloseServiceHandle(service);
    if (manager)
        CloseServiceHandle(manager);
    return id;
}
