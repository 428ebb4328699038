/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qutil's notifier (dlls/qutil/notifier.c) over a watch that the test controls: which changes
 * signal which event, and for how long.
 */

#include <test.h>

#include "dlls/qutil/watch.h"

/* The test's watch, one of each type. */
struct watch
{
    bool running;
    void (*changed)(void *context);
    void *context;
};

static struct watch watches[napNotifyTypeQuarState + 1];
static HRESULT watch_result;

HRESULT watch_start(
        NapNotifyType type, void (*changed)(void *context), void *context, struct watch **watch)
{
    *watch = NULL;
    if (FAILED(watch_result))
        return watch_result;
    *watch = &watches[type];
    assert_false((*watch)->running);
    (*watch)->running = true;
    (*watch)->changed = changed;
    (*watch)->context = context;
    return S_OK;
}

void watch_stop(struct watch *watch)
{
    if (!watch)
        return;
    assert_true(watch->running);
    watch->running = false;
}

static void change(NapNotifyType type)
{
    assert_true(watches[type].running);
    watches[type].changed(watches[type].context);
}

static HANDLE service_event, quar_event;

static int create_events(void)
{
    watch_result = S_OK;
    service_event = CreateEventW(NULL, FALSE, FALSE, NULL);
    quar_event = CreateEventW(NULL, TRUE, FALSE, NULL);
    return !service_event || !quar_event;
}

static int end_subscriptions(void)
{
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    CloseHandle(service_event);
    CloseHandle(quar_event);
    return watches[napNotifyTypeServiceState].running || watches[napNotifyTypeQuarState].running;
}

#define NOTIFIER_TEST(name) TEST_WITH(name, create_events, end_subscriptions)

static void subscribe_both(void)
{
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, service_event), S_OK);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeQuarState, quar_event), S_OK);
}

static bool is_signalled(HANDLE event)
{
    return WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
}

NOTIFIER_TEST(a_change_signals_the_event_of_its_type)
{
    subscribe_both();
    assert_false(is_signalled(service_event));
    assert_false(is_signalled(quar_event));

    change(napNotifyTypeServiceState);
    assert_true(is_signalled(service_event));
    assert_false(is_signalled(quar_event));

    change(napNotifyTypeQuarState);
    assert_false(is_signalled(service_event));
    assert_true(is_signalled(quar_event));
}

NOTIFIER_TEST(every_change_signals)
{
    int i;

    subscribe_both();
    for (i = 0; i < 3; i++)
    {
        change(napNotifyTypeServiceState);
        assert_true(is_signalled(service_event));
        assert_false(is_signalled(service_event)); /* the event resets itself */
    }
}

NOTIFIER_TEST(one_event_may_serve_both_types)
{
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, service_event), S_OK);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeQuarState, service_event), S_OK);
    change(napNotifyTypeServiceState);
    assert_true(is_signalled(service_event));
    change(napNotifyTypeQuarState);
    assert_true(is_signalled(service_event));
}

/* The caller closes the handle; no page says that it must unsubscribe first. */
NOTIFIER_TEST(the_caller_may_close_its_handle_while_subscribed)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, L"wine-nap-notifier-test"), again;

    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, event), S_OK);
    again = OpenEventW(SYNCHRONIZE, FALSE, L"wine-nap-notifier-test");
    CloseHandle(event);
    change(napNotifyTypeServiceState);
    assert_true(is_signalled(again));
    CloseHandle(again);

    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    assert_null(OpenEventW(SYNCHRONIZE, FALSE, L"wine-nap-notifier-test"));
}

NOTIFIER_TEST(Uninitialize_ends_the_watch_of_its_type)
{
    subscribe_both();
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    assert_false(watches[napNotifyTypeServiceState].running);
    assert_true(watches[napNotifyTypeQuarState].running);
    UninitializeNapAgentNotifier(napNotifyTypeServiceState); /* fails silently */
    change(napNotifyTypeQuarState);
    assert_true(is_signalled(quar_event));
}

NOTIFIER_TEST(a_subscription_may_be_made_again)
{
    subscribe_both();
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, quar_event), S_OK);
    change(napNotifyTypeServiceState);
    assert_false(is_signalled(service_event));
    assert_true(is_signalled(quar_event));
}

NOTIFIER_TEST(a_second_subscription_leaves_the_first_alone)
{
    subscribe_both();
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, quar_event),
            HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED));
    change(napNotifyTypeServiceState);
    assert_true(is_signalled(service_event));
    assert_false(is_signalled(quar_event));
}

NOTIFIER_TEST(a_watch_that_fails_is_E_FAIL_and_no_subscription)
{
    watch_result = RPC_E_DISCONNECTED;
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, service_event), E_FAIL);
    watch_result = E_OUTOFMEMORY;
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, service_event), E_FAIL);
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    watch_result = S_OK;
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, service_event), S_OK);
}

NOTIFIER_TEST(arguments_are_judged_before_the_agent)
{
    watch_result = E_FAIL;
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeUnknown, service_event), E_INVALIDARG);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeServiceState, NULL), E_INVALIDARG);
}

TEST_MAIN(NULL, NULL)
