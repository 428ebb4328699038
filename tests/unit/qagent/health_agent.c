/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qagent's code for health agents over a link that the test controls: binding, request objects, and
 * the answers to the agent. Built twice: with SINGLE_THREADED the health agent lives in a
 * single-threaded apartment, and callbacks come through our proxies.
 */
#include <test.h>
#include <string.h>

#include "libs/napcom/soh.h"
#include "dlls/qagent/qagent.h"
#include "tests/unit/qagent/fake_link.h"

#define ID 0x000137f0

static uint8_t id_value[] = {0x00, 0x01, 0x37, 0xf0};
static uint8_t codes_value[] = {0x00, 0x00, 0x00, 0x2a, 0x00, 0x00, 0x00, 0x01};
static const uint8_t soh_bytes[] = {
        0, 2, 0, 4, 0, 1, 0x37, 0xf0, 0, 4, 0, 8, 0, 0, 0, 0x2a, 0, 0, 0, 1};
static const uint8_t other_bytes[] = {
        0, 2, 0, 4, 0, 1, 0x37, 0xf0, 0, 4, 0, 8, 0, 0, 0, 0x2b, 0, 0, 0, 1};

static const struct napipc_blob soh_blob = {soh_bytes, sizeof(soh_bytes)};
static const struct napipc_blob other_blob = {other_bytes, sizeof(other_bytes)};

/* ---- the health agent: one object, which the test controls ---- */

static struct
{
    LONG refs;
    HRESULT result, compare_result, fixup_result;
    BOOL equal;
    const SoH *set; /* SetSoHRequest */
    BOOL cache;
    bool fixup;
    int compared, changed, orphaned;
    CorrelationId correlation;
    /* the request's values */
    HRESULT set_result, cached_result, response_result, flag_result;
    SoH *cached, *response;
    UINT8 flags;
    BOOL flag;
    WCHAR text[80];
    INapSystemHealthAgentRequest *kept;
} agent;

