/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Validators: the system health validators that are registered for this machine as a health policy
 * server. The agent only keeps their table; it loads and asks none.
 */
#ifndef WINE_NAP_ENGINE_VALIDATOR_H
#define WINE_NAP_ENGINE_VALIDATOR_H

#include "libs/engine/model.h"

/* Frees all of them. */
void validators_destroy(struct engine *engine);

#endif
