/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Frames as in docs/protocol.md: each is read into the right fields, and written back to the same
 * bytes.
 */
#include <test.h>
#include <string.h>

#include "tests/unit/napipc/frames.h"

#define TIME UINT64_C(0x01CB3F7F12345678)

/* clang-format off */

#define GUID_1 {{CONNECTION_GUID}}
#define GUID_2 {{OTHER_GUID}}
#define BLOB(text) {(const uint8_t *)(text), sizeof(text) - 1}
#define UTF16(bytes, length) {(const uint8_t *)(bytes), length}
#define COMPONENT_READ { \
    .id = 79617, .friendly_name = UTF16("n\0a\0m\0e", 4), .version = UTF16("1", 1), \
    .vendor_name = UTF16("\x3D\xD8\x00\xDE", 2), .info_clsid = GUID_1, .config_clsid = GUID_2, \
    .registration_date = TIME, .component_type = 1}
#define REPLY(type) NAPIPC_##type | NAPIPC_REPLY
#define ROW(name, ...) {#name, name##_frame, sizeof(name##_frame), {__VA_ARGS__}}

/* The message of each frame in frames.h. */
static struct row
{
    const char *name;
    const uint8_t *bytes;
    size_t size;
    struct napipc_message message;
} rows[] = {
    ROW(bind, NAPIPC_BIND, 7, 0, .bind = {NAPIPC_ENFORCEMENT_CLIENT, 79617, .again = true}),
    ROW(soh_request, NAPIPC_SOH_REQUEST, 8, 0, .soh_request = {
        .private_data = BLOB("abc"), .connection_id = GUID_1, .max_size = 4000,
        .object = UINT64_C(0x0100000000000009)}),
    ROW(soh_request_reply, REPLY(SOH_REQUEST), 8, 0, .soh_request_reply = {
        .retrigger_hint = true, .flags = 1, .correlation = {GUID_1, TIME},
        .private_data = BLOB("de"), .soh = BLOB("healt")}),
    ROW(soh_response, NAPIPC_SOH_RESPONSE, 9, 0, .soh_response = {
        .private_data = BLOB("de"), .connection_id = GUID_1, .soh = BLOB("fine")}),
    ROW(soh_response_reply, REPLY(SOH_RESPONSE), 9, 1, .soh_response_reply = {
        .private_data = BLOB("fg"), .isolation = {2, 2, TIME, UTF16("u", 1)},
        .shv_count = 2, .shvs = BLOB("\x80\x38\x01\x00\x81\x38\x01\x00")}),
    ROW(connection_down, NAPIPC_CONNECTION_DOWN, 10, 0, .connection_down = {BLOB("p")}),
    ROW(register, NAPIPC_REGISTER, 11, 0, .reg = {NAPIPC_ENFORCEMENT_CLIENT, COMPONENT_READ}),
    ROW(unregister, NAPIPC_UNREGISTER, 12, 0, .component_id = {NAPIPC_HEALTH_AGENT, 80000}),
    ROW(list_components, NAPIPC_LIST_COMPONENTS, 13, 0, .list_components = {
        NAPIPC_ENFORCEMENT_CLIENT, .after = 79616}),
    ROW(list_components_reply, REPLY(LIST_COMPONENTS), 13, 0, .list_components_reply = {
        .more = true, .count = 2, .components = {
            {COMPONENT_READ, .enabled = true, .health = {
                .fixup_known = true,
                .fixup = {.state = 1, .percentage = 40, .message_id = 7,
                          .code_count = 1, .codes = {0x80004005}},
                .judged = true, .failure_category = 2, .code_count = 1, .codes = {0x80270004}}},
            {COMPONENT_READ, .bound = true}}}),
    ROW(set_enabled, NAPIPC_SET_ENABLED, 14, 0, .set_enabled = {
        NAPIPC_ENFORCEMENT_CLIENT, 79618, .enabled = true}),
    ROW(get_state_reply, REPLY(GET_STATE), 15, 0, .get_state_reply = {
        .unknown_connections = true, .isolation = {3, 1, 0, UTF16("u", 1)}, .process_id = 1234,
        .started = TIME, .enforcement_clients = 6, .enforcement_clients_enabled = 1,
        .health_agents = 2, .connections = 3, .group_policy = true}),
    ROW(list_connections, NAPIPC_LIST_CONNECTIONS, 16, 0, .list_connections = {.after = 5}),
    ROW(list_connections_reply, REPLY(LIST_CONNECTIONS), 16, 0, .list_connections_reply = {
        .count = 1, .connections = {
            {.number = 6, .enforcement_client = 79617, .process_id = 1234, .connection_id = GUID_1,
             .correlation = {GUID_2, TIME}, .pending = true}}}),
    ROW(get_connections_reply, REPLY(GET_CONNECTIONS), 17, 0, .get_connections_reply = {
        .count = 1, .connections = {
            {BLOB("abc"), GUID_1, .isolation = {1, 3, 0, UTF16("u\0v", 2)}}}}),
    ROW(isolation_changed, NAPIPC_ISOLATION_CHANGED, 1, 0, .isolation_changed = {
        .isolation = {3, 2, 0, UTF16("u", 1)}}),
};

