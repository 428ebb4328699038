/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapEnforcementClientBinding: order, state, arguments. Pages inapenforcementclientbinding*; a
 * test that checks another page names it.
 */

#include "enforcer.h"

#include "process.h"

#define DISABLED_ID 0x00abcd02u

/* "The enforcement client must call Initialize before calling any other method": a foreign pointer
 * is not accessed then. */
static void assert_every_method_says(
        HRESULT code, INapEnforcementClientConnection *connection, BOOL *hint)
{
    INapEnforcementClientConnection *created = GARBAGE;

    returns(code, INapEnforcementClientBinding, CreateConnection, binding, &created);
    assert_null(created);
    returns(code, INapEnforcementClientBinding, CreateConnection, binding, NULL);
    returns(code, INapEnforcementClientBinding, GetSoHRequest, binding, connection, hint);
    returns(code, INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
    returns(code, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
    returns(code, INapEnforcementClientBinding, NotifySoHChangeFailure, binding);
    returns(code, INapEnforcementClientBinding, Uninitialize, binding);
}

ENFORCER_TEST(every_method_says_NOT_INITIALIZED_before_Initialize)
{
    BOOL hint = 7;

    assert_every_method_says(NAP_E_NOT_INITIALIZED, GARBAGE, &hint);
    assert_false(hint);
}

ENFORCER_TEST(NULL_arguments_say_NOT_INITIALIZED_before_Initialize)
{
    assert_every_method_says(NAP_E_NOT_INITIALIZED, NULL, NULL);
}

BOUND_TEST(every_method_says_NOT_INITIALIZED_after_Uninitialize)
{
    INapEnforcementClientConnection *connection = connection_create();
    BOOL hint = 7;

    request_soh(connection);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_every_method_says(NAP_E_NOT_INITIALIZED, connection, &hint);
    connection_release(connection);
}

ENFORCER_TEST(Initialize_twice_says_ALREADY_INITIALIZED)
{
    struct enforcer other;

    enforcer_init(&other);
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
    returns(ALREADY_INITIALIZED, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID,
            &other.INapEnforcementClientCallback_iface);
    returns(ALREADY_INITIALIZED, INapEnforcementClientBinding, Initialize, binding, UNKNOWN_ID,
            callback);
    assert_int_equal(other.refs, 1);
    enforcer_clear(&other);
}

BOUND_TEST(the_first_binding_works_after_a_second_Initialize)
{
    INapEnforcementClientConnection *connection;

    returns(ALREADY_INITIALIZED, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID,
            callback);
    connection = connection_create();
    request_soh(connection);
    connection_release(connection);
}

BOUND_TEST(another_object_of_the_process_says_ALREADY_INITIALIZED)
{
    INapEnforcementClientBinding *other = binding_create();

    assert_non_null(other);
    returns(ALREADY_INITIALIZED, INapEnforcementClientBinding, Initialize, other, ENFORCER_ID,
            callback);
    returns(NAP_E_NOT_INITIALIZED, INapEnforcementClientBinding, Uninitialize, other);
    assert_int_equal(INapEnforcementClientBinding_Release(other), 0);
}

/* Runs this program with an argument; returns its exit code. */
static DWORD run_self(const WCHAR *argument)
{
    WCHAR line[MAX_PATH + 32];
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    DWORD code = 1;

    line[0] = '"';
    GetModuleFileNameW(NULL, line + 1, MAX_PATH);
    lstrcatW(line, L"\" ");
    lstrcatW(line, argument);
    if (!start_process(line, FALSE, &startup, &process))
        return 1;
    CloseHandle(process.hThread);
    WaitForSingleObject(process.hProcess, 20000);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    return code;
}

/* The other process: Initialize's result there. */
static int initialize_and_end(void)
{
    HRESULT hr;

    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) || !(binding = binding_create()))
        return 1;
    enforcer_init(&enforcer);
    hr = record(INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
    ExitProcess((UINT)hr); /* like a program that crashes: no Uninitialize, no Release */
}

BOUND_TEST(another_process_says_ALREADY_INITIALIZED)
{
    assert_int_equal(run_self(L"initialize"), (DWORD)ALREADY_INITIALIZED);
}

ENFORCER_TEST(the_id_is_free_again_when_the_process_that_had_it_has_ended)
{
    assert_int_equal(run_self(L"initialize"), (DWORD)S_OK);
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
}

BOUND_TEST(the_id_is_free_again_after_Uninitialize)
{
    INapEnforcementClientBinding *other = binding_create();

    assert_non_null(other);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    returns(S_OK, INapEnforcementClientBinding, Initialize, other, ENFORCER_ID, callback);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, other);
    assert_int_equal(INapEnforcementClientBinding_Release(other), 0);
}

/* "If the enforcer has not registered earlier, this error code is returned." */
ENFORCER_TEST(Initialize_says_NOT_REGISTERED_for_an_id_nobody_registered)
{
    returns(NAP_E_NOT_REGISTERED, INapEnforcementClientBinding, Initialize, binding, UNKNOWN_ID,
            callback);
    returns(NAP_E_NOT_REGISTERED, INapEnforcementClientBinding, Initialize, binding, 0, callback);
    assert_int_equal(enforcer.refs, 1);
}

