/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapSystemHealthAgentBinding while the agent stops, dies and returns, and when the health agent
 * dies. Page inapsystemhealthagentbinding: "All the APIs in this interface will return
 * RPC_E_DISCONNECTED if the NapAgent is stopped. This object will recover automatically and rebind
 * to the NapAgent, once it restarts."
 */

#include "sha.h"

#include "process.h"

#define RECOVERY 2000 /* ms from the agent's return until the binding works again */

static int lifetime_end(void)
{
    int started = agent_start();

    return sha_end() || !started;
}

#define LIFETIME_TEST(name) TEST_WITH(name, sha_begin_bound, lifetime_end)
#define UNBOUND_TEST(name) TEST_WITH(name, sha_begin, lifetime_end)

/* Waits until the health agent's binding works. */
static bool sha_recovers(void)
{
    ULONGLONG begun;
    HRESULT hr = RPC_E_DISCONNECTED;

    agent_await();
    begun = GetTickCount64();
    while (hr == RPC_E_DISCONNECTED && GetTickCount64() - begun < RECOVERY)
    {
        hr = record(INapSystemHealthAgentBinding, FlushCache, sha.binding);
        if (hr == RPC_E_DISCONNECTED)
            Sleep(10);
    }
    return hr == S_OK;
}

/* The same, by a call that changes nothing. */
static bool client_recovers(void)
{
    ULONGLONG begun;
    HRESULT hr = RPC_E_DISCONNECTED;
    BOOL hint;

    agent_await();
    begun = GetTickCount64();
    while (hr == RPC_E_DISCONNECTED && GetTickCount64() - begun < RECOVERY)
    {
        hr = record(INapEnforcementClientBinding, GetSoHRequest, binding, connection, &hint);
        if (hr == RPC_E_DISCONNECTED)
            Sleep(10);
    }
    return hr == S_OK;
}

static bool asked_again(const struct sha *object)
{
    ULONGLONG begun = GetTickCount64();
    LONG asked = object->asked;

    while (client_recovers() && object->asked == asked)
    {
        if (GetTickCount64() - begun > RECOVERY)
            return false;
        Sleep(10);
    }
    return object->asked > asked;
}

/* ---- stopped ---- */

