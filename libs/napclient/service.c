/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The service behind the pipe.
 *
 * Wine's SCM reports a killed service as running, so its state is not used: the pipe shows whether
 * the agent is there. The SCM is asked only to start it and for its process id.
 */
#include "libs/napclient/napclient.h"

#include <winsvc.h>

#include "libs/log/log.h"

#define START_TRIES 5
#define DIED_WITHIN 3000 /* ms; the SCM waits longer for a process that lives */

/* ERROR_SERVICE_DATABASE_LOCKED: another service is starting, and the SCM has waited 3 s for it.
 * ERROR_INTERNAL_ERROR: the new process died before its first instruction, which on a busy machine
 * happens to Wine once in ten thousand starts. Both are transient. */
static DWORD start(SC_HANDLE service)
{
    DWORD error = ERROR_INTERNAL_ERROR;
    ULONGLONG begun;
    bool died = false;
    int i;

    for (i = 0;
            i < START_TRIES
            && (died || error == ERROR_SERVICE_DATABASE_LOCKED || error == ERROR_INTERNAL_ERROR);
            i++)
    {
        begun = GetTickCount64();
        error = StartServiceW(service, 0, NULL) ? 0 : GetLastError();
        /* Long before the SCM's timeout this means that the process died before it could
         * connect. */
        died = error == ERROR_SERVICE_REQUEST_TIMEOUT && GetTickCount64() - begun < DIED_WITHIN;
    }
    return error == ERROR_SERVICE_ALREADY_RUNNING ? 0 : error;
}

HRESULT agent_start_service(void)
{
    SC_HANDLE manager, service = NULL;
    DWORD error = 0;

    if (!(manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT)))
        error = GetLastError();
    else if (!(service = OpenServiceW(manager, AGENT_SERVICE_NAME, SERVICE_START)))
        error = GetLastError();
    else
        error = start(service);
    if (service)
        CloseServiceHandle(service);
    if (manager)
        CloseServiceHandle(manager);

    if (error == ERROR_SERVICE_DOES_NOT_EXIST)
        log_event(LOG_ERROR, 0, "start",
                "there is no service \"napagent\" in this prefix; "
                "install wine-nap with tools/setup.sh install");
    else if (error == ERROR_SERVICE_DISABLED)
        log_event(LOG_ERROR, 0, "start",
                "the service \"napagent\" is disabled; "
                "tools/setup.sh install enables it");
    else if (error)
        log_event(LOG_ERROR, 0, "start", "cannot start the service \"napagent\": error %lu", error);
    return HRESULT_FROM_WIN32(error);
}

static bool process_lives(DWORD pid)
{
    HANDLE process = pid ? OpenProcess(SYNCHRONIZE, FALSE, pid) : NULL;
    bool lives = process && WaitForSingleObject(process, 0) == WAIT_TIMEOUT;

    if (process)
        CloseHandle(process);
    return lives;
}

static DWORD service_process(const WCHAR *name)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT), service = NULL;
    SERVICE_STATUS_PROCESS status = {0};
    DWORD needed;

    if (manager)
        service = OpenServiceW(manager, name, SERVICE_QUERY_STATUS);
    if (service
            && !QueryServiceStatusEx(
                    service, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof(status), &needed))
        status.dwProcessId = 0;
    if (service)
        CloseServiceHandle(service);
    if (manager)
        CloseServiceHandle(manager);
    return process_lives(status.dwProcessId) ? status.dwProcessId : 0;
}

DWORD agent_service_process(void)
{
    return service_process(AGENT_SERVICE_NAME);
}

DWORD server_service_process(void)
{
    return service_process(SERVER_SERVICE_NAME);
}

DWORD agent_parameter(const WCHAR *name, DWORD otherwise)
{
    DWORD value, size = sizeof(value);

    if (RegGetValueW(HKEY_LOCAL_MACHINE, AGENT_PARAMETERS_KEY, name, RRF_RT_REG_DWORD, NULL, &value,
                &size))
        return otherwise;
    return value;
}

bool agent_start_always(void)
{
    return true;
}

bool agent_start_unless_stopped(void)
{
    return !agent_parameter(AGENT_VALUE_STOPPED, 0);
}

bool agent_log_file(WCHAR *file)
{
    DWORD size = (AGENT_LOG_FILE_MAX + 1) * sizeof(WCHAR);
    LSTATUS error = RegGetValueW(
            HKEY_LOCAL_MACHINE, AGENT_PARAMETERS_KEY, L"LogFile", RRF_RT_REG_SZ, NULL, file, &size);

    if (error || !*file)
        ExpandEnvironmentStringsW(L"%SystemRoot%\\Logs\\napagent.log", file, MAX_PATH);
    return error != ERROR_MORE_DATA;
}
