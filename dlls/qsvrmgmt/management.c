/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NapServerManagement: registration of system health validators, and which of their failures count
 * as healthy. Each method starts the agent.
 */
#include "qsvrmgmt.h"

#include "libs/log/trace.h"

#include <stdlib.h>
#include <string.h>

struct management
{
    INapServerManagement INapServerManagement_iface;
    LONG refs;
};

static struct management *impl_from_management(INapServerManagement *iface)
{
    return CONTAINING_RECORD(iface, struct management, INapServerManagement_iface);
}

static HRESULT STDMETHODCALLTYPE management_QueryInterface(
        INapServerManagement *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    if (!object)
        return TRACED(E_POINTER);
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapServerManagement))
        return TRACED(E_NOINTERFACE);
    *object = iface;
    INapServerManagement_AddRef(iface);
    return TRACED(S_OK);
}

static ULONG STDMETHODCALLTYPE management_AddRef(INapServerManagement *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(InterlockedIncrement(&impl_from_management(iface)->refs));
}

static ULONG STDMETHODCALLTYPE management_Release(INapServerManagement *iface)
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

static HRESULT STDMETHODCALLTYPE management_RegisterSystemHealthValidator(
        INapServerManagement *iface, const NapComponentRegistrationInfo *validator,
        const CLSID *clsid)
{
    TRACE_CALL("(iface %p, validator %p, clsid %s)", (const void *)iface, (const void *)validator,
            TRACE_GUID(clsid));
    struct napipc_message request;
    HRESULT hr;

    (void)iface;
    if (!clsid)
        return TRACED(E_INVALIDARG);
    request.type = NAPIPC_VALIDATOR_REGISTER;
    if (FAILED(hr = component_to_wire(validator, &request.validator_register.component)))
        return TRACED(hr);
    memcpy(request.validator_register.clsid.bytes, clsid, sizeof(*clsid));
    return TRACED(agent_ask(true, &request, NULL));
}

static HRESULT STDMETHODCALLTYPE management_UnregisterSystemHealthValidator(
        INapServerManagement *iface, SystemHealthEntityId id)
{
    TRACE_CALL("(iface %p, id %lu)", (const void *)iface, (unsigned long)id);
    struct napipc_message request;

    (void)iface;
    request.type = NAPIPC_VALIDATOR_UNREGISTER;
    request.validator_id.id = id;
    return TRACED(agent_ask(true, &request, NULL));
}

static HRESULT STDMETHODCALLTYPE management_SetFailureCategoryMappings(
        INapServerManagement *iface, SystemHealthEntityId id, const FailureCategoryMapping mapping)
{
    TRACE_CALL("(iface %p, id %lu, mapping %d %d %d %d %d)", (const void *)iface, (unsigned long)id,
            mapping.mappingCompliance[0], mapping.mappingCompliance[1],
            mapping.mappingCompliance[2], mapping.mappingCompliance[3],
            mapping.mappingCompliance[4]);
    struct napipc_message request;
    unsigned int i;

    (void)iface;
    request.type = NAPIPC_VALIDATOR_SET_MAPPING;
    request.validator_mapping.id = id;
    for (i = 0; i < failureCategoryCount; i++)
        request.validator_mapping.mapping.compliant[i] = mapping.mappingCompliance[i] != FALSE;
    return TRACED(agent_ask(true, &request, NULL));
}

static const INapServerManagementVtbl management_vtbl = {
        management_QueryInterface,
        management_AddRef,
        management_Release,
        management_RegisterSystemHealthValidator,
        management_UnregisterSystemHealthValidator,
        management_SetFailureCategoryMappings,
};

HRESULT server_management_create(REFIID riid, void **object)
{
    struct management *management = calloc(1, sizeof(*management));
    HRESULT hr;

    if (!management)
        return E_OUTOFMEMORY;
    management->INapServerManagement_iface.lpVtbl = (void *)&management_vtbl;
    management->refs = 1;
    module_lock();
    hr = INapServerManagement_QueryInterface(&management->INapServerManagement_iface, riid, object);
    INapServerManagement_Release(&management->INapServerManagement_iface);
    return hr;
}
