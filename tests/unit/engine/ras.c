/*
 * RAS connections: where they come from, their handles, what an agent that was
 * started again still knows, who hears of changes. The contract is docs/protocol.md,
 * "RAS connections", and for what DLLs make of it the pages of ras.h.
 */
#include "tests/unit/engine/agent.h"

#include <stdio.h>

#define INVALID_HANDLE UINT32_C(0x80070006)
#define ALREADY_EXISTS UINT32_C(0x800700B7)
#define NOT_FOUND UINT32_C(0x80070490)
#define NOT_ENOUGH_QUOTA UINT32_C(0x80070718)
#define NO_CONNECTION UINT32_C(0x8007029C)
#define HANGUP_FAILED UINT32_C(0x800702F1)
#define NOT_NAP_CAPABLE UINT32_C(0x80070344)

#define REMOTE_ACCESS 79618

static uint8_t units[64][600];
static unsigned int units_used;

static struct napipc_string text(const char *ascii)
{
    struct napipc_string string = {units[units_used], 0};

    for (; ascii[string.length]; string.length++)
    {
        units[units_used][2 * string.length] = (uint8_t)ascii[string.length];
        units[units_used][2 * string.length + 1] = 0;
    }
    units_used = (units_used + 1) % 64;
    return string;
}

static struct engine_interface *put_interface(
        const char *name, uint32_t index, enum engine_interface_kind kind)
{
    struct engine_interface *interface = &agent.interfaces[agent.interface_count++];

    memset(interface, 0, sizeof(*interface));
    snprintf(interface->name, sizeof(interface->name), "%s", name);
    interface->index = index;
    interface->kind = kind;
    interface->up = true;
    return interface;
}

static struct napipc_ras_list_reply listed(struct client *client, uint32_t after)
{
    struct napipc_message request = {.type = NAPIPC_RAS_LIST}, reply;

    request.ras_list.after = after;
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    return reply.ras_list_reply;
}

static uint32_t ask(struct client *client, uint16_t type, uint32_t handle,
        struct napipc_message *reply)
{
    struct napipc_message request = {.type = type};

    request.ras_handle.handle = handle;
    return client_ask(client, &request, reply);
}

static uint32_t get(struct client *client, uint32_t handle, struct napipc_ras_get_reply *got)
{
    struct napipc_message reply;
    uint32_t status = ask(client, NAPIPC_RAS_GET, handle, &reply);

    *got = reply.ras_get_reply;
    return status;
}

static uint32_t nap_state(struct client *client, uint32_t handle, uint32_t *state)
{
    struct napipc_message reply;
    uint32_t status = ask(client, NAPIPC_RAS_NAP_STATUS, handle, &reply);

    if (!status)
        *state = reply.ras_nap_status_reply.state;
    return status;
}

static struct napipc_message addition(const char *entry, const char *interface, uint8_t id)
{
    struct napipc_message request = {.type = NAPIPC_RAS_ADD};

    request.ras_add.connection.source = NAPIPC_RAS_TABLE;
    request.ras_add.connection.id.bytes[0] = id;
    request.ras_add.connection.entry_name = text(entry);
    request.ras_add.connection.device_type = text("vpn");
    request.ras_add.connection.interface_name = text(interface);
    return request;
}

static uint32_t add(struct client *client, const char *entry, const char *interface, uint8_t id,
        uint32_t *handle)
{
    struct napipc_message request = addition(entry, interface, id), reply;
    uint32_t status = client_ask(client, &request, &reply);

    *handle = 0;
    if (!status)
        *handle = reply.ras_add_reply.handle;
    return status;
}

static uint32_t set_patterns(struct client *client, const char *patterns)
{
    struct napipc_message request = {.type = NAPIPC_RAS_SET_PATTERNS};

    request.ras_patterns.patterns = text(patterns);
    return client_ask(client, &request, NULL);
}

/* ---- interfaces ---- */

