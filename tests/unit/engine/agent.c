/* SPDX-License-Identifier: LGPL-2.1-or-later */
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

static void add_step(const char *format, ...)
{
    size_t capacity = sizeof(agent.steps) - agent.steps_size;
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(agent.steps + agent.steps_size, capacity, format, arguments);
    va_end(arguments);
    if (length > 0 && (size_t)length < capacity)
        agent.steps_size += (size_t)length;
    else
        agent.steps[agent.steps_size] = 0; /* full: the following steps are not kept */
}

void agent_forget_steps(void)
{
    agent.steps_size = 0;
    agent.steps[0] = 0;
}

static void host_send(void *context, void *handle, const void *frame, size_t size)
{
    struct client *client = handle;
    const uint8_t *header = frame;
    uint16_t type = (uint16_t)(header[6] | header[7] << 8);
    const struct napipc_row *row = napipc_row(type);

    assert_ptr_equal(context, &agent);
    assert_true(size <= NAPIPC_MAX_FRAME);
    assert_true(agent.frames_size + size <= sizeof(agent.frames));
    assert_true(client->written < SENT_MAX);
    memcpy(agent.frames + agent.frames_size, frame, size);
    client->sent[client->written].offset = agent.frames_size;
    client->sent[client->written].size = size;
    client->written++;
    agent.frames_size += size;
    add_step("%u %s%s\n", (unsigned int)(client - agent.clients), row ? row->name : "refusal",
            type & NAPIPC_REPLY ? " reply" : "");
}

