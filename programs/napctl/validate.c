/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * validate: a small health policy server. Reads an SSoH, evaluates it by a policy
 * file and writes the SSoHR. It needs no agent: only the bytes count.
 */
#include "programs/napctl/options.h"

#include <stdint.h>
#include <wchar.h>

#include "libs/policy/policy.h"
#include "libs/text/format.h"
#include "programs/napctl/file.h"

#define POLICY_FILE_MAX (1024 * 1024)

static bool read_policy(const WCHAR *name, struct policy *policy)
{
    static char text[POLICY_FILE_MAX + 1];
    struct policy_error error;
    char file[MAX_PATH * 3], message[MAX_PATH * 3 + 256];
    size_t size;

    if (!file_read(name, "a policy", text, POLICY_FILE_MAX, &size))
        return false;
    if (policy_parse(text, size, policy, &error))
        return true;
    format_text(file, sizeof(file), "%ls", name);
    policy_error_format(&error, file, message, sizeof(message));
    complain("%s", message);
    return false;
}

/* Prints the decision and its reasons, on stderr because the response may go to stdout. */
static void print_findings(const struct policy *policy, const struct policy_result *result)
{
    size_t i;

    for (i = 0; i < result->finding_count; i++)
        complain("health agent %lu: %s", (unsigned long)policy->agents[i].id,
                policy_finding_text(result->findings[i]));
    complain("the machine is %s: %s", result->compliant ? "compliant" : "not compliant",
            isolation_state_name(result->compliant ? 1 : policy->isolation_state));
}

int validate(const struct options *options)
{
    static uint8_t request[SOH_FILE_MAX + 1], response[SOH_CARRIER_SIZE + SOH_MAX_PACKET_SIZE];
    static struct policy policy;
    const WCHAR *asking = options->request ? options->request : L"-";
    struct policy_result result;
    uint8_t *packet = response;
    struct soh_span asked;
    FILETIME now;
    size_t size;
    bool carrier;

    if (!read_policy(options->policy, &policy)
            || !file_read(asking, "a statement of health", request, SOH_FILE_MAX, &size))
        return EXIT_FAILED;
    /* A request that came in a carrier TLV is answered in one. */
    carrier = soh_carrier_strip(request, size, &asked);
    if (carrier)
        packet += SOH_CARRIER_SIZE;
    GetSystemTimeAsFileTime(&now);
    switch (policy_evaluate(&policy, asked.data, asked.size,
            (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime, packet, SOH_MAX_PACKET_SIZE,
            &result))
    {
    case POLICY_OK:
        break;
    case POLICY_BAD_REQUEST:
        complain("%ls is not an SoH request: %s, at byte %u (0x80270001)", asking,
                result.error.rule,
                (unsigned int)(result.error.offset + (carrier ? SOH_CARRIER_SIZE : 0)));
        return EXIT_FAILED;
    default:
        complain("the response would have %u bytes, more than a packet may have",
                (unsigned int)result.size);
        return EXIT_FAILED;
    }
    size = result.size;
    if (carrier)
    {
        if (!soh_carrier_write(response, SOH_RESPONSE, size))
        {
            complain("the response is too long for a carrier TLV");
            return EXIT_FAILED;
        }
        size += SOH_CARRIER_SIZE;
    }
    print_findings(&policy, &result);
    return file_write(options->response ? options->response : L"-", response, size) ? EXIT_DONE
                                                                                    : EXIT_FAILED;
}