static void tunnels_are_listed_and_networks_are_not(void **state)
{
    struct client *client = client_connect();
    struct napipc_ras_list_reply page;

    (void)state;
    assert_int_equal(listed(client, 0).count, 0);
    put_interface("lo", 1, ENGINE_INTERFACE_LOOPBACK);
    put_interface("eth0", 2, ENGINE_INTERFACE_ETHERNET);
    put_interface("br0", 3, ENGINE_INTERFACE_BRIDGE);
    put_interface("ppp0", 4, ENGINE_INTERFACE_PPP);
    put_interface("sl0", 5, ENGINE_INTERFACE_SLIP);
    put_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    put_interface("wg0", 7, ENGINE_INTERFACE_WIREGUARD);
    put_interface("other0", 8, ENGINE_INTERFACE_OTHER);
    put_interface("tun1", 9, ENGINE_INTERFACE_TUN)->up = false;
    page = listed(client, 0);
    assert_int_equal(page.count, 4);
    assert_true(string_is(page.connections[0].connection.entry_name, "ppp0"));
    assert_true(string_is(page.connections[1].connection.entry_name, "sl0"));
    assert_true(string_is(page.connections[2].connection.entry_name, "tun0"));
    assert_true(string_is(page.connections[3].connection.entry_name, "wg0"));
    assert_int_equal(page.connections[0].connection.source, NAPIPC_RAS_HOST);
    assert_true(page.connections[0].active);
    assert_true(page.connections[0].connection.handle < page.connections[1].connection.handle);
    assert_memory_not_equal(page.connections[0].connection.id.bytes,
            page.connections[1].connection.id.bytes, 16);
}

static void patterns_name_what_the_host_does_not_tell(void **state)
{
    struct client *client = client_connect();
    struct napipc_message request = {.type = NAPIPC_RAS_GET_PATTERNS}, reply;

    (void)state;
    put_interface("vpn-office", 1, ENGINE_INTERFACE_OTHER);
    put_interface("vpn", 2, ENGINE_INTERFACE_OTHER);
    put_interface("nic7", 3, ENGINE_INTERFACE_OTHER);
    put_interface("vpn-eth", 4, ENGINE_INTERFACE_ETHERNET);
    assert_int_equal(listed(client, 0).count, 0);
    assert_int_equal(set_patterns(client, "vpn-*\nnic?"), S_OK);
    assert_int_equal(listed(client, 0).count, 2);
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    assert_true(string_is(reply.ras_patterns.patterns, "vpn-*\nnic?"));
    assert_int_equal(set_patterns(client, "*v*p*n*o*"), S_OK);
    assert_int_equal(listed(client, 0).count, 1);
    assert_int_equal(set_patterns(client, "nic\nnic??\n\n?"), S_OK);
    assert_int_equal(listed(client, 0).count, 0);
    client->administrator = false;
    assert_int_equal(set_patterns(client, "*"), E_ACCESSDENIED);
    assert_int_equal(listed(client, 0).count, 0);
    client->administrator = true;
    agent.store_result = E_DISK_FULL;
    assert_int_equal(set_patterns(client, "*"), E_DISK_FULL);
    agent.store_result = S_OK;
    assert_int_equal(listed(client, 0).count, 0);
}

static void an_interface_that_goes_takes_its_handle_along(void **state)
{
    struct client *client = client_connect();
    struct napipc_ras_get_reply got;
    uint32_t handle, next;

    (void)state;
    put_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    handle = listed(client, 0).connections[0].connection.handle;
    assert_int_equal(get(client, handle, &got), S_OK);
    agent.interface_count = 0;
    assert_int_equal(get(client, handle, &got), INVALID_HANDLE);
    assert_int_equal(listed(client, 0).count, 0);
    /* Another device of that name is another connection. */
    put_interface("tun0", 7, ENGINE_INTERFACE_TUN);
    next = listed(client, 0).connections[0].connection.handle;
    assert_true(next > handle);
    /* Down and up again is another one too. */
    agent.interfaces[0].up = false;
    assert_int_equal(listed(client, 0).count, 0);
    agent.interfaces[0].up = true;
    assert_true(listed(client, 0).connections[0].connection.handle > next);
}

