/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The process of a service; see service.h.
 */
#include "libs/service/service.h"

#include <stdio.h>
#include <wchar.h>

#include "libs/log/log.h"

static const struct service *own; /* of this process */
static SERVICE_STATUS_HANDLE status_handle;

/* ---- the log ---- */

static LSTATUS read_text(const struct service *service, const WCHAR *name, WCHAR *text, DWORD size)
{
    WCHAR key[128];

    swprintf(key, ARRAYSIZE(key), L"%ls\\Parameters", service->key);
    return RegGetValueW(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_SZ, NULL, text, &size);
}

void service_log_file(const struct service *service, WCHAR *file)
{
    WCHAR standard[64];

    /* Two characters are left for the number of an older file. */
    if (!read_text(service, L"LogFile", file, (MAX_PATH - 2) * sizeof(WCHAR)) && *file)
        return;
    swprintf(standard, ARRAYSIZE(standard), L"%%SystemRoot%%\\Logs\\%hs.log", service->program);
    ExpandEnvironmentStringsW(standard, file, MAX_PATH);
}

void service_open_log(const struct service *service, const WCHAR *file, WCHAR level[16])
{
    enum log_level number = LOG_INFO;
    LSTATUS error = read_text(service, L"LogLevel", level, 16 * sizeof(WCHAR));
    bool named = !error && log_level_from_name(level, &number);

    if (!named)
        wcscpy(level, L"info");
    log_open(service->program, number, file);
    log_report_events(service->name);
    if (!named && error != ERROR_FILE_NOT_FOUND)
        log_event(LOG_WARN, 0, "log",
                "Parameters\\LogLevel is not one of none, error, warn, info, trace; using info");
}

/* ---- the SCM ---- */

void service_report(DWORD state, DWORD specific_code)
{
    SERVICE_STATUS status = {
            .dwServiceType = SERVICE_WIN32_OWN_PROCESS,
            .dwCurrentState = state,
            .dwControlsAccepted =
                    state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0,
            .dwWin32ExitCode = specific_code ? ERROR_SERVICE_SPECIFIC_ERROR : 0,
            .dwServiceSpecificExitCode = specific_code,
            .dwWaitHint =
                    state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING ? 10000 : 0,
    };

    SetServiceStatus(status_handle, &status);
}

static DWORD WINAPI control_service(DWORD control, DWORD type, void *data, void *context)
{
    (void)type;
    (void)data;
    (void)context;
    switch (control)
    {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
        service_report(SERVICE_STOP_PENDING, 0);
        own->stop(control == SERVICE_CONTROL_STOP ? "the service manager was asked to stop it"
                                                  : "the system shuts down");
        return 0;
    case SERVICE_CONTROL_INTERROGATE:
        return 0;
    default:
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

static void WINAPI run_service(DWORD argc, WCHAR **argv)
{
    (void)argc;
    (void)argv;
    own->begin();
    if (!(status_handle = RegisterServiceCtrlHandlerExW(own->name, control_service, NULL)))
        return;
    service_report(SERVICE_START_PENDING, 0);
    service_report(SERVICE_STOPPED, own->run());
}

/* ---- the command line ---- */

static int print_usage(FILE *to, int code)
{
    fputs(own->usage, to);
    return code;
}

int service_main(const struct service *service, int argc, WCHAR **argv)
{
    SERVICE_TABLE_ENTRYW services[] = {
            {(WCHAR *)service->name, run_service},
            {NULL, NULL},
    };

    own = service;
    if (argc == 1)
        return StartServiceCtrlDispatcherW(services) ? 0 : print_usage(stderr, 2);
    if (argc == 2 && !wcscmp(argv[1], L"--install"))
        return service->install();
    if (argc == 2 && !wcscmp(argv[1], L"--uninstall"))
        return service->uninstall(false);
    if (argc == 3 && !wcscmp(argv[1], L"--uninstall") && !wcscmp(argv[2], L"--purge"))
        return service->uninstall(true);
    if (argc == 2 && !wcscmp(argv[1], L"--version"))
    {
        printf("%s %s\n", service->program, service->version);
        return 0;
    }
    if (argc == 2 && !wcscmp(argv[1], L"--help"))
        return print_usage(stdout, 0);
    return print_usage(stderr, 2);
}
