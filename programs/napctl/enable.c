/*
 * enforcement, agent: switch enforcement clients and health agents on and off.
 */
#include "programs/napctl/napctl.h"

static int set_enabled(int argc, WCHAR **argv, uint32_t kind, bool enabled)
{
    bool agent = kind == NAPIPC_HEALTH_AGENT;
    const char *verb = enabled ? "enable" : "disable";
    struct napipc_message request;
    char text[64];
    uint32_t id;
    HRESULT hr;

    if (argc != 1 || !parse_number(argv[0], &id))
    {
        snprintf(text, sizeof(text), "usage: napctl %s %s ID", agent ? "agent" : "enforcement",
            verb);
        return report_usage(text);
    }
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

int enforcement_enable(int argc, WCHAR **argv)
{
    return set_enabled(argc, argv, NAPIPC_ENFORCEMENT_CLIENT, true);
}

int enforcement_disable(int argc, WCHAR **argv)
{
    return set_enabled(argc, argv, NAPIPC_ENFORCEMENT_CLIENT, false);
}

int agent_enable(int argc, WCHAR **argv)
{
    return set_enabled(argc, argv, NAPIPC_HEALTH_AGENT, true);
}

int agent_disable(int argc, WCHAR **argv)
{
    return set_enabled(argc, argv, NAPIPC_HEALTH_AGENT, false);
}
