/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The installed agent, as an administrator controls it: through the service manager,
 * NapClientManagement and napctl.
 */

#include "agent.h"

#include <stdio.h>
#include <winsvc.h>

#include "process.h"

#define PARAMETERS L"System\\CurrentControlSet\\Services\\napagent\\Parameters"
#define PATIENCE 20000 /* ms */

static SC_HANDLE open_agent(void)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT), service = NULL;

    if (manager)
    {
        service = OpenServiceW(manager, L"napagent", SERVICE_ALL_ACCESS);
        CloseServiceHandle(manager);
    }
    return service;
}

/* Waits for a process to end; true if it did. */
static bool ends(HANDLE process)
{
    bool ended = process && WaitForSingleObject(process, PATIENCE) == WAIT_OBJECT_0;

    if (process)
        CloseHandle(process);
    return ended;
}

DWORD agent_process(void)
{
    SC_HANDLE service = open_agent();
    SERVICE_STATUS_PROCESS status = {0};
    HANDLE process;
    DWORD needed;
    bool lives;

    if (!service)
        return 0;
    QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof(status), &needed);
    CloseServiceHandle(service);
    /* Wine's service manager goes on naming the process of a killed service. */
    if (!status.dwProcessId || !(process = OpenProcess(SYNCHRONIZE, FALSE, status.dwProcessId)))
        return 0;
    lives = WaitForSingleObject(process, 0) == WAIT_TIMEOUT;
    CloseHandle(process);
    return lives ? status.dwProcessId : 0;
}

static DWORD agent_state(SC_HANDLE service)
{
    SERVICE_STATUS status = {0};

    return QueryServiceStatus(service, &status) ? status.dwCurrentState : 0;
}

/* Also waits until the service manager knows that it runs: before that it rejects a stop. */
bool agent_start(void)
{
    ULONGLONG begun = GetTickCount64();
    SC_HANDLE service = open_agent();
    DWORD error = ERROR_INTERNAL_ERROR;
    bool ready = false;
    int i;

    if (!service)
        return false;
    for (i = 0; i < PROCESS_STARTS && error == ERROR_INTERNAL_ERROR; i++)
        error = StartServiceW(service, 0, NULL) ? 0 : GetLastError();
    if (error == ERROR_SERVICE_ALREADY_RUNNING)
        error = 0;
    while (!error && !ready && GetTickCount64() - begun < PATIENCE)
    {
        ready = agent_state(service) == SERVICE_RUNNING
                && WaitNamedPipeW(L"\\\\.\\pipe\\napagent", 1);
        if (!ready)
            Sleep(1);
    }
    if (!ready)
        fprintf(stderr, "the agent does not start: error %lu, state %lu after %lu ms\n", error,
                agent_state(service), (DWORD)(GetTickCount64() - begun));
    CloseServiceHandle(service);
    return ready;
}

void agent_await(void)
{
    ULONGLONG begun = GetTickCount64();

    while (!WaitNamedPipeW(L"\\\\.\\pipe\\napagent", 1) && GetTickCount64() - begun < PATIENCE)
        Sleep(1);
}

bool agent_stop(void)
{
    DWORD id = agent_process();
    HANDLE process = id ? OpenProcess(SYNCHRONIZE, FALSE, id) : NULL;
    SC_HANDLE service = open_agent();
    SERVICE_STATUS status;
    bool accepted;

    if (!service)
        return false;
    accepted = ControlService(service, SERVICE_CONTROL_STOP, &status);
    CloseServiceHandle(service);
    return ends(process) && accepted;
}

bool agent_kill(void)
{
    DWORD id = agent_process();
    HANDLE process = id ? OpenProcess(PROCESS_TERMINATE | SYNCHRONIZE, FALSE, id) : NULL;

    if (process)
        TerminateProcess(process, 99);
    return ends(process);
}

bool agent_set_start_type(DWORD type)
{
    SC_HANDLE service = open_agent();
    bool done;

    if (!service)
        return false;
    done = ChangeServiceConfigW(service, SERVICE_NO_CHANGE, type, SERVICE_NO_CHANGE, NULL, NULL,
            NULL, NULL, NULL, NULL, NULL);
    CloseServiceHandle(service);
    return done;
}

bool agent_set_parameter(const WCHAR *name, DWORD value)
{
    return !RegSetKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, name, REG_DWORD, &value, sizeof(value));
}

void agent_forget_parameter(const WCHAR *name)
{
    RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, name);
}

int napctl_says(const WCHAR *arguments, char *text, DWORD size)
{
    WCHAR line[512], directory[MAX_PATH];
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    STARTUPINFOW startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    DWORD code = (DWORD)-1, length = 0, got;
    BOOL wow64 = FALSE, made;
    HANDLE reader, writer;

    *text = 0;
    /* napctl is 64-bit if the prefix is. */
    IsWow64Process(GetCurrentProcess(), &wow64);
    GetWindowsDirectoryW(directory, MAX_PATH);
    swprintf(line, 512, L"\"%ls\\%ls\\napctl.exe\" %ls", directory,
            wow64 ? L"sysnative" : L"system32", arguments);
    if (!CreatePipe(&reader, &writer, &inheritable, 0))
        return -1;
    SetHandleInformation(reader, HANDLE_FLAG_INHERIT, 0);
    startup.hStdOutput = startup.hStdError = writer;
    made = start_process(line, TRUE, &startup, &process);
    CloseHandle(writer);
    while (made && length < size - 1
            && ReadFile(reader, text + length, size - 1 - length, &got, NULL) && got)
        length += got;
    text[length] = 0;
    CloseHandle(reader);
    if (!made)
        return -1;
    CloseHandle(process.hThread);
    if (WaitForSingleObject(process.hProcess, PATIENCE) == WAIT_OBJECT_0)
        GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    return (int)code;
}

