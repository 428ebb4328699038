/*
 * INapSystemHealthAgentCallback: what is called when. Pages
 * inapsystemhealthagentcallback-*; GetSoHRequest has health_soh.c.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "sha.h"

/* ---- ProcessSoHResponse ---- */

/* "When the NapAgent receives an SoHResponse destined for this health agent, it invokes this
 * method." */
static void ProcessSoHResponse_is_called_with_the_response(void **state)
{
    (void)state;
    ask();
    assert_int_equal(sha.answered, 0);
    respond_to_sha(false);
    assert_true(sha_reaches(&sha, &sha.answered, 1, SOON));
    assert_memory_equal(&sha.answered_to, &sha.asked_for, sizeof(CorrelationId));
    assert_int_equal(sha.response.size, RESPONSE_ENTRY_SIZE);
}

static void each_health_agent_gets_its_own_entry(void **state)
{
    const UINT32 ids[] = {SHA_ID, SECOND_SHA_ID};
    struct response response = {.ids = ids};
    BYTE entry[RESPONSE_ENTRY_SIZE];
    struct sha *other = sha_start(SECOND_SHA_ID);
    size_t size;

    (void)state;
    ask();
    respond(ids, 2, true);
    assert_true(sha_reaches(&sha, &sha.answered, 1, SOON));
    assert_true(sha_reaches(other, &other->answered, 1, SOON));
    size = response_entry(&response, 0, entry);
    assert_int_equal(sha.response.size, size);
    assert_memory_equal(sha.response.bytes, entry, size);
    response_entry(&response, 1, entry);
    assert_memory_equal(other->response.bytes, entry, size);
    assert_int_equal(other->flags, shaFixup);
    sha_stop(other);
}

static void a_failing_ProcessSoHResponse_does_not_undo_the_decision(void **state)
{
    static const HRESULT codes[] = {NAP_E_INVALID_PACKET, E_FAIL};
    size_t i;

    (void)state;
    for (i = 0; i < ARRAYSIZE(codes); i++)
    {
        sha.response_result = codes[i];
        ask();
        respond_to_sha(false);
        assert_true(sha_reaches(&sha, &sha.answered, (LONG)i + 1, SOON));
        assert_int_equal(isolation_of(connection), isolationStateNotRestricted);
    }
    ask();
    assert_reported(SHA_ID, "healthy");
}

static void an_invalid_response_is_told_to_nobody(void **state)
{
    static const BYTE nothing[] = {0, 7, 0, 8, 0, 0, 1, 0x37, 0, 1, 0, 0};
    NetworkSoHResponse soh = {sizeof(nothing), (BYTE *)nothing};

    (void)state;
    ask();
    says(S_OK, SetSoHResponse, &soh);
    returns(NAP_E_INVALID_PACKET, INapEnforcementClientBinding, ProcessSoHResponse, binding,
        connection);
    assert_false(sha_reaches(&sha, &sha.answered, 1, 300));
}

/* ---- GetFixupInfo ---- */

/* "Called by the NapAgent to determine the state of the system health agent, while it is processing
 * a SoHResponse"; "the caller should free this memory" (setting-up-a-simple-sha) */
static void GetFixupInfo_is_called_after_ProcessSoHResponse(void **state)
{
    (void)state;
    sha.fixup_state = fixupStateInProgress;
    sha.fixup_percentage = 50;
    ask();
    assert_int_equal(sha.mended, 0);
    respond_to_sha(true);
    assert_true(sha_reaches(&sha, &sha.mended, 1, SOON));
    assert_int_equal(sha.answered, 1);
}

/* inapsystemhealthagentcallback-processsohresponse: "The NapAgent must call GetFixupInfo to
 * determine the fix-up status": the fix-up takes longer than that call. */
static void GetFixupInfo_is_called_until_the_fix_up_has_ended(void **state)
{
    LONG mended;

    (void)state;
    sha.fixup_state = fixupStateInProgress;
    ask();
    respond_to_sha(true);
    assert_true(sha_reaches(&sha, &sha.mended, 3, 2 * SOON));
    sha.fixup_percentage = 100;
    sha.fixup_state = fixupStateSuccess;
    mended = sha.mended + 1; /* one may be under way */
    assert_true(sha_reaches(&sha, &sha.mended, mended, SOON));
    assert_false(sha_reaches(&sha, &sha.mended, mended + 2, SOON));
    assert_int_equal(sha.answered, 1);
}

static void GetFixupInfo_is_called_after_a_ProcessSoHResponse_that_fails(void **state)
{
    (void)state;
    sha.response_result = NAP_E_INVALID_PACKET;
    ask();
    respond_to_sha(true);
    assert_true(sha_reaches(&sha, &sha.mended, 1, SOON));
    assert_int_equal(sha.answered, 1);
    assert_false(sha_reaches(&sha, &sha.mended, 2, 1500));
}

