/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the agent sends, held against the model: SSoHs, and callbacks to the programs.
 */
#include "tests/fuzz/model.h"

static struct napipc_correlation seen[2048]; /* correlation ids */
static unsigned int seen_count;

/* ---- SoHs ---- */

void write_soh(uint8_t *soh, uint32_t id, uint8_t code)
{
    const uint8_t bytes[SOH_SIZE] = {0, 2, 0, 4, id >> 24, id >> 16 & 255, id >> 8 & 255, id & 255,
            0, 4, 0, 4, 0, 0, 0, code};

    memcpy(soh, bytes, sizeof(bytes));
}

struct statement otherwise(const struct member *agent, uint32_t code)
{
    return (struct statement){agent->cached, agent->cached == NOTHING ? code : 0};
}

void set_cache(struct member *health, int soh)
{
    if (health->cached == soh)
        return;
    health->cached = soh;
    health->cache_unsure = health->cache_unsure || (agent.store_result != S_OK);
}

static bool says(const struct soh_packet *packet, const struct member *agent,
        const struct statement *statement)
{
    struct soh_attribute attribute;
    uint8_t category = 0, soh[SOH_SIZE];
    uint32_t code = 0, id;
    struct soh_entry entry;
    bool made = false;
    size_t i;

    if (!soh_find_entry(packet, agent->id, &entry))
        return false;
    for (i = 0; soh_ids_get(packet->system.generated_ids, i, &id); i++)
        made = made || id == agent->id;
    if (made != (statement->soh == NOTHING))
        return false;
    if (!made)
    {
        write_soh(soh, agent->id, (uint8_t)statement->soh);
        return entry.attributes.size == SOH_SIZE && !memcmp(entry.attributes.data, soh, SOH_SIZE);
    }
    return soh_find_attribute(&entry, SOH_ATTRIBUTE_FAILURE_CATEGORY, &attribute)
           && soh_attribute_u8(&attribute, &category)
           && category == (statement->code == NAP_E_NO_CACHED_SOH ? 3 : 2)
           && soh_find_attribute(&entry, SOH_ATTRIBUTE_ERROR_CODES, &attribute)
           && soh_attribute_u32_at(&attribute, 0, &code) && code == statement->code;
}

/* ---- the agent's output ---- */

unsigned int unanswered(const struct member *health, unsigned int first, unsigned int last)
{
    unsigned int i, count = 0;

    for (i = 0; i < question_count; i++)
        count += questions[i].agent == health && !questions[i].answered
                 && questions[i].enforcer >= first && questions[i].enforcer <= last;
    return count;
}

/* The callbacks because of one process, those that wait included; `parts` may wait too. */
static unsigned int demand(const struct member *health, unsigned int enforcer)
{
    unsigned int k = health - members - ENFORCERS, i,
                 count = unanswered(health, enforcer, enforcer);

    for (i = 0; i < OPEN_MAX; i++)
    {
        const struct request *request = &requests[enforcer][i];

        count += request->open && request->part[k].in && !request->part[k].settled
                 && !question_of(request, health);
    }
    return count;
}

bool may_wait(const struct member *health, unsigned int enforcer)
{
    unsigned int i, share = PROCESS_SLOTS, parts = health->parts_max - health->parts;

    for (i = 0; i < ENFORCERS; i++)
        if (i != enforcer && demand(health, i) + parts && demand(health, enforcer) + parts > SLOTS)
            share = GREEDY_SLOTS;
    return unanswered(health, 0, ENFORCERS - 1) >= SLOTS
           || unanswered(health, enforcer, enforcer) >= share;
}

bool hangs(const struct member *health)
{
    unsigned int i;

    for (i = 0; i < question_count; i++)
        if (questions[i].agent == health && questions[i].settled && !questions[i].answered)
            return true;
    return false;
}

struct question *question_of(const struct request *request, const struct member *health)
{
    unsigned int i;

