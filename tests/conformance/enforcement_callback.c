/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapEnforcementClientCallback: NotifySoHChange, and the effect of its result. Pages
 * inapenforcementclientcallback-notifysohchange-method,
 * inapenforcementclientbinding-{notifysohchangefailure,uninitialize}-method. The agent runs with
 * short deadlines for it.
 */

#include "enforcer.h"

#define DEADLINE 1000   /* ms a callback may take */
#define RETRY_DELAY 200 /* ms before a failed NotifySoHChange is called again; doubles */
#define SECOND_ID 0x00abcd03u

static HANDLE let_go; /* hanging callbacks wait for it */

static int callback_tests_begin(void)
{
    if (!agent_set_parameter(L"CallbackDeadline", DEADLINE)
            || !agent_set_parameter(L"RetryDelay", RETRY_DELAY))
        return 1;
    agent_stop();
    let_go = CreateEventW(NULL, TRUE, FALSE, NULL);
    return enforcer_tests_begin() || FAILED(register_enforcement_client(SECOND_ID))
           || napctl(L"enforcement enable 0x00abcd03");
}

static int callback_tests_end(void)
{
    int failed = FAILED(unregister_enforcement_client(SECOND_ID)) | enforcer_tests_end();

    agent_forget_parameter(L"CallbackDeadline");
    agent_forget_parameter(L"RetryDelay");
    return failed || !agent_stop() || !agent_start(); /* with its own deadlines again */
}

/* The simplest cause of NotifySoHChange: it comes RETRY_DELAY later. */
static void ask_for_notification(void)
{
    returns(S_OK, INapEnforcementClientBinding, NotifySoHChangeFailure, binding);
}

static bool is_inside(struct enforcer *object)
{
    int i;

    for (i = 0; i < 300 && !*(volatile LONG *)&object->inside; i++)
        Sleep(10);
    return object->inside != 0;
}

BOUND_TEST(NotifySoHChange_is_called_when_a_probation_ends)
{
    UINT64 end = from_now(300);
    INapEnforcementClientConnection *connection = connection_create();

    decide(connection, isolationStateInProbation, end, NULL);
    assert_int_equal(enforcer.notified, 0);
    assert_true(enforcer_notified(&enforcer, 1, 2000));
    assert_true(from_now(0) >= end);
    connection_release(connection);
}

BOUND_TEST(NotifySoHChange_is_not_called_for_a_connection_that_is_down)
{
    INapEnforcementClientConnection *connection = enforcer_probation(300), *other;
    UINT64 end;

    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
    /* The first that comes is for one whose probation ends later. */
    other = connection_create();
    end = from_now(600);
    decide(other, isolationStateInProbation, end, NULL);
    assert_true(enforcer_notified(&enforcer, 1, 2000));
    assert_true(from_now(0) >= end);
    connection_release(connection);
    connection_release(other);
}

static HRESULT request_again(struct enforcer *object)
{
    object->inner_result = record(INapEnforcementClientBinding, GetSoHRequest, object->binding,
            object->connections[0], &object->inner_hint);
    return S_OK;
}

/* "must then call GetSoHRequest to retrieve the new request. This call can be made on the same
 * thread" */
BOUND_TEST(GetSoHRequest_can_be_called_inside_NotifySoHChange)
{
    enforcer.on_notify = request_again;
    enforcer.inner_result = E_FAIL;
    enforcer.connections[0] = enforcer_probation(200);
    assert_true(enforcer_notified(&enforcer, 1, 2000));
    assert_int_equal(enforcer.inner_result, S_OK);
    assert_int_equal(enforcer.inner_hint, TRUE);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    connection_release(enforcer.connections[0]);
}

BOUND_TEST(the_end_of_a_probation_is_notified_once)
{
    INapEnforcementClientConnection *other;
    UINT64 end;

    enforcer.on_notify = request_again;
    enforcer.connections[0] = enforcer_probation(100);
    assert_true(enforcer_notified(&enforcer, 1, 2000));
    /* The next that comes is for another. */
    other = connection_create();
    end = from_now(600);
    decide(other, isolationStateInProbation, end, NULL);
    assert_true(enforcer_notified(&enforcer, 2, 2000));
    assert_true(from_now(0) >= end);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    connection_release(enforcer.connections[0]);
    connection_release(other);
}

static HRESULT decide_again(struct enforcer *object)
{
    static BYTE packet[RESPONSE_MAX_SIZE];
    INapEnforcementClientConnection *connection = object->connections[0];
    NetworkSoHRequest *request = NULL;
    NetworkSoHResponse soh = {0, packet};
    struct response response;

    request_again(object);
    INapEnforcementClientConnection_GetSoHRequest(connection, &request);
    response_to(request, &response);
    free_soh(request);
    soh.size = (UINT16)response_write(&response, packet);
    INapEnforcementClientConnection_SetSoHResponse(connection, &soh);
    object->inner_result =
            record(INapEnforcementClientBinding, ProcessSoHResponse, object->binding, connection);
    return S_OK;
}

