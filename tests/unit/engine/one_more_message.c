/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A new message needs only this: its row in the table (one_more_message.h), the fields of its body
 * and a handler. The codec, the engine's dispatch, its check of rights, the bound of frames and the
 * log use these.
 */
#include "libs/engine/component.h"
#include "libs/engine/session.h"
#include "libs/napipc/codec.h"
#include "tests/unit/engine/agent.h"

#define REPLY(type) ((type) | NAPIPC_REPLY)

/* ---- the message ---- */

void count_components_fields(struct codec *codec, struct napipc_message *message);
void count_components_reply_fields(struct codec *codec, struct napipc_message *message);

void count_components_fields(struct codec *codec, struct napipc_message *message)
{
    codec_kind(codec, &message->component_id.kind);
}

void count_components_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->component_id.id);
}

uint32_t handle_count_components(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    struct component *component;

    (void)session;
    reply->component_id.id = 0;
    for (component = engine->components; component; component = component->next)
        reply->component_id.id += component->kind == request->component_id.kind;
    return S_OK;
}

/* ---- the test ---- */

static struct client *client;

static uint32_t count(uint32_t kind, uint32_t *components)
{
    struct napipc_message request = {.type = NAPIPC_COUNT_COMPONENTS}, reply;
    uint32_t status;

    request.component_id.kind = kind;
    status = client_ask(client, &request, &reply);
    *components = status ? 0 : reply.component_id.id;
    return status;
}

static int setup(void)
{
    if (agent_setup())
        return -1;
    client = client_connect();
    return 0;
}

#define MESSAGE_TEST(name) TEST_WITH(name, setup, agent_teardown)

MESSAGE_TEST(it_is_handled_and_answered)
{
    uint32_t components;

    assert_int_equal(client_register(client, ENFORCER, 1), S_OK);
    assert_int_equal(client_register(client, HEALTH_AGENT, 1), S_OK);
    assert_int_equal(client_register(client, HEALTH_AGENT, 2), S_OK);
    assert_int_equal(count(HEALTH_AGENT, &components), S_OK);
    assert_int_equal(components, 2);
    assert_int_equal(count(ENFORCER, &components), S_OK);
    assert_int_equal(components, 1);
}

MESSAGE_TEST(who_may_send_it_is_in_its_row)
{
    uint32_t components;

    client->administrator = false;
    assert_int_equal(count(ENFORCER, &components), E_ACCESSDENIED);
    assert_non_null(strstr(agent_log_text("refused-access"), "may not send COUNT_COMPONENTS"));
}

MESSAGE_TEST(its_frames_are_measured_and_checked)
{
    struct napipc_message message = {.type = NAPIPC_COUNT_COMPONENTS, .call = 1}, decoded;
    uint8_t frame[64];
    uint16_t version;
    const char *why;
    size_t size;

    message.component_id.kind = HEALTH_AGENT;
    assert_int_equal(napipc_encode(&message, frame, sizeof(frame), &size), NAPIPC_OK);
    assert_int_equal(napipc_frame_size(&message), size);
    assert_int_equal(napipc_decode(frame, size, &decoded, &version, &why), NAPIPC_OK);
    assert_int_equal(decoded.component_id.kind, HEALTH_AGENT);
    assert_int_equal(napipc_decode(frame, size - 1, &decoded, &version, &why), NAPIPC_BAD_FRAME);
    message.type = REPLY(NAPIPC_COUNT_COMPONENTS);
    message.component_id.id = 7;
    assert_int_equal(napipc_encode(&message, frame, sizeof(frame), &size), NAPIPC_OK);
    assert_int_equal(napipc_frame_size(&message), size);
    assert_string_equal(napipc_row(NAPIPC_COUNT_COMPONENTS)->name, "COUNT_COMPONENTS");
}

TEST_MAIN(NULL, NULL)