LIFETIME_TEST(every_method_says_RPC_E_DISCONNECTED_while_the_agent_is_stopped)
{
    INapSystemHealthAgentBinding2 *second = NULL;
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;
    BOOL unknown = 7;
    ULONGLONG begun;

    assert_true(agent_stop());
    begun = GetTickCount64();
    returns(RPC_E_DISCONNECTED, INapSystemHealthAgentBinding, NotifySoHChange, sha.binding);
    returns(RPC_E_DISCONNECTED, INapSystemHealthAgentBinding, FlushCache, sha.binding);
    returns(RPC_E_DISCONNECTED, INapSystemHealthAgentBinding, GetSystemIsolationInfo, sha.binding,
            &info, &unknown);
    assert_null(info);
    assert_false(unknown);
    assert_int_equal(INapSystemHealthAgentBinding_QueryInterface(
                             sha.binding, &IID_INapSystemHealthAgentBinding2, (void **)&second),
            S_OK);
    unknown = 7;
    returns(RPC_E_DISCONNECTED, INapSystemHealthAgentBinding2, GetSystemIsolationInfoEx, second,
            &extended, &unknown);
    assert_null(extended);
    assert_false(unknown);
    INapSystemHealthAgentBinding2_Release(second);
    returns(RPC_E_DISCONNECTED, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    assert_true(GetTickCount64() - begun < 1000);
}

LIFETIME_TEST(Uninitialize_takes_effect_while_the_agent_is_stopped)
{
    struct sha *other = sha_start(SECOND_SHA_ID);

    assert_true(agent_stop());
    returns(RPC_E_DISCONNECTED, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    assert_int_equal(sha.refs, 1);
    returns(NAP_E_NOT_INITIALIZED, INapSystemHealthAgentBinding, FlushCache, sha.binding);
    assert_true(agent_start());
    assert_true(asked_again(other)); /* it lost the agent too */
    assert_made_by_system(SHA_ID, NAP_E_NOT_INITIALIZED);
    sha_stop(other);
}

/* "This object will recover automatically": with the same arguments. */
UNBOUND_TEST(Initialize_with_the_agent_stopped_binds_when_it_starts)
{
    ULONGLONG begun;

    sha.product = "healthy";
    assert_true(agent_stop());
    begun = GetTickCount64();
    returns(RPC_E_DISCONNECTED, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID,
            sha_callback);
    assert_true(GetTickCount64() - begun < 1000);
    assert_int_equal(agent_process(), 0); /* a health agent does not start it */
    assert_true(sha.refs > 1);
    returns(RPC_E_DISCONNECTED, INapSystemHealthAgentBinding, NotifySoHChange, sha.binding);
    assert_true(agent_start());
    assert_true(sha_recovers());
    assert_true(asked_again(&sha));
    assert_reported(SHA_ID, "healthy");
}

UNBOUND_TEST(Initialize_that_waits_for_the_agent_can_be_undone)
{
    struct sha *other = sha_start(SECOND_SHA_ID);

    assert_true(agent_stop());
    returns(RPC_E_DISCONNECTED, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID,
            sha_callback);
    returns(ALREADY_INITIALIZED, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID,
            sha_callback);
    returns(RPC_E_DISCONNECTED, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    assert_int_equal(sha.refs, 1);
    assert_true(agent_start());
    assert_true(asked_again(other)); /* the one that has waited longer is bound */
    returns(NAP_E_NOT_INITIALIZED, INapSystemHealthAgentBinding, FlushCache, sha.binding);
    assert_made_by_system(SHA_ID, NAP_E_NOT_INITIALIZED);
    sha_stop(other);
}

UNBOUND_TEST(the_last_Release_undoes_an_Initialize_that_waits)
{
    assert_true(agent_stop());
    returns(RPC_E_DISCONNECTED, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID,
            sha_callback);
    assert_int_equal(INapSystemHealthAgentBinding_Release(sha.binding), 0);
    sha.binding = NULL;
    assert_int_equal(sha.refs, 1);
}

LIFETIME_TEST(a_binding_recovers_when_the_agent_is_started_again)
{
    ask();
    assert_true(agent_stop());
    Sleep(1500); /* the longest pause between two polls for the agent */
    assert_true(agent_start());
    assert_true(sha_recovers());
    assert_true(asked_again(&sha));
    assert_reported(SHA_ID, "healthy");
}

/* ---- killed ---- */

LIFETIME_TEST(a_bound_health_agent_starts_an_agent_that_was_killed)
{
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding); /* that would too */
    assert_true(agent_kill());
    assert_true(sha_recovers());
    assert_int_not_equal(agent_process(), 0);
}

LIFETIME_TEST(a_binding_recovers_from_five_deaths)
{
    int i;

    for (i = 0; i < 5; i++)
    {
        assert_true(agent_kill());
        assert_true(sha_recovers());
        assert_true(asked_again(&sha));
    }
    assert_true(sha_refs_become(&sha, 2));
}

LIFETIME_TEST(an_agent_that_dies_while_it_asks_is_survived)
{
    BOOL hint;

    sha.delay = 300;
    assert_true(agent_kill());
    assert_true(asked_again(&sha));
    sha.delay = 0;
    returns(S_OK, INapEnforcementClientBinding, GetSoHRequest, binding, connection, &hint);
    assert_reported(SHA_ID, "healthy");
}

/* ---- the cache ---- */

/* inapsystemhealthagentbinding-flushcache: "to optimize boot-time performance, when SHAs may or may
 * not be bound to the system" */
LIFETIME_TEST(the_cache_outlives_an_agent_that_is_killed)
{
    cache_soh("cached");
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    assert_true(agent_kill());
    assert_true(client_recovers());
    assert_reported(SHA_ID, "cached");
}

LIFETIME_TEST(the_cache_outlives_an_agent_that_is_stopped)
{
    cache_soh("cached");
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    assert_true(agent_stop());
    assert_true(agent_start());
    assert_true(client_recovers());
    assert_reported(SHA_ID, "cached");
}

/* The health agent is bound when the agent stops, and gone when the next one starts. */
LIFETIME_TEST(the_cache_of_a_bound_health_agent_outlives_an_agent_that_is_stopped)
{
    cache_soh("cached");
    assert_true(agent_stop());
    returns(RPC_E_DISCONNECTED, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    assert_true(agent_start());
    assert_true(client_recovers());
    assert_reported(SHA_ID, "cached");
}

LIFETIME_TEST(a_flushed_cache_stays_flushed)
{
    cache_soh("cached");
    returns(S_OK, INapSystemHealthAgentBinding, FlushCache, sha.binding);
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    assert_true(agent_kill());
    assert_true(client_recovers());
    assert_made_by_system(SHA_ID, NAP_E_NOT_INITIALIZED);
}

/* ---- the health agent's process ---- */

static PROCESS_INFORMATION process;
static HANDLE bound;

/* The other process: a health agent with a cached SoH. */
static int be_a_health_agent(void)
{
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    sha_init(&sha, SHA_ID);
    sha.product = "in another process";
    sha.cache = TRUE;
    if (!(sha.binding = sha_binding_create())
            || FAILED(record(
                    INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback)))
        return 2;
    bound = OpenEventW(EVENT_MODIFY_STATE, FALSE, L"health_lifetime_bound");
    SetEvent(bound);
    Sleep(30000);
    return 3;
}

static bool start_victim(void)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    WCHAR line[MAX_PATH + 32];

    bound = CreateEventW(NULL, TRUE, FALSE, L"health_lifetime_bound");
    line[0] = '"';
    GetModuleFileNameW(NULL, line + 1, MAX_PATH);
    lstrcatW(line, L"\" agent");
    if (!start_process(line, FALSE, &startup, &process))
        return false;
    CloseHandle(process.hThread);
    return WaitForSingleObject(bound, 10000) == WAIT_OBJECT_0;
}

static void end_process(void)
{
    TerminateProcess(process.hProcess, 99);
    WaitForSingleObject(process.hProcess, 5000);
    CloseHandle(process.hProcess);
    CloseHandle(bound);
}

UNBOUND_TEST(a_health_agent_in_another_process_is_asked)
{
    assert_true(start_victim());
    ask();
    assert_reported(SHA_ID, "in another process");
    returns(ALREADY_INITIALIZED, INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID,
            sha_callback);
    end_process();
}

UNBOUND_TEST(a_health_agent_whose_process_dies_is_unbound)
{
    HRESULT hr = ALREADY_INITIALIZED;
    int i;

    assert_true(start_victim());
    ask();
    end_process();
    for (i = 0; i < 200 && hr == ALREADY_INITIALIZED; i++, Sleep(10))
        hr = record(INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback);
    assert_int_equal(hr, S_OK);
    returns(S_OK, INapSystemHealthAgentBinding, Uninitialize, sha.binding);
    ask();
    assert_made_by_system(SHA_ID, NAP_E_NOT_INITIALIZED); /* its cached SoH went with it */
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "agent"))
        return be_a_health_agent();
    return test_main(sha_tests_begin, sha_tests_end);
}
