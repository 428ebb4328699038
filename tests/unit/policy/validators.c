/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * docs/policy-format.md, "Validators": a policy that names validators, and what napserver says of
 * them.
 */
#include "judgement.h"

#include <stdio.h>

#define VALIDATOR "policy 1\nvalidator 1\n"

static uint8_t server_packet[SOH_MAX_PACKET_SIZE];
static struct policy_verdict list[2];
static struct policy_verdicts verdicts;

/* napserver's response, with an entry of the first validator that has a code and `extra` bytes. */
static void respond(uint32_t code, size_t extra)
{
    static uint8_t data[4000] = {0, 0xab, 0xcd, 1};
    struct soh_system system = {
            .present = SOH_HAS_CORRELATION_ID | SOH_HAS_QUARANTINE,
            .correlation_id = exchange,
            .quarantine = {.isolation_state = 1, .probation_end = SOH_NO_PROBATION},
    };
    struct soh_builder b;

    soh_builder_init(&b, server_packet, sizeof server_packet);
    soh_build_begin(&b, SOH_RESPONSE, NULL, &system);
    soh_build_entry(&b, 1);
    soh_build_attribute_u32s(&b, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, &code, 1);
    for (; extra; extra -= extra < 3996 ? extra : 3996)
        soh_build_attribute(
                &b, SOH_ATTRIBUTE_VENDOR_SPECIFIC, data, 4 + (extra < 3996 ? extra : 3996));
    assert_int_equal(soh_build_end(&b), SOH_BUILD_OK);
    assert_true(soh_parse(server_packet, b.size, &verdicts.response, NULL));
}

static void begin(struct judgement *j, const char *lines, bool compliant, uint8_t category)
{
    char policy[512];

    snprintf(policy, sizeof policy, VALIDATOR "%s" RESTRICTED, lines);
    start(j, policy, false);
    list[0] = (struct policy_verdict){1, compliant, category, category == 4 ? 0x80004005 : 0};
    verdicts.verdicts = list;
    verdicts.count = 1;
    respond(compliant ? 7 : 0x80270001, 0);
    j->verdicts = &verdicts;
}

TEST(the_validator_decides)
{
    struct judgement j;

    begin(&j, "", true, 0);
    assert_finding(&j, POLICY_COMPLIANT, true);
    assert_reported_code(&j, 1, 7); /* its own */
    begin(&j, "", false, 0);
    assert_finding(&j, POLICY_NOT_CONTENT, false);
    assert_reported_code(&j, 1, 0x80270001);
}

TEST(only_named_validators_count)
{
    struct judgement j;

    begin(&j, "", true, 0);
    list[1] = (struct policy_verdict){2, false, 0, 0};
    verdicts.count = 2;
    assert_finding(&j, POLICY_COMPLIANT, true);
    assert_int_equal(j.packet.entry_count, 1);
}

TEST(failure_categories_are_napservers_or_the_policys)
{
    struct judgement j;

    begin(&j, "", true, 2); /* mapped to healthy there */
    assert_finding(&j, POLICY_EXCUSED, true);
    begin(&j, "", false, 2);
    assert_finding(&j, POLICY_BAD_CATEGORY, false);
    begin(&j, "failure-category client-component\n", false, 2);
    assert_finding(&j, POLICY_EXCUSED, true);
    begin(&j, "failure-category other\n", true, 2);
    assert_finding(&j, POLICY_BAD_CATEGORY, false);
    begin(&j, "failure-category other\n", true, 9); /* no category of today */
    assert_finding(&j, POLICY_BAD_CATEGORY, false);
    /* It is no failure to be not compliant. */
    begin(&j,
            "failure-category none other client-component client-communication server-component "
            "server-communication\n",
            false, 0);
    assert_finding(&j, POLICY_NOT_CONTENT, false);
}

/* Nobody could be asked, or this one is not registered or not enabled. */
TEST(a_validator_that_is_not_available_is_not_compliant_unless_said_otherwise)
{
    static const char *const lines[] = {
            "", "unavailable noncompliant\n", "unavailable compliant\n"};
    struct judgement j;
    size_t i;

    for (i = 0; i < 3; ++i)
    {
        begin(&j, lines[i], true, 0);
        j.verdicts = NULL;
        assert_finding(&j, i == 2 ? POLICY_UNAVAILABLE_EXCUSED : POLICY_UNAVAILABLE, i == 2);
        assert_reported_category(&j, 1, 5); /* failureCategoryServerCommunication */
        begin(&j, lines[i], true, 0);
        verdicts.count = 0;
        assert_finding(&j, i == 2 ? POLICY_UNAVAILABLE_EXCUSED : POLICY_UNAVAILABLE, i == 2);
    }
}

/* A validator that was withdrawn while it was asked has not judged, whatever the policy accepts. */
TEST(a_validator_that_was_withdrawn_is_not_available)
{
    struct judgement j;

    begin(&j, "failure-category server-component\n", false, 4);
    list[0].result = 0x80004004; /* E_ABORT */
    assert_finding(&j, POLICY_UNAVAILABLE, false);
    assert_reported_category(&j, 1, 5);
    begin(&j, "unavailable compliant\n", false, 4);
    list[0].result = 0x80004004;
    assert_finding(&j, POLICY_UNAVAILABLE_EXCUSED, true);
}

