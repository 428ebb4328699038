/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapClientManagement(2): the state of the client, who may change it, and the results when the
 * agent does not run. Pages inapclientmanagement-*, inapclientmanagement2-getsystemisolationinfoex.
 */

#include "enforcer.h"

#define CLIENT_ID 0x00abcd10u

static INapClientManagement2 *management;

#define says(code, method, ...)                                                                    \
    returns(code, INapClientManagement, method, (INapClientManagement *)management, __VA_ARGS__)
#define says2(code, method, ...)                                                                   \
    returns(code, INapClientManagement2, method, management, __VA_ARGS__)

static int state_begin(void)
{
    return enforcer_bind() || !(management = management_create());
}

static int state_end(void)
{
    int held = INapClientManagement2_Release(management) != 0;

    return enforcer_destroy() || held;
}

#define STATE_TEST(name) TEST_WITH(name, state_begin, state_end)

static void free_string(CountedString *string)
{
    CoTaskMemFree(string->string);
    CoTaskMemFree(string);
}

/* ---- GetNapClientInfo ---- */

STATE_TEST(GetNapClientInfo_returns_name_description_and_version)
{
    CountedString *name = GARBAGE, *description = GARBAGE, *version = GARBAGE;
    BOOL enabled = 7;

    says(S_OK, GetNapClientInfo, &enabled, &name, &description, &version);
    assert_int_equal(enabled, TRUE);
    assert_true(name->length && name->length == lstrlenW(name->string));
    assert_true(description->length && description->length == lstrlenW(description->string));
    assert_string_equal((char *)version->string, (char *)L"1.0");
    free_string(name);
    free_string(description);
    free_string(version);
}

STATE_TEST(GetNapClientInfo_refuses_NULL_and_sets_the_others)
{
    CountedString *name = GARBAGE, *description = GARBAGE, *version = GARBAGE;
    BOOL enabled = 7;

    says(E_INVALIDARG, GetNapClientInfo, NULL, &name, &description, &version);
    says(E_INVALIDARG, GetNapClientInfo, &enabled, &name, &description, NULL);
    says(E_INVALIDARG, GetNapClientInfo, &enabled, &name, NULL, &version);
    says(E_INVALIDARG, GetNapClientInfo, &enabled, NULL, &description, &version);
    assert_false(enabled);
    assert_null(name);
    assert_null(description);
    assert_null(version);
}

STATE_TEST(GetNapClientInfo_says_E_OUTOFMEMORY_and_loses_nothing)
{
    CountedString *name = GARBAGE, *description = GARBAGE, *version = GARBAGE;
    int live = spy_live(), nth;
    BOOL enabled = 7;

    for (nth = 1; nth <= 6; nth++)
    {
        spy_fail_at(nth);
        says(E_OUTOFMEMORY, GetNapClientInfo, &enabled, &name, &description, &version);
        spy_fail_at(0);
        assert_false(enabled);
        assert_null(name);
        assert_null(description);
        assert_null(version);
        assert_int_equal(spy_live(), live);
    }
}

/* ---- GetSystemIsolationInfo(Ex) ---- */

static IsolationState system_state(BOOL *unknown)
{
    IsolationInfo *info = GARBAGE;
    IsolationState state;

    *unknown = 7;
    says(S_OK, GetSystemIsolationInfo, &info, unknown);
    state = info->isolationState;
    free_isolation(info);
    return state;
}

STATE_TEST(a_system_without_connections_is_not_restricted)
{
    BOOL unknown;

    assert_int_equal(system_state(&unknown), isolationStateNotRestricted);
    assert_false(unknown);
}

/* "If any of them are [in an unknown state], the flag is set to TRUE"; "does not reflect unknown
 * states" */
STATE_TEST(a_connection_without_decision_is_unknown)
{
    INapEnforcementClientConnection *connection = connection_create();
    BOOL unknown;

    request_soh(connection);
    assert_int_equal(system_state(&unknown), isolationStateNotRestricted);
    assert_true(unknown);
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
    system_state(&unknown);
    assert_false(unknown);
    connection_release(connection);
}

STATE_TEST(the_system_is_as_its_most_restricted_connection)
{
    INapEnforcementClientConnection *one = connection_create(), *other = connection_create();
    BOOL unknown;

    decide(one, isolationStateInProbation, from_now(3600000), NULL);
    assert_int_equal(system_state(&unknown), isolationStateInProbation);
    assert_false(unknown);
    decide(other, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_int_equal(system_state(&unknown), isolationStateRestrictedAccess);
    decide(other, isolationStateNotRestricted, NO_PROBATION, NULL);
    assert_int_equal(system_state(&unknown), isolationStateInProbation);
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, one);
    assert_int_equal(system_state(&unknown), isolationStateNotRestricted);
    connection_release(one);
    connection_release(other);
}

STATE_TEST(the_system_is_not_restricted_by_a_client_that_has_gone)
{
    INapEnforcementClientConnection *connection = connection_create();
    BOOL unknown;

    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_int_equal(system_state(&unknown), isolationStateRestrictedAccess);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_int_equal(system_state(&unknown), isolationStateNotRestricted);
    connection_release(connection);
}

