/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Properties: a built packet parses to the same content, and a canonical one builds to the same
 * bytes. Random packets come from a fixed seed, so a failure repeats.
 */

#include <test.h>
#include <stdlib.h>
#include <string.h>

#include "libs/soh/soh.h"
#include "samples.h"

#define SEED UINT64_C(0x9e3779b97f4a7c15)
#define ROUNDS 3000

static uint64_t random_state;

/* xorshift64 */
static uint32_t rnd(uint32_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)((random_state >> 16) % below);
}

static void random_bytes(uint8_t *bytes, size_t size, bool with_nul)
{
    size_t i;

    for (i = 0; i < size; ++i)
        bytes[i] = (uint8_t)(with_nul ? rnd(256) : 1 + rnd(255));
}

/* ---- one random packet: the builder's input and the parser's expected output ---- */

#define POOL_SIZE 60000

struct model
{
    enum soh_kind kind;
    bool has_mode;
    struct soh_mode mode;
    struct soh_system system;
    struct soh_attribute attributes[SOH_MAX_ENTRIES][SOH_MAX_ATTRIBUTES];
    size_t counts[SOH_MAX_ENTRIES];
    size_t entries;
    uint8_t pool[POOL_SIZE]; /* memory for spans and values */
    size_t used;
};

/* Mostly short, sometimes long. */
static size_t random_size(const struct model *m, size_t most)
{
    size_t size = rnd(20) ? rnd(24) : rnd((uint32_t)most + 1);

    return size <= POOL_SIZE - m->used ? size : 0;
}

static struct soh_span random_span(struct model *m, size_t size, bool with_nul)
{
    struct soh_span span = {m->pool + m->used, size};

    random_bytes(m->pool + m->used, size, with_nul);
    m->used += size;
    return span;
}

static size_t random_value_size(const struct model *m, uint16_t type)
{
    switch (type)
    {
    case SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS:
        return 4 + 4 * rnd(6);
    case SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS:
        return 16 + 16 * rnd(4);
    case SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES:
    case SOH_ATTRIBUTE_ERROR_CODES:
        return 4 * rnd(6);
    case SOH_ATTRIBUTE_TIME_OF_LAST_UPDATE:
    case SOH_ATTRIBUTE_SOH_GENERATION_TIME:
        return 8;
    case SOH_ATTRIBUTE_VENDOR_SPECIFIC:
        return 4 + random_size(m, SOH_MAX_ATTRIBUTE_SIZE - 4);
    case SOH_ATTRIBUTE_HEALTH_CLASS:
    case SOH_ATTRIBUTE_FAILURE_CATEGORY:
    case SOH_ATTRIBUTE_EXTENDED_ISOLATION_STATE:
        return 1;
    default:
        return random_size(m, SOH_MAX_ATTRIBUTE_SIZE);
    }
}

