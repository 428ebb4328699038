/*
 * watch: the state and each change of it, until Ctrl-C or until nobody reads any more.
 *
 * The agent tells when something has changed and is asked what. While it is not there it is looked
 * for at an interval; nothing else tells of its start.
 */
#include "programs/napctl/watch.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_INTERVAL 250 /* ms between two looks for a missing agent */
#define NEWS_PAUSE 100    /* ms from news to asking: what happens together is shown together */
#define CLOCK_INTERVAL 1000 /* ms; of what runs with the clock */
#define CLOSE_TIME 2000     /* ms that we have to end when the terminal is closed */

struct watch
{
    struct screen *screen; /* NULL: lines */
    bool json;
    bool begun;        /* something was shown */
    bool absent;       /* ... and it was that the agent is not there */
    struct items last; /* as shown */
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

static void tell(void *context, enum change change, const struct item *item, bool policy)
{
    const struct watch *watch = context;

    line_write(watch->json, change, item, policy);
}

/* Shows what has changed. E_ABORT: there is no use in going on. */
static HRESULT show(struct watch *watch, struct items *now)
{
    if (!watch->screen)
        items_compare(&watch->last, now, !watch->begun, tell, watch);
    items_clear(&watch->last);
    watch->last = *now;
    watch->begun = true;
    watch->absent = false;
    return watch->screen || flush_output() ? S_OK : E_ABORT;
}

/* The agent, which is forgotten: when it is there again that is news. The rest may be as before. */
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

/* Draws again while something runs with the clock, until there is news. */
static HRESULT await_news(struct watch *watch, struct agent_session *session)
{
    HRESULT hr;

    do
    {
        bool clock = watch->screen && screen_draw(watch->screen, &watch->last);

        hr = agent_session_await_news(session, stop, clock ? CLOCK_INTERVAL : INFINITE);
    } while (hr == S_FALSE);
    if (SUCCEEDED(hr) && stopped(NEWS_PAUSE))
        hr = E_ABORT;
    return hr;
}

/* Shows the state as long as the agent is there. */
static HRESULT follow(struct watch *watch)
{
    struct agent_session session;
    struct items now;
    HRESULT hr = agent_session_open(&session, false);

    if (FAILED(hr))
        return hr;
    hr = agent_session_watch(&session);
    while (SUCCEEDED(hr) && SUCCEEDED(hr = items_take(&now, &session))
            && SUCCEEDED(hr = show(watch, &now)))
        hr = await_news(watch, &session);
    agent_session_close(&session);
    return hr;
}

/* Until Ctrl-C: E_ABORT, or a failure that waiting does not mend. */
static HRESULT run(struct watch *watch)
{
    HRESULT hr;

    do
    {
        hr = follow(watch);
        if (hr == RPC_E_DISCONNECTED)
            hr = show_absent(watch);
    } while (SUCCEEDED(hr) && !stopped(LOOK_INTERVAL));
    return FAILED(hr) ? hr : E_ABORT;
}

int watch(int argc, WCHAR **argv)
{
    struct watch watch = {0};
    HRESULT hr;

    if (!parse_json(argc, argv, &watch.json))
        return report_usage("usage: napctl watch [--json]");
    if (!(stop = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return report_failure(HRESULT_FROM_WIN32(GetLastError()), "watch");
    SetConsoleCtrlHandler(handle_control, TRUE);
    if (!watch.json)
        watch.screen = screen_open();
    hr = run(&watch);
    screen_close(watch.screen);
    items_clear(&watch.last);
    return hr == E_ABORT ? EXIT_DONE : report_failure(hr, "watch the agent");
}
