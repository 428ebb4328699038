/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The service behind the pipe.
 *
 * Wine's SCM reports a killed service as running, so its state is not used: the pipe shows whether
 * the agent is there. The SCM is asked only to start it and for its process id.
 */
#include "libs/napclient/napclient.h"

#include "libs/log/log.h"
#include "libs/service/service.h"

HRESULT agent_start_service(void)
{
    SC_HANDLE manager, service = NULL;
    DWORD error = 0;

    if (!(manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT)))
        error = GetLastError();
    else if (!(service = OpenServiceW(manager, AGENT_SERVICE_NAME, SERVICE_START)))
        error = GetLastError();
    else
        error = service_start(service);
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
