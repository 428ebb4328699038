/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * validate: a small health policy server. Reads an SSoH, evaluates it by a policy file and writes
 * the SSoHR. That needs no agent: only the bytes count. A policy that names validators needs
 * napserver, which asks them. With --validators, all of napserver's decide and no policy. With
 * --check, a policy is read and nothing is judged.
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

/* Bytes are of no use on a terminal, and may change what it shows. */
static int write_response(const struct options *options, const uint8_t *response, size_t size)
{
    DWORD mode;

    if ((!options->response || !wcscmp(options->response, L"-"))
            && GetConsoleMode(GetStdHandle(STD_OUTPUT_HANDLE), &mode))
    {
        complain(
                "the response (%u bytes) is not written to a terminal; to keep it: --response FILE",
                (unsigned int)size);
        return EXIT_DONE;
    }
    return file_write(options->response ? options->response : L"-", response, size) ? EXIT_DONE
                                                                                    : EXIT_FAILED;
}

/* ---- validators ---- */

/* Asks napserver. agent_reply_clear() after success. */
static HRESULT ask_napserver(struct soh_span statement, struct agent_reply *reply)
{
    struct napipc_message question = {.type = NAPIPC_JUDGE};
    struct agent_session session;
    HRESULT hr;

    if (FAILED(hr = server_session_open(&session)))
        return hr;
    question.judge.statement.data = statement.data;
    question.judge.statement.size = (uint32_t)statement.size;
    hr = agent_session_call(&session, &question, reply);
    agent_session_close(&session);
    return hr;
}

static void report_napserver(HRESULT hr, const WCHAR *asking)
{
    if (hr == NAP_E_INVALID_PACKET)
        complain("%ls is not an SoH request: napserver's log has the rule (0x80270001)", asking);
    else if (hr == NAP_E_NOT_REGISTERED)
        complain("there is no enabled validator, see napctl validator list (0x80270006)");
    else if (hr == RPC_E_DISCONNECTED)
        complain("napserver does not run; to do: net start napserver (0x80010108)");
    else
        report_failure(hr, "ask napserver");
}

/* ---- a policy that names validators ---- */

struct verdicts
{
    struct policy_verdicts all;
    struct policy_verdict list[NAPIPC_MAX_VALIDATORS];
    struct agent_reply reply; /* has the response that `all` points at */
};

/* What napserver says of the validators that it asked; false: nothing, and why is printed. */
static bool get_verdicts(
        const uint8_t *request, size_t size, const WCHAR *asking, struct verdicts *verdicts)
{
    const struct napipc_judge_reply *judgement = &verdicts->reply.message.judge_reply;
    struct soh_span statement;
    HRESULT hr;
    uint16_t i;

    soh_carrier_strip(request, size, &statement);
    if (FAILED(hr = ask_napserver(statement, &verdicts->reply)))
    {
        /* policy_answer() has the rule of a bad packet. */
        if (hr != NAP_E_INVALID_PACKET)
            report_napserver(hr, asking);
        return false;
    }
    for (i = 0; i < judgement->count; i++)
    {
        const struct napipc_judged *judged = &judgement->validators[i];

        verdicts->list[i] = (struct policy_verdict){
                judged->id, judged->compliant, judged->failure_category, judged->result};
    }
    verdicts->all.verdicts = verdicts->list;
    verdicts->all.count = judgement->count;
    if (soh_parse(
                judgement->response.data, judgement->response.size, &verdicts->all.response, NULL))
        return true;
    agent_reply_clear(&verdicts->reply);
    complain("napserver's response is malformed");
    return false;
}

/* Names the policy's validators that were not asked. */
static void print_unknown(
        const WCHAR *file, const struct policy *policy, const struct policy_result *result)
{
    size_t i;

    for (i = 0; i < policy->agent_count; i++)
        if (result->findings[i] == POLICY_UNAVAILABLE
                || result->findings[i] == POLICY_UNAVAILABLE_EXCUSED)
            complain("%ls:%u: validator %u is not registered, or not enabled; see napctl validator "
                     "list",
                    file, policy->agents[i].line, (unsigned int)policy->agents[i].id);
}

/* ---- by validators alone ---- */

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

/* Judges `size` bytes, which may be in a carrier TLV. The response, then in one too, is written to
 * `response`. */
static HRESULT judge(const uint8_t *request, size_t size, uint8_t response[POLICY_MAX_ANSWER_SIZE],
        size_t *response_size)
{
    const struct napipc_judge_reply *judgement;
    struct agent_reply reply;
    struct soh_span statement;
    size_t carrier = soh_carrier_strip(request, size, &statement) ? SOH_CARRIER_SIZE : 0;
    HRESULT hr;

    if (FAILED(hr = ask_napserver(statement, &reply)))
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
    HRESULT hr = judge(request, size, response, &size);

    if (SUCCEEDED(hr))
        return write_response(options, response, size);
    report_napserver(hr, asking);
    return EXIT_FAILED;
}

/* ---- by a policy ---- */

static int validate_by_policy(const struct options *options, const struct policy *policy,
        const WCHAR *asking, const uint8_t *request, size_t size)
{
    static uint8_t response[POLICY_MAX_ANSWER_SIZE];
    static struct verdicts verdicts;
    struct policy_result result;
    enum policy_status status;
    bool judged;
    FILETIME now;

    judged = policy_has_validators(policy) && get_verdicts(request, size, asking, &verdicts);
    GetSystemTimeAsFileTime(&now);
    status = policy_answer(policy, judged ? &verdicts.all : NULL, request, size,
            (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime, response, &result);
    if (status == POLICY_OK && judged)
        print_unknown(options->policy, policy, &result);
    if (judged)
        agent_reply_clear(&verdicts.reply);
    switch (status)
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
    print_findings(policy, &result);
    return write_response(options, response, result.size);
}

static int check_policy(const WCHAR *file)
{
    static struct policy policy;
    char text[MAX_PATH * 3];

    if (!read_policy(file, &policy))
        return EXIT_FAILED;
    format_text(text, sizeof(text), "%ls", file);
    print_visible(stdout, text);
    puts(": no fault found");
    return EXIT_DONE;
}

int validate(const struct options *options)
{
    static uint8_t request[SOH_FILE_MAX + 1], response[POLICY_MAX_ANSWER_SIZE];
    static struct policy policy;
    const WCHAR *asking = options->request ? options->request : L"-";
    size_t size;

    if (options->check && (options->request || options->response))
        return complain_usage(find_command(L"validate", NULL),
                "--check reads a policy alone: leave out --request and --response");
    if (options->check)
        return check_policy(options->check);
    if ((!options->validators && !read_policy(options->policy, &policy))
            || !file_read(asking, "a statement of health", request, SOH_FILE_MAX, &size))
        return EXIT_FAILED;
    if (options->validators)
        return validate_by_validators(options, asking, request, size, response);
    return validate_by_policy(options, &policy, asking, request, size);
}