static HRESULT STDMETHODCALLTYPE agent_QueryInterface(
        INapSystemHealthAgentCallback *iface, REFIID riid, void **object)
{
    (void)riid;
    *object = iface;
    INapSystemHealthAgentCallback_AddRef(iface);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE agent_AddRef(INapSystemHealthAgentCallback *iface)
{
    (void)iface;
    return InterlockedIncrement(&agent.refs);
}

static ULONG STDMETHODCALLTYPE agent_Release(INapSystemHealthAgentCallback *iface)
{
    (void)iface;
    return InterlockedDecrement(&agent.refs);
}

static void ask_request(INapSystemHealthAgentRequest *request)
{
    StringCorrelationId *text = NULL;

    agent.kept = request;
    INapSystemHealthAgentRequest_AddRef(request);
    INapSystemHealthAgentRequest_GetCorrelationId(request, &agent.correlation);
    INapSystemHealthAgentRequest_GetStringCorrelationId(request, &text);
    if (text)
        memcpy(agent.text, text->string, (text->length + 1) * sizeof(WCHAR));
    CoTaskMemFree(text ? text->string : NULL);
    CoTaskMemFree(text);
    agent.cached_result = INapSystemHealthAgentRequest_GetSoHRequest(request, &agent.cached);
    agent.response_result =
            INapSystemHealthAgentRequest_GetSoHResponse(request, &agent.response, &agent.flags);
    agent.set_result = INapSystemHealthAgentRequest_SetSoHRequest(request, agent.set, agent.cache);
    agent.flag_result = INapSystemHealthAgentRequest_GetCacheSoHFlag(request, &agent.flag);
}

static HRESULT STDMETHODCALLTYPE agent_GetSoHRequest(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    (void)iface;
    ask_request(request);
    return agent.result;
}

static HRESULT STDMETHODCALLTYPE agent_ProcessSoHResponse(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    (void)iface;
    ask_request(request);
    return agent.result;
}

static HRESULT STDMETHODCALLTYPE agent_NotifySystemIsolationStateChange(
        INapSystemHealthAgentCallback *iface)
{
    (void)iface;
    agent.changed++;
    return agent.result;
}

static HRESULT STDMETHODCALLTYPE agent_GetFixupInfo(
        INapSystemHealthAgentCallback *iface, FixupInfo **info)
{
    (void)iface;
    if (agent.fixup)
    {
        *info = CoTaskMemAlloc(sizeof(**info));
        (*info)->state = fixupStateInProgress;
        (*info)->percentage = 50;
        (*info)->fixupMsgId = 9;
        (*info)->resultCodes.count = 20;
        (*info)->resultCodes.results = CoTaskMemAlloc(20 * sizeof(HRESULT));
        memset((*info)->resultCodes.results, 0x11, 20 * sizeof(HRESULT));
    }
    return agent.fixup_result;
}

static HRESULT STDMETHODCALLTYPE agent_CompareSoHRequests(INapSystemHealthAgentCallback *iface,
        const SoHRequest *left, const SoHRequest *right, BOOL *equal)
{
    (void)iface;
    assert_int_equal(left->count, 2);
    assert_int_equal(right->count, 2);
    assert_int_equal(left->attributes[1].value[3], 0x2b);
    assert_int_equal(right->attributes[1].value[3], 0x2a);
    assert_int_equal(right->attributes[1].size, 8);
    assert_int_equal(right->attributes[1].value[7], 1);
    agent.compared++;
    *equal = agent.equal;
    return agent.compare_result;
}

static HRESULT STDMETHODCALLTYPE agent_NotifyOrphanedSoHRequest(
        INapSystemHealthAgentCallback *iface, const CorrelationId *correlation)
{
    (void)iface;
    agent.orphaned++;
    agent.correlation = *correlation;
    return agent.result;
}

static INapSystemHealthAgentCallbackVtbl agent_vtbl = {
        agent_QueryInterface,
        agent_AddRef,
        agent_Release,
        agent_GetSoHRequest,
        agent_ProcessSoHResponse,
        agent_NotifySystemIsolationStateChange,
        agent_GetFixupInfo,
        agent_CompareSoHRequests,
        agent_NotifyOrphanedSoHRequest,
};

static INapSystemHealthAgentCallback callback = {&agent_vtbl};

/* ---- the binding ---- */

static INapSystemHealthAgentBinding2 *binding;

static SoHAttribute attributes[] = {
        {SOH_ATTRIBUTE_SYSTEM_HEALTH_ID, sizeof(id_value), id_value},
        {SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, sizeof(codes_value), codes_value},
};
static SoH soh = {2, attributes};

static int set_up(void)
{
    memset(&agent, 0, sizeof(agent));
    fake_link_reset();
    return FAILED(health_binding_create(&IID_INapSystemHealthAgentBinding2, (void **)&binding));
}

static int tear_down(void)
{
    INapSystemHealthAgentBinding2_Release(binding);
    if (agent.kept)
        INapSystemHealthAgentRequest_Release(agent.kept);
    free_soh(agent.cached);
    free_soh(agent.response);
    /* "... holds a reference to the object until Uninitialize is called." */
    return agent.refs;
}

#define AGENT_TEST(name) TEST_WITH(name, set_up, tear_down)

static void bind(void)
{
    assert_int_equal(INapSystemHealthAgentBinding2_Initialize(binding, ID, &callback), S_OK);
}

static void methods_say(HRESULT hr)
{
    IsolationInfoEx *extended = (void *)1;
    IsolationInfo *info = (void *)1;
    BOOL unknown = 7;

    assert_int_equal(INapSystemHealthAgentBinding2_NotifySoHChange(binding), hr);
    assert_int_equal(INapSystemHealthAgentBinding2_FlushCache(binding), hr);
    assert_int_equal(
            INapSystemHealthAgentBinding2_GetSystemIsolationInfo(binding, &info, &unknown), hr);
    assert_null(info);
    assert_int_equal(unknown, FALSE);
    assert_int_equal(
            INapSystemHealthAgentBinding2_GetSystemIsolationInfoEx(binding, &extended, &unknown),
            hr);
    assert_null(extended);
}

AGENT_TEST(before_initialize_every_method_is_not_initialized)
{
    methods_say(NAP_E_NOT_INITIALIZED);
    assert_int_equal(INapSystemHealthAgentBinding2_GetSystemIsolationInfo(binding, NULL, NULL),
            NAP_E_NOT_INITIALIZED);
    assert_int_equal(INapSystemHealthAgentBinding2_Uninitialize(binding), NAP_E_NOT_INITIALIZED);
}

AGENT_TEST(initialize_binds_without_starting_the_agent)
{
    assert_int_equal(INapSystemHealthAgentBinding2_Initialize(binding, ID, NULL), E_INVALIDARG);
    bind();
    assert_int_equal(fake_link.kind, NAPIPC_HEALTH_AGENT);
    assert_int_equal(fake_link.id, ID);
    assert_false(fake_link.start);
    assert_int_equal(INapSystemHealthAgentBinding2_Initialize(binding, ID, &callback),
            HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED));
    assert_int_equal(INapSystemHealthAgentBinding2_Uninitialize(binding), S_OK);
    assert_false(fake_link.open);
    assert_int_equal(agent.refs, 0);
}

