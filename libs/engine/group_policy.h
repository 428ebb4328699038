/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Group Policy: which enforcement clients it enables.
 */
#ifndef WINE_NAP_ENGINE_GROUP_POLICY_H
#define WINE_NAP_ENGINE_GROUP_POLICY_H

#include "libs/engine/model.h"

/* Does it say whether components of this kind are enabled? */
bool group_policy_decides(const struct engine *engine, uint32_t kind);
/* Sets component->enabled to what counts. True: it has changed; an enforcement client that may go
 * on is told to ask for an SoH. */
bool group_policy_apply(struct engine *engine, struct component *component);
/* It is known now, or has changed. */
void group_policy_set(struct engine *engine, const struct engine_group_policy *policy);

#endif
