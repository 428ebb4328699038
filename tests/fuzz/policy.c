/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arbitrary bytes as a policy and, after a NUL, a request. An accepted policy must judge any
 * request, and answer a valid one with a valid response.
 */

#include <stdlib.h>
#include <string.h>

#include "libs/policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_answer(const struct policy *policy, const uint8_t *request, size_t size)
{
    static uint8_t response[SOH_MAX_PACKET_SIZE];
    struct policy_result result;
    struct soh_packet asked, answered;
    enum policy_status status =
            policy_evaluate(policy, NULL, request, size, 1, response, sizeof response, &result);

    if (status == POLICY_BAD_REQUEST)
    {
        require(result.error.rule != NULL && !result.size);
        return;
    }
    require(status == POLICY_OK);
    require(soh_parse(request, size, &asked, NULL));
    require(soh_parse(response, result.size, &answered, NULL));
    require(answered.kind == SOH_RESPONSE && answered.has_mode == asked.has_mode);
    require(!memcmp(&answered.correlation_id, &asked.correlation_id, sizeof asked.correlation_id));
    require(result.compliant == (answered.system.quarantine.isolation_state == 1)
            || policy->isolation_state == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct policy policy;
    struct policy_error error = {0, NULL};
    const uint8_t *end = size ? memchr(data, 0, size) : NULL;
    size_t text_size = end ? (size_t)(end - data) : size;

    if (!policy_parse((const char *)data, text_size, &policy, &error))
        require(error.line && error.rule);
    else if (end)
        check_answer(&policy, end + 1, size - text_size - 1);
    return 0;
}