AGENT_TEST(initialize_that_is_refused_keeps_nothing)
{
    fake_link.open_result = NAP_E_NOT_REGISTERED;
    assert_int_equal(
            INapSystemHealthAgentBinding2_Initialize(binding, ID, &callback), NAP_E_NOT_REGISTERED);
    assert_int_equal(agent.refs, 0);
    methods_say(NAP_E_NOT_INITIALIZED);
}

AGENT_TEST(initialize_without_the_agent_keeps_id_and_callback)
{
    fake_link.open_result = RPC_E_DISCONNECTED;
    assert_int_equal(
            INapSystemHealthAgentBinding2_Initialize(binding, ID, &callback), RPC_E_DISCONNECTED);
    assert_int_equal(agent.refs, 1);
    methods_say(RPC_E_DISCONNECTED);
    assert_int_equal(INapSystemHealthAgentBinding2_Initialize(binding, ID, &callback),
            HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED));
    fake_link.open_result = S_OK; /* "... will recover automatically" */
    assert_int_equal(INapSystemHealthAgentBinding2_NotifySoHChange(binding), S_OK);
}

AGENT_TEST(methods_ask_the_agent)
{
    IsolationInfoEx *extended;
    IsolationInfo *info;
    BOOL unknown;

    bind();
    assert_int_equal(INapSystemHealthAgentBinding2_NotifySoHChange(binding), S_OK);
    assert_int_equal(fake_link.last_type, NAPIPC_SOH_CHANGE);
    assert_int_equal(INapSystemHealthAgentBinding2_FlushCache(binding), S_OK);
    assert_int_equal(fake_link.last_type, NAPIPC_FLUSH_CACHE);
    assert_int_equal(
            INapSystemHealthAgentBinding2_GetSystemIsolationInfo(binding, &info, &unknown), S_OK);
    assert_int_equal(fake_link.last_type, NAPIPC_GET_STATE);
    assert_int_equal(info->isolationState, isolationStateInProbation);
    assert_int_equal(info->probEndTime.dwHighDateTime, 1);
    assert_int_equal(unknown, TRUE);
    free_isolation_info(info);
    assert_int_equal(
            INapSystemHealthAgentBinding2_GetSystemIsolationInfoEx(binding, &extended, &unknown),
            S_OK);
    assert_int_equal(extended->extendedIsolationState, extendedIsolationStateTransition);
    free_isolation_info_ex(extended);
    assert_int_equal(
            INapSystemHealthAgentBinding2_GetSystemIsolationInfoEx(binding, NULL, &unknown),
            E_INVALIDARG);
}

