/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RAS connections: their NAP state, what a restarted agent still knows, and notifications. The
 * contract is docs/protocol.md, "RAS connections".
 */
#include "tests/unit/engine/ras_client.h"

static const struct decided not_restricted = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};
static const struct decided in_probation = {IN_PROBATION, 0, START_TIME + SECONDS(3600), NULL};
static const struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, NULL};

AGENT_TEST(the_client_s_connections_are_listed)
{
    struct client *qec = client_bound(REMOTE_ACCESS), *client = client_connect();
    struct client *other = client_bound(79617);
    static struct object object, dhcp;
    struct napipc_ras_list_reply page;
    struct napipc_message reply;
    uint32_t handle, value;

    object_init(&object, 7);
    object_init(&dhcp, 8);
    object_decide(other, &dhcp, &restricted);
    object_decide(qec, &object, &not_restricted);
    page = ras_listed(client, 0);
    assert_int_equal(page.count, 1);
    assert_int_equal(page.connections[0].connection.source, NAPIPC_RAS_CLIENT);
    assert_memory_equal(page.connections[0].connection.id.bytes, object.id.bytes, 16);
    handle = page.connections[0].connection.handle;
    assert_int_equal(ras_nap_state(client, handle, &value), S_OK);
    assert_int_equal(value, NOT_RESTRICTED);
    object_decide(qec, &object, &in_probation);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_NAP_STATUS, handle, &reply), S_OK);
    assert_int_equal(reply.ras_nap_status_reply.state, IN_PROBATION);
    assert_true(reply.ras_nap_status_reply.probation_end == in_probation.probation_end);
    object_decide(qec, &object, &restricted);
    assert_int_equal(ras_nap_state(client, handle, &value), S_OK);
    assert_int_equal(value, RESTRICTED);

    assert_int_equal(object_down(qec, &object), S_OK);
    assert_int_equal(ras_nap_state(client, handle, &value), NO_CONNECTION);
    assert_int_equal(ras_nap_state(client, handle + 1, &value), INVALID_HANDLE);
    assert_int_equal(ras_nap_state(client, 0, &value), INVALID_HANDLE);
    assert_int_equal(ras_nap_state(client, UINT32_MAX, &value), INVALID_HANDLE);
    assert_int_equal(ras_listed(client, 0).count, 0);
}

AGENT_TEST(the_connection_id_is_what_finds_the_state)
{
    struct client *qec = client_bound(REMOTE_ACCESS), *client = client_connect();
    static struct object object, nameless;
    uint32_t handle, value;

    object_init(&object, 7);
    assert_int_equal(ras_add(client, "Office", "", 0, &handle), S_OK);
    assert_int_equal(ras_nap_state(client, handle, &value), NOT_NAP_CAPABLE);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_REMOVE, handle, NULL), S_OK);
    {
        struct napipc_message request = ras_addition("Office", "", 0), reply;

        request.ras_add.connection.id = object.id;
        assert_int_equal(client_ask(client, &request, &reply), S_OK);
        handle = reply.ras_add_reply.handle;
    }
    /* Without a decision there is no state. */
    assert_int_equal(object_get_soh(qec, &object), S_OK);
    assert_int_equal(ras_nap_state(client, handle, &value), NOT_NAP_CAPABLE);
    object_decide(qec, &object, &restricted);
    assert_int_equal(ras_nap_state(client, handle, &value), S_OK);
    assert_int_equal(value, RESTRICTED);
    assert_int_equal(ras_listed(client, 0).count, 1); /* one connection of two sources */

    /* GUID_NULL never matches. */
    object_init(&nameless, 0);
    object_decide(qec, &nameless, &restricted);
    assert_int_equal(ras_listed(client, 0).count, 2);
    handle = ras_listed(client, 0).connections[1].connection.handle;
    assert_int_equal(ras_nap_state(client, handle, &value), NOT_NAP_CAPABLE);
}

AGENT_TEST(asking_for_the_state_does_not_look_at_the_host)
{
    struct client *qec = client_bound(REMOTE_ACCESS), *client = client_connect();
    static struct object object;
    uint32_t handle, value;
    unsigned int lists;

    object_init(&object, 7);
    object_decide(qec, &object, &restricted);
    handle = ras_listed(client, 0).connections[0].connection.handle;
    lists = agent.interface_lists;
    assert_int_equal(ras_nap_state(client, handle, &value), S_OK);
    assert_int_equal(agent.interface_lists, lists);
}

/* ---- a restarted agent ---- */

