/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The slots of a health agent: how many of its callbacks may be unanswered.
 */
#ifndef WINE_NAP_ENGINE_SLOTS_H
#define WINE_NAP_ENGINE_SLOTS_H

#include "libs/engine/model.h"

/* The process on whose behalf callbacks are made that the session causes. */
uint32_t slots_process(struct engine *engine, const struct engine_session *session);
/* A callback of a health agent that `process` causes (0: the agent itself). The caller says what it
 * is about and then lets slots_run() send it. NULL: allocation failure, or the process has far too
 * many waiting, or the health agent hangs and has no slot left. */
struct callback *slots_ask(struct engine *engine, struct engine_session *session,
        const struct callback_kind *kind, uint32_t process);
/* Sends what waits, as far as there are slots. */
void slots_run(struct engine *engine, struct engine_session *session);
bool slots_full(const struct engine_session *session);
/* The callback is answered: its slot is free. */
void slots_answered(struct engine_session *session, struct callback *callback);
/* A waiting callback is wanted no more. Frees it. */
void slots_withdraw(struct callback *callback);
/* Does such a callback of the agent's own wait? */
bool slots_waiting(const struct engine_session *session, const struct callback_kind *kind);
/* Takes waiting callbacks out of the queues: all, or those that somebody waits for. A list by
 * `next`. */
struct callback *slots_take_waiting(struct engine_session *session, bool all);
/* All callbacks have gone. */
void slots_destroy(struct engine_session *session);

#endif
