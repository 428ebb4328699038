/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapSystemHealthAgentCallback: which method is called when. Pages
 * inapsystemhealthagentcallback-*; GetSoHRequest has health_soh.c.
 */

#include "sha.h"

/* ---- ProcessSoHResponse ---- */

/* "When the NapAgent receives an SoHResponse destined for this health agent, it invokes this
 * method." */
BOUND_SHA_TEST(ProcessSoHResponse_is_called_with_the_response)
{
    ask();
    assert_int_equal(sha.answered, 0);
    respond_to_sha(false);
    assert_true(sha_reaches(&sha, &sha.answered, 1, SOON));
    assert_memory_equal(&sha.answered_to, &sha.asked_for, sizeof(CorrelationId));
    assert_int_equal(sha.response.size, RESPONSE_ENTRY_SIZE);
}

BOUND_SHA_TEST(each_health_agent_gets_its_own_entry)
{
    const UINT32 ids[] = {SHA_ID, SECOND_SHA_ID};
    struct response response = {.ids = ids};
    BYTE entry[RESPONSE_ENTRY_SIZE];
    struct sha *other = sha_start(SECOND_SHA_ID);
    size_t size;

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

BOUND_SHA_TEST(a_failing_ProcessSoHResponse_does_not_undo_the_decision)
{
    static const HRESULT codes[] = {NAP_E_INVALID_PACKET, E_FAIL};
    size_t i;

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

BOUND_SHA_TEST(an_invalid_response_notifies_nobody)
{
    static const BYTE nothing[] = {0, 7, 0, 8, 0, 0, 1, 0x37, 0, 1, 0, 0};
    NetworkSoHResponse soh = {sizeof(nothing), (BYTE *)nothing};

    ask();
    says(S_OK, SetSoHResponse, &soh);
    returns(NAP_E_INVALID_PACKET, INapEnforcementClientBinding, ProcessSoHResponse, binding,
            connection);
    callbacks_have_come();
    assert_int_equal(sha.answered, 0);
}

/* ---- GetFixupInfo ---- */

/* "Called by the NapAgent to determine the state of the system health agent, while it is processing
 * a SoHResponse"; "the caller should free this memory" (setting-up-a-simple-sha) */
BOUND_SHA_TEST(GetFixupInfo_is_called_after_ProcessSoHResponse)
{
    sha.fixup_state = fixupStateInProgress;
    sha.fixup_percentage = 50;
    ask();
    assert_int_equal(sha.mended, 0);
    respond_to_sha(true);
    assert_true(sha_reaches(&sha, &sha.mended, 1, SOON));
    assert_int_equal(sha.answered, 1);
}

/* Another health agent begins a fix-up and is called for it again, as late as one would be that
 * is called again for an answer that it gave before. */
static void another_fix_up_is_followed(void)
{
    static const UINT32 id = SECOND_SHA_ID;
    struct sha *other = sha_start(id);

    other->fixup_state = fixupStateInProgress;
    ask();
    respond(&id, 1, true);
    assert_true(sha_reaches(other, &other->mended, 2, 2 * SOON));
    callbacks_have_come();
    sha_stop(other);
}

static void end_at_the_third_call(struct sha *object)
{
    if (object->mended < 2)
        return;
    object->fixup_percentage = 100;
    object->fixup_state = fixupStateSuccess;
}

/* inapsystemhealthagentcallback-processsohresponse: "The NapAgent must call GetFixupInfo to
 * determine the fix-up status": the fix-up takes longer than that call. */
BOUND_SHA_TEST(GetFixupInfo_is_called_until_the_fix_up_has_ended)
{
    sha.fixup_state = fixupStateInProgress;
    sha.on_fixup = end_at_the_third_call;
    ask();
    respond_to_sha(true);
    assert_true(sha_reaches(&sha, &sha.mended, 3, 2 * SOON));
    another_fix_up_is_followed();
    assert_int_equal(sha.mended, 3);
    assert_int_equal(sha.answered, 1);
}

BOUND_SHA_TEST(GetFixupInfo_is_called_after_a_ProcessSoHResponse_that_fails)
{
    sha.response_result = NAP_E_INVALID_PACKET;
    ask();
    respond_to_sha(true);
    assert_true(sha_reaches(&sha, &sha.mended, 1, SOON));
    assert_int_equal(sha.answered, 1);
    another_fix_up_is_followed();
    assert_int_equal(sha.mended, 1);
}

BOUND_SHA_TEST(a_failing_GetFixupInfo_does_no_harm)
{
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
BOUND_SHA_TEST(SoHs_that_CompareSoHRequests_calls_equal_are_no_change)
{
    sha.compare_result = S_OK;
    sha.equal = TRUE;
    assert_int_equal(hint_for_other_bytes(), FALSE);
    assert_true(sha.compared >= 1);
    assert_reported(SHA_ID, "healthy, at another time");
}

BOUND_SHA_TEST(SoHs_that_CompareSoHRequests_calls_different_are_a_change)
{
    sha.compare_result = S_OK;
    sha.equal = FALSE;
    assert_int_equal(hint_for_other_bytes(), TRUE);
}

/* "A pointer to the SoHRequest on the left", "on the right": the last one sent and the new one */
BOUND_SHA_TEST(CompareSoHRequests_gets_both_SoHs)
{
    struct soh_bytes old, new;
    struct small_soh small;
    bool in_order;

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
BOUND_SHA_TEST(SoHs_are_compared_byte_for_byte_if_CompareSoHRequests_is_not_there)
{
    sha.equal = TRUE; /* sets no counter */
    assert_int_equal(hint_for_other_bytes(), TRUE);
    assert_int_equal(ask(), FALSE);
    sha.equal = FALSE;
    assert_int_equal(ask(), FALSE);
}

BOUND_SHA_TEST(each_connection_is_compared_with_its_own_last_SoH)
{
    INapEnforcementClientConnection *other = connection_create();
    BOOL hint = 7;

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

    object->inner_result = record(
            INapSystemHealthAgentBinding, GetSystemIsolationInfo, object->binding, &info, &unknown);
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
BOUND_SHA_TEST(a_change_of_the_systems_isolation_state_is_notified)
{
    static const IsolationState changes[] = {
            isolationStateRestrictedAccess, isolationStateInProbation, isolationStateNotRestricted};
    UINT64 end = from_now(3600000);
    size_t i;

    sha.on_change = read_state;
    state_count = 0;
    for (i = 0; i < ARRAYSIZE(changes); i++)
    {
        decide(connection, changes[i], changes[i] == isolationStateInProbation ? end : NO_PROBATION,
                NULL);
        assert_true(sha_reaches(&sha, &sha.changed, (LONG)i + 1, SOON));
        assert_int_equal(sha.inner_result, S_OK);
        assert_int_equal(states[i], changes[i]);
    }
    callbacks_have_come();
    assert_int_equal(sha.changed, ARRAYSIZE(changes));
}

/* "or the probation end-time has changed" */
BOUND_SHA_TEST(a_change_of_the_probation_end_is_notified)
{
    UINT64 end = from_now(3600000);

    decide(connection, isolationStateInProbation, end, NULL);
    assert_true(sha_reaches(&sha, &sha.changed, 1, SOON));
    decide(connection, isolationStateInProbation, end + 10000000, NULL);
    assert_true(sha_reaches(&sha, &sha.changed, 2, SOON));
}

BOUND_SHA_TEST(the_same_decision_again_is_no_change)
{
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_true(sha_reaches(&sha, &sha.changed, 1, SOON));
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    callbacks_have_come();
    assert_int_equal(sha.changed, 1);
}

BOUND_SHA_TEST(a_connection_that_goes_down_changes_the_system)
{
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_true(sha_reaches(&sha, &sha.changed, 1, SOON));
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
    assert_true(sha_reaches(&sha, &sha.changed, 2, SOON));
}

BOUND_SHA_TEST(every_bound_health_agent_is_notified_of_a_change)
{
    struct sha *other = sha_start(SECOND_SHA_ID);

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
BOUND_SHA_TEST(a_newer_request_orphans_the_older)
{
    CorrelationId first;

    ask();
    first = sha.asked_for;
    ask();
    assert_orphaned(&first, 1);
    respond_to_sha(false);
    assert_true(sha_reaches(&sha, &sha.answered, 1, SOON));
    ask(); /* the last was answered, and this one is out */
    assert_int_equal(sha.orphaned, 1);
}

/* "The connection went down" */
BOUND_SHA_TEST(a_connection_that_goes_down_orphans_its_request)
{
    ask();
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
    assert_orphaned(&sha.asked_for, 1);
}

/* "or an enforcer went offline" */
BOUND_SHA_TEST(an_enforcement_client_that_goes_orphans_its_requests)
{
    ask();
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_orphaned(&sha.asked_for, 1);
}

/* "There was no corresponding SHV on the server-side" */
BOUND_SHA_TEST(a_response_without_entry_orphans_the_request)
{
    static const UINT32 others[] = {SECOND_SHA_ID};

    ask();
    respond(others, 1, false);
    assert_orphaned(&sha.asked_for, 1);
    assert_int_equal(sha.answered, 0);
}

BOUND_SHA_TEST(a_request_that_was_answered_is_not_orphaned)
{
    ask();
    respond_to_sha(false);
    assert_true(sha_reaches(&sha, &sha.answered, 1, SOON));
    ask();
    respond_to_sha(false);
    assert_true(sha_reaches(&sha, &sha.answered, 2, SOON));
    returns(S_OK, INapEnforcementClientBinding, NotifyConnectionStateDown, binding, connection);
    ask();
    assert_int_equal(sha.orphaned, 0);
}

TEST_MAIN(sha_tests_begin, sha_tests_end)
