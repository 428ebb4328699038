/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Request objects: a health agent reads and sets one while the agent calls it
 * back, and only then. Free-threaded: one lock per object, and the free-threaded
 * marshaler.
 */
#include "request.h"

#include <stdlib.h>

#include "libs/napcom/soh.h"
#include "marshaler.h"

#include "libs/log/trace.h"

enum request_phase
{
    REQUEST_ASKING,   /* the callback GetSoHRequest is pending */
    REQUEST_ANSWERED, /* the callback ProcessSoHResponse is pending */
    REQUEST_ENDED
};

struct health_request
{
    INapSystemHealthAgentRequest INapSystemHealthAgentRequest_iface;
    LONG refs;
    struct marshaler marshaler;
    SystemHealthEntityId id;
    CorrelationId correlation;
    SRWLOCK lock; /* guards what follows */
    enum request_phase phase;
    struct napipc_blob cached;   /* not owned; empty when the request has ended */
    struct napipc_blob response; /* as `cached` */
    UINT8 flags;
    uint8_t *soh; /* what was set, or NULL */
    uint32_t soh_size;
    bool cache;
};

static struct health_request *impl_from_request(INapSystemHealthAgentRequest *iface)
{
    return CONTAINING_RECORD(iface, struct health_request, INapSystemHealthAgentRequest_iface);
}

static HRESULT STDMETHODCALLTYPE request_QueryInterface(
        INapSystemHealthAgentRequest *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    struct health_request *request = impl_from_request(iface);

    if (!object)
        return TRACED(E_POINTER);
    *object = NULL;
    if (IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_INapSystemHealthAgentRequest))
        *object = iface;
    else if (IsEqualIID(riid, &IID_IMarshal))
        *object = &request->marshaler.IMarshal_iface;
    else
        return TRACED(E_NOINTERFACE);
    INapSystemHealthAgentRequest_AddRef(iface);
    return TRACED(S_OK);
}

static ULONG STDMETHODCALLTYPE request_AddRef(INapSystemHealthAgentRequest *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(InterlockedIncrement(&impl_from_request(iface)->refs));
}

static ULONG STDMETHODCALLTYPE request_Release(INapSystemHealthAgentRequest *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    struct health_request *request = impl_from_request(iface);
    LONG refs = InterlockedDecrement(&request->refs);

    if (!refs)
    {
        marshaler_finish(&request->marshaler);
        free(request->soh);
        free(request);
        module_unlock();
    }
    return TRACED(refs);
}

