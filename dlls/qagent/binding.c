/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NapEnforcementClientBinding.
 */
#include "binding_core.h"
#include "exchange.h"

#include "libs/log/trace.h"

#include <stdlib.h>

struct binding
{
    INapEnforcementClientBinding INapEnforcementClientBinding_iface;
    struct binding_core core;
    /* The latest initialization in which CreateConnection or GetSoHRequest succeeded. */
    LONG knows_connections;
};

static struct binding *impl_from_binding(INapEnforcementClientBinding *iface)
{
    return CONTAINING_RECORD(iface, struct binding, INapEnforcementClientBinding_iface);
}

/* Ends a method that makes connections known to the agent if it succeeds. */
static HRESULT leave_knowing(struct binding *binding, struct binding_visit *visit, HRESULT hr)
{
    if (SUCCEEDED(hr))
        InterlockedExchange(&binding->knows_connections, visit->initialization);
    binding_core_leave(visit);
    return hr;
}

/* ---- callbacks ---- */

static HRESULT answer_connections(struct agent_link *link, struct callback_target *target,
        const struct agent_callback *asked, struct napipc_message *reply)
{
    struct connection_reading reads[NAPIPC_MAX_CONNECTIONS];
    Connections *connections;
    HRESULT hr = enforcer_callback_get_connections(target, &connections);

    reply->status = hr;
    if (SUCCEEDED(hr))
        exchange_read_connections(connections, &reply->get_connections_reply, reads);
    agent_link_answer(link, asked, reply);
    exchange_free_readings(reads, reply->get_connections_reply.count);
    free_connections(connections);
    return hr;
}

static HRESULT answer(struct binding_core *core, struct agent_link *link,
        struct callback_target *target, const struct agent_callback *asked,
        struct napipc_message *reply)
{
    (void)core;
    if (asked->message.type == NAPIPC_GET_CONNECTIONS)
        return answer_connections(link, target, asked, reply);
    if (asked->message.type == NAPIPC_NOTIFY_SOH_CHANGE)
        reply->status = enforcer_callback_notify(target);
    else
        reply->status = E_NOTIMPL;
    agent_link_answer(link, asked, reply);
    return (HRESULT)reply->status;
}

static const struct binding_kind enforcement_client = {
        .kind = NAPIPC_ENFORCEMENT_CLIENT,
        .start = true,
        .callback = &enforcer_callback,
        .answer = answer,
};

/* ---- INapEnforcementClientBinding ---- */

static HRESULT STDMETHODCALLTYPE binding_QueryInterface(
        INapEnforcementClientBinding *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    if (!object)
        return TRACED(E_POINTER);
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapEnforcementClientBinding))
        return TRACED(E_NOINTERFACE);
    *object = iface;
    INapEnforcementClientBinding_AddRef(iface);
    return TRACED(S_OK);
}

static ULONG STDMETHODCALLTYPE binding_AddRef(INapEnforcementClientBinding *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(binding_core_add_ref(&impl_from_binding(iface)->core));
}

static ULONG STDMETHODCALLTYPE binding_Release(INapEnforcementClientBinding *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(binding_core_release(&impl_from_binding(iface)->core));
}

static HRESULT STDMETHODCALLTYPE binding_Initialize(INapEnforcementClientBinding *iface,
        EnforcementEntityId id, INapEnforcementClientCallback *callback)
{
    TRACE_CALL("(iface %p, id %lu, callback %p)", (const void *)iface, (unsigned long)id,
            (const void *)callback);
    return TRACED(binding_core_initialize(&impl_from_binding(iface)->core, id, callback));
}

static HRESULT STDMETHODCALLTYPE binding_Uninitialize(INapEnforcementClientBinding *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(binding_core_uninitialize(&impl_from_binding(iface)->core));
}

