/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A small but complete system health validator (SHV), as one was written for a health policy server
 * of Windows Server 2008. It uses Microsoft's public headers and nothing else. It judges what
 * examples/health-agent reports.
 *
 *   regsvr32 validator.dll      registers the COM classes, and the validators with the NAP server
 *   regsvr32 /u validator.dll   undoes that
 *
 * There are two validators. The first judges at once. The second works as one that must ask a
 * server of its own: it returns E_PENDING, and answers on another thread.
 */
#ifndef COBJMACROS
#define COBJMACROS
#endif
#define INITGUID
#include <windows.h>
#include <objbase.h>
#include <olectl.h>
#include <naptypes.h>
#include <napprotocol.h>
#include <napservermanagement.h>
#include <napsystemhealthvalidator.h>
#include <naputil.h>
#include <stdlib.h>
#include <wchar.h>

/* The values of uuid.lib; mingw-w64 only declares them. */
DEFINE_GUID(CLSID_NapServerManagement_, 0xbfcb2c6d, 0x04aa, 0x4fb9, 0xbc, 0x72, 0x58, 0xe1, 0xaf,
        0x64, 0xbe, 0x39);
DEFINE_GUID(CLSID_NapSoHConstructor_, 0xe8140d53, 0x6535, 0x46a5, 0xb8, 0xa1, 0xda, 0x6c, 0x57,
        0x1d, 0xa9, 0xb9);
DEFINE_GUID(CLSID_NapSoHProcessor_, 0xaa160628, 0x8775, 0x46e3, 0x83, 0x7c, 0xf7, 0xa2, 0xae, 0x66,
        0xe2, 0xf5);

/* {5C1D8B20-7A4F-4E6B-9A30-51D2C6E4F7A1} and ...A2: ours */
DEFINE_GUID(CLSID_SampleValidator, 0x5c1d8b20, 0x7a4f, 0x4e6b, 0x9a, 0x30, 0x51, 0xd2, 0xc6, 0xe4,
        0xf7, 0xa1);
DEFINE_GUID(CLSID_SampleSlowValidator, 0x5c1d8b20, 0x7a4f, 0x4e6b, 0x9a, 0x30, 0x51, 0xd2, 0xc6,
        0xe4, 0xf7, 0xa2);

static const struct sample
{
    const CLSID *clsid;
    SystemHealthEntityId id;
    const WCHAR *name;
    BOOL slow;
} samples[] = {
        {&CLSID_SampleValidator, 0x00abd001, L"Sample validator", FALSE},
        {&CLSID_SampleSlowValidator, 0x00abd002, L"Sample validator with a server", TRUE},
};

static HINSTANCE module;
static LONG objects;

/* ---- judging ---- */

/* S_OK: the client is healthy; else the reason why not. */
static HRESULT judge(const SoHRequest *soh)
{
    SoHAttributeValue *value;
    SoHAttributeType type;
    SystemHealthEntityId id;
    INapSoHProcessor *processor;
    UINT16 at, i;
    HRESULT hr;

    if (!soh)
        return NAP_E_MISSING_SOH;
    hr = CoCreateInstance(&CLSID_NapSoHProcessor_, NULL, CLSCTX_INPROC_SERVER,
            &IID_INapSoHProcessor, (void **)&processor);
    if (FAILED(hr))
        return hr;
    if (FAILED(INapSoHProcessor_Initialize(processor, soh, TRUE, &id))
            || FAILED(INapSoHProcessor_FindNextAttribute(
                    processor, 0, sohAttributeTypeComplianceResultCodes, &at)))
        hr = NAP_E_INVALID_PACKET;
    else if (SUCCEEDED(hr = INapSoHProcessor_GetAttribute(processor, at, &type, &value)))
    {
        for (i = 0; i < value->codesVal.count && SUCCEEDED(hr); i++)
            hr = value->codesVal.results[i];
        FreeSoHAttributeValue(type, value);
    }
    INapSoHProcessor_Release(processor);
    return hr;
}

/* Sets the response: what the client is told, or that its health agent has failed. */
static HRESULT respond(INapSystemHealthValidationRequest *request, SystemHealthEntityId id,
        HRESULT verdict, BOOL client_failed)
{
    INapSoHConstructor *constructor;
    SoHAttributeValue value;
    SoHResponse *response = NULL;
    HRESULT hr = CoCreateInstance(&CLSID_NapSoHConstructor_, NULL, CLSCTX_INPROC_SERVER,
            &IID_INapSoHConstructor, (void **)&constructor);

    if (FAILED(hr))
        return hr;
    hr = INapSoHConstructor_Initialize(constructor, id, FALSE);
    if (SUCCEEDED(hr) && client_failed)
    {
        value.uint8Val = failureCategoryClientComponent;
        hr = INapSoHConstructor_AppendAttribute(
                constructor, sohAttributeTypeFailureCategory, &value);
    }
    else if (SUCCEEDED(hr))
    {
        value.codesVal.count = 1;
        value.codesVal.results = &verdict;
        hr = INapSoHConstructor_AppendAttribute(
                constructor, sohAttributeTypeComplianceResultCodes, &value);
    }
    if (SUCCEEDED(hr))
        hr = INapSoHConstructor_GetSoH(constructor, &response);
    if (SUCCEEDED(hr))
        hr = INapSystemHealthValidationRequest_SetSoHResponse(request, response);
    if (response)
        FreeSoH(response);
    INapSoHConstructor_Release(constructor);
    return hr;
}

