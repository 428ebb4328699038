/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judges a request by a policy and writes the response.
 */

#include <string.h>

#include "libs/policy/health.h"
#include "libs/policy/vendor.h"

#define S_OK_CODE 0u
#define E_FAIL_CODE 0x80004005u
#define E_ABORT_CODE 0x80004004u
#define NAP_E_MISSING_SOH 0x80270002u
#define FAILURE_CATEGORY_NONE 0
#define FAILURE_CATEGORY_SERVER_COMMUNICATION 5
#define STATE_NOT_RESTRICTED 1

/* The finding about one agent, and the failure category for its part of the response. */
struct judgement
{
    enum policy_finding finding;
    uint8_t failure_category;
    bool has_health; /* this is the answer to Windows' own health agent: */
    struct wsh_sohr health;
};

const char *policy_finding_text(enum policy_finding finding)
{
    switch (finding)
    {
    case POLICY_COMPLIANT:
        return "compliant";
    case POLICY_EXCUSED:
        return "failure category accepted";
    case POLICY_NOT_REPORTING:
        return "did not report, and need not";
    case POLICY_MISSING:
        return "did not report";
    case POLICY_BAD_CATEGORY:
        return "failure category not accepted";
    case POLICY_NO_CODES:
        return "no compliance result code";
    case POLICY_BAD_CODE:
        return "compliance result code not accepted";
    case POLICY_NO_VERSION:
        return "no software version";
    case POLICY_BAD_VERSION:
        return "software version not accepted";
    case POLICY_NO_VENDOR_DATA:
        return "no vendor-specific data of the vendor";
    case POLICY_BAD_VENDOR_DATA:
        return "vendor-specific data not accepted";
    case POLICY_BAD_STATEMENT:
        return "malformed statement of Windows' own health agent";
    case POLICY_BAD_HEALTH:
        return "security health not accepted";
    case POLICY_NOT_CONTENT:
        return "not compliant";
    case POLICY_UNAVAILABLE:
        return "not available, which counts as not compliant";
    case POLICY_UNAVAILABLE_EXCUSED:
        return "not available, which counts as compliant";
    }
    return "unknown";
}

static bool is_compliant(enum policy_finding finding)
{
    return finding == POLICY_COMPLIANT || finding == POLICY_EXCUSED
           || finding == POLICY_NOT_REPORTING || finding == POLICY_UNAVAILABLE_EXCUSED;
}

static bool accepts_code(const struct policy_agent *agent, uint32_t code)
{
    size_t i;

    for (i = 0; i < agent->code_count; ++i)
        if (agent->codes[i] == code)
            return true;
    return false;
}

/* Is the version, without a NUL at its end, accepted? */
static bool accepts_version(const struct policy_agent *agent, const struct soh_attribute *a)
{
    const char *text = (const char *)a->value;
    size_t size = a->size, i, length;
    int order;

    if (size && !text[size - 1])
        --size;
    for (i = 0; i < agent->version_count; ++i)
    {
        const struct policy_version *version = &agent->versions[i];

        length = strlen(version->text);
        switch (version->match)
        {
        case POLICY_VERSION_IS:
            if (size == length && !memcmp(text, version->text, size))
                return true;
            break;
        case POLICY_VERSION_STARTS_WITH:
            if (size >= length && !memcmp(text, version->text, length))
                return true;
            break;
        case POLICY_VERSION_AT_LEAST:
            if (version_compare(text, size, version->text, length, &order) && order >= 0)
                return true;
            break;
        }
    }
    return false;
}

/* Every code of the entry must be accepted, and there must be one. */
static enum policy_finding judge_codes(
        const struct policy_agent *agent, const struct soh_entry *entry)
{
    enum policy_finding finding = POLICY_NO_CODES;
    struct soh_attribute a;
    size_t position = 0, i;
    uint32_t code;

    while (soh_next_attribute(entry, &position, &a))
    {
        if (a.type != SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES)
            continue;
        for (i = 0; soh_attribute_u32_at(&a, i, &code); ++i)
        {
            if (!accepts_code(agent, code))
                return POLICY_BAD_CODE;
            finding = POLICY_COMPLIANT;
        }
    }
    return finding;
}

