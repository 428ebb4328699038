/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A question and its answers; see question.h.
 */
#include "programs/napserver/question.h"

#include <stdlib.h>
#include <string.h>

#include "naperror.h"

#include "libs/text/utf.h"

/* ms in which an answer comes from the validator to us: so much earlier than our deadline is its.
 */
#define ON_THE_WAY 100

HRESULT question_create(
        const struct napipc_judge *request, struct question **out, struct soh_error *error)
{
    DWORD size = request->statement.size;
    struct question *question = calloc(1, sizeof(*question) + size);
    struct soh_span name;
    size_t length = 0;

    *out = NULL;
    if (!question)
        return E_OUTOFMEMORY;
    if (size)
        memcpy(question->statement, request->statement.data, size);
    question->statement_size = size;
    if (!soh_parse(question->statement, size, &question->packet, error))
    {
        free(question);
        return NAP_E_INVALID_PACKET;
    }
    if (question->packet.kind != SOH_REQUEST)
    {
        *error = (struct soh_error){0, "validators judge requests, and this is a response"};
        free(question);
        return NAP_E_INVALID_PACKET;
    }
    question->refs = 1;
    InitializeSRWLock(&question->lock);
    InitializeConditionVariable(&question->changed);
    question->config_id = request->config_id;
    soh_correlation_id_split(&question->packet.correlation_id, question->correlation.conn_id.bytes,
            &question->correlation.time_stamp);
    /* A name that is no UTF-8, or too long, is none. */
    name = question->packet.system.machine_name;
    if (!utf16_from_utf8((const char *)name.data, name.size, question->name_units,
                NAPIPC_MAX_STRING, &length))
        length = 0;
    question->machine_name.units = question->name_units;
    question->machine_name.length = (uint16_t)length;
    *out = question;
    return S_OK;
}

void question_add_ref(struct question *question)
{
    InterlockedIncrement(&question->refs);
}

void question_release(struct question *question)
{
    unsigned int i;

    if (InterlockedDecrement(&question->refs))
        return;
    for (i = 0; i < NAPIPC_MAX_VALIDATORS; i++)
        free(question->answers[i].soh);
    free(question);
}

/* Did the client's agent make this SoH because the health agent had none? */
static bool is_system_generated(const struct soh_packet *packet, DWORD id)
{
    uint32_t generated;
    size_t i;

    for (i = 0; soh_ids_get(packet->system.generated_ids, i, &generated); i++)
        if (generated == id)
            return true;
    return false;
}

bool question_ask(const struct question *question, DWORD id, struct napipc_message *message)
{
    struct napipc_validate *validate = &message->validate;
    ULONGLONG now = GetTickCount64(), left;
    struct soh_entry entry;

    if (now >= question->deadline)
        return false;
    left = question->deadline - now;
    memset(validate, 0, sizeof(*validate));
    message->type = NAPIPC_VALIDATE;
    message->status = 0;
    validate->correlation = question->correlation;
    validate->machine_name = question->machine_name;
    validate->timeout = (DWORD)(left - (left / 10 < ON_THE_WAY ? left / 10 : ON_THE_WAY));
    validate->config_id = question->config_id;
    /* "SHVs will be asked to validate the client machine regardless of whether the client sent an
     * SoHRequest intended for the SHV." */
    if (soh_find_entry(&question->packet, id, &entry))
    {
        validate->system_generated = is_system_generated(&question->packet, id);
        validate->soh.data = entry.attributes.data;
        validate->soh.size = (uint32_t)entry.attributes.size;
    }
    return true;
}

void question_asked(struct question *question, unsigned int index, DWORD process_id)
{
    AcquireSRWLockExclusive(&question->lock);
    if (!question->closed)
        question->answers[index].process_id = process_id;
    ReleaseSRWLockExclusive(&question->lock);
}

void question_answer(struct question *question, unsigned int index, HRESULT result,
        const struct napipc_blob *soh)
{
    struct answer *answer = &question->answers[index];

    AcquireSRWLockExclusive(&question->lock);
    if (!question->closed)
    {
        if (result == S_OK && !(answer->soh = malloc(soh->size)))
            result = E_OUTOFMEMORY;
        if (result == S_OK)
        {
            memcpy(answer->soh, soh->data, soh->size);
            answer->soh_size = soh->size;
        }
        answer->result = result;
        if (!--question->awaited)
            WakeAllConditionVariable(&question->changed);
    }
    ReleaseSRWLockExclusive(&question->lock);
}

void question_end(struct question *question)
{
    ULONGLONG now;

    AcquireSRWLockExclusive(&question->lock);
    while (question->awaited && (now = GetTickCount64()) < question->deadline)
        SleepConditionVariableSRW(
                &question->changed, &question->lock, (DWORD)(question->deadline - now), 0);
    question->closed = true;
    ReleaseSRWLockExclusive(&question->lock);
}
