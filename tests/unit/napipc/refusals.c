/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the codec rejects, rule by rule (docs/protocol.md, "What is rejected").
 */
#include <test.h>
#include <stdlib.h>

#include "tests/unit/napipc/frames.h"
#include "tests/unit/napipc/samples.h"

static struct filling filling;
static uint8_t frame[NAPIPC_MAX_FRAME + 8192];

static void put_u16(uint8_t *bytes, uint32_t value)
{
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
}

static void put_u32(uint8_t *bytes, uint32_t value)
{
    put_u16(bytes, value);
    put_u16(bytes + 2, value >> 16);
}

/* Reads a copy that ends where the frame ends, so that a sanitizer sees a byte read too many. */
static enum napipc_result decode_exact(const uint8_t *bytes, size_t size, const char **why)
{
    uint8_t *exact = malloc(size + 1);
    struct napipc_message message;
    enum napipc_result result;

    assert_non_null(exact);
    memcpy(exact + 1, bytes, size);
    result = napipc_decode(exact + 1, size, &message, NULL, why);
    free(exact);
    return result;
}

static void assert_rejected(const uint8_t *bytes, size_t size, const char *rule)
{
    const char *why = NULL;

    assert_int_equal(decode_exact(bytes, size, &why), NAPIPC_BAD_FRAME);
    assert_string_equal(why, rule);
}

/* Copies a sample into `frame`, where a test may change it. */
static size_t take_sample(const uint8_t *bytes, size_t size)
{
    memcpy(frame, bytes, size);
    return size;
}

/* Writes a message at its limits into `frame`. */
static size_t take_largest(uint16_t type)
{
    struct napipc_message message;
    size_t size = 0;

    filling_init(&filling, true, 1);
    fill_message(&filling, type, &message);
    assert_int_equal(napipc_encode(&message, frame, sizeof(frame), &size), NAPIPC_OK);
    return size;
}

/* Inserts `count` zeros at `offset` of a frame of `size` bytes, and sets its size. */
static size_t insert(size_t size, size_t offset, size_t count)
{
    memmove(frame + offset + count, frame + offset, size - offset);
    memset(frame + offset, 0, count);
    put_u32(frame, (uint32_t)(size + count));
    return size + count;
}

TEST(a_frame_cut_short_is_refused_at_every_length)
{
    size_t i, size;
    const char *why;

    for (i = 0; i < SAMPLE_FRAME_COUNT; i++)
        for (size = 0; size < sample_frames[i].size; size++)
        {
            take_sample(sample_frames[i].bytes, size);
            assert_rejected(frame, size,
                    size < NAPIPC_HEADER_SIZE ? "shorter than a header"
                                              : "size in the header is not the size of the frame");
            /* A header with the truncated size does not help. */
            put_u32(frame, (uint32_t)size);
            assert_int_equal(decode_exact(frame, size, &why), NAPIPC_BAD_FRAME);
            assert_non_null(why);
        }
}

TEST(no_bytes_are_no_frame)
{
    struct napipc_message message;
    uint16_t version = 7;
    const char *why = NULL;

    assert_int_equal(napipc_decode(NULL, 0, &message, &version, &why), NAPIPC_BAD_FRAME);
    assert_string_equal(why, "shorter than a header");
    assert_int_equal(version, 0);
}

TEST(bytes_left_over_are_refused)
{
    static const uint16_t bare[] = {NAPIPC_UNBIND, NAPIPC_GET_STATE, NAPIPC_BIND | NAPIPC_REPLY};
    size_t i, size;

    for (i = 0; i < SAMPLE_FRAME_COUNT; i++)
    {
        size = take_sample(sample_frames[i].bytes, sample_frames[i].size);
        frame[size] = 0;
        put_u32(frame, (uint32_t)(size + 1));
        assert_rejected(frame, size + 1, "bytes left over");
    }
    for (i = 0; i < sizeof(bare) / sizeof(*bare); i++)
    {
        size = take_largest(bare[i]);
        frame[size] = 0;
        put_u32(frame, (uint32_t)(size + 1));
        assert_rejected(frame, size + 1, "bytes left over");
    }
    /* A failed reply has no body, not even its usual one. */
    size = take_sample(soh_request_reply_frame, sizeof(soh_request_reply_frame));
    put_u32(frame + 12, 0x8007000E);
    assert_rejected(frame, size, "bytes left over");
}

