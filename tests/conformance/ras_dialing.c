/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasDial with a dialer: the pages RasDial, RasDialFunc, RasDialFunc1, RasDialFunc2,
 * WM_RASDIALEVENT, RasGetConnectStatus and RasHangUp. The dialer is the script test-dialer, and the
 * phone number says what it does.
 */

#include <stdio.h>

#include "agent.h"
#include "phonebook_fixture.h"
#include "process.h"
#include "ras_fixture.h"

#define PARAMETERS L"System\\CurrentControlSet\\Services\\napagent\\Parameters"
#define PATIENCE 20000 /* ms */
#define ENTRY L"Office VPN"

#ifndef ERROR_DIAL_ALREADY_IN_PROGRESS
#define ERROR_DIAL_ALREADY_IN_PROGRESS 756
#endif

static WCHAR sample[MAX_PATH], self[MAX_PATH];

static void set_dialer(const WCHAR *path)
{
    assert_int_equal(RegSetKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, L"Dialer", REG_SZ, path,
                             (DWORD)(wcslen(path) + 1) * sizeof(*path)),
            0);
}

static int begin(void)
{
    write_sample(sample);
    set_dialer(TEST_DIALER);
    return 0;
}

static int end(void)
{
    RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, L"Dialer");
    remove_phonebook(sample);
    return 0;
}

static RASDIALPARAMSW call_of(const WCHAR *entry, const WCHAR *number)
{
    RASDIALPARAMSW params = {.dwSize = sizeof(params)};

    wcscpy(params.szEntryName, entry);
    wcscpy(params.szPhoneNumber, number);
    wcscpy(params.szUserName, L"ann");
    wcscpy(params.szPassword, L"secret");
    wcscpy(params.szDomain, L"CORP");
    return params;
}

static DWORD dial(const WCHAR *number, DWORD type, void *notifier, HRASCONN *connection)
{
    RASDIALPARAMSW params = call_of(ENTRY, number);

    params.dwCallbackId = 77;
    *connection = NULL;
    return RasDialW(NULL, sample, &params, type, notifier, connection);
}

static void assert_status(HRASCONN connection, RASCONNSTATE expected, DWORD error)
{
    RASCONNSTATUSW status = {.dwSize = sizeof(status)};

    assert_int_equal(RasGetConnectStatusW(connection, &status), ERROR_SUCCESS);
    assert_int_equal(status.rasconnstate, expected);
    assert_int_equal(status.dwError, error);
    assert_int_equal(wcscmp(status.szDeviceType, L"vpn"), 0);
}

/* "After this call, the hrasconn handle can no longer be used." */
static void assert_gone(HRASCONN connection)
{
    RASCONNSTATUSW status = {.dwSize = sizeof(status)};
    WIN7_RASCONNW listed;

    assert_int_equal(RasGetConnectStatusW(connection, &status), ERROR_INVALID_HANDLE);
    assert_int_equal(RasHangUpW(connection), ERROR_NO_CONNECTION);
    assert_false(connection_find(ENTRY, &listed) && listed.xp.hrasconn == connection);
}

/* ---- without a notifier ---- */

/* "RasDial does not return until the connection attempt has completed"; "a handle to the RAS
 * connection is returned" */
TEST(a_call_connects)
{
    WIN7_RASCONNW listed;
    HRASCONN connection;

    assert_int_equal(dial(L"check", 0, NULL, &connection), ERROR_SUCCESS);
    assert_non_null(connection);
    assert_status(connection, RASCS_Connected, ERROR_SUCCESS);
    assert_true(connection_find(ENTRY, &listed));
    assert_ptr_equal(listed.xp.hrasconn, connection);
    assert_int_equal(_wcsicmp(listed.xp.szPhonebook, sample), 0);
    assert_int_equal(listed.xp.guidEntry.Data1, 0x00112233);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    assert_gone(connection);
}

TEST(a_call_of_an_ansi_program_connects)
{
    RASDIALPARAMSA params = {.dwSize = sizeof(params),
            .szEntryName = "office vpn",
            .szPhoneNumber = "check",
            .szUserName = "ann",
            .szPassword = "secret",
            .szDomain = "CORP"};
    HRASCONN connection = NULL;
    char path[MAX_PATH];

    WideCharToMultiByte(CP_ACP, 0, sample, -1, path, MAX_PATH, NULL, NULL);
    assert_int_equal(RasDialA(NULL, path, &params, 0, NULL, &connection), ERROR_SUCCESS);
    assert_status(connection, RASCS_Connected, ERROR_SUCCESS);
    assert_int_equal(RasHangUpA(connection), ERROR_SUCCESS);
    assert_gone(connection);
}

