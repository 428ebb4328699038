/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qagent.dll: the NAP agent's COM interfaces for programs.
 *
 * How does this DLL work?
 *
 * Programs create objects of its classes by CLSID:
 *
 *   NapEnforcementClientBinding (binding.c)
 *       Initialize binds the program to the napagent service as one registered
 *       enforcement client. CreateConnection makes connection objects
 *       (connection.c), whose methods never call the service. For each connection
 *       the program calls GetSoHRequest, carries the bytes to a server, sets the
 *       response on the connection and calls ProcessSoHResponse. When that
 *       returns, the connection has the decision. NotifyConnectionStateDown ends
 *       the connection, and Uninitialize all of them.
 *   NapSystemHealthAgentBinding (health_binding.c)
 *       Initialize binds the program as one registered health agent. The service
 *       calls it back: GetSoHRequest and ProcessSoHResponse, each with a request
 *       object (request.c) that lives as long as the callback. NotifySoHChange
 *       asks for an exchange.
 *   NapClientManagement (management.c)
 *       registers components and reports the state of the client. Each method
 *       has a session of its own with the service.
 *
 * A binding of either kind (binding_core.c) holds a link (libs/napclient). Its
 * reader thread receives what the service sends, and runs no program's code.
 * Callbacks go from there to a worker (worker.c) in the multithreaded
 * apartment, and to the program's apartment through callback.c.
 *
 * The DLL is its own proxy/stub DLL for all NAP interfaces: widl's proxies are
 * linked in, with their entry points prefixed "proxy_".
 */
#include "qagent.h"

#include <olectl.h>

#include "libs/log/trace.h"

static HINSTANCE qagent_instance;

BOOL WINAPI proxy_DllMain(HINSTANCE instance, DWORD reason, void *reserved);
HRESULT WINAPI proxy_DllGetClassObject(REFCLSID clsid, REFIID riid, void **object);
HRESULT WINAPI proxy_DllCanUnloadNow(void);
HRESULT WINAPI proxy_DllRegisterServer(void);
HRESULT WINAPI proxy_DllUnregisterServer(void);

static struct com_class classes[] = {
        {
                .clsid = &CLSID_NapEnforcementClientBinding,
                .description = L"NAP Enforcement Client Binding",
                .create = enforcement_binding_create,
        },
        {
                .clsid = &CLSID_NapSystemHealthAgentBinding,
                .description = L"NAP System Health Agent Binding",
                .create = health_binding_create,
        },
        {
                .clsid = &CLSID_NapClientManagement,
                .description = L"NAP Client Management",
                .create = client_management_create,
        },
};

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    if (reason == DLL_PROCESS_ATTACH)
    {
        qagent_instance = instance;
        DisableThreadLibraryCalls(instance);
        log_name("qagent");
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
    HRESULT hr = com_class_register(classes, ARRAYSIZE(classes), qagent_instance);

    return TRACED(SUCCEEDED(hr) ? proxy_DllRegisterServer() : hr);
}

STDAPI DllUnregisterServer(void)
{
    TRACE_CALL("()");
    HRESULT hr = com_class_unregister(classes, ARRAYSIZE(classes));
    HRESULT proxies = proxy_DllUnregisterServer();

    return TRACED(FAILED(hr) ? hr : proxies);
}