int napctl(const WCHAR *arguments)
{
    static char text[65536];
    int code = napctl_says(arguments, text, sizeof(text));

    if (code)
        fputs(text, stderr);
    return code;
}

INapClientManagement2 *management_create(void)
{
    INapClientManagement2 *management;

    if (FAILED(CoCreateInstance(&CLSID_NapClientManagement, NULL, CLSCTX_INPROC_SERVER,
                &IID_INapClientManagement2, (void **)&management)))
        return NULL;
    return management;
}

static const NapComponentRegistrationInfo *registration(NapComponentId id)
{
    static WCHAR name[] = L"Conformance", text[] = L"Made by a test", version[] = L"1.0",
                 vendor[] = L"The wine-nap authors";
    static NapComponentRegistrationInfo info = {
            .friendlyName = {ARRAYSIZE(name) - 1, name},
            .description = {ARRAYSIZE(text) - 1, text},
            .version = {ARRAYSIZE(version) - 1, version},
            .vendorName = {ARRAYSIZE(vendor) - 1, vendor},
            .componentType = ComponentTypeEnforcementClientSoH,
    };

    info.id = id;
    return &info;
}

HRESULT register_enforcement_client(EnforcementEntityId id)
{
    INapClientManagement2 *management = management_create();
    HRESULT hr;

    if (!management)
        return E_NOINTERFACE;
    hr = INapClientManagement2_RegisterEnforcementClient(management, registration(id));
    INapClientManagement2_Release(management);
    return hr;
}

HRESULT unregister_enforcement_client(EnforcementEntityId id)
{
    INapClientManagement2 *management = management_create();
    HRESULT hr;

    if (!management)
        return E_NOINTERFACE;
    hr = INapClientManagement2_UnregisterEnforcementClient(management, id);
    INapClientManagement2_Release(management);
    return hr;
}

HRESULT register_health_agent(SystemHealthEntityId id)
{
    INapClientManagement2 *management = management_create();
    HRESULT hr;

    if (!management)
        return E_NOINTERFACE;
    hr = INapClientManagement2_RegisterSystemHealthAgent(management, registration(id));
    INapClientManagement2_Release(management);
    return hr;
}

HRESULT unregister_health_agent(SystemHealthEntityId id)
{
    INapClientManagement2 *management = management_create();
    HRESULT hr;

    if (!management)
        return E_NOINTERFACE;
    hr = INapClientManagement2_UnregisterSystemHealthAgent(management, id);
    INapClientManagement2_Release(management);
    return hr;
}

void free_registrations(NapComponentRegistrationInfo *infos, UINT16 count)
{
    UINT16 i;

    for (i = 0; i < count; i++)
    {
        CoTaskMemFree(infos[i].friendlyName.string);
        CoTaskMemFree(infos[i].description.string);
        CoTaskMemFree(infos[i].version.string);
        CoTaskMemFree(infos[i].vendorName.string);
    }
    CoTaskMemFree(infos);
}

int enforcement_client_count(void)
{
    INapClientManagement2 *management = management_create();
    NapComponentRegistrationInfo *infos;
    EnforcementEntityCount count;
    HRESULT hr;

    if (!management)
        return -1;
    hr = INapClientManagement2_GetRegisteredEnforcementClients(management, &count, &infos);
    INapClientManagement2_Release(management);
    if (FAILED(hr))
        return -1;
    free_registrations(infos, count);
    return count;
}

int health_agent_count(void)
{
    INapClientManagement2 *management = management_create();
    NapComponentRegistrationInfo *infos;
    SystemHealthEntityCount count;
    HRESULT hr;

    if (!management)
        return -1;
    hr = INapClientManagement2_GetRegisteredSystemHealthAgents(management, &count, &infos);
    INapClientManagement2_Release(management);
    if (FAILED(hr))
        return -1;
    free_registrations(infos, count);
    return count;
}

bool is_registered(bool health_agent, NapComponentId id)
{
    INapClientManagement2 *management = management_create();
    NapComponentRegistrationInfo *infos = NULL;
    UINT16 count = 0, i;
    bool found = false;
    HRESULT hr;

    if (!management)
        return false;
    hr = health_agent
                 ? INapClientManagement2_GetRegisteredSystemHealthAgents(management, &count, &infos)
                 : INapClientManagement2_GetRegisteredEnforcementClients(
                         management, &count, &infos);
    INapClientManagement2_Release(management);
    if (FAILED(hr))
        return false;
    for (i = 0; i < count; i++)
        found |= infos[i].id == id;
    free_registrations(infos, count);
    return found;
}

bool agent_is_there(void)
{
    ULONGLONG end = GetTickCount64() + 5000;

    while (health_agent_count() < 0 && GetTickCount64() < end)
        Sleep(50);
    return health_agent_count() >= 0;
}
