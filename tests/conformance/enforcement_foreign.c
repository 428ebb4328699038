/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapEnforcementClientBinding with a connection object of the program's own: the DLL uses only the
 * methods of INapEnforcementClientConnection, respects their results, and keeps no reference. Page
 * inapenforcementclientconnection.
 */

#include "foreign.h"

static struct foreign foreign;
static INapEnforcementClientConnection *const object =
        &foreign.INapEnforcementClientConnection_iface;

static int foreign_begin(void)
{
    foreign_init(&foreign);
    return enforcer_bind();
}

static int foreign_end(void)
{
    int failed = enforcer_destroy();

    if (foreign.refs != 1)
        print_error("%ld references to the connection object are left\n", foreign.refs - 1);
    return failed || foreign.refs != 1;
}

#define FOREIGN_TEST(name) TEST_WITH(name, foreign_begin, foreign_end)

FOREIGN_TEST(a_foreign_connection_makes_an_exchange)
{
    decide(object, isolationStateRestrictedAccess, NO_PROBATION, "http://fix/");
    assert_int_equal(foreign.decided, 1);
    assert_int_equal(foreign.state, isolationStateRestrictedAccess);
    assert_memory_equal(foreign.url, L"http://fix/", 24);
    assert_int_equal(foreign.flags, freshSoHRequest);
    assert_memory_equal(&foreign.correlation.connId, &IID_IStream, sizeof(GUID));
    assert_int_equal(foreign.refs, 1);
}

FOREIGN_TEST(a_foreign_connections_maximum_is_obeyed)
{
    BOOL hint;

    foreign.max_size = 0x20000; /* more than allowed */
    request_soh(object);
    foreign.max_size = 12;
    returns(NAP_E_MAXSIZE_TOO_SMALL, INapEnforcementClientBinding, GetSoHRequest, binding, object,
            &hint);
    foreign.max_size = 0;
    returns(NAP_E_MAXSIZE_TOO_SMALL, INapEnforcementClientBinding, GetSoHRequest, binding, object,
            &hint);
}

FOREIGN_TEST(the_results_of_its_methods_are_the_results_of_GetSoHRequest)
{
    static const char *const methods[] = {"GetMaxSize", "GetConnectionId", "GetPrivateData",
            "SetPrivateData", "SetSoHRequest", "SetCorrelationId", "SetFlags"};
    BOOL hint = 7;
    size_t i;

    for (i = 0; i < ARRAYSIZE(methods); i++)
    {
        foreign.failing = methods[i];
        returns(E_NOTIMPL, INapEnforcementClientBinding, GetSoHRequest, binding, object, &hint);
        assert_false(hint);
    }
    foreign.failing = NULL;
    request_soh(object);
}

FOREIGN_TEST(the_results_of_its_methods_are_the_results_of_ProcessSoHResponse)
{
    static const char *const methods[] = {"GetConnectionId", "GetPrivateData", "GetSoHResponse",
            "SetPrivateData", "SetIsolationInfo"};
    struct response response;
    size_t i;

    for (i = 0; i < ARRAYSIZE(methods); i++)
    {
        request_soh(object);
        start_response(object, &response);
        set_response(object, &response);
        foreign.failing = methods[i];
        returns(E_NOTIMPL, INapEnforcementClientBinding, ProcessSoHResponse, binding, object);
        foreign.failing = NULL;
    }
    decide(object, isolationStateNotRestricted, NO_PROBATION, NULL);
}

FOREIGN_TEST(nothing_given_is_nothing_there)
{
    foreign.gives_nothing = true;
    request_soh(object);
    returns(NAP_E_INVALID_PACKET, INapEnforcementClientBinding, ProcessSoHResponse, binding,
            object);
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, object);
}

FOREIGN_TEST(private_data_that_is_not_the_agents_is_not_believed)
{
    BYTE mine[200];
    size_t size;

    for (size = 0; size <= 200; size++)
    {
        memset(mine, (int)size, sizeof(mine));
        mine[0] = 1;
        memcpy(foreign.data, mine, size);
        foreign.data_size = (UINT16)size;
        request_soh(object);
        returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, object);
    }
}

FOREIGN_TEST(a_foreign_connection_is_given_by_GetConnections)
{
    decide(object, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    enforcer.connections[0] = object;
    enforcer.connection_count = 1;
    assert_true(agent_kill());
    assert_true(enforcer_asked(&enforcer, 1, 3000));
    foreign.gives_nothing = true;
    assert_true(agent_kill());
    assert_true(enforcer_asked(&enforcer, 2, 3000));
    foreign.gives_nothing = false;
    foreign.failing = "GetPrivateData";
    assert_true(agent_kill());
    assert_true(enforcer_asked(&enforcer, 3, 3000));
}

static DWORD WINAPI ask(void *result)
{
    BOOL hint;

    *(HRESULT *)result = INapEnforcementClientBinding_GetSoHRequest(binding, object, &hint);
    return 0;
}

static DWORD WINAPI let_go_soon(void *event)
{
    Sleep(300);
    SetEvent(event);
    return 0;
}

/* inapenforcementclientbinding-uninitialize: "blocks further processing until all existing calls
 * on the INapEnforcementClientBinding [...] interfaces complete" */
FOREIGN_TEST(Uninitialize_waits_for_calls_that_run)
{
    HRESULT result = E_PENDING;
    HANDLE asking, helper;

    foreign.wait_in_GetMaxSize = CreateEventW(NULL, TRUE, FALSE, NULL);
    foreign.inside_GetMaxSize = CreateEventW(NULL, TRUE, FALSE, NULL);
    asking = CreateThread(NULL, 0, ask, &result, 0, NULL);
    assert_int_equal(WaitForSingleObject(foreign.inside_GetMaxSize, 5000), WAIT_OBJECT_0);
    helper = CreateThread(NULL, 0, let_go_soon, foreign.wait_in_GetMaxSize, 0, NULL);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_int_equal(WaitForSingleObject(foreign.wait_in_GetMaxSize, 0), WAIT_OBJECT_0);
    WaitForSingleObject(asking, 5000);
    assert_int_equal(result, S_OK);
    WaitForSingleObject(helper, 5000);
    CloseHandle(asking);
    CloseHandle(helper);
    CloseHandle(foreign.wait_in_GetMaxSize);
    CloseHandle(foreign.inside_GetMaxSize);
}

TEST_MAIN(enforcer_tests_begin, enforcer_tests_end)
