/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A policy judges a request that the test builds.
 */
#ifndef WINE_NAP_TESTS_JUDGEMENT_H
#define WINE_NAP_TESTS_JUDGEMENT_H

#include <test.h>
#include <string.h>

#include "libs/policy/policy.h"

#define NOW UINT64_C(129266370001230000)
#define HOUR (UINT64_C(3600) * 10000000)

#define AGENT "policy 1\nagent 1\n"
#define RESTRICTED "noncompliant\nstate restricted\n"

extern const struct soh_correlation_id exchange;

/* A request under construction, the policy, and the results. */
struct judgement
{
    uint8_t request[1024];
    struct soh_builder builder;
    struct policy policy;
    const struct policy_verdicts *verdicts; /* NULL unless the test sets it */
    uint8_t response[1024];
    struct policy_result result;
    struct soh_packet packet; /* of the response */
};

void start(struct judgement *j, const char *policy, bool with_mode);
void evaluate(struct judgement *j);
/* The finding about the first agent decides about the machine. */
void assert_finding(struct judgement *j, enum policy_finding finding, bool compliant);
/* The response has this code, and no category; this category, and no code. */
void assert_reported_code(const struct judgement *j, uint32_t id, uint32_t code);
void assert_reported_category(const struct judgement *j, uint32_t id, uint8_t category);

#endif