BOUND_TEST(a_whole_exchange_can_be_made_inside_NotifySoHChange)
{
    enforcer.on_notify = decide_again;
    enforcer.inner_result = E_FAIL;
    enforcer.connections[0] = enforcer_probation(200);
    assert_true(enforcer_notified(&enforcer, 1, 2000));
    assert_int_equal(enforcer.inner_result, S_OK);
    assert_int_equal(isolation_of(enforcer.connections[0]), isolationStateNotRestricted);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    connection_release(enforcer.connections[0]);
}

/* "The NapAgent retries applying the SoH change at a later time by calling NotifySoHChange
 * again." */
BOUND_TEST(NotifySoHChange_is_called_again_after_NotifySoHChangeFailure)
{
    ask_for_notification();
    assert_true(enforcer_notified(&enforcer, 1, 2000));
    ask_for_notification();
    assert_true(enforcer_notified(&enforcer, 2, 2000));
}

BOUND_TEST(NotifySoHChange_that_fails_is_called_again_later_each_time)
{
    INapEnforcementClientBinding *second = binding_create();
    struct enforcer other;
    ULONGLONG when[3];
    int i;

    enforcer_init(&other);
    returns(S_OK, INapEnforcementClientBinding, Initialize, second, SECOND_ID,
            &other.INapEnforcementClientCallback_iface);
    enforcer.notify_result = other.notify_result = E_FAIL;
    ask_for_notification();
    assert_true(enforcer_notified(&enforcer, 1, 3000));
    returns(S_OK, INapEnforcementClientBinding, NotifySoHChangeFailure, second);
    for (i = 0; i < 3; i++)
    {
        assert_true(enforcer_notified(&enforcer, i + 1, 3000));
        when[i] = enforcer.when;
    }
    assert_true(when[1] - when[0] >= RETRY_DELAY);
    assert_true(when[2] - when[1] >= 2 * RETRY_DELAY);
    enforcer.notify_result = S_OK;
    assert_true(enforcer_notified(&enforcer, 4, 3000));
    /* Another that began later and still fails is called once more, and has been since. */
    assert_true(enforcer_notified(&other, 5, 5000));
    assert_int_equal(enforcer.notified, 4);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, second);
    INapEnforcementClientBinding_Release(second);
    assert_int_equal(other.refs, 1);
    enforcer_clear(&other);
}

BOUND_TEST(a_client_whose_NotifySoHChange_failed_stays_bound)
{
    INapEnforcementClientConnection *connection = connection_create();

    enforcer.notify_result = E_ACCESSDENIED;
    ask_for_notification();
    assert_true(enforcer_notified(&enforcer, 1, 2000));
    request_soh(connection);
    connection_release(connection);
}

/* The agent needs a moment to remove the client; meanwhile the id is taken. */
static void initialize_soon(INapEnforcementClientBinding *object)
{
    HRESULT hr = ALREADY_INITIALIZED;
    int i;

    for (i = 0; i < 200 && hr == ALREADY_INITIALIZED; i++, Sleep(10))
        hr = record(INapEnforcementClientBinding, Initialize, object, ENFORCER_ID, callback);
    assert_int_equal(hr, S_OK);
}

/* "RPC_S_SERVER_UNAVAILABLE: [...] causes the enforcer to be removed from the bound list [...] can
 * then re-initialize itself". COM has other codes for it. */
BOUND_TEST(a_result_that_says_the_server_is_gone_unbinds)
{
    static const HRESULT codes[] = {RPC_S_SERVER_UNAVAILABLE,
            HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE), RPC_E_DISCONNECTED, RPC_E_SERVER_DIED,
            CO_E_OBJNOTCONNECTED};
    INapEnforcementClientBinding *other = binding_create();
    INapEnforcementClientConnection *connection;
    BOOL hint;
    size_t i;

    assert_non_null(other);
    for (i = 0; i < ARRAYSIZE(codes); i++)
    {
        connection = connection_create();
        request_soh(connection);
        enforcer.notify_result = codes[i];
        ask_for_notification();
        assert_true(enforcer_notified(&enforcer, (LONG)i + 1, 3000));
        assert_true(enforcer_released(&enforcer));
        enforcer.notify_result = S_OK;
        initialize_soon(other);
        returns(NAP_E_NOT_INITIALIZED, INapEnforcementClientBinding, GetSoHRequest, binding,
                connection, &hint);
        returns(S_OK, INapEnforcementClientBinding, Uninitialize, other);
        initialize_soon(binding);
        connection_release(connection);
    }
    INapEnforcementClientBinding_Release(other);
}

