/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writing to the store fails, each time at another write: the request gets the error, this agent
 * continues as before, and so does the next one.
 */
#include "tests/unit/engine/agent.h"

#include <stdio.h>

#define QEC 1
#define SHA 0x1234
#define SAID_MAX 4096

static struct client *client, *health_agent;

/* ---- the stored state ---- */

static uint32_t add_ras(const char *phone, bool replace)
{
    struct napipc_message request = {.type = NAPIPC_RAS_ADD};

    request.ras_add.replace = replace;
    request.ras_add.connection.source = NAPIPC_RAS_TABLE;
    request.ras_add.connection.id.bytes[3] = 7;
    request.ras_add.connection.entry_name = text("Office");
    request.ras_add.connection.phone_number = text(phone);
    return client_ask(client, &request, NULL);
}

static uint32_t add_ras_of_interface(void)
{
    struct napipc_message request = {.type = NAPIPC_RAS_ADD};

    request.ras_add.connection.source = NAPIPC_RAS_TABLE;
    request.ras_add.connection.entry_name = text("Tunnel");
    request.ras_add.connection.interface_name = text("tun0");
    return client_ask(client, &request, NULL);
}

static uint32_t add_rras(const char *user)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_ADD};

    request.rras_add.record.user = text(user);
    request.rras_add.record.port = text("VPN1");
    return client_ask(client, &request, NULL);
}

static uint32_t set_patterns(const char *patterns)
{
    struct napipc_message request = {.type = NAPIPC_RAS_SET_PATTERNS};

    request.ras_patterns.patterns = text(patterns);
    return client_ask(client, &request, NULL);
}

static uint32_t set_server(bool enabled)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_SET_SERVER};

    request.rras_set_server.enabled = enabled;
    return client_ask(client, &request, NULL);
}

static uint32_t register_validator(uint32_t id)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_REGISTER};

    request.validator_register.component.id = id;
    request.validator_register.clsid.bytes[0] = 1;
    return client_ask(client, &request, NULL);
}

static uint32_t bind_health_agent(void)
{
    struct napipc_message request = {.type = NAPIPC_BIND, .bind = {HEALTH_AGENT, SHA, false}};

    return client_ask(health_agent, &request, NULL);
}

/* One thing of each kind. */
static void begin(void)
{
    static const uint8_t soh[] = {0, 2, 0, 4, 0, 0, 0x12, 0x34, 0, 4, 0, 4, 0, 0, 0, 1};
    struct engine_interface *interface;

    assert_int_equal(agent_setup(), 0);
    interface = &agent.interfaces[agent.interface_count++];
    memset(interface, 0, sizeof(*interface));
    strcpy(interface->name, "tun0");
    interface->index = 6;
    interface->kind = ENGINE_INTERFACE_TUN;
    interface->up = true;
    client = client_connect();
    health_agent = client_connect();
    assert_int_equal(client_register(client, ENFORCER, QEC), S_OK);
    assert_int_equal(client_register(client, HEALTH_AGENT, SHA), S_OK);
    assert_int_equal(register_validator(SHA), S_OK);
    assert_int_equal(add_ras("12345", false), S_OK);
    assert_int_equal(set_server(true), S_OK);
    assert_int_equal(add_rras("alice"), S_OK);
    assert_int_equal(add_rras("bob"), S_OK);
    assert_int_equal(set_patterns("nic*"), S_OK);
    agent_stop(); /* the next one has to reserve new ids */
    assert_true(agent_start());
    client_reconnect(client);
    client_reconnect(health_agent);
    assert_true(engine_add_cached_soh(agent.engine, SHA, soh, sizeof(soh)));
    agent.cache_size = sizeof(soh);
    assert_int_equal(bind_health_agent(), S_OK);
}

static char *append_text(char *end, const char *what, struct napipc_string string)
{
    uint16_t i;

    end += sprintf(end, " %s=", what);
    for (i = 0; i < string.length; i++)
        *end++ = (char)string.units[2 * i];
    *end = 0;
    return end;
}

static char *append_components(char *end, uint32_t kind)
{
    struct napipc_list_components_reply page = client_components(client, kind, 0);
    uint16_t i;

    for (i = 0; i < page.count; i++)
        end += sprintf(end, " component %u %u %d", kind, page.components[i].component.id,
                page.components[i].enabled);
    return end;
}

