/*
 * INapSystemHealthAgentBinding(2): order, state, arguments. Pages
 * inapsystemhealthagentbinding*; where another is meant the test names it.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "sha.h"


static HRESULT get_info_ex(IsolationInfoEx **info, BOOL *unknown)
{
    INapSystemHealthAgentBinding2 *second = NULL;
    HRESULT hr;

    assert_int_equal(INapSystemHealthAgentBinding_QueryInterface(sha.binding,
            &IID_INapSystemHealthAgentBinding2, (void **)&second), S_OK);
    hr = record(INapSystemHealthAgentBinding2, GetSystemIsolationInfoEx, second, info, unknown);
    INapSystemHealthAgentBinding2_Release(second);
    return hr;
}

/* "The SHA must call Initialize before calling this method or any other method" */
static void assert_every_method_says(HRESULT code)
{
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;
    BOOL unknown = 7;

    returns(code, INapSystemHealthAgentBinding, NotifySoHChange, sha.binding);
    returns(code, INapSystemHealthAgentBinding, FlushCache, sha.binding);
    returns(code, INapSystemHealthAgentBinding, GetSystemIsolationInfo, sha.binding, &info,
        &unknown);
    assert_null(info);
    assert_false(unknown);
    unknown = 7;
    assert_int_equal(get_info_ex(&extended, &unknown), code);
    assert_null(extended);
    assert_false(unknown);
    returns(code, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
}

static void every_method_says_NOT_INITIALIZED_before_Initialize(void **state)
{
    (void)state;
    assert_every_method_says(NAP_E_NOT_INITIALIZED);
}

static void every_method_says_NOT_INITIALIZED_after_Uninitialize(void **state)
{
    (void)state;
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    assert_every_method_says(NAP_E_NOT_INITIALIZED);
}

static void NULL_arguments_say_NOT_INITIALIZED_before_Initialize(void **state)
{
    (void)state;
    returns(NAP_E_NOT_INITIALIZED, INapSystemHealthAgentBinding, GetSystemIsolationInfo,
        sha.binding, NULL, NULL);
    assert_int_equal(get_info_ex(NULL, NULL), NAP_E_NOT_INITIALIZED);
}

/* "If the SHA has initialized previously, this error is returned." */
static void Initialize_twice_says_ALREADY_INITIALIZED(void **state)
{
    struct sha other;

    (void)state;
    sha_init(&other, SHA_ID);
    returns(ALREADY_INITIALIZED, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID,
        &other.INapSystemHealthAgentCallback_iface);
    returns(ALREADY_INITIALIZED, INapSystemHealthAgentBinding, Initialize, sha.binding,
        UNKNOWN_SHA_ID, sha_callback);
    assert_int_equal(other.refs, 1);
    CloseHandle(other.called);
    ask();
    assert_int_equal(sha.asked, 1);
}

static void another_object_of_the_process_says_ALREADY_INITIALIZED(void **state)
{
    INapSystemHealthAgentBinding *other = sha_binding_create();

    (void)state;
    assert_non_null(other);
    returns(ALREADY_INITIALIZED, INapSystemHealthAgentBinding, Initialize, other, SHA_ID,
        sha_callback);
    returns(NAP_E_NOT_INITIALIZED, INapSystemHealthAgentBinding, Uninitialize, other);
    assert_int_equal(INapSystemHealthAgentBinding_Release(other), 0);
}

static void the_id_is_free_again_after_Uninitialize(void **state)
{
    INapSystemHealthAgentBinding *other = sha_binding_create();

    (void)state;
    assert_non_null(other);
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, other, SHA_ID, sha_callback);
    ask();
    assert_int_equal(sha.asked, 1);
    assert_int_equal(INapSystemHealthAgentBinding_Release(other), 0);
}

/* "If the SHA has not registered earlier, this error is returned." */
static void Initialize_says_NOT_REGISTERED_for_an_id_nobody_registered(void **state)
{
    (void)state;
    returns(NAP_E_NOT_REGISTERED, INapSystemHealthAgentBinding, Initialize, sha.binding,
        UNKNOWN_SHA_ID, sha_callback);
    returns(NAP_E_NOT_REGISTERED, INapSystemHealthAgentBinding, Initialize, sha.binding, 0,
        sha_callback);
    assert_int_equal(sha.refs, 1);
}

static void the_id_of_an_enforcement_client_is_not_registered_here(void **state)
{
    (void)state;
    returns(NAP_E_NOT_REGISTERED, INapSystemHealthAgentBinding, Initialize, sha.binding,
        ENFORCER_ID, sha_callback);
}

static void the_id_of_a_health_agent_is_no_enforcement_clients(void **state)
{
    INapEnforcementClientBinding *other = binding_create();

    (void)state;
    returns(NAP_E_NOT_REGISTERED, INapEnforcementClientBinding, Initialize, other, SHA_ID,
        callback);
    INapEnforcementClientBinding_Release(other);
}

