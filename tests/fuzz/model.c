/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The whole engine beside a reference model: two enforcement clients with two connections each,
 * three health agents, an administrator, a store that fails, a clock that is set back, an agent
 * that is restarted. The model is written from the pages of Microsoft's reference and from
 * docs/compatibility.md, not from the engine's sources; any difference aborts.
 *
 * An input is a sequence of steps: a byte for the kind (below), and its arguments, a byte each;
 * beyond the end of the input everything is 0. `e`, `o` and `h` choose an enforcement client, its
 * connection, a health agent.
 *
 *   0 BIND        kind, which, again: Initialize; as a client that lost the agent
 *   1 UNBIND      kind, which: Uninitialize
 *   2 LOSE        kind, which: the program ends and is restarted
 *   3 REQUEST     e, o: GetSoHRequest
 *   4 ANSWER      h, how, code: its oldest pending GetSoHRequest
 *   5 RESPOND     e, o, state, agents, stale: ProcessSoHResponse, with a part for the agents whose
 *                 bits are set; to the SSoH before the last
 *   6 DOWN        e, o: NotifyConnectionStateDown; the next connection there is a new one
 *   7 REGISTER    kind, which
 *   8 UNREGISTER  kind, which
 *   9 ENABLE      kind, which, on
 *  10 FLUSH       h: FlushCache
 *  11 WAIT        times 100 ms
 *  12 STORE       fails, administrator
 *  13 RESTART     seconds that the clock is set back; odd: the clients are closed first;
 *                 2 modulo 4: it is killed
 *
 * The model knows these rules:
 *
 * - A request is answered once. Every request is answered when no health agent that was called is
 *   within its deadline.
 * - Each request calls each health agent by a callback of its own: at once, or in its turn if the
 *   health agent has 32 pending ones or 20 of this process. One that hangs is neither called nor
 *   waited for.
 * - An SSoH has an entry for each health agent that was registered at the request, and no other:
 *   its own SoH, its cached one, or one that the agent made, with the code of the table in
 *   docs/compatibility.md. It lists the ids of those that the agent made, and no other.
 * - A response counts for the last SSoH of its connection, once; each health agent gets its part.
 * - The system's isolation is that of its most restricted connection that is up and belongs to a
 *   bound and enabled enforcement client.
 * - A change that the store rejects has not happened; an acknowledged change is there after a
 *   restart.
 * - No correlation id is repeated, unless the store cannot be written.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/engine/agent.h"

#define ENFORCERS 2
#define AGENTS 3
#define OBJECTS 2
#define CLIENTS (ENFORCERS + AGENTS)
#define STEPS_MAX 300
#define OPEN_MAX 21      /* requests of one enforcement client; the host reads no more of it */
#define SLOTS 32         /* pending callbacks of one health agent */
#define PROCESS_SLOTS 20 /* of them because of one process */
#define QUESTIONS 1024
#define DEADLINE 5000
#define NAP_E_NO_CACHED_SOH UINT32_C(0x80270004)
#define NOTHING (-1) /* cached */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A health agent's part in an SSoH: its SoH, or an entry that the agent made. */
struct said
{
    int soh;       /* its code; NOTHING: the agent made the entry */
    uint32_t code; /* of an entry that the agent made */
};

/* A registered component and its program. */
static struct member
{
    uint32_t kind, id;
    struct client *client;
    bool registered, enabled, bound;
    int cached;         /* a health agent's */
    bool cache_unsure;  /* the store rejected it: it may have the one before */
    unsigned int parts; /* calls of ProcessSoHResponse; bounds for them: */
    unsigned int parts_min, parts_max;
} members[CLIENTS];

/* A callback GetSoHRequest to a health agent. */
static struct question
{
    struct member *agent;
    unsigned int enforcer; /* for which request */
    struct napipc_correlation correlation;
    uint32_t call;
    uint64_t asked, deadline;
    bool answered, settled; /* it may be settled by its deadline, and answered later */
    bool abandoned;         /* of an ended binding */
    struct said said;
} questions[QUESTIONS];
static unsigned int question_count;

