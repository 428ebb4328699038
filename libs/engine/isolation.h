/*
 * Decisions, and the isolation state of the system.
 */
#ifndef WINE_NAP_ENGINE_ISOLATION_H
#define WINE_NAP_ENGINE_ISOLATION_H

#include "libs/engine/model.h"

void decision_clear(struct decision *decision);
/* Gives *decision a copy of the UTF-16LE URL; false: no memory, nothing changed. */
bool decision_set_url(struct decision *decision, const uint8_t *units, uint16_t length);
void decision_describe(const struct decision *decision, struct napipc_isolation *isolation);
/* Something changed: logs the state of the system if that has too. */
void isolation_update(struct engine *engine);
/* The state of the system, with the URL of the connection that makes it. */
void isolation_describe_system(struct engine *engine, struct napipc_isolation *isolation);
/* Probations whose end has come: their enforcement clients are told, unless disabled. */
void isolation_run_timers(struct engine *engine, uint64_t filetime);
/* When the next probation ends, as a FILETIME; UINT64_MAX: none runs. */
uint64_t isolation_next_probation_end(const struct engine *engine);
const char *isolation_name(uint32_t state);

#endif
