/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The isolation state of the system. Pages: INapClientManagement::
 * GetSystemIsolationInfo, INapClientManagement2::GetSystemIsolationInfoEx.
 */
#include "tests/unit/engine/agent.h"

#define NOW START_TIME

static const struct decided fine = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};
static const struct decided soon = {IN_PROBATION, 1, NOW + SECONDS(60), "http://soon/"};
static const struct decided later = {IN_PROBATION, 2, NOW + SECONDS(600), "http://later/"};
static const struct decided endless = {IN_PROBATION, 0, SOH_NO_PROBATION, "http://endless/"};
static const struct decided restricted = {RESTRICTED, 2, SOH_NO_PROBATION, "http://no/"};

static struct object objects[8];

/* The expected state of the system. */
static void assert_system(struct client *client, const struct decided *decided)
{
    struct napipc_get_state_reply state = client_state(client);

    assert_int_equal(state.isolation.state, decided->state);
    assert_int_equal(state.isolation.extended_state, decided->extended_state);
    assert_true(state.isolation.probation_end
                == (decided->probation_end == SOH_NO_PROBATION ? 0 : decided->probation_end));
    assert_true(string_is(state.isolation.failure_url, decided->url ? decided->url : ""));
}

static void init_objects(void)
{
    uint8_t i;

    for (i = 0; i < 8; i++)
        object_init(&objects[i], i);
}

AGENT_TEST(a_system_without_connections_is_not_restricted)
{
    struct client *client = client_connect();

    assert_system(client, &fine);
    assert_false(client_state(client).unknown_connections);
}

/* "whether any of the connections are in an unknown state"; "The isolation information that is
 * retrieved does not reflect unknown states." */
AGENT_TEST(connections_without_a_decision_are_unknown)
{
    struct client *client = client_bound(1);

    init_objects();
    assert_int_equal(object_get_soh(client, &objects[0]), S_OK);
    assert_true(client_state(client).unknown_connections);
    assert_system(client, &fine);
    object_decide(client, &objects[1], &soon);
    assert_true(client_state(client).unknown_connections);
    assert_system(client, &soon);
    object_decide(client, &objects[0], &fine);
    assert_false(client_state(client).unknown_connections);
    assert_system(client, &soon);
    /* A newer GetSoHRequest does not make a known state unknown. */
    assert_int_equal(object_get_soh(client, &objects[0]), S_OK);
    assert_false(client_state(client).unknown_connections);
}

/* The most restrictive of all connections of all enforcers, in any order. */
AGENT_TEST(the_most_restrictive_connection_decides)
{
    struct client *one = client_bound(1), *two = client_bound(2);

    init_objects();
    object_decide(one, &objects[0], &fine);
    assert_system(one, &fine);
    object_decide(two, &objects[1], &later);
    assert_system(one, &later);
    object_decide(one, &objects[2], &restricted);
    assert_system(one, &restricted);
    object_decide(two, &objects[3], &soon);
    assert_system(one, &restricted);
    assert_int_equal(object_down(one, &objects[2]), S_OK);
    assert_system(one, &soon);
    assert_int_equal(object_down(two, &objects[3]), S_OK);
    assert_system(one, &later);
    assert_int_equal(object_down(two, &objects[1]), S_OK);
    assert_system(one, &fine);
}

/* Of two probations the one that ends first; one without an end comes last. */
AGENT_TEST(the_earliest_probation_decides)
{
    const struct decided *const orders[][3] = {
            {&soon, &later, &endless},
            {&soon, &endless, &later},
            {&later, &soon, &endless},
            {&later, &endless, &soon},
            {&endless, &soon, &later},
            {&endless, &later, &soon},
    };
    struct client *client = client_bound(1);
    unsigned int i, k;

    for (i = 0; i < 6; i++)
    {
        init_objects();
        for (k = 0; k < 3; k++)
            object_decide(client, &objects[k], orders[i][k]);
        assert_system(client, &soon);
        for (k = 0; k < 3; k++)
            if (orders[i][k] == &soon)
                assert_int_equal(object_down(client, &objects[k]), S_OK);
        assert_system(client, &later);
        for (k = 0; k < 3; k++)
            assert_int_equal(object_down(client, &objects[k]), S_OK);
    }
    init_objects();
    object_decide(client, &objects[0], &endless);
    assert_system(client, &endless);
}

