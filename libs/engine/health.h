/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Health agents: their cached SoHs, and callbacks to them.
 */
#ifndef WINE_NAP_ENGINE_HEALTH_H
#define WINE_NAP_ENGINE_HEALTH_H

#include "libs/engine/model.h"

struct component *health_agent(struct engine *engine, uint32_t id);
/* Caches an SoH in memory; health_save_caches() stores it. Returns false on allocation failure:
 * nothing has changed. */
bool health_cache(struct engine *engine, struct component *agent, const void *soh, size_t size);
void health_save_caches(struct engine *engine);
/* Are these valid attributes as in an SoHReportEntry, the first of which names `id`? */
bool health_soh_is_sound(const void *soh, size_t size, uint32_t id);
/* Calls a health agent's ProcessSoHResponse with its part of the response, on behalf of
 * `process`. */
void health_process_response(struct engine *engine, struct component *agent, uint32_t process,
        const struct napipc_correlation *correlation, bool fixup, struct soh_span soh);
void health_orphaned(struct engine *engine, uint32_t id, uint32_t process,
        const struct napipc_correlation *correlation);
/* Notifies every bound health agent of a change of the system's isolation state. */
void health_isolation_changed(struct engine *engine);
/* A health agent's SoH has changed: enforcement clients are notified soon, once for several
 * changes. */
void health_soh_changed(struct engine *engine);
/* Keeps the server's verdict on a health agent, for clients that list components. */
void health_judged(struct component *agent, const struct soh_entry *entry);
/* The session is new or no longer bound: resets what is pending for it, and drops what the health
 * agent reported of its fix-up. */
void health_reset(struct engine_session *session);
/* A callback to this health agent is late: sends what waited for it. */
void health_callback_late(struct engine *engine, struct engine_session *session);
void health_run_timers(struct engine *engine, uint64_t now);
uint64_t health_next_deadline(const struct engine *engine);

#endif