/* ---- callbacks ---- */

static const struct napipc_message *get_soh(struct napipc_blob cached, struct napipc_blob previous)
{
    struct napipc_message message;

    memset(&message, 0, sizeof(message));
    message.type = NAPIPC_AGENT_GET_SOH;
    message.agent_get_soh.correlation.conn_id.bytes[0] = 5;
    message.agent_get_soh.correlation.time_stamp = 116444736000000000;
    message.agent_get_soh.cached = cached;
    message.agent_get_soh.previous = previous;
    return fake_link_ask(&message);
}

static const struct napipc_blob none;

AGENT_TEST(the_soh_that_was_set_is_the_answer)
{
    const struct napipc_message *answer;

    bind();
    agent.set = &soh;
    agent.cache = TRUE;
    answer = get_soh(none, none);
    assert_int_equal(answer->status, S_OK);
    assert_int_equal(agent.set_result, S_OK);
    assert_int_equal(answer->agent_get_soh_reply.soh.size, sizeof(soh_bytes));
    assert_memory_equal(answer->agent_get_soh_reply.soh.data, soh_bytes, sizeof(soh_bytes));
    assert_true(answer->agent_get_soh_reply.cache);
    assert_false(answer->agent_get_soh_reply.same);
    assert_int_equal(agent.flag_result, S_OK);
    assert_int_equal(agent.flag, TRUE);
    assert_int_equal(agent.correlation.connId.Data1, 5);
    assert_int_equal(wcscmp(agent.text,
                             L"{00000005-0000-0000-0000-000000000000} - 1970-01-01 00:00:00.000Z"),
            0);
    assert_int_equal(agent.response_result, NAP_E_NOT_PENDING);
    assert_int_equal(agent.cached_result, NAP_E_NO_CACHED_SOH);
}

AGENT_TEST(the_cached_soh_is_on_the_request)
{
    const struct napipc_message *answer;

    bind();
    answer = get_soh(other_blob, other_blob);
    assert_true(FAILED(agent.set_result)); /* NULL: ours, or an error of COM on the way */
    assert_int_equal(answer->status, S_OK);
    assert_int_equal(answer->agent_get_soh_reply.soh.size, 0);
    assert_int_equal(agent.cached_result, S_OK);
    assert_int_equal(agent.cached->count, 2);
    assert_int_equal(agent.cached->attributes[1].type, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES);
    assert_int_equal(agent.cached->attributes[1].size, 8);
    assert_int_equal(agent.cached->attributes[1].value[3], 0x2b);
    assert_int_equal(agent.cached->attributes[1].value[7], 1);
}

AGENT_TEST(the_health_agent_compares)
{
    bind();
    agent.set = &soh;
    assert_true(get_soh(none, soh_blob)->agent_get_soh_reply.same);
    assert_int_equal(agent.compared, 0);
    INapSystemHealthAgentRequest_Release(agent.kept);
    agent.equal = TRUE;
    assert_true(get_soh(none, other_blob)->agent_get_soh_reply.same);
    assert_int_equal(agent.compared, 1);
    INapSystemHealthAgentRequest_Release(agent.kept);
    agent.compare_result = E_NOTIMPL; /* "... a byte-wise comparison" */
    assert_false(get_soh(none, other_blob)->agent_get_soh_reply.same);
}

AGENT_TEST(a_failure_is_the_answer)
{
    bind();
    agent.set = &soh;
    agent.result = E_FAIL;
    assert_int_equal((HRESULT)get_soh(none, none)->status, E_FAIL);
    assert_true(fake_link.open);
}

