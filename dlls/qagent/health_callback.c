/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapSystemHealthAgentCallback: the shim in the health agent's apartment, and
 * the calls that workers make.
 */
#include "callback.h"

#include "libs/log/trace.h"

static HRESULT STDMETHODCALLTYPE shim_QueryInterface(
        INapSystemHealthAgentCallback *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    return TRACED(callback_shim_query(iface, riid, object));
}

static ULONG STDMETHODCALLTYPE shim_AddRef(INapSystemHealthAgentCallback *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(callback_shim_add_ref(iface));
}

static ULONG STDMETHODCALLTYPE shim_Release(INapSystemHealthAgentCallback *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(callback_shim_release(iface));
}

static HRESULT STDMETHODCALLTYPE shim_GetSoHRequest(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    TRACE_CALL("(iface %p, request %p)", (const void *)iface, (const void *)request);
    struct callback_visit visit;

    if (!callback_visit_begin(&visit, iface))
        return TRACED(RPC_E_DISCONNECTED);
    return TRACED(callback_visit_end(
            &visit, INapSystemHealthAgentCallback_GetSoHRequest(
                            (INapSystemHealthAgentCallback *)visit.client, request)));
}

static HRESULT STDMETHODCALLTYPE shim_ProcessSoHResponse(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    TRACE_CALL("(iface %p, request %p)", (const void *)iface, (const void *)request);
    struct callback_visit visit;

    if (!callback_visit_begin(&visit, iface))
        return TRACED(RPC_E_DISCONNECTED);
    return TRACED(callback_visit_end(
            &visit, INapSystemHealthAgentCallback_ProcessSoHResponse(
                            (INapSystemHealthAgentCallback *)visit.client, request)));
}

static HRESULT STDMETHODCALLTYPE shim_NotifySystemIsolationStateChange(
        INapSystemHealthAgentCallback *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    struct callback_visit visit;

    if (!callback_visit_begin(&visit, iface))
        return TRACED(RPC_E_DISCONNECTED);
    return TRACED(callback_visit_end(
            &visit, INapSystemHealthAgentCallback_NotifySystemIsolationStateChange(
                            (INapSystemHealthAgentCallback *)visit.client)));
}

static HRESULT STDMETHODCALLTYPE shim_GetFixupInfo(
        INapSystemHealthAgentCallback *iface, FixupInfo **info)
{
    TRACE_CALL("(iface %p, info %p)", (const void *)iface, (const void *)info);
    struct callback_visit visit;

    *info = NULL;
    if (!callback_visit_begin(&visit, iface))
        return TRACED(RPC_E_DISCONNECTED);
    return TRACED(callback_visit_end(
            &visit, INapSystemHealthAgentCallback_GetFixupInfo(
                            (INapSystemHealthAgentCallback *)visit.client, info)));
}

static HRESULT STDMETHODCALLTYPE shim_CompareSoHRequests(INapSystemHealthAgentCallback *iface,
        const SoHRequest *left, const SoHRequest *right, BOOL *equal)
{
    TRACE_CALL("(iface %p, left %p, right %p, equal %p)", (const void *)iface, (const void *)left,
            (const void *)right, (const void *)equal);
    struct callback_visit visit;

    *equal = FALSE;
    if (!callback_visit_begin(&visit, iface))
        return TRACED(RPC_E_DISCONNECTED);
    return TRACED(callback_visit_end(
            &visit, INapSystemHealthAgentCallback_CompareSoHRequests(
                            (INapSystemHealthAgentCallback *)visit.client, left, right, equal)));
}

static HRESULT STDMETHODCALLTYPE shim_NotifyOrphanedSoHRequest(
        INapSystemHealthAgentCallback *iface, const CorrelationId *correlation)
{
    TRACE_CALL("(iface %p, correlation %p)", (const void *)iface, (const void *)correlation);
    struct callback_visit visit;

    if (!callback_visit_begin(&visit, iface))
        return TRACED(RPC_E_DISCONNECTED);
    return TRACED(callback_visit_end(
            &visit, INapSystemHealthAgentCallback_NotifyOrphanedSoHRequest(
                            (INapSystemHealthAgentCallback *)visit.client, correlation)));
}

static const INapSystemHealthAgentCallbackVtbl shim_vtbl = {
        shim_QueryInterface,
        shim_AddRef,
        shim_Release,
        shim_GetSoHRequest,
        shim_ProcessSoHResponse,
        shim_NotifySystemIsolationStateChange,
        shim_GetFixupInfo,
        shim_CompareSoHRequests,
        shim_NotifyOrphanedSoHRequest,
};

const struct callback_interface health_callback = {
        &IID_INapSystemHealthAgentCallback,
        &shim_vtbl,
};

HRESULT health_callback_get_soh(
        struct callback_target *target, INapSystemHealthAgentRequest *request)
{
    INapSystemHealthAgentCallback *callback;
    HRESULT hr = callback_target_reach(target, (void **)&callback);

    if (SUCCEEDED(hr))
        hr = INapSystemHealthAgentCallback_GetSoHRequest(callback, request);
    return callback_target_done(target, callback, hr);
}

HRESULT health_callback_process_response(
        struct callback_target *target, INapSystemHealthAgentRequest *request)
{
    INapSystemHealthAgentCallback *callback;
    HRESULT hr = callback_target_reach(target, (void **)&callback);

    if (SUCCEEDED(hr))
        hr = INapSystemHealthAgentCallback_ProcessSoHResponse(callback, request);
    return callback_target_done(target, callback, hr);
}

HRESULT health_callback_isolation_changed(struct callback_target *target)
{
    INapSystemHealthAgentCallback *callback;
    HRESULT hr = callback_target_reach(target, (void **)&callback);

    if (SUCCEEDED(hr))
        hr = INapSystemHealthAgentCallback_NotifySystemIsolationStateChange(callback);
    return callback_target_done(target, callback, hr);
}

HRESULT health_callback_get_fixup_info(struct callback_target *target, FixupInfo **info)
{
    INapSystemHealthAgentCallback *callback;
    HRESULT hr = callback_target_reach(target, (void **)&callback);

    *info = NULL; /* widl's stub would reuse the memory that it points to */
    if (SUCCEEDED(hr))
        hr = INapSystemHealthAgentCallback_GetFixupInfo(callback, info);
    return callback_target_done(target, callback, hr);
}

HRESULT health_callback_compare(struct callback_target *target, const SoHRequest *left,
        const SoHRequest *right, BOOL *equal)
{
    INapSystemHealthAgentCallback *callback;
    HRESULT hr = callback_target_reach(target, (void **)&callback);

    *equal = FALSE;
    if (SUCCEEDED(hr))
        hr = INapSystemHealthAgentCallback_CompareSoHRequests(callback, left, right, equal);
    return callback_target_done(target, callback, hr);
}

HRESULT health_callback_orphaned(struct callback_target *target, const CorrelationId *correlation)
{
    INapSystemHealthAgentCallback *callback;
    HRESULT hr = callback_target_reach(target, (void **)&callback);

    if (SUCCEEDED(hr))
        hr = INapSystemHealthAgentCallback_NotifyOrphanedSoHRequest(callback, correlation);
    return callback_target_done(target, callback, hr);
}
