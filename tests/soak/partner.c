/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A partner process of the "kills" part, like a legacy program: built against mingw-w64's
 * headers, it works without end and writes its results to the board (partner.h).
 *
 *   soak-partner client|agent SLOT BOARD [CALLBACK]
 *
 * With CALLBACK it is the victim: it enters that callback and never leaves it.
 * notify, connections: an enforcement client; request, response, change, fixup:
 * a health agent.
 */
#include "tests/soak/partner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/sha.h"

#define BIND_TRIES 3000 /* 10 ms each: the agent may not have noticed yet that one was killed */

static struct slot *slot;

static LONG64 now(void)
{
    LARGE_INTEGER count;

    QueryPerformanceCounter(&count);
    return count.QuadPart;
}

static void stay_here(void)
{
    slot->inside = 1;
    Sleep(INFINITE);
}

static void was_good(LONG64 began)
{
    LONG64 took = now() - began;

    slot->began = began;
    if (took > slot->slowest)
        slot->slowest = took;
    InterlockedIncrement(&slot->good);
}

/* ---- an enforcement client ---- */

static HRESULT stay_in_notify(struct enforcer *object)
{
    (void)object;
    stay_here();
    return S_OK;
}

static void stay_in_connections(struct enforcer *object)
{
    (void)object;
    stay_here();
}

/* The server's answer, with an entry for each health agent. */
static HRESULT answer(INapEnforcementClientConnection *connection, BYTE state)
{
    static const UINT32 ids[] = {FIRST_AGENT, FIRST_AGENT + 1, VICTIM_AGENT};
    static BYTE packet[RESPONSE_MAX_SIZE];
    NetworkSoHRequest *request;
    NetworkSoHResponse soh = {0, packet};
    struct response response;
    UINT32 reported[20];
    bool sound;
    HRESULT hr = INapEnforcementClientConnection_GetSoHRequest(connection, &request);

    if (FAILED(hr))
        return hr;
    sound = response_to(request, &response) && request_entries(request, reported) >= AGENTS;
    free_soh(request);
    if (!sound)
        return S_FALSE;
    response.state = state;
    response.entries = ARRAYSIZE(ids);
    response.ids = ids;
    soh.size = (UINT16)response_write(&response, packet);
    return INapEnforcementClientConnection_SetSoHResponse(connection, &soh);
}

/* One exchange; S_FALSE: an answer was wrong. */
static HRESULT exchange(INapEnforcementClientConnection *connection, BYTE state)
{
    IsolationInfo *info;
    HRESULT hr;
    BOOL hint;

    hr = INapEnforcementClientBinding_GetSoHRequest(binding, connection, &hint);
    if (hr == S_OK)
        hr = answer(connection, state);
    if (hr == S_OK)
        hr = INapEnforcementClientBinding_ProcessSoHResponse(binding, connection);
    if (hr == S_OK)
        hr = INapEnforcementClientConnection_GetIsolationInfo(connection, &info);
    if (hr != S_OK)
        return hr;
    if (info->isolationState != state)
        hr = S_FALSE;
    free_isolation(info);
    return hr;
}

/* True if the call failed because the agent is not there, or was replaced during the call. */
static bool agent_was_away(HRESULT hr)
{
    return hr == RPC_E_DISCONNECTED || hr == NAP_E_NOT_INITIALIZED || hr == NAP_E_MISMATCHED_ID;
}

