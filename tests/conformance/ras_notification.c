/*
 * RasConnectionNotification: nf-ras-rasconnectionnotificationw.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "ras_fixture.h"

#include "agent.h"

#define ENTRY L"Tests News"
#define OTHER L"Tests Other"
#define ALL ((HRASCONN)INVALID_HANDLE_VALUE)
#define PATIENCE 10000 /* ms */
#define SILENCE 300    /* ms without an event */

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
static void any_connection_that_comes_or_goes(void **state)
{
    HANDLE came = event_create(), went = event_create(), both = event_create();

    (void)state;
    assert_int_equal(RasConnectionNotificationW(ALL, came, RASCN_Connection), ERROR_SUCCESS);
    assert_int_equal(RasConnectionNotificationA(ALL, went, RASCN_Disconnection), ERROR_SUCCESS);
    assert_int_equal(RasConnectionNotificationA(ALL, both, RASCN_Connection | RASCN_Disconnection),
        ERROR_SUCCESS);
    assert_false(fired(came, SILENCE)); /* what was there before is no news */
    entry_add(ENTRY, L"");
    assert_true(fired(came, PATIENCE));
    assert_true(fired(both, PATIENCE));
    assert_false(fired(went, SILENCE));
    entry_remove(ENTRY);
    assert_true(fired(went, PATIENCE));
    assert_true(fired(both, PATIENCE));
    assert_false(fired(came, SILENCE));
    CloseHandle(came);
    CloseHandle(went);
    CloseHandle(both);
}

/* One call for each of the events, with the same object. */
static void an_event_registered_for_one_thing_after_the_other(void **state)
{
    HANDLE event = event_create();

    (void)state;
    assert_int_equal(RasConnectionNotificationW(ALL, event, RASCN_Connection), ERROR_SUCCESS);
    assert_int_equal(RasConnectionNotificationW(ALL, event, RASCN_Disconnection), ERROR_SUCCESS);
    entry_add(ENTRY, L"");
    assert_true(fired(event, PATIENCE));
    entry_remove(ENTRY);
    assert_true(fired(event, PATIENCE));
    CloseHandle(event);
}

/* "hEvent is signaled when the hrasconn connection is terminated." */
static void one_connection_that_goes(void **state)
{
    HRASCONN connection = entry_add(ENTRY, L"");
    HANDLE event = event_create();

    (void)state;
    assert_int_equal(RasConnectionNotificationW(connection, event, RASCN_Connection
            | RASCN_Disconnection), ERROR_SUCCESS);
    entry_add(OTHER, L"");
    entry_remove(OTHER);
    assert_false(fired(event, SILENCE));
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    assert_true(fired(event, PATIENCE));
    CloseHandle(event);
}

static void a_closed_event_does_no_harm(void **state)
{
    HANDLE event = event_create(), next;

    (void)state;
    assert_int_equal(RasConnectionNotificationW(ALL, event, RASCN_Connection), ERROR_SUCCESS);
    CloseHandle(event);
    next = event_create();
    assert_int_equal(RasConnectionNotificationW(ALL, next, RASCN_Connection), ERROR_SUCCESS);
    entry_add(ENTRY, L"");
    assert_true(fired(next, PATIENCE));
    entry_remove(ENTRY);
    CloseHandle(next);
}

/* The agent is killed and comes back: connections that stayed are no news, others are. */
static void news_go_on_after_the_agent_was_killed(void **state)
{
    HRASCONN connection = entry_add(ENTRY, L"");
    HANDLE came = event_create(), went = event_create();

    (void)state;
    assert_int_equal(RasConnectionNotificationW(ALL, came, RASCN_Connection), ERROR_SUCCESS);
    assert_int_equal(RasConnectionNotificationW(connection, went, RASCN_Disconnection),
        ERROR_SUCCESS);
    assert_true(agent_kill());
    Sleep(1500);
    assert_false(fired(came, 0));
    assert_false(fired(went, 0));
    entry_add(OTHER, L"");
    assert_true(fired(came, PATIENCE));
    entry_remove(ENTRY);
    assert_true(fired(went, PATIENCE));
    entry_remove(OTHER);
    CloseHandle(came);
    CloseHandle(went);
}

static void parameters_are_checked(void **state)
{
    HANDLE event = event_create();

    (void)state;
    assert_int_equal(RasConnectionNotificationW(NULL, event, RASCN_Disconnection),
        ERROR_INVALID_HANDLE);
    assert_int_equal(RasConnectionNotificationW(GARBAGE_HANDLE, event, RASCN_Disconnection),
        ERROR_INVALID_HANDLE);
    assert_int_equal(RasConnectionNotificationW(ALL, NULL, RASCN_Connection),
        ERROR_INVALID_PARAMETER);
    assert_int_equal(RasConnectionNotificationW(ALL, event, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasConnectionNotificationW(ALL, event, 0x80000000), ERROR_INVALID_PARAMETER);
    assert_true(agent_stop());
    assert_int_equal(RasConnectionNotificationW(ALL, event, RASCN_Connection),
        ERROR_RASMAN_CANNOT_INITIALIZE);
    assert_true(agent_start());
    CloseHandle(event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_connection_that_comes_or_goes),
        cmocka_unit_test(an_event_registered_for_one_thing_after_the_other),
        cmocka_unit_test(one_connection_that_goes),
        cmocka_unit_test(a_closed_event_does_no_harm),
        cmocka_unit_test(news_go_on_after_the_agent_was_killed),
        cmocka_unit_test(parameters_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
