/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Packets and their parts as text: the tree, correlation ids, names; and the carrier TLV, of which
 * the tree's caller need not know.
 */

#include <test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/soh/soh.h"
#include "samples.h"

/* Collects lines into one text. */
struct text
{
    char text[16384];
    size_t size;
};

static void collect(void *ctx, const char *line)
{
    struct text *t = ctx;

    t->size += (size_t)snprintf(t->text + t->size, sizeof t->text - t->size, "%s\n", line);
    assert_true(t->size < sizeof t->text);
}

static const char *decode(struct text *t, const uint8_t *data, size_t size)
{
    struct soh_packet packet;

    memset(t, 0, sizeof *t);
    assert_true(soh_parse_carried(data, size, &packet, NULL));
    soh_print(&packet, collect, NULL, t);
    return t->text;
}

TEST(request_is_printed_as_a_tree)
{
    struct text t;

    assert_string_equal(decode(&t, request_plain, sizeof request_plain),
            "SSoH (request)\n"
            "  system\n"
            "    MS-Machine-Inventory: Windows 6.1.7601, service pack 1.0, x64 (9)\n"
            "    MS-MachineName: \"pc1\"\n"
            "    MS-CorrelationId: {00112233-4455-6677-8899-AABBCCDDEEFF} - 2010-08-18 "
            "09:30:00.123Z\n"
            "      {00112233-4455-6677-8899-AABBCCDDEEFF}-01CB3EB7EDE360B0\n"
            "    MS-Quarantine-State: not restricted (1)\n"
            "      extended state: no data (0)\n"
            "      probation end: none\n"
            "      URL: none\n"
            "    MS-Machine-Inventory-Ex: client (1)\n"
            "    MS-SystemGenerated-Ids: 1\n"
            "      0x00013780 (79744, Windows Security Health)\n"
            "    MS-Installed-Shvs: 2\n"
            "      0x00013780 (79744, Windows Security Health)\n"
            "      0x00abcd01 (11259137)\n"
            "  SoH of 0x00013780 (79744, Windows Security Health)\n"
            "    Failure-Category: client component (2)\n"
            "    Error-Codes: 1\n"
            "      0x80270004 NAP_E_NO_CACHED_SOH\n"
            "  SoH of 0x00abcd01 (11259137)\n"
            "    Software-Version: \"1.2\"\n"
            "    Compliance-Result-Codes: 1\n"
            "      0x00000000 S_OK\n");
}

TEST(response_is_printed_as_a_tree)
{
    struct text t;

    assert_string_equal(decode(&t, response_mode, sizeof response_mode),
            "SSoHR (response)\n"
            "  mode sub-header, intent response (2)\n"
            "    correlation id: {00112233-4455-6677-8899-AABBCCDDEEFF} - 2010-08-18 "
            "09:30:00.123Z\n"
            "      {00112233-4455-6677-8899-AABBCCDDEEFF}-01CB3EB7EDE360B0\n"
            "  system\n"
            "    MS-CorrelationId: {00112233-4455-6677-8899-AABBCCDDEEFF} - 2010-08-18 "
            "09:30:00.123Z\n"
            "      {00112233-4455-6677-8899-AABBCCDDEEFF}-01CB3EB7EDE360B0\n"
            "    MS-Quarantine-State: restricted access (3), fix-up wanted\n"
            "      extended state: no data (0)\n"
            "      probation end: none\n"
            "      URL: \"http://fix.example/\"\n"
            "  SoH of 0x00abcd01 (11259137)\n"
            "    Compliance-Result-Codes: 2\n"
            "      0x80270002 NAP_E_MISSING_SOH\n"
            "      0x80004005 E_FAIL\n"
            "    Failure-Category: server communication (5)\n"
            "    IPv4-Fixup-Servers:\n"
            "      192.0.2.1\n"
            "      192.0.2.2\n"
            "    IPv6-Fixup-Servers:\n"
            "      2001:db8:0:0:0:0:0:1\n"
            "    Extended-Isolation-State: transition (1)\n");
}

TEST(probation_is_printed_as_a_time)
{
    struct text t;

    assert_non_null(strstr(decode(&t, response_plain, sizeof response_plain),
            "    MS-Quarantine-State: in probation (2)\n"
            "      extended state: infected (2)\n"
            "      probation end: 2010-08-19 09:30:00.123Z\n"));
}