/* A GetSoHRequest of an enforcement client. */
static struct request
{
    bool open, cancelled;
    struct connection *connection;
    uint32_t call;
    uint64_t number; /* in order */
    bool named;      /* its correlation id is known */
    struct napipc_correlation correlation;
    struct
    {
        bool in, settled;
        struct said said; /* if settled without a callback */
    } part[AGENTS];
} requests[ENFORCERS][OPEN_MAX];
static uint64_t request_count;

static struct connection
{
    struct member *enforcer;
    struct object object;
    uint8_t before[4000]; /* the SSoH before the last */
    uint32_t before_size;
    bool known, pending; /* to the agent */
} connections[ENFORCERS][OBJECTS];

static struct client *administrator;
static struct napipc_correlation seen[2048];
static unsigned int seen_count;
static uint64_t newest; /* time stamp since the agent was started */
static bool ids_may_repeat, store_failed;

static struct
{
    const uint8_t *data;
    size_t left;
    unsigned int steps; /* so far */
} input;

static void differs(unsigned int line)
{
    fprintf(stderr, "the engine and the model differ: model.c:%u, step %u\n", line, input.steps);
    abort();
}

#define require(holds) ((holds) ? (void)0 : differs(__LINE__))

static uint8_t take(void)
{
    if (!input.left)
        return 0;
    input.left--;
    return *input.data++;
}

static struct member *take_agent(void)
{
    return &members[ENFORCERS + take() % AGENTS];
}

static struct member *take_member(void)
{
    return take() & 1 ? take_agent() : &members[take() % ENFORCERS];
}

static struct connection *take_connection(void)
{
    unsigned int enforcer = take() % ENFORCERS;

    return &connections[enforcer][take() % OBJECTS];
}

/* ---- SoHs ---- */

#define SOH_SIZE 16

static void write_soh(uint8_t *soh, uint32_t id, uint8_t code)
{
    const uint8_t bytes[SOH_SIZE] = {0, 2, 0, 4, id >> 24, id >> 16 & 255, id >> 8 & 255, id & 255,
            0, 4, 0, 4, 0, 0, 0, code};

    memcpy(soh, bytes, sizeof(bytes));
}

static struct said otherwise(const struct member *agent, uint32_t code)
{
    return (struct said){agent->cached, agent->cached == NOTHING ? code : 0};
}

static void set_cache(struct member *health, int soh)
{
    if (health->cached == soh)
        return;
    health->cached = soh;
    health->cache_unsure = health->cache_unsure || (agent.store_result != S_OK);
}

static bool says(
        const struct soh_packet *packet, const struct member *agent, const struct said *said)
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
    if (made != (said->soh == NOTHING))
        return false;
    if (!made)
    {
        write_soh(soh, agent->id, (uint8_t)said->soh);
        return entry.attributes.size == SOH_SIZE && !memcmp(entry.attributes.data, soh, SOH_SIZE);
    }
    return soh_find_attribute(&entry, SOH_ATTRIBUTE_FAILURE_CATEGORY, &attribute)
           && soh_attribute_u8(&attribute, &category)
           && category == (said->code == NAP_E_NO_CACHED_SOH ? 3 : 2)
           && soh_find_attribute(&entry, SOH_ATTRIBUTE_ERROR_CODES, &attribute)
           && soh_attribute_u32_at(&attribute, 0, &code) && code == said->code;
}

/* ---- the agent's output ---- */

static unsigned int unanswered(const struct member *health, unsigned int first, unsigned int last)
{
    unsigned int i, count = 0;

    for (i = 0; i < question_count; i++)
        count += questions[i].agent == health && !questions[i].answered
                 && questions[i].enforcer >= first && questions[i].enforcer <= last;
    return count;
}