AGENT_TEST(a_server_that_is_gone_is_unbound)
{
    int tries;

    bind();
    agent.result = HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal((HRESULT)get_soh(none, none)->status, agent.result);
    for (tries = 0; tries < 200 && fake_link.open; tries++)
        Sleep(10);
    assert_false(fake_link.open);
    for (tries = 0; tries < 200 && agent.refs; tries++)
        Sleep(10);
    assert_int_equal(agent.refs, 0);
    methods_say(NAP_E_NOT_INITIALIZED);
}

AGENT_TEST(the_request_ends_with_the_callback)
{
    StringCorrelationId *text = (void *)1;
    CorrelationId correlation;
    UINT8 flags;
    BOOL flag;

    bind();
    agent.set = &soh;
    get_soh(soh_blob, none);
    assert_int_equal(
            INapSystemHealthAgentRequest_SetSoHRequest(agent.kept, &soh, FALSE), NAP_E_NOT_PENDING);
    free_soh(agent.cached);
    assert_int_equal(INapSystemHealthAgentRequest_GetSoHRequest(agent.kept, &agent.cached),
            NAP_E_NOT_PENDING);
    assert_null(agent.cached);
    assert_int_equal(
            INapSystemHealthAgentRequest_GetSoHResponse(agent.kept, &agent.response, &flags),
            NAP_E_NOT_PENDING);
    assert_int_equal(INapSystemHealthAgentRequest_GetCorrelationId(agent.kept, &correlation),
            NAP_E_NOT_PENDING);
    assert_int_equal(INapSystemHealthAgentRequest_GetStringCorrelationId(agent.kept, &text),
            NAP_E_NOT_PENDING);
    assert_null(text);
    assert_int_equal(
            INapSystemHealthAgentRequest_GetCacheSoHFlag(agent.kept, &flag), NAP_E_NOT_PENDING);
}

static void rejected(SoHAttribute *given, UINT16 count)
{
    SoH wrong = {count, given};

    agent.set = &wrong;
    assert_int_equal(get_soh(none, none)->agent_get_soh_reply.soh.size, 0);
    assert_int_equal(agent.set_result, E_INVALIDARG);
    INapSystemHealthAgentRequest_Release(agent.kept);
    agent.kept = NULL;
}

AGENT_TEST(what_would_spoil_the_ssoh_is_refused)
{
    static uint8_t other_id[] = {0, 1, 0x37, 0xf1}, bytes[4000];
    SoHAttribute given[101];
    unsigned int i;

    bind();
    for (i = 0; i < ARRAYSIZE(given); i++)
        given[i] = (SoHAttribute){SOH_ATTRIBUTE_VENDOR_SPECIFIC, 4000, bytes};
    rejected(given, 2); /* no System-Health-Id */
    given[0] = attributes[0];
    rejected(given, 20); /* too long */
    for (i = 1; i < ARRAYSIZE(given); i++)
        given[i].size = 4;
    rejected(given, 101);
    rejected(given, 0);
    rejected(NULL, 2);
    given[1].size = 4001;
    rejected(given, 2);
    given[1].size = 3; /* a Vendor-Specific has at least 4 bytes */
    rejected(given, 2);
    given[1] = (SoHAttribute){SOH_ATTRIBUTE_VENDOR_SPECIFIC, 4, NULL};
    rejected(given, 2);
    given[1] = attributes[0];
    rejected(given, 2);
    given[0].value = other_id;
    rejected(given, 1);
    given[0] = attributes[0];
    for (i = 1; i < 100; i++)
        given[i] = attributes[1];
    agent.set = &(SoH){100, given};
    assert_int_equal(get_soh(none, none)->agent_get_soh_reply.soh.size, 8 + 99 * 12);
}

static const struct napipc_message *process_response(void)
{
    struct napipc_message message;

    memset(&message, 0, sizeof(message));
    message.type = NAPIPC_AGENT_PROCESS_RESPONSE;
    message.agent_process_response.flags = shaFixup;
    message.agent_process_response.soh = soh_blob;
    return fake_link_ask(&message);
}

