/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Creating and deleting a service; see service.h.
 */
#include "libs/service/service.h"

#include <stdio.h>

#define DELETE_TIMEOUT 10000 /* ms */

int service_failed(const struct service *service, const char *what, DWORD error)
{
    fprintf(stderr, "%s: cannot %s: error %lu\n", service->program, what, error);
    return 1;
}

static DWORD create(const struct service *service, SC_HANDLE manager, const WCHAR *path)
{
    SERVICE_DESCRIPTIONW description = {(WCHAR *)service->description};
    SC_HANDLE created = CreateServiceW(manager, service->name, service->display_name,
            SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS, SERVICE_DEMAND_START,
            SERVICE_ERROR_NORMAL, path, NULL, NULL, NULL, NULL, NULL);
    DWORD error = 0;

    if (!created && GetLastError() == ERROR_SERVICE_EXISTS)
    {
        /* An upgrade or a repair. */
        created = OpenServiceW(manager, service->name, SERVICE_ALL_ACCESS);
        if (created
                && !ChangeServiceConfigW(created, SERVICE_NO_CHANGE, service->upgraded_start,
                        SERVICE_NO_CHANGE, path, NULL, NULL, NULL, NULL, NULL, NULL))
            error = GetLastError();
    }
    if (!created)
        return GetLastError();
    ChangeServiceConfig2W(created, SERVICE_CONFIG_DESCRIPTION, &description);
    CloseServiceHandle(created);
    return error;
}

int service_install(const struct service *service)
{
    WCHAR path[MAX_PATH + 2];
    SC_HANDLE manager;
    char what[64];
    DWORD length, error;

    path[0] = '"';
    length = GetModuleFileNameW(NULL, path + 1, MAX_PATH);
    if (!length || length >= MAX_PATH)
    {
        error = GetLastError();
        snprintf(what, sizeof(what), "find the path of %s.exe", service->program);
        return service_failed(service, what, error);
    }
    path[length + 1] = '"';
    path[length + 2] = 0;
    if (!(manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS)))
        return service_failed(service, "open the service manager", GetLastError());
    error = create(service, manager, path);
    CloseServiceHandle(manager);
    return error ? service_failed(service, "create the service", error) : 0;
}

DWORD service_delete(const struct service *service)
{
    SC_HANDLE manager, deleted;
    DWORD error = 0, waited;

    if (!(manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS)))
        return GetLastError();
    if ((deleted = OpenServiceW(manager, service->name, SERVICE_ALL_ACCESS)))
    {
        service_stop(deleted);
        if (!DeleteService(deleted))
            error = GetLastError();
        CloseServiceHandle(deleted);
    }
    else if (GetLastError() != ERROR_SERVICE_DOES_NOT_EXIST)
        error = GetLastError();
    CloseServiceHandle(manager);
    /* The manager deletes the key when it has closed its own handles. */
    for (waited = 0; !error && waited < DELETE_TIMEOUT
                     && !RegGetValueW(HKEY_LOCAL_MACHINE, service->key, L"ImagePath",
                             RRF_RT_ANY | RRF_NOEXPAND, NULL, NULL, NULL);
            waited += 50)
        Sleep(50);
    return error;
}

int service_uninstall(const struct service *service)
{
    DWORD error = service_delete(service);

    if (error)
        return service_failed(service, "delete the service", error);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, service->key);
    return 0;
}