static void a_failed_Initialize_can_be_repeated(void **state)
{
    (void)state;
    returns(NAP_E_NOT_REGISTERED, INapSystemHealthAgentBinding, Initialize, sha.binding,
        UNKNOWN_SHA_ID, sha_callback);
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
}

static void Initialize_without_callback_is_refused(void **state)
{
    (void)state;
    returns(E_INVALIDARG, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, NULL);
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
}

/* A health agent takes part as soon as it is registered; nothing has to be switched on. */
static void a_registered_health_agent_needs_no_enabling(void **state)
{
    (void)state;
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
    sha.product = "healthy";
    ask();
    assert_reported(SHA_ID, "healthy");
}

/* "The NapAgent does not trigger a SoH exchange as a result of initialization." */
static void Initialize_triggers_no_exchange(void **state)
{
    (void)state;
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
    assert_false(enforcer_notified(&enforcer, 1, 700));
    assert_int_equal(sha.asked, 0);
}

/* "The NapAgent holds a reference to the object [...] until Uninitialize is called." */
static void the_callback_is_held_until_Uninitialize(void **state)
{
    (void)state;
    assert_true(sha.refs > 1);
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    assert_int_equal(sha.refs, 1);
}

static void the_last_Release_uninitializes(void **state)
{
    (void)state;
    assert_int_equal(INapSystemHealthAgentBinding_Release(sha.binding), 0);
    assert_int_equal(sha.refs, 1);
    sha.binding = sha_binding_create();
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
}

static void an_object_can_be_initialized_again(void **state)
{
    int i;

    (void)state;
    for (i = 0; i < 20; i++)
    {
        returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID,
            sha_callback);
        returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    }
}

/* inapclientmanagement-unregistersystemhealthagent: NAP_E_STILL_BOUND */
static void a_bound_health_agent_cannot_be_unregistered(void **state)
{
    INapClientManagement *management = (INapClientManagement *)management_create();

    (void)state;
    returns(NAP_E_STILL_BOUND, INapClientManagement, UnregisterSystemHealthAgent, management,
        SHA_ID);
    ask();
    assert_int_equal(sha.asked, 1);
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    returns(S_OK, INapClientManagement, UnregisterSystemHealthAgent, management, SHA_ID);
    returns(S_OK, INapClientManagement, RegisterSystemHealthAgent, management,
        &(NapComponentRegistrationInfo){.id = SHA_ID});
    INapClientManagement_Release(management);
}

/* ---- GetSystemIsolationInfo(Ex) ---- */

static void the_isolation_info_is_that_of_the_system(void **state)
{
    UINT64 end = from_now(3600000);
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;
    struct response response;
    BOOL unknown = 7;

    (void)state;
    ask();
    start_response(connection, &response);
    response.state = isolationStateInProbation;
    response.extended = extendedIsolationStateInfected;
    response.probation_end = end;
    response.url = "http://fix/";
    set_response(connection, &response);
    returns(S_OK, INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);

    returns(S_OK, INapSystemHealthAgentBinding, GetSystemIsolationInfo, sha.binding, &info,
        &unknown);
    assert_int_equal(info->isolationState, isolationStateInProbation);
    assert_int_equal(info->probEndTime.dwLowDateTime, (DWORD)end);
    assert_int_equal(info->probEndTime.dwHighDateTime, (DWORD)(end >> 32));
    assert_int_equal(info->failureUrl.length, 11);
    assert_memory_equal(info->failureUrl.string, L"http://fix/", 24);
    assert_false(unknown);
    free_isolation(info);
    assert_int_equal(get_info_ex(&extended, &unknown), S_OK);
    assert_int_equal(extended->isolationState, isolationStateInProbation);
    assert_int_equal(extended->extendedIsolationState, extendedIsolationStateInfected);
    assert_int_equal(extended->probEndTime.dwLowDateTime, (DWORD)end);
    assert_memory_equal(extended->failureUrl.string, L"http://fix/", 24);
    free_isolation_ex(extended);
}

/* "TRUE if any connections are in an unknown state and FALSE otherwise" */
static void a_connection_without_decision_is_unknown(void **state)
{
    IsolationInfo *info = GARBAGE;
    BOOL unknown = 7;

    (void)state;
    returns(S_OK, INapSystemHealthAgentBinding, GetSystemIsolationInfo, sha.binding, &info,
        &unknown);
    assert_int_equal(info->isolationState, isolationStateNotRestricted);
    assert_false(unknown);
    free_isolation(info);
    ask();
    returns(S_OK, INapSystemHealthAgentBinding, GetSystemIsolationInfo, sha.binding, &info,
        &unknown);
    assert_int_equal(unknown, TRUE);
    free_isolation(info);
}

