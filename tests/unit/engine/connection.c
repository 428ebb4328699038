/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connections: how an object is tied to the agent's record of it, what a restarted agent learns,
 * listing. Pages: PrivateData ("opaque ... only the NapAgent can interpret"),
 * INapEnforcementClientCallback::GetConnections,
 * INapEnforcementClientBinding::NotifyConnectionStateDown; docs/protocol.md, "PrivateData".
 */
#include "tests/unit/engine/agent.h"

static const struct decided restricted = {
        RESTRICTED, 2, SOH_NO_PROBATION, "http://remedy.example.com/"};
static const struct decided in_probation = {
        IN_PROBATION, 1, START_TIME + SECONDS(3600), "http://later.example.com/"};

static struct object objects[NAPIPC_MAX_CONNECTIONS];

/* The agent ends and restarts; the client finds it and binds again. Returns the call number of
 * GetConnections. */
static uint32_t restart(struct client *client, uint32_t id)
{
    agent_stop();
    assert_true(agent_start());
    client_reconnect(client);
    assert_int_equal(client_bind_again(client, id), S_OK);
    return client_called(client, NAPIPC_GET_CONNECTIONS);
}

/* docs/protocol.md, "PrivateData" */
AGENT_TEST(private_data_is_laid_out_as_documented)
{
    static const uint8_t end[8] = {0x00, 0x68, 0xC4, 0x61, 0x87, 0x3F, 0xCB, 0x01};
    struct client *client = client_bound(1);
    uint8_t digest[8];

    object_init(objects, 1);
    object_decide(client, objects, &in_probation);
    assert_int_equal(objects->private_size, 36);
    assert_int_equal(objects->private_data[0], 1);            /* version */
    assert_int_equal(objects->private_data[1], IN_PROBATION); /* isolation state */
    assert_int_equal(objects->private_data[2], 1);            /* extended state */
    assert_int_equal(objects->private_data[3], 0);
    assert_int_equal(objects->private_data[4], agent.guids); /* key */
    assert_int_equal(objects->private_data[5], 0xA5);
    assert_memory_equal(objects->private_data + 20, end, 8); /* end of the probation */
    memcpy(digest, objects->private_data + 28, 8);

    /* The digest is that of the last SSoH, and the state is unknown before a decision. */
    object_init(objects + 1, 2);
    assert_int_equal(object_get_soh(client, objects + 1), S_OK);
    assert_int_equal(objects[1].private_data[1], 0);
    assert_memory_equal(objects[1].private_data + 28, digest, 8);
    assert_int_equal(client_register(client, HEALTH_AGENT, 79744), S_OK);
    assert_int_equal(object_get_soh(client, objects), S_OK);
    assert_memory_not_equal(objects->private_data + 28, digest, 8);
}

AGENT_TEST(an_object_keeps_its_record)
{
    struct client *client = client_bound(1);
    uint32_t number;

    object_init(objects, 1);
    assert_int_equal(object_get_soh(client, objects), S_OK);
    number = client_connections(client, 0).connections[0].number;
    objects->id.bytes[0] = 99; /* SetConnectionId may be called at any time. */
    assert_int_equal(object_get_soh(client, objects), S_OK);
    assert_int_equal(client_state(client).connections, 1);
    assert_int_equal(client_connections(client, 0).connections[0].number, number);
    assert_int_equal(client_connections(client, 0).connections[0].connection_id.bytes[0], 99);
}

/* "After an agent restart the connections come from GetConnections and their state from
 * PrivateData" */
AGENT_TEST(reported_connections_are_as_they_were)
{
    struct client *client = client_bound(1);
    struct napipc_list_connections_reply page;
    uint32_t call;

    object_init(objects, 1);
    object_init(objects + 1, 2);
    object_init(objects + 2, 3);
    object_decide(client, objects, &in_probation);
    object_decide(client, objects + 1, &restricted);
    assert_int_equal(object_get_soh(client, objects + 2), S_OK);
    call = restart(client, 1);
    assert_int_equal(client_state(client).connections, 0);
    assert_true(client_report(client, call, objects, 3));

    page = client_connections(client, 0);
    assert_int_equal(page.count, 3);
    assert_true(page.connections[0].known);
    assert_int_equal(page.connections[0].isolation.state, IN_PROBATION);
    assert_int_equal(page.connections[0].isolation.extended_state, 1);
    assert_true(page.connections[0].isolation.probation_end == in_probation.probation_end);
    assert_true(string_is(page.connections[0].isolation.failure_url, in_probation.url));
    assert_memory_equal(page.connections[0].connection_id.bytes, objects[0].id.bytes, 16);
    assert_int_equal(page.connections[1].isolation.state, RESTRICTED);
    assert_false(page.connections[2].known);
    assert_int_equal(page.connections[2].isolation.state, 0);
    assert_false(page.connections[2].pending);
    assert_int_equal(client_state(client).isolation.state, RESTRICTED);
    assert_true(string_is(client_state(client).isolation.failure_url, restricted.url));
    assert_true(client_state(client).unknown_connections);
}