static void host_take_more(void *context, void *handle)
{
    assert_ptr_equal(context, &agent);
    ((struct client *)handle)->may_say_more++;
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

/* The store's result for one write. */
static uint32_t write_result(void)
{
    if (agent.collecting)
    {
        agent.collected = true;
        return S_OK;
    }
    if (agent.fail_write && !--agent.fail_write)
        return E_DISK_FULL;
    return agent.store_result;
}

#define STORE_BEGIN offsetof(struct agent, writes)
#define STORE_SIZE (offsetof(struct agent, hook_result) - STORE_BEGIN)

static uint8_t stored_before[STORE_SIZE];

static void host_begin_changes(void *context)
{
    assert_ptr_equal(context, &agent);
    assert_false(agent.collecting);
    agent.collecting = true;
    agent.collected = false;
    memcpy(stored_before, (uint8_t *)&agent + STORE_BEGIN, STORE_SIZE);
}

static uint32_t host_end_changes(void *context, bool keep)
{
    uint32_t result;

    assert_ptr_equal(context, &agent);
    assert_true(agent.collecting);
    agent.collecting = false;
    result = keep && agent.collected ? write_result() : S_OK;
    if (!keep || result)
        memcpy((uint8_t *)&agent + STORE_BEGIN, stored_before, STORE_SIZE);
    return result;
}

static uint32_t host_save_cache(void *context, uint32_t id, const void *soh, size_t size)
{
    uint32_t result = write_result();

    (void)context;
    agent.cache_writes++;
    if (result)
        return result;
    agent.cache_id = id;
    agent.cache_size = size;
    if (size)
        memcpy(agent.cache, soh, size < sizeof(agent.cache) ? size : sizeof(agent.cache));
    if (id <= CACHES_MAX)
    {
        agent.caches[id].size = size;
        if (size)
            memcpy(agent.caches[id].soh, soh,
                    size < sizeof(agent.caches[id].soh) ? size : sizeof(agent.caches[id].soh));
    }
    return S_OK;
}

static uint32_t host_erase_component(void *context, uint32_t kind, uint32_t id)
{
    uint32_t result = write_result();
    size_t i;

    assert_ptr_equal(context, &agent);
    if (result)
        return result;
    for (i = 0; i < STORED_MAX; i++)
        if (agent.stored[i].used && agent.stored[i].kind == kind && agent.stored[i].id == id)
        {
            agent.writes++;
            agent.stored[i].used = false;
        }
    return S_OK;
}

static uint32_t host_save_component(
        void *context, uint32_t kind, const struct napipc_component *component, bool enabled)
{
    uint32_t result = write_result();
    size_t i, index = STORED_MAX;

    assert_ptr_equal(context, &agent);
    agent.writes++;
    if (result)
        return result;
    for (i = 0; i < STORED_MAX; i++)
    {
        if (agent.stored[i].used && agent.stored[i].kind == kind
                && agent.stored[i].id == component->id)
            index = i;
        if (!agent.stored[i].used && index == STORED_MAX)
            index = i;
    }
    assert_true(index < STORED_MAX);
    agent.stored[index].used = true;
    agent.stored[index].kind = kind;
    agent.stored[index].id = component->id;
    agent.stored[index].enabled = enabled;
    return S_OK;
}

/* The index of that validator's record; of 0: a free one. NULL: there is none. */
static struct stored_validator *find_validator(uint32_t id)
{
    struct stored_validator *stored = agent.validators;

    for (; stored < agent.validators + NAPIPC_MAX_VALIDATORS + 1; stored++)
        if (stored->id == id)
            return stored;
    return NULL;
}

static uint32_t host_save_validator(void *context, const struct napipc_validator *validator)
{
    struct stored_validator *stored = find_validator(validator->component.id);
    uint32_t result = write_result();

    assert_ptr_equal(context, &agent);
    agent.writes++;
    if (result)
        return result;
    if (!stored)
        stored = find_validator(0);
    assert_non_null(stored);
    stored->id = validator->component.id;
    stored->clsid = validator->clsid;
    stored->mapping = validator->mapping;
    stored->enabled = validator->enabled;
    return S_OK;
}

static uint32_t host_erase_validator(void *context, uint32_t id)
{
    struct stored_validator *stored = find_validator(id);
    uint32_t result = write_result();

    assert_ptr_equal(context, &agent);
    if (result)
        return result;
    if (stored)
        stored->id = 0;
    return S_OK;
}

/* The store has its own copy of the strings. */
static void keep_string(struct stored_ras *stored, size_t *used, struct napipc_string *string)
{
    assert_true(*used + string->length * 2u <= sizeof(stored->text));
    if (string->length)
        memcpy(stored->text + *used, string->units, string->length * 2u);
    string->units = stored->text + *used;
    *used += string->length * 2u;
}

/* The index of that handle's record; of 0: a free one. NULL: there is none. */
static struct stored_ras *find_ras(uint32_t handle)
{
    struct stored_ras *stored = agent.ras_stored;

    for (; stored < agent.ras_stored + RAS_STORED_MAX; stored++)
        if (stored->record.connection.handle == handle)
            return stored;
    return NULL;
}

static uint32_t host_save_ras(void *context, const struct engine_ras_record *record)
{
    struct stored_ras *stored = find_ras(record->connection.handle);
    uint32_t result = write_result();
    size_t used = 0;

    assert_ptr_equal(context, &agent);
    assert_true(record->connection.handle != 0);
    if (result)
        return result;
    if (!stored && !(stored = find_ras(0)))
        return E_DISK_FULL; /* the fuzzer may fill it */
    stored->record = *record;
    keep_string(stored, &used, &stored->record.connection.entry_name);
    keep_string(stored, &used, &stored->record.connection.phonebook);
    keep_string(stored, &used, &stored->record.connection.device_type);
    keep_string(stored, &used, &stored->record.connection.device_name);
    keep_string(stored, &used, &stored->record.connection.phone_number);
    keep_string(stored, &used, &stored->record.connection.user);
    keep_string(stored, &used, &stored->record.connection.interface_name);
    return S_OK;
}

static uint32_t host_erase_ras(void *context, uint32_t handle)
{
    struct stored_ras *stored = find_ras(handle);
    uint32_t result = write_result();

    assert_ptr_equal(context, &agent);
    if (result)
        return result;
    if (stored)
        stored->record.connection.handle = 0;
    return S_OK;
}

static uint32_t host_save_ras_handle(void *context, uint32_t last)
{
    uint32_t result = write_result();

    assert_ptr_equal(context, &agent);
    if (!result)
        agent.ras_last_handle = last;
    return result;
}

static uint32_t host_save_ras_patterns(void *context, struct napipc_string patterns)
{
    uint32_t result = write_result();

    assert_ptr_equal(context, &agent);
    if (result)
        return result;
    if (patterns.length * 2u > sizeof(agent.ras_patterns))
        return E_DISK_FULL;
    if (patterns.length)
        memcpy(agent.ras_patterns, patterns.units, patterns.length * 2u);
    agent.ras_patterns_length = patterns.length;
    return S_OK;
}

static uint32_t host_end_rras_with_boot(void *context, uint32_t id)
{
    uint32_t result = write_result();

    assert_ptr_equal(context, &agent);
    if (!result)
        agent.rras_booted = id;
    return result;
}

static uint32_t host_save_rras(void *context, uint32_t id, const void *record, size_t size)
{
    uint32_t result = write_result();
    size_t i, index = RRAS_MAX;

    assert_ptr_equal(context, &agent);
    agent.rras_writes++;
    if (result)
        return result;
    for (i = 0; i < RRAS_MAX; i++)
        if (agent.rras[i].id == id || (!agent.rras[i].id && size && index == RRAS_MAX))
            index = i;
    for (i = 0; i < RRAS_MAX; i++)
        if (agent.rras[i].id == id)
            index = i;
    if (index == RRAS_MAX && !size)
        return S_OK; /* it was not there */
    if (index == RRAS_MAX || size > sizeof(agent.rras[index].record))
        return E_DISK_FULL; /* the fuzzer may fill it */
    agent.rras[index].id = size ? id : 0;
    agent.rras[index].size = size;
    if (size)
        memcpy(agent.rras[index].record, record, size);
    return S_OK;
}

static uint32_t host_save_rras_server(void *context, bool enabled, uint32_t next_id)
{
    uint32_t result = write_result();

    assert_ptr_equal(context, &agent);
    if (result)
        return result;
    agent.rras_enabled = enabled;
    agent.rras_next = next_id;
    return S_OK;
}

/* Not one of the writes that fail_write counts: a request for an SoH must not fail. */
static uint32_t host_save_time_stamp(void *context, uint64_t limit)
{
    assert_ptr_equal(context, &agent);
    agent.time_stamp_writes++;
    if (!agent.store_result)
        agent.time_stamp_limit = limit;
    return agent.store_result;
}

static uint32_t host_run_hook(
        void *context, uint32_t number, const char *const *arguments, unsigned int count)
{
    unsigned int i;

    assert_ptr_equal(context, &agent);
    if (agent.hook_result)
        return agent.hook_result;
    agent.hooks++;
    agent.hook_number = number;
    assert_int_equal(count, strcmp(arguments[0], "hang-up") ? 11 : 12);
    for (i = 0; i < count; i++)
        snprintf(agent.hook_arguments[i], sizeof(agent.hook_arguments[i]), "%s", arguments[i]);
    return S_OK;
}

static uint32_t host_run_dialer(void *context, uint32_t number, const char *const *arguments,
        unsigned int count, const void *input, size_t input_size)
{
    unsigned int i;

    assert_ptr_equal(context, &agent);
    if (agent.dialer_result)
        return agent.dialer_result;
    agent.dialers++;
    agent.dialer_number = number;
    assert_int_equal(count, strcmp(arguments[0], "hang-up") ? 9 : 10);
    assert_true(input_size < sizeof(agent.dialer_input));
    for (i = 0; i < count; i++)
        snprintf(agent.dialer_arguments[i], sizeof(agent.dialer_arguments[i]), "%s", arguments[i]);
    memset(agent.dialer_input, 0, sizeof(agent.dialer_input));
    if (input_size)
        memcpy(agent.dialer_input, input, input_size);
    return S_OK;
}

static void host_end_run(void *context, uint32_t number)
{
    assert_ptr_equal(context, &agent);
    agent.ended_runs++;
    agent.ended_run = number;
}

static bool host_interfaces(
        void *context, struct engine_interface **list, size_t *count, uint32_t *took)
{
    assert_ptr_equal(context, &agent);
    agent.interface_lists++;
    *list = NULL;
    *count = 0;
    *took = agent.interfaces_take;
    if (agent.interfaces_unknown)
        return false;
    if (agent.interface_count && !(*list = malloc(sizeof(agent.interfaces))))
        return false;
    if (*list)
        memcpy(*list, agent.interfaces, sizeof(agent.interfaces));
    *count = agent.interface_count;
    return true;
}

static void host_log(void *context, enum engine_level level, uint32_t component, const char *event,
        const char *text)
{
    assert_ptr_equal(context, &agent);
    add_step("log %s\n", event);
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
        .take_more = host_take_more,
        .process_id = host_process_id,
        .is_administrator = host_is_administrator,
        .begin_changes = host_begin_changes,
        .end_changes = host_end_changes,
        .save_component = host_save_component,
        .erase_component = host_erase_component,
        .save_cache = host_save_cache,
        .save_validator = host_save_validator,
        .erase_validator = host_erase_validator,
        .save_ras = host_save_ras,
        .erase_ras = host_erase_ras,
        .save_ras_handle = host_save_ras_handle,
        .save_ras_patterns = host_save_ras_patterns,
        .save_rras = host_save_rras,
        .end_rras_with_boot = host_end_rras_with_boot,
        .save_rras_server = host_save_rras_server,
        .save_time_stamp = host_save_time_stamp,
        .run_hook = host_run_hook,
        .run_dialer = host_run_dialer,
        .end_run = host_end_run,
        .interfaces = host_interfaces,
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
    for (i = 0; i < NAPIPC_MAX_VALIDATORS && done; i++)
    {
        struct napipc_validator validator = {.component.id = agent.validators[i].id,
                .clsid = agent.validators[i].clsid,
                .mapping = agent.validators[i].mapping,
                .enabled = agent.validators[i].enabled};

        if (validator.component.id)
            done = engine_add_validator(agent.engine, &validator);
    }
    if (done)
        done = engine_set_ras(agent.engine, agent.ras_last_handle,
                (struct napipc_string){agent.ras_patterns, agent.ras_patterns_length});
    for (i = 0; i < RAS_STORED_MAX && done; i++)
        if (agent.ras_stored[i].record.connection.handle)
            done = engine_add_ras(agent.engine, &agent.ras_stored[i].record);
    if (done)
        engine_set_time_stamp(agent.engine, agent.time_stamp_limit);
    if (done)
        engine_set_rras_server(agent.engine, agent.rras_enabled, agent.rras_next);
    for (i = 0; i < RRAS_MAX && done; i++)
        if (agent.rras[i].id)
            done = engine_add_rras(
                    agent.engine, agent.rras[i].id, agent.rras[i].record, agent.rras[i].size);
    if (done)
        engine_rras_loaded(agent.engine);
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
        free(agent.clients[i].memory);
        agent.clients[i].memory = NULL;
        agent.clients[i].read = agent.clients[i].written = 0;
    }
}

