/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Watches: notifications from the agent, for as long as somebody wants them.
 *
 * The pipe shows the state of the agent: when it breaks, the agent has gone; when it can be opened,
 * the agent is there. There is no notification of the agent's start, so connecting is retried with
 * the pauses of agent_backoff.
 */
#include <stdlib.h>

#include "libs/napclient/frame.h"

/* ms for each answer on the first connection, while the caller of agent_watch_open() waits */
#define FIRST_ANSWER_TIMEOUT 5000

struct agent_watch
{
    LONG refs; /* the owner's and the thread's */
    const struct agent_subscription *subscription;
    void *context;
    HANDLE stop;
    HANDLE thread;
    HMODULE module; /* that the thread runs in */
    struct agent_session session;
    struct agent_backoff backoff;
};

static bool stopped(const struct agent_watch *watch)
{
    return WaitForSingleObject(watch->stop, 0) == WAIT_OBJECT_0;
}

static HRESULT watch_connect(struct agent_watch *watch, bool first)
{
    const struct agent_subscription *subscription = watch->subscription;
    struct napipc_message request = {.type = subscription->request};
    HRESULT hr =
            agent_session_open_until(&watch->session, subscription->start && subscription->start(),
                    watch->stop, first ? FIRST_ANSWER_TIMEOUT : 0);

    if (FAILED(hr))
        return hr;
    watch->session.watching = true;
    hr = agent_session_call(&watch->session, &request, NULL);
    if (SUCCEEDED(hr) && subscription->connected)
        hr = subscription->connected(watch->context, &watch->session, first);
    if (FAILED(hr))
        agent_session_close(&watch->session);
    else
        agent_backoff_connected(&watch->backoff);
    return hr;
}

/* Delivers notifications until the connection fails; returns why. */
static HRESULT watch_listen(struct agent_watch *watch)
{
    const struct agent_subscription *subscription = watch->subscription;
    struct agent_reply received = {0};
    HRESULT hr;

    do
    {
        DWORD timeout = subscription->wait ? subscription->wait(watch->context) : INFINITE;

        hr = agent_session_receive(&watch->session, timeout, &received);
        if (SUCCEEDED(hr) && received.message.type == subscription->notification)
            hr = subscription->notified(watch->context, &watch->session, &received.message);
        else if (hr == HRESULT_FROM_WIN32(ERROR_TIMEOUT))
            hr = S_OK;
    } while (SUCCEEDED(hr));
    agent_reply_clear(&received);
    agent_session_close(&watch->session);
    return hr;
}

/* `hr`: the result of the first attempt to connect. */
static void watch_run(struct agent_watch *watch, HRESULT hr)
{
    const struct agent_subscription *subscription = watch->subscription;

    for (;;)
    {
        bool connected = SUCCEEDED(hr);

        if (connected)
        {
            hr = watch_listen(watch);
            agent_backoff_lost(&watch->backoff);
        }
        if (stopped(watch))
            return;
        if (subscription->lost)
            subscription->lost(watch->context, hr, connected);
        if (!agent_backoff_wait(&watch->backoff, hr, watch->stop))
            return;
        hr = watch_connect(watch, false);
    }
}

void agent_watch_run(const struct agent_subscription *subscription, void *context, HANDLE stop)
{
    struct agent_watch watch = {.subscription = subscription, .context = context, .stop = stop};

    watch_run(&watch, watch_connect(&watch, false));
    agent_session_close(&watch.session);
}

static void watch_release(struct agent_watch *watch)
{
    if (InterlockedDecrement(&watch->refs))
        return;
    agent_session_close(&watch->session);
    if (watch->stop)
        CloseHandle(watch->stop);
    free(watch);
}

static DWORD WINAPI watcher(void *argument)
{
    struct agent_watch *watch = argument;
    HMODULE module = watch->module;

    watch_run(watch, watch->session.pipe ? S_OK : RPC_E_DISCONNECTED);
    watch_release(watch);
    FreeLibraryAndExitThread(module, 0);
}

HRESULT agent_watch_open(
        const struct agent_subscription *subscription, void *context, struct agent_watch **out)
{
    struct agent_watch *watch = calloc(1, sizeof(*watch));
    HRESULT hr = S_OK;

    *out = NULL;
    if (!watch)
        return E_OUTOFMEMORY;
    watch->refs = 1;
    watch->subscription = subscription;
    watch->context = context;
    if (!(watch->stop = CreateEventW(NULL, TRUE, FALSE, NULL)))
        hr = E_OUTOFMEMORY;
    /* Here, not on the thread: every change after this returns must be notified. */
    else if (FAILED(hr = watch_connect(watch, true)) && !subscription->required)
        hr = S_OK;
    /* The DLL must stay loaded as long as the thread runs. */
    if (SUCCEEDED(hr)
            && !GetModuleHandleExW(
                    GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (const WCHAR *)watcher, &watch->module))
        hr = HRESULT_FROM_WIN32(GetLastError());
    if (SUCCEEDED(hr))
    {
        watch->refs = 2;
        if (!(watch->thread = CreateThread(NULL, 0, watcher, watch, 0, NULL)))
        {
            watch->refs = 1;
            FreeLibrary(watch->module);
            hr = E_OUTOFMEMORY;
        }
    }
    if (SUCCEEDED(hr))
        *out = watch;
    else
        watch_release(watch);
    return hr;
}

void agent_watch_close(struct agent_watch *watch)
{
    if (!watch)
        return;
    SetEvent(watch->stop);
    WaitForSingleObject(watch->thread, INFINITE);
    CloseHandle(watch->thread);
    watch_release(watch);
}

void agent_watch_abandon(struct agent_watch *watch)
{
    if (!watch)
        return;
    SetEvent(watch->stop);
    CloseHandle(watch->thread);
    watch_release(watch);
}

HRESULT agent_single_watch_open(struct agent_single_watch *single)
{
    if (single->watch)
        return S_OK;
    return agent_watch_open(single->subscription, (void *)++single->generation, &single->watch);
}

void agent_single_watch_abandon(struct agent_single_watch *single)
{
    if (!single->watch)
        return;
    agent_watch_abandon(single->watch);
    single->watch = NULL;
    single->generation++;
}

bool agent_single_watch_is(const struct agent_single_watch *single, const void *context)
{
    return (UINT_PTR)context == single->generation;
}
