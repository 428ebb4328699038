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

#include <stdio.h>
#include <wchar.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "libs/service/service.h"
#include "programs/napserver/validators.h"
#include "version.h"

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

static DWORD run(void)
{
    DWORD error = create_server();

    if (error)
        return error;
    service_report(SERVICE_RUNNING, 0);
    log_event(LOG_INFO, 0, "started", "wine-nap %s, protocol %d, service", WINE_NAP_VERSION,
            NAPIPC_VERSION);
    server_run();
    log_event(LOG_INFO, 0, "stopped", "stopped in order: %s", stop_reason);
    server_destroy();
    return 0;
}

static void stop(const char *reason)
{
    stop_reason = reason;
    server_stop();
}

/* ---- the service ---- */

static const struct service service;

static void begin(void)
{
    WCHAR file[MAX_PATH], level[16];

    service_log_file(&service, file);
    service_open_log(&service, file, level);
    open_hosts_log(level, file);
    read_timeout();
    /* A crashed naphost ends at once, without a window. */
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
}

/* It has nothing of its own to keep: the registrations of the validators are napagent's. */
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
        .name = SERVER_SERVICE_NAME,
        .display_name = L"Network Access Protection Server",
        .description = L"Asks system health validators about statements of health (wine-nap)",
        .key = SERVER_SERVICE_KEY,
        .program = "napserver",
        .version = WINE_NAP_VERSION ", protocol " NAPIPC_VERSION_TEXT,
        .usage = "napserver asks the registered system health validators; start it with: net start "
                 "napserver\n"
                 "  napserver --install               create the service\n"
                 "  napserver --uninstall [--purge]   remove it\n"
                 "  napserver --version\n",
        .upgraded_start = SERVICE_NO_CHANGE, /* as the administrator has set */
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
