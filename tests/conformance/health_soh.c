/*
 * What goes into the SSoH for a health agent. Pages
 * inapsystemhealthagentcallback-getsohrequest-method,
 * inapsystemhealthagentrequest-setsohrequest-method,
 * inapsystemhealthagentbinding-flushcache-method. The agent runs with a short
 * deadline for it.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "sha.h"

#define DEADLINE 1000 /* ms a callback may take */

static HANDLE let_go; /* what hanging callbacks wait for */

static int soh_tests_begin(void **state)
{
    if (!agent_set_parameter(L"CallbackDeadline", DEADLINE))
        return 1;
    agent_stop();
    let_go = CreateEventW(NULL, TRUE, FALSE, NULL);
    return sha_tests_begin(state);
}

static int soh_tests_end(void **state)
{
    int failed = sha_tests_end(state);

    agent_forget_parameter(L"CallbackDeadline");
    return failed | !agent_stop();
}

static void unbind(void)
{
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
}

/* ---- it answers ---- */

/* "Write their SoH request" */
static void the_SoH_that_was_set_is_sent(void **state)
{
    (void)state;
    ask();
    assert_reported(SHA_ID, "healthy");
    sha.product = "other";
    ask();
    assert_reported(SHA_ID, "other");
    assert_int_equal(sha.asked, 2);
}

/* "If the SHA does not set a new SoH, then the cached one is used." */
static void the_cached_SoH_is_sent_if_none_is_set(void **state)
{
    (void)state;
    cache_soh("cached");
    ask();
    assert_reported(SHA_ID, "cached");
    assert_int_equal(sha.asked, 2);
}

static void the_cache_keeps_the_last_SoH_set_for_it(void **state)
{
    (void)state;
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
static void an_entry_with_NO_CACHED_SOH_is_sent_if_none_is_set_or_cached(void **state)
{
    (void)state;
    sha.product = NULL;
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NO_CACHED_SOH);
}

/* "FALSE otherwise" */
static void an_SoH_not_set_for_later_use_is_not_cached(void **state)
{
    (void)state;
    ask();
    sha.product = NULL;
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NO_CACHED_SOH);
}

/* "When any return value [...] is returned by your implementation, the NAP system constructs [...]
 * ErrorCodes = <error-code>" */
static void a_failure_is_sent_as_its_code(void **state)
{
    static const HRESULT codes[] = {E_FAIL, E_OUTOFMEMORY, NAP_E_NOT_INITIALIZED,
        (HRESULT)0x8badf00d};
    size_t i;

    (void)state;
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

static void a_failure_is_sent_although_there_is_a_cached_SoH(void **state)
{
    (void)state;
    cache_soh("cached");
    sha.request_result = E_FAIL;
    ask();
    assert_made_by_system(SHA_ID, E_FAIL);
}

static void what_a_failing_call_set_is_not_cached(void **state)
{
    (void)state;
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
 * out": the exchange goes on without it. */
static void a_late_health_agent_gets_an_entry_of_the_systems(void **state)
{
    NetworkSoHRequest *request = GARBAGE;
    size_t size = 0;
    const BYTE *entry;

    (void)state;
    ask_of_a_hanging_agent();
    says(S_OK, GetSoHRequest, &request);
    entry = request_entry(request, SHA_ID, &size);
    assert_non_null(entry);
    assert_int_equal(size, 21);
    assert_int_equal(entry[17], 0x80); /* a failure; no page says which */
    free_soh(request);
    let_hanging_go_on(1);
}

static void the_cached_SoH_is_sent_for_a_late_health_agent(void **state)
{
    (void)state;
    cache_soh("cached");
    ask_of_a_hanging_agent();
    assert_reported(SHA_ID, "cached");
    let_hanging_go_on(2);
}

static void a_health_agent_that_was_late_is_asked_again(void **state)
{
    (void)state;
    ask_of_a_hanging_agent();
    let_hanging_go_on(1);
    Sleep(100);
    sha.product = "again";
    ask();
    assert_reported(SHA_ID, "again");
}

/* ---- it is not bound ---- */

/* "For unbound SHAs which are registered with the system [...] ErrorCodes =
 * NAP_E_NOT_INITIALIZED" */
static void an_entry_with_NOT_INITIALIZED_is_sent_for_one_that_is_not_bound(void **state)
{
    (void)state;
    unbind();
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NOT_INITIALIZED);
    assert_int_equal(sha.asked, 0);
}

/* inapsystemhealthagentbinding-flushcache: "useful to optimize boot-time performance, when SHAs may
 * or may not be bound to the system" */
static void the_cached_SoH_is_sent_for_one_that_is_not_bound(void **state)
{
    (void)state;
    cache_soh("cached");
    unbind();
    ask();
    assert_reported(SHA_ID, "cached");
}

static void no_entry_is_sent_for_one_that_is_not_registered(void **state)
{
    NetworkSoHRequest *request = GARBAGE;
    size_t size;

    (void)state;
    unbind();
    assert_int_equal(unregister_health_agent(SHA_ID), S_OK);
    ask();
    says(S_OK, GetSoHRequest, &request);
    assert_null(request_entry(request, SHA_ID, &size));
    free_soh(request);
    assert_int_equal(register_health_agent(SHA_ID), S_OK);
}

static void unregistering_forgets_the_cached_SoH(void **state)
{
    (void)state;
    cache_soh("cached");
    unbind();
    assert_int_equal(unregister_health_agent(SHA_ID), S_OK);
    assert_int_equal(register_health_agent(SHA_ID), S_OK);
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NOT_INITIALIZED);
}

