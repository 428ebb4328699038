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

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "libs/service/service.h"
#include "version.h"

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

static DWORD run(void)
{
    DWORD error = create_server();

    if (error)
        return error;
    service_report(SERVICE_RUNNING, 0);
    serve("service");
    return 0;
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

/* ---- the service ---- */

/* Parameters\LogLevel and LogFile. */
static void begin(void)
{
    WCHAR file[MAX_PATH], level[16];
    bool fits = agent_log_file(file);

    service_open_log(&agent_service, file, level);
    if (!fits)
        log_event(LOG_WARN, 0, "log",
                "Parameters\\LogFile has more than %d characters, the most that it "
                "may have; using %ls until it is shorter",
                AGENT_LOG_FILE_MAX, file);
}

const struct service agent_service = {
        .name = AGENT_SERVICE_NAME,
        .display_name = L"Network Access Protection Agent",
        .description =
                L"Collects the health of this machine from system health agents and gives it to "
                L"enforcement clients (wine-nap)",
        .key = AGENT_SERVICE_KEY,
        .program = "napagent",
        .version = WINE_NAP_VERSION ", protocol " NAPIPC_VERSION_TEXT,
        .usage =
                "napagent is the service behind qagent.dll; Windows starts it: net start napagent\n"
                "  napagent --console               serve in this console until Ctrl+C\n"
                "  napagent --install               create the service\n"
                "  napagent --uninstall [--purge]   remove it; --purge: what was configured too\n"
                "  napagent --version\n",
        .upgraded_start = SERVICE_DEMAND_START, /* a disabled one too, as Wine's sc cannot */
        .install = install_service,
        .uninstall = uninstall_service,
        .begin = begin,
        .run = run,
        .stop = stop_server,
};

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    if (argc == 2 && !wcscmp(argv[1], L"--console"))
        return run_console();
    return service_main(&agent_service, argc, argv);
}
