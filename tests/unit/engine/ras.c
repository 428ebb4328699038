/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RAS connections: their sources, their handles, what a restarted agent still knows, and
 * notifications. The contract is docs/protocol.md, "RAS connections", and for the DLLs the pages of
 * ras.h.
 */
#include "tests/unit/engine/ras_client.h"

#include <stdio.h>

/* ---- interfaces ---- */

AGENT_TEST(tunnels_are_listed_and_networks_are_not)
{
    struct client *client = client_connect();
    struct napipc_ras_list_reply page;

    assert_int_equal(ras_listed(client, 0).count, 0);
    agent_interface("lo", 1, ENGINE_INTERFACE_LOOPBACK);
    agent_interface("eth0", 2, ENGINE_INTERFACE_ETHERNET);
    agent_interface("br0", 3, ENGINE_INTERFACE_BRIDGE);
    agent_interface("ppp0", 4, ENGINE_INTERFACE_PPP);
    agent_interface("sl0", 5, ENGINE_INTERFACE_SLIP);
    agent_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    agent_interface("wg0", 7, ENGINE_INTERFACE_WIREGUARD);
    agent_interface("other0", 8, ENGINE_INTERFACE_OTHER);
    agent_interface("tun1", 9, ENGINE_INTERFACE_TUN)->up = false;
    page = ras_listed(client, 0);
    assert_int_equal(page.count, 4);
    assert_true(string_is(page.connections[0].connection.entry_name, "ppp0"));
    assert_true(string_is(page.connections[1].connection.entry_name, "sl0"));
    assert_true(string_is(page.connections[2].connection.entry_name, "tun0"));
    assert_true(string_is(page.connections[3].connection.entry_name, "wg0"));
    assert_int_equal(page.connections[0].connection.source, NAPIPC_RAS_HOST);
    assert_true(page.connections[0].active);
    assert_true(page.connections[0].connection.handle < page.connections[1].connection.handle);
    assert_memory_not_equal(
            page.connections[0].connection.id.bytes, page.connections[1].connection.id.bytes, 16);
}

AGENT_TEST(patterns_name_what_the_host_does_not_tell)
{
    struct client *client = client_connect();
    struct napipc_message request = {.type = NAPIPC_RAS_GET_PATTERNS}, reply;

    agent_interface("vpn-office", 1, ENGINE_INTERFACE_OTHER);
    agent_interface("vpn", 2, ENGINE_INTERFACE_OTHER);
    agent_interface("nic7", 3, ENGINE_INTERFACE_OTHER);
    agent_interface("vpn-eth", 4, ENGINE_INTERFACE_ETHERNET);
    assert_int_equal(ras_listed(client, 0).count, 0);
    assert_int_equal(ras_set_patterns(client, "vpn-*\nnic?"), S_OK);
    assert_int_equal(ras_listed(client, 0).count, 2);
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    assert_true(string_is(reply.ras_patterns.patterns, "vpn-*\nnic?"));
    assert_int_equal(ras_set_patterns(client, "*v*p*n*o*"), S_OK);
    assert_int_equal(ras_listed(client, 0).count, 1);
    assert_int_equal(ras_set_patterns(client, "nic\nnic??\n\n?"), S_OK);
    assert_int_equal(ras_listed(client, 0).count, 0);
    client->administrator = false;
    assert_int_equal(ras_set_patterns(client, "*"), E_ACCESSDENIED);
    assert_int_equal(ras_listed(client, 0).count, 0);
    client->administrator = true;
    agent.store_result = E_DISK_FULL;
    assert_int_equal(ras_set_patterns(client, "*"), E_DISK_FULL);
    agent.store_result = S_OK;
    assert_int_equal(ras_listed(client, 0).count, 0);
}

AGENT_TEST(an_interface_that_goes_takes_its_handle_along)
{
    struct client *client = client_connect();
    struct napipc_ras_get_reply got;
    uint32_t handle, next;

    agent_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    handle = ras_listed(client, 0).connections[0].connection.handle;
    assert_int_equal(ras_get(client, handle, &got), S_OK);
    agent.interface_count = 0;
    assert_int_equal(ras_get(client, handle, &got), NO_CONNECTION);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_CLEAR, handle, NULL), NO_CONNECTION);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_HANG_UP, handle, NULL), NO_CONNECTION);
    /* A handle that nobody can have. */
    assert_int_equal(ras_get(client, handle + 1, &got), INVALID_HANDLE);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_HANG_UP, handle + 1, NULL), INVALID_HANDLE);
    assert_int_equal(ras_listed(client, 0).count, 0);
    /* Another device of that name is another connection. */
    agent_interface("tun0", 7, ENGINE_INTERFACE_TUN);
    next = ras_listed(client, 0).connections[0].connection.handle;
    assert_true(next > handle);
    /* Down and up again makes another one too. */
    agent.interfaces[0].up = false;
    assert_int_equal(ras_listed(client, 0).count, 0);
    agent.interfaces[0].up = true;
    assert_true(ras_listed(client, 0).connections[0].connection.handle > next);
}

