/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Creates and removes the service.
 *
 * DeleteService deletes the whole key of the service, including the component
 * registrations. They are an administrator's work, so uninstalling saves and
 * restores them, except with --purge. The journal stays with them: until Wine
 * has written its registry, only the journal is on the disk.
 */
#include "programs/napagent/napagent.h"

#include <stdio.h>
#include <winsvc.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "programs/napagent/registry.h"

#define ASIDE_KEY L"Software\\wine-nap\\Uninstall"
#define STOP_TIMEOUT 15000   /* ms */
#define DELETE_TIMEOUT 10000 /* ms */

static const WCHAR *const kept[] = {L"Qecs", L"Shas", L"Shvs", L"Rras", L"Ras"};

static int failed(const char *what, DWORD error)
{
    fprintf(stderr, "napagent: cannot %s: error %lu\n", what, error);
    return 1;
}

int install_service(void)
{
    WCHAR path[MAX_PATH + 2];
    SC_HANDLE manager, service;
    SERVICE_DESCRIPTIONW description = {
            (WCHAR *)L"Collects the health of this machine from system health agents and gives it to "
                     L"enforcement clients (wine-nap)",
    };
    DWORD length, error;

    path[0] = '"';
    length = GetModuleFileNameW(NULL, path + 1, MAX_PATH);
    if (!length || length >= MAX_PATH)
        return failed("find the path of napagent.exe", GetLastError());
    path[length + 1] = '"';
    path[length + 2] = 0;

    if (!(manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS)))
        return failed("open the service manager", GetLastError());
    service = CreateServiceW(manager, AGENT_SERVICE_NAME, L"Network Access Protection Agent",
            SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS, SERVICE_DEMAND_START,
            SERVICE_ERROR_NORMAL, path, NULL, NULL, NULL, NULL, NULL);
    if (!service && GetLastError() == ERROR_SERVICE_EXISTS)
    {
        /* An upgrade or a repair. It enables a disabled service too, as Wine's sc cannot. */
        service = OpenServiceW(manager, AGENT_SERVICE_NAME, SERVICE_ALL_ACCESS);
        if (service
                && !ChangeServiceConfigW(service, SERVICE_NO_CHANGE, SERVICE_DEMAND_START,
                        SERVICE_NO_CHANGE, path, NULL, NULL, NULL, NULL, NULL, NULL))
        {
            error = GetLastError();
            CloseServiceHandle(service);
            CloseServiceHandle(manager);
            return failed("change the service", error);
        }
    }
    error = service ? 0 : GetLastError();
    if (service)
    {
        ChangeServiceConfig2W(service, SERVICE_CONFIG_DESCRIPTION, &description);
        CloseServiceHandle(service);
    }
    CloseServiceHandle(manager);
    if (error)
        return failed("create the service", error);
    if ((error = store_add_defaults()))
        return failed("register Microsoft's enforcement clients", error);
    if ((error = router_add_defaults()))
        return failed("configure the router's transports", error);
    return 0;
}

/* Copies the registrations from one key to another. */
static DWORD copy_registrations(const WCHAR *from, const WCHAR *to)
{
    DWORD error = 0;
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(kept) && !error; i++)
    {
        WCHAR source[256], target[256];
        HKEY source_key, target_key;

        swprintf(source, ARRAYSIZE(source), L"%ls\\%ls", from, kept[i]);
        swprintf(target, ARRAYSIZE(target), L"%ls\\%ls", to, kept[i]);
        if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, source, 0, KEY_READ, &source_key))
            continue;
        error = RegCreateKeyExW(
                HKEY_LOCAL_MACHINE, target, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &target_key, NULL);
        if (!error)
        {
            error = RegCopyTreeW(source_key, NULL, target_key);
            RegCloseKey(target_key);
        }
        RegCloseKey(source_key);
    }
    return error;
}

/* Stops the service and waits for its process to end. */
static void stop_service(SC_HANDLE service)
{
    DWORD process = agent_service_process();
    HANDLE handle = process ? OpenProcess(SYNCHRONIZE, FALSE, process) : NULL;
    SERVICE_STATUS status;

    ControlService(service, SERVICE_CONTROL_STOP, &status);
    if (handle)
    {
        WaitForSingleObject(handle, STOP_TIMEOUT);
        CloseHandle(handle);
    }
}

static DWORD delete_service(void)
{
    SC_HANDLE manager, service;
    DWORD error = 0, waited;
    HKEY key;

    if (!(manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS)))
        return GetLastError();
    if ((service = OpenServiceW(manager, AGENT_SERVICE_NAME, SERVICE_ALL_ACCESS)))
    {
        stop_service(service);
        if (!DeleteService(service))
            error = GetLastError();
        CloseServiceHandle(service);
    }
    else if (GetLastError() != ERROR_SERVICE_DOES_NOT_EXIST)
        error = GetLastError();
    CloseServiceHandle(manager);

    /* The manager deletes the key when it has closed its own handles. */
    for (waited = 0; !error && waited < DELETE_TIMEOUT; waited += 50)
    {
        WCHAR image[MAX_PATH];
        DWORD size = sizeof(image);

        if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, AGENT_SERVICE_KEY, 0, KEY_READ, &key))
            break;
        RegCloseKey(key);
        if (RegGetValueW(HKEY_LOCAL_MACHINE, AGENT_SERVICE_KEY, L"ImagePath",
                    RRF_RT_ANY | RRF_NOEXPAND, NULL, image, &size)
                == ERROR_FILE_NOT_FOUND)
            break;
        Sleep(50);
    }
    return error;
}

int uninstall_service(bool purge)
{
    DWORD error;

    if (!purge && (error = copy_registrations(AGENT_SERVICE_KEY, ASIDE_KEY)))
        return failed("save the component registrations", error);
    if ((error = delete_service()))
        return failed("delete the service", error);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, AGENT_SERVICE_KEY);
    if (!purge && (error = copy_registrations(ASIDE_KEY, AGENT_SERVICE_KEY)))
        return failed("restore the component registrations; they are below HKLM\\Software\\"
                      "wine-nap\\Uninstall",
                error);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, ASIDE_KEY);
    if (purge)
    {
        RegDeleteTreeW(HKEY_LOCAL_MACHINE, L"Software\\wine-nap");
        if ((error = router_remove()))
            return failed("remove the router configuration", error);
        if ((error = journal_remove()))
            return failed("remove the journal, system32\\config\\napagent.journal", error);
    }
    return 0;
}
