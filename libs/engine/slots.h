/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The slots of a health agent: how many of its callbacks may be unanswered.
 */
#ifndef WINE_NAP_ENGINE_SLOTS_H
#define WINE_NAP_ENGINE_SLOTS_H

#include "libs/engine/model.h"

/* The process that counts as the cause of callbacks on behalf of this session. */
uint32_t slots_process(struct engine *engine, const struct engine_session *session);
/* Queues a callback to a health agent, caused by `process` (0: the agent itself). The caller sets
 * its arguments and then calls slots_run(), which sends it. Returns NULL on allocation failure, if
 * the process has too many callbacks waiting, or if the health agent hangs and has no free slot. */
struct callback *slots_ask(struct engine *engine, struct engine_session *session,
        const struct callback_kind *kind, uint32_t process);
/* Sends waiting callbacks while there are free slots. */
void slots_run(struct engine *engine, struct engine_session *session);
bool slots_full(const struct engine_session *session);
/* Frees the slot of an answered callback. */
void slots_answered(struct engine_session *session, struct callback *callback);
/* Removes and frees a waiting callback. */
void slots_withdraw(struct callback *callback);
/* Does a callback of this kind wait that the agent itself caused? */
bool slots_waiting(const struct engine_session *session, const struct callback_kind *kind);
/* Takes waiting callbacks out of the queues: all, or only those that requests wait for. Returns a
 * list linked by `next`. */
struct callback *slots_take_waiting(struct engine_session *session, bool all);
/* Called when all callbacks are gone. */
void slots_destroy(struct engine_session *session);

#endif