/* True if this enforcement client's callbacks have to wait. */
static bool must_wait(const struct member *health, unsigned int enforcer)
{
    return unanswered(health, 0, ENFORCERS - 1) >= SLOTS
           || unanswered(health, enforcer, enforcer) >= PROCESS_SLOTS;
}

/* True if it has missed a GetSoHRequest's deadline. */
static bool hangs(const struct member *health)
{
    unsigned int i;

    for (i = 0; i < question_count; i++)
        if (questions[i].agent == health && questions[i].settled && !questions[i].answered)
            return true;
    return false;
}

/* The callback to the health agent for this request, or NULL. */
static struct question *question_of(const struct request *request, const struct member *health)
{
    unsigned int i;

    for (i = 0; i < question_count && request->named; i++)
        if (questions[i].agent == health
                && !memcmp(&questions[i].correlation, &request->correlation,
                        sizeof(request->correlation)))
            return &questions[i];
    return NULL;
}

/* Requests that wait in a queue continue without this health agent. */
static void settle_waiting(const struct member *health, uint32_t code)
{
    unsigned int number = (unsigned int)(health - members) - ENFORCERS, i;

    for (i = 0; i < ENFORCERS * OPEN_MAX; i++)
    {
        struct request *request = &requests[0][0] + i;

        if (request->open && !request->part[number].settled && !question_of(request, health))
        {
            request->part[number].settled = true;
            request->part[number].said = otherwise(health, code);
        }
    }
}

/* A single-threaded health agent may have had to answer this one first. */
static void restart_deadlines(const struct member *health, uint64_t began)
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
            require(says(&packet, health, question ? &question->said : &request->part[i].said));
            count++;
        }
    while (soh_next_entry(&packet, &position, &entry))
        count--;
    require(!count);
    while (soh_ids_get(packet.system.generated_ids, made, &id))
        made++;
    require(made <= AGENTS);
}

static void hear_ssoh(const struct member *enforcer, const struct napipc_message *message)
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

static void hear_question(struct member *health, const struct napipc_message *message)
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

static bool waited_for; /* for a reply to another request than GetSoHRequest */
static struct napipc_message waited;

static void read_all(void)
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
                    hear_ssoh(&members[i], &message);
                else if (message.type & NAPIPC_REPLY)
                {
                    require(waited_for && message.call == waited.call
                            && message.type == (waited.type | NAPIPC_REPLY));
                    waited_for = false;
                    waited = message;
                }
                else if (message.type == NAPIPC_AGENT_GET_SOH)
                    hear_question(&members[i], &message);
                else
                    answer_callback(&members[i], &message);
            }
    agent.frames_size = 0;
}

/* Sends a request that is answered at once; returns the status. The answer is in `waited`. */
static uint32_t ask(struct member *member, struct napipc_message *message)
{
    message->call = ++member->client->call;
    waited = *message;
    waited_for = true;
    require(client_send(member->client, message));
    read_all();
    require(!waited_for);
    return waited.status;
}

/* ---- steps ---- */

static uint32_t usable(const struct member *member)
{
    return !member->bound ? NAP_E_NOT_INITIALIZED : !member->enabled ? NAP_E_ENTITY_DISABLED : S_OK;
}

static void cancel(const struct connection *connection)
{
    struct request *request = requests[connection->enforcer - members];
    unsigned int i;

    for (i = 0; i < OPEN_MAX; i++, request++)
        request->cancelled = request->cancelled || request->connection == connection;
}

