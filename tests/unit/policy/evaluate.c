/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * docs/policy-format.md, "How a request is judged" and "The response".
 */

#include "judgement.h"

static void report_version(struct judgement *j, const char *version)
{
    soh_build_attribute(&j->builder, SOH_ATTRIBUTE_SOFTWARE_VERSION, version, strlen(version));
}

static void report_code(struct judgement *j, uint32_t code)
{
    soh_build_attribute_u32s(&j->builder, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, &code, 1);
}

static void report_category(struct judgement *j, uint8_t category)
{
    soh_build_attribute_u8(&j->builder, SOH_ATTRIBUTE_FAILURE_CATEGORY, category);
}

/* ---- agents that must report ---- */

TEST(an_agent_that_reports_is_compliant)
{
    struct judgement j;

    start(&j, AGENT RESTRICTED "fixup yes\nurl http://fix.example/\nextended-state infected",
            false);
    soh_build_entry(&j.builder, 1);
    assert_finding(&j, POLICY_COMPLIANT, true);
    assert_reported_code(&j, 1, 0);
    assert_false(j.packet.system.quarantine.fixup);
    assert_int_equal(j.packet.system.quarantine.extended_state, 0);
    assert_int_equal(j.packet.system.quarantine.url.size, 0);
    assert_true(j.packet.system.quarantine.probation_end == SOH_NO_PROBATION);
}

TEST(an_agent_that_does_not_report_is_missing)
{
    struct judgement j;

    start(&j, AGENT RESTRICTED, false);
    soh_build_entry(&j.builder, 2);
    assert_finding(&j, POLICY_MISSING, false);
    assert_reported_code(&j, 1, 0x80270002);   /* NAP_E_MISSING_SOH */
    assert_int_equal(j.packet.entry_count, 1); /* agents that are not named have no effect */
}