/* Likewise for software versions. */
static enum policy_finding judge_versions(
        const struct policy_agent *agent, const struct soh_entry *entry)
{
    enum policy_finding finding = POLICY_NO_VERSION;
    struct soh_attribute a;
    size_t position = 0;

    while (soh_next_attribute(entry, &position, &a))
    {
        if (a.type != SOH_ATTRIBUTE_SOFTWARE_VERSION)
            continue;
        if (!accepts_version(agent, &a))
            return POLICY_BAD_VERSION;
        finding = POLICY_COMPLIANT;
    }
    return finding;
}

/* Did the agent make this entry because the health agent had none? */
static bool is_system_generated(const struct soh_packet *request, uint32_t id)
{
    uint32_t generated;
    size_t i;

    for (i = 0; soh_ids_get(request->system.generated_ids, i, &generated); ++i)
        if (generated == id)
            return true;
    return false;
}

/* Sets *category to one that is not accepted or, if there is none, to one that is a failure. */
static enum policy_finding judge_categories(
        const struct policy_agent *agent, const struct soh_entry *entry, uint8_t *category)
{
    enum policy_finding finding = POLICY_COMPLIANT;
    struct soh_attribute a;
    size_t position = 0;
    uint8_t value;

    while (soh_next_attribute(entry, &position, &a))
    {
        if (a.type != SOH_ATTRIBUTE_FAILURE_CATEGORY || !soh_attribute_u8(&a, &value))
            continue;
        if (value > 7 || !(agent->failure_categories & 1u << value))
        {
            *category = value;
            return POLICY_BAD_CATEGORY;
        }
        if (value != FAILURE_CATEGORY_NONE)
        {
            *category = value;
            finding = POLICY_EXCUSED;
        }
    }
    return finding;
}

/* What the server says about this validator, or NULL. */
static const struct policy_verdict *find_verdict(
        const struct policy_verdicts *verdicts, uint32_t id)
{
    size_t i;

    for (i = 0; verdicts && i < verdicts->count; ++i)
        if (verdicts->verdicts[i].id == id)
            return &verdicts->verdicts[i];
    return NULL;
}

/* A validator that was withdrawn while it was asked has not judged, as one that nobody asked. */
static bool is_judged(const struct policy_verdict *verdict)
{
    return verdict && verdict->result != E_ABORT_CODE;
}

static struct judgement judge_by_validator(
        const struct policy_agent *agent, const struct policy_verdict *verdict)
{
    struct judgement j = {.finding = POLICY_COMPLIANT, .failure_category = FAILURE_CATEGORY_NONE};
    bool compliant;

    if (!is_judged(verdict))
    {
        j.finding =
                agent->unavailable_is_compliant ? POLICY_UNAVAILABLE_EXCUSED : POLICY_UNAVAILABLE;
        j.failure_category = FAILURE_CATEGORY_SERVER_COMMUNICATION;
        return j;
    }
    j.failure_category = verdict->failure_category;
    compliant = verdict->compliant;
    if (verdict->failure_category && agent->failure_categories)
        compliant = verdict->failure_category <= 7
                    && agent->failure_categories & 1u << verdict->failure_category;
    if (verdict->failure_category)
        j.finding = compliant ? POLICY_EXCUSED : POLICY_BAD_CATEGORY;
    else if (!compliant)
        j.finding = POLICY_NOT_CONTENT;
    return j;
}

static struct judgement judge(const struct policy_agent *agent, const struct soh_packet *request)
{
    struct judgement j = {.finding = POLICY_COMPLIANT, .failure_category = FAILURE_CATEGORY_NONE};
    struct soh_entry entry;

