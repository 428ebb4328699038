/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What acts on connections of the remote access server, and who hears of it.
 */
#ifndef WINE_NAP_ENGINE_RRAS_ACTION_H
#define WINE_NAP_ENGINE_RRAS_ACTION_H

#include "libs/engine/model.h"

/* The quarantine state has changed by an administrator's word: the hook is told. */
void rras_tell_hook(struct engine *engine, uint32_t id);
void rras_changed(struct engine *engine);

#endif
