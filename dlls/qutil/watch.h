/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A watch on the napagent service: what the notifier needs of the transport.
 * notifier.c knows nothing else of the agent, watch.c nothing of events.
 */

#ifndef WINE_NAP_QUTIL_WATCH_H
#define WINE_NAP_QUTIL_WATCH_H

#include "qutil_private.h"

struct watch;

/*
 * Begins to watch.
 *
 * type      napNotifyTypeServiceState: the agent starts or stops, also when
 *           it is killed. napNotifyTypeQuarState: the isolation state changes.
 * changed   called once for each change, on a thread of the watch. It may not
 *           call watch_stop.
 * context   for changed.
 * watch     receives the watch; NULL on failure.
 *
 * The agent need not run: a stopped agent is watched for its start. An agent
 * that comes back is watched again. Nothing is reported for how things stand
 * at the start. Returns before the first change; never waits for the agent.
 *
 * S_OK, or why the agent cannot be watched; programs see E_FAIL.
 */
HRESULT watch_start(
        NapNotifyType type, void (*changed)(void *context), void *context, struct watch **watch);

/* Ends the watch and frees it. changed is neither running nor called any more
 * when this returns. Takes NULL. */
void watch_stop(struct watch *watch);

#endif