static int be_client(EnforcementEntityId id, const char *victim)
{
    INapEnforcementClientConnection *connection;
    unsigned int tries, round;
    HRESULT hr = E_FAIL;
    LONG64 began;

    enforcer_init(&enforcer);
    if (!strcmp(victim, "notify"))
        enforcer.on_notify = stay_in_notify;
    if (!strcmp(victim, "connections"))
        enforcer.on_connections = stay_in_connections;
    if (!(binding = binding_create()))
        return 2;
    for (tries = 0; tries < BIND_TRIES; tries++, Sleep(10))
        if ((hr = INapEnforcementClientBinding_Initialize(binding, id, callback))
                        != ALREADY_INITIALIZED
                && hr != RPC_E_DISCONNECTED)
            break;
    if (SUCCEEDED(hr))
        hr = INapEnforcementClientBinding_CreateConnection(binding, &connection);
    slot->wrong = FAILED(hr) ? hr : 0;
    if (FAILED(hr))
        return 3;
    enforcer.connections[0] = connection;
    enforcer.connection_count = 1;
    slot->ready = 1;
    if (*victim)
        Sleep(INFINITE);
    for (round = 0;; round++)
    {
        began = now();
        hr = exchange(connection, (BYTE)((round + id) % 8 ? isolationStateNotRestricted
                                                          : isolationStateRestrictedAccess));
        if (hr == S_OK)
            was_good(began);
        else if (agent_was_away(hr))
            InterlockedIncrement(&slot->bad);
        else
            slot->wrong = hr;
        Sleep(hr == S_OK ? 1 : 10);
    }
}

/* ---- a health agent ---- */

static HRESULT answer_request(struct sha *object, INapSystemHealthAgentRequest *request)
{
    LONG64 began = now();
    struct small_soh small;
    HRESULT hr = INapSystemHealthAgentRequest_SetSoHRequest(
            request, small_soh(&small, object->id, "soak"), TRUE);

    if (hr == S_OK)
        was_good(began);
    else if (!agent_was_away(hr))
        slot->wrong = hr;
    return hr;
}

static HRESULT stay_in_request(struct sha *object, INapSystemHealthAgentRequest *request)
{
    (void)object;
    (void)request;
    stay_here();
    return S_OK;
}

static HRESULT stay_in_change(struct sha *object)
{
    (void)object;
    stay_here();
    return S_OK;
}

static void stay_in_fixup(struct sha *object)
{
    (void)object;
    stay_here();
}

static int be_agent(SystemHealthEntityId id, const char *victim)
{
    unsigned int tries;
    HRESULT hr = E_FAIL;

    sha_init(&sha, id);
    sha.on_request = strcmp(victim, "request") ? answer_request : stay_in_request;
    if (!strcmp(victim, "response"))
        sha.on_response = stay_in_request;
    if (!strcmp(victim, "change"))
        sha.on_change = stay_in_change;
    if (!strcmp(victim, "fixup"))
        sha.on_fixup = stay_in_fixup;
    if (!(sha.binding = sha_binding_create()))
        return 2;
    for (tries = 0; tries < BIND_TRIES; tries++, Sleep(10))
        if ((hr = INapSystemHealthAgentBinding_Initialize(sha.binding, id, sha_callback))
                != ALREADY_INITIALIZED)
            break;
    slot->wrong = FAILED(hr) && hr != RPC_E_DISCONNECTED ? hr : 0;
    if (slot->wrong)
        return 3;
    slot->ready = 1;
    for (;;)
    {
        hr = INapSystemHealthAgentBinding_NotifySoHChange(sha.binding);
        if (FAILED(hr) && !agent_was_away(hr))
            slot->wrong = hr;
        Sleep(50);
    }
}

int main(int argc, char **argv)
{
    const char *victim = argc > 4 ? argv[4] : "";
    unsigned int number = argc > 3 ? strtoul(argv[2], NULL, 10) : SLOTS;
    struct board *board;
    HANDLE mapping;

    if (number >= SLOTS || FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    mapping = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, argv[3]);
    if (!mapping || !(board = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, sizeof(*board))))
        return 1;
    slot = &board->slots[number];
    if (!strcmp(argv[1], "client"))
        return be_client(*victim ? VICTIM_CLIENT : FIRST_CLIENT + number, victim);
    return be_agent(*victim ? VICTIM_AGENT : FIRST_AGENT + number - CLIENTS, victim);
}
