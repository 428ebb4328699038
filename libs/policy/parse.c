/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads a policy, line by line: each is a keyword and its values. "agent", "validator" and
 * "noncompliant" open a section; the other keywords belong to the section they are in.
 */

#include <stdio.h>
#include <string.h>

#include "libs/policy/health.h"
#include "libs/policy/text.h"
#include "libs/policy/vendor.h"

#define E_FAIL_CODE 0x80004005u
#define ACCEPT_NO_FAILURE 1u /* 1 << failureCategoryNone */

struct parser
{
    struct policy *policy;
    struct policy_agent *agent; /* of the current section, or NULL */
    unsigned int section;       /* the current one: TOP until there is one */
    bool has_version, has_noncompliant, has_state;
    unsigned int line;       /* the current one */
    unsigned int state_line; /* the line of the state */
    uint32_t seen;           /* keywords of this section, as bits */
};

/* Takes a line's values; returns NULL or the broken rule. */
typedef const char *(*keyword_fn)(struct parser *p, const struct word *values, size_t count);

/* ---- both sections ---- */

static const char *read_fixup_server(struct parser *p, const struct word *values, size_t count)
{
    struct policy_servers *servers = p->agent ? &p->agent->servers : &p->policy->servers;
    uint8_t ipv4[4], ipv6[16];
    size_t i;

    if (!count)
        return "fixup-server takes addresses; write one or more IPv4 or IPv6 addresses after it";
    for (i = 0; i < count; ++i)
    {
        if (word_ipv4(&values[i], ipv4))
        {
            if (servers->ipv4_count == POLICY_MAX_SERVERS)
                return "a section has at most 16 IPv4 fix-up servers; remove some";
            memcpy(servers->ipv4[servers->ipv4_count++], ipv4, sizeof ipv4);
        }
        else if (word_ipv6(&values[i], ipv6))
        {
            if (servers->ipv6_count == POLICY_MAX_SERVERS)
                return "a section has at most 16 IPv6 fix-up servers; remove some";
            memcpy(servers->ipv6[servers->ipv6_count++], ipv6, sizeof ipv6);
        }
        else
            return "a fix-up server is an IPv4 or IPv6 address; write one like 192.0.2.10 or 2001:db8::10";
    }
    return NULL;
}

/* ---- an agent's section ---- */

static const char *read_codes(struct parser *p, const struct word *values, size_t count)
{
    size_t i;

    if (!count)
        return "codes takes compliance result codes; write one or more after it, like 0 or 0x00FF0005";
    for (i = 0; i < count; ++i)
    {
        if (p->agent->code_count == POLICY_MAX_CODES)
            return "an agent has at most 64 codes; remove some";
        if (!word_u32(&values[i], &p->agent->codes[p->agent->code_count]))
            return "a code is a number of 32 bits, decimal or 0x and hexadecimal; write one like 7 or 0x00FF0005";
        ++p->agent->code_count;
    }
    return NULL;
}

static const char *read_failure_category(struct parser *p, const struct word *values, size_t count)
{
    static const struct choice categories[] = {
            {"none", 0},
            {"other", 1},
            {"client-component", 2},
            {"client-communication", 3},
            {"server-component", 4},
            {"server-communication", 5},
    };
    uint32_t category;
    size_t i;

    if (!count)
        return "failure-category takes categories; write one or more after it, like none or other";
    p->agent->failure_categories = 0;
    for (i = 0; i < count; ++i)
    {
        if (!word_choose(&values[i], categories, sizeof categories / sizeof *categories, &category))
            return "a failure category is none, other, client-component, client-communication, "
                   "server-component or server-communication; write one or more of these";
        p->agent->failure_categories |= (uint8_t)(1u << category);
    }
    return NULL;
}

static const char *read_version(struct policy_version *version, const struct word *value)
{
    struct word word = *value;
    int order;

    if (!word.quoted && word.size >= 2 && !memcmp(word.text, ">=", 2))
    {
        word.text += 2;
        word.size -= 2;
        version->match = POLICY_VERSION_AT_LEAST;
        if (!version_compare(word.text, word.size, "0", 1, &order))
            return "a version after >= is numbers between dots; write one like >=3.10";
    }
    else if (word.size && word.text[word.size - 1] == '*')
    {
        --word.size;
        version->match = POLICY_VERSION_STARTS_WITH;
    }
    else
        version->match = POLICY_VERSION_IS;
    if (!word_copy(&word, version->text, sizeof version->text))
        return "a version has at most 63 characters; write its beginning and a *";
    return NULL;
}

