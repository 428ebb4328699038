/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The information DLL of the health agent: its names and messages in the user's language, for
 * whoever shows health agents. It uses Microsoft's public headers and nothing else.
 *
 *   regsvr32 information.dll                     registers the class
 *   health-agent register ID NAME information    names it in the registration
 */
#ifndef COBJMACROS
#define COBJMACROS
#endif
#define INITGUID
#include <windows.h>
#include <objbase.h>
#include <olectl.h>
#include <naptypes.h>
#include <napcommon.h>
#include <string.h>
#include <wchar.h>

#include "information.h"

#define TEXT_MAX 1024 /* maxStringLength */
#define SHELL_ICON 18 /* a resource of shell32.dll */

static const CLSID class_id = SAMPLE_INFORMATION;
static HINSTANCE module;
static LONG objects;

/* The caller frees both by CoTaskMemFree. */
static HRESULT give_text(const WCHAR *text, CountedString **string)
{
    size_t length = wcslen(text);
    CountedString *copy = CoTaskMemAlloc(sizeof(*copy));

    if (!copy || !(copy->string = CoTaskMemAlloc((length + 1) * sizeof(WCHAR))))
    {
        CoTaskMemFree(copy);
        return E_OUTOFMEMORY;
    }
    wcscpy(copy->string, text);
    copy->length = (UINT16)length;
    *string = copy;
    return S_OK;
}

/* ---- INapComponentInfo: one object, which lives as long as the DLL ---- */

static HRESULT WINAPI info_QueryInterface(INapComponentInfo *iface, REFIID riid, void **object)
{
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapComponentInfo))
        return E_NOINTERFACE;
    *object = iface;
    INapComponentInfo_AddRef(iface);
    return S_OK;
}

static ULONG WINAPI info_AddRef(INapComponentInfo *iface)
{
    (void)iface;
    return InterlockedIncrement(&objects);
}

static ULONG WINAPI info_Release(INapComponentInfo *iface)
{
    (void)iface;
    return InterlockedDecrement(&objects);
}

static HRESULT WINAPI info_GetFriendlyName(INapComponentInfo *iface, MessageId *message)
{
    (void)iface;
    *message = MESSAGE_NAME;
    return S_OK;
}

static HRESULT WINAPI info_GetDescription(INapComponentInfo *iface, MessageId *message)
{
    (void)iface;
    *message = MESSAGE_DESCRIPTION;
    return S_OK;
}

static HRESULT WINAPI info_GetVendorName(INapComponentInfo *iface, MessageId *message)
{
    (void)iface;
    *message = MESSAGE_VENDOR;
    return S_OK;
}

static HRESULT WINAPI info_GetVersion(INapComponentInfo *iface, MessageId *message)
{
    (void)iface;
    *message = MESSAGE_VERSION;
    return S_OK;
}

static HRESULT WINAPI info_GetIcon(INapComponentInfo *iface, CountedString **file, UINT32 *resource)
{
    WCHAR path[MAX_PATH];
    UINT length = GetSystemDirectoryW(path, MAX_PATH - 16);

    (void)iface;
    if (!length || length >= MAX_PATH - 16)
        return E_OUTOFMEMORY;
    wcscat(path, L"\\shell32.dll");
    *resource = SHELL_ICON;
    return give_text(path, file);
}

/* The health agent reports S_OK or E_FAIL. */
static HRESULT WINAPI info_ConvertErrorCodeToMessageId(
        INapComponentInfo *iface, HRESULT code, MessageId *message)
{
    (void)iface;
    if (code != S_OK && code != E_FAIL)
        return E_INVALIDARG;
    *message = code == S_OK ? MESSAGE_FIXUP_DONE : MESSAGE_NOT_COMPLIANT;
    return S_OK;
}

/* LoadString takes the calling thread's language. */
static HRESULT WINAPI info_GetLocalizedString(
        INapComponentInfo *iface, MessageId message, CountedString **string)
{
    WCHAR text[TEXT_MAX + 1];

    (void)iface;
    if (!LoadStringW(module, message, text, TEXT_MAX + 1))
        return E_INVALIDARG;
    return give_text(text, string);
}

static const INapComponentInfoVtbl info_vtbl = {
        info_QueryInterface,
        info_AddRef,
        info_Release,
        info_GetFriendlyName,
        info_GetDescription,
        info_GetVendorName,
        info_GetVersion,
        info_GetIcon,
        info_ConvertErrorCodeToMessageId,
        info_GetLocalizedString,
};

static INapComponentInfo info = {(void *)&info_vtbl};

/* ---- the class object ---- */

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

static HRESULT WINAPI factory_CreateInstance(
        IClassFactory *iface, IUnknown *outer, REFIID riid, void **object)
{
    (void)iface;
    *object = NULL;
    return outer ? CLASS_E_NOAGGREGATION : info_QueryInterface(&info, riid, object);
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

static IClassFactory factory = {(void *)&factory_vtbl};

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
    *object = NULL;
    if (!IsEqualCLSID(clsid, &class_id))
        return CLASS_E_CLASSNOTAVAILABLE;
    return factory_QueryInterface(&factory, riid, object);
}

STDAPI DllCanUnloadNow(void)
{
    return objects ? S_FALSE : S_OK;
}

static void class_key(WCHAR key[128])
{
    wcscpy(key, L"Software\\Classes\\CLSID\\");
    StringFromGUID2(&class_id, key + wcslen(key), 40);
}

STDAPI DllRegisterServer(void)
{
    WCHAR key[128], path[MAX_PATH];
    LSTATUS status;

    class_key(key);
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

STDAPI DllUnregisterServer(void)
{
    WCHAR key[128];
    LSTATUS status;

    class_key(key);
    status = RegDeleteTreeW(HKEY_LOCAL_MACHINE, key);
    return status && status != ERROR_FILE_NOT_FOUND ? HRESULT_FROM_WIN32(status) : S_OK;
}
