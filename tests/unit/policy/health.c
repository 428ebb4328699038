/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * docs/policy-format.md, "The security health of Windows": what is accepted, and what the validator
 * of [MS-WSH] answers.
 */
#include "judgement.h"

#include <stdio.h>

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))
#define ID 79744
#define HEALTH_AGENT "policy 1\nagent 79744\n"
#define LINE "windows-security-health "

/* ---- the statement ---- */

/* Up to two products of a class, or an error. */
struct class
{
    size_t count;
    uint32_t statuses[2]; /* count 0: the first is the error */
};

struct statement
{
    struct class classes[WSH_PRODUCT_CLASSES];
    uint32_t automatic, security, since_scan, updates, version;
};

static const struct statement healthy = {
        {{1, {0x1}}, {1, {0x3}}, {1, {0x3}}},
        0x4,
        0x00ff0005,
        3600,
        0x4000,
        0x00060001,
};

/* Into the entry of the request. */
static void report(struct judgement *j, const struct statement *statement)
{
    static uint8_t name[WSH_MAX_NAME_SIZE], bytes[WSH_MAX_SOH_SIZE];
    struct wsh_soh soh = {.flag = 1,
            .version = statement->version,
            .automatic_updates = WSH_AU_INSTALLS,
            .security_updates = statement->security};
    struct soh_attribute a;
    struct soh_entry entry;
    struct soh_span span;
    size_t position = 0, i, k;
    uint8_t status[4];
    bool is_automatic = false;

    assert_true(wsh_name_make("P", name, &span));
    for (i = 0; i < WSH_PRODUCT_CLASSES; ++i)
    {
        soh.classes[i].count = statement->classes[i].count;
        soh.classes[i].error = soh.classes[i].count ? 0 : statement->classes[i].statuses[0];
        for (k = 0; k < soh.classes[i].count; ++k)
            soh.classes[i].products[k] =
                    (struct wsh_product){span, statement->classes[i].statuses[k]};
    }
    if (!(statement->security & 0x80000000) && statement->security != 0x00ff0008)
    {
        soh.since_scan = statement->since_scan;
        soh.updates = statement->updates;
    }
    assert_int_equal(wsh_soh_write(&soh, bytes, sizeof bytes, &entry), WSH_OK);
    soh_build_entry(&j->builder, ID);
    soh_next_attribute(&entry, &position, &a);
    while (soh_next_attribute(&entry, &position, &a))
    {
        if (is_automatic) /* also what a writer of ours would not write */
        {
            for (k = 0; k < 4; ++k)
                status[k] = (uint8_t)(statement->automatic >> 8 * (3 - k));
            a.value = status;
        }
        is_automatic = a.type == SOH_ATTRIBUTE_HEALTH_CLASS && *a.value == WSH_AUTOMATIC_UPDATES;
        soh_build_attribute(&j->builder, a.type, a.value, a.size);
    }
}

static void begin(struct judgement *j, const char *lines)
{
    char policy[1024];

    snprintf(policy, sizeof policy, HEALTH_AGENT "%s\n" RESTRICTED, lines);
    start(j, policy, false);
}

/* Judges the statement; the response is complete and as the finding says. */
static void judge(struct judgement *j, const char *lines, const struct statement *statement,
        struct wsh_sohr *answer)
{
    struct soh_entry entry;

    begin(j, lines);
    report(j, statement);
    evaluate(j);
    assert_true(soh_find_entry(&j->packet, ID, &entry));
    assert_true(wsh_sohr_read(&entry, answer, NULL));
    assert_int_equal(j->result.compliant, j->result.findings[0] == POLICY_COMPLIANT);
    assert_int_equal(j->packet.system.quarantine.isolation_state, j->result.compliant ? 1 : 3);
}

/* ---- products: 3.3.5.2, 2.2.9.6 ---- */

struct product_row
{
    struct class class;
    bool up_to_date; /* required */
    uint32_t codes[2];
    bool client_component;
};

