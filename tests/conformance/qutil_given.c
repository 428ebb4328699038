/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program frees the results of the agent's objects with qutil.dll's functions, as Microsoft's
 * pages say: everything, exactly once.
 */

#include "enforcer.h"

#include <naputil.h>

static int live_before, wrong_before;

static void remember(void)
{
    live_before = spy_live();
    wrong_before = spy_wrong_frees();
}

static void assert_all_freed(void)
{
    assert_int_equal(spy_live(), live_before);
    assert_int_equal(spy_wrong_frees(), wrong_before);
}

/* inapclientmanagement-getregisteredenforcementclients, -getregisteredsystemhealthagents */
ENFORCER_TEST(registrations_are_freed_by_FreeNapComponentRegistrationInfoArray)
{
    INapClientManagement2 *management = management_create();
    NapComponentRegistrationInfo *infos = GARBAGE;
    UINT16 count = 777;

    assert_int_equal(register_health_agent(ENFORCER_ID), S_OK);
    remember();
    assert_int_equal(
            INapClientManagement2_GetRegisteredEnforcementClients(management, &count, &infos),
            S_OK);
    assert_true(count >= 6); /* Microsoft's five, and the test's own */
    assert_true(spy_live() > live_before);
    FreeNapComponentRegistrationInfoArray(count, &infos);
    assert_all_freed();
    assert_int_equal(
            INapClientManagement2_GetRegisteredSystemHealthAgents(management, &count, &infos),
            S_OK);
    assert_int_equal(count, 1);
    FreeNapComponentRegistrationInfoArray(count, &infos);
    assert_all_freed();
    assert_int_equal(unregister_health_agent(ENFORCER_ID), S_OK);
    assert_int_equal(
            INapClientManagement2_GetRegisteredSystemHealthAgents(management, &count, &infos),
            S_OK);
    assert_int_equal(count, 0);
    FreeNapComponentRegistrationInfoArray(count, &infos);
    assert_all_freed();
    INapClientManagement2_Release(management);
}

/* inapclientmanagement-getnapclientinfo, -getsystemisolationinfo; inapclientmanagement2 */
ENFORCER_TEST(client_and_isolation_info_are_freed)
{
    CountedString *name = GARBAGE, *description = GARBAGE, *version = GARBAGE;
    INapClientManagement2 *management = management_create();
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;
    BOOL flag;

    remember();
    assert_int_equal(INapClientManagement2_GetNapClientInfo(
                             management, &flag, &name, &description, &version),
            S_OK);
    FreeCountedString(name);
    FreeCountedString(description);
    FreeCountedString(version);
    assert_int_equal(INapClientManagement2_GetSystemIsolationInfo(management, &info, &flag), S_OK);
    FreeIsolationInfo(info);
    assert_int_equal(
            INapClientManagement2_GetSystemIsolationInfoEx(management, &extended, &flag), S_OK);
    FreeIsolationInfoEx(extended);
    assert_all_freed();
    INapClientManagement2_Release(management);
}

/* The getters of inapenforcementclientconnection and connection2 */
BOUND_TEST(what_a_connection_gives_is_freed)
{
    INapEnforcementClientConnection *connection = connection_create();
    StringCorrelationId *string = GARBAGE;
    NetworkSoHRequest *request = GARBAGE;
    PrivateData *data = GARBAGE;
    IsolationInfo *info = GARBAGE;

    decide(connection, isolationStateRestrictedAccess, 0, "http://fix.example/");
    remember();
    assert_int_equal(INapEnforcementClientConnection_GetSoHRequest(connection, &request), S_OK);
    FreeNetworkSoH(request);
    assert_int_equal(INapEnforcementClientConnection_GetSoHResponse(connection, &request), S_OK);
    FreeNetworkSoH(request);
    assert_int_equal(INapEnforcementClientConnection_GetPrivateData(connection, &data), S_OK);
    FreePrivateData(data);
    assert_int_equal(INapEnforcementClientConnection_GetIsolationInfo(connection, &info), S_OK);
    assert_true(info->failureUrl.length > 0);
    FreeIsolationInfo(info);
    assert_int_equal(
            INapEnforcementClientConnection_GetStringCorrelationId(connection, &string), S_OK);
    FreeCountedString(string);
    assert_all_freed();
    connection_release(connection);
}

TEST_MAIN(enforcer_tests_begin, enforcer_tests_end)
