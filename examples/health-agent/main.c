/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A small but complete system health agent (SHA), as one was written for Windows
 * 7. It uses Microsoft's public headers and nothing else.
 *
 *   health-agent register ID NAME [information]
 *       registers a health agent with the NAP system, and its information DLL (information.c)
 *   health-agent unregister ID
 *   health-agent run ID [noncompliant]
 *       runs until its standard input ends; the lines "compliant" and
 *       "noncompliant" there change its health
 *
 * It reports its health as a compliance result code, S_OK or E_FAIL. If a
 * response asks for a fix-up, it makes one in steps, as an update would be, and
 * is compliant then. It prints each of its calls and each call of the NAP system.
 * The exit code is 0 if all of its own calls succeeded.
 */
#ifndef COBJMACROS
#define COBJMACROS
#endif
#define INITGUID
#include <windows.h>
#include <naptypes.h>
#include <napprotocol.h>
#include <napsystemhealthagent.h>
#include <napmanagement.h>
#include <naputil.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "information.h"

/* The values of uuid.lib; mingw-w64 only declares them. */
DEFINE_GUID(CLSID_NapSystemHealthAgentBinding_, 0x8e594310, 0x16ca, 0x4a00, 0x93, 0x2f, 0xf7, 0x09,
        0x69, 0xf9, 0x90, 0xc0);
DEFINE_GUID(CLSID_NapClientManagement_, 0xeb082ba1, 0xdf8a, 0x46be, 0x82, 0xf3, 0x35, 0xbf, 0x9e,
        0x9b, 0xe5, 0x2f);
DEFINE_GUID(CLSID_NapSoHConstructor_, 0xe8140d53, 0x6535, 0x46a5, 0xb8, 0xa1, 0xda, 0x6c, 0x57,
        0x1d, 0xa9, 0xb9);
DEFINE_GUID(CLSID_NapSoHProcessor_, 0xaa160628, 0x8775, 0x46e3, 0x83, 0x7c, 0xf7, 0xa2, 0xae, 0x66,
        0xe2, 0xf5);

#define SOFTWARE_VERSION "4.2"
#define FIXUP_STEP 20        /* percent */
#define FIXUP_STEP_TIME 1000 /* ms */

static HRESULT step(const char *what, HRESULT hr)
{
    printf("%-28s 0x%08lX%s\n", what, (unsigned long)hr, FAILED(hr) ? "  failed" : "");
    fflush(stdout);
    return hr;
}

/* ---- the agent ---- */

struct agent
{
    INapSystemHealthAgentCallback INapSystemHealthAgentCallback_iface;
    LONG refs;
    SystemHealthEntityId id;
    INapSystemHealthAgentBinding *binding;
    LONG compliant;
    LONG fixing;     /* a fix-up is running */
    LONG percentage; /* of the last fix-up; 100: done, or none was needed */
    HANDLE fixup;    /* its thread, or NULL */
};

static struct agent *impl_from_callback(INapSystemHealthAgentCallback *iface)
{
    return CONTAINING_RECORD(iface, struct agent, INapSystemHealthAgentCallback_iface);
}

/* "SHAs must not call this API speculatively": only when the health has changed. */
static HRESULT set_health(struct agent *agent, BOOL compliant)
{
    if (InterlockedExchange(&agent->compliant, compliant) == compliant)
        return S_OK;
    printf("The machine is %s.\n", compliant ? "compliant" : "not compliant");
    return step("NotifySoHChange", INapSystemHealthAgentBinding_NotifySoHChange(agent->binding));
}

/* ---- fix-up ---- */

static DWORD WINAPI fix_up(void *argument)
{
    struct agent *agent = argument;
    LONG percentage;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    for (percentage = 0; percentage <= 100; percentage += FIXUP_STEP)
    {
        printf("  fix-up: %ld%%\n", percentage);
        fflush(stdout);
        InterlockedExchange(&agent->percentage, percentage);
        if (percentage < 100)
            Sleep(FIXUP_STEP_TIME);
    }
    set_health(agent, TRUE);
    CoUninitialize();
    InterlockedExchange(&agent->fixing, FALSE);
    return 0;
}

/* "If any fix-up processing is required, any implementation of ProcessSoHResponse must start a new
 * thread to perform fix-up processing." */
static void start_fix_up(struct agent *agent)
{
    if (InterlockedExchange(&agent->fixing, TRUE))
        return;
    if (agent->fixup)
        CloseHandle(agent->fixup); /* the previous fix-up's, which has ended */
    InterlockedExchange(&agent->percentage, 0);
    agent->fixup = CreateThread(NULL, 0, fix_up, agent, 0, NULL);
}