static char *append_validators(char *end)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_LIST}, reply;
    uint16_t i;

    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    for (i = 0; i < reply.validator_list_reply.count; i++)
        end += sprintf(end, " validator %u %d",
                reply.validator_list_reply.validators[i].component.id,
                reply.validator_list_reply.validators[i].mapping.compliant[0]);
    return end;
}

/* The state of the agent as its clients see it. */
static void describe(char *end)
{
    struct napipc_message request = {.type = NAPIPC_RAS_LIST}, reply;
    struct napipc_rras_entry entry;
    struct napipc_blob rest;
    uint16_t i;

    end = append_components(end, ENFORCER);
    end = append_components(end, HEALTH_AGENT);
    end = append_validators(end);
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    for (i = 0; i < reply.ras_list_reply.count; i++)
    {
        const struct napipc_ras_connection *ras = &reply.ras_list_reply.connections[i].connection;

        end += sprintf(end, " ras %u %u", ras->handle, ras->source);
        end = append_text(end, "entry", ras->entry_name);
        end = append_text(end, "phone", ras->phone_number);
    }
    request.type = NAPIPC_RAS_GET_PATTERNS;
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    end = append_text(end, "patterns", reply.ras_patterns.patterns);
    memset(&request, 0, sizeof(request));
    request.type = NAPIPC_RRAS_LIST;
    request.rras_list.even_if_off = true;
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    for (rest = reply.rras_list_reply.entries; napipc_rras_next(&rest, &entry);)
    {
        end += sprintf(end, " rras %u %u", entry.id, entry.record.quarantine);
        end = append_text(end, "user", entry.record.user);
    }
    request.type = NAPIPC_RRAS_GET_SERVER;
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    sprintf(end, " server %d cached %u", reply.rras_server_reply.enabled,
            (unsigned int)agent.cache_size);
}

/* ---- changes ---- */

static uint32_t registers_a_client(void)
{
    return client_register(client, ENFORCER, 2);
}

static uint32_t registers_a_health_agent(void)
{
    return client_register(client, HEALTH_AGENT, 2);
}

static uint32_t unregisters(void)
{
    return client_unregister(client, ENFORCER, QEC);
}

static uint32_t enables(void)
{
    return client_enable(client, ENFORCER, QEC, true);
}

static uint32_t disables(void)
{
    return client_enable(client, HEALTH_AGENT, SHA, false);
}

static uint32_t registers_a_validator(void)
{
    return register_validator(2);
}

static uint32_t unregisters_a_validator(void)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_UNREGISTER, .validator_id = {SHA}};

    return client_ask(client, &request, NULL);
}

static uint32_t maps_failures(void)
{
    struct napipc_message request = {
            .type = NAPIPC_VALIDATOR_SET_MAPPING, .validator_mapping = {SHA, {{true}}}};

    return client_ask(client, &request, NULL);
}

static uint32_t flushes_the_cache(void)
{
    struct napipc_message request = {.type = NAPIPC_FLUSH_CACHE};

    return client_ask(health_agent, &request, NULL);
}

static uint32_t adds_to_ras(void)
{
    struct napipc_message request = {.type = NAPIPC_RAS_ADD};

    request.ras_add.connection.source = NAPIPC_RAS_TABLE;
    request.ras_add.connection.entry_name = text("Home");
    return client_ask(client, &request, NULL);
}

static uint32_t replaces_in_ras(void)
{
    return add_ras("67890", true);
}

static uint32_t removes_from_ras(void)
{
    struct napipc_message request = {.type = NAPIPC_RAS_LIST}, reply;
    uint32_t handle = 0;
    uint16_t i;

    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    for (i = 0; i < reply.ras_list_reply.count; i++)
        if (reply.ras_list_reply.connections[i].connection.source == NAPIPC_RAS_TABLE)
            handle = reply.ras_list_reply.connections[i].connection.handle;
    memset(&request, 0, sizeof(request));
    request.type = NAPIPC_RAS_REMOVE;
    request.ras_handle.handle = handle;
    return client_ask(client, &request, NULL);
}

static uint32_t sets_patterns(void)
{
    return set_patterns("vpn*");
}

static uint32_t adds_to_rras(void)
{
    return add_rras("carol");
}

static uint32_t turns_the_server_off(void)
{
    return set_server(false);
}

static uint32_t removes_all_of_a_port(void)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_REMOVE};

    request.rras_select.selector.kind = NAPIPC_RRAS_BY_PORT;
    request.rras_select.selector.name = text("VPN1");
    return client_ask(client, &request, NULL);
}

