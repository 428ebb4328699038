/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Health agents: their callbacks, and their entries in the SSoH. Pages:
 * INapSystemHealthAgentCallback and its methods.
 */
#include "tests/unit/engine/health_client.h"

/* The object has no PrivateData yet at the second request: both are for one connection. */
AGENT_TEST(requests_of_one_object_that_cross_are_for_one_connection)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct client *reader = client_connect();
    uint8_t first[NAPIPC_MAX_PRIVATE_DATA];
    struct soh soh = make_soh(SHA, 7);
    struct object fresh;

    object_init(&fresh, 1);
    object = fresh;
    object_name = 4711;
    send_get_soh(client);
    send_get_soh(client);
    answer_get_soh(health, S_OK, &soh, false, false);
    assert_int_equal(take_soh(client), S_OK);
    memcpy(first, object.private_data, sizeof(first));
    /* A third request, before the answer has reached the object. */
    object = fresh;
    send_get_soh(client);
    answer_get_soh(health, S_OK, &soh, false, false);
    assert_int_equal(take_soh(client), S_OK);
    assert_memory_equal(object.private_data + 4, first + 4, 16);
    answer_get_soh(health, S_OK, &soh, false, false);
    assert_int_equal(take_soh(client), S_OK);
    assert_memory_equal(object.private_data + 4, first + 4, 16);
    assert_int_equal(client_state(reader).connections, 1);
    /* After its key was used, the name is free for the next object. */
    exchange(client, health, S_OK, &soh, false, false);
    assert_int_equal(client_state(reader).connections, 1);
    object = fresh;
    exchange(client, health, S_OK, &soh, false, false);
    assert_int_equal(client_state(reader).connections, 2);
    object_name = 0;
}

/* The failing request takes nothing away from the other one. */
AGENT_TEST(a_request_that_fails_leaves_the_connection_to_one_that_crossed_it)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct client *reader = client_connect();
    struct soh soh = make_soh(SHA, 7);
    int small;

    object_name = 4711;
    for (small = 0; small < 2; small++)
    {
        object_init(&object, 1);
        object.max_size = small ? 4000 : 10;
        send_get_soh(client);
        object.max_size = small ? 10 : 4000;
        send_get_soh(client);
        answer_get_soh(health, S_OK, &soh, false, false);
        assert_int_equal(take_soh(client), small ? S_OK : NAP_E_MAXSIZE_TOO_SMALL);
        answer_get_soh(health, S_OK, &soh, false, false);
        assert_int_equal(take_soh(client), small ? NAP_E_MAXSIZE_TOO_SMALL : S_OK);
        assert_int_equal(client_state(reader).connections, 1);
        assert_int_equal(object_down(client, &object), S_OK);
        assert_int_equal(client_state(reader).connections, 0);
    }
    object_name = 0;
}

AGENT_TEST(what_an_agent_sets_is_in_the_ssoh)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);

    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, false, false);
    assert_entry(SHA, &soh);
}

AGENT_TEST(agents_are_asked_all_at_once)
{
    struct client *client = client_bound(QEC);
    struct client *one = agent_bound(SHA), *other = agent_bound(OTHER_SHA);
    struct soh soh = make_soh(SHA, 1), other_soh = make_soh(OTHER_SHA, 2);

    object_init(&object, 1);
    send_get_soh(client);
    assert_int_equal(client_waiting(one), 1);
    assert_int_equal(client_waiting(other), 1);
    answer_get_soh(other, S_OK, &other_soh, false, false);
    assert_int_equal(client_waiting(client), 0);
    answer_get_soh(one, S_OK, &soh, false, false);
    assert_int_equal(take_soh(client), S_OK);
    assert_entry(SHA, &soh);
    assert_entry(OTHER_SHA, &other_soh);
}

/* "If the SHA does not set a new SoH, then the cached one is used." */
AGENT_TEST(an_agent_that_sets_none_has_its_cached_one)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);

    object_init(&object, 1);
    exchange(client, health, S_OK, NULL, false, false);
    assert_made(SHA, CLIENT_COMMUNICATION, NAP_E_NO_CACHED_SOH);
    exchange(client, health, S_OK, &soh, true, false);
    exchange(client, health, S_OK, NULL, false, false);
    assert_entry(SHA, &soh);
    assert_int_equal(agent.cache_writes, 1);
    assert_int_equal(agent.cache_size, sizeof(soh.bytes));
}

