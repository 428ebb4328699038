/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Enforcement clients in a single-threaded apartment, in the multithreaded one,
 * and on a thread that never called CoInitialize. COM's apartment rules; the main
 * thread of this program is single-threaded.
 */

#include "foreign.h"

#define PATIENCE 10000 /* ms */

static DWORD main_thread;

/* Dispatches messages until *counter is `count`; false: it did not within `timeout` ms. */
static bool pump_until(const LONG *counter, LONG count, DWORD timeout)
{
    ULONGLONG until = GetTickCount64() + timeout;
    MSG message;

    while (*(volatile const LONG *)counter < count && GetTickCount64() < until)
    {
        MsgWaitForMultipleObjects(0, NULL, FALSE, 20, QS_ALLINPUT);
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
            DispatchMessageW(&message);
    }
    return *(volatile const LONG *)counter >= count;
}

static void pump(DWORD ms)
{
    LONG never = 0;

    pump_until(&never, 1, ms);
}

/* Dispatches messages until the condition holds; false: it did not within PATIENCE. */
static bool pump_until_true(bool (*condition)(void))
{
    ULONGLONG until = GetTickCount64() + PATIENCE;

    while (!condition() && GetTickCount64() < until)
        pump(20);
    return condition();
}

static bool system_is_restricted(void)
{
    INapClientManagement2 *management = management_create();
    IsolationInfo *info;
    bool restricted;
    BOOL unknown;

    assert_int_equal(
            INapClientManagement2_GetSystemIsolationInfo(management, &info, &unknown), S_OK);
    restricted = info->isolationState == isolationStateRestrictedAccess;
    free_isolation(info);
    INapClientManagement2_Release(management);
    return restricted;
}

static bool client_is_released(void)
{
    return enforcer.refs == 1 && binding_is_free();
}

/* A callback has come to this thread; the thread takes no messages, and no other thread runs the
 * callback. */
static void assert_callback_waits(void)
{
    assert_int_equal(
            MsgWaitForMultipleObjectsEx(0, NULL, 5000, QS_POSTMESSAGE, MWMO_INPUTAVAILABLE),
            WAIT_OBJECT_0);
    assert_int_equal(enforcer.notified, 0);
}

/* Workers may still be freeing a callback's memory. */
static int apartment_destroy(void)
{
    pump(50);
    return enforcer_destroy();
}

#define APARTMENT_TEST(name) TEST_WITH(name, enforcer_bind, apartment_destroy)

APARTMENT_TEST(a_callback_arrives_on_its_thread_when_that_pumps)
{
    INapEnforcementClientConnection *connection = enforcer_probation(100);

    assert_callback_waits();
    assert_true(pump_until(&enforcer.notified, 1, PATIENCE));
    assert_int_equal(enforcer.thread, main_thread);
    connection_release(connection);
}

/* Suspends the agent's process for a while: every call to it waits. */
static DWORD WINAPI resume_soon(void *process)
{
    LONG(NTAPI * resume)
    (HANDLE) = (void *)GetProcAddress(GetModuleHandleW(L"ntdll"), "NtResumeProcess");

    Sleep(700);
    resume(process);
    CloseHandle(process);
    return 0;
}

static HANDLE suspend_agent(void)
{
    LONG(NTAPI * suspend)
    (HANDLE) = (void *)GetProcAddress(GetModuleHandleW(L"ntdll"), "NtSuspendProcess");
    HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, agent_process());

    assert_non_null(process);
    assert_int_equal(suspend(process), 0);
    return CreateThread(NULL, 0, resume_soon, process, 0, NULL);
}

APARTMENT_TEST(a_callback_arrives_while_its_thread_waits_in_GetSoHRequest)
{
    INapEnforcementClientConnection *connection = enforcer_probation(100);
    HANDLE helper;

    assert_callback_waits();
    helper = suspend_agent();
    request_soh(connection);
    assert_int_equal(enforcer.notified, 1);
    assert_int_equal(enforcer.thread, main_thread);
    WaitForSingleObject(helper, 5000);
    CloseHandle(helper);
    connection_release(connection);
}

