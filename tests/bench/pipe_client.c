/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bench's own enforcement client, and the sizes of its messages.
 */
#include "pipe.h"

#include <stdio.h>
#include <string.h>

#include "tests/conformance/response.h"

UINT32 health_ids[PARTNERS];
INapEnforcementClientBinding *binding;
INapEnforcementClientConnection *connection;

void must(HRESULT hr, const char *what)
{
    if (hr != S_OK)
        die("%s says %#lx", what, (unsigned long)hr);
}

/* ---- sizes: the product's messages, in bytes ---- */

DWORD frame_size(struct napipc_message *message)
{
    static BYTE frame[NAPIPC_MAX_FRAME];
    size_t size;

    message->call = 1;
    if (napipc_encode(message, frame, sizeof(frame), &size) != NAPIPC_OK)
        die("a message does not encode");
    return (DWORD)size;
}

#define PRIVATE_DATA_SIZE 36

static struct napipc_blob blob_of(DWORD size)
{
    static BYTE bytes[0x10000];

    return (struct napipc_blob){bytes, size};
}

struct sizes request_sizes(DWORD request_size)
{
    struct napipc_message there = {.type = NAPIPC_SOH_REQUEST},
                          back = {.type = NAPIPC_SOH_REQUEST | NAPIPC_REPLY};

    there.soh_request.private_data = blob_of(PRIVATE_DATA_SIZE);
    back.soh_request_reply.private_data = blob_of(PRIVATE_DATA_SIZE);
    back.soh_request_reply.soh = blob_of(request_size);
    return (struct sizes){frame_size(&there), frame_size(&back)};
}

struct sizes response_sizes(DWORD response_size)
{
    struct napipc_message there = {.type = NAPIPC_SOH_RESPONSE},
                          back = {.type = NAPIPC_SOH_RESPONSE | NAPIPC_REPLY};

    there.soh_response.private_data = blob_of(PRIVATE_DATA_SIZE);
    there.soh_response.soh = blob_of(response_size);
    back.soh_response_reply.private_data = blob_of(PRIVATE_DATA_SIZE);
    back.soh_response_reply.isolation.state = isolationStateNotRestricted;
    return (struct sizes){frame_size(&there), frame_size(&back)};
}

struct sizes agent_sizes(DWORD soh_size)
{
    struct napipc_message there = {.type = NAPIPC_AGENT_GET_SOH},
                          back = {.type = NAPIPC_AGENT_GET_SOH | NAPIPC_REPLY};

    there.agent_get_soh.previous = blob_of(soh_size);
    back.agent_get_soh_reply.soh = blob_of(soh_size);
    return (struct sizes){frame_size(&there), frame_size(&back)};
}

struct sizes notify_sizes(void)
{
    struct napipc_message there = {.type = NAPIPC_NOTIFY_SOH_CHANGE},
                          back = {.type = NAPIPC_NOTIFY_SOH_CHANGE | NAPIPC_REPLY};

    return (struct sizes){frame_size(&there), frame_size(&back)};
}

/* ---- the bench's own enforcement client ---- */

static HRESULT STDMETHODCALLTYPE any_interface(
        INapEnforcementClientCallback *iface, REFIID riid, void **object)
{
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapEnforcementClientCallback))
        return E_NOINTERFACE;
    *object = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE no_references(INapEnforcementClientCallback *iface)
{
    (void)iface;
    return 2;
}