/* clang-format on */

/* Reads a frame, and checks its header and that writing gives the frame again. */
static void read_frame(
        const char *name, const uint8_t *frame, size_t size, const struct napipc_message *expected)
{
    struct napipc_message message;
    uint8_t again[256];
    const char *why = "";
    uint16_t version = 0;
    size_t written = 0;

    if (napipc_decode(frame, size, &message, &version, &why) != NAPIPC_OK)
        fail_msg("%s (type %#x) is not read: %s", name, expected->type, why);
    assert_null(why);
    assert_int_equal(version, 3);
    if (message.type != expected->type || message.call != expected->call
            || message.status != expected->status)
        fail_msg("%s (type %#x) has type %#x, call %u, status %#x", name, expected->type,
                message.type, message.call, message.status);
    if (napipc_encode(&message, again, sizeof(again), &written) != NAPIPC_OK || written != size
            || memcmp(again, frame, size))
        fail_msg("%s (type %#x) was read as something else", name, expected->type);
}

/* A message is written as its frame. The frame is read as the message, and written again as the
 * frame. */
TEST(every_frame_has_the_fields_of_its_message)
{
    uint8_t frame[256];
    size_t i, at, size;

    assert_int_equal(sizeof(rows) / sizeof(*rows), SAMPLE_FRAME_COUNT);
    for (i = 0; i < SAMPLE_FRAME_COUNT; i++)
    {
        struct row *row = &rows[i];

        if (napipc_encode(&row->message, frame, sizeof(frame), &size) != NAPIPC_OK)
            fail_msg("%s is not written", row->name);
        for (at = 0; at < size && at < row->size && frame[at] == row->bytes[at]; at++)
            ;
        if (size != row->size || at != size)
            fail_msg("%s has %zu bytes, not %zu, and differs at %zu", row->name, size, row->size,
                    at);
        read_frame(row->name, row->bytes, row->size, &row->message);
    }
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
    size_t i;

    for (i = 0; i < sizeof(types) / sizeof(*types); i++)
    {
        uint8_t frame[] = {
                16, 0, 0, 0,                                 /* size of the frame */
                3, 0,                                        /* protocol version */
                (uint8_t)types[i], (uint8_t)(types[i] >> 8), /* type */
                0xFF, 0xFF, 0xFF, 0xFF,                      /* call */
                0, 0, 0, 0,                                  /* status */
        };

        read_frame("a header", frame, sizeof(frame),
                &(struct napipc_message){.type = types[i], .call = 0xFFFFFFFF});
    }
}

/* "A reply whose status is a failure has no body", whatever its type. */
TEST(failed_replies_are_a_header)
{
    static const uint8_t replies[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 64, 65};
    size_t i;

    for (i = 0; i < sizeof(replies); i++)
    {
        uint8_t frame[] = {
                16, 0, 0, 0,            /* size of the frame */
                3, 0,                   /* protocol version */
                replies[i], 0x80,       /* type: a reply */
                1, 0, 0, 0,             /* call */
                0x07, 0x00, 0x27, 0x80, /* status: NAP_E_NOT_INITIALIZED */
        };

        read_frame("a failed reply", frame, sizeof(frame),
                &(struct napipc_message){
                        .type = replies[i] | NAPIPC_REPLY, .call = 1, .status = 0x80270007});
    }
}

/* A sender of a failure sets no other field. */
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
            3, 0,                   /* protocol version: ours */
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
