/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A watch on the napagent service: all that the notifier needs of the transport.
 * notifier.c knows nothing else of the agent, and watch.c knows nothing of events.
 */

#ifndef WINE_NAP_QUTIL_WATCH_H
#define WINE_NAP_QUTIL_WATCH_H

#include "qutil_private.h"

struct watch;

/*
 * Starts a watch.
 *
 * type      napNotifyTypeServiceState: the agent starts or stops, also when
 *           it is killed. napNotifyTypeQuarState: the isolation state changes.
 * changed   called once for each change, on a thread of the watch. It may not
 *           call watch_stop.
 * context   for changed.
 * watch     receives the watch; NULL on failure.
 *
 * The agent need not run: the watch connects when it starts, and again after
 * each restart. The state at the call is not reported. Waits for the answers of
 * a running agent, but not for an agent to start.
 *
 * S_OK, or why the agent cannot be watched; programs see E_FAIL.
 */
HRESULT watch_start(
        NapNotifyType type, void (*changed)(void *context), void *context, struct watch **watch);

/* Ends the watch and frees it. When it returns, changed is not running and will
 * not be called again. Takes NULL. */
void watch_stop(struct watch *watch);

#endif