/* ---- statements of health ---- */

/* Makes the health agent's SoH, which the caller frees by FreeSoH. */
static HRESULT make_soh(struct agent *agent, SoHRequest **soh)
{
    static BYTE version[] = SOFTWARE_VERSION;
    HRESULT code = agent->compliant ? S_OK : E_FAIL;
    SoHAttributeValue value;
    INapSoHConstructor *constructor;
    HRESULT hr;

    *soh = NULL;
    hr = CoCreateInstance(&CLSID_NapSoHConstructor_, NULL, CLSCTX_INPROC_SERVER,
            &IID_INapSoHConstructor, (void **)&constructor);
    if (FAILED(hr))
        return hr;
    hr = INapSoHConstructor_Initialize(constructor, agent->id, TRUE);
    if (SUCCEEDED(hr))
    {
        value.codesVal.count = 1;
        value.codesVal.results = &code;
        hr = INapSoHConstructor_AppendAttribute(
                constructor, sohAttributeTypeComplianceResultCodes, &value);
    }
    if (SUCCEEDED(hr))
    {
        value.octetStringVal.size = sizeof(version) - 1;
        value.octetStringVal.data = version;
        hr = INapSoHConstructor_AppendAttribute(
                constructor, sohAttributeTypeSoftwareVersion, &value);
    }
    if (SUCCEEDED(hr))
        hr = INapSoHConstructor_GetSoH(constructor, soh);
    INapSoHConstructor_Release(constructor);
    return hr;
}

/* Prints the server's result codes; *compliant is FALSE if one of them is a failure. */
static HRESULT read_response(const SoHResponse *response, BOOL *compliant)
{
    SoHAttributeValue *value;
    SoHAttributeType type;
    SystemHealthEntityId id;
    INapSoHProcessor *processor;
    UINT16 at, i;
    HRESULT hr;

    *compliant = TRUE;
    hr = CoCreateInstance(&CLSID_NapSoHProcessor_, NULL, CLSCTX_INPROC_SERVER,
            &IID_INapSoHProcessor, (void **)&processor);
    if (FAILED(hr))
        return hr;
    hr = INapSoHProcessor_Initialize(processor, response, FALSE, &id);
    if (SUCCEEDED(hr)
            && SUCCEEDED(INapSoHProcessor_FindNextAttribute(
                    processor, 0, sohAttributeTypeComplianceResultCodes, &at)))
    {
        hr = INapSoHProcessor_GetAttribute(processor, at, &type, &value);
        if (SUCCEEDED(hr))
        {
            for (i = 0; i < value->codesVal.count; i++)
            {
                printf("  the server says              0x%08lX\n",
                        (unsigned long)value->codesVal.results[i]);
                if (FAILED(value->codesVal.results[i]))
                    *compliant = FALSE;
            }
            FreeSoHAttributeValue(type, value);
        }
    }
    INapSoHProcessor_Release(processor);
    fflush(stdout);
    return hr;
}

/* ---- the callback ---- */

static HRESULT WINAPI callback_QueryInterface(
        INapSystemHealthAgentCallback *iface, REFIID riid, void **object)
{
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapSystemHealthAgentCallback))
    {
        *object = NULL;
        return E_NOINTERFACE;
    }
    *object = iface;
    INapSystemHealthAgentCallback_AddRef(iface);
    return S_OK;
}

static ULONG WINAPI callback_AddRef(INapSystemHealthAgentCallback *iface)
{
    return InterlockedIncrement(&impl_from_callback(iface)->refs);
}

static ULONG WINAPI callback_Release(INapSystemHealthAgentCallback *iface)
{
    return InterlockedDecrement(&impl_from_callback(iface)->refs); /* lives in run() */
}

static HRESULT WINAPI callback_GetSoHRequest(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    SoHRequest *soh;
    HRESULT hr = make_soh(impl_from_callback(iface), &soh);

    if (SUCCEEDED(hr))
    {
        hr = INapSystemHealthAgentRequest_SetSoHRequest(request, soh, TRUE);
        FreeSoH(soh);
    }
    return step("> GetSoHRequest", hr);
}

