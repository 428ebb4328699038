/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapEnforcementClientCallback: the shim in the client's apartment, and the
 * calls that workers make.
 */
#include "callback.h"

#include "libs/log/trace.h"

static HRESULT STDMETHODCALLTYPE shim_QueryInterface(
        INapEnforcementClientCallback *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    return TRACED(callback_shim_query(iface, riid, object));
}

static ULONG STDMETHODCALLTYPE shim_AddRef(INapEnforcementClientCallback *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(callback_shim_add_ref(iface));
}

static ULONG STDMETHODCALLTYPE shim_Release(INapEnforcementClientCallback *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(callback_shim_release(iface));
}

static HRESULT STDMETHODCALLTYPE shim_NotifySoHChange(INapEnforcementClientCallback *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    struct callback_visit visit;

    if (!callback_visit_begin(&visit, iface))
        return TRACED(RPC_E_DISCONNECTED);
    return TRACED(
            callback_visit_end(&visit, INapEnforcementClientCallback_NotifySoHChange(
                                               (INapEnforcementClientCallback *)visit.client)));
}

static HRESULT STDMETHODCALLTYPE shim_GetConnections(
        INapEnforcementClientCallback *iface, Connections **connections)
{
    TRACE_CALL("(iface %p, connections %p)", (const void *)iface, (const void *)connections);
    struct callback_visit visit;

    *connections = NULL;
    if (!callback_visit_begin(&visit, iface))
        return TRACED(RPC_E_DISCONNECTED);
    return TRACED(callback_visit_end(
            &visit, INapEnforcementClientCallback_GetConnections(
                            (INapEnforcementClientCallback *)visit.client, connections)));
}

static const INapEnforcementClientCallbackVtbl shim_vtbl = {
        shim_QueryInterface,
        shim_AddRef,
        shim_Release,
        shim_NotifySoHChange,
        shim_GetConnections,
};

const struct callback_interface enforcer_callback = {
        &IID_INapEnforcementClientCallback,
        &shim_vtbl,
};

HRESULT enforcer_callback_notify(struct callback_target *target)
{
    INapEnforcementClientCallback *callback;
    HRESULT hr = callback_target_reach(target, (void **)&callback);

    if (SUCCEEDED(hr))
        hr = INapEnforcementClientCallback_NotifySoHChange(callback);
    return callback_target_done(target, callback, hr);
}

HRESULT enforcer_callback_get_connections(struct callback_target *target, Connections **connections)
{
    INapEnforcementClientCallback *callback;
    HRESULT hr = callback_target_reach(target, (void **)&callback);

    *connections = NULL; /* widl's stub would reuse the memory that it points to */
    if (SUCCEEDED(hr))
        hr = INapEnforcementClientCallback_GetConnections(callback, connections);
    return callback_target_done(target, callback, hr);
}

void free_connections(Connections *connections)
{
    UINT16 i;

    if (!connections)
        return;
    for (i = 0; connections->connections && i < connections->count; i++)
        if (connections->connections[i])
            INapEnforcementClientConnection_Release(connections->connections[i]);
    CoTaskMemFree(connections->connections);
    CoTaskMemFree(connections);
}
