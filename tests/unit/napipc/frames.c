/*
 * Frames as docs/protocol.md lays them out: each is read into the fields that
 * its bytes say, and written back to the same bytes.
 */
#include <test.h>
#include <string.h>

#include "tests/unit/napipc/frames.h"

#define TIME UINT64_C(0x01CB3F7F12345678)

static const struct napipc_guid connection_guid = {{CONNECTION_GUID}};
static const struct napipc_guid other_guid = {{OTHER_GUID}};

/* Reads a frame, and checks its header and that writing gives the frame again. */
static void read_frame(const uint8_t *frame, size_t size, uint16_t type, uint32_t call,
        uint32_t status, struct napipc_message *message)
{
    uint8_t again[256];
    const char *why = "";
    uint16_t version = 0;
    size_t written = 0;

    assert_int_equal(napipc_decode(frame, size, message, &version, &why), NAPIPC_OK);
    assert_null(why);
    assert_int_equal(version, 1);
    assert_int_equal(message->type, type);
    assert_int_equal(message->call, call);
    assert_int_equal(message->status, status);
    assert_int_equal(napipc_encode(message, again, sizeof(again), &written), NAPIPC_OK);
    assert_int_equal(written, size);
    assert_memory_equal(again, frame, size);
}

#define READ(frame, type, call, status, message)                                                   \
    read_frame(frame, sizeof(frame), type, call, status, message)

static void assert_guid(const struct napipc_guid *guid, const struct napipc_guid *expected)
{
    assert_memory_equal(guid->bytes, expected->bytes, 16);
}

static void assert_blob(const struct napipc_blob *blob, const char *text)
{
    assert_int_equal(blob->size, strlen(text));
    assert_memory_equal(blob->data, text, blob->size);
}

/* `bytes` are UTF-16LE. */
static void assert_string(const struct napipc_string *string, const char *bytes, uint16_t length)
{
    assert_int_equal(string->length, length);
    if (length)
        assert_memory_equal(string->units, bytes, (size_t)length * 2);
}

static void assert_isolation(const struct napipc_isolation *isolation, uint32_t state,
        uint32_t extended_state, uint64_t probation_end, const char *url, uint16_t url_length)
{
    assert_int_equal(isolation->state, state);
    assert_int_equal(isolation->extended_state, extended_state);
    assert_true(isolation->probation_end == probation_end);
    assert_string(&isolation->failure_url, url, url_length);
}

static void assert_component(const struct napipc_component *component)
{
    assert_int_equal(component->id, 79617);
    assert_string(&component->friendly_name, "n\0a\0m\0e", 4);
    assert_string(&component->description, "", 0);
    assert_string(&component->version, "1", 1);
    assert_string(&component->vendor_name, "\x3D\xD8\x00\xDE", 2);
    assert_guid(&component->info_clsid, &connection_guid);
    assert_guid(&component->config_clsid, &other_guid);
    assert_true(component->registration_date == TIME);
    assert_int_equal(component->component_type, 1);
}

TEST(bind_has_kind_id_and_again)
{
    struct napipc_message message;

    READ(bind_frame, NAPIPC_BIND, 7, 0, &message);
    assert_int_equal(message.bind.kind, NAPIPC_ENFORCEMENT_CLIENT);
    assert_int_equal(message.bind.id, 79617);
    assert_true(message.bind.again);
}

TEST(soh_request_has_private_data_id_and_max_size)
{
    struct napipc_message message;

    READ(soh_request_frame, NAPIPC_SOH_REQUEST, 8, 0, &message);
    assert_blob(&message.soh_request.private_data, "abc");
    assert_guid(&message.soh_request.connection_id, &connection_guid);
    assert_int_equal(message.soh_request.max_size, 4000);
    assert_true(message.soh_request.object == UINT64_C(0x0100000000000009));
}