/* Checks first that the callback is pending, then the getter's output. */
static HRESULT check_getter(struct health_request *request, const void *out)
{
    bool ended;

    AcquireSRWLockShared(&request->lock);
    ended = request->phase == REQUEST_ENDED;
    ReleaseSRWLockShared(&request->lock);
    if (ended)
        return NAP_E_NOT_PENDING;
    return out ? S_OK : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE request_GetCorrelationId(
        INapSystemHealthAgentRequest *iface, CorrelationId *correlation)
{
    TRACE_CALL("(iface %p, correlation %p)", (const void *)iface, (const void *)correlation);
    struct health_request *request = impl_from_request(iface);
    HRESULT hr = check_getter(request, correlation);

    if (correlation)
        *correlation = SUCCEEDED(hr) ? request->correlation : (CorrelationId){0};
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE request_GetStringCorrelationId(
        INapSystemHealthAgentRequest *iface, StringCorrelationId **string)
{
    TRACE_CALL("(iface %p, string %p)", (const void *)iface, (const void *)string);
    struct health_request *request = impl_from_request(iface);
    HRESULT hr = check_getter(request, string);

    if (string)
        *string = NULL;
    return TRACED(SUCCEEDED(hr) ? correlation_to_string(&request->correlation, string) : hr);
}

static HRESULT STDMETHODCALLTYPE request_SetSoHRequest(
        INapSystemHealthAgentRequest *iface, const SoHRequest *given, BOOL cache)
{
    TRACE_CALL("(iface %p, given %p, cache %d)", (const void *)iface, (const void *)given, cache);
    struct health_request *request = impl_from_request(iface);
    HRESULT hr = NAP_E_NOT_PENDING;
    uint8_t *soh, *old;
    uint32_t size;

    AcquireSRWLockExclusive(&request->lock);
    if (request->phase == REQUEST_ASKING)
        hr = given ? soh_to_wire(given, request->id, &soh, &size) : E_INVALIDARG;
    if (SUCCEEDED(hr))
    {
        old = request->soh;
        request->soh = soh;
        request->soh_size = size;
        request->cache = cache;
        free(old);
    }
    ReleaseSRWLockExclusive(&request->lock);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE request_GetSoHRequest(
        INapSystemHealthAgentRequest *iface, SoHRequest **soh)
{
    TRACE_CALL("(iface %p, soh %p)", (const void *)iface, (const void *)soh);
    struct health_request *request = impl_from_request(iface);
    struct napipc_blob blob;
    HRESULT hr;

    if (soh)
        *soh = NULL;
    AcquireSRWLockShared(&request->lock);
    blob = request->cached;
    if (request->soh)
    {
        blob.data = request->soh;
        blob.size = request->soh_size;
    }
    if (request->phase == REQUEST_ENDED)
        hr = NAP_E_NOT_PENDING;
    else if (!soh)
        hr = E_INVALIDARG;
    else
        hr = blob.size ? soh_from_wire(&blob, soh) : NAP_E_NO_CACHED_SOH;
    ReleaseSRWLockShared(&request->lock);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE request_GetSoHResponse(
        INapSystemHealthAgentRequest *iface, SoHResponse **soh, UINT8 *flags)
{
    TRACE_CALL("(iface %p, soh %p, flags %p)", (const void *)iface, (const void *)soh,
            (const void *)flags);
    struct health_request *request = impl_from_request(iface);
    HRESULT hr = NAP_E_NOT_PENDING;

    if (soh)
        *soh = NULL;
    if (flags)
        *flags = 0;
    AcquireSRWLockShared(&request->lock);
    /* "... when the NapAgent calls ProcessSoHResponse." */
    if (request->phase == REQUEST_ANSWERED)
        hr = soh && flags ? soh_from_wire(&request->response, soh) : E_INVALIDARG;
    if (SUCCEEDED(hr))
        *flags = request->flags;
    ReleaseSRWLockShared(&request->lock);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE request_GetCacheSoHFlag(
        INapSystemHealthAgentRequest *iface, BOOL *cache)
{
    TRACE_CALL("(iface %p, cache %p)", (const void *)iface, (const void *)cache);
    struct health_request *request = impl_from_request(iface);
    HRESULT hr = check_getter(request, cache);

    if (cache)
        *cache = SUCCEEDED(hr) && request->cache;
    return TRACED(hr);
}

static const INapSystemHealthAgentRequestVtbl request_vtbl = {
        request_QueryInterface,
        request_AddRef,
        request_Release,
        request_GetCorrelationId,
        request_GetStringCorrelationId,
        request_SetSoHRequest,
        request_GetSoHRequest,
        request_GetSoHResponse,
        request_GetCacheSoHFlag,
};

static HRESULT request_create(SystemHealthEntityId id, const struct napipc_correlation *correlation,
        struct health_request **out)
{
    struct health_request *request = calloc(1, sizeof(*request));
    HRESULT hr;

    *out = NULL;
    if (!request)
        return E_OUTOFMEMORY;
    request->INapSystemHealthAgentRequest_iface.lpVtbl = (void *)&request_vtbl;
    request->refs = 1;
    request->id = id;
    correlation_from_wire(correlation, &request->correlation);
    InitializeSRWLock(&request->lock);
    hr = marshaler_init(
            &request->marshaler, (IUnknown *)&request->INapSystemHealthAgentRequest_iface);
    if (FAILED(hr))
    {
        free(request);
        return hr;
    }
    module_lock();
    *out = request;
    return S_OK;
}

HRESULT health_request_create_asking(SystemHealthEntityId id,
        const struct napipc_correlation *correlation, const struct napipc_blob *cached,
        struct health_request **request)
{
    HRESULT hr = request_create(id, correlation, request);

    if (SUCCEEDED(hr))
    {
        (*request)->phase = REQUEST_ASKING;
        (*request)->cached = *cached;
    }
    return hr;
}

HRESULT health_request_create_answered(SystemHealthEntityId id,
        const struct napipc_correlation *correlation, const struct napipc_blob *response,
        UINT8 flags, struct health_request **request)
{
    HRESULT hr = request_create(id, correlation, request);

    if (SUCCEEDED(hr))
    {
        (*request)->phase = REQUEST_ANSWERED;
        (*request)->response = *response;
        (*request)->flags = flags;
    }
    return hr;
}

void health_request_stay_near(struct health_request *request, bool near_by)
{
    marshaler_stay_near(&request->marshaler, near_by);
}

INapSystemHealthAgentRequest *health_request_interface(struct health_request *request)
{
    return &request->INapSystemHealthAgentRequest_iface;
}

void health_request_end(struct health_request *request, struct napipc_blob *soh, bool *cache)
{
    AcquireSRWLockExclusive(&request->lock);
    request->phase = REQUEST_ENDED;
    request->cached = request->response = (struct napipc_blob){0};
    soh->data = request->soh;
    soh->size = request->soh_size;
    *cache = request->cache;
    ReleaseSRWLockExclusive(&request->lock);
}

void health_request_release(struct health_request *request)
{
    INapSystemHealthAgentRequest_Release(&request->INapSystemHealthAgentRequest_iface);
}
