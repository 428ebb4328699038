/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The connections of the remote access server: who may change them, which values are kept, how they
 * are listed, and actions on them.
 */
#include "tests/unit/engine/rras_client.h"

AGENT_TEST(only_administrators_see_or_change_it)
{
    static const uint16_t types[] = {NAPIPC_RRAS_REMOVE, NAPIPC_RRAS_GET, NAPIPC_RRAS_DISCONNECT,
            NAPIPC_RRAS_CLEAR_STATISTICS, NAPIPC_RRAS_REMOVE_QUARANTINE};
    struct client *other = client_connect();
    struct napipc_message request = rras_addition("alice", "");
    size_t i;

    other->administrator = false;
    assert_int_equal(client_ask(other, &request, NULL), E_ACCESSDENIED);
    assert_int_equal(rras_set_server(other, true), E_ACCESSDENIED);
    for (i = 0; i < sizeof(types) / sizeof(*types); i++)
        assert_int_equal(rras_ask(other, types[i], 1), E_ACCESSDENIED);
    request.type = NAPIPC_RRAS_GET_SERVER;
    assert_int_equal(client_ask(other, &request, NULL), E_ACCESSDENIED);
    request.type = NAPIPC_RRAS_WATCH;
    assert_int_equal(client_ask(other, &request, NULL), E_ACCESSDENIED);
    assert_int_equal(agent_logged("refused-access"), 9); /* once for each type of request */
    assert_int_equal(client_ask(other, &request, NULL), E_ACCESSDENIED);
    assert_int_equal(agent_logged("refused-access"), 9);
    assert_int_equal(agent.rras_writes, 0);
}

AGENT_TEST(what_acts_needs_the_server_on)
{
    struct client *client = client_connect();
    struct napipc_message request = {.type = NAPIPC_RRAS_WATCH};
    uint32_t id = rras_add(client, "alice", ""); /* the table may be filled in spite of that */

    assert_int_equal(rras_ask(client, NAPIPC_RRAS_GET, id), E_DDM_NOT_RUNNING);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_DISCONNECT, id), E_DDM_NOT_RUNNING);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_REMOVE_QUARANTINE, id), E_DDM_NOT_RUNNING);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_CLEAR_STATISTICS, id), E_DDM_NOT_RUNNING);
    assert_int_equal(client_ask(client, &request, NULL), E_DDM_NOT_RUNNING);
    request.type = NAPIPC_RRAS_LIST;
    request.rras_list.after = request.rras_list.limit = 0;
    request.rras_list.even_if_off = false;
    assert_int_equal(client_ask(client, &request, NULL), E_DDM_NOT_RUNNING);
    assert_int_equal(rras_set_server(client, true), S_OK);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_GET, id), S_OK);
    assert_true(agent.rras_enabled);
}

AGENT_TEST(records_are_kept_and_ids_not_used_again)
{
    struct client *client = rras_administrator();
    struct napipc_rras_entry entry;
    struct napipc_guid guid;
    uint32_t one = rras_add(client, "alice", ""), other = rras_add(client, "bob", ""), third;

    guid = rras_entry(client, one).record.guid;
    assert_int_equal(rras_entry(client, one).record.since, START_TIME);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_REMOVE, other), S_OK);
    agent_stop();
    assert_true(agent_start());
    client_reconnect(client);
    entry = rras_entry(client, one);
    assert_true(string_is(entry.record.user, "alice"));
    assert_memory_equal(entry.record.guid.bytes, guid.bytes, sizeof(guid));
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_GET, other), E_NOT_CONNECTED);
    third = rras_add(client, "carol", "");
    assert_true(third > other);
}

