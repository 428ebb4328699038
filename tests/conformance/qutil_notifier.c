/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qutil.dll's NapAgent notifier (pages initializenapagentnotifier and
 * uninitializenapagentnotifier): arguments and subscriptions. qutil_signals.c tests when the events
 * are signalled.
 */

#include <test.h>

#include <windows.h>
#include <objbase.h>
#include <naputil.h>

static HANDLE event;

static int create_event(void)
{
    return !(event = CreateEventW(NULL, TRUE, FALSE, NULL));
}

static int close_event(void)
{
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    return !CloseHandle(event);
}

#define NOTIFIER_TEST(name) TEST_WITH(name, create_event, close_event)

NOTIFIER_TEST(Initialize_refuses_unknown_types)
{
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeUnknown, event), E_INVALIDARG);
    assert_int_equal(InitializeNapAgentNotifier((NapNotifyType)3, event), E_INVALIDARG);
    assert_int_equal(InitializeNapAgentNotifier((NapNotifyType)-1, event), E_INVALIDARG);
}

/* "The caller must pass an open handle". */
NOTIFIER_TEST(Initialize_refuses_what_is_no_open_event)
{
    HANDLE closed = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE mutex = CreateMutexW(NULL, FALSE, NULL);

    CloseHandle(closed);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, NULL), E_INVALIDARG);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, INVALID_HANDLE_VALUE),
            E_INVALIDARG);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, closed), E_INVALIDARG);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeQuarState, mutex), E_INVALIDARG);
    CloseHandle(mutex);
}

/* "Fail silently if the process had not previously" subscribed. */
NOTIFIER_TEST(Uninitialize_without_a_subscription_does_nothing)
{
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    UninitializeNapAgentNotifier(napNotifyTypeUnknown);
    UninitializeNapAgentNotifier((NapNotifyType)99);
}

static void subscribe(NapNotifyType type)
{
    assert_int_equal(InitializeNapAgentNotifier(type, event), S_OK);
}

NOTIFIER_TEST(Initialize_subscribes_to_each_type)
{
    subscribe(napNotifyTypeServiceState);
    subscribe(napNotifyTypeQuarState);
}

NOTIFIER_TEST(Initialize_refuses_a_second_subscription_of_a_type)
{
    subscribe(napNotifyTypeServiceState);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event),
            HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED));
    subscribe(napNotifyTypeQuarState);
}

NOTIFIER_TEST(Uninitialize_ends_the_subscription_of_its_type)
{
    subscribe(napNotifyTypeServiceState);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event),
            HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED));
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    subscribe(napNotifyTypeServiceState);
}

NOTIFIER_TEST(a_subscription_does_not_signal_by_itself)
{
    InitializeNapAgentNotifier(napNotifyTypeServiceState, event);
    InitializeNapAgentNotifier(napNotifyTypeQuarState, event);
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
}

TEST_MAIN(NULL, NULL)
