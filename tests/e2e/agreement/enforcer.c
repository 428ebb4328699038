/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The role of an enforcement client with its connections, and of the server
 * that decides on them.
 */
#include "agreement.h"

#include <objbase.h>
#include <napenforcementclient.h>
#include <napprotocol.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/response.h"

static struct
{
    INapEnforcementClientCallback INapEnforcementClientCallback_iface;
    UINT32 id;
    INapEnforcementClientBinding *binding;
    INapEnforcementClientConnection *connections[CONNECTIONS];
    CRITICAL_SECTION exchange; /* one at a time: a second would orphan the first */
    LONG pending;              /* callbacks that have not returned */
    LONG notified;
    HANDLE event;
} enforcer;

static HRESULT request_soh(int number)
{
    BOOL hint;

    return INapEnforcementClientBinding_GetSoHRequest(
            enforcer.binding, enforcer.connections[number], &hint);
}

/* ---- the callback object ---- */

static HRESULT STDMETHODCALLTYPE callback_QueryInterface(
        INapEnforcementClientCallback *iface, REFIID riid, void **object)
{
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapEnforcementClientCallback))
        return E_NOINTERFACE;
    *object = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE callback_AddRef(INapEnforcementClientCallback *iface)
{
    (void)iface;
    return 2;
}

/* "the enforcer must ... make a GetSoHRequest call" for its connections */
static HRESULT STDMETHODCALLTYPE callback_NotifySoHChange(INapEnforcementClientCallback *iface)
{
    HRESULT hr = S_OK;
    int i;

    (void)iface;
    InterlockedIncrement(&enforcer.pending);
    EnterCriticalSection(&enforcer.exchange);
    for (i = 0; i < CONNECTIONS && SUCCEEDED(hr); i++)
        if (enforcer.connections[i])
            hr = request_soh(i);
    LeaveCriticalSection(&enforcer.exchange);
    if (SUCCEEDED(hr))
        InterlockedIncrement(&enforcer.notified);
    InterlockedDecrement(&enforcer.pending);
    SetEvent(enforcer.event);
    return hr;
}

static HRESULT STDMETHODCALLTYPE callback_GetConnections(
        INapEnforcementClientCallback *iface, Connections **connections)
{
    (void)iface;
    *connections = NULL;
    return E_NOTIMPL; /* the agent is not started again here */
}

static INapEnforcementClientCallbackVtbl callback_vtbl = {
        callback_QueryInterface,
        callback_AddRef,
        callback_AddRef,
        callback_NotifySoHChange,
        callback_GetConnections,
};

/* ---- commands ---- */

static HRESULT start(void)
{
    ULONGLONG until = GetTickCount64() + PATIENCE;
    HRESULT hr;

    if (FAILED(hr = CoCreateInstance(&CLSID_NapEnforcementClientBinding, NULL, CLSCTX_INPROC_SERVER,
                       &IID_INapEnforcementClientBinding, (void **)&enforcer.binding)))
        return hr;
    enforcer.notified = 0;
    /* The agent may not have noticed yet that one was killed. */
    while ((hr = INapEnforcementClientBinding_Initialize(
                    enforcer.binding, enforcer.id, &enforcer.INapEnforcementClientCallback_iface))
                    == HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED)
            && GetTickCount64() < until)
        Sleep(10);
    return hr;
}

static HRESULT stop(void)
{
    HRESULT hr = INapEnforcementClientBinding_Uninitialize(enforcer.binding);
    int i;

    for (i = 0; i < CONNECTIONS; i++)
        if (enforcer.connections[i])
        {
            INapEnforcementClientConnection_Release(enforcer.connections[i]);
            enforcer.connections[i] = NULL;
        }
    INapEnforcementClientBinding_Release(enforcer.binding);
    enforcer.binding = NULL;
    return hr;
}

static HRESULT up(int number)
{
    INapEnforcementClientConnection *connection;
    ConnectionId id;
    HRESULT hr;

    if (FAILED(hr = INapEnforcementClientBinding_CreateConnection(enforcer.binding, &connection)))
        return hr;
    CoCreateGuid(&id);
    INapEnforcementClientConnection_SetConnectionId(connection, &id);
    enforcer.connections[number] = connection;
    return S_OK;
}

