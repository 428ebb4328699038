/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapEnforcementClientBinding while the agent stops, dies and returns. Page
 * inapenforcementclientbinding: "All the APIs in this interface will return
 * RPC_E_DISCONNECTED if the NapAgent is stopped. This object will recover
 * automatically and rebind to the NapAgent, once it restarts." And
 * inapenforcementclientcallback-getconnections-method.
 */

#include "enforcer.h"

#define SECOND_ID 0x00abcd03u
#define AT_ONCE 50    /* ms for RPC_E_DISCONNECTED */
#define RECOVERY 2000 /* ms from the agent's return until the binding works again */

static INapClientManagement2 *management;

static int lifetime_begin(void)
{
    return enforcer_bind() || !(management = management_create());
}

static int lifetime_end(void)
{
    int failed;

    INapClientManagement2_Release(management);
    failed = enforcer_destroy();
    return !agent_start() || failed;
}

#define LIFETIME_TEST(name) TEST_WITH(name, lifetime_begin, lifetime_end)

/* Waits until a binding works again; false: it did not in time. */
static bool binding_recovers(
        INapEnforcementClientBinding *object, INapEnforcementClientConnection *connection)
{
    ULONGLONG begun;
    HRESULT hr = RPC_E_DISCONNECTED;
    BOOL hint;

    agent_await();
    begun = GetTickCount64();
    while (hr == RPC_E_DISCONNECTED && GetTickCount64() - begun < RECOVERY)
    {
        hr = record(INapEnforcementClientBinding, GetSoHRequest, object, connection, &hint);
        if (hr == RPC_E_DISCONNECTED)
            Sleep(10);
    }
    return hr == S_OK;
}

static bool recovers(INapEnforcementClientConnection *connection)
{
    return binding_recovers(binding, connection);
}

/* Reads the state of the system, after the agent is back and has got the connections. */
static IsolationState system_state(bool *url)
{
    IsolationInfo *info;
    IsolationState state;
    BOOL unknown;

    if (FAILED(INapClientManagement2_GetSystemIsolationInfo(management, &info, &unknown)))
        return 0;
    state = info->isolationState;
    *url = info->failureUrl.length != 0;
    free_isolation(info);
    return state;
}

static bool system_becomes(IsolationState state)
{
    ULONGLONG begun = GetTickCount64();
    bool url = false;

    while (GetTickCount64() - begun < RECOVERY)
    {
        if (system_state(&url) == state)
            return url;
        Sleep(10);
    }
    return false;
}

/* ---- stopped ---- */

/* The best of some tries: the machine may be busy for longer than AT_ONCE. */
#define assert_disconnected(method, ...)                                                           \
    do                                                                                             \
    {                                                                                              \
        ULONGLONG begun, took = AT_ONCE;                                                           \
        int tries;                                                                                 \
        for (tries = 0; tries < 10 && took >= AT_ONCE; tries++)                                    \
        {                                                                                          \
            begun = GetTickCount64();                                                              \
            returns(RPC_E_DISCONNECTED, INapEnforcementClientBinding, method, __VA_ARGS__);        \
            took = GetTickCount64() - begun;                                                       \
        }                                                                                          \
        assert_true(took < AT_ONCE);                                                               \
    } while (0)

LIFETIME_TEST(every_method_says_RPC_E_DISCONNECTED_while_the_agent_is_stopped)
{
    INapEnforcementClientConnection *connection = connection_create(), *created = GARBAGE;
    BOOL hint = 7;

    request_soh(connection);
    assert_true(agent_stop());
    assert_disconnected(CreateConnection, binding, &created);
    assert_null(created);
    assert_disconnected(GetSoHRequest, binding, connection, &hint);
    assert_false(hint);
    assert_disconnected(ProcessSoHResponse, binding, connection);
    assert_disconnected(NotifyConnectionStateDown, binding, connection);
    assert_disconnected(NotifySoHChangeFailure, binding);
    returns(RPC_E_DISCONNECTED, INapEnforcementClientBinding, Uninitialize, binding);
    connection_release(connection);
}