TEST(soh_request_reply_has_hint_flags_correlation_id_data_and_ssoh)
{
    struct napipc_message message;
    struct napipc_soh_request_reply *reply = &message.soh_request_reply;

    READ(soh_request_reply_frame, NAPIPC_SOH_REQUEST | NAPIPC_REPLY, 8, 0, &message);
    assert_true(reply->retrigger_hint);
    assert_int_equal(reply->flags, 1);
    assert_guid(&reply->correlation.conn_id, &connection_guid);
    assert_true(reply->correlation.time_stamp == TIME);
    assert_blob(&reply->private_data, "de");
    assert_blob(&reply->soh, "healt");
}

TEST(soh_response_has_private_data_id_and_response)
{
    struct napipc_message message;

    READ(soh_response_frame, NAPIPC_SOH_RESPONSE, 9, 0, &message);
    assert_blob(&message.soh_response.private_data, "de");
    assert_guid(&message.soh_response.connection_id, &connection_guid);
    assert_blob(&message.soh_response.soh, "fine");
}

TEST(soh_response_reply_has_data_isolation_and_shvs)
{
    static const uint8_t shvs[] = {0x80, 0x38, 0x01, 0x00, 0x81, 0x38, 0x01, 0x00};
    struct napipc_message message;
    struct napipc_soh_response_reply *reply = &message.soh_response_reply;

    READ(soh_response_reply_frame, NAPIPC_SOH_RESPONSE | NAPIPC_REPLY, 9, 1, &message);
    assert_blob(&reply->private_data, "fg");
    assert_isolation(&reply->isolation, 2, 2, TIME, "u", 1);
    assert_int_equal(reply->shv_count, 2);
    assert_int_equal(reply->shvs.size, 8);
    assert_memory_equal(reply->shvs.data, shvs, 8);
}

TEST(connection_down_has_private_data)
{
    struct napipc_message message;

    READ(connection_down_frame, NAPIPC_CONNECTION_DOWN, 10, 0, &message);
    assert_blob(&message.connection_down.private_data, "p");
}

TEST(register_has_kind_and_component)
{
    struct napipc_message message;

    READ(register_frame, NAPIPC_REGISTER, 11, 0, &message);
    assert_int_equal(message.reg.kind, NAPIPC_ENFORCEMENT_CLIENT);
    assert_component(&message.reg.component);
}

TEST(unregister_has_kind_and_id)
{
    struct napipc_message message;

    READ(unregister_frame, NAPIPC_UNREGISTER, 12, 0, &message);
    assert_int_equal(message.component_id.kind, NAPIPC_HEALTH_AGENT);
    assert_int_equal(message.component_id.id, 80000);
}

TEST(list_components_has_kind_and_after)
{
    struct napipc_message message;

    READ(list_components_frame, NAPIPC_LIST_COMPONENTS, 13, 0, &message);
    assert_int_equal(message.list_components.kind, NAPIPC_ENFORCEMENT_CLIENT);
    assert_int_equal(message.list_components.after, 79616);
}

TEST(list_components_reply_has_more_and_components)
{
    struct napipc_message message;
    struct napipc_list_components_reply *page = &message.list_components_reply;

    READ(list_components_reply_frame, NAPIPC_LIST_COMPONENTS | NAPIPC_REPLY, 13, 0, &message);
    assert_true(page->more);
    assert_int_equal(page->count, 2);
    assert_component(&page->components[0].component);
    assert_true(page->components[0].enabled);
    assert_false(page->components[0].bound);
    assert_true(page->components[0].health.fixup_known);
    assert_int_equal(page->components[0].health.fixup.state, 1);
    assert_int_equal(page->components[0].health.fixup.percentage, 40);
    assert_int_equal(page->components[0].health.fixup.message_id, 7);
    assert_int_equal(page->components[0].health.fixup.code_count, 1);
    assert_int_equal(page->components[0].health.fixup.codes[0], 0x80004005);
    assert_true(page->components[0].health.judged);
    assert_int_equal(page->components[0].health.failure_category, 2);
    assert_int_equal(page->components[0].health.code_count, 1);
    assert_int_equal(page->components[0].health.codes[0], 0x80270004);
    assert_component(&page->components[1].component);
    assert_false(page->components[1].enabled);
    assert_true(page->components[1].bound);
    assert_false(page->components[1].health.fixup_known);
    assert_false(page->components[1].health.judged);
}

