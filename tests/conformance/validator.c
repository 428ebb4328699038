/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "validator.h"

#include "contract.h"

#include <string.h>

struct validator validator;

static HRESULT STDMETHODCALLTYPE validator_QueryInterface(
        INapSystemHealthValidator *iface, REFIID riid, void **object)
{
    *object = IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_INapSystemHealthValidator)
                      ? iface
                      : NULL;
    return *object ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE validator_AddRef(INapSystemHealthValidator *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE validator_Release(INapSystemHealthValidator *iface)
{
    (void)iface;
    return 1;
}

static HRESULT STDMETHODCALLTYPE validator_Validate(INapSystemHealthValidator *iface,
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    (void)iface;
    InterlockedIncrement(&validator.asked);
    return validator.validate(request, timeout, callback);
}

static const INapSystemHealthValidatorVtbl validator_vtbl = {
        validator_QueryInterface,
        validator_AddRef,
        validator_Release,
        validator_Validate,
};
static INapSystemHealthValidator validator_object = {(void *)&validator_vtbl};

static HRESULT STDMETHODCALLTYPE factory_QueryInterface(
        IClassFactory *iface, REFIID riid, void **object)
{
    *object =
            IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_IClassFactory) ? iface : NULL;
    return *object ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE factory_AddRef(IClassFactory *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE factory_Release(IClassFactory *iface)
{
    (void)iface;
    return 1;
}

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(
        IClassFactory *iface, IUnknown *outer, REFIID riid, void **object)
{
    (void)iface;
    (void)outer;
    InterlockedIncrement(&validator.created);
    return validator_QueryInterface(&validator_object, riid, object);
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *iface, BOOL lock)
{
    (void)iface;
    (void)lock;
    return S_OK;
}

static const IClassFactoryVtbl factory_vtbl = {
        factory_QueryInterface,
        factory_AddRef,
        factory_Release,
        factory_CreateInstance,
        factory_LockServer,
};
static IClassFactory factory = {(void *)&factory_vtbl};
static DWORD cookie;

HRESULT validator_register(void)
{
    CLSID clsid;

    CLSIDFromString(VALIDATOR_CLASS, &clsid);
    return CoRegisterClassObject(
            &clsid, (IUnknown *)&factory, CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE, &cookie);
}

void validator_unregister(void)
{
    CoRevokeClassObject(cookie);
}

HRESULT validator_respond(
        INapSystemHealthValidationRequest *request, SystemHealthEntityId id, HRESULT code)
{
    SystemHealthEntityId own = id ? id : VALIDATOR_ID;
    BYTE health_id[4] = {(BYTE)(own >> 24), (BYTE)(own >> 16), (BYTE)(own >> 8), (BYTE)own};
    BYTE codes[4] = {(BYTE)(code >> 24), (BYTE)(code >> 16), (BYTE)(code >> 8), (BYTE)code};
    SoHAttribute attributes[2] = {{2, 4, health_id}, {4, 4, codes}};
    SoHResponse response = {id ? 2 : 1, attributes};

    return record(INapSystemHealthValidationRequest, SetSoHResponse, request, &response);
}
