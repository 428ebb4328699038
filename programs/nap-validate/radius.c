/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RADIUS attributes of [MS-RNAP]: the statement of health in those of a request, and the answer's.
 * The names are those of FreeRADIUS's dictionary.microsoft. Section numbers are those of [MS-RNAP].
 *
 * A statement longer than an attribute comes in several, in order, and the response goes back
 * likewise: the values together are the packet.
 */
#include "programs/nap-validate/nap_validate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_VALUE 247 /* of a vendor's attribute: 255 less its headers */
#define MIN_SOH 10    /* of an MS-Quarantine-SOH: its Vendor-Length is at least 12 (2.2.1.19) */
#define ATTRIBUTE_HEADER 8
/* Of the 4,096 bytes of an Access-Accept, what the policy may use. The rest is for its header and
 * other attributes. */
#define MAX_REPLY 3800

#define MAX_NAME 255 /* bytes of a machine's name in a message */

#define FILETIME_OF_1970 UINT64_C(116444736000000000)

/* Quarantine-State, 2.2.1.9 */
enum
{
    FULL_ACCESS = 0,
    RESTRICTED = 1,
    ON_PROBATION = 2
};

/* An answer under construction. */
struct answer
{
    char *text;
    size_t size;  /* of the text, without its NUL */
    size_t reply; /* bytes of the Access-Accept's attributes */
    bool full;
};

static void add(struct answer *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct answer *a, const char *format, ...)
{
    size_t rest = RADIUS_MAX_ANSWER - a->size;
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(a->text + a->size, rest, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= rest)
        a->full = true;
    else
        a->size += (size_t)length;
}

static void add_octets(struct answer *a, const char *name, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    add(a, "%s = 0x", name);
    if (RADIUS_MAX_ANSWER - a->size < 2 * size + 2)
    {
        a->full = true;
        return;
    }
    for (i = 0; i < size; ++i)
    {
        a->text[a->size++] = digits[bytes[i] >> 4];
        a->text[a->size++] = digits[bytes[i] & 15];
    }
    a->text[a->size++] = '\n';
    a->text[a->size] = 0;
}

static void reply_octets(struct answer *a, const char *name, const uint8_t *bytes, size_t size)
{
    add(a, "reply ");
    add_octets(a, name, bytes, size);
    a->reply += ATTRIBUTE_HEADER + size;
}

static void reply_number(struct answer *a, const char *name, uint32_t number)
{
    add(a, "reply %s = %lu\n", name, (unsigned long)number);
    a->reply += ATTRIBUTE_HEADER + 4;
}

/* ---- the answer ---- */

/* The addresses of one kind of all entries of the response, each once; an attribute has a reserved
 * byte before them, 2.2.1.16 and 2.2.1.17. Those that do not fit are in the response only. */
static void reply_servers(struct answer *a, const struct soh_packet *response, const char *name,
        uint16_t type, size_t width)
{
    uint8_t value[MAX_VALUE] = {0};
    size_t size = 1, entries = 0, attributes, i, at;
    struct soh_entry entry;
    struct soh_attribute attribute;

    while (soh_next_entry(response, &entries, &entry))
    {
        attributes = 0;
        while (soh_next_attribute(&entry, &attributes, &attribute))
        {
            if (attribute.type != type)
                continue;
            for (i = 0; i + width <= attribute.size; i += width)
            {
                for (at = 1; at < size && memcmp(value + at, attribute.value + i, width);)
                    at += width;
                if (at < size || size + width > sizeof value)
                    continue;
                memcpy(value + size, attribute.value + i, width);
                size += width;
            }
        }
    }
    if (size > 1)
        reply_octets(a, name, value, size);
}

static void reply_grace_time(struct answer *a, uint64_t probation_end)
{
    uint64_t seconds =
            probation_end < FILETIME_OF_1970 ? 0 : (probation_end - FILETIME_OF_1970) / 10000000;

    reply_number(
            a, "MS-Quarantine-Grace-Time", seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX);
}

static void reply_soh(struct answer *a, const uint8_t *bytes, size_t size)
{
    size_t part;

    for (; size; bytes += part, size -= part)
    {
        part = size <= MAX_VALUE ? size : MAX_VALUE;
        if (size - part && size - part < MIN_SOH)
            part = size - MIN_SOH;
        reply_octets(a, "MS-Quarantine-SOH", bytes, part);
    }
}

/* The attributes of 3.2.5.2, from the response. */
static void reply(struct answer *a, const struct policy *policy, const uint8_t *bytes, size_t size)
{
    const struct soh_quarantine *quarantine;
    struct soh_packet response;
    struct soh_span packet;
    uint32_t state = FULL_ACCESS;

    soh_carrier_strip(bytes, size, &packet);
    soh_parse(packet.data, packet.size, &response, NULL);
    quarantine = &response.system.quarantine;
    if (quarantine->isolation_state != 1)
        state = quarantine->isolation_state == 2 ? ON_PROBATION : RESTRICTED;
    reply_number(a, "MS-Quarantine-State", state);
    if (state == ON_PROBATION)
        reply_grace_time(a, quarantine->probation_end);
    if (state == RESTRICTED && policy->session_timeout)
        reply_number(a, "MS-Quarantine-Session-Timeout", policy->session_timeout);
    if (quarantine->extended_state)
        reply_number(a, "MS-Extended-Quarantine-State", quarantine->extended_state);
    if (state != FULL_ACCESS)
    {
        reply_servers(
                a, &response, "MS-IPv4-Remediation-Servers", SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS, 4);
        reply_servers(
                a, &response, "MS-IPv6-Remediation-Servers", SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS, 16);
    }
    reply_soh(a, bytes, size);
}

