/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NapSoHProcessor: reads the SoH packet of one health agent or validator
 * (pages inapsohprocessor*).
 */

#include "qutil_private.h"

#include "libs/log/trace.h"

struct soh_processor
{
    INapSoHProcessor INapSoHProcessor_iface;
    LONG ref;
    IUnknown *marshaler;

    SRWLOCK lock; /* guards soh until it is set; then it never changes */
    SoH *soh;
};

static struct soh_processor *impl_from_INapSoHProcessor(INapSoHProcessor *iface)
{
    return CONTAINING_RECORD(iface, struct soh_processor, INapSoHProcessor_iface);
}

/* The packet, NULL before Initialize. */
static const SoH *packet_of(struct soh_processor *processor)
{
    const SoH *soh;

    AcquireSRWLockShared(&processor->lock);
    soh = processor->soh;
    ReleaseSRWLockShared(&processor->lock);
    return soh;
}

static HRESULT STDMETHODCALLTYPE soh_processor_QueryInterface(
        INapSoHProcessor *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    struct soh_processor *processor = impl_from_INapSoHProcessor(iface);

    if (!object)
        return TRACED(E_POINTER);
    *object = NULL;
    if (!riid)
        return TRACED(E_INVALIDARG);
    if (IsEqualIID(riid, &IID_IMarshal))
        return TRACED(IUnknown_QueryInterface(processor->marshaler, riid, object));
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapSoHProcessor))
        return TRACED(E_NOINTERFACE);
    *object = iface;
    INapSoHProcessor_AddRef(iface);
    return TRACED(S_OK);
}

static ULONG STDMETHODCALLTYPE soh_processor_AddRef(INapSoHProcessor *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(InterlockedIncrement(&impl_from_INapSoHProcessor(iface)->ref));
}

static ULONG STDMETHODCALLTYPE soh_processor_Release(INapSoHProcessor *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    struct soh_processor *processor = impl_from_INapSoHProcessor(iface);
    ULONG ref = InterlockedDecrement(&processor->ref);

    if (!ref)
    {
        if (processor->marshaler)
            IUnknown_Release(processor->marshaler);
        FreeSoH(processor->soh);
        CoTaskMemFree(processor);
        module_unlock();
    }
    return TRACED(ref);
}

/* Succeeds once. The packet is copied: the caller may free its own. */
static HRESULT STDMETHODCALLTYPE soh_processor_Initialize(
        INapSoHProcessor *iface, const SoH *soh, BOOL isRequest, SystemHealthEntityId *id)
{
    TRACE_CALL("(iface %p, soh %p, isRequest %d, id %p)", (const void *)iface, (const void *)soh,
            isRequest, (const void *)id);
    struct soh_processor *processor = impl_from_INapSoHProcessor(iface);
    SoHAttributeValue *value;
    const char *rule;
    HRESULT hr;

    if (!id)
        return TRACED(E_INVALIDARG);
    *id = 0;
    if (!soh)
        return TRACED(E_INVALIDARG);

    AcquireSRWLockExclusive(&processor->lock);
    if (processor->soh)
        hr = HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED);
    else if ((rule = soh_rule(soh, isRequest)))
    {
        log_event(LOG_INFO, 0, "packet-invalid", "%s", rule);
        hr = NAP_E_INVALID_PACKET;
    }
    else if (SUCCEEDED(hr = attribute_unpack(&soh->attributes[0], &value)))
    {
        if (SUCCEEDED(hr = soh_copy(soh, &processor->soh)))
            *id = value->idVal;
        CoTaskMemFree(value);
    }
    ReleaseSRWLockExclusive(&processor->lock);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE soh_processor_FindNextAttribute(INapSoHProcessor *iface,
        UINT16 fromLocation, SoHAttributeType type, UINT16 *attributeLocation)
{
    TRACE_CALL("(iface %p, fromLocation %lu, type %lu, attributeLocation %p)", (const void *)iface,
            (unsigned long)fromLocation, (unsigned long)type, (const void *)attributeLocation);
    const SoH *soh = packet_of(impl_from_INapSoHProcessor(iface));
    UINT16 location;

    if (!attributeLocation)
        return TRACED(E_INVALIDARG);
    *attributeLocation = 0;
    if (!soh)
        return TRACED(NAP_E_NOT_INITIALIZED);
    if (fromLocation >= soh->count)
        return TRACED(E_INVALIDARG);

    location = soh_find(soh, fromLocation, type);
    if (location == soh->count)
        return TRACED(HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
    *attributeLocation = location;
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE soh_processor_GetAttribute(INapSoHProcessor *iface,
        UINT16 attributeLocation, SoHAttributeType *type, SoHAttributeValue **value)
{
    TRACE_CALL("(iface %p, attributeLocation %lu, type %p, value %p)", (const void *)iface,
            (unsigned long)attributeLocation, (const void *)type, (const void *)value);
    const SoH *soh = packet_of(impl_from_INapSoHProcessor(iface));
    HRESULT hr;

    if (type)
        *type = 0;
    if (value)
        *value = NULL;
    if (!type || !value)
        return TRACED(E_INVALIDARG);
    if (!soh)
        return TRACED(NAP_E_NOT_INITIALIZED);
    if (attributeLocation >= soh->count)
        return TRACED(E_INVALIDARG);

    hr = attribute_unpack(&soh->attributes[attributeLocation], value);
    if (SUCCEEDED(hr))
        *type = soh->attributes[attributeLocation].type;
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE soh_processor_GetNumberOfAttributes(
        INapSoHProcessor *iface, UINT16 *attributeCount)
{
    TRACE_CALL("(iface %p, attributeCount %p)", (const void *)iface, (const void *)attributeCount);
    const SoH *soh = packet_of(impl_from_INapSoHProcessor(iface));

    if (!attributeCount)
        return TRACED(E_INVALIDARG);
    *attributeCount = 0;
    if (!soh)
        return TRACED(NAP_E_NOT_INITIALIZED);
    *attributeCount = soh->count;
    return TRACED(S_OK);
}

static const INapSoHProcessorVtbl soh_processor_vtbl = {
        soh_processor_QueryInterface,
        soh_processor_AddRef,
        soh_processor_Release,
        soh_processor_Initialize,
        soh_processor_FindNextAttribute,
        soh_processor_GetAttribute,
        soh_processor_GetNumberOfAttributes,
};

HRESULT soh_processor_create(REFIID riid, void **object)
{
    struct soh_processor *processor;
    HRESULT hr;

    if (!(processor = task_alloc_zeroed(sizeof(*processor))))
        return E_OUTOFMEMORY;
    module_lock();
    processor->INapSoHProcessor_iface.lpVtbl = &soh_processor_vtbl;
    processor->ref = 1;
    InitializeSRWLock(&processor->lock);

    /* Any thread may call the object, so no proxy is needed within the process. */
    hr = CoCreateFreeThreadedMarshaler(
            (IUnknown *)&processor->INapSoHProcessor_iface, &processor->marshaler);
    if (SUCCEEDED(hr))
        hr = INapSoHProcessor_QueryInterface(&processor->INapSoHProcessor_iface, riid, object);
    INapSoHProcessor_Release(&processor->INapSoHProcessor_iface);
    return hr;
}