/* "Blocks further processing until all existing calls [...] complete": one that waits for this
 * thread is such a call. */
APARTMENT_TEST(a_callback_arrives_while_its_thread_waits_in_Uninitialize)
{
    INapEnforcementClientConnection *connection = enforcer_probation(100);
    ULONGLONG begun;

    assert_callback_waits();
    begun = GetTickCount64();
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_int_equal(enforcer.notified, 1);
    assert_int_equal(enforcer.thread, main_thread);
    assert_true(GetTickCount64() - begun < 1000);
    connection_release(connection);
}

/* Calls an object of the main thread's apartment from another thread. */
static DWORD WINAPI call_in(void *cookie)
{
    INapEnforcementClientCallback *proxy = NULL;
    IGlobalInterfaceTable *table = NULL;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
            &IID_IGlobalInterfaceTable, (void **)&table);
    if (table
            && IGlobalInterfaceTable_GetInterfaceFromGlobal(table, (DWORD)(ULONG_PTR)cookie,
                       &IID_INapEnforcementClientCallback, (void **)&proxy)
                       == S_OK)
    {
        INapEnforcementClientCallback_NotifySoHChange(proxy);
        INapEnforcementClientCallback_Release(proxy);
    }
    if (table)
        IGlobalInterfaceTable_Release(table);
    CoUninitialize();
    return 0;
}

/* A call comes into this apartment while the agent does not answer. */
struct caller
{
    IGlobalInterfaceTable *table;
    DWORD cookie;
    HANDLE threads[2];
};

static void caller_start(struct caller *caller)
{
    assert_int_equal(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                             &IID_IGlobalInterfaceTable, (void **)&caller->table),
            S_OK);
    assert_int_equal(
            IGlobalInterfaceTable_RegisterInterfaceInGlobal(caller->table, (IUnknown *)callback,
                    &IID_INapEnforcementClientCallback, &caller->cookie),
            S_OK);
    caller->threads[0] = suspend_agent();
    caller->threads[1] = CreateThread(NULL, 0, call_in, (void *)(ULONG_PTR)caller->cookie, 0, NULL);
    assert_int_equal(enforcer.notified, 0);
}

/* The call came on its thread, and before this check: nobody has pumped since. */
static void caller_came(struct caller *caller)
{
    LONG notified = enforcer.notified;
    DWORD index;
    int i;

    for (i = 0; i < 2; i++)
    {
        CoWaitForMultipleHandles(0, 5000, 1, &caller->threads[i], &index);
        CloseHandle(caller->threads[i]);
    }
    IGlobalInterfaceTable_RevokeInterfaceFromGlobal(caller->table, caller->cookie);
    IGlobalInterfaceTable_Release(caller->table);
    assert_int_equal(notified, 1);
    assert_int_equal(enforcer.thread, main_thread);
}

ENFORCER_TEST(a_call_arrives_while_its_thread_waits_in_Initialize)
{
    struct caller caller;

    caller_start(&caller);
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
    caller_came(&caller);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
}

ENFORCER_TEST(a_call_arrives_while_its_thread_waits_in_client_management)
{
    INapClientManagement2 *management = management_create();
    struct caller caller;
    IsolationInfo *info;
    BOOL unknown;

    caller_start(&caller);
    assert_int_equal(
            INapClientManagement2_GetSystemIsolationInfo(management, &info, &unknown), S_OK);
    caller_came(&caller);
    free_isolation(info);
    INapClientManagement2_Release(management);
}

ENFORCER_TEST(a_call_arrives_while_its_thread_waits_for_the_registered_components)
{
    INapClientManagement2 *management = management_create();
    NapComponentRegistrationInfo *enforcers;
    EnforcementEntityCount count;
    struct caller caller;

    caller_start(&caller);
    assert_int_equal(
            INapClientManagement2_GetRegisteredEnforcementClients(management, &count, &enforcers),
            S_OK);
    caller_came(&caller);
    assert_true(count);
    free_registrations(enforcers, count);
    INapClientManagement2_Release(management);
}