static void counters_and_addresses_are_the_interfaces(void **state)
{
    struct client *client = client_connect();
    struct engine_interface *interface = put_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    struct napipc_ras_get_reply got;
    uint32_t handle;

    (void)state;
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
    handle = listed(client, 0).connections[0].connection.handle;
    agent_advance(2500);
    assert_int_equal(get(client, handle, &got), S_OK);
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
    assert_int_equal(ask(client, NAPIPC_RAS_CLEAR, handle, NULL), S_OK);
    interface->bytes_out += 11;
    assert_int_equal(get(client, handle, &got), S_OK);
    assert_int_equal(got.link.counters.bytes_out, 11);
    assert_int_equal(got.link.counters.bytes_in, 0);
    assert_int_equal(ask(client, NAPIPC_RAS_CLEAR, handle + 1, NULL), INVALID_HANDLE);
}

static void without_a_look_at_the_host_nothing_changes(void **state)
{
    struct client *client = client_connect();
    uint32_t handle;

    (void)state;
    put_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    handle = listed(client, 0).connections[0].connection.handle;
    agent.interfaces_unknown = true;
    assert_int_equal(listed(client, 0).count, 1);
    assert_int_equal(listed(client, 0).connections[0].connection.handle, handle);
    assert_int_equal(agent_logged("ras"), 2); /* that it is up; once that the host fails */
}

/* ---- the table ---- */

static void an_administrator_adds_and_removes(void **state)
{
    struct client *client = client_connect();
    struct napipc_ras_get_reply got;
    struct napipc_message request;
    uint32_t handle, other, refused;

    (void)state;
    client->administrator = false;
    assert_int_equal(add(client, "Office", "", 0, &handle), E_ACCESSDENIED);
    client->administrator = true;
    assert_int_equal(add(client, "Office", "", 0, &handle), S_OK);
    assert_int_equal(get(client, handle, &got), S_OK);
    assert_true(got.active);
    assert_false(got.link.known);
    assert_int_equal(got.connection.id.bytes[1], 0xA5); /* the agent made it one */
    assert_true(string_is(got.connection.entry_name, "Office"));
    /* One of a name; of a ConnectionId one as well. */
    assert_int_equal(add(client, "Office", "", 0, &refused), ALREADY_EXISTS);
    assert_int_equal(add(client, "Home", "", 5, &other), S_OK);
    assert_int_equal(add(client, "Hotel", "", 5, &refused), ALREADY_EXISTS);
    request = addition("Home", "", 6);
    request.ras_add.replace = true;
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    assert_int_equal(get(client, other, &got), INVALID_HANDLE);
    assert_int_equal(listed(client, 0).count, 2);

    client->administrator = false;
    assert_int_equal(ask(client, NAPIPC_RAS_REMOVE, handle, NULL), E_ACCESSDENIED);
    assert_int_equal(ask(client, NAPIPC_RAS_HANG_UP, handle, NULL), E_ACCESSDENIED);
    client->administrator = true;
    agent.store_result = E_DISK_FULL;
    assert_int_equal(ask(client, NAPIPC_RAS_REMOVE, handle, NULL), E_DISK_FULL);
    agent.store_result = S_OK;
    assert_int_equal(ask(client, NAPIPC_RAS_REMOVE, handle, NULL), S_OK);
    assert_int_equal(ask(client, NAPIPC_RAS_REMOVE, handle, NULL), INVALID_HANDLE);
    assert_int_equal(listed(client, 0).count, 1);
}

