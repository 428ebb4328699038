/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The steps of an input; model.c lists them.
 */
#include "tests/fuzz/model.h"

static uint64_t request_count;

uint32_t usable(const struct member *member)
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
                questions[i].statement = otherwise(member, NAP_E_NOT_INITIALIZED);
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
            request->part[i].statement = (struct statement){NOTHING, NAP_E_ENTITY_DISABLED};
        else if (!health->bound)
            request->part[i].statement = otherwise(health, NAP_E_NOT_INITIALIZED);
        else
            request->part[i].statement = otherwise(health, NAP_E_NO_CACHED_SOH);
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
        question->statement = how % 5 == 0   ? (struct statement){code, 0}
                              : how % 5 == 1 ? otherwise(health, NAP_E_NO_CACHED_SOH)
                              : how % 5 == 2 ? (struct statement){NOTHING, message.status}
                                             : (struct statement){NOTHING, NAP_E_INVALID_PACKET};
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

/* The SSoH before has the correlation id of the last one: after a restart, if the store had failed
 * to keep the limit of time stamps. */
static bool has_the_same_id(const struct connection *connection)
{
    struct soh_packet before, last;

    require(soh_parse(connection->before, connection->before_size, &before, NULL));
    require(soh_parse(connection->object.ssoh, connection->object.ssoh_size, &last, NULL));
    return !memcmp(&before.correlation_id, &last.correlation_id, sizeof(last.correlation_id));
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
    if (stale && has_the_same_id(connection))
    {
        require(ids_may_repeat);
        stale = false;
    }
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

void new_object(struct connection *connection)
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
                questions[i].statement = otherwise(questions[i].agent, NAP_E_NO_CACHED_SOH);
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

void step(void)
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
    check_state();
    agent.frames_size = 0;
}
