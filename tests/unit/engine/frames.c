/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bad frames, and the rule that each request has one answer. docs/protocol.md: a bad frame costs
 * its sender the connection and affects nobody else.
 */
#include "tests/unit/engine/agent.h"
#include "tests/unit/napipc/frames.h"
#include "tests/unit/napipc/samples.h"

static struct filling filling;
static uint8_t frame[NAPIPC_MAX_FRAME];

/* Takes and drops all frames sent to a client. */
static void drain(struct client *client)
{
    struct napipc_message message;

    while (client_next(client, &message))
        ;
    agent.frames_size = 0;
}

AGENT_TEST(a_malformed_frame_is_refused_and_logged)
{
    struct client *client = client_bound(1);
    size_t i, size;
    unsigned int rejected = 0;

    for (i = 0; i < SAMPLE_FRAME_COUNT; i++)
        for (size = 0; size < sample_frames[i].size; size++)
        {
            agent.log_count = 0;
            assert_false(client_send_bytes(client, sample_frames[i].bytes, size));
            assert_int_equal(agent_logged("refused-input"), 1);
            assert_int_equal(agent.log[0].level, ENGINE_WARN);
            assert_int_equal(agent.log[0].component, 1);
            rejected++;
        }
    assert_true(rejected > 500);
    assert_int_equal(client_waiting(client), 0);
}

AGENT_TEST(a_refused_client_costs_nobody_else_anything)
{
    struct client *bad = client_bound(1), *good = client_bound(2);
    struct object object;

    object_init(&object, 1);
    assert_int_equal(object_get_soh(bad, &object), S_OK);
    assert_false(client_send_bytes(bad, "rubbish", 7));
    client_disconnect(bad); /* as the host must */
    assert_int_equal(client_state(good).connections, 0);
    object_init(&object, 1);
    assert_int_equal(object_get_soh(good, &object), S_OK);
}

/* DLL and agent of different protocol versions report that with one log line and an error. */
AGENT_TEST(another_version_is_answered_with_ours)
{
    static const uint8_t expected[] = {
            16, 0, 0, 0, NAPIPC_VERSION, 0, 0, 0x80, 0, 0, 0, 0, 0x1A, 5, 7, 0x80};
    struct client *client = client_connect();
    uint8_t other[40] = {40, 0, 0, 0, NAPIPC_VERSION + 1, 0, 0xEE, 0xEE};

    assert_false(client_send_bytes(client, other, sizeof(other)));
    assert_int_equal(client_waiting(client), 1);
    assert_int_equal(client->sent[0].size, sizeof(expected));
    assert_memory_equal(agent.frames + client->sent[0].offset, expected, sizeof(expected));
    assert_int_equal(agent_logged("version"), 1);
    assert_non_null(strstr(agent.log[0].text, "version 4"));
    assert_non_null(strstr(agent.log[0].text, "version 3"));
}

AGENT_TEST(messages_of_the_agent_are_refused)
{
    struct client *client = client_bound(1);
    struct napipc_message message;
    unsigned int rejected = 0;
    uint16_t type;

    filling_init(&filling, false, 99);
    for (type = 0; (type = napipc_next_type(type));)
    {
        if (!(type & NAPIPC_REPLY) && napipc_row(type)->form == NAPIPC_REQUEST)
            continue;
        fill_message(&filling, type, &message);
        assert_false(client_send(client, &message));
        assert_int_equal(client_waiting(client), 0);
        rejected++;
    }
    assert_int_equal(agent_logged("refused-input"), rejected);
}

/* "Rights first": of no request that needs an administrator does anybody else learn what is wrong
 * with its arguments. Everything in them is at its limit, and so over those of most requests. */
AGENT_TEST(rights_come_before_arguments)
{
    struct client *client = client_connect(), *administrator = client_connect();
    unsigned int rows = 0, faults = 0, writes, rras_writes;
    struct napipc_message message;
    uint16_t type;

    client->administrator = false;
    filling_init(&filling, true, 99);
    for (type = 0; (type = napipc_next_type(type)) && !(type & NAPIPC_REPLY);)
    {
        const struct napipc_row *row = napipc_row(type);
        uint32_t status;

        if (row->form != NAPIPC_REQUEST
                || (row->needs != NAPIPC_NEEDS_ADMINISTRATOR
                        && row->needs != NAPIPC_NEEDS_DIALED_OR_ADMINISTRATOR))
            continue;
        rows++;
        fill_message(&filling, type, &message);
        writes = agent.writes;
        rras_writes = agent.rras_writes;
        if ((status = client_ask(client, &message, NULL)) != E_ACCESSDENIED)
            fail_msg("%s: %#x", row->name, (unsigned int)status);
        assert_int_equal(agent_logged("refused-access"), rows);
        assert_non_null(strstr(agent_log_text("refused-access"), row->name));
        assert_int_equal(agent.writes, writes);
        assert_int_equal(agent.rras_writes, rras_writes);
        assert_int_equal(agent.hooks, 0);
        if ((status = client_ask(administrator, &message, NULL)) == E_ACCESSDENIED)
            fail_msg("%s: an administrator may not send it", row->name);
        faults += status != S_OK;
    }
    assert_true(rows >= 10);
    assert_true(faults >= rows / 2);
}

/* Numbers from a small set, so that requests of several clients overlap. */
static void aim(struct napipc_message *message)
{
    uint32_t id = 1 + filling_next(&filling, 3);

    switch (message->type)
    {
    case NAPIPC_BIND:
        message->bind.kind = ENFORCER;
        message->bind.id = id;
        break;
    case NAPIPC_REGISTER:
        message->reg.component.id = id;
        message->reg.component.component_type = 1;
        break;
    case NAPIPC_UNREGISTER:
        message->component_id.id = id;
        break;
    case NAPIPC_SET_ENABLED:
        message->set_enabled.id = id;
        message->set_enabled.enabled = filling_next(&filling, 4) != 0;
        break;
    case NAPIPC_SOH_REQUEST:
        message->soh_request.max_size = 4000;
        break;
    default:
        break;
    }
}

/* Exactly one answer, of the request's type and call; callbacks may come after it. */
static void assert_answered(struct client *client, const struct napipc_message *request)
{
    struct napipc_message reply;

    assert_true(client_next(client, &reply));
    assert_int_equal(reply.type, request->type | NAPIPC_REPLY);
    assert_int_equal(reply.call, request->call);
    while (client_next(client, &reply))
        assert_false(reply.type & NAPIPC_REPLY);
}

AGENT_TEST(every_request_has_one_answer)
{
    struct client *clients[3];
    struct napipc_message message;
    unsigned int round;
    size_t size;

    for (round = 0; round < 3; round++)
        clients[round] = client_connect();
    filling_init(&filling, false, 4242);
    for (round = 0; round < 20000; round++)
    {
        struct client *client = clients[filling_next(&filling, 3)];
        uint16_t type = (uint16_t)(1 + filling_next(&filling, NAPIPC_LIST_CONNECTIONS));

        fill_message(&filling, type, &message);
        aim(&message);
        assert_int_equal(napipc_encode(&message, frame, sizeof(frame), &size), NAPIPC_OK);
        assert_true(client_send_bytes(client, frame, size));
        assert_answered(client, &message);
        agent.frames_size = 0;
        if (!filling_next(&filling, 50))
            agent_advance(filling_next(&filling, 3000));
        if (!filling_next(&filling, 100))
        {
            client_disconnect(client);
            client_reconnect(client);
        }
        for (size = 0; size < 3; size++)
            drain(clients[size]);
    }
}

TEST_MAIN(NULL, NULL)
