/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Clients of a faulty agent: one of another release, or one that sends garbage. A frame counts only
 * if it decodes and is the expected one, and reconnecting backs off: libs/napclient/napclient.h,
 * "Backoff".
 */
#include <test.h>

#include "stand_in.h"

#include <ras.h>
#include <mprapi.h>
#include <naputil.h>

#include "tests/conformance/enforcer.h"

#define PATIENCE 10000 /* ms */
#define WHILE 3500     /* ms that requests are counted */
/* Between so many tries there are pauses of 100, 200, 400, 800 and 1000 ms at least; the sooner one
 * of another that has begun is none of them. */
#define TRIES 6
#define PAUSES 2500 /* ms */

static MPR_SERVER_HANDLE server;
static HANDLE rras_event, ras_event, isolation_event;

static int set_up(void)
{
    return stand_in_begin() ? 0 : -1;
}

static int tear_down(void)
{
    return stand_in_end() ? 0 : -1;
}

/* Registers with each function that notifies, once for the program: nothing unregisters
 * RasConnectionNotification. */
static void watch_everything(void)
{
    stand_in_behave(STAND_IN_ANSWERS);
    if (server)
        return;
    rras_event = CreateEventW(NULL, FALSE, FALSE, NULL);
    ras_event = CreateEventW(NULL, FALSE, FALSE, NULL);
    isolation_event = CreateEventW(NULL, FALSE, FALSE, NULL);
    assert_int_equal(MprAdminServerConnect(NULL, &server), NO_ERROR);
    assert_int_equal(MprAdminRegisterConnectionNotification(server, rras_event), NO_ERROR);
    assert_int_equal(RasConnectionNotificationW((HRASCONN)INVALID_HANDLE_VALUE, ras_event,
                             RASCN_Connection | RASCN_Disconnection),
            NO_ERROR);
    assert_int_equal(InitializeNapAgentNotifier(napNotifyTypeQuarState, isolation_event), S_OK);
}

/* Waits until all of them watch. */
static void await_watches(void)
{
    assert_true(stand_in_await(NAPIPC_RRAS_WATCH, 1, PATIENCE));
    assert_true(stand_in_await(NAPIPC_RAS_WATCH, 1, PATIENCE));
    assert_true(stand_in_await(NAPIPC_WATCH, 1, PATIENCE));
}

static bool fired(HANDLE event, DWORD timeout)
{
    return WaitForSingleObject(event, timeout) == WAIT_OBJECT_0;
}

static void assert_tries(const char *who, uint16_t type, LONG most)
{
    LONG tries;

    if (!stand_in_await(type, 1, PATIENCE))
        fail_msg("%s does not try", who);
    tries = stand_in_count(type);
    if (tries > most)
        fail_msg("%s tried %ld times in %d ms, not 1 to %ld times", who, tries, WHILE, most);
}

/* The try that ends so many pauses comes no sooner than they do, nor do many more. */
static void assert_slow(const char *who, uint16_t type, ULONGLONG begun)
{
    LONG tries;
    ULONGLONG took;

    if (!stand_in_await(type, TRIES, PATIENCE))
        fail_msg("%s tried %ld times only", who, stand_in_count(type));
    tries = stand_in_count(type);
    took = GetTickCount64() - begun;
    if (took + 50 < PAUSES || tries > TRIES + 1 + ((LONGLONG)took - PAUSES) / 1000)
        fail_msg("%s tried %ld times in %I64u ms", who, tries, took);
}

/* A notification of something else is none. */
TEST(notifications_of_something_else_are_passed_over)
{
    watch_everything();
    stand_in_behave(STAND_IN_CHANGES_TOPIC);
    await_watches();
    /* The agent came back, which counts as a change; what it says then does not. An event keeps no
     * count, so that only time tells the two apart. */
    Sleep(STAND_IN_DELAY / 2);
    ResetEvent(rras_event);
    ResetEvent(ras_event);
    ResetEvent(isolation_event);
    assert_false(fired(rras_event, 2 * STAND_IN_DELAY));
    assert_false(fired(ras_event, 0));
    assert_false(fired(isolation_event, 0));
    assert_int_equal(stand_in_count(NAPIPC_RRAS_WATCH), 1); /* nor does it end the connection */
}

/* A frame that cannot be read ends the connection, and the pauses before reconnecting grow. */
TEST(an_agent_that_babbles_is_tried_ever_less_often)
{
    ULONGLONG begun;

    watch_everything();
    begun = GetTickCount64();
    stand_in_behave(STAND_IN_BABBLES);
    assert_slow("mprapi", NAPIPC_RRAS_WATCH, begun);
    assert_slow("rasapi32", NAPIPC_RAS_WATCH, begun);
    assert_slow("qutil", NAPIPC_WATCH, begun);
}

/* Only another installation corrects that. */
TEST(an_agent_of_another_release_is_left_alone)
{
    watch_everything();
    await_watches();
    stand_in_behave(STAND_IN_IS_OTHER_RELEASE);
    Sleep(WHILE); /* nothing comes after the one try, for half a minute */
    assert_tries("mprapi", NAPIPC_RRAS_WATCH, 1);
    assert_tries("rasapi32", NAPIPC_RAS_WATCH, 1);
    assert_tries("qutil", NAPIPC_WATCH, 1);
}

/* An enforcement client binds again; a babbling agent gets no more of its requests either. */
TEST(a_bound_component_tries_ever_less_often)
{
    INapEnforcementClientBinding *own = NULL;
    struct enforcer client;
    ULONGLONG begun;

    stand_in_behave(STAND_IN_ANSWERS);
    assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    own = binding_create();
    assert_non_null(own);
    enforcer_init(&client);
    assert_int_equal(INapEnforcementClientBinding_Initialize(
                             own, ENFORCER_ID, &client.INapEnforcementClientCallback_iface),
            S_OK);
    begun = GetTickCount64();
    stand_in_behave(STAND_IN_BABBLES);
    assert_slow("qagent", NAPIPC_BIND, begun);
    stand_in_behave(STAND_IN_IS_OTHER_RELEASE);
    Sleep(WHILE); /* as above */
    assert_tries("qagent", NAPIPC_BIND, 1);
    INapEnforcementClientBinding_Uninitialize(own);
    INapEnforcementClientBinding_Release(own);
    enforcer_clear(&client);
    CoUninitialize();
}

int main(void)
{
    SetEnvironmentVariableW(L"NAP_LOG_LEVEL", L"none"); /* the counts include all tries */
    return test_main(set_up, tear_down);
}
