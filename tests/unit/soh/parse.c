/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The content of the hand-written packets, field by field.
 */

#include <test.h>
#include <string.h>

#include "libs/soh/soh.h"
#include "samples.h"

#define PARSE(bytes, packet) assert_true(soh_parse(bytes, sizeof(bytes), packet, NULL))

static const struct soh_correlation_id sample_id = {{SAMPLE_CORRELATION_ID}};

static void assert_span(struct soh_span span, const char *text)
{
    assert_int_equal(span.size, strlen(text));
    assert_memory_equal(span.data, text, span.size);
}

static void assert_correlation_id(const struct soh_correlation_id *id)
{
    assert_memory_equal(id, &sample_id, sizeof sample_id);
}

TEST(request_without_sub_header_gives_every_pair)
{
    struct soh_packet p;
    uint32_t id;

    PARSE(request_plain, &p);
    assert_int_equal(p.kind, SOH_REQUEST);
    assert_false(p.has_mode);
    assert_correlation_id(&p.correlation_id);
    assert_int_equal(p.system.present, SOH_HAS_MACHINE | SOH_HAS_QUARANTINE | SOH_HAS_GENERATED_IDS
                                               | SOH_HAS_MACHINE_NAME | SOH_HAS_CORRELATION_ID
                                               | SOH_HAS_INSTALLED_SHVS | SOH_HAS_MACHINE_EX);
    assert_int_equal(p.system.machine.os_major, 6);
    assert_int_equal(p.system.machine.os_minor, 1);
    assert_int_equal(p.system.machine.os_build, 7601);
    assert_int_equal(p.system.machine.sp_major, 1);
    assert_int_equal(p.system.machine.sp_minor, 0);
    assert_int_equal(p.system.machine.processor, 9);
    assert_span(p.system.machine_name, "pc1");
    assert_correlation_id(&p.system.correlation_id);
    assert_int_equal(p.system.quarantine.isolation_state, 1);
    assert_false(p.system.quarantine.fixup);
    assert_int_equal(p.system.quarantine.extended_state, 0);
    assert_true(p.system.quarantine.probation_end == SOH_NO_PROBATION);
    assert_int_equal(p.system.quarantine.url.size, 0);
    assert_int_equal(p.system.machine_ex.reserved, 0);
    assert_int_equal(p.system.machine_ex.product_type, 1);
    assert_true(soh_ids_get(p.system.generated_ids, 0, &id));
    assert_int_equal(id, 0x13780);
    assert_false(soh_ids_get(p.system.generated_ids, 1, &id));
    assert_true(soh_ids_get(p.system.installed_shvs, 1, &id));
    assert_int_equal(id, 0xabcd01);
    assert_false(soh_ids_get(p.system.installed_shvs, 2, &id));
    assert_int_equal(p.entry_count, 2);
}

TEST(spans_point_into_the_callers_buffer)
{
    struct soh_packet p;

    PARSE(request_plain, &p);
    assert_ptr_equal(p.system.machine_name.data, request_plain + 52);
    assert_ptr_equal(p.entries.data + p.entries.size, request_plain + sizeof request_plain);
}

TEST(request_with_sub_header_gives_its_fields)
{
    struct soh_packet p;

    PARSE(request_mode, &p);
    assert_int_equal(p.kind, SOH_REQUEST);
    assert_true(p.has_mode);
    assert_int_equal(p.mode.intent, SOH_INTENT_REQUEST);
    assert_correlation_id(&p.mode.correlation_id);
    assert_correlation_id(&p.correlation_id);
    assert_int_equal(p.system.machine.os_build, 2600);
    assert_int_equal(p.system.machine.processor, 0);
    assert_int_equal(p.system.machine_ex.reserved, 0xdecafbad);
    assert_int_equal(p.entry_count, 0);
}

