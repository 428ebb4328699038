/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasConnectionNotification: nf-ras-rasconnectionnotificationw.
 */

#include "ras_fixture.h"

#include "agent.h"

#define ENTRY L"Tests News"
#define OTHER L"Tests Other"
#define ALL ((HRASCONN)INVALID_HANDLE_VALUE)
#define PATIENCE 10000 /* ms */

static HANDLE event_create(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);

    assert_non_null(event);
    return event;
}

static bool fired(HANDLE event, DWORD timeout)
{
    return WaitForSingleObject(event, timeout) == WAIT_OBJECT_0;
}

/* "If hrasconn is INVALID_HANDLE_VALUE, hEvent is signaled when any RAS connection is created." */
TEST(any_connection_that_comes_or_goes)
{
    HANDLE came = event_create(), went = event_create(), both = event_create();

    entry_add(OTHER, L"");
    assert_int_equal(RasConnectionNotificationW(ALL, came, RASCN_Connection), ERROR_SUCCESS);
    assert_int_equal(RasConnectionNotificationA(ALL, went, RASCN_Disconnection), ERROR_SUCCESS);
    assert_int_equal(RasConnectionNotificationA(ALL, both, RASCN_Connection | RASCN_Disconnection),
            ERROR_SUCCESS);
    /* Changes are reported one after the other: what an event is not for is over when that of a
     * later change is set. */
    entry_remove(OTHER);
    assert_true(fired(went, PATIENCE));
    assert_true(fired(both, PATIENCE));
    assert_false(fired(came, 0)); /* what was there before is no news */
    entry_add(ENTRY, L"");
    assert_true(fired(came, PATIENCE));
    assert_true(fired(both, PATIENCE));
    entry_add(OTHER, L"");
    assert_true(fired(came, PATIENCE));
    assert_true(fired(both, PATIENCE));
    assert_false(fired(went, 0));
    entry_remove(ENTRY);
    assert_true(fired(went, PATIENCE));
    assert_true(fired(both, PATIENCE));
    entry_remove(OTHER);
    assert_true(fired(went, PATIENCE));
    assert_true(fired(both, PATIENCE));
    assert_false(fired(came, 0));
    CloseHandle(came);
    CloseHandle(went);
    CloseHandle(both);
}

/* One call for each event, with the same object. */
TEST(an_event_registered_for_one_thing_after_the_other)
{
    HANDLE event = event_create();

    assert_int_equal(RasConnectionNotificationW(ALL, event, RASCN_Connection), ERROR_SUCCESS);
    assert_int_equal(RasConnectionNotificationW(ALL, event, RASCN_Disconnection), ERROR_SUCCESS);
    entry_add(ENTRY, L"");
    assert_true(fired(event, PATIENCE));
    entry_remove(ENTRY);
    assert_true(fired(event, PATIENCE));
    CloseHandle(event);
}

/* "hEvent is signaled when the hrasconn connection is terminated." */
TEST(one_connection_that_goes)
{
    HRASCONN connection = entry_add(ENTRY, L"");
    HANDLE event = event_create(), all = event_create();
    int i;

    assert_int_equal(
            RasConnectionNotificationW(connection, event, RASCN_Connection | RASCN_Disconnection),
            ERROR_SUCCESS);
    assert_int_equal(RasConnectionNotificationW(ALL, all, RASCN_Connection | RASCN_Disconnection),
            ERROR_SUCCESS);
    for (i = 0; i < 2; i++) /* the second time the first has been reported to all */
    {
        entry_add(OTHER, L"");
        assert_true(fired(all, PATIENCE));
        entry_remove(OTHER);
        assert_true(fired(all, PATIENCE));
    }
    assert_false(fired(event, 0));
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    assert_true(fired(event, PATIENCE));
    CloseHandle(event);
    CloseHandle(all);
}

TEST(a_closed_event_does_no_harm)
{
    HANDLE event = event_create(), next;

    assert_int_equal(RasConnectionNotificationW(ALL, event, RASCN_Connection), ERROR_SUCCESS);
    CloseHandle(event);
    next = event_create();
    assert_int_equal(RasConnectionNotificationW(ALL, next, RASCN_Connection), ERROR_SUCCESS);
    entry_add(ENTRY, L"");
    assert_true(fired(next, PATIENCE));
    entry_remove(ENTRY);
    CloseHandle(next);
}

/* The agent is killed and returns: only connections that changed cause a notification. */
TEST(notifications_go_on_after_the_agent_was_killed)
{
    HRASCONN connection = entry_add(ENTRY, L""), other = entry_add(OTHER, L"");
    HANDLE came = event_create(), went = event_create(), other_went = event_create();

    assert_int_equal(RasConnectionNotificationW(ALL, came, RASCN_Connection), ERROR_SUCCESS);
    assert_int_equal(
            RasConnectionNotificationW(connection, went, RASCN_Disconnection), ERROR_SUCCESS);
    assert_int_equal(
            RasConnectionNotificationW(other, other_went, RASCN_Disconnection), ERROR_SUCCESS);
    assert_true(agent_kill());
    entry_remove(OTHER);
    assert_true(fired(other_went, PATIENCE)); /* the new agent's list has been compared */
    assert_false(fired(came, 0));
    assert_false(fired(went, 0));
    entry_add(OTHER, L"");
    assert_true(fired(came, PATIENCE));
    entry_remove(ENTRY);
    assert_true(fired(went, PATIENCE));
    entry_remove(OTHER);
    CloseHandle(came);
    CloseHandle(went);
    CloseHandle(other_went);
}

TEST(parameters_are_checked)
{
    HANDLE event = event_create();

    assert_int_equal(
            RasConnectionNotificationW(NULL, event, RASCN_Disconnection), ERROR_INVALID_HANDLE);
    assert_int_equal(RasConnectionNotificationW(GARBAGE_HANDLE, event, RASCN_Disconnection),
            ERROR_INVALID_HANDLE);
    assert_int_equal(
            RasConnectionNotificationW(ALL, NULL, RASCN_Connection), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasConnectionNotificationW(ALL, event, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasConnectionNotificationW(ALL, event, 0x80000000), ERROR_INVALID_PARAMETER);
    assert_true(agent_stop());
    assert_int_equal(RasConnectionNotificationW(ALL, event, RASCN_Connection),
            ERROR_RASMAN_CANNOT_INITIALIZE);
    assert_true(agent_start());
    CloseHandle(event);
}

TEST_MAIN(NULL, NULL)