/* "An application must eventually call RasHangUp whenever a non-NULL connection handle is stored
 * ... even if RasDial returns a nonzero (error) value"; until then the error is known. */
TEST(a_call_fails)
{
    WIN7_RASCONNW listed;
    HRASCONN connection;

    assert_int_equal(dial(L"refuse", 0, NULL, &connection), ERROR_AUTHENTICATION_FAILURE);
    assert_non_null(connection);
    assert_status(connection, RASCS_Disconnected, ERROR_AUTHENTICATION_FAILURE);
    assert_false(connection_find(ENTRY, &listed));
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    assert_gone(connection);
}

TEST(a_dialer_that_is_not_there)
{
    HRASCONN connection;

    set_dialer(L"/no/such/dialer");
    assert_int_equal(dial(L"connect", 0, NULL, &connection), ERROR_PORT_NOT_AVAILABLE);
    if (connection)
        assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    set_dialer(TEST_DIALER);
}

/* "an empty string for szEntryName": the number is called. The name of such a connection is "a
 * PERIOD (.) followed by the phone number". */
TEST(a_number_is_called)
{
    RASDIALPARAMSW params = call_of(L"", L"check");
    HRASCONN connection = NULL;
    WIN7_RASCONNW listed;

    assert_int_equal(RasDialW(NULL, NULL, &params, 0, NULL, &connection), ERROR_SUCCESS);
    assert_true(connection_find(L".check", &listed));
    assert_ptr_equal(listed.xp.hrasconn, connection);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
}

/* What RasSetEntryDialParams has saved is used for what the caller leaves empty, and for the handle
 * that RasGetEntryDialParams gives for the password. */
TEST(saved_parameters_are_used)
{
    RASDIALPARAMSW params = call_of(ENTRY, L"check"), got = {.dwSize = sizeof(got)};
    HRASCONN connection = NULL;
    BOOL password;

    assert_int_equal(RasSetEntryDialParamsW(sample, &params, FALSE), ERROR_SUCCESS);
    *params.szUserName = *params.szPassword = *params.szDomain = 0;
    assert_int_equal(RasDialW(NULL, sample, &params, 0, NULL, &connection), ERROR_SUCCESS);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    wcscpy(got.szEntryName, ENTRY);
    assert_int_equal(RasGetEntryDialParamsW(sample, &got, &password), ERROR_SUCCESS);
    assert_true(password);
    wcscpy(got.szPhoneNumber, L"check");
    connection = NULL;
    assert_int_equal(RasDialW(NULL, sample, &got, 0, NULL, &connection), ERROR_SUCCESS);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    /* "An asterisk specifies the domain stored in the phone book for the entry." */
    wcscpy(got.szDomain, L"*");
    connection = NULL;
    assert_int_equal(RasDialW(NULL, sample, &got, 0, NULL, &connection), ERROR_SUCCESS);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    /* Not for another user. */
    wcscpy(got.szUserName, L"bob");
    connection = NULL;
    assert_int_equal(
            RasDialW(NULL, sample, &got, 0, NULL, &connection), ERROR_AUTHENTICATION_FAILURE);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    assert_int_equal(RasSetEntryDialParamsW(sample, &params, TRUE), ERROR_SUCCESS);
}

/* What the dialer has named. */
TEST(the_interface_is_the_connection)
{
    RAS_STATS statistics = {.dwSize = sizeof(statistics)};
    HRASCONN connection;

    assert_int_equal(dial(L"lo", 0, NULL, &connection), ERROR_SUCCESS);
    assert_int_equal(RasGetConnectionStatistics(connection, &statistics), ERROR_SUCCESS);
    assert_status(connection, RASCS_Connected, ERROR_SUCCESS);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    assert_gone(connection);
}

TEST(hanging_up_that_fails)
{
    HRASCONN connection, again;

    assert_int_equal(dial(L"stay", 0, NULL, &connection), ERROR_SUCCESS);
    assert_int_equal(RasHangUpW(connection), ERROR_HANGUP_FAILED);
    assert_gone(connection);
    /* It is up, and this process gets it again: "If the entry being dialed is already connected,
     * RasDial returns SUCCESS". */
    assert_int_equal(dial(L"connect", 0, NULL, &again), ERROR_SUCCESS);
    assert_ptr_equal(again, connection);
    assert_status(connection, RASCS_Connected, ERROR_SUCCESS);
    set_dialer(L"/bin/true");
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    set_dialer(TEST_DIALER);
    assert_gone(connection);
}