static const char *read_software_version(struct parser *p, const struct word *values, size_t count)
{
    const char *rule;
    size_t i;

    if (!count)
        return "software-version takes versions; write one or more after it, like 1.2 or >=3.10";
    for (i = 0; i < count; ++i)
    {
        if (p->agent->version_count == POLICY_MAX_VERSIONS)
            return "an agent has at most 16 software versions; remove some, or accept several by >= or *";
        if ((rule = read_version(&p->agent->versions[p->agent->version_count], &values[i])))
            return rule;
        ++p->agent->version_count;
    }
    return NULL;
}

static const char *read_vendor_specific(struct parser *p, const struct word *values, size_t count)
{
    const char *rule;

    if (p->agent->vendor_rule_count == POLICY_MAX_VENDOR_RULES)
        return "an agent has at most 8 vendor-specific lines; remove some";
    rule = vendor_rule_read(&p->agent->vendor_rules[p->agent->vendor_rule_count], values, count);
    if (!rule)
        ++p->agent->vendor_rule_count;
    return rule;
}

static const char *read_result(struct parser *p, const struct word *values, size_t count)
{
    if (count != 1 || !word_u32(&values[0], &p->agent->result))
        return "result takes one code: a number of 32 bits, decimal or 0x and hexadecimal; write one like 0x80004005";
    return NULL;
}

static const char *read_windows_security_health(
        struct parser *p, const struct word *values, size_t count)
{
    return health_rule_read(p->agent, values, count);
}

/* ---- a validator's section ---- */

static const char *read_unavailable(struct parser *p, const struct word *values, size_t count)
{
    static const struct choice answers[] = {{"noncompliant", 0}, {"compliant", 1}};
    uint32_t answer;

    if (count != 1 || !word_choose(&values[0], answers, 2, &answer))
        return "unavailable takes noncompliant or compliant; write one of these after it";
    p->agent->unavailable_is_compliant = answer;
    return NULL;
}

/* ---- the noncompliant section ---- */

static const char *read_state(struct parser *p, const struct word *values, size_t count)
{
    static const struct choice states[] = {
            {"not-restricted", 1}, {"probation", 2}, {"restricted", 3}};
    uint32_t state;

    if (count != 1 || !word_choose(&values[0], states, sizeof states / sizeof *states, &state))
        return "state takes one of restricted, probation and not-restricted; write one of these after it";
    p->policy->isolation_state = (uint8_t)state;
    p->has_state = true;
    p->state_line = p->line;
    return NULL;
}

static const char *read_probation(struct parser *p, const struct word *values, size_t count)
{
    if (count != 1 || !word_duration(&values[0], &p->policy->probation))
        return "probation takes a length from 1s to 3650d: a number and s, m, h or d; write one like 8h";
    return NULL;
}

static const char *read_session_timeout(struct parser *p, const struct word *values, size_t count)
{
    uint64_t intervals;

    if (count != 1 || !word_duration(&values[0], &intervals))
        return "session-timeout takes a length from 1s to 3650d: a number and s, m, h or d; write one like 15m";
    p->policy->session_timeout = (uint32_t)(intervals / INTERVALS_PER_SECOND);
    return NULL;
}

static const char *read_fixup(struct parser *p, const struct word *values, size_t count)
{
    static const struct choice answers[] = {{"no", 0}, {"yes", 1}};
    uint32_t answer;

    if (count != 1 || !word_choose(&values[0], answers, 2, &answer))
        return "fixup takes yes or no; write one of these after it";
    p->policy->fixup = answer;
    return NULL;
}

static const char *read_url(struct parser *p, const struct word *values, size_t count)
{
    const char *c;

    if (count != 1 || !values[0].size)
        return "url takes one URL; write it after url, in quotes if it has a #";
    if (!word_copy(&values[0], p->policy->url, sizeof p->policy->url))
        return "a URL has at most 1024 characters; use a shorter one";
    for (c = p->policy->url; *c; ++c)
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f)
            return "a URL has printable ASCII characters only; write the others as % and two digits";
    return NULL;
}

