/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Components: registering, unregistering, enabling, listing. Pages:
 * INapClientManagement and its methods; "NAP Type Constants"; decisions of
 * docs/protocol.md where they are silent.
 */
#include "tests/unit/engine/agent.h"

static const struct napipc_guid some_class = {
        {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
static const struct napipc_guid other_class = {
        {16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}};

static struct napipc_string string_of(const char *utf16, uint16_t length)
{
    struct napipc_string string = {(const uint8_t *)utf16, length};

    return string;
}

static struct napipc_message registration(uint32_t kind, uint32_t id)
{
    struct napipc_message request = {.type = NAPIPC_REGISTER};

    request.reg.kind = kind;
    request.reg.component.id = id;
    request.reg.component.component_type = 2; /* ComponentTypeEnforcementClientRp */
    return request;
}

/* RegisterEnforcementClient: "registers an enforcement client with the NAP system". */
AGENT_TEST(a_registered_enforcement_client_is_listed_and_stored)
{
    struct client *client = client_connect();
    struct napipc_message request = registration(ENFORCER, 79617);
    struct napipc_list_components_reply page;
    const struct napipc_component *component = &page.components[0].component;
    bool enabled;

    request.reg.component.friendly_name = string_of("N\0a\0m\0e", 4);
    request.reg.component.description = string_of("W\0h\0a\0t", 4);
    request.reg.component.version = string_of("1\0.\0002", 3);
    request.reg.component.vendor_name = string_of("U\0s", 2);
    request.reg.component.info_clsid = some_class;
    request.reg.component.config_clsid = other_class;
    assert_int_equal(client_ask(client, &request, NULL), S_OK);

    assert_true(agent_stored(ENFORCER, 79617, &enabled));
    page = client_components(client, ENFORCER, 0);
    assert_int_equal(page.count, 1);
    assert_false(page.more);
    assert_int_equal(component->id, 79617);
    assert_true(string_is(component->friendly_name, "Name"));
    assert_true(string_is(component->description, "What"));
    assert_true(string_is(component->version, "1.2"));
    assert_true(string_is(component->vendor_name, "Us"));
    assert_memory_equal(component->info_clsid.bytes, some_class.bytes, 16);
    assert_memory_equal(component->config_clsid.bytes, other_class.bytes, 16);
    assert_int_equal(component->component_type, 2);
    assert_int_equal(agent_logged("registered"), 1);
}

/* NapComponentRegistrationInfo: the agent sets the registration date. */
AGENT_TEST(the_registration_date_is_now)
{
    struct client *client = client_connect();
    struct napipc_message request = registration(ENFORCER, 1);

    request.reg.component.registration_date = 12345;
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    assert_true(client_components(client, ENFORCER, 0).components[0].component.registration_date
                == START_TIME);
}

/* As on Windows an administrator must enable an enforcement client; a health agent reports at
 * once. */
AGENT_TEST(enforcement_clients_start_disabled_and_health_agents_enabled)
{
    struct client *client = client_connect();
    bool enabled;

    assert_int_equal(client_register(client, ENFORCER, 1), S_OK);
    assert_int_equal(client_register(client, HEALTH_AGENT, 2), S_OK);
    assert_false(client_components(client, ENFORCER, 0).components[0].enabled);
    assert_true(client_components(client, HEALTH_AGENT, 0).components[0].enabled);
    assert_true(agent_stored(ENFORCER, 1, &enabled) && !enabled);
    assert_true(agent_stored(HEALTH_AGENT, 2, &enabled) && enabled);
    assert_false(client_components(client, HEALTH_AGENT, 0).components[0].bound);
}

/* "E_ACCESSDENIED: Permissions error, access denied." */
AGENT_TEST(only_an_administrator_changes_registrations)
{
    struct client *administrator = client_connect(), *client = client_connect();
    bool enabled;

    client->administrator = false;
    assert_int_equal(client_register(administrator, ENFORCER, 1), S_OK);
    assert_int_equal(client_register(client, ENFORCER, 2), E_ACCESSDENIED);
    assert_int_equal(client_register(client, HEALTH_AGENT, 2), E_ACCESSDENIED);
    assert_int_equal(client_unregister(client, ENFORCER, 1), E_ACCESSDENIED);
    assert_int_equal(client_unregister(client, ENFORCER, 2), E_ACCESSDENIED);
    assert_int_equal(client_enable(client, ENFORCER, 1, true), E_ACCESSDENIED);
    assert_int_equal(agent.writes, 1);
    assert_int_equal(agent_logged("refused-access"), 3); /* once for each type of request */
    /* Anybody may read the registrations. */
    assert_int_equal(client_components(client, ENFORCER, 0).count, 1);
    assert_true(agent_stored(ENFORCER, 1, &enabled) && !enabled);
}

/* "NAP_E_CONFLICTING_ID: An enforcement agent using the given identifier is already registered." */
AGENT_TEST(an_id_is_registered_once_for_each_kind)
{
    struct client *client = client_connect();
    struct napipc_message request = registration(ENFORCER, 1);

    assert_int_equal(client_register(client, ENFORCER, 1), S_OK);
    request.reg.component.friendly_name = string_of("o\0t\0h\0e\0r", 5);
    assert_int_equal(client_ask(client, &request, NULL), NAP_E_CONFLICTING_ID);
    assert_int_equal(agent.writes, 1);
    assert_int_equal(
            client_components(client, ENFORCER, 0).components[0].component.friendly_name.length, 0);
    /* "An SHA that uses this ID is already registered" concerns SHAs only. */
    assert_int_equal(client_register(client, HEALTH_AGENT, 1), S_OK);
    assert_int_equal(client_register(client, HEALTH_AGENT, 1), NAP_E_CONFLICTING_ID);
}

AGENT_TEST(bad_registrations_are_refused)
{
    struct client *client = client_connect();
    struct napipc_message request = registration(ENFORCER, 0);

    assert_int_equal(client_ask(client, &request, NULL), E_INVALIDARG);
    request = registration(HEALTH_AGENT, 0);
    assert_int_equal(client_ask(client, &request, NULL), E_INVALIDARG);
    assert_int_equal(agent.writes, 0);
}

/* The page of NapComponentRegistrationInfo says "should be"; programs leave it 0. */
AGENT_TEST(any_component_type_is_taken)
{
    struct client *client = client_connect();
    struct napipc_message request = registration(ENFORCER, 1);

    request.reg.component.component_type = 0;
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    /* "This value is not used by SHAs and SHVs." */
    request.reg.kind = HEALTH_AGENT;
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
}

/* maxEnforcerCount, maxSystemHealthEntityCount: 20 each */
AGENT_TEST(there_are_at_most_20_of_each_kind)
{
    static const uint32_t kinds[] = {ENFORCER, HEALTH_AGENT};
    struct client *client = client_connect();
    uint32_t id;
    size_t i;

    for (i = 0; i < 2; i++)
    {
        for (id = 1; id <= 20; id++)
            assert_int_equal(client_register(client, kinds[i], id), S_OK);
        assert_int_equal(client_register(client, kinds[i], 21), E_OUTOFMEMORY);
        assert_int_equal(client_register(client, kinds[i], 20), NAP_E_CONFLICTING_ID);
        assert_int_equal(client_unregister(client, kinds[i], 7), S_OK);
        assert_int_equal(client_register(client, kinds[i], 21), S_OK);
    }
    assert_int_equal(agent_logged("refused-registration"), 2);
}

AGENT_TEST(an_unregistered_component_is_gone)
{
    struct client *client = client_connect();
    bool enabled;

    assert_int_equal(client_register(client, ENFORCER, 1), S_OK);
    assert_int_equal(client_register(client, HEALTH_AGENT, 1), S_OK);
    assert_int_equal(client_unregister(client, ENFORCER, 1), S_OK);
    assert_int_equal(client_components(client, ENFORCER, 0).count, 0);
    assert_false(agent_stored(ENFORCER, 1, &enabled));
    assert_int_equal(client_components(client, HEALTH_AGENT, 0).count, 1);
    assert_int_equal(client_unregister(client, ENFORCER, 1), NAP_E_NOT_REGISTERED);
    assert_int_equal(client_bind(client, 1), NAP_E_NOT_REGISTERED);
    assert_int_equal(agent_logged("unregistered"), 1);
}

/* "NAP_E_STILL_BOUND: The enforcement client could not be unregistered and remains bound." */
AGENT_TEST(a_bound_component_is_not_unregistered)
{
    struct client *client = client_bound(1);

    assert_int_equal(client_unregister(client, ENFORCER, 1), NAP_E_STILL_BOUND);
    assert_true(client_components(client, ENFORCER, 0).components[0].bound);
    assert_int_equal(client_unbind(client), S_OK);
    assert_false(client_components(client, ENFORCER, 0).components[0].bound);
    assert_int_equal(client_unregister(client, ENFORCER, 1), S_OK);
}

/* The store is written first; a change that it rejects has not happened. */
AGENT_TEST(a_change_that_is_not_stored_has_not_happened)
{
    struct client *client = client_connect();
    struct napipc_list_components_reply page;

    assert_int_equal(client_register(client, ENFORCER, 1), S_OK);
    agent.store_result = E_DISK_FULL;
    assert_int_equal(client_register(client, ENFORCER, 2), E_DISK_FULL);
    assert_int_equal(client_unregister(client, ENFORCER, 1), E_DISK_FULL);
    assert_int_equal(client_enable(client, ENFORCER, 1, true), E_DISK_FULL);
    page = client_components(client, ENFORCER, 0);
    assert_int_equal(page.count, 1);
    assert_int_equal(page.components[0].component.id, 1);
    assert_false(page.components[0].enabled);
    assert_int_equal(client_bind(client, 1), NAP_E_ENTITY_DISABLED);

    agent.store_result = S_OK;
    assert_int_equal(client_register(client, ENFORCER, 2), S_OK);
    assert_int_equal(client_enable(client, ENFORCER, 1, true), S_OK);
    agent.store_result = E_DISK_FULL;
    assert_int_equal(client_enable(client, ENFORCER, 1, false), E_DISK_FULL);
    assert_int_equal(client_bind(client, 1), S_OK);
}

AGENT_TEST(enabling_and_disabling_is_stored)
{
    struct client *client = client_connect();
    bool enabled;

    assert_int_equal(client_enable(client, ENFORCER, 1, true), NAP_E_NOT_REGISTERED);
    assert_int_equal(client_register(client, ENFORCER, 1), S_OK);
    assert_int_equal(client_enable(client, HEALTH_AGENT, 1, true), NAP_E_NOT_REGISTERED);
    assert_int_equal(client_enable(client, ENFORCER, 1, true), S_OK);
    assert_true(agent_stored(ENFORCER, 1, &enabled) && enabled);
    assert_true(client_components(client, ENFORCER, 0).components[0].enabled);
    assert_int_equal(client_enable(client, ENFORCER, 1, false), S_OK);
    assert_true(agent_stored(ENFORCER, 1, &enabled) && !enabled);
    assert_false(client_components(client, ENFORCER, 0).components[0].enabled);
    /* An unchanged state needs no write. */
    agent.writes = 0;
    assert_int_equal(client_enable(client, ENFORCER, 1, false), S_OK);
    assert_int_equal(agent.writes, 0);
}

/* GetRegisteredEnforcementClients, GetRegisteredSystemHealthAgents */
AGENT_TEST(lists_come_by_ascending_id_and_kind)
{
    static const uint32_t ids[] = {79623, 5, UINT32_MAX, 79617};
    struct client *client = client_connect();
    struct napipc_list_components_reply page;
    size_t i;

    for (i = 0; i < 4; i++)
        assert_int_equal(client_register(client, ENFORCER, ids[i]), S_OK);
    assert_int_equal(client_register(client, HEALTH_AGENT, 6), S_OK);
    page = client_components(client, ENFORCER, 0);
    assert_int_equal(page.count, 4);
    assert_int_equal(page.components[0].component.id, 5);
    assert_int_equal(page.components[1].component.id, 79617);
    assert_int_equal(page.components[2].component.id, 79623);
    assert_int_equal(page.components[3].component.id, UINT32_MAX);
    page = client_components(client, ENFORCER, 79617);
    assert_int_equal(page.count, 2);
    assert_int_equal(page.components[0].component.id, 79623);
    assert_int_equal(client_components(client, ENFORCER, UINT32_MAX).count, 0);
    assert_int_equal(client_components(client, HEALTH_AGENT, 0).count, 1);
}

/* maxStringLength: 1024 characters; a full list of them comes in pages. */
AGENT_TEST(a_list_of_the_longest_strings_comes_in_pages)
{
    static const uint16_t counts[] = {8, 8, 4};
    static char text[2 * NAPIPC_MAX_STRING];
    struct client *client = client_connect();
    struct napipc_message request;
    uint32_t id, after = 0;
    size_t i, k;

    memset(text, 'x', sizeof(text));
    for (id = 1; id <= 20; id++)
    {
        request = registration(ENFORCER, id);
        request.reg.component.friendly_name = string_of(text, NAPIPC_MAX_STRING);
        request.reg.component.description = string_of(text, NAPIPC_MAX_STRING);
        request.reg.component.version = string_of(text, NAPIPC_MAX_STRING);
        request.reg.component.vendor_name = string_of(text, NAPIPC_MAX_STRING);
        assert_int_equal(client_ask(client, &request, NULL), S_OK);
    }
    for (i = 0; i < 3; i++)
    {
        struct napipc_list_components_reply page = client_components(client, ENFORCER, after);

        assert_int_equal(page.count, counts[i]);
        assert_int_equal(page.more, i < 2);
        for (k = 0; k < page.count; k++)
        {
            assert_int_equal(page.components[k].component.id, ++after);
            assert_int_equal(page.components[k].component.vendor_name.length, NAPIPC_MAX_STRING);
            assert_memory_equal(page.components[k].component.vendor_name.units, text, sizeof(text));
        }
    }
    /* A page continues after an id, even if that is gone. */
    assert_int_equal(client_unregister(client, ENFORCER, 8), S_OK);
    assert_int_equal(client_components(client, ENFORCER, 8).components[0].component.id, 9);
}

AGENT_TEST(registrations_outlive_the_agent)
{
    struct client *client = client_bound(79617);

    assert_int_equal(client_register(client, HEALTH_AGENT, 79744), S_OK);
    agent_stop();
    assert_true(agent_start());
    client_reconnect(client);
    assert_int_equal(client_components(client, HEALTH_AGENT, 0).components[0].component.id, 79744);
    assert_int_equal(client_bind(client, 79617), S_OK);
}

/* Excess components in the store are ignored. */
AGENT_TEST(no_component_is_loaded_twice_and_no_21st)
{
    struct napipc_component component = {.component_type = 1};
    struct client *client = client_connect();

    for (component.id = 1; component.id <= 20; component.id++)
        assert_true(engine_add_component(agent.engine, ENFORCER, &component, true));
    assert_false(engine_add_component(agent.engine, ENFORCER, &component, true));
    component.id = 1;
    assert_false(engine_add_component(agent.engine, ENFORCER, &component, false));
    assert_true(engine_add_component(agent.engine, HEALTH_AGENT, &component, true));
    assert_true(client_components(client, ENFORCER, 0).components[0].enabled);
    assert_int_equal(agent.writes, 0);
}

TEST_MAIN(NULL, NULL)
