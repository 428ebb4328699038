/*
 * The watch on the napagent service, over libs/napclient: what of its news
 * counts for a type of notification.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
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
};

static void take_news(void *context, enum agent_news news)
{
    const struct watch *watch = context;

    if ((watch->type == napNotifyTypeQuarState) == (news == AGENT_ISOLATION_CHANGED))
        watch->changed(watch->context);
}

HRESULT watch_start(NapNotifyType type, void (*changed)(void *context), void *context,
        struct watch **out)
{
    struct watch *watch = malloc(sizeof(*watch));
    HRESULT hr;

    *out = NULL;
    if (!watch)
        return E_OUTOFMEMORY;
    watch->type = type;
    watch->changed = changed;
    watch->context = context;
    if (FAILED(hr = agent_watch_open(take_news, watch, &watch->agent)))
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
