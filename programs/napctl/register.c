/*
 * enforcement register, agent register and their opposites, for components whose
 * installer cannot do it itself.
 */
#include "programs/napctl/napctl.h"

#include <string.h>
#include <wchar.h>

static const char *noun_of(uint32_t kind)
{
    return kind == NAPIPC_HEALTH_AGENT ? "health agent" : "enforcement client";
}

static int usage(uint32_t kind, bool unregister)
{
    char text[160];

    snprintf(text, sizeof(text), "usage: napctl %s %s", kind == NAPIPC_HEALTH_AGENT ? "agent"
        : "enforcement", unregister ? "unregister ID"
        : "register ID NAME [--description TEXT] [--version TEXT] [--vendor TEXT]");
    return report_usage(text);
}

/* Registering starts the agent, as it does for programs. */
static HRESULT ask(struct napipc_message *request)
{
    return agent_process_call(agent_start_always, request, NULL, NULL);
}

/* ID NAME and options; false: something else, and *said whether stderr says what. */
static bool parse_component(int argc, WCHAR **argv, struct napipc_component *component, bool *said)
{
    int i;

    memset(component, 0, sizeof(*component));
    *said = false;
    if (argc < 2 || argc % 2 || !parse_number(argv[0], &component->id))
        return false;
    if ((*said = !take_string(L"NAME", argv[1], NAPIPC_MAX_STRING, &component->friendly_name)))
        return false;
    for (i = 2; i < argc; i += 2)
    {
        struct napipc_string *string = !wcscmp(argv[i], L"--description") ? &component->description
                : !wcscmp(argv[i], L"--version") ? &component->version
                : !wcscmp(argv[i], L"--vendor") ? &component->vendor_name : NULL;

        if (!string)
            return false;
        if ((*said = !take_string(argv[i], argv[i + 1], NAPIPC_MAX_STRING, string)))
            return false;
    }
    return true;
}

static int register_component(int argc, WCHAR **argv, uint32_t kind)
{
    struct napipc_message request;
    char what[64];
    HRESULT hr;
    bool said;

    request.type = NAPIPC_REGISTER;
    request.reg.kind = kind;
    if (!parse_component(argc, argv, &request.reg.component, &said))
        return said ? EXIT_USAGE : usage(kind, false);
    /* ComponentTypeEnforcementClientSoH; of a health agent the type says nothing. */
    request.reg.component.component_type = kind == NAPIPC_ENFORCEMENT_CLIENT ? 1 : 0;
    hr = ask(&request);
    snprintf(what, sizeof(what), "register %s %u", noun_of(kind),
        (unsigned int)request.reg.component.id);
    if (hr == E_OUTOFMEMORY) /* "System resource limit"; memory is hardly ever short */
    {
        complain("cannot %s: at most %d %ss may be registered; unregister one that napctl show state "
            "lists (0x%08lX)", what, NAPIPC_MAX_COMPONENTS, noun_of(kind), (unsigned long)hr);
        return EXIT_FAILED;
    }
    if (FAILED(hr))
        return report_failure(hr, what);
    printf("The %s %u is registered%s.\n", noun_of(kind),
        (unsigned int)request.reg.component.id,
        kind == NAPIPC_ENFORCEMENT_CLIENT ? "; it takes part when it is enabled" : "");
    return EXIT_DONE;
}

static int unregister_component(int argc, WCHAR **argv, uint32_t kind)
{
    struct napipc_message request;
    char what[64];
    HRESULT hr;

    request.type = NAPIPC_UNREGISTER;
    request.component_id.kind = kind;
    if (argc != 1 || !parse_number(argv[0], &request.component_id.id))
        return usage(kind, true);
    hr = ask(&request);
    snprintf(what, sizeof(what), "unregister %s %u", noun_of(kind),
        (unsigned int)request.component_id.id);
    if (FAILED(hr))
        return report_failure(hr, what);
    printf("The %s %u is not registered any more.\n", noun_of(kind),
        (unsigned int)request.component_id.id);
    return EXIT_DONE;
}

int enforcement_register(int argc, WCHAR **argv)
{
    return register_component(argc, argv, NAPIPC_ENFORCEMENT_CLIENT);
}

int enforcement_unregister(int argc, WCHAR **argv)
{
    return unregister_component(argc, argv, NAPIPC_ENFORCEMENT_CLIENT);
}

int agent_register(int argc, WCHAR **argv)
{
    return register_component(argc, argv, NAPIPC_HEALTH_AGENT);
}

int agent_unregister(int argc, WCHAR **argv)
{
    return unregister_component(argc, argv, NAPIPC_HEALTH_AGENT);
}