static void random_system(struct model *m)
{
    struct soh_system *s = &m->system;

    s->present =
            rnd(512)
            & (SOH_HAS_MACHINE | SOH_HAS_QUARANTINE | SOH_HAS_GENERATED_IDS | SOH_HAS_MACHINE_NAME
                    | SOH_HAS_CORRELATION_ID | SOH_HAS_INSTALLED_SHVS | SOH_HAS_MACHINE_EX);
    if (m->kind == SOH_RESPONSE)
        s->present |= SOH_HAS_QUARANTINE;
    if (!m->has_mode)
        s->present |= SOH_HAS_CORRELATION_ID;
    if (s->present & SOH_HAS_MACHINE)
    {
        s->machine.os_major = rnd(0xffffffff);
        s->machine.os_minor = rnd(0xffffffff);
        s->machine.os_build = rnd(0xffffffff);
        s->machine.sp_major = (uint16_t)rnd(0x10000);
        s->machine.sp_minor = (uint16_t)rnd(0x10000);
        s->machine.processor = (uint16_t)rnd(0x10000);
    }
    if (s->present & SOH_HAS_QUARANTINE)
    {
        s->quarantine.isolation_state = (uint8_t)(m->kind == SOH_RESPONSE ? 1 + rnd(3) : rnd(8));
        s->quarantine.fixup = rnd(2);
        s->quarantine.extended_state = (uint8_t)rnd(16);
        s->quarantine.probation_end =
                rnd(2) ? SOH_NO_PROBATION : (uint64_t)rnd(0xffffffff) << 32 | rnd(0xffffffff);
        s->quarantine.url = random_span(m, random_size(m, 3000), false);
    }
    if (s->present & SOH_HAS_GENERATED_IDS)
        s->generated_ids = random_span(m, 4 * rnd(21), true);
    if (s->present & SOH_HAS_MACHINE_NAME)
        s->machine_name = random_span(m, random_size(m, 3000), false);
    if (s->present & SOH_HAS_CORRELATION_ID)
        s->correlation_id = m->mode.correlation_id;
    if (s->present & SOH_HAS_INSTALLED_SHVS)
        s->installed_shvs = random_span(m, 4 * rnd(21), true);
    if (s->present & SOH_HAS_MACHINE_EX)
    {
        s->machine_ex.reserved = rnd(0xffffffff);
        s->machine_ex.product_type = (uint8_t)rnd(256);
    }
}

static void random_entry(struct model *m, size_t index)
{
    struct soh_attribute *a = m->attributes[index];
    size_t count = 1 + (rnd(10) ? rnd(8) : rnd(SOH_MAX_ATTRIBUTES)), i;

    a->type = SOH_ATTRIBUTE_SYSTEM_HEALTH_ID;
    a->size = 4;
    a->value = random_span(m, 4, true).data;
    m->pool[m->used - 1] = (uint8_t)index; /* unique in the packet */
    for (i = 1; i < count && POOL_SIZE - m->used > SOH_MAX_ATTRIBUTE_SIZE; ++i)
    {
        do
            a[i].type = (uint16_t)(rnd(4) ? rnd(18) : rnd(0x4000));
        while (a[i].type == SOH_ATTRIBUTE_SYSTEM_HEALTH_ID);
        a[i].size = (uint16_t)random_value_size(m, a[i].type);
        a[i].value = random_span(m, a[i].size, true).data;
    }
    m->counts[index] = i;
}

static void random_model(struct model *m)
{
    size_t i;

    memset(m, 0, offsetof(struct model, pool));
    m->used = 0;
    m->kind = rnd(2) ? SOH_REQUEST : SOH_RESPONSE;
    m->has_mode = rnd(2);
    random_bytes(m->mode.correlation_id.bytes, SOH_CORRELATION_ID_SIZE, true);
    m->mode.intent = (uint8_t)(1 + rnd(2));
    random_system(m);
    m->entries = rnd(4) ? rnd(4) : rnd(SOH_MAX_ENTRIES + 1);
    for (i = 0; i < m->entries && POOL_SIZE - m->used > SOH_MAX_ATTRIBUTE_SIZE; ++i)
        random_entry(m, i);
    m->entries = i;
}

static enum soh_build_status build_model(
        const struct model *m, uint8_t *buffer, size_t limit, size_t *size)
{
    struct soh_builder b;
    enum soh_build_status status;
    size_t i;

    soh_builder_init(&b, buffer, limit);
    soh_build_begin(&b, m->kind, m->has_mode ? &m->mode : NULL, &m->system);
    for (i = 0; i < m->entries; ++i)
        soh_build_soh(&b, m->attributes[i], m->counts[i]);
    status = soh_build_end(&b);
    *size = b.size;
    return status;
}

static void assert_same_span(struct soh_span a, struct soh_span b)
{
    assert_int_equal(a.size, b.size);
    if (a.size)
        assert_memory_equal(a.data, b.data, a.size);
}