TEST(set_enabled_has_kind_id_and_enabled)
{
    struct napipc_message message;

    READ(set_enabled_frame, NAPIPC_SET_ENABLED, 14, 0, &message);
    assert_int_equal(message.set_enabled.kind, NAPIPC_ENFORCEMENT_CLIENT);
    assert_int_equal(message.set_enabled.id, 79618);
    assert_true(message.set_enabled.enabled);
}

TEST(get_state_reply_has_isolation_process_and_counts)
{
    struct napipc_message message;
    struct napipc_get_state_reply *reply = &message.get_state_reply;

    READ(get_state_reply_frame, NAPIPC_GET_STATE | NAPIPC_REPLY, 15, 0, &message);
    assert_true(reply->unknown_connections);
    assert_isolation(&reply->isolation, 3, 1, 0, "u", 1);
    assert_int_equal(reply->process_id, 1234);
    assert_true(reply->started == TIME);
    assert_int_equal(reply->enforcement_clients, 6);
    assert_int_equal(reply->enforcement_clients_enabled, 1);
    assert_int_equal(reply->health_agents, 2);
    assert_int_equal(reply->connections, 3);
    assert_true(reply->group_policy);
}

TEST(list_connections_has_after)
{
    struct napipc_message message;

    READ(list_connections_frame, NAPIPC_LIST_CONNECTIONS, 16, 0, &message);
    assert_int_equal(message.list_connections.after, 5);
}

TEST(list_connections_reply_has_more_and_connections)
{
    struct napipc_message message;
    struct napipc_list_connections_reply *page = &message.list_connections_reply;
    struct napipc_listed_connection *connection = &page->connections[0];

    READ(list_connections_reply_frame, NAPIPC_LIST_CONNECTIONS | NAPIPC_REPLY, 16, 0, &message);
    assert_false(page->more);
    assert_int_equal(page->count, 1);
    assert_int_equal(connection->number, 6);
    assert_int_equal(connection->enforcement_client, 79617);
    assert_int_equal(connection->process_id, 1234);
    assert_guid(&connection->connection_id, &connection_guid);
    assert_guid(&connection->correlation.conn_id, &other_guid);
    assert_true(connection->correlation.time_stamp == TIME);
    assert_true(connection->pending);
    assert_false(connection->known);
    assert_isolation(&connection->isolation, 0, 0, 0, "", 0);
}

TEST(get_connections_reply_has_connections)
{
    struct napipc_message message;
    struct napipc_get_connections_reply *reply = &message.get_connections_reply;

    READ(get_connections_reply_frame, NAPIPC_GET_CONNECTIONS | NAPIPC_REPLY, 17, 0, &message);
    assert_int_equal(reply->count, 1);
    assert_blob(&reply->connections[0].private_data, "abc");
    assert_guid(&reply->connections[0].connection_id, &connection_guid);
    assert_isolation(&reply->connections[0].isolation, 1, 3, 0, "u\0v", 2);
}

TEST(isolation_changed_has_isolation)
{
    struct napipc_message message;

    READ(isolation_changed_frame, NAPIPC_ISOLATION_CHANGED, 1, 0, &message);
    assert_isolation(&message.isolation_changed.isolation, 3, 2, 0, "u", 1);
}