LIFETIME_TEST(Uninitialize_takes_effect_while_the_agent_is_stopped)
{
    INapEnforcementClientBinding *second = binding_create();
    INapEnforcementClientConnection *connection;
    struct enforcer other;
    BOOL hint;

    assert_int_equal(register_enforcement_client(SECOND_ID), S_OK);
    assert_int_equal(napctl(L"enforcement enable 0x00abcd03"), 0);
    enforcer_init(&other);
    returns(S_OK, INapEnforcementClientBinding, Initialize, second, SECOND_ID,
            &other.INapEnforcementClientCallback_iface);
    returns(S_OK, INapEnforcementClientBinding, CreateConnection, second, &connection);
    assert_true(agent_stop());
    returns(RPC_E_DISCONNECTED, INapEnforcementClientBinding, Uninitialize, binding);
    assert_int_equal(enforcer.refs, 1);
    returns(NAP_E_NOT_INITIALIZED, INapEnforcementClientBinding, GetSoHRequest, binding, NULL,
            &hint);
    assert_true(agent_start());
    /* Another process that lost the agent at the same time is bound again. */
    assert_true(binding_recovers(second, connection));
    returns(NAP_E_NOT_INITIALIZED, INapEnforcementClientBinding, GetSoHRequest, binding, NULL,
            &hint);
    connection_release(connection);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, second);
    INapEnforcementClientBinding_Release(second);
    enforcer_clear(&other);
    assert_int_equal(unregister_enforcement_client(SECOND_ID), S_OK);
}

LIFETIME_TEST(an_agent_that_was_stopped_stays_stopped)
{
    assert_true(agent_stop());
    /* Nothing shows that a binding looks for the agent: it tries a pipe that is not there. */
    Sleep(1500);
    assert_int_equal(agent_process(), 0);
}

/* inapenforcementclientbinding-initialize: "starts up the NapAgent service automatically" */
LIFETIME_TEST(Initialize_starts_the_agent)
{
    INapEnforcementClientConnection *connection;

    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_true(agent_stop());
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
    assert_int_not_equal(agent_process(), 0);
    connection = connection_create();
    request_soh(connection);
    connection_release(connection);
}

LIFETIME_TEST(a_binding_recovers_when_the_agent_is_started_again)
{
    INapEnforcementClientConnection *connection = connection_create();

    request_soh(connection);
    assert_true(agent_stop());
    Sleep(1500); /* the longest pause between two polls for the agent */
    assert_true(agent_start());
    assert_true(recovers(connection));
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    connection_release(connection);
}

LIFETIME_TEST(a_binding_recovers_when_another_Initialize_starts_the_agent)
{
    INapEnforcementClientConnection *connection = connection_create();
    INapEnforcementClientBinding *other = binding_create();

    assert_true(agent_stop());
    returns(NAP_E_NOT_REGISTERED, INapEnforcementClientBinding, Initialize, other, UNKNOWN_ID,
            callback);
    assert_true(recovers(connection));
    INapEnforcementClientBinding_Release(other);
    connection_release(connection);
}

/* ---- killed ---- */

LIFETIME_TEST(a_bound_client_starts_an_agent_that_was_killed)
{
    INapEnforcementClientConnection *connection = connection_create();

    assert_true(agent_kill());
    assert_true(recovers(connection));
    assert_int_not_equal(agent_process(), 0);
    connection_release(connection);
}

LIFETIME_TEST(a_binding_recovers_from_ten_deaths)
{
    INapEnforcementClientConnection *connection = connection_create();
    int i;

    for (i = 0; i < 10; i++)
    {
        assert_true(agent_kill());
        assert_true(recovers(connection));
    }
    assert_true(enforcer_refs_become(&enforcer, 2));
    connection_release(connection);
}

