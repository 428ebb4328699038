/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The objects of one validation: INapSystemHealthValidationRequest2 and INapServerCallback.
 *
 * Validators use them on any thread, from any apartment: Microsoft's own example passes the plain
 * pointers to a thread that it creates. So both aggregate the free-threaded marshaler.
 */
#include "libs/shvhost/validation.h"

#include <stdlib.h>
#include <string.h>

#include "naperror.h"

#include "libs/log/trace.h"
#include "libs/napcom/soh.h"

struct validation
{
    INapSystemHealthValidationRequest2 INapSystemHealthValidationRequest2_iface;
    INapServerCallback INapServerCallback_iface;
    LONG refs;
    IUnknown *request_marshaler, *callback_marshaler;
    /* of the request; constant */
    SystemHealthEntityId id;
    CorrelationId correlation;
    UINT32 config_id;
    BOOL system_generated;
    WCHAR *machine_name;
    UINT16 machine_name_length;
    struct napipc_blob soh; /* owned; empty: none */
    /* guarded by the lock */
    SRWLOCK lock;
    CONDITION_VARIABLE changed;
    bool returned;  /* Validate has returned */
    bool pending;   /* and that was E_PENDING */
    bool completed; /* OnComplete was called */
    bool ended;
    HRESULT result;
    uint8_t *response; /* owned; NULL: none */
    uint32_t response_size;
    UINT16 private_size;
    BYTE private_data[maxPrivateDataSize];
};

void validation_add_ref(struct validation *validation)
{
    InterlockedIncrement(&validation->refs);
}

static ULONG release(struct validation *validation)
{
    LONG refs = InterlockedDecrement(&validation->refs);

    if (!refs)
    {
        if (validation->request_marshaler)
            IUnknown_Release(validation->request_marshaler);
        if (validation->callback_marshaler)
            IUnknown_Release(validation->callback_marshaler);
        free(validation->machine_name);
        free((void *)validation->soh.data);
        free(validation->response);
        free(validation);
    }
    return refs;
}

void validation_release(struct validation *validation)
{
    release(validation);
}

/* ---- the request ---- */

static struct validation *impl_from_request(INapSystemHealthValidationRequest2 *iface)
{
    return CONTAINING_RECORD(iface, struct validation, INapSystemHealthValidationRequest2_iface);
}

static HRESULT STDMETHODCALLTYPE request_QueryInterface(
        INapSystemHealthValidationRequest2 *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    struct validation *validation = impl_from_request(iface);

    if (!object)
        return TRACED(E_POINTER);
    *object = NULL;
    if (IsEqualIID(riid, &IID_IMarshal))
        return TRACED(IUnknown_QueryInterface(validation->request_marshaler, riid, object));
    if (!IsEqualIID(riid, &IID_IUnknown)
            && !IsEqualIID(riid, &IID_INapSystemHealthValidationRequest)
            && !IsEqualIID(riid, &IID_INapSystemHealthValidationRequest2))
        return TRACED(E_NOINTERFACE);
    *object = iface;
    validation_add_ref(validation);
    return TRACED(S_OK);
}

static ULONG STDMETHODCALLTYPE request_AddRef(INapSystemHealthValidationRequest2 *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(InterlockedIncrement(&impl_from_request(iface)->refs));
}

static ULONG STDMETHODCALLTYPE request_Release(INapSystemHealthValidationRequest2 *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(release(impl_from_request(iface)));
}