AGENT_TEST(counters_and_addresses_are_the_interfaces)
{
    struct client *client = client_connect();
    struct engine_interface *interface = agent_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    struct napipc_ras_get_reply got;
    uint32_t handle;

    memcpy(interface->ipv4, "\x0a\x00\x00\x01", 4);
    memcpy(interface->ipv4_peer, "\x0a\x00\x00\x02", 4);
    memcpy(interface->ipv6, "\xfe\x80\0\0\0\0\0\0\1\2\3\4\5\6\7\x8", 16);
    interface->ipv6_prefix = 64;
    interface->bytes_in = UINT64_C(5000000000);
    interface->bytes_out = 700;
    interface->packets_in = 50;
    interface->packets_out = 7;
    interface->crc_errors = 3;
    interface->framing_errors = 2;
    interface->overruns = 1;
    interface->mtu = 1400;
    handle = ras_listed(client, 0).connections[0].connection.handle;
    agent_advance(2500);
    assert_int_equal(ras_get(client, handle, &got), S_OK);
    assert_true(got.link.known);
    assert_int_equal(got.duration, 2500);
    assert_memory_equal(got.link.ipv4, interface->ipv4, 4);
    assert_memory_equal(got.link.ipv4_peer, interface->ipv4_peer, 4);
    assert_memory_equal(got.link.ipv6, interface->ipv6, 16);
    assert_true(got.link.counters.bytes_in == UINT64_C(5000000000));
    assert_int_equal(got.link.counters.bytes_out, 700);
    assert_int_equal(got.link.counters.frames_in, 50);
    assert_int_equal(got.link.counters.frames_out, 7);
    assert_int_equal(got.link.counters.crc_errors, 3);
    assert_int_equal(got.link.counters.alignment_errors, 2);
    assert_int_equal(got.link.counters.overruns, 1);

    /* "clears any accumulated statistics": from then on they count from 0. */
    assert_int_equal(ras_ask(client, NAPIPC_RAS_CLEAR, handle, NULL), S_OK);
    interface->bytes_out += 11;
    assert_int_equal(ras_get(client, handle, &got), S_OK);
    assert_int_equal(got.link.counters.bytes_out, 11);
    assert_int_equal(got.link.counters.bytes_in, 0);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_CLEAR, handle + 1, NULL), INVALID_HANDLE);
}

AGENT_TEST(without_a_look_at_the_host_nothing_changes)
{
    struct client *client = client_connect();
    uint32_t handle;

    agent_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    handle = ras_listed(client, 0).connections[0].connection.handle;
    agent.interfaces_unknown = true;
    assert_int_equal(ras_listed(client, 0).count, 1);
    assert_int_equal(ras_listed(client, 0).connections[0].connection.handle, handle);
    assert_int_equal(agent_logged("ras"), 2); /* it is up; in one case that the host fails */
}

/* ---- the table ---- */

AGENT_TEST(an_administrator_adds_and_removes)
{
    struct client *client = client_connect();
    struct napipc_ras_get_reply got;
    struct napipc_message request;
    uint32_t handle, other, rejected;

    client->administrator = false;
    assert_int_equal(ras_add(client, "Office", "", 0, &handle), E_ACCESSDENIED);
    client->administrator = true;
    assert_int_equal(ras_add(client, "Office", "", 0, &handle), S_OK);
    assert_int_equal(ras_get(client, handle, &got), S_OK);
    assert_true(got.active);
    assert_false(got.link.known);
    assert_int_equal(got.connection.id.bytes[1], 0xA5); /* the agent made the id */
    assert_true(string_is(got.connection.entry_name, "Office"));
    /* One for each name, and for each ConnectionId. */
    assert_int_equal(ras_add(client, "Office", "", 0, &rejected), ALREADY_EXISTS);
    assert_int_equal(ras_add(client, "Home", "", 5, &other), S_OK);
    assert_int_equal(ras_add(client, "Hotel", "", 5, &rejected), ALREADY_EXISTS);
    request = ras_addition("Home", "", 6);
    request.ras_add.replace = true;
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    assert_int_equal(ras_get(client, other, &got), NO_CONNECTION);
    assert_int_equal(ras_listed(client, 0).count, 2);

    client->administrator = false;
    assert_int_equal(ras_ask(client, NAPIPC_RAS_REMOVE, handle, NULL), E_ACCESSDENIED);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_HANG_UP, handle, NULL), E_ACCESSDENIED);
    client->administrator = true;
    agent.store_result = E_DISK_FULL;
    assert_int_equal(ras_ask(client, NAPIPC_RAS_REMOVE, handle, NULL), E_DISK_FULL);
    agent.store_result = S_OK;
    assert_int_equal(ras_ask(client, NAPIPC_RAS_REMOVE, handle, NULL), S_OK);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_REMOVE, handle, NULL), INVALID_HANDLE);
    assert_int_equal(ras_listed(client, 0).count, 1);
}

