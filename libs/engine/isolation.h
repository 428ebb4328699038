/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The isolation state of the system.
 */
#ifndef WINE_NAP_ENGINE_ISOLATION_H
#define WINE_NAP_ENGINE_ISOLATION_H

#include "libs/engine/model.h"

/* Called after each event: if the state of the system has changed, logs it and notifies the
 * watchers and the health agents. */
void isolation_update(struct engine *engine);
/* The state of the system, with the URL of the connection that determines it. *unknown: the state
 * of some connection is unknown. */
void isolation_describe_system(
        const struct engine *engine, struct napipc_isolation *isolation, bool *unknown);
/* Handles probations that have ended: notifies their enforcement clients, unless disabled. */
void isolation_run_timers(struct engine *engine, uint64_t filetime);
/* When the next probation ends, as a FILETIME; UINT64_MAX: there is none. */
uint64_t isolation_next_probation_end(const struct engine *engine);
const char *isolation_name(uint32_t state);

#endif