static HRESULT WINAPI callback_ProcessSoHResponse(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    struct agent *agent = impl_from_callback(iface);
    SoHResponse *response;
    BOOL compliant;
    UINT8 flags;
    HRESULT hr;

    hr = INapSystemHealthAgentRequest_GetSoHResponse(request, &response, &flags);
    if (FAILED(hr))
        return step("> ProcessSoHResponse", hr);
    hr = read_response(response, &compliant);
    FreeSoH(response);
    /* "This method must return NAP_E_INVALID_PACKET if the response is not in the correct
     * format." */
    if (FAILED(hr))
        return step("> ProcessSoHResponse", NAP_E_INVALID_PACKET);
    step(flags & shaFixup ? "> ProcessSoHResponse, fix-up" : "> ProcessSoHResponse", S_OK);
    if ((flags & shaFixup) && !compliant && !agent->compliant)
        start_fix_up(agent);
    return S_OK;
}

static HRESULT WINAPI callback_NotifySystemIsolationStateChange(
        INapSystemHealthAgentCallback *iface)
{
    static const char *const names[] = {"?", "not restricted", "in probation", "restricted access"};
    struct agent *agent = impl_from_callback(iface);
    IsolationInfo *info;
    BOOL unknown;
    HRESULT hr;

    hr = INapSystemHealthAgentBinding_GetSystemIsolationInfo(agent->binding, &info, &unknown);
    step("> NotifySystemIsolationStateChange", hr);
    if (SUCCEEDED(hr))
    {
        printf("  isolation state              %s\n",
                info->isolationState <= isolationStateRestrictedAccess ? names[info->isolationState]
                                                                       : "?");
        fflush(stdout);
        FreeIsolationInfo(info);
    }
    return S_OK;
}

static HRESULT WINAPI callback_GetFixupInfo(INapSystemHealthAgentCallback *iface, FixupInfo **info)
{
    struct agent *agent = impl_from_callback(iface);
    HRESULT hr = AllocFixupInfo(info, 1);
    char text[64];
    BOOL done;

    if (FAILED(hr))
        return step("> GetFixupInfo", hr);
    (*info)->percentage = (Percentage)agent->percentage;
    done = (*info)->percentage == 100;
    (*info)->state = done ? fixupStateSuccess : fixupStateInProgress;
    (*info)->fixupMsgId = done ? MESSAGE_FIXUP_DONE : MESSAGE_FIXUP_IN_PROGRESS;
    (*info)->resultCodes.results[0] = S_OK;
    snprintf(text, sizeof(text), "> GetFixupInfo: %u%%", (*info)->percentage);
    return step(text, S_OK);
}

/* The SoH has no time or counter, so the NAP system may compare the bytes. */
static HRESULT WINAPI callback_CompareSoHRequests(INapSystemHealthAgentCallback *iface,
        const SoHRequest *left, const SoHRequest *right, BOOL *equal)
{
    (void)iface;
    (void)left;
    (void)right;
    *equal = FALSE;
    printf("%-28s 0x%08lX\n", "> CompareSoHRequests", (unsigned long)E_NOTIMPL);
    fflush(stdout);
    return E_NOTIMPL;
}

static HRESULT WINAPI callback_NotifyOrphanedSoHRequest(
        INapSystemHealthAgentCallback *iface, const CorrelationId *correlation)
{
    (void)iface;
    (void)correlation;
    return step("> NotifyOrphanedSoHRequest", S_OK);
}

static INapSystemHealthAgentCallbackVtbl callback_vtbl = {
        callback_QueryInterface,
        callback_AddRef,
        callback_Release,
        callback_GetSoHRequest,
        callback_ProcessSoHResponse,
        callback_NotifySystemIsolationStateChange,
        callback_GetFixupInfo,
        callback_CompareSoHRequests,
        callback_NotifyOrphanedSoHRequest,
};

/* ---- registration ---- */

/* As in Microsoft's simple SHA: `length` gets the size in bytes including NUL, though the member
 * counts characters. The NAP system cuts a string at its NUL. */
static CountedString counted(const WCHAR *text)
{
    UINT16 length = (UINT16)((wcslen(text) + 1) * sizeof(WCHAR));
    CountedString string = {length, calloc(length + 1, sizeof(WCHAR))};

    if (string.string)
        wcscpy(string.string, text);
    return string;
}

static HRESULT get_management(INapClientManagement **management)
{
    return step("CoCreateInstance(management)",
            CoCreateInstance(&CLSID_NapClientManagement_, NULL, CLSCTX_INPROC_SERVER,
                    &IID_INapClientManagement, (void **)management));
}

