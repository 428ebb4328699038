/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The service, its pipe, and the version of Windows that the prefix reports.
 */
#include "programs/napctl/selftest.h"

#include <stdlib.h>
#include <wchar.h>
#include <winsvc.h>

#define SETUP "run tools/setup.sh install"

void selftest_windows(struct selftest *test)
{
    LONG(NTAPI * get_version)
    (OSVERSIONINFOW *) = (void *)GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "RtlGetVersion");
    OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof(version)};

    if (!get_version || get_version(&version))
        return;
    if (version.dwMajorVersion >= 10)
        selftest_warning(test, "windows-version", L"Windows version",
                "run tools/setup.sh --windows-version win7, for one program with --program NAME.exe",
                "the prefix is Windows %lu: wine-nap works, but installers of NAP programs refuse it",
                version.dwMajorVersion);
    else
        selftest_ok(test, L"Windows version", "%lu.%lu", version.dwMajorVersion,
                version.dwMinorVersion);
}

/* The program of a service's command line: without quotes and arguments, variables expanded. */
static void program_of(const WCHAR *command, WCHAR *program)
{
    const WCHAR *end;
    WCHAR *blank;

    ExpandEnvironmentStringsW(command + (*command == '"'), program, MAX_PATH);
    end = *command == '"' ? wcschr(program, '"') : wcschr(program, ' ');
    if ((blank = (WCHAR *)end))
        *blank = 0;
}

static void check_config(struct selftest *test, const QUERY_SERVICE_CONFIGW *config)
{
    WCHAR expected[MAX_PATH], program[MAX_PATH];
    UINT length = GetSystemDirectoryW(expected, MAX_PATH - 16);

    wcscpy(expected + length, L"\\napagent.exe");
    program_of(config->lpBinaryPathName, program);
    if (_wcsicmp(program, expected))
        selftest_fault(test, "service-path", L"service napagent", SETUP,
                "it runs %ls instead of %ls", program, expected);
    else if (config->dwStartType == SERVICE_DISABLED)
        selftest_fault(test, "service-disabled", L"service napagent", SETUP ", which enables it",
                "it is disabled");
    else
        selftest_ok(test, L"service napagent", "%ls", program);
}

bool selftest_service(struct selftest *test)
{
    QUERY_SERVICE_CONFIGW *config = NULL;
    SC_HANDLE manager, service = NULL;
    DWORD needed = 0;
    bool found = false;

    if ((manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT)))
        service = OpenServiceW(manager, AGENT_SERVICE_NAME, SERVICE_QUERY_CONFIG);
    if (!service && GetLastError() == ERROR_SERVICE_DOES_NOT_EXIST)
        selftest_fault(
                test, "service-missing", L"service napagent", SETUP, "there is no such service");
    else if (!service)
        selftest_fault(test, "service-manager", L"service napagent",
                "see whether services.exe runs in this prefix",
                "the service manager says error %lu", GetLastError());
    else
    {
        QueryServiceConfigW(service, NULL, 0, &needed);
        if ((config = malloc(needed + sizeof(*config)))
                && QueryServiceConfigW(service, config, needed, &needed))
        {
            check_config(test, config);
            found = true;
        }
        else
            selftest_fault(test, "service-manager", L"service napagent", SETUP,
                    "its settings cannot be read: error %lu", GetLastError());
        free(config);
        CloseServiceHandle(service);
    }
    if (manager)
        CloseServiceHandle(manager);
    return found;
}

/* The process that serves the agent's pipe; 0: none does. */
static DWORD pipe_server(void)
{
    HANDLE pipe = CreateFileW(AGENT_PIPE_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
            FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
    ULONG process = 0;

    if (pipe == INVALID_HANDLE_VALUE)
        return 0;
    GetNamedPipeServerProcessId(pipe, &process);
    CloseHandle(pipe);
    return process;
}

void selftest_pipe(struct selftest *test)
{
    DWORD server = pipe_server();
    struct napipc_message request;
    HRESULT hr;

    if (!server)
    {
        selftest_ok(test, L"agent", "not running; its first client starts it");
        return;
    }
    if (server != agent_service_process() && server != agent_parameter(AGENT_VALUE_CONSOLE, 0))
    {
        selftest_fault(test, "pipe-held", AGENT_PIPE_NAME, "end that process",
                "process %lu, which is not the agent, holds the name of its pipe", server);
        return;
    }
    request.type = NAPIPC_GET_STATE;
    hr = agent_process_call(NULL, &request, NULL, NULL);
    if (hr == HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH))
        selftest_fault(test, "agent-version", L"agent", "net stop napagent, then " SETUP,
                "process %lu speaks another version of the protocol than this napctl", server);
    else if (FAILED(hr))
        selftest_fault(test, "agent-silent", L"agent", "net stop napagent; napctl show log",
                "process %lu does not answer: error 0x%08lX", server, (unsigned long)hr);
    else
        selftest_ok(test, L"agent", "running, process %lu", server);
}
