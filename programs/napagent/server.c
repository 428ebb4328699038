/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pipe server: one thread that serves all clients, and one completion port. Two more threads
 * only bring it work: the listener (listener.h) and the crowd's (crowd.h).
 */
#include "programs/napagent/client.h"

#include <stdlib.h>

#include "libs/napclient/napclient.h"
#include "libs/pipeserver/listener.h"
#include "programs/napagent/crowd.h"
#include "programs/napagent/hook.h"
#include "libs/hosthook/hosthook.h"
#include "programs/napagent/registry.h"

/* Events, however busy the port is; else when nobody else waits. A client is doomed once and has
 * more than one event, those of the crowd aside, so no more clients come than are closed. */
#define CLOSED_EVERY 8

enum completion_key
{
    KEY_CLIENT,
    KEY_CONNECTED, /* an instance of the pipe, whose handle is the number of bytes */
    KEY_CROWD,     /* operations of the crowd have completed */
    KEY_STOP,
    KEY_GROUP_POLICY, /* it may have changed */
    KEY_HOOK          /* a run of the administrator's hook or dialer has ended, or has a line */
};

struct server
{
    HANDLE port;
    struct engine *engine;
    struct group_policy_watch *policy;
    struct hooks *hooks;
    struct listener *listener;
    struct clients clients;
    bool stopping;
};

/* ---- the administrator's hook and dialer ---- */

HRESULT server_run_hook(
        struct server *server, uint32_t number, const char *const *arguments, unsigned int count)
{
    return hooks_run(server->hooks, number, arguments, count);
}

HRESULT server_run_dialer(struct server *server, uint32_t number, const char *const *arguments,
        unsigned int count, const void *input, size_t input_size)
{
    return hooks_run_dialer(server->hooks, number, arguments, count, input, input_size);
}

void server_end_run(struct server *server, uint32_t number)
{
    hooks_end(server->hooks, number);
}

static void take_hook_event(struct server *server, struct hook_event *event)
{
    if (event->ended)
        engine_hook_ended(
                server->engine, event->number, (uint32_t)event->result, event->exit_status);
    else
        engine_hook_line(server->engine, event->number, event->line);
    free(event);
}

/* ---- the server ---- */

static void use_group_policy(struct server *server)
{
    struct engine_group_policy policy;

    group_policy_read(&policy);
    engine_set_group_policy(server->engine, &policy);
}

DWORD server_create(struct server **out)
{
    struct server *server = calloc(1, sizeof(*server));
    struct engine_settings settings = {
            .callback_deadline =
                    agent_parameter(L"CallbackDeadline", NAPIPC_DEFAULT_CALLBACK_DEADLINE),
            .retry_delay = agent_parameter(L"RetryDelay", ENGINE_DEFAULT_RETRY_DELAY),
            .retry_delay_max = agent_parameter(L"RetryDelayMax", ENGINE_DEFAULT_RETRY_DELAY_MAX),
            .process_id = GetCurrentProcessId(),
    };
    struct engine_machine machine;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    *out = NULL;
    if (!server)
        return error;
    machine_describe(&machine);
    server->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    server->engine = engine_create(&engine_host, server, &machine, &settings);
    server->hooks = hooks_create(server->port, KEY_HOOK);
    clients_init(&server->clients, server->engine, crowd_create(server->port, KEY_CROWD),
            server->port, KEY_CLIENT);
    /* Before the journal is touched: no other agent has it. Who connects is served later. */
    if (server->port && server->engine && server->hooks && server->clients.crowd)
        error = listener_create(&server->listener, AGENT_PIPE_NAME, server->port, KEY_CONNECTED,
                &server->clients.arriving);
    if (!error)
    {
        hook_folders_clean(HOOK_FOLDERS);
        error = journal_open();
    }
    if (!error)
    {
        store_load(server->engine);
        validator_store_load(server->engine);
        store_load_ras(server->engine);
        rras_store_load(server->engine);
        /* Before anybody can ask; the watch then posts once more. */
        use_group_policy(server);
        server->policy = group_policy_watch_create(server->port, KEY_GROUP_POLICY);
        error = server->policy ? 0 : ERROR_NOT_ENOUGH_MEMORY;
    }
    if (error)
        server_destroy(server);
    else
        *out = server;
    return error;
}

