/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The validators and their hosts; see validators.h.
 */
#include "programs/napserver/validators.h"

#include <string.h>

#include "naperror.h"

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "programs/napserver/host.h"
#include "programs/napserver/response.h"

#define END_TIMEOUT 3000 /* ms for all processes to end */

struct validator
{
    uint32_t id;
    struct napipc_guid clsid;
    uint64_t registered; /* its date: of this registration and no other */
    struct napipc_failure_mapping mapping;
    bool enabled;
    struct host *host; /* NULL: it was never asked */
};

struct table
{
    unsigned int count;
    struct validator validators[NAPIPC_MAX_VALIDATORS];
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct table current;
static volatile LONG ending; /* the service stops: nobody is asked any more */
static DWORD default_timeout = VALIDATORS_DEFAULT_TIMEOUT;

void validators_set_timeout(DWORD timeout)
{
    default_timeout = timeout;
}

/* ---- the table ---- */

static void append_page(struct table *table, const struct napipc_validator_list_reply *page)
{
    uint16_t i;

    for (i = 0; i < page->count && table->count < NAPIPC_MAX_VALIDATORS; i++)
    {
        const struct napipc_validator *listed = &page->validators[i];

        table->validators[table->count++] = (struct validator){listed->component.id, listed->clsid,
                listed->component.registration_date, listed->mapping, listed->enabled, NULL};
    }
}

/* napagent's table, by ascending id. */
static HRESULT read_table(struct table *table)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_LIST};
    struct agent_reply reply;
    bool more = true;
    HRESULT hr;

    table->count = 0;
    while (more)
    {
        const struct napipc_validator_list_reply *page = &reply.message.validator_list_reply;

        if (FAILED(hr = agent_process_call(agent_start_always, &request, &reply, NULL)))
            return hr;
        append_page(table, page);
        more = page->more && page->count;
        if (page->count)
            request.validator_list.after = page->validators[page->count - 1].component.id;
        agent_reply_clear(&reply);
    }
    return S_OK;
}

static bool is_same(const struct validator *one, const struct validator *other)
{
    return one->id == other->id && one->registered == other->registered
           && !memcmp(&one->clsid, &other->clsid, sizeof(one->clsid));
}

/* Replaces the current table; the hosts of the validators that are still there go on. */
static void take_table(struct table *table)
{
    unsigned int i, j;

    for (i = 0; i < current.count; i++)
    {
        struct host *host = current.validators[i].host;

        for (j = 0; j < table->count; j++)
            if (is_same(&current.validators[i], &table->validators[j]))
                break;
        if (j < table->count)
            table->validators[j].host = host;
        else if (host)
            host_end(host);
    }
    current = *table;
}

/* ---- asking ---- */

/* Asks the enabled validators. Returns the number of them; `mappings` are theirs. */
static unsigned int ask(struct question *question, struct napipc_judge_reply *reply,
        struct napipc_failure_mapping *mappings)
{
    static const struct napipc_blob nothing;
    struct validator *asked[NAPIPC_MAX_VALIDATORS];
    unsigned int count = 0, i;

    for (i = 0; i < current.count; i++)
    {
        struct validator *validator = &current.validators[i];

        if (validator->enabled)
            asked[count++] = validator;
        else if (validator->host)
            host_rest(validator->host);
    }
    question->awaited = count;
    for (i = 0; i < count; i++)
    {
        question->answers[i].result = NAP_E_SHV_TIMEOUT;
        reply->validators[i].id = asked[i]->id;
        mappings[i] = asked[i]->mapping;
    }
    for (i = 0; i < count; i++)
    {
        CLSID clsid;

        memcpy(&clsid, asked[i]->clsid.bytes, sizeof(clsid));
        if (!asked[i]->host)
            asked[i]->host = host_create(&clsid, asked[i]->id);
        if (asked[i]->host)
            host_ask(asked[i]->host, question, i);
        else
            question_answer(question, i, E_OUTOFMEMORY, &nothing);
    }
    return count;
}

static DWORD timeout_of(const struct napipc_judge *request)
{
    DWORD timeout = request->timeout ? request->timeout : default_timeout;

    if (!timeout)
        timeout = VALIDATORS_DEFAULT_TIMEOUT;
    return timeout < VALIDATORS_MAX_TIMEOUT ? timeout : VALIDATORS_MAX_TIMEOUT;
}

/* The answers are there, or too late. */
static HRESULT conclude(const struct question *question,
        const struct napipc_failure_mapping *mappings, struct napipc_judge_reply *reply,
        BYTE *packet)
{
    uint16_t i;

    reply->compliant = true;
    for (i = 0; i < reply->count; i++)
    {
        struct napipc_judged *judged = &reply->validators[i];

        response_judge(&question->answers[i], &mappings[i], judged);
        reply->compliant = reply->compliant && judged->compliant;
        if (FAILED((HRESULT)judged->result))
            log_event(LOG_WARN, judged->id, "validator-failed",
                    "the validator has not judged: %#lx; that counts as %s",
                    (unsigned long)judged->result, judged->compliant ? "healthy" : "not healthy");
    }
    return response_build(question, reply, packet) ? S_OK : E_UNEXPECTED;
}

HRESULT validators_judge(const struct napipc_judge *request, struct napipc_judge_reply *reply,
        BYTE packet[NAPIPC_MAX_SOH])
{
    struct napipc_failure_mapping mappings[NAPIPC_MAX_VALIDATORS];
    struct soh_error error = {0, ""};
    struct question *question;
    struct table table;
    HRESULT hr;

    memset(reply, 0, sizeof(*reply));
    if (FAILED(hr = question_create(request, &question, &error)))
    {
        if (hr == NAP_E_INVALID_PACKET)
            log_event(LOG_WARN, 0, "refused-statement", "not a statement of health: %s, byte %lu",
                    error.rule, (unsigned long)error.offset);
        return hr;
    }
    AcquireSRWLockExclusive(&lock);
    if (SUCCEEDED(hr = ending ? E_ABORT : read_table(&table)) && ending)
        hr = E_ABORT;
    if (SUCCEEDED(hr))
    {
        take_table(&table);
        /* The agent's answer may have taken long, because it had to be started. */
        question->timeout = timeout_of(request);
        question->deadline = GetTickCount64() + question->timeout;
        reply->count = (uint16_t)ask(question, reply, mappings);
    }
    ReleaseSRWLockExclusive(&lock);
    if (SUCCEEDED(hr) && !reply->count)
        hr = NAP_E_NOT_REGISTERED;
    if (SUCCEEDED(hr))
    {
        question_end(question);
        hr = ending ? E_ABORT : conclude(question, mappings, reply, packet);
    }
    question_release(question);
    return hr;
}

void validators_end(void)
{
    ULONGLONG begun = GetTickCount64();
    unsigned int i;

    InterlockedExchange(&ending, 1);
    while (!TryAcquireSRWLockExclusive(&lock))
    {
        /* Somebody waits for an agent that does not answer. The end of this process closes the
         * pipes, which ends the hosts' processes. */
        if (GetTickCount64() - begun >= END_TIMEOUT)
            return;
        Sleep(10);
    }
    for (i = 0; i < current.count; i++)
        if (current.validators[i].host)
            host_end(current.validators[i].host);
    current.count = 0;
    ReleaseSRWLockExclusive(&lock);
    hosts_wait(END_TIMEOUT);
}
