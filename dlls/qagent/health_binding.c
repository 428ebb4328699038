/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NapSystemHealthAgentBinding.
 *
 * Like the enforcement client's binding, but Initialize does not start the
 * agent. Without an agent the binding keeps id and callback, and binds when the
 * agent starts.
 */
#include "libs/napcom/soh.h"
#include "binding_core.h"
#include "request.h"

#include "libs/log/trace.h"

#include <stdlib.h>
#include <string.h>

struct health_binding
{
    INapSystemHealthAgentBinding2 INapSystemHealthAgentBinding2_iface;
    struct binding_core core;
};

static struct health_binding *impl_from_health_binding(INapSystemHealthAgentBinding2 *iface)
{
    return CONTAINING_RECORD(iface, struct health_binding, INapSystemHealthAgentBinding2_iface);
}

static struct binding_core *core_of(INapSystemHealthAgentBinding2 *iface)
{
    return &impl_from_health_binding(iface)->core;
}

/* ---- callbacks ---- */

/* *same: the two SoHs are equal. Returns S_OK, or the health agent's result if it is gone. */
static HRESULT compare(struct callback_target *target, const struct napipc_blob *previous,
        const struct napipc_blob *now, bool *same)
{
    SoH *left = NULL, *right = NULL;
    BOOL equal = FALSE;
    HRESULT hr;

    *same = previous->size == now->size && !memcmp(previous->data, now->data, now->size);
    if (*same)
        return S_OK;
    hr = soh_from_wire(previous, &left);
    if (SUCCEEDED(hr))
        hr = soh_from_wire(now, &right);
    if (SUCCEEDED(hr))
        hr = health_callback_compare(target, left, right, &equal);
    free_soh(left);
    free_soh(right);
    if (callback_server_gone(hr))
        return hr;
    /* After E_NOTIMPL or a failure the comparison of the bytes counts. */
    if (SUCCEEDED(hr))
        *same = equal;
    return S_OK;
}

static HRESULT answer_get_soh(struct binding_core *core, struct agent_link *link,
        struct callback_target *target, const struct agent_callback *callback,
        struct napipc_message *reply)
{
    const struct napipc_agent_get_soh *asked = &callback->message.agent_get_soh;
    struct napipc_agent_get_soh_reply *result = &reply->agent_get_soh_reply;
    struct health_request *request;
    HRESULT hr, compared = S_OK;

    hr = health_request_create_asking(core->id, &asked->correlation, &asked->cached, &request);
    if (SUCCEEDED(hr))
    {
        health_request_stay_near(request, callback_target_is_single_threaded(target));
        hr = health_callback_get_soh(target, health_request_interface(request));
        health_request_stay_near(request, false);
        health_request_end(request, &result->soh, &result->cache);
        if (SUCCEEDED(hr) && !callback_server_gone(hr) && asked->previous.size && result->soh.size)
            compared = compare(target, &asked->previous, &result->soh, &result->same);
        if (callback_server_gone(compared))
            hr = compared;
    }
    reply->status = hr;
    agent_link_answer(link, callback, reply);
    if (request)
        health_request_release(request);
    return hr;
}

static HRESULT ask_fixup_info(struct callback_target *target, struct napipc_fixup *fixup)
{
    FixupInfo *info;
    HRESULT hr = health_callback_get_fixup_info(target, &info);
    UINT16 i;

    fixup->percentage = percentageNotSupported;
    if (SUCCEEDED(hr) && info)
    {
        fixup->state = info->state;
        fixup->percentage = info->percentage;
        fixup->message_id = info->fixupMsgId;
        for (i = 0; info->resultCodes.results && i < info->resultCodes.count
                    && i < NAPIPC_MAX_FIXUP_CODES;
                i++)
            fixup->codes[i] = info->resultCodes.results[i];
        fixup->code_count = i;
    }
    free_fixup_info(info);
    return hr;
}

static HRESULT process_response(struct binding_core *core, struct callback_target *target,
        const struct napipc_agent_process_response *asked, struct napipc_fixup *fixup)
{
    struct health_request *request;
    struct napipc_blob unused;
    bool cache;
    HRESULT hr;

    hr = health_request_create_answered(
            core->id, &asked->correlation, &asked->soh, asked->flags, &request);
    if (FAILED(hr))
        return hr;
    health_request_stay_near(request, callback_target_is_single_threaded(target));
    hr = health_callback_process_response(target, health_request_interface(request));
    health_request_stay_near(request, false);
    health_request_end(request, &unused, &cache);
    health_request_release(request);
    if (FAILED(hr) || callback_server_gone(hr))
        return hr;
    return ask_fixup_info(target, fixup);
}

static HRESULT answer(struct binding_core *core, struct agent_link *link,
        struct callback_target *target, const struct agent_callback *callback,
        struct napipc_message *reply)
{
    const struct napipc_message *message = &callback->message;
    CorrelationId correlation;
    HRESULT hr;

    switch (message->type)
    {
    case NAPIPC_AGENT_GET_SOH:
        return answer_get_soh(core, link, target, callback, reply);
    case NAPIPC_AGENT_PROCESS_RESPONSE:
        hr = process_response(
                core, target, &message->agent_process_response, &reply->agent_fixup_reply.fixup);
        break;
    case NAPIPC_AGENT_GET_FIXUP_INFO:
        hr = ask_fixup_info(target, &reply->agent_fixup_reply.fixup);
        break;
    case NAPIPC_AGENT_ISOLATION_CHANGED:
        hr = health_callback_isolation_changed(target);
        break;
    case NAPIPC_AGENT_ORPHANED:
        correlation_from_wire(&message->agent_orphaned.correlation, &correlation);
        hr = health_callback_orphaned(target, &correlation);
        break;
    default:
        hr = E_NOTIMPL;
        break;
    }
    reply->status = hr;
    agent_link_answer(link, callback, reply);
    return hr;
}

