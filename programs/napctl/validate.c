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
    char text[256];
    size_t i;

    for (i = 0; policy_explain(policy, result, i, text, sizeof(text)); i++)
        complain("%s", text);
}

int validate(const struct options *options)
{
    static uint8_t request[SOH_FILE_MAX + 1], response[POLICY_MAX_ANSWER_SIZE];
    static struct policy policy;
    const WCHAR *asking = options->request ? options->request : L"-";
    struct policy_result result;
    FILETIME now;
    size_t size;

    if (!read_policy(options->policy, &policy)
            || !file_read(asking, "a statement of health", request, SOH_FILE_MAX, &size))
        return EXIT_FAILED;
    GetSystemTimeAsFileTime(&now);
    switch (policy_answer(&policy, request, size,
            (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime, response, &result))
    {
    case POLICY_OK:
        break;
    case POLICY_BAD_REQUEST:
        complain("%ls is not an SoH request: %s, at byte %u (0x80270001)", asking,
                result.error.rule, (unsigned int)result.error.offset);
        return EXIT_FAILED;
    default:
        complain("the response would have %u bytes, more than a packet may have",
                (unsigned int)result.size);
        return EXIT_FAILED;
    }
    print_findings(&policy, &result);
    return file_write(options->response ? options->response : L"-", response, result.size)
                   ? EXIT_DONE
                   : EXIT_FAILED;
}
