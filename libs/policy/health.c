/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What Windows' own health agent must report, and what the validator answers: [MS-WSH] 3.3.1 and
 * 3.3.5.2. docs/policy-format.md says where we do not follow the letter, and why.
 */

#include "libs/policy/health.h"

#include <stdio.h>
#include <string.h>

#define BIT(health_class) (1u << (health_class))
/* 3.3.1, 3.3.3: MaxDurationSinceLastSync */
#define MAX_AGE 259200u
#define DEFAULT_AGE 79200u

/* ---- reading ---- */

/* up-to-date, or nothing */
static const char *read_scanner(struct policy_health *health, enum wsh_class health_class,
        const struct word *values, size_t count)
{
    if (count > 1 || (count && !word_is(&values[0], "up-to-date")))
        return "antivirus and antispyware take up-to-date or nothing; write a line like windows-security-health antivirus up-to-date";
    if (count)
        health->up_to_date |= BIT(health_class);
    return NULL;
}

static const char *read_automatic(
        struct policy_health *health, const struct word *values, size_t count)
{
    static const struct choice choices[] = {
            {"downloads", WSH_AU_DOWNLOADS}, {"installs", WSH_AU_INSTALLS}};

    health->automatic_updates = WSH_AU_CHECKS;
    if (count > 1
            || (count
                    && !word_choose(&values[0], choices, sizeof choices / sizeof *choices,
                            &health->automatic_updates)))
        return "automatic-updates takes downloads, installs or nothing; write one of these after it";
    return NULL;
}

/* SEVERITY [LENGTH] [SOURCE...]. Microsoft Update is always accepted, as in 3.3.1. */
static const char *read_security(
        struct policy_health *health, const struct word *values, size_t count)
{
    static const struct choice severities[] = {{"unspecified", WSH_SEVERITY_UNSPECIFIED},
            {"low", WSH_SEVERITY_LOW}, {"moderate", WSH_SEVERITY_MODERATE},
            {"important", WSH_SEVERITY_IMPORTANT}, {"critical", WSH_SEVERITY_CRITICAL}};
    static const struct choice sources[] = {{"windows-update", WSH_SOURCE_WINDOWS_UPDATE},
            {"wsus", WSH_SOURCE_WSUS}, {"microsoft-update", WSH_SOURCE_MICROSOFT_UPDATE}};
    uint64_t intervals;
    uint32_t source;
    size_t i = 1;

    if (!count
            || !word_choose(&values[0], severities, sizeof severities / sizeof *severities,
                    &health->severity))
        return "security-updates takes the least severity that must be installed: unspecified, low, moderate, important or critical; write one of these after it";
    health->max_age = DEFAULT_AGE;
    if (i < count && word_duration(&values[i], &intervals))
    {
        if (intervals > MAX_AGE * INTERVALS_PER_SECOND)
            return "the last scan for updates may be at most 72h ago; write 72h or less";
        health->max_age = (uint32_t)(intervals / INTERVALS_PER_SECOND);
        ++i;
    }
    health->sources = i < count ? 0 : WSH_SOURCE_WINDOWS_UPDATE;
    for (; i < count; ++i)
    {
        if (!word_choose(&values[i], sources, sizeof sources / sizeof *sources, &source))
            return "after the severity come the age of the last scan, like 22h, and the sources windows-update, wsus and microsoft-update; write some of these";
        health->sources |= source;
    }
    return NULL;
}

const char *health_rule_read(struct policy_agent *agent, const struct word *values, size_t count)
{
    static const struct choice classes[] = {{"firewall", WSH_FIREWALL},
            {"antivirus", WSH_ANTIVIRUS}, {"antispyware", WSH_ANTISPYWARE},
            {"automatic-updates", WSH_AUTOMATIC_UPDATES},
            {"security-updates", WSH_SECURITY_UPDATES}};
    struct policy_health *health = &agent->health;
    uint32_t health_class;

    if (agent->id != WSH_ID)
        return "windows-security-health is about the agent 79744; move this line into its section";
    if (!count
            || !word_choose(&values[0], classes, sizeof classes / sizeof *classes, &health_class))
        return "windows-security-health takes firewall, antivirus, antispyware, automatic-updates or security-updates; write one of these after it";
    if (health->required & BIT(health_class))
        return "a health class comes once; remove one of the lines";
    health->required |= BIT(health_class);
    switch (health_class)
    {
    case WSH_ANTIVIRUS:
    case WSH_ANTISPYWARE:
        return read_scanner(health, health_class, values + 1, count - 1);
    case WSH_AUTOMATIC_UPDATES:
        return read_automatic(health, values + 1, count - 1);
    case WSH_SECURITY_UPDATES:
        return read_security(health, values + 1, count - 1);
    default:
        return count == 1 ? NULL : "firewall stands alone; remove what follows it";
    }
}

