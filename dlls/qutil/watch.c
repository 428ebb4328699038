/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The watch on the napagent service, over libs/napclient. It decides which
 * changes belong to which type of notification.
 */

#include "watch.h"

#include "libs/napclient/napclient.h"

#include <stdlib.h>

struct watch
{
    NapNotifyType type;
    void (*changed)(void *context);
    void *context;
    struct agent_watch *agent;
    bool known; /* the fields below have the last isolation state */
    uint32_t isolation;
    uint32_t extended_state;
    uint64_t probation_end;
};

static void notify(const struct watch *watch, NapNotifyType type)
{
    if (watch->type == type)
        watch->changed(watch->context);
}

/* Stores the isolation state. True if it differs from the stored one; the first never does. */
static bool see_isolation(struct watch *watch, const struct napipc_isolation *now)
{
    bool changed =
            watch->known
            && (watch->isolation != now->state || watch->extended_state != now->extended_state
                    || watch->probation_end != now->probation_end);

    watch->known = true;
    watch->isolation = now->state;
    watch->extended_state = now->extended_state;
    watch->probation_end = now->probation_end;
    return changed;
}

static HRESULT on_connected(void *context, struct agent_session *session, bool first)
{
    struct napipc_message request = {.type = NAPIPC_GET_STATE};
    struct watch *watch = context;
    struct agent_reply reply;
    HRESULT hr = agent_session_call(session, &request, &reply);
    bool changed;

    if (FAILED(hr))
        return hr;
    changed = see_isolation(watch, &reply.message.get_state_reply.isolation);
    agent_reply_clear(&reply);
    if (!first)
        notify(watch, napNotifyTypeServiceState);
    if (changed)
        notify(watch, napNotifyTypeQuarState);
    return S_OK;
}

static HRESULT on_notified(
        void *context, struct agent_session *session, const struct napipc_message *notification)
{
    struct watch *watch = context;

    (void)session;
    see_isolation(watch, &notification->isolation_changed.isolation);
    notify(watch, napNotifyTypeQuarState);
    return S_OK;
}

static void on_lost(void *context, HRESULT why, bool connected)
{
    (void)why;
    if (connected)
        notify(context, napNotifyTypeServiceState);
}

static const struct agent_subscription subscription = {
        .request = NAPIPC_WATCH,
        .notification = NAPIPC_ISOLATION_CHANGED,
        .connected = on_connected,
        .notified = on_notified,
        .lost = on_lost,
};

HRESULT watch_start(
        NapNotifyType type, void (*changed)(void *context), void *context, struct watch **out)
{
    struct watch *watch = calloc(1, sizeof(*watch));
    HRESULT hr;

    *out = NULL;
    if (!watch)
        return E_OUTOFMEMORY;
    watch->type = type;
    watch->changed = changed;
    watch->context = context;
    if (FAILED(hr = agent_watch_open(&subscription, watch, &watch->agent)))
        free(watch);
    else
        *out = watch;
    return hr;
}

void watch_stop(struct watch *watch)
{
    if (!watch)
        return;
    agent_watch_close(watch->agent);
    free(watch);
}