int agent_setup(void)
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

    memset(&agent, 0, offsetof(struct agent, frames));
    agent.frames_size = 0;
    agent.machine = machine;
    agent.settings.callback_deadline = 5000;
    agent.settings.retry_delay = 1000;
    agent.settings.retry_delay_max = 60000;
    agent.settings.process_id = AGENT_PROCESS;
    agent.hook_result = UINT32_C(0x80070490); /* HRESULT_FROM_WIN32(ERROR_NOT_FOUND) */
    agent.dialer_result = agent.hook_result;
    agent.monotonic = 1000000;
    agent.filetime = START_TIME;
    return agent_start() ? 0 : -1;
}

int agent_teardown(void)
{
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
        /* A deadline that stays due would keep the real agent's processor busy forever. */
        assert_true(runs++ < 10000);
        if (deadline > agent.monotonic)
            pass(deadline - agent.monotonic);
        agent.inside = true;
        engine_run_timers(agent.engine);
        agent.inside = false;
    }
    pass(until - agent.monotonic);
}

void agent_hook_ended(uint32_t result, int exit_status)
{
    agent.inside = true;
    engine_hook_ended(agent.engine, agent.hook_number, result, exit_status);
    agent.inside = false;
}

void agent_dialer_line(const char *line)
{
    agent.inside = true;
    engine_hook_line(agent.engine, agent.dialer_number, line);
    agent.inside = false;
}

void agent_dialer_ended(uint32_t result, int exit_status)
{
    agent.inside = true;
    engine_hook_ended(agent.engine, agent.dialer_number, result, exit_status);
    agent.inside = false;
}

unsigned int agent_logged(const char *event)
{
    unsigned int i, count = 0;

    for (i = 0; i < agent.log_count; i++)
        count += !strcmp(agent.log[i].event, event);
    return count;
}

const char *agent_log_text(const char *event)
{
    unsigned int i = agent.log_count;

    while (i--)
        if (!strcmp(agent.log[i].event, event))
            return agent.log[i].text;
    return "";
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

struct engine_interface *agent_interface(
        const char *name, uint32_t index, enum engine_interface_kind kind)
{
    struct engine_interface *interface = &agent.interfaces[agent.interface_count++];

    memset(interface, 0, sizeof(*interface));
    snprintf(interface->name, sizeof(interface->name), "%s", name);
    interface->index = index;
    interface->kind = kind;
    interface->up = true;
    return interface;
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
