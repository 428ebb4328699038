/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Creates and removes the service. It has nothing of its own to keep: the registration of the
 * health agent is napagent's.
 */
#include "programs/napwsha/napwsha.h"

#include <stdio.h>
#include <winsvc.h>

#define STOP_TIMEOUT 15000   /* ms */
#define DELETE_TIMEOUT 10000 /* ms */

static int failed(const char *what, DWORD error)
{
    fprintf(stderr, "napwsha: cannot %s: error %lu\n", what, error);
    return 1;
}

/* Creates the service, or gives one that is there our path. */
static DWORD create(SC_HANDLE manager, const WCHAR *path)
{
    SERVICE_DESCRIPTIONW description = {(WCHAR *)L"Reports the health of the host as Windows "
                                                 L"Security Health Agent does (wine-nap)"};
    SC_HANDLE service = CreateServiceW(manager, HEALTH_SERVICE_NAME,
            L"Windows Security Health Agent", SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
            SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, path, NULL, NULL, NULL, NULL, NULL);
    DWORD error = 0;

    if (!service && GetLastError() == ERROR_SERVICE_EXISTS)
    {
        /* It starts as `napctl health` has set. */
        service = OpenServiceW(manager, HEALTH_SERVICE_NAME, SERVICE_ALL_ACCESS);
        if (service
                && !ChangeServiceConfigW(service, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE,
                        SERVICE_NO_CHANGE, path, NULL, NULL, NULL, NULL, NULL, NULL))
            error = GetLastError();
    }
    if (!service)
        return GetLastError();
    ChangeServiceConfig2W(service, SERVICE_CONFIG_DESCRIPTION, &description);
    CloseServiceHandle(service);
    return error;
}

int install_service(void)
{
    WCHAR path[MAX_PATH + 2];
    SC_HANDLE manager;
    DWORD length, error;

    path[0] = '"';
    length = GetModuleFileNameW(NULL, path + 1, MAX_PATH);
    if (!length || length >= MAX_PATH)
        return failed("find the path of napwsha.exe", GetLastError());
    path[length + 1] = '"';
    path[length + 2] = 0;
    if (!(manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS)))
        return failed("open the service manager", GetLastError());
    error = create(manager, path);
    CloseServiceHandle(manager);
    return error ? failed("create the service", error) : 0;
}

/* Stops the service and waits for its process to end. */
static void stop_service(SC_HANDLE service)
{
    SERVICE_STATUS_PROCESS now = {0};
    SERVICE_STATUS status;
    HANDLE handle;
    DWORD needed;

    QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)&now, sizeof(now), &needed);
    handle = now.dwProcessId ? OpenProcess(SYNCHRONIZE, FALSE, now.dwProcessId) : NULL;
    ControlService(service, SERVICE_CONTROL_STOP, &status);
    if (handle)
    {
        WaitForSingleObject(handle, STOP_TIMEOUT);
        CloseHandle(handle);
    }
}

/* The manager deletes the key when it has closed its own handles; our settings go with it. */
static void delete_key(void)
{
    DWORD waited;

    for (waited = 0; waited < DELETE_TIMEOUT
                     && !RegGetValueW(HKEY_LOCAL_MACHINE, HEALTH_SERVICE_KEY, L"ImagePath",
                             RRF_RT_ANY | RRF_NOEXPAND, NULL, NULL, NULL);
            waited += 50)
        Sleep(50);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, HEALTH_SERVICE_KEY);
}

int uninstall_service(void)
{
    SC_HANDLE manager, service;
    DWORD error = 0;

    if (!(manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS)))
        return failed("open the service manager", GetLastError());
    if ((service = OpenServiceW(manager, HEALTH_SERVICE_NAME, SERVICE_ALL_ACCESS)))
    {
        stop_service(service);
        if (!DeleteService(service))
            error = GetLastError();
        CloseServiceHandle(service);
    }
    else if (GetLastError() != ERROR_SERVICE_DOES_NOT_EXIST)
        error = GetLastError();
    CloseServiceHandle(manager);
    if (error)
        return failed("delete the service", error);
    delete_key();
    return 0;
}
