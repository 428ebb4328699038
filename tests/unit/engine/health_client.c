/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Health agents and the enforcement client that requests their SoHs; see health_client.h.
 */
#include "tests/unit/engine/health_client.h"

struct object object;
uint64_t object_name;
struct soh_packet packet;

struct soh make_soh(uint32_t id, uint8_t code)
{
    struct soh soh = {{0, 2, 0, 4, id >> 24, id >> 16, id >> 8, id, 0, 4, 0, 4, 0, 0, 0, code}};

    return soh;
}

struct client *agent_registered(uint32_t id)
{
    struct client *client = client_connect();

    assert_int_equal(client_register(client, HEALTH_AGENT, id), S_OK);
    return client;
}

uint32_t agent_bind(struct client *client, uint32_t id)
{
    struct napipc_message message = {.type = NAPIPC_BIND, .bind = {.kind = HEALTH_AGENT, .id = id}};

    return client_ask(client, &message, NULL);
}

struct client *agent_bound(uint32_t id)
{
    struct client *client = agent_registered(id);

    assert_int_equal(agent_bind(client, id), S_OK);
    return client;
}

void send_get_soh(struct client *client)
{
    struct napipc_message message = {.type = NAPIPC_SOH_REQUEST};

    message.call = ++client->call;
    message.soh_request.private_data.data = object.private_data;
    message.soh_request.private_data.size = object.private_size;
    message.soh_request.connection_id = object.id;
    message.soh_request.max_size = object.max_size;
    message.soh_request.object = object_name;
    assert_true(client_send(client, &message));
}

uint32_t take_soh(struct client *client)
{
    struct napipc_message reply;

    assert_true(client_next(client, &reply));
    assert_int_equal(reply.type, NAPIPC_SOH_REQUEST | NAPIPC_REPLY);
    if (reply.status)
        return reply.status;
    object.hint = reply.soh_request_reply.retrigger_hint;
    object.correlation = reply.soh_request_reply.correlation;
    object.private_size = reply.soh_request_reply.private_data.size;
    memcpy(object.private_data, reply.soh_request_reply.private_data.data, object.private_size);
    object.ssoh_size = reply.soh_request_reply.soh.size;
    memcpy(object.ssoh, reply.soh_request_reply.soh.data, object.ssoh_size);
    assert_true(soh_parse(object.ssoh, object.ssoh_size, &packet, NULL));
    return S_OK;
}

void answer_get_soh(
        struct client *client, uint32_t status, const struct soh *soh, bool cache, bool same)
{
    struct napipc_message message;

    do
        assert_true(client_next(client, &message));
    while (message.type == NAPIPC_AGENT_ORPHANED);
    assert_int_equal(message.type, NAPIPC_AGENT_GET_SOH);
    message.type |= NAPIPC_REPLY;
    message.status = status;
    message.agent_get_soh_reply.cache = cache;
    message.agent_get_soh_reply.same = same;
    message.agent_get_soh_reply.soh.data = soh ? soh->bytes : NULL;
    message.agent_get_soh_reply.soh.size = soh ? sizeof(soh->bytes) : 0;
    assert_true(client_send(client, &message));
}

void assert_entry(uint32_t id, const struct soh *soh)
{
    struct soh_entry entry;

    assert_true(soh_find_entry(&packet, id, &entry));
    assert_int_equal(entry.attributes.size, sizeof(soh->bytes));
    assert_memory_equal(entry.attributes.data, soh->bytes, sizeof(soh->bytes));
}

void assert_made(uint32_t id, uint8_t category, uint32_t code)
{
    struct soh_attribute attribute;
    struct soh_entry entry;
    uint8_t found = 0;
    uint32_t value = 0;

    assert_true(soh_find_entry(&packet, id, &entry));
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_FAILURE_CATEGORY, &attribute));
    assert_true(soh_attribute_u8(&attribute, &found));
    assert_int_equal(found, category);
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_ERROR_CODES, &attribute));
    assert_true(soh_attribute_u32_at(&attribute, 0, &value));
    assert_int_equal(value, code);
}

void exchange(struct client *client, struct client *agent_client, uint32_t status,
        const struct soh *soh, bool cache, bool same)
{
    send_get_soh(client);
    assert_int_equal(client_waiting(client), 0);
    answer_get_soh(agent_client, status, soh, cache, same);
    assert_int_equal(take_soh(client), S_OK);
}

uint32_t respond(struct client *client, uint8_t category, uint32_t code)
{
    static uint8_t response[SOH_MAX_PACKET_SIZE];
    struct soh_result result = {.id = SHA,
            .codes = &code,
            .code_count = 1,
            .has_failure_category = true,
            .failure_category = category};
    struct soh_system system = {.present = SOH_HAS_QUARANTINE | SOH_HAS_CORRELATION_ID};
    struct soh_builder builder;

    system.correlation_id = packet.correlation_id;
    system.quarantine.isolation_state = RESTRICTED;
    system.quarantine.probation_end = SOH_NO_PROBATION;
    soh_builder_init(&builder, response, sizeof(response));
    soh_build_begin(&builder, SOH_RESPONSE, NULL, &system);
    soh_build_result_entry(&builder, &result);
    assert_int_equal(soh_build_end(&builder), SOH_BUILD_OK);
    return object_process(client, &object, response, builder.size);
}

void report_fixup(struct client *client, uint32_t state, uint8_t percentage)
{
    struct napipc_message message;

    do
        assert_true(client_next(client, &message));
    while (message.type == NAPIPC_AGENT_ISOLATION_CHANGED);
    assert_in_range(message.type, NAPIPC_AGENT_PROCESS_RESPONSE, NAPIPC_AGENT_GET_FIXUP_INFO);
    message.type |= NAPIPC_REPLY;
    message.agent_fixup_reply.fixup = (struct napipc_fixup){
            .state = state, .percentage = percentage, .code_count = 1, .codes = {E_FAIL}};
    assert_true(client_send(client, &message));
}

struct napipc_health health_of(struct client *client)
{
    struct napipc_list_components_reply page = client_components(client, HEALTH_AGENT, 0);

    assert_int_equal(page.count, 1);
    return page.components[0].health;
}
