/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The agent's process. Started by the SCM it is the service "napagent". Started
 * by a person without an option, it prints its usage.
 *
 *   napagent --console             serve in this console until Ctrl+C
 *   napagent --install             create the service and its registry keys
 *   napagent --uninstall [--purge] remove them; --purge: registrations too
 *   napagent --version
 */
#include "programs/napagent/napagent.h"

#include <stdio.h>
#include <winsvc.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "version.h"

static SERVICE_STATUS_HANDLE status_handle;
static const char *volatile stop_reason = "";
static SRWLOCK server_lock = SRWLOCK_INIT; /* held while the server is stopped or removed */
static struct server *server;

/* Called on system threads, even when the server no longer exists. */
static void stop_server(const char *reason)
{
    stop_reason = reason;
    AcquireSRWLockExclusive(&server_lock);
    if (server)
        server_stop(server);
    ReleaseSRWLockExclusive(&server_lock);
}

/* The service's own setting for the log: Parameters\LogLevel and LogFile. */
static void open_service_log(void)
{
    enum log_level level = LOG_INFO;
    WCHAR name[16], file[MAX_PATH];
    DWORD size = sizeof(name);
    LSTATUS error = RegGetValueW(HKEY_LOCAL_MACHINE, AGENT_PARAMETERS_KEY, L"LogLevel",
            RRF_RT_REG_SZ, NULL, name, &size);
    bool known = error ? error == ERROR_FILE_NOT_FOUND : log_level_from_name(name, &level);
    bool fits = agent_log_file(file);

    log_open("napagent", level, file);
    log_report_events(AGENT_SERVICE_NAME);
    if (!known)
        log_event(LOG_WARN, 0, "log",
                "Parameters\\LogLevel is not one of none, error, warn, info, trace; "
                "using info");
    if (!fits)
        log_event(LOG_WARN, 0, "log",
                "Parameters\\LogFile has more than %d characters, the most that it "
                "may have; using %ls until it is shorter",
                AGENT_LOG_FILE_MAX, file);
}

/* Publishes to clients of this prefix what the SCM does not report; see napclient.h. */
static void publish(const WCHAR *name, DWORD value)
{
    RegSetKeyValueW(
            HKEY_LOCAL_MACHINE, AGENT_PARAMETERS_KEY, name, REG_DWORD, &value, sizeof(value));
}

static DWORD create_server(void)
{
    DWORD error = server_create(&server);

    if (error == ERROR_PIPE_BUSY)
        log_event(LOG_ERROR, 0, "squatter",
                "cannot start: another process holds the name of the "
                "agent's pipe; end it, then start the service");
    else if (error)
        log_event(LOG_ERROR, 0, "start", "cannot start: error %lu", error);
    return error;
}

static void serve(const char *as)
{
    bool in_order = agent_parameter(AGENT_VALUE_STOPPED, 1) != 0;
    struct server *ended;

    publish(AGENT_VALUE_STOPPED, 0);
    log_event(LOG_INFO, 0, "started", "wine-nap %s, protocol %d, %s%s", WINE_NAP_VERSION,
            NAPIPC_VERSION, as, in_order ? "" : "; the last run ended without being stopped");
    server_run(server);
    /* Before the pipe is closed: then clients read this value. */
    publish(AGENT_VALUE_STOPPED, 1);
    log_event(LOG_INFO, 0, "stopped", "stopped in order: %s", stop_reason);
    AcquireSRWLockExclusive(&server_lock);
    ended = server;
    server = NULL;
    ReleaseSRWLockExclusive(&server_lock);
    server_destroy(ended);
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
        stop_server(control == SERVICE_CONTROL_STOP ? "the service manager was asked to stop it"
                                                    : "the system shuts down");
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
    status_handle = RegisterServiceCtrlHandlerExW(AGENT_SERVICE_NAME, service_control, NULL);
    if (!status_handle)
        return;
    report_status(SERVICE_START_PENDING, 0);
    if (!(error = create_server()))
    {
        report_status(SERVICE_RUNNING, 0);
        serve("service");
    }
    report_status(SERVICE_STOPPED, error);
}

static BOOL WINAPI console_control(DWORD event)
{
    stop_server(event == CTRL_C_EVENT ? "Ctrl+C" : "its console was closed");
    return TRUE;
}

static int run_console(void)
{
    log_open_from_environment("napagent", LOG_INFO);
    if (create_server())
        return 1;
    SetConsoleCtrlHandler(console_control, TRUE);
    publish(AGENT_VALUE_CONSOLE, GetCurrentProcessId());
    serve("console");
    RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, AGENT_PARAMETERS_KEY, AGENT_VALUE_CONSOLE);
    return 0;
}

static int usage(FILE *to, int code)
{
    fputs("napagent is the service behind qagent.dll; Windows starts it: net start napagent\n"
          "  napagent --console               serve in this console until Ctrl+C\n"
          "  napagent --install               create the service\n"
          "  napagent --uninstall [--purge]   remove it; --purge: what was configured too\n"
          "  napagent --version\n",
            to);
    return code;
}

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    if (argc == 1)
    {
        static const SERVICE_TABLE_ENTRYW services[] = {
                {(WCHAR *)AGENT_SERVICE_NAME, service_main},
                {NULL, NULL},
        };

        if (StartServiceCtrlDispatcherW(services))
            return 0;
        return usage(stderr, 2);
    }
    if (argc == 2 && !wcscmp(argv[1], L"--console"))
        return run_console();
    if (argc == 2 && !wcscmp(argv[1], L"--install"))
        return install_service();
    if (argc == 2 && !wcscmp(argv[1], L"--uninstall"))
        return uninstall_service(false);
    if (argc == 3 && !wcscmp(argv[1], L"--uninstall") && !wcscmp(argv[2], L"--purge"))
        return uninstall_service(true);
    if (argc == 2 && !wcscmp(argv[1], L"--version"))
    {
        printf("napagent %s, protocol %d\n", WINE_NAP_VERSION, NAPIPC_VERSION);
        return 0;
    }
    if (argc == 2 && !wcscmp(argv[1], L"--help"))
        return usage(stdout, 0);
    return usage(stderr, 2);
}
