/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NapSoHConstructor: builds the SoH packet of one health agent or validator
 * (pages inapsohconstructor*).
 */

#include "qutil_private.h"

#include "libs/log/trace.h"

struct soh_constructor
{
    INapSoHConstructor INapSoHConstructor_iface;
    LONG ref;
    IUnknown *marshaler;

    SRWLOCK lock; /* guards what follows */
    bool initialized;
    bool fetched; /* GetSoH has returned every attribute */
    BOOL is_request;
    SystemHealthEntityId id;
    SoH soh; /* attributes points to slots */
    SoHAttribute slots[maxSoHAttributeCount];
};

static struct soh_constructor *impl_from_INapSoHConstructor(INapSoHConstructor *iface)
{
    return CONTAINING_RECORD(iface, struct soh_constructor, INapSoHConstructor_iface);
}

static void clear_packet(struct soh_constructor *constructor)
{
    UINT16 i;

    for (i = 0; i < constructor->soh.count; i++)
        CoTaskMemFree(constructor->slots[i].value);
    constructor->soh.count = 0;
    constructor->initialized = false;
}

static HRESULT STDMETHODCALLTYPE soh_constructor_QueryInterface(
        INapSoHConstructor *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    struct soh_constructor *constructor = impl_from_INapSoHConstructor(iface);

    if (!object)
        return TRACED(E_POINTER);
    *object = NULL;
    if (!riid)
        return TRACED(E_INVALIDARG);
    if (IsEqualIID(riid, &IID_IMarshal))
        return TRACED(IUnknown_QueryInterface(constructor->marshaler, riid, object));
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapSoHConstructor))
        return TRACED(E_NOINTERFACE);
    *object = iface;
    INapSoHConstructor_AddRef(iface);
    return TRACED(S_OK);
}

static ULONG STDMETHODCALLTYPE soh_constructor_AddRef(INapSoHConstructor *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(InterlockedIncrement(&impl_from_INapSoHConstructor(iface)->ref));
}

static ULONG STDMETHODCALLTYPE soh_constructor_Release(INapSoHConstructor *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    struct soh_constructor *constructor = impl_from_INapSoHConstructor(iface);
    ULONG ref = InterlockedDecrement(&constructor->ref);

    if (!ref)
    {
        if (constructor->marshaler)
            IUnknown_Release(constructor->marshaler);
        clear_packet(constructor);
        CoTaskMemFree(constructor);
        module_unlock();
    }
    return TRACED(ref);
}

/* Starts a packet. Fails while the current packet has attributes that GetSoH
 * has not returned: they would be lost. */
static HRESULT STDMETHODCALLTYPE soh_constructor_Initialize(
        INapSoHConstructor *iface, SystemHealthEntityId id, BOOL isRequest)
{
    TRACE_CALL(
            "(iface %p, id %lu, isRequest %d)", (const void *)iface, (unsigned long)id, isRequest);
    struct soh_constructor *constructor = impl_from_INapSoHConstructor(iface);
    SoHAttributeValue value = {.idVal = id};
    SoHAttribute attribute;
    HRESULT hr;

    AcquireSRWLockExclusive(&constructor->lock);
    if (constructor->initialized && !constructor->fetched)
        hr = HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED);
    else
        hr = attribute_pack(sohAttributeTypeSystemHealthId, &value, &attribute);
    if (SUCCEEDED(hr))
    {
        clear_packet(constructor);
        constructor->id = id;
        constructor->slots[constructor->soh.count++] = attribute;
        constructor->is_request = isRequest;
        constructor->initialized = true;
        constructor->fetched = false;
    }
    ReleaseSRWLockExclusive(&constructor->lock);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE soh_constructor_AppendAttribute(
        INapSoHConstructor *iface, SoHAttributeType type, const SoHAttributeValue *value)
{
    TRACE_CALL("(iface %p, type %lu, value %p)", (const void *)iface, (unsigned long)type,
            (const void *)value);
    struct soh_constructor *constructor = impl_from_INapSoHConstructor(iface);
    SoHAttribute attribute;
    const char *rule;
    HRESULT hr;

    if (!value)
        return TRACED(E_INVALIDARG);

    AcquireSRWLockExclusive(&constructor->lock);
    rule = soh_append_rule(&constructor->soh, type, constructor->is_request);
    if (!rule)
        rule = attribute_value_rule(type, value);
    if (!constructor->initialized)
        hr = NAP_E_NOT_INITIALIZED;
    else if (rule)
    {
        log_event(LOG_WARN, constructor->id, "attribute-refused", "type %d: %s", type, rule);
        hr = E_INVALIDARG;
    }
    else
        hr = attribute_pack(type, value, &attribute);
    if (SUCCEEDED(hr))
    {
        constructor->slots[constructor->soh.count++] = attribute;
        constructor->fetched = false;
    }
    ReleaseSRWLockExclusive(&constructor->lock);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE soh_constructor_GetSoH(INapSoHConstructor *iface, SoH **soh)
{
    TRACE_CALL("(iface %p, soh %p)", (const void *)iface, (const void *)soh);
    struct soh_constructor *constructor = impl_from_INapSoHConstructor(iface);
    HRESULT hr;

    if (!soh)
        return TRACED(E_INVALIDARG);
    *soh = NULL;

    AcquireSRWLockExclusive(&constructor->lock);
    if (!constructor->initialized)
        hr = NAP_E_NOT_INITIALIZED;
    else
        hr = soh_copy(&constructor->soh, soh);
    if (SUCCEEDED(hr))
        constructor->fetched = true;
    ReleaseSRWLockExclusive(&constructor->lock);
    return TRACED(hr);
}

/* Checks any packet, not only this object's. */
static HRESULT STDMETHODCALLTYPE soh_constructor_Validate(
        INapSoHConstructor *iface, const SoH *soh, BOOL isRequest)
{
    TRACE_CALL(
            "(iface %p, soh %p, isRequest %d)", (const void *)iface, (const void *)soh, isRequest);
    const char *rule;

    (void)iface;

    if (!soh)
        return TRACED(E_INVALIDARG);
    if (!(rule = soh_rule(soh, isRequest)))
        return TRACED(S_OK);
    log_event(LOG_INFO, 0, "packet-invalid", "%s", rule);
    return TRACED(NAP_E_INVALID_PACKET);
}

static const INapSoHConstructorVtbl soh_constructor_vtbl = {
        soh_constructor_QueryInterface,
        soh_constructor_AddRef,
        soh_constructor_Release,
        soh_constructor_Initialize,
        soh_constructor_AppendAttribute,
        soh_constructor_GetSoH,
        soh_constructor_Validate,
};

HRESULT soh_constructor_create(REFIID riid, void **object)
{
    struct soh_constructor *constructor;
    HRESULT hr;

    if (!(constructor = task_alloc_zeroed(sizeof(*constructor))))
        return E_OUTOFMEMORY;
    module_lock();
    constructor->INapSoHConstructor_iface.lpVtbl = &soh_constructor_vtbl;
    constructor->ref = 1;
    InitializeSRWLock(&constructor->lock);
    constructor->soh.attributes = constructor->slots;

    /* Any thread may call the object, so no proxy is needed within the process. */
    hr = CoCreateFreeThreadedMarshaler(
            (IUnknown *)&constructor->INapSoHConstructor_iface, &constructor->marshaler);
    if (SUCCEEDED(hr))
        hr = INapSoHConstructor_QueryInterface(
                &constructor->INapSoHConstructor_iface, riid, object);
    INapSoHConstructor_Release(&constructor->INapSoHConstructor_iface);
    return hr;
}