static const char *read_extended_state(struct parser *p, const struct word *values, size_t count)
{
    static const struct choice states[] = {
            {"no-data", 0}, {"transition", 1}, {"infected", 2}, {"unknown", 3}};
    uint32_t state;

    if (count != 1 || !word_choose(&values[0], states, sizeof states / sizeof *states, &state))
        return "extended-state takes one of no-data, transition, infected and unknown; write one of these after it";
    p->policy->extended_state = (uint8_t)state;
    return NULL;
}

/* ---- sections ---- */

static const char *read_policy(struct parser *p, const struct word *values, size_t count)
{
    uint32_t version;

    if (count != 1 || !word_u32(&values[0], &version) || version != 1)
        return "the version of the language is 1; write policy 1";
    p->has_version = true;
    return NULL;
}

enum section
{
    TOP = 0,
    AGENT = 1,
    VALIDATOR = 2,
    NONCOMPLIANT = 4
};

/* Opens the section of an agent or a validator. */
static const char *open_section(struct parser *p, uint32_t id, enum section section)
{
    struct policy_agent *agent;
    size_t i;

    for (i = 0; i < p->policy->agent_count; ++i)
        if (p->policy->agents[i].id == id)
            return p->policy->agents[i].validator == (section == VALIDATOR)
                           ? "an agent or validator has one section; move these lines into it"
                           : "an id belongs to an agent or to a validator; remove one of the two sections";
    if (p->policy->agent_count == POLICY_MAX_AGENTS)
        return "a policy has at most 20 agents and validators; remove some";
    agent = &p->policy->agents[p->policy->agent_count++];
    agent->id = id;
    agent->line = p->line;
    p->agent = agent;
    p->section = section;
    p->seen = 0;
    return NULL;
}

static const char *read_agent(struct parser *p, const struct word *values, size_t count)
{
    const char *rule;
    uint32_t id;

    if (count < 1 || count > 2 || !word_u32(&values[0], &id)
            || (count == 2 && !word_is(&values[1], "optional")))
        return "agent takes a component id, and optional if it need not report; write a line like agent 79744 optional";
    if ((rule = open_section(p, id, AGENT)))
        return rule;
    p->agent->optional = count == 2;
    p->agent->failure_categories = ACCEPT_NO_FAILURE;
    p->agent->result = E_FAIL_CODE;
    return NULL;
}

static const char *read_validator(struct parser *p, const struct word *values, size_t count)
{
    const char *rule;
    uint32_t id;

    if (count != 1 || !word_u32(&values[0], &id))
        return "validator takes the component id of a registered validator; write a line like validator 0x00abcd01";
    if ((rule = open_section(p, id, VALIDATOR)))
        return rule;
    p->agent->validator = true;
    return NULL;
}

static const char *read_noncompliant(struct parser *p, const struct word *values, size_t count)
{
    (void)values;
    if (count)
        return "noncompliant stands alone on its line; move the rest of the line below it";
    p->agent = NULL;
    p->section = NONCOMPLIANT;
    p->has_noncompliant = true;
    p->seen = 0;
    return NULL;
}

struct keyword
{
    const char *word;
    unsigned int sections; /* where it may stand; TOP: anywhere */
    bool repeats;          /* may occur several times in its section */
    keyword_fn read;
};

static const struct keyword keywords[] = {
        {"policy", TOP, false, read_policy},
        {"agent", TOP, true, read_agent},
        {"validator", TOP, true, read_validator},
        {"noncompliant", TOP, false, read_noncompliant},
        {"codes", AGENT, true, read_codes},
        {"failure-category", AGENT | VALIDATOR, false, read_failure_category},
        {"software-version", AGENT, true, read_software_version},
        {"vendor-specific", AGENT, true, read_vendor_specific},
        {"windows-security-health", AGENT, true, read_windows_security_health},
        {"result", AGENT, false, read_result},
        {"unavailable", VALIDATOR, false, read_unavailable},
        {"state", NONCOMPLIANT, false, read_state},
        {"probation", NONCOMPLIANT, false, read_probation},
        {"session-timeout", NONCOMPLIANT, false, read_session_timeout},
        {"fixup", NONCOMPLIANT, false, read_fixup},
        {"url", NONCOMPLIANT, false, read_url},
        {"extended-state", NONCOMPLIANT, false, read_extended_state},
        {"fixup-server", AGENT | VALIDATOR | NONCOMPLIANT, true, read_fixup_server},
};