/* The binding has ended before anybody is notified. */
static void end_binding(struct member *member, bool lost)
{
    unsigned int i, number = (unsigned int)(member - members);

    if (!member->bound)
        return;
    member->bound = false;
    if (member->kind == ENFORCER)
    {
        for (i = 0; i < OBJECTS; i++)
        {
            cancel(&connections[number][i]);
            connections[number][i].known = connections[number][i].pending = false;
        }
        return;
    }
    if (lost)
        set_cache(member, NOTHING); /* "flushes its cache" */
    for (i = 0; i < question_count; i++)
        if (questions[i].agent == member && !questions[i].answered)
        {
            questions[i].answered = questions[i].abandoned = true;
            if (!questions[i].settled)
                questions[i].said = otherwise(member, NAP_E_NOT_INITIALIZED);
            questions[i].settled = true;
        }
    settle_waiting(member, NAP_E_NOT_INITIALIZED);
    member->parts_min = member->parts_max = member->parts;
}

static void bind_member(void)
{
    struct member *member = take_member();
    struct napipc_message message = {.type = NAPIPC_BIND};
    uint32_t expected = member->bound         ? E_ALREADY_INITIALIZED
                        : !member->registered ? NAP_E_NOT_REGISTERED
                        : !member->enabled    ? NAP_E_ENTITY_DISABLED
                                              : S_OK;

    message.bind.kind = member->kind;
    message.bind.id = member->id;
    message.bind.again = take() & 1;
    if (!expected)
        member->bound = true;
    require(ask(member, &message) == expected);
}

static void unbind_member(void)
{
    struct member *member = take_member();
    struct napipc_message message = {.type = NAPIPC_UNBIND};
    uint32_t expected = member->bound ? S_OK : NAP_E_NOT_INITIALIZED;

    end_binding(member, false);
    require(ask(member, &message) == expected);
}

static void lose_member(void)
{
    struct member *member = take_member();
    unsigned int i;

    end_binding(member, true);
    for (i = 0; i < OPEN_MAX && member->kind == ENFORCER; i++)
        requests[member - members][i].open = false; /* no client is left to be answered */
    for (i = 0; i < question_count; i++)
        if (questions[i].agent == member)
            questions[i].abandoned = false;
    client_disconnect(member->client);
    client_reconnect(member->client);
}

/* Answers after the end of the binding count for nothing, and must not affect the next binding. */
static void answer_abandoned(void)
{
    struct napipc_message message;
    unsigned int i;

    memset(&message, 0, sizeof(message));
    message.type = NAPIPC_AGENT_GET_SOH | NAPIPC_REPLY;
    for (i = 0; i < question_count; i++)
        if (questions[i].abandoned)
        {
            questions[i].abandoned = false;
            message.call = questions[i].call;
            restart_deadlines(questions[i].agent, questions[i].asked);
            require(client_send(questions[i].agent->client, &message));
        }
}

static void get_soh(void)
{
    struct connection *connection = take_connection();
    struct member *enforcer = connection->enforcer;
    struct napipc_message message = {.type = NAPIPC_SOH_REQUEST};
    struct request *request = requests[enforcer - members];
    const struct request *end = request + OPEN_MAX;
    uint32_t expected = usable(enforcer);
    unsigned int i;

    while (request < end && request->open)
        request++;
    if (request == end)
        return;
    message.soh_request.private_data.data = connection->object.private_data;
    message.soh_request.private_data.size = connection->object.private_size;
    message.soh_request.connection_id = connection->object.id;
    message.soh_request.max_size = sizeof(connection->object.ssoh);
    message.soh_request.object = (uint64_t)(connection - &connections[0][0]) + 1;
    message.call = ++enforcer->client->call;
    memset(request, 0, sizeof(*request));
    request->connection = connection;
    request->call = message.call;
    request->open = true;
    request->number = request_count++;
    if (expected)
    {
        struct napipc_message reply;

        request->open = false;
        require(client_send(enforcer->client, &message));
        require(client_next(enforcer->client, &reply));
        require(reply.type == (NAPIPC_SOH_REQUEST | NAPIPC_REPLY) && reply.status == expected);
        return;
    }
    for (i = 0; i < AGENTS; i++)
    {
        const struct member *health = &members[ENFORCERS + i];

        request->part[i].in = health->registered;
        request->part[i].settled = !health->enabled || !health->bound || hangs(health);
        if (!health->enabled)
            request->part[i].said = (struct said){NOTHING, NAP_E_ENTITY_DISABLED};
        else if (!health->bound)
            request->part[i].said = otherwise(health, NAP_E_NOT_INITIALIZED);
        else
            request->part[i].said = otherwise(health, NAP_E_NO_CACHED_SOH);
    }
    connection->known = true;
    require(client_send(enforcer->client, &message));
}

