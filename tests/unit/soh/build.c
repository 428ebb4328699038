/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The builder: entries made in each way, size limits, and values that cannot be written.
 */

#include <test.h>
#include <string.h>

#include "libs/soh/soh.h"
#include "samples.h"

static const struct soh_system request_system = {
        .present = SOH_HAS_CORRELATION_ID,
        .correlation_id = {{SAMPLE_CORRELATION_ID}},
};

/* Buffer and builder of a packet that has begun. */
struct construction
{
    struct soh_builder builder;
    uint8_t bytes[8192];
};

static void begin(struct construction *c)
{
    soh_builder_init(&c->builder, c->bytes, sizeof c->bytes);
    soh_build_begin(&c->builder, SOH_REQUEST, NULL, &request_system);
}

static void assert_ends_with(struct construction *c, const char *bytes, size_t size)
{
    struct soh_packet packet;

    assert_int_equal(soh_build_end(&c->builder), SOH_BUILD_OK);
    assert_true(c->builder.size > size);
    assert_memory_equal(c->bytes + c->builder.size - size, bytes, size);
    assert_true(soh_parse(c->bytes, c->builder.size, &packet, NULL));
}

static void assert_invalid(struct construction *c, const char *rule)
{
    assert_int_equal(soh_build_end(&c->builder), SOH_BUILD_INVALID);
    assert_string_equal(c->builder.rule, rule);
}

/* The page of INapSystemHealthValidator::Validate: what NapAgent generates has these three. */
TEST(agent_entry_has_id_category_and_codes)
{
    static const uint32_t codes[] = {0x80270004, 0x80004005};
    struct construction c;

    begin(&c);
    soh_build_agent_entry(&c.builder, 0xabcd01, 2, codes, 2);
    assert_ends_with(&c,
            "\0\2\0\4\0\xab\xcd\1"
            "\0\xe\0\1\2"
            "\0\xd\0\x8\x80\x27\0\4\x80\0\x40\5",
            25);
}

TEST(result_entry_writes_what_is_there)
{
    static const uint32_t code = 0x80270002;
    static const uint8_t ipv4[1][4] = {{192, 0, 2, 1}};
    static const uint8_t ipv6[1][16] = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
    static const uint8_t version[] = {'1'};
    static const struct soh_attribute extra = {SOH_ATTRIBUTE_SOFTWARE_VERSION, 1, version};
    static const struct soh_result result = {
            .id = 0xabcd01,
            .codes = &code,
            .code_count = 1,
            .has_failure_category = true,
            .failure_category = 5,
            .ipv4 = ipv4,
            .ipv4_count = 1,
            .ipv6 = ipv6,
            .ipv6_count = 1,
            .extra = &extra,
            .extra_count = 1,
    };
    static const struct soh_result bare = {.id = 0xabcd02};
    struct construction c;

    begin(&c);
    soh_build_result_entry(&c.builder, &result);
    soh_build_result_entry(&c.builder, &bare);
    assert_ends_with(&c,
            "\0\2\0\4\0\xab\xcd\1"
            "\0\4\0\4\x80\x27\0\2"
            "\0\xe\0\1\5"
            "\0\3\0\4\xc0\0\2\1"
            "\0\xf\0\x10\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
            "\0\x9\0\1"
            "1"
            "\0\2\0\4\0\xab\xcd\2",
            62);
}

TEST(entries_can_be_made_bit_by_bit)
{
    struct construction c;

    begin(&c);
    soh_build_entry(&c.builder, 0xabcd01);
    soh_build_attribute_filetime(
            &c.builder, SOH_ATTRIBUTE_TIME_OF_LAST_UPDATE, UINT64_C(0x0102030405060708));
    soh_build_attribute_u8(&c.builder, SOH_ATTRIBUTE_HEALTH_CLASS, 3);
    soh_build_attribute(&c.builder, SOH_ATTRIBUTE_CLIENT_ID, NULL, 0);
    assert_ends_with(&c,
            "\0\2\0\4\0\xab\xcd\1"
            "\0\5\0\x8\1\2\3\4\5\6\7\x8"
            "\0\x8\0\1\3"
            "\0\6\0\0",
            29);
}

TEST(ids_are_written_in_network_order)
{
    static const uint32_t ids[] = {0x13780, 0xabcd01};
    uint8_t wire[8];
    struct soh_span span = soh_ids_put(wire, ids, 2);

    assert_int_equal(span.size, 8);
    assert_memory_equal(wire, "\0\1\x37\x80\0\xab\xcd\1", 8);
}

