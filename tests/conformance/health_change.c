/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapSystemHealthAgentBinding::NotifySoHChange. Page
 * inapsystemhealthagentbinding-notifysohchange-method; its effects are on
 * inapenforcementclientcallback-notifysohchange-method.
 */

#include "sha.h"

#include <stdio.h>

#define SECOND_ID 0x00abcd03u

static HANDLE let_go;

static int change_tests_begin(void)
{
    let_go = CreateEventW(NULL, TRUE, FALSE, NULL);
    return sha_tests_begin() || FAILED(register_enforcement_client(SECOND_ID))
           || napctl(L"enforcement enable 0x00abcd03");
}

static int change_tests_end(void)
{
    return FAILED(unregister_enforcement_client(SECOND_ID)) | sha_tests_end();
}

/* What an earlier test made the agent tell is told before a test begins. Only time shows that: a
 * change of our own may be told together with it, or after it. */
static int change_begin(void)
{
    if (sha_begin_bound())
        return 1;
    while (enforcer_notified(&enforcer, enforcer.notified + 1, 300))
        ;
    enforcer.notified = 0;
    return 0;
}

#define CHANGE_TEST(name) TEST_WITH(name, change_begin, sha_end)

static void notify(void)
{
    returns(S_OK, INapSystemHealthAgentBinding, NotifySoHChange, sha.binding);
}

/* "It results in an SoH exchange on the wire." */
CHANGE_TEST(NotifySoHChange_reaches_the_enforcement_client)
{
    LONG i;

    for (i = 1; i <= 3; i++)
    {
        notify();
        assert_true(enforcer_notified(&enforcer, i, SOON));
        assert_int_equal(sha.asked, 2 * (i - 1)); /* it is asked when the client asks */
        callbacks_have_come();
        assert_int_equal(enforcer.notified, i);
    }
}

CHANGE_TEST(NotifySoHChange_reaches_every_enforcement_client)
{
    INapEnforcementClientBinding *second = binding_create();
    struct enforcer other;

    enforcer_init(&other);
    returns(S_OK, INapEnforcementClientBinding, Initialize, second, SECOND_ID,
            &other.INapEnforcementClientCallback_iface);
    notify();
    assert_true(enforcer_notified(&enforcer, 1, SOON));
    assert_true(enforcer_notified(&other, 1, SOON));
    INapEnforcementClientBinding_Release(second);
    assert_int_equal(other.refs, 1);
    enforcer_clear(&other);
}

static HRESULT exchange(struct enforcer *object)
{
    object->inner_result = record(INapEnforcementClientBinding, GetSoHRequest, object->binding,
            connection, &object->inner_hint);
    return S_OK;
}

CHANGE_TEST(the_new_SoH_is_in_the_request_that_follows)
{
    ask();
    enforcer.on_notify = exchange;
    enforcer.inner_result = E_FAIL;
    sha.product = "infected";
    notify();
    assert_true(enforcer_notified(&enforcer, 1, SOON));
    assert_int_equal(enforcer.inner_result, S_OK);
    assert_int_equal(enforcer.inner_hint, TRUE);
    assert_reported(SHA_ID, "infected");
}

CHANGE_TEST(NotifySoHChange_without_a_change_gives_no_hint)
{
    ask();
    enforcer.on_notify = exchange;
    notify();
    assert_true(enforcer_notified(&enforcer, 1, SOON));
    assert_int_equal(enforcer.inner_hint, FALSE);
}

/* inapenforcementclientcallback-notifysohchange: "The completion of system fix-up is a system
 * health change event." */
CHANGE_TEST(the_end_of_a_fix_up_is_a_change)
{
    ask();
    sha.fixup_state = fixupStateInProgress;
    respond_to_sha(true);
    assert_true(sha_reaches(&sha, &sha.mended, 2, SOON));
    callbacks_have_come();
    assert_int_equal(enforcer.notified, 0);
    sha.fixup_state = fixupStateSuccess;
    assert_true(enforcer_notified(&enforcer, 1, SOON));
}

