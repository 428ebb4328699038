/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocation failures and RAS connections; see memory.c. Patterns, the host's interfaces, the
 * table, the hook, the Remote Access enforcement client, notifications, and a restarted agent.
 */
#include "tests/unit/engine/allocation.h"
#include "tests/unit/engine/ras_client.h"

static struct object object;

static uint16_t count(struct client *client)
{
    return ras_listed(client, 0).count;
}

/* The host's interfaces are listed, at the second try at the latest. */
static struct napipc_ras_list_reply listed(struct client *client, uint16_t expected)
{
    struct napipc_ras_list_reply page = ras_listed(client, 0);

    if (page.count != expected)
    {
        assert_true(allocation_has_failed());
        page = ras_listed(client, 0);
    }
    assert_int_equal(page.count, expected);
    return page;
}

static bool is_listed(struct client *client, uint32_t handle)
{
    struct napipc_ras_get_reply got;

    return ras_get(client, handle, &got) == S_OK && got.active;
}

static bool has_patterns(struct client *client, const char *expected)
{
    struct napipc_message request = {.type = NAPIPC_RAS_GET_PATTERNS}, reply;
    struct napipc_string stored = {agent.ras_patterns, agent.ras_patterns_length};

    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    return string_is(reply.ras_patterns.patterns, expected) && string_is(stored, expected);
}

static uint32_t replace(struct client *client, uint32_t *handle)
{
    struct napipc_message request = ras_addition("Office", "", 0), reply;
    uint32_t status;

    request.ras_add.replace = true;
    if (!(status = client_ask(client, &request, &reply)))
        *handle = reply.ras_add_reply.handle;
    return status;
}

static uint32_t hang_up(struct client *client, uint32_t handle)
{
    struct napipc_message request = {.type = NAPIPC_RAS_HANG_UP}, reply;
    unsigned int before = agent.hooks;

    request.ras_handle.handle = handle;
    request.call = ++client->call;
    assert_true(client_send(client, &request));
    if (agent.hooks != before)
        agent_hook_ended(S_OK, 0);
    assert_true(client_next(client, &reply));
    return reply.status;
}

static void enforce(struct client *client)
{
    static const struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    static uint8_t response[SOH_MAX_PACKET_SIZE];
    size_t size;

    RETRIED(client_register(client, ENFORCER, REMOTE_ACCESS), true);
    RETRIED(client_enable(client, ENFORCER, REMOTE_ACCESS, true), true);
    RETRIED(client_bind(client, REMOTE_ACCESS), true);
    object_init(&object, 7);
    RETRIED(object_get_soh(client, &object), true);
    size = object_response(&object, &restricted, response);
    RETRIED(object_process(client, &object, response, size), true);
}

static void live(void)
{
    struct client *client = &agent.clients[0], *watcher = &agent.clients[1];
    struct client *enforcer = &agent.clients[2];
    struct napipc_message watch = {.type = NAPIPC_RAS_WATCH}, notification;
    uint32_t office = 0, replaced = 0, tunnel = 0, state, last;
    struct napipc_ras_list_reply before, after;
    unsigned int i;

    agent.hook_result = S_OK;
    allocation_start();
    assert_int_equal(client_ask(watcher, &watch, NULL), S_OK);
    RETRIED(ras_set_patterns(client, "vpn-*"), has_patterns(client, ""));
    RETRIED(ras_set_patterns(client, "vpn-a"), has_patterns(client, "vpn-*"));
    assert_true(has_patterns(client, "vpn-a"));
    agent_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    agent_interface("vpn-a", 7, ENGINE_INTERFACE_OTHER);
    agent_advance(1000);
    listed(client, 2);

    RETRIED(ras_add(client, "Office", "", 0, &office), count(client) == 2);
    listed(client, 3);
    RETRIED(ras_add(client, "Tunnel", "tun0", 0, &tunnel), count(client) == 3);
    listed(client, 3);
    RETRIED(replace(client, &replaced), is_listed(client, office) && count(client) == 3);
    assert_false(is_listed(client, office));
    assert_true(is_listed(client, replaced));
    agent.interfaces[0].bytes_in = 9;
    RETRIED(ras_ask(client, NAPIPC_RAS_CLEAR, tunnel, NULL), is_listed(client, tunnel));
    RETRIED(hang_up(client, replaced), is_listed(client, replaced));
    assert_false(is_listed(client, replaced));

    enforce(enforcer);
    before = listed(client, 3);
    last = before.connections[2].connection.handle;
    assert_int_equal(ras_nap_state(client, last, &state), S_OK);
    assert_int_equal(state, RESTRICTED);
    client->read = client->written = watcher->read = watcher->written = 0;

    agent_stop();
    allocation_start();
    after = listed(client, 3);
    for (i = 0; i < 3; i++)
        assert_int_equal(
                after.connections[i].connection.handle, before.connections[i].connection.handle);
    assert_true(has_patterns(client, "vpn-a"));
    assert_int_equal(client_ask(watcher, &watch, NULL), S_OK);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_REMOVE, tunnel, NULL), S_OK);
    listed(client, 3); /* the interface is listed by itself again */
    agent.interface_count = 0;
    for (i = 0; i < 2; i++)
        agent_advance(1000);
    while (client_next(watcher, &notification))
        assert_int_equal(notification.type, NAPIPC_RAS_CHANGED);
    assert_int_equal(notification.ras_changed.connected, false);
    agent_stop();
}

