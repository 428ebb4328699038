/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about vendor-specific attributes: how they are read, and whether they hold. The first four
 * bytes of such an attribute are its vendor; offsets count from the byte after them.
 */

#include "libs/policy/vendor.h"

#include <string.h>

#define VENDOR_SIZE 4

/* ---- reading ---- */

struct form
{
    const char *word;
    size_t width;
    bool little_endian;
};

static const struct form forms[] = {
        {"bytes", 0, false},
        {"u8", 1, false},
        {"u16", 2, false},
        {"u32", 4, false},
        {"u16le", 2, true},
        {"u32le", 4, true},
};

static bool read_form(struct policy_vendor_rule *rule, const struct word *word)
{
    size_t i;

    for (i = 0; i < sizeof forms / sizeof *forms; ++i)
        if (word_is(word, forms[i].word))
        {
            rule->width = forms[i].width;
            rule->little_endian = forms[i].little_endian;
            return true;
        }
    return false;
}

/* 7, >=7 or <=7, in rule->width bytes. */
static bool read_number(
        const struct policy_vendor_rule *rule, struct policy_vendor_value *value, struct word word)
{
    if (!word.quoted && word.size >= 2 && word.text[1] == '='
            && (word.text[0] == '>' || word.text[0] == '<'))
    {
        value->match = word.text[0] == '>' ? POLICY_VENDOR_AT_LEAST : POLICY_VENDOR_AT_MOST;
        word.text += 2;
        word.size -= 2;
    }
    return word_u32(&word, &value->number)
           && (rule->width == 4 || value->number >> 8 * rule->width == 0);
}

const char *vendor_rule_read(
        struct policy_vendor_rule *rule, const struct word *values, size_t count)
{
    size_t i;

    memset(rule, 0, sizeof *rule);
    if (!count || !word_u32(&values[0], &rule->vendor))
        return "vendor-specific takes a vendor, a number of 32 bits; write a line like vendor-specific 0x137 0 u32 1";
    if (count == 1)
        return NULL;
    if (!word_u32(&values[1], &rule->offset) || rule->offset >= SOH_MAX_PACKET_SIZE)
        return "after the vendor comes an offset in its data, from 0 to 65534; write a line like vendor-specific 0x137 0 u32 1";
    if (count < 3 || !read_form(rule, &values[2]))
        return "after the offset comes bytes, u8, u16, u32, u16le or u32le; write one of these";
    if (count == 3)
        return "values are missing; write one or more at the end of the line";
    if (count - 3 > POLICY_MAX_VENDOR_VALUES)
        return "a vendor-specific line has at most 8 values; remove some";
    rule->value_count = count - 3;
    for (i = 0; i < rule->value_count; ++i)
    {
        struct policy_vendor_value *value = &rule->values[i];

        if (rule->width && !read_number(rule, value, values[3 + i]))
            return "a value is a number that fits, with >= or <= before it if you like; write one like 7 or >=0x10";
        if (!rule->width
                && !word_bytes(&values[3 + i], value->bytes, sizeof value->bytes, &value->size))
            return "bytes are 1 to 16, as pairs of hexadecimal digits; write them like 00ff12";
    }
    return NULL;
}

/* ---- judging ---- */

static uint32_t number_at(const struct policy_vendor_rule *rule, const uint8_t *data)
{
    uint32_t number = 0;
    size_t i;

    for (i = 0; i < rule->width; ++i)
        number = number << 8 | data[rule->little_endian ? rule->width - 1 - i : i];
    return number;
}

static bool value_holds(const struct policy_vendor_rule *rule,
        const struct policy_vendor_value *value, const uint8_t *data, size_t size)
{
    uint32_t number;

    if (!rule->width)
        return size >= value->size && !memcmp(data, value->bytes, value->size);
    if (size < rule->width)
        return false;
    number = number_at(rule, data);
    switch (value->match)
    {
    case POLICY_VENDOR_AT_LEAST:
        return number >= value->number;
    case POLICY_VENDOR_AT_MOST:
        return number <= value->number;
    default:
        return number == value->number;
    }
}

static bool attribute_holds(
        const struct policy_vendor_rule *rule, const struct soh_attribute *attribute)
{
    const uint8_t *data = attribute->value + VENDOR_SIZE;
    size_t size = attribute->size - VENDOR_SIZE, i;

    if (!rule->value_count)
        return true;
    if (rule->offset > size)
        return false;
    for (i = 0; i < rule->value_count; ++i)
        if (value_holds(rule, &rule->values[i], data + rule->offset, size - rule->offset))
            return true;
    return false;
}

static bool is_of_vendor(const struct soh_attribute *attribute, uint32_t vendor)
{
    struct soh_attribute first = {attribute->type, VENDOR_SIZE, attribute->value};
    uint32_t value;

    return attribute->type == SOH_ATTRIBUTE_VENDOR_SPECIFIC && attribute->size >= VENDOR_SIZE
           && soh_attribute_u32(&first, &value) && value == vendor;
}

/* One of the vendor's attributes will do: an agent may have several, each for a matter of its own.
 */
static enum policy_finding judge_rule(
        const struct policy_vendor_rule *rule, const struct soh_entry *entry)
{
    enum policy_finding finding = POLICY_NO_VENDOR_DATA;
    struct soh_attribute attribute;
    size_t position = 0;

    while (soh_next_attribute(entry, &position, &attribute))
    {
        if (!is_of_vendor(&attribute, rule->vendor))
            continue;
        if (attribute_holds(rule, &attribute))
            return POLICY_COMPLIANT;
        finding = POLICY_BAD_VENDOR_DATA;
    }
    return finding;
}

enum policy_finding vendor_rules_judge(
        const struct policy_agent *agent, const struct soh_entry *entry)
{
    enum policy_finding finding = POLICY_COMPLIANT;
    size_t i;

    for (i = 0; i < agent->vendor_rule_count && finding == POLICY_COMPLIANT; ++i)
        finding = judge_rule(&agent->vendor_rules[i], entry);
    return finding;
}
