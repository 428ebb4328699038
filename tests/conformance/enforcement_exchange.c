/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapEnforcementClientBinding: successful exchanges. Pages
 * inapenforcementclientbinding-{getsohrequest,processsohresponse,
 * notifyconnectionstatedown}-method; a test that checks another page names it.
 */

#include "connection_fixture.h"

#define AGENT_ID 0x00abce01u /* a health agent that tests register */

static BOOL hint_of_next_request(void)
{
    BOOL hint = 7;

    returns(S_OK, INapEnforcementClientBinding, GetSoHRequest, binding, connection, &hint);
    return hint;
}

static NetworkSoHRequest *next_request(void)
{
    NetworkSoHRequest *request = GARBAGE;

    request_soh(connection);
    says(S_OK, GetSoHRequest, &request);
    return request;
}

/* "The NapAgent sets the SoHRequest on the connection object." */
CONNECTION_TEST(GetSoHRequest_sets_a_request_of_the_agents_on_the_connection)
{
    NetworkSoHRequest *request = next_request();
    const BYTE *pair;
    size_t size = 0;

    assert_true(request->size > 12);
    pair = request_pair(request, 3, &size); /* Packet-Info: a request, version 1 */
    assert_non_null(pair);
    assert_int_equal(*pair, 0x11);
    free_soh(request);
}

CONNECTION_TEST(the_request_names_the_machine)
{
    NetworkSoHRequest *request = next_request();
    char name[256];
    DWORD length = sizeof(name);
    const BYTE *pair;
    size_t size = 0;

    assert_true(GetComputerNameExA(ComputerNameDnsFullyQualified, name, &length));
    pair = request_pair(request, 5, &size); /* MachineName: u16 bytes, text with its NUL */
    assert_non_null(pair);
    assert_int_equal(size, 2 + length + 1);
    assert_memory_equal(pair + 2, name, length + 1);
    free_soh(request);
}

CONNECTION_TEST(the_request_has_the_version_and_the_processor)
{
    NetworkSoHRequest *request = next_request();
    /* GetVersionEx returns Windows 8 at most to a program without a manifest. */
    LONG(WINAPI * get_version)
    (OSVERSIONINFOW *) = (void *)GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "RtlGetVersion");
    OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof(version)};
    const BYTE *pair;
    SYSTEM_INFO info;
    size_t size = 0;

    assert_int_equal(get_version(&version), 0);
    GetNativeSystemInfo(&info);
    pair = request_pair(request, 1, &size); /* Machine-Inventory */
    assert_non_null(pair);
    assert_int_equal(pair[3], version.dwMajorVersion);
    assert_int_equal(pair[7], version.dwMinorVersion);
    assert_int_equal(pair[17], info.wProcessorArchitecture);
    free_soh(request);
}

/* inapenforcementclientconnection-getcorrelationid: "always contains the id of the most recent
 * SoH set on the connection object" */
CONNECTION_TEST(the_connection_has_the_requests_correlation_id)
{
    NetworkSoHRequest *request = next_request();
    CorrelationId correlation;
    const BYTE *pair;
    size_t size = 0;
    int i;

    says(S_OK, GetCorrelationId, &correlation);
    pair = request_pair(request, 6, &size);
    assert_non_null(pair);
    /* all of it in network order: docs/soh-format.md */
    for (i = 0; i < 4; i++)
    {
        int shift = 24 - 8 * i;

        assert_int_equal(pair[i], (BYTE)(correlation.connId.Data1 >> shift));
        assert_int_equal(
                pair[4 + i], (BYTE)((i < 2 ? correlation.connId.Data2 : correlation.connId.Data3)
                                     >> (i % 2 ? 0 : 8)));
        assert_int_equal(pair[16 + i], (BYTE)(correlation.timeStamp.dwHighDateTime >> shift));
        assert_int_equal(pair[20 + i], (BYTE)(correlation.timeStamp.dwLowDateTime >> shift));
    }
    assert_memory_equal(pair + 8, correlation.connId.Data4, 8);
    free_soh(request);
}

/* A server's log has the bytes, the client's log has the string of getstringcorrelationid: their
 * digits are the same, in the same order. */
