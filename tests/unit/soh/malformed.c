/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Each rule of docs/soh-format.md, broken: the whole packet is rejected with the rule and the
 * offset of the fault.
 */

#include <test.h>
#include <stdlib.h>
#include <string.h>

#include "libs/soh/soh.h"
#include "samples.h"

#define HEADER_SIZE 12
#define MODE_SIZE 34
#define PAIRS_AT 28 /* in a packet without mode sub-header */

#define BYTES(...) ((const uint8_t[]){__VA_ARGS__}), sizeof((const uint8_t[]){__VA_ARGS__})

/* Exactly size bytes on the heap, so that a sanitizer sees a read past them. */
static void assert_rejected(const uint8_t *data, size_t size, size_t offset, const char *rule)
{
    static const struct soh_packet zero;
    uint8_t *copy = malloc(size ? size : 1);
    struct soh_packet packet;
    struct soh_error error = {0, ""};

    assert_non_null(copy);
    memcpy(copy, data, size);
    memset(&packet, 0xee, sizeof packet);
    assert_false(soh_parse(copy, size, &packet, &error));
    assert_string_equal(error.rule, rule);
    assert_int_equal(error.offset, offset);
    assert_memory_equal(&packet, &zero, sizeof zero);
    assert_false(soh_parse(copy, size, &packet, NULL));
    free(copy);
}

/* ---- the SoH header and the mode sub-header: a hand-written packet with bytes replaced ---- */

static void reject_patched(const uint8_t *sample, size_t size, size_t at, const uint8_t *bytes,
        size_t count, const char *rule)
{
    uint8_t packet[512];

    memcpy(packet, sample, size);
    memcpy(packet + at, bytes, count);
    assert_rejected(packet, size, at, rule);
}

#define REJECT_MODE(at, bytes, rule)                                                               \
    reject_patched(request_mode, sizeof request_mode, at, bytes, rule)

TEST(header_rules)
{
    uint8_t *large;

    assert_rejected(request_plain, 0, 0, "a packet has at least 12 bytes");
    assert_rejected(request_plain, 11, 0, "a packet has at least 12 bytes");
    large = calloc(1, 65536);
    assert_non_null(large);
    assert_rejected(large, 65536, 0, "a packet has at most 65535 bytes");
    free(large);
    REJECT_MODE(0, BYTES(0x00, 0x06), "the SoH header's outer type is 7");
    REJECT_MODE(2, BYTES(0x00, 0x82), "the SoH header's outer length is the packet's size less 4");
    REJECT_MODE(2, BYTES(0x00, 0x84), "the SoH header's outer length is the packet's size less 4");
    REJECT_MODE(4, BYTES(0x00, 0x00, 0x01, 0x38), "the SoH header's SMI code is 0x137");
    REJECT_MODE(8, BYTES(0x00, 0x00), "the SoH header's inner type is 1 or 2");
    REJECT_MODE(8, BYTES(0x00, 0x03), "the SoH header's inner type is 1 or 2");
    REJECT_MODE(
            10, BYTES(0x00, 0x7a), "the SoH header's inner length is the packet's size less 12");
    REJECT_MODE(
            10, BYTES(0x00, 0x7c), "the SoH header's inner length is the packet's size less 12");
}

TEST(mode_rules)
{
    uint8_t cut[HEADER_SIZE + MODE_SIZE - 1];

    memcpy(cut, request_mode, sizeof cut);
    cut[3] = sizeof cut - 4;
    cut[11] = sizeof cut - 12;
    assert_rejected(cut, sizeof cut, 12, "the mode sub-header has 34 bytes");
    REJECT_MODE(12, BYTES(0x00, 0x02), "the mode sub-header's type is 7");
    REJECT_MODE(14, BYTES(0x00, 0x1d), "the mode sub-header's length is 30");
    REJECT_MODE(14, BYTES(0x00, 0x1f), "the mode sub-header's length is 30");
    REJECT_MODE(16, BYTES(0x00, 0x00, 0x00, 0x00), "the mode sub-header's SMI code is 0x137");
    REJECT_MODE(44, BYTES(0x00), "the mode sub-header's intent is 1 or 2");
    REJECT_MODE(44, BYTES(0x03), "the mode sub-header's intent is 1 or 2");
    REJECT_MODE(45, BYTES(0x01), "the mode sub-header's content type is 0");
}

/* ---- the TLVs: packets assembled around the bytes in question ---- */

