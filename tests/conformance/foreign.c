/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection object of a program's own.
 */

#include "foreign.h"

static struct foreign *impl(INapEnforcementClientConnection *iface)
{
    return CONTAINING_RECORD(iface, struct foreign, INapEnforcementClientConnection_iface);
}

#define METHOD(name, ...)                                                                          \
    static HRESULT STDMETHODCALLTYPE foreign_##name(                                               \
            INapEnforcementClientConnection *iface, __VA_ARGS__)
#define FAIL_IF_TOLD(name)                                                                         \
    do                                                                                             \
    {                                                                                              \
        if (impl(iface)->failing && !strcmp(impl(iface)->failing, name))                           \
            return E_NOTIMPL;                                                                      \
    } while (0)

METHOD(QueryInterface, REFIID riid, void **out)
{
    *out = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapEnforcementClientConnection))
    {
        impl(iface)->asked_for++;
        return E_NOINTERFACE;
    }
    *out = iface;
    INapEnforcementClientConnection_AddRef(iface);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE foreign_AddRef(INapEnforcementClientConnection *iface)
{
    return InterlockedIncrement(&impl(iface)->refs);
}

static ULONG STDMETHODCALLTYPE foreign_Release(INapEnforcementClientConnection *iface)
{
    return InterlockedDecrement(&impl(iface)->refs);
}

METHOD(Initialize, EnforcementEntityId id)
{
    (void)id;
    impl(iface)->initialized++;
    return S_OK;
}

METHOD(SetMaxSize, ProtocolMaxSize size)
{
    impl(iface)->max_size = size;
    return S_OK;
}

METHOD(GetMaxSize, ProtocolMaxSize *size)
{
    FAIL_IF_TOLD("GetMaxSize");
    if (impl(iface)->wait_in_GetMaxSize)
    {
        SetEvent(impl(iface)->inside_GetMaxSize);
        WaitForSingleObject(impl(iface)->wait_in_GetMaxSize, 10000);
    }
    *size = impl(iface)->max_size;
    return S_OK;
}

METHOD(SetFlags, UINT8 flags)
{
    FAIL_IF_TOLD("SetFlags");
    impl(iface)->flags = flags;
    return S_OK;
}

METHOD(GetFlags, UINT8 *flags)
{
    *flags = impl(iface)->flags;
    return S_OK;
}

METHOD(SetConnectionId, const ConnectionId *id)
{
    (void)iface;
    (void)id;
    return S_OK;
}

METHOD(GetConnectionId, ConnectionId **id)
{
    FAIL_IF_TOLD("GetConnectionId");
    *id = NULL;
    if (!impl(iface)->gives_nothing)
    {
        *id = CoTaskMemAlloc(sizeof(**id));
        **id = IID_IStream;
    }
    return S_OK;
}

METHOD(GetCorrelationId, CorrelationId *id)
{
    *id = impl(iface)->correlation;
    return S_OK;
}

METHOD(GetStringCorrelationId, StringCorrelationId **id)
{
    (void)iface;
    *id = NULL;
    return E_NOTIMPL;
}

METHOD(SetCorrelationId, CorrelationId id)
{
    FAIL_IF_TOLD("SetCorrelationId");
    impl(iface)->correlation = id;
    return S_OK;
}

static NetworkSoH *soh_of(const BYTE *bytes, UINT16 size)
{
    NetworkSoH *soh = CoTaskMemAlloc(sizeof(*soh));

    soh->size = size;
    soh->data = CoTaskMemAlloc(size ? size : 1);
    memcpy(soh->data, bytes, size);
    return soh;
}

METHOD(SetSoHRequest, const NetworkSoHRequest *soh)
{
    FAIL_IF_TOLD("SetSoHRequest");
    memcpy(impl(iface)->request, soh->data, soh->size);
    impl(iface)->request_size = soh->size;
    return S_OK;
}

METHOD(GetSoHRequest, NetworkSoHRequest **soh)
{
    *soh = soh_of(impl(iface)->request, impl(iface)->request_size);
    return S_OK;
}

METHOD(SetSoHResponse, const NetworkSoHResponse *soh)
{
    memcpy(impl(iface)->response, soh->data, soh->size);
    impl(iface)->response_size = soh->size;
    return S_OK;
}

METHOD(GetSoHResponse, NetworkSoHResponse **soh)
{
    FAIL_IF_TOLD("GetSoHResponse");
    *soh = impl(iface)->gives_nothing ? NULL
                                      : soh_of(impl(iface)->response, impl(iface)->response_size);
    return S_OK;
}

METHOD(SetIsolationInfo, const IsolationInfo *info)
{
    FAIL_IF_TOLD("SetIsolationInfo");
    impl(iface)->decided++;
    impl(iface)->state = info->isolationState;
    lstrcpynW(impl(iface)->url, info->failureUrl.string, 64);
    return S_OK;
}

METHOD(GetIsolationInfo, IsolationInfo **info)
{
    *info = NULL;
    if (impl(iface)->gives_nothing)
        return S_OK;
    *info = CoTaskMemAlloc(sizeof(**info));
    memset(*info, 0, sizeof(**info));
    (*info)->isolationState = impl(iface)->state;
    return S_OK;
}

METHOD(SetPrivateData, const PrivateData *data)
{
    FAIL_IF_TOLD("SetPrivateData");
    memcpy(impl(iface)->data, data->data, data->size);
    impl(iface)->data_size = data->size;
    return S_OK;
}

METHOD(GetPrivateData, PrivateData **data)
{
    FAIL_IF_TOLD("GetPrivateData");
    *data = impl(iface)->gives_nothing
                    ? NULL
                    : (PrivateData *)soh_of(impl(iface)->data, impl(iface)->data_size);
    return S_OK;
}

METHOD(SetEnforcerPrivateData, const PrivateData *data)
{
    (void)iface;
    (void)data;
    return E_NOTIMPL; /* the agent must not call this */
}

METHOD(GetEnforcerPrivateData, PrivateData **data)
{
    (void)iface;
    *data = NULL;
    return E_NOTIMPL;
}

static INapEnforcementClientConnectionVtbl foreign_vtbl = {
        foreign_QueryInterface,
        foreign_AddRef,
        foreign_Release,
        foreign_Initialize,
        foreign_SetMaxSize,
        foreign_GetMaxSize,
        foreign_SetFlags,
        foreign_GetFlags,
        foreign_SetConnectionId,
        foreign_GetConnectionId,
        foreign_GetCorrelationId,
        foreign_GetStringCorrelationId,
        foreign_SetCorrelationId,
        foreign_SetSoHRequest,
        foreign_GetSoHRequest,
        foreign_SetSoHResponse,
        foreign_GetSoHResponse,
        foreign_SetIsolationInfo,
        foreign_GetIsolationInfo,
        foreign_SetPrivateData,
        foreign_GetPrivateData,
        foreign_SetEnforcerPrivateData,
        foreign_GetEnforcerPrivateData,
};

void foreign_init(struct foreign *foreign)
{
    memset(foreign, 0, sizeof(*foreign));
    foreign->INapEnforcementClientConnection_iface.lpVtbl = &foreign_vtbl;
    foreign->refs = 1;
    foreign->max_size = defaultProtocolMaxSize;
}