static const struct product_row scanner_rows[] = {
        /* every status of 2.2.9.3 */
        {{1, {0x7}}, true, {0, 0}, false},
        {{1, {0x3}}, true, {0, 0}, false},
        {{1, {0xf}}, true, {0, 0}, false},
        {{1, {0xb}}, true, {0, 0}, false},
        {{1, {0x4}}, true, {0xc0ff0001, 0xc0ff0004}, false},
        {{1, {0x4}}, false, {0xc0ff0001, 0}, false},
        {{1, {0x5}}, true, {0, 0xc0ff0004}, false},
        {{1, {0x5}}, false, {0, 0}, false},
        {{1, {0xd}}, true, {0, 0xc0ff0004}, false},
        {{1, {0xd}}, false, {0, 0}, false},
        {{1, {0x6}}, true, {0xc0ff0001, 0}, false},
        {{1, {0x0}}, true, {0xc0ff0047, 0xc0ff0048}, false},
        {{1, {0x0}}, false, {0xc0ff0047, 0}, false},
        {{1, {0x1}}, true, {0, 0xc0ff0048}, false},
        {{1, {0x1}}, false, {0, 0}, false},
        {{1, {0x9}}, true, {0, 0xc0ff0048}, false},
        {{1, {0x2}}, true, {0xc0ff0047, 0}, false},
        {{1, {0x2}}, false, {0xc0ff0047, 0}, false},
        /* one product that is compliant is enough */
        {{2, {0x0, 0x3}}, true, {0, 0}, false},
        {{2, {0x7, 0x0}}, true, {0, 0}, false},
        /* two halves are no whole: on but old, and off but up to date */
        {{2, {0x1, 0x2}}, true, {0, 0xc0ff0048}, false},
        {{2, {0x2, 0x1}}, true, {0, 0xc0ff0048}, false},
        {{2, {0x0, 0x4}}, true, {0xc0ff0001, 0xc0ff0004}, false},
        /* errors are answered as they are, with a failure category */
        {{0, {0xc0ff0002}}, true, {0xc0ff0002, 0}, true},
        {{0, {0xc0ff0003}}, true, {0xc0ff0003, 0}, true},
        {{0, {0xc0ff0018}}, true, {0xc0ff0018, 0}, true},
        {{0, {0x00ff0008}}, true, {0x00ff0008, 0}, true},
};

static void check_products(const struct product_row *row, enum wsh_class health_class)
{
    struct statement statement = healthy;
    bool is_single = health_class == WSH_FIREWALL;
    struct wsh_sohr answer;
    struct judgement j;
    char line[64];
    size_t i;

    statement.classes[health_class] = row->class;
    snprintf(line, sizeof line, LINE "%s%s", wsh_class_name((uint8_t)health_class),
            row->up_to_date && !is_single ? " up-to-date" : "");
    judge(&j, line, &statement, &answer);
    for (i = 0; i < (is_single ? 1 : 2); ++i)
        if (answer.classes[health_class].codes[i] != row->codes[i])
            fail_msg("%s, statuses %x and %x: code %u is %x", line,
                    (unsigned int)row->class.statuses[0], (unsigned int)row->class.statuses[1],
                    (unsigned int)i, (unsigned int)answer.classes[health_class].codes[i]);
    assert_int_equal(answer.classes[health_class].client_component, row->client_component);
    assert_int_equal(j.result.findings[0],
            row->codes[0] || (!is_single && row->codes[1]) ? POLICY_BAD_HEALTH : POLICY_COMPLIANT);
}

TEST(antivirus_and_antispyware)
{
    size_t i;

    for (i = 0; i < COUNT_OF(scanner_rows); ++i)
    {
        check_products(&scanner_rows[i], WSH_ANTIVIRUS);
        check_products(&scanner_rows[i], WSH_ANTISPYWARE);
    }
}

TEST(firewalls)
{
    static const struct product_row rows[] = {
            {{1, {0x1}}, false, {0}, false},
            {{1, {0x5}}, false, {0}, false},
            {{1, {0x9}}, false, {0}, false},
            {{1, {0xd}}, false, {0}, false},
            {{1, {0x4}}, false, {0xc0ff0001}, false},
            {{1, {0x0}}, false, {0xc0ff0047}, false},
            {{2, {0x0, 0x1}}, false, {0}, false},
            {{2, {0x0, 0x4}}, false, {0xc0ff0001}, false},
            {{2, {0x4, 0x0}}, false, {0xc0ff0001}, false},
            {{0, {0xc0ff0002}}, false, {0xc0ff0002}, true},
            {{0, {0xc0ff0003}}, false, {0xc0ff0003}, true},
            {{0, {0xc0ff0018}}, false, {0xc0ff0018}, true},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(rows); ++i)
        check_products(&rows[i], WSH_FIREWALL);
}

/* ---- updates ---- */

