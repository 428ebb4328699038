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

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "libs/service/service.h"
#include "programs/napagent/registry.h"

#define ASIDE_KEY L"Software\\wine-nap\\Uninstall"

static const WCHAR *const kept[] = {L"Qecs", L"Shas", L"Shvs", L"Rras", L"Ras"};

static int failed(const char *what, DWORD error)
{
    return service_failed(&agent_service, what, error);
}

int install_service(void)
{
    int code = service_install(&agent_service);
    DWORD error;

    if (code)
        return code;
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

int uninstall_service(bool purge)
{
    DWORD error;

    if (!purge && (error = copy_registrations(AGENT_SERVICE_KEY, ASIDE_KEY)))
        return failed("save the component registrations", error);
    if ((error = service_delete(&agent_service)))
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
