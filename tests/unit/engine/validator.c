/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Validators: registering, unregistering, mapping, listing. Pages: INapServerManagement,
 * INapServerInfo and their methods; decisions of docs/protocol.md where they are silent.
 */
#include "tests/unit/engine/agent.h"

static const struct napipc_guid some_class = {
        {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};

static struct napipc_string string_of(const char *utf16, uint16_t length)
{
    struct napipc_string string = {(const uint8_t *)utf16, length};

    return string;
}

static uint32_t register_validator(struct client *client, uint32_t id)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_REGISTER};

    request.validator_register.component.id = id;
    request.validator_register.component.friendly_name = string_of("N\0a\0m\0e", 4);
    request.validator_register.component.description = string_of("W\0h\0a\0t", 4);
    request.validator_register.component.version = string_of("1\0.\0002", 3);
    request.validator_register.component.vendor_name = string_of("U\0s", 2);
    request.validator_register.component.registration_date = 5;
    request.validator_register.clsid = some_class;
    return client_ask(client, &request, NULL);
}

static uint32_t unregister_validator(struct client *client, uint32_t id)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_UNREGISTER, .validator_id = {id}};

    return client_ask(client, &request, NULL);
}

static uint32_t set_mapping(
        struct client *client, uint32_t id, struct napipc_failure_mapping mapping)
{
    struct napipc_message request = {
            .type = NAPIPC_VALIDATOR_SET_MAPPING, .validator_mapping = {id, mapping}};

    return client_ask(client, &request, NULL);
}

static uint32_t set_enabled(struct client *client, uint32_t id, bool enabled)
{
    struct napipc_message request = {
            .type = NAPIPC_VALIDATOR_SET_ENABLED, .validator_enabled = {id, enabled}};

    return client_ask(client, &request, NULL);
}

static struct napipc_validator_list_reply list(struct client *client, uint32_t after)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_LIST, .validator_list = {after}},
                          reply;

    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    return reply.validator_list_reply;
}

static bool is_text(struct napipc_string string, const char *utf16, size_t length)
{
    return string.length == length && !memcmp(string.units, utf16, length * 2);
}

AGENT_TEST(a_registered_validator_is_listed_and_stored)
{
    static const struct napipc_failure_mapping none;
    struct client *client = client_connect();
    struct napipc_validator_list_reply page;
    const struct napipc_validator *first = &page.validators[0];

    assert_int_equal(register_validator(client, 79744), S_OK);
    assert_int_equal(agent.validators[0].id, 79744);
    assert_memory_equal(agent.validators[0].clsid.bytes, some_class.bytes, 16);
    assert_int_equal(agent_logged("registered"), 1);
    page = list(client, 0);
    assert_int_equal(page.count, 1);
    assert_false(page.more);
    assert_int_equal(first->component.id, 79744);
    assert_true(is_text(first->component.friendly_name, "N\0a\0m\0e", 4));
    assert_true(is_text(first->component.description, "W\0h\0a\0t", 4));
    assert_true(is_text(first->component.version, "1\0.\0002", 3));
    assert_true(is_text(first->component.vendor_name, "U\0s", 2));
    assert_true(first->component.registration_date == START_TIME);
    assert_memory_equal(first->clsid.bytes, some_class.bytes, 16);
    assert_memory_equal(&first->mapping, &none, sizeof(none));
}

AGENT_TEST(validators_are_no_components)
{
    struct client *client = client_connect();

    assert_int_equal(client_register(client, HEALTH_AGENT, 1), S_OK);
    assert_int_equal(register_validator(client, 1), S_OK);
    assert_int_equal(client_components(client, HEALTH_AGENT, 0).count, 1);
    assert_int_equal(unregister_validator(client, 1), S_OK);
    assert_int_equal(client_components(client, HEALTH_AGENT, 0).count, 1);
}

/* "NAP_E_CONFLICTING_ID: SHV id is already registered." */
AGENT_TEST(an_id_is_registered_once)
{
    struct client *client = client_connect();

    assert_int_equal(register_validator(client, 1), S_OK);
    assert_int_equal(register_validator(client, 1), NAP_E_CONFLICTING_ID);
    assert_int_equal(unregister_validator(client, 1), S_OK);
    assert_int_equal(register_validator(client, 1), S_OK);
}

AGENT_TEST(an_id_and_a_class_are_needed)
{
    struct client *client = client_connect();
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_REGISTER};

    assert_int_equal(register_validator(client, 0), E_INVALIDARG);
    request.validator_register.component.id = 1;
    assert_int_equal(client_ask(client, &request, NULL), E_INVALIDARG);
    assert_int_equal(list(client, 0).count, 0);
    assert_int_equal(agent.writes, 0);
}

