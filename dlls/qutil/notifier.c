/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The NapAgent notifier: one subscription of each type per process, each with
 * an event that is signalled at every change (pages initializenapagentnotifier
 * and uninitializenapagentnotifier).
 */

#include "watch.h"

#include "libs/log/trace.h"

#include <winternl.h>

struct subscription
{
    HANDLE event; /* our duplicate: the caller may close its own at any time */
    struct watch *watch;
};

/* The pages do not ask for thread safety; a lock costs nothing here. */
static SRWLOCK subscriptions_lock = SRWLOCK_INIT;
static struct subscription service_state;
static struct subscription quar_state;

static struct subscription *subscription_of(NapNotifyType type)
{
    switch (type)
    {
    case napNotifyTypeServiceState:
        return &service_state;
    case napNotifyTypeQuarState:
        return &quar_state;
    default:
        return NULL;
    }
}

static bool is_event(HANDLE handle)
{
    static const WCHAR event_type[] = L"Event";
    union
    {
        UNICODE_STRING type_name; /* the first member of OBJECT_TYPE_INFORMATION */
        BYTE memory[1024];
    } info;

    if (NtQueryObject(handle, ObjectTypeInformation, &info, sizeof(info), NULL) < 0)
        return false;
    return info.type_name.Length == sizeof(event_type) - sizeof(WCHAR)
           && !memcmp(info.type_name.Buffer, event_type, info.type_name.Length);
}

static HANDLE duplicate_event(HANDLE handle)
{
    HANDLE process = GetCurrentProcess(), event;

    if (!handle || !DuplicateHandle(process, handle, process, &event, EVENT_MODIFY_STATE, FALSE, 0))
        return NULL;
    if (is_event(event))
        return event;
    CloseHandle(event);
    return NULL;
}

/* Runs on a thread of the watch. */
static void signal_event(void *context)
{
    const struct subscription *subscription = context;

    SetEvent(subscription->event);
}

static HRESULT subscribe(struct subscription *subscription, NapNotifyType type, HANDLE event)
{
    HMODULE self;
    HRESULT hr;

    subscription->event = event;
    hr = watch_start(type, signal_event, subscription, &subscription->watch);
    if (FAILED(hr))
    {
        log_event(LOG_WARN, 0, "no-watch",
                "notifications of type %d: the agent cannot be watched "
                "(%#lx)",
                type, hr);
        subscription->event = NULL;
        return E_FAIL;
    }
    /* The watch has a thread that runs code of this DLL. A program may free the
     * library while it is subscribed, so the DLL pins itself. */
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
            (const WCHAR *)signal_event, &self);
    return S_OK;
}

HRESULT WINAPI InitializeNapAgentNotifier(NapNotifyType type, HANDLE hNotifyEvent)
{
    TRACE_CALL("(type %lu, hNotifyEvent %p)", (unsigned long)type, (const void *)hNotifyEvent);
    struct subscription *subscription = subscription_of(type);
    HANDLE event;
    HRESULT hr;

    if (!subscription || !(event = duplicate_event(hNotifyEvent)))
        return TRACED(E_INVALIDARG);

    AcquireSRWLockExclusive(&subscriptions_lock);
    if (subscription->watch)
        hr = HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED);
    else
        hr = subscribe(subscription, type, event);
    ReleaseSRWLockExclusive(&subscriptions_lock);
    if (FAILED(hr))
        CloseHandle(event);
    return TRACED(hr);
}

VOID WINAPI UninitializeNapAgentNotifier(NapNotifyType type)
{
    TRACE_CALL("(type %lu)", (unsigned long)type);
    struct subscription *subscription = subscription_of(type);

    if (!subscription)
        return;

    AcquireSRWLockExclusive(&subscriptions_lock);
    if (subscription->watch)
    {
        watch_stop(subscription->watch);
        CloseHandle(subscription->event);
        subscription->watch = NULL;
        subscription->event = NULL;
    }
    ReleaseSRWLockExclusive(&subscriptions_lock);
}