CONNECTION_TEST(the_requests_correlation_id_reads_as_its_string)
{
    NetworkSoHRequest *request = next_request();
    StringCorrelationId *string = GARBAGE;
    const BYTE *pair = request_pair(request, 6, &(size_t){0});
    WCHAR digits[33] = L"";
    unsigned int i, length = 0;

    assert_non_null(pair);
    says(S_OK, GetStringCorrelationId, &string);
    for (i = 0; string->string[i] != '}'; i++)
        if (string->string[i] != '{' && string->string[i] != '-' && length < 32)
            digits[length++] = string->string[i];
    assert_int_equal(length, 32);
    for (i = 0; i < 16; i++)
    {
        static const WCHAR hex[] = L"0123456789ABCDEF";

        assert_int_equal(digits[2 * i], hex[pair[i] >> 4]);
        assert_int_equal(digits[2 * i + 1], hex[pair[i] & 15]);
    }
    CoTaskMemFree(string->string);
    CoTaskMemFree(string);
    free_soh(request);
}

/* The same page: "based on the connection-id", "uniquely describes an SoH exchange" */
CONNECTION_TEST(each_exchange_has_a_correlation_id_of_its_own)
{
    ConnectionId id = IID_IClassFactory;
    CorrelationId first, second;

    says(S_OK, SetConnectionId, &id);
    request_soh(connection);
    says(S_OK, GetCorrelationId, &first);
    request_soh(connection);
    says(S_OK, GetCorrelationId, &second);
    assert_memory_equal(&first.connId, &id, sizeof(id));
    assert_memory_equal(&second.connId, &id, sizeof(id));
    assert_memory_not_equal(&first, &second, sizeof(first));
}

CONNECTION_TEST(connections_with_one_connection_id_have_different_correlation_ids)
{
    INapEnforcementClientConnection *other = connection_create();
    CorrelationId first, second;

    request_soh(connection);
    request_soh(other);
    says(S_OK, GetCorrelationId, &first);
    returns(S_OK, INapEnforcementClientConnection, GetCorrelationId, other, &second);
    assert_memory_not_equal(&first, &second, sizeof(first));
    connection_release(other);
}

/* inapenforcementclientconnection-getflags: "it is a new request" */
CONNECTION_TEST(GetSoHRequest_sets_the_fresh_flag)
{
    UINT8 flags = 0;

    request_soh(connection);
    says(S_OK, GetFlags, &flags);
    assert_int_equal(flags, freshSoHRequest);
    says(S_OK, SetFlags, 0); /* the enforcer reuses the request */
    request_soh(connection);
    says(S_OK, GetFlags, &flags);
    assert_int_equal(flags, freshSoHRequest);
}

/* "It is TRUE if the SoHRequest has changed since this function was last called [...]. Otherwise,
 * FALSE is returned." */
CONNECTION_TEST(the_retrigger_hint_is_TRUE_when_the_SoH_has_changed)
{
    assert_int_equal(hint_of_next_request(), TRUE); /* there was none before */
    assert_int_equal(hint_of_next_request(), FALSE);
    assert_int_equal(register_health_agent(AGENT_ID), S_OK);
    assert_int_equal(hint_of_next_request(), TRUE);
    assert_int_equal(hint_of_next_request(), FALSE);
    assert_int_equal(unregister_health_agent(AGENT_ID), S_OK);
    assert_int_equal(hint_of_next_request(), TRUE);
}

CONNECTION_TEST(a_decision_alone_does_not_set_the_retrigger_hint)
{
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_int_equal(hint_of_next_request(), FALSE);
}

/* "or if ProbationTime has expired" */
CONNECTION_TEST(the_retrigger_hint_is_TRUE_when_the_probation_has_expired)
{
    decide(connection, isolationStateInProbation, from_now(150), NULL);
    assert_int_equal(hint_of_next_request(), FALSE);
    assert_true(enforcer_notified(&enforcer, 1, 3000));
    assert_int_equal(hint_of_next_request(), TRUE);
}