AGENT_TEST(what_is_not_registered_cannot_be_changed)
{
    static const struct napipc_failure_mapping mapping;
    struct client *client = client_connect();

    assert_int_equal(unregister_validator(client, 1), NAP_E_NOT_REGISTERED);
    assert_int_equal(set_mapping(client, 1, mapping), NAP_E_NOT_REGISTERED);
    assert_int_equal(client_register(client, HEALTH_AGENT, 1), S_OK);
    assert_int_equal(unregister_validator(client, 1), NAP_E_NOT_REGISTERED);
}

/* "E_ACCESSDENIED: Permissions error, access denied." */
AGENT_TEST(only_an_administrator_changes_validators)
{
    static const struct napipc_failure_mapping mapping = {{true}};
    struct client *administrator = client_connect(), *client = client_connect();

    client->administrator = false;
    assert_int_equal(register_validator(administrator, 1), S_OK);
    assert_int_equal(register_validator(client, 2), E_ACCESSDENIED);
    assert_int_equal(unregister_validator(client, 1), E_ACCESSDENIED);
    assert_int_equal(set_mapping(client, 1, mapping), E_ACCESSDENIED);
    assert_int_equal(agent.writes, 1);
    /* Anybody may read the registrations. */
    assert_int_equal(list(client, 0).count, 1);
    assert_false(list(client, 0).validators[0].mapping.compliant[0]);
}

AGENT_TEST(the_next_agent_has_the_mapping)
{
    static const struct napipc_failure_mapping mapping = {{true, false, true, false, true}};
    struct client *client = client_connect();
    struct napipc_validator_list_reply page;

    assert_int_equal(register_validator(client, 1), S_OK);
    assert_int_equal(register_validator(client, 2), S_OK);
    assert_int_equal(set_mapping(client, 1, mapping), S_OK);
    assert_int_equal(agent_logged("mapped"), 1);
    agent_stop();
    assert_true(agent_start());
    client_reconnect(client);
    page = list(client, 0);
    assert_int_equal(page.count, 2);
    assert_memory_equal(&page.validators[0].mapping, &mapping, sizeof(mapping));
    assert_false(page.validators[1].mapping.compliant[0]);
    assert_memory_equal(page.validators[0].clsid.bytes, some_class.bytes, 16);
}

AGENT_TEST(a_validator_is_enabled_until_it_is_disabled)
{
    struct client *client = client_connect();

    assert_int_equal(set_enabled(client, 1, false), NAP_E_NOT_REGISTERED);
    assert_int_equal(register_validator(client, 1), S_OK);
    assert_true(list(client, 0).validators[0].enabled);
    assert_int_equal(set_enabled(client, 1, false), S_OK);
    assert_int_equal(agent_logged("disabled"), 1);
    assert_false(list(client, 0).validators[0].enabled);
    agent_stop();
    assert_true(agent_start());
    client_reconnect(client);
    assert_false(list(client, 0).validators[0].enabled);
    agent.fail_write = 1;
    assert_int_equal(set_enabled(client, 1, true), E_DISK_FULL);
    assert_false(list(client, 0).validators[0].enabled);
    client->administrator = false;
    assert_int_equal(set_enabled(client, 1, true), E_ACCESSDENIED);
}

AGENT_TEST(each_registration_has_a_date_of_its_own)
{
    struct client *client = client_connect();
    uint64_t date;

    assert_int_equal(register_validator(client, 1), S_OK);
    date = list(client, 0).validators[0].component.registration_date;
    assert_int_equal(unregister_validator(client, 1), S_OK);
    assert_int_equal(register_validator(client, 1), S_OK);
    assert_true(list(client, 0).validators[0].component.registration_date > date);
}

AGENT_TEST(sixty_four_are_the_maximum_and_come_in_pages_by_id)
{
    struct client *client = client_connect();
    struct napipc_validator_list_reply page;
    uint32_t id, last = 0;
    unsigned int pages = 0;
    uint16_t i;

    for (id = NAPIPC_MAX_VALIDATORS; id; id--)
        assert_int_equal(register_validator(client, id), S_OK);
    assert_int_equal(register_validator(client, 100), E_OUTOFMEMORY);
    assert_int_equal(agent_logged("refused-registration"), 1);
    do
    {
        page = list(client, last);
        assert_int_equal(page.count, NAPIPC_VALIDATORS_PER_PAGE);
        for (i = 0; i < page.count; i++)
            assert_int_equal(page.validators[i].component.id, ++last);
        pages++;
    } while (page.more);
    assert_int_equal(pages, NAPIPC_MAX_VALIDATORS / NAPIPC_VALIDATORS_PER_PAGE);
    assert_int_equal(list(client, last).count, 0);
    assert_int_equal(list(client, UINT32_MAX).count, 0);
    assert_int_equal(unregister_validator(client, 7), S_OK);
    assert_int_equal(register_validator(client, 100), S_OK);
}

TEST_MAIN(NULL, NULL)