    if (!soh_find_entry(request, agent->id, &entry))
    {
        j.finding = agent->optional ? POLICY_NOT_REPORTING : POLICY_MISSING;
        return j;
    }
    j.finding = judge_categories(agent, &entry, &j.failure_category);
    if (j.finding != POLICY_COMPLIANT)
        return j; /* a failed agent could not report anything else */
    if (is_system_generated(request, agent->id))
        j.finding = POLICY_MISSING;
    if (j.finding == POLICY_COMPLIANT && agent->code_count)
        j.finding = judge_codes(agent, &entry);
    if (j.finding == POLICY_COMPLIANT && agent->version_count)
        j.finding = judge_versions(agent, &entry);
    if (j.finding == POLICY_COMPLIANT)
        j.finding = vendor_rules_judge(agent, &entry);
    if (j.finding == POLICY_COMPLIANT && agent->health.required)
    {
        j.finding = health_rules_judge(agent, &entry, &j.health);
        j.has_health = true;
    }
    return j;
}

/* Is the finding about a failure category? */
static bool is_failure(enum policy_finding finding)
{
    return finding == POLICY_EXCUSED || finding == POLICY_BAD_CATEGORY
           || finding == POLICY_UNAVAILABLE || finding == POLICY_UNAVAILABLE_EXCUSED;
}

/* The agent's own fix-up servers or, if it has none, the policy's. */
static const struct policy_servers *servers_of(
        const struct policy *policy, const struct policy_agent *agent)
{
    return agent->servers.ipv4_count || agent->servers.ipv6_count ? &agent->servers
                                                                  : &policy->servers;
}

/* The answer of [MS-WSH]'s validator, and fix-up servers behind it. */
static void build_health(
        struct soh_builder *b, const struct policy_servers *servers, const struct judgement *j)
{
    health_answer_build(b, &j->health);
    if (is_compliant(j->finding))
        return;
    if (servers->ipv4_count)
        soh_build_attribute(b, SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS, servers->ipv4,
                servers->ipv4_count * sizeof *servers->ipv4);
    if (servers->ipv6_count)
        soh_build_attribute(b, SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS, servers->ipv6,
                servers->ipv6_count * sizeof *servers->ipv6);
}

/* The entry for one agent: a result code or, for a failure, its category (page of
 * INapSystemHealthValidator::Validate), and the fix-up servers. */
static void build_result(struct soh_builder *b, const struct policy *policy,
        const struct policy_agent *agent, const struct judgement *j)
{
    const struct policy_servers *servers = servers_of(policy, agent);
    struct soh_result result = {.id = agent->id};
    uint32_t code = S_OK_CODE;

    if (j->finding == POLICY_NOT_REPORTING)
        return;
    if (j->has_health)
    {
        build_health(b, servers, j);
        return;
    }
    if (is_failure(j->finding))
    {
        result.has_failure_category = true;
        result.failure_category = j->failure_category;
    }
    else
    {
        if (j->finding == POLICY_MISSING)
            code = NAP_E_MISSING_SOH;
        else if (j->finding == POLICY_NOT_CONTENT)
            code = E_FAIL_CODE;
        else if (j->finding != POLICY_COMPLIANT)
            code = agent->result;
        result.codes = &code;
        result.code_count = 1;
    }
    if (!is_compliant(j->finding))
    {
        result.ipv4 = servers->ipv4;
        result.ipv4_count = servers->ipv4_count;
        result.ipv6 = servers->ipv6;
        result.ipv6_count = servers->ipv6_count;
    }
    soh_build_result_entry(b, &result);
}

/* The entry that the validator made, as it made it; false: there is none. The response has one of
 * the server's for a validator that failed. */
static bool build_validators_entry(struct soh_builder *b, const struct policy_agent *agent,
        const struct policy_verdicts *verdicts)
{
    const struct policy_verdict *verdict = find_verdict(verdicts, agent->id);
    struct soh_entry entry;

    if (!agent->validator || !verdict || verdict->result != S_OK_CODE
            || !soh_find_entry(&verdicts->response, agent->id, &entry))
        return false;
    soh_build_soh_bytes(b, entry.attributes);
    return true;
}

