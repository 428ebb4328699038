/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Callbacks to enforcement clients: NotifySoHChange and GetConnections.
 */
#ifndef WINE_NAP_ENGINE_ENFORCEMENT_H
#define WINE_NAP_ENGINE_ENFORCEMENT_H

#include "libs/engine/model.h"

/* The session is new or no longer bound: resets its retries. */
void enforcement_reset(struct engine_session *session);
/* Calls GetConnections. */
void enforcement_ask_connections(struct engine *engine, struct engine_session *session);
/* Sends NotifySoHChange now, or as soon as the pending one is answered or late. */
void enforcement_notify(struct engine *engine, struct engine_session *session);
/* The same, unless one was sent after the last change of an SoH. */
void enforcement_soh_changed(struct engine *engine, struct engine_session *session);
/* Calls enforcement_notify when the timers run next, so that the requester gets its reply first. */
void enforcement_notify_soon(struct engine *engine, struct engine_session *session);
/* The client has requested an SoH ("it then must apply the change"): backoff begins anew for a
 * later failure. */
void enforcement_soh_requested(struct engine_session *session);
/* `late`: one of its callbacks has just become late. */
void enforcement_run_timers(
        struct engine *engine, struct engine_session *session, uint64_t now, bool late);
uint64_t enforcement_next_deadline(const struct engine_session *session);

#endif