CONNECTION_TEST(the_request_has_an_entry_for_each_registered_health_agent)
{
    UINT32 ids[20];
    NetworkSoHRequest *request = next_request();
    int before = request_entries(request, ids), i, found = 0, count;

    free_soh(request);
    assert_int_equal(before, health_agent_count());
    assert_int_equal(register_health_agent(AGENT_ID), S_OK);
    request = next_request();
    count = request_entries(request, ids);
    free_soh(request);
    assert_int_equal(unregister_health_agent(AGENT_ID), S_OK);
    assert_int_equal(count, before + 1);
    for (i = 0; i < count; i++)
        found += ids[i] == AGENT_ID;
    assert_int_equal(found, 1);
}

/* inapenforcementclientconnection-setmaxsize: "the maximum size, in bytes, of the SoH packet" */
CONNECTION_TEST(a_request_is_never_larger_than_GetMaxSize)
{
    NetworkSoHRequest *request = next_request();
    UINT16 size = request->size;
    BOOL hint;

    free_soh(request);
    if (size < 300)
        size = 300;
    says(S_OK, SetMaxSize, size);
    returns(S_OK, INapEnforcementClientBinding, GetSoHRequest, binding, connection, &hint);
    says(S_OK, GetSoHRequest, &request);
    assert_true(request->size <= size);
    free_soh(request);
}

/* nap-error-constants: NAP_E_MAXSIZE_TOO_SMALL */
CONNECTION_TEST(a_request_that_cannot_fit_is_refused)
{
    static struct snapshot before;
    int free_ids = 20 - health_agent_count(), i;
    NetworkSoHRequest *request;
    BOOL hint = 7;
    UINT16 size;

    for (i = 0; i < free_ids; i++)
        assert_int_equal(register_health_agent(AGENT_ID + i), S_OK);
    request = next_request();
    size = request->size;
    free_soh(request);
    assert_true(size > 300);
    says(S_OK, SetMaxSize, size);
    request_soh(connection);
    says(S_OK, SetMaxSize, size - 1);
    snapshot_take(connection, &before);
    returns(NAP_E_MAXSIZE_TOO_SMALL, INapEnforcementClientBinding, GetSoHRequest, binding,
            connection, &hint);
    assert_false(hint);
    assert_unaltered(connection, &before);
    for (i = 0; i < free_ids; i++)
        assert_int_equal(unregister_health_agent(AGENT_ID + i), S_OK);
}

/* "sets the resulting decision (eg. full/restricted access/etc) on the connection object" */
CONNECTION_TEST(the_decision_is_on_the_connection_when_ProcessSoHResponse_returns)
{
    static const IsolationState states[] = {isolationStateRestrictedAccess,
            isolationStateNotRestricted, isolationStateInProbation, isolationStateRestrictedAccess,
            isolationStateInProbation, isolationStateNotRestricted};
    size_t i;

    for (i = 0; i < ARRAYSIZE(states); i++)
    {
        decide(connection, states[i], from_now(3600000), NULL);
        assert_int_equal(isolation_of(connection), states[i]);
    }
}

CONNECTION_TEST(the_decision_has_its_URL_and_probation_end)
{
    IsolationInfo *info = GARBAGE;
    UINT64 end = from_now(3600000);

    decide(connection, isolationStateInProbation, end, "http://fix.example/\xc3\xa4");
    says(S_OK, GetIsolationInfo, &info);
    assert_int_equal(info->isolationState, isolationStateInProbation);
    assert_int_equal(info->probEndTime.dwLowDateTime, (DWORD)end);
    assert_int_equal(info->probEndTime.dwHighDateTime, (DWORD)(end >> 32));
    assert_int_equal(info->failureUrl.length, 20);
    assert_memory_equal(info->failureUrl.string, L"http://fix.example/\x00e4", 42);
    free_isolation(info);
    decide(connection, isolationStateNotRestricted, NO_PROBATION, NULL);
    says(S_OK, GetIsolationInfo, &info);
    assert_int_equal(info->failureUrl.length, 0);
    free_isolation(info);
}

/* inapenforcementclientconnection2-getisolationinfoex, -getinstalledshvs: "set by NapAgent after
 * processing an SoHResponse" */
