/*
 * The state of the agent, and watching it.
 */
#ifndef WINE_NAP_ENGINE_STATE_H
#define WINE_NAP_ENGINE_STATE_H

#include "libs/engine/model.h"

void state_unwatch(struct engine *engine, struct engine_session *session);
/* The session is told the state: what it was told before is old. */
void state_answered(struct engine *engine, struct engine_session *session);
/* After whatever may have changed the state: tells who watches. */
void state_tell(struct engine *engine);

#endif
