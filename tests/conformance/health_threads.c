/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Health agents and threads: several at once, slow ones, calls inside callbacks,
 * single-threaded apartments. Pages inapsystemhealthagentbinding-uninitialize-method,
 * inapsystemhealthagentcallback-getsohrequest-method.
 */

#include "sha.h"

static HANDLE let_go;

static int thread_tests_begin(void)
{
    let_go = CreateEventW(NULL, TRUE, FALSE, NULL);
    return sha_tests_begin();
}

/* ---- several at once ---- */

static ULONGLONG time_of_asking(void)
{
    ULONGLONG begun = GetTickCount64();

    ask();
    return GetTickCount64() - begun;
}

BOUND_SHA_TEST(health_agents_are_asked_in_parallel)
{
    struct sha *other = sha_start(SECOND_SHA_ID);
    ULONGLONG took;

    sha.delay = other->delay = 300;
    took = time_of_asking();
    assert_in_range(took, 290, 500);
    assert_reported(SHA_ID, "healthy");
    assert_reported(SECOND_SHA_ID, "healthy");
    sha_stop(other);
}

/* nap-type-constants: maxSystemHealthEntityCount */
BOUND_SHA_TEST(nineteen_more_health_agents_are_asked_in_parallel)
{
    int free_ids = 20 - health_agent_count(), i;
    struct sha *others[20];
    ULONGLONG took;

    says(S_OK, SetMaxSize, 20000);
    for (i = 0; i < free_ids; i++)
    {
        others[i] = sha_start(SECOND_SHA_ID + (UINT32)i);
        others[i]->delay = 200;
    }
    took = time_of_asking();
    assert_in_range(took, 190, 1000);
    for (i = 0; i < free_ids; i++)
        assert_reported(SECOND_SHA_ID + (UINT32)i, "healthy");
    for (i = 0; i < free_ids; i++)
        sha_stop(others[i]);
}

static DWORD WINAPI ask_with(void *argument)
{
    INapEnforcementClientConnection *other = argument;
    BOOL hint;

    return (DWORD)INapEnforcementClientBinding_GetSoHRequest(binding, other, &hint);
}