/* "A message without fields is a bare header." */
TEST(messages_without_fields_are_a_header)
{
    static const uint16_t types[] = {
            NAPIPC_UNBIND,
            NAPIPC_SOH_CHANGE_FAILURE,
            NAPIPC_GET_STATE,
            NAPIPC_WATCH,
            NAPIPC_WATCH_STATE,
            NAPIPC_STATE_CHANGED,
            NAPIPC_NOTIFY_SOH_CHANGE,
            NAPIPC_GET_CONNECTIONS,
            NAPIPC_BIND | NAPIPC_REPLY,
            NAPIPC_UNBIND | NAPIPC_REPLY,
            NAPIPC_CONNECTION_DOWN | NAPIPC_REPLY,
            NAPIPC_SOH_CHANGE_FAILURE | NAPIPC_REPLY,
            NAPIPC_REGISTER | NAPIPC_REPLY,
            NAPIPC_UNREGISTER | NAPIPC_REPLY,
            NAPIPC_SET_ENABLED | NAPIPC_REPLY,
            NAPIPC_WATCH | NAPIPC_REPLY,
            NAPIPC_WATCH_STATE | NAPIPC_REPLY,
            NAPIPC_NOTIFY_SOH_CHANGE | NAPIPC_REPLY,
    };
    struct napipc_message message;
    size_t i;

    for (i = 0; i < sizeof(types) / sizeof(*types); i++)
    {
        uint8_t frame[] = {
                16, 0, 0, 0,                                 /* size of the frame */
                1, 0,                                        /* protocol version */
                (uint8_t)types[i], (uint8_t)(types[i] >> 8), /* type */
                0xFF, 0xFF, 0xFF, 0xFF,                      /* call */
                0, 0, 0, 0,                                  /* status */
        };

        READ(frame, types[i], 0xFFFFFFFF, 0, &message);
    }
}

/* "A reply whose status is a failure has no body", whatever its type. */
TEST(failed_replies_are_a_header)
{
    static const uint8_t replies[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 64, 65};
    struct napipc_message message;
    size_t i;

    for (i = 0; i < sizeof(replies); i++)
    {
        uint8_t frame[] = {
                16, 0, 0, 0,            /* size of the frame */
                1, 0,                   /* protocol version */
                replies[i], 0x80,       /* type: a reply */
                1, 0, 0, 0,             /* call */
                0x07, 0x00, 0x27, 0x80, /* status: NAP_E_NOT_INITIALIZED */
        };

        READ(frame, replies[i] | NAPIPC_REPLY, 1, 0x80270007, &message);
    }
}

/* Whoever fails has set nothing else. */
TEST(a_failure_is_encoded_whatever_its_other_fields_are)
{
    struct napipc_message message;
    uint8_t frame[NAPIPC_HEADER_SIZE];
    uint16_t type;
    size_t size;

    for (type = 0; (type = napipc_next_type(type));)
    {
        if (!(type & NAPIPC_REPLY))
            continue;
        memset(&message, 0xff, sizeof(message));
        message.type = type;
        message.call = 1;
        message.status = 0x80270007;
        assert_int_equal(napipc_frame_size(&message), sizeof(frame));
        assert_int_equal(napipc_encode(&message, frame, sizeof(frame), &size), NAPIPC_OK);
        assert_int_equal(size, sizeof(frame));
    }
}

/* "The refusal is a bare header with the version of whoever refuses." */
TEST(version_refusal_is_a_header_of_our_version)
{
    static const uint8_t expected[] = {
            16, 0, 0, 0,            /* size of the frame */
            1, 0,                   /* protocol version: ours */
            0, 0x80,                /* type: a reply to nothing in particular */
            0, 0, 0, 0,             /* call: none */
            0x1A, 0x05, 0x07, 0x80, /* status: HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH) */
    };
    uint8_t frame[NAPIPC_HEADER_SIZE];

    memset(frame, 0xAA, sizeof(frame));
    napipc_encode_refusal(0x8007051A, frame);
    assert_memory_equal(frame, expected, sizeof(expected));
}

TEST_MAIN(NULL, NULL)
