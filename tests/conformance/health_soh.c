/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The health agents' entries in the SSoH. Pages inapsystemhealthagentcallback-getsohrequest-method,
 * inapsystemhealthagentrequest-setsohrequest-method,
 * inapsystemhealthagentbinding-flushcache-method. The agent runs with a short deadline for it.
 */

#include "sha.h"

#define DEADLINE 1000 /* ms a callback may take */

static HANDLE let_go; /* hanging callbacks wait for it */

static int soh_tests_begin(void)
{
    if (!agent_set_parameter(L"CallbackDeadline", DEADLINE))
        return 1;
    agent_stop();
    let_go = CreateEventW(NULL, TRUE, FALSE, NULL);
    return sha_tests_begin();
}

static int soh_tests_end(void)
{
    int failed = sha_tests_end();

    agent_forget_parameter(L"CallbackDeadline");
    return failed | !agent_stop();
}

static void unbind(void)
{
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
}

/* ---- it answers ---- */

/* "Write their SoH request" */
BOUND_SHA_TEST(the_SoH_that_was_set_is_sent)
{
    ask();
    assert_reported(SHA_ID, "healthy");
    sha.product = "other";
    ask();
    assert_reported(SHA_ID, "other");
    assert_int_equal(sha.asked, 2);
}

/* "If the SHA does not set a new SoH, then the cached one is used." */
BOUND_SHA_TEST(the_cached_SoH_is_sent_if_none_is_set)
{
    cache_soh("cached");
    ask();
    assert_reported(SHA_ID, "cached");
    assert_int_equal(sha.asked, 2);
}

BOUND_SHA_TEST(the_cache_keeps_the_last_SoH_set_for_it)
{
    cache_soh("first");
    cache_soh("second");
    sha.product = "not cached";
    ask();
    assert_reported(SHA_ID, "not cached");
    sha.product = NULL;
    ask();
    assert_reported(SHA_ID, "second");
}

/* "NAP_E_NO_CACHED_SOH: NapAgent does not have a cached copy." */
BOUND_SHA_TEST(an_entry_with_NO_CACHED_SOH_is_sent_if_none_is_set_or_cached)
{
    sha.product = NULL;
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NO_CACHED_SOH);
}

/* "FALSE otherwise" */
BOUND_SHA_TEST(an_SoH_not_set_for_later_use_is_not_cached)
{
    ask();
    sha.product = NULL;
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NO_CACHED_SOH);
}

/* "When any return value [...] is returned by your implementation, the NAP system constructs [...]
 * ErrorCodes = <error-code>" */
BOUND_SHA_TEST(a_failure_is_sent_as_its_code)
{
    static const HRESULT codes[] = {
            E_FAIL, E_OUTOFMEMORY, NAP_E_NOT_INITIALIZED, (HRESULT)0x8badf00d};
    size_t i;

    for (i = 0; i < ARRAYSIZE(codes); i++)
    {
        sha.request_result = codes[i];
        ask();
        assert_made_by_system(SHA_ID, codes[i]);
    }
    sha.request_result = S_OK;
    ask();
    assert_reported(SHA_ID, "healthy");
}

BOUND_SHA_TEST(a_failure_is_sent_although_there_is_a_cached_SoH)
{
    cache_soh("cached");
    sha.request_result = E_FAIL;
    ask();
    assert_made_by_system(SHA_ID, E_FAIL);
}

BOUND_SHA_TEST(what_a_failing_call_set_is_not_cached)
{
    sha.cache = TRUE;
    sha.request_result = E_FAIL;
    ask();
    sha.product = NULL;
    sha.request_result = S_OK;
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NO_CACHED_SOH);
}

/* ---- it does not answer in time ---- */

static HRESULT hang(struct sha *object, INapSystemHealthAgentRequest *request)
{
    (void)object;
    (void)request;
    WaitForSingleObject(let_go, 20000);
    return S_OK;
}

static void ask_of_a_hanging_agent(void)
{
    ULONGLONG begun = GetTickCount64(), took;

    ResetEvent(let_go);
    sha.on_request = hang;
    ask();
    took = GetTickCount64() - begun;
    assert_in_range(took, DEADLINE - 50, DEADLINE + 1000);
}

static void let_hanging_go_on(LONG asked)
{
    SetEvent(let_go);
    assert_true(sha_reaches(&sha, &sha.asked, asked, SOON));
    sha.on_request = NULL;
}

/* "Delaying the return of this method [...] may cause other parts of the operating system to time
 * out": the exchange continues without it. */
BOUND_SHA_TEST(a_late_health_agent_gets_an_entry_of_the_systems)
{
    NetworkSoHRequest *request = GARBAGE;
    size_t size = 0;
    const BYTE *entry;

    ask_of_a_hanging_agent();
    says(S_OK, GetSoHRequest, &request);
    entry = request_entry(request, SHA_ID, &size);
    assert_non_null(entry);
    assert_int_equal(size, 21);
    assert_int_equal(entry[17], 0x80); /* a failure; no page names the code */
    free_soh(request);
    let_hanging_go_on(1);
}

BOUND_SHA_TEST(the_cached_SoH_is_sent_for_a_late_health_agent)
{
    cache_soh("cached");
    ask_of_a_hanging_agent();
    assert_reported(SHA_ID, "cached");
    let_hanging_go_on(2);
}