static void GetSystemIsolationInfo_refuses_NULL_and_sets_the_other(void **state)
{
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;
    BOOL unknown = 7;

    (void)state;
    returns(E_INVALIDARG, INapSystemHealthAgentBinding, GetSystemIsolationInfo, sha.binding, &info,
        NULL);
    assert_null(info);
    returns(E_INVALIDARG, INapSystemHealthAgentBinding, GetSystemIsolationInfo, sha.binding, NULL,
        &unknown);
    assert_false(unknown);
    unknown = 7;
    assert_int_equal(get_info_ex(&extended, NULL), E_INVALIDARG);
    assert_null(extended);
    assert_int_equal(get_info_ex(NULL, &unknown), E_INVALIDARG);
    assert_false(unknown);
}

static void GetSystemIsolationInfo_says_E_OUTOFMEMORY_and_loses_nothing(void **state)
{
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;
    BOOL unknown = 7;
    int live = spy_live(), nth;

    (void)state;
    for (nth = 1; nth <= 2; nth++)
    {
        spy_fail_at(nth);
        returns(E_OUTOFMEMORY, INapSystemHealthAgentBinding, GetSystemIsolationInfo, sha.binding,
            &info, &unknown);
        spy_fail_at(0);
        assert_null(info);
        assert_false(unknown);
        spy_fail_at(nth);
        assert_int_equal(get_info_ex(&extended, &unknown), E_OUTOFMEMORY);
        spy_fail_at(0);
        assert_null(extended);
        assert_int_equal(spy_live(), live);
    }
}

/* ---- the object ---- */

static void the_binding_has_both_interfaces_and_no_others(void **state)
{
    IUnknown *unknown = GARBAGE, *same = GARBAGE;
    INapSystemHealthAgentBinding2 *second = GARBAGE;
    void *object = GARBAGE;

    (void)state;
    assert_int_equal(INapSystemHealthAgentBinding_QueryInterface(sha.binding, &IID_IUnknown,
            (void **)&unknown), S_OK);
    assert_int_equal(INapSystemHealthAgentBinding_QueryInterface(sha.binding,
            &IID_INapSystemHealthAgentBinding2, (void **)&second), S_OK);
    assert_int_equal(INapSystemHealthAgentBinding2_QueryInterface(second, &IID_IUnknown,
            (void **)&same), S_OK);
    assert_ptr_equal(unknown, same);
    assert_int_equal(INapSystemHealthAgentBinding_QueryInterface(sha.binding,
            &IID_INapEnforcementClientBinding, &object), E_NOINTERFACE);
    assert_null(object);
    IUnknown_Release(unknown);
    IUnknown_Release(same);
    assert_int_equal(INapSystemHealthAgentBinding2_Release(second), 1);
}

static void the_class_does_not_aggregate(void **state)
{
    void *object = GARBAGE;

    (void)state;
    assert_int_equal(CoCreateInstance(&CLSID_NapSystemHealthAgentBinding, (IUnknown *)sha.binding,
            CLSCTX_INPROC_SERVER, &IID_IUnknown, &object), CLASS_E_NOAGGREGATION);
    assert_null(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        sha_test(every_method_says_NOT_INITIALIZED_before_Initialize),
        bound_sha_test(every_method_says_NOT_INITIALIZED_after_Uninitialize),
        sha_test(NULL_arguments_say_NOT_INITIALIZED_before_Initialize),
        bound_sha_test(Initialize_twice_says_ALREADY_INITIALIZED),
        bound_sha_test(another_object_of_the_process_says_ALREADY_INITIALIZED),
        bound_sha_test(the_id_is_free_again_after_Uninitialize),
        sha_test(Initialize_says_NOT_REGISTERED_for_an_id_nobody_registered),
        sha_test(the_id_of_an_enforcement_client_is_not_registered_here),
        sha_test(the_id_of_a_health_agent_is_no_enforcement_clients),
        sha_test(a_failed_Initialize_can_be_repeated),
        sha_test(Initialize_without_callback_is_refused),
        sha_test(a_registered_health_agent_needs_no_enabling),
        sha_test(Initialize_triggers_no_exchange),
        bound_sha_test(the_callback_is_held_until_Uninitialize),
        bound_sha_test(the_last_Release_uninitializes),
        sha_test(an_object_can_be_initialized_again),
        bound_sha_test(a_bound_health_agent_cannot_be_unregistered),
        bound_sha_test(the_isolation_info_is_that_of_the_system),
        bound_sha_test(a_connection_without_decision_is_unknown),
        bound_sha_test(GetSystemIsolationInfo_refuses_NULL_and_sets_the_other),
        bound_sha_test(GetSystemIsolationInfo_says_E_OUTOFMEMORY_and_loses_nothing),
        sha_test(the_binding_has_both_interfaces_and_no_others),
        sha_test(the_class_does_not_aggregate),
    };

    return cmocka_run_group_tests(tests, sha_tests_begin, sha_tests_end);
}
