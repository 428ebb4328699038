/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocation failures and the remote access server; see memory.c. Its table, the hook, counters,
 * notifications, and a restarted agent.
 */
#include "tests/unit/engine/allocation.h"
#include "tests/unit/engine/rras_client.h"

#define MANY 70 /* more than the table's first capacity */

static uint32_t listed(struct client *client)
{
    static struct napipc_rras_entry entries[MANY + 8];
    uint32_t remaining;

    return rras_page(client, 0, 0, &remaining, entries);
}

static uint32_t add(struct client *client, const char *user, const char *interface, uint32_t *id)
{
    struct napipc_message request = rras_addition(user, interface), reply;
    uint32_t status = client_ask(client, &request, &reply);

    if (!status)
        *id = reply.rras_add_reply.id;
    return status;
}

/* Makes a request that runs the hook. */
static uint32_t act(struct client *client, uint16_t type, uint32_t id)
{
    unsigned int before = agent.hooks;

    rras_begin(client, type, id);
    if (agent.hooks != before)
        agent_hook_ended(S_OK, 0);
    return rras_answered(client);
}

static void live(void)
{
    struct client *client = &agent.clients[0], *watcher = &agent.clients[1];
    struct napipc_message watch = {.type = NAPIPC_RRAS_WATCH};
    uint32_t id = 0, alice = 0, bob = 0, i;
    unsigned int hooks;

    agent.hook_result = S_OK;
    agent_interface("ppp0", 12, ENGINE_INTERFACE_PPP)->bytes_in = 1000;
    allocation_start();
    RETRIED(rras_set_server(client, true), !agent.rras_enabled);
    assert_int_equal(client_ask(watcher, &watch, NULL), S_OK);
    RETRIED(add(client, "alice", "", &alice), !listed(client));
    for (i = 0; i < MANY; i++)
    {
        RETRIED(add(client, "many", "", &id), listed(client) == 1 + i);
        assert_true(rras_notified(watcher));
    }
    RETRIED(add(client, "bob", "ppp0", &bob), listed(client) == 1 + MANY);
    assert_true(rras_notified(watcher));

    RETRIED(rras_set_quarantine(client, bob, NAPIPC_RRAS_PROBATION),
            rras_entry(client, bob).record.quarantine == NAPIPC_RRAS_NORMAL);
    assert_int_equal(agent.hooks, 1); /* it was notified in spite of allocation failures */
    agent_hook_ended(S_OK, 0);
    hooks = agent.hooks;
    RETRIED(act(client, NAPIPC_RRAS_REMOVE_QUARANTINE, bob),
            rras_entry(client, bob).record.quarantine == NAPIPC_RRAS_PROBATION);
    assert_true(agent.hooks > hooks);
    assert_int_equal(rras_entry(client, bob).record.quarantine, NAPIPC_RRAS_NORMAL);
    RETRIED(rras_ask(client, NAPIPC_RRAS_CLEAR_STATISTICS, bob), true);
    RETRIED(act(client, NAPIPC_RRAS_DISCONNECT, alice), listed(client) == 2 + MANY);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_GET, alice), E_NOT_CONNECTED);

    agent_stop();
    allocation_start();
    assert_int_equal(listed(client), 1 + MANY);
    assert_true(string_is(rras_entry(client, bob).record.user, "bob"));
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_REMOVE, bob), S_OK);
    agent_stop();
}

TEST(whichever_allocation_fails_nothing_is_lost)
{
    allocation_fails_one_by_one(live, 2, 100);
}

TEST_MAIN(NULL, NULL)