/* Is the keyword allowed in the current section? */
static const char *check_section(const struct parser *p, const struct keyword *keyword)
{
    if (keyword->sections == TOP || keyword->sections & p->section)
        return NULL;
    switch (keyword->sections)
    {
    case AGENT:
        return "this keyword belongs into an agent's section; move it below a line agent";
    case VALIDATOR:
        return "this keyword belongs into a validator's section; move it below a line validator";
    case AGENT | VALIDATOR:
        return "this keyword belongs into an agent's or a validator's section; move it below a line agent or validator";
    case NONCOMPLIANT:
        return "this keyword belongs into the noncompliant section; move it below the line noncompliant";
    default:
        return "this keyword belongs into a section; move it below a line agent, validator or noncompliant";
    }
}

static const char *read_line(struct parser *p, const struct line *line)
{
    const char *rule;
    uint32_t i;

    for (i = 0; i < sizeof keywords / sizeof *keywords; ++i)
        if (word_is(&line->words[0], keywords[i].word))
            break;
    if (i == sizeof keywords / sizeof *keywords)
        return "a line starts with a keyword of the language; correct the word, or write # before a comment";
    if (!p->has_version && keywords[i].read != read_policy)
        return "a policy starts with its version; write the line policy 1 first";
    if (p->has_version && keywords[i].read == read_policy)
        return "a policy has one version; remove this line";
    if (p->has_noncompliant && keywords[i].read == read_noncompliant)
        return "a policy has one noncompliant section; move these lines into it";
    if ((rule = check_section(p, &keywords[i])))
        return rule;
    if (!keywords[i].repeats && p->seen & 1u << i)
        return "this keyword comes once in its section; remove one of the lines";
    if ((rule = keywords[i].read(p, line->words + 1, line->count - 1)))
        return rule;
    p->seen |= 1u << i;
    return NULL;
}

/* Checks that need the whole policy. */
static const char *check_whole(struct parser *p)
{
    if (!p->has_version)
        return "a policy starts with its version; write the line policy 1 first";
    if (!p->policy->agent_count)
        return "a policy has at least one agent or validator; add a line like agent 79744";
    if (!p->has_noncompliant)
        return "a policy has a noncompliant section; add the line noncompliant, and state restricted below it";
    if (!p->has_state)
        return "the noncompliant section has a state; add a line like state restricted";
    p->line = p->state_line;
    if ((p->policy->isolation_state == 2) != (p->policy->probation != 0))
        return "the state probation and a length go together; add a line like probation 8h for that state, remove it for others";
    if (p->policy->session_timeout && p->policy->isolation_state != 3)
        return "session-timeout is for the state restricted; remove it for others";
    return NULL;
}

/* The next line of text without its line end; false after the last. */
static bool next_line(const char *text, size_t size, size_t *at, const char **start, size_t *length)
{
    const char *end;

    if (*at >= size)
        return false;
    *start = text + *at;
    end = memchr(*start, '\n', size - *at);
    *length = end ? (size_t)(end - *start) : size - *at;
    *at += *length + 1;
    if (*length && (*start)[*length - 1] == '\r')
        --*length;
    return true;
}

bool policy_parse(const char *text, size_t size, struct policy *policy, struct policy_error *error)
{
    struct parser p = {0};
    struct line line;
    const char *start, *rule = NULL;
    size_t at = 0, length;

    memset(policy, 0, sizeof *policy);
    p.policy = policy;
    if (size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
        at = 3;
    while (!rule && next_line(text, size, &at, &start, &length))
    {
        ++p.line;
        rule = line_split(start, length, &line);
        if (!rule && line.count)
            rule = read_line(&p, &line);
    }
    if (!rule)
        rule = check_whole(&p);
    if (rule && error)
    {
        error->line = p.line ? p.line : 1;
        error->rule = rule;
    }
    return !rule;
}

void policy_error_format(
        const struct policy_error *error, const char *file, char *text, size_t size)
{
    snprintf(text, size, "%s:%u: %s", file, error->line, error->rule);
}
