/*
 * The end of a probation: the enforcement client is told once, and the next
 * GetSoHRequest has the hint. Pages: INapEnforcementClientBinding::
 * GetSoHRequest ("or if ProbationTime has expired"), INapEnforcementClient-
 * Callback::NotifySoHChange.
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

static void the_client_is_notified_at_the_end_and_not_before(void **state)
{
    struct client *client = client_in_probation(10 * MINUTE);

    (void)state;
    agent_advance(10 * MINUTE - 1);
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_false(object.hint);
    agent_advance(1);
    assert_notified(client);
    assert_int_equal(agent_logged("probation-over"), 1);
}

static void the_client_is_notified_once(void **state)
{
    struct client *client = client_in_probation(MINUTE);

    (void)state;
    agent_advance(MINUTE);
    assert_notified(client);
    agent_advance(100 * MINUTE);
    assert_int_equal(client_waiting(client), 0);
}

/* retriggerHint: "if ProbationTime has expired" */
static void the_next_request_has_the_hint(void **state)
{
    struct client *client = client_in_probation(MINUTE);

    (void)state;
    agent_advance(MINUTE);
    assert_notified(client);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(object.hint);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_false(object.hint);
}

/* The client asks, and its server takes its time or never answers: no second notification. */
static void asking_does_not_start_the_end_again(void **state)
{
    struct client *client = client_in_probation(MINUTE);

    (void)state;
    agent_advance(MINUTE);
    assert_notified(client);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    agent_advance(100 * MINUTE);
    assert_int_equal(client_waiting(client), 0);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
}

static void a_new_probation_has_an_end_of_its_own(void **state)
{
    struct client *client = client_in_probation(MINUTE);
    struct decided again;

    (void)state;
    agent_advance(MINUTE);
    assert_notified(client);
    again = probation(MINUTE);
    object_decide(client, &object, &again);
    agent_advance(MINUTE - 1);
    assert_int_equal(client_waiting(client), 0);
    agent_advance(1);
    assert_notified(client);
}

/* A decision before the end: what does not run any more does not end. */
static void a_decision_ends_the_probation(void **state)
{
    static const struct decided fine = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *client = client_in_probation(MINUTE);

    (void)state;
    object_decide(client, &object, &fine);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
    agent_advance(2 * MINUTE);
    assert_int_equal(client_waiting(client), 0);
}

static void connections_that_are_gone_end_no_probation(void **state)
{
    struct client *client = client_in_probation(MINUTE);

    (void)state;
    assert_int_equal(object_down(client, &object), S_OK);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
    agent_advance(2 * MINUTE);
    assert_int_equal(client_waiting(client), 0);
}

/* Only a connection in probation has an end to wait for. */
static void an_end_without_a_probation_means_nothing(void **state)
{
    struct decided odd = {RESTRICTED, 0, START_TIME + SECONDS(60), NULL};
    struct client *client = client_bound(1);

    (void)state;
    object_init(&object, 1);
    object_decide(client, &object, &odd);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
}

static void two_ends_at_once_are_one_notification(void **state)
{
    struct client *client = client_in_probation(MINUTE);
    struct decided decided = probation(MINUTE);
    struct object second;

    (void)state;
    object_init(&second, 2);
    object_decide(client, &second, &decided);
    agent_advance(MINUTE);
    assert_notified(client);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(object.hint);
    assert_int_equal(object_get_soh(client, &second), S_OK);
    assert_true(second.hint);
}

/* The probation of before the agent's restart, ended meanwhile */
static void an_end_while_the_agent_was_gone_is_made_good(void **state)
{
    struct client *client = client_in_probation(MINUTE);
    uint32_t call;

    (void)state;
    agent_stop();
    agent.monotonic += 2 * MINUTE;
    agent.filetime += MILLISECONDS(2 * MINUTE);
    assert_true(agent_start());
    assert_true(client_reconnect(client));
    assert_int_equal(client_bind_again(client, 1), S_OK);
    call = client_called(client, NAPIPC_GET_CONNECTIONS);
    assert_true(client_report(client, call, &object, 1));
    agent_advance(0);
    assert_notified(client);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(object.hint);
}

/* A disabled enforcer is left in peace until it is enabled again. */
static void a_disabled_enforcer_is_not_notified(void **state)
{
    struct client *client = client_in_probation(MINUTE), *administrator = client_connect();

    (void)state;
    assert_int_equal(client_enable(administrator, ENFORCER, 1, false), S_OK);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
    agent_advance(2 * MINUTE);
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(client_enable(administrator, ENFORCER, 1, true), S_OK);
    agent_advance(0);
    assert_notified(client);
}

/* ---- engine_next_deadline() ---- */

static void nothing_is_due_when_nothing_runs(void **state)
{
    struct client *client = client_bound(1);

    (void)state;
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
}

/* The wall clock may be set, so the agent looks again once a minute. */
static void the_end_is_found_on_a_clock_that_was_set(void **state)
{
    struct client *client = client_in_probation(100 * MINUTE);

    (void)state;
    assert_true(engine_next_deadline(agent.engine) == agent.monotonic + MINUTE);
    agent.filetime += MILLISECONDS(200 * MINUTE);
    agent_advance(MINUTE);
    assert_notified(client);
}

static void the_end_comes_later_on_a_clock_that_was_set_back(void **state)
{
    struct client *client = client_in_probation(2 * MINUTE);

    (void)state;
    agent.filetime -= MILLISECONDS(10 * MINUTE);
    agent_advance(12 * MINUTE - 1);
    assert_int_equal(client_waiting(client), 0);
    agent_advance(1);
    assert_notified(client);
}

/* A server's time may be anything; 1 and the last but one do not upset the clock. */
static void the_ends_of_time_are_taken(void **state)
{
    struct client *client = client_bound(1);
    struct decided decided = {IN_PROBATION, 0, 1, NULL};

    (void)state;
    object_init(&object, 1);
    object_decide(client, &object, &decided);
    agent_advance(0);
    assert_notified(client);
    decided.probation_end = SOH_NO_PROBATION - 1;
    object_decide(client, &object, &decided);
    agent_advance(100 * MINUTE);
    assert_int_equal(client_waiting(client), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, agent_setup, agent_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
            TEST(the_client_is_notified_at_the_end_and_not_before),
            TEST(the_client_is_notified_once),
            TEST(the_next_request_has_the_hint),
            TEST(asking_does_not_start_the_end_again),
            TEST(a_new_probation_has_an_end_of_its_own),
            TEST(a_decision_ends_the_probation),
            TEST(connections_that_are_gone_end_no_probation),
            TEST(an_end_without_a_probation_means_nothing),
            TEST(two_ends_at_once_are_one_notification),
            TEST(an_end_while_the_agent_was_gone_is_made_good),
            TEST(a_disabled_enforcer_is_not_notified),
            TEST(nothing_is_due_when_nothing_runs),
            TEST(the_end_is_found_on_a_clock_that_was_set),
            TEST(the_end_comes_later_on_a_clock_that_was_set_back),
            TEST(the_ends_of_time_are_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