AGENT_TEST(what_cannot_be_stored_has_not_happened)
{
    struct client *client = rras_administrator();
    struct napipc_message request = rras_addition("bob", "");
    struct napipc_rras_entry entries[8];
    uint32_t id = rras_add(client, "alice", ""), remaining;

    agent.store_result = E_DISK_FULL;
    assert_int_equal(client_ask(client, &request, NULL), E_DISK_FULL);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_REMOVE, id), E_DISK_FULL);
    assert_int_equal(rras_set_quarantine(client, id, NAPIPC_RRAS_QUARANTINE), E_DISK_FULL);
    assert_int_equal(rras_set_server(client, false), E_DISK_FULL);
    assert_int_equal(rras_page(client, 0, 0, &remaining, entries), 1);
    assert_int_equal(entries[0].record.quarantine, NAPIPC_RRAS_NORMAL);
}

AGENT_TEST(a_guid_names_one_connection)
{
    struct client *client = rras_administrator();
    struct napipc_message request = rras_addition("alice", ""), reply;

    request.rras_add.record.guid.bytes[5] = 7;
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    assert_int_equal(client_ask(client, &request, NULL), E_ALREADY_EXISTS);
    request = rras_selection(NAPIPC_RRAS_REMOVE, 0);
    request.rras_select.selector.kind = NAPIPC_RRAS_BY_GUID;
    request.rras_select.selector.guid.bytes[5] = 7;
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    assert_int_equal(reply.rras_count_reply.count, 1);
    assert_int_equal(client_ask(client, &request, &reply), E_NOT_CONNECTED);
}

/* A port of the server has one connection. */
AGENT_TEST(a_user_is_on_a_port_once)
{
    struct client *client = rras_administrator();
    struct napipc_message request = rras_addition("alice", "");
    uint32_t writes;

    request.rras_add.record.port = text("VPN1");
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    writes = agent.rras_writes;
    assert_int_equal(client_ask(client, &request, NULL), E_ALREADY_EXISTS);
    assert_int_equal(agent.rras_writes, writes);
    request.rras_add.record.domain = text("OTHER");
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    request = rras_addition("alice", "");
    request.rras_add.record.port = text("VPN2");
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    /* Whoever has no port, or no name, is not known to be the same. */
    rras_add(client, "alice", "");
    rras_add(client, "alice", "");
    request.rras_add.record.user = text("");
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
}

/* Also by an update, and by one of several connections. */
AGENT_TEST(an_update_puts_no_user_on_a_port_twice)
{
    struct client *client = rras_administrator();
    struct napipc_message request = rras_addition("alice", "");
    uint32_t second;

    request.rras_add.record.port = text("VPN1");
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    second = rras_add(client, "alice", "ppp0");
    rras_add(client, "bob", "ppp0");
    request = rras_change(second, NAPIPC_RRAS_HAS_PORT);
    request.rras_update.record.port = text("VPN1");
    assert_int_equal(client_ask(client, &request, NULL), E_ALREADY_EXISTS);
    request.rras_update.record.port = text("VPN2");
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    assert_int_equal(client_ask(client, &request, NULL), S_OK); /* it is the same */
    request.rras_update.selector.kind = NAPIPC_RRAS_BY_INTERFACE;
    request.rras_update.selector.name = text("ppp0");
    request.rras_update.fields = NAPIPC_RRAS_HAS_PORT | NAPIPC_RRAS_HAS_USER;
    request.rras_update.record.user = text("carol");
    assert_int_equal(client_ask(client, &request, NULL), E_ALREADY_EXISTS);
}

/* A connection that is not kept is marked before it is stored, and both or none of it happens. */
AGENT_TEST(a_connection_ends_with_the_boot_unless_it_is_kept)
{
    struct client *client = rras_administrator();
    struct napipc_message request = rras_addition("alice", ""), reply;
    uint32_t id = rras_add(client, "bob", "");

    assert_int_equal(agent.rras_booted, id);
    request.rras_add.keep = true;
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    assert_int_equal(agent.rras_booted, id);
    agent.store_result = E_DISK_FULL;
    request.rras_add.keep = false;
    assert_int_equal(client_ask(client, &request, NULL), E_DISK_FULL);
    agent.store_result = S_OK;
    request.rras_add.keep = true;
    request.rras_add.record.interface_name = text("ppp0");
    assert_int_equal(client_ask(client, &request, NULL), E_INVALIDARG);
    /* One that gets an interface is kept no more. */
    id = reply.rras_add_reply.id;
    request = rras_change(id, NAPIPC_RRAS_HAS_INTERFACE);
    request.rras_update.record.interface_name = text("ppp0");
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    assert_int_equal(agent.rras_booted, id);
}