static void assert_same_system(const struct soh_system *a, const struct soh_system *b)
{
    assert_int_equal(a->present, b->present);
    assert_int_equal(a->machine.os_major, b->machine.os_major);
    assert_int_equal(a->machine.os_minor, b->machine.os_minor);
    assert_int_equal(a->machine.os_build, b->machine.os_build);
    assert_int_equal(a->machine.sp_major, b->machine.sp_major);
    assert_int_equal(a->machine.sp_minor, b->machine.sp_minor);
    assert_int_equal(a->machine.processor, b->machine.processor);
    assert_int_equal(a->quarantine.isolation_state, b->quarantine.isolation_state);
    assert_int_equal(a->quarantine.fixup, b->quarantine.fixup);
    assert_int_equal(a->quarantine.extended_state, b->quarantine.extended_state);
    assert_true(a->quarantine.probation_end == b->quarantine.probation_end);
    assert_same_span(a->quarantine.url, b->quarantine.url);
    assert_same_span(a->generated_ids, b->generated_ids);
    assert_same_span(a->machine_name, b->machine_name);
    assert_memory_equal(&a->correlation_id, &b->correlation_id, sizeof a->correlation_id);
    assert_same_span(a->installed_shvs, b->installed_shvs);
    assert_int_equal(a->machine_ex.reserved, b->machine_ex.reserved);
    assert_int_equal(a->machine_ex.product_type, b->machine_ex.product_type);
}

static void assert_same_packet(const struct model *m, const struct soh_packet *p)
{
    struct soh_entry entry;
    struct soh_attribute a;
    size_t position = 0, in_entry, i, k;

    assert_int_equal(p->kind, m->kind);
    assert_int_equal(p->has_mode, m->has_mode);
    if (m->has_mode)
    {
        assert_int_equal(p->mode.intent, m->mode.intent);
        assert_memory_equal(
                &p->mode.correlation_id, &m->mode.correlation_id, SOH_CORRELATION_ID_SIZE);
    }
    assert_memory_equal(&p->correlation_id, &m->mode.correlation_id, SOH_CORRELATION_ID_SIZE);
    assert_same_system(&p->system, &m->system);
    assert_int_equal(p->entry_count, m->entries);
    for (i = 0; i < m->entries; ++i)
    {
        assert_true(soh_next_entry(p, &position, &entry));
        assert_int_equal(entry.count, m->counts[i]);
        for (k = in_entry = 0; soh_next_attribute(&entry, &in_entry, &a); ++k)
        {
            assert_int_equal(a.type, m->attributes[i][k].type);
            assert_int_equal(a.size, m->attributes[i][k].size);
            if (a.size)
                assert_memory_equal(a.value, m->attributes[i][k].value, a.size);
        }
        assert_int_equal(k, m->counts[i]);
    }
    assert_false(soh_next_entry(p, &position, &entry));
}

/* Builds the content of a parsed packet. */
static size_t rebuild(const struct soh_packet *p, uint8_t *buffer, size_t limit)
{
    struct soh_builder b;
    struct soh_entry entry;
    struct soh_attribute attributes[SOH_MAX_ATTRIBUTES];
    size_t position = 0, in_entry, count;

    soh_builder_init(&b, buffer, limit);
    soh_build_begin(&b, p->kind, p->has_mode ? &p->mode : NULL, &p->system);
    while (soh_next_entry(p, &position, &entry))
    {
        for (count = in_entry = 0; soh_next_attribute(&entry, &in_entry, &attributes[count]);)
            ++count;
        soh_build_soh(&b, attributes, count);
    }
    assert_int_equal(soh_build_end(&b), SOH_BUILD_OK);
    return b.size;
}