static void answer_question(void)
{
    static const uint32_t failures[] = {
            E_FAIL, E_OUTOFMEMORY, NAP_E_NOT_INITIALIZED, E_ACCESSDENIED};
    static const uint32_t gone[] = {1722, 0x800706BA, 0x80010108, 0x80010007, 0x800401FD};
    struct member *health = take_agent();
    struct napipc_message message;
    struct question *question = questions;
    uint8_t how = take(), code = take(), soh[SOH_SIZE];

    while (question < questions + question_count
            && (question->agent != health || question->answered))
        question++;
    if (question == questions + question_count)
        return;
    memset(&message, 0, sizeof(message));
    message.type = NAPIPC_AGENT_GET_SOH | NAPIPC_REPLY;
    message.call = question->call;
    write_soh(soh, health->id, code);
    if (how % 5 == 4)
    {
        message.status = gone[code % 5];
        end_binding(health, true);
        question->abandoned = false;
        require(client_send(health->client, &message));
        return;
    }
    restart_deadlines(health, question->asked);
    question->answered = true;
    if (how % 5 == 3)
        soh[7] ^= 0xff; /* another's */
    if (how % 5 == 2)
        message.status = failures[code % 4];
    else if (how % 5 != 1)
    {
        message.agent_get_soh_reply.soh.data = soh;
        message.agent_get_soh_reply.soh.size = sizeof(soh);
        message.agent_get_soh_reply.cache = how & 0x80;
        if (how & 0x80 && how % 5 == 0)
            set_cache(health, code);
    }
    if (!question->settled)
        question->said = how % 5 == 0   ? (struct said){code, 0}
                         : how % 5 == 1 ? otherwise(health, NAP_E_NO_CACHED_SOH)
                         : how % 5 == 2 ? (struct said){NOTHING, message.status}
                                        : (struct said){NOTHING, NAP_E_INVALID_PACKET};
    question->settled = true;
    require(client_send(health->client, &message));
}

/* The response to an SSoH, with a part for each of the agents. */
static size_t write_response(
        uint8_t *response, const uint8_t *ssoh, size_t size, uint8_t state, uint8_t agents)
{
    static const uint32_t code = S_OK;
    struct soh_system system = {.present = SOH_HAS_QUARANTINE | SOH_HAS_CORRELATION_ID};
    struct soh_builder builder;
    struct soh_packet packet;
    unsigned int i;

    require(soh_parse(ssoh, size, &packet, NULL));
    system.correlation_id = packet.correlation_id;
    system.quarantine.isolation_state = state;
    system.quarantine.probation_end = SOH_NO_PROBATION;
    soh_builder_init(&builder, response, SOH_MAX_PACKET_SIZE);
    soh_build_begin(&builder, SOH_RESPONSE, NULL, &system);
    for (i = 0; i < AGENTS; i++)
    {
        struct soh_result result = {
                .id = members[ENFORCERS + i].id, .codes = &code, .code_count = 1};

        if (agents >> i & 1)
            soh_build_result_entry(&builder, &result);
    }
    require(soh_build_end(&builder) == SOH_BUILD_OK);
    return builder.size;
}