AGENT_TEST(limits_of_the_table)
{
    struct client *client = client_connect();
    struct napipc_message request;
    char name[300];
    uint32_t handle, host, after = 0, seen = 0;
    struct napipc_ras_get_reply got;
    unsigned int i;
    bool more;

    memset(name, 'x', sizeof(name));
    name[257] = 0;
    assert_int_equal(ras_add(client, name, "", 0, &handle), E_INVALIDARG);
    assert_int_equal(ras_add(client, "", "", 0, &handle), E_INVALIDARG);
    name[256] = 0;
    assert_int_equal(ras_add(client, name, "", 0, &handle), S_OK);
    request = ras_addition("device", "", 0);
    name[17] = 0;
    request.ras_add.connection.device_type = text(name);
    assert_int_equal(client_ask(client, &request, NULL), E_INVALIDARG);
    for (i = 1; i < 64; i++)
    {
        snprintf(name, sizeof(name), "entry %u", i);
        assert_int_equal(ras_add(client, name, "", 0, &handle), S_OK);
    }
    host = handle;
    assert_int_equal(ras_add(client, "one more", "", 0, &handle), NOT_ENOUGH_QUOTA);
    /* An interface of the host's is listed all the same, and stays as it is: a description of it
     * would be one entry more. */
    agent_interface("ppp0", 4, ENGINE_INTERFACE_PPP);
    ras_listed(client, 0); /* the first page looks at the host */
    host = ras_listed(client, host).connections[0].connection.handle;
    assert_int_equal(ras_add(client, "Office", "ppp0", 0, &handle), NOT_ENOUGH_QUOTA);
    assert_int_equal(ras_get(client, host, &got), S_OK);
    assert_int_equal(got.connection.source, NAPIPC_RAS_HOST);
    assert_true(string_is(got.connection.entry_name, "ppp0"));
    assert_true(got.active);
    do
    {
        struct napipc_ras_list_reply page = ras_listed(client, after);

        for (i = 0; i < page.count; i++, seen++)
        {
            assert_true(page.connections[i].connection.handle > after);
            after = page.connections[i].connection.handle;
        }
        more = page.more;
        client->read = client->written = 0; /* the test client holds that many frames */
    } while (more);
    assert_int_equal(seen, 65);
}

/* None is issued twice, so there is an end. Those that were issued stay. */
AGENT_TEST(the_last_handle)
{
    struct client *client = client_connect();
    struct napipc_ras_get_reply got;
    uint32_t handle, rejected;

    agent_stop();
    agent.ras_last_handle = 0x7ffffffe;
    assert_true(agent_start());
    client_reconnect(client);
    assert_int_equal(ras_add(client, "Office", "", 0, &handle), S_OK);
    assert_int_equal(handle, 0x7fffffff);
    assert_int_equal(ras_add(client, "Home", "", 0, &rejected), LUIDS_EXHAUSTED);
    assert_int_equal(ras_get(client, handle, &got), S_OK);
    assert_int_equal(ras_listed(client, 0).count, 1);
    /* What comes by itself is not listed, and the log says so. */
    agent_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    assert_int_equal(ras_listed(client, 0).count, 1);
    assert_non_null(strstr(agent_log_text("ras"), "interface tun0 cannot be listed: 0x80070536"));
}

