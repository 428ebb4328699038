/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocation failures: whichever allocation fails, the request returns E_OUTOFMEMORY ("System
 * resource limit, could not perform the operation") and has changed nothing, the same request
 * succeeds afterwards, and the agent retries what it does by itself. Nothing is lost and nothing
 * leaks.
 */
#include "tests/unit/engine/allocation.h"

#define URL "http://remedy.example.com/"
#define ONCE_MORE 2000 /* ms, more than the first delay of a retried callback */

static struct object objects[3];

static uint32_t register_with_strings(struct client *client, uint32_t kind, uint32_t id)
{
    struct napipc_message request = {.type = NAPIPC_REGISTER};

    request.reg.kind = kind;
    request.reg.component.id = id;
    request.reg.component.component_type = 1;
    request.reg.component.friendly_name.units = (const uint8_t *)"N\0a\0m\0e";
    request.reg.component.friendly_name.length = 4;
    return client_ask(client, &request, NULL);
}

/* Takes the one callback that must come now, or later after an allocation failure. */
static uint32_t called(struct client *client, uint16_t type)
{
    if (!client_waiting(client))
    {
        assert_true(allocation_has_failed());
        assert_int_equal(agent_logged("no-memory"), 1);
        agent_advance(ONCE_MORE);
    }
    return client_called(client, type);
}

static void exchange(struct client *client, struct object *object, const struct decided *decided)
{
    unsigned int before = client_state(client).connections;
    uint32_t state = client_state(client).isolation.state;
    uint8_t response[300];
    size_t size;

    RETRIED(object_get_soh(client, object), client_state(client).connections == before);
    size = object_response(object, decided, response);
    RETRIED(object_process(client, object, response, size),
            client_state(client).isolation.state == state);
}

static uint32_t register_validator(struct client *client, uint32_t id)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_REGISTER};

    request.validator_register.component.id = id;
    request.validator_register.clsid.bytes[0] = 1;
    return client_ask(client, &request, NULL);
}

/* A run of the agent that uses all its functions. */
static void live(void)
{
    const struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, URL};
    const struct decided soon = {IN_PROBATION, 0, agent.filetime + SECONDS(60), URL};
    struct napipc_list_connections_reply page;
    struct client *client = &agent.clients[0];
    bool enabled;
    uint32_t call;

    allocation_start();
    RETRIED(register_with_strings(client, ENFORCER, 1),
            !client_components(client, ENFORCER, 0).count && !agent_stored(ENFORCER, 1, &enabled));
    RETRIED(register_with_strings(client, HEALTH_AGENT, 2),
            !client_components(client, HEALTH_AGENT, 0).count);
    RETRIED(register_validator(client, 3), !agent.validators[0].id);
    RETRIED(client_enable(client, ENFORCER, 1, true), true);
    RETRIED(client_bind(client, 1), true);

    object_init(&objects[0], 1);
    object_init(&objects[1], 2);
    object_init(&objects[2], 3);
    exchange(client, &objects[0], &soon);
    exchange(client, &objects[1], &restricted);
    RETRIED(object_get_soh(client, &objects[2]), client_state(client).connections == 2);
    assert_int_equal(client_state(client).isolation.state, RESTRICTED);

    agent_advance(60000);
    call = called(client, NAPIPC_NOTIFY_SOH_CHANGE);
    assert_true(client_answer(client, NAPIPC_NOTIFY_SOH_CHANGE, call, S_OK));

    agent_stop();
    allocation_start();
    RETRIED(client_bind_again(client, 1), true);
    call = called(client, NAPIPC_GET_CONNECTIONS);
    assert_true(client_report(client, call, objects, 3));
    if (agent_logged("retry"))
    {
        agent_advance(ONCE_MORE);
        while (client_waiting(client))
        {
            struct napipc_message message;

            assert_true(client_next(client, &message));
            if (message.type == NAPIPC_GET_CONNECTIONS)
                assert_true(client_report(client, message.call, objects, 3));
            else
                assert_true(client_answer(client, message.type, message.call, S_OK));
        }
    }
    page = client_connections(client, 0);
    assert_int_equal(page.count, 3);
    assert_int_equal(client_state(client).isolation.state, RESTRICTED);
    assert_true(string_is(client_state(client).isolation.failure_url, URL));
    assert_true(client_state(client).unknown_connections);

    exchange(client, &objects[2], &restricted);
    assert_false(client_state(client).unknown_connections);
    assert_int_equal(object_down(client, &objects[1]), S_OK);
    assert_int_equal(client_unbind(client), S_OK);
    assert_int_equal(client_unregister(client, ENFORCER, 1), S_OK);
    client_disconnect(client);
    agent_stop();
}

TEST(whichever_allocation_fails_nothing_is_lost)
{
    allocation_fails_one_by_one(live, 1, 15);
}

/* Reports of connections that are down, and replies, need no memory. */
TEST(lists_need_no_memory)
{
    const struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, URL};
    struct client *client;

    assert_int_equal(agent_setup(), 0);
    client = client_bound(1);
    object_init(&objects[0], 1);
    object_decide(client, &objects[0], &restricted);
    allocation_fail_at(1);
    assert_int_equal(client_connections(client, 0).count, 1);
    assert_int_equal(client_components(client, ENFORCER, 0).count, 1);
    assert_int_equal(client_state(client).connections, 1);
    assert_int_equal(client_change_failure(client), S_OK);
    assert_int_equal(object_down(client, &objects[0]), S_OK);
    assert_int_equal(client_enable(client, ENFORCER, 1, false), S_OK);
    assert_int_equal(client_unbind(client), S_OK);
    assert_int_equal(client_unregister(client, ENFORCER, 1), S_OK);
    assert_false(allocation_has_failed());
    allocation_fail_at(0);
    agent_stop();
}

TEST_MAIN(NULL, NULL)
