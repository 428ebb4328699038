/*
 * The watch on the napagent service. There is no transport to the agent yet,
 * so nothing can be watched, and saying so beats an event that never comes.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "watch.h"

HRESULT watch_start(NapNotifyType type, void (*changed)(void *context), void *context,
        struct watch **watch)
{
    (void)type;
    (void)changed;
    (void)context;

    *watch = NULL;
    return E_FAIL;
}

void watch_stop(struct watch *watch)
{
    (void)watch;
}