static HRESULT down(int number)
{
    INapEnforcementClientConnection *connection = enforcer.connections[number];
    HRESULT hr;

    enforcer.connections[number] = NULL;
    hr = INapEnforcementClientBinding_NotifyConnectionStateDown(enforcer.binding, connection);
    INapEnforcementClientConnection_Release(connection);
    return hr;
}

/* The content of a request's entry: its result code, or the error that the NAP system put in. */
static HRESULT entry_code(const NetworkSoHRequest *request, UINT32 id)
{
    size_t size = 0, at;
    const BYTE *entry = request_entry(request, id, &size);

    for (at = 0; entry && at + 4 <= size;)
    {
        unsigned int type = entry[at] << 8 | entry[at + 1];
        size_t length = (size_t)(entry[at + 2] << 8 | entry[at + 3]);
        const BYTE *value = entry + at + 4;

        at += 4 + length;
        if ((type == sohAttributeTypeComplianceResultCodes || type == sohAttributeTypeErrorCodes)
                && length >= 4 && at <= size)
            return (HRESULT)((UINT32)value[0] << 24 | value[1] << 16 | value[2] << 8 | value[3]);
    }
    return E_UNEXPECTED;
}

static HRESULT read_codes(int number, HRESULT codes[HEALTH_AGENTS])
{
    NetworkSoHRequest *request;
    HRESULT hr;
    int a;

    hr = INapEnforcementClientConnection_GetSoHRequest(enforcer.connections[number], &request);
    if (FAILED(hr))
        return hr;
    for (a = 0; a < HEALTH_AGENTS; a++)
        codes[a] = entry_code(request, FIRST_HEALTH_AGENT + a);
    CoTaskMemFree(request->data);
    CoTaskMemFree(request);
    return S_OK;
}

/* Makes the server's response to the connection's last request, and processes it. */
static HRESULT decide(int number, const struct verdict *verdict)
{
    static BYTE packet[RESPONSE_MAX_SIZE];
    static UINT32 ids[HEALTH_AGENTS];
    struct response response;
    NetworkSoHRequest *request;
    NetworkSoHResponse soh;
    HRESULT hr;
    bool sound;
    int a;

    hr = INapEnforcementClientConnection_GetSoHRequest(enforcer.connections[number], &request);
    if (FAILED(hr))
        return hr;
    sound = response_to(request, &response);
    CoTaskMemFree(request->data);
    CoTaskMemFree(request);
    if (!sound)
        return E_UNEXPECTED;
    response.state = (BYTE)verdict->state;
    response.extended = (BYTE)verdict->extended;
    if (verdict->end)
        response.probation_end = verdict->end;
    for (a = 0; a < HEALTH_AGENTS; a++)
        ids[a] = FIRST_HEALTH_AGENT + a;
    response.ids = ids;
    response.entries = HEALTH_AGENTS;
    soh.size = (UINT16)response_write(&response, packet);
    soh.data = packet;
    hr = INapEnforcementClientConnection_SetSoHResponse(enforcer.connections[number], &soh);
    if (FAILED(hr))
        return hr;
    return INapEnforcementClientBinding_ProcessSoHResponse(
            enforcer.binding, enforcer.connections[number]);
}

static void answer_codes(HRESULT hr, const HRESULT codes[HEALTH_AGENTS])
{
    char text[HEALTH_AGENTS * 12 + 1] = "";
    int a;

    for (a = 0; SUCCEEDED(hr) && a < HEALTH_AGENTS; a++)
        sprintf(text + strlen(text), " %#lx", (unsigned long)codes[a]);
    answer("%#lx%s", (unsigned long)hr, text);
}

static void command_ask(int number)
{
    HRESULT codes[HEALTH_AGENTS], hr = request_soh(number);

    if (SUCCEEDED(hr))
        hr = read_codes(number, codes);
    answer_codes(hr, codes);
}

