/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qsvrmgmt.dll: the registered system health validators of a NAP server.
 *
 * How does this DLL work?
 *
 * Programs create objects of its classes by CLSID:
 *
 *   NapServerManagement (management.c)
 *       An installer registers a validator: its texts, and the CLSID of the COM class that
 *       implements INapSystemHealthValidator. SetFailureCategoryMappings says which failures of the
 *       validator count as healthy.
 *   NapServerInfo (info.c)
 *       lists the registered validators and their mappings.
 *
 * napagent keeps the table of validators beside those of its own components, because it writes the
 * registry through its journal. Each method has a session of its own with it, and starts it if it
 * does not run. Objects have no state.
 *
 * The DLL is its own proxy/stub DLL for the two interfaces: widl's proxies are linked in, with
 * their entry points prefixed "proxy_".
 */
#include "qsvrmgmt.h"

#include <olectl.h>

#include "libs/log/trace.h"

static HINSTANCE qsvrmgmt_instance;

BOOL WINAPI proxy_DllMain(HINSTANCE instance, DWORD reason, void *reserved);
HRESULT WINAPI proxy_DllGetClassObject(REFCLSID clsid, REFIID riid, void **object);
HRESULT WINAPI proxy_DllCanUnloadNow(void);
HRESULT WINAPI proxy_DllRegisterServer(void);
HRESULT WINAPI proxy_DllUnregisterServer(void);

static struct com_class classes[] = {
        {
                .clsid = &CLSID_NapServerManagement,
                .description = L"NAP Server Management",
                .create = server_management_create,
        },
        {
                .clsid = &CLSID_NapServerInfo,
                .description = L"NAP Server Info",
                .create = server_info_create,
        },
};

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    if (reason == DLL_PROCESS_ATTACH)
    {
        qsvrmgmt_instance = instance;
        DisableThreadLibraryCalls(instance);
        log_name("qsvrmgmt");
    }
    return proxy_DllMain(instance, reason, reserved);
}

STDAPI DllGetClassObject(REFCLSID clsid, REFIID riid, void **object)
{
    TRACE_CALL("(clsid %s, riid %s, object %p)", TRACE_GUID(clsid), TRACE_GUID(riid),
            (const void *)object);
    HRESULT hr = com_class_get(classes, ARRAYSIZE(classes), clsid, riid, object);

    return TRACED(
            hr == CLASS_E_CLASSNOTAVAILABLE ? proxy_DllGetClassObject(clsid, riid, object) : hr);
}

STDAPI DllCanUnloadNow(void)
{
    TRACE_CALL("()");
    HRESULT hr = com_class_can_unload();

    return TRACED(hr == S_OK ? proxy_DllCanUnloadNow() : hr);
}

STDAPI DllRegisterServer(void)
{
    TRACE_CALL("()");
    HRESULT hr = com_class_register(classes, ARRAYSIZE(classes), qsvrmgmt_instance);

    return TRACED(SUCCEEDED(hr) ? proxy_DllRegisterServer() : hr);
}

STDAPI DllUnregisterServer(void)
{
    TRACE_CALL("()");
    HRESULT hr = com_class_unregister(classes, ARRAYSIZE(classes));
    HRESULT proxies = proxy_DllUnregisterServer();

    return TRACED(FAILED(hr) ? hr : proxies);
}