static int register_agent(SystemHealthEntityId id, const WCHAR *name, BOOL information)
{
    static const CLSID information_class = SAMPLE_INFORMATION;
    NapComponentRegistrationInfo info = {
            .id = id,
            .friendlyName = counted(name),
            .description = counted(L"The health agent of wine-nap's demo"),
            .version = counted(L"1.0.0.1"),
            .vendorName = counted(L"The wine-nap authors"),
    };
    INapClientManagement *management;
    HRESULT hr = get_management(&management);

    if (information)
        info.infoClsid = information_class;
    if (SUCCEEDED(hr))
    {
        hr = step("RegisterSystemHealthAgent",
                INapClientManagement_RegisterSystemHealthAgent(management, &info));
        INapClientManagement_Release(management);
    }
    free(info.friendlyName.string);
    free(info.description.string);
    free(info.version.string);
    free(info.vendorName.string);
    return FAILED(hr);
}

static int unregister_agent(SystemHealthEntityId id)
{
    INapClientManagement *management;
    HRESULT hr = get_management(&management);

    if (FAILED(hr))
        return 1;
    hr = step("UnregisterSystemHealthAgent",
            INapClientManagement_UnregisterSystemHealthAgent(management, id));
    INapClientManagement_Release(management);
    return FAILED(hr);
}

/* ---- running ---- */

/* Follows the lines of standard input until it ends. */
static HRESULT follow_input(struct agent *agent)
{
    HRESULT hr = S_OK;
    char line[64];

    while (SUCCEEDED(hr) && fgets(line, sizeof(line), stdin))
    {
        line[strcspn(line, "\r\n")] = 0;
        if (!strcmp(line, "compliant"))
            hr = set_health(agent, TRUE);
        else if (!strcmp(line, "noncompliant"))
            hr = set_health(agent, FALSE);
        else
            printf("Lines are: compliant, noncompliant\n");
        fflush(stdout);
    }
    return hr;
}

static int run(SystemHealthEntityId id, BOOL compliant)
{
    struct agent agent = {{&callback_vtbl}, 1, id, NULL, compliant, FALSE, 100, NULL};
    HRESULT hr, ended;

    hr = step("CoCreateInstance(binding)",
            CoCreateInstance(&CLSID_NapSystemHealthAgentBinding_, NULL, CLSCTX_INPROC_SERVER,
                    &IID_INapSystemHealthAgentBinding, (void **)&agent.binding));
    if (FAILED(hr))
        return 1;
    hr = step("Initialize", INapSystemHealthAgentBinding_Initialize(
                                    agent.binding, id, &agent.INapSystemHealthAgentCallback_iface));
    /* RPC_E_DISCONNECTED: NapAgent does not run yet; the binding waits for it. */
    if (SUCCEEDED(hr))
        hr = step("NotifySoHChange", INapSystemHealthAgentBinding_NotifySoHChange(agent.binding));
    if (SUCCEEDED(hr) || hr == RPC_E_DISCONNECTED)
    {
        printf("The health agent runs; the machine is %s.\n",
                compliant ? "compliant" : "not compliant");
        fflush(stdout);
        hr = follow_input(&agent);
        ended = step("Uninitialize", INapSystemHealthAgentBinding_Uninitialize(agent.binding));
        if (SUCCEEDED(hr))
            hr = ended;
    }
    /* No more callbacks arrive, but a running fix-up uses the binding. */
    if (agent.fixup)
    {
        WaitForSingleObject(agent.fixup, INFINITE);
        CloseHandle(agent.fixup);
    }
    INapSystemHealthAgentBinding_Release(agent.binding);
    return FAILED(hr);
}

int wmain(int argc, WCHAR **argv)
{
    int code = 2;

    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    if (argc == 4 && !wcscmp(argv[1], L"register"))
        code = register_agent(wcstoul(argv[2], NULL, 0), argv[3], FALSE);
    else if (argc == 5 && !wcscmp(argv[1], L"register") && !wcscmp(argv[4], L"information"))
        code = register_agent(wcstoul(argv[2], NULL, 0), argv[3], TRUE);
    else if (argc == 3 && !wcscmp(argv[1], L"unregister"))
        code = unregister_agent(wcstoul(argv[2], NULL, 0));
    else if (argc == 3 && !wcscmp(argv[1], L"run"))
        code = run(wcstoul(argv[2], NULL, 0), TRUE);
    else if (argc == 4 && !wcscmp(argv[1], L"run") && !wcscmp(argv[3], L"noncompliant"))
        code = run(wcstoul(argv[2], NULL, 0), FALSE);
    else
        fprintf(stderr,
                "usage: health-agent register ID NAME [information] | unregister ID | run ID "
                "[noncompliant]\n");
    CoUninitialize();
    return code;
}