static HRESULT hang(struct enforcer *object)
{
    (void)object;
    WaitForSingleObject(let_go, 10000);
    return S_OK;
}

static bool client_is_inside(void)
{
    int i;

    for (i = 0; i < 300 && !*(volatile LONG *)&enforcer.inside; i++)
        Sleep(10);
    return enforcer.inside != 0;
}

/* "The NapAgent does not hold this thread to process the SoH change. Instead, it returns
 * immediately and processes the change asynchronously." */
CHANGE_TEST(NotifySoHChange_returns_at_once)
{
    ULONGLONG begun;

    ResetEvent(let_go);
    enforcer.on_notify = hang;
    notify();
    assert_true(client_is_inside());
    begun = GetTickCount64();
    notify();
    assert_true(GetTickCount64() - begun < 1000);
    SetEvent(let_go);
    assert_true(enforcer_notified(&enforcer, 1, SOON));
}

/* A change after the client was notified and before its request is in that request; a later change
 * causes another notification. */
CHANGE_TEST(a_change_while_a_client_handles_one_is_not_lost)
{
    ask();
    ResetEvent(let_go);
    enforcer.on_notify = hang;
    notify();
    assert_true(client_is_inside());
    ask();
    sha.product = "infected";
    notify();
    enforcer.on_notify = exchange;
    SetEvent(let_go);
    assert_true(enforcer_notified(&enforcer, 2, SOON));
    assert_reported(SHA_ID, "infected");
}

/* Waits until an exchange after a notification has this SoH. */
static bool reported_soon(const char *product)
{
    ULONGLONG until = GetTickCount64() + 2 * SOON;
    bool reported;

    while (!(reported = has_reported(SHA_ID, product)) && GetTickCount64() < until)
        WaitForSingleObject(enforcer.called, 100);
    return reported;
}

CHANGE_TEST(a_burst_of_changes_is_notified_few_times)
{
    char product[16];
    int i;

    ask();
    enforcer.on_notify = exchange;
    sha.product = product;
    for (i = 0; i < 100; i++)
    {
        snprintf(product, sizeof(product), "change %d", i);
        notify();
    }
    assert_true(reported_soon("change 99"));
    /* What the burst has left comes before this. */
    sha.product = "later";
    notify();
    assert_true(reported_soon("later"));
    assert_in_range(enforcer.notified, 2, 21); /* the machine may be slow */
}

CHANGE_TEST(changes_of_several_health_agents_are_notified_together)
{
    struct sha *others[5];
    int i;

    ask();
    enforcer.on_notify = exchange;
    for (i = 0; i < 5; i++)
        others[i] = sha_start(SECOND_SHA_ID + (UINT32)i);
    for (i = 0; i < 5; i++)
        returns(S_OK, INapSystemHealthAgentBinding, NotifySoHChange, others[i]->binding);
    assert_true(enforcer_notified(&enforcer, 1, SOON));
    /* What is left of theirs comes before this, or with it. */
    sha.product = "later";
    notify();
    assert_true(reported_soon("later"));
    assert_in_range(enforcer.notified, 2, 3);
    for (i = 0; i < 5; i++)
        sha_stop(others[i]);
}

CHANGE_TEST(NotifySoHChange_without_enforcement_clients_is_no_error)
{
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    notify();
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
}

static HRESULT notify_again(struct sha *object, INapSystemHealthAgentRequest *request)
{
    struct small_soh small;

    object->inner_result = record(INapSystemHealthAgentBinding, NotifySoHChange, object->binding);
    INapSystemHealthAgentRequest_SetSoHRequest(
            request, small_soh(&small, object->id, "healthy"), FALSE);
    return S_OK;
}

/* A health agent without an SoH reports that, and later reports that it has one. */
CHANGE_TEST(NotifySoHChange_can_be_called_inside_a_callback)
{
    sha.inner_result = E_FAIL;
    sha.on_request = notify_again;
    ask();
    assert_int_equal(sha.inner_result, S_OK);
    assert_reported(SHA_ID, "healthy");
    assert_true(enforcer_notified(&enforcer, 1, SOON));
}

TEST_MAIN(change_tests_begin, change_tests_end)
