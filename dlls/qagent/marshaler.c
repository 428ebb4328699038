/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The marshaler of connection and request objects: the system's free-threaded one,
 * with workarounds for two faults of Wine's COM.
 *
 * Within a process every apartment gets the object itself. Another process gets a
 * proxy from the standard marshaler, and there Wine's rpcrt4 (seen in 8.0) has a
 * fault in arrays of interface pointers. The sender finds the end of the array by
 * the maximum size of each pointer, the receiver by the actual size. The two differ
 * for an object that implements IMarshal: CoGetMarshalSizeMax allows it a larger
 * header than the standard marshaler writes. The receiver then reads what follows
 * the array, the HRESULT of GetConnections, from the wrong offset. So whatever goes
 * into NDR's stream is padded to the maximum size. The receiver skips the padding,
 * because an MInterfacePointer ([MS-DCOM] 2.2.14) carries its own length.
 *
 * The second fault: Wine's stubs and proxies do not tell the marshaler that a call
 * stays in the process, so it would make a proxy. Callers that know that it stays
 * use marshaler_stay_near().
 */
#include "marshaler.h"

#include "libs/log/trace.h"

static struct marshaler *impl_from_marshal(IMarshal *iface)
{
    return CONTAINING_RECORD(iface, struct marshaler, IMarshal_iface);
}

static HRESULT STDMETHODCALLTYPE marshal_QueryInterface(IMarshal *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    return TRACED(IUnknown_QueryInterface(impl_from_marshal(iface)->owner, riid, object));
}

static ULONG STDMETHODCALLTYPE marshal_AddRef(IMarshal *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(IUnknown_AddRef(impl_from_marshal(iface)->owner));
}

static ULONG STDMETHODCALLTYPE marshal_Release(IMarshal *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(IUnknown_Release(impl_from_marshal(iface)->owner));
}

/* MSHCTX_INPROC if this thread's calls stay in the process; else what the system passed. */
static DWORD true_context(IMarshal *iface, DWORD context)
{
    return impl_from_marshal(iface)->near_thread == GetCurrentThreadId() ? MSHCTX_INPROC : context;
}

/* *marshal is a reference to the owner, which the caller releases. */
static HRESULT system_marshaler(IMarshal *iface, IMarshal **marshal)
{
    return IUnknown_QueryInterface(
            impl_from_marshal(iface)->free_threaded, &IID_IMarshal, (void **)marshal);
}