static void a_failing_GetFixupInfo_does_no_harm(void **state)
{
    (void)state;
    sha.fixup_result = E_FAIL;
    ask();
    respond_to_sha(true);
    assert_true(sha_reaches(&sha, &sha.mended, 1, SOON));
    ask();
    assert_reported(SHA_ID, "healthy");
}

/* ---- CompareSoHRequests ---- */

static BOOL hint_for_other_bytes(void)
{
    ask();
    sha.product = "healthy, at another time";
    return ask();
}

/* "If the SHAs have put incremental IDs or time-stamps into their SoH, then SoHs may be
 * semantically equal" */
static void SoHs_that_CompareSoHRequests_calls_equal_are_no_change(void **state)
{
    (void)state;
    sha.compare_result = S_OK;
    sha.equal = TRUE;
    assert_int_equal(hint_for_other_bytes(), FALSE);
    assert_true(sha.compared >= 1);
    assert_reported(SHA_ID, "healthy, at another time");
}

static void SoHs_that_CompareSoHRequests_calls_different_are_a_change(void **state)
{
    (void)state;
    sha.compare_result = S_OK;
    sha.equal = FALSE;
    assert_int_equal(hint_for_other_bytes(), TRUE);
}

/* "A pointer to the SoHRequest on the left", "on the right": the last one sent and the new one */
static void CompareSoHRequests_gets_both_SoHs(void **state)
{
    struct soh_bytes old, new;
    struct small_soh small;
    bool in_order;

    (void)state;
    sha.compare_result = S_OK;
    hint_for_other_bytes();
    soh_write(small_soh(&small, SHA_ID, "healthy"), &old);
    soh_write(small_soh(&small, SHA_ID, "healthy, at another time"), &new);
    in_order = sha.left.size == old.size;
    assert_int_equal((in_order ? sha.left : sha.right).size, old.size);
    assert_int_equal((in_order ? sha.right : sha.left).size, new.size);
    assert_memory_equal((in_order ? sha.left : sha.right).bytes, old.bytes, old.size);
    assert_memory_equal((in_order ? sha.right : sha.left).bytes, new.bytes, new.size);
}

/* "Return E_NOTIMPL. In this case, the NapAgent performs a byte-wise comparison" */
static void SoHs_are_compared_byte_for_byte_if_CompareSoHRequests_is_not_there(void **state)
{
    (void)state;
    sha.equal = TRUE; /* counts nothing */
    assert_int_equal(hint_for_other_bytes(), TRUE);
    assert_int_equal(ask(), FALSE);
    sha.equal = FALSE;
    assert_int_equal(ask(), FALSE);
}

static void each_connection_is_compared_with_its_own_last_SoH(void **state)
{
    INapEnforcementClientConnection *other = connection_create();
    BOOL hint = 7;

    (void)state;
    ask();
    sha.product = "other";
    returns(S_OK, INapEnforcementClientBinding, GetSoHRequest, binding, other, &hint);
    assert_int_equal(hint, TRUE); /* its first */
    returns(S_OK, INapEnforcementClientBinding, GetSoHRequest, binding, other, &hint);
    assert_int_equal(hint, FALSE);
    assert_int_equal(ask(), TRUE);
    connection_release(other);
}

/* ---- NotifySystemIsolationStateChange ---- */

static IsolationState states[8];
static LONG state_count;

static HRESULT read_state(struct sha *object)
{
    IsolationInfo *info = NULL;
    BOOL unknown;

    object->inner_result = record(INapSystemHealthAgentBinding, GetSystemIsolationInfo,
        object->binding, &info, &unknown);
    if (object->inner_result == S_OK)
    {
        if (state_count < 8)
            states[state_count++] = info->isolationState;
        free_isolation(info);
    }
    return S_OK;
}

/* "To indicate that the system isolation state [...] has changed"; "can query the system NAP state
 * using GetSystemIsolationInfo" */
static void a_change_of_the_systems_isolation_state_is_told(void **state)
{
    static const IsolationState changes[] = {isolationStateRestrictedAccess,
        isolationStateInProbation, isolationStateNotRestricted};
    UINT64 end = from_now(3600000);
    size_t i;

    (void)state;
    sha.on_change = read_state;
    state_count = 0;
    for (i = 0; i < ARRAYSIZE(changes); i++)
    {
        decide(connection, changes[i],
            changes[i] == isolationStateInProbation ? end : NO_PROBATION, NULL);
        assert_true(sha_reaches(&sha, &sha.changed, (LONG)i + 1, SOON));
        assert_int_equal(sha.inner_result, S_OK);
        assert_int_equal(states[i], changes[i]);
    }
    assert_false(sha_reaches(&sha, &sha.changed, (LONG)i + 1, 300));
}

