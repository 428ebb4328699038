/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The state of the agent, and watching it.
 */
#ifndef WINE_NAP_ENGINE_STATE_H
#define WINE_NAP_ENGINE_STATE_H

#include "libs/engine/model.h"

void state_unwatch(struct engine *engine, struct engine_session *session);
/* The session is about to get the state: it will be notified of the next change again. */
void state_answered(struct engine *engine, struct engine_session *session);
/* Called after each event: notifies the watchers if the state has changed. */
void state_notify(struct engine *engine);

#endif