AGENT_TEST(an_interfaces_connections_go_together)
{
    struct client *client = rras_administrator();
    struct napipc_message request = rras_selection(NAPIPC_RRAS_REMOVE, 0), reply;
    struct napipc_rras_entry entries[8];
    uint32_t remaining;

    rras_add(client, "a", "ppp0");
    rras_add(client, "b", "ppp1");
    rras_add(client, "c", "ppp0");
    request.rras_select.selector.kind = NAPIPC_RRAS_BY_INTERFACE;
    request.rras_select.selector.name = text("ppp0");
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    assert_int_equal(reply.rras_count_reply.count, 2);
    assert_int_equal(rras_page(client, 0, 0, &remaining, entries), 1);
    assert_true(string_is(entries[0].record.user, "b"));
}

AGENT_TEST(pages_go_on_behind_the_last)
{
    struct client *client = rras_administrator();
    struct napipc_rras_entry entries[16];
    uint32_t ids[10], remaining, i;

    for (i = 0; i < 10; i++)
        ids[i] = rras_add(client, "u", "");
    assert_int_equal(rras_page(client, 0, 4, &remaining, entries), 4);
    assert_int_equal(remaining, 10);
    assert_int_equal(entries[3].id, ids[3]);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_REMOVE, ids[3]), S_OK);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_REMOVE, ids[5]), S_OK);
    assert_int_equal(rras_page(client, ids[3], 4, &remaining, entries), 4);
    assert_int_equal(remaining, 5);
    assert_int_equal(entries[0].id, ids[4]);
    assert_int_equal(entries[1].id, ids[6]);
    assert_int_equal(rras_page(client, ids[8], 4, &remaining, entries), 1);
    assert_int_equal(rras_page(client, ids[9], 4, &remaining, entries), 0);
    assert_int_equal(remaining, 0);
}

AGENT_TEST(a_page_ends_where_a_frame_is_full)
{
    static struct napipc_rras_entry entries[256];
    struct client *client = rras_administrator();
    struct napipc_message request = rras_addition("", "");
    uint8_t units[2 * NAPIPC_RRAS_MAX_STRING];
    uint32_t remaining, count, i;

    memset(units, 'x', sizeof(units));
    request.rras_add.record.device_name.units = units;
    request.rras_add.record.device_name.length = 256;
    request.rras_add.record.user = request.rras_add.record.device_name;
    request.rras_add.record.computer = request.rras_add.record.device_name;
    for (i = 0; i < 100; i++)
    {
        assert_int_equal(client_ask(client, &request, NULL), S_OK);
        memset(agent.rras, 0, sizeof(agent.rras)); /* the tests' store is small */
    }
    count = rras_page(client, 0, 0, &remaining, entries);
    assert_in_range(count, 70, 99);
    assert_int_equal(remaining, 100);
    assert_int_equal(rras_page(client, entries[count - 1].id, 0, &remaining, entries), 100 - count);
}

AGENT_TEST(counters_are_the_interfaces)
{
    struct client *client = rras_administrator();
    uint32_t id, other;

    agent_interface("ppp0", 12, ENGINE_INTERFACE_OTHER);
    agent.interfaces[0].bytes_in = 1000;
    agent.interfaces[0].packets_out = 7;
    id = rras_add(client, "alice", "ppp0");
    other = rras_add(client, "bob", "no-interface");
    assert_true(rras_entry(client, id).live.known);
    assert_int_equal(rras_entry(client, id).live.counters.bytes_in, 1000);
    assert_int_equal(rras_entry(client, id).live.counters.packets_out, 7);
    assert_false(rras_entry(client, other).live.known);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_CLEAR_STATISTICS, id), S_OK);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_CLEAR_STATISTICS, other), S_OK);
    agent.interfaces[0].bytes_in = 1500;
    agent_advance(100);
    assert_int_equal(rras_entry(client, id).live.counters.bytes_in, 500);
    assert_int_equal(rras_entry(client, id).live.counters.packets_out, 0);
    /* An interface whose counters restart */
    agent.interfaces[0].bytes_in = 40;
    agent_advance(100);
    assert_int_equal(rras_entry(client, id).live.counters.bytes_in, 40);
}

