/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * When to look at the host, and when to notify.
 *
 * A look costs the host some work, so there are looks only while an enforcement client is bound.
 * No public interface tells a health agent that. But one that is bound and has a connection asks
 * for a statement when it makes the connection, and again after each notification (page of
 * INapEnforcementClientCallback::NotifySoHChange). So:
 *
 *   - GetSoHRequest begins the looks; the first is taken at once, and the request waits for it.
 *   - A notification that no GetSoHRequest follows within the answer timeout ends them.
 *   - A statement that is an hour old is notified as a change: it says how long ago the last scan
 * for updates was, which a server compares with a limit. So the looks end within little more than
 *     an hour after the last client has gone.
 *
 * The service begins with one look and a notification, because a client may be there already. It
 * sleeps without a timeout while there are no looks.
 */
#include "programs/napwsha/napwsha.h"

#include "libs/log/log.h"
#include "naputil.h"

/* GetTickCount64() of what happened last; 0: never. */
struct times
{
    ULONGLONG looked;   /* the beginning of a look */
    ULONGLONG notified; /* before the notification, which may be answered before it returns */
    ULONGLONG appeared; /* the NAP agent came or went, or this service has started */
};

static volatile LONG64 asked;
static HANDLE asked_event; /* auto-reset */

void watch_asked(void)
{
    InterlockedExchange64(&asked, (LONG64)GetTickCount64());
    SetEvent(asked_event);
}

static ULONGLONG last_asked(void)
{
    return (ULONGLONG)InterlockedCompareExchange64(&asked, 0, 0);
}

/* Is there a client, or may there be one? */
static bool is_needed(const struct settings *settings, const struct times *times)
{
    ULONGLONG since = max(times->notified, times->appeared);

    return (last_asked() && last_asked() >= times->notified)
           || GetTickCount64() - since < settings->answer_timeout;
}

/* Is the statement that clients have too old? */
static bool is_old(const struct settings *settings, const struct times *times)
{
    ULONGLONG since = last_asked();

    return since && since >= times->notified && GetTickCount64() - since >= settings->renewal;
}

/* ms until the next look */
static DWORD time_to_look(const struct settings *settings, const struct times *times)
{
    ULONGLONG passed = GetTickCount64() - times->looked;

    if (!is_needed(settings, times))
        return INFINITE;
    return passed >= settings->look_interval ? 0 : settings->look_interval - (DWORD)passed;
}

/* RPC_E_DISCONNECTED: the NAP agent is not there. False: to be repeated. */
static bool notify(INapSystemHealthAgentBinding *binding, struct times *times)
{
    ULONGLONG now = GetTickCount64();
    HRESULT hr = INapSystemHealthAgentBinding_NotifySoHChange(binding);

    if (FAILED(hr))
    {
        if (hr != RPC_E_DISCONNECTED)
            log_event(LOG_WARN, WSH_ID, "notify", "NotifySoHChange failed: %#lx", hr);
        return false;
    }
    times->notified = now;
    return true;
}

/* False: `stop` is set. */
static bool look_again(const struct settings *settings, INapSystemHealthAgentBinding *binding,
        HANDLE stop, struct times *times, bool *untold)
{
    static struct host_statement statement;

    times->looked = GetTickCount64();
    if (!look(settings, stop, &statement))
        return false;
    if (current_set(&statement))
    {
        log_event(LOG_INFO, WSH_ID, "health", "the health of this machine has changed");
        *untold = true;
    }
    if (is_old(settings, times))
        *untold = true;
    if (*untold)
        *untold = !notify(binding, times);
    return true;
}

/* Looks begin or end. */
static void set_looks(bool *looks, bool needed, struct times *times)
{
    if (*looks == needed)
        return;
    *looks = needed;
    if (!needed)
    {
        current_begin();   /* later it may be untrue */
        times->looked = 0; /* the next look is taken at once */
    }
    log_event(LOG_INFO, WSH_ID, "looks", "%s",
            needed ? "an enforcement client asks: the host is looked at"
                   : "no enforcement client asks: the host is no longer looked at");
}

void watch(const struct settings *settings, INapSystemHealthAgentBinding *binding, HANDLE stop)
{
    struct times times = {.appeared = GetTickCount64()};
    HANDLE events[3] = {
            stop, CreateEventW(NULL, FALSE, FALSE, NULL), CreateEventW(NULL, FALSE, FALSE, NULL)};
    bool untold = true, looks = true;
    DWORD wait = 0, woken;

    asked_event = events[1];
    if (!events[1] || !events[2])
    {
        log_event(LOG_ERROR, WSH_ID, "no-memory", "the service ends: out of memory");
        return;
    }
    if (FAILED(InitializeNapAgentNotifier(napNotifyTypeServiceState, events[2])))
        log_event(LOG_ERROR, WSH_ID, "no-memory",
                "changes of the NAP agent's state are not noticed: out of memory");
    for (;;)
    {
        woken = WaitForMultipleObjects(ARRAYSIZE(events), events, FALSE, wait);
        if (woken == WAIT_OBJECT_0 || woken == WAIT_FAILED)
            break;
        if (woken == WAIT_OBJECT_0 + 2)
        {
            /* Clients that have bound again may have asked before this health agent was there. Who
             * asked of the last NAP agent says nothing about this one. */
            times.appeared = GetTickCount64();
            times.looked = 0;
            untold = true;
            InterlockedExchange64(&asked, 0);
        }
        if (!time_to_look(settings, &times)
                && !look_again(settings, binding, stop, &times, &untold))
            break;
        set_looks(&looks, is_needed(settings, &times), &times);
        wait = time_to_look(settings, &times);
    }
    current_end();
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
}
