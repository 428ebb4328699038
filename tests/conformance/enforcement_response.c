/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapEnforcementClientBinding: rejected responses, and allocation failures. Every failure leaves
 * the connection unchanged. Page inapenforcementclientbinding-processsohresponse-method; a test
 * that checks another page names it.
 */

#include "connection_fixture.h"

static struct snapshot before;

/* ProcessSoHResponse returns this and does not change the connection. */
static void assert_rejected(HRESULT code)
{
    snapshot_take(connection, &before);
    returns(code, INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
    assert_unaltered(connection, &before);
}

static void set_bytes(const BYTE *bytes, size_t size)
{
    NetworkSoHResponse soh = {(UINT16)size, (BYTE *)bytes};

    says(S_OK, SetSoHResponse, &soh);
}

static void process(void)
{
    returns(S_OK, INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
}

/* A restricted decision, with every value set that could be lost. */
static void restrict_connection(void)
{
    decide(connection, isolationStateRestrictedAccess, from_now(3600000), "http://fix/");
}

/* "No connections have previously been created on the enforcement client." */
CONNECTION_TEST(a_response_before_any_connection_says_INVALIDARG)
{
    restrict_connection();
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
    assert_rejected(E_INVALIDARG);
    request_soh(connection); /* now the binding knows one */
    assert_rejected(NAP_E_MISMATCHED_ID);
}

/* "The correlation id in the SoH-Response packet did not match the outstanding SoH-Response" */
CONNECTION_TEST(a_response_to_nothing_says_MISMATCHED_ID)
{
    struct response response = {
            .state = isolationStateNotRestricted, .probation_end = NO_PROBATION};

    set_response(connection, &response);
    assert_rejected(NAP_E_MISMATCHED_ID);
}

CONNECTION_TEST(a_response_that_was_processed_says_MISMATCHED_ID)
{
    restrict_connection();
    assert_rejected(NAP_E_MISMATCHED_ID);
}

CONNECTION_TEST(a_response_with_another_id_says_MISMATCHED_ID)
{
    struct response response;
    int i;

    restrict_connection();
    request_soh(connection);
    start_response(connection, &response);
    for (i = 0; i < 24; i += 23)
    {
        response.correlation[i] ^= 1;
        set_response(connection, &response);
        assert_rejected(NAP_E_MISMATCHED_ID);
        response.correlation[i] ^= 1;
    }
    set_response(connection, &response); /* "wait for another newer SoH-Response packet" */
    process();
    assert_int_equal(isolation_of(connection), isolationStateNotRestricted);
}

/* inapenforcementclientbinding-getsohrequest: "If an SoHRequest was outstanding on this
 * connection, then it is discarded"; "This may be caused by a response to an older request" */
CONNECTION_TEST(a_newer_request_orphans_the_older)
{
    struct response older, newer;

    request_soh(connection);
    start_response(connection, &older);
    request_soh(connection);
    start_response(connection, &newer);
    set_response(connection, &older);
    assert_rejected(NAP_E_MISMATCHED_ID);
    set_response(connection, &newer);
    process();
}

CONNECTION_TEST(a_response_for_another_connection_says_MISMATCHED_ID)
{
    INapEnforcementClientConnection *other = connection_create();
    struct response response;

    request_soh(connection);
    request_soh(other);
    start_response(other, &response);
    set_response(connection, &response);
    assert_rejected(NAP_E_MISMATCHED_ID);
    set_response(other, &response);
    returns(S_OK, INapEnforcementClientBinding, ProcessSoHResponse, binding, other);
    connection_release(other);
}

CONNECTION_TEST(a_response_after_NotifyConnectionStateDown_says_MISMATCHED_ID)
{
    struct response response;

    request_soh(connection);
    start_response(connection, &response);
    set_response(connection, &response);
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
    assert_rejected(NAP_E_MISMATCHED_ID);
}

/* "The enforcement client must drop the packet" */
CONNECTION_TEST(packets_that_are_none_say_INVALID_PACKET)
{
    static const BYTE garbage[] = "This is not a statement of health at all.";
    struct response response;

    restrict_connection();
    request_soh(connection);
    start_response(connection, &response);
    set_bytes(garbage, sizeof(garbage));
    assert_rejected(NAP_E_INVALID_PACKET);
    set_bytes(garbage, 1);
    assert_rejected(NAP_E_INVALID_PACKET);
    set_bytes(NULL, 0); /* "A zero-sized packet is valid" for the object, but no response */
    assert_rejected(NAP_E_INVALID_PACKET);
    set_response(connection, &response); /* the exchange is still pending */
    process();
}

CONNECTION_TEST(a_request_is_no_response)
{
    NetworkSoHRequest *request = GARBAGE;

    request_soh(connection);
    says(S_OK, GetSoHRequest, &request);
    set_bytes(request->data, request->size);
    free_soh(request);
    assert_rejected(NAP_E_INVALID_PACKET);
}

CONNECTION_TEST(a_state_that_there_is_not_is_INVALID_PACKET)
{
    static const BYTE states[] = {0, 4, 7};
    struct response response;
    size_t i;

    request_soh(connection);
    start_response(connection, &response);
    for (i = 0; i < ARRAYSIZE(states); i++)
    {
        response.state = states[i];
        set_response(connection, &response);
        assert_rejected(NAP_E_INVALID_PACKET);
    }
}

CONNECTION_TEST(a_packet_cut_short_anywhere_is_INVALID_PACKET)
{
    static const UINT32 shvs[] = {0x00abc001, 0x00abc002};
    static BYTE packet[RESPONSE_MAX_SIZE];
    struct response response;
    size_t size, i;

    request_soh(connection);
    start_response(connection, &response);
    response.url = "http://fix/";
    response.shvs = shvs;
    response.shv_count = ARRAYSIZE(shvs);
    response.entries = 2;
    size = response_write(&response, packet);
    snapshot_take(connection, &before);
    for (i = 0; i < size; i++)
    {
        set_bytes(packet, i);
        returns(NAP_E_INVALID_PACKET, INapEnforcementClientBinding, ProcessSoHResponse, binding,
                connection);
    }
    set_bytes(NULL, 0);
    assert_unaltered(connection, &before);
    set_bytes(packet, size);
    process();
}

/* Any changed byte may change the meaning or break the packet; neither breaks the agent or later
 * exchanges. */
CONNECTION_TEST(a_packet_with_any_byte_changed_is_answered)
{
    static BYTE packet[RESPONSE_MAX_SIZE];
    struct response response;
    size_t size, i;
    HRESULT hr;

    request_soh(connection);
    start_response(connection, &response);
    response.url = "http://fix/";
    response.entries = 2;
    size = response_write(&response, packet);
    for (i = 0; i < size; i++)
    {
        packet[i] ^= 0xff;
        set_bytes(packet, size);
        hr = record(INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
        assert_true(hr == S_OK || hr == NAP_E_INVALID_PACKET || hr == NAP_E_MISMATCHED_ID);
        packet[i] ^= 0xff;
        if (hr == S_OK)
        {
            request_soh(connection);
            start_response(connection, &response);
            response.url = "http://fix/";
            response.entries = 2;
            response_write(&response, packet);
        }
    }
    set_bytes(packet, size);
    process();
    assert_int_equal(isolation_of(connection), isolationStateNotRestricted);
}

/* ---- allocation failures ---- */

CONNECTION_TEST(GetSoHRequest_says_E_OUTOFMEMORY_and_changes_nothing)
{
    HRESULT hr = E_OUTOFMEMORY;
    BOOL hint = 7;
    int nth;

    restrict_connection();
    for (nth = 1; hr != S_OK; nth++)
    {
        snapshot_take(connection, &before);
        spy_fail_at(nth);
        hr = record(INapEnforcementClientBinding, GetSoHRequest, binding, connection, &hint);
        spy_fail_at(0);
        if (hr == S_OK)
            break;
        assert_int_equal(hr, E_OUTOFMEMORY);
        assert_false(hint);
        assert_unaltered(connection, &before);
    }
    assert_true(nth > 1);
}

CONNECTION_TEST(ProcessSoHResponse_says_E_OUTOFMEMORY_and_can_be_repeated)
{
    struct response response;
    HRESULT hr = E_OUTOFMEMORY;
    int nth;

    request_soh(connection);
    start_response(connection, &response);
    response.state = isolationStateRestrictedAccess;
    response.url = "http://fix/";
    set_response(connection, &response);
    for (nth = 1; hr != S_OK; nth++)
    {
        snapshot_take(connection, &before);
        spy_fail_at(nth);
        hr = record(INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
        spy_fail_at(0);
        if (hr == S_OK)
            break;
        assert_int_equal(hr, E_OUTOFMEMORY);
        assert_unaltered(connection, &before);
    }
    assert_true(nth > 1);
    assert_int_equal(isolation_of(connection), isolationStateRestrictedAccess);
}

CONNECTION_TEST(NotifyConnectionStateDown_says_E_OUTOFMEMORY_and_can_be_repeated)
{
    HRESULT hr = E_OUTOFMEMORY;
    int nth;

    restrict_connection();
    for (nth = 1; hr != S_OK; nth++)
    {
        spy_fail_at(nth);
        hr = record(INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
        spy_fail_at(0);
        if (hr != S_OK)
            assert_int_equal(hr, E_OUTOFMEMORY);
    }
    assert_true(nth > 2);
}

CONNECTION_TEST(a_hundred_exchanges_leave_no_task_memory)
{
    int live = spy_live(), i;

    for (i = 0; i < 100; i++)
        decide(connection, isolationStateRestrictedAccess, from_now(3600000), "http://fix/");
    assert_int_equal(spy_live(), live);
}

TEST_MAIN(enforcer_tests_begin, enforcer_tests_end)
