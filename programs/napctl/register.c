/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * enforcement register and unregister, agent register and unregister, for
 * components whose installer cannot do it.
 */
#include "programs/napctl/options.h"

static const char *noun_of(uint32_t kind)
{
    return kind == NAPIPC_HEALTH_AGENT ? "health agent" : "enforcement client";
}

/* Registering starts the agent, as it does for programs. */
static HRESULT ask(struct napipc_message *request)
{
    return agent_process_call(agent_start_always, request, NULL, NULL);
}

/* The registered component of an id. */
struct owner
{
    uint32_t id;
    struct text name; /* empty: there is none */
};

static void take_owner(void *context, const struct napipc_listed_component *listed)
{
    struct owner *owner = context;

    if (listed->component.id == owner->id)
        text_units(&owner->name, &listed->component.friendly_name);
}

static int report_taken(const char *what, uint32_t kind, uint32_t id)
{
    struct owner owner = {.id = id};

    if (FAILED(each_component(NULL, kind, take_owner, &owner)) || !owner.name.length)
        return report_failure(NAP_E_CONFLICTING_ID, what);
    complain("cannot %s: the id is that of \"%s\"; take another, or unregister it with napctl %s "
             "unregister %u (0x%08lX)",
            what, owner.name.bytes, kind == NAPIPC_HEALTH_AGENT ? "agent" : "enforcement",
            (unsigned int)id, (unsigned long)NAP_E_CONFLICTING_ID);
    return EXIT_FAILED;
}

static int register_component(const struct options *options, uint32_t kind)
{
    struct napipc_message request;
    char what[64];
    HRESULT hr;

    request.type = NAPIPC_REGISTER;
    request.reg.kind = kind;
    request.reg.component = options->component;
    /* ComponentTypeEnforcementClientSoH; a health agent's type has no meaning. */
    request.reg.component.component_type = kind == NAPIPC_ENFORCEMENT_CLIENT ? 1 : 0;
    hr = ask(&request);
    snprintf(what, sizeof(what), "register %s %u", noun_of(kind),
            (unsigned int)request.reg.component.id);
    if (hr == E_OUTOFMEMORY) /* "System resource limit"; an allocation failure is rare */
    {
        complain(
                "cannot %s: at most %d %ss may be registered; unregister one that napctl show state "
                "lists (0x%08lX)",
                what, NAPIPC_MAX_COMPONENTS, noun_of(kind), (unsigned long)hr);
        return EXIT_FAILED;
    }
    if (hr == NAP_E_CONFLICTING_ID)
        return report_taken(what, kind, request.reg.component.id);
    if (FAILED(hr))
        return report_failure(hr, what);
    printf("The %s %u is registered%s.\n", noun_of(kind), (unsigned int)request.reg.component.id,
            kind == NAPIPC_ENFORCEMENT_CLIENT ? "; it takes part when it is enabled" : "");
    return EXIT_DONE;
}

static int unregister_component(const struct options *options, uint32_t kind)
{
    struct napipc_message request;
    char what[64];
    HRESULT hr;

    request.type = NAPIPC_UNREGISTER;
    request.component_id.kind = kind;
    request.component_id.id = options->component.id;
    hr = ask(&request);
    snprintf(what, sizeof(what), "unregister %s %u", noun_of(kind),
            (unsigned int)request.component_id.id);
    if (FAILED(hr))
        return report_failure(hr, what);
    printf("The %s %u is no longer registered.\n", noun_of(kind),
            (unsigned int)request.component_id.id);
    return EXIT_DONE;
}

int enforcement_register(const struct options *options)
{
    return register_component(options, NAPIPC_ENFORCEMENT_CLIENT);
}

int enforcement_unregister(const struct options *options)
{
    return unregister_component(options, NAPIPC_ENFORCEMENT_CLIENT);
}

int agent_register(const struct options *options)
{
    return register_component(options, NAPIPC_HEALTH_AGENT);
}

int agent_unregister(const struct options *options)
{
    return unregister_component(options, NAPIPC_HEALTH_AGENT);
}
