/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapEnforcementClientBinding::Initialize: "The NapAgent service is started if
 * it is not running", also while the service manager is busy.
 *
 *   enforcement_start slow-service    is a service that takes its time to start
 */
#include "enforcer.h"

#include <stdio.h>
#include <winsvc.h>

#include "process.h"
#include "agent.h"

#define NAME L"nap-slow-start"
#define SLOW 4500 /* ms; the service manager makes a second start wait 3 s for the first */

/* The service manager starts one service at a time, and waits for its first report. */
static void WINAPI service_main(DWORD argc, WCHAR **argv)
{
    SERVICE_STATUS status = {SERVICE_WIN32_OWN_PROCESS, SERVICE_STOPPED, 0, 0, 0, 0, 0};

    (void)argc;
    (void)argv;
    Sleep(SLOW);
    SetServiceStatus(RegisterServiceCtrlHandlerExW(NAME, NULL, NULL), &status);
}

static int be_slow_service(void)
{
    static WCHAR name[] = NAME;
    SERVICE_TABLE_ENTRYW table[] = {{name, service_main}, {NULL, NULL}};

    return !StartServiceCtrlDispatcherW(table);
}

static SC_HANDLE create_slow_service(void)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS), service;
    WCHAR self[MAX_PATH], line[MAX_PATH + 32];

    GetModuleFileNameW(NULL, self, MAX_PATH);
    swprintf(line, ARRAYSIZE(line), L"\"%ls\" slow-service", self);
    if ((service = OpenServiceW(manager, NAME, SERVICE_ALL_ACCESS)))
    {
        DeleteService(service); /* a failed run has left it */
        CloseServiceHandle(service);
    }
    service = CreateServiceW(manager, NAME, NAME, SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
            SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, line, NULL, NULL, NULL, NULL, NULL);
    CloseServiceHandle(manager);
    return service;
}

static DWORD state_of(SC_HANDLE service)
{
    SERVICE_STATUS status = {0};

    QueryServiceStatus(service, &status);
    return status.dwCurrentState;
}

/* In another process: Wine serializes one process's calls of the service manager. */
static HANDLE start_slow_service(void)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    WCHAR line[] = L"net start " NAME;

    if (!start_process(line, FALSE, &startup, &process))
        return NULL;
    CloseHandle(process.hThread);
    return process.hProcess;
}

ENFORCER_TEST(Initialize_waits_for_another_service_that_starts)
{
    SC_HANDLE service = create_slow_service();
    HANDLE starter;
    int i;

    assert_non_null(service);
    assert_true(agent_stop());
    assert_non_null(starter = start_slow_service());
    for (i = 0; i < 1000 && state_of(service) != SERVICE_START_PENDING; i++)
        Sleep(10);
    assert_int_equal(state_of(service), SERVICE_START_PENDING);
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
    assert_int_not_equal(agent_process(), 0);
    assert_int_equal(WaitForSingleObject(starter, 60000), WAIT_OBJECT_0);
    CloseHandle(starter);
    assert_true(DeleteService(service));
    CloseServiceHandle(service);
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "slow-service"))
        return be_slow_service();
    return test_main(enforcer_tests_begin, enforcer_tests_end);
}
