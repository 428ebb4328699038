/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * watch: the state and each change of it, until Ctrl-C or until the reader of its output ends.
 *
 * The agent notifies that something has changed. The new state is then requested.
 */
#include "programs/napctl/options.h"
#include "programs/napctl/watch.h"

#include <stdlib.h>
#include <string.h>

#define CHANGE_PAUSE 100    /* ms before a request, to show simultaneous changes together */
#define CLOCK_INTERVAL 1000 /* ms between two drawings while there is a countdown */
#define CLOSE_TIME 2000     /* ms for the process to end when the terminal is closed */

struct watch
{
    struct screen *screen; /* NULL: lines */
    bool json;
    bool begun;        /* something was shown */
    bool absent;       /* it was shown last that the agent is not running */
    struct items last; /* as shown */
    HRESULT result;    /* a failure that retries do not cure; E_ABORT: none */
};

static HANDLE stop; /* Ctrl-C */

static BOOL WINAPI handle_control(DWORD type)
{
    SetEvent(stop);
    if (type == CTRL_CLOSE_EVENT || type == CTRL_LOGOFF_EVENT || type == CTRL_SHUTDOWN_EVENT)
        Sleep(CLOSE_TIME); /* the process ends when we return */
    return TRUE;
}

static bool stopped(DWORD timeout)
{
    return WaitForSingleObject(stop, timeout) == WAIT_OBJECT_0;
}

static void report(void *context, enum change change, const struct item *item, bool policy)
{
    const struct watch *watch = context;

    line_write(watch->json, change, item, policy);
}

/* Shows what has changed. E_ABORT: the output cannot be written. */
static HRESULT show(struct watch *watch, struct items *now)
{
    if (!watch->screen)
        items_compare(&watch->last, now, !watch->begun, report, watch);
    items_clear(&watch->last);
    watch->last = *now;
    watch->begun = true;
    watch->absent = false;
    return watch->screen || flush_output() ? S_OK : E_ABORT;
}

/* Shows that the agent is not running, and removes it from the last state: its restart is a change,
 * while the other items may be unchanged then. */
static HRESULT show_absent(struct watch *watch)
{
    if (watch->absent)
        return S_OK;
    if (watch->screen)
        screen_draw(watch->screen, NULL);
    else
        line_write_absent(watch->json, watch->begun ? CHANGE_REMOVED : CHANGE_PRESENT);
    if (watch->last.count && watch->last.items[0].kind == ITEM_AGENT)
    {
        free(watch->last.items[0].frame);
        memmove(watch->last.items, watch->last.items + 1,
                --watch->last.count * sizeof(*watch->last.items));
    }
    watch->absent = true;
    return watch->screen || flush_output() ? S_OK : E_ABORT;
}

/* Ends the watch, unless the failure is that the agent is not running. */
static void give_up(struct watch *watch, HRESULT hr)
{
    if (hr == RPC_E_DISCONNECTED)
        hr = show_absent(watch);
    if (SUCCEEDED(hr))
        return;
    watch->result = hr;
    SetEvent(stop);
}

/* Shows the state, and shows it again if it changed while it was read. */
static HRESULT on_connected(void *context, struct agent_session *session, bool first)
{
    struct watch *watch = context;
    struct items now;
    HRESULT hr;

    (void)first;
    do
    {
        session->notified = false;
        if (SUCCEEDED(hr = items_take(&now, session)))
            hr = show(watch, &now);
        if (SUCCEEDED(hr) && session->notified && stopped(CHANGE_PAUSE))
            hr = E_ABORT;
    } while (SUCCEEDED(hr) && session->notified);
    return hr;
}

static HRESULT on_notified(
        void *context, struct agent_session *session, const struct napipc_message *notification)
{
    (void)notification;
    return stopped(CHANGE_PAUSE) ? E_ABORT : on_connected(context, session, false);
}

static void on_lost(void *context, HRESULT why, bool connected)
{
    (void)connected;
    give_up(context, why);
}

/* Draws again while there is a countdown. */
static DWORD on_wait(void *context)
{
    struct watch *watch = context;

    return watch->screen && screen_draw(watch->screen, &watch->last) ? CLOCK_INTERVAL : INFINITE;
}

/* NAPIPC_STATE_CHANGED comes once after each NAPIPC_GET_STATE. */
static const struct agent_subscription subscription = {
        .request = NAPIPC_WATCH_STATE,
        .notification = NAPIPC_STATE_CHANGED,
        .connected = on_connected,
        .notified = on_notified,
        .lost = on_lost,
        .wait = on_wait,
};

int watch(const struct options *options)
{
    struct watch watch = {.json = options->json, .result = E_ABORT};

    if (!(stop = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return report_failure(HRESULT_FROM_WIN32(GetLastError()), "watch");
    SetConsoleCtrlHandler(handle_control, TRUE);
    if (!watch.json)
        watch.screen = screen_open();
    agent_watch_run(&subscription, &watch, stop);
    screen_close(watch.screen);
    items_clear(&watch.last);
    return watch.result == E_ABORT ? EXIT_DONE : report_failure(watch.result, "watch the agent");
}