    for (i = 0; i < question_count && request->named; i++)
        if (questions[i].agent == health
                && !memcmp(&questions[i].correlation, &request->correlation,
                        sizeof(request->correlation)))
            return &questions[i];
    return NULL;
}

void settle_waiting(const struct member *health, uint32_t code)
{
    unsigned int number = (unsigned int)(health - members) - ENFORCERS, i;

    for (i = 0; i < ENFORCERS * OPEN_MAX; i++)
    {
        struct request *request = &requests[0][0] + i;

        if (request->open && !request->part[number].settled && !question_of(request, health))
        {
            request->part[number].settled = true;
            request->part[number].statement = otherwise(health, code);
        }
    }
}

void restart_deadlines(const struct member *health, uint64_t began)
{
    unsigned int i;

    for (i = 0; i < question_count; i++)
        if (questions[i].agent == health && began < questions[i].asked + DEADLINE)
            questions[i].deadline = agent.monotonic + DEADLINE;
}

static void name_request(struct request *request, const struct napipc_correlation *correlation)
{
    unsigned int i;

    for (i = 0; i < seen_count; i++)
        require(ids_may_repeat || memcmp(&seen[i], correlation, sizeof(seen[i])));
    if (seen_count < sizeof(seen) / sizeof(seen[0]))
        seen[seen_count++] = *correlation;
    if (newest < correlation->time_stamp)
        newest = correlation->time_stamp;
    request->named = true;
    request->correlation = *correlation;
}

static void check_ssoh(const struct request *request, const struct napipc_soh_request_reply *reply)
{
    struct soh_packet packet;
    struct soh_entry entry;
    size_t position = 0, count = 0, made = 0;
    struct soh_correlation_id expected;
    unsigned int i;
    uint32_t id;

    require(soh_parse(reply->soh.data, reply->soh.size, &packet, NULL));
    expected = soh_correlation_id_make(
            reply->correlation.conn_id.bytes, reply->correlation.time_stamp);
    require(!memcmp(&packet.correlation_id, &expected, sizeof(expected)));
    for (i = 0; i < AGENTS; i++)
        if (request->part[i].in)
        {
            const struct member *health = &members[ENFORCERS + i];
            const struct question *question = question_of(request, health);

            require(question ? question->settled : request->part[i].settled);
            require(says(&packet, health,
                    question ? &question->statement : &request->part[i].statement));
            count++;
        }
    while (soh_next_entry(&packet, &position, &entry))
        count--;
    require(!count);
    while (soh_ids_get(packet.system.generated_ids, made, &id))
        made++;
    require(made <= AGENTS);
}

static void receive_ssoh(const struct member *enforcer, const struct napipc_message *message)
{
    const struct napipc_soh_request_reply *reply = &message->soh_request_reply;
    struct request *request = requests[enforcer - members];
    const struct request *end = request + OPEN_MAX;
    struct connection *connection;

    while (request < end && (!request->open || request->call != message->call))
        request++;
    require(request < end); /* called, and not answered before */
    request->open = false;
    require(message->status == (request->cancelled ? NAP_E_NOT_INITIALIZED : S_OK));
    if (message->status)
        return;
    if (!request->named)
        name_request(request, &reply->correlation);
    require(!memcmp(&request->correlation, &reply->correlation, sizeof(reply->correlation)));
    check_ssoh(request, reply);
    connection = request->connection;
    memcpy(connection->before, connection->object.ssoh, connection->object.ssoh_size);
    connection->before_size = connection->object.ssoh_size;
    memcpy(connection->object.ssoh, reply->soh.data, reply->soh.size);
    connection->object.ssoh_size = reply->soh.size;
    memcpy(connection->object.private_data, reply->private_data.data, reply->private_data.size);
    connection->object.private_size = reply->private_data.size;
    connection->pending = true; /* and an older request is orphaned */
}

/* The request of a new correlation id: the queued requests of one process continue in order. */
static struct request *next_to_ask(unsigned int enforcer, unsigned int health)
{
    struct request *request, *found = NULL;