AGENT_TEST(handles_outlive_the_agent)
{
    struct client *qec = client_bound(REMOTE_ACCESS), *client = client_connect();
    static struct object object;
    struct napipc_ras_list_reply before, after;
    struct napipc_ras_get_reply got;
    uint32_t handle, gone, value, call;
    uint16_t i;

    agent_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    agent_interface("tun1", 7, ENGINE_INTERFACE_TUN);
    assert_int_equal(ras_listed(client, 0).count, 2);
    assert_int_equal(ras_add(client, "Office", "", 9, &handle), S_OK);
    assert_int_equal(ras_add(client, "Gone", "", 0, &gone), S_OK);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_REMOVE, gone, NULL), S_OK);
    object_init(&object, 7);
    object_decide(qec, &object, &restricted);
    before = ras_listed(client, 0);
    assert_int_equal(before.count, 4);

    agent_stop();
    assert_true(agent_start());
    client_reconnect(client);
    /* The enforcement client has not come back yet: its connection is kept for it. */
    after = ras_listed(client, 0);
    assert_int_equal(after.count, 4);
    assert_false(after.connections[3].active);
    client_reconnect(qec);
    assert_int_equal(client_bind_again(qec, REMOTE_ACCESS), S_OK);
    call = client_called(qec, NAPIPC_GET_CONNECTIONS);
    assert_true(client_report(qec, call, &object, 1));
    after = ras_listed(client, 0);
    assert_int_equal(after.count, 4);
    for (i = 0; i < 4; i++)
    {
        assert_int_equal(
                after.connections[i].connection.handle, before.connections[i].connection.handle);
        assert_memory_equal(after.connections[i].connection.id.bytes,
                before.connections[i].connection.id.bytes, 16);
        assert_true(after.connections[i].active);
    }
    assert_int_equal(ras_nap_state(client, before.connections[3].connection.handle, &value), S_OK);
    assert_int_equal(value, RESTRICTED);
    /* The handle of a removed connection is not reused. */
    assert_int_equal(ras_get(client, gone, &got), NO_CONNECTION);
    assert_int_equal(ras_add(client, "New", "", 0, &handle), S_OK);
    assert_true(handle > before.connections[3].connection.handle);
    assert_true(handle > gone);
}

AGENT_TEST(an_enforcement_client_that_stays_away_is_forgotten)
{
    struct client *qec = client_bound(REMOTE_ACCESS), *client = client_connect();
    static struct object object;

    object_init(&object, 7);
    object_decide(qec, &object, &restricted);
    assert_int_equal(ras_listed(client, 0).count, 1);
    agent_stop();
    assert_true(agent_start());
    client_reconnect(client);
    assert_int_equal(ras_listed(client, 0).count, 1);
    agent_advance(61000);
    assert_int_equal(ras_listed(client, 0).count, 0);
}

AGENT_TEST(a_handle_is_in_the_store_before_it_is_used)
{
    struct client *client = client_connect();
    uint32_t handle;

    agent.store_result = E_DISK_FULL;
    agent_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    assert_int_equal(ras_listed(client, 0).count, 0);
    assert_int_equal(ras_add(client, "Office", "", 0, &handle), E_DISK_FULL);
    agent.store_result = S_OK;
    assert_int_equal(ras_listed(client, 0).count, 1);
    assert_int_equal(ras_add(client, "Office", "", 0, &handle), S_OK);
    assert_int_equal(agent.ras_last_handle, handle);
}

/* ---- watching ---- */

static void expect_change(struct client *client, uint32_t handle, bool connected)
{
    struct napipc_message notification;

    assert_true(client_next(client, &notification));
    assert_int_equal(notification.type, NAPIPC_RAS_CHANGED);
    assert_int_equal(notification.ras_changed.handle, handle);
    assert_int_equal(notification.ras_changed.connected, connected);
}

AGENT_TEST(watchers_are_notified_of_changes)
{
    struct client *watcher = client_connect(), *client = client_connect();
    struct client *qec = client_bound(REMOTE_ACCESS);
    struct napipc_message request = {.type = NAPIPC_RAS_WATCH};
    static struct object object;
    uint32_t handle, host;

    agent_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    assert_int_equal(client_ask(watcher, &request, NULL), S_OK);
    assert_int_equal(client_waiting(watcher), 0); /* existing connections cause no notification */
    host = ras_listed(client, 0).connections[0].connection.handle;
    assert_int_equal(ras_add(client, "Office", "", 0, &handle), S_OK);
    expect_change(watcher, handle, true);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_REMOVE, handle, NULL), S_OK);
    expect_change(watcher, handle, false);
    agent.interface_count = 0;
    assert_int_equal(client_waiting(watcher), 0);
    agent_advance(1000);
    expect_change(watcher, host, false);
    agent_interface("tun0", 7, ENGINE_INTERFACE_TUN);
    agent_advance(1000);
    expect_change(watcher, handle + 1, true);
    object_init(&object, 7);
    assert_int_equal(object_get_soh(qec, &object), S_OK);
    expect_change(watcher, handle + 2, true);
    client_disconnect(qec);
    expect_change(watcher, handle + 2, false);
    assert_int_equal(client_waiting(watcher), 0);
}

AGENT_TEST(the_host_is_polled_only_while_somebody_watches)
{
    struct client *watcher = client_connect();
    struct napipc_message request = {.type = NAPIPC_RAS_WATCH};
    unsigned int lists;

    agent_advance(10000);
    assert_int_equal(agent.interface_lists, 0);
    assert_int_equal(client_ask(watcher, &request, NULL), S_OK);
    lists = agent.interface_lists;
    agent_advance(10000);
    assert_int_equal(agent.interface_lists, lists + 10);
    client_disconnect(watcher);
    agent_advance(10000);
    assert_int_equal(agent.interface_lists, lists + 10);
}

/* Polling has a budget of one second at once, then a tenth of the time, for all requests, RAS or
 * RRAS. */
AGENT_TEST(looking_at_the_host_has_a_budget)
{
    struct client *client = client_connect();
    unsigned int lists, i;

    agent.interfaces_take = 400000;
    for (i = 0; i < 10; i++)
        ras_listed(client, 0);
    assert_int_equal(agent.interface_lists, 3);
    agent_interface("tun0", 7, ENGINE_INTERFACE_TUN);
    assert_int_equal(ras_listed(client, 0).count, 0);
    lists = agent.interface_lists;
    agent_advance(10000);
    assert_int_equal(ras_listed(client, 0).count, 1);
    for (i = 0; i < 10; i++)
        ras_listed(client, 0);
    assert_int_equal(agent.interface_lists, lists + 2);
}

TEST_MAIN(NULL, NULL)
