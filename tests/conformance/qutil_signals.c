/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * When qutil.dll's notifier signals its events (page initializenapagentnotifier): "NapAgent state
 * change notifications and quarantine state change notifications".
 */
#include "enforcer.h"

#include <naputil.h>

#define SOON 5000 /* ms */

static HANDLE event, other;

static int create_event(void)
{
    event = CreateEventW(NULL, TRUE, FALSE, NULL);
    other = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!event || !other || !agent_start())
        return -1;
    return enforcer_bind();
}

static int close_event(void)
{
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    CloseHandle(event);
    CloseHandle(other);
    return enforcer_destroy();
}

#define SIGNAL_TEST(name) TEST_WITH(name, create_event, close_event)

static void assert_signalled(HANDLE which)
{
    assert_int_equal(WaitForSingleObject(which, SOON), WAIT_OBJECT_0);
    ResetEvent(which);
}

/* Not since it was signalled last. The caller has waited for something later. */
static void assert_not_signalled(HANDLE which)
{
    assert_int_equal(WaitForSingleObject(which, 0), WAIT_TIMEOUT);
}

/* Two changes of isolation that another event is for: when the second comes, whatever the first
 * has set is set. */
static void change_isolation(INapEnforcementClientConnection *connection)
{
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_signalled(other);
    decide(connection, isolationStateNotRestricted, NO_PROBATION, NULL);
    assert_signalled(other);
}

/* The binding follows the agent. */
static void await_binding(INapEnforcementClientConnection *connection)
{
    ULONGLONG until = GetTickCount64() + SOON;
    BOOL hint;

    while (record(INapEnforcementClientBinding, GetSoHRequest, binding, connection, &hint) != S_OK)
    {
        assert_true(GetTickCount64() < until);
        Sleep(10);
    }
}

SIGNAL_TEST(the_service_event_shows_stop_and_start)
{
    INapEnforcementClientConnection *connection = connection_create();

    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event), S_OK);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeQuarState, other), S_OK);
    change_isolation(connection);
    assert_not_signalled(event);
    assert_true(agent_stop());
    assert_signalled(event);
    assert_not_signalled(event);
    assert_true(agent_start());
    assert_signalled(event);
    await_binding(connection);
    change_isolation(connection);
    assert_not_signalled(event);
    connection_release(connection);
}

/* The bound enforcement client restarts the agent, so two changes come. */
SIGNAL_TEST(the_service_event_shows_a_killed_agent)
{
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event), S_OK);
    assert_true(agent_kill());
    assert_int_equal(WaitForSingleObject(event, SOON), WAIT_OBJECT_0);
}

SIGNAL_TEST(the_service_event_does_not_show_isolation)
{
    INapEnforcementClientConnection *connection = connection_create();

    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event), S_OK);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeQuarState, other), S_OK);
    change_isolation(connection);
    assert_not_signalled(event);
    connection_release(connection);
}

SIGNAL_TEST(the_quarantine_event_shows_each_change_of_isolation)
{
    INapEnforcementClientConnection *connection = connection_create();

    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeQuarState, event), S_OK);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, other), S_OK);
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_signalled(event);
    decide(connection, isolationStateInProbation, from_now(3600000), NULL);
    assert_signalled(event);
    decide(connection, isolationStateNotRestricted, NO_PROBATION, NULL);
    assert_signalled(event);
    decide(connection, isolationStateNotRestricted, NO_PROBATION, NULL);
    /* The agent's end comes after all it has told, and is no change of isolation. */
    assert_true(agent_stop());
    assert_signalled(other);
    assert_not_signalled(event);
    connection_release(connection);
}

/* "Once a process does not require further notifications" */
SIGNAL_TEST(nothing_comes_after_uninitialize)
{
    INapEnforcementClientConnection *connection = connection_create();

    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeQuarState, event), S_OK);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeQuarState, other), S_OK);
    change_isolation(connection);
    assert_not_signalled(event);
    connection_release(connection);
}

TEST_MAIN(enforcer_tests_begin, enforcer_tests_end)