/* A client need not wait for GetConnections: its next GetSoHRequest has the same data. */
AGENT_TEST(a_request_brings_the_connection_back)
{
    struct client *client = client_bound(1);
    struct napipc_listed_connection listed;
    uint32_t call;

    object_init(objects, 1);
    object_decide(client, objects, &restricted);
    call = restart(client, 1);
    assert_int_equal(object_get_soh(client, objects), S_OK);
    assert_false(objects->hint);
    assert_int_equal(client_state(client).isolation.state, RESTRICTED);
    /* GetConnections adds the URL, which PrivateData does not hold. */
    assert_true(client_report(client, call, objects, 1));
    assert_int_equal(client_state(client).connections, 1);
    listed = client_connections(client, 0).connections[0];
    assert_true(listed.pending);
    assert_int_equal(listed.isolation.state, RESTRICTED);
    assert_true(string_is(listed.isolation.failure_url, restricted.url));
}

/* ... but never overrides a server's decision since then. */
AGENT_TEST(a_late_report_changes_no_decision)
{
    static const struct decided fine = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *client = client_bound(1);
    struct object old;
    uint32_t call;

    object_init(objects, 1);
    object_decide(client, objects, &restricted);
    old = *objects;
    call = restart(client, 1);
    object_decide(client, objects, &fine);
    assert_true(client_report(client, call, &old, 1));
    assert_int_equal(client_state(client).isolation.state, NOT_RESTRICTED);
    assert_int_equal(client_state(client).isolation.failure_url.length, 0);
    assert_int_equal(client_state(client).connections, 1);
}

AGENT_TEST(the_hint_outlives_the_agent)
{
    struct client *client = client_bound(1);

    object_init(objects, 1);
    object_init(objects + 1, 2);
    assert_int_equal(object_get_soh(client, objects), S_OK);
    assert_int_equal(object_get_soh(client, objects + 1), S_OK);
    assert_true(client_report(client, restart(client, 1), objects, 2));
    assert_int_equal(object_get_soh(client, objects), S_OK);
    assert_false(objects->hint);
    assert_int_equal(client_register(client, HEALTH_AGENT, 79744), S_OK);
    assert_int_equal(object_get_soh(client, objects + 1), S_OK);
    assert_true(objects[1].hint);
}

/* The response to an exchange from before the agent's restart fits none. */
AGENT_TEST(an_exchange_does_not_outlive_the_agent)
{
    struct client *client = client_bound(1);
    uint8_t response[300];
    size_t size;

    object_init(objects, 1);
    assert_int_equal(object_get_soh(client, objects), S_OK);
    size = object_response(objects, &restricted, response);
    assert_true(client_report(client, restart(client, 1), objects, 1));
    assert_int_equal(object_process(client, objects, response, size), NAP_E_MISMATCHED_ID);
}

/* Connections that never had an SSoH, or have foreign data, are ignored. */
/* "NotifySoHChange ... tells the enforcement client to exchange SoHs": nothing else would make
 * it. */