/* "Validators must return S_OK if the validation could be completed, regardless of whether the
 * SoHRequest passed the health check." */
static HRESULT validate(INapSystemHealthValidationRequest *request, SystemHealthEntityId id)
{
    SoHRequest *soh = NULL;
    BOOL generated = FALSE;
    HRESULT hr = INapSystemHealthValidationRequest_GetSoHRequest(request, &soh, &generated);

    if (FAILED(hr))
        return hr;
    hr = respond(request, id, generated ? S_OK : judge(soh), generated);
    if (soh)
        FreeSoH(soh);
    return hr;
}

/* ---- the second validator's thread ---- */

struct job
{
    SystemHealthEntityId id;
    INapSystemHealthValidationRequest *request;
    INapServerCallback *callback;
};

static DWORD WINAPI run_job(void *context)
{
    struct job *job = context;
    HRESULT hr;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    Sleep(100); /* the answer of the server */
    hr = validate(job->request, job->id);
    INapServerCallback_OnComplete(job->callback, job->request, hr);
    INapServerCallback_Release(job->callback);
    INapSystemHealthValidationRequest_Release(job->request);
    free(job);
    CoUninitialize();
    InterlockedDecrement(&objects);
    FreeLibraryAndExitThread(module, 0);
}

static HRESULT start_job(SystemHealthEntityId id, INapSystemHealthValidationRequest *request,
        INapServerCallback *callback)
{
    struct job *job = malloc(sizeof(*job));
    HMODULE own; /* keeps the code of the thread loaded */
    HANDLE thread;

    if (!job
            || !GetModuleHandleExW(
                    GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (const WCHAR *)run_job, &own))
    {
        free(job);
        return E_OUTOFMEMORY;
    }
    *job = (struct job){id, request, callback};
    INapSystemHealthValidationRequest_AddRef(request);
    INapServerCallback_AddRef(callback);
    InterlockedIncrement(&objects);
    if ((thread = CreateThread(NULL, 0, run_job, job, 0, NULL)))
    {
        CloseHandle(thread);
        return E_PENDING;
    }
    FreeLibrary(own);
    InterlockedDecrement(&objects);
    INapServerCallback_Release(callback);
    INapSystemHealthValidationRequest_Release(request);
    free(job);
    return E_OUTOFMEMORY;
}

/* ---- the validator object ---- */

struct validator
{
    INapSystemHealthValidator INapSystemHealthValidator_iface;
    LONG refs;
    const struct sample *sample;
};

static struct validator *impl_from_validator(INapSystemHealthValidator *iface)
{
    return CONTAINING_RECORD(iface, struct validator, INapSystemHealthValidator_iface);
}

static HRESULT WINAPI validator_QueryInterface(
        INapSystemHealthValidator *iface, REFIID riid, void **object)
{
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapSystemHealthValidator))
        return E_NOINTERFACE;
    *object = iface;
    INapSystemHealthValidator_AddRef(iface);
    return S_OK;
}

static ULONG WINAPI validator_AddRef(INapSystemHealthValidator *iface)
{
    return InterlockedIncrement(&impl_from_validator(iface)->refs);
}

static ULONG WINAPI validator_Release(INapSystemHealthValidator *iface)
{
    struct validator *validator = impl_from_validator(iface);
    LONG refs = InterlockedDecrement(&validator->refs);

    if (!refs)
    {
        free(validator);
        InterlockedDecrement(&objects);
    }
    return refs;
}

static HRESULT WINAPI validator_Validate(INapSystemHealthValidator *iface,
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    const struct sample *sample = impl_from_validator(iface)->sample;

    (void)timeout;
    return sample->slow ? start_job(sample->id, request, callback) : validate(request, sample->id);
}

static const INapSystemHealthValidatorVtbl validator_vtbl = {
        validator_QueryInterface,
        validator_AddRef,
        validator_Release,
        validator_Validate,
};

/* ---- the class objects ---- */

static HRESULT WINAPI factory_QueryInterface(IClassFactory *iface, REFIID riid, void **object)
{
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IClassFactory))
        return E_NOINTERFACE;
    *object = iface;
    return S_OK;
}

static ULONG WINAPI factory_AddRef(IClassFactory *iface)
{
    (void)iface;
    return 2;
}

static ULONG WINAPI factory_Release(IClassFactory *iface)
{
    (void)iface;
    return 1;
}

static struct factory
{
    IClassFactory IClassFactory_iface;
    const struct sample *sample;
} factories[ARRAYSIZE(samples)];