TEST(too_small_tells_the_size_needed)
{
    struct soh_builder b;
    uint8_t bytes[sizeof request_plain];
    size_t needed;

    soh_builder_init(&b, NULL, 0); /* to measure */
    soh_build_begin(&b, SOH_REQUEST, NULL, &request_system);
    soh_build_agent_entry(&b, 1, 0, NULL, 0);
    assert_int_equal(soh_build_end(&b), SOH_BUILD_TOO_SMALL);
    needed = b.size;
    assert_true(needed && needed < sizeof bytes);

    memset(bytes, 0xee, sizeof bytes);
    soh_builder_init(&b, bytes, needed - 1);
    soh_build_begin(&b, SOH_REQUEST, NULL, &request_system);
    soh_build_agent_entry(&b, 1, 0, NULL, 0);
    assert_int_equal(soh_build_end(&b), SOH_BUILD_TOO_SMALL);
    assert_int_equal(b.size, needed);
    assert_int_equal(bytes[needed - 1], 0xee);

    soh_builder_init(&b, bytes, needed);
    soh_build_begin(&b, SOH_REQUEST, NULL, &request_system);
    soh_build_agent_entry(&b, 1, 0, NULL, 0);
    assert_int_equal(soh_build_end(&b), SOH_BUILD_OK);
    assert_int_equal(b.size, needed);
    assert_int_equal(bytes[needed], 0xee);
}

/* The headers' lengths have 16 bits, however large the caller's buffer is. */
TEST(no_packet_is_over_65535_bytes)
{
    static uint8_t bytes[0x20000], value[SOH_MAX_ATTRIBUTE_SIZE];
    struct soh_builder b;
    uint32_t id;

    soh_builder_init(&b, bytes, sizeof bytes);
    soh_build_begin(&b, SOH_REQUEST, NULL, &request_system);
    for (id = 0; id < 17; ++id)
    {
        soh_build_entry(&b, id);
        soh_build_attribute(&b, SOH_ATTRIBUTE_CLIENT_ID, value, sizeof value);
    }
    assert_int_equal(soh_build_end(&b), SOH_BUILD_TOO_SMALL);
    assert_int_equal(b.size, 12 + 8 + 8 + 2 + 25 + 17 * (8 + 4 + 4000));
    assert_int_equal(bytes[SOH_MAX_PACKET_SIZE], 0);
}

TEST(pairs_over_65535_bytes_are_too_large)
{
    static uint8_t bytes[0x20000], text[0xfffe];
    struct soh_system system = request_system;
    struct soh_builder b;

    memset(text, 'x', sizeof text);
    system.present |= SOH_HAS_MACHINE_NAME;
    system.machine_name.data = text;
    system.machine_name.size = sizeof text;
    soh_builder_init(&b, bytes, sizeof bytes);
    soh_build_begin(&b, SOH_REQUEST, NULL, &system);
    assert_int_equal(soh_build_end(&b), SOH_BUILD_TOO_SMALL);
    assert_true(b.size > SOH_MAX_PACKET_SIZE);
}

static const uint8_t with_nul[] = {'a', 0, 'b'};
static const uint8_t large[0x10000] = {1};

#define WITH_ID .present = SOH_HAS_CORRELATION_ID, .correlation_id = {{SAMPLE_CORRELATION_ID}}
#define WITH_ID_AND(member)                                                                        \
    .present = SOH_HAS_CORRELATION_ID | (member), .correlation_id = {{SAMPLE_CORRELATION_ID}}
#define QUARANTINE(...)                                                                            \
    WITH_ID_AND(SOH_HAS_QUARANTINE), .quarantine = {.probation_end = SOH_NO_PROBATION, __VA_ARGS__}

TEST(invalid_systems)
{
    static const struct soh_mode other_id = {{{1}}, SOH_INTENT_REQUEST}, no_intent = {{{1}}, 0};
    static const struct
    {
        const char *rule;
        int kind;
        const struct soh_mode *mode;
        struct soh_system system;
    } rows[] = {
            {"a packet is a request or a response", 3, NULL, {WITH_ID}},
            {"a packet has a correlation id", SOH_REQUEST, NULL, {.present = 0}},
            {"the correlation ids in sub-header and pairs are the same", SOH_REQUEST, &other_id,
                    {WITH_ID}},
            {"the mode sub-header's intent is 1 or 2", SOH_REQUEST, &no_intent, {.present = 0}},
            {"a response has an MS-Quarantine-State", SOH_RESPONSE, NULL, {WITH_ID}},
            {"a response's isolation state is 1, 2 or 3", SOH_RESPONSE, NULL,
                    {QUARANTINE(.isolation_state = 0)}},
            {"an isolation state has 3 bits, an extended state 4", SOH_REQUEST, NULL,
                    {QUARANTINE(.isolation_state = 8)}},
            {"an isolation state has 3 bits, an extended state 4", SOH_REQUEST, NULL,
                    {QUARANTINE(.isolation_state = 1, .extended_state = 16)}},
            {"a string has no NUL before its end", SOH_RESPONSE, NULL,
                    {QUARANTINE(.isolation_state = 1, .url = {with_nul, 3})}},
            {"a string has no NUL before its end", SOH_REQUEST, NULL,
                    {WITH_ID_AND(SOH_HAS_MACHINE_NAME), .machine_name = {with_nul, 2}}},
            {"a string has at most 65534 bytes", SOH_REQUEST, NULL,
                    {WITH_ID_AND(SOH_HAS_MACHINE_NAME), .machine_name = {large, 0xffff}}},
            {"a list of ids has 4 bytes for each and at most 65532", SOH_REQUEST, NULL,
                    {WITH_ID_AND(SOH_HAS_GENERATED_IDS), .generated_ids = {large, 6}}},
            {"a list of ids has 4 bytes for each and at most 65532", SOH_REQUEST, NULL,
                    {WITH_ID_AND(SOH_HAS_INSTALLED_SHVS), .installed_shvs = {large, 0x10000}}},
    };
    struct construction c;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; ++i)
    {
        soh_builder_init(&c.builder, c.bytes, sizeof c.bytes);
        soh_build_begin(&c.builder, (enum soh_kind)rows[i].kind, rows[i].mode, &rows[i].system);
        assert_int_equal(c.builder.size, 0);
        assert_invalid(&c, rows[i].rule);
    }
}