/* A packet without mode sub-header around tlvs. */
static uint8_t *assemble(const uint8_t *tlvs, size_t size)
{
    static const uint8_t header[HEADER_SIZE] = {0, 7, 0, 0, 0, 0, 1, 0x37, 0, 1, 0, 0};
    uint8_t *packet = malloc(HEADER_SIZE + size);

    assert_non_null(packet);
    memcpy(packet, header, HEADER_SIZE);
    packet[2] = (uint8_t)((size + 8) >> 8);
    packet[3] = (uint8_t)(size + 8);
    packet[10] = (uint8_t)(size >> 8);
    packet[11] = (uint8_t)size;
    memcpy(packet + HEADER_SIZE, tlvs, size);
    return packet;
}

/* offset counts from the first TLV. */
static void reject_tlvs(const uint8_t *tlvs, size_t size, size_t offset, const char *rule)
{
    uint8_t *packet = assemble(tlvs, size);

    assert_rejected(packet, HEADER_SIZE + size, HEADER_SIZE + offset, rule);
    free(packet);
}

/* An SSoH TLV with pairs, and entries after it; offset counts from the first TLV. */
static void reject_parts(const uint8_t *pairs, size_t pairs_size, const uint8_t *entries,
        size_t entries_size, size_t offset, const char *rule)
{
    static const uint8_t start[16] = {0, 2, 0, 4, 0, 1, 0x37, 0, 0, 7, 0, 0, 0, 0, 1, 0x37};
    uint8_t *tlvs = malloc(sizeof start + pairs_size + entries_size);

    assert_non_null(tlvs);
    memcpy(tlvs, start, sizeof start);
    tlvs[10] = (uint8_t)((pairs_size + 4) >> 8);
    tlvs[11] = (uint8_t)(pairs_size + 4);
    memcpy(tlvs + sizeof start, pairs, pairs_size);
    if (entries_size)
        memcpy(tlvs + sizeof start + pairs_size, entries, entries_size);
    reject_tlvs(tlvs, sizeof start + pairs_size + entries_size, offset, rule);
    free(tlvs);
}

/* offset counts from the first pair */
static void reject_pairs(const uint8_t *pairs, size_t size, size_t offset, const char *rule)
{
    reject_parts(pairs, size, NULL, 0, PAIRS_AT - HEADER_SIZE + offset, rule);
}

static const uint8_t good_pairs[] = {0x03, 0x11, 0x06, SAMPLE_CORRELATION_ID};

/* offset counts from the first entry */
static void reject_entries(const uint8_t *entries, size_t size, size_t offset, const char *rule)
{
    reject_parts(good_pairs, sizeof good_pairs, entries, size,
            PAIRS_AT - HEADER_SIZE + sizeof good_pairs + offset, rule);
}

TEST(system_rules)
{
    reject_tlvs(BYTES(0, 2, 0), 0, "a TLV header is 4 bytes");
    reject_tlvs(BYTES(0, 2, 0, 5, 0, 1, 0x37, 0), 2, "a TLV's length stays within its packet");
    reject_tlvs(BYTES(0, 7, 0, 4, 0, 1, 0x37, 0), 0, "the first TLV is a System-Health-Id");
    reject_tlvs(BYTES(0, 2, 0, 3, 0, 1, 0x37), 2, "a System-Health-Id has 4 bytes");
    reject_tlvs(BYTES(0, 2, 0, 4, 0, 1, 0x37, 0x80), 4, "the first System-Health-Id is 0x00013700");
    reject_tlvs(BYTES(0, 2, 0, 4, 0, 1, 0x37, 0), 8, "a TLV header is 4 bytes");
    reject_tlvs(
            BYTES(0, 2, 0, 4, 0, 1, 0x37, 0, 0, 4, 0, 0), 8, "the second TLV is Vendor-Specific");
    reject_tlvs(BYTES(0, 2, 0, 4, 0, 1, 0x37, 0, 0, 7, 0, 3, 0, 0, 1), 10,
            "a Vendor-Specific TLV has at least 4 bytes");
    reject_tlvs(BYTES(0, 2, 0, 4, 0, 1, 0x37, 0, 0, 7, 0, 5, 0, 0, 1, 0x37), 10,
            "a TLV's length stays within its packet");
}

