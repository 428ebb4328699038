/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NapClientManagement: registration of components, and the state of the
 * client. An object has no state; each request to the agent has a session of its
 * own. Registering and unregistering start the agent; queries do not.
 */
#include "qagent.h"

#include "libs/log/trace.h"

#include <stdlib.h>
#include <string.h>

struct management
{
    INapClientManagement2 INapClientManagement2_iface;
    LONG refs;
};

static struct management *impl_from_management(INapClientManagement2 *iface)
{
    return CONTAINING_RECORD(iface, struct management, INapClientManagement2_iface);
}

static HRESULT STDMETHODCALLTYPE management_QueryInterface(
        INapClientManagement2 *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    if (!object)
        return TRACED(E_POINTER);
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapClientManagement)
            && !IsEqualIID(riid, &IID_INapClientManagement2))
        return TRACED(E_NOINTERFACE);
    *object = iface;
    INapClientManagement2_AddRef(iface);
    return TRACED(S_OK);
}

static ULONG STDMETHODCALLTYPE management_AddRef(INapClientManagement2 *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(InterlockedIncrement(&impl_from_management(iface)->refs));
}

static ULONG STDMETHODCALLTYPE management_Release(INapClientManagement2 *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    struct management *management = impl_from_management(iface);
    LONG refs = InterlockedDecrement(&management->refs);

    if (!refs)
    {
        free(management);
        module_unlock();
    }
    return TRACED(refs);
}

static HRESULT get_state(struct agent_reply *reply)
{
    struct napipc_message request;

    request.type = NAPIPC_GET_STATE;
    return agent_ask(false, &request, reply);
}