TEST(size_in_the_header_is_the_size_of_the_frame)
{
    static const uint32_t wrong[] = {0, 15, 24, 26, 0x80000019, UINT32_MAX};
    size_t size, i;

    size = take_sample(bind_frame, sizeof(bind_frame));
    for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
    {
        put_u32(frame, wrong[i]);
        assert_rejected(frame, size, "size in the header is not the size of the frame");
    }
}

TEST(a_frame_has_at_most_128_kib)
{
    memset(frame, 0, sizeof(frame));
    take_sample(connection_down_frame, NAPIPC_HEADER_SIZE);
    put_u32(frame, NAPIPC_MAX_FRAME);
    put_u32(frame + NAPIPC_HEADER_SIZE, NAPIPC_MAX_FRAME - NAPIPC_HEADER_SIZE - 4);
    assert_rejected(frame, NAPIPC_MAX_FRAME, "data too long");
    put_u32(frame, NAPIPC_MAX_FRAME + 1);
    assert_rejected(frame, NAPIPC_MAX_FRAME + 1, "frame too long");
}

/* Everything after size and version belongs to that version, so it is not checked. */
TEST(a_frame_of_another_version_says_which)
{
    static const uint16_t versions[] = {0, 1, 2, 4, 0x0100, 0xFFFF};
    struct napipc_message message;
    uint16_t version = 1;
    const char *why;
    size_t i;

    memset(frame, 0xEE, sizeof(frame));
    for (i = 0; i < sizeof(versions) / sizeof(*versions); i++)
    {
        put_u16(frame + 4, versions[i]);
        put_u32(frame, NAPIPC_HEADER_SIZE);
        why = "";
        assert_int_equal(napipc_decode(frame, NAPIPC_HEADER_SIZE, &message, &version, &why),
                NAPIPC_BAD_VERSION);
        assert_int_equal(version, versions[i]);
        assert_null(why);
        put_u32(frame, NAPIPC_MAX_FRAME + 1);
        assert_int_equal(napipc_decode(frame, NAPIPC_MAX_FRAME + 1, &message, &version, NULL),
                NAPIPC_BAD_VERSION);
        /* Its size still counts. */
        assert_int_equal(
                napipc_decode(frame, NAPIPC_HEADER_SIZE, &message, NULL, NULL), NAPIPC_BAD_FRAME);
    }
}

/* Exactly the listed ones of all 65,536 numbers are types. */
TEST(unknown_types_are_refused)
{
    uint16_t next = napipc_next_type(0);
    uint32_t type, found = 0;
    const char *why;

    for (type = 0; type <= UINT16_MAX; type++)
    {
        /* A failed reply, or a request: a bare header is a whole frame, or one too short. */
        take_sample(bind_frame, NAPIPC_HEADER_SIZE);
        put_u32(frame, NAPIPC_HEADER_SIZE);
        put_u16(frame + 6, type);
        put_u32(frame + 12, type & NAPIPC_REPLY ? 0x8007000E : 0);
        if (decode_exact(frame, NAPIPC_HEADER_SIZE, &why) == NAPIPC_OK
                || strcmp(why, "unknown message type"))
        {
            assert_int_equal(type & ~NAPIPC_REPLY & ~0x7F, 0);
            /* Types come in the order of the table. */
            assert_int_equal(next, type);
            next = napipc_next_type(next);
            found++;
        }
    }
    assert_int_equal(next, 0);
    assert_int_equal(found, 114);
}

TEST(call_0_is_refused)
{
    size_t i, size;

    for (i = 0; i < SAMPLE_FRAME_COUNT; i++)
    {
        size = take_sample(sample_frames[i].bytes, sample_frames[i].size);
        put_u32(frame + 8, 0);
        assert_rejected(frame, size, "call number 0");
    }
}

TEST(a_request_has_no_status)
{
    size_t size = take_sample(bind_frame, sizeof(bind_frame));

    put_u32(frame + 12, 1);
    assert_rejected(frame, size, "status in a request");
    put_u32(frame + 12, 0x80004005);
    assert_rejected(frame, size, "status in a request");
}

