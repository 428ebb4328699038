/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The isolation state of the system.
 */
#ifndef WINE_NAP_ENGINE_ISOLATION_H
#define WINE_NAP_ENGINE_ISOLATION_H

#include "libs/engine/model.h"

/* After each event: logs the state of the system if that has changed, and notifies those who watch
 * it and the health agents. */
void isolation_update(struct engine *engine);
/* The state of the system, with the URL of the connection that makes it. *unknown: there are
 * connections whose state is not known. */
void isolation_describe_system(
        const struct engine *engine, struct napipc_isolation *isolation, bool *unknown);
/* Probations whose end has come: their enforcement clients are told, unless disabled. */
void isolation_run_timers(struct engine *engine, uint64_t filetime);
/* When the next probation ends, as a FILETIME; UINT64_MAX: none runs. */
uint64_t isolation_next_probation_end(const struct engine *engine);
const char *isolation_name(uint32_t state);

#endif