/* ---- the statement for FreeRADIUS's decoder ---- */

/*
 * That decoder checks no length, does not mask a TLV's M and R bits, and takes any Vendor-Specific
 * TLV behind the system's id for the system's pairs. So it gets a statement that is built anew from
 * what was read, with nothing but what it makes attributes of, and always in a carrier TLV.
 */
static void request_soh(struct answer *a, const struct soh_packet *request)
{
    static uint8_t bytes[SOH_CARRIER_SIZE + SOH_MAX_PACKET_SIZE];
    struct soh_system system = request->system;
    struct soh_attribute attribute;
    struct soh_entry entry;
    struct soh_builder b;
    size_t entries = 0, attributes;

    system.present &= SOH_HAS_MACHINE | SOH_HAS_MACHINE_NAME | SOH_HAS_MACHINE_EX;
    system.present |= SOH_HAS_CORRELATION_ID;
    system.correlation_id = request->correlation_id;
    soh_builder_init(&b, bytes + SOH_CARRIER_SIZE, SOH_MAX_PACKET_SIZE);
    soh_build_begin(&b, SOH_REQUEST, NULL, &system);
    while (soh_next_entry(request, &entries, &entry))
    {
        if (entry.id == SOH_SYSTEM_HEALTH_ID)
            continue;
        soh_build_entry(&b, entry.id);
        attributes = 0;
        while (soh_next_attribute(&entry, &attributes, &attribute))
            if (attribute.type == SOH_ATTRIBUTE_HEALTH_CLASS
                    || (attribute.type == SOH_ATTRIBUTE_HEALTH_CLASS_STATUS && attribute.size == 4))
                soh_build_attribute(&b, attribute.type, attribute.value, attribute.size);
    }
    if (soh_build_end(&b) != SOH_BUILD_OK || !soh_carrier_write(bytes, SOH_REQUEST, b.size))
    {
        a->full = true;
        return;
    }
    add(a, "request ");
    add_octets(a, "MS-Quarantine-SOH", bytes, SOH_CARRIER_SIZE + b.size);
}

/* ---- the request ---- */

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_separator(char c)
{
    return c == ' ' || c == '\t' || c == ',';
}

/* Joins the values. Returns NULL or what is wrong. */
static const char *join(const char *values, size_t size, uint8_t *bytes, size_t most, size_t *count)
{
    size_t at = 0;
    int high, low;

    *count = 0;
    while (at < size)
    {
        if (is_separator(values[at]))
        {
            ++at;
            continue;
        }
        if (size - at >= 2 && values[at] == '0' && values[at + 1] == 'x')
            at += 2;
        while (at < size && !is_separator(values[at]))
        {
            high = digit_of(values[at]);
            low = size - at >= 2 ? digit_of(values[at + 1]) : -1;
            if (high < 0 || low < 0)
                return "an attribute's value is pairs of hexadecimal digits";
            if (*count == most)
                return "a packet has at most 65535 bytes";
            bytes[(*count)++] = (uint8_t)(high << 4 | low);
            at += 2;
        }
    }
    return *count ? NULL : "there is none";
}

/* One line that says who is not compliant and why. */
static void log_not_compliant(const struct policy *policy, const struct policy_result *result,
        const struct soh_packet *request)
{
    const struct soh_span *name = &request->system.machine_name;
    char id[SOH_CORRELATION_TEXT_SIZE], text[256], why[4096] = "";
    size_t i, length = 0;

    for (i = 0; length < sizeof why && policy_explain(policy, result, i, text, sizeof text); ++i)
        length += (size_t)snprintf(why + length, sizeof why - length, "%s%s", i ? "; " : "", text);
    soh_correlation_id_format(&request->correlation_id, id);
    complain("%.*s %s: %s", (int)(name->size < MAX_NAME ? name->size : MAX_NAME),
            name->size ? (const char *)name->data : "", id, why);
}

static int rejected(struct answer *a, const char *rule, size_t offset)
{
    complain("a statement of health is rejected: %s, at byte %zu", rule, offset);
    a->size = 0;
    add(a, "rejected\n");
    return EXIT_BAD_INPUT;
}

int radius_answer(
        const struct policy *policy, const char *values, size_t size, char text[RADIUS_MAX_ANSWER])
{
    static uint8_t asked[SOH_CARRIER_SIZE + SOH_MAX_PACKET_SIZE];
    static uint8_t response[POLICY_MAX_ANSWER_SIZE];
    struct answer a = {.text = text};
    struct policy_result result;
    struct soh_packet request;
    struct soh_span packet;
    const char *rule;
    size_t asked_size;

    if ((rule = join(values, size, asked, sizeof asked, &asked_size)))
        return rejected(&a, rule, asked_size);
    switch (policy_answer(policy, NULL, asked, asked_size, filetime_now(), response, &result))
    {
    case POLICY_OK:
        break;
    case POLICY_BAD_REQUEST:
        return rejected(&a, result.error.rule, result.error.offset);
    default:
        return rejected(&a, "the response is larger than a packet", result.size);
    }
    soh_carrier_strip(asked, asked_size, &packet);
    soh_parse(packet.data, packet.size, &request, NULL);
    add(&a, result.compliant ? "compliant\n" : "not-compliant\n");
    reply(&a, policy, response, result.size);
    request_soh(&a, &request);
    if (a.full || a.reply > MAX_REPLY)
        return rejected(&a,
                "the answer does not fit into an Access-Accept; name fewer fix-up servers in the policy",
                a.reply);
    if (!result.compliant)
        log_not_compliant(policy, &result, &request);
    return result.compliant ? EXIT_COMPLIANT : EXIT_NOT_COMPLIANT;
}