/* Checks first that the validation has not ended, then the getter's output. */
static HRESULT check_getter(struct validation *validation, const void *out)
{
    bool ended;

    AcquireSRWLockShared(&validation->lock);
    ended = validation->ended;
    ReleaseSRWLockShared(&validation->lock);
    if (ended)
        return NAP_E_NOT_PENDING;
    return out ? S_OK : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE request_GetCorrelationId(
        INapSystemHealthValidationRequest2 *iface, CorrelationId *correlation)
{
    TRACE_CALL("(iface %p, correlation %p)", (const void *)iface, (const void *)correlation);
    struct validation *validation = impl_from_request(iface);
    HRESULT hr = check_getter(validation, correlation);

    if (correlation)
        *correlation = SUCCEEDED(hr) ? validation->correlation : (CorrelationId){0};
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE request_GetStringCorrelationId(
        INapSystemHealthValidationRequest2 *iface, StringCorrelationId **string)
{
    TRACE_CALL("(iface %p, string %p)", (const void *)iface, (const void *)string);
    struct validation *validation = impl_from_request(iface);
    HRESULT hr = check_getter(validation, string);

    if (string)
        *string = NULL;
    return TRACED(SUCCEEDED(hr) ? correlation_to_string(&validation->correlation, string) : hr);
}

static HRESULT STDMETHODCALLTYPE request_GetMachineName(
        INapSystemHealthValidationRequest2 *iface, CountedString **name)
{
    TRACE_CALL("(iface %p, name %p)", (const void *)iface, (const void *)name);
    struct validation *validation = impl_from_request(iface);
    HRESULT hr = check_getter(validation, name);

    if (name)
        *name = NULL;
    if (FAILED(hr))
        return TRACED(hr);
    return TRACED(
            task_counted_string(name, validation->machine_name, validation->machine_name_length));
}

static HRESULT STDMETHODCALLTYPE request_GetSoHRequest(
        INapSystemHealthValidationRequest2 *iface, SoHRequest **soh, BOOL *system_generated)
{
    TRACE_CALL("(iface %p, soh %p, system_generated %p)", (const void *)iface, (const void *)soh,
            (const void *)system_generated);
    struct validation *validation = impl_from_request(iface);
    HRESULT hr = check_getter(validation, soh && system_generated ? soh : NULL);

    if (soh)
        *soh = NULL;
    if (system_generated)
        *system_generated = FALSE;
    /* It stays NULL if the client did not send an SoHRequest. */
    if (SUCCEEDED(hr) && validation->soh.size)
        hr = soh_from_wire(&validation->soh, soh);
    if (SUCCEEDED(hr))
        *system_generated = validation->system_generated;
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE request_SetSoHResponse(
        INapSystemHealthValidationRequest2 *iface, const SoHResponse *soh)
{
    TRACE_CALL("(iface %p, soh %p)", (const void *)iface, (const void *)soh);
    struct validation *validation = impl_from_request(iface);
    uint8_t *response, *old = NULL;
    uint32_t size;
    HRESULT hr = check_getter(validation, soh);

    if (FAILED(hr) || FAILED(hr = soh_to_wire(soh, validation->id, &response, &size)))
        return TRACED(hr);
    AcquireSRWLockExclusive(&validation->lock);
    if (validation->ended)
    {
        old = response;
        hr = NAP_E_NOT_PENDING;
    }
    else
    {
        old = validation->response;
        validation->response = response;
        validation->response_size = size;
    }
    ReleaseSRWLockExclusive(&validation->lock);
    free(old);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE request_GetSoHResponse(
        INapSystemHealthValidationRequest2 *iface, SoHResponse **soh)
{
    TRACE_CALL("(iface %p, soh %p)", (const void *)iface, (const void *)soh);
    struct validation *validation = impl_from_request(iface);
    struct napipc_blob response;
    HRESULT hr;

    if (soh)
        *soh = NULL;
    AcquireSRWLockShared(&validation->lock);
    response.data = validation->response;
    response.size = validation->response_size;
    if (validation->ended)
        hr = NAP_E_NOT_PENDING;
    else if (!soh)
        hr = E_INVALIDARG;
    else
        hr = response.data ? soh_from_wire(&response, soh) : NAP_E_MISSING_SOH;
    ReleaseSRWLockShared(&validation->lock);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE request_SetPrivateData(
        INapSystemHealthValidationRequest2 *iface, const PrivateData *data)
{
    TRACE_CALL("(iface %p, data %p)", (const void *)iface, (const void *)data);
    struct validation *validation = impl_from_request(iface);
    HRESULT hr = S_OK;

    AcquireSRWLockExclusive(&validation->lock);
    if (validation->ended)
        hr = NAP_E_NOT_PENDING;
    else if (!data || data->size > maxPrivateDataSize || (data->size && !data->data))
        hr = E_INVALIDARG;
    else
    {
        validation->private_size = data->size;
        if (data->size)
            memcpy(validation->private_data, data->data, data->size);
    }
    ReleaseSRWLockExclusive(&validation->lock);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE request_GetPrivateData(
        INapSystemHealthValidationRequest2 *iface, PrivateData **data)
{
    TRACE_CALL("(iface %p, data %p)", (const void *)iface, (const void *)data);
    struct validation *validation = impl_from_request(iface);
    HRESULT hr = check_getter(validation, data);
    PrivateData *copy;

    if (data)
        *data = NULL;
    if (FAILED(hr))
        return TRACED(hr);
    if (!(copy = CoTaskMemAlloc(sizeof(*copy))))
        return TRACED(E_OUTOFMEMORY);
    AcquireSRWLockShared(&validation->lock);
    copy->size = validation->private_size;
    copy->data = task_copy(validation->private_data, copy->size);
    ReleaseSRWLockShared(&validation->lock);
    if (!copy->data)
    {
        CoTaskMemFree(copy);
        return TRACED(E_OUTOFMEMORY);
    }
    *data = copy;
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE request_GetConfigID(
        INapSystemHealthValidationRequest2 *iface, UINT32 *config_id)
{
    TRACE_CALL("(iface %p, config_id %p)", (const void *)iface, (const void *)config_id);
    struct validation *validation = impl_from_request(iface);
    HRESULT hr = check_getter(validation, config_id);

    if (config_id)
        *config_id = SUCCEEDED(hr) ? validation->config_id : 0;
    return TRACED(hr);
}

static const INapSystemHealthValidationRequest2Vtbl request_vtbl = {
        request_QueryInterface,
        request_AddRef,
        request_Release,
        request_GetCorrelationId,
        request_GetStringCorrelationId,
        request_GetMachineName,
        request_GetSoHRequest,
        request_SetSoHResponse,
        request_GetSoHResponse,
        request_SetPrivateData,
        request_GetPrivateData,
        request_GetConfigID,
};

/* ---- the callback ---- */

static struct validation *impl_from_callback(INapServerCallback *iface)
{
    return CONTAINING_RECORD(iface, struct validation, INapServerCallback_iface);
}

static HRESULT STDMETHODCALLTYPE callback_QueryInterface(
        INapServerCallback *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    struct validation *validation = impl_from_callback(iface);

    if (!object)
        return TRACED(E_POINTER);
    *object = NULL;
    if (IsEqualIID(riid, &IID_IMarshal))
        return TRACED(IUnknown_QueryInterface(validation->callback_marshaler, riid, object));
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapServerCallback))
        return TRACED(E_NOINTERFACE);
    *object = iface;
    validation_add_ref(validation);
    return TRACED(S_OK);
}

static ULONG STDMETHODCALLTYPE callback_AddRef(INapServerCallback *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(InterlockedIncrement(&impl_from_callback(iface)->refs));
}

static ULONG STDMETHODCALLTYPE callback_Release(INapServerCallback *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(release(impl_from_callback(iface)));
}

/* Is this the request object of the validation? */
static bool is_request(struct validation *validation, INapSystemHealthValidationRequest *request)
{
    IUnknown *identity;
    bool is;

    if (!request
            || FAILED(INapSystemHealthValidationRequest_QueryInterface(
                    request, &IID_IUnknown, (void **)&identity)))
        return false;
    is = (void *)identity == (void *)&validation->INapSystemHealthValidationRequest2_iface;
    IUnknown_Release(identity);
    return is;
}

static HRESULT STDMETHODCALLTYPE callback_OnComplete(
        INapServerCallback *iface, INapSystemHealthValidationRequest *request, HRESULT code)
{
    TRACE_CALL("(iface %p, request %p, code %#lx)", (const void *)iface, (const void *)request,
            (unsigned long)code);
    struct validation *validation = impl_from_callback(iface);
    HRESULT hr = S_OK;

    if (!is_request(validation, request))
        return TRACED(E_INVALIDARG);
    AcquireSRWLockExclusive(&validation->lock);
    if (validation->ended || validation->completed
            || (validation->returned && !validation->pending))
        hr = NAP_E_NOT_PENDING;
    else
    {
        validation->completed = true;
        validation->result = code;
        WakeAllConditionVariable(&validation->changed);
    }
    ReleaseSRWLockExclusive(&validation->lock);
    return TRACED(hr);
}

static const INapServerCallbackVtbl callback_vtbl = {
        callback_QueryInterface,
        callback_AddRef,
        callback_Release,
        callback_OnComplete,
};

/* ---- the validation ---- */

static HRESULT copy_request(struct validation *validation, const struct napipc_validate *request)
{
    const struct napipc_string *name = &request->machine_name;
    uint8_t *soh;

    correlation_from_wire(&request->correlation, &validation->correlation);
    validation->config_id = request->config_id;
    validation->system_generated = request->system_generated && request->soh.size;
    if (!(validation->machine_name = calloc(name->length + 1, sizeof(WCHAR))))
        return E_OUTOFMEMORY;
    if (name->length)
        memcpy(validation->machine_name, name->units, name->length * sizeof(WCHAR));
    validation->machine_name_length = name->length;
    if (request->soh.size)
    {
        if (!(soh = malloc(request->soh.size)))
            return E_OUTOFMEMORY;
        memcpy(soh, request->soh.data, request->soh.size);
        validation->soh.data = soh;
        validation->soh.size = request->soh.size;
    }
    return S_OK;
}

HRESULT validation_create(
        SystemHealthEntityId id, const struct napipc_validate *request, struct validation **out)
{
    struct validation *validation = calloc(1, sizeof(*validation));
    HRESULT hr;

    *out = NULL;
    if (!validation)
        return E_OUTOFMEMORY;
    validation->INapSystemHealthValidationRequest2_iface.lpVtbl = (void *)&request_vtbl;
    validation->INapServerCallback_iface.lpVtbl = (void *)&callback_vtbl;
    validation->refs = 1;
    validation->id = id;
    InitializeSRWLock(&validation->lock);
    InitializeConditionVariable(&validation->changed);
    if (FAILED(hr = copy_request(validation, request))
            || FAILED(hr = CoCreateFreeThreadedMarshaler(
                              (IUnknown *)&validation->INapSystemHealthValidationRequest2_iface,
                              &validation->request_marshaler))
            || FAILED(hr = CoCreateFreeThreadedMarshaler(
                              (IUnknown *)&validation->INapServerCallback_iface,
                              &validation->callback_marshaler)))
    {
        release(validation);
        return hr;
    }
    *out = validation;
    return S_OK;
}

INapSystemHealthValidationRequest *validation_request(struct validation *validation)
{
    return (INapSystemHealthValidationRequest *)&validation
            ->INapSystemHealthValidationRequest2_iface;
}

INapServerCallback *validation_callback(struct validation *validation)
{
    return &validation->INapServerCallback_iface;
}

void validation_returned(struct validation *validation, HRESULT result)
{
    AcquireSRWLockExclusive(&validation->lock);
    validation->returned = true;
    validation->pending = result == E_PENDING;
    /* OnComplete without E_PENDING says nothing: what Validate returns counts. */
    if (!validation->pending)
        validation->result = result;
    WakeAllConditionVariable(&validation->changed);
    ReleaseSRWLockExclusive(&validation->lock);
}

HRESULT validation_end(
        struct validation *validation, DWORD timeout, const uint8_t **response, uint32_t *size)
{
    ULONGLONG begun = GetTickCount64(), passed = 0;
    HRESULT hr = NAP_E_SHV_TIMEOUT;

    AcquireSRWLockExclusive(&validation->lock);
    while (!validation->returned || (validation->pending && !validation->completed))
    {
        if ((passed = GetTickCount64() - begun) >= timeout)
            break;
        SleepConditionVariableSRW(
                &validation->changed, &validation->lock, (DWORD)(timeout - passed), 0);
    }
    if (validation->returned && (!validation->pending || validation->completed))
        hr = validation->result;
    /* S_OK says that the response is set; another success is no documented result. */
    if (hr == S_OK && !validation->response)
        hr = NAP_E_MISSING_SOH;
    else if (SUCCEEDED(hr) && hr != S_OK)
        hr = E_UNEXPECTED;
    validation->ended = true;
    *response = hr == S_OK ? validation->response : NULL;
    *size = hr == S_OK ? validation->response_size : 0;
    ReleaseSRWLockExclusive(&validation->lock);
    return hr;
}
