/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the programs that answer requests share: the carrier TLV, and the result in words.
 */

#include <stdio.h>

#include "libs/policy/health.h"
#include "libs/policy/policy.h"

#define STATE_NOT_RESTRICTED 1

enum policy_status policy_answer(const struct policy *policy,
        const struct policy_verdicts *verdicts, const uint8_t *request, size_t request_size,
        uint64_t now, uint8_t answer[POLICY_MAX_ANSWER_SIZE], struct policy_result *result)
{
    struct soh_span asked;
    size_t carrier = soh_carrier_strip(request, request_size, &asked) ? SOH_CARRIER_SIZE : 0;
    enum policy_status status = policy_evaluate(policy, verdicts, asked.data, asked.size, now,
            answer + carrier, SOH_MAX_PACKET_SIZE, result);

    result->error.offset += carrier;
    if (status == POLICY_BAD_REQUEST)
        return status;
    if (status == POLICY_OK && carrier && !soh_carrier_write(answer, SOH_RESPONSE, result->size))
        status = POLICY_TOO_SMALL;
    result->size += carrier;
    return status;
}

bool policy_explain(const struct policy *policy, const struct policy_result *result, size_t index,
        char *text, size_t size)
{
    char why[256];

    if (index < result->finding_count && result->findings[index] == POLICY_BAD_HEALTH)
    {
        health_answer_explain(&result->health, why, sizeof why);
        snprintf(text, size, "health agent %lu: %s", (unsigned long)policy->agents[index].id, why);
    }
    else if (index < result->finding_count)
        snprintf(text, size, "%s %lu: %s",
                policy->agents[index].validator ? "validator" : "health agent",
                (unsigned long)policy->agents[index].id,
                policy_finding_text(result->findings[index]));
    else if (index == result->finding_count)
        snprintf(text, size, "the machine is %s: %s",
                result->compliant ? "compliant" : "not compliant",
                soh_isolation_state_name(
                        result->compliant ? STATE_NOT_RESTRICTED : policy->isolation_state));
    else
        return false;
    return true;
}