static HRESULT WINAPI factory_CreateInstance(
        IClassFactory *iface, IUnknown *outer, REFIID riid, void **object)
{
    struct validator *validator;
    HRESULT hr;

    *object = NULL;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    if (!(validator = calloc(1, sizeof(*validator))))
        return E_OUTOFMEMORY;
    InterlockedIncrement(&objects);
    validator->INapSystemHealthValidator_iface.lpVtbl = (void *)&validator_vtbl;
    validator->refs = 1;
    validator->sample = CONTAINING_RECORD(iface, struct factory, IClassFactory_iface)->sample;
    hr = validator_QueryInterface(&validator->INapSystemHealthValidator_iface, riid, object);
    validator_Release(&validator->INapSystemHealthValidator_iface);
    return hr;
}

static HRESULT WINAPI factory_LockServer(IClassFactory *iface, BOOL lock)
{
    (void)iface;
    if (lock)
        InterlockedIncrement(&objects);
    else
        InterlockedDecrement(&objects);
    return S_OK;
}

static const IClassFactoryVtbl factory_vtbl = {
        factory_QueryInterface,
        factory_AddRef,
        factory_Release,
        factory_CreateInstance,
        factory_LockServer,
};

/* ---- the DLL ---- */

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
        module = instance;
    return TRUE;
}

STDAPI DllGetClassObject(REFCLSID clsid, REFIID riid, void **object)
{
    size_t i;

    *object = NULL;
    for (i = 0; i < ARRAYSIZE(samples); i++)
        if (IsEqualCLSID(clsid, samples[i].clsid))
        {
            factories[i].IClassFactory_iface.lpVtbl = (void *)&factory_vtbl;
            factories[i].sample = &samples[i];
            return factory_QueryInterface(&factories[i].IClassFactory_iface, riid, object);
        }
    return CLASS_E_CLASSNOTAVAILABLE;
}

STDAPI DllCanUnloadNow(void)
{
    return objects ? S_FALSE : S_OK;
}

static HRESULT register_class(const struct sample *sample)
{
    WCHAR key[128] = L"Software\\Classes\\CLSID\\", path[MAX_PATH];
    LSTATUS status;

    StringFromGUID2(sample->clsid, key + wcslen(key), 40);
    wcscat(key, L"\\InprocServer32");
    if (!GetModuleFileNameW(module, path, MAX_PATH))
        return SELFREG_E_CLASS;
    status = RegSetKeyValueW(
            HKEY_LOCAL_MACHINE, key, NULL, REG_SZ, path, (DWORD)(wcslen(path) + 1) * sizeof(WCHAR));
    if (!status)
        status = RegSetKeyValueW(
                HKEY_LOCAL_MACHINE, key, L"ThreadingModel", REG_SZ, L"Both", sizeof(L"Both"));
    return HRESULT_FROM_WIN32(status);
}

static void set_text(CountedString *string, const WCHAR *text)
{
    string->string = (WCHAR *)text;
    string->length = (UINT16)wcslen(text);
}

static HRESULT register_validator(INapServerManagement *management, const struct sample *sample)
{
    NapComponentRegistrationInfo info = {.id = sample->id};
    HRESULT hr;

    set_text(&info.friendlyName, sample->name);
    set_text(&info.description, L"Judges what the sample health agent reports");
    set_text(&info.version, L"1.0");
    set_text(&info.vendorName, L"Example");
    hr = INapServerManagement_RegisterSystemHealthValidator(management, &info, sample->clsid);
    return hr == NAP_E_CONFLICTING_ID ? S_OK : hr; /* registered already: a repair */
}

static HRESULT create_management(INapServerManagement **management)
{
    return CoCreateInstance(&CLSID_NapServerManagement_, NULL, CLSCTX_INPROC_SERVER,
            &IID_INapServerManagement, (void **)management);
}

STDAPI DllRegisterServer(void)
{
    INapServerManagement *management = NULL;
    HRESULT init = CoInitializeEx(NULL, COINIT_MULTITHREADED), hr = create_management(&management);
    size_t i;

    for (i = 0; i < ARRAYSIZE(samples) && SUCCEEDED(hr); i++)
        if (SUCCEEDED(hr = register_class(&samples[i])))
            hr = register_validator(management, &samples[i]);
    if (management)
        INapServerManagement_Release(management);
    if (SUCCEEDED(init))
        CoUninitialize();
    return hr;
}

STDAPI DllUnregisterServer(void)
{
    INapServerManagement *management = NULL;
    HRESULT init = CoInitializeEx(NULL, COINIT_MULTITHREADED), hr = create_management(&management);
    WCHAR key[80];
    size_t i;

    for (i = 0; i < ARRAYSIZE(samples); i++)
    {
        if (management)
            INapServerManagement_UnregisterSystemHealthValidator(management, samples[i].id);
        wcscpy(key, L"Software\\Classes\\CLSID\\");
        StringFromGUID2(samples[i].clsid, key + wcslen(key), 40);
        RegDeleteTreeW(HKEY_LOCAL_MACHINE, key);
    }
    if (management)
        INapServerManagement_Release(management);
    if (SUCCEEDED(init))
        CoUninitialize();
    return hr;
}