/* ---- notifiers ---- */

static struct
{
    CRITICAL_SECTION lock;
    HANDLE decided;
    unsigned int count;
    RASCONNSTATE states[64];
    DWORD errors[64];
    HRASCONN connection;
    bool hang_up; /* at the first notification */
    DWORD result; /* of RasDialFunc2 */
    DWORD hung_up;
} notified;

static void forget_notified(void)
{
    if (!notified.decided)
    {
        InitializeCriticalSection(&notified.lock);
        notified.decided = CreateEventW(NULL, TRUE, FALSE, NULL);
    }
    ResetEvent(notified.decided);
    notified.count = 0;
    notified.connection = NULL;
    notified.hang_up = false;
    notified.result = 1;
    notified.hung_up = MAXDWORD;
}

static void take_notification(HRASCONN connection, RASCONNSTATE state_now, DWORD error)
{
    EnterCriticalSection(&notified.lock);
    if (notified.count < ARRAYSIZE(notified.states))
    {
        notified.states[notified.count] = state_now;
        notified.errors[notified.count++] = error;
    }
    LeaveCriticalSection(&notified.lock);
    notified.connection = connection;
    if (notified.hang_up)
    {
        notified.hung_up = RasHangUpW(connection);
        SetEvent(notified.decided);
    }
    if (state_now == RASCS_Connected || error)
        SetEvent(notified.decided);
}

static void WINAPI dial_func(UINT message, RASCONNSTATE state_now, DWORD error)
{
    if (message == WM_RASDIALEVENT)
        take_notification(NULL, state_now, error);
}

static void WINAPI dial_func1(
        HRASCONN connection, UINT message, RASCONNSTATE state_now, DWORD error, DWORD extended)
{
    if (message == WM_RASDIALEVENT && !extended)
        take_notification(connection, state_now, error);
}

static DWORD WINAPI dial_func2(ULONG_PTR id, DWORD sub_entry, HRASCONN connection, UINT message,
        RASCONNSTATE state_now, DWORD error, DWORD extended)
{
    if (id == 77 && sub_entry == 1 && message == WM_RASDIALEVENT && !extended)
        take_notification(connection, state_now, error);
    return notified.result;
}

/* "RasDial calls RasDialFunc with dwError set to zero upon entry to each connection state" */
static void assert_notified(const RASCONNSTATE *states, unsigned int count, DWORD error)
{
    unsigned int i;

    assert_int_equal(WaitForSingleObject(notified.decided, PATIENCE), WAIT_OBJECT_0);
    assert_int_equal(notified.count, count);
    for (i = 0; i < count; i++)
    {
        assert_int_equal(notified.states[i], states[i]);
        assert_int_equal(notified.errors[i], i + 1 == count ? error : ERROR_SUCCESS);
    }
}

static const RASCONNSTATE states_of_success[] = {RASCS_OpenPort, RASCS_ConnectDevice,
        RASCS_Authenticate, RASCS_Authenticated, RASCS_Connected};
/* "If an error occurs within a state, RasDialFunc is called again with a nonzero dwError value." */
static const RASCONNSTATE states_of_failure[] = {
        RASCS_OpenPort, RASCS_ConnectDevice, RASCS_Authenticate, RASCS_Authenticate};

TEST(functions_are_notified)
{
    void *const functions[] = {(void *)dial_func, (void *)dial_func1, (void *)dial_func2};
    HRASCONN connection;
    DWORD type;

    for (type = 0; type < ARRAYSIZE(functions); type++)
    {
        forget_notified();
        assert_int_equal(dial(L"connect", type, functions[type], &connection), ERROR_SUCCESS);
        assert_non_null(connection);
        assert_notified(states_of_success, ARRAYSIZE(states_of_success), ERROR_SUCCESS);
        assert_true(!type || notified.connection == connection);
        assert_status(connection, RASCS_Connected, ERROR_SUCCESS);
        assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);

        forget_notified();
        assert_int_equal(dial(L"refuse", type, functions[type], &connection), ERROR_SUCCESS);
        assert_notified(
                states_of_failure, ARRAYSIZE(states_of_failure), ERROR_AUTHENTICATION_FAILURE);
        assert_status(connection, RASCS_Disconnected, ERROR_AUTHENTICATION_FAILURE);
        assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
        assert_gone(connection);
    }
}

