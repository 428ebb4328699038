/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocation failures in qagent: whichever allocation fails, the method returns E_OUTOFMEMORY,
 * which all pages list, changes nothing, leaks nothing, and succeeds on the next call.
 */

#include "sha.h"
#include "shortage.h"

#define RECOVERED_WITHIN 60000 /* ms */

#define TRY(unchanged, iface, method, ...)                                                         \
    RETRIED(E_OUTOFMEMORY, iface##_##method(__VA_ARGS__), unchanged)

static void create(const CLSID *clsid, const IID *iid, void *object)
{
    RETRIED(E_OUTOFMEMORY, CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, iid, object),
            !*(void **)object);
}

/* ---- NapEnforcementClientBinding ---- */

static void an_exchange(INapEnforcementClientConnection *of)
{
    struct response response;
    BOOL hint;

    TRY(true, INapEnforcementClientBinding, GetSoHRequest, binding, of, &hint);
    shortage_pause();
    start_response(of, &response);
    response.state = isolationStateRestrictedAccess;
    response.url = "http://remedy.example.com/";
    set_response(of, &response);
    shortage_go_on();
    TRY(true, INapEnforcementClientBinding, ProcessSoHResponse, binding, of);
    shortage_pause();
    assert_int_equal(isolation_of(of), isolationStateRestrictedAccess);
    shortage_go_on();
}