static HRESULT hang(struct enforcer *object)
{
    (void)object;
    WaitForSingleObject(let_go, 20000);
    return S_OK;
}

BOUND_TEST(a_callback_that_never_returns_costs_only_its_own_deadline)
{
    INapEnforcementClientBinding *second = binding_create();
    INapEnforcementClientConnection *connection = connection_create();
    struct enforcer other;
    ULONGLONG begun;

    ResetEvent(let_go);
    enforcer_init(&other);
    returns(S_OK, INapEnforcementClientBinding, Initialize, second, SECOND_ID,
            &other.INapEnforcementClientCallback_iface);
    enforcer.on_notify = hang;
    ask_for_notification();
    assert_true(is_inside(&enforcer));
    begun = GetTickCount64();
    request_soh(connection); /* its own calls */
    returns(S_OK, INapEnforcementClientBinding, NotifySoHChangeFailure, second);
    assert_true(enforcer_notified(&other, 1, 2000)); /* another client's callbacks */
    assert_true(GetTickCount64() - begun < DEADLINE);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, second);
    INapEnforcementClientBinding_Release(second);
    assert_int_equal(other.refs, 1);
    enforcer_clear(&other);

    begun = GetTickCount64();
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_true(GetTickCount64() - begun < 2 * DEADLINE + 500);
    SetEvent(let_go);
    assert_true(enforcer_released(&enforcer));
    connection_release(connection);
}

static HRESULT take_a_while(struct enforcer *object)
{
    (void)object;
    Sleep(DEADLINE / 2);
    return S_OK;
}

/* "Blocks further processing until all existing calls on [the] interfaces complete. At the end of
 * this call, the NapAgent releases all its references" */
BOUND_TEST(Uninitialize_waits_for_a_callback_that_runs)
{
    enforcer.on_notify = take_a_while;
    ask_for_notification();
    assert_true(is_inside(&enforcer));
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_int_equal(enforcer.notified, 1);
    assert_int_equal(enforcer.inside, 0);
    assert_int_equal(enforcer.refs, 1);
}

BOUND_TEST(the_last_Release_waits_for_a_callback_that_runs)
{
    enforcer.on_notify = take_a_while;
    ask_for_notification();
    assert_true(is_inside(&enforcer));
    assert_int_equal(INapEnforcementClientBinding_Release(binding), 0);
    binding = NULL;
    assert_int_equal(enforcer.notified, 1);
    assert_int_equal(enforcer.refs, 1);
}

static HRESULT uninitialize(struct enforcer *object)
{
    object->inner_result = record(INapEnforcementClientBinding, Uninitialize, object->binding);
    return S_OK;
}

BOUND_TEST(Uninitialize_inside_a_callback_does_not_wait_for_it)
{
    ULONGLONG begun = GetTickCount64();

    enforcer.on_notify = uninitialize;
    enforcer.inner_result = E_FAIL;
    ask_for_notification();
    assert_true(enforcer_notified(&enforcer, 1, 3000));
    assert_int_equal(enforcer.inner_result, S_OK);
    assert_true(GetTickCount64() - begun < RETRY_DELAY + DEADLINE / 2);
    assert_true(enforcer_released(&enforcer));
    returns(NAP_E_NOT_INITIALIZED, INapEnforcementClientBinding, Uninitialize, binding);
}

static HRESULT initialize_again(struct enforcer *object)
{
    uninitialize(object);
    object->inner_result = record(INapEnforcementClientBinding, Initialize, object->binding,
            ENFORCER_ID, &object->INapEnforcementClientCallback_iface);
    return S_OK;
}

BOUND_TEST(a_binding_can_be_made_anew_inside_a_callback)
{
    INapEnforcementClientConnection *connection;

    enforcer.on_notify = initialize_again;
    enforcer.inner_result = E_FAIL;
    ask_for_notification();
    assert_true(enforcer_notified(&enforcer, 1, 3000));
    assert_int_equal(enforcer.inner_result, S_OK);
    enforcer.on_notify = NULL;
    connection = connection_create();
    request_soh(connection);
    connection_release(connection);
    ask_for_notification();
    assert_true(enforcer_notified(&enforcer, 2, 3000));
}

static HRESULT release(struct enforcer *object)
{
    object->inner_result = (HRESULT)INapEnforcementClientBinding_Release(object->binding);
    return S_OK;
}

BOUND_TEST(the_last_Release_may_come_inside_a_callback)
{
    enforcer.on_notify = release;
    ask_for_notification();
    assert_true(enforcer_notified(&enforcer, 1, 3000));
    binding = NULL;
    assert_int_equal(enforcer.inner_result, 0);
    assert_true(enforcer_released(&enforcer));
}

TEST_MAIN(callback_tests_begin, callback_tests_end)
