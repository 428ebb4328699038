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
#include <winsvc.h>

#include "libs/hosthook/hosthook.h"
#include "libs/log/log.h"
#include "naperror.h"
#include "version.h"

static SERVICE_STATUS_HANDLE status_handle;
static HANDLE stop;

/* Parameters\LogLevel and LogFile, as those of napagent. */
static void open_service_log(void)
{
    enum log_level level = LOG_INFO;
    WCHAR name[16], file[MAX_PATH];
    DWORD size = sizeof(name), file_size = sizeof(file) - 2 * sizeof(WCHAR);
    LSTATUS error = RegGetValueW(HKEY_LOCAL_MACHINE, HEALTH_PARAMETERS_KEY, L"LogLevel",
            RRF_RT_REG_SZ, NULL, name, &size);
    bool known = error ? error == ERROR_FILE_NOT_FOUND : log_level_from_name(name, &level);

    if (RegGetValueW(HKEY_LOCAL_MACHINE, HEALTH_PARAMETERS_KEY, L"LogFile", RRF_RT_REG_SZ, NULL,
                file, &file_size)
            || !*file)
        ExpandEnvironmentStringsW(L"%SystemRoot%\\Logs\\napwsha.log", file, MAX_PATH);
    log_open("napwsha", level, file);
    log_report_events(HEALTH_SERVICE_NAME);
    if (!known)
        log_event(LOG_WARN, 0, "log",
                "Parameters\\LogLevel is not one of none, error, warn, info, trace; using info");
}

/* Serves until `stop` is set. NAP_E_NOT_REGISTERED: the administrator has not enabled it.
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
        watch(&settings, binding, stop);
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

static void report_status(DWORD state, DWORD specific)
{
    SERVICE_STATUS status = {
            .dwServiceType = SERVICE_WIN32_OWN_PROCESS,
            .dwCurrentState = state,
            .dwControlsAccepted =
                    state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0,
            .dwWin32ExitCode = specific ? ERROR_SERVICE_SPECIFIC_ERROR : 0,
            .dwServiceSpecificExitCode = specific,
            .dwWaitHint =
                    state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING ? 10000 : 0,
    };

    SetServiceStatus(status_handle, &status);
}

static DWORD WINAPI service_control(DWORD control, DWORD type, void *data, void *context)
{
    (void)type;
    (void)data;
    (void)context;
    switch (control)
    {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
        report_status(SERVICE_STOP_PENDING, 0);
        SetEvent(stop);
        return 0;
    case SERVICE_CONTROL_INTERROGATE:
        return 0;
    default:
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

static void WINAPI service_main(DWORD argc, WCHAR **argv)
{
    HRESULT hr;

    (void)argc;
    (void)argv;
    open_service_log();
    if (!(stop = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return;
    if (!(status_handle =
                        RegisterServiceCtrlHandlerExW(HEALTH_SERVICE_NAME, service_control, NULL)))
        return;
    /* Running at once: Wine starts one service after the other, and this one may need another. */
    report_status(SERVICE_RUNNING, 0);
    hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (SUCCEEDED(hr))
    {
        hr = serve();
        CoUninitialize();
    }
    if (FAILED(hr))
        log_failure(hr);
    report_status(SERVICE_STOPPED, FAILED(hr) ? (DWORD)hr : 0);
}

static int usage(FILE *to, int code)
{
    fputs("napwsha reports the health of the host; to enable it: napctl health enable\n"
          "  napwsha --install               create the service\n"
          "  napwsha --uninstall [--purge]   remove it\n"
          "  napwsha --version\n",
            to);
    return code;
}

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    if (argc == 1)
    {
        static const SERVICE_TABLE_ENTRYW services[] = {
                {(WCHAR *)HEALTH_SERVICE_NAME, service_main},
                {NULL, NULL},
        };

        if (StartServiceCtrlDispatcherW(services))
            return 0;
        return usage(stderr, 2);
    }
    if (argc == 2 && !wcscmp(argv[1], L"--install"))
        return install_service();
    if ((argc == 2 || (argc == 3 && !wcscmp(argv[2], L"--purge")))
            && !wcscmp(argv[1], L"--uninstall"))
        return uninstall_service();
    if (argc == 2 && !wcscmp(argv[1], L"--version"))
    {
        printf("napwsha %s\n", WINE_NAP_VERSION);
        return 0;
    }
    if (argc == 2 && !wcscmp(argv[1], L"--help"))
        return usage(stdout, 0);
    return usage(stderr, 2);
}
