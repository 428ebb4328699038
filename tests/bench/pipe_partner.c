/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Health agents and enforcement clients in processes of their own.
 */
#include "pipe.h"

#include <objbase.h>
#include <napenforcementclient.h>
#include <napprotocol.h>
#include <napsystemhealthagent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/process.h"

#define MEMORY "nap-bench-slots"
#define STOP "nap-bench-stop"

HANDLE start_self(const char *format, ...)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    char self[MAX_PATH], arguments[128], line[MAX_PATH + 160];
    PROCESS_INFORMATION process;
    va_list list;

    va_start(list, format);
    vsnprintf(arguments, sizeof(arguments), format, list);
    va_end(list);
    GetModuleFileNameA(NULL, self, sizeof(self));
    snprintf(line, sizeof(line), "\"%s\" %s", self, arguments);
    if (!start_process_a(line, FALSE, &startup, &process))
        die("no process for %s: error %lu", arguments, GetLastError());
    CloseHandle(process.hThread);
    return process.hProcess;
}

static struct slot *map_slots(void)
{
    HANDLE mapping = CreateFileMappingA(
            INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, PARTNERS * sizeof(struct slot), MEMORY);
    struct slot *slots = mapping ? MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0) : NULL;

    if (!slots)
        die("no shared memory: error %lu", GetLastError());
    return slots;
}

void partners_begin(
        struct partners *partners, const char *role, const UINT32 *ids, unsigned int count)
{
    unsigned int i, tries;

    partners->count = count;
    partners->slots = map_slots();
    memset((void *)partners->slots, 0, PARTNERS * sizeof(struct slot));
    partners->stop = CreateEventA(NULL, TRUE, FALSE, STOP);
    ResetEvent(partners->stop);
    for (i = 0; i < count; i++)
    {
        partners->processes[i] = start_self("%s %#x %u", role, (unsigned int)ids[i], i);
        for (tries = 0; !partners->slots[i].ready; tries++, Sleep(5))
            if (tries == 4000)
                die("%s %u does not start", role, i);
        if (partners->slots[i].ready < 0)
            die("%s %u cannot bind: %#lx", role, i, (unsigned long)partners->slots[i].ready);
    }
}

void partners_end(struct partners *partners)
{
    unsigned int i;

    SetEvent(partners->stop);
    for (i = 0; i < partners->count; i++)
    {
        if (WaitForSingleObject(partners->processes[i], 20000) != WAIT_OBJECT_0)
            die("a partner does not end");
        CloseHandle(partners->processes[i]);
    }
    CloseHandle(partners->stop);
    partners->count = 0;
}

/* ---- the processes ---- */

static struct slot *slot;
static UINT32 id;

static ULONG STDMETHODCALLTYPE no_references(void *iface)
{
    (void)iface;
    return 2;
}

static HRESULT STDMETHODCALLTYPE any_interface(void *iface, REFIID riid, void **object)
{
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapEnforcementClientCallback)
            && !IsEqualIID(riid, &IID_INapSystemHealthAgentCallback))
        return E_NOINTERFACE;
    *object = iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE notify_soh_change(INapEnforcementClientCallback *iface)
{
    (void)iface;
    slot->when = now_ns();
    InterlockedIncrement(&slot->calls);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE get_connections(
        INapEnforcementClientCallback *iface, Connections **connections)
{
    (void)iface;
    *connections = NULL;
    return E_NOTIMPL;
}

static INapEnforcementClientCallbackVtbl enforcer_vtbl = {
        (void *)any_interface,
        (void *)no_references,
        (void *)no_references,
        notify_soh_change,
        get_connections,
};

static HRESULT STDMETHODCALLTYPE report_soh(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    BYTE wire[4] = {(BYTE)(id >> 24), (BYTE)(id >> 16), (BYTE)(id >> 8), (BYTE)id};
    char mark[32];
    SoHAttribute attributes[2] = {
            {sohAttributeTypeSystemHealthId, sizeof(wire), wire},
            {sohAttributeTypeProductName, 0, (BYTE *)mark},
    };
    SoHRequest soh = {ARRAYSIZE(attributes), attributes};

    (void)iface;
    attributes[1].size = (UINT16)sprintf(mark, SOH_MARK "%8ld", InterlockedIncrement(&slot->calls));
    return INapSystemHealthAgentRequest_SetSoHRequest(request, &soh, FALSE);
}

static HRESULT STDMETHODCALLTYPE process_soh_response(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    (void)iface;
    (void)request;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE isolation_changed(INapSystemHealthAgentCallback *iface)
{
    (void)iface;
    return S_OK;
}

/* Follows each ProcessSoHResponse */
static HRESULT STDMETHODCALLTYPE get_fixup_info(
        INapSystemHealthAgentCallback *iface, FixupInfo **out)
{
    FixupInfo *info = CoTaskMemAlloc(sizeof(*info));

    (void)iface;
    *out = info;
    if (!info)
        return E_OUTOFMEMORY;
    memset(info, 0, sizeof(*info));
    info->state = fixupStateSuccess;
    info->percentage = 100;
    InterlockedIncrement(&slot->answers);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE compare_soh(INapSystemHealthAgentCallback *iface,
        const SoHRequest *left, const SoHRequest *right, BOOL *equal)
{
    (void)iface;
    (void)left;
    (void)right;
    (void)equal;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE orphaned(
        INapSystemHealthAgentCallback *iface, const CorrelationId *correlation)
{
    (void)iface;
    (void)correlation;
    return S_OK;
}

static INapSystemHealthAgentCallbackVtbl health_vtbl = {
        (void *)any_interface,
        (void *)no_references,
        (void *)no_references,
        report_soh,
        process_soh_response,
        isolation_changed,
        get_fixup_info,
        compare_soh,
        orphaned,
};

static INapSystemHealthAgentCallback health_agent = {&health_vtbl};

INapSystemHealthAgentCallback *be_quiet_health_agent(void)
{
    static struct slot own;

    slot = &own;
    return &health_agent;
}

static HRESULT bind(bool health, IUnknown **binding)
{
    static INapEnforcementClientCallback enforcer = {&enforcer_vtbl};
    HRESULT hr;

    hr = health ? CoCreateInstance(&CLSID_NapSystemHealthAgentBinding, NULL, CLSCTX_INPROC_SERVER,
                 &IID_INapSystemHealthAgentBinding, (void **)binding)
                : CoCreateInstance(&CLSID_NapEnforcementClientBinding, NULL, CLSCTX_INPROC_SERVER,
                        &IID_INapEnforcementClientBinding, (void **)binding);
    if (FAILED(hr))
        return hr;
    return health ? INapSystemHealthAgentBinding_Initialize(
                   (INapSystemHealthAgentBinding *)*binding, id, &health_agent)
                  : INapEnforcementClientBinding_Initialize(
                          (INapEnforcementClientBinding *)*binding, id, &enforcer);
}

int be_partner(const char *role, const char *id_text, const char *number)
{
    HANDLE stop = OpenEventA(SYNCHRONIZE, FALSE, STOP);
    IUnknown *binding = NULL;
    HRESULT hr;

    id = strtoul(id_text, NULL, 0);
    slot = &map_slots()[atoi(number)];
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    hr = bind(!strcmp(role, "health"), &binding);
    slot->ready = FAILED(hr) ? (LONG)hr : 1;
    if (SUCCEEDED(hr))
        WaitForSingleObject(stop, INFINITE);
    if (binding)
        IUnknown_Release(binding); /* unbinds */
    CoUninitialize();
    return FAILED(hr);
}
