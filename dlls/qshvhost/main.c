/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qshvhost.dll: the proxies and stubs of validators' interfaces, between naphost and a validator in
 * another apartment or process. The objects are naphost's (libs/shvhost). widl's proxies are linked
 * in, with their entry points prefixed "proxy_".
 */
#include <windows.h>
#include <objbase.h>
#include <olectl.h>

#include "libs/log/log.h"
#include "libs/log/trace.h"

BOOL WINAPI proxy_DllMain(HINSTANCE instance, DWORD reason, void *reserved);
HRESULT WINAPI proxy_DllGetClassObject(REFCLSID clsid, REFIID riid, void **object);
HRESULT WINAPI proxy_DllCanUnloadNow(void);
HRESULT WINAPI proxy_DllRegisterServer(void);
HRESULT WINAPI proxy_DllUnregisterServer(void);

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    if (reason == DLL_PROCESS_ATTACH)
    {
        DisableThreadLibraryCalls(instance);
        log_name("qshvhost");
    }
    return proxy_DllMain(instance, reason, reserved);
}

STDAPI DllGetClassObject(REFCLSID clsid, REFIID riid, void **object)
{
    TRACE_CALL("(clsid %s, riid %s, object %p)", TRACE_GUID(clsid), TRACE_GUID(riid),
            (const void *)object);
    return TRACED(proxy_DllGetClassObject(clsid, riid, object));
}

STDAPI DllCanUnloadNow(void)
{
    TRACE_CALL("()");
    return TRACED(proxy_DllCanUnloadNow());
}

STDAPI DllRegisterServer(void)
{
    TRACE_CALL("()");
    return TRACED(proxy_DllRegisterServer());
}

STDAPI DllUnregisterServer(void)
{
    TRACE_CALL("()");
    return TRACED(proxy_DllUnregisterServer());
}