    for (request = requests[enforcer]; request < requests[enforcer] + OPEN_MAX; request++)
        if (request->open && !request->cancelled && !request->named
                && !request->part[health].settled && (!found || request->number < found->number))
            found = request;
    return found;
}

static void receive_question(struct member *health, const struct napipc_message *message)
{
    const struct napipc_correlation *correlation = &message->agent_get_soh.correlation;
    struct question *question = &questions[question_count];
    unsigned int i, number = (unsigned int)(health - members) - ENFORCERS;
    struct request *request = NULL;

    require(question_count < QUESTIONS);
    require(health->kind == HEALTH_AGENT && health->bound && !hangs(health));
    memset(question, 0, sizeof(*question));
    question->agent = health;
    /* Only the second enforcement client's connections have ids. */
    question->enforcer = !memcmp(
            &correlation->conn_id, &connections[1][0].object.id, sizeof(correlation->conn_id));
    for (i = 0; i < OPEN_MAX; i++)
        if (requests[question->enforcer][i].open && requests[question->enforcer][i].named
                && !memcmp(&requests[question->enforcer][i].correlation, correlation,
                        sizeof(*correlation)))
            request = &requests[question->enforcer][i];
    if (!request)
    {
        request = next_to_ask(question->enforcer, number);
        require(request);
        name_request(request, correlation);
    }
    require(!request->part[number].settled && !question_of(request, health));
    question->correlation = *correlation;
    question->call = message->call;
    question->asked = agent.monotonic;
    question->deadline = agent.monotonic + DEADLINE;
    question_count++;
    require(unanswered(health, 0, ENFORCERS - 1) <= SLOTS);
    require(unanswered(health, question->enforcer, question->enforcer) <= PROCESS_SLOTS);
}

/* Programs handle all other callbacks at once. */
static void answer_callback(struct member *member, const struct napipc_message *asked)
{
    struct napipc_message answer;
    unsigned int i, index = (unsigned int)(member - members);

    memset(&answer, 0, sizeof(answer));
    answer.type = asked->type | NAPIPC_REPLY;
    answer.call = asked->call;
    if (asked->type == NAPIPC_AGENT_PROCESS_RESPONSE)
        member->parts++;
    if (asked->type == NAPIPC_GET_CONNECTIONS)
        for (i = 0; i < OBJECTS; i++)
            if (connections[index][i].object.private_size)
            {
                object_report(&connections[index][i].object,
                        &answer.get_connections_reply
                                 .connections[answer.get_connections_reply.count++]);
                connections[index][i].known = true;
            }
    restart_deadlines(member, agent.monotonic);
    require(client_send(member->client, &answer));
}

bool waited_for;
struct napipc_message waited;

void output_reset(void)
{
    seen_count = 0;
    waited_for = false;
}

void read_all(void)
{
    struct napipc_message message;
    bool any = true;
    unsigned int i;

    while (any)
        for (any = false, i = 0; i < CLIENTS; i++)
            while (client_next(members[i].client, &message))
            {
                any = true;
                if (message.type == (NAPIPC_SOH_REQUEST | NAPIPC_REPLY))
                    receive_ssoh(&members[i], &message);
                else if (message.type & NAPIPC_REPLY)
                {
                    require(waited_for && message.call == waited.call
                            && message.type == (waited.type | NAPIPC_REPLY));
                    waited_for = false;
                    waited = message;
                }
                else if (message.type == NAPIPC_AGENT_GET_SOH)
                    receive_question(&members[i], &message);
                else
                    answer_callback(&members[i], &message);
            }
    agent.frames_size = 0;
}

uint32_t ask(struct member *member, struct napipc_message *message)
{
    message->call = ++member->client->call;
    waited = *message;
    waited_for = true;
    require(client_send(member->client, message));
    read_all();
    require(!waited_for);
    return waited.status;
}
