/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Attempts to connect: programs dial, and the administrator's dialer does it.
 */
#ifndef WINE_NAP_ENGINE_RAS_DIAL_H
#define WINE_NAP_ENGINE_RAS_DIAL_H

#include "libs/engine/model.h"

/* Describes the attempt of that handle. False: there is none, or it is a connection by now. */
bool dial_describe(
        const struct engine *engine, uint32_t handle, struct napipc_ras_get_reply *reply);
/* Is it the handle of an attempt, or of a connection that was dialed? Whoever may dial may hang it
 * up. */
bool dial_made(struct engine *engine, uint32_t handle);
/* Has the dialer of an attempt in progress named this interface of the host? */
bool dial_has_interface(const struct engine *engine, const char *name);
/* Ends the attempt of that handle, whether it is in progress or has failed. False: there is
 * none. */
bool dial_abort(struct engine *engine, uint32_t handle);
/* Hangs up a connection that was dialed: the dialer's work. The status of the reply, or
 * HANDLER_ANSWERS. */
uint32_t dial_hang_up(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, const struct napipc_ras_connection *connection);
/* The session closes: its attempts end. Connections that it has made stay. */
void dial_forget_session(struct engine *engine, const struct engine_session *session);

uint64_t dial_next_deadline(const struct engine *engine);
void dial_run_timers(struct engine *engine, uint64_t now);
/* The agent stops: the dialers that run are ended. */
void dial_stop(struct engine *engine);
void dial_finish(struct engine *engine);

#endif
