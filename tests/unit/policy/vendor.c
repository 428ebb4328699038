/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * docs/policy-format.md, "Vendor-specific attributes": how the lines are read, and what they
 * accept.
 */
#include "judgement.h"

#include <stdio.h>

#define VENDOR 0x00abcd01u

/* The attribute starts with its vendor, in network byte order. */
static void report_data(struct judgement *j, uint32_t vendor, const void *data, size_t size)
{
    uint8_t value[64] = {(uint8_t)(vendor >> 24), (uint8_t)(vendor >> 16), (uint8_t)(vendor >> 8),
            (uint8_t)vendor};

    memcpy(value + 4, data, size);
    soh_build_attribute(&j->builder, SOH_ATTRIBUTE_VENDOR_SPECIFIC, value, 4 + size);
}

static void begin(struct judgement *j, const char *lines)
{
    char policy[1024];

    snprintf(policy, sizeof policy, AGENT "%s\n" RESTRICTED, lines);
    start(j, policy, false);
    soh_build_entry(&j->builder, 1);
}

struct row
{
    const char *line;
    const char *data; /* `size` bytes after the vendor */
    size_t size;
    bool accepted;
};

static const struct row rows[] = {
        {"vendor-specific 0x00abcd01", "", 0, true},
        {"vendor-specific 0x00abcd01", "x", 1, true},
        /* bytes */
        {"vendor-specific 0x00abcd01 0 bytes 0102", "\1\2", 2, true},
        {"vendor-specific 0x00abcd01 0 bytes 0102", "\1\2\3", 3, true},
        {"vendor-specific 0x00abcd01 0 bytes 0102", "\1\3", 2, false},
        {"vendor-specific 0x00abcd01 0 bytes 0102", "\1", 1, false},
        {"vendor-specific 0x00abcd01 0 bytes 0102", "", 0, false},
        {"vendor-specific 0x00abcd01 1 bytes fF", "\1\xff", 2, true},
        {"vendor-specific 0x00abcd01 2 bytes ff", "\1\xff", 2, false},
        {"vendor-specific 0x00abcd01 3 bytes ff", "\1\xff", 2, false},
        {"vendor-specific 0x00abcd01 65534 bytes ff", "\1\xff", 2, false},
        {"vendor-specific 0x00abcd01 0 bytes 01 02 03", "\2", 1, true},
        {"vendor-specific 0x00abcd01 0 bytes 01 02 03", "\4", 1, false},
        /* numbers */
        {"vendor-specific 0x00abcd01 0 u8 255", "\xff", 1, true},
        {"vendor-specific 0x00abcd01 0 u8 255", "\xfe", 1, false},
        {"vendor-specific 0x00abcd01 0 u8 0", "", 0, false},
        {"vendor-specific 0x00abcd01 0 u16 0x0102", "\1\2", 2, true},
        {"vendor-specific 0x00abcd01 0 u16 0x0102", "\2\1", 2, false},
        {"vendor-specific 0x00abcd01 0 u16le 0x0102", "\2\1", 2, true},
        {"vendor-specific 0x00abcd01 0 u16le 0x0102", "\2", 1, false},
        {"vendor-specific 0x00abcd01 0 u32 0x80000001", "\x80\0\0\1", 4, true},
        {"vendor-specific 0x00abcd01 0 u32le 0x80000001", "\1\0\0\x80", 4, true},
        {"vendor-specific 0x00abcd01 1 u32 1", "x\0\0\0\1", 5, true},
        {"vendor-specific 0x00abcd01 1 u32 1", "x\0\0\0", 4, false},
        {"vendor-specific 0x00abcd01 0 u8 >=10", "\12", 1, true},
        {"vendor-specific 0x00abcd01 0 u8 >=10", "\11", 1, false},
        {"vendor-specific 0x00abcd01 0 u8 <=10", "\12", 1, true},
        {"vendor-specific 0x00abcd01 0 u8 <=10", "\13", 1, false},
        {"vendor-specific 0x00abcd01 0 u8 0 >=10", "\0", 1, true},
        /* the sign bit is a bit */
        {"vendor-specific 0x00abcd01 0 u32 >=0x7fffffff", "\xff\xff\xff\xff", 4, true},
};

TEST(values_are_accepted)
{
    struct judgement j;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; ++i)
    {
        begin(&j, rows[i].line);
        report_data(&j, VENDOR, rows[i].data, rows[i].size);
        evaluate(&j);
        if (j.result.findings[0] != (rows[i].accepted ? POLICY_COMPLIANT : POLICY_BAD_VENDOR_DATA))
            fail_msg("row %u: %s: %s", (unsigned int)i, rows[i].line,
                    policy_finding_text(j.result.findings[0]));
        assert_reported_code(&j, 1, rows[i].accepted ? 0 : 0x80004005);
    }
}

