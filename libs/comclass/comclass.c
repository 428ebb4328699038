/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The COM classes of a DLL; see comclass.h.
 */
#include "libs/comclass/comclass.h"
#include "libs/log/trace.h"

#include <olectl.h>

static LONG module_locks;

void module_lock(void)
{
    InterlockedIncrement(&module_locks);
}

void module_unlock(void)
{
    InterlockedDecrement(&module_locks);
}

/* The class factories are static, so AddRef and Release only keep the DLL loaded. */

static struct com_class *impl_from_IClassFactory(IClassFactory *iface)
{
    return CONTAINING_RECORD(iface, struct com_class, IClassFactory_iface);
}

static HRESULT STDMETHODCALLTYPE factory_QueryInterface(
        IClassFactory *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    if (!object)
        return TRACED(E_POINTER);
    *object = NULL;
    if (!riid)
        return TRACED(E_INVALIDARG);
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IClassFactory))
        return TRACED(E_NOINTERFACE);
    *object = iface;
    IClassFactory_AddRef(iface);
    return TRACED(S_OK);
}

static ULONG STDMETHODCALLTYPE factory_AddRef(IClassFactory *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    (void)iface;

    module_lock();
    return TRACED(2);
}

static ULONG STDMETHODCALLTYPE factory_Release(IClassFactory *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    (void)iface;

    module_unlock();
    return TRACED(1);
}

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(
        IClassFactory *iface, IUnknown *outer, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, outer %p, riid %s, object %p)", (const void *)iface, (const void *)outer,
            TRACE_GUID(riid), (const void *)object);
    if (!object)
        return TRACED(E_POINTER);
    *object = NULL;
    if (!riid)
        return TRACED(E_INVALIDARG);
    if (outer)
        return TRACED(CLASS_E_NOAGGREGATION);
    return TRACED(impl_from_IClassFactory(iface)->create(riid, object));
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *iface, BOOL lock)
{
    TRACE_CALL("(iface %p, lock %d)", (const void *)iface, lock);
    (void)iface;

    if (lock)
        module_lock();
    else
        module_unlock();
    return TRACED(S_OK);
}

static const IClassFactoryVtbl factory_vtbl = {
        factory_QueryInterface,
        factory_AddRef,
        factory_Release,
        factory_CreateInstance,
        factory_LockServer,
};

HRESULT com_class_get(
        struct com_class *classes, size_t count, REFCLSID clsid, REFIID riid, void **object)
{
    size_t i;

    if (!object)
        return E_POINTER;
    *object = NULL;
    if (!clsid || !riid)
        return E_INVALIDARG;
    for (i = 0; i < count; i++)
        if (IsEqualCLSID(clsid, classes[i].clsid))
        {
            classes[i].IClassFactory_iface.lpVtbl = (IClassFactoryVtbl *)&factory_vtbl;
            return IClassFactory_QueryInterface(&classes[i].IClassFactory_iface, riid, object);
        }
    return CLASS_E_CLASSNOTAVAILABLE;
}

HRESULT com_class_can_unload(void)
{
    return module_locks ? S_FALSE : S_OK;
}

static void class_key_name(const CLSID *clsid, WCHAR name[64])
{
    lstrcpyW(name, L"Software\\Classes\\CLSID\\");
    StringFromGUID2(clsid, name + lstrlenW(name), 64 - lstrlenW(name));
}

static LSTATUS set_string(HKEY key, const WCHAR *name, const WCHAR *string)
{
    return RegSetValueExW(
            key, name, 0, REG_SZ, (const BYTE *)string, (lstrlenW(string) + 1) * sizeof(WCHAR));
}

static LSTATUS register_class(const struct com_class *class, const WCHAR *path)
{
    HKEY class_key, server_key;
    WCHAR name[64];
    LSTATUS status;

    class_key_name(class->clsid, name);
    status = RegCreateKeyExW(
            HKEY_LOCAL_MACHINE, name, 0, NULL, 0, KEY_WRITE, NULL, &class_key, NULL);
    if (status)
        return status;
    status = set_string(class_key, NULL, class->description);
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

HRESULT com_class_unregister(const struct com_class *classes, size_t count)
{
    HRESULT hr = S_OK;
    WCHAR name[64];
    LSTATUS status;
    size_t i;

    for (i = 0; i < count; i++)
    {
        class_key_name(classes[i].clsid, name);
        status = RegDeleteTreeW(HKEY_LOCAL_MACHINE, name);
        if (status && status != ERROR_FILE_NOT_FOUND)
            hr = HRESULT_FROM_WIN32(status);
    }
    return hr;
}

HRESULT com_class_register(const struct com_class *classes, size_t count, HINSTANCE instance)
{
    WCHAR path[MAX_PATH];
    LSTATUS status;
    DWORD length;
    size_t i;

    length = GetModuleFileNameW(instance, path, ARRAYSIZE(path));
    if (!length || length == ARRAYSIZE(path))
        return SELFREG_E_CLASS;
    for (i = 0; i < count; i++)
        if ((status = register_class(&classes[i], path)))
        {
            com_class_unregister(classes, count);
            return HRESULT_FROM_WIN32(status);
        }
    return S_OK;
}
