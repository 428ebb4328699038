/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Creates and removes the service. It has nothing of its own to keep: the registrations of the
 * validators are napagent's.
 */
#include "programs/napserver/napserver.h"

#include <stdio.h>
#include <winsvc.h>

#include "libs/napclient/napclient.h"

#define STOP_TIMEOUT 15000   /* ms */
#define DELETE_TIMEOUT 10000 /* ms */

static int failed(const char *what, DWORD error)
{
    fprintf(stderr, "napserver: cannot %s: error %lu\n", what, error);
    return 1;
}

/* Creates the service, or gives one that is there our path. */
static DWORD create(SC_HANDLE manager, const WCHAR *path)
{
    SERVICE_DESCRIPTIONW description = {(WCHAR *)L"Asks system health validators about statements "
                                                 L"of health (wine-nap)"};
    SC_HANDLE service = CreateServiceW(manager, SERVER_SERVICE_NAME,
            L"Network Access Protection Server", SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
            SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, path, NULL, NULL, NULL, NULL, NULL);
    DWORD error = 0;

    if (!service && GetLastError() == ERROR_SERVICE_EXISTS)
    {
        /* It starts as the administrator has set. */
        service = OpenServiceW(manager, SERVER_SERVICE_NAME, SERVICE_ALL_ACCESS);
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
        return failed("find the path of napserver.exe", GetLastError());
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
    DWORD process = server_service_process();
    HANDLE handle = process ? OpenProcess(SYNCHRONIZE, FALSE, process) : NULL;
    SERVICE_STATUS status;

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
                     && !RegGetValueW(HKEY_LOCAL_MACHINE, SERVER_SERVICE_KEY, L"ImagePath",
                             RRF_RT_ANY | RRF_NOEXPAND, NULL, NULL, NULL);
            waited += 50)
        Sleep(50);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, SERVER_SERVICE_KEY);
}

int uninstall_service(void)
{
    SC_HANDLE manager, service;
    DWORD error = 0;

    if (!(manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS)))
        return failed("open the service manager", GetLastError());
    if ((service = OpenServiceW(manager, SERVER_SERVICE_NAME, SERVICE_ALL_ACCESS)))
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