/* "If the RasDialFunc2 function returns zero, RasDial stops sending callback notifications". The
 * attempt goes on. */
TEST(RasDialFunc2_ends_its_notifications)
{
    RASCONNSTATUSW status = {.dwSize = sizeof(status)};
    ULONGLONG until = GetTickCount64() + PATIENCE;
    HRASCONN connection;

    forget_notified();
    notified.result = 0;
    assert_int_equal(dial(L"connect", 2, (void *)dial_func2, &connection), ERROR_SUCCESS);
    do
        assert_int_equal(RasGetConnectStatusW(connection, &status), ERROR_SUCCESS);
    while (status.rasconnstate != RASCS_Connected && GetTickCount64() < until);
    assert_int_equal(status.rasconnstate, RASCS_Connected);
    assert_int_equal(notified.count, 1);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    assert_int_equal(notified.count, 1);
}

static LRESULT CALLBACK window_procedure(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    if (message != RegisterWindowMessageA(RASDIALEVENT))
        return DefWindowProcW(window, message, wparam, lparam);
    take_notification(notified.connection, (RASCONNSTATE)wparam, (DWORD)lparam);
    return TRUE;
}

static void pump_until_decided(void)
{
    ULONGLONG until = GetTickCount64() + PATIENCE;
    MSG message;

    while (MsgWaitForMultipleObjects(1, &notified.decided, FALSE, PATIENCE, QS_ALLINPUT)
                    == WAIT_OBJECT_0 + 1
            && GetTickCount64() < until)
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
            DispatchMessageW(&message);
}

/* "RasDial sends the window a message ... In a progress notification message, wParam is the
 * equivalent of the rasconnstate parameter ..., and lParam is the equivalent of the dwError
 * parameter" */