TEST(an_optional_agent_may_be_absent)
{
    struct judgement j;

    start(&j, "policy 1\nagent 1 optional\ncodes 0\n" RESTRICTED, false);
    assert_finding(&j, POLICY_NOT_REPORTING, true);
    assert_int_equal(j.packet.entry_count, 0);
    start(&j, "policy 1\nagent 1 optional\ncodes 0\n" RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    assert_finding(&j, POLICY_NO_CODES, false);
}

/* ---- required reports ---- */

TEST(codes_must_all_be_accepted)
{
    struct judgement j;

    start(&j, AGENT "codes 0 7\n" RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    report_code(&j, 0);
    report_code(&j, 7);
    assert_finding(&j, POLICY_COMPLIANT, true);

    start(&j, AGENT "codes 0 7\nresult 0x80270001\n" RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    report_code(&j, 0);
    report_code(&j, 8);
    assert_finding(&j, POLICY_BAD_CODE, false);
    assert_reported_code(&j, 1, 0x80270001);

    start(&j, AGENT "codes 0 7\n" RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    assert_finding(&j, POLICY_NO_CODES, false);
    assert_reported_code(&j, 1, 0x80004005);

    start(&j, AGENT "codes 0 7\n" RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    soh_build_attribute_u32s(&j.builder, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, NULL, 0);
    assert_finding(&j, POLICY_NO_CODES, false);
}

TEST(failure_categories_must_be_accepted)
{
    struct judgement j;

    start(&j, AGENT RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    report_category(&j, 0); /* none */
    assert_finding(&j, POLICY_COMPLIANT, true);

    start(&j, AGENT RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    report_category(&j, 2);
    assert_finding(&j, POLICY_BAD_CATEGORY, false);
    assert_reported_category(&j, 1, 2);

    start(&j, AGENT "failure-category other server-communication\n" RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    report_category(&j, 0); /* no longer listed */
    assert_finding(&j, POLICY_BAD_CATEGORY, false);

    start(&j, AGENT "failure-category other\n" RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    report_category(&j, 200);
    assert_finding(&j, POLICY_BAD_CATEGORY, false);
    assert_reported_category(&j, 1, 200);

    start(&j, AGENT "failure-category other\n" RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    report_category(&j, 1);
    report_category(&j, 3); /* the first cannot hide a second one */
    assert_finding(&j, POLICY_BAD_CATEGORY, false);
    assert_reported_category(&j, 1, 3);
}

TEST(an_accepted_failure_excuses_from_the_rest)
{
    struct judgement j;

    start(&j, AGENT "codes 0\nsoftware-version 1\nfailure-category client-component\n" RESTRICTED,
            false);
    soh_build_agent_entry(&j.builder, 1, 2, (const uint32_t[]){0x80270004}, 1);
    assert_finding(&j, POLICY_EXCUSED, true);
    assert_reported_category(&j, 1, 2);
}

/* An entry that the NAP agent made is no report of that agent. */
TEST(an_entry_made_by_the_nap_agent_is_no_report)
{
    struct soh_system system = {
            .present = SOH_HAS_CORRELATION_ID | SOH_HAS_GENERATED_IDS, .correlation_id = exchange};
    struct judgement j;
    uint8_t wire[4];

    start(&j, AGENT RESTRICTED, false);
    system.generated_ids = soh_ids_put(wire, (const uint32_t[]){1}, 1);
    soh_builder_init(&j.builder, j.request, sizeof j.request);
    soh_build_begin(&j.builder, SOH_REQUEST, NULL, &system);
    soh_build_agent_entry(&j.builder, 1, 0, (const uint32_t[]){0x80270004}, 1);
    assert_finding(&j, POLICY_MISSING, false);
    assert_reported_code(&j, 1, 0x80270002);
}

static void assert_version(const char *accepted, const char *reported, bool compliant)
{
    char policy[256] = AGENT "software-version ";
    struct judgement j;

    strcat(policy, accepted);
    strcat(policy, "\n" RESTRICTED);
    start(&j, policy, false);
    soh_build_entry(&j.builder, 1);
    report_version(&j, reported);
    assert_finding(&j, compliant ? POLICY_COMPLIANT : POLICY_BAD_VERSION, compliant);
}

TEST(versions_must_all_be_accepted)
{
    struct judgement j;

    assert_version("1.2", "1.2", true);
    assert_version("1.2", "1.20", false);
    assert_version("1.2", "1.", false);
    assert_version("1.2", "", false);
    assert_version("1.*", "1.20", true);
    assert_version("1.*", "1", false);
    assert_version("*", "", true);
    assert_version("\"3.0 beta\"", "3.0 beta", true);
    assert_version("1 2 3", "3", true);
    assert_version(">=4.2", "4.2", true);
    assert_version(">=4.2", "4.10", true);
    assert_version(">=4.2", "5", true);
    assert_version(">=4.2", "4.2.0.1", true);
    assert_version(">=4.2", "4.1.9", false);
    assert_version(">=4.2", "4", false);
    assert_version(">=4.0", "4", true);
    assert_version(">=4.2", "4.x", false);
    assert_version(">=4.2", "5.", false);
    assert_version(">=4.2", "99999999999", false); /* no number of 32 bits */
    assert_version(">=4.2", "", false);

    start(&j, AGENT "software-version 1\n" RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    assert_finding(&j, POLICY_NO_VERSION, false);

    start(&j, AGENT "software-version 1\n" RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    report_version(&j, "1");
    report_version(&j, "2");
    assert_finding(&j, POLICY_BAD_VERSION, false);

    start(&j, AGENT "software-version 1\n" RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    soh_build_attribute(&j.builder, SOH_ATTRIBUTE_SOFTWARE_VERSION, "1", 2); /* with its NUL */
    assert_finding(&j, POLICY_COMPLIANT, true);
}

TEST(all_agents_must_be_compliant)
{
    struct judgement j;

    start(&j, "policy 1\nagent 1\nagent 2\ncodes 0\nagent 3\n" RESTRICTED, false);
    soh_build_entry(&j.builder, 3);
    soh_build_entry(&j.builder, 2);
    report_code(&j, 5);
    soh_build_entry(&j.builder, 1);
    assert_finding(&j, POLICY_COMPLIANT, false);
    assert_int_equal(j.result.finding_count, 3);
    assert_int_equal(j.result.findings[1], POLICY_BAD_CODE);
    assert_int_equal(j.result.findings[2], POLICY_COMPLIANT);
    assert_reported_code(&j, 1, 0);
    assert_reported_code(&j, 2, 0x80004005);
    assert_reported_code(&j, 3, 0);
}

/* ---- the response ---- */

TEST(the_response_says_what_the_policy_says)
{
    static const uint8_t ipv6[16] = {[15] = 1};
    struct judgement j;
    struct soh_entry entry;
    struct soh_attribute a;

    start(&j,
            "policy 1\nagent 1\nfixup-server ::1\nagent 2\nagent 3\n"
            "noncompliant\nstate probation\nprobation 8h\nfixup yes\n"
            "url http://fix.example/\nextended-state infected\nfixup-server 192.0.2.1 192.0.2.2",
            false);
    soh_build_entry(&j.builder, 3);
    evaluate(&j);
    assert_int_equal(j.packet.system.quarantine.isolation_state, 2);
    assert_true(j.packet.system.quarantine.probation_end == NOW + 8 * HOUR);
    assert_true(j.packet.system.quarantine.fixup);
    assert_int_equal(j.packet.system.quarantine.extended_state, 2);
    assert_int_equal(j.packet.system.quarantine.url.size, 19);
    assert_memory_equal(j.packet.system.quarantine.url.data, "http://fix.example/", 19);

    assert_true(soh_find_entry(&j.packet, 1, &entry)); /* has servers of its own */
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS, &a));
    assert_memory_equal(soh_attribute_ipv6_at(&a, 0), ipv6, 16);
    assert_false(soh_find_attribute(&entry, SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS, &a));
    assert_true(soh_find_entry(&j.packet, 2, &entry)); /* takes the section's servers */
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS, &a));
    assert_memory_equal(soh_attribute_ipv4_at(&a, 1), "\xc0\0\2\2", 4);
    assert_true(soh_find_entry(&j.packet, 3, &entry)); /* is compliant, needs none */
    assert_false(soh_find_attribute(&entry, SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS, &a));
}

/* The response has the form of the request (docs/soh-format.md, Decisions). */
TEST(the_response_has_the_form_of_the_request)
{
    struct judgement j;

    start(&j, AGENT RESTRICTED, true);
    evaluate(&j);
    assert_true(j.packet.has_mode);
    assert_int_equal(j.packet.mode.intent, SOH_INTENT_RESPONSE);
    assert_memory_equal(&j.packet.mode.correlation_id, &exchange, sizeof exchange);
    assert_true(j.packet.system.present & SOH_HAS_CORRELATION_ID);
    start(&j, AGENT RESTRICTED, false);
    evaluate(&j);
    assert_false(j.packet.has_mode);
}

TEST(a_probation_never_ends_in_none)
{
    struct judgement j;

    start(&j, AGENT "noncompliant\nstate probation\nprobation 1h", false);
    assert_int_equal(soh_build_end(&j.builder), SOH_BUILD_OK);
    assert_int_equal(policy_evaluate(&j.policy, NULL, j.request, j.builder.size,
                             SOH_NO_PROBATION - HOUR, j.response, sizeof j.response, &j.result),
            POLICY_OK);
    assert_true(soh_parse(j.response, j.result.size, &j.packet, NULL));
    assert_true(j.packet.system.quarantine.probation_end == SOH_NO_PROBATION - 1);
}

TEST(bad_requests_get_no_response)
{
    struct judgement j, answer;

    start(&j, AGENT RESTRICTED, false);
    evaluate(&j);
    assert_int_equal(policy_evaluate(&j.policy, NULL, j.request, j.builder.size - 1, NOW,
                             j.response, sizeof j.response, &j.result),
            POLICY_BAD_REQUEST);
    assert_int_equal(j.result.error.offset, 2);
    assert_int_equal(j.result.size, 0);
    start(&answer, AGENT RESTRICTED, false);
    evaluate(&answer);
    assert_int_equal(policy_evaluate(&j.policy, NULL, answer.response, answer.result.size, NOW,
                             j.response, sizeof j.response, &j.result),
            POLICY_BAD_REQUEST);
    assert_string_equal(j.result.error.rule, "a policy judges requests, and this is a response");
}

TEST(too_small_buffers_learn_the_size)
{
    struct judgement j;
    size_t size;

    start(&j, AGENT RESTRICTED, false);
    evaluate(&j);
    size = j.result.size;
    assert_int_equal(
            policy_evaluate(&j.policy, NULL, j.request, j.builder.size, NOW, NULL, 0, &j.result),
            POLICY_TOO_SMALL);
    assert_int_equal(j.result.size, size);
    assert_int_equal(policy_evaluate(&j.policy, NULL, j.request, j.builder.size, NOW, j.response,
                             size, &j.result),
            POLICY_OK);
}

TEST(findings_have_words)
{
    int finding;

    for (finding = POLICY_COMPLIANT; finding <= POLICY_UNAVAILABLE_EXCUSED; ++finding)
        assert_string_not_equal(policy_finding_text((enum policy_finding)finding), "unknown");
}

TEST(a_request_in_a_carrier_is_answered_in_one)
{
    static uint8_t answer[POLICY_MAX_ANSWER_SIZE];
    uint8_t carried[SOH_CARRIER_SIZE + 1024];
    struct judgement j;
    struct soh_span packet;
    size_t size;

    start(&j, AGENT RESTRICTED, false);
    evaluate(&j);
    size = j.builder.size;
    assert_true(soh_carrier_write(carried, SOH_REQUEST, size));
    memcpy(carried + SOH_CARRIER_SIZE, j.request, size);
    assert_int_equal(policy_answer(&j.policy, NULL, carried, SOH_CARRIER_SIZE + size, NOW, answer,
                             &j.result),
            POLICY_OK);
    assert_true(soh_carrier_strip(answer, j.result.size, &packet));
    assert_true(soh_parse(packet.data, packet.size, &j.packet, NULL));
    assert_int_equal(j.packet.kind, SOH_RESPONSE);
    assert_int_equal(
            policy_answer(&j.policy, NULL, j.request, size, NOW, answer, &j.result), POLICY_OK);
    assert_true(soh_parse(answer, j.result.size, &j.packet, NULL));

    /* An error's position counts from the carrier's first byte. */
    carried[SOH_CARRIER_SIZE + 4] ^= 1;
    assert_int_equal(policy_answer(&j.policy, NULL, carried, SOH_CARRIER_SIZE + size, NOW, answer,
                             &j.result),
            POLICY_BAD_REQUEST);
    assert_int_equal(j.result.error.offset, SOH_CARRIER_SIZE + 4);
    assert_int_equal(j.result.size, 0);
}

static void assert_explained(const struct judgement *j, size_t index, const char *expected)
{
    char text[128];

    assert_true(policy_explain(&j->policy, &j->result, index, text, sizeof text));
    assert_string_equal(text, expected);
}

TEST(a_result_is_explained_line_by_line)
{
    struct judgement j;
    char text[128], cut[8];

    start(&j, AGENT "agent 79744 optional\n" RESTRICTED, false);
    evaluate(&j);
    assert_explained(&j, 0, "health agent 1: did not report");
    assert_explained(&j, 1, "health agent 79744: did not report, and need not");
    assert_explained(&j, 2, "the machine is not compliant: restricted access");
    assert_false(policy_explain(&j.policy, &j.result, 3, text, sizeof text));
    assert_true(policy_explain(&j.policy, &j.result, 0, cut, sizeof cut));
    assert_string_equal(cut, "health ");
    start(&j, AGENT RESTRICTED, false);
    soh_build_entry(&j.builder, 1);
    evaluate(&j);
    assert_explained(&j, 1, "the machine is compliant: not restricted");
}

TEST_MAIN(NULL, NULL)