static const struct binding_kind health_agent = {
        .kind = NAPIPC_HEALTH_AGENT,
        .start = false,
        .callback = &health_callback,
        .answer = answer,
};

/* ---- INapSystemHealthAgentBinding2 ---- */

static HRESULT STDMETHODCALLTYPE health_binding_QueryInterface(
        INapSystemHealthAgentBinding2 *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    if (!object)
        return TRACED(E_POINTER);
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapSystemHealthAgentBinding)
            && !IsEqualIID(riid, &IID_INapSystemHealthAgentBinding2))
        return TRACED(E_NOINTERFACE);
    *object = iface;
    INapSystemHealthAgentBinding2_AddRef(iface);
    return TRACED(S_OK);
}

static ULONG STDMETHODCALLTYPE health_binding_AddRef(INapSystemHealthAgentBinding2 *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(binding_core_add_ref(core_of(iface)));
}

static ULONG STDMETHODCALLTYPE health_binding_Release(INapSystemHealthAgentBinding2 *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(binding_core_release(core_of(iface)));
}

static HRESULT STDMETHODCALLTYPE health_binding_Initialize(INapSystemHealthAgentBinding2 *iface,
        SystemHealthEntityId id, INapSystemHealthAgentCallback *callback)
{
    TRACE_CALL("(iface %p, id %lu, callback %p)", (const void *)iface, (unsigned long)id,
            (const void *)callback);
    return TRACED(binding_core_initialize(core_of(iface), id, callback));
}

static HRESULT STDMETHODCALLTYPE health_binding_Uninitialize(INapSystemHealthAgentBinding2 *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(binding_core_uninitialize(core_of(iface)));
}

static HRESULT STDMETHODCALLTYPE health_binding_NotifySoHChange(
        INapSystemHealthAgentBinding2 *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(binding_core_notify(core_of(iface), NAPIPC_SOH_CHANGE));
}

/* Asks the agent for both GetSystemIsolationInfo methods. `complete`: no output is missing. */
static HRESULT ask_isolation(
        struct binding_core *core, bool complete, IsolationInfoEx **info, BOOL *unknown_connections)
{
    struct napipc_message request;
    struct binding_visit visit;
    struct agent_reply reply;
    HRESULT hr;

    if (FAILED(hr = binding_core_enter(core, &visit)))
        return hr;
    request.type = NAPIPC_GET_STATE;
    hr = complete ? agent_link_call(visit.link, &request, &reply, apartment_wait()) : E_INVALIDARG;
    if (SUCCEEDED(hr))
        hr = system_isolation_from_reply(&reply, info, unknown_connections);
    return binding_core_leave_with(&visit, hr);
}

static HRESULT STDMETHODCALLTYPE health_binding_GetSystemIsolationInfo(
        INapSystemHealthAgentBinding2 *iface, IsolationInfo **info, BOOL *unknown_connections)
{
    TRACE_CALL("(iface %p, info %p, unknown_connections %p)", (const void *)iface,
            (const void *)info, (const void *)unknown_connections);
    bool complete = system_isolation_outputs(info, unknown_connections);
    IsolationInfoEx *extended;
    HRESULT hr;

    hr = ask_isolation(core_of(iface), complete, &extended, unknown_connections);
    if (FAILED(hr))
        return TRACED(hr);
    hr = isolation_without_extended_state(extended, info);
    if (FAILED(hr))
        *unknown_connections = FALSE;
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE health_binding_FlushCache(INapSystemHealthAgentBinding2 *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(binding_core_notify(core_of(iface), NAPIPC_FLUSH_CACHE));
}

static HRESULT STDMETHODCALLTYPE health_binding_GetSystemIsolationInfoEx(
        INapSystemHealthAgentBinding2 *iface, IsolationInfoEx **info, BOOL *unknown_connections)
{
    TRACE_CALL("(iface %p, info %p, unknown_connections %p)", (const void *)iface,
            (const void *)info, (const void *)unknown_connections);
    bool complete = system_isolation_outputs(info, unknown_connections);

    return TRACED(ask_isolation(core_of(iface), complete, info, unknown_connections));
}

static const INapSystemHealthAgentBinding2Vtbl health_binding_vtbl = {
        health_binding_QueryInterface,
        health_binding_AddRef,
        health_binding_Release,
        health_binding_Initialize,
        health_binding_Uninitialize,
        health_binding_NotifySoHChange,
        health_binding_GetSystemIsolationInfo,
        health_binding_FlushCache,
        health_binding_GetSystemIsolationInfoEx,
};

HRESULT health_binding_create(REFIID riid, void **object)
{
    struct health_binding *binding = calloc(1, sizeof(*binding));
    HRESULT hr;

    if (!binding)
        return E_OUTOFMEMORY;
    binding->INapSystemHealthAgentBinding2_iface.lpVtbl = (void *)&health_binding_vtbl;
    binding_core_init(&binding->core, &health_agent, binding);
    hr = INapSystemHealthAgentBinding2_QueryInterface(
            &binding->INapSystemHealthAgentBinding2_iface, riid, object);
    INapSystemHealthAgentBinding2_Release(&binding->INapSystemHealthAgentBinding2_iface);
    return hr;
}