TEST(a_window_is_notified)
{
    WNDCLASSW class = {.lpfnWndProc = window_procedure, .lpszClassName = L"ras_dialing"};
    HRASCONN connection;
    HWND window;

    assert_int_not_equal(RegisterClassW(&class), 0);
    window = CreateWindowW(class.lpszClassName, L"", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    assert_non_null(window);
    forget_notified();
    assert_int_equal(dial(L"connect", 0xffffffff, window, &connection), ERROR_SUCCESS);
    pump_until_decided();
    assert_notified(states_of_success, ARRAYSIZE(states_of_success), ERROR_SUCCESS);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    /* "An application can safely call RasHangUp" */
    forget_notified();
    assert_int_equal(dial(L"connect", 0xffffffff, window, &connection), ERROR_SUCCESS);
    notified.connection = connection;
    notified.hang_up = true;
    pump_until_decided();
    assert_int_equal(notified.hung_up, ERROR_SUCCESS);
    assert_int_equal(notified.count, 1);
    assert_gone(connection);
    DestroyWindow(window);
}

/* A notifier of a connection that is up is notified of that. */
TEST(a_second_call_of_a_connected_entry)
{
    const RASCONNSTATE connected = RASCS_Connected;
    RASDIALPARAMSW params = call_of(L"office vpn", L"refuse");
    HRASCONN connection, again;
    WCHAR capitals[MAX_PATH];

    assert_int_equal(dial(L"connect", 0, NULL, &connection), ERROR_SUCCESS);
    forget_notified();
    assert_int_equal(dial(L"connect", 1, (void *)dial_func1, &again), ERROR_SUCCESS);
    assert_ptr_equal(again, connection);
    assert_notified(&connected, 1, ERROR_SUCCESS);
    /* Whatever its name and its file are spelled like. */
    CharUpperW(wcscpy(capitals, sample));
    again = NULL;
    assert_int_equal(RasDialW(NULL, capitals, &params, 0, NULL, &again), ERROR_SUCCESS);
    assert_ptr_equal(again, connection);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    assert_gone(connection);
}

/* ---- hanging up ---- */

/* A file that the dialer writes when it is ended, and the host's path of it. */
static void name_files(WCHAR *file, WCHAR *host)
{
    char *(CDECL * unix_name)(const WCHAR *) =
            (void *)GetProcAddress(GetModuleHandleW(L"kernel32"), "wine_get_unix_file_name");
    WCHAR folder[MAX_PATH];
    char *name;

    assert_non_null(unix_name);
    GetTempPathW(MAX_PATH, folder);
    assert_int_not_equal(GetTempFileNameW(folder, L"dl", 0, file), 0);
    assert_non_null(name = unix_name(file));
    assert_in_range(MultiByteToWideChar(CP_UTF8, 0, name, -1, host, RAS_MaxPhoneNumber + 1), 1,
            RAS_MaxPhoneNumber + 1);
    HeapFree(GetProcessHeap(), 0, name);
}

static void assert_ended(const WCHAR *file)
{
    WIN32_FILE_ATTRIBUTE_DATA data = {0};
    ULONGLONG until = GetTickCount64() + PATIENCE;

    while (!data.nFileSizeLow && GetTickCount64() < until)
    {
        Sleep(50);
        assert_true(GetFileAttributesExW(file, GetFileExInfoStandard, &data));
    }
    assert_int_not_equal(data.nFileSizeLow, 0);
    DeleteFileW(file);
}

static void await_state(HRASCONN connection, RASCONNSTATE expected)
{
    RASCONNSTATUSW status = {.dwSize = sizeof(status)};
    ULONGLONG until = GetTickCount64() + PATIENCE;

    do
    {
        Sleep(20);
        assert_int_equal(RasGetConnectStatusW(connection, &status), ERROR_SUCCESS);
        assert_int_equal(status.dwError, ERROR_SUCCESS);
    } while (status.rasconnstate != expected && GetTickCount64() < until);
    assert_int_equal(status.rasconnstate, expected);
}

/* "The connection is terminated even if the RasDial call has not yet been completed."; until then
 * RasGetConnectStatus shows the states as they are passed. */
TEST(hanging_up_ends_an_attempt)
{
    HRASCONN connection, second = NULL;
    WCHAR file[MAX_PATH], host[MAX_PATH];
    WIN7_RASCONNW listed;
    unsigned int count;

    name_files(file, host);
    forget_notified();
    assert_int_equal(dial(host, 1, (void *)dial_func1, &connection), ERROR_SUCCESS);
    await_state(connection, RASCS_ConnectDevice);
    assert_false(connection_find(ENTRY, &listed));
    assert_int_equal(dial(L"connect", 0, NULL, &second), ERROR_DIAL_ALREADY_IN_PROGRESS);
    assert_null(second);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    count = notified.count;
    assert_gone(connection);
    assert_ended(file);
    assert_int_equal(notified.count, count); /* "Notifications end when ..." */
    assert_int_equal(dial(L"connect", 0, NULL, &connection), ERROR_SUCCESS);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
}

/* "An application can safely call RasHangUp from a RasDial notifier callback function." */
TEST(a_notifier_hangs_up)
{
    WCHAR file[MAX_PATH], host[MAX_PATH];
    HRASCONN connection;

    name_files(file, host);
    forget_notified();
    notified.hang_up = true;
    assert_int_equal(dial(host, 2, (void *)dial_func2, &connection), ERROR_SUCCESS);
    assert_int_equal(WaitForSingleObject(notified.decided, PATIENCE), WAIT_OBJECT_0);
    assert_int_equal(notified.hung_up, ERROR_SUCCESS);
    assert_gone(connection);
    assert_int_equal(notified.count, 1);
    DeleteFileW(file);
}

static DWORD WINAPI wait_for_call(void *connection)
{
    return dial(((WCHAR **)connection)[0], 0, NULL, (HRASCONN *)((WCHAR **)connection)[1]);
}

/* Another thread hangs up: RasDial, which waits, has an end too. */
TEST(another_thread_hangs_up)
{
    WCHAR file[MAX_PATH], host[MAX_PATH];
    HRASCONN connection = NULL;
    void *arguments[] = {host, &connection};
    ULONGLONG until = GetTickCount64() + PATIENCE;
    DWORD result;
    HANDLE thread;

    name_files(file, host);
    thread = CreateThread(NULL, 0, wait_for_call, arguments, 0, NULL);
    assert_non_null(thread);
    while (!*(HRASCONN volatile *)&connection && GetTickCount64() < until)
        Sleep(20);
    await_state(connection, RASCS_ConnectDevice);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    assert_int_equal(WaitForSingleObject(thread, PATIENCE), WAIT_OBJECT_0);
    assert_true(GetExitCodeThread(thread, &result));
    assert_int_equal(result, ERROR_USER_DISCONNECTION);
    CloseHandle(thread);
    assert_ended(file);
}

/* ---- the end of the program ---- */

/* Starts this program as one that dials. Its exit code is the result. */
static HANDLE start_child(const WCHAR *number)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    WCHAR line[3 * MAX_PATH];

    swprintf(line, ARRAYSIZE(line), L"\"%ls\" dial \"%ls\" \"%ls\"", self, sample, number);
    assert_true(start_process(line, FALSE, &startup, &process));
    CloseHandle(process.hThread);
    return process.hProcess;
}

