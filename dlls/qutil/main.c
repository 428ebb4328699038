/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qutil.dll: what every NAP program links by name.
 *
 * How does this DLL work?
 *
 * The Alloc and Free functions (memory.c) make and release the structures that
 * the NAP interfaces pass around. InitializeNapAgentNotifier (notifier.c)
 * subscribes an event, which is signalled when the agent starts or stops, or
 * when the isolation state changes. The rest is two COM classes, created by
 * CoCreateInstance:
 *
 *   NapSoHConstructor  A health agent builds its request, a validator its
 *                      response: Initialize with its id, AppendAttribute for
 *                      each finding, GetSoH.
 *   NapSoHProcessor    The receiver reads it: Initialize with the packet,
 *                      FindNextAttribute, GetAttribute, and FreeSoHAttributeValue
 *                      for each value.
 *
 * Both are free-threaded (ThreadingModel Both with the free-threaded
 * marshaler). Only the notifier talks to the agent.
 */

#include "qutil_private.h"

#include "libs/log/trace.h"

static HINSTANCE qutil_instance;
BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    (void)reserved;

    if (reason == DLL_PROCESS_ATTACH)
    {
        qutil_instance = instance;
        DisableThreadLibraryCalls(instance);
        log_name("qutil");
    }
    return TRUE;
}

static struct com_class classes[] = {
        {.clsid = &CLSID_NapSoHConstructor,
                .description = L"NAP SoH Constructor",
                .create = soh_constructor_create},
        {.clsid = &CLSID_NapSoHProcessor,
                .description = L"NAP SoH Processor",
                .create = soh_processor_create},
};

STDAPI DllGetClassObject(REFCLSID clsid, REFIID riid, void **object)
{
    TRACE_CALL("(clsid %s, riid %s, object %p)", TRACE_GUID(clsid), TRACE_GUID(riid),
            (const void *)object);
    return TRACED(com_class_get(classes, ARRAYSIZE(classes), clsid, riid, object));
}

STDAPI DllCanUnloadNow(void)
{
    TRACE_CALL("()");
    return TRACED(com_class_can_unload());
}

STDAPI DllRegisterServer(void)
{
    TRACE_CALL("()");
    return TRACED(com_class_register(classes, ARRAYSIZE(classes), qutil_instance));
}

STDAPI DllUnregisterServer(void)
{
    TRACE_CALL("()");
    return TRACED(com_class_unregister(classes, ARRAYSIZE(classes)));
}