static void respond(void)
{
    static uint8_t response[SOH_MAX_PACKET_SIZE];
    struct connection *connection = take_connection();
    uint8_t state = 1 + take() % 3, agents = take() & 7, stale = take() & 1;
    struct napipc_message message = {.type = NAPIPC_SOH_RESPONSE};
    uint32_t expected = usable(connection->enforcer);
    unsigned int i;

    if (!connection->object.ssoh_size || (stale && !connection->before_size))
        return;
    message.soh_response.private_data.data = connection->object.private_data;
    message.soh_response.private_data.size = connection->object.private_size;
    message.soh_response.connection_id = connection->object.id;
    message.soh_response.soh.data = response;
    message.soh_response.soh.size =
            (uint32_t)(stale ? write_response(
                               response, connection->before, connection->before_size, state, agents)
                             : write_response(response, connection->object.ssoh,
                                     connection->object.ssoh_size, state, agents));
    if (!expected && (stale || !connection->pending))
        expected = NAP_E_MISMATCHED_ID;
    for (i = 0; i < AGENTS && !expected; i++)
        if (agents >> i & 1 && members[ENFORCERS + i].bound)
        {
            const struct member *health = &members[ENFORCERS + i];

            /* Nothing for one that hangs and has no free slot; an isolation notification may take a
             * slot. */
            members[ENFORCERS + i].parts_min +=
                    !hangs(health) || unanswered(health, 0, ENFORCERS - 1) + 1 < SLOTS;
            members[ENFORCERS + i].parts_max++;
        }
    require(ask(connection->enforcer, &message) == expected);
    if (expected)
        return;
    require(waited.soh_response_reply.isolation.state == state);
    connection->pending = false;
    connection->object.state = state;
    memcpy(connection->object.private_data, waited.soh_response_reply.private_data.data,
            waited.soh_response_reply.private_data.size);
}

/* A program's connection object; both of an enforcement client may have the same id. */
static void new_object(struct connection *connection)
{
    object_init(&connection->object, (uint8_t)((connection - &connections[0][0]) / 2));
    connection->before_size = 0;
    connection->known = connection->pending = false;
}

static void go_down(void)
{
    struct connection *connection = take_connection();
    struct napipc_message message = {.type = NAPIPC_CONNECTION_DOWN};
    uint32_t expected = connection->enforcer->bound ? S_OK : NAP_E_NOT_INITIALIZED;

    if (!connection->object.private_size)
        return; /* the agent could not know which */
    message.connection_down.private_data.data = connection->object.private_data;
    message.connection_down.private_data.size = connection->object.private_size;
    if (!expected)
        cancel(connection);
    require(ask(connection->enforcer, &message) == expected);
    if (!expected)
        new_object(connection);
}

/* An administrator's requests, which the store may reject. */
static bool change(struct napipc_message *message, uint32_t expected)
{
    if (!administrator->administrator)
        expected = E_ACCESSDENIED;
    else if (!expected && (agent.store_result != S_OK))
        expected = agent.store_result;
    require(client_ask(administrator, message, NULL) == expected);
    return !expected;
}

static void register_member(void)
{
    struct member *member = take_member();
    struct napipc_message message = {.type = NAPIPC_REGISTER};

    message.reg.kind = member->kind;
    message.reg.component.id = member->id;
    message.reg.component.component_type = 1;
    if (change(&message, member->registered ? NAP_E_CONFLICTING_ID : S_OK))
    {
        member->registered = true;
        member->enabled = member->kind == HEALTH_AGENT;
    }
}

static void unregister_member(void)
{
    struct member *member = take_member();
    struct napipc_message message = {.type = NAPIPC_UNREGISTER};

    message.component_id.kind = member->kind;
    message.component_id.id = member->id;
    if (change(&message, !member->registered ? NAP_E_NOT_REGISTERED
                         : member->bound     ? NAP_E_STILL_BOUND
                                             : S_OK))
    {
        member->registered = member->enabled = member->cache_unsure = false;
        member->cached = NOTHING;
        if (member->kind == HEALTH_AGENT)
            agent.caches[member->id].size = 0;
    }
}

