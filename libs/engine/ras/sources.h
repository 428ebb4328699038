/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sources of RAS connections, and notifications of changes.
 */
#ifndef WINE_NAP_ENGINE_RAS_SOURCES_H
#define WINE_NAP_ENGINE_RAS_SOURCES_H

#include "libs/engine/model.h"
#include "libs/engine/ras/records.h"

/* Updates the records from the enforcement client's connections, without a poll. */
void ras_update_from_clients(struct engine *engine);
/* The host's interface of this connection, or NULL. Valid until the next poll. */
const struct engine_interface *ras_interface(const struct engine *engine, const struct ras *ras);
/* Updates the records from those and from a poll of the host's interfaces. */
void ras_update(struct engine *engine);
/* Called after each event: a NAP connection may have been added or removed. */
void ras_connections_changed(struct engine *engine);
/* Sets whether it is up, and notifies the watchers of a change. */
void ras_set_active(struct engine *engine, struct ras *ras, bool active);
/* Removes it from the store and the list, and notifies the watchers. Returns an HRESULT; on failure
 * nothing has changed. */
uint32_t ras_end(struct engine *engine, struct ras *ras);
void ras_unwatch(struct engine *engine, struct engine_session *session);
void ras_run_timers(struct engine *engine, uint64_t now);
/* Does this name match one of the administrator's patterns? */
bool ras_matches_pattern(const struct engine *engine, const char *name);

#endif
