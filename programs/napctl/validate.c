/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * validate: a small health policy server. Reads an SSoH, evaluates it by a policy file and writes
 * the SSoHR. That needs no agent: only the bytes count. With --validators napserver asks the
 * registered validators instead.
 */
#include "programs/napctl/options.h"

#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include "naperror.h"

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

static int write_response(const struct options *options, const uint8_t *response, size_t size)
{
    return file_write(options->response ? options->response : L"-", response, size) ? EXIT_DONE
                                                                                    : EXIT_FAILED;
}

/* ---- by validators ---- */

/* On stderr, as above. */
static void print_judgement(const struct napipc_judge_reply *judgement)
{
    uint16_t i;

    for (i = 0; i < judgement->count; i++)
    {
        const struct napipc_judged *judged = &judgement->validators[i];
        const char *verdict = judged->compliant ? "compliant" : "not compliant";

        if (FAILED((HRESULT)judged->result))
            complain("validator %u: failed (0x%08x), which counts as %s", (unsigned int)judged->id,
                    (unsigned int)judged->result, verdict);
        else if (judged->failure_category)
            complain("validator %u: failure category %s, which counts as %s",
                    (unsigned int)judged->id, failure_category_name(judged->failure_category),
                    verdict);
        else
            complain("validator %u: %s", (unsigned int)judged->id, verdict);
    }
    complain("the machine is %s", judgement->compliant ? "compliant: not restricted"
                                                       : "not compliant: restricted access");
}

/* Asks napserver about `size` bytes, which may be in a carrier TLV. The response, then in one too,
 * is written to `response`. */
static HRESULT ask_napserver(const uint8_t *request, size_t size,
        uint8_t response[POLICY_MAX_ANSWER_SIZE], size_t *response_size)
{
    struct napipc_message question = {.type = NAPIPC_JUDGE};
    const struct napipc_judge_reply *judgement;
    struct agent_session session;
    struct agent_reply reply;
    struct soh_span statement;
    size_t carrier = soh_carrier_strip(request, size, &statement) ? SOH_CARRIER_SIZE : 0;
    HRESULT hr;

    if (FAILED(hr = server_session_open(&session)))
        return hr;
    question.judge.statement.data = statement.data;
    question.judge.statement.size = (uint32_t)statement.size;
    hr = agent_session_call(&session, &question, &reply);
    agent_session_close(&session);
    if (FAILED(hr))
        return hr;
    judgement = &reply.message.judge_reply;
    if (carrier && !soh_carrier_write(response, SOH_RESPONSE, judgement->response.size))
        hr = HRESULT_FROM_WIN32(ERROR_BUFFER_OVERFLOW);
    else
    {
        print_judgement(judgement);
        memcpy(response + carrier, judgement->response.data, judgement->response.size);
        *response_size = carrier + judgement->response.size;
    }
    agent_reply_clear(&reply);
    return hr;
}

static int validate_by_validators(const struct options *options, const WCHAR *asking,
        const uint8_t *request, size_t size, uint8_t response[POLICY_MAX_ANSWER_SIZE])
{
    HRESULT hr = ask_napserver(request, size, response, &size);

    if (hr == NAP_E_INVALID_PACKET)
        complain("%ls is not an SoH request: napserver's log has the rule (0x80270001)", asking);
    else if (hr == NAP_E_NOT_REGISTERED)
        complain("there is no enabled validator, see napctl validator list (0x80270006)");
    else if (hr == RPC_E_DISCONNECTED)
        complain("napserver does not run; to do: net start napserver (0x80010108)");
    else if (FAILED(hr))
        report_failure(hr, "ask napserver");
    return FAILED(hr) ? EXIT_FAILED : write_response(options, response, size);
}

int validate(const struct options *options)
{
    static uint8_t request[SOH_FILE_MAX + 1], response[POLICY_MAX_ANSWER_SIZE];
    static struct policy policy;
    const WCHAR *asking = options->request ? options->request : L"-";
    struct policy_result result;
    FILETIME now;
    size_t size;

    if ((!options->validators && !read_policy(options->policy, &policy))
            || !file_read(asking, "a statement of health", request, SOH_FILE_MAX, &size))
        return EXIT_FAILED;
    if (options->validators)
        return validate_by_validators(options, asking, request, size, response);
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
    return write_response(options, response, result.size);
}