/* parse(build(x)) == x, and build(parse(bytes)) == bytes for built packets */
TEST(random_packets_survive_both_ways)
{
    struct model *m = malloc(sizeof *m);
    uint8_t *bytes = malloc(SOH_MAX_PACKET_SIZE), *again = malloc(SOH_MAX_PACKET_SIZE);
    struct soh_packet packet;
    struct soh_error error = {0, "accepted"};
    size_t size;
    unsigned int round, built = 0;

    assert_true(m && bytes && again);
    random_state = SEED;
    for (round = 0; round < ROUNDS; ++round)
    {
        random_model(m);
        if (build_model(m, bytes, SOH_MAX_PACKET_SIZE, &size) == SOH_BUILD_TOO_SMALL)
        {
            assert_true(size > SOH_MAX_PACKET_SIZE);
            continue;
        }
        ++built;
        if (!soh_parse(bytes, size, &packet, &error))
            fail_msg("round %u: %s (offset %u)", round, error.rule, (unsigned int)error.offset);
        assert_same_packet(m, &packet);
        assert_int_equal(rebuild(&packet, again, SOH_MAX_PACKET_SIZE), size);
        assert_memory_equal(again, bytes, size);
    }
    assert_true(built > ROUNDS / 2);
    free(again);
    free(bytes);
    free(m);
}

/* At every limit the builder writes within it, and the packet has the returned size. */
TEST(random_packets_respect_every_limit)
{
    struct model *m = malloc(sizeof *m);
    uint8_t *whole = malloc(SOH_MAX_PACKET_SIZE);
    size_t size, limit, step, needed;
    unsigned int round;

    assert_true(m && whole);
    random_state = SEED + 1;
    for (round = 0; round < 60; ++round)
    {
        random_model(m);
        if (build_model(m, whole, SOH_MAX_PACKET_SIZE, &size) != SOH_BUILD_OK)
            continue;
        step = size / 97 + 1;
        for (limit = 0; limit <= size;
                limit = limit + step < size || limit == size ? limit + step : size)
        {
            uint8_t *exact = malloc(limit ? limit : 1); /* the sanitizer guards its end */

            assert_non_null(exact);
            assert_int_equal(build_model(m, exact, limit, &needed),
                    limit < size ? SOH_BUILD_TOO_SMALL : SOH_BUILD_OK);
            assert_int_equal(needed, size);
            if (limit == size)
                assert_memory_equal(exact, whole, size);
            free(exact);
        }
    }
    free(whole);
    free(m);
}

TEST(hand_written_packets_build_to_themselves)
{
    static const struct soh_span samples[] = {
            {request_plain, sizeof request_plain},
            {request_mode, sizeof request_mode},
            {response_plain, sizeof response_plain},
            {response_mode, sizeof response_mode},
    };
    uint8_t bytes[512];
    struct soh_packet packet;
    size_t i;

    for (i = 0; i < sizeof samples / sizeof *samples; ++i)
    {
        assert_true(soh_parse(samples[i].data, samples[i].size, &packet, NULL));
        assert_int_equal(rebuild(&packet, bytes, sizeof bytes), samples[i].size);
        assert_memory_equal(bytes, samples[i].data, samples[i].size);
    }
}

/* Any byte changed: the packet is rejected, or is valid and can be built again with the same
 * content. */
TEST(damaged_packets_are_refused_or_consistent)
{
    static const struct soh_span samples[] = {
            {request_plain, sizeof request_plain},
            {response_mode, sizeof response_mode},
    };
    uint8_t bytes[512], again[512];
    struct soh_packet packet, packet2;
    size_t i, at, size;
    unsigned int value;

    for (i = 0; i < sizeof samples / sizeof *samples; ++i)
    {
        for (at = 0; at < samples[i].size; ++at)
        {
            for (value = 0; value < 256; ++value)
            {
                memcpy(bytes, samples[i].data, samples[i].size);
                bytes[at] = (uint8_t)value;
                if (!soh_parse(bytes, samples[i].size, &packet, NULL))
                    continue;
                size = rebuild(&packet, again, sizeof again);
                assert_true(soh_parse(again, size, &packet2, NULL));
                assert_same_system(&packet.system, &packet2.system);
                assert_int_equal(packet.entry_count, packet2.entry_count);
            }
        }
    }
}

TEST_MAIN(NULL, NULL)