AGENT_TEST(a_disabled_enforcer_does_not_count)
{
    struct client *one = client_bound(1), *two = client_bound(2);

    init_objects();
    object_decide(one, &objects[0], &restricted);
    assert_int_equal(object_get_soh(one, &objects[1]), S_OK);
    object_decide(two, &objects[2], &later);
    assert_int_equal(client_enable(two, ENFORCER, 1, false), S_OK);
    assert_system(two, &later);
    assert_false(client_state(two).unknown_connections);
    assert_int_equal(client_enable(two, ENFORCER, 1, true), S_OK);
    assert_system(two, &restricted);
    assert_true(client_state(two).unknown_connections);
}

AGENT_TEST(connections_that_are_gone_do_not_count)
{
    struct client *one = client_bound(1), *two = client_bound(2), *other = client_connect();

    init_objects();
    object_decide(one, &objects[0], &restricted);
    object_decide(two, &objects[1], &soon);
    assert_system(other, &restricted);
    client_disconnect(one);
    assert_system(other, &soon);
    assert_int_equal(client_unbind(two), S_OK);
    assert_system(other, &fine);
    assert_false(client_state(other).unknown_connections);
}

AGENT_TEST(a_newer_decision_replaces_the_older)
{
    struct client *client = client_bound(1);

    init_objects();
    object_decide(client, &objects[0], &restricted);
    object_decide(client, &objects[0], &soon);
    assert_system(client, &soon);
    object_decide(client, &objects[0], &fine);
    assert_system(client, &fine);
}

/* One line for each change, for the administrator. */
AGENT_TEST(each_change_of_the_system_is_logged_once)
{
    struct client *client = client_bound(1);

    init_objects();
    assert_int_equal(agent_logged("isolation"), 0);
    object_decide(client, &objects[0], &restricted);
    assert_int_equal(agent_logged("isolation"), 1);
    object_decide(client, &objects[1], &soon);
    object_decide(client, &objects[0], &restricted);
    assert_int_equal(agent_logged("isolation"), 1);
    assert_int_equal(object_down(client, &objects[0]), S_OK);
    assert_int_equal(agent_logged("isolation"), 2);
    client_disconnect(client);
    assert_int_equal(agent_logged("isolation"), 3);
    assert_non_null(strstr(agent.log[agent.log_count - 1].text, "not restricted"));
}

/* The other values of `napctl show state`. */
AGENT_TEST(the_state_names_the_agent)
{
    struct client *client = client_bound(1);
    struct napipc_get_state_reply reply;

    assert_int_equal(client_register(client, ENFORCER, 2), S_OK);
    assert_int_equal(client_register(client, HEALTH_AGENT, 3), S_OK);
    assert_int_equal(client_register(client, HEALTH_AGENT, 4), S_OK);
    assert_int_equal(client_register(client, HEALTH_AGENT, 5), S_OK);
    init_objects();
    agent_advance(1000);
    assert_int_equal(object_get_soh(client, &objects[0]), S_OK);
    reply = client_state(client);
    assert_int_equal(reply.process_id, AGENT_PROCESS);
    assert_true(reply.started == START_TIME);
    assert_int_equal(reply.enforcement_clients, 2);
    assert_int_equal(reply.enforcement_clients_enabled, 1);
    assert_int_equal(reply.health_agents, 3);
    assert_int_equal(reply.connections, 1);
}

/* For InitializeNapAgentNotifier, "quarantine state change notifications": each watch is notified
 * once of each change of the system's state, and nobody else is. */
AGENT_TEST(changes_are_notified_to_who_watches)
{
    struct client *client = client_bound(1), *watcher = client_connect();
    struct napipc_message message = {.type = NAPIPC_WATCH};

    init_objects();
    assert_int_equal(client_ask(watcher, &message, NULL), S_OK);
    object_decide(client, &objects[0], &fine);
    assert_int_equal(client_waiting(watcher), 0);
    object_decide(client, &objects[0], &restricted);
    assert_true(client_next(watcher, &message));
    assert_int_equal(message.type, NAPIPC_ISOLATION_CHANGED);
    assert_int_equal(message.isolation_changed.isolation.state, RESTRICTED);
    assert_int_equal(message.isolation_changed.isolation.extended_state, 2);
    assert_true(string_is(message.isolation_changed.isolation.failure_url, "http://no/"));
    object_decide(client, &objects[0], &restricted);
    assert_int_equal(client_waiting(watcher), 0);
    assert_int_equal(object_down(client, &objects[0]), S_OK);
    assert_true(client_next(watcher, &message));
    assert_int_equal(message.isolation_changed.isolation.state, NOT_RESTRICTED);
    assert_int_equal(client_waiting(client), 0);
}

TEST_MAIN(NULL, NULL)