AGENT_TEST(a_response_to_an_agent_of_before_makes_the_client_ask_again)
{
    static uint8_t response[SOH_MAX_PACKET_SIZE];
    struct client *client = client_bound(1);
    uint32_t call, asked;
    size_t size;

    object_init(objects, 1);
    assert_int_equal(object_get_soh(client, objects), S_OK);
    size = object_response(objects, &restricted, response);
    call = restart(client, 1);
    /* Before the agent knows the connection again, and after. */
    assert_int_equal(object_process(client, objects, response, size), NAP_E_MISMATCHED_ID);
    asked = client_called(client, NAPIPC_NOTIFY_SOH_CHANGE);
    assert_true(client_answer(client, NAPIPC_NOTIFY_SOH_CHANGE, asked, S_OK));
    assert_true(client_report(client, call, objects, 1));
    assert_int_equal(object_process(client, objects, response, size), NAP_E_MISMATCHED_ID);
    asked = client_called(client, NAPIPC_NOTIFY_SOH_CHANGE);
    assert_true(client_answer(client, NAPIPC_NOTIFY_SOH_CHANGE, asked, S_OK));
    agent_advance(10); /* the test's clock restarted, and correlation ids are made from it */
    /* After the new request the old response is rejected like any other that does not fit. */
    assert_int_equal(object_get_soh(client, objects), S_OK);
    assert_int_equal(object_process(client, objects, response, size), NAP_E_MISMATCHED_ID);
    assert_int_equal(client_waiting(client), 0);
}

AGENT_TEST(connections_without_our_data_are_not_taken)
{
    struct client *client = client_bound(1);
    uint32_t call;

    object_init(objects, 1);
    object_init(objects + 1, 2);
    memset(objects[1].private_data, 1, 200);
    objects[1].private_size = 200;
    object_init(objects + 2, 3);
    assert_int_equal(object_get_soh(client, objects + 2), S_OK);
    objects[2].private_data[0] = 2; /* of another version */
    call = restart(client, 1);
    assert_true(client_report(client, call, objects, 3));
    assert_int_equal(client_state(client).connections, 0);
    assert_false(client_state(client).unknown_connections);
    /* They become new connections with the next request. */
    assert_int_equal(object_get_soh(client, objects + 2), S_OK);
    assert_int_equal(objects[2].private_data[0], 1);
    assert_true(objects[2].hint);
}

AGENT_TEST(a_connection_reported_twice_is_one)
{
    struct client *client = client_bound(1);
    uint32_t call;

    object_init(objects, 1);
    object_decide(client, objects, &restricted);
    objects[1] = objects[0];
    call = restart(client, 1);
    assert_true(client_report(client, call, objects, 2));
    assert_int_equal(client_state(client).connections, 1);
}

/* The agent accepts a key only for the client's own connection. */
AGENT_TEST(another_clients_key_is_not_taken)
{
    struct client *owner = client_bound(1), *thief = client_bound(2);
    struct object stolen;
    uint8_t response[300];
    size_t size;
    uint32_t call;

    object_init(objects, 1);
    object_decide(owner, objects, &restricted);
    assert_int_equal(object_get_soh(owner, objects), S_OK);
    size = object_response(objects, &restricted, response);

    stolen = *objects;
    assert_int_equal(object_process(thief, &stolen, response, size), NAP_E_MISMATCHED_ID);
    assert_int_equal(object_down(thief, &stolen), S_OK);
    assert_int_equal(client_state(owner).connections, 1);
    assert_int_equal(object_down(client_connect(), &stolen), NAP_E_NOT_INITIALIZED);
    assert_int_equal(client_state(owner).connections, 1);
    /* The log names the client each time. */
    assert_int_equal(agent_logged("refused-access"), 3);
    assert_non_null(strstr(agent.log[agent.log_count - 1].text, "process 102 "));

    /* A GetSoHRequest with it makes a new connection of the client's own ... */
    assert_int_equal(object_get_soh(thief, &stolen), S_OK);
    assert_memory_not_equal(stolen.private_data + 4, objects->private_data + 4, 16);
    assert_int_equal(stolen.private_data[1], 0);
    assert_int_equal(client_state(owner).connections, 2);

    /* ... a report of it does not, because its client would not learn the new key. */
    assert_int_equal(client_unbind(thief), S_OK);
    assert_int_equal(client_bind_again(thief, 2), S_OK);
    call = client_called(thief, NAPIPC_GET_CONNECTIONS);
    assert_true(client_report(thief, call, objects, 1));
    assert_int_equal(client_state(owner).connections, 1);
    assert_false(client_state(owner).unknown_connections);

    assert_int_equal(object_process(owner, objects, response, size), S_OK);
}