/* napserver writes an entry for it, which is not the validator's own. */
TEST(a_validator_that_failed_has_the_policys_entry)
{
    struct soh_attribute a;
    struct soh_entry entry;
    struct judgement j;

    begin(&j, "fixup-server 192.0.2.9\n", false, 4);
    assert_finding(&j, POLICY_BAD_CATEGORY, false);
    assert_reported_category(&j, 1, 4);
    assert_true(soh_find_entry(&j.packet, 1, &entry));
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS, &a));
}

/* An SSoHR has room for 20 entries; napserver leaves others out. */
TEST(a_validator_without_an_entry_gets_one)
{
    struct judgement j;

    begin(&j, "", true, 0);
    verdicts.response.entry_count = 0;
    list[0].id = 1;
    verdicts.response.entries.size = 0;
    assert_finding(&j, POLICY_COMPLIANT, true);
    assert_reported_code(&j, 1, 0);
    begin(&j, "fixup-server 192.0.2.9\n", false, 0);
    verdicts.response.entry_count = 0;
    verdicts.response.entries.size = 0;
    assert_finding(&j, POLICY_NOT_CONTENT, false);
    assert_reported_code(&j, 1, 0x80004005);
    begin(&j, "", false, 4);
    verdicts.response.entry_count = 0;
    verdicts.response.entries.size = 0;
    assert_finding(&j, POLICY_BAD_CATEGORY, false);
    assert_reported_category(&j, 1, 4);
}

/* The validators' entries and the policy's own can be more than a packet. */
TEST(entries_without_room_become_codes)
{
    static uint8_t response[SOH_MAX_PACKET_SIZE];
    char policy[8192] = "policy 1\nvalidator 1\n";
    struct judgement j;
    int i;

    for (i = 2; i <= 20; ++i)
        sprintf(policy + strlen(policy),
                "agent %d\nfixup-server 2001:db8::1 2001:db8::2 2001:db8::3 "
                "2001:db8::4 2001:db8::5\n",
                i);
    strcat(policy, RESTRICTED);
    begin(&j, "", true, 0);
    respond(7, 65000);
    assert_true(policy_parse(policy, strlen(policy), &j.policy, NULL));
    assert_int_equal(soh_build_end(&j.builder), SOH_BUILD_OK);
    assert_int_equal(policy_evaluate(&j.policy, &verdicts, j.request, j.builder.size, NOW, response,
                             sizeof response, &j.result),
            POLICY_OK);
    assert_true(soh_parse(response, j.result.size, &j.packet, NULL));
    assert_int_equal(j.packet.entry_count, 20);
    assert_reported_code(&j, 1, 0);
}

TEST(validators_and_agents_stand_together)
{
    struct judgement j;
    char text[128];

    begin(&j, "agent 2 optional\nvalidator 3\n", true, 0);
    assert_true(policy_has_validators(&j.policy));
    evaluate(&j);
    assert_false(j.result.compliant);
    assert_int_equal(j.result.findings[0], POLICY_COMPLIANT);
    assert_int_equal(j.result.findings[1], POLICY_NOT_REPORTING);
    assert_int_equal(j.result.findings[2], POLICY_UNAVAILABLE);
    assert_int_equal(j.policy.agents[2].line, 4);
    assert_true(policy_explain(&j.policy, &j.result, 2, text, sizeof text));
    assert_string_equal(text, "validator 3: not available, which counts as not compliant");
    start(&j, AGENT RESTRICTED, false);
    assert_false(policy_has_validators(&j.policy));
}

static void refuse(const char *text, unsigned int line, const char *rule)
{
    static struct policy policy;
    struct policy_error error = {0, ""};

    assert_false(policy_parse(text, strlen(text), &policy, &error));
    assert_string_equal(error.rule, rule);
    assert_int_equal(error.line, line);
}

TEST(lines_are_refused)
{
    static const char id[] =
            "validator takes the component id of a registered validator; write a line like validator 0x00abcd01";
    static const char unavailable[] =
            "unavailable takes noncompliant or compliant; write one of these after it";

    refuse("policy 1\nvalidator\n", 2, id);
    refuse("policy 1\nvalidator x\n", 2, id);
    refuse("policy 1\nvalidator 1 optional\n", 2, id);
    refuse(VALIDATOR "unavailable\n", 3, unavailable);
    refuse(VALIDATOR "unavailable restricted\n", 3, unavailable);
    refuse(VALIDATOR "codes 0\n", 3,
            "this keyword belongs into an agent's section; move it below a line agent");
    refuse(AGENT "unavailable compliant\n", 3,
            "this keyword belongs into a validator's section; move it below a line validator");
    refuse("policy 1\nfailure-category other\n", 2,
            "this keyword belongs into an agent's or a validator's section; move it below a line agent or validator");
    refuse(VALIDATOR "validator 1\n", 3,
            "an agent or validator has one section; move these lines into it");
    refuse(VALIDATOR "agent 1\n", 3,
            "an id belongs to an agent or to a validator; remove one of the two sections");
    refuse(VALIDATOR "failure-category other\nfailure-category other\n", 4,
            "this keyword comes once in its section; remove one of the lines");
}

TEST_MAIN(NULL, NULL)
