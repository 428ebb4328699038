/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Group Policy, [MS-GPNAP]: for enforcement clients it overrides the administrators of this
 * machine. It has no settings for health agents.
 */
#include "libs/engine/group_policy.h"

#include "libs/engine/enforcement.h"
#include "libs/engine/session.h"

bool group_policy_decides(const struct engine *engine, uint32_t kind)
{
    return engine->policy.decides && kind == NAPIPC_ENFORCEMENT_CLIENT;
}

bool group_policy_apply(struct engine *engine, struct component *component)
{
    bool enabled = component->stored_enabled;
    uint16_t i;

    if (group_policy_decides(engine, component->kind))
        for (i = 0, enabled = false; i < engine->policy.enabled_count && !enabled; i++)
            enabled = engine->policy.enabled[i] == component->info.id;
    if (enabled == component->enabled)
        return false;
    component->enabled = enabled;
    /* An enforcement client was not notified of changes while it was disabled. */
    if (enabled && component->bound && component->kind == NAPIPC_ENFORCEMENT_CLIENT)
        enforcement_notify_soon(engine, component->bound);
    return true;
}

void group_policy_set(struct engine *engine, const struct engine_group_policy *policy)
{
    bool decided = engine->policy.decides;
    struct component *component;

    engine->policy = *policy;
    if (policy->decides != decided)
        engine_log(engine, ENGINE_INFO, 0, "group-policy",
                policy->decides
                        ? "Group Policy decides from now on which enforcement clients are enabled"
                        : "administrators decide again which enforcement clients are enabled");
    for (component = engine->components; component; component = component->next)
        if (group_policy_apply(engine, component))
            engine_log(engine, ENGINE_INFO, component->info.id,
                    component->enabled ? "enabled" : "disabled", "enforcement client %s by %s",
                    component->enabled ? "enabled" : "disabled",
                    policy->decides ? "Group Policy" : "the end of Group Policy");
}
