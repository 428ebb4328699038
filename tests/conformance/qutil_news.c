/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * When qutil.dll's notifier signals its events (page initializenapagentnotifier): "NapAgent state
 * change notifications and quarantine state change notifications".
 */
#include "enforcer.h"

#include <naputil.h>

#define SOON 5000 /* ms */
#define QUIET 700 /* ms in which nothing may come */

static HANDLE event;

static int create_event(void)
{
    event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!event || !agent_start())
        return -1;
    return enforcer_bind();
}

static int close_event(void)
{
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    CloseHandle(event);
    return enforcer_destroy();
}

#define NEWS_TEST(name) TEST_WITH(name, create_event, close_event)

static void assert_signalled_once(void)
{
    assert_int_equal(WaitForSingleObject(event, SOON), WAIT_OBJECT_0);
    ResetEvent(event);
    assert_int_equal(WaitForSingleObject(event, QUIET), WAIT_TIMEOUT);
}

NEWS_TEST(the_service_event_tells_of_stop_and_start)
{
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event), S_OK);
    assert_int_equal(WaitForSingleObject(event, QUIET), WAIT_TIMEOUT);
    assert_true(agent_stop());
    assert_signalled_once();
    assert_true(agent_start());
    assert_signalled_once();
}

/* The bound enforcement client restarts the agent, so two changes come. */
NEWS_TEST(the_service_event_tells_of_a_killed_agent)
{
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event), S_OK);
    assert_true(agent_kill());
    assert_int_equal(WaitForSingleObject(event, SOON), WAIT_OBJECT_0);
}

NEWS_TEST(the_service_event_tells_nothing_of_isolation)
{
    INapEnforcementClientConnection *connection = connection_create();

    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event), S_OK);
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_int_equal(WaitForSingleObject(event, QUIET), WAIT_TIMEOUT);
    connection_release(connection);
}

NEWS_TEST(the_quarantine_event_tells_of_each_change_of_isolation)
{
    INapEnforcementClientConnection *connection = connection_create();

    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeQuarState, event), S_OK);
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_signalled_once();
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_int_equal(WaitForSingleObject(event, QUIET), WAIT_TIMEOUT);
    decide(connection, isolationStateInProbation, from_now(3600000), NULL);
    assert_signalled_once();
    decide(connection, isolationStateNotRestricted, NO_PROBATION, NULL);
    assert_signalled_once();
    connection_release(connection);
}

/* "Once a process does not require further notifications" */
NEWS_TEST(nothing_comes_after_uninitialize)
{
    INapEnforcementClientConnection *connection = connection_create();

    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeQuarState, event), S_OK);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_int_equal(WaitForSingleObject(event, QUIET), WAIT_TIMEOUT);
    connection_release(connection);
}

TEST_MAIN(enforcer_tests_begin, enforcer_tests_end)
