/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Health agents: the effects of their changes, their notifications, their state in lists. Pages:
 * INapSystemHealthAgentBinding, INapSystemHealthAgentCallback.
 */
#include "tests/unit/engine/health_client.h"

/* retriggerHint: "TRUE if the SoHRequest has changed"; CompareSoHRequests decides what changed. */
AGENT_TEST(agents_say_whether_their_soh_is_the_same)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7), next = make_soh(SHA, 8);

    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, false, false);
    assert_true(object.hint);
    exchange(client, health, S_OK, &soh, false, false);
    assert_false(object.hint);
    exchange(client, health, S_OK, &next, false, true);
    assert_false(object.hint);
    exchange(client, health, S_OK, &soh, false, false);
    assert_true(object.hint);
}

/* NotifySoHChange: "returns immediately and processes the change asynchronously". */
AGENT_TEST(a_change_reaches_enforcement_clients_once)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct napipc_message message = {.type = NAPIPC_SOH_CHANGE};
    int i;

    for (i = 0; i < 5; i++)
        assert_int_equal(client_ask(health, &message, NULL), S_OK);
    assert_int_equal(client_waiting(client), 0);
    agent_advance(200);
    assert_int_equal(client_waiting(client), 1);
    client_called(client, NAPIPC_NOTIFY_SOH_CHANGE);
}

static void client_takes_change(struct client *client)
{
    uint32_t call = client_called(client, NAPIPC_NOTIFY_SOH_CHANGE);

    assert_true(client_answer(client, NAPIPC_NOTIFY_SOH_CHANGE, call, S_OK));
}

/* The first change is notified at once; those that follow closely are notified together. */
AGENT_TEST(a_change_is_notified_at_once_and_a_burst_once_more)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct napipc_message message = {.type = NAPIPC_SOH_CHANGE};
    int i;

    assert_int_equal(client_ask(health, &message, NULL), S_OK);
    agent_advance(0);
    client_takes_change(client);
    for (i = 0; i < 5; i++)
    {
        assert_int_equal(client_ask(health, &message, NULL), S_OK);
        agent_advance(1);
    }
    assert_int_equal(client_waiting(client), 0);
    agent_advance(200);
    assert_int_equal(client_waiting(client), 1);
    client_takes_change(client);
    agent_advance(1000);
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(client_ask(health, &message, NULL), S_OK);
    agent_advance(0);
    client_takes_change(client);
}

/* "NotifySoHChange is used by the NapAgent to inform the enforcement client of SoH changes", and
 * each "results in an SoH exchange on the wire": one that was sent after a change is the last for
 * it, also if it waited for the answer to an earlier one. */
AGENT_TEST(a_change_before_a_delayed_notification_causes_no_other)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct napipc_message message = {.type = NAPIPC_SOH_CHANGE};
    uint32_t call;

    assert_int_equal(client_ask(health, &message, NULL), S_OK);
    agent_advance(0);
    call = client_called(client, NAPIPC_NOTIFY_SOH_CHANGE);
    assert_int_equal(client_ask(health, &message, NULL), S_OK);
    agent_advance(110); /* due, and waits for the answer */
    assert_int_equal(client_ask(health, &message, NULL), S_OK);
    assert_true(client_answer(client, NAPIPC_NOTIFY_SOH_CHANGE, call, S_OK));
    client_takes_change(client);
    agent_advance(1000);
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(client_ask(health, &message, NULL), S_OK);
    agent_advance(0);
    client_takes_change(client);
}

AGENT_TEST(a_newer_request_orphans_what_agents_reported)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);
    struct napipc_correlation first;
    struct napipc_message message;

    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, false, false);
    first = object.correlation;
    exchange(client, health, S_OK, &soh, false, false);
    assert_true(client_next(health, &message));
    assert_int_equal(message.type, NAPIPC_AGENT_ORPHANED);
    assert_memory_equal(&message.agent_orphaned.correlation, &first, sizeof(first));
}