/* "failureCategoryClientComponent", "<error-code>" */
AGENT_TEST(an_agent_that_fails_has_its_code)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);

    object_init(&object, 1);
    exchange(client, health, E_FAIL, NULL, false, false);
    assert_made(SHA, CLIENT_COMPONENT, E_FAIL);
}

AGENT_TEST(an_agent_that_is_late_delays_no_longer_than_its_deadline)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);

    object_init(&object, 1);
    send_get_soh(client);
    agent_advance(agent.settings.callback_deadline);
    assert_int_equal(take_soh(client), S_OK);
    assert_made(SHA, CLIENT_COMMUNICATION, NAP_E_NO_CACHED_SOH);
    /* Its answer is still used for the next exchange. */
    answer_get_soh(health, S_OK, &soh, true, false);
    assert_int_equal(client_waiting(client), 0);
    exchange(client, health, S_OK, NULL, false, false);
    assert_entry(SHA, &soh);
}

/* "For unbound SHAs which are registered with the system" */
AGENT_TEST(an_agent_that_is_not_bound_has_its_cached_one_or_says_so)
{
    struct client *client = client_bound(QEC), *health = agent_registered(SHA);
    struct soh soh = make_soh(SHA, 7);

    object_init(&object, 1);
    send_get_soh(client);
    assert_int_equal(take_soh(client), S_OK);
    assert_made(SHA, CLIENT_COMPONENT, NAP_E_NOT_INITIALIZED);
    assert_int_equal(agent_bind(health, SHA), S_OK);
    exchange(client, health, S_OK, &soh, true, false);
    assert_int_equal(client_unbind(health), S_OK);
    send_get_soh(client);
    assert_int_equal(take_soh(client), S_OK);
    assert_entry(SHA, &soh);
}

/* "removes the SHA from the bound-SHA list and flushes its cache entry" */
AGENT_TEST(an_agent_whose_server_is_gone_is_unbound_and_flushed)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);

    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, true, false);
    exchange(client, health, 0x800706BA, NULL, false, false);
    assert_made(SHA, CLIENT_COMPONENT, NAP_E_NOT_INITIALIZED);
    assert_int_equal(agent.cache_size, 0);
    assert_int_equal(agent_bind(health, SHA), S_OK);
}

AGENT_TEST(an_agent_that_dies_while_asked_is_not_waited_for)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);

    object_init(&object, 1);
    send_get_soh(client);
    client_disconnect(health);
    assert_int_equal(take_soh(client), S_OK);
    assert_made(SHA, CLIENT_COMPONENT, NAP_E_NOT_INITIALIZED);
}

AGENT_TEST(an_enforcement_client_that_dies_meanwhile_harms_nobody)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);

    object_init(&object, 1);
    send_get_soh(client);
    client_disconnect(client);
    answer_get_soh(health, S_OK, &soh, true, false);
    assert_int_equal(client_waiting(health), 0);
}

/* Its older SoH would otherwise be in the next SSoH. */
AGENT_TEST(an_soh_to_be_cached_is_stored_whatever_becomes_of_the_request)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7), next = make_soh(SHA, 8);

    agent_bound(OTHER_SHA); /* pending */
    object_init(&object, 1);
    send_get_soh(client);
    answer_get_soh(health, S_OK, &soh, true, false);
    client_disconnect(client);
    assert_int_equal(agent.cache_size, sizeof(soh.bytes));
    assert_memory_equal(agent.cache, soh.bytes, sizeof(soh.bytes));
    client_reconnect(client);
    assert_int_equal(client_bind(client, QEC), S_OK);
    send_get_soh(client);
    answer_get_soh(health, S_OK, &next, true, false);
    agent_stop();
    assert_memory_equal(agent.cache, next.bytes, sizeof(next.bytes));
}

/* The host closes its clients' connections before it destroys the engine. */
AGENT_TEST(an_agent_that_is_stopped_keeps_the_caches_of_those_that_are_bound)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);

    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, true, false);
    engine_stop(agent.engine);
    client_disconnect(health);
    client_disconnect(client);
    agent_stop();
    assert_int_equal(agent.cache_size, sizeof(soh.bytes));
    assert_memory_equal(agent.cache, soh.bytes, sizeof(soh.bytes));
}

TEST_MAIN(NULL, NULL)