TEST(automatic_updates)
{
    static const struct
    {
        const char *line;
        uint32_t status, code;
    } rows[] = {
            {"automatic-updates", 0x1, 0xc0ff0001},
            {"automatic-updates", 0x2, 0},
            {"automatic-updates", 0x3, 0},
            {"automatic-updates", 0x4, 0},
            {"automatic-updates", 0x5, 0xc0ff0001},
            {"automatic-updates", 0x101, 0xc0ff0001},
            {"automatic-updates", 0x102, 0},
            {"automatic-updates downloads", 0x2, 0xc0ff0001},
            {"automatic-updates downloads", 0x3, 0},
            {"automatic-updates installs", 0x103, 0xc0ff0001},
            {"automatic-updates installs", 0x104, 0},
            {"automatic-updates", 0xc0ff0003, 0xc0ff0003},
            {"automatic-updates", 0xc0ff0018, 0xc0ff0018},
            {"automatic-updates", 0x00ff0008, 0x00ff0008},
            /* what is unknown is not compliant */
            {"automatic-updates", 0x0, 0xc0ff0001},
            {"automatic-updates", 0x6, 0xc0ff0001},
            {"automatic-updates", 0xc0ff0099, 0xc0ff0099},
    };
    struct wsh_sohr answer;
    struct judgement j;
    char line[64];
    size_t i;

    for (i = 0; i < COUNT_OF(rows); ++i)
    {
        struct statement statement = healthy;

        statement.automatic = rows[i].status;
        snprintf(line, sizeof line, LINE "%s", rows[i].line);
        judge(&j, line, &statement, &answer);
        if (answer.classes[WSH_AUTOMATIC_UPDATES].codes[0] != rows[i].code)
            fail_msg("%s, status %x: %x", line, (unsigned int)rows[i].status,
                    (unsigned int)answer.classes[WSH_AUTOMATIC_UPDATES].codes[0]);
        assert_int_equal(answer.classes[WSH_AUTOMATIC_UPDATES].client_component,
                rows[i].code && rows[i].code != 0xc0ff0001);
        assert_int_equal(j.result.findings[0], rows[i].code ? POLICY_BAD_HEALTH : POLICY_COMPLIANT);
    }
}

#define NONE 0x00ff0005
#define SOME 0x00ff0006
#define VISTA 0x00060000
#define SP1 0x00060001