TEST(a_truth_value_is_0_or_1)
{
    static const struct
    {
        const uint8_t *bytes;
        size_t size;
        size_t offset;
    } fields[] = {
            {bind_frame, sizeof(bind_frame), 24},                                     /* again */
            {soh_request_reply_frame, sizeof(soh_request_reply_frame), 16},           /* hint */
            {list_components_reply_frame, sizeof(list_components_reply_frame), 16},   /* more */
            {list_components_reply_frame, sizeof(list_components_reply_frame), 89},   /* enabled */
            {list_components_reply_frame, sizeof(list_components_reply_frame), 90},   /* bound */
            {list_components_reply_frame, sizeof(list_components_reply_frame), 91},   /* known */
            {list_components_reply_frame, sizeof(list_components_reply_frame), 107},  /* judged */
            {list_components_reply_frame, sizeof(list_components_reply_frame), 186},  /* bound */
            {set_enabled_frame, sizeof(set_enabled_frame), 24},                       /* enabled */
            {get_state_reply_frame, sizeof(get_state_reply_frame), 16},               /* unknown */
            {get_state_reply_frame, sizeof(get_state_reply_frame), 57},               /* policy */
            {list_connections_reply_frame, sizeof(list_connections_reply_frame), 16}, /* more */
            {list_connections_reply_frame, sizeof(list_connections_reply_frame), 71}, /* pending */
            {list_connections_reply_frame, sizeof(list_connections_reply_frame), 72}, /* known */
    };
    size_t i;

    for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
    {
        size_t size = take_sample(fields[i].bytes, fields[i].size);

        assert_in_range(frame[fields[i].offset], 0, 1);
        frame[fields[i].offset] = 2;
        assert_rejected(frame, size, "truth value neither 0 nor 1");
        frame[fields[i].offset] = 0xFF;
        assert_rejected(frame, size, "truth value neither 0 nor 1");
    }
}

TEST(a_kind_is_enforcement_client_or_health_agent)
{
    static const uint32_t wrong[] = {0, 3, 0x100, 0x01000000, UINT32_MAX};
    static const struct sample_frame samples[] = {
            {"bind", bind_frame, sizeof(bind_frame)},
            {"register", register_frame, sizeof(register_frame)},
            {"unregister", unregister_frame, sizeof(unregister_frame)},
            {"list", list_components_frame, sizeof(list_components_frame)},
            {"set enabled", set_enabled_frame, sizeof(set_enabled_frame)},
    };
    size_t i, k;

    for (i = 0; i < sizeof(samples) / sizeof(*samples); i++)
        for (k = 0; k < sizeof(wrong) / sizeof(*wrong); k++)
        {
            size_t size = take_sample(samples[i].bytes, samples[i].size);

            put_u32(frame + NAPIPC_HEADER_SIZE, wrong[k]);
            assert_rejected(frame, size, "unknown kind of component");
        }
}

/* maxStringLength, "NAP Type Constants" */
TEST(a_string_has_at_most_1024_code_units)
{
    size_t size = take_largest(NAPIPC_REGISTER);
    size_t name = NAPIPC_HEADER_SIZE + 8; /* kind and id come before it */

    assert_int_equal(frame[name] | frame[name + 1] << 8, 1024);
    size = insert(size, name + 2, 2);
    put_u16(frame + name, 1025);
    assert_rejected(frame, size, "string too long");

    size = take_largest(NAPIPC_GET_STATE | NAPIPC_REPLY);
    name = NAPIPC_HEADER_SIZE + 17; /* truth value, two states, end of probation */
    assert_int_equal(frame[name] | frame[name + 1] << 8, 1024);
    size = insert(size, name + 2, 2);
    put_u16(frame + name, 1025);
    assert_rejected(frame, size, "string too long");
}