static HRESULT request_again(struct enforcer *object)
{
    object->inner_result = record(INapEnforcementClientBinding, GetSoHRequest, object->binding,
            object->connections[0], &object->inner_hint);
    return S_OK;
}

APARTMENT_TEST(a_callback_may_call_back_into_the_binding)
{
    enforcer.on_notify = request_again;
    enforcer.inner_result = E_FAIL;
    enforcer.connections[0] = enforcer_probation(100);
    assert_true(pump_until(&enforcer.notified, 1, PATIENCE));
    assert_int_equal(enforcer.inner_result, S_OK);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    connection_release(enforcer.connections[0]);
}

static HRESULT uninitialize(struct enforcer *object)
{
    object->inner_result = record(INapEnforcementClientBinding, Uninitialize, object->binding);
    return S_OK;
}

APARTMENT_TEST(Uninitialize_inside_a_callback_does_not_wait_for_it)
{
    INapEnforcementClientConnection *connection;
    ULONGLONG begun;

    enforcer.on_notify = uninitialize;
    enforcer.inner_result = E_FAIL;
    connection = enforcer_probation(100);
    begun = GetTickCount64();
    assert_true(pump_until(&enforcer.notified, 1, PATIENCE));
    assert_int_equal(enforcer.inner_result, S_OK);
    assert_true(GetTickCount64() - begun < 1500);
    assert_int_equal(enforcer.refs, 1);
    connection_release(connection);
}

APARTMENT_TEST(the_last_Release_comes_with_a_callback_on_its_way)
{
    INapEnforcementClientConnection *connection = enforcer_probation(100);

    assert_callback_waits();
    assert_int_equal(INapEnforcementClientBinding_Release(binding), 0);
    binding = NULL;
    assert_int_equal(enforcer.refs, 1);
    connection_release(connection);
}

APARTMENT_TEST(GetConnections_arrives_on_its_thread_with_its_connections)
{
    int i;

    for (i = 0; i < 3; i++)
    {
        enforcer.connections[i] = connection_create();
        decide(enforcer.connections[i], 1 + i, from_now(3600000), NULL);
    }
    enforcer.connection_count = 3;
    assert_true(agent_kill());
    assert_true(pump_until(&enforcer.asked, 1, PATIENCE));
    assert_int_equal(enforcer.thread, main_thread);
    assert_true(pump_until_true(system_is_restricted));
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    for (i = 0; i < 3; i++)
        connection_release(enforcer.connections[i]);
}

static struct foreign foreign[3];

static bool foreign_are_released(void)
{
    return foreign[0].refs == 1 && foreign[1].refs == 1 && foreign[2].refs == 1;
}

/* They are reached through proxies: only the main thread may call them. */
APARTMENT_TEST(GetConnections_may_give_foreign_connections)
{
    int i;

    for (i = 0; i < 3; i++)
    {
        foreign_init(&foreign[i]);
        enforcer.connections[i] = &foreign[i].INapEnforcementClientConnection_iface;
        decide(enforcer.connections[i], 1 + i, from_now(3600000), NULL);
    }
    enforcer.connection_count = 3;
    assert_true(agent_kill());
    assert_true(pump_until(&enforcer.asked, 1, PATIENCE));
    assert_true(pump_until_true(system_is_restricted));
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_true(pump_until_true(foreign_are_released));
}

APARTMENT_TEST(a_client_that_says_it_is_gone_is_released_on_its_thread)
{
    INapEnforcementClientConnection *connection;

    enforcer.notify_result = CO_E_OBJNOTCONNECTED;
    connection = enforcer_probation(100);
    assert_true(pump_until(&enforcer.notified, 1, PATIENCE));
    assert_true(pump_until_true(client_is_released));
    connection_release(connection);
}