/* ---- judging ---- */

/* Which product of two decides: 2.2.9.6. The larger the better. */
static unsigned int precedence(uint32_t status)
{
    switch (status & WSH_PRODUCT_BITS)
    {
    case 0x7:
        return 6;
    case 0x3:
        return 5;
    case 0x4:
    case 0x5:
    case 0x6:
    case 0xd:
    case 0xf:
        return 4;
    case 0x1:
        return 3;
    case 0x2:
    case 0xb:
        return 2;
    }
    return 1;
}

/* The codes for one product. */
static void judge_product(
        enum wsh_class health_class, uint32_t status, bool up_to_date, uint32_t codes[2])
{
    bool is_microsoft = status & WSH_MICROSOFT;

    codes[0] = codes[1] = 0;
    if (!(status & WSH_ENABLED))
        codes[0] = is_microsoft ? E_MSSHV_PRODUCT_NOT_ENABLED
                                : E_MSSHV_THIRD_PARTY_PRODUCT_NOT_ENABLED;
    if (health_class != WSH_FIREWALL && up_to_date && !(status & WSH_UP_TO_DATE))
        codes[1] = is_microsoft ? E_MSSHV_PRODUCT_NOT_UPTODATE
                                : E_MSSHV_THIRD_PARTY_PRODUCT_NOT_UPTODATE;
}

/* One product that is compliant is enough; if none is, the best one's codes are the answer. */
static void judge_products(const struct policy_health *health, enum wsh_class health_class,
        const struct wsh_products *class, struct wsh_verdict *verdict)
{
    bool up_to_date = health->up_to_date & BIT(health_class);
    unsigned int best = 0, rank;
    uint32_t codes[2];
    size_t i;

    if (!class->count)
    {
        verdict->codes[0] = class->error;
        verdict->client_component = true;
    }
    for (i = 0; i < class->count; ++i)
    {
        judge_product(health_class, class->products[i].status, up_to_date, codes);
        rank = !codes[0] && !codes[1] ? UINT32_MAX : precedence(class->products[i].status);
        if (rank <= best)
            continue;
        best = rank;
        memcpy(verdict->codes, codes, sizeof codes);
    }
}

/* What is unknown is not compliant. */
static void judge_automatic(
        const struct policy_health *health, uint32_t status, struct wsh_verdict *verdict)
{
    uint32_t state = status & WSH_AU_BITS;

    if (wsh_is_error(status))
    {
        verdict->codes[0] = status;
        verdict->client_component = true;
    }
    else if (state < health->automatic_updates || state > WSH_AU_INSTALLS)
        verdict->codes[0] = E_MSSHV_PRODUCT_NOT_ENABLED;
}

/* S_OK, or what is wrong with the source of updates. */
static uint32_t judge_sources(const struct policy_health *health, const struct wsh_soh *soh)
{
    bool allows_wu = health->sources & WSH_SOURCE_WINDOWS_UPDATE;
    bool allows_wsus = health->sources & WSH_SOURCE_WSUS;

    /* <15>: such a client does not report its sources. */
    if (soh->version == WSH_VERSION_VISTA && soh->security_updates == S_MSSHA_NO_MISSING_UPDATES)
        return 0;
    if (soh->updates & WSH_SOURCE_WSUS && !allows_wsus)
        return allows_wu ? E_MSSHAV_BAD_UPDATE_SOURCE_WUMU : E_MSSHAV_BAD_UPDATE_SOURCE_MU;
    if (soh->updates & WSH_SOURCE_WINDOWS_UPDATE && !allows_wu)
        return allows_wsus ? E_MSSHAV_BAD_UPDATE_SOURCE_MUWSUS : E_MSSHAV_BAD_UPDATE_SOURCE_MU;
    return soh->updates & WSH_SOURCE_BITS ? 0 : E_MSSHAV_NO_UPDATE_SOURCE;
}

