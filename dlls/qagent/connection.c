/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connection objects: what an enforcement client and the agent exchange
 * about one connection. They live wholly in here; no getter or setter asks the
 * service. Free-threaded: one lock per object, and the free-threaded marshaler.
 */
#include "isolation.h"
#include "marshaler.h"

#include "libs/log/trace.h"

#include <stdlib.h>
#include <string.h>

struct bytes
{
    BYTE *data;
    UINT16 size;
};

struct connection
{
    INapEnforcementClientConnection2 INapEnforcementClientConnection2_iface;
    LONG refs;
    struct marshaler marshaler;
    SRWLOCK lock;
    EnforcementEntityId id;
    ProtocolMaxSize max_size;
    UINT8 flags;
    ConnectionId connection_id;
    CorrelationId correlation;
    struct bytes request;
    struct bytes response;
    struct bytes private_data;
    struct bytes enforcer_data;
    struct isolation isolation;
    SystemHealthEntityId shvs[maxSystemHealthEntityCount];
    SystemHealthEntityCount shv_count;
};

static struct connection *impl_from_connection(INapEnforcementClientConnection2 *iface)
{
    return CONTAINING_RECORD(iface, struct connection, INapEnforcementClientConnection2_iface);
}

static HRESULT STDMETHODCALLTYPE connection_QueryInterface(
        INapEnforcementClientConnection2 *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    struct connection *connection = impl_from_connection(iface);

    if (!object)
        return TRACED(E_POINTER);
    *object = NULL;
    if (IsEqualIID(riid, &IID_IMarshal))
        *object = &connection->marshaler.IMarshal_iface;
    else if (IsEqualIID(riid, &IID_IUnknown)
             || IsEqualIID(riid, &IID_INapEnforcementClientConnection)
             || IsEqualIID(riid, &IID_INapEnforcementClientConnection2))
        *object = iface;
    else
        return TRACED(E_NOINTERFACE);
    INapEnforcementClientConnection2_AddRef(iface);
    return TRACED(S_OK);
}

static ULONG STDMETHODCALLTYPE connection_AddRef(INapEnforcementClientConnection2 *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(InterlockedIncrement(&impl_from_connection(iface)->refs));
}

static ULONG STDMETHODCALLTYPE connection_Release(INapEnforcementClientConnection2 *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    struct connection *connection = impl_from_connection(iface);
    LONG refs = InterlockedDecrement(&connection->refs);

    if (!refs)
    {
        marshaler_finish(&connection->marshaler);
        free(connection->request.data);
        free(connection->response.data);
        free(connection->private_data.data);
        free(connection->enforcer_data.data);
        free(connection);
        module_unlock();
    }
    return TRACED(refs);
}

/* Replaces bytes of the object by a copy of what a program gave. Needs no memory for as many or
 * fewer: the agent's private data can always be set again. */
static HRESULT set_bytes(
        struct connection *connection, struct bytes *bytes, const BYTE *data, UINT16 size)
{
    BYTE *old = NULL, *copy = NULL;
    HRESULT hr = S_OK;

    AcquireSRWLockExclusive(&connection->lock);
    if (!size || size > bytes->size)
    {
        if (size && !(copy = malloc(size)))
            hr = E_OUTOFMEMORY;
        else
        {
            old = bytes->data;
            bytes->data = copy;
        }
    }
    if (SUCCEEDED(hr))
    {
        if (size)
            memcpy(bytes->data, data, size);
        bytes->size = size;
    }
    ReleaseSRWLockExclusive(&connection->lock);
    free(old);
    return hr;
}