static HRESULT STDMETHODCALLTYPE binding_CreateConnection(
        INapEnforcementClientBinding *iface, INapEnforcementClientConnection **connection)
{
    TRACE_CALL("(iface %p, connection %p)", (const void *)iface, (const void *)connection);
    struct binding *binding = impl_from_binding(iface);
    struct binding_visit visit;
    HRESULT hr;

    if (connection)
        *connection = NULL;
    if (FAILED(hr = binding_core_enter(&binding->core, &visit)))
        return TRACED(hr);
    if (!connection)
        hr = E_INVALIDARG;
    else if (!agent_link_is_bound(visit.link))
        hr = RPC_E_DISCONNECTED;
    else
        hr = connection_create(binding->core.id, connection);
    return TRACED(leave_knowing(binding, &visit, hr));
}

static HRESULT STDMETHODCALLTYPE binding_GetSoHRequest(INapEnforcementClientBinding *iface,
        INapEnforcementClientConnection *connection, BOOL *retrigger_hint)
{
    TRACE_CALL("(iface %p, connection %p, retrigger_hint %p)", (const void *)iface,
            (const void *)connection, (const void *)retrigger_hint);
    struct binding *binding = impl_from_binding(iface);
    struct binding_visit visit;
    HRESULT hr;

    if (retrigger_hint)
        *retrigger_hint = FALSE;
    if (FAILED(hr = binding_core_enter(&binding->core, &visit)))
        return TRACED(hr);
    if (!connection || !retrigger_hint)
        hr = E_INVALIDARG;
    else
        hr = exchange_get_soh_request(visit.link, connection, retrigger_hint);
    return TRACED(leave_knowing(binding, &visit, hr));
}

static HRESULT STDMETHODCALLTYPE binding_ProcessSoHResponse(
        INapEnforcementClientBinding *iface, INapEnforcementClientConnection *connection)
{
    TRACE_CALL("(iface %p, connection %p)", (const void *)iface, (const void *)connection);
    struct binding *binding = impl_from_binding(iface);
    struct binding_visit visit;
    HRESULT hr;

    if (FAILED(hr = binding_core_enter(&binding->core, &visit)))
        return TRACED(hr);
    /* "No connections have previously been created on the enforcement client." */
    if (!connection || binding->knows_connections != visit.initialization)
        hr = E_INVALIDARG;
    else
        hr = exchange_process_soh_response(visit.link, connection);
    binding_core_leave(&visit);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE binding_NotifyConnectionStateDown(
        INapEnforcementClientBinding *iface, INapEnforcementClientConnection *connection)
{
    TRACE_CALL("(iface %p, connection %p)", (const void *)iface, (const void *)connection);
    struct binding *binding = impl_from_binding(iface);
    struct binding_visit visit;
    HRESULT hr;

    if (FAILED(hr = binding_core_enter(&binding->core, &visit)))
        return TRACED(hr);
    /* Without an agent this returns RPC_E_DISCONNECTED, but there is nothing left to do: the
     * agent that starts next learns of connections by GetConnections alone. */
    if (!connection)
        hr = E_INVALIDARG;
    else
        hr = exchange_connection_down(visit.link, connection);
    binding_core_leave(&visit);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE binding_NotifySoHChangeFailure(INapEnforcementClientBinding *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(binding_core_notify(&impl_from_binding(iface)->core, NAPIPC_SOH_CHANGE_FAILURE));
}

static const INapEnforcementClientBindingVtbl binding_vtbl = {
        binding_QueryInterface,
        binding_AddRef,
        binding_Release,
        binding_Initialize,
        binding_Uninitialize,
        binding_CreateConnection,
        binding_GetSoHRequest,
        binding_ProcessSoHResponse,
        binding_NotifyConnectionStateDown,
        binding_NotifySoHChangeFailure,
};

HRESULT enforcement_binding_create(REFIID riid, void **object)
{
    struct binding *binding = calloc(1, sizeof(*binding));
    HRESULT hr;

    if (!binding)
        return E_OUTOFMEMORY;
    binding->INapEnforcementClientBinding_iface.lpVtbl = (void *)&binding_vtbl;
    binding_core_init(&binding->core, &enforcement_client, binding);
    hr = INapEnforcementClientBinding_QueryInterface(
            &binding->INapEnforcementClientBinding_iface, riid, object);
    INapEnforcementClientBinding_Release(&binding->INapEnforcementClientBinding_iface);
    return hr;
}
