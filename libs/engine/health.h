/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Health agents: their cached SoHs, and what they are told.
 */
#ifndef WINE_NAP_ENGINE_HEALTH_H
#define WINE_NAP_ENGINE_HEALTH_H

#include "libs/engine/model.h"

struct component *health_agent(struct engine *engine, uint32_t id);
/* Keeps an SoH; health_save_caches() stores it. Returns false on allocation failure: nothing has
 * changed. */
bool health_cache(struct engine *engine, struct component *agent, const void *soh, size_t size);
void health_save_caches(struct engine *engine);
/* Attributes as in an SoHReportEntry, the first naming `id`? */
bool health_soh_is_sound(const void *soh, size_t size, uint32_t id);
/* Tells an agent what the server says of its SoH, on behalf of `process`. */
void health_process_response(struct engine *engine, struct component *agent, uint32_t process,
        const struct napipc_correlation *correlation, bool fixup, struct soh_span soh);
void health_orphaned(struct engine *engine, uint32_t id, uint32_t process,
        const struct napipc_correlation *correlation);
/* Notifies every bound agent of a change of the system's isolation state. */
void health_isolation_changed(struct engine *engine);
/* An agent's SoH has changed: enforcement clients hear of it soon, once for many. */
void health_soh_changed(struct engine *engine);
/* Keeps what the server says of an agent, for who asks how it stands. */
void health_judged(struct component *agent, const struct soh_entry *entry);
/* The session is new, or no longer bound: it is owed nothing, and what the agent said of its fix-up
 * is dropped. */
void health_reset(struct engine_session *session);
/* A callback of this agent is late: what waited for it goes on. */
void health_callback_late(struct engine *engine, struct engine_session *session);
void health_run_timers(struct engine *engine, uint64_t now);
uint64_t health_next_deadline(const struct engine *engine);

#endif
