/*
 * The agent under test and its host; see agent.h.
 */
#include "tests/unit/engine/agent.h"

#include <stdio.h>
#include <stdlib.h>

struct agent agent;

/* ---- the host ---- */

static uint64_t host_monotonic(void *context)
{
    assert_ptr_equal(context, &agent);
    return agent.monotonic;
}

static uint64_t host_filetime(void *context)
{
    assert_ptr_equal(context, &agent);
    return agent.filetime;
}

static void host_new_guid(void *context, struct napipc_guid *guid)
{
    assert_ptr_equal(context, &agent);
    memset(guid->bytes, 0xA5, sizeof(guid->bytes));
    guid->bytes[0] = ++agent.guids;
}

static void host_send(void *context, void *handle, const void *frame, size_t size)
{
    struct client *client = handle;

    assert_ptr_equal(context, &agent);
    assert_true(size <= NAPIPC_MAX_FRAME);
    assert_true(agent.frames_size + size <= sizeof(agent.frames));
    assert_true(client->written < SENT_MAX);
    memcpy(agent.frames + agent.frames_size, frame, size);
    client->sent[client->written].offset = agent.frames_size;
    client->sent[client->written].size = size;
    client->written++;
    agent.frames_size += size;
}

static uint32_t host_process_id(void *context, void *handle)
{
    assert_ptr_equal(context, &agent);
    return ((struct client *)handle)->process_id;
}

static bool host_is_administrator(void *context, void *handle)
{
    assert_ptr_equal(context, &agent);
    return ((struct client *)handle)->administrator;
}

static uint32_t host_erase_component(void *context, uint32_t kind, uint32_t id)
{
    size_t i;

    assert_ptr_equal(context, &agent);
    agent.writes++;
    if (agent.store_result)
        return agent.store_result;
    for (i = 0; i < STORED_MAX; i++)
        if (agent.stored[i].kind == kind && agent.stored[i].id == id)
            agent.stored[i].used = false;
    return S_OK;
}

static uint32_t host_save_component(
        void *context, uint32_t kind, const struct napipc_component *component, bool enabled)
{
    size_t i, place = STORED_MAX;

    assert_ptr_equal(context, &agent);
    agent.writes++;
    if (agent.store_result)
        return agent.store_result;
    for (i = 0; i < STORED_MAX; i++)
    {
        if (agent.stored[i].used && agent.stored[i].kind == kind &&
                agent.stored[i].id == component->id)
            place = i;
        if (!agent.stored[i].used && place == STORED_MAX)
            place = i;
    }
    assert_true(place < STORED_MAX);
    agent.stored[place].used = true;
    agent.stored[place].kind = kind;
    agent.stored[place].id = component->id;
    agent.stored[place].enabled = enabled;
    return S_OK;
}

static void host_log(void *context, enum engine_level level, uint32_t component, const char *event,
        const char *text)
{
    assert_ptr_equal(context, &agent);
    if (agent.log_count == LOG_MAX)
        return;
    agent.log[agent.log_count].level = level;
    agent.log[agent.log_count].component = component;
    snprintf(agent.log[agent.log_count].event, sizeof(agent.log[0].event), "%s", event);
    snprintf(agent.log[agent.log_count].text, sizeof(agent.log[0].text), "%.255s", text);
    agent.log_count++;
}

static const struct engine_host host = {
        .monotonic = host_monotonic,
        .filetime = host_filetime,
        .new_guid = host_new_guid,
        .send = host_send,
        .process_id = host_process_id,
        .is_administrator = host_is_administrator,
        .save_component = host_save_component,
        .erase_component = host_erase_component,
        .log = host_log,
};

/* ---- the agent ---- */

bool agent_start(void)
{
    bool done;
    size_t i;

    agent.inside = true;
    agent.engine = engine_create(&host, &agent, &agent.machine, &agent.settings);
    done = agent.engine != NULL;
    for (i = 0; i < STORED_MAX && done; i++)
    {
        struct napipc_component component = {.id = agent.stored[i].id, .component_type = 1};

        if (agent.stored[i].used)
            done = engine_add_component(
                    agent.engine, agent.stored[i].kind, &component, agent.stored[i].enabled);
    }
    agent.inside = false;
    return done;
}

void agent_stop(void)
{
    unsigned int i;

    engine_destroy(agent.engine);
    agent.engine = NULL;
    for (i = 0; i < agent.client_count; i++)
    {
        agent.clients[i].session = NULL;
        agent.clients[i].read = agent.clients[i].written = 0;
    }
}

int agent_setup(void **state)
{
    static const struct engine_machine machine = {
            .os_major = 6,
            .os_minor = 1,
            .os_build = 7601,
            .service_pack_major = 1,
            .service_pack_minor = 2,
            .processor = 9,
            .product_type = 3,
            .name = "machine.example.com",
    };

    (void)state;
    memset(&agent, 0, offsetof(struct agent, frames));
    agent.frames_size = 0;
    agent.machine = machine;
    agent.settings.callback_deadline = 5000;
    agent.settings.retry_delay = 1000;
    agent.settings.retry_delay_max = 60000;
    agent.settings.process_id = AGENT_PROCESS;
    agent.monotonic = 1000000;
    agent.filetime = START_TIME;
    return agent_start() ? 0 : -1;
}

int agent_teardown(void **state)
{
    (void)state;
    agent_stop();
    return 0;
}

static void pass(uint64_t milliseconds)
{
    agent.monotonic += milliseconds;
    agent.filetime += MILLISECONDS(milliseconds);
}

void agent_advance(uint64_t milliseconds)
{
    uint64_t until = agent.monotonic + milliseconds;
    unsigned int runs = 0;

    for (;;)
    {
        uint64_t deadline = engine_next_deadline(agent.engine);

        if (deadline > until)
            break;
        /* A deadline that stays due would keep the real agent's processor busy for ever. */
        assert_true(runs++ < 10000);
        if (deadline > agent.monotonic)
            pass(deadline - agent.monotonic);
        agent.inside = true;
        engine_run_timers(agent.engine);
        agent.inside = false;
    }
    pass(until - agent.monotonic);
}

unsigned int agent_logged(const char *event)
{
    unsigned int i, count = 0;

    for (i = 0; i < agent.log_count; i++)
        count += !strcmp(agent.log[i].event, event);
    return count;
}

bool agent_stored(uint32_t kind, uint32_t id, bool *enabled)
{
    size_t i;

    for (i = 0; i < STORED_MAX; i++)
        if (agent.stored[i].used && agent.stored[i].kind == kind && agent.stored[i].id == id)
        {
            *enabled = agent.stored[i].enabled;
            return true;
        }
    return false;
}

bool string_is(struct napipc_string string, const char *text)
{
    uint16_t i;

    if (string.length != strlen(text))
        return false;
    for (i = 0; i < string.length; i++)
        if (string.units[2 * i] != (uint8_t)text[i] || string.units[2 * i + 1])
            return false;
    return true;
}