static void judge_security(
        const struct policy_health *health, const struct wsh_soh *soh, struct wsh_verdict *verdict)
{
    uint32_t severity;

    if (soh->security_updates != S_MSSHA_NO_MISSING_UPDATES
            && soh->security_updates != S_MSSHA_MISSING_UPDATES)
    {
        verdict->codes[0] = wsh_is_error(soh->security_updates) ? soh->security_updates
                                                                : E_MSSHV_WUS_SHC_FAILURE;
        return;
    }
    if ((verdict->codes[0] = judge_sources(health, soh)))
        return;
    severity = soh->updates & WSH_SEVERITY_BITS;
    /* Missing updates without a severity may be of any. */
    if (soh->since_scan <= health->max_age
            && (soh->security_updates == S_MSSHA_NO_MISSING_UPDATES
                    || (severity >= WSH_SEVERITY_UNSPECIFIED && severity < health->severity)))
        return;
    verdict->codes[0] = E_MSSHV_SYNC_AND_INSTALL_UPDATES;
    verdict->codes[1] = health->severity;
}

/* 3.3.5.1: the validator could not read the statement. */
static void answer_malformed(const struct policy_health *health, struct wsh_sohr *answer)
{
    size_t i;

    for (i = 0; i < WSH_CLASSES; ++i)
        if (health->required & BIT(i) || i == WSH_SECURITY_UPDATES)
            answer->classes[i].codes[0] = E_MSSHV_WUS_SHC_FAILURE;
}

static bool is_content(const struct wsh_sohr *answer)
{
    size_t i;

    for (i = 0; i < WSH_CLASSES; ++i)
        if (answer->classes[i].codes[0] || answer->classes[i].codes[1])
            return false;
    return true;
}

enum policy_finding health_rules_judge(
        const struct policy_agent *agent, const struct soh_entry *entry, struct wsh_sohr *answer)
{
    const struct policy_health *health = &agent->health;
    struct wsh_soh soh;
    size_t i;

    memset(answer, 0, sizeof *answer);
    answer->has_antispyware = true;
    for (i = 0; i < WSH_CLASSES; ++i)
        answer->classes[i].count = i == WSH_FIREWALL || i == WSH_AUTOMATIC_UPDATES ? 1 : 2;
    if (!wsh_soh_read(entry, &soh, NULL))
    {
        answer_malformed(health, answer);
        return POLICY_BAD_STATEMENT;
    }
    answer->has_antispyware = soh.version != WSH_VERSION_XP;
    for (i = 0; i < WSH_PRODUCT_CLASSES; ++i)
        if (health->required & BIT(i) && (i != WSH_ANTISPYWARE || answer->has_antispyware))
            judge_products(health, (enum wsh_class)i, &soh.classes[i], &answer->classes[i]);
    if (health->required & BIT(WSH_AUTOMATIC_UPDATES))
        judge_automatic(health, soh.automatic_updates, &answer->classes[WSH_AUTOMATIC_UPDATES]);
    if (health->required & BIT(WSH_SECURITY_UPDATES))
        judge_security(health, &soh, &answer->classes[WSH_SECURITY_UPDATES]);
    return is_content(answer) ? POLICY_COMPLIANT : POLICY_BAD_HEALTH;
}

/* ---- answering ---- */

void health_answer_build(struct soh_builder *b, const struct wsh_sohr *answer)
{
    uint8_t buffer[WSH_MAX_SOHR_SIZE];
    struct soh_entry entry = {0};
    struct soh_attribute attribute;
    size_t position = 0;

    /* Every answer of health_rules_judge() can be written. */
    wsh_sohr_write(answer, buffer, sizeof buffer, &entry);
    soh_next_attribute(&entry, &position, &attribute);
    soh_build_entry(b, WSH_ID);
    while (soh_next_attribute(&entry, &position, &attribute))
        soh_build_attribute(b, attribute.type, attribute.value, attribute.size);
}

void health_answer_explain(const struct wsh_sohr *answer, char *text, size_t size)
{
    const struct wsh_verdict *verdict;
    size_t length = 0, i;
    const char *why;
    uint32_t code;

    *text = 0;
    for (i = 0; i < WSH_CLASSES && length < size; ++i)
    {
        verdict = &answer->classes[i];
        code = verdict->codes[0] || i == WSH_SECURITY_UPDATES ? verdict->codes[0]
                                                              : verdict->codes[1];
        if (!code)
            continue;
        why = wsh_code_text(code);
        length += (size_t)snprintf(text + length, size - length, "%s%s: %s", length ? "; " : "",
                wsh_class_name((uint8_t)i), why ? why : "unknown");
    }
}
