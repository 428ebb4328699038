/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine's host: clocks, GUIDs, sending to clients, the store and the log.
 */
#include "programs/napagent/client.h"

#include <objbase.h>
#include <string.h>

#include "libs/log/log.h"
#include "libs/pipeserver/access.h"
#include "programs/napagent/registry.h"

static uint64_t host_monotonic(void *context)
{
    (void)context;
    return GetTickCount64();
}

static uint64_t host_filetime(void *context)
{
    FILETIME now;

    (void)context;
    GetSystemTimeAsFileTime(&now);
    return (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
}

static void host_new_guid(void *context, struct napipc_guid *guid)
{
    GUID value;

    (void)context;
    CoCreateGuid(&value);
    memcpy(guid->bytes, &value, sizeof(value));
}

static void host_send(void *context, void *handle, const void *bytes, size_t size)
{
    (void)context;
    client_send(handle, bytes, size);
}

static void host_take_more(void *context, void *handle)
{
    (void)context;
    client_take_more(handle);
}

static uint32_t host_process_id(void *context, void *handle)
{
    const struct client *client = handle;

    (void)context;
    return client->process->id;
}

/* Checked once per session: neither the process' token nor the impersonation level changes. */
static bool host_is_administrator(void *context, void *handle)
{
    struct client *client = handle;

    (void)context;
    if (!client->asked_administrator)
    {
        client->asked_administrator = true;
        client->administrator = client_is_administrator(client->pipe, client->process->handle);
    }
    return client->administrator;
}

static void host_begin_changes(void *context)
{
    (void)context;
    registry_begin();
}

static uint32_t host_end_changes(void *context, bool keep)
{
    (void)context;
    return store_result(0, "write a list of changes", registry_end(keep));
}

static LONGLONG microseconds(void)
{
    LARGE_INTEGER frequency, count;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return (LONGLONG)((double)count.QuadPart * 1e6 / (double)frequency.QuadPart);
}

static bool host_interfaces(
        void *context, struct engine_interface **list, size_t *count, uint32_t *took)
{
    LONGLONG begun = microseconds();
    bool listed = interfaces_list(list, count);

    (void)context;
    *took = (uint32_t)(microseconds() - begun);
    return listed;
}

static uint32_t host_run_hook(
        void *context, uint32_t number, const char *const *arguments, unsigned int count)
{
    return (uint32_t)server_run_hook(context, number, arguments, count);
}

static uint32_t host_run_dialer(void *context, uint32_t number, const char *const *arguments,
        unsigned int count, const void *input, size_t input_size)
{
    return (uint32_t)server_run_dialer(context, number, arguments, count, input, input_size);
}

static void host_end_run(void *context, uint32_t number)
{
    server_end_run(context, number);
}

static void host_log(void *context, enum engine_level level, uint32_t component, const char *event,
        const char *text)
{
    static const enum log_level levels[] = {
            [ENGINE_ERROR] = LOG_ERROR,
            [ENGINE_WARN] = LOG_WARN,
            [ENGINE_INFO] = LOG_INFO,
            [ENGINE_TRACE] = LOG_TRACE,
    };

    (void)context;
    log_event(levels[level], component, event, "%s", text);
}

const struct engine_host engine_host = {
        .monotonic = host_monotonic,
        .filetime = host_filetime,
        .new_guid = host_new_guid,
        .send = host_send,
        .take_more = host_take_more,
        .process_id = host_process_id,
        .is_administrator = host_is_administrator,
        .begin_changes = host_begin_changes,
        .end_changes = host_end_changes,
        .save_component = store_save_component,
        .erase_component = store_erase_component,
        .save_cache = store_save_cache,
        .save_validator = validator_store_save,
        .erase_validator = validator_store_erase,
        .save_ras = store_save_ras,
        .erase_ras = store_erase_ras,
        .save_ras_handle = store_save_ras_handle,
        .save_ras_patterns = store_save_ras_patterns,
        .interfaces = host_interfaces,
        .save_rras = rras_store_save,
        .end_rras_with_boot = rras_store_end_with_boot,
        .save_rras_server = rras_store_save_server,
        .save_time_stamp = store_save_time_stamp,
        .run_hook = host_run_hook,
        .run_dialer = host_run_dialer,
        .end_run = host_end_run,
        .log = host_log,
};
