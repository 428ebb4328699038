/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The end of a probation: the enforcement client is notified once, and the next GetSoHRequest has
 * the hint. Pages: INapEnforcementClientBinding:: GetSoHRequest ("or if ProbationTime has
 * expired"), INapEnforcementClient- Callback::NotifySoHChange.
 */
#include "tests/unit/engine/agent.h"

#define MINUTE 60000 /* ms */

static struct object object;

static struct decided probation(uint64_t milliseconds)
{
    struct decided decided = {IN_PROBATION, 0, agent.filetime + MILLISECONDS(milliseconds), NULL};

    return decided;
}

/* A client whose one connection is in probation for that long. */
static struct client *client_in_probation(uint64_t milliseconds)
{
    struct decided decided = probation(milliseconds);
    struct client *client = client_bound(1);

    object_init(&object, 1);
    object_decide(client, &object, &decided);
    return client;
}

/* Takes NotifySoHChange and lets it succeed. */
static void assert_notified(struct client *client)
{
    uint32_t call = client_called(client, NAPIPC_NOTIFY_SOH_CHANGE);

    assert_true(client_answer(client, NAPIPC_NOTIFY_SOH_CHANGE, call, S_OK));
    assert_int_equal(client_waiting(client), 0);
}

AGENT_TEST(the_client_is_notified_at_the_end_and_not_before)
{
    struct client *client = client_in_probation(10 * MINUTE);

    agent_advance(10 * MINUTE - 1);
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_false(object.hint);
    agent_advance(1);
    assert_notified(client);
    assert_int_equal(agent_logged("probation-over"), 1);
}

AGENT_TEST(the_client_is_notified_once)
{
    struct client *client = client_in_probation(MINUTE);

    agent_advance(MINUTE);
    assert_notified(client);
    agent_advance(100 * MINUTE);
    assert_int_equal(client_waiting(client), 0);
}

/* retriggerHint: "if ProbationTime has expired" */
AGENT_TEST(the_next_request_has_the_hint)
{
    struct client *client = client_in_probation(MINUTE);

    agent_advance(MINUTE);
    assert_notified(client);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(object.hint);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_false(object.hint);
}

/* The client makes a request, and its server is slow or never answers: there is no second
 * notification. */
AGENT_TEST(asking_does_not_start_the_end_again)
{
    struct client *client = client_in_probation(MINUTE);

    agent_advance(MINUTE);
    assert_notified(client);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    agent_advance(100 * MINUTE);
    assert_int_equal(client_waiting(client), 0);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
}

AGENT_TEST(a_new_probation_has_an_end_of_its_own)
{
    struct client *client = client_in_probation(MINUTE);
    struct decided again;

    agent_advance(MINUTE);
    assert_notified(client);
    again = probation(MINUTE);
    object_decide(client, &object, &again);
    agent_advance(MINUTE - 1);
    assert_int_equal(client_waiting(client), 0);
    agent_advance(1);
    assert_notified(client);
}

/* A decision before the end: the old probation's end has no effect. */
AGENT_TEST(a_decision_ends_the_probation)
{
    static const struct decided fine = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *client = client_in_probation(MINUTE);

    object_decide(client, &object, &fine);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
    agent_advance(2 * MINUTE);
    assert_int_equal(client_waiting(client), 0);
}

AGENT_TEST(connections_that_are_gone_end_no_probation)
{
    struct client *client = client_in_probation(MINUTE);

    assert_int_equal(object_down(client, &object), S_OK);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
    agent_advance(2 * MINUTE);
    assert_int_equal(client_waiting(client), 0);
}

/* Only a connection in probation has an end to wait for. */
AGENT_TEST(an_end_without_a_probation_means_nothing)
{
    struct decided odd = {RESTRICTED, 0, START_TIME + SECONDS(60), NULL};
    struct client *client = client_bound(1);

    object_init(&object, 1);
    object_decide(client, &object, &odd);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
}

AGENT_TEST(two_ends_at_once_are_one_notification)
{
    struct client *client = client_in_probation(MINUTE);
    struct decided decided = probation(MINUTE);
    struct object second;

    object_init(&second, 2);
    object_decide(client, &second, &decided);
    agent_advance(MINUTE);
    assert_notified(client);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(object.hint);
    assert_int_equal(object_get_soh(client, &second), S_OK);
    assert_true(second.hint);
}

/* A probation from before the agent's restart, ended meanwhile */
AGENT_TEST(an_end_while_the_agent_was_gone_is_made_good)
{
    struct client *client = client_in_probation(MINUTE);
    uint32_t call;

    agent_stop();
    agent.monotonic += 2 * MINUTE;
    agent.filetime += MILLISECONDS(2 * MINUTE);
    assert_true(agent_start());
    client_reconnect(client);
    assert_int_equal(client_bind_again(client, 1), S_OK);
    call = client_called(client, NAPIPC_GET_CONNECTIONS);
    assert_true(client_report(client, call, &object, 1));
    agent_advance(0);
    assert_notified(client);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(object.hint);
}

/* A disabled enforcer is not notified until it is enabled again. */
AGENT_TEST(a_disabled_enforcer_is_not_notified)
{
    struct client *client = client_in_probation(MINUTE), *administrator = client_connect();

    assert_int_equal(client_enable(administrator, ENFORCER, 1, false), S_OK);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
    agent_advance(2 * MINUTE);
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(client_enable(administrator, ENFORCER, 1, true), S_OK);
    agent_advance(0);
    assert_notified(client);
}

/* ---- engine_next_deadline() ---- */

AGENT_TEST(nothing_is_due_when_nothing_runs)
{
    struct client *client = client_bound(1);

    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
}

/* The wall clock may be set, so the agent checks once a minute. */
AGENT_TEST(the_end_is_found_on_a_clock_that_was_set)
{
    struct client *client = client_in_probation(100 * MINUTE);

    assert_true(engine_next_deadline(agent.engine) == agent.monotonic + MINUTE);
    agent.filetime += MILLISECONDS(200 * MINUTE);
    agent_advance(MINUTE);
    assert_notified(client);
}

AGENT_TEST(the_end_comes_later_on_a_clock_that_was_set_back)
{
    struct client *client = client_in_probation(2 * MINUTE);

    agent.filetime -= MILLISECONDS(10 * MINUTE);
    agent_advance(12 * MINUTE - 1);
    assert_int_equal(client_waiting(client), 0);
    agent_advance(1);
    assert_notified(client);
}

/* A server may send any time; 1 and the last but one do not overflow the clock. */
AGENT_TEST(the_ends_of_time_are_taken)
{
    struct client *client = client_bound(1);
    struct decided decided = {IN_PROBATION, 0, 1, NULL};

    object_init(&object, 1);
    object_decide(client, &object, &decided);
    agent_advance(0);
    assert_notified(client);
    decided.probation_end = SOH_NO_PROBATION - 1;
    object_decide(client, &object, &decided);
    agent_advance(100 * MINUTE);
    assert_int_equal(client_waiting(client), 0);
}

TEST_MAIN(NULL, NULL)