static void enable_member(void)
{
    struct member *member = take_member();
    struct napipc_message message = {.type = NAPIPC_SET_ENABLED};
    bool enabled = take() & 1;

    message.set_enabled.kind = member->kind;
    message.set_enabled.id = member->id;
    message.set_enabled.enabled = enabled;
    if (member->registered && member->enabled == enabled && administrator->administrator)
        require(client_ask(administrator, &message, NULL) == S_OK); /* nothing to store */
    else if (change(&message, member->registered ? S_OK : NAP_E_NOT_REGISTERED))
        member->enabled = enabled;
}

static void flush(void)
{
    struct member *health = take_agent();
    struct napipc_message message = {.type = NAPIPC_FLUSH_CACHE};
    uint32_t expected = usable(health);

    if (!expected && (agent.store_result != S_OK))
        expected = agent.store_result;
    require(ask(health, &message) == expected);
    if (!expected)
    {
        health->cached = NOTHING;
        health->cache_unsure = false;
    }
}

static void pass_time(void)
{
    unsigned int i, steps = take();

    for (; steps; steps--)
    {
        for (i = 0; i < question_count; i++)
            if (!questions[i].settled && questions[i].deadline <= agent.monotonic + 100)
            {
                questions[i].settled = true;
                questions[i].said = otherwise(questions[i].agent, NAP_E_NO_CACHED_SOH);
                settle_waiting(questions[i].agent, NAP_E_NO_CACHED_SOH);
            }
        agent_advance(100);
        read_all();
    }
}

/* Nothing is written from now on. SoHs of unfinished requests may be lost. */
static void store_fails(void)
{
    unsigned int i, k;

    agent.store_result = E_DISK_FULL;
    for (i = 0; i < ENFORCERS * OPEN_MAX; i++)
        for (k = ENFORCERS; k < CLIENTS && (&requests[0][0])[i].open; k++)
            members[k].cache_unsure = true;
}

static void restart(void)
{
    uint64_t back = take();
    uint32_t store_result = agent.store_result;
    bool killed = (back & 3) == 2;
    unsigned int i, k;

    if (killed)
        store_fails();
    else
        engine_stop(agent.engine);
    for (i = 0; i < CLIENTS && back & 1; i++) /* the pipe server closes its clients first */
        client_disconnect(members[i].client);
    agent_stop();
    agent.store_result = store_result;
    agent.filetime -= SECONDS(back);
    if (newest && newest >= agent.time_stamp_limit)
    {
        require(store_failed);
        ids_may_repeat = true;
    }
    newest = 0;
    store_failed = agent.store_result != S_OK;
    require(agent_start());
    memset(requests, 0, sizeof(requests));
    question_count = 0;
    for (i = 0; i < CLIENTS; i++)
    {
        struct member *member = &members[i];
        int stored = NOTHING;

        client_reconnect(member->client);
        member->bound = false;
        member->parts_min = member->parts_max = member->parts; /* queued parts are lost */
        if (member->kind == ENFORCER)
            for (k = 0; k < OBJECTS; k++)
                connections[i][k].known = connections[i][k].pending = false;
        else if (agent.caches[member->id].size == SOH_SIZE)
        {
            stored = agent.caches[member->id].soh[SOH_SIZE - 1];
            require(!member->registered
                    || engine_add_cached_soh(
                            agent.engine, member->id, agent.caches[member->id].soh, SOH_SIZE));
        }
        require(stored == member->cached || member->cache_unsure);
        member->cached = stored;
        member->cache_unsure = false;
    }
    client_reconnect(administrator);
}

/* ---- the agent's report of its state ---- */

static void check_members(void)
{
    struct napipc_list_components_reply list;
    unsigned int i, found = 0, kind;
    bool enabled = false;
    uint16_t k;

    for (i = 0; i < CLIENTS; i++)
    {
        found += members[i].registered;
        require(agent_stored(members[i].kind, members[i].id, &enabled) == members[i].registered);
        require(!members[i].registered || enabled == members[i].enabled);
    }
    for (kind = ENFORCER; kind <= HEALTH_AGENT; kind++)
    {
        list = client_components(administrator, kind, 0);
        for (k = 0; k < list.count; k++, found--)
        {
            i = list.components[k].component.id - 1 + (kind == HEALTH_AGENT ? ENFORCERS : 0);
            require(i < CLIENTS && members[i].registered);
            require(list.components[k].enabled == members[i].enabled);
            require(list.components[k].bound == members[i].bound);
        }
    }
    require(!found);
}