static HRESULT STDMETHODCALLTYPE notify_soh_change(INapEnforcementClientCallback *iface)
{
    (void)iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE get_connections(
        INapEnforcementClientCallback *iface, Connections **connections)
{
    (void)iface;
    *connections = NULL;
    return E_NOTIMPL;
}

static INapEnforcementClientCallbackVtbl callback_vtbl = {
        any_interface,
        no_references,
        no_references,
        notify_soh_change,
        get_connections,
};
INapEnforcementClientCallback callback = {&callback_vtbl};

void create_binding(void)
{
    must(CoCreateInstance(&CLSID_NapEnforcementClientBinding, NULL, CLSCTX_INPROC_SERVER,
                 &IID_INapEnforcementClientBinding, (void **)&binding),
            "CoCreateInstance");
}

void client_begin(UINT32 id)
{
    create_binding();
    must(INapEnforcementClientBinding_Initialize(binding, id, &callback), "Initialize");
    must(INapEnforcementClientBinding_CreateConnection(binding, &connection), "CreateConnection");
}

void client_end(void)
{
    INapEnforcementClientBinding_NotifyConnectionStateDown(binding, connection);
    INapEnforcementClientConnection_Release(connection);
    must(INapEnforcementClientBinding_Uninitialize(binding), "Uninitialize");
    INapEnforcementClientBinding_Release(binding);
}

UINT64 get_soh_request(void)
{
    UINT64 begun = now_ns(), ended;
    BOOL hint;
    HRESULT hr;

    hr = INapEnforcementClientBinding_GetSoHRequest(binding, connection, &hint);
    ended = now_ns();
    must(hr, "GetSoHRequest");
    return ended - begun;
}

static NetworkSoHRequest *read_request(void)
{
    NetworkSoHRequest *request;

    must(INapEnforcementClientConnection_GetSoHRequest(connection, &request),
            "the connection's GetSoHRequest");
    return request;
}

static void free_request(NetworkSoHRequest *request)
{
    CoTaskMemFree(request->data);
    CoTaskMemFree(request);
}

/* Checks that the request has the entries of these health agents, each asked `calls` times. Returns
 * its size. */
DWORD check_request(const struct partners *agents, LONG calls, DWORD *entry_size)
{
    NetworkSoHRequest *request = read_request();
    DWORD whole = request->size;
    UINT32 ids[20];
    char mark[32];
    unsigned int i;
    size_t size = 0;

    if (request_entries(request, ids) != (int)agents->count)
        die("the request has %d entries, not %u", request_entries(request, ids), agents->count);
    sprintf(mark, SOH_MARK "%8ld", calls);
    for (i = 0; i < agents->count; i++)
    {
        const BYTE *entry = request_entry(request, health_ids[i], &size);

        if (agents->slots[i].calls != calls)
            die("health agent %u was asked %ld times, not %ld", i, agents->slots[i].calls, calls);
        if (!entry || size < strlen(mark)
                || memcmp(entry + size - strlen(mark), mark, strlen(mark)))
            die("the request does not have what health agent %u reported", i);
    }
    if (entry_size)
        *entry_size = (DWORD)size;
    free_request(request);
    return whole;
}

/* Answers the last request; returns the duration of ProcessSoHResponse. */
UINT64 process_response(const struct partners *agents, IsolationState state, DWORD *size)
{
    static BYTE packet[RESPONSE_MAX_SIZE];
    NetworkSoHRequest *request = read_request();
    struct response response;
    NetworkSoHResponse soh;
    IsolationInfo *info;
    UINT64 begun, ended;
    HRESULT hr;

    if (!response_to(request, &response))
        die("the request is not one");
    free_request(request);
    response.state = (BYTE)state;
    response.entries = agents ? agents->count : 0;
    response.ids = health_ids;
    soh.size = (UINT16)response_write(&response, packet);
    soh.data = packet;
    must(INapEnforcementClientConnection_SetSoHResponse(connection, &soh), "SetSoHResponse");
    begun = now_ns();
    hr = INapEnforcementClientBinding_ProcessSoHResponse(binding, connection);
    ended = now_ns();
    must(hr, "ProcessSoHResponse");
    must(INapEnforcementClientConnection_GetIsolationInfo(connection, &info), "GetIsolationInfo");
    if (info->isolationState != state)
        die("the connection is %d, not %d", info->isolationState, state);
    CoTaskMemFree(info->failureUrl.string);
    CoTaskMemFree(info);
    if (size)
        *size = soh.size;
    return ended - begun;
}

/* Waits until each health agent has got the response, so that it is idle at the next request. */
void wait_for_agents(const struct partners *agents, LONG answers)
{
    unsigned int i, tries;

    for (i = 0; i < agents->count; i++)
        for (tries = 0; agents->slots[i].answers != answers; tries++, Sleep(1))
            if (tries == 10000)
                die("health agent %u had %ld responses, not %ld", i, agents->slots[i].answers,
                        answers);
    Sleep(2); /* out of the callbacks */
}