/* The system's part, with a mode sub-header if the request has one. */
static void build_begin(struct soh_builder *b, const struct policy *policy,
        const struct soh_packet *request, bool compliant, uint64_t now)
{
    struct soh_mode mode = {request->correlation_id, SOH_INTENT_RESPONSE};
    struct soh_system system = {
            .present = SOH_HAS_CORRELATION_ID | SOH_HAS_QUARANTINE,
            .correlation_id = request->correlation_id,
            .quarantine = {.isolation_state = STATE_NOT_RESTRICTED,
                    .probation_end = SOH_NO_PROBATION},
    };
    struct soh_quarantine *quarantine = &system.quarantine;

    if (!compliant)
    {
        quarantine->isolation_state = policy->isolation_state;
        quarantine->fixup = policy->fixup;
        quarantine->extended_state = policy->extended_state;
        if (policy->probation)
            quarantine->probation_end = now < SOH_NO_PROBATION - policy->probation
                                                ? now + policy->probation
                                                : SOH_NO_PROBATION - 1;
        quarantine->url.data = (const uint8_t *)policy->url;
        quarantine->url.size = strlen(policy->url);
    }
    soh_build_begin(b, SOH_RESPONSE, request->has_mode ? &mode : NULL, &system);
}

/* The response. If the validators' own entries and the rest do not fit, also in a carrier TLV,
 * all of them become result codes. */
static void build_response(struct soh_builder *b, const struct policy *policy,
        const struct policy_verdicts *verdicts, const struct soh_packet *request,
        const struct judgement *judgements, bool compliant, uint64_t now)
{
    struct soh_builder empty = *b;
    size_t i;

    build_begin(b, policy, request, compliant, now);
    for (i = 0; i < policy->agent_count; ++i)
        if (!build_validators_entry(b, &policy->agents[i], verdicts))
            build_result(b, policy, &policy->agents[i], &judgements[i]);
    if (verdicts && b->size > SOH_MAX_PACKET_SIZE - SOH_CARRIER_SIZE)
    {
        *b = empty;
        build_response(b, policy, NULL, request, judgements, compliant, now);
    }
}

bool policy_has_validators(const struct policy *policy)
{
    size_t i;

    for (i = 0; i < policy->agent_count; ++i)
        if (policy->agents[i].validator)
            return true;
    return false;
}

enum policy_status policy_evaluate(const struct policy *policy,
        const struct policy_verdicts *verdicts, const uint8_t *request, size_t request_size,
        uint64_t now, uint8_t *response, size_t limit, struct policy_result *result)
{
    struct judgement judgements[POLICY_MAX_AGENTS];
    const struct policy_agent *agent;
    struct soh_packet packet;
    struct soh_builder b;
    size_t i;

    memset(result, 0, sizeof *result);
    if (!soh_parse(request, request_size, &packet, &result->error))
        return POLICY_BAD_REQUEST;
    if (packet.kind != SOH_REQUEST)
    {
        result->error.rule = "a policy judges requests, and this is a response";
        return POLICY_BAD_REQUEST;
    }
    result->compliant = true;
    result->finding_count = policy->agent_count;
    for (i = 0; i < policy->agent_count; ++i)
    {
        agent = &policy->agents[i];
        judgements[i] = agent->validator
                                ? judge_by_validator(agent, find_verdict(verdicts, agent->id))
                                : judge(agent, &packet);
        result->findings[i] = judgements[i].finding;
        if (judgements[i].has_health)
            result->health = judgements[i].health;
        if (!is_compliant(judgements[i].finding))
            result->compliant = false;
    }
    soh_builder_init(&b, response, limit);
    build_response(&b, policy, verdicts, &packet, judgements, result->compliant, now);
    /* All that the policy's parser accepts can be built, if the limit is large enough. */
    result->size = b.size;
    return soh_build_end(&b) == SOH_BUILD_OK ? POLICY_OK : POLICY_TOO_SMALL;
}