TEST(pair_rules)
{
    reject_pairs(BYTES(0x03, 0x11, 0x00), 2, "a pair's type is 1 to 8");
    reject_pairs(BYTES(0x09), 0, "a pair's type is 1 to 8");
    reject_pairs(BYTES(0xff), 0, "a pair's type is 1 to 8");
    reject_pairs(BYTES(0x03, 0x11, 0x03, 0x11), 2, "a pair comes at most once");
    reject_pairs(BYTES(0x06, SAMPLE_CORRELATION_ID, 0x06, SAMPLE_CORRELATION_ID), 25,
            "a pair comes at most once");
    reject_pairs(BYTES(0x01, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0), 1,
            "MS-Machine-Inventory has 18 bytes");
    reject_pairs(BYTES(0x02, 0, 1, 0, 0, 0, 0, 0, 0, 0), 1,
            "MS-Quarantine-State has 12 bytes and its URL");
    reject_pairs(
            BYTES(0x02, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0), 11, "a pair's length field is 2 bytes");
    reject_pairs(BYTES(0x03), 1, "MS-Packet-Info has 1 byte");
    reject_pairs(BYTES(0x03, 0x10), 1, "MS-Packet-Info's version is 1");
    reject_pairs(BYTES(0x03, 0x12), 1, "MS-Packet-Info's version is 1");
    reject_pairs(BYTES(0x06, 1, 2, 3), 1, "MS-CorrelationId has 24 bytes");
    reject_pairs(BYTES(0x08, 0, 0, 0, 0), 1, "MS-Machine-Inventory-Ex has 5 bytes");
    reject_pairs(BYTES(0x06, SAMPLE_CORRELATION_ID), 25, "a packet has an MS-Packet-Info");
    reject_tlvs(BYTES(0, 2, 0, 4, 0, 1, 0x37, 0, 0, 7, 0, 4, 0, 0, 1, 0x37), 16,
            "a packet has an MS-Packet-Info");
}

TEST(string_and_list_rules)
{
    reject_pairs(BYTES(0x05, 0), 1, "a pair's length field is 2 bytes");
    reject_pairs(BYTES(0x05, 0, 4, 'p', 'c', 0), 1,
            "a pair's length stays within the Vendor-Specific TLV");
    reject_pairs(BYTES(0x05, 0xff, 0xff, 'p', 'c', 0), 1,
            "a pair's length stays within the Vendor-Specific TLV");
    reject_pairs(BYTES(0x05, 0, 2, 'p', 'c'), 4, "a string ends with a NUL");
    reject_pairs(BYTES(0x05, 0, 3, 'p', 0, 0), 4, "a string has no NUL before its end");
    reject_pairs(BYTES(0x05, 0, 3, 'p', 0, 'c'), 4, "a string has no NUL before its end");
    reject_pairs(
            BYTES(0x02, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 'x'), 13, "a string ends with a NUL");
    reject_pairs(BYTES(0x04, 0, 3, 0, 1, 0x37), 1, "a list of ids has 4 bytes for each");
    reject_pairs(BYTES(0x07, 0, 5, 0, 1, 0x37, 0x80, 0), 1, "a list of ids has 4 bytes for each");
    reject_pairs(BYTES(0x07, 0, 4, 0, 1, 0x37), 1,
            "a pair's length stays within the Vendor-Specific TLV");
}

/* A length in the pairs must not reach into the entries after them. */
TEST(pairs_end_with_their_tlv)
{
    reject_parts(BYTES(0x03, 0x11, 0x05, 0, 8), BYTES(0, 2, 0, 4, 0, 1, 0x37, 0x80), 19,
            "a pair's length stays within the Vendor-Specific TLV");
    reject_parts(BYTES(0x03, 0x11, 0x06, 1, 2, 3), BYTES(0, 2, 0, 4, 0, 1, 0x37, 0x80), 19,
            "MS-CorrelationId has 24 bytes");
}

TEST(correlation_id_rules)
{
    uint8_t bytes[sizeof request_mode];

    reject_pairs(BYTES(0x03, 0x11), 2, "a packet has a correlation id");
    memcpy(bytes, request_mode, sizeof bytes);
    bytes[43] ^= 1; /* the last byte of the sub-header's */
    assert_rejected(bytes, sizeof bytes, sizeof bytes,
            "the correlation ids in sub-header and pairs are the same");
}

TEST(response_rules)
{
    reject_pairs(BYTES(0x03, 0x01, 0x06, SAMPLE_CORRELATION_ID), 27,
            "a response has an MS-Quarantine-State");
    reject_pairs(BYTES(0x03, 0x01, 0x06, SAMPLE_CORRELATION_ID, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                         0, 1, 0),
            41, "a response's isolation state is 1, 2 or 3");
    reject_pairs(BYTES(0x03, 0x01, 0x06, SAMPLE_CORRELATION_ID, 0x02, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0,
                         0, 1, 0),
            41, "a response's isolation state is 1, 2 or 3");
}

#define ID_1 0, 2, 0, 4, 0, 0xab, 0xcd, 1
#define ID_2 0, 2, 0, 4, 0, 0xab, 0xcd, 2

