/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * napwsha's process. Started by the SCM it is the service "napwsha". Started by a person without an
 * option, it prints its usage.
 *
 *   napwsha --install             create the service
 *   napwsha --uninstall [--purge] remove it; it keeps nothing, so --purge makes no difference
 *   napwsha --version
 */
#include "programs/napwsha/napwsha.h"

#include <objbase.h>
#include <stdio.h>

#include "libs/hosthook/hosthook.h"
#include "libs/log/log.h"
#include "libs/service/service.h"
#include "naperror.h"
#include "version.h"

static HANDLE stop_event;

/* Serves until stop(). NAP_E_NOT_REGISTERED: the administrator has not enabled it.
 * RPC_E_DISCONNECTED of Initialize is success: the binding waits for the NAP agent. */
static HRESULT serve(void)
{
    INapSystemHealthAgentBinding *binding;
    struct settings settings;
    HRESULT hr = CoCreateInstance(&CLSID_NapSystemHealthAgentBinding, NULL, CLSCTX_INPROC_SERVER,
            &IID_INapSystemHealthAgentBinding, (void **)&binding);

    if (FAILED(hr))
        return hr;
    settings_read(&settings);
    current_begin();
    hook_folders_clean(L"napwsha");
    hr = INapSystemHealthAgentBinding_Initialize(binding, WSH_ID, &agent_callback);
    if (SUCCEEDED(hr) || hr == RPC_E_DISCONNECTED)
    {
        log_event(LOG_INFO, 0, "started", "wine-nap %s, service", WINE_NAP_VERSION);
        watch(&settings, binding, stop_event);
        INapSystemHealthAgentBinding_Uninitialize(binding);
        log_event(LOG_INFO, 0, "stopped", "stopped in order");
        hr = S_OK;
    }
    INapSystemHealthAgentBinding_Release(binding);
    return hr;
}

static void log_failure(HRESULT hr)
{
    if (hr == NAP_E_NOT_REGISTERED)
        log_event(LOG_ERROR, 0, "start",
                "cannot start: the health agent 79744 is not registered; to do: napctl health enable");
    else if (hr == NAP_E_ENTITY_DISABLED)
        log_event(LOG_ERROR, 0, "start",
                "cannot start: the health agent 79744 is disabled; to do: napctl health enable");
    else
        log_event(LOG_ERROR, 0, "start", "cannot start: %#lx", hr);
}

static DWORD run(void)
{
    HRESULT hr;

    if (!stop_event)
        return (DWORD)E_OUTOFMEMORY;
    /* Running at once: Wine starts one service after the other, and this one may need another. */
    service_report(SERVICE_RUNNING, 0);
    hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (SUCCEEDED(hr))
    {
        hr = serve();
        CoUninitialize();
    }
    if (FAILED(hr))
        log_failure(hr);
    return FAILED(hr) ? (DWORD)hr : 0;
}

static void stop(const char *reason)
{
    (void)reason;
    SetEvent(stop_event);
}

/* ---- the service ---- */

static const struct service service;

static void begin(void)
{
    WCHAR file[MAX_PATH], level[16];

    service_log_file(&service, file);
    service_open_log(&service, file, level);
    stop_event = CreateEventW(NULL, TRUE, FALSE, NULL);
}

/* It has nothing of its own to keep: the registration of the health agent is napagent's. */
static int install(void)
{
    return service_install(&service);
}

static int uninstall(bool purge)
{
    (void)purge;
    return service_uninstall(&service);
}

static const struct service service = {
        .name = HEALTH_SERVICE_NAME,
        .display_name = L"Windows Security Health Agent",
        .description = L"Reports the health of the host as Windows Security Health Agent does "
                       L"(wine-nap)",
        .key = HEALTH_SERVICE_KEY,
        .program = "napwsha",
        .version = WINE_NAP_VERSION,
        .usage = "napwsha reports the health of the host; to enable it: napctl health enable\n"
                 "  napwsha --install               create the service\n"
                 "  napwsha --uninstall [--purge]   remove it\n"
                 "  napwsha --version\n",
        .upgraded_start = SERVICE_NO_CHANGE, /* as `napctl health` has set */
        .install = install,
        .uninstall = uninstall,
        .begin = begin,
        .run = run,
        .stop = stop,
};

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    return service_main(&service, argc, argv);
}
