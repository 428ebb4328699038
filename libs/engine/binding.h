/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bindings: sessions that speak for a component.
 */
#ifndef WINE_NAP_ENGINE_BINDING_H
#define WINE_NAP_ENGINE_BINDING_H

#include "libs/engine/model.h"

/* Ends the binding and its connections. Does nothing if there is none. */
void binding_end(struct engine *engine, struct engine_session *session, const char *why);
/* The client is gone without Uninitialize: a health agent's cached SoH is dropped too. */
void binding_lost(struct engine *engine, struct engine_session *session, const char *why);

#endif
