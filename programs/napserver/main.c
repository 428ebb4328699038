/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * napserver's process. Started by the SCM it is the service "napserver". Started by a person
 * without an option, it prints its usage.
 *
 *   napserver --install             create the service
 *   napserver --uninstall [--purge] remove it; it keeps nothing, so --purge makes no difference
 *   napserver --version
 */
#include "programs/napserver/napserver.h"

#include <objbase.h>
#include <stdbool.h>
#include <stdio.h>
#include <winsvc.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "programs/napserver/validators.h"
#include "version.h"

static SERVICE_STATUS_HANDLE status_handle;
static const char *volatile stop_reason = "";

/* The processes of naphost log too, all into one file beside napserver's, by the environment. */
static void open_hosts_log(const WCHAR *level, const WCHAR *file)
{
    static const WCHAR name[] = L"naphost.log";
    WCHAR path[MAX_PATH], *end;

    wcscpy(path, file);
    end = wcsrchr(path, '\\');
    end = end ? end + 1 : path;
    if (end - path + ARRAYSIZE(name) > MAX_PATH)
        return;
    wcscpy(end, name);
    SetEnvironmentVariableW(L"NAP_LOG_FILE", path);
    SetEnvironmentVariableW(L"NAP_LOG_LEVEL", level);
}

/* Parameters\LogLevel and LogFile, as those of napagent. */
static void open_service_log(void)
{
    enum log_level level = LOG_INFO;
    WCHAR name[16], file[MAX_PATH];
    DWORD size = sizeof(name), file_size = sizeof(file) - 2 * sizeof(WCHAR);
    LSTATUS error = RegGetValueW(HKEY_LOCAL_MACHINE, SERVER_PARAMETERS_KEY, L"LogLevel",
            RRF_RT_REG_SZ, NULL, name, &size);
    bool known = error ? error == ERROR_FILE_NOT_FOUND : log_level_from_name(name, &level);

    if (RegGetValueW(HKEY_LOCAL_MACHINE, SERVER_PARAMETERS_KEY, L"LogFile", RRF_RT_REG_SZ, NULL,
                file, &file_size)
            || !*file)
        ExpandEnvironmentStringsW(L"%SystemRoot%\\Logs\\napserver.log", file, MAX_PATH);
    log_open("napserver", level, file);
    open_hosts_log(known && !error ? name : L"info", file);
    log_report_events(SERVER_SERVICE_NAME);
    if (!known)
        log_event(LOG_WARN, 0, "log",
                "Parameters\\LogLevel is not one of none, error, warn, info, trace; using info");
}

/* Parameters\ValidatorTimeout, REG_DWORD, ms. */
static void read_timeout(void)
{
    DWORD timeout, size = sizeof(timeout);

    if (!RegGetValueW(HKEY_LOCAL_MACHINE, SERVER_PARAMETERS_KEY, L"ValidatorTimeout",
                RRF_RT_REG_DWORD, NULL, &timeout, &size))
        validators_set_timeout(timeout);
}

static DWORD create_server(void)
{
    DWORD error = server_create();

    if (error == ERROR_PIPE_BUSY)
        log_event(LOG_ERROR, 0, "squatter",
                "cannot start: another process holds the name of napserver's pipe; end it, then "
                "start the service");
    else if (error)
        log_event(LOG_ERROR, 0, "start", "cannot start: error %lu", error);
    return error;
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
        stop_reason = control == SERVICE_CONTROL_STOP ? "the service manager was asked to stop it"
                                                      : "the system shuts down";
        server_stop();
        return 0;
    case SERVICE_CONTROL_INTERROGATE:
        return 0;
    default:
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

static void WINAPI service_main(DWORD argc, WCHAR **argv)
{
    DWORD error;

    (void)argc;
    (void)argv;
    open_service_log();
    read_timeout();
    /* A crashed naphost ends at once, without a window. */
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    status_handle = RegisterServiceCtrlHandlerExW(SERVER_SERVICE_NAME, service_control, NULL);
    if (!status_handle)
        return;
    report_status(SERVICE_START_PENDING, 0);
    if (!(error = create_server()))
    {
        report_status(SERVICE_RUNNING, 0);
        log_event(LOG_INFO, 0, "started", "wine-nap %s, protocol %d, service", WINE_NAP_VERSION,
                NAPIPC_VERSION);
        server_run();
        log_event(LOG_INFO, 0, "stopped", "stopped in order: %s", stop_reason);
        server_destroy();
    }
    report_status(SERVICE_STOPPED, error);
}

static int usage(FILE *to, int code)
{
    fputs("napserver asks the registered system health validators; start it with: net start "
          "napserver\n"
          "  napserver --install               create the service\n"
          "  napserver --uninstall [--purge]   remove it\n"
          "  napserver --version\n",
            to);
    return code;
}

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    if (argc == 1)
    {
        static const SERVICE_TABLE_ENTRYW services[] = {
                {(WCHAR *)SERVER_SERVICE_NAME, service_main},
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
        printf("napserver %s, protocol %d\n", WINE_NAP_VERSION, NAPIPC_VERSION);
        return 0;
    }
    if (argc == 2 && !wcscmp(argv[1], L"--help"))
        return usage(stdout, 0);
    return usage(stderr, 2);
}
