/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where RAS connections come from, and who hears of them.
 */
#ifndef WINE_NAP_ENGINE_RAS_SOURCES_H
#define WINE_NAP_ENGINE_RAS_SOURCES_H

#include "libs/engine/model.h"
#include "libs/engine/ras/records.h"

/* Looks at the enforcement client's connections; costs nothing. */
void ras_look_at_clients(struct engine *engine);
/* The host's interface that it is about, NULL: the host has none. Until the next look. */
const struct engine_interface *ras_interface(const struct engine *engine, const struct ras *ras);
/* Looks at those and at the host's interfaces. */
void ras_look(struct engine *engine);
/* A NAP connection may have come or gone. */
void ras_connections_changed(struct engine *engine);
/* Notes whether it is up, and tells the watchers of a change. */
void ras_set_active(struct engine *engine, struct ras *ras, bool active);
/* Takes it out of store and list; the watchers hear of it. The result is an HRESULT; on failure
 * nothing has changed. */
uint32_t ras_end(struct engine *engine, struct ras *ras);
void ras_unwatch(struct engine *engine, struct engine_session *session);
void ras_run_timers(struct engine *engine, uint64_t now);
/* Does this name match one of the administrator's patterns? */
bool ras_matches_pattern(const struct engine *engine, const char *name);

#endif