/* SoHReportEntry: System-Health-Id first, as the SoH structure's page says. */
TEST(entries_are_walked_with_their_attributes)
{
    struct soh_packet p;
    struct soh_entry entry;
    struct soh_attribute attribute;
    size_t position = 0, in_entry = 0;
    uint32_t code = 0;
    uint8_t category = 0;

    PARSE(request_plain, &p);
    assert_true(soh_next_entry(&p, &position, &entry));
    assert_int_equal(entry.id, 0x13780);
    assert_int_equal(entry.count, 3);
    assert_true(soh_next_attribute(&entry, &in_entry, &attribute));
    assert_int_equal(attribute.type, SOH_ATTRIBUTE_SYSTEM_HEALTH_ID);
    assert_true(soh_attribute_u32(&attribute, &code));
    assert_int_equal(code, 0x13780);
    assert_true(soh_next_attribute(&entry, &in_entry, &attribute));
    assert_int_equal(attribute.type, SOH_ATTRIBUTE_FAILURE_CATEGORY);
    assert_true(soh_attribute_u8(&attribute, &category));
    assert_int_equal(category, 2);
    assert_true(soh_next_attribute(&entry, &in_entry, &attribute));
    assert_int_equal(attribute.type, SOH_ATTRIBUTE_ERROR_CODES);
    assert_true(soh_attribute_u32_at(&attribute, 0, &code));
    assert_int_equal(code, 0x80270004);
    assert_false(soh_attribute_u32_at(&attribute, 1, &code));
    assert_false(soh_next_attribute(&entry, &in_entry, &attribute));

    assert_true(soh_next_entry(&p, &position, &entry));
    assert_int_equal(entry.id, 0xabcd01);
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_SOFTWARE_VERSION, &attribute));
    assert_int_equal(attribute.size, 3);
    assert_memory_equal(attribute.value, "1.2", 3);
    assert_false(soh_next_entry(&p, &position, &entry));

    position = 0; /* walks may be restarted */
    assert_true(soh_next_entry(&p, &position, &entry));
    assert_int_equal(entry.id, 0x13780);
}

TEST(entries_are_found_by_component)
{
    struct soh_packet p;
    struct soh_entry entry;
    struct soh_attribute attribute;

    PARSE(request_plain, &p);
    assert_true(soh_find_entry(&p, 0xabcd01, &entry));
    assert_int_equal(entry.count, 3);
    assert_false(soh_find_attribute(&entry, SOH_ATTRIBUTE_FAILURE_CATEGORY, &attribute));
    assert_false(soh_find_entry(&p, 0xabcd02, &entry));
    PARSE(request_mode, &p);
    assert_false(soh_find_entry(&p, 0x13780, &entry));
}

TEST(response_gives_state_url_and_fixup_servers)
{
    static const uint8_t ipv6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
    struct soh_packet p;
    struct soh_entry entry;
    struct soh_attribute a;
    uint32_t code = 0;
    uint8_t u8 = 0;

    PARSE(response_mode, &p);
    assert_int_equal(p.kind, SOH_RESPONSE);
    assert_int_equal(p.mode.intent, SOH_INTENT_RESPONSE);
    assert_int_equal(p.system.present, SOH_HAS_QUARANTINE | SOH_HAS_CORRELATION_ID);
    assert_int_equal(p.system.quarantine.isolation_state, 3);
    assert_true(p.system.quarantine.fixup);
    assert_int_equal(p.system.quarantine.extended_state, 0);
    assert_span(p.system.quarantine.url, "http://fix.example/");
    assert_int_equal(p.entry_count, 1);
    assert_true(soh_find_entry(&p, 0xabcd01, &entry));
    assert_int_equal(entry.count, 6);
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, &a));
    assert_true(soh_attribute_u32_at(&a, 0, &code));
    assert_int_equal(code, 0x80270002);
    assert_true(soh_attribute_u32_at(&a, 1, &code));
    assert_int_equal(code, 0x80004005);
    assert_false(soh_attribute_u32(&a, &code)); /* not exactly one */
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_FAILURE_CATEGORY, &a));
    assert_true(soh_attribute_u8(&a, &u8));
    assert_int_equal(u8, 5);
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS, &a));
    assert_memory_equal(soh_attribute_ipv4_at(&a, 1), "\xc0\x00\x02\x02", 4);
    assert_null(soh_attribute_ipv4_at(&a, 2));
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS, &a));
    assert_memory_equal(soh_attribute_ipv6_at(&a, 0), ipv6, 16);
    assert_null(soh_attribute_ipv6_at(&a, 1));
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_EXTENDED_ISOLATION_STATE, &a));
    assert_true(soh_attribute_u8(&a, &u8));
    assert_int_equal(u8, 1);
}