TEST(whichever_allocation_fails_nothing_is_lost)
{
    allocation_fails_one_by_one(live, 3, 40);
}

static uint32_t dial(struct client *client, uint32_t *handle)
{
    struct napipc_message request = {.type = NAPIPC_RAS_DIAL}, reply;
    uint32_t status;

    request.ras_dial.connection.source = NAPIPC_RAS_DIALED;
    request.ras_dial.connection.entry_name = text("Office");
    request.ras_dial.password = text("secret");
    if (!(status = client_ask(client, &request, &reply)))
        *handle = reply.ras_dial_reply.handle;
    return status;
}

static uint32_t hang_up_dialed(struct client *client, uint32_t handle)
{
    struct napipc_message request = {.type = NAPIPC_RAS_HANG_UP}, reply;
    unsigned int before = agent.dialers;

    request.ras_handle.handle = handle;
    request.call = ++client->call;
    assert_true(client_send(client, &request));
    if (agent.dialers != before)
        agent_dialer_ended(S_OK, 0);
    assert_true(client_next(client, &reply));
    return reply.status;
}

/* Dials, and the dialer says that it has connected. */
static uint32_t connect(struct client *client)
{
    uint32_t handle = 0;

    RETRIED(dial(client, &handle), count(client) == 0);
    agent_dialer_line("state authenticate");
    agent_dialer_line("interface tun0");
    agent_dialer_ended(S_OK, 0);
    return handle;
}

static void dialing(void)
{
    struct client *client = &agent.clients[0];
    struct napipc_ras_get_reply got;
    uint32_t handle, begun;

    agent.dialer_result = S_OK;
    allocation_start();
    handle = connect(client);
    begun = agent.dialers;
    assert_int_equal(ras_get(client, handle, &got), S_OK);
    if (!got.active)
    {
        /* It has no record: what was connected is hung up, if there is memory for that. */
        assert_true(allocation_has_failed());
        assert_int_equal(got.error, 14);
        if (!strcmp(agent.dialer_arguments[0], "hang-up"))
            agent_dialer_ended(S_OK, 0);
        assert_int_equal(begun, 2);
        assert_int_equal(ras_ask(client, NAPIPC_RAS_HANG_UP, handle, NULL), S_OK);
        handle = connect(client);
    }
    assert_true(is_listed(client, handle));
    RETRIED(hang_up_dialed(client, handle), is_listed(client, handle));
    assert_false(is_listed(client, handle));
    RETRIED(dial(client, &handle), count(client) == 0);
    client_disconnect(client);
    agent_dialer_ended(S_OK, 1);
    agent_stop();
}

TEST(whichever_allocation_fails_an_attempt_has_an_end)
{
    allocation_fails_one_by_one(dialing, 1, 8);
}

TEST_MAIN(NULL, NULL)