/* ---- it is disabled ---- */

/* nap-error-constants: NAP_E_ENTITY_DISABLED */
static void an_entry_with_ENTITY_DISABLED_is_sent_for_one_that_is_disabled(void **state)
{
    (void)state;
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
static void a_result_that_says_the_server_is_gone_unbinds_and_flushes(void **state)
{
    static const HRESULT codes[] = {HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE),
        RPC_S_SERVER_UNAVAILABLE, RPC_E_DISCONNECTED, RPC_E_SERVER_DIED, CO_E_OBJNOTCONNECTED};
    size_t i;

    (void)state;
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
        /* being removed takes a moment */
        for (tries = 0; tries < 200 && hr == ALREADY_INITIALIZED; tries++, Sleep(10))
            hr = record(INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID,
                sha_callback);
        assert_int_equal(hr, S_OK);
    }
}

/* ---- FlushCache ---- */

/* "Flush its SoH cache" */
static void FlushCache_forgets_the_cached_SoH(void **state)
{
    (void)state;
    cache_soh("cached");
    returns(S_OK, INapSystemHealthAgentBinding, FlushCache, sha.binding);
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NO_CACHED_SOH);
    unbind();
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NOT_INITIALIZED);
}

static void FlushCache_without_cached_SoH_is_no_error(void **state)
{
    (void)state;
    returns(S_OK, INapSystemHealthAgentBinding, FlushCache, sha.binding);
    returns(S_OK, INapSystemHealthAgentBinding, FlushCache, sha.binding);
}

static void FlushCache_is_for_the_own_SoH_only(void **state)
{
    struct sha *other = sha_start(SECOND_SHA_ID);

    (void)state;
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
static void coming_and_going_of_a_health_agent_changes_the_SoH(void **state)
{
    (void)state;
    ask();
    assert_int_equal(ask(), FALSE);
    unbind();
    assert_int_equal(ask(), TRUE);
    assert_int_equal(ask(), FALSE);
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
    assert_int_equal(ask(), TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bound_sha_test(the_SoH_that_was_set_is_sent),
        bound_sha_test(the_cached_SoH_is_sent_if_none_is_set),
        bound_sha_test(the_cache_keeps_the_last_SoH_set_for_it),
        bound_sha_test(an_entry_with_NO_CACHED_SOH_is_sent_if_none_is_set_or_cached),
        bound_sha_test(an_SoH_not_set_for_later_use_is_not_cached),
        bound_sha_test(a_failure_is_sent_as_its_code),
        bound_sha_test(a_failure_is_sent_although_there_is_a_cached_SoH),
        bound_sha_test(what_a_failing_call_set_is_not_cached),
        bound_sha_test(a_late_health_agent_gets_an_entry_of_the_systems),
        bound_sha_test(the_cached_SoH_is_sent_for_a_late_health_agent),
        bound_sha_test(a_health_agent_that_was_late_is_asked_again),
        bound_sha_test(an_entry_with_NOT_INITIALIZED_is_sent_for_one_that_is_not_bound),
        bound_sha_test(the_cached_SoH_is_sent_for_one_that_is_not_bound),
        bound_sha_test(no_entry_is_sent_for_one_that_is_not_registered),
        bound_sha_test(unregistering_forgets_the_cached_SoH),
        bound_sha_test(an_entry_with_ENTITY_DISABLED_is_sent_for_one_that_is_disabled),
        bound_sha_test(a_result_that_says_the_server_is_gone_unbinds_and_flushes),
        bound_sha_test(FlushCache_forgets_the_cached_SoH),
        bound_sha_test(FlushCache_without_cached_SoH_is_no_error),
        bound_sha_test(FlushCache_is_for_the_own_SoH_only),
        bound_sha_test(coming_and_going_of_a_health_agent_changes_the_SoH),
    };

    return cmocka_run_group_tests(tests, soh_tests_begin, soh_tests_end);
}
