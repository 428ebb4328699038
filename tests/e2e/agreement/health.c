/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The role of a health agent: compliant or not; it records its notifications of the system's
 * isolation state.
 */
#include "agreement.h"

#include <objbase.h>
#include <napprotocol.h>
#include <napsystemhealthagent.h>
#include <stdio.h>
#include <string.h>

static struct
{
    INapSystemHealthAgentCallback INapSystemHealthAgentCallback_iface;
    UINT32 id;
    INapSystemHealthAgentBinding *binding;
    INapSystemHealthAgentBinding2 *binding2; /* the same object */
    LONG compliant;
    CRITICAL_SECTION lock;              /* of the fields below */
    unsigned int notified, reported;    /* notifications; those already reported */
    struct verdict states[MAX_CHANGES]; /* the system's state at each */
    HANDLE event;
} health;

/* The state of the system as the agent reports it now. */
static HRESULT read_state(struct verdict *verdict, BOOL *unknown)
{
    IsolationInfoEx *info;
    HRESULT hr =
            INapSystemHealthAgentBinding2_GetSystemIsolationInfoEx(health.binding2, &info, unknown);

    if (FAILED(hr))
        return hr;
    verdict_read_ex(info, verdict);
    CoTaskMemFree(info->failureUrl.string);
    CoTaskMemFree(info);
    return S_OK;
}

/* ---- the callback object ---- */

static HRESULT STDMETHODCALLTYPE callback_QueryInterface(
        INapSystemHealthAgentCallback *iface, REFIID riid, void **object)
{
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapSystemHealthAgentCallback))
        return E_NOINTERFACE;
    *object = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE callback_AddRef(INapSystemHealthAgentCallback *iface)
{
    (void)iface;
    return 2;
}

static HRESULT STDMETHODCALLTYPE callback_GetSoHRequest(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    BYTE id[4] = {(BYTE)(health.id >> 24), (BYTE)(health.id >> 16), (BYTE)(health.id >> 8),
            (BYTE)health.id};
    BYTE compliant[4] = {0}, failed[4] = {0x80, 0x00, 0x40, 0x05}; /* S_OK, E_FAIL */
    SoHAttribute attributes[2] = {
            {sohAttributeTypeSystemHealthId, sizeof(id), id},
            {sohAttributeTypeComplianceResultCodes, 4, health.compliant ? compliant : failed},
    };
    SoHRequest soh = {ARRAYSIZE(attributes), attributes};

    (void)iface;
    return INapSystemHealthAgentRequest_SetSoHRequest(request, &soh, TRUE);
}

