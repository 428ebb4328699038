/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The honest programs: an enforcement client that makes one exchange after another and checks each,
 * and a health agent.
 */
#include "live.h"

#include <stdio.h>
#include <string.h>

#include "tests/conformance/sha.h"

#define MARK "asked "
#define PAUSE 3 /* ms between two exchanges */

static struct board *board;

/* ---- the health agent ---- */

static struct agent_report *agent_report;

/* Its SoH is different each time. */
static HRESULT report_health(struct sha *object, INapSystemHealthAgentRequest *request)
{
    struct small_soh small;
    char product[32];

    sprintf(product, MARK "%ld", InterlockedIncrement(&agent_report->asked));
    return INapSystemHealthAgentRequest_SetSoHRequest(
            request, small_soh(&small, object->id, product), FALSE);
}

static HRESULT take_response(struct sha *object, INapSystemHealthAgentRequest *request)
{
    (void)object;
    (void)request;
    InterlockedIncrement(&agent_report->answered);
    return S_OK;
}

int be_health_agent(unsigned int side)
{
    HRESULT hr;

    board = board_open();
    agent_report = &board->agents[side];
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    sha_init(&sha, FIRST_AGENT + side);
    sha.on_request = report_health;
    sha.on_response = take_response;
    if (!(sha.binding = sha_binding_create()))
        return 1;
    hr = INapSystemHealthAgentBinding_Initialize(sha.binding, sha.id, sha_callback);
    agent_report->bound = FAILED(hr) ? hr : 1;
    while (SUCCEEDED(hr) && board->end < 2)
        Sleep(20);
    INapSystemHealthAgentBinding_Release(sha.binding);
    CoUninitialize();
    return FAILED(hr);
}

/* ---- the enforcement client ---- */

static struct client_report *client_report;
static INapEnforcementClientConnection *own; /* connection */

static bool failed(const char *what, HRESULT hr)
{
    if (!client_report->failures)
        snprintf(client_report->failure, sizeof(client_report->failure), "exchange %ld: %s, %#lx",
                client_report->exchanges, what, hr);
    InterlockedIncrement(&client_report->failures);
    return false;
}

/* Checks that the request has both health agents' SoHs for this exchange. */
static const char *fault_of(const NetworkSoHRequest *request)
{
    const BYTE *entry, *mark;
    unsigned int side;
    size_t size, generated_size;
    UINT32 ids[20];

    if (request_entries(request, ids) != SIDES)
        return "the request does not have the health agents' entries";
    for (side = 0; side < SIDES; side++)
    {
        entry = request_entry(request, FIRST_AGENT + side, &size);
        mark = entry ? entry + 12 : NULL; /* after the id and the header of Product-Name */
        if (!entry || size < 12 + strlen(MARK) || memcmp(mark, MARK, strlen(MARK)))
            return "a health agent was not heard";
    }
    /* SystemGenerated-Ids: u16 bytes, ids */
    if (request_pair(request, 4, &generated_size) && generated_size > 2)
        return "the agent answered for a health agent";
    return NULL;
}

/* Publishes the data of the pending exchange, for the hostile sessions. */
static void publish(const struct response *response)
{
    PrivateData *data = NULL;

    if (INapEnforcementClientConnection_GetPrivateData(own, &data) != S_OK)
        return;
    memcpy(client_report->correlation, response->correlation, sizeof(response->correlation));
    memcpy(client_report->private_data, data->data, data->size);
    client_report->private_size = data->size;
    free_data(data);
}

/* A whole exchange, with `state` as the server's decision; *us is the duration of the two calls. */
static bool exchange(IsolationState state, double *us)
{
    static BYTE packet[RESPONSE_MAX_SIZE];
    UINT32 ids[SIDES] = {FIRST_AGENT, FIRST_AGENT + 1};
    NetworkSoHRequest *request = NULL;
    NetworkSoHResponse soh = {0, packet};
    struct response response;
    IsolationInfo *info = NULL;
    IsolationState decided;
    const char *fault;
    uint64_t begun;
    BOOL hint;
    HRESULT hr;

    begun = now_ns();
    hr = INapEnforcementClientBinding_GetSoHRequest(binding, own, &hint);
    *us = (double)(now_ns() - begun) / 1000;
    if (hr != S_OK)
        return failed("GetSoHRequest", hr);
    if ((hr = INapEnforcementClientConnection_GetSoHRequest(own, &request)) != S_OK)
        return failed("the connection's GetSoHRequest", hr);
    fault = response_to(request, &response) ? fault_of(request) : "the request is not one";
    free_soh(request);
    if (fault)
        return failed(fault, 0);
    publish(&response);
    response.state = (BYTE)state;
    response.ids = ids;
    response.entries = SIDES;
    soh.size = (UINT16)response_write(&response, packet);
    if ((hr = INapEnforcementClientConnection_SetSoHResponse(own, &soh)) != S_OK)
        return failed("SetSoHResponse", hr);
    begun = now_ns();
    hr = INapEnforcementClientBinding_ProcessSoHResponse(binding, own);
    *us += (double)(now_ns() - begun) / 1000;
    if (hr != S_OK)
        return failed("ProcessSoHResponse", hr);
    if ((hr = INapEnforcementClientConnection_GetIsolationInfo(own, &info)) != S_OK)
        return failed("GetIsolationInfo", hr);
    decided = info->isolationState;
    free_isolation(info);
    return decided == state || failed("the decision is another", decided);
}

static void exchange_and_report(void)
{
    IsolationState state = client_report->exchanges % 2 ? isolationStateRestrictedAccess
                                                        : isolationStateNotRestricted;
    LONG phase = board->phase;
    double us;

    if (phase == PHASE_REST)
    {
        Sleep(20);
        return;
    }
    if (exchange(state, &us))
        samples_add(&client_report->samples, board, phase, us);
    InterlockedIncrement(&client_report->exchanges);
    Sleep(PAUSE);
}

int be_client(unsigned int side)
{
    HRESULT hr;

    board = board_open();
    client_report = &board->clients[side];
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    enforcer_init(&enforcer);
    if (!(binding = binding_create()))
        return 1;
    hr = INapEnforcementClientBinding_Initialize(binding, FIRST_CLIENT + side, callback);
    if (SUCCEEDED(hr))
        hr = INapEnforcementClientBinding_CreateConnection(binding, &own);
    client_report->bound = FAILED(hr) ? hr : 1;
    while (SUCCEEDED(hr) && !board->end)
        exchange_and_report();
    if (own)
        INapEnforcementClientConnection_Release(own);
    INapEnforcementClientBinding_Release(binding);
    CoUninitialize();
    return FAILED(hr) || client_report->failures;
}
