/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Clients of the agent under test; see agent.h.
 */
#include "tests/unit/engine/agent.h"

#include <stdlib.h>

struct client *client_connect(void)
{
    struct client *client = &agent.clients[agent.client_count];

    assert_true(agent.client_count < CLIENTS_MAX);
    client->process_id = 100 + agent.client_count++;
    client->administrator = true;
    client_reconnect(client);
    return client;
}

void client_reconnect(struct client *client)
{
    client->read = client->written = 0;
    free(client->memory); /* of a session that has gone with its agent */
    client->memory = malloc(engine_session_size());
    assert_non_null(client->memory);
    agent.inside = true;
    client->session = engine_open_session(agent.engine, client, client->memory);
    agent.inside = false;
}

void client_disconnect(struct client *client)
{
    engine_close_session(agent.engine, client->session);
    client->session = NULL;
    free(client->memory);
    client->memory = NULL;
}

bool client_send_bytes(struct client *client, const void *bytes, size_t size)
{
    /* Exactly as large as the frame, so that a sanitizer sees a byte read too many; freed when the
     * engine returns, so that it sees a view that was kept. */
    uint8_t *exact = malloc(size + 1);
    bool accepted;

    assert_non_null(exact);
    if (size)
        memcpy(exact + 1, bytes, size);
    agent.inside = true;
    accepted = engine_receive(agent.engine, client->session, exact + 1, size);
    agent.inside = false;
    free(exact);
    return accepted;
}

bool client_send(struct client *client, struct napipc_message *message)
{
    static uint8_t frame[NAPIPC_MAX_FRAME];
    size_t size;

    if (!(message->type & NAPIPC_REPLY))
        message->status = 0;
    assert_int_equal(napipc_encode(message, frame, sizeof(frame), &size), NAPIPC_OK);
    return client_send_bytes(client, frame, size);
}

bool client_next(struct client *client, struct napipc_message *message)
{
    unsigned int index = client->read;

    if (index == client->written)
        return false;
    assert_int_equal(napipc_decode(agent.frames + client->sent[index].offset,
                             client->sent[index].size, message, NULL, NULL),
            NAPIPC_OK);
    if (++client->read == client->written)
        client->read = client->written = 0;
    return true;
}

unsigned int client_waiting(const struct client *client)
{
    return client->written - client->read;
}

uint32_t client_ask(
        struct client *client, struct napipc_message *request, struct napipc_message *reply)
{
    struct napipc_message unwanted;

    if (!reply)
        reply = &unwanted;
    request->call = ++client->call;
    assert_true(client_send(client, request));
    assert_true(client_next(client, reply));
    assert_int_equal(reply->type, request->type | NAPIPC_REPLY);
    assert_int_equal(reply->call, request->call);
    return reply->status;
}

uint32_t client_register(struct client *client, uint32_t kind, uint32_t id)
{
    struct napipc_message request = {.type = NAPIPC_REGISTER};

    request.reg.kind = kind;
    request.reg.component.id = id;
    request.reg.component.component_type = 1; /* ComponentTypeEnforcementClientSoH */
    return client_ask(client, &request, NULL);
}

uint32_t client_unregister(struct client *client, uint32_t kind, uint32_t id)
{
    struct napipc_message request = {.type = NAPIPC_UNREGISTER};

    request.component_id.kind = kind;
    request.component_id.id = id;
    return client_ask(client, &request, NULL);
}

uint32_t client_enable(struct client *client, uint32_t kind, uint32_t id, bool enabled)
{
    struct napipc_message request = {.type = NAPIPC_SET_ENABLED};

    request.set_enabled.kind = kind;
    request.set_enabled.id = id;
    request.set_enabled.enabled = enabled;
    return client_ask(client, &request, NULL);
}

static uint32_t bind_client(struct client *client, uint32_t id, bool again)
{
    struct napipc_message request = {.type = NAPIPC_BIND};

    request.bind.kind = ENFORCER;
    request.bind.id = id;
    request.bind.again = again;
    return client_ask(client, &request, NULL);
}

