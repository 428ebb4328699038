/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judgement.h"

const struct soh_correlation_id exchange = {{1, 2, 3, 4, 5, 6, 7, 8, 9}};

void start(struct judgement *j, const char *policy, bool with_mode)
{
    struct soh_mode mode = {exchange, SOH_INTENT_REQUEST};
    struct soh_system system = {
            .present = with_mode ? 0 : SOH_HAS_CORRELATION_ID, .correlation_id = exchange};
    struct policy_error error = {0, ""};

    memset(j, 0, sizeof *j);
    if (!policy_parse(policy, strlen(policy), &j->policy, &error))
        fail_msg("line %u: %s", error.line, error.rule);
    soh_builder_init(&j->builder, j->request, sizeof j->request);
    soh_build_begin(&j->builder, SOH_REQUEST, with_mode ? &mode : NULL, &system);
}

void evaluate(struct judgement *j)
{
    assert_int_equal(soh_build_end(&j->builder), SOH_BUILD_OK);
    assert_int_equal(policy_evaluate(&j->policy, j->verdicts, j->request, j->builder.size, NOW,
                             j->response, sizeof j->response, &j->result),
            POLICY_OK);
    assert_true(soh_parse(j->response, j->result.size, &j->packet, NULL));
    assert_int_equal(j->packet.kind, SOH_RESPONSE);
    assert_memory_equal(&j->packet.correlation_id, &exchange, sizeof exchange);
}

void assert_finding(struct judgement *j, enum policy_finding finding, bool compliant)
{
    evaluate(j);
    assert_int_equal(j->result.findings[0], finding);
    assert_int_equal(j->result.compliant, compliant);
    assert_int_equal(j->packet.system.quarantine.isolation_state, compliant ? 1 : 3);
}

void assert_reported_code(const struct judgement *j, uint32_t id, uint32_t code)
{
    struct soh_entry entry;
    struct soh_attribute a;
    uint32_t got;

    assert_true(soh_find_entry(&j->packet, id, &entry));
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, &a));
    assert_true(soh_attribute_u32(&a, &got));
    assert_int_equal(got, code);
    assert_false(soh_find_attribute(&entry, SOH_ATTRIBUTE_FAILURE_CATEGORY, &a));
}

void assert_reported_category(const struct judgement *j, uint32_t id, uint8_t category)
{
    struct soh_entry entry;
    struct soh_attribute a;
    uint8_t got;

    assert_true(soh_find_entry(&j->packet, id, &entry));
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_FAILURE_CATEGORY, &a));
    assert_true(soh_attribute_u8(&a, &got));
    assert_int_equal(got, category);
    assert_false(soh_find_attribute(&entry, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, &a));
}