TEST(absent_members_are_not_looked_at)
{
    struct soh_system s = request_system;
    struct construction c;

    s.machine_name = (struct soh_span){with_nul, 3};
    s.quarantine.isolation_state = 99;
    soh_builder_init(&c.builder, c.bytes, sizeof c.bytes);
    soh_build_begin(&c.builder, SOH_REQUEST, NULL, &s);
    assert_int_equal(soh_build_end(&c.builder), SOH_BUILD_OK);
}

TEST(invalid_entries)
{
    static const uint8_t id[4] = {0, 0xab, 0xcd, 1};
    struct soh_attribute soh[2] = {
            {SOH_ATTRIBUTE_SYSTEM_HEALTH_ID, 4, id}, {SOH_ATTRIBUTE_SYSTEM_HEALTH_ID, 4, id}};
    struct construction c;
    uint32_t i;

    begin(&c);
    soh_build_soh(&c.builder, soh, 0);
    assert_invalid(&c, "an entry starts with a System-Health-Id");
    begin(&c);
    soh_build_soh(&c.builder, soh, 2);
    assert_invalid(&c, "an entry has one System-Health-Id, its first attribute");
    soh[0].size = 3;
    begin(&c);
    soh_build_soh(&c.builder, soh, 1);
    assert_invalid(&c, "an entry starts with a System-Health-Id");
    begin(&c);
    soh_build_attribute_u8(&c.builder, SOH_ATTRIBUTE_HEALTH_CLASS, 1);
    assert_invalid(&c, "an entry starts with a System-Health-Id");
    begin(&c);
    soh_build_entry(&c.builder, 1);
    soh_build_entry(&c.builder, 2);
    soh_build_entry(&c.builder, 1);
    assert_invalid(&c, "a component has at most one entry");
    begin(&c);
    for (i = 0; i < 21; ++i)
        soh_build_entry(&c.builder, i);
    assert_invalid(&c, "a packet has at most 20 entries");
    begin(&c);
    soh_build_entry(&c.builder, 1);
    for (i = 0; i < 100; ++i)
        soh_build_attribute_u8(&c.builder, SOH_ATTRIBUTE_HEALTH_CLASS, 1);
    assert_invalid(&c, "an entry has at most 100 attributes");
}

TEST(invalid_attributes)
{
    static const uint8_t value[0x10001];
    static const uint32_t codes[1001];
    static const struct
    {
        const char *rule;
        uint16_t type;
        size_t size;
    } rows[] = {
            {"an attribute has at most 4000 bytes", SOH_ATTRIBUTE_CLIENT_ID, 4001},
            {"an attribute has at most 4000 bytes", SOH_ATTRIBUTE_CLIENT_ID, 0x10001},
            {"an attribute's type has 14 bits", 0x4000, 1},
            {"Health-Class, Failure-Category and Extended-Isolation-State have 1 byte",
                    SOH_ATTRIBUTE_FAILURE_CATEGORY, 2},
    };
    struct construction c;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; ++i)
    {
        begin(&c);
        soh_build_entry(&c.builder, 1);
        soh_build_attribute(&c.builder, rows[i].type, value, rows[i].size);
        assert_invalid(&c, rows[i].rule);
    }
    begin(&c);
    soh_build_entry(&c.builder, 1);
    soh_build_attribute_u32s(&c.builder, SOH_ATTRIBUTE_ERROR_CODES, codes, 1001);
    assert_invalid(&c, "an attribute has at most 4000 bytes");
}

TEST(calls_out_of_order)
{
    struct construction c;

    soh_builder_init(&c.builder, c.bytes, sizeof c.bytes);
    soh_build_entry(&c.builder, 1);
    assert_invalid(&c, "soh_build_begin comes before the entries");
    soh_builder_init(&c.builder, c.bytes, sizeof c.bytes);
    assert_invalid(&c, "soh_build_begin comes before soh_build_end");
    begin(&c);
    soh_build_begin(&c.builder, SOH_REQUEST, NULL, &request_system);
    assert_invalid(&c, "a packet begins once");
}

TEST(the_first_failure_is_reported)
{
    struct construction c;

    begin(&c);
    soh_build_attribute_u8(&c.builder, SOH_ATTRIBUTE_HEALTH_CLASS, 1);
    soh_build_entry(&c.builder, 1);
    soh_build_entry(&c.builder, 1);
    assert_invalid(&c, "an entry starts with a System-Health-Id");
}

TEST_MAIN(NULL, NULL)