uint32_t client_bind(struct client *client, uint32_t id)
{
    return bind_client(client, id, false);
}

uint32_t client_bind_again(struct client *client, uint32_t id)
{
    return bind_client(client, id, true);
}

uint32_t client_unbind(struct client *client)
{
    struct napipc_message request = {.type = NAPIPC_UNBIND};

    return client_ask(client, &request, NULL);
}

uint32_t client_change_failure(struct client *client)
{
    struct napipc_message request = {.type = NAPIPC_SOH_CHANGE_FAILURE};

    return client_ask(client, &request, NULL);
}

struct napipc_get_state_reply client_state(struct client *client)
{
    struct napipc_message request = {.type = NAPIPC_GET_STATE}, reply;

    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    return reply.get_state_reply;
}

struct napipc_list_components_reply client_components(
        struct client *client, uint32_t kind, uint32_t after)
{
    struct napipc_message request = {.type = NAPIPC_LIST_COMPONENTS}, reply;

    request.list_components.kind = kind;
    request.list_components.after = after;
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    return reply.list_components_reply;
}

struct napipc_list_connections_reply client_connections(struct client *client, uint32_t after)
{
    struct napipc_message request = {.type = NAPIPC_LIST_CONNECTIONS}, reply;

    request.list_connections.after = after;
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    return reply.list_connections_reply;
}

uint32_t client_called(struct client *client, uint16_t type)
{
    struct napipc_message message;

    assert_true(client_next(client, &message));
    assert_int_equal(message.type, type);
    return message.call;
}

bool client_answer(struct client *client, uint16_t type, uint32_t call, uint32_t status)
{
    struct napipc_message answer = {.type = type | NAPIPC_REPLY};

    answer.call = call;
    answer.status = status;
    answer.get_connections_reply.count = 0;
    return client_send(client, &answer);
}

struct client *client_bound(uint32_t id)
{
    struct client *client = client_connect();

    assert_int_equal(client_register(client, ENFORCER, id), S_OK);
    assert_int_equal(client_enable(client, ENFORCER, id, true), S_OK);
    assert_int_equal(client_bind(client, id), S_OK);
    return client;
}

/* ---- strings ---- */

static uint8_t units[64][600];
static unsigned int units_used;

struct napipc_string text(const char *ascii)
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

/* ---- connection objects ---- */

void object_init(struct object *object, uint8_t number)
{
    memset(object, 0, sizeof(*object));
    memset(object->id.bytes, number, sizeof(object->id.bytes));
    object->max_size = sizeof(object->ssoh); /* defaultProtocolMaxSize */
}

static void set_private_data(struct object *object, const struct napipc_blob *data)
{
    memcpy(object->private_data, data->data, data->size);
    object->private_size = data->size;
}

uint32_t object_get_soh(struct client *client, struct object *object)
{
    struct napipc_message request = {.type = NAPIPC_SOH_REQUEST}, reply;
    const struct napipc_soh_request_reply *answer = &reply.soh_request_reply;
    uint32_t status;

    request.soh_request.private_data.data = object->private_data;
    request.soh_request.private_data.size = object->private_size;
    request.soh_request.connection_id = object->id;
    request.soh_request.max_size = object->max_size;
    if ((status = client_ask(client, &request, &reply)))
        return status;
    set_private_data(object, &answer->private_data);
    object->hint = answer->retrigger_hint;
    object->flags = answer->flags;
    object->correlation = answer->correlation;
    assert_true(answer->soh.size <= object->max_size);
    assert_true(answer->soh.size <= sizeof(object->ssoh));
    memcpy(object->ssoh, answer->soh.data, answer->soh.size);
    object->ssoh_size = answer->soh.size;
    return S_OK;
}

