/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocation failures and health agents; see memory.c. Their SoHs and the cache, their callbacks,
 * their fix-ups, their changes, and Group Policy.
 */
#include "tests/unit/engine/allocation.h"
#include "tests/unit/engine/health_client.h"

#define A_WHILE 5000 /* ms, less than the deadline of callbacks and more than all delays */

/* The health agent's callbacks since the last check. */
static struct received
{
    unsigned int asked, responses, isolation, fixups;
} received;
static uint32_t fixup_state;

/* Answers every pending callback. */
static void answer_all(struct client *health, const struct soh *soh)
{
    struct napipc_message message;

    while (client_next(health, &message))
    {
        received.asked += message.type == NAPIPC_AGENT_GET_SOH;
        received.responses += message.type == NAPIPC_AGENT_PROCESS_RESPONSE;
        received.isolation += message.type == NAPIPC_AGENT_ISOLATION_CHANGED;
        received.fixups += message.type == NAPIPC_AGENT_GET_FIXUP_INFO;
        if (message.type == NAPIPC_AGENT_GET_SOH)
        {
            message.agent_get_soh_reply = (struct napipc_agent_get_soh_reply){
                    .cache = true, .soh = {soh->bytes, sizeof(soh->bytes)}};
        }
        else
            message.agent_fixup_reply.fixup = (struct napipc_fixup){.state = fixup_state};
        message.type |= NAPIPC_REPLY;
        message.status = S_OK;
        assert_true(client_send(health, &message));
    }
}

static uint32_t gather(struct client *client, struct client *health, const struct soh *soh)
{
    uint32_t status;

    received.asked = 0;
    send_get_soh(client);
    answer_all(health, soh);
    status = take_soh(client);
    if (status || !received.asked)
        assert_true(status == S_OK || allocation_has_failed());
    return status;
}

/* Gets an SSoH with the health agent's SoH, at the second try at the latest: an allocation failure
 * in the agent is no statement about the machine. */
static void exchange_begins(struct client *client, struct client *health, const struct soh *soh)
{
    RETRIED(gather(client, health, soh), true);
    assert_entry(SHA, soh);
}

/* Lets time pass; the health agent answers its callbacks meanwhile. */
static void pass(struct client *health, const struct soh *soh)
{
    unsigned int i;

    answer_all(health, soh);
    for (i = 0; i < A_WHILE / 500; i++)
    {
        agent_advance(500);
        answer_all(health, soh);
    }
}

static void client_takes_change(struct client *client)
{
    struct napipc_message message;
    unsigned int changes = 0;

    while (client_next(client, &message))
    {
        assert_int_equal(message.type, NAPIPC_NOTIFY_SOH_CHANGE);
        assert_true(client_answer(client, message.type, message.call, S_OK));
        changes++;
    }
    assert_int_equal(changes, 1);
}

static bool add_cached(const struct soh *soh)
{
    bool added;

    agent.inside = true;
    added = engine_add_cached_soh(agent.engine, SHA, soh->bytes, sizeof(soh->bytes));
    agent.inside = false;
    return added;
}

static void enforce_by_policy(uint32_t id)
{
    struct engine_group_policy policy = {.decides = true, .enabled_count = 1, .enabled = {id}};

    agent.inside = true;
    engine_set_group_policy(agent.engine, &policy);
    agent.inside = false;
}

static void live(void)
{
    struct client *client = &agent.clients[0], *health = &agent.clients[1];
    struct napipc_message change = {.type = NAPIPC_SOH_CHANGE};
    struct soh soh = make_soh(SHA, 7), next = make_soh(SHA, 8);

    allocation_start();
    RETRIED(client_register(client, ENFORCER, QEC), !client_components(client, ENFORCER, 0).count);
    RETRIED(client_register(client, HEALTH_AGENT, SHA),
            !client_components(client, HEALTH_AGENT, 0).count);
    RETRIED(client_enable(client, ENFORCER, QEC, true), true);
    RETRIED(client_bind(client, QEC), true);
    RETRIED(agent_bind(health, SHA), true);

    object_init(&object, 1);
    exchange_begins(client, health, &soh);
    received = (struct received){0};
    fixup_state = FIXUP_IN_PROGRESS;
    RETRIED(respond(client, CLIENT_COMPONENT, E_FAIL),
            client_state(client).isolation.state == NOT_RESTRICTED);
    pass(health, &soh);
    /* It gets the state and the response, or at least a poll of its fix-up. */
    assert_int_equal(received.isolation, 1);
    assert_true(received.responses == 1 || allocation_has_failed());
    assert_true(received.fixups > 0);
    assert_true(health_of(client).fixup_known);
    assert_int_equal(client_waiting(client), 0);
    fixup_state = FIXUP_SUCCESS; /* "... is a system health change event" */
    pass(health, &soh);
    client_takes_change(client);

    exchange_begins(client, health, &next);
    assert_int_equal(client_ask(health, &change, NULL), S_OK);
    pass(health, &next);
    client_takes_change(client);

    agent_stop();
    allocation_start();
    if (!add_cached(&next))
    {
        assert_true(allocation_has_failed());
        assert_true(add_cached(&next));
    }
    RETRIED(client_bind(client, QEC), true);
    object_init(&object, 1);
    exchange_begins(client, health, &next); /* not bound: the cached SoH */
    RETRIED(agent_bind(health, SHA), true);
    enforce_by_policy(QEC + 1);
    send_get_soh(client);
    assert_int_equal(take_soh(client), NAP_E_ENTITY_DISABLED);
    enforce_by_policy(QEC);
    pass(health, &next);
    client_takes_change(client);
    exchange_begins(client, health, &soh);
    client_disconnect(health);
    agent_stop();
}

TEST(whichever_allocation_fails_nothing_is_lost)
{
    allocation_fails_one_by_one(live, 2, 30);
}

TEST_MAIN(NULL, NULL)