static uint32_t updates_all_of_a_port(void)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_UPDATE};

    request.rras_update.selector.kind = NAPIPC_RRAS_BY_PORT;
    request.rras_update.selector.name = text("VPN1");
    request.rras_update.fields = NAPIPC_RRAS_HAS_QUARANTINE;
    request.rras_update.record.quarantine = NAPIPC_RRAS_QUARANTINE;
    return client_ask(client, &request, NULL);
}

static uint32_t takes_out_of_quarantine(void)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_DISCONNECT};

    request.rras_select.selector.kind = NAPIPC_RRAS_BY_PORT;
    request.rras_select.selector.name = text("VPN1");
    return client_ask(client, &request, NULL);
}

static const struct
{
    const char *name;
    uint32_t (*make)(void);
    unsigned int writes;
} changes[] = {
        {"registers an enforcement client", registers_a_client, 1},
        {"registers a health agent", registers_a_health_agent, 1},
        {"unregisters", unregisters, 1},
        {"enables", enables, 1},
        {"disables", disables, 1},
        {"registers a validator", registers_a_validator, 1},
        {"unregisters a validator", unregisters_a_validator, 1},
        {"maps failure categories", maps_failures, 1},
        {"flushes the cached SoH", flushes_the_cache, 1},
        {"adds a RAS connection", adds_to_ras, 1},
        {"replaces a RAS connection", replaces_in_ras, 2},
        {"describes a tunnel", add_ras_of_interface, 1},
        {"removes a RAS connection", removes_from_ras, 1},
        {"sets the name patterns", sets_patterns, 1},
        {"adds an RRAS connection", adds_to_rras, 2},
        {"removes RRAS connections", removes_all_of_a_port, 1},
        {"updates RRAS connections", updates_all_of_a_port, 1},
        {"disconnects an RRAS connection", takes_out_of_quarantine, 1},
        {"turns the remote access server off", turns_the_server_off, 1},
};

/* The store is written first; a change that it rejects has not happened. */
TEST(whichever_write_fails_nothing_has_changed)
{
    static char before[SAID_MAX], after[SAID_MAX];
    unsigned int number;
    uint32_t status;
    size_t i;

    for (i = 0; i < sizeof(changes) / sizeof(*changes); i++)
        for (number = 1;; number++)
        {
            begin();
            describe(before);
            agent.fail_write = number;
            status = changes[i].make();
            if (agent.fail_write)
            {
                agent.fail_write = 0;
                assert_int_equal(status, S_OK);
                describe(after);
                assert_string_not_equal(before, after);
                assert_int_equal(number - 1, changes[i].writes);
                agent_stop();
                break;
            }
            if (status != E_DISK_FULL)
                fail_msg("who %s, write %u failing, gets %#x", changes[i].name, number, status);
            describe(after);
            if (strcmp(before, after))
                fail_msg("who %s, write %u failing, changed\n%s\nto\n%s", changes[i].name, number,
                        before, after);
            agent_stop();
            assert_true(agent_start());
            client_reconnect(client);
            describe(after);
            if (strcmp(before, after))
                fail_msg("who %s, write %u failing, has the next agent know\n%s\nnot\n%s",
                        changes[i].name, number, after, before);
            agent_stop();
        }
}

/* An agent that is killed between two writes has changed everything or nothing. */
TEST(an_entry_that_was_being_replaced_is_there_once)
{
    static char before[SAID_MAX], after[SAID_MAX], next[SAID_MAX];
    struct stored_ras old;
    size_t i;

    begin();
    describe(before);
    for (i = 0; agent.ras_stored[i].record.connection.source != NAPIPC_RAS_TABLE; i++)
        ;
    old = agent.ras_stored[i];
    assert_int_equal(replaces_in_ras(), S_OK);
    describe(after);
    assert_string_not_equal(before, after);
    /* The old one is not erased yet. */
    for (i = 0; agent.ras_stored[i].record.connection.handle; i++)
        ;
    agent.ras_stored[i] = old;
    agent_stop();
    assert_true(agent_start());
    client_reconnect(client);
    describe(next);
    assert_string_equal(next, after);
    assert_int_equal(agent.ras_stored[i].record.connection.handle, 0);
    agent_stop();
}

TEST_MAIN(NULL, NULL)