AGENT_TEST(connections_without_interface_ask_the_host_nothing)
{
    struct client *client = rras_administrator();
    struct napipc_rras_entry entries[8];
    unsigned int polls;
    uint32_t remaining;

    rras_add(client, "alice", "");
    polls = agent.interface_lists;
    rras_page(client, 0, 0, &remaining, entries);
    assert_int_equal(agent.interface_lists, polls);
}

AGENT_TEST(what_lost_its_interface_is_dropped_at_start)
{
    struct client *client = rras_administrator();
    struct napipc_rras_entry entries[8];
    uint32_t remaining, stays, label;

    agent_interface("ppp0", 12, ENGINE_INTERFACE_OTHER);
    agent_interface("ppp1", 13, ENGINE_INTERFACE_OTHER);
    agent_interface("ppp2", 14, ENGINE_INTERFACE_OTHER);
    stays = rras_add(client, "a", "ppp0");
    rras_add(client, "b", "ppp1");
    rras_add(client, "c", "ppp2");
    label = rras_add(client, "d", "VPN-4"); /* the host never had one of that name */
    agent.interface_count = 2;
    agent.interfaces[1].index = 20; /* ppp1 is another one now */
    agent_stop();
    assert_true(agent_start());
    client_reconnect(client);
    assert_int_equal(rras_page(client, 0, 0, &remaining, entries), 2);
    assert_int_equal(entries[0].id, stays);
    assert_int_equal(entries[1].id, label);
    /* If the host cannot list its interfaces, nothing is dropped. */
    agent.interfaces_unknown = true;
    agent_stop();
    assert_true(agent_start());
    client_reconnect(client);
    assert_int_equal(rras_page(client, 0, 0, &remaining, entries), 2);
}

AGENT_TEST(watchers_are_notified_of_changes)
{
    struct client *client = rras_administrator(), *watch = rras_watcher();
    uint32_t id = rras_add(client, "alice", "");

    assert_true(rras_notified(watch));
    assert_int_equal(rras_set_quarantine(client, id, NAPIPC_RRAS_NORMAL), S_OK);
    assert_false(rras_notified(watch)); /* unchanged */
    assert_int_equal(rras_set_quarantine(client, id, NAPIPC_RRAS_QUARANTINE), S_OK);
    assert_true(rras_notified(watch));
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_REMOVE_QUARANTINE, id), S_OK);
    assert_true(rras_notified(watch));
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_REMOVE_QUARANTINE, id), E_NOT_FOUND);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_DISCONNECT, id), S_OK);
    assert_true(rras_notified(watch));
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_DISCONNECT, id), E_NOT_CONNECTED);
    assert_false(rras_notified(watch));
}

AGENT_TEST(without_a_hook_the_hosts_connection_stays)
{
    struct client *client = rras_administrator();
    uint32_t id;

    agent_interface("ppp0", 12, ENGINE_INTERFACE_OTHER);
    id = rras_add(client, "alice", "ppp0");
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_DISCONNECT, id), E_NOT_SUPPORTED);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_GET, id), S_OK);
    agent.interface_count = 0;
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_DISCONNECT, id), S_OK);
}