STATE_TEST(the_systems_state_has_URL_probation_end_and_extended_state)
{
    INapEnforcementClientConnection *connection = connection_create();
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;
    UINT64 end = from_now(3600000);
    struct response response;
    BOOL unknown = 7;

    request_soh(connection);
    start_response(connection, &response);
    response.state = isolationStateInProbation;
    response.extended = extendedIsolationStateTransition;
    response.probation_end = end;
    response.url = "http://fix/";
    set_response(connection, &response);
    returns(S_OK, INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
    says(S_OK, GetSystemIsolationInfo, &info, &unknown);
    assert_int_equal(info->isolationState, isolationStateInProbation);
    assert_int_equal(info->probEndTime.dwLowDateTime, (DWORD)end);
    assert_int_equal(info->failureUrl.length, 11);
    assert_memory_equal(info->failureUrl.string, L"http://fix/", 24);
    free_isolation(info);
    says2(S_OK, GetSystemIsolationInfoEx, &extended, &unknown);
    assert_int_equal(extended->isolationState, isolationStateInProbation);
    assert_int_equal(extended->extendedIsolationState, extendedIsolationStateTransition);
    assert_int_equal(extended->probEndTime.dwHighDateTime, (DWORD)(end >> 32));
    assert_memory_equal(extended->failureUrl.string, L"http://fix/", 24);
    free_isolation_ex(extended);
    connection_release(connection);
}

STATE_TEST(GetSystemIsolationInfo_refuses_NULL_and_sets_the_other)
{
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;
    BOOL unknown = 7;

    says(E_INVALIDARG, GetSystemIsolationInfo, &info, NULL);
    assert_null(info);
    says(E_INVALIDARG, GetSystemIsolationInfo, NULL, &unknown);
    assert_false(unknown);
    unknown = 7;
    says2(E_INVALIDARG, GetSystemIsolationInfoEx, &extended, NULL);
    assert_null(extended);
    says2(E_INVALIDARG, GetSystemIsolationInfoEx, NULL, &unknown);
    assert_false(unknown);
}

STATE_TEST(GetSystemIsolationInfo_says_E_OUTOFMEMORY_and_loses_nothing)
{
    INapEnforcementClientConnection *connection = connection_create();
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;
    BOOL unknown = 7;
    int live, nth;

    request_soh(connection); /* unknown */
    live = spy_live();
    for (nth = 1; nth <= 2; nth++)
    {
        spy_fail_at(nth);
        says(E_OUTOFMEMORY, GetSystemIsolationInfo, &info, &unknown);
        assert_null(info);
        assert_false(unknown);
        spy_fail_at(nth);
        says2(E_OUTOFMEMORY, GetSystemIsolationInfoEx, &extended, &unknown);
        spy_fail_at(0);
        assert_null(extended);
        assert_false(unknown);
        assert_int_equal(spy_live(), live);
    }
    spy_fail_at(3);
    says(E_OUTOFMEMORY, GetSystemIsolationInfo, &info, &unknown);
    spy_fail_at(0);
    assert_null(info);
    assert_false(unknown);
    connection_release(connection);
}

/* ---- the agent is not running ---- */

/* "RPC_E_DISCONNECTED: The NapAgent is not running." A getter does not start it. */
STATE_TEST(questions_to_a_stopped_agent_say_RPC_E_DISCONNECTED)
{
    CountedString *name = GARBAGE, *description = GARBAGE, *version = GARBAGE;
    NapComponentRegistrationInfo *infos = GARBAGE;
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;
    BOOL enabled = 7, unknown = 7;
    UINT16 count = 777;
    ULONGLONG begun;

    assert_int_equal(INapEnforcementClientBinding_Uninitialize(binding), S_OK);
    assert_true(agent_stop());
    begun = GetTickCount64();
    says(RPC_E_DISCONNECTED, GetNapClientInfo, &enabled, &name, &description, &version);
    assert_false(enabled);
    assert_null(name);
    assert_null(description);
    assert_null(version);
    says(RPC_E_DISCONNECTED, GetSystemIsolationInfo, &info, &unknown);
    assert_null(info);
    assert_false(unknown);
    unknown = 7;
    says2(RPC_E_DISCONNECTED, GetSystemIsolationInfoEx, &extended, &unknown);
    assert_null(extended);
    assert_false(unknown);
    says(RPC_E_DISCONNECTED, GetRegisteredEnforcementClients, &count, &infos);
    assert_int_equal(count, 0);
    assert_null(infos);
    infos = GARBAGE;
    count = 777;
    says(RPC_E_DISCONNECTED, GetRegisteredSystemHealthAgents, &count, &infos);
    assert_int_equal(count, 0);
    assert_null(infos);
    assert_true(GetTickCount64() - begun < 1000);
    assert_int_equal(agent_process(), 0);
    assert_true(agent_start());
}

STATE_TEST(registering_starts_a_stopped_agent)
{
    assert_int_equal(INapEnforcementClientBinding_Uninitialize(binding), S_OK);
    assert_true(agent_stop());
    assert_int_equal(register_enforcement_client(CLIENT_ID), S_OK);
    assert_int_not_equal(agent_process(), 0);
    assert_true(agent_stop());
    assert_int_equal(unregister_enforcement_client(CLIENT_ID), S_OK);
    assert_int_not_equal(agent_process(), 0);
}

TEST_MAIN(enforcer_tests_begin, enforcer_tests_end)
