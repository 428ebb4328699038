/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * odd_validator.dll: validators of another maker, in process, and what goes wrong with them.
 */
#include <windows.h>
#include <objbase.h>
#include <naptypes.h>
#include <napprotocol.h>
#include <napsystemhealthvalidator.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "naperror.h"

#include "odd_validator.h"

#define LARGE_ATTRIBUTES 14
#define LARGE_SIZE 4000
#define LEAK (100 * 1024 * 1024)

struct odd_validator
{
    INapSystemHealthValidator INapSystemHealthValidator_iface;
    IClassFactory IClassFactory_iface;
    enum odd odd;
};

/* Its id: the last argument of its process. It may be registered under many. */
static SystemHealthEntityId own_id(void)
{
    return wcstoul(wcsrchr(GetCommandLineW(), ' ') + 1, NULL, 10);
}

/* A response with one more attribute of `size` bytes at most 4, and `more` large ones. */
static HRESULT respond(INapSystemHealthValidationRequest *request, UINT16 type, UINT16 size,
        UINT32 value, UINT16 more)
{
    static BYTE large[LARGE_SIZE] = {0, 0, 1, 0x37};
    SystemHealthEntityId id = own_id();
    BYTE health_id[4] = {(BYTE)(id >> 24), (BYTE)(id >> 16), (BYTE)(id >> 8), (BYTE)id};
    BYTE bytes[4] = {(BYTE)(value >> 24), (BYTE)(value >> 16), (BYTE)(value >> 8), (BYTE)value};
    SoHAttribute attributes[2 + LARGE_ATTRIBUTES] = {
            {sohAttributeTypeSystemHealthId, 4, health_id}, {type, size, bytes + 4 - size}};
    SoHResponse response = {2 + more, attributes};
    UINT16 i;

    for (i = 0; i < more; i++)
        attributes[2 + i] = (SoHAttribute){sohAttributeTypeVendorSpecific, LARGE_SIZE, large};
    return INapSystemHealthValidationRequest_SetSoHResponse(request, &response);
}

static HRESULT respond_code(INapSystemHealthValidationRequest *request, HRESULT code)
{
    return respond(request, sohAttributeTypeComplianceResultCodes, 4, (UINT32)code, 0);
}

/* The number of attributes of the SoH; 0: the client sent none. */
static UINT16 count_attributes(INapSystemHealthValidationRequest *request)
{
    SoHRequest *soh = NULL;
    BOOL generated;

    INapSystemHealthValidationRequest_GetSoHRequest(request, &soh, &generated);
    return soh ? soh->count : 0; /* what it allocated ends with the process */
}

/* ---- later ---- */

struct completion
{
    INapSystemHealthValidationRequest *request;
    INapServerCallback *callback;
    DWORD after; /* ms */
};

static DWORD WINAPI complete(void *context)
{
    struct completion *completion = context;
    HRESULT hr;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    Sleep(completion->after);
    hr = respond_code(completion->request, S_OK);
    INapServerCallback_OnComplete(completion->callback, completion->request, hr);
    INapServerCallback_Release(completion->callback);
    INapSystemHealthValidationRequest_Release(completion->request);
    free(completion);
    CoUninitialize();
    return 0;
}

static HRESULT complete_after(
        DWORD after, INapSystemHealthValidationRequest *request, INapServerCallback *callback)
{
    struct completion *completion = malloc(sizeof(*completion));

    *completion = (struct completion){request, callback, after};
    INapSystemHealthValidationRequest_AddRef(request);
    INapServerCallback_AddRef(callback);
    CloseHandle(CreateThread(NULL, 0, complete, completion, 0, NULL));
    return E_PENDING;
}

/* ---- what goes wrong ---- */

static void write_garbage(void)
{
    static const char garbage[] = "This is no answer, but printed by a validator.";
    ULONG_PTR value;
    DWORD written;

    for (value = 4; value < 0x1000; value += 4)
        if (GetFileType((HANDLE)value) == FILE_TYPE_PIPE)
            WriteFile((HANDLE)value, garbage, sizeof(garbage), &written, NULL);
}

static void leak(void)
{
    static BYTE *volatile kept; /* or the compiler finds that nobody needs it */

    if ((kept = malloc(LEAK)))
        memset(kept, 1, LEAK);
}

static HRESULT STDMETHODCALLTYPE validator_Validate(INapSystemHealthValidator *iface,
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    struct odd_validator *odd =
            CONTAINING_RECORD(iface, struct odd_validator, INapSystemHealthValidator_iface);

    switch (odd->odd)
    {
    case ODD_HEALTHY:
        return respond_code(request, count_attributes(request) ? S_OK : NAP_E_MISSING_SOH);
    case ODD_UNHEALTHY:
        return respond_code(request, E_FAIL);
    case ODD_CATEGORY:
        return respond(
                request, sohAttributeTypeFailureCategory, 1, failureCategoryClientComponent, 0);
    case ODD_COUNTS:
        return respond_code(request, count_attributes(request));
    case ODD_LARGE:
        return respond(request, sohAttributeTypeComplianceResultCodes, 4, 0, LARGE_ATTRIBUTES);
    case ODD_LARGE_UNHEALTHY:
        return respond(request, sohAttributeTypeComplianceResultCodes, 4, (UINT32)E_FAIL,
                LARGE_ATTRIBUTES);
    case ODD_LOADS:
        return respond_code(request, (HRESULT)timeout);
    case ODD_LEAKS:
        leak();
        return respond_code(request, S_OK);
    case ODD_LATER:
        return complete_after(50, request, callback);
    case ODD_LATE:
        return complete_after(700, request, callback);
    case ODD_GONE:
        return HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE);
    case ODD_GARBAGE:
        write_garbage();
        Sleep(INFINITE);
        break;
    case ODD_HANGS:
        Sleep(INFINITE);
        break;
    case ODD_CRASHES:
        RaiseException(EXCEPTION_ACCESS_VIOLATION, EXCEPTION_NONCONTINUABLE, 0, NULL);
        break;
    default:
        break;
    }
    return E_FAIL;
}

/* ---- the objects, which live as long as the DLL ---- */

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

static const INapSystemHealthValidatorVtbl validator_vtbl = {
        validator_QueryInterface,
        validator_AddRef,
        validator_Release,
        validator_Validate,
};

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
    struct odd_validator *odd = CONTAINING_RECORD(iface, struct odd_validator, IClassFactory_iface);

    (void)outer;
    return INapSystemHealthValidator_QueryInterface(
            &odd->INapSystemHealthValidator_iface, riid, object);
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

static struct odd_validator validator = {{(void *)&validator_vtbl}, {(void *)&factory_vtbl}, 0};

HRESULT WINAPI DllGetClassObject(REFCLSID clsid, REFIID riid, void **object)
{
    validator.odd = clsid->Data4[7];
    if (validator.odd == ODD_HANGS_LOADING)
        Sleep(INFINITE);
    if (validator.odd == ODD_LOADS)
        Sleep(600);
    return IClassFactory_QueryInterface(&validator.IClassFactory_iface, riid, object);
}

HRESULT WINAPI DllCanUnloadNow(void)
{
    return S_FALSE;
}