#define CHILD_DIALS L"wine-nap ras_dialing child dials"

/* It ends in its notifier. */
static void WINAPI child_func(UINT message, RASCONNSTATE state_now, DWORD error)
{
    (void)message;
    if (state_now == RASCS_ConnectDevice && !error)
        SetEvent(OpenEventW(EVENT_MODIFY_STATE, FALSE, CHILD_DIALS));
    if (state_now == RASCS_Connected || error)
        ExitProcess(error);
}

static int child(WCHAR **arguments)
{
    RASDIALPARAMSW params = call_of(ENTRY, arguments[3]);
    HRASCONN connection = NULL;
    DWORD error = RasDialW(NULL, arguments[2], &params, 0, (void *)child_func, &connection);

    if (error)
        return (int)error;
    Sleep(2 * PATIENCE);
    return 1;
}

TEST(an_attempt_ends_with_its_program)
{
    HANDLE process, dials = CreateEventW(NULL, TRUE, FALSE, CHILD_DIALS);
    WCHAR file[MAX_PATH], host[MAX_PATH];
    HRASCONN connection = NULL;

    name_files(file, host);
    process = start_child(host);
    assert_int_equal(WaitForSingleObject(dials, PATIENCE), WAIT_OBJECT_0);
    CloseHandle(dials);
    assert_int_equal(dial(L"connect", 0, NULL, &connection), ERROR_DIAL_ALREADY_IN_PROGRESS);
    assert_null(connection);
    assert_true(TerminateProcess(process, 1));
    assert_int_equal(WaitForSingleObject(process, PATIENCE), WAIT_OBJECT_0);
    CloseHandle(process);
    assert_ended(file);
    assert_int_equal(dial(L"connect", 0, NULL, &connection), ERROR_SUCCESS);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
}

static void assert_connected(HRASCONN connection)
{
    WIN7_RASCONNW listed;

    assert_true(connection_find(ENTRY, &listed));
    assert_true(!connection || listed.xp.hrasconn == connection);
    assert_status(listed.xp.hrasconn, RASCS_Connected, ERROR_SUCCESS);
}

TEST(a_connection_outlives_its_program_and_the_agent)
{
    HANDLE process = start_child(L"connect");
    WIN7_RASCONNW listed;
    DWORD result;

    assert_int_equal(WaitForSingleObject(process, PATIENCE), WAIT_OBJECT_0);
    assert_true(GetExitCodeProcess(process, &result));
    CloseHandle(process);
    assert_int_equal(result, ERROR_SUCCESS);
    assert_true(connection_find(ENTRY, &listed));
    assert_connected(listed.xp.hrasconn);
    assert_true(agent_kill());
    assert_connected(listed.xp.hrasconn);
    assert_true(agent_stop());
    assert_true(agent_start());
    assert_connected(listed.xp.hrasconn);
    assert_int_equal(RasHangUpW(listed.xp.hrasconn), ERROR_SUCCESS);
    assert_gone(listed.xp.hrasconn);
}

/* An agent that is stopped ends its dialers. */
TEST(an_attempt_ends_with_the_agent)
{
    WCHAR file[MAX_PATH], host[MAX_PATH];
    HRASCONN connection;
    int killed;

    for (killed = 0; killed < 2; killed++)
    {
        name_files(file, host);
        forget_notified();
        assert_int_equal(dial(host, 1, (void *)dial_func1, &connection), ERROR_SUCCESS);
        await_state(connection, RASCS_ConnectDevice);
        assert_true(killed ? agent_kill() : agent_stop());
        assert_int_equal(WaitForSingleObject(notified.decided, PATIENCE), WAIT_OBJECT_0);
        assert_int_equal(notified.errors[notified.count - 1], ERROR_PORT_DISCONNECTED);
        assert_true(agent_start()); /* which ends the dialer of an agent that was killed */
        assert_ended(file);
        assert_int_equal(RasHangUpW(connection), ERROR_NO_CONNECTION);
    }
}

int wmain(int count, WCHAR **arguments);

int wmain(int count, WCHAR **arguments)
{
    GetModuleFileNameW(NULL, self, MAX_PATH);
    if (count > 3)
        return child(arguments);
    return test_main(begin, end);
}