/* ---- between apartments ---- */

struct visitor
{
    IStream *stream;
    HRESULT unmarshalled, created, asked, decided;
    bool direct; /* the connection is the object itself, no proxy */
    INapEnforcementClientConnection *connection;
    INapEnforcementClientBinding *binding;
    IsolationState state;
    LONG done;
};

/* In the multithreaded apartment, with the main thread's binding. */
static DWORD WINAPI visit(void *argument)
{
    static BYTE packet[RESPONSE_MAX_SIZE];
    struct visitor *visitor = argument;
    INapEnforcementClientBinding *proxy = NULL;
    NetworkSoHRequest *request = NULL;
    NetworkSoHResponse soh = {0, packet};
    struct response response;
    BOOL hint;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    visitor->unmarshalled = CoGetInterfaceAndReleaseStream(
            visitor->stream, &IID_INapEnforcementClientBinding, (void **)&proxy);
    if (SUCCEEDED(visitor->unmarshalled))
    {
        visitor->direct = proxy == visitor->binding;
        visitor->created =
                INapEnforcementClientBinding_CreateConnection(proxy, &visitor->connection);
        visitor->asked =
                INapEnforcementClientBinding_GetSoHRequest(proxy, visitor->connection, &hint);
        INapEnforcementClientConnection_GetSoHRequest(visitor->connection, &request);
        response_to(request, &response);
        free_soh(request);
        response.state = isolationStateRestrictedAccess;
        soh.size = (UINT16)response_write(&response, packet);
        INapEnforcementClientConnection_SetSoHResponse(visitor->connection, &soh);
        visitor->decided =
                INapEnforcementClientBinding_ProcessSoHResponse(proxy, visitor->connection);
        INapEnforcementClientBinding_Release(proxy);
    }
    CoUninitialize();
    InterlockedIncrement(&visitor->done);
    return 0;
}

APARTMENT_TEST(a_binding_can_be_marshalled_to_another_apartment)
{
    struct visitor visitor = {
            .created = E_PENDING, .asked = E_PENDING, .decided = E_PENDING, .binding = binding};
    HANDLE thread;

    assert_int_equal(CoMarshalInterThreadInterfaceInStream(&IID_INapEnforcementClientBinding,
                             (IUnknown *)binding, &visitor.stream),
            S_OK);
    thread = CreateThread(NULL, 0, visit, &visitor, 0, NULL);
    assert_true(pump_until(&visitor.done, 1, 5000));
    WaitForSingleObject(thread, 5000);
    CloseHandle(thread);
    assert_int_equal(visitor.unmarshalled, S_OK);
    assert_int_equal(visitor.created, S_OK);
    assert_int_equal(visitor.asked, S_OK);
    assert_int_equal(visitor.decided, S_OK);
    assert_int_equal(isolation_of(visitor.connection), isolationStateRestrictedAccess);
    connection_release(visitor.connection);
}

APARTMENT_TEST(a_connection_is_the_same_object_in_every_apartment)
{
    INapEnforcementClientConnection *connection = connection_create(), *same = NULL;
    IStream *stream;

    assert_int_equal(CoMarshalInterThreadInterfaceInStream(
                             &IID_INapEnforcementClientConnection, (IUnknown *)connection, &stream),
            S_OK);
    assert_int_equal(CoGetInterfaceAndReleaseStream(
                             stream, &IID_INapEnforcementClientConnection, (void **)&same),
            S_OK);
    assert_ptr_equal(same, connection);
    INapEnforcementClientConnection_Release(same);
    connection_release(connection);
}

/* ---- threads without CoInitialize, and apartments that end ---- */

struct stranger
{
    struct enforcer enforcer;
    DWORD apartment; /* COINIT_*, or 99: no CoInitialize */
    INapEnforcementClientBinding *binding;
    HRESULT initialized, created, asked, failure;
    INapEnforcementClientConnection *connection;
};

