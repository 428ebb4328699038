/*
 * qutil.dll: what every NAP program links by name.
 *
 * How does this DLL work?
 *
 * The Alloc and Free functions (memory.c) make and release the structures that
 * the NAP interfaces pass around. InitializeNapAgentNotifier (notifier.c) has
 * an event signalled when the agent starts, stops or changes its mind. The
 * rest is two COM classes, created by CoCreateInstance:
 *
 *   NapSoHConstructor  A health agent builds its request, a validator its
 *                      response: Initialize with its id, AppendAttribute for
 *                      each finding, GetSoH.
 *   NapSoHProcessor    The other side reads it: Initialize with the packet,
 *                      FindNextAttribute, GetAttribute, and FreeSoHAttributeValue
 *                      for each value got.
 *
 * Both are free-threaded (ThreadingModel Both with the free-threaded
 * marshaler). Only the notifier talks to the agent.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "qutil_private.h"

#include <olectl.h>

static HINSTANCE qutil_instance;
static LONG module_locks;

void module_lock(void)
{
    InterlockedIncrement(&module_locks);
}

void module_unlock(void)
{
    InterlockedDecrement(&module_locks);
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    (void)reserved;

    if (reason == DLL_PROCESS_ATTACH)
    {
        qutil_instance = instance;
        DisableThreadLibraryCalls(instance);
    }
    return TRUE;
}

/* The class factories: static, so AddRef and Release only hold the DLL. */

struct factory
{
    IClassFactory IClassFactory_iface;
    const CLSID *clsid;
    const WCHAR *description; /* registered with the class */
    HRESULT (*create)(REFIID riid, void **object);
};

static struct factory *impl_from_IClassFactory(IClassFactory *iface)
{
    return CONTAINING_RECORD(iface, struct factory, IClassFactory_iface);
}

static HRESULT STDMETHODCALLTYPE factory_QueryInterface(
        IClassFactory *iface, REFIID riid, void **object)
{
    if (!object)
        return E_POINTER;
    *object = NULL;
    if (!riid)
        return E_INVALIDARG;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IClassFactory))
        return E_NOINTERFACE;
    *object = iface;
    IClassFactory_AddRef(iface);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE factory_AddRef(IClassFactory *iface)
{
    (void)iface;

    module_lock();
    return 2;
}

static ULONG STDMETHODCALLTYPE factory_Release(IClassFactory *iface)
{
    (void)iface;

    module_unlock();
    return 1;
}

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(
        IClassFactory *iface, IUnknown *outer, REFIID riid, void **object)
{
    if (!object)
        return E_POINTER;
    *object = NULL;
    if (!riid)
        return E_INVALIDARG;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    return impl_from_IClassFactory(iface)->create(riid, object);
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *iface, BOOL lock)
{
    (void)iface;

    if (lock)
        module_lock();
    else
        module_unlock();
    return S_OK;
}

static const IClassFactoryVtbl factory_vtbl = {
    factory_QueryInterface,
    factory_AddRef,
    factory_Release,
    factory_CreateInstance,
    factory_LockServer,
};

static struct factory factories[] = {
    {{&factory_vtbl}, &CLSID_NapSoHConstructor, L"NAP SoH Constructor",
            soh_constructor_create},
    {{&factory_vtbl}, &CLSID_NapSoHProcessor, L"NAP SoH Processor",
            soh_processor_create},
};

STDAPI DllGetClassObject(REFCLSID clsid, REFIID riid, void **object)
{
    size_t i;

    if (!object)
        return E_POINTER;
    *object = NULL;
    if (!clsid || !riid)
        return E_INVALIDARG;
    for (i = 0; i < ARRAYSIZE(factories); i++)
    {
        if (IsEqualCLSID(clsid, factories[i].clsid))
            return IClassFactory_QueryInterface(&factories[i].IClassFactory_iface, riid, object);
    }
    return CLASS_E_CLASSNOTAVAILABLE;
}

STDAPI DllCanUnloadNow(void)
{
    return module_locks ? S_FALSE : S_OK;
}

/* Registration: HKLM\Software\Classes\CLSID\{clsid}\InprocServer32. A 32-bit
 * process writes to the 32-bit view of it by itself. */

static void class_key_name(const CLSID *clsid, WCHAR name[64])
{
    lstrcpyW(name, L"Software\\Classes\\CLSID\\");
    StringFromGUID2(clsid, name + lstrlenW(name), 64 - lstrlenW(name));
}

static LSTATUS set_string(HKEY key, const WCHAR *name, const WCHAR *string)
{
    return RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)string,
            (lstrlenW(string) + 1) * sizeof(WCHAR));
}

static LSTATUS register_class(const struct factory *factory, const WCHAR *path)
{
    HKEY class_key, server_key;
    WCHAR name[64];
    LSTATUS status;

    class_key_name(factory->clsid, name);
    status = RegCreateKeyExW(
            HKEY_LOCAL_MACHINE, name, 0, NULL, 0, KEY_WRITE, NULL, &class_key, NULL);
    if (status)
        return status;
    status = set_string(class_key, NULL, factory->description);
    if (!status)
        status = RegCreateKeyExW(
                class_key, L"InprocServer32", 0, NULL, 0, KEY_WRITE, NULL, &server_key, NULL);
    RegCloseKey(class_key);
    if (status)
        return status;

    status = set_string(server_key, NULL, path);
    if (!status)
        status = set_string(server_key, L"ThreadingModel", L"Both");
    RegCloseKey(server_key);
    return status;
}

STDAPI DllUnregisterServer(void)
{
    HRESULT hr = S_OK;
    WCHAR name[64];
    LSTATUS status;
    size_t i;

    for (i = 0; i < ARRAYSIZE(factories); i++)
    {
        class_key_name(factories[i].clsid, name);
        status = RegDeleteTreeW(HKEY_LOCAL_MACHINE, name);
        if (status && status != ERROR_FILE_NOT_FOUND)
            hr = HRESULT_FROM_WIN32(status);
    }
    return hr;
}

STDAPI DllRegisterServer(void)
{
    WCHAR path[MAX_PATH];
    LSTATUS status;
    DWORD length;
    size_t i;

    length = GetModuleFileNameW(qutil_instance, path, ARRAYSIZE(path));
    if (!length || length == ARRAYSIZE(path))
        return SELFREG_E_CLASS;
    for (i = 0; i < ARRAYSIZE(factories); i++)
    {
        if ((status = register_class(&factories[i], path)))
        {
            DllUnregisterServer();
            return HRESULT_FROM_WIN32(status);
        }
    }
    return S_OK;
}