TEST(the_vendor_must_have_an_attribute)
{
    struct judgement j;

    begin(&j, "vendor-specific 0x00abcd01 0 u8 1");
    assert_finding(&j, POLICY_NO_VENDOR_DATA, false);
    begin(&j, "vendor-specific 0x00abcd01 0 u8 1");
    report_data(&j, VENDOR + 1, "\1", 1);
    assert_finding(&j, POLICY_NO_VENDOR_DATA, false);
    /* Another attribute that starts with the vendor's number does not count. */
    begin(&j, "vendor-specific 0x00abcd01");
    soh_build_attribute(&j.builder, SOH_ATTRIBUTE_SOFTWARE_VERSION, "\0\xab\xcd\1", 4);
    assert_finding(&j, POLICY_NO_VENDOR_DATA, false);
}

TEST(one_of_the_vendors_attributes_will_do)
{
    struct judgement j;

    begin(&j, "vendor-specific 0x00abcd01 0 u8 1");
    report_data(&j, VENDOR, "\2", 1);
    report_data(&j, VENDOR + 1, "\1", 1);
    report_data(&j, VENDOR, "\1", 1);
    assert_finding(&j, POLICY_COMPLIANT, true);
}

TEST(every_line_must_hold)
{
    const char *lines = "vendor-specific 0x00abcd01 0 u8 1\nvendor-specific 0x00abcd01 1 u8 2";
    struct judgement j;

    begin(&j, lines);
    report_data(&j, VENDOR, "\1\2", 2);
    assert_finding(&j, POLICY_COMPLIANT, true);
    begin(&j, lines);
    report_data(&j, VENDOR, "\1\3", 2);
    assert_finding(&j, POLICY_BAD_VENDOR_DATA, false);
    begin(&j, lines);
    report_data(&j, VENDOR, "\1", 1);
    report_data(&j, VENDOR, "x\2", 2);
    assert_finding(&j, POLICY_COMPLIANT, true);
}

TEST(codes_come_first)
{
    struct judgement j;
    uint32_t code = 5;

    begin(&j, "codes 0\nvendor-specific 0x00abcd01 0 u8 1");
    soh_build_attribute_u32s(&j.builder, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, &code, 1);
    assert_finding(&j, POLICY_BAD_CODE, false);
}

/* ---- lines that are refused ---- */

static void refuse(const char *line, const char *rule)
{
    static struct policy policy;
    struct policy_error error = {0, ""};
    char text[1024];

    snprintf(text, sizeof text, AGENT "%s\n" RESTRICTED, line);
    assert_false(policy_parse(text, strlen(text), &policy, &error));
    assert_string_equal(error.rule, rule);
    assert_non_null(strstr(error.rule, "; ")); /* and what to do */
    assert_int_equal(error.line, 3);
}

TEST(lines_are_refused)
{
    static const char vendor[] =
            "vendor-specific takes a vendor, a number of 32 bits; write a line like vendor-specific 0x137 0 u32 1";
    static const char offset[] =
            "after the vendor comes an offset in its data, from 0 to 65534; write a line like vendor-specific 0x137 0 u32 1";
    static const char form[] =
            "after the offset comes bytes, u8, u16, u32, u16le or u32le; write one of these";
    static const char number[] =
            "a value is a number that fits, with >= or <= before it if you like; write one like 7 or >=0x10";
    static const char bytes[] =
            "bytes are 1 to 16, as pairs of hexadecimal digits; write them like 00ff12";

    refuse("vendor-specific", vendor);
    refuse("vendor-specific Microsoft", vendor);
    refuse("vendor-specific 0x137 x", offset);
    refuse("vendor-specific 0x137 65535 u8 1", offset);
    refuse("vendor-specific 0x137 0", form);
    refuse("vendor-specific 0x137 0 u64 1", form);
    refuse("vendor-specific 0x137 0 u8",
            "values are missing; write one or more at the end of the line");
    refuse("vendor-specific 0x137 0 u8 256", number);
    refuse("vendor-specific 0x137 0 u16le 65536", number);
    refuse("vendor-specific 0x137 0 u32 4294967296", number);
    refuse("vendor-specific 0x137 0 u8 >=", number);
    refuse("vendor-specific 0x137 0 u8 =1", number);
    refuse("vendor-specific 0x137 0 u8 \"1\"", number);
    refuse("vendor-specific 0x137 0 bytes 1", bytes);
    refuse("vendor-specific 0x137 0 bytes 0x", bytes);
    refuse("vendor-specific 0x137 0 bytes \"\"", bytes);
    refuse("vendor-specific 0x137 0 bytes 000102030405060708090a0b0c0d0e0f10", bytes);
    refuse("vendor-specific 0x137 0 u8 1 2 3 4 5 6 7 8 9",
            "a vendor-specific line has at most 8 values; remove some");
}

TEST(an_agent_has_8_lines_at_most)
{
    static struct policy policy;
    struct policy_error error = {0, ""};
    char text[1024] = AGENT;
    int i;

    for (i = 0; i < 9; ++i)
        strcat(text, "vendor-specific 0x137\n");
    assert_false(policy_parse(text, strlen(text), &policy, &error));
    assert_string_equal(error.rule, "an agent has at most 8 vendor-specific lines; remove some");
    assert_int_equal(error.line, 11);
}

TEST_MAIN(NULL, NULL)