static void limits_of_the_table(void **state)
{
    struct client *client = client_connect();
    struct napipc_message request;
    char name[300];
    uint32_t handle, after = 0, seen = 0;
    unsigned int i;
    bool more;

    (void)state;
    memset(name, 'x', sizeof(name));
    name[257] = 0;
    assert_int_equal(add(client, name, "", 0, &handle), E_INVALIDARG);
    assert_int_equal(add(client, "", "", 0, &handle), E_INVALIDARG);
    name[256] = 0;
    assert_int_equal(add(client, name, "", 0, &handle), S_OK);
    request = addition("device", "", 0);
    name[17] = 0;
    request.ras_add.connection.device_type = text(name);
    assert_int_equal(client_ask(client, &request, NULL), E_INVALIDARG);
    for (i = 1; i < 64; i++)
    {
        snprintf(name, sizeof(name), "entry %u", i);
        assert_int_equal(add(client, name, "", 0, &handle), S_OK);
    }
    assert_int_equal(add(client, "one more", "", 0, &handle), NOT_ENOUGH_QUOTA);
    do
    {
        struct napipc_ras_list_reply page = listed(client, after);

        for (i = 0; i < page.count; i++, seen++)
        {
            assert_true(page.connections[i].connection.handle > after);
            after = page.connections[i].connection.handle;
        }
        more = page.more;
        client->read = client->written = 0; /* the fake client has room for so many frames */
    } while (more);
    assert_int_equal(seen, 64);
}

static void an_entry_takes_its_interfaces_place(void **state)
{
    struct client *client = client_connect();
    struct napipc_ras_get_reply got;
    struct napipc_guid id;
    uint32_t handle, host;

    (void)state;
    put_interface("ppp0", 4, ENGINE_INTERFACE_PPP)->bytes_in = 77;
    host = listed(client, 0).connections[0].connection.handle;
    id = listed(client, 0).connections[0].connection.id;
    assert_int_equal(add(client, "Office", "ppp0", 0, &handle), S_OK);
    assert_int_equal(handle, host);
    assert_int_equal(listed(client, 0).count, 1);
    assert_int_equal(get(client, handle, &got), S_OK);
    assert_true(string_is(got.connection.entry_name, "Office"));
    assert_memory_equal(got.connection.id.bytes, id.bytes, 16);
    assert_int_equal(got.link.counters.bytes_in, 77);
    /* Its interface goes: it is not active any more, and is again when one comes back. */
    agent.interface_count = 0;
    assert_int_equal(get(client, handle, &got), S_OK);
    assert_false(got.active);
    put_interface("ppp0", 9, ENGINE_INTERFACE_PPP);
    assert_int_equal(get(client, handle, &got), S_OK);
    assert_true(got.active);
    assert_int_equal(listed(client, 0).count, 1);
    /* Without the entry the interface speaks for itself. */
    assert_int_equal(ask(client, NAPIPC_RAS_REMOVE, handle, NULL), S_OK);
    assert_int_equal(listed(client, 0).count, 1);
    assert_true(listed(client, 0).connections[0].connection.handle > handle);
}

static void hanging_up_without_a_hook(void **state)
{
    struct client *client = client_connect();
    struct napipc_ras_get_reply got;
    uint32_t handle, host;

    (void)state;
    put_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    host = listed(client, 0).connections[0].connection.handle;
    assert_int_equal(ask(client, NAPIPC_RAS_HANG_UP, host, NULL), HANGUP_FAILED);
    assert_int_equal(agent_logged("hook-missing"), 1);
    assert_int_equal(get(client, host, &got), S_OK);
    assert_int_equal(add(client, "Office", "", 0, &handle), S_OK);
    assert_int_equal(ask(client, NAPIPC_RAS_HANG_UP, handle, NULL), S_OK);
    assert_int_equal(get(client, handle, &got), INVALID_HANDLE);
    assert_int_equal(ask(client, NAPIPC_RAS_HANG_UP, handle, NULL), INVALID_HANDLE);
}