static void an_enforcement_client(void)
{
    INapEnforcementClientConnection *of;
    BOOL hint;

    create(&CLSID_NapEnforcementClientBinding, &IID_INapEnforcementClientBinding, &binding);
    TRY(INapEnforcementClientBinding_GetSoHRequest(binding, NULL, &hint) == NAP_E_NOT_INITIALIZED,
            INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
    TRY(!of, INapEnforcementClientBinding, CreateConnection, binding, &of);
    an_exchange(of);
    an_exchange(of);
    TRY(true, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, of);
    TRY(true, INapEnforcementClientBinding, NotifySoHChangeFailure, binding);
    assert_int_equal(INapEnforcementClientConnection_Release(of), 0);
    assert_int_equal(INapEnforcementClientBinding_Uninitialize(binding), S_OK);
    assert_int_equal(INapEnforcementClientBinding_Release(binding), 0);
    binding = NULL;
    assert_true(enforcer_released(&enforcer));
}

/* ---- a connection object ---- */

static INapEnforcementClientConnection *shown;   /* created by a_connection() */
static INapEnforcementClientConnection2 *shown2; /* the same */
static struct snapshot before;

static void note(void)
{
    shortage_pause();
    snapshot_take(shown, &before);
    shortage_go_on();
}

static bool is_as_noted(void)
{
    shortage_pause();
    assert_unaltered(shown, &before);
    shortage_go_on();
    return true;
}

#define SET(method, ...)                                                                           \
    do                                                                                             \
    {                                                                                              \
        note();                                                                                    \
        TRY(is_as_noted(), INapEnforcementClientConnection2, method, shown2, __VA_ARGS__);         \
    } while (0)

#define GET(out, method, ...)                                                                      \
    TRY(!(out), INapEnforcementClientConnection2, method, shown2, __VA_ARGS__)

static void set_all(void)
{
    static const ConnectionId id = {1, 2, 3, {4}};
    IsolationInfo isolation = {
            .isolationState = isolationStateInProbation, .failureUrl = {4, (WCHAR *)L"http"}};
    IsolationInfoEx extended = {
            .isolationState = isolationStateInProbation, .failureUrl = {5, (WCHAR *)L"https"}};
    SystemHealthEntityId ids[] = {1, 2, 3};
    PrivateData data = {3, (BYTE *)"abc"};
    NetworkSoHRequest soh = {4, (BYTE *)"soh!"};

    SET(SetMaxSize, 1000);
    SET(SetConnectionId, &id);
    SET(SetSoHRequest, &soh);
    SET(SetSoHResponse, &soh);
    SET(SetIsolationInfo, &isolation);
    SET(SetIsolationInfoEx, &extended);
    SET(SetPrivateData, &data);
    SET(SetEnforcerPrivateData, &data);
    SET(SetInstalledShvs, 3, ids);
}

static void get_all(void)
{
    SystemHealthEntityCount count;
    SystemHealthEntityId *found;
    StringCorrelationId *text;
    IsolationInfoEx *extended;
    IsolationInfo *info;
    NetworkSoH *soh;
    ConnectionId *id;
    PrivateData *data;

    GET(id, GetConnectionId, &id);
    CoTaskMemFree(id);
    GET(text, GetStringCorrelationId, &text);
    CoTaskMemFree(text->string);
    CoTaskMemFree(text);
    GET(soh, GetSoHRequest, &soh);
    free_soh(soh);
    GET(soh, GetSoHResponse, &soh);
    free_soh(soh);
    GET(info, GetIsolationInfo, &info);
    free_isolation(info);
    GET(extended, GetIsolationInfoEx, &extended);
    free_isolation_ex(extended);
    GET(data, GetPrivateData, &data);
    free_data(data);
    GET(data, GetEnforcerPrivateData, &data);
    free_data(data);
    GET(found, GetInstalledShvs, &count, &found);
    CoTaskMemFree(found);
}

static void a_connection(void)
{
    TRY(!shown, INapEnforcementClientBinding, CreateConnection, binding, &shown);
    assert_int_equal(INapEnforcementClientConnection_QueryInterface(
                             shown, &IID_INapEnforcementClientConnection2, (void **)&shown2),
            S_OK);
    set_all();
    get_all();
    INapEnforcementClientConnection2_Release(shown2);
    assert_int_equal(INapEnforcementClientConnection_Release(shown), 0);
}

/* ---- NapSystemHealthAgentBinding ---- */

static void a_health_agent(void)
{
    INapSystemHealthAgentBinding2 *agent;
    IsolationInfoEx *extended;
    IsolationInfo *info;
    BOOL unknown;

    create(&CLSID_NapSystemHealthAgentBinding, &IID_INapSystemHealthAgentBinding2, &agent);
    TRY(INapSystemHealthAgentBinding2_FlushCache(agent) == NAP_E_NOT_INITIALIZED,
            INapSystemHealthAgentBinding2, Initialize, agent, SECOND_SHA_ID, sha_callback);
    TRY(true, INapSystemHealthAgentBinding2, NotifySoHChange, agent);
    TRY(!info, INapSystemHealthAgentBinding2, GetSystemIsolationInfo, agent, &info, &unknown);
    free_isolation(info);
    TRY(!extended, INapSystemHealthAgentBinding2, GetSystemIsolationInfoEx, agent, &extended,
            &unknown);
    free_isolation_ex(extended);
    TRY(true, INapSystemHealthAgentBinding2, FlushCache, agent);
    assert_int_equal(INapSystemHealthAgentBinding2_Uninitialize(agent), S_OK);
    assert_int_equal(INapSystemHealthAgentBinding2_Release(agent), 0);
}

/* ---- callbacks: qagent's own threads ---- */

/* If an allocation fails in one of those threads, a request gets that error, or the error of a lost
 * agent, and is retried. */
static void ask_until_answered(void)
{
    ULONGLONG until = GetTickCount64() + RECOVERED_WITHIN;
    HRESULT hr;
    BOOL hint;

    while ((hr = INapEnforcementClientBinding_GetSoHRequest(binding, connection, &hint)) != S_OK
            && shortage_came() && GetTickCount64() < until)
        Sleep(20);
    assert_int_equal(hr, S_OK);
}

/* True if the health agent's SoH is in the request. Not while its link is being reconnected. */
static bool is_reported(void)
{
    NetworkSoHRequest *request = GARBAGE;
    struct soh_bytes expected;
    struct small_soh small;
    const BYTE *entry;
    size_t size = 0;
    bool same;

    soh_write(small_soh(&small, SHA_ID, "healthy"), &expected);
    says(S_OK, GetSoHRequest, &request);
    entry = request_entry(request, SHA_ID, &size);
    same = entry && size == expected.size && !memcmp(entry, expected.bytes, size);
    free_soh(request);
    return same;
}

static HRESULT respond_once(void)
{
    const UINT32 ids[] = {SHA_ID};
    struct response response;

    ask_until_answered();
    shortage_pause();
    start_response(connection, &response);
    response.ids = ids;
    response.entries = ARRAYSIZE(ids);
    set_response(connection, &response);
    shortage_go_on();
    return INapEnforcementClientBinding_ProcessSoHResponse(binding, connection);
}

static void exchanges_with_a_health_agent(void)
{
    ULONGLONG until = GetTickCount64() + RECOVERED_WITHIN;
    HRESULT hr;

    ask_until_answered();
    while ((hr = respond_once()) != S_OK && shortage_came() && GetTickCount64() < until)
        ;
    assert_int_equal(hr, S_OK);
    ask_until_answered(); /* the new SoH is compared with the old one */
    ask_until_answered(); /* and orphaned */

    /* After the allocation failures everything works as before. */
    shortage_pause();
    do
        ask_until_answered();
    while (!is_reported() && GetTickCount64() < until);
    assert_reported(SHA_ID, "healthy");
    shortage_go_on();
}

ENFORCER_TEST(whichever_allocation_for_an_enforcement_client_fails)
{
    INapEnforcementClientBinding_Release(binding);
    binding = NULL;
    shortage_everywhere("NapEnforcementClientBinding", SHORTAGE_HERE, an_enforcement_client, 20);
}

BOUND_TEST(whichever_allocation_of_a_connection_fails)
{
    shortage_everywhere("connection objects", SHORTAGE_HERE, a_connection, 20);
}

SHA_TEST(whichever_allocation_for_a_health_agent_fails)
{
    unregister_health_agent(SECOND_SHA_ID);
    assert_int_equal(register_health_agent(SECOND_SHA_ID), S_OK);
    shortage_everywhere("NapSystemHealthAgentBinding", SHORTAGE_HERE, a_health_agent, 6);
    assert_int_equal(unregister_health_agent(SECOND_SHA_ID), S_OK);
}

BOUND_SHA_TEST(whichever_allocation_for_a_callback_fails)
{
    shortage_everywhere("callbacks", SHORTAGE_ELSEWHERE, exchanges_with_a_health_agent, 5);
}

static int begin(void)
{
    return sha_tests_begin() || !shortage_of(L"qagent.dll");
}

TEST_MAIN(begin, sha_tests_end)
