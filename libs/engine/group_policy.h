/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Group Policy: which enforcement clients it enables.
 */
#ifndef WINE_NAP_ENGINE_GROUP_POLICY_H
#define WINE_NAP_ENGINE_GROUP_POLICY_H

#include "libs/engine/model.h"

/* Does Group Policy decide which components of this kind are enabled? */
bool group_policy_decides(const struct engine *engine, uint32_t kind);
/* Sets component->enabled to the effective setting. Returns true if it has changed. A bound
 * enforcement client that becomes enabled is notified soon, so that it requests an SoH. */
bool group_policy_apply(struct engine *engine, struct component *component);
/* Takes the Group Policy at startup or after a change. */
void group_policy_set(struct engine *engine, const struct engine_group_policy *policy);

#endif
