/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Actions on connections of the remote access server, and notifications of changes.
 */
#ifndef WINE_NAP_ENGINE_RRAS_ACTION_H
#define WINE_NAP_ENGINE_RRAS_ACTION_H

#include "libs/engine/model.h"

/* An administrator has changed the quarantine state: starts the hook. */
void rras_run_hook(struct engine *engine, uint32_t id);
void rras_changed(struct engine *engine);

#endif
