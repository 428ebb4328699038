/*
 * Watching the state.
 */
#ifndef WINE_NAP_ENGINE_STATE_WATCH_H
#define WINE_NAP_ENGINE_STATE_WATCH_H

#include "libs/engine/model.h"

void state_watch_end(struct engine *engine, struct engine_session *session);
/* The session is told the state: what it was told before is old. */
void state_watch_answered(struct engine *engine, struct engine_session *session);
/* After whatever may have changed the state: tells who watches. */
void state_watch_tell(struct engine *engine);

#endif