/* A copy in task memory; NetworkSoH and PrivateData have the same shape. */
static HRESULT get_bytes(struct connection *connection, const struct bytes *bytes, NetworkSoH **out)
{
    NetworkSoH *copy = CoTaskMemAlloc(sizeof(*copy));

    *out = NULL;
    if (!copy)
        return E_OUTOFMEMORY;
    AcquireSRWLockShared(&connection->lock);
    copy->size = bytes->size;
    copy->data = bytes->size ? task_copy(bytes->data, bytes->size) : NULL;
    ReleaseSRWLockShared(&connection->lock);
    if (copy->size && !copy->data)
    {
        CoTaskMemFree(copy);
        return E_OUTOFMEMORY;
    }
    *out = copy;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE connection_Initialize(
        INapEnforcementClientConnection2 *iface, EnforcementEntityId id)
{
    TRACE_CALL("(iface %p, id %lu)", (const void *)iface, (unsigned long)id);
    struct connection *connection = impl_from_connection(iface);

    AcquireSRWLockExclusive(&connection->lock);
    connection->id = id;
    ReleaseSRWLockExclusive(&connection->lock);
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE connection_SetMaxSize(
        INapEnforcementClientConnection2 *iface, ProtocolMaxSize max_size)
{
    TRACE_CALL("(iface %p, max_size %lu)", (const void *)iface, (unsigned long)max_size);
    struct connection *connection = impl_from_connection(iface);

    if (max_size < minProtocolMaxSize || max_size > maxProtocolMaxSize)
        return TRACED(E_INVALIDARG);
    AcquireSRWLockExclusive(&connection->lock);
    connection->max_size = max_size;
    ReleaseSRWLockExclusive(&connection->lock);
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE connection_GetMaxSize(
        INapEnforcementClientConnection2 *iface, ProtocolMaxSize *max_size)
{
    TRACE_CALL("(iface %p, max_size %p)", (const void *)iface, (const void *)max_size);
    struct connection *connection = impl_from_connection(iface);

    if (!max_size)
        return TRACED(E_INVALIDARG);
    AcquireSRWLockShared(&connection->lock);
    *max_size = connection->max_size;
    ReleaseSRWLockShared(&connection->lock);
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE connection_SetFlags(
        INapEnforcementClientConnection2 *iface, UINT8 flags)
{
    TRACE_CALL("(iface %p, flags %lu)", (const void *)iface, (unsigned long)flags);
    struct connection *connection = impl_from_connection(iface);

    AcquireSRWLockExclusive(&connection->lock);
    connection->flags = flags;
    ReleaseSRWLockExclusive(&connection->lock);
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE connection_GetFlags(
        INapEnforcementClientConnection2 *iface, UINT8 *flags)
{
    TRACE_CALL("(iface %p, flags %p)", (const void *)iface, (const void *)flags);
    struct connection *connection = impl_from_connection(iface);

    if (!flags)
        return TRACED(E_INVALIDARG);
    AcquireSRWLockShared(&connection->lock);
    *flags = connection->flags;
    ReleaseSRWLockShared(&connection->lock);
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE connection_SetConnectionId(
        INapEnforcementClientConnection2 *iface, const ConnectionId *id)
{
    TRACE_CALL("(iface %p, id %p)", (const void *)iface, (const void *)id);
    struct connection *connection = impl_from_connection(iface);

    if (!id)
        return TRACED(E_INVALIDARG);
    AcquireSRWLockExclusive(&connection->lock);
    connection->connection_id = *id;
    ReleaseSRWLockExclusive(&connection->lock);
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE connection_GetConnectionId(
        INapEnforcementClientConnection2 *iface, ConnectionId **id)
{
    TRACE_CALL("(iface %p, id %p)", (const void *)iface, (const void *)id);
    struct connection *connection = impl_from_connection(iface);

    if (!id)
        return TRACED(E_INVALIDARG);
    if (!(*id = CoTaskMemAlloc(sizeof(**id))))
        return TRACED(E_OUTOFMEMORY);
    AcquireSRWLockShared(&connection->lock);
    **id = connection->connection_id;
    ReleaseSRWLockShared(&connection->lock);
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE connection_GetCorrelationId(
        INapEnforcementClientConnection2 *iface, CorrelationId *correlation)
{
    TRACE_CALL("(iface %p, correlation %p)", (const void *)iface, (const void *)correlation);
    struct connection *connection = impl_from_connection(iface);

    if (!correlation)
        return TRACED(E_INVALIDARG);
    AcquireSRWLockShared(&connection->lock);
    *correlation = connection->correlation;
    ReleaseSRWLockShared(&connection->lock);
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE connection_GetStringCorrelationId(
        INapEnforcementClientConnection2 *iface, StringCorrelationId **string)
{
    TRACE_CALL("(iface %p, string %p)", (const void *)iface, (const void *)string);
    CorrelationId correlation;
    HRESULT hr;

    if (!string)
        return TRACED(E_INVALIDARG);
    *string = NULL;
    if (FAILED(hr = connection_GetCorrelationId(iface, &correlation)))
        return TRACED(hr);
    return TRACED(correlation_to_string(&correlation, string));
}

static HRESULT STDMETHODCALLTYPE connection_SetCorrelationId(
        INapEnforcementClientConnection2 *iface, CorrelationId correlation)
{
    TRACE_CALL("(iface %p, correlation %s)", (const void *)iface, TRACE_GUID(&correlation.connId));
    struct connection *connection = impl_from_connection(iface);

    AcquireSRWLockExclusive(&connection->lock);
    connection->correlation = correlation;
    ReleaseSRWLockExclusive(&connection->lock);
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE connection_SetSoHRequest(
        INapEnforcementClientConnection2 *iface, const NetworkSoHRequest *request)
{
    TRACE_CALL("(iface %p, request %p)", (const void *)iface, (const void *)request);
    struct connection *connection = impl_from_connection(iface);

    /* "A zero byte length SoH packet is invalid." */
    if (!request || !request->size || !request->data)
        return TRACED(E_INVALIDARG);
    return TRACED(set_bytes(connection, &connection->request, request->data, request->size));
}

static HRESULT STDMETHODCALLTYPE connection_GetSoHRequest(
        INapEnforcementClientConnection2 *iface, NetworkSoHRequest **request)
{
    TRACE_CALL("(iface %p, request %p)", (const void *)iface, (const void *)request);
    struct connection *connection = impl_from_connection(iface);

    if (!request)
        return TRACED(E_INVALIDARG);
    return TRACED(get_bytes(connection, &connection->request, request));
}

static HRESULT STDMETHODCALLTYPE connection_SetSoHResponse(
        INapEnforcementClientConnection2 *iface, const NetworkSoHResponse *response)
{
    TRACE_CALL("(iface %p, response %p)", (const void *)iface, (const void *)response);
    struct connection *connection = impl_from_connection(iface);

    /* "A zero-sized packet is valid." */
    if (!response || (response->size && !response->data))
        return TRACED(E_INVALIDARG);
    return TRACED(set_bytes(connection, &connection->response, response->data, response->size));
}

static HRESULT STDMETHODCALLTYPE connection_GetSoHResponse(
        INapEnforcementClientConnection2 *iface, NetworkSoHResponse **response)
{
    TRACE_CALL("(iface %p, response %p)", (const void *)iface, (const void *)response);
    struct connection *connection = impl_from_connection(iface);

    if (!response)
        return TRACED(E_INVALIDARG);
    return TRACED(get_bytes(connection, &connection->response, response));
}

static HRESULT STDMETHODCALLTYPE connection_SetIsolationInfoEx(
        INapEnforcementClientConnection2 *iface, const IsolationInfoEx *info)
{
    TRACE_CALL("(iface %p, info %p)", (const void *)iface, (const void *)info);
    struct connection *connection = impl_from_connection(iface);
    struct isolation isolation;
    HRESULT hr;

    if (!info)
        return TRACED(E_INVALIDARG);
    if (FAILED(hr = isolation_init(&isolation, info)))
        return TRACED(hr);
    AcquireSRWLockExclusive(&connection->lock);
    connection->isolation = isolation;
    ReleaseSRWLockExclusive(&connection->lock);
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE connection_GetIsolationInfoEx(
        INapEnforcementClientConnection2 *iface, IsolationInfoEx **info)
{
    TRACE_CALL("(iface %p, info %p)", (const void *)iface, (const void *)info);
    struct connection *connection = impl_from_connection(iface);
    HRESULT hr;

    if (!info)
        return TRACED(E_INVALIDARG);
    AcquireSRWLockShared(&connection->lock);
    hr = isolation_describe(&connection->isolation, info);
    ReleaseSRWLockShared(&connection->lock);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE connection_SetIsolationInfo(
        INapEnforcementClientConnection2 *iface, const IsolationInfo *info)
{
    TRACE_CALL("(iface %p, info %p)", (const void *)iface, (const void *)info);
    IsolationInfoEx extended;

    if (!info)
        return TRACED(E_INVALIDARG);
    extended.isolationState = info->isolationState;
    extended.extendedIsolationState = extendedIsolationStateNoData;
    extended.probEndTime = info->probEndTime;
    extended.failureUrl = info->failureUrl;
    return TRACED(connection_SetIsolationInfoEx(iface, &extended));
}

static HRESULT STDMETHODCALLTYPE connection_GetIsolationInfo(
        INapEnforcementClientConnection2 *iface, IsolationInfo **info)
{
    TRACE_CALL("(iface %p, info %p)", (const void *)iface, (const void *)info);
    IsolationInfoEx *extended;
    HRESULT hr;

    if (!info)
        return TRACED(E_INVALIDARG);
    *info = NULL;
    if (FAILED(hr = connection_GetIsolationInfoEx(iface, &extended)))
        return TRACED(hr);
    return TRACED(isolation_without_extended_state(extended, info));
}

static HRESULT set_private_data(
        struct connection *connection, struct bytes *bytes, const PrivateData *data)
{
    if (!data || data->size > maxPrivateDataSize || (data->size && !data->data))
        return E_INVALIDARG;
    return set_bytes(connection, bytes, data->data, data->size);
}

static HRESULT get_private_data(
        struct connection *connection, const struct bytes *bytes, PrivateData **data)
{
    C_ASSERT(sizeof(PrivateData) == sizeof(NetworkSoH));
    C_ASSERT(offsetof(PrivateData, data) == offsetof(NetworkSoH, data));

    if (!data)
        return E_INVALIDARG;
    return get_bytes(connection, bytes, (NetworkSoH **)data);
}

static HRESULT STDMETHODCALLTYPE connection_SetPrivateData(
        INapEnforcementClientConnection2 *iface, const PrivateData *data)
{
    TRACE_CALL("(iface %p, data %p)", (const void *)iface, (const void *)data);
    struct connection *connection = impl_from_connection(iface);

    return TRACED(set_private_data(connection, &connection->private_data, data));
}

static HRESULT STDMETHODCALLTYPE connection_GetPrivateData(
        INapEnforcementClientConnection2 *iface, PrivateData **data)
{
    TRACE_CALL("(iface %p, data %p)", (const void *)iface, (const void *)data);
    struct connection *connection = impl_from_connection(iface);

    return TRACED(get_private_data(connection, &connection->private_data, data));
}

static HRESULT STDMETHODCALLTYPE connection_SetEnforcerPrivateData(
        INapEnforcementClientConnection2 *iface, const PrivateData *data)
{
    TRACE_CALL("(iface %p, data %p)", (const void *)iface, (const void *)data);
    struct connection *connection = impl_from_connection(iface);

    return TRACED(set_private_data(connection, &connection->enforcer_data, data));
}

static HRESULT STDMETHODCALLTYPE connection_GetEnforcerPrivateData(
        INapEnforcementClientConnection2 *iface, PrivateData **data)
{
    TRACE_CALL("(iface %p, data %p)", (const void *)iface, (const void *)data);
    struct connection *connection = impl_from_connection(iface);

    return TRACED(get_private_data(connection, &connection->enforcer_data, data));
}

static HRESULT STDMETHODCALLTYPE connection_GetInstalledShvs(
        INapEnforcementClientConnection2 *iface, SystemHealthEntityCount *count,
        SystemHealthEntityId **ids)
{
    TRACE_CALL("(iface %p, count %p, ids %p)", (const void *)iface, (const void *)count,
            (const void *)ids);
    struct connection *connection = impl_from_connection(iface);

    if (count)
        *count = 0;
    if (ids)
        *ids = NULL;
    if (!count || !ids)
        return TRACED(E_INVALIDARG);
    AcquireSRWLockShared(&connection->lock);
    *count = connection->shv_count;
    if (*count)
        *ids = task_copy(connection->shvs, *count * sizeof(**ids));
    ReleaseSRWLockShared(&connection->lock);
    if (*count && !*ids)
    {
        *count = 0;
        return TRACED(E_OUTOFMEMORY);
    }
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE connection_SetInstalledShvs(
        INapEnforcementClientConnection2 *iface, SystemHealthEntityCount count,
        SystemHealthEntityId *ids)
{
    TRACE_CALL("(iface %p, count %lu, ids %p)", (const void *)iface, (unsigned long)count,
            (const void *)ids);
    struct connection *connection = impl_from_connection(iface);

    if (!count || count > maxSystemHealthEntityCount || !ids)
        return TRACED(E_INVALIDARG);
    AcquireSRWLockExclusive(&connection->lock);
    memcpy(connection->shvs, ids, count * sizeof(*ids));
    connection->shv_count = count;
    ReleaseSRWLockExclusive(&connection->lock);
    return TRACED(S_OK);
}

static const INapEnforcementClientConnection2Vtbl connection_vtbl = {
        connection_QueryInterface,
        connection_AddRef,
        connection_Release,
        connection_Initialize,
        connection_SetMaxSize,
        connection_GetMaxSize,
        connection_SetFlags,
        connection_GetFlags,
        connection_SetConnectionId,
        connection_GetConnectionId,
        connection_GetCorrelationId,
        connection_GetStringCorrelationId,
        connection_SetCorrelationId,
        connection_SetSoHRequest,
        connection_GetSoHRequest,
        connection_SetSoHResponse,
        connection_GetSoHResponse,
        connection_SetIsolationInfo,
        connection_GetIsolationInfo,
        connection_SetPrivateData,
        connection_GetPrivateData,
        connection_SetEnforcerPrivateData,
        connection_GetEnforcerPrivateData,
        connection_SetIsolationInfoEx,
        connection_GetIsolationInfoEx,
        connection_GetInstalledShvs,
        connection_SetInstalledShvs,
};

HRESULT connection_create(EnforcementEntityId id, INapEnforcementClientConnection **out)
{
    struct connection *connection = calloc(1, sizeof(*connection));
    HRESULT hr;

    *out = NULL;
    if (!connection)
        return E_OUTOFMEMORY;
    connection->INapEnforcementClientConnection2_iface.lpVtbl = (void *)&connection_vtbl;
    connection->refs = 1;
    InitializeSRWLock(&connection->lock);
    connection->id = id;
    connection->max_size = defaultProtocolMaxSize;
    connection->isolation.state = isolationStateNotRestricted;
    connection->isolation.extended = extendedIsolationStateNoData;
    hr = marshaler_init(&connection->marshaler,
            (IUnknown *)&connection->INapEnforcementClientConnection2_iface);
    if (FAILED(hr))
    {
        free(connection);
        return hr;
    }
    module_lock();
    *out = (INapEnforcementClientConnection *)&connection->INapEnforcementClientConnection2_iface;
    return S_OK;
}