/* Answered when the hook has ended, and by its word. */
static void the_hook_hangs_up(void **state)
{
    struct client *client = client_connect(), *asker = client_connect();
    struct napipc_message request = {.type = NAPIPC_RAS_HANG_UP}, reply;
    struct napipc_ras_get_reply got;
    uint32_t handle, host;
    char number[16];

    (void)state;
    agent.hook_result = S_OK;
    put_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    host = listed(client, 0).connections[0].connection.handle;
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
    engine_hook_ended(agent.engine, agent.hook_number, S_OK, 0);
    assert_true(client_next(asker, &reply));
    assert_int_equal(reply.status, S_OK);
    /* The connection is there until its interface is not. */
    assert_int_equal(get(client, host, &got), S_OK);
    assert_true(got.active);

    assert_int_equal(add(client, "Office", "", 0, &handle), S_OK);
    request.ras_handle.handle = handle;
    request.call = ++asker->call;
    assert_true(client_send(asker, &request));
    assert_string_equal(agent.hook_arguments[11], "Office");
    engine_hook_ended(agent.engine, agent.hook_number, S_OK, 1);
    assert_true(client_next(asker, &reply));
    assert_int_equal(reply.status, HANGUP_FAILED);
    assert_int_equal(get(client, handle, &got), S_OK);
    request.call = ++asker->call;
    assert_true(client_send(asker, &request));
    client_disconnect(asker); /* who asked has gone; it is done all the same */
    engine_hook_ended(agent.engine, agent.hook_number, S_OK, 0);
    assert_int_equal(get(client, handle, &got), INVALID_HANDLE);
}

/* ---- NAP ---- */

static const struct decided not_restricted = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};
static const struct decided in_probation = {IN_PROBATION, 0, START_TIME + SECONDS(3600), NULL};
static const struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, NULL};

static void the_client_s_connections_are_listed(void **state)
{
    struct client *qec = client_bound(REMOTE_ACCESS), *client = client_connect();
    struct client *other = client_bound(79617);
    static struct object object, dhcp;
    struct napipc_ras_list_reply page;
    struct napipc_message reply;
    uint32_t handle, value;

    (void)state;
    object_init(&object, 7);
    object_init(&dhcp, 8);
    object_decide(other, &dhcp, &restricted);
    object_decide(qec, &object, &not_restricted);
    page = listed(client, 0);
    assert_int_equal(page.count, 1);
    assert_int_equal(page.connections[0].connection.source, NAPIPC_RAS_CLIENT);
    assert_memory_equal(page.connections[0].connection.id.bytes, object.id.bytes, 16);
    handle = page.connections[0].connection.handle;
    assert_int_equal(nap_state(client, handle, &value), S_OK);
    assert_int_equal(value, NOT_RESTRICTED);
    object_decide(qec, &object, &in_probation);
    assert_int_equal(ask(client, NAPIPC_RAS_NAP_STATUS, handle, &reply), S_OK);
    assert_int_equal(reply.ras_nap_status_reply.state, IN_PROBATION);
    assert_true(reply.ras_nap_status_reply.probation_end == in_probation.probation_end);
    object_decide(qec, &object, &restricted);
    assert_int_equal(nap_state(client, handle, &value), S_OK);
    assert_int_equal(value, RESTRICTED);

    assert_int_equal(object_down(qec, &object), S_OK);
    assert_int_equal(nap_state(client, handle, &value), NO_CONNECTION);
    assert_int_equal(nap_state(client, handle + 1, &value), INVALID_HANDLE);
    assert_int_equal(nap_state(client, 0, &value), INVALID_HANDLE);
    assert_int_equal(nap_state(client, UINT32_MAX, &value), INVALID_HANDLE);
    assert_int_equal(listed(client, 0).count, 0);
}

static void the_connection_id_is_what_finds_the_state(void **state)
{
    struct client *qec = client_bound(REMOTE_ACCESS), *client = client_connect();
    static struct object object, nameless;
    uint32_t handle, value;

    (void)state;
    object_init(&object, 7);
    assert_int_equal(add(client, "Office", "", 0, &handle), S_OK);
    assert_int_equal(nap_state(client, handle, &value), NOT_NAP_CAPABLE);
    assert_int_equal(ask(client, NAPIPC_RAS_REMOVE, handle, NULL), S_OK);
    {
        struct napipc_message request = addition("Office", "", 0), reply;

        request.ras_add.connection.id = object.id;
        assert_int_equal(client_ask(client, &request, &reply), S_OK);
        handle = reply.ras_add_reply.handle;
    }
    /* No decision is no state. */
    assert_int_equal(object_get_soh(qec, &object), S_OK);
    assert_int_equal(nap_state(client, handle, &value), NOT_NAP_CAPABLE);
    object_decide(qec, &object, &restricted);
    assert_int_equal(nap_state(client, handle, &value), S_OK);
    assert_int_equal(value, RESTRICTED);
    assert_int_equal(listed(client, 0).count, 1); /* one connection, whoever tells of it */

    /* GUID_NULL never matches. */
    object_init(&nameless, 0);
    object_decide(qec, &nameless, &restricted);
    assert_int_equal(listed(client, 0).count, 2);
    handle = listed(client, 0).connections[1].connection.handle;
    assert_int_equal(nap_state(client, handle, &value), NOT_NAP_CAPABLE);
}