LIFETIME_TEST(an_exchange_across_the_agents_death_is_orphaned)
{
    INapEnforcementClientConnection *connection = connection_create();
    struct response response;
    HRESULT hr = RPC_E_DISCONNECTED;
    ULONGLONG begun;

    request_soh(connection);
    start_response(connection, &response);
    set_response(connection, &response);
    assert_true(agent_kill());
    agent_await();
    begun = GetTickCount64();
    while (hr == RPC_E_DISCONNECTED && GetTickCount64() - begun < RECOVERY)
        hr = record(INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
    assert_int_equal(hr, NAP_E_MISMATCHED_ID);
    /* Nothing else would make the client send a new request. */
    assert_true(enforcer_notified(&enforcer, 1, RECOVERY));
    decide(connection, isolationStateNotRestricted, NO_PROBATION, NULL);
    connection_release(connection);
}

struct caller
{
    HANDLE thread;
    INapEnforcementClientConnection *connection;
    volatile LONG *stop;
    LONG good, disconnected;
    HRESULT other;
};

static DWORD WINAPI call_on_and_on(void *argument)
{
    struct caller *caller = argument;
    BOOL hint;

    while (!*caller->stop)
    {
        HRESULT hr = INapEnforcementClientBinding_GetSoHRequest(binding, caller->connection, &hint);

        if (hr == S_OK)
            caller->good++;
        else if (hr == RPC_E_DISCONNECTED)
            caller->disconnected++;
        else
            caller->other = hr;
        if (hr != S_OK)
            Sleep(1);
    }
    return 0;
}

LIFETIME_TEST(calls_while_the_agent_dies_succeed_or_say_RPC_E_DISCONNECTED)
{
    struct caller callers[4];
    LONG stop = 0, good;
    int i;

    memset(callers, 0, sizeof(callers));
    for (i = 0; i < 4; i++)
    {
        callers[i].connection = connection_create();
        callers[i].stop = &stop;
        callers[i].thread = CreateThread(NULL, 0, call_on_and_on, &callers[i], 0, NULL);
    }
    for (i = 0; i < 3; i++)
    {
        Sleep(200);
        agent_kill();
    }
    good = *(volatile LONG *)&callers[0].good;
    for (i = 0; i < 1000 && *(volatile LONG *)&callers[0].good - good < 2; i++)
        Sleep(10); /* one may have been answered before the agent died */
    InterlockedExchange(&stop, 1);
    for (i = 0; i < 4; i++)
    {
        assert_int_equal(WaitForSingleObject(callers[i].thread, 5000), WAIT_OBJECT_0);
        CloseHandle(callers[i].thread);
        assert_int_equal(callers[i].other, S_OK);
        connection_release(callers[i].connection);
    }
    assert_true(callers[0].good - good >= 2);
}

/* ---- what the agent learns after a restart ---- */

static void keep_up(INapEnforcementClientConnection *connection)
{
    enforcer.connections[enforcer.connection_count++] = connection;
}

LIFETIME_TEST(connections_and_their_isolation_state_are_restored)
{
    INapEnforcementClientConnection *one = connection_create(), *other = connection_create();

    keep_up(one);
    keep_up(other);
    decide(one, isolationStateNotRestricted, NO_PROBATION, NULL);
    decide(other, isolationStateRestrictedAccess, NO_PROBATION, "http://fix/");
    assert_true(agent_kill());
    assert_true(enforcer_asked(&enforcer, 1, 3000));
    assert_true(system_becomes(isolationStateRestrictedAccess));
    assert_int_equal(isolation_of(other), isolationStateRestrictedAccess);
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, one);
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, other);
    connection_release(one); /* the agent has freed GetConnections' result */
    connection_release(other);
}

LIFETIME_TEST(the_same_after_the_agent_was_stopped_in_order)
{
    INapEnforcementClientConnection *connection = connection_create();

    keep_up(connection);
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, "http://fix/");
    assert_true(agent_stop());
    assert_true(agent_start());
    assert_true(enforcer_asked(&enforcer, 1, RECOVERY));
    assert_true(system_becomes(isolationStateRestrictedAccess));
    connection_release(connection);
}