/* Milliseconds until the engine wants to be woken. */
static DWORD time_left(struct server *server)
{
    uint64_t deadline = engine_next_deadline(server->engine), now = GetTickCount64();

    if (deadline == UINT64_MAX)
        return INFINITE;
    return deadline <= now ? 0 : deadline - now < INFINITE ? (DWORD)(deadline - now) : INFINITE - 1;
}

/* The crowd has its turn. */
static void serve_crowd(struct server *server)
{
    struct operation *operation, *next;

    /* Under Wine what others have sent is noticed only by a thread that waits, and to take from a
     * port that is not empty is no wait. While a crowd ends the port may not be empty for long. */
    SleepEx(0, TRUE);
    for (operation = crowd_take(server->clients.crowd); operation; operation = next)
    {
        next = operation->next; /* the operation may go with its client */
        clients_completed(operation, operation->error, operation->bytes);
    }
}

/* What the port has given: what it is about, whose, and how it ended. */
static void serve(
        struct server *server, ULONG_PTR key, OVERLAPPED *overlapped, DWORD bytes, DWORD error)
{
    switch (key)
    {
    case KEY_STOP:
        server->stopping = true;
        return;
    case KEY_CONNECTED:
        clients_connected(&server->clients, ULongToHandle(bytes));
        return;
    case KEY_CROWD:
        serve_crowd(server);
        return;
    case KEY_GROUP_POLICY:
        use_group_policy(server);
        return;
    case KEY_HOOK:
        take_hook_event(server, (struct hook_event *)overlapped);
        return;
    default:
        if (overlapped)
            clients_completed(
                    CONTAINING_RECORD(overlapped, struct operation, overlapped), error, bytes);
        else /* nobody wants anything */
            clients_sweep(&server->clients);
    }
}

void server_run(struct server *server)
{
    unsigned int handled = 0;

    while (!server->stopping)
    {
        OVERLAPPED *overlapped = NULL;
        ULONG_PTR key = KEY_CLIENT;
        DWORD bytes = 0, error = 0, left = time_left(server);

        /* Due timers run however busy the port is. */
        if (!left)
        {
            engine_run_timers(server->engine);
            left = time_left(server);
        }
        /* Clients to be closed come after those that want something: a process that ends with all
         * its connections delays nobody. */
        if (clients_doomed(&server->clients))
            left = 0;
        registry_settle();
        if (!GetQueuedCompletionStatus(server->port, &bytes, &key, &overlapped, left))
            error = GetLastError();
        serve(server, key, overlapped, bytes, error);
        if (++handled % CLOSED_EVERY == 0)
            clients_sweep(&server->clients);
    }
}

void server_stop(struct server *server)
{
    PostQueuedCompletionStatus(server->port, 0, KEY_STOP, NULL);
}

void server_destroy(struct server *server)
{
    server->stopping = true;
    listener_destroy(server->listener);
    engine_stop(server->engine); /* before its clients are closed */
    group_policy_watch_destroy(server->policy);
    hooks_destroy(server->hooks);
    clients_close(&server->clients);
    for (;;)
    {
        OVERLAPPED *overlapped = NULL;
        ULONG_PTR key = KEY_CLIENT;
        DWORD bytes;

        /* Cancelled operations complete at once; were one lost, leaking it does no harm here. */
        if (!GetQueuedCompletionStatus(
                    server->port, &bytes, &key, &overlapped, server->clients.first ? 1000 : 0)
                && !overlapped)
            break;
        if (key == KEY_HOOK)
            free(overlapped);
        else if (key == KEY_CONNECTED)
            CloseHandle(ULongToHandle(bytes));
        else if (key == KEY_CROWD)
            serve_crowd(server);
        else if (overlapped)
            clients_completed(CONTAINING_RECORD(overlapped, struct operation, overlapped), 0, 0);
    }
    crowd_destroy(server->clients.crowd);
    engine_destroy(server->engine);
    registry_settle();
    journal_close();
    if (server->port)
        CloseHandle(server->port);
    free(server);
}
