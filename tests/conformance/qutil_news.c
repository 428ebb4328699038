/*
 * What the events of qutil.dll's notifier tell (page initializenapagentnotifier):
 * "NapAgent state change notifications and quarantine state change
 * notifications".
 */
#include "enforcer.h"

#include <naputil.h>

#define SOON 5000  /* ms */
#define QUIET 700  /* ms in which nothing may come */

static HANDLE event;

static int create_event(void **state)
{
    event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!event || !agent_start())
        return -1;
    return enforcer_bind(state);
}

static int close_event(void **state)
{
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    CloseHandle(event);
    return enforcer_destroy(state);
}

static void assert_signalled_once(void)
{
    assert_int_equal(WaitForSingleObject(event, SOON), WAIT_OBJECT_0);
    ResetEvent(event);
    assert_int_equal(WaitForSingleObject(event, QUIET), WAIT_TIMEOUT);
}

static void the_service_event_tells_of_stop_and_start(void **state)
{
    (void)state;
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event), S_OK);
    assert_int_equal(WaitForSingleObject(event, QUIET), WAIT_TIMEOUT);
    assert_true(agent_stop());
    assert_signalled_once();
    assert_true(agent_start());
    assert_signalled_once();
}

/* The bound enforcement client starts the agent again, so two changes come. */
static void the_service_event_tells_of_a_killed_agent(void **state)
{
    (void)state;
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event), S_OK);
    assert_true(agent_kill());
    assert_int_equal(WaitForSingleObject(event, SOON), WAIT_OBJECT_0);
}

static void the_service_event_tells_nothing_of_isolation(void **state)
{
    INapEnforcementClientConnection *connection = connection_create();

    (void)state;
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event), S_OK);
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_int_equal(WaitForSingleObject(event, QUIET), WAIT_TIMEOUT);
    connection_release(connection);
}

static void the_quarantine_event_tells_of_each_change_of_isolation(void **state)
{
    INapEnforcementClientConnection *connection = connection_create();

    (void)state;
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
static void nothing_comes_after_uninitialize(void **state)
{
    INapEnforcementClientConnection *connection = connection_create();

    (void)state;
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeQuarState, event), S_OK);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_int_equal(WaitForSingleObject(event, QUIET), WAIT_TIMEOUT);
    connection_release(connection);
}

#define news_test(test) cmocka_unit_test_setup_teardown(test, create_event, close_event)

int main(void)
{
    const struct CMUnitTest tests[] = {
        news_test(the_service_event_tells_of_stop_and_start),
        news_test(the_service_event_tells_of_a_killed_agent),
        news_test(the_service_event_tells_nothing_of_isolation),
        news_test(the_quarantine_event_tells_of_each_change_of_isolation),
        news_test(nothing_comes_after_uninitialize),
    };

    return cmocka_run_group_tests_name("qutil_news", tests, enforcer_tests_begin,
        enforcer_tests_end);
}