BOUND_SHA_TEST(a_health_agent_that_was_late_is_asked_again)
{
    ULONGLONG until = GetTickCount64() + 2 * SOON;

    ask_of_a_hanging_agent();
    let_hanging_go_on(1);
    sha.product = "again";
    do
        ask(); /* its late answer is on its way */
    while (!has_reported(SHA_ID, "again") && GetTickCount64() < until);
    assert_reported(SHA_ID, "again");
}

/* ---- it is not bound ---- */

/* "For unbound SHAs which are registered with the system [...] ErrorCodes =
 * NAP_E_NOT_INITIALIZED" */
BOUND_SHA_TEST(an_entry_with_NOT_INITIALIZED_is_sent_for_one_that_is_not_bound)
{
    unbind();
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NOT_INITIALIZED);
    assert_int_equal(sha.asked, 0);
}

/* inapsystemhealthagentbinding-flushcache: "useful to optimize boot-time performance, when SHAs may
 * or may not be bound to the system" */
BOUND_SHA_TEST(the_cached_SoH_is_sent_for_one_that_is_not_bound)
{
    cache_soh("cached");
    unbind();
    ask();
    assert_reported(SHA_ID, "cached");
}

BOUND_SHA_TEST(no_entry_is_sent_for_one_that_is_not_registered)
{
    NetworkSoHRequest *request = GARBAGE;
    size_t size;

    unbind();
    assert_int_equal(unregister_health_agent(SHA_ID), S_OK);
    ask();
    says(S_OK, GetSoHRequest, &request);
    assert_null(request_entry(request, SHA_ID, &size));
    free_soh(request);
    assert_int_equal(register_health_agent(SHA_ID), S_OK);
}

BOUND_SHA_TEST(unregistering_forgets_the_cached_SoH)
{
    cache_soh("cached");
    unbind();
    assert_int_equal(unregister_health_agent(SHA_ID), S_OK);
    assert_int_equal(register_health_agent(SHA_ID), S_OK);
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NOT_INITIALIZED);
}

/* ---- it is disabled ---- */

/* nap-error-constants: NAP_E_ENTITY_DISABLED */
BOUND_SHA_TEST(an_entry_with_ENTITY_DISABLED_is_sent_for_one_that_is_disabled)
{
    cache_soh("cached");
    unbind();
    assert_int_equal(napctl(L"agent disable 0x00abce01"), 0);
    ask();
    assert_made_by_system(SHA_ID, NAP_E_ENTITY_DISABLED);
    returns(NAP_E_ENTITY_DISABLED, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID,
            sha_callback);
    assert_int_equal(sha.refs, 1);
}

/* ---- it is gone ---- */

/* "The NapAgent then removes the SHA from the bound-SHA list and flushes its cache entry." */
BOUND_SHA_TEST(a_result_that_says_the_server_is_gone_unbinds_and_flushes)
{
    static const HRESULT codes[] = {HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE),
            RPC_S_SERVER_UNAVAILABLE, RPC_E_DISCONNECTED, RPC_E_SERVER_DIED, CO_E_OBJNOTCONNECTED};
    size_t i;

    for (i = 0; i < ARRAYSIZE(codes); i++)
    {
        HRESULT hr = ALREADY_INITIALIZED;
        int tries;

        cache_soh("cached");
        sha.request_result = codes[i];
        ask();
        assert_made_by_system(SHA_ID, NAP_E_NOT_INITIALIZED);
        assert_true(sha_released(&sha));
        sha.request_result = S_OK;
        ask();
        assert_made_by_system(SHA_ID, NAP_E_NOT_INITIALIZED);
        returns(NAP_E_NOT_INITIALIZED, INapSystemHealthAgentBinding, NotifySoHChange, sha.binding);
        /* the removal takes a moment */
        for (tries = 0; tries < 200 && hr == ALREADY_INITIALIZED; tries++, Sleep(10))
            hr = record(
                    INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
        assert_int_equal(hr, S_OK);
    }
}

/* ---- FlushCache ---- */

/* "Flush its SoH cache" */
BOUND_SHA_TEST(FlushCache_forgets_the_cached_SoH)
{
    cache_soh("cached");
    returns(S_OK, INapSystemHealthAgentBinding, FlushCache, sha.binding);
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NO_CACHED_SOH);
    unbind();
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NOT_INITIALIZED);
}

BOUND_SHA_TEST(FlushCache_without_cached_SoH_is_no_error)
{
    returns(S_OK, INapSystemHealthAgentBinding, FlushCache, sha.binding);
    returns(S_OK, INapSystemHealthAgentBinding, FlushCache, sha.binding);
}

BOUND_SHA_TEST(FlushCache_is_for_the_own_SoH_only)
{
    struct sha *other = sha_start(SECOND_SHA_ID);

    other->cache = TRUE;
    cache_soh("cached");
    other->product = NULL;
    returns(S_OK, INapSystemHealthAgentBinding, FlushCache, sha.binding);
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NO_CACHED_SOH);
    assert_reported(SECOND_SHA_ID, "healthy");
    sha_stop(other);
}

/* ---- the hint ---- */

/* inapenforcementclientbinding-getsohrequest: "TRUE if the SoHRequest has changed" */
BOUND_SHA_TEST(coming_and_going_of_a_health_agent_changes_the_SoH)
{
    ask();
    assert_int_equal(ask(), FALSE);
    unbind();
    assert_int_equal(ask(), TRUE);
    assert_int_equal(ask(), FALSE);
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
    assert_int_equal(ask(), TRUE);
}

TEST_MAIN(soh_tests_begin, soh_tests_end)