AGENT_TEST(an_entry_takes_its_interfaces_place)
{
    struct client *client = client_connect();
    struct napipc_ras_get_reply got;
    struct napipc_guid id;
    uint32_t handle, host;

    agent_interface("ppp0", 4, ENGINE_INTERFACE_PPP)->bytes_in = 77;
    host = ras_listed(client, 0).connections[0].connection.handle;
    id = ras_listed(client, 0).connections[0].connection.id;
    assert_int_equal(ras_add(client, "Office", "ppp0", 0, &handle), S_OK);
    assert_int_equal(handle, host);
    assert_int_equal(ras_listed(client, 0).count, 1);
    assert_int_equal(ras_get(client, handle, &got), S_OK);
    assert_true(string_is(got.connection.entry_name, "Office"));
    assert_memory_equal(got.connection.id.bytes, id.bytes, 16);
    assert_int_equal(got.link.counters.bytes_in, 77);
    /* Without its interface it is not active; with a new one of that name it is again. */
    agent.interface_count = 0;
    assert_int_equal(ras_get(client, handle, &got), S_OK);
    assert_false(got.active);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_CLEAR, handle, NULL), NO_CONNECTION);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_HANG_UP, handle, NULL), NO_CONNECTION);
    agent_interface("ppp0", 9, ENGINE_INTERFACE_PPP);
    assert_int_equal(ras_get(client, handle, &got), S_OK);
    assert_true(got.active);
    assert_int_equal(ras_listed(client, 0).count, 1);
    /* Without the entry the interface is listed by itself. */
    assert_int_equal(ras_ask(client, NAPIPC_RAS_REMOVE, handle, NULL), S_OK);
    assert_int_equal(ras_listed(client, 0).count, 1);
    assert_true(ras_listed(client, 0).connections[0].connection.handle > handle);
}

AGENT_TEST(hanging_up_without_a_hook)
{
    struct client *client = client_connect();
    struct napipc_ras_get_reply got;
    uint32_t handle, host;

    agent_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    host = ras_listed(client, 0).connections[0].connection.handle;
    assert_int_equal(ras_ask(client, NAPIPC_RAS_HANG_UP, host, NULL), HANGUP_FAILED);
    assert_int_equal(agent_logged("hook-missing"), 1);
    assert_int_equal(ras_get(client, host, &got), S_OK);
    assert_int_equal(ras_add(client, "Office", "", 0, &handle), S_OK);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_HANG_UP, handle, NULL), S_OK);
    assert_int_equal(ras_get(client, handle, &got), NO_CONNECTION);
    assert_int_equal(ras_ask(client, NAPIPC_RAS_HANG_UP, handle, NULL), NO_CONNECTION);
}

/* Answered when the hook has ended, with its result. */
AGENT_TEST(the_hook_hangs_up)
{
    struct client *client = client_connect(), *asker = client_connect();
    struct napipc_message request = {.type = NAPIPC_RAS_HANG_UP}, reply;
    struct napipc_ras_get_reply got;
    uint32_t handle, host;
    char number[16];

    agent.hook_result = S_OK;
    agent_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    host = ras_listed(client, 0).connections[0].connection.handle;
    request.ras_handle.handle = host;
    request.call = ++asker->call;
    assert_true(client_send(asker, &request));
    assert_int_equal(agent.hooks, 1);
    assert_string_equal(agent.hook_arguments[0], "hang-up");
    snprintf(number, sizeof(number), "%u", (unsigned int)host);
    assert_string_equal(agent.hook_arguments[1], number);
    assert_string_equal(agent.hook_arguments[5], "tun0");
    assert_string_equal(agent.hook_arguments[11], "tun0");
    assert_int_equal(client_waiting(asker), 0);
    agent_hook_ended(S_OK, 0);
    assert_true(client_next(asker, &reply));
    assert_int_equal(reply.status, S_OK);
    /* The connection is listed until its interface is gone. */
    assert_int_equal(ras_get(client, host, &got), S_OK);
    assert_true(got.active);

    assert_int_equal(ras_add(client, "Office", "", 0, &handle), S_OK);
    request.ras_handle.handle = handle;
    request.call = ++asker->call;
    assert_true(client_send(asker, &request));
    assert_string_equal(agent.hook_arguments[11], "Office");
    agent_hook_ended(S_OK, 1);
    assert_true(client_next(asker, &reply));
    assert_int_equal(reply.status, HANGUP_FAILED);
    assert_int_equal(ras_get(client, handle, &got), S_OK);
    request.call = ++asker->call;
    assert_true(client_send(asker, &request));
    client_disconnect(asker); /* the requesting client has ended; it is done all the same */
    agent_hook_ended(S_OK, 0);
    assert_int_equal(ras_get(client, handle, &got), NO_CONNECTION);
}

TEST_MAIN(NULL, NULL)