static HRESULT STDMETHODCALLTYPE callback_ProcessSoHResponse(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    (void)iface;
    (void)request;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE callback_NotifySystemIsolationStateChange(
        INapSystemHealthAgentCallback *iface)
{
    struct verdict verdict = {0};
    BOOL unknown;
    HRESULT hr = read_state(&verdict, &unknown);

    (void)iface;
    EnterCriticalSection(&health.lock);
    if (SUCCEEDED(hr) && health.notified < MAX_CHANGES)
        health.states[health.notified++] = verdict;
    LeaveCriticalSection(&health.lock);
    SetEvent(health.event);
    return hr;
}

/* No fix-up is in progress. */
static HRESULT STDMETHODCALLTYPE callback_GetFixupInfo(
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
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE callback_CompareSoHRequests(INapSystemHealthAgentCallback *iface,
        const SoHRequest *left, const SoHRequest *right, BOOL *equal)
{
    (void)iface;
    (void)left;
    (void)right;
    (void)equal;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE callback_NotifyOrphanedSoHRequest(
        INapSystemHealthAgentCallback *iface, const CorrelationId *correlation)
{
    (void)iface;
    (void)correlation;
    return S_OK;
}

static INapSystemHealthAgentCallbackVtbl callback_vtbl = {
        callback_QueryInterface,
        callback_AddRef,
        callback_AddRef,
        callback_GetSoHRequest,
        callback_ProcessSoHResponse,
        callback_NotifySystemIsolationStateChange,
        callback_GetFixupInfo,
        callback_CompareSoHRequests,
        callback_NotifyOrphanedSoHRequest,
};

/* ---- commands ---- */

static HRESULT start(void)
{
    ULONGLONG until = GetTickCount64() + PATIENCE;
    HRESULT hr;

    health.notified = health.reported = 0;
    hr = CoCreateInstance(&CLSID_NapSystemHealthAgentBinding, NULL, CLSCTX_INPROC_SERVER,
            &IID_INapSystemHealthAgentBinding, (void **)&health.binding);
    if (SUCCEEDED(hr))
        hr = INapSystemHealthAgentBinding_QueryInterface(
                health.binding, &IID_INapSystemHealthAgentBinding2, (void **)&health.binding2);
    if (FAILED(hr))
        return hr;
    /* The agent may not have noticed yet that one was killed. */
    while ((hr = INapSystemHealthAgentBinding_Initialize(
                    health.binding, health.id, &health.INapSystemHealthAgentCallback_iface))
                    == HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED)
            && GetTickCount64() < until)
        Sleep(10);
    return FAILED(hr) ? hr : INapSystemHealthAgentBinding_NotifySoHChange(health.binding);
}

static HRESULT stop(void)
{
    HRESULT hr = INapSystemHealthAgentBinding_Uninitialize(health.binding);

    INapSystemHealthAgentBinding2_Release(health.binding2);
    INapSystemHealthAgentBinding_Release(health.binding);
    health.binding = NULL;
    health.binding2 = NULL;
    return hr;
}

static void command_state(void)
{
    struct verdict verdict, verdict_ex;
    BOOL unknown, unknown_ex;
    IsolationInfo *info;
    HRESULT hr =
            INapSystemHealthAgentBinding_GetSystemIsolationInfo(health.binding, &info, &unknown);

    if (FAILED(hr))
    {
        answer("%#lx", (unsigned long)hr);
        return;
    }
    verdict_read(info, &verdict);
    CoTaskMemFree(info->failureUrl.string);
    CoTaskMemFree(info);
    if (SUCCEEDED(hr = read_state(&verdict_ex, &unknown_ex)))
    {
        verdict.extended = verdict_ex.extended; /* the other has none */
        if (unknown != unknown_ex || !verdict_equal(&verdict, &verdict_ex))
            hr = E_UNEXPECTED;
    }
    answer("%#lx %u %u %llu %d", (unsigned long)hr, verdict.state, verdict.extended, verdict.end,
            unknown);
}

/* All notifications since the last report. */
static void command_notified(unsigned int count)
{
    ULONGLONG until = GetTickCount64() + PATIENCE;
    char text[LINE_SIZE - 64] = "";
    size_t length = 0;
    unsigned int notified;

    while (*(volatile unsigned int *)&health.notified < count && GetTickCount64() < until)
        WaitForSingleObject(health.event, 100);
    EnterCriticalSection(&health.lock);
    notified = health.notified;
    for (; health.reported < notified && length < sizeof(text) - 64; health.reported++)
    {
        const struct verdict *state = &health.states[health.reported];

        length += (size_t)sprintf(
                text + length, ";%u %u %llu", state->state, state->extended, state->end);
    }
    LeaveCriticalSection(&health.lock);
    answer("%u%s", notified, text);
}

static void obey(const char *line)
{
    unsigned int number;

    if (!strcmp(line, "start"))
        answer("%#lx", (unsigned long)start());
    else if (!strcmp(line, "stop"))
        answer("%#lx", (unsigned long)stop());
    else if (sscanf(line, "health %u", &number) == 1)
    {
        InterlockedExchange(&health.compliant, (LONG)number);
        answer("%#lx", health.binding ? (unsigned long)INapSystemHealthAgentBinding_NotifySoHChange(
                               health.binding)
                                      : 0);
    }
    else if (!strcmp(line, "state"))
        command_state();
    else if (sscanf(line, "notified %u", &number) == 1)
        command_notified(number);
    else
        answer("what is '%s'?", line);
}

int be_health_agent(UINT32 id)
{
    char line[LINE_SIZE];

    health.INapSystemHealthAgentCallback_iface.lpVtbl = &callback_vtbl;
    health.id = id;
    health.compliant = TRUE;
    health.event = CreateEventW(NULL, FALSE, FALSE, NULL);
    InitializeCriticalSection(&health.lock);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    while (read_command(line, sizeof(line)))
        obey(line);
    return health.binding && FAILED(stop());
}