/* maxPrivateDataSize, "NAP Type Constants" */
TEST(private_data_has_at_most_200_bytes)
{
    static const struct
    {
        uint16_t type;
        size_t offset;
    } fields[] = {
            {NAPIPC_SOH_REQUEST, 16},
            {NAPIPC_SOH_REQUEST | NAPIPC_REPLY, 16 + 2 + 24},
            {NAPIPC_SOH_RESPONSE, 16},
            {NAPIPC_SOH_RESPONSE | NAPIPC_REPLY, 16},
            {NAPIPC_CONNECTION_DOWN, 16},
            {NAPIPC_GET_CONNECTIONS | NAPIPC_REPLY, 16 + 2},
    };
    size_t i;

    for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
    {
        size_t size = take_largest(fields[i].type), offset = fields[i].offset;

        assert_int_equal(frame[offset], 200);
        size = insert(size, offset + 4, 1);
        frame[offset] = 201;
        assert_rejected(frame, size, "data too long");
    }
}

/* maxProtocolMaxSize, "NAP Type Constants" */
TEST(an_soh_has_at_most_65535_bytes)
{
    static const struct
    {
        uint16_t type;
        size_t offset;
    } fields[] = {
            {NAPIPC_SOH_REQUEST | NAPIPC_REPLY, 16 + 2 + 24 + 204},
            {NAPIPC_SOH_RESPONSE, 16 + 204 + 16},
    };
    size_t i;

    for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
    {
        size_t size = take_largest(fields[i].type), offset = fields[i].offset;

        assert_int_equal(frame[offset] | frame[offset + 1] << 8 | frame[offset + 2] << 16, 65535);
        size = insert(size, offset + 4, 1);
        put_u32(frame + offset, 65536);
        assert_rejected(frame, size, "data too long");
    }
}

/* Lengths beyond the frame, also if adding them would overflow 32 bits. */
TEST(a_length_stays_within_the_frame)
{
    static const uint32_t sizes[] = {22, 199, 200};
    size_t size, i;

    for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
    {
        size = take_sample(connection_down_frame, sizeof(connection_down_frame));
        put_u32(frame + 16, sizes[i]);
        assert_rejected(frame, size, "length runs past the frame");
    }
    put_u32(frame + 16, UINT32_MAX);
    assert_rejected(frame, size, "data too long");
    size = take_sample(register_frame, sizeof(register_frame));
    put_u16(frame + 24, 1024);
    assert_rejected(frame, size, "length runs past the frame");
}

TEST(a_page_has_at_most_its_number_of_entries)
{
    static const struct
    {
        uint16_t type;
        size_t offset;
        uint16_t limit;
    } lists[] = {
            {NAPIPC_LIST_COMPONENTS | NAPIPC_REPLY, 17, 8},
            {NAPIPC_LIST_CONNECTIONS | NAPIPC_REPLY, 17, 32},
            {NAPIPC_GET_CONNECTIONS | NAPIPC_REPLY, 16, 20}, /* maxConnectionCountPerEnforcer */
    };
    size_t i;

    for (i = 0; i < sizeof(lists) / sizeof(*lists); i++)
    {
        size_t size = take_largest(lists[i].type), first = lists[i].offset + 2;
        size_t entry = (size - first) / lists[i].limit;

        assert_int_equal(frame[lists[i].offset], lists[i].limit);
        memcpy(frame + size, frame + first, entry);
        put_u16(frame + lists[i].offset, lists[i].limit + 1u);
        put_u32(frame, (uint32_t)(size + entry));
        assert_rejected(frame, size + entry, "count too large");
    }
}

/* maxSystemHealthEntityCount */
TEST(a_response_names_at_most_20_shvs)
{
    size_t size = take_largest(NAPIPC_SOH_RESPONSE | NAPIPC_REPLY);
    size_t count = size - 4 * 20 - 6;

    assert_int_equal(frame[count], 20);
    assert_int_equal(frame[count + 2], 80);
    size = insert(size, size, 4);
    frame[count] = 21;
    frame[count + 2] = 84;
    assert_rejected(frame, size, "data too long");
}

TEST(count_of_shvs_fits_their_bytes)
{
    size_t size = take_sample(soh_response_reply_frame, sizeof(soh_response_reply_frame));

    put_u16(frame + 42, 1);
    assert_rejected(frame, size, "count of SHVs and their bytes differ");
    put_u16(frame + 42, 3);
    assert_rejected(frame, size, "count of SHVs and their bytes differ");
    put_u16(frame + 42, 0x4002); /* 2 modulo 16384: four times it overflows 16 bits */
    assert_rejected(frame, size, "count of SHVs and their bytes differ");
}

TEST_MAIN(NULL, NULL)