/* "or the probation end-time has changed" */
static void a_change_of_the_probation_end_is_told(void **state)
{
    UINT64 end = from_now(3600000);

    (void)state;
    decide(connection, isolationStateInProbation, end, NULL);
    assert_true(sha_reaches(&sha, &sha.changed, 1, SOON));
    decide(connection, isolationStateInProbation, end + 10000000, NULL);
    assert_true(sha_reaches(&sha, &sha.changed, 2, SOON));
}

static void the_same_decision_again_is_no_change(void **state)
{
    (void)state;
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_true(sha_reaches(&sha, &sha.changed, 1, SOON));
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_false(sha_reaches(&sha, &sha.changed, 2, 400));
}

static void a_connection_that_goes_down_changes_the_system(void **state)
{
    (void)state;
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_true(sha_reaches(&sha, &sha.changed, 1, SOON));
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
    assert_true(sha_reaches(&sha, &sha.changed, 2, SOON));
}

static void every_bound_health_agent_is_told_of_a_change(void **state)
{
    struct sha *other = sha_start(SECOND_SHA_ID);

    (void)state;
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_true(sha_reaches(&sha, &sha.changed, 1, SOON));
    assert_true(sha_reaches(other, &other->changed, 1, SOON));
    sha_stop(other);
}

/* ---- NotifyOrphanedSoHRequest ---- */

static void assert_orphaned(const CorrelationId *correlation, LONG count)
{
    assert_true(sha_reaches(&sha, &sha.orphaned, count, SOON));
    assert_memory_equal(&sha.orphan, correlation, sizeof(*correlation));
}

/* "Called if an SoHRequest was queried from the SHA, but the response never came back" */
static void a_newer_request_orphans_the_older(void **state)
{
    CorrelationId first;

    (void)state;
    ask();
    first = sha.asked_for;
    ask();
    assert_orphaned(&first, 1);
    assert_false(sha_reaches(&sha, &sha.orphaned, 2, 300));
}

/* "The connection went down" */
static void a_connection_that_goes_down_orphans_its_request(void **state)
{
    (void)state;
    ask();
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
    assert_orphaned(&sha.asked_for, 1);
}

/* "or an enforcer went offline" */
static void an_enforcement_client_that_goes_orphans_its_requests(void **state)
{
    (void)state;
    ask();
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_orphaned(&sha.asked_for, 1);
}

/* "There was no corresponding SHV on the server-side" */
static void a_response_without_entry_orphans_the_request(void **state)
{
    static const UINT32 others[] = {SECOND_SHA_ID};

    (void)state;
    ask();
    respond(others, 1, false);
    assert_orphaned(&sha.asked_for, 1);
    assert_int_equal(sha.answered, 0);
}

static void a_request_that_was_answered_is_not_orphaned(void **state)
{
    (void)state;
    ask();
    respond_to_sha(false);
    assert_true(sha_reaches(&sha, &sha.answered, 1, SOON));
    ask();
    respond_to_sha(false);
    assert_true(sha_reaches(&sha, &sha.answered, 2, SOON));
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
    assert_false(sha_reaches(&sha, &sha.orphaned, 1, 300));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bound_sha_test(ProcessSoHResponse_is_called_with_the_response),
        bound_sha_test(each_health_agent_gets_its_own_entry),
        bound_sha_test(a_failing_ProcessSoHResponse_does_not_undo_the_decision),
        bound_sha_test(an_invalid_response_is_told_to_nobody),
        bound_sha_test(GetFixupInfo_is_called_after_ProcessSoHResponse),
        bound_sha_test(GetFixupInfo_is_called_after_a_ProcessSoHResponse_that_fails),
        bound_sha_test(GetFixupInfo_is_called_until_the_fix_up_has_ended),
        bound_sha_test(a_failing_GetFixupInfo_does_no_harm),
        bound_sha_test(SoHs_that_CompareSoHRequests_calls_equal_are_no_change),
        bound_sha_test(SoHs_that_CompareSoHRequests_calls_different_are_a_change),
        bound_sha_test(CompareSoHRequests_gets_both_SoHs),
        bound_sha_test(SoHs_are_compared_byte_for_byte_if_CompareSoHRequests_is_not_there),
        bound_sha_test(each_connection_is_compared_with_its_own_last_SoH),
        bound_sha_test(a_change_of_the_systems_isolation_state_is_told),
        bound_sha_test(a_change_of_the_probation_end_is_told),
        bound_sha_test(the_same_decision_again_is_no_change),
        bound_sha_test(a_connection_that_goes_down_changes_the_system),
        bound_sha_test(every_bound_health_agent_is_told_of_a_change),
        bound_sha_test(a_newer_request_orphans_the_older),
        bound_sha_test(a_connection_that_goes_down_orphans_its_request),
        bound_sha_test(an_enforcement_client_that_goes_orphans_its_requests),
        bound_sha_test(a_response_without_entry_orphans_the_request),
        bound_sha_test(a_request_that_was_answered_is_not_orphaned),
    };

    return cmocka_run_group_tests(tests, sha_tests_begin, sha_tests_end);
}