static void command_judge(int number, UINT64 end)
{
    HRESULT codes[HEALTH_AGENTS], hr = request_soh(number);
    struct verdict verdict;

    if (SUCCEEDED(hr))
        hr = read_codes(number, codes);
    if (SUCCEEDED(hr))
    {
        verdict = judge(codes, end);
        hr = decide(number, &verdict);
    }
    answer_codes(hr, codes);
}

static void command_state(int number)
{
    INapEnforcementClientConnection2 *connection2;
    struct verdict verdict, verdict_ex;
    IsolationInfoEx *info_ex;
    IsolationInfo *info;
    HRESULT hr;

    hr = INapEnforcementClientConnection_GetIsolationInfo(enforcer.connections[number], &info);
    if (FAILED(hr))
    {
        answer("%#lx", (unsigned long)hr);
        return;
    }
    verdict_read(info, &verdict);
    CoTaskMemFree(info->failureUrl.string);
    CoTaskMemFree(info);
    hr = INapEnforcementClientConnection_QueryInterface(enforcer.connections[number],
            &IID_INapEnforcementClientConnection2, (void **)&connection2);
    if (SUCCEEDED(hr))
    {
        hr = INapEnforcementClientConnection2_GetIsolationInfoEx(connection2, &info_ex);
        INapEnforcementClientConnection2_Release(connection2);
    }
    if (SUCCEEDED(hr))
    {
        verdict_read_ex(info_ex, &verdict_ex);
        CoTaskMemFree(info_ex->failureUrl.string);
        CoTaskMemFree(info_ex);
        verdict.extended = verdict_ex.extended; /* the other has none */
        if (!verdict_equal(&verdict, &verdict_ex))
            hr = E_UNEXPECTED;
    }
    answer("%#lx %u %u %llu", (unsigned long)hr, verdict.state, verdict.extended, verdict.end);
}

static void command_notified(LONG count)
{
    ULONGLONG until = GetTickCount64() + PATIENCE;

    while (*(volatile LONG *)&enforcer.notified < count && GetTickCount64() < until)
        WaitForSingleObject(enforcer.event, 100);
    answer("%ld", enforcer.notified);
}

static void obey(const char *line)
{
    struct verdict verdict = {0};
    int number = 0;
    LONG count;

    if (!strcmp(line, "start"))
        answer("%#lx", (unsigned long)start());
    else if (!strcmp(line, "settled"))
    {
        LONG pending = enforcer.pending; /* first: a callback that ends now is counted */

        answer("%ld %ld", enforcer.notified, pending);
    }
    else if (sscanf(line, "notified %ld", &count) == 1)
        command_notified(count);
    else
    {
        EnterCriticalSection(&enforcer.exchange);
        if (!strcmp(line, "stop"))
        {
            /* A callback may wait for the exchange, and Uninitialize for the callback. */
            LeaveCriticalSection(&enforcer.exchange);
            answer("%#lx", (unsigned long)stop());
            return;
        }
        if (sscanf(line, "up %d", &number) == 1)
            answer("%#lx", (unsigned long)up(number));
        else if (sscanf(line, "down %d", &number) == 1)
            answer("%#lx", (unsigned long)down(number));
        else if (sscanf(line, "ask %d", &number) == 1)
            command_ask(number);
        else if (sscanf(line, "decide %d %u %u %llu", &number, &verdict.state, &verdict.extended,
                         &verdict.end)
                 == 4)
            answer("%#lx", (unsigned long)decide(number, &verdict));
        else if (sscanf(line, "judge %d %llu", &number, &verdict.end) == 2)
            command_judge(number, verdict.end);
        else if (sscanf(line, "state %d", &number) == 1)
            command_state(number);
        else
            answer("what is '%s'?", line);
        LeaveCriticalSection(&enforcer.exchange);
    }
}

int be_enforcer(UINT32 id)
{
    char line[LINE_SIZE];

    enforcer.INapEnforcementClientCallback_iface.lpVtbl = &callback_vtbl;
    enforcer.id = id;
    enforcer.event = CreateEventW(NULL, FALSE, FALSE, NULL);
    InitializeCriticalSection(&enforcer.exchange);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    while (read_command(line, sizeof(line)))
        obey(line);
    return enforcer.binding && FAILED(stop());
}