AGENT_TEST(the_hook_disconnects)
{
    struct client *client = rras_administrator();
    uint32_t id;

    agent.hook_result = S_OK;
    agent_interface("ppp0", 12, ENGINE_INTERFACE_OTHER);
    id = rras_add(client, "alice", "ppp0");
    rras_begin(client, NAPIPC_RRAS_DISCONNECT, id);
    assert_int_equal(client_waiting(client), 0); /* not before the hook has ended */
    assert_int_equal(agent.hooks, 1);
    assert_string_equal(agent.hook_arguments[0], "disconnect");
    assert_string_equal(agent.hook_arguments[1], "1");
    assert_string_equal(agent.hook_arguments[3], "alice");
    assert_string_equal(agent.hook_arguments[5], "ppp0");
    assert_string_equal(agent.hook_arguments[10], "normal");
    agent_hook_ended(S_OK, 3);
    assert_int_equal(rras_answered(client), E_HANGUP_FAILED);
    rras_begin(client, NAPIPC_RRAS_DISCONNECT, id);
    agent_hook_ended(E_TIMEOUT_, 0);
    assert_int_equal(rras_answered(client), E_TIMEOUT_);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_GET, id), S_OK);
    rras_begin(client, NAPIPC_RRAS_DISCONNECT, id);
    engine_hook_ended(agent.engine, agent.hook_number + 5, S_OK, 0); /* nobody's id */
    assert_int_equal(client_waiting(client), 0);
    agent_hook_ended(S_OK, 0);
    assert_int_equal(rras_answered(client), S_OK);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_GET, id), E_NOT_CONNECTED);
    agent.hook_result = E_ACCESSDENIED;
    id = rras_add(client, "bob", "");
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_DISCONNECT, id), E_ACCESSDENIED);
    /* A sentence with the action, the connection, and where to look. */
    assert_string_equal(agent_log_text("hook-failed"),
            "the hook could not be started for the action \"disconnect\" on connection 2 (error "
            "0x80070005): check the file that the setting Hook names");
}

AGENT_TEST(the_hook_may_end_after_its_asker_or_the_connection)
{
    struct client *client = rras_administrator(), *other = client_connect();
    uint32_t id = rras_add(client, "alice", "");

    agent.hook_result = S_OK;
    rras_begin(other, NAPIPC_RRAS_DISCONNECT, id);
    client_disconnect(other);
    agent_hook_ended(S_OK, 0);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_GET, id), E_NOT_CONNECTED);
    id = rras_add(client, "bob", "");
    rras_begin(client, NAPIPC_RRAS_DISCONNECT, id);
    assert_int_equal(rras_ask(client, NAPIPC_RRAS_REMOVE, id), S_OK); /* its own script was first */
    agent_hook_ended(S_OK, 0);
    assert_int_equal(rras_answered(client), S_OK);
    rras_begin(client, NAPIPC_RRAS_DISCONNECT, rras_add(client, "carol", ""));
    agent_stop(); /* while a hook runs */
    assert_true(agent_start());
}

AGENT_TEST(the_hook_is_run_at_quarantine)
{
    struct client *client = rras_administrator();
    uint32_t id = rras_add(client, "alice", "");

    agent.hook_result = S_OK;
    assert_int_equal(rras_set_quarantine(client, id, NAPIPC_RRAS_PROBATION), S_OK);
    assert_string_equal(agent.hook_arguments[0], "quarantine-changed");
    assert_string_equal(agent.hook_arguments[10], "probation");
    agent_hook_ended(S_OK, 1); /* only logged */
    assert_int_equal(agent_logged("hook-failed"), 1);
    assert_int_equal(client_waiting(client), 0);
    rras_begin(client, NAPIPC_RRAS_REMOVE_QUARANTINE, id);
    assert_string_equal(agent.hook_arguments[0], "remove-quarantine");
    assert_string_equal(agent.hook_arguments[10], "normal");
    agent_hook_ended(S_OK, 1);
    assert_int_equal(rras_answered(client), E_GEN_FAILURE);
    assert_int_equal(rras_entry(client, id).record.quarantine, NAPIPC_RRAS_PROBATION);
    rras_begin(client, NAPIPC_RRAS_REMOVE_QUARANTINE, id);
    agent_hook_ended(S_OK, 0);
    assert_int_equal(rras_answered(client), S_OK);
    assert_int_equal(rras_entry(client, id).record.quarantine, NAPIPC_RRAS_NORMAL);
}

TEST_MAIN(NULL, NULL)