TEST(security_updates)
{
    static const struct
    {
        const char *line;
        uint32_t version, status, since_scan, updates;
        uint32_t codes[2];
    } rows[] = {
            {"important", SP1, NONE, 0, 0x4000, {0, 0}},
            {"important", SP1, NONE, 79200, 0x4000, {0, 0}}, /* 22h is the default of 3.3.3 */
            {"important", SP1, NONE, 79201, 0x4000, {0xc0ff0007, 0x200}},
            {"important 1h", SP1, NONE, 3601, 0x4000, {0xc0ff0007, 0x200}},
            {"critical 72h", SP1, NONE, 259201, 0x4000, {0xc0ff0007, 0x400}},
            /* severities: 3.3.1 */
            {"important", SP1, SOME, 0, 0x4040, {0, 0}},
            {"important", SP1, SOME, 0, 0x4100, {0, 0}},
            {"important", SP1, SOME, 0, 0x4200, {0xc0ff0007, 0x200}},
            {"important", SP1, SOME, 0, 0x4400, {0xc0ff0007, 0x200}},
            {"critical", SP1, SOME, 0, 0x4200, {0, 0}},
            {"moderate", SP1, SOME, 0, 0x4100, {0xc0ff0007, 0x100}},
            {"low", SP1, SOME, 0, 0x4080, {0xc0ff0007, 0x80}},
            {"low", SP1, SOME, 0, 0x4040, {0, 0}},
            {"unspecified", SP1, SOME, 0, 0x4040, {0xc0ff0007, 0x40}},
            {"important", SP1, NONE, 0, 0x4400, {0, 0}},
            /* missing ones whose severity nobody says */
            {"important", SP1, SOME, 0, 0x4000, {0xc0ff0007, 0x200}},
            {"critical", SP1, SOME, 0, 0x4000, {0xc0ff0007, 0x400}},
            /* sources: 2.2.13 */
            {"important", SP1, NONE, 0, 0x20000, {0, 0}},
            {"important", SP1, NONE, 0, 0x10000, {0xc0ff004f, 0}},
            {"important wsus", SP1, NONE, 0, 0x10000, {0, 0}},
            {"important wsus", SP1, NONE, 0, 0x4000, {0xc0ff0050, 0}},
            {"important microsoft-update", SP1, NONE, 0, 0x4000, {0xc0ff004e, 0}},
            {"important microsoft-update", SP1, NONE, 0, 0x10000, {0xc0ff004e, 0}},
            {"important windows-update wsus", SP1, NONE, 0, 0x14000, {0, 0}},
            {"important", SP1, NONE, 0, 0, {0xc0ff0051, 0}},
            /* <15>: Vista does not report its sources */
            {"important", VISTA, NONE, 0, 0, {0, 0}},
            {"important", VISTA, NONE, 79201, 0, {0xc0ff0007, 0x200}},
            {"important", VISTA, SOME, 0, 0x400, {0xc0ff0051, 0}},
            /* errors are answered as they are */
            {"important", SP1, 0xc0ff000c, 0, 0, {0xc0ff000c, 0}},
            {"important", SP1, 0xc0ff0010, 0, 0, {0xc0ff0010, 0}},
            {"important", SP1, 0x00ff0008, 0, 0, {0x00ff0008, 0}},
    };
    struct wsh_sohr answer;
    struct judgement j;
    char line[96];
    size_t i, k;

    for (i = 0; i < COUNT_OF(rows); ++i)
    {
        struct statement statement = healthy;

        statement.version = rows[i].version;
        statement.security = rows[i].status;
        statement.since_scan = rows[i].since_scan;
        statement.updates = rows[i].updates;
        snprintf(line, sizeof line, LINE "security-updates %s", rows[i].line);
        judge(&j, line, &statement, &answer);
        for (k = 0; k < 2; ++k)
            if (answer.classes[WSH_SECURITY_UPDATES].codes[k] != rows[i].codes[k])
                fail_msg("%s, status %x, %u seconds, flags %x: code %u is %x", line,
                        (unsigned int)rows[i].status, (unsigned int)rows[i].since_scan,
                        (unsigned int)rows[i].updates, (unsigned int)k,
                        (unsigned int)answer.classes[WSH_SECURITY_UPDATES].codes[k]);
        assert_int_equal(j.result.compliant, !rows[i].codes[0]);
    }
}

/* ---- the whole ---- */

static const char all[] = LINE "firewall\n" LINE "antivirus up-to-date\n" LINE
                               "antispyware up-to-date\n" LINE "automatic-updates\n" LINE
                               "security-updates important\nfixup-server 192.0.2.1 2001:db8::1";

TEST(what_is_not_required_is_compliant)
{
    static const struct statement ill = {
            {{0, {0xc0ff0002}}, {0, {0xc0ff0003}}, {1, {0}}}, 1, 0xc0ff000f, 0, 0, SP1};
    struct wsh_sohr answer;
    struct judgement j;
    size_t i;

    judge(&j, LINE "security-updates important", &healthy, &answer);
    assert_true(j.result.compliant);
    judge(&j, LINE "automatic-updates", &ill, &answer);
    assert_int_equal(answer.classes[WSH_AUTOMATIC_UPDATES].codes[0], 0xc0ff0001);
    for (i = 0; i < WSH_CLASSES; ++i)
        if (i != WSH_AUTOMATIC_UPDATES)
            assert_int_equal(answer.classes[i].codes[0], 0);
}

TEST(a_healthy_machine_is_compliant)
{
    struct wsh_sohr answer;
    struct soh_entry entry;
    struct soh_attribute a;
    struct judgement j;

    judge(&j, all, &healthy, &answer);
    assert_true(j.result.compliant);
    assert_true(answer.has_antispyware);
    assert_true(soh_find_entry(&j.packet, ID, &entry));
    assert_false(soh_find_attribute(&entry, SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS, &a));
}

/* The servers stand behind the attributes of [MS-WSH]. */
TEST(a_machine_that_is_not_gets_fixup_servers)
{
    struct statement statement = healthy;
    struct wsh_sohr answer;
    struct soh_entry entry;
    struct soh_attribute a;
    struct judgement j;
    size_t position = 0;

    statement.classes[WSH_FIREWALL].statuses[0] = 0;
    judge(&j, all, &statement, &answer);
    assert_true(soh_find_entry(&j.packet, ID, &entry));
    while (soh_next_attribute(&entry, &position, &a) && a.type != SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS)
        ;
    assert_int_equal(a.size, 4);
    assert_true(soh_next_attribute(&entry, &position, &a));
    assert_int_equal(a.type, SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS);
    assert_false(soh_next_attribute(&entry, &position, &a));
}