TEST(entry_rules)
{
    reject_entries(BYTES(0, 14, 0, 1, 2), 0, "an entry starts with a System-Health-Id");
    reject_entries(BYTES(0, 2, 0, 5, 0, 1, 2, 3, 4), 2, "a System-Health-Id has 4 bytes");
    reject_entries(BYTES(ID_1, 0, 14, 0), 8, "a TLV header is 4 bytes");
    reject_entries(BYTES(ID_1, 0, 9, 0, 3, 1, 2), 10, "a TLV's length stays within its packet");
    reject_entries(BYTES(ID_1, ID_2, ID_1), 20, "a component has at most one entry");
}

TEST(attribute_rules)
{
    reject_entries(
            BYTES(ID_1, 0, 3, 0, 0), 10, "IPv4-Fixup-Servers has 4 bytes for each, at least 4");
    reject_entries(BYTES(ID_1, 0, 3, 0, 3, 1, 2, 3), 10,
            "IPv4-Fixup-Servers has 4 bytes for each, at least 4");
    reject_entries(BYTES(ID_1, 0, 15, 0, 4, 1, 2, 3, 4), 10,
            "IPv6-Fixup-Servers has 16 bytes for each, at least 16");
    reject_entries(
            BYTES(ID_1, 0, 15, 0, 0), 10, "IPv6-Fixup-Servers has 16 bytes for each, at least 16");
    reject_entries(BYTES(ID_1, 0, 4, 0, 2, 1, 2), 10, "a list of codes has 4 bytes for each");
    reject_entries(
            BYTES(ID_1, 0, 13, 0, 5, 1, 2, 3, 4, 5), 10, "a list of codes has 4 bytes for each");
    reject_entries(BYTES(ID_1, 0, 5, 0, 4, 1, 2, 3, 4), 10, "a time has 8 bytes");
    reject_entries(BYTES(ID_1, 0, 12, 0, 0), 10, "a time has 8 bytes");
    reject_entries(
            BYTES(ID_1, 0, 7, 0, 3, 1, 2, 3), 10, "a Vendor-Specific TLV has at least 4 bytes");
    reject_entries(BYTES(ID_1, 0, 8, 0, 0), 10,
            "Health-Class, Failure-Category and Extended-Isolation-State have 1 byte");
    reject_entries(BYTES(ID_1, 0, 14, 0, 2, 0, 1), 10,
            "Health-Class, Failure-Category and Extended-Isolation-State have 1 byte");
    reject_entries(BYTES(ID_1, 0, 16, 0, 2, 0, 1), 10,
            "Health-Class, Failure-Category and Extended-Isolation-State have 1 byte");
}

/* naptypes.h: maxSoHAttributeSize, maxSoHAttributeCount, maxSystemHealthEntityCount */
TEST(limits_of_naptypes)
{
    static const uint8_t id[8] = {ID_1};
    uint8_t *entries = calloc(1, 8 + 4 + 4001);
    unsigned int i;

    assert_non_null(entries);
    memcpy(entries, id, sizeof id);
    entries[9] = SOH_ATTRIBUTE_CLIENT_ID;
    entries[10] = 4001 >> 8;
    entries[11] = 4001 & 0xff;
    reject_entries(entries, 8 + 4 + 4001, 10, "an attribute has at most 4000 bytes");

    for (i = 0; i < 100; ++i) /* empty attributes, one too many besides the id */
        memcpy(entries + 8 + 4 * i, "\0\6\0", 4);
    reject_entries(entries, 8 + 4 * 100, 8 + 4 * 99, "an entry has at most 100 attributes");

    for (i = 0; i < 21; ++i)
    {
        memcpy(entries + 8 * i, id, sizeof id);
        entries[8 * i + 7] = (uint8_t)i;
    }
    reject_entries(entries, 8 * 21, 8 * 20, "a packet has at most 20 entries");
    free(entries);
}

/* A truncated packet of any length is rejected, and nothing beyond its end is read. */
TEST(every_prefix_is_refused)
{
    static const struct soh_span samples[] = {
            {request_plain, sizeof request_plain},
            {request_mode, sizeof request_mode},
            {response_plain, sizeof response_plain},
            {response_mode, sizeof response_mode},
    };
    struct soh_packet packet;
    size_t i, size;

    for (i = 0; i < sizeof samples / sizeof *samples; ++i)
    {
        for (size = 0; size < samples[i].size; ++size)
        {
            uint8_t *copy = malloc(size + 1);

            assert_non_null(copy);
            memcpy(copy + 1, samples[i].data, size);
            assert_false(soh_parse(copy + 1, size, &packet, NULL));
            free(copy);
        }
    }
}

TEST_MAIN(NULL, NULL)