/* Whatever a client does to its PrivateData, it then has exactly one connection. */
AGENT_TEST(spoilt_private_data_harms_nobody)
{
    struct client *client = client_bound(1);
    struct object spoilt;
    unsigned int bit;
    uint8_t size;

    object_init(objects, 1);
    object_decide(client, objects, &in_probation);
    assert_int_equal(object_down(client, objects), S_OK);
    for (bit = 0; bit < 36 * 8; bit++)
    {
        spoilt = *objects;
        spoilt.private_data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        object_decide(client, &spoilt, &restricted);
        assert_int_equal(client_state(client).connections, 1);
        assert_int_equal(object_down(client, &spoilt), S_OK);
        assert_int_equal(client_state(client).connections, 0);
    }
    for (size = 0; size < 200; size++)
    {
        spoilt = *objects;
        spoilt.private_size = size;
        object_decide(client, &spoilt, &restricted);
        assert_int_equal(object_down(client, &spoilt), S_OK);
        assert_int_equal(client_state(client).connections, 0);
    }
}

/* "As soon as this call returns, the connection object can be released and freed." */
AGENT_TEST(a_connection_that_went_down_is_gone)
{
    struct client *client = client_bound(1);
    struct object never;

    object_init(objects, 1);
    object_init(objects + 1, 2);
    assert_int_equal(object_get_soh(client, objects), S_OK);
    assert_int_equal(object_get_soh(client, objects + 1), S_OK);
    assert_int_equal(object_down(client, objects), S_OK);
    assert_int_equal(client_state(client).connections, 1);
    assert_int_equal(client_connections(client, 0).connections[0].number, 2);
    /* An unknown connection is down in any case. */
    assert_int_equal(object_down(client, objects), S_OK);
    object_init(&never, 3);
    assert_int_equal(object_down(client, &never), S_OK);
    assert_int_equal(client_state(client).connections, 1);
}

AGENT_TEST(the_list_shows_whose_a_connection_is)
{
    struct client *one = client_bound(79617), *two = client_bound(79618);
    struct napipc_list_connections_reply page;

    object_init(objects, 1);
    object_init(objects + 1, 2);
    assert_int_equal(object_get_soh(two, objects), S_OK);
    object_decide(one, objects + 1, &restricted);
    page = client_connections(one, 0);
    assert_int_equal(page.count, 2);
    assert_false(page.more);
    assert_int_equal(page.connections[0].number, 1);
    assert_int_equal(page.connections[0].enforcement_client, 79618);
    assert_int_equal(page.connections[0].process_id, two->process_id);
    assert_memory_equal(page.connections[0].connection_id.bytes, objects[0].id.bytes, 16);
    assert_memory_equal(&page.connections[0].correlation, &objects[0].correlation,
            sizeof(objects->correlation));
    assert_true(page.connections[0].pending);
    assert_false(page.connections[0].known);
    assert_int_equal(page.connections[1].enforcement_client, 79617);
    assert_int_equal(page.connections[1].process_id, one->process_id);
    assert_false(page.connections[1].pending);
    assert_true(page.connections[1].known);
}

/* Two enforcers with all their connections and URLs of the maximum length */
AGENT_TEST(a_full_list_comes_in_pages)
{
    static char url[NAPIPC_MAX_STRING + 1];
    struct decided decided = {RESTRICTED, 0, SOH_NO_PROBATION, url};
    struct client *one = client_bound(1), *two = client_bound(2);
    struct napipc_list_connections_reply page;
    unsigned int i;

    memset(url, 'u', NAPIPC_MAX_STRING);
    for (i = 0; i < 20; i++)
    {
        object_init(objects, (uint8_t)i);
        object_decide(one, objects, &decided);
        object_init(objects, (uint8_t)(i + 50));
        object_decide(two, objects, &decided);
    }
    page = client_connections(one, 0);
    assert_int_equal(page.count, 32);
    assert_true(page.more);
    for (i = 0; i < 32; i++)
    {
        assert_int_equal(page.connections[i].number, i + 1);
        assert_int_equal(page.connections[i].enforcement_client, 1 + i % 2);
        assert_true(string_is(page.connections[i].isolation.failure_url, url));
    }
    page = client_connections(one, 32);
    assert_int_equal(page.count, 8);
    assert_false(page.more);
    assert_int_equal(page.connections[7].number, 40);
    assert_int_equal(client_connections(one, 40).count, 0);
    assert_int_equal(client_connections(one, UINT32_MAX).count, 0);
}

TEST_MAIN(NULL, NULL)