static HRESULT STDMETHODCALLTYPE management_GetNapClientInfo(INapClientManagement2 *iface,
        BOOL *enabled, CountedString **name, CountedString **description, CountedString **version)
{
    TRACE_CALL("(iface %p, enabled %p, name %p, description %p, version %p)", (const void *)iface,
            (const void *)enabled, (const void *)name, (const void *)description,
            (const void *)version);
    /* As `netsh nap client show state` shows them. */
    static const WCHAR client_name[] = L"Network Access Protection Client";
    static const WCHAR client_description[] = L"Microsoft Network Access Protection Client";
    static const WCHAR client_version[] = L"1.0";
    struct agent_reply reply;
    HRESULT hr;

    (void)iface;
    if (enabled)
        *enabled = FALSE;
    if (name)
        *name = NULL;
    if (description)
        *description = NULL;
    if (version)
        *version = NULL;
    if (!enabled || !name || !description || !version)
        return TRACED(E_INVALIDARG);
    if (FAILED(hr = get_state(&reply)))
        return TRACED(hr);
    agent_reply_clear(&reply);
    if (FAILED(hr = task_counted_string(name, client_name, ARRAYSIZE(client_name) - 1))
            || FAILED(hr = task_counted_string(
                              description, client_description, ARRAYSIZE(client_description) - 1))
            || FAILED(hr = task_counted_string(
                              version, client_version, ARRAYSIZE(client_version) - 1)))
    {
        free_counted_string(*name);
        free_counted_string(*description);
        *name = *description = NULL;
        return TRACED(hr);
    }
    *enabled = TRUE;
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE management_GetSystemIsolationInfoEx(
        INapClientManagement2 *iface, IsolationInfoEx **info, BOOL *unknown_connections)
{
    TRACE_CALL("(iface %p, info %p, unknown_connections %p)", (const void *)iface,
            (const void *)info, (const void *)unknown_connections);
    struct agent_reply reply;
    HRESULT hr;

    (void)iface;
    if (!system_isolation_outputs(info, unknown_connections))
        return TRACED(E_INVALIDARG);
    if (FAILED(hr = get_state(&reply)))
        return TRACED(hr);
    return TRACED(system_isolation_from_reply(&reply, info, unknown_connections));
}

static HRESULT STDMETHODCALLTYPE management_GetSystemIsolationInfo(
        INapClientManagement2 *iface, IsolationInfo **info, BOOL *unknown_connections)
{
    TRACE_CALL("(iface %p, info %p, unknown_connections %p)", (const void *)iface,
            (const void *)info, (const void *)unknown_connections);
    IsolationInfoEx *extended;
    HRESULT hr;

    if (!system_isolation_outputs(info, unknown_connections))
        return TRACED(E_INVALIDARG);
    hr = management_GetSystemIsolationInfoEx(iface, &extended, unknown_connections);
    if (SUCCEEDED(hr))
        hr = isolation_without_extended_state(extended, info);
    if (FAILED(hr))
        *unknown_connections = FALSE;
    return TRACED(hr);
}

static HRESULT register_component(uint32_t kind, const NapComponentRegistrationInfo *info)
{
    struct napipc_message request;
    HRESULT hr;

    request.type = NAPIPC_REGISTER;
    request.reg.kind = kind;
    if (FAILED(hr = component_to_wire(info, &request.reg.component)))
        return hr;
    return agent_ask(true, &request, NULL);
}

static HRESULT unregister_component(uint32_t kind, NapComponentId id)
{
    struct napipc_message request;

    request.type = NAPIPC_UNREGISTER;
    request.component_id.kind = kind;
    request.component_id.id = id;
    return agent_ask(true, &request, NULL);
}

static HRESULT STDMETHODCALLTYPE management_RegisterSystemHealthAgent(
        INapClientManagement2 *iface, const NapComponentRegistrationInfo *agent)
{
    TRACE_CALL("(iface %p, agent %p)", (const void *)iface, (const void *)agent);
    (void)iface;
    return TRACED(register_component(NAPIPC_HEALTH_AGENT, agent));
}

static HRESULT STDMETHODCALLTYPE management_UnregisterSystemHealthAgent(
        INapClientManagement2 *iface, SystemHealthEntityId id)
{
    TRACE_CALL("(iface %p, id %lu)", (const void *)iface, (unsigned long)id);
    (void)iface;
    return TRACED(unregister_component(NAPIPC_HEALTH_AGENT, id));
}

static HRESULT STDMETHODCALLTYPE management_RegisterEnforcementClient(
        INapClientManagement2 *iface, const NapComponentRegistrationInfo *enforcer)
{
    TRACE_CALL("(iface %p, enforcer %p)", (const void *)iface, (const void *)enforcer);
    (void)iface;
    return TRACED(register_component(NAPIPC_ENFORCEMENT_CLIENT, enforcer));
}

static HRESULT STDMETHODCALLTYPE management_UnregisterEnforcementClient(
        INapClientManagement2 *iface, EnforcementEntityId id)
{
    TRACE_CALL("(iface %p, id %lu)", (const void *)iface, (unsigned long)id);
    (void)iface;
    return TRACED(unregister_component(NAPIPC_ENFORCEMENT_CLIENT, id));
}

/* Appends the components of one page. */
static HRESULT append_page(const struct napipc_list_components_reply *page, UINT16 *count,
        NapComponentRegistrationInfo **components)
{
    NapComponentRegistrationInfo *grown;
    HRESULT hr = S_OK;
    uint16_t i;

    if (!page->count)
        return S_OK;
    grown = CoTaskMemRealloc(*components, (*count + page->count) * sizeof(*grown));
    if (!grown)
        return E_OUTOFMEMORY;
    *components = grown;
    memset(grown + *count, 0, page->count * sizeof(*grown));
    for (i = 0; i < page->count && SUCCEEDED(hr); i++)
        hr = component_from_wire(&page->components[i].component, &grown[(*count)++]);
    return hr;
}

static HRESULT list_components(
        uint32_t kind, UINT16 *count, NapComponentRegistrationInfo **components)
{
    struct napipc_message request;
    struct agent_reply reply;
    bool more = true;
    HRESULT hr = S_OK;

    if (count)
        *count = 0;
    if (components)
        *components = NULL;
    if (!count || !components)
        return E_INVALIDARG;
    request.type = NAPIPC_LIST_COMPONENTS;
    request.list_components.kind = kind;
    request.list_components.after = 0;
    while (SUCCEEDED(hr) && more)
    {
        const struct napipc_list_components_reply *page = &reply.message.list_components_reply;

        if (FAILED(hr = agent_ask(false, &request, &reply)))
            break;
        hr = append_page(page, count, components);
        more = page->more && page->count;
        if (page->count)
            request.list_components.after = page->components[page->count - 1].component.id;
        agent_reply_clear(&reply);
    }
    if (FAILED(hr))
    {
        components_free(*components, *count);
        *components = NULL;
        *count = 0;
    }
    return hr;
}

static HRESULT STDMETHODCALLTYPE management_GetRegisteredSystemHealthAgents(
        INapClientManagement2 *iface, SystemHealthEntityCount *count,
        NapComponentRegistrationInfo **agents)
{
    TRACE_CALL("(iface %p, count %p, agents %p)", (const void *)iface, (const void *)count,
            (const void *)agents);
    (void)iface;
    return TRACED(list_components(NAPIPC_HEALTH_AGENT, count, agents));
}

static HRESULT STDMETHODCALLTYPE management_GetRegisteredEnforcementClients(
        INapClientManagement2 *iface, EnforcementEntityCount *count,
        NapComponentRegistrationInfo **enforcers)
{
    TRACE_CALL("(iface %p, count %p, enforcers %p)", (const void *)iface, (const void *)count,
            (const void *)enforcers);
    (void)iface;
    return TRACED(list_components(NAPIPC_ENFORCEMENT_CLIENT, count, enforcers));
}

static const INapClientManagement2Vtbl management_vtbl = {
        management_QueryInterface,
        management_AddRef,
        management_Release,
        management_GetNapClientInfo,
        management_GetSystemIsolationInfo,
        management_RegisterSystemHealthAgent,
        management_UnregisterSystemHealthAgent,
        management_RegisterEnforcementClient,
        management_UnregisterEnforcementClient,
        management_GetRegisteredSystemHealthAgents,
        management_GetRegisteredEnforcementClients,
        management_GetSystemIsolationInfoEx,
};

HRESULT client_management_create(REFIID riid, void **object)
{
    struct management *management = calloc(1, sizeof(*management));
    HRESULT hr;

    if (!management)
        return E_OUTOFMEMORY;
    management->INapClientManagement2_iface.lpVtbl = (void *)&management_vtbl;
    management->refs = 1;
    module_lock();
    hr = INapClientManagement2_QueryInterface(
            &management->INapClientManagement2_iface, riid, object);
    INapClientManagement2_Release(&management->INapClientManagement2_iface);
    return hr;
}
