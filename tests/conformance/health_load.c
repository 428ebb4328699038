/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Many requests at once: "System resource limit, could not perform the operation" is E_OUTOFMEMORY,
 * and no statement about the machine. Pages inapenforcementclientbinding-getsohrequest-method,
 * inapsystemhealthagentcallback-getsohrequest-method; nap-type-constants:
 * maxConnectionCountPerEnforcer.
 */

#include "sha.h"

#include <stdio.h>

#define CONNECTIONS 20
#define PATIENCE 60000 /* ms */

static INapEnforcementClientConnection *own[CONNECTIONS];
static HRESULT results[CONNECTIONS];
static HANDLE go;

/* The health agent's SoH for this request, different from every other. */
static void product_of(const CorrelationId *correlation, char product[32])
{
    snprintf(product, 32, "for %08lx%08lx", correlation->timeStamp.dwHighDateTime,
            correlation->timeStamp.dwLowDateTime);
}

static HRESULT report(struct sha *object, INapSystemHealthAgentRequest *request)
{
    struct small_soh small;
    CorrelationId correlation;
    char product[32];
    HRESULT hr = INapSystemHealthAgentRequest_GetCorrelationId(request, &correlation);

    if (hr != S_OK)
        return hr;
    product_of(&correlation, product);
    return INapSystemHealthAgentRequest_SetSoHRequest(
            request, small_soh(&small, object->id, product), FALSE);
}

static DWORD WINAPI ask_when_told(void *argument)
{
    unsigned int i = (unsigned int)(UINT_PTR)argument;
    BOOL hint;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    WaitForSingleObject(go, INFINITE);
    results[i] = INapEnforcementClientBinding_GetSoHRequest(binding, own[i], &hint);
    CoUninitialize();
    return 0;
}

/* True if the connection's SSoH has the health agent's SoH for this request. */
static bool has_own_soh(INapEnforcementClientConnection *of, SystemHealthEntityId id)
{
    NetworkSoHRequest *request = NULL;
    CorrelationId correlation;
    char product[32];
    const BYTE *entry;
    size_t size;
    bool there;

    if (INapEnforcementClientConnection_GetSoHRequest(of, &request) != S_OK
            || INapEnforcementClientConnection_GetCorrelationId(of, &correlation) != S_OK)
        return false;
    product_of(&correlation, product);
    entry = request_entry(request, id, &size);
    /* after the id and the header of Product-Name */
    there = entry && size >= 12 + strlen(product) && !memcmp(entry + 12, product, strlen(product));
    free_soh(request);
    return there;
}

/* GetSoHRequest on 20 connections by 20 threads; returns how many SSoHs have the health agent's own
 * SoH. */
static unsigned int ask_on_all(SystemHealthEntityId id)
{
    HANDLE threads[CONNECTIONS];
    unsigned int i, good = 0;

    ResetEvent(go);
    for (i = 0; i < CONNECTIONS; i++)
        threads[i] = CreateThread(NULL, 0, ask_when_told, (void *)(UINT_PTR)i, 0, NULL);
    SetEvent(go);
    for (i = 0; i < CONNECTIONS; i++)
    {
        assert_int_equal(WaitForSingleObject(threads[i], PATIENCE), WAIT_OBJECT_0);
        CloseHandle(threads[i]);
        assert_int_equal(results[i], S_OK);
        good += has_own_soh(own[i], id);
    }
    return good;
}

static void connect_all(void)
{
    unsigned int i;

    go = CreateEventW(NULL, TRUE, FALSE, NULL);
    own[0] = connection;
    for (i = 1; i < CONNECTIONS; i++)
    {
        own[i] = connection_create();
        returns(S_OK, INapEnforcementClientConnection, Initialize, own[i], ENFORCER_ID);
    }
}

static void disconnect_all(void)
{
    unsigned int i;

    for (i = 1; i < CONNECTIONS; i++)
        connection_release(own[i]);
    CloseHandle(go);
}

BOUND_SHA_TEST(every_connection_has_the_health_agents_own_SoH)
{
    unsigned int round, good = 0;

    connect_all();
    sha.on_request = report;
    sha.delay = 5;
    for (round = 0; round < 20; round++)
        good += ask_on_all(SHA_ID);
    assert_int_equal(good, 20 * CONNECTIONS);
    disconnect_all();
}

/* ---- a health agent that answers calls one after the other ---- */

static struct sha alone;
static HANDLE ready, end;
static HRESULT initialized;

static DWORD WINAPI live_in_apartment(void *unused)
{
    MSG message;

    (void)unused;
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    alone.binding = sha_binding_create();
    initialized = INapSystemHealthAgentBinding_Initialize(
            alone.binding, alone.id, &alone.INapSystemHealthAgentCallback_iface);
    SetEvent(ready);
    while (MsgWaitForMultipleObjects(1, &end, FALSE, PATIENCE, QS_ALLINPUT) == WAIT_OBJECT_0 + 1)
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
            DispatchMessageW(&message);
    INapSystemHealthAgentBinding_Uninitialize(alone.binding);
    INapSystemHealthAgentBinding_Release(alone.binding);
    CoUninitialize();
    return 0;
}

/* The last of 20 is answered after more than a callback's deadline, and none is late. */
SHA_TEST(calls_that_wait_for_each_other_are_not_late)
{
    HANDLE thread;

    connect_all();
    ready = CreateEventW(NULL, TRUE, FALSE, NULL);
    end = CreateEventW(NULL, TRUE, FALSE, NULL);
    sha_init(&alone, SHA_ID);
    alone.on_request = report;
    alone.delay = 300;
    thread = CreateThread(NULL, 0, live_in_apartment, NULL, 0, NULL);
    assert_int_equal(WaitForSingleObject(ready, PATIENCE), WAIT_OBJECT_0);
    assert_int_equal(initialized, S_OK);
    assert_int_equal(ask_on_all(SHA_ID), CONNECTIONS);
    assert_int_equal(alone.asked, CONNECTIONS);
    SetEvent(end);
    assert_int_equal(WaitForSingleObject(thread, PATIENCE), WAIT_OBJECT_0);
    CloseHandle(thread);
    CloseHandle(ready);
    CloseHandle(end);
    disconnect_all();
}

TEST_MAIN(sha_tests_begin, sha_tests_end)