/* Appendix A <3> */
TEST(xp_is_not_asked_for_antispyware)
{
    struct statement statement = healthy;
    struct wsh_sohr answer;
    struct judgement j;

    statement.version = 0x00050001;
    judge(&j, all, &statement, &answer);
    assert_true(j.result.compliant);
    assert_false(answer.has_antispyware);
}

/* 3.3.5.1 */
TEST(a_malformed_statement_is_not_accepted)
{
    struct wsh_sohr answer;
    struct soh_entry entry;
    struct judgement j;

    begin(&j, LINE "firewall");
    soh_build_entry(&j.builder, ID);
    assert_finding(&j, POLICY_BAD_STATEMENT, false);
    assert_true(soh_find_entry(&j.packet, ID, &entry));
    assert_true(wsh_sohr_read(&entry, &answer, NULL));
    assert_int_equal(answer.classes[WSH_FIREWALL].codes[0], E_MSSHV_WUS_SHC_FAILURE);
    assert_int_equal(answer.classes[WSH_SECURITY_UPDATES].codes[0], E_MSSHV_WUS_SHC_FAILURE);
    assert_int_equal(answer.classes[WSH_ANTIVIRUS].codes[0], 0);
}

/* An agent that did not report, or failed, is judged as any other. */
TEST(other_rules_come_first)
{
    struct judgement j;

    begin(&j, LINE "firewall");
    assert_finding(&j, POLICY_MISSING, false);
    assert_reported_code(&j, ID, 0x80270002);
    begin(&j, LINE "firewall");
    soh_build_agent_entry(&j.builder, ID, 2, NULL, 0);
    assert_finding(&j, POLICY_BAD_CATEGORY, false);
    assert_reported_category(&j, ID, 2);
}

TEST(the_reasons_are_told)
{
    struct statement statement = healthy;
    struct wsh_sohr answer;
    struct judgement j;
    char text[256];

    statement.classes[WSH_FIREWALL].statuses[0] = 0;
    statement.classes[WSH_ANTIVIRUS].statuses[0] = 1;
    statement.security = 0xc0ff0010;
    judge(&j, all, &statement, &answer);
    assert_true(policy_explain(&j.policy, &j.result, 0, text, sizeof text));
    assert_string_equal(text,
            "health agent 79744: firewall: off, and not Microsoft's; antivirus: out of date, and "
            "not Microsoft's; security updates: installed, but a restart is due");
    assert_true(policy_explain(&j.policy, &j.result, 0, text, 30));
    assert_string_equal(text, "health agent 79744: firewall:");
}

TEST(malformed_lines_are_rejected)
{
    static const struct
    {
        const char *line, *rule;
    } rows[] = {
            {"", "takes firewall, antivirus"},
            {"walls", "takes firewall, antivirus"},
            {"firewall on", "firewall stands alone"},
            {"antivirus old", "up-to-date or nothing"},
            {"antivirus up-to-date 1", "up-to-date or nothing"},
            {"automatic-updates checks", "downloads, installs or nothing"},
            {"automatic-updates installs downloads", "downloads, installs or nothing"},
            {"security-updates", "the least severity"},
            {"security-updates 22h", "the least severity"},
            {"security-updates low 73h", "at most 72h ago"},
            {"security-updates low windows-update 22h", "the age of the last scan"},
            {"security-updates low elsewhere", "the age of the last scan"},
            {"firewall\nwindows-security-health firewall", "a health class comes once"},
    };
    static struct policy policy;
    struct policy_error error;
    char text[256];
    size_t i;

    for (i = 0; i < COUNT_OF(rows); ++i)
    {
        snprintf(text, sizeof text, HEALTH_AGENT LINE "%s\n" RESTRICTED, rows[i].line);
        assert_false(policy_parse(text, strlen(text), &policy, &error));
        if (!strstr(error.rule, rows[i].rule))
            fail_msg("%s: %s", rows[i].line, error.rule);
    }
    assert_false(policy_parse(AGENT LINE "firewall\n" RESTRICTED,
            strlen(AGENT LINE "firewall\n" RESTRICTED), &policy, &error));
    assert_non_null(strstr(error.rule, "is about the agent 79744"));
    assert_int_equal(error.line, 3);
}

TEST_MAIN(NULL, NULL)