AGENT_TEST(a_response_is_processed_then_the_fixup_info_asked)
{
    const struct napipc_fixup *fixup;

    bind();
    agent.fixup = true;
    agent.set = &soh;
    fixup = &process_response()->agent_fixup_reply.fixup;
    assert_int_equal(agent.response_result, S_OK);
    assert_int_equal(agent.response->count, 2);
    assert_memory_equal(agent.response->attributes[0].value, id_value, sizeof(id_value));
    assert_int_equal(agent.flags, shaFixup);
    assert_int_equal(agent.set_result, NAP_E_NOT_PENDING);
    assert_int_equal(agent.cached_result, NAP_E_NO_CACHED_SOH);
    assert_int_equal(fixup->state, fixupStateInProgress);
    assert_int_equal(fixup->percentage, 50);
    assert_int_equal(fixup->message_id, 9);
    assert_int_equal(fixup->code_count, NAPIPC_MAX_FIXUP_CODES);
    assert_int_equal(fixup->codes[15], 0x11111111);
}

AGENT_TEST(a_response_that_is_refused_asks_no_more)
{
    bind();
    agent.result = NAP_E_INVALID_PACKET;
    assert_int_equal((HRESULT)process_response()->status, NAP_E_INVALID_PACKET);
}

AGENT_TEST(no_fixup_info_is_none)
{
    struct napipc_message message = {.type = NAPIPC_AGENT_GET_FIXUP_INFO};
    const struct napipc_message *answer;

    bind();
    answer = fake_link_ask(&message);
    assert_int_equal(answer->status, S_OK);
    assert_int_equal(answer->agent_fixup_reply.fixup.percentage, percentageNotSupported);
    assert_int_equal(answer->agent_fixup_reply.fixup.code_count, 0);
    agent.fixup = true; /* set, but the call failed: it is freed */
    agent.fixup_result = E_FAIL;
    assert_int_equal((HRESULT)fake_link_ask(&message)->status, E_FAIL);
}

AGENT_TEST(changes_and_orphans_are_told)
{
    struct napipc_message message = {.type = NAPIPC_AGENT_ISOLATION_CHANGED};

    bind();
    assert_int_equal(fake_link_ask(&message)->status, S_OK);
    assert_int_equal(agent.changed, 1);
    message.type = NAPIPC_AGENT_ORPHANED;
    message.agent_orphaned.correlation.time_stamp = 0x300000004;
    assert_int_equal(fake_link_ask(&message)->status, S_OK);
    assert_int_equal(agent.orphaned, 1);
    assert_int_equal(agent.correlation.timeStamp.dwHighDateTime, 3);
    assert_int_equal(agent.correlation.timeStamp.dwLowDateTime, 4);
}

#ifdef SINGLE_THREADED
HRESULT WINAPI proxy_DllGetClassObject(REFCLSID clsid, REFIID riid, void **object);

/* For this process only: the proxies of the build, whatever the prefix has. */
static void register_proxies(void)
{
    static const CLSID clsid = {
            0x2f5ce0f4, 0x5b8d, 0x4f55, {0x9c, 0x3e, 0x6d, 0x1b, 0x7a, 0x40, 0x2e, 0x91}};
    IUnknown *factory;
    DWORD cookie;

    proxy_DllGetClassObject(&clsid, &IID_IPSFactoryBuffer, (void **)&factory);
    CoRegisterClassObject(&clsid, factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie);
    CoRegisterPSClsid(&IID_INapSystemHealthAgentCallback, &clsid);
    CoRegisterPSClsid(&IID_INapSystemHealthAgentRequest, &clsid);
}
#endif

int main(void)
{
#ifdef SINGLE_THREADED
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    register_proxies();
#else
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
#endif
    return test_main(NULL, NULL);
}
