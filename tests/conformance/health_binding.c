/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapSystemHealthAgentBinding(2): order, state, arguments. Pages inapsystemhealthagentbinding*; a
 * test that checks another page names it.
 */

#include "sha.h"

static HRESULT get_info_ex(IsolationInfoEx **info, BOOL *unknown)
{
    INapSystemHealthAgentBinding2 *second = NULL;
    HRESULT hr;

    assert_int_equal(INapSystemHealthAgentBinding_QueryInterface(
                             sha.binding, &IID_INapSystemHealthAgentBinding2, (void **)&second),
            S_OK);
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

SHA_TEST(every_method_says_NOT_INITIALIZED_before_Initialize)
{
    assert_every_method_says(NAP_E_NOT_INITIALIZED);
}

BOUND_SHA_TEST(every_method_says_NOT_INITIALIZED_after_Uninitialize)
{
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    assert_every_method_says(NAP_E_NOT_INITIALIZED);
}

SHA_TEST(NULL_arguments_say_NOT_INITIALIZED_before_Initialize)
{
    returns(NAP_E_NOT_INITIALIZED, INapSystemHealthAgentBinding, GetSystemIsolationInfo,
            sha.binding, NULL, NULL);
    assert_int_equal(get_info_ex(NULL, NULL), NAP_E_NOT_INITIALIZED);
}

/* "If the SHA has initialized previously, this error is returned." */
BOUND_SHA_TEST(Initialize_twice_says_ALREADY_INITIALIZED)
{
    struct sha other;

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

BOUND_SHA_TEST(another_object_of_the_process_says_ALREADY_INITIALIZED)
{
    INapSystemHealthAgentBinding *other = sha_binding_create();

    assert_non_null(other);
    returns(ALREADY_INITIALIZED, INapSystemHealthAgentBinding, Initialize, other, SHA_ID,
            sha_callback);
    returns(NAP_E_NOT_INITIALIZED, INapSystemHealthAgentBinding, Uninitialize, other);
    assert_int_equal(INapSystemHealthAgentBinding_Release(other), 0);
}

BOUND_SHA_TEST(the_id_is_free_again_after_Uninitialize)
{
    INapSystemHealthAgentBinding *other = sha_binding_create();

    assert_non_null(other);
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, other, SHA_ID, sha_callback);
    ask();
    assert_int_equal(sha.asked, 1);
    assert_int_equal(INapSystemHealthAgentBinding_Release(other), 0);
}

/* "If the SHA has not registered earlier, this error is returned." */
SHA_TEST(Initialize_says_NOT_REGISTERED_for_an_id_nobody_registered)
{
    returns(NAP_E_NOT_REGISTERED, INapSystemHealthAgentBinding, Initialize, sha.binding,
            UNKNOWN_SHA_ID, sha_callback);
    returns(NAP_E_NOT_REGISTERED, INapSystemHealthAgentBinding, Initialize, sha.binding, 0,
            sha_callback);
    assert_int_equal(sha.refs, 1);
}

SHA_TEST(the_id_of_an_enforcement_client_is_not_registered_here)
{
    returns(NAP_E_NOT_REGISTERED, INapSystemHealthAgentBinding, Initialize, sha.binding,
            ENFORCER_ID, sha_callback);
}

SHA_TEST(the_id_of_a_health_agent_is_no_enforcement_clients)
{
    INapEnforcementClientBinding *other = binding_create();

    returns(NAP_E_NOT_REGISTERED, INapEnforcementClientBinding, Initialize, other, SHA_ID,
            callback);
    INapEnforcementClientBinding_Release(other);
}

SHA_TEST(a_failed_Initialize_can_be_repeated)
{
    returns(NAP_E_NOT_REGISTERED, INapSystemHealthAgentBinding, Initialize, sha.binding,
            UNKNOWN_SHA_ID, sha_callback);
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
}

SHA_TEST(Initialize_without_callback_is_refused)
{
    returns(E_INVALIDARG, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, NULL);
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
}

/* A health agent takes part as soon as it is registered; it need not be enabled. */
SHA_TEST(a_registered_health_agent_needs_no_enabling)
{
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
    sha.product = "healthy";
    ask();
    assert_reported(SHA_ID, "healthy");
}

/* "The NapAgent does not trigger a SoH exchange as a result of initialization." */
SHA_TEST(Initialize_triggers_no_exchange)
{
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
    assert_int_equal(sha.asked, 0);
    callbacks_have_come();
    assert_int_equal(sha.asked, 2);
    assert_int_equal(enforcer.notified, 0);
    /* The first that comes is that of a change. */
    returns(S_OK, INapSystemHealthAgentBinding, NotifySoHChange, sha.binding);
    assert_true(enforcer_notified(&enforcer, 1, SOON));
    callbacks_have_come();
    assert_int_equal(enforcer.notified, 1);
    assert_int_equal(sha.asked, 4);
}

/* "The NapAgent holds a reference to the object [...] until Uninitialize is called." */
BOUND_SHA_TEST(the_callback_is_held_until_Uninitialize)
{
    assert_true(sha.refs > 1);
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    assert_int_equal(sha.refs, 1);
}

BOUND_SHA_TEST(the_last_Release_uninitializes)
{
    assert_int_equal(INapSystemHealthAgentBinding_Release(sha.binding), 0);
    assert_int_equal(sha.refs, 1);
    sha.binding = sha_binding_create();
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
}

SHA_TEST(an_object_can_be_initialized_again)
{
    int i;

    for (i = 0; i < 20; i++)
    {
        returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
        returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    }
}

/* inapclientmanagement-unregistersystemhealthagent: NAP_E_STILL_BOUND */
BOUND_SHA_TEST(a_bound_health_agent_cannot_be_unregistered)
{
    INapClientManagement *management = (INapClientManagement *)management_create();

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

BOUND_SHA_TEST(the_isolation_info_is_that_of_the_system)
{
    UINT64 end = from_now(3600000);
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;
    struct response response;
    BOOL unknown = 7;

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
BOUND_SHA_TEST(a_connection_without_decision_is_unknown)
{
    IsolationInfo *info = GARBAGE;
    BOOL unknown = 7;

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

BOUND_SHA_TEST(GetSystemIsolationInfo_refuses_NULL_and_sets_the_other)
{
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;
    BOOL unknown = 7;

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

BOUND_SHA_TEST(GetSystemIsolationInfo_says_E_OUTOFMEMORY_and_loses_nothing)
{
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;
    BOOL unknown = 7;
    int live = spy_live(), nth;

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

SHA_TEST(the_binding_has_both_interfaces_and_no_others)
{
    IUnknown *unknown = GARBAGE, *same = GARBAGE;
    INapSystemHealthAgentBinding2 *second = GARBAGE;
    void *object = GARBAGE;

    assert_int_equal(INapSystemHealthAgentBinding_QueryInterface(
                             sha.binding, &IID_IUnknown, (void **)&unknown),
            S_OK);
    assert_int_equal(INapSystemHealthAgentBinding_QueryInterface(
                             sha.binding, &IID_INapSystemHealthAgentBinding2, (void **)&second),
            S_OK);
    assert_int_equal(
            INapSystemHealthAgentBinding2_QueryInterface(second, &IID_IUnknown, (void **)&same),
            S_OK);
    assert_ptr_equal(unknown, same);
    assert_int_equal(INapSystemHealthAgentBinding_QueryInterface(
                             sha.binding, &IID_INapEnforcementClientBinding, &object),
            E_NOINTERFACE);
    assert_null(object);
    IUnknown_Release(unknown);
    IUnknown_Release(same);
    assert_int_equal(INapSystemHealthAgentBinding2_Release(second), 1);
}

SHA_TEST(the_class_does_not_aggregate)
{
    void *object = GARBAGE;

    assert_int_equal(CoCreateInstance(&CLSID_NapSystemHealthAgentBinding, (IUnknown *)sha.binding,
                             CLSCTX_INPROC_SERVER, &IID_IUnknown, &object),
            CLASS_E_NOAGGREGATION);
    assert_null(object);
}

TEST_MAIN(sha_tests_begin, sha_tests_end)
