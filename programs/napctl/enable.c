/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * enforcement, agent: enable and disable enforcement clients and health agents.
 */
#include "programs/napctl/options.h"

static int set_enabled(uint32_t id, uint32_t kind, bool enabled)
{
    bool agent = kind == NAPIPC_HEALTH_AGENT;
    const char *verb = enabled ? "enable" : "disable";
    struct napipc_message request;
    char text[64];
    HRESULT hr;

    request.type = NAPIPC_SET_ENABLED;
    request.set_enabled.kind = kind;
    request.set_enabled.id = id;
    request.set_enabled.enabled = enabled;
    hr = agent_process_call(agent_start_always, &request, NULL, NULL);
    snprintf(text, sizeof(text), "%s %s %u", verb, agent ? "health agent" : "enforcement client",
            (unsigned int)id);
    if (FAILED(hr))
        return report_failure(hr, text);
    printf("%s %u is %sd.\n", agent ? "Health agent" : "Enforcement client", (unsigned int)id,
            verb);
    return EXIT_DONE;
}

int enforcement_enable(const struct options *options)
{
    return set_enabled(options->component.id, NAPIPC_ENFORCEMENT_CLIENT, true);
}

int enforcement_disable(const struct options *options)
{
    return set_enabled(options->component.id, NAPIPC_ENFORCEMENT_CLIENT, false);
}

int agent_enable(const struct options *options)
{
    return set_enabled(options->component.id, NAPIPC_HEALTH_AGENT, true);
}

int agent_disable(const struct options *options)
{
    return set_enabled(options->component.id, NAPIPC_HEALTH_AGENT, false);
}