AGENT_TEST(agents_are_notified_of_each_change_of_isolation)
{
    static const struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    static const struct decided fine = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *client = client_bound(QEC), *health = agent_registered(SHA);
    uint32_t call;

    object_init(&object, 1);
    object_decide(client, &object, &fine);
    assert_int_equal(agent_bind(health, SHA), S_OK);
    client_unbind(health);
    object_decide(client, &object, &restricted);
    assert_int_equal(client_waiting(health), 0);
    assert_int_equal(agent_bind(health, SHA), S_OK);
    assert_int_equal(object_down(client, &object), S_OK);
    call = client_called(health, NAPIPC_AGENT_ISOLATION_CHANGED);
    assert_true(client_answer(health, NAPIPC_AGENT_ISOLATION_CHANGED, call, S_OK));
    assert_int_equal(client_waiting(health), 0);
}

/* GetFixupInfo: "the NapAgent queries the SHA for its fix-up status"; napctl shows it. */
AGENT_TEST(how_an_agent_stands_is_listed)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct client *reader = client_connect();
    struct soh soh = make_soh(SHA, 7);
    struct napipc_health found = health_of(reader);

    assert_false(found.fixup_known);
    assert_false(found.judged);
    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, false, false);
    assert_int_equal(respond(client, CLIENT_COMPONENT, NAP_E_NO_CACHED_SOH), S_OK);
    found = health_of(reader);
    assert_false(found.fixup_known);
    assert_true(found.judged);
    assert_int_equal(found.failure_category, CLIENT_COMPONENT);
    assert_int_equal(found.code_count, 1);
    assert_int_equal(found.codes[0], NAP_E_NO_CACHED_SOH);

    report_fixup(health, FIXUP_IN_PROGRESS, 40);
    found = health_of(reader);
    assert_true(found.fixup_known);
    assert_int_equal(found.fixup.state, FIXUP_IN_PROGRESS);
    assert_int_equal(found.fixup.percentage, 40);
    assert_int_equal(found.fixup.code_count, 1);
    assert_int_equal(found.fixup.codes[0], E_FAIL);

    agent_advance(2000);
    report_fixup(health, FIXUP_SUCCESS, 100);
    found = health_of(reader);
    assert_int_equal(found.fixup.state, FIXUP_SUCCESS);
    assert_int_equal(found.fixup.percentage, 100);

    /* Its report is dropped with it, the server's verdict stays. */
    client_disconnect(health);
    found = health_of(reader);
    assert_false(found.fixup_known);
    assert_true(found.judged);
}

/* inapsystemhealthagentcallback-processsohresponse: "The NapAgent must call GetFixupInfo", also
 * after a failure. */
AGENT_TEST(an_agent_that_fails_a_response_is_asked_for_its_fixup)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);
    uint32_t call;

    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, false, false);
    assert_int_equal(respond(client, CLIENT_COMPONENT, NAP_E_NO_CACHED_SOH), S_OK);
    client_called(health, NAPIPC_AGENT_ISOLATION_CHANGED);
    call = client_called(health, NAPIPC_AGENT_PROCESS_RESPONSE);
    assert_true(client_answer(health, NAPIPC_AGENT_PROCESS_RESPONSE, call, NAP_E_INVALID_PACKET));
    agent_advance(0);
    report_fixup(health, FIXUP_SUCCESS, 100);
    assert_true(health_of(client_connect()).fixup_known);
    agent_advance(5000);
    assert_int_equal(client_waiting(health), 0);
}

/* It changes the SSoH, so enforcement clients make new requests. */
AGENT_TEST(enabling_an_agent_is_a_change)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);

    object_init(&object, 1);
    assert_int_equal(client_enable(health, HEALTH_AGENT, SHA, false), S_OK);
    agent_advance(200);
    client_called(client, NAPIPC_NOTIFY_SOH_CHANGE);
    send_get_soh(client);
    assert_int_equal(take_soh(client), S_OK);
    assert_made(SHA, CLIENT_COMPONENT, NAP_E_ENTITY_DISABLED);
}

TEST_MAIN(NULL, NULL)