uint32_t object_process(
        struct client *client, struct object *object, const void *response, size_t size)
{
    struct napipc_message request = {.type = NAPIPC_SOH_RESPONSE}, reply;
    const struct napipc_soh_response_reply *answer = &reply.soh_response_reply;
    uint32_t status;
    uint16_t i;

    request.soh_response.private_data.data = object->private_data;
    request.soh_response.private_data.size = object->private_size;
    request.soh_response.connection_id = object->id;
    request.soh_response.soh.data = response;
    request.soh_response.soh.size = (uint32_t)size;
    if ((status = client_ask(client, &request, &reply)))
        return status;
    set_private_data(object, &answer->private_data);
    object->state = answer->isolation.state;
    object->extended_state = answer->isolation.extended_state;
    object->probation_end = answer->isolation.probation_end;
    object->url_length = answer->isolation.failure_url.length;
    if (object->url_length)
        memcpy(object->url, answer->isolation.failure_url.units, (size_t)object->url_length * 2);
    object->shv_count = answer->shv_count;
    assert_true(object->shv_count <= SOH_MAX_ENTRIES);
    for (i = 0; i < object->shv_count; i++)
    {
        const uint8_t *id = answer->shvs.data + 4 * i;

        object->shvs[i] = id[0] | id[1] << 8 | id[2] << 16 | (uint32_t)id[3] << 24;
    }
    return S_OK;
}

uint32_t object_down(struct client *client, const struct object *object)
{
    struct napipc_message request = {.type = NAPIPC_CONNECTION_DOWN};

    request.connection_down.private_data.data = object->private_data;
    request.connection_down.private_data.size = object->private_size;
    return client_ask(client, &request, NULL);
}

size_t object_response(
        const struct object *object, const struct decided *decided, uint8_t *response)
{
    struct soh_system system = {.present = SOH_HAS_QUARANTINE | SOH_HAS_CORRELATION_ID};
    struct soh_builder builder;
    struct soh_packet packet;

    /* The server sees only the bytes of the request. */
    assert_true(soh_parse(object->ssoh, object->ssoh_size, &packet, NULL));
    system.correlation_id = packet.correlation_id;
    system.quarantine.isolation_state = decided->state;
    system.quarantine.extended_state = decided->extended_state;
    system.quarantine.probation_end = decided->probation_end;
    if (decided->url)
    {
        system.quarantine.url.data = (const uint8_t *)decided->url;
        system.quarantine.url.size = strlen(decided->url);
    }
    soh_builder_init(&builder, response, SOH_MAX_PACKET_SIZE);
    soh_build_begin(&builder, SOH_RESPONSE, NULL, &system);
    assert_int_equal(soh_build_end(&builder), SOH_BUILD_OK);
    return builder.size;
}

void object_decide(struct client *client, struct object *object, const struct decided *decided)
{
    static uint8_t response[SOH_MAX_PACKET_SIZE];
    size_t size;

    assert_int_equal(object_get_soh(client, object), S_OK);
    size = object_response(object, decided, response);
    assert_int_equal(object_process(client, object, response, size), S_OK);
}

void object_report(const struct object *object, struct napipc_reported_connection *reported)
{
    reported->private_data.data = object->private_data;
    reported->private_data.size = object->private_size;
    reported->connection_id = object->id;
    reported->isolation.state = object->state;
    reported->isolation.extended_state = object->extended_state;
    reported->isolation.probation_end = object->probation_end;
    reported->isolation.failure_url.units = object->url;
    reported->isolation.failure_url.length = object->url_length;
}

bool client_report(
        struct client *client, uint32_t call, const struct object *objects, uint16_t count)
{
    struct napipc_message answer = {.type = NAPIPC_GET_CONNECTIONS | NAPIPC_REPLY};
    uint16_t i;

    answer.call = call;
    answer.status = S_OK;
    answer.get_connections_reply.count = count;
    for (i = 0; i < count; i++)
        object_report(&objects[i], &answer.get_connections_reply.connections[i]);
    return client_send(client, &answer);
}
