/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rows: each compares a call of the product with the least bare pipes that the call needs.
 */
#include "pipe.h"

#include <objbase.h>
#include <napenforcementclient.h>
#include <napprotocol.h>
#include <napsystemhealthagent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/napipc/napipc.h"
#include "tests/conformance/agent.h"
#include "tests/conformance/response.h"

#define FIRST_ENFORCER 0x00abd001u
#define FIRST_HEALTH_AGENT 0x00abd081u
#define OWN_ENFORCERS 15 /* together with the five that are always registered there are 20 */

#define FIGURES 13
static struct figure figures[FIGURES] = {
        {.what = "GetSoHRequest, no SHA", .against = "raw echo", .most = 1.5},
        {.what = "GetSoHRequest, 1 SHA in its process", .against = "two raw echoes", .most = 1.5},
        {.what = "GetSoHRequest, 20 SHAs in 20 processes",
                .against = "raw echo + raw fan-out",
                .most = 1.5},
        {.what = "ProcessSoHResponse, no SHA", .against = "raw echo", .most = 1.5},
        {.what = "NotifySoHChange to 20 processes", .against = "raw fan-out", .most = 1.5},
        {.what = "Initialize, service stopped", .against = "start of an empty service", .most = 2},
        {.what = "RasGetNapStatus", .against = "raw echo", .most = 1.5},
        {.what = "MprAdminConnectionEnum, 16,384", .against = "raw transfer", .most = 2},
        {.what = "16,384 against 1,024 of them", .against = "the first 1,024", .most = 18},
        {.what = "enabling a component", .against = "FlushFileBuffers"},
        {.what = "1,000 calls, tracing is off", .against = "without a trace", .most = 1.1},
        {.what = "enabling a component", .against = "raw echo + FlushFileBuffers", .most = 1.5},
        {.what = "RasDial, a dialer that connects", .against = "its bare start", .most = 1.3},
};

static UINT32 enforcer_ids[PARTNERS] = {79617, 79618, 79619, 79621, 79623};

/* ---- rows ---- */

/* The sides take turns in being first: the second may find warm caches or a busier scheduler. */
static bool raw_first(unsigned int round)
{
    return round % 2;
}

static void bench_no_agent(unsigned int runs)
{
    static const struct partners none;
    struct sizes request, response;
    unsigned int run, i;
    DWORD size;

    client_begin(FIRST_ENFORCER);
    get_soh_request();
    request = request_sizes(check_request(&none, 0, NULL));
    process_response(NULL, isolationStateNotRestricted, &size);
    response = response_sizes(size);
    for (run = 0; run < runs; run++)
    {
        for (i = 0; i < 150; i++)
        {
            UINT64 own, raw = raw_first(i) ? raw_echo(request) : 0;

            own = get_soh_request();
            figure_add(&figures[0], own, raw_first(i) ? raw : raw_echo(request));
            check_request(&none, 0, NULL);
            raw = raw_first(i) ? raw_echo(response) : 0;
            own = process_response(NULL,
                    i % 4 < 2 ? isolationStateNotRestricted : isolationStateRestrictedAccess, NULL);
            figure_add(&figures[3], own, raw_first(i) ? raw : raw_echo(response));
        }
        figure_end_run(&figures[0]);
        figure_end_run(&figures[3]);
    }
    client_end();
}

static UINT64 raw_request(unsigned int agents, struct sizes request, struct sizes agent)
{
    return raw_echo(request) + (agents == 1 ? raw_echo(agent) : raw_fan_out(agent));
}

