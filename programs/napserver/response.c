/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Verdicts and the SSoHR; see response.h.
 */
#include "programs/napserver/response.h"

#include <string.h>

#define CATEGORY_NONE 0 /* FailureCategory */
#define CATEGORY_SERVER_COMPONENT 4
#define STATE_NOT_RESTRICTED 1 /* IsolationState */
#define STATE_RESTRICTED 3

/* ---- the verdict ---- */

static bool is_healthy(uint8_t category, const struct napipc_failure_mapping *mapping)
{
    return category <= NAPIPC_FAILURE_CATEGORIES && mapping->compliant[category - 1];
}

/* "This TLV will further be mapped to healthy or unhealthy": the first category that is not
 * healthy, else the last; 0: there is none. */
static uint8_t category_of(
        const struct soh_entry *entry, const struct napipc_failure_mapping *mapping)
{
    struct soh_attribute attribute;
    uint8_t category = CATEGORY_NONE, value;
    size_t position = 0;

    while (soh_next_attribute(entry, &position, &attribute))
        if (attribute.type == SOH_ATTRIBUTE_FAILURE_CATEGORY && soh_attribute_u8(&attribute, &value)
                && value != CATEGORY_NONE
                && (category == CATEGORY_NONE || is_healthy(category, mapping)))
            category = value;
    return category;
}

/* Are there compliance result codes, and is none of them a failure? */
static bool codes_succeed(const struct soh_entry *entry)
{
    struct soh_attribute attribute;
    size_t position = 0, i;
    uint32_t code;
    bool any = false;

    while (soh_next_attribute(entry, &position, &attribute))
        for (i = 0; attribute.type == SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES
                    && soh_attribute_u32_at(&attribute, i, &code);
                i++)
        {
            if (FAILED((HRESULT)code))
                return false;
            any = true;
        }
    return any;
}

void response_judge(const struct answer *answer, const struct napipc_failure_mapping *mapping,
        struct napipc_judged *judged)
{
    struct soh_entry entry = {.attributes = {answer->soh, answer->soh_size}};

    judged->result = (uint32_t)answer->result;
    judged->process_id = answer->process_id;
    judged->failure_category =
            answer->result == S_OK ? category_of(&entry, mapping) : CATEGORY_SERVER_COMPONENT;
    /* Nobody says that a validator that was withdrawn would have been content. */
    if (answer->result == E_ABORT)
    {
        judged->compliant = false;
        return;
    }
    judged->compliant = judged->failure_category != CATEGORY_NONE
                                ? is_healthy(judged->failure_category, mapping)
                                : codes_succeed(&entry);
}

/* ---- the response ---- */

static void build_begin(struct soh_builder *builder, const struct soh_packet *request, bool healthy)
{
    struct soh_mode mode = {request->correlation_id, SOH_INTENT_RESPONSE};
    struct soh_system system = {
            .present = SOH_HAS_CORRELATION_ID | SOH_HAS_QUARANTINE,
            .correlation_id = request->correlation_id,
            .quarantine = {.isolation_state = healthy ? STATE_NOT_RESTRICTED : STATE_RESTRICTED,
                    .probation_end = SOH_NO_PROBATION},
    };

    soh_build_begin(builder, SOH_RESPONSE, request->has_mode ? &mode : NULL, &system);
}

/* The validator's own part, or what the system says for one that failed. */
static void build_entry(struct soh_builder *builder, const struct answer *answer,
        const struct napipc_judged *judged)
{
    if (answer->result == S_OK)
        soh_build_soh_bytes(builder, (struct soh_span){answer->soh, answer->soh_size});
    else
        soh_build_agent_entry(builder, judged->id, judged->failure_category, &judged->result, 1);
}

bool response_accepts(DWORD id, const struct napipc_blob *soh, BYTE *scratch)
{
    static const struct soh_packet nobody;
    struct soh_builder builder;
    struct soh_packet packet;
    struct soh_entry entry;

    soh_builder_init(&builder, scratch, NAPIPC_MAX_SOH);
    build_begin(&builder, &nobody, true);
    soh_build_soh_bytes(&builder, (struct soh_span){soh->data, soh->size});
    return soh_build_end(&builder) == SOH_BUILD_OK
           && soh_parse(scratch, builder.size, &packet, NULL) && soh_find_entry(&packet, id, &entry)
           && entry.attributes.size == soh->size;
}

/* Which entries matter more: 0 most. */
static unsigned int rank_of(const struct question *question, const struct napipc_judged *judged)
{
    struct soh_entry entry;
    bool reported = soh_find_entry(&question->packet, judged->id, &entry);

    return (reported ? 0 : 2) + (judged->compliant ? 1 : 0);
}

/* The entries that matter most, at most 20, in that order. Returns their number. */
static unsigned int choose(const struct question *question, const struct napipc_judge_reply *reply,
        unsigned int chosen[SOH_MAX_ENTRIES])
{
    unsigned int rank, i, count = 0;

    for (rank = 0; rank <= 3; rank++)
        for (i = 0; i < reply->count && count < SOH_MAX_ENTRIES; i++)
            if (rank_of(question, &reply->validators[i]) == rank)
                chosen[count++] = i;
    return count;
}

/* Bytes of the entry alone. */
static size_t size_of(
        const struct question *question, const struct napipc_judge_reply *reply, unsigned int index)
{
    struct soh_builder builder;
    size_t before;

    soh_builder_init(&builder, NULL, 0);
    build_begin(&builder, &question->packet, true);
    before = builder.size;
    build_entry(&builder, &question->answers[index], &reply->validators[index]);
    return builder.size - before;
}

/* Marks those that get into the response: the small ones first, of equal ones those that matter
 * more. So a large one pushes out no other. */
static void mark(const struct question *question, struct napipc_judge_reply *reply,
        const unsigned int *chosen, unsigned int count, size_t room)
{
    size_t sizes[SOH_MAX_ENTRIES];
    unsigned int i, next, done;

    for (i = 0; i < count; i++)
        sizes[i] = size_of(question, reply, chosen[i]);
    for (done = 0; done < count; done++)
    {
        for (i = next = 0; i < count; i++)
            if (sizes[i] < sizes[next])
                next = i;
        if (sizes[next] > room)
            return;
        room -= sizes[next];
        sizes[next] = SIZE_MAX;
        reply->validators[chosen[next]].in_response = true;
    }
}

bool response_build(const struct question *question, struct napipc_judge_reply *reply, BYTE *packet)
{
    unsigned int chosen[SOH_MAX_ENTRIES], count = choose(question, reply, chosen), i;
    struct soh_builder builder;

    soh_builder_init(&builder, packet, NAPIPC_MAX_SOH);
    build_begin(&builder, &question->packet, reply->compliant);
    if (builder.size <= NAPIPC_MAX_SOH)
        mark(question, reply, chosen, count, NAPIPC_MAX_SOH - builder.size);
    for (i = 0; i < count; i++)
        if (reply->validators[chosen[i]].in_response)
            build_entry(&builder, &question->answers[chosen[i]], &reply->validators[chosen[i]]);
    if (soh_build_end(&builder) != SOH_BUILD_OK)
        return false;
    reply->response.data = packet;
    reply->response.size = (uint32_t)builder.size;
    return true;
}