LIFETIME_TEST(a_probation_ends_although_the_agent_died)
{
    INapEnforcementClientConnection *connection = connection_create();
    UINT64 end = from_now(2500);

    keep_up(connection);
    decide(connection, isolationStateInProbation, end, NULL);
    assert_true(agent_kill());
    assert_true(enforcer_asked(&enforcer, 1, 2000));
    assert_true(enforcer_notified(&enforcer, 1, 4000));
    assert_true(from_now(0) >= end);
    connection_release(connection);
}

LIFETIME_TEST(a_connection_taken_down_meanwhile_is_gone)
{
    INapEnforcementClientConnection *connection = connection_create(), *other;
    bool url;

    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_true(agent_stop());
    returns(RPC_E_DISCONNECTED, INapEnforcementClientBinding, NotifyConnectionStateDown, binding,
            connection);
    assert_true(agent_start());
    assert_true(enforcer_asked(&enforcer, 1, RECOVERY)); /* answered: none */
    other = connection_create();
    request_soh(other);
    request_soh(other); /* after that answer */
    assert_int_equal(system_state(&url), isolationStateNotRestricted);
    connection_release(connection);
    connection_release(other);
}

/* connections-struct: "within the range 0 (zero) to maxConnectionCountPerEnforcer" */
LIFETIME_TEST(GetConnections_may_give_none_and_twenty_and_holes)
{
    INapEnforcementClientConnection *connections[20];
    int i;

    assert_true(agent_kill());
    assert_true(enforcer_asked(&enforcer, 1, 3000)); /* count 0, no array */
    for (i = 0; i < 20; i++)
    {
        connections[i] = connection_create();
        decide(connections[i], isolationStateRestrictedAccess, NO_PROBATION, "http://fix/");
    }
    for (i = 0; i < 20; i++)
        keep_up(i % 3 ? connections[i] : NULL);
    assert_true(agent_kill());
    assert_true(enforcer_asked(&enforcer, 2, 3000));
    assert_true(system_becomes(isolationStateRestrictedAccess));
    for (i = 0; i < 20; i++)
        connection_release(connections[i]);
}

LIFETIME_TEST(GetConnections_that_fails_leaves_the_client_bound)
{
    INapEnforcementClientConnection *connection = connection_create();

    enforcer.connections_result = E_FAIL;
    assert_true(agent_kill());
    assert_true(enforcer_asked(&enforcer, 1, 3000));
    assert_true(recovers(connection));
    assert_true(enforcer_refs_become(&enforcer, 2));
    connection_release(connection);
}

/* "RPC_S_SERVER_UNAVAILABLE: Returning this value causes the enforcer to be removed" */
LIFETIME_TEST(GetConnections_that_says_the_server_is_gone_unbinds)
{
    enforcer.connections_result = HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE);
    assert_true(agent_kill());
    assert_true(enforcer_asked(&enforcer, 1, 3000));
    assert_true(enforcer_released(&enforcer));
    assert_true(binding_is_free());
}

/* ---- disabled ---- */

LIFETIME_TEST(Initialize_with_the_service_disabled_says_so)
{
    ULONGLONG begun;

    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_true(agent_stop());
    assert_true(agent_set_start_type(SERVICE_DISABLED));
    begun = GetTickCount64();
    returns(HRESULT_FROM_WIN32(ERROR_SERVICE_DISABLED), INapEnforcementClientBinding, Initialize,
            binding, ENFORCER_ID, callback);
    assert_true(GetTickCount64() - begun < 1000);
    assert_int_equal(enforcer.refs, 1);
    assert_true(agent_set_start_type(SERVICE_DEMAND_START));
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
}

TEST_MAIN(enforcer_tests_begin, enforcer_tests_end)