static void bench_agents(unsigned int runs, unsigned int count)
{
    struct figure *figure = &figures[count == 1 ? 1 : 2];
    struct sizes request, agent;
    struct partners agents;
    unsigned int run, i;
    LONG calls = 1;
    DWORD entry;

    partners_begin(&agents, "health", health_ids, count);
    client_begin(FIRST_ENFORCER);
    get_soh_request();
    request = request_sizes(check_request(&agents, calls, &entry));
    agent = agent_sizes(entry);
    for (run = 0; run < runs; run++)
    {
        for (i = 0; i < (count == 1 ? 100 : 30); i++)
        {
            UINT64 own, raw;

            process_response(&agents, isolationStateNotRestricted, NULL);
            wait_for_agents(&agents, calls);
            raw = raw_first(i) ? raw_request(count, request, agent) : 0;
            own = get_soh_request();
            figure_add(figure, own, raw_first(i) ? raw : raw_request(count, request, agent));
            check_request(&agents, ++calls, NULL);
        }
        figure_end_run(figure);
    }
    client_end();
    partners_end(&agents);
}

static void bench_change(unsigned int runs)
{
    INapSystemHealthAgentBinding *agent;
    struct partners clients;
    unsigned int run, i, c, tries;
    LONG calls = 0;

    partners_begin(&clients, "enforcer", enforcer_ids, PARTNERS);
    must(CoCreateInstance(&CLSID_NapSystemHealthAgentBinding, NULL, CLSCTX_INPROC_SERVER,
                 &IID_INapSystemHealthAgentBinding, (void **)&agent),
            "CoCreateInstance");
    must(INapSystemHealthAgentBinding_Initialize(agent, health_ids[0], be_quiet_health_agent()),
            "Initialize");
    for (run = 0; run < runs; run++)
    {
        for (i = 0; i < 12; i++)
        {
            UINT64 begun, last = 0;
            HRESULT hr;

            Sleep(250); /* not part of a burst, which would be merged */
            begun = now_ns();
            hr = INapSystemHealthAgentBinding_NotifySoHChange(agent);
            must(hr, "NotifySoHChange");
            calls++;
            for (c = 0; c < PARTNERS; c++)
            {
                for (tries = 0; clients.slots[c].calls < calls; tries++, Sleep(1))
                    if (tries == 10000)
                        die("enforcement client %u is not notified of a change", c);
                if (clients.slots[c].calls != calls)
                    die("enforcement client %u is notified twice of a change", c);
                if (clients.slots[c].when > last)
                    last = clients.slots[c].when;
            }
            Sleep(20); /* out of their callbacks */
            figure_add(&figures[4], last - begun, raw_fan_out(notify_sizes()));
        }
        figure_end_run(&figures[4]);
    }
    INapSystemHealthAgentBinding_Release(agent);
    partners_end(&clients);
}

static void bench_start(unsigned int runs)
{
    unsigned int run, i;
    UINT64 begun, own;
    HRESULT hr;

    empty_service_begin();
    create_binding();
    for (run = 0; run < runs; run++)
    {
        for (i = 0; i < 3; i++)
        {
            if (!agent_stop())
                die("the agent does not stop");
            begun = now_ns();
            hr = INapEnforcementClientBinding_Initialize(binding, FIRST_ENFORCER, &callback);
            own = now_ns() - begun;
            must(hr, "Initialize");
            must(INapEnforcementClientBinding_Uninitialize(binding), "Uninitialize");
            figure_add(&figures[5], own, empty_service_start());
        }
        figure_end_run(&figures[5]);
    }
    INapEnforcementClientBinding_Release(binding);
    empty_service_end();
}

/* RasGetNapStatus of an entry that has the ConnectionId of the bench's own connection. */
static void bench_nap_status(unsigned int runs)
{
    static const GUID id = {0x6e617062, 0x656e, 0x6368, {1, 2, 3, 4, 5, 6, 7, 8}};
    struct napipc_message there = {.type = NAPIPC_RAS_NAP_STATUS},
                          back = {.type = NAPIPC_RAS_NAP_STATUS | NAPIPC_REPLY};
    struct sizes sizes = {frame_size(&there), frame_size(&back)};
    IsolationState state = isolationStateNotRestricted;
    HRASCONN ras = ras_begin(L"{6e617062-656e-6368-0102-030405060708}");
    unsigned int run, i;

    client_begin(FIRST_ENFORCER);
    must(INapEnforcementClientConnection_SetConnectionId(connection, &id), "SetConnectionId");
    for (run = 0; run < runs; run++)
    {
        get_soh_request();
        state = state == isolationStateNotRestricted ? isolationStateRestrictedAccess
                                                     : isolationStateNotRestricted;
        process_response(NULL, state, NULL);
        for (i = 0; i < 300; i++)
        {
            UINT64 raw = raw_first(i) ? raw_echo(sizes) : 0, own = ras_nap_status(ras, state);

            figure_add(&figures[6], own, raw_first(i) ? raw : raw_echo(sizes));
        }
        figure_end_run(&figures[6]);
    }
    client_end();
    ras_end();
}