TEST(response_in_probation_gives_its_end)
{
    struct soh_packet p;

    PARSE(response_plain, &p);
    assert_int_equal(p.kind, SOH_RESPONSE);
    assert_false(p.has_mode);
    assert_correlation_id(&p.correlation_id);
    assert_int_equal(p.system.quarantine.isolation_state, 2);
    assert_false(p.system.quarantine.fixup);
    assert_int_equal(p.system.quarantine.extended_state, 2);
    assert_true(p.system.quarantine.probation_end == UINT64_C(0x01cb3f81184d20b0));
}

/* Public sources do not settle the intent of a response's sub-header: both are accepted. */
TEST(either_intent_is_accepted)
{
    uint8_t bytes[sizeof response_mode];
    struct soh_packet p;

    memcpy(bytes, response_mode, sizeof bytes);
    bytes[RESPONSE_MODE_INTENT] = SOH_INTENT_REQUEST;
    PARSE(bytes, &p);
    assert_int_equal(p.kind, SOH_RESPONSE);
    assert_int_equal(p.mode.intent, SOH_INTENT_REQUEST);
}

/* The M and R bits are ignored on receipt ([MS-WSH] 2.2.2). */
TEST(mandatory_and_reserved_bits_are_ignored)
{
    uint8_t bytes[sizeof response_mode];
    struct soh_packet p;
    struct soh_entry entry;

    memcpy(bytes, response_mode, sizeof bytes);
    bytes[0] |= 0xc0;   /* SoH header */
    bytes[12] |= 0x80;  /* mode sub-header */
    bytes[46] |= 0x40;  /* first System-Health-Id */
    bytes[54] |= 0xc0;  /* Vendor-Specific */
    bytes[122] |= 0x80; /* the entry's System-Health-Id */
    PARSE(bytes, &p);
    assert_true(soh_find_entry(&p, 0xabcd01, &entry));
    assert_int_equal(entry.count, 6);
}

/* Reserved bits, and the vendor of the SSoH's Vendor-Specific TLV, which NAP ignores. */
TEST(reserved_fields_are_ignored)
{
    uint8_t bytes[sizeof response_mode];
    struct soh_packet p;

    memcpy(bytes, response_mode, sizeof bytes);
    bytes[58] = 0xff; /* vendor */
    bytes[63] = 0xe1; /* MS-Packet-Info: reserved, response, version 1 */
    bytes[90] = 0xff; /* MS-Quarantine-State: reserved byte */
    PARSE(bytes, &p);
    assert_int_equal(p.kind, SOH_RESPONSE);
    assert_int_equal(p.system.quarantine.isolation_state, 3);
}

TEST(empty_strings_may_lack_their_nul)
{
    uint8_t bytes[sizeof response_plain - 1];
    struct soh_packet p;

    memcpy(bytes, response_plain, 68);
    memcpy(bytes + 68, response_plain + 69, sizeof bytes - 68);
    bytes[3] -= 1;
    bytes[11] -= 1;
    bytes[23] -= 1;
    bytes[67] = 0; /* URL length: 0 */
    PARSE(bytes, &p);
    assert_int_equal(p.system.quarantine.url.size, 0);
    assert_int_equal(p.entry_count, 1);
}

TEST(typed_readers_want_the_right_size)
{
    static const uint8_t bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct soh_attribute a = {SOH_ATTRIBUTE_CLIENT_ID, 8, bytes};
    uint64_t u64 = 0;
    uint32_t u32 = 0;
    uint8_t u8 = 0;

    assert_true(soh_attribute_filetime(&a, &u64));
    assert_true(u64 == UINT64_C(0x0102030405060708));
    assert_false(soh_attribute_u32(&a, &u32));
    assert_false(soh_attribute_u8(&a, &u8));
    a.size = 4;
    assert_true(soh_attribute_u32(&a, &u32));
    assert_int_equal(u32, 0x01020304);
    assert_false(soh_attribute_filetime(&a, &u64));
    a.size = 7; /* lists have whole elements only */
    assert_true(soh_attribute_u32_at(&a, 0, &u32));
    assert_false(soh_attribute_u32_at(&a, 1, &u32));
    assert_null(soh_attribute_ipv6_at(&a, 0));
}

TEST_MAIN(NULL, NULL)