CONNECTION_TEST(the_decision_has_its_extended_state_and_SHVs)
{
    static const UINT32 shvs[] = {0x00abc001, 0x00abc002, 0x00abc003};
    SystemHealthEntityCount count = 0;
    SystemHealthEntityId *ids = GARBAGE;
    IsolationInfoEx *info = GARBAGE;
    struct response response;

    request_soh(connection);
    start_response(connection, &response);
    response.state = isolationStateRestrictedAccess;
    response.extended = extendedIsolationStateInfected;
    response.shvs = shvs;
    response.shv_count = ARRAYSIZE(shvs);
    set_response(connection, &response);
    returns(S_OK, INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
    says2(S_OK, GetIsolationInfoEx, &info);
    assert_int_equal(info->isolationState, isolationStateRestrictedAccess);
    assert_int_equal(info->extendedIsolationState, extendedIsolationStateInfected);
    free_isolation_ex(info);
    says2(S_OK, GetInstalledShvs, &count, &ids);
    assert_int_equal(count, 3);
    assert_memory_equal(ids, shvs, sizeof(shvs));
    CoTaskMemFree(ids);
}

CONNECTION_TEST(every_form_of_response_is_taken)
{
    static const struct response forms[] = {
            {.mode = true},
            {.mode = true, .intent = 2},
            {.mode = true, .only_mode_id = true},
            {.entries = 20},
    };
    struct response response;
    size_t i;

    for (i = 0; i < ARRAYSIZE(forms); i++)
    {
        request_soh(connection);
        start_response(connection, &response);
        response.state = (BYTE)(isolationStateRestrictedAccess - i % 2);
        response.mode = forms[i].mode;
        response.intent = forms[i].intent;
        response.only_mode_id = forms[i].only_mode_id;
        response.entries = forms[i].entries;
        set_response(connection, &response);
        returns(S_OK, INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
        assert_int_equal(isolation_of(connection), response.state);
    }
}

/* nap-type-constants: maxProtocolMaxSize */
CONNECTION_TEST(a_response_may_have_65535_bytes)
{
    NetworkSoHResponse *given = GARBAGE;
    struct response response;

    request_soh(connection);
    start_response(connection, &response);
    response.state = isolationStateRestrictedAccess;
    response.entries = 1;
    response.pad_to = 0xffff;
    set_response(connection, &response);
    says(S_OK, GetSoHResponse, &given);
    assert_int_equal(given->size, 0xffff);
    free_soh(given);
    returns(S_OK, INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
    assert_int_equal(isolation_of(connection), isolationStateRestrictedAccess);
}

CONNECTION_TEST(connections_are_decided_one_by_one)
{
    INapEnforcementClientConnection *other = connection_create();

    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    decide(other, isolationStateInProbation, from_now(3600000), NULL);
    assert_int_equal(isolation_of(connection), isolationStateRestrictedAccess);
    assert_int_equal(isolation_of(other), isolationStateInProbation);
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, other);
    connection_release(other);
    decide(connection, isolationStateNotRestricted, NO_PROBATION, NULL);
}

/* nap-type-constants: maxConnectionCountPerEnforcer */
CONNECTION_TEST(twenty_connections_may_be_up)
{
    INapEnforcementClientConnection *connections[21];
    BOOL hint = 7;
    int i;

    for (i = 0; i < 21; i++)
        connections[i] = connection_create();
    for (i = 0; i < 20; i++)
        decide(connections[i], isolationStateNotRestricted, NO_PROBATION, NULL);
    returns(E_OUTOFMEMORY, INapEnforcementClientBinding, GetSoHRequest, binding, connections[20],
            &hint);
    assert_false(hint);
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connections[7]);
    request_soh(connections[20]);
    for (i = 0; i < 21; i++)
        connection_release(connections[i]);
}

CONNECTION_TEST(a_connection_is_good_for_the_next_binding)
{
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
    decide(connection, isolationStateNotRestricted, NO_PROBATION, NULL);
    assert_int_equal(isolation_of(connection), isolationStateNotRestricted);
}

TEST_MAIN(enforcer_tests_begin, enforcer_tests_end)