/* nap-error-constants: NAP_E_ENTITY_DISABLED. Enforcement clients start disabled. */
ENFORCER_TEST(Initialize_says_ENTITY_DISABLED_until_an_administrator_enables_it)
{
    assert_int_equal(register_enforcement_client(DISABLED_ID), S_OK);
    returns(NAP_E_ENTITY_DISABLED, INapEnforcementClientBinding, Initialize, binding, DISABLED_ID,
            callback);
    assert_int_equal(enforcer.refs, 1);
    assert_int_equal(napctl(L"enforcement enable 0x00abcd02"), 0);
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, DISABLED_ID, callback);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_int_equal(unregister_enforcement_client(DISABLED_ID), S_OK);
}

BOUND_TEST(a_bound_client_that_is_disabled_gets_no_SoH)
{
    INapEnforcementClientConnection *connection = connection_create();
    BOOL hint = 7;

    assert_int_equal(napctl(L"enforcement disable 0x00abcd01"), 0);
    returns(NAP_E_ENTITY_DISABLED, INapEnforcementClientBinding, GetSoHRequest, binding, connection,
            &hint);
    assert_false(hint);
    returns(NAP_E_ENTITY_DISABLED, INapEnforcementClientBinding, ProcessSoHResponse, binding,
            connection);
    assert_int_equal(enforcer.notified, 0);
    assert_int_equal(napctl(L"enforcement enable 0x00abcd01"), 0);
    /* It missed the changes meanwhile, and nobody else notifies it. */
    assert_true(enforcer_notified(&enforcer, 1, 3000));
    request_soh(connection);
    connection_release(connection);
}

ENFORCER_TEST(a_failed_Initialize_can_be_repeated)
{
    returns(NAP_E_NOT_REGISTERED, INapEnforcementClientBinding, Initialize, binding, UNKNOWN_ID,
            callback);
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
}

ENFORCER_TEST(Initialize_without_callback_is_refused)
{
    returns(E_INVALIDARG, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, NULL);
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
}

/* "Holds a reference to the object associated with this interface until Uninitialize" */
ENFORCER_TEST(the_callback_is_held_until_Uninitialize)
{
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
    assert_true(enforcer.refs > 1);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_int_equal(enforcer.refs, 1);
}

BOUND_TEST(the_last_Release_uninitializes)
{
    assert_int_equal(INapEnforcementClientBinding_Release(binding), 0);
    assert_int_equal(enforcer.refs, 1);
    binding = binding_create();
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
}

ENFORCER_TEST(an_object_can_be_initialized_again)
{
    int i;

    for (i = 0; i < 20; i++)
    {
        returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
        returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    }
}

BOUND_TEST(NULL_arguments_are_refused)
{
    INapEnforcementClientConnection *connection = connection_create();
    BOOL hint = 7;

    returns(E_INVALIDARG, INapEnforcementClientBinding, CreateConnection, binding, NULL);
    returns(E_INVALIDARG, INapEnforcementClientBinding, GetSoHRequest, binding, NULL, &hint);
    assert_false(hint);
    returns(E_INVALIDARG, INapEnforcementClientBinding, GetSoHRequest, binding, connection, NULL);
    returns(E_INVALIDARG, INapEnforcementClientBinding, ProcessSoHResponse, binding, NULL);
    returns(E_INVALIDARG, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, NULL);
    connection_release(connection);
}

BOUND_TEST(NotifyConnectionStateDown_takes_a_connection_that_never_asked)
{
    INapEnforcementClientConnection *connection = connection_create();

    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
    connection_release(connection);
}

/* "As soon as this call returns, the connection object can be released and freed." */
BOUND_TEST(nobody_holds_a_connection_after_any_method)
{
    INapEnforcementClientConnection *connection = connection_create();

    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, "http://fix/");
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
    connection_release(connection);
}

BOUND_TEST(a_connection_outlives_its_binding)
{
    INapEnforcementClientConnection *connection = connection_create();

    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_int_equal(INapEnforcementClientBinding_Release(binding), 0);
    binding = NULL;
    assert_int_equal(isolation_of(connection), isolationStateRestrictedAccess);
    connection_release(connection);
}

ENFORCER_TEST(other_interfaces_are_not_there)
{
    void *object = GARBAGE;

    assert_int_equal(INapEnforcementClientBinding_QueryInterface(
                             binding, &IID_INapEnforcementClientConnection, &object),
            E_NOINTERFACE);
    assert_null(object);
    assert_int_equal(
            INapEnforcementClientBinding_QueryInterface(binding, &IID_IUnknown, &object), S_OK);
    assert_int_equal(INapEnforcementClientBinding_Release(binding), 1);
}

ENFORCER_TEST(the_class_does_not_aggregate)
{
    void *object = GARBAGE;

    assert_int_equal(CoCreateInstance(&CLSID_NapEnforcementClientBinding, (IUnknown *)binding,
                             CLSCTX_INPROC_SERVER, &IID_IUnknown, &object),
            CLASS_E_NOAGGREGATION);
    assert_null(object);
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "initialize"))
        return initialize_and_end();
    return test_main(enforcer_tests_begin, enforcer_tests_end);
}