BOUND_SHA_TEST(two_connections_can_ask_at_once)
{
    INapEnforcementClientConnection *other = connection_create();
    CorrelationId one, two;
    HANDLE thread;
    DWORD code;

    sha.delay = 200;
    thread = CreateThread(NULL, 0, ask_with, other, 0, NULL);
    ask();
    assert_int_equal(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    assert_int_equal((HRESULT)code, S_OK);
    assert_int_equal(sha.asked, 2);
    says(S_OK, GetCorrelationId, &one);
    returns(S_OK, INapEnforcementClientConnection, GetCorrelationId, other, &two);
    assert_memory_not_equal(&one, &two, sizeof(one));
    assert_reported(SHA_ID, "healthy");
    connection_release(other);
}

/* ---- Uninitialize ---- */

static HANDLE start_asking(void)
{
    HANDLE thread = CreateThread(NULL, 0, ask_with, connection, 0, NULL);

    assert_true(sha_is_inside(&sha));
    return thread;
}

static void finish_asking(HANDLE thread)
{
    DWORD code;

    assert_int_equal(WaitForSingleObject(thread, 8000), WAIT_OBJECT_0);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    assert_int_equal((HRESULT)code, S_OK);
}

/* Two threads use a new object at once: it makes one connection all the same. */
BOUND_SHA_TEST(a_connection_that_is_asked_for_twice_at_once_is_one)
{
    static char text[65536];
    HANDLE first, second;

    sha.delay = 300;
    first = start_asking();
    second = CreateThread(NULL, 0, ask_with, connection, 0, NULL);
    finish_asking(first);
    finish_asking(second);
    assert_int_equal(napctl_says(L"show state --json", text, sizeof(text)), 0);
    assert_non_null(strstr(text, "\"connections\": 1,"));
    respond_to_sha(false);
    assert_int_equal(napctl_says(L"show state --json", text, sizeof(text)), 0);
    assert_non_null(strstr(text, "\"unknownConnections\": false"));
}

/* "The NapAgent blocks execution of this method call until all existing calls on the Binding and
 * Callback interfaces complete." */
BOUND_SHA_TEST(Uninitialize_waits_for_a_callback_that_runs)
{
    HANDLE thread;

    sha.delay = 500;
    thread = start_asking();
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    assert_int_equal(sha.asked, 1);
    assert_int_equal(sha.inside, 0);
    assert_int_equal(sha.refs, 1);
    finish_asking(thread);
}

BOUND_SHA_TEST(the_last_Release_waits_for_a_callback_that_runs)
{
    HANDLE thread;

    sha.delay = 500;
    thread = start_asking();
    assert_int_equal(INapSystemHealthAgentBinding_Release(sha.binding), 0);
    sha.binding = NULL;
    assert_int_equal(sha.asked, 1);
    assert_int_equal(sha.refs, 1);
    finish_asking(thread);
}

static HRESULT uninitialize(struct sha *object, INapSystemHealthAgentRequest *request)
{
    (void)request;
    object->inner_result = record(INapSystemHealthAgentBinding, Uninitialize, object->binding);
    return S_OK;
}

BOUND_SHA_TEST(Uninitialize_inside_a_callback_does_not_wait_for_it)
{
    ULONGLONG took;

    sha.on_request = uninitialize;
    sha.inner_result = E_FAIL;
    took = time_of_asking();
    assert_true(took < 1000);
    assert_true(sha_reaches(&sha, &sha.asked, 1, 500)); /* the exchange did not wait for it */
    assert_int_equal(sha.inner_result, S_OK);
    assert_true(sha_released(&sha));
    returns(NAP_E_NOT_INITIALIZED, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NOT_INITIALIZED);
}

static HRESULT initialize_again(struct sha *object, INapSystemHealthAgentRequest *request)
{
    uninitialize(object, request);
    object->inner_result = record(INapSystemHealthAgentBinding, Initialize, object->binding, SHA_ID,
            &object->INapSystemHealthAgentCallback_iface);
    return S_OK;
}

BOUND_SHA_TEST(a_binding_can_be_made_anew_inside_a_callback)
{
    sha.on_request = initialize_again;
    sha.inner_result = E_FAIL;
    ask();
    assert_true(sha_reaches(&sha, &sha.asked, 1, SOON));
    assert_int_equal(sha.inner_result, S_OK);
    sha.on_request = NULL;
    ask();
    assert_reported(SHA_ID, "healthy");
}

static HRESULT release(struct sha *object, INapSystemHealthAgentRequest *request)
{
    (void)request;
    object->inner_result = (HRESULT)INapSystemHealthAgentBinding_Release(object->binding);
    return S_OK;
}

BOUND_SHA_TEST(the_last_Release_may_come_inside_a_callback)
{
    sha.on_request = release;
    sha.inner_result = E_FAIL;
    ask();
    assert_true(sha_reaches(&sha, &sha.asked, 1, SOON));
    sha.binding = NULL;
    assert_int_equal(sha.inner_result, 0);
    assert_true(sha_released(&sha));
}

static HRESULT flush_and_query(struct sha *object, INapSystemHealthAgentRequest *request)
{
    IsolationInfo *info = NULL;
    BOOL unknown;

    (void)request;
    object->inner_result = record(INapSystemHealthAgentBinding, FlushCache, object->binding);
    if (SUCCEEDED(object->inner_result))
        object->inner_result = record(INapSystemHealthAgentBinding, GetSystemIsolationInfo,
                object->binding, &info, &unknown);
    if (SUCCEEDED(object->inner_result))
        free_isolation(info);
    return S_OK;
}

BOUND_SHA_TEST(the_binding_can_be_used_inside_a_callback)
{
    sha.on_request = flush_and_query;
    sha.inner_result = E_FAIL;
    ask();
    assert_int_equal(sha.inner_result, S_OK);
}

/* ---- single-threaded apartments ---- */

struct apartment
{
    struct sha sha;
    INapEnforcementClientBinding *client; /* NULL: no enforcement client in this apartment */
    INapEnforcementClientConnection *connection;
    HANDLE thread, ready, end;
    DWORD thread_id;
    HRESULT initialized, asked, uninitialized;
    LONG left;  /* references to the binding */
    int asking; /* number of requests */
};

static void pump_until(HANDLE event)
{
    MSG message;

    while (MsgWaitForMultipleObjects(1, &event, FALSE, 10000, QS_ALLINPUT) == WAIT_OBJECT_0 + 1)
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
            DispatchMessageW(&message);
}

static DWORD WINAPI live_in_apartment(void *argument)
{
    struct apartment *apartment = argument;
    struct sha *object = &apartment->sha;
    BOOL hint;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    apartment->thread_id = GetCurrentThreadId();
    object->binding = sha_binding_create();
    apartment->initialized = INapSystemHealthAgentBinding_Initialize(
            object->binding, object->id, &object->INapSystemHealthAgentCallback_iface);
    if (apartment->asking)
    {
        apartment->client = binding_create();
        apartment->asked =
                INapEnforcementClientBinding_Initialize(apartment->client, ENFORCER_ID, callback);
        if (SUCCEEDED(apartment->asked))
            INapEnforcementClientBinding_CreateConnection(
                    apartment->client, &apartment->connection);
        while (SUCCEEDED(apartment->asked) && apartment->asking--)
            apartment->asked = INapEnforcementClientBinding_GetSoHRequest(
                    apartment->client, apartment->connection, &hint);
    }
    SetEvent(apartment->ready);
    pump_until(apartment->end);
    if (apartment->client)
        INapEnforcementClientBinding_Release(apartment->client);
    apartment->uninitialized = INapSystemHealthAgentBinding_Uninitialize(object->binding);
    apartment->left = (LONG)INapSystemHealthAgentBinding_Release(object->binding);
    CoUninitialize();
    return 0;
}

/* A health agent in its own single-threaded apartment that dispatches messages. */
static void apartment_start(struct apartment *apartment, SystemHealthEntityId id, int asking)
{
    memset(apartment, 0, sizeof(*apartment));
    sha_init(&apartment->sha, id);
    apartment->sha.product = "healthy";
    apartment->asking = asking;
    apartment->ready = CreateEventW(NULL, TRUE, FALSE, NULL);
    apartment->end = CreateEventW(NULL, TRUE, FALSE, NULL);
    apartment->thread = CreateThread(NULL, 0, live_in_apartment, apartment, 0, NULL);
    assert_int_equal(WaitForSingleObject(apartment->ready, 20000), WAIT_OBJECT_0);
    assert_int_equal(apartment->initialized, S_OK);
}

static void apartment_stop(struct apartment *apartment)
{
    SetEvent(apartment->end);
    assert_int_equal(WaitForSingleObject(apartment->thread, 10000), WAIT_OBJECT_0);
    assert_int_equal(apartment->uninitialized, S_OK);
    assert_int_equal(apartment->left, 0);
    assert_int_equal(apartment->sha.refs, 1);
    CloseHandle(apartment->thread);
    CloseHandle(apartment->ready);
    CloseHandle(apartment->end);
    CloseHandle(apartment->sha.called);
}

SHA_TEST(a_health_agent_in_an_apartment_is_called_on_its_own_thread)
{
    static struct apartment apartment;

    apartment_start(&apartment, SHA_ID, 0);
    ask();
    assert_reported(SHA_ID, "healthy");
    assert_int_equal(apartment.sha.thread, apartment.thread_id);
    apartment.sha.compare_result = S_OK;
    apartment.sha.equal = TRUE;
    apartment.sha.product = "compared";
    assert_int_equal(ask(), FALSE);
    assert_int_equal(apartment.sha.compared, 1);
    respond_to_sha(true);
    assert_true(sha_reaches(&apartment.sha, &apartment.sha.mended, 1, SOON));
    assert_int_equal(apartment.sha.response.size, RESPONSE_ENTRY_SIZE);
    assert_int_equal(apartment.sha.flags, shaFixup);
    ask();
    ask();
    assert_true(sha_reaches(&apartment.sha, &apartment.sha.orphaned, 1, SOON));
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_true(sha_reaches(&apartment.sha, &apartment.sha.changed, 1, SOON));
    assert_int_equal(apartment.sha.thread, apartment.thread_id);
    apartment_stop(&apartment);
}

static HRESULT ask_for_nothing(struct sha *object, INapSystemHealthAgentRequest *request)
{
    UINT8 flags;

    object->inner_result = S_OK;
    if (record(INapSystemHealthAgentRequest, GetCorrelationId, request, NULL) != E_INVALIDARG
            || record(INapSystemHealthAgentRequest, GetStringCorrelationId, request, NULL)
                       != E_INVALIDARG
            || record(INapSystemHealthAgentRequest, SetSoHRequest, request, NULL, FALSE)
                       != E_INVALIDARG
            || record(INapSystemHealthAgentRequest, GetSoHRequest, request, NULL) != E_INVALIDARG
            || record(INapSystemHealthAgentRequest, GetCacheSoHFlag, request, NULL) != E_INVALIDARG
            || record(INapSystemHealthAgentRequest, GetSoHResponse, request, NULL, &flags)
                       != NAP_E_NOT_PENDING)
        object->inner_result = E_FAIL;
    return S_OK;
}

/* A method's documented result for a bad argument is the same in every apartment. */
SHA_TEST(the_request_in_an_apartment_is_no_proxy)
{
    static struct apartment apartment;

    apartment_start(&apartment, SHA_ID, 0);
    apartment.sha.on_request = ask_for_nothing;
    ask();
    assert_int_equal(apartment.sha.inner_result, S_OK);
    assert_int_equal(apartment.sha.thread, apartment.thread_id);
    apartment_stop(&apartment);
}

SHA_TEST(two_health_agents_in_apartments_are_asked_in_parallel)
{
    static struct apartment one, other;
    ULONGLONG took;

    assert_int_equal(register_health_agent(SECOND_SHA_ID), S_OK);
    apartment_start(&one, SHA_ID, 0);
    apartment_start(&other, SECOND_SHA_ID, 0);
    one.sha.delay = other.sha.delay = 300;
    took = time_of_asking();
    assert_in_range(took, 290, 500);
    apartment_stop(&one);
    apartment_stop(&other);
    assert_int_equal(unregister_health_agent(SECOND_SHA_ID), S_OK);
}

/* The exchange needs the thread that waits for it. */
SHA_TEST(a_client_can_ask_in_the_apartment_of_the_health_agent)
{
    static struct apartment apartment;

    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    apartment_start(&apartment, SHA_ID, 3);
    assert_int_equal(apartment.asked, S_OK);
    assert_int_equal(apartment.sha.asked, 3);
    assert_int_equal(apartment.sha.thread, apartment.thread_id);
    apartment_stop(&apartment);
    connection_release(apartment.connection);
}

static HRESULT wait_for_more(struct sha *object, INapSystemHealthAgentRequest *request)
{
    (void)object;
    (void)request;
    WaitForSingleObject(let_go, 20000);
    return S_OK;
}

BOUND_SHA_TEST(a_hanging_health_agent_delays_nobody_elses_calls)
{
    struct sha *other = sha_start(SECOND_SHA_ID);
    HANDLE thread;
    ULONGLONG begun;

    ResetEvent(let_go);
    sha.on_request = wait_for_more;
    thread = start_asking();
    begun = GetTickCount64();
    returns(S_OK, INapSystemHealthAgentBinding, NotifySoHChange, other->binding);
    returns(S_OK, INapSystemHealthAgentBinding, FlushCache, sha.binding);
    assert_true(enforcer_notified(&enforcer, 1, 2000));
    assert_true(GetTickCount64() - begun < 2000);
    SetEvent(let_go);
    finish_asking(thread);
    sha_stop(other);
}

TEST_MAIN(thread_tests_begin, sha_tests_end)