static void asking_for_the_state_does_not_look_at_the_host(void **state)
{
    struct client *qec = client_bound(REMOTE_ACCESS), *client = client_connect();
    static struct object object;
    uint32_t handle, value;
    unsigned int lists;

    (void)state;
    object_init(&object, 7);
    object_decide(qec, &object, &restricted);
    handle = listed(client, 0).connections[0].connection.handle;
    lists = agent.interface_lists;
    assert_int_equal(nap_state(client, handle, &value), S_OK);
    assert_int_equal(agent.interface_lists, lists);
}

/* ---- an agent that was started again ---- */

static void handles_outlive_the_agent(void **state)
{
    struct client *qec = client_bound(REMOTE_ACCESS), *client = client_connect();
    static struct object object;
    struct napipc_ras_list_reply before, after;
    struct napipc_ras_get_reply got;
    uint32_t handle, gone, value, call;
    uint16_t i;

    (void)state;
    put_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    put_interface("tun1", 7, ENGINE_INTERFACE_TUN);
    assert_int_equal(listed(client, 0).count, 2);
    assert_int_equal(add(client, "Office", "", 9, &handle), S_OK);
    assert_int_equal(add(client, "Gone", "", 0, &gone), S_OK);
    assert_int_equal(ask(client, NAPIPC_RAS_REMOVE, gone, NULL), S_OK);
    object_init(&object, 7);
    object_decide(qec, &object, &restricted);
    before = listed(client, 0);
    assert_int_equal(before.count, 4);

    agent_stop();
    assert_true(agent_start());
    assert_true(client_reconnect(client));
    /* The enforcement client has not come back yet: its connection waits for it. */
    after = listed(client, 0);
    assert_int_equal(after.count, 4);
    assert_false(after.connections[3].active);
    assert_true(client_reconnect(qec));
    assert_int_equal(client_bind_again(qec, REMOTE_ACCESS), S_OK);
    call = client_called(qec, NAPIPC_GET_CONNECTIONS);
    assert_true(client_report(qec, call, &object, 1));
    after = listed(client, 0);
    assert_int_equal(after.count, 4);
    for (i = 0; i < 4; i++)
    {
        assert_int_equal(after.connections[i].connection.handle,
                before.connections[i].connection.handle);
        assert_memory_equal(after.connections[i].connection.id.bytes,
                before.connections[i].connection.id.bytes, 16);
        assert_true(after.connections[i].active);
    }
    assert_int_equal(nap_state(client, before.connections[3].connection.handle, &value), S_OK);
    assert_int_equal(value, RESTRICTED);
    /* What was removed is not issued again. */
    assert_int_equal(get(client, gone, &got), INVALID_HANDLE);
    assert_int_equal(add(client, "New", "", 0, &handle), S_OK);
    assert_true(handle > before.connections[3].connection.handle);
    assert_true(handle > gone);
}

static void an_enforcement_client_that_stays_away_is_forgotten(void **state)
{
    struct client *qec = client_bound(REMOTE_ACCESS), *client = client_connect();
    static struct object object;

    (void)state;
    object_init(&object, 7);
    object_decide(qec, &object, &restricted);
    assert_int_equal(listed(client, 0).count, 1);
    agent_stop();
    assert_true(agent_start());
    assert_true(client_reconnect(client));
    assert_int_equal(listed(client, 0).count, 1);
    agent_advance(61000);
    assert_int_equal(listed(client, 0).count, 0);
}

