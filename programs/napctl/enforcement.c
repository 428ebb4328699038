/*
 * enforcement: switch enforcement clients on and off.
 */
#include "programs/napctl/napctl.h"

static int set_enabled(int argc, WCHAR **argv, bool enabled)
{
    const char *verb = enabled ? "enable" : "disable";
    struct agent_session session;
    struct napipc_message request;
    char what[64];
    uint32_t id;
    HRESULT hr;

    if (argc != 1 || !parse_number(argv[0], &id))
        return report_usage(enabled ? "usage: napctl enforcement enable ID"
                                    : "usage: napctl enforcement disable ID");
    request.type = NAPIPC_SET_ENABLED;
    request.set_enabled.kind = NAPIPC_ENFORCEMENT_CLIENT;
    request.set_enabled.id = id;
    request.set_enabled.enabled = enabled;
    if (SUCCEEDED(hr = agent_session_open(&session, true)))
    {
        hr = agent_session_call(&session, &request, NULL);
        agent_session_close(&session);
    }
    snprintf(what, sizeof(what), "%s enforcement client %u", verb, (unsigned int)id);
    if (FAILED(hr))
        return report_failure(hr, what);
    printf("Enforcement client %u is %sd.\n", (unsigned int)id, verb);
    return EXIT_DONE;
}

int enforcement_enable(int argc, WCHAR **argv)
{
    return set_enabled(argc, argv, true);
}

int enforcement_disable(int argc, WCHAR **argv)
{
    return set_enabled(argc, argv, false);
}