static const struct soh_system system_with_id = {
        .present = SOH_HAS_CORRELATION_ID, .correlation_id = {{SAMPLE_CORRELATION_ID}}};

/* The text of a request whose only entry has one attribute. */
static const char *decode_attribute(struct text *t, uint16_t type, const void *value, size_t size)
{
    uint8_t bytes[4200];
    struct soh_builder b;

    soh_builder_init(&b, bytes, sizeof bytes);
    soh_build_begin(&b, SOH_REQUEST, NULL, &system_with_id);
    soh_build_entry(&b, 0xabcd01);
    soh_build_attribute(&b, type, value, size);
    assert_int_equal(soh_build_end(&b), SOH_BUILD_OK);
    return decode(t, bytes, b.size);
}

TEST(other_attributes_are_printed)
{
    struct text t;

    assert_non_null(strstr(decode_attribute(&t, SOH_ATTRIBUTE_TIME_OF_LAST_UPDATE,
                                   "\x01\xcb\x3e\xb7\xed\xe3\x60\xb0", 8),
            "    Time-Of-Last-Update: 2010-08-18 09:30:00.123Z\n"));
    assert_non_null(
            strstr(decode_attribute(&t, SOH_ATTRIBUTE_VENDOR_SPECIFIC, "\0\1\x37\x80\xde\xad", 6),
                    "    Vendor-Specific: vendor 0x00013780, 2 bytes\n"
                    "      dead\n"));
    assert_non_null(strstr(
            decode_attribute(&t, SOH_ATTRIBUTE_HEALTH_CLASS, "\3", 1), "    Health-Class: 3\n"));
    assert_non_null(strstr(decode_attribute(&t, SOH_ATTRIBUTE_FAILURE_CATEGORY, "\x9", 1),
            "    Failure-Category: unknown (9)\n"));
    assert_non_null(strstr(decode_attribute(&t, SOH_ATTRIBUTE_PRODUCT_NAME, "Shield", 7),
            "    Product-Name: \"Shield\"\n"));
    assert_non_null(strstr(decode_attribute(&t, SOH_ATTRIBUTE_CLIENT_ID, "a\0b", 3),
            "    Client-Id: 3 bytes\n      610062\n"));
    assert_non_null(strstr(
            decode_attribute(&t, SOH_ATTRIBUTE_CLIENT_ID, "", 0), "    Client-Id: 0 bytes\n"));
    assert_non_null(strstr(decode_attribute(&t, 99, "\xff", 1), "    attribute 99: 1 bytes\n"));
    assert_non_null(strstr(decode_attribute(&t, SOH_ATTRIBUTE_ERROR_CODES, "\x12\x34\x56\x78", 4),
            "    Error-Codes: 1\n      0x12345678\n"));
}

/* Text from the network must not control a terminal. */
TEST(unprintable_bytes_are_escaped)
{
    static const uint8_t name[] = {'a', 0x1b, '[', '"', '\\', 0xff};
    struct soh_system system = system_with_id;
    uint8_t bytes[256];
    struct soh_builder b;
    struct text t;

    system.present |= SOH_HAS_MACHINE_NAME;
    system.machine_name = (struct soh_span){name, sizeof name};
    soh_builder_init(&b, bytes, sizeof bytes);
    soh_build_begin(&b, SOH_REQUEST, NULL, &system);
    assert_int_equal(soh_build_end(&b), SOH_BUILD_OK);
    assert_non_null(
            strstr(decode(&t, bytes, b.size), "    MS-MachineName: \"a\\x1b[\\\"\\\\\\xff\"\n"));
}

TEST(long_values_go_on_over_several_lines)
{
    char value[300];
    struct text t;

    memset(value, 'x', sizeof value);
    decode_attribute(&t, SOH_ATTRIBUTE_PRODUCT_NAME, value, sizeof value);
    assert_non_null(strstr(t.text, "    Product-Name: \"xxxx"));
    assert_non_null(strstr(t.text, "x\"\n      \"xxxx"));
    memset(value, 1, sizeof value);
    decode_attribute(&t, SOH_ATTRIBUTE_PRODUCT_NAME, value, 33);
    assert_non_null(strstr(t.text, "Product-Name: 33 bytes\n      0101"));
    assert_non_null(strstr(t.text, "01\n      01\n"));
}

