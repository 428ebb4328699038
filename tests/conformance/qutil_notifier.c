/*
 * qutil.dll's NapAgent notifier (pages initializenapagentnotifier and
 * uninitializenapagentnotifier): arguments and subscriptions. qutil_news.c
 * has what the events tell.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <windows.h>
#include <objbase.h>
#include <naputil.h>

static HANDLE event;

static int create_event(void **state)
{
    (void)state;
    return !(event = CreateEventW(NULL, TRUE, FALSE, NULL));
}

static int close_event(void **state)
{
    (void)state;
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    return !CloseHandle(event);
}

static void Initialize_refuses_unknown_types(void **state)
{
    (void)state;
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeUnknown, event), E_INVALIDARG);
    assert_int_equal(InitializeNapAgentNotifier((NapNotifyType)3, event), E_INVALIDARG);
    assert_int_equal(InitializeNapAgentNotifier((NapNotifyType)-1, event), E_INVALIDARG);
}

/* "The caller must pass an open handle". */
static void Initialize_refuses_what_is_no_open_event(void **state)
{
    HANDLE closed = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE mutex = CreateMutexW(NULL, FALSE, NULL);

    (void)state;
    CloseHandle(closed);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, NULL), E_INVALIDARG);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, INVALID_HANDLE_VALUE),
            E_INVALIDARG);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, closed), E_INVALIDARG);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeQuarState, mutex), E_INVALIDARG);
    CloseHandle(mutex);
}

/* "Fail silently if the process had not previously" subscribed. */
static void Uninitialize_without_a_subscription_does_nothing(void **state)
{
    (void)state;
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    UninitializeNapAgentNotifier(napNotifyTypeUnknown);
    UninitializeNapAgentNotifier((NapNotifyType)99);
}

static void subscribe(NapNotifyType type)
{
    assert_int_equal(InitializeNapAgentNotifier(type, event), S_OK);
}

static void Initialize_subscribes_to_each_type(void **state)
{
    (void)state;
    subscribe(napNotifyTypeServiceState);
    subscribe(napNotifyTypeQuarState);
}

static void Initialize_refuses_a_second_subscription_of_a_type(void **state)
{
    (void)state;
    subscribe(napNotifyTypeServiceState);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event),
            HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED));
    subscribe(napNotifyTypeQuarState);
}

static void Uninitialize_ends_the_subscription_of_its_type(void **state)
{
    (void)state;
    subscribe(napNotifyTypeServiceState);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event),
            HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED));
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    subscribe(napNotifyTypeServiceState);
}

static void a_subscription_does_not_signal_by_itself(void **state)
{
    (void)state;
    InitializeNapAgentNotifier(napNotifyTypeServiceState, event);
    InitializeNapAgentNotifier(napNotifyTypeQuarState, event);
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
}

#define notifier_test(test) cmocka_unit_test_setup_teardown(test, create_event, close_event)

int main(void)
{
    const struct CMUnitTest tests[] = {
        notifier_test(Initialize_refuses_unknown_types),
        notifier_test(Initialize_refuses_what_is_no_open_event),
        notifier_test(Uninitialize_without_a_subscription_does_nothing),
        notifier_test(Initialize_subscribes_to_each_type),
        notifier_test(Initialize_refuses_a_second_subscription_of_a_type),
        notifier_test(Uninitialize_ends_the_subscription_of_its_type),
        notifier_test(a_subscription_does_not_signal_by_itself),
    };

    return cmocka_run_group_tests_name("qutil_notifier", tests, NULL, NULL);
}
