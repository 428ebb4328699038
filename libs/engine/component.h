/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Components: the registered enforcement clients and health agents.
 */
#ifndef WINE_NAP_ENGINE_COMPONENT_H
#define WINE_NAP_ENGINE_COMPONENT_H

#include "libs/engine/model.h"

struct component *component_find(struct engine *engine, uint32_t kind, uint32_t id);
void component_destroy(struct component *component);

#endif