static DWORD WINAPI live_elsewhere(void *argument)
{
    struct stranger *stranger = argument;
    BOOL hint;

    if (stranger->apartment != 99)
        CoInitializeEx(NULL, stranger->apartment);
    if ((stranger->binding = binding_create()))
    {
        stranger->initialized = INapEnforcementClientBinding_Initialize(stranger->binding,
                ENFORCER_ID, &stranger->enforcer.INapEnforcementClientCallback_iface);
        stranger->created = INapEnforcementClientBinding_CreateConnection(
                stranger->binding, &stranger->connection);
        stranger->asked = INapEnforcementClientBinding_GetSoHRequest(
                stranger->binding, stranger->connection, &hint);
        stranger->failure = INapEnforcementClientBinding_NotifySoHChangeFailure(stranger->binding);
    }
    if (stranger->apartment != 99)
        CoUninitialize();
    return 0;
}

static void start_stranger(struct stranger *stranger, DWORD apartment)
{
    HANDLE thread;

    memset(stranger, 0, sizeof(*stranger));
    enforcer_init(&stranger->enforcer);
    stranger->apartment = apartment;
    stranger->initialized = E_PENDING;
    thread = CreateThread(NULL, 0, live_elsewhere, stranger, 0, NULL);
    assert_int_equal(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CloseHandle(thread);
    assert_int_equal(stranger->initialized, S_OK);
    assert_int_equal(stranger->created, S_OK);
    assert_int_equal(stranger->asked, S_OK);
    assert_int_equal(stranger->failure, S_OK);
}

static DWORD WINAPI keep_multithreaded_apartment(void *events)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    SetEvent(((HANDLE *)events)[0]);
    WaitForSingleObject(((HANDLE *)events)[1], 20000);
    CoUninitialize();
    return 0;
}

ENFORCER_TEST(a_thread_without_CoInitialize_is_in_the_multithreaded_apartment)
{
    HANDLE events[2] = {
            CreateEventW(NULL, TRUE, FALSE, NULL), CreateEventW(NULL, TRUE, FALSE, NULL)};
    HANDLE keeper = CreateThread(NULL, 0, keep_multithreaded_apartment, events, 0, NULL);
    struct stranger stranger;

    WaitForSingleObject(events[0], 5000);
    start_stranger(&stranger, 99);
    assert_true(enforcer_notified(&stranger.enforcer, 1, 3000)); /* while nobody pumps */
    assert_int_not_equal(stranger.enforcer.thread, main_thread);
    assert_int_equal(INapEnforcementClientBinding_Uninitialize(stranger.binding), S_OK);
    INapEnforcementClientBinding_Release(stranger.binding);
    connection_release(stranger.connection);
    assert_int_equal(stranger.enforcer.refs, 1);
    enforcer_clear(&stranger.enforcer);
    SetEvent(events[1]);
    WaitForSingleObject(keeper, 5000);
    CloseHandle(keeper);
    CloseHandle(events[0]);
    CloseHandle(events[1]);
}

/* The client has ended with its apartment; it cannot be called any more. */
ENFORCER_TEST(a_client_whose_apartment_has_ended_is_unbound)
{
    struct stranger stranger;
    HRESULT hr = S_OK;
    BOOL hint;
    int i;

    start_stranger(&stranger, COINIT_APARTMENTTHREADED);
    for (i = 0; i < 300 && hr != NAP_E_NOT_INITIALIZED; i++, Sleep(10))
        hr = INapEnforcementClientBinding_GetSoHRequest(
                stranger.binding, stranger.connection, &hint);
    assert_int_equal(hr, NAP_E_NOT_INITIALIZED);
    assert_int_equal(stranger.enforcer.notified, 0);
    INapEnforcementClientBinding_Release(stranger.binding);
    connection_release(stranger.connection);
    enforcer_clear(&stranger.enforcer);
}

int main(void)
{
    main_thread = GetCurrentThreadId();
    return test_main(enforcer_tests_begin_single_threaded, enforcer_tests_end);
}