static HRESULT STDMETHODCALLTYPE marshal_GetUnmarshalClass(IMarshal *iface, REFIID riid,
        void *object, DWORD context, void *reserved, DWORD flags, CLSID *clsid)
{
    TRACE_CALL("(iface %p, riid %s, object %p, context %lu, reserved %p, flags %lu, "
               "clsid %p)",
            (const void *)iface, TRACE_GUID(riid), (const void *)object, (unsigned long)context,
            (const void *)reserved, (unsigned long)flags, (const void *)clsid);
    IMarshal *marshal;
    HRESULT hr = system_marshaler(iface, &marshal);

    if (FAILED(hr))
        return TRACED(hr);
    context = true_context(iface, context);
    hr = IMarshal_GetUnmarshalClass(marshal, riid, object, context, reserved, flags, clsid);
    IMarshal_Release(marshal);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE marshal_GetMarshalSizeMax(IMarshal *iface, REFIID riid,
        void *object, DWORD context, void *reserved, DWORD flags, DWORD *size)
{
    TRACE_CALL("(iface %p, riid %s, object %p, context %lu, reserved %p, flags %lu, "
               "size %p)",
            (const void *)iface, TRACE_GUID(riid), (const void *)object, (unsigned long)context,
            (const void *)reserved, (unsigned long)flags, (const void *)size);
    IMarshal *marshal;
    HRESULT hr = system_marshaler(iface, &marshal);

    if (FAILED(hr))
        return TRACED(hr);
    context = true_context(iface, context);
    hr = IMarshal_GetMarshalSizeMax(marshal, riid, object, context, reserved, flags, size);
    IMarshal_Release(marshal);
    return TRACED(hr);
}

/* True for NDR's stream over a call's buffer: unlike a program's streams it lacks Stat. */
static bool is_stream_of_ndr(IStream *stream)
{
    STATSTG stat;

    return IStream_Stat(stream, &stat, STATFLAG_NONAME) == E_NOTIMPL;
}

static HRESULT fill_up(IStream *stream, ULONG size)
{
    static const LARGE_INTEGER nowhere;
    static const BYTE zeros[64];
    ULARGE_INTEGER position;
    HRESULT hr = IStream_Seek(stream, nowhere, STREAM_SEEK_CUR, &position);

    while (SUCCEEDED(hr) && position.QuadPart < size)
    {
        ULONG part = (ULONG)min(sizeof(zeros), size - position.QuadPart);

        hr = IStream_Write(stream, zeros, part, NULL);
        position.QuadPart += part;
    }
    return hr;
}

static HRESULT STDMETHODCALLTYPE marshal_MarshalInterface(IMarshal *iface, IStream *stream,
        REFIID riid, void *object, DWORD context, void *reserved, DWORD flags)
{
    TRACE_CALL("(iface %p, stream %p, riid %s, object %p, context %lu, reserved %p, "
               "flags %lu)",
            (const void *)iface, (const void *)stream, TRACE_GUID(riid), (const void *)object,
            (unsigned long)context, (const void *)reserved, (unsigned long)flags);
    IMarshal *marshal;
    HRESULT hr = system_marshaler(iface, &marshal);
    ULONG size;

    if (FAILED(hr))
        return TRACED(hr);
    context = true_context(iface, context);
    hr = IMarshal_MarshalInterface(marshal, stream, riid, object, context, reserved, flags);
    IMarshal_Release(marshal);
    if (FAILED(hr) || context == MSHCTX_INPROC || context == MSHCTX_CROSSCTX
            || !is_stream_of_ndr(stream))
        return TRACED(hr);
    hr = CoGetMarshalSizeMax(
            &size, riid, impl_from_marshal(iface)->owner, context, reserved, flags);
    return TRACED(SUCCEEDED(hr) ? fill_up(stream, size) : hr);
}

static HRESULT STDMETHODCALLTYPE marshal_UnmarshalInterface(
        IMarshal *iface, IStream *stream, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, stream %p, riid %s, object %p)", (const void *)iface,
            (const void *)stream, TRACE_GUID(riid), (const void *)object);
    IMarshal *marshal;
    HRESULT hr = system_marshaler(iface, &marshal);

    *object = NULL;
    if (FAILED(hr))
        return TRACED(hr);
    hr = IMarshal_UnmarshalInterface(marshal, stream, riid, object);
    IMarshal_Release(marshal);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE marshal_ReleaseMarshalData(IMarshal *iface, IStream *stream)
{
    TRACE_CALL("(iface %p, stream %p)", (const void *)iface, (const void *)stream);
    IMarshal *marshal;
    HRESULT hr = system_marshaler(iface, &marshal);

    if (FAILED(hr))
        return TRACED(hr);
    hr = IMarshal_ReleaseMarshalData(marshal, stream);
    IMarshal_Release(marshal);
    return TRACED(hr);
}

static HRESULT STDMETHODCALLTYPE marshal_DisconnectObject(IMarshal *iface, DWORD reserved)
{
    TRACE_CALL("(iface %p, reserved %lu)", (const void *)iface, (unsigned long)reserved);
    IMarshal *marshal;
    HRESULT hr = system_marshaler(iface, &marshal);

    if (FAILED(hr))
        return TRACED(hr);
    hr = IMarshal_DisconnectObject(marshal, reserved);
    IMarshal_Release(marshal);
    return TRACED(hr);
}

static const IMarshalVtbl marshal_vtbl = {
        marshal_QueryInterface,
        marshal_AddRef,
        marshal_Release,
        marshal_GetUnmarshalClass,
        marshal_GetMarshalSizeMax,
        marshal_MarshalInterface,
        marshal_UnmarshalInterface,
        marshal_ReleaseMarshalData,
        marshal_DisconnectObject,
};

HRESULT marshaler_init(struct marshaler *marshaler, IUnknown *owner)
{
    marshaler->IMarshal_iface.lpVtbl = (void *)&marshal_vtbl;
    marshaler->owner = owner;
    return CoCreateFreeThreadedMarshaler(owner, &marshaler->free_threaded);
}

void marshaler_stay_near(struct marshaler *marshaler, bool near_by)
{
    marshaler->near_thread = near_by ? GetCurrentThreadId() : 0;
}

void marshaler_finish(struct marshaler *marshaler)
{
    if (marshaler->free_threaded)
        IUnknown_Release(marshaler->free_threaded);
}