static void a_handle_is_in_the_store_before_it_is_used(void **state)
{
    struct client *client = client_connect();
    uint32_t handle;

    (void)state;
    agent.store_result = E_DISK_FULL;
    put_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    assert_int_equal(listed(client, 0).count, 0);
    assert_int_equal(add(client, "Office", "", 0, &handle), E_DISK_FULL);
    agent.store_result = S_OK;
    assert_int_equal(listed(client, 0).count, 1);
    assert_int_equal(add(client, "Office", "", 0, &handle), S_OK);
    assert_int_equal(agent.ras_last_handle, handle);
}

/* ---- watching ---- */

static void expect_change(struct client *client, uint32_t handle, bool connected)
{
    struct napipc_message news;

    assert_true(client_next(client, &news));
    assert_int_equal(news.type, NAPIPC_RAS_CHANGED);
    assert_int_equal(news.ras_changed.handle, handle);
    assert_int_equal(news.ras_changed.connected, connected);
}

static void watchers_hear_of_changes(void **state)
{
    struct client *watcher = client_connect(), *client = client_connect();
    struct client *qec = client_bound(REMOTE_ACCESS);
    struct napipc_message request = {.type = NAPIPC_RAS_WATCH};
    static struct object object;
    uint32_t handle, host;

    (void)state;
    put_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    assert_int_equal(client_ask(watcher, &request, NULL), S_OK);
    assert_int_equal(client_waiting(watcher), 0); /* what is there is no news */
    host = listed(client, 0).connections[0].connection.handle;
    assert_int_equal(add(client, "Office", "", 0, &handle), S_OK);
    expect_change(watcher, handle, true);
    assert_int_equal(ask(client, NAPIPC_RAS_REMOVE, handle, NULL), S_OK);
    expect_change(watcher, handle, false);
    agent.interface_count = 0;
    assert_int_equal(client_waiting(watcher), 0);
    agent_advance(1000);
    expect_change(watcher, host, false);
    put_interface("tun0", 7, ENGINE_INTERFACE_TUN);
    agent_advance(1000);
    expect_change(watcher, handle + 1, true);
    object_init(&object, 7);
    assert_int_equal(object_get_soh(qec, &object), S_OK);
    expect_change(watcher, handle + 2, true);
    client_disconnect(qec);
    expect_change(watcher, handle + 2, false);
    assert_int_equal(client_waiting(watcher), 0);
}

static void the_host_is_polled_only_while_somebody_watches(void **state)
{
    struct client *watcher = client_connect();
    struct napipc_message request = {.type = NAPIPC_RAS_WATCH};
    unsigned int lists;

    (void)state;
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

#define AGENT_TEST(name) cmocka_unit_test_setup_teardown(name, agent_setup, agent_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
            AGENT_TEST(tunnels_are_listed_and_networks_are_not),
            AGENT_TEST(patterns_name_what_the_host_does_not_tell),
            AGENT_TEST(an_interface_that_goes_takes_its_handle_along),
            AGENT_TEST(counters_and_addresses_are_the_interfaces),
            AGENT_TEST(without_a_look_at_the_host_nothing_changes),
            AGENT_TEST(an_administrator_adds_and_removes),
            AGENT_TEST(limits_of_the_table),
            AGENT_TEST(an_entry_takes_its_interfaces_place),
            AGENT_TEST(hanging_up_without_a_hook),
            AGENT_TEST(the_hook_hangs_up),
            AGENT_TEST(the_client_s_connections_are_listed),
            AGENT_TEST(the_connection_id_is_what_finds_the_state),
            AGENT_TEST(asking_for_the_state_does_not_look_at_the_host),
            AGENT_TEST(handles_outlive_the_agent),
            AGENT_TEST(an_enforcement_client_that_stays_away_is_forgotten),
            AGENT_TEST(a_handle_is_in_the_store_before_it_is_used),
            AGENT_TEST(watchers_hear_of_changes),
            AGENT_TEST(the_host_is_polled_only_while_somebody_watches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