/* ---- all rows ---- */

static void register_all(void)
{
    WCHAR line[64];
    unsigned int i;

    for (i = 0; i < PARTNERS; i++)
    {
        if (i < OWN_ENFORCERS)
        {
            UINT32 id = enforcer_ids[PARTNERS - OWN_ENFORCERS + i] = FIRST_ENFORCER + i;

            unregister_enforcement_client(id); /* a failed run has left it */
            must(register_enforcement_client(id), "RegisterEnforcementClient");
        }
        unregister_health_agent(health_ids[i] = FIRST_HEALTH_AGENT + i);
    }
    for (i = 0; i < PARTNERS; i++)
    {
        wsprintfW(line, L"enforcement enable %u", enforcer_ids[i]);
        if (napctl(line))
            die("enforcement client %u cannot be enabled", enforcer_ids[i]);
    }
}

static void register_agents(unsigned int first, unsigned int end)
{
    for (; first < end; first++)
        must(register_health_agent(health_ids[first]), "RegisterSystemHealthAgent");
}

static void unregister_all(void)
{
    unsigned int i;

    for (i = 0; i < PARTNERS; i++)
        unregister_health_agent(health_ids[i]);
    for (i = 0; i < OWN_ENFORCERS; i++)
        unregister_enforcement_client(FIRST_ENFORCER + i);
}

static int bench(unsigned int runs, const char *json)
{
    bool met = true;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    register_all();
    figures_heading();
    raw_echo_begin();
    bench_no_agent(runs);
    bench_nap_status(runs);
    met &= figure_print(&figures[0]);
    register_agents(0, 1);
    bench_agents(runs, 1);
    met &= figure_print(&figures[1]);
    raw_fan_out_begin();
    register_agents(1, PARTNERS);
    bench_agents(runs, PARTNERS);
    met &= figure_print(&figures[2]);
    met &= figure_print(&figures[3]);
    bench_change(runs);
    met &= figure_print(&figures[4]);
    raw_fan_out_end();
    bench_start(runs);
    met &= figure_print(&figures[5]);
    met &= figure_print(&figures[6]);
    bench_enable(runs, &figures[9], &figures[11]);
    raw_echo_end();
    met &= figure_print(&figures[9]);
    met &= figure_print(&figures[11]);
    bench_dial(runs, &figures[12]);
    met &= figure_print(&figures[12]);
    met &= bench_mpr(runs, &figures[7], &figures[8]);
    met &= figure_print(&figures[7]);
    met &= figure_print(&figures[8]);
    bench_trace(runs, &figures[10]);
    met &= figure_print(&figures[10]);
    unregister_all();
    figures_write(json, figures, FIGURES);
    return met ? 0 : 3;
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "raw-server"))
        return be_raw_server();
    if (argc == 2 && !strcmp(argv[1], "raw-sender"))
        return be_raw_sender();
    if (argc == 2 && !strcmp(argv[1], "hold")) /* keeps the prefix up */
    {
        Sleep(INFINITE);
        return 0;
    }
    if (argc == 2 && !strcmp(argv[1], "service"))
        return be_empty_service();
    if (argc == 3 && !strcmp(argv[1], "raw-client"))
        return be_raw_client(argv[2]);
    if (argc == 4)
        return be_partner(argv[1], argv[2], argv[3]);
    return bench(argc > 1 ? strtoul(argv[1], NULL, 0) : 5, argc > 2 ? argv[2] : NULL);
}