static void check_system(void)
{
    struct napipc_get_state_reply state = client_state(administrator);
    uint32_t expected = NOT_RESTRICTED;
    bool unknown = false;
    unsigned int i, k;

    for (i = 0; i < ENFORCERS; i++)
        for (k = 0; k < OBJECTS; k++)
            if (!usable(&members[i]) && connections[i][k].known)
            {
                if (connections[i][k].object.state > expected)
                    expected = connections[i][k].object.state;
                unknown = unknown || !connections[i][k].object.state;
            }
    require(state.isolation.state == expected);
    require(state.unknown_connections == unknown);
}

/* Requests wait only for the answer of a health agent that is within its deadline, or for a
 * slot. */
static void check_requests(void)
{
    unsigned int i, k, waiting;

    for (i = 0; i < ENFORCERS * OPEN_MAX; i++)
    {
        const struct request *request = &requests[0][0] + i;

        for (k = waiting = 0; k < AGENTS && request->open; k++)
        {
            const struct member *health = &members[ENFORCERS + k];
            const struct question *question = question_of(request, health);

            if (question ? question->settled : !request->part[k].in || request->part[k].settled)
                continue;
            waiting++;
            require(question || must_wait(health, i / OPEN_MAX));
        }
        require(!request->open || waiting);
    }
    for (k = ENFORCERS; k < CLIENTS; k++)
    {
        bool all = true;

        for (i = 0; i < ENFORCERS; i++)
            all = all && !must_wait(&members[k], i);
        require(members[k].parts <= members[k].parts_max);
        require(!all || members[k].parts >= members[k].parts_min);
    }
}

static void step(void)
{
    static void (*const steps[])(void) = {bind_member, unbind_member, lose_member, get_soh,
            answer_question, respond, go_down, register_member, unregister_member, enable_member,
            flush, pass_time, NULL, restart};
    uint8_t what = take() % (sizeof(steps) / sizeof(steps[0]));

    if (steps[what])
        steps[what]();
    else
    {
        agent.store_result = S_OK;
        if (take() & 1)
            store_fails();
        administrator->administrator = take() & 1;
        store_failed = store_failed || agent.store_result != S_OK;
    }
    read_all();
    answer_abandoned();
    read_all();
    check_requests();
    check_members();
    check_system();
    agent.frames_size = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned int i, k;

    input.data = data;
    input.left = size;
    require(!agent_setup());
    memset(requests, 0, sizeof(requests));
    question_count = seen_count = 0;
    newest = 0;
    ids_may_repeat = store_failed = waited_for = false;
    administrator = client_connect();
    for (i = 0; i < CLIENTS; i++)
    {
        bool health = i >= ENFORCERS;

        memset(&members[i], 0, sizeof(members[i]));
        members[i].kind = health ? HEALTH_AGENT : ENFORCER;
        members[i].id = i + 1 - (health ? ENFORCERS : 0);
        members[i].cached = NOTHING;
        members[i].client = client_connect();
        members[i].registered = members[i].enabled = true;
        require(!client_register(administrator, members[i].kind, members[i].id));
        require(!client_enable(administrator, members[i].kind, members[i].id, true));
        for (k = 0; k < OBJECTS && !health; k++)
        {
            connections[i][k].enforcer = &members[i];
            new_object(&connections[i][k]);
        }
    }
    for (input.steps = 0; input.steps < STEPS_MAX && input.left; input.steps++)
        step();
    agent_teardown();
    return 0;
}
