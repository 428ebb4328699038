/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judges a statement of health, and answers by RADIUS attributes of [MS-RNAP]. Section numbers are
 * those of [MS-RNAP].
 *
 * A response longer than an attribute goes into several, in order: the values together are the
 * packet.
 */
#include "programs/nap-validate/nap_validate.h"

#include <stdio.h>
#include <string.h>

#define MAX_VALUE 247 /* of a vendor's attribute: 255 less its headers */
#define MIN_SOH 10    /* of an MS-Quarantine-SOH: its Vendor-Length is at least 12 (2.2.1.19) */

#define MAX_NAME 255 /* bytes of a machine's name in a message */

/* Quarantine-State, 2.2.1.9 */
enum
{
    FULL_ACCESS = 0,
    RESTRICTED = 1,
    ON_PROBATION = 2
};

/* Attributes under construction. */
struct answer
{
    struct judgement *j;
    bool full;
};

static void reply_octets(struct answer *a, uint8_t type, const uint8_t *bytes, size_t size)
{
    uint8_t *at = a->j->reply + a->j->reply_size;

    if (REPLY_MAX - a->j->reply_size < RADIUS_VENDOR_HEADER + size)
    {
        a->full = true;
        return;
    }
    *at++ = RADIUS_VENDOR_SPECIFIC;
    *at++ = (uint8_t)(RADIUS_VENDOR_HEADER + size);
    *at++ = 0;
    *at++ = 0;
    *at++ = RADIUS_VENDOR_MICROSOFT >> 8;
    *at++ = RADIUS_VENDOR_MICROSOFT & 0xff;
    *at++ = type;
    *at++ = (uint8_t)(2 + size);
    memcpy(at, bytes, size);
    a->j->reply_size += RADIUS_VENDOR_HEADER + size;
}

static void reply_number(struct answer *a, uint8_t type, uint32_t number)
{
    const uint8_t bytes[] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
            (uint8_t)(number >> 8), (uint8_t)number};

    reply_octets(a, type, bytes, sizeof bytes);
}

/* ---- the answer ---- */

/* The addresses of one kind of all entries of the response, each once; an attribute has a reserved
 * byte before them, 2.2.1.16 and 2.2.1.17. Those that do not fit are in the response only. */
static void reply_servers(struct answer *a, const struct soh_packet *response, uint8_t type,
        uint16_t source, size_t width)
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
            if (attribute.type != source)
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
        reply_octets(a, type, value, size);
}

static void reply_grace_time(struct answer *a, uint64_t probation_end)
{
    uint64_t seconds =
            probation_end < FILETIME_OF_1970 ? 0 : (probation_end - FILETIME_OF_1970) / 10000000;

    reply_number(
            a, MS_QUARANTINE_GRACE_TIME, seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX);
}

static void reply_soh(struct answer *a, const uint8_t *bytes, size_t size)
{
    size_t part;

    for (; size; bytes += part, size -= part)
    {
        part = size <= MAX_VALUE ? size : MAX_VALUE;
        if (size - part && size - part < MIN_SOH)
            part = size - MIN_SOH;
        reply_octets(a, MS_QUARANTINE_SOH, bytes, part);
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
    reply_number(a, MS_QUARANTINE_STATE, state);
    if (state == ON_PROBATION)
        reply_grace_time(a, quarantine->probation_end);
    if (state == RESTRICTED && policy->session_timeout)
        reply_number(a, MS_QUARANTINE_SESSION_TIMEOUT, policy->session_timeout);
    if (quarantine->extended_state)
        reply_number(a, MS_EXTENDED_QUARANTINE_STATE, quarantine->extended_state);
    if (state != FULL_ACCESS)
    {
        reply_servers(
                a, &response, MS_IPV4_REMEDIATION_SERVERS, SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS, 4);
        reply_servers(
                a, &response, MS_IPV6_REMEDIATION_SERVERS, SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS, 16);
    }
    reply_soh(a, bytes, size);
}

/* ---- the statement for FreeRADIUS's decoder ---- */

/*
 * That decoder checks no length, does not mask a TLV's M and R bits, and takes any Vendor-Specific
 * TLV behind the system's id for the system's pairs. So it gets a statement that is built anew from
 * what was read, with nothing but what it makes attributes of, and always in a carrier TLV.
 */
static bool rebuild(struct judgement *j, const struct soh_packet *request)
{
    struct soh_system system = request->system;
    struct soh_attribute attribute;
    struct soh_entry entry;
    struct soh_builder b;
    size_t entries = 0, attributes;

    system.present &= SOH_HAS_MACHINE | SOH_HAS_MACHINE_NAME | SOH_HAS_MACHINE_EX;
    system.present |= SOH_HAS_CORRELATION_ID;
    system.correlation_id = request->correlation_id;
    soh_builder_init(&b, j->decoder + SOH_CARRIER_SIZE, SOH_MAX_PACKET_SIZE);
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
    if (soh_build_end(&b) != SOH_BUILD_OK || !soh_carrier_write(j->decoder, SOH_REQUEST, b.size))
        return false;
    j->decoder_size = SOH_CARRIER_SIZE + b.size;
    return true;
}

/* ---- the whole ---- */

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

static void rejected(struct judgement *j, const char *rule, size_t offset)
{
    complain("a statement of health is rejected: %s, at byte %zu", rule, offset);
    j->code = EXIT_BAD_INPUT;
    j->reply_size = j->decoder_size = 0;
}

void judge(const struct policy *policy, const uint8_t *statement, size_t size, struct judgement *j)
{
    static uint8_t response[POLICY_MAX_ANSWER_SIZE];
    struct answer a = {.j = j};
    struct policy_result result;
    struct soh_packet request;
    struct soh_span packet;

    j->reply_size = j->decoder_size = 0;
    if (!size)
    {
        rejected(j, "there is none", 0);
        return;
    }
    switch (policy_answer(policy, NULL, statement, size, filetime_now(), response, &result))
    {
    case POLICY_OK:
        break;
    case POLICY_BAD_REQUEST:
        rejected(j, result.error.rule, result.error.offset);
        return;
    default:
        rejected(j, "the response is larger than a packet", result.size);
        return;
    }
    soh_carrier_strip(statement, size, &packet);
    soh_parse(packet.data, packet.size, &request, NULL);
    reply(&a, policy, response, result.size);
    if (a.full || !rebuild(j, &request))
    {
        rejected(j,
                "the answer does not fit into an Access-Accept; name fewer fix-up servers in the policy",
                j->reply_size);
        return;
    }
    j->code = result.compliant ? EXIT_COMPLIANT : EXIT_NOT_COMPLIANT;
    if (!result.compliant)
        log_not_compliant(policy, &result, &request);
}