/* The entries of one component, in another way. */
static bool print_known(void *ctx, const struct soh_packet *packet, const struct soh_entry *entry)
{
    if (entry->id != 0xabcd01 || packet->kind != SOH_REQUEST)
        return false;
    collect(ctx, "    in other words");
    return true;
}

TEST(entries_may_be_printed_in_another_way)
{
    struct soh_packet packet;
    struct text t = {"", 0};

    assert_true(soh_parse(request_plain, sizeof request_plain, &packet, NULL));
    soh_print(&packet, collect, print_known, &t);
    assert_non_null(strstr(t.text, "  SoH of 0x00013780 (79744, Windows Security Health)\n"
                                   "    Failure-Category: client component (2)\n"));
    assert_non_null(strstr(t.text, "  SoH of 0x00abcd01 (11259137)\n    in other words\n"));
    assert_null(strstr(t.text, "Software-Version"));
}

/* ---- correlation ids ---- */

TEST(correlation_ids_are_guid_and_time)
{
    static const uint8_t guid[16] = {0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99,
            0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
    static const uint8_t wire[] = {SAMPLE_CORRELATION_ID};
    struct soh_correlation_id id = soh_correlation_id_make(guid, UINT64_C(0x01cb3eb7ede360b0));
    uint64_t time = 0;
    uint8_t back[16];

    assert_memory_equal(id.bytes, wire, sizeof wire);
    soh_correlation_id_split(&id, back, &time);
    assert_memory_equal(back, guid, sizeof guid);
    assert_true(time == UINT64_C(0x01cb3eb7ede360b0));
    soh_correlation_id_split(&id, NULL, NULL);
}

/* The bytes of tests/e2e/samples/ssoh.bin: a GUID of version 4, as a Windows client makes it. In
 * network order the version is the first digit of the third group. */
TEST(correlation_ids_have_network_order)
{
    static const struct soh_correlation_id id = {
            {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x47, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee,
                    0xff, 0x00, 0x01, 0xcb, 0x3e, 0xb0, 0xe9, 0xd8, 0, 0}};
    static const uint8_t in_memory[16] = {0x44, 0x33, 0x22, 0x11, 0x66, 0x55, 0x88, 0x47, 0x99,
            0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00};
    char text[SOH_CORRELATION_TEXT_SIZE];
    struct soh_correlation_id made;
    uint64_t time = 0;
    uint8_t guid[16];

    soh_correlation_id_format(&id, text);
    assert_string_equal(text, "{11223344-5566-4788-99AA-BBCCDDEEFF00}-01CB3EB0E9D80000");
    soh_correlation_id_format_log(&id, text);
    assert_string_equal(text, "{11223344-5566-4788-99AA-BBCCDDEEFF00} - 2010-08-18 08:39:46.860Z");
    soh_correlation_id_split(&id, guid, &time);
    assert_memory_equal(guid, in_memory, sizeof guid);
    made = soh_correlation_id_make(guid, time);
    assert_memory_equal(made.bytes, id.bytes, sizeof id.bytes);
}

static void assert_logged_time(uint64_t filetime, const char *time)
{
    static const uint8_t guid[16];
    struct soh_correlation_id id = soh_correlation_id_make(guid, filetime);
    char text[SOH_CORRELATION_TEXT_SIZE];

    soh_correlation_id_format_log(&id, text);
    assert_int_equal(strlen(text), 65); /* [MS-DHCPN] 2.2.1.3: 130 bytes of UTF-16 */
    assert_string_equal(text + 41, time);
}

TEST(times_are_logged_in_utc)
{
    assert_logged_time(0, "1601-01-01 00:00:00.000Z");
    assert_logged_time(UINT64_C(116444736000000000), "1970-01-01 00:00:00.000Z");
    assert_logged_time(UINT64_C(125963423990009999), "2000-02-29 23:59:59.000Z");
    assert_logged_time(UINT64_C(125963424000010000), "2000-03-01 00:00:00.001Z");
    assert_logged_time(UINT64_C(2650467743999990000), "9999-12-31 23:59:59.999Z");
    assert_logged_time(UINT64_C(2650467744000000000), "9999-12-31 23:59:59.999Z");
    assert_logged_time(UINT64_MAX, "9999-12-31 23:59:59.999Z");
}

/* ---- the carrier TLV, [MS-PEAP] 2.2.8 ---- */

TEST(carrier_is_written_and_stripped)
{
    static const uint8_t expected[SOH_CARRIER_SIZE] = {
            0x00, 0x07,             /* type: Vendor-Specific */
            0x00, 0xab,             /* length: 171 */
            0x00, 0x00, 0x01, 0x37, /* vendor: Microsoft */
            0x00, 0x01,             /* type: SoH */
            0x00, 0xa3,             /* length: 163 */
    };
    uint8_t bytes[SOH_CARRIER_SIZE + sizeof request_plain];
    struct soh_span packet;
    struct soh_packet parsed;
    struct soh_error error = {0, ""};
    struct text t;

    assert_true(soh_carrier_write(bytes, SOH_REQUEST, sizeof request_plain));
    assert_memory_equal(bytes, expected, sizeof expected);
    memcpy(bytes + SOH_CARRIER_SIZE, request_plain, sizeof request_plain);
    assert_true(soh_carrier_strip(bytes, sizeof bytes, &packet));
    assert_ptr_equal(packet.data, bytes + SOH_CARRIER_SIZE);
    assert_int_equal(packet.size, sizeof request_plain);
    assert_non_null(strstr(decode(&t, bytes, sizeof bytes), "SSoH (request)\n"));
    bytes[SOH_CARRIER_SIZE + 9] = 9; /* offsets of errors count from the start of the input */
    assert_false(soh_parse_carried(bytes, sizeof bytes, &parsed, &error));
    assert_int_equal(error.offset, SOH_CARRIER_SIZE + 8);
    assert_true(soh_carrier_write(bytes, SOH_RESPONSE, 0xffff - 8));
    assert_int_equal(bytes[9], 3); /* SoH Response */
    assert_false(soh_carrier_write(bytes, SOH_REQUEST, 0xffff - 7));
}

/* A packet without carrier looks similar to one with it. */
TEST(packets_are_not_taken_for_carriers)
{
    static const struct soh_span samples[] = {
            {request_plain, sizeof request_plain},
            {request_mode, sizeof request_mode},
            {response_plain, sizeof response_plain},
            {response_mode, sizeof response_mode},
            {request_plain, 12},
            {NULL, 0},
    };
    struct soh_span packet;
    uint8_t *empty = malloc(SOH_CARRIER_SIZE); /* an empty carrier, without a byte more */
    size_t i;

    assert_non_null(empty);
    assert_true(soh_carrier_write(empty, SOH_REQUEST, 0));
    assert_false(soh_carrier_strip(empty, SOH_CARRIER_SIZE, &packet));
    free(empty);
    for (i = 0; i < sizeof samples / sizeof *samples; ++i)
    {
        assert_false(soh_carrier_strip(samples[i].data, samples[i].size, &packet));
        assert_ptr_equal(packet.data, samples[i].data);
        assert_int_equal(packet.size, samples[i].size);
    }
}

TEST(names_are_the_documented_ones)
{
    assert_string_equal(soh_code_name(0x80270001), "NAP_E_INVALID_PACKET");
    assert_string_equal(soh_code_name(0x80270013), "NAP_E_SHV_TIMEOUT");
    assert_string_equal(soh_code_name(0x0027000d), "NAP_S_CERT_ALREADY_PRESENT");
    assert_null(soh_code_name(0x8027000d));
    assert_string_equal(soh_attribute_name(16), "Extended-Isolation-State");
    assert_null(soh_attribute_name(0));
    assert_null(soh_attribute_name(17));
    assert_string_equal(soh_isolation_state_name(3), "restricted access");
    assert_null(soh_isolation_state_name(0));
    assert_string_equal(soh_product_type_name(2), "domain controller");
    assert_string_equal(soh_processor_name(12), "ARM64");
    assert_null(soh_component_name(0x13708));
}

TEST_MAIN(NULL, NULL)
