/*
 * The pipe server: one thread, one completion port, and a second thread that only begins reads.
 *
 * LISTENERS instances of the pipe listen at all times; whenever one has got a
 * client, or lost it before it was noticed, new ones are made, and where that
 * fails it is tried again. A client is freed when its handle is closed and no
 * operation of it is under way any more.
 */
#include "programs/napagent/client.h"

#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "programs/napagent/hook.h"
#include "programs/napagent/reader.h"
#include "programs/napagent/registry.h"

#define LISTENERS 4
#define LISTEN_RETRY 200           /* ms until a listener that could not be made is tried again */
#define PIPE_BUFFER 65536          /* bytes from a client, a hint for the system */
/* To a client: what it has not read fills this, then our queue, and then we do not read either. */
#define PIPE_OUT_BUFFER 4096
#define ANSWERS_UNREAD 16384 /* bytes in the queue of a client with which the next is not read */
#define FIRST_CAPACITY 4096        /* of a client's read buffer, bytes; what grew is given back */
#define OWN_READS 2 /* connections of a process whose reads this thread begins itself */
#define CLOSED_EVERY 16 /* completions, however busy the port is; else when nobody else waits */
#define CLOSED_AT_ONCE 8           /* clients, before others have their turn again */

enum completion_key
{
    KEY_CLIENT,
    KEY_STOP,
    KEY_GROUP_POLICY, /* it may have changed */
    KEY_HOOK /* a run of the administrator's hook has ended */
};

struct server
{
    HANDLE port;
    struct engine *engine;
    struct group_policy_watch *policy;
    struct hooks *hooks;
    struct client *clients;
    struct client *doomed, **doomed_end; /* those to be closed, the oldest first */
    struct processes processes;
    struct reader *reader;
    unsigned int listeners; /* clients that are listening */
    bool stopping;
};

/* ---- clients ---- */

void client_doom(struct client *client, const char *why)
{
    struct server *server = client->server;

    if (client->doomed)
        return;
    client->doomed = why;
    *server->doomed_end = client;
    server->doomed_end = &client->next_doomed;
}

static void client_close(struct client *client)
{
    HANDLE pipe = client->pipe;

    if (!pipe)
        return;
    if (client->listening)
        client->server->listeners--;
    client->listening = false;
    if (client->session)
        engine_close_session(client->server->engine, client->session);
    client->session = NULL;
    if (client->crowded)
        reader_take_pipe(client->server->reader, client);
    client->pipe = NULL;
    if (client->under_way)
        CancelIoEx(pipe, NULL);
    CloseHandle(pipe);
}

static void client_free(struct client *client)
{
    struct outgoing *frame;

    if ((*client->link = client->next))
        client->next->link = client->link;
    process_leave(&client->server->processes, client->process);
    while ((frame = client->queue))
    {
        client->queue = frame->next;
        free(frame);
    }
    free(client->buffer);
    free(client);
}

/* Closes those that are to be closed, some of them; whoever has nothing under way is freed. */
static void sweep(struct server *server)
{
    struct client *client;
    unsigned int i;

    for (i = 0; i < CLOSED_AT_ONCE && (client = server->doomed); i++)
    {
        if (!(server->doomed = client->next_doomed))
            server->doomed_end = &server->doomed;
        if (*client->doomed)
            log_event(LOG_WARN, 0, "dropped", "process %lu loses its connection: %s",
                client->process->id, client->doomed);
        client_close(client);
        if (!client->under_way)
            client_free(client);
    }
}

/* Makes one more instance of the pipe and lets it listen. */
static DWORD listen_once(struct server *server, bool first)
{
    struct client *client = calloc(1, sizeof(*client));
    DWORD error = 0;

    if (!client)
        return ERROR_NOT_ENOUGH_MEMORY;
    client->server = server;
    client->read.client = client->write.client = client;
    client->write.kind = OPERATION_WRITE;
    client->queue_end = &client->queue;
    if ((client->next = server->clients))
        client->next->link = &client->next;
    client->link = &server->clients;
    server->clients = client;

    client->pipe = CreateNamedPipeW(AGENT_PIPE_NAME, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED
            | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
        PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS,
        PIPE_UNLIMITED_INSTANCES, PIPE_OUT_BUFFER, PIPE_BUFFER, 0, NULL);
    if (client->pipe == INVALID_HANDLE_VALUE)
    {
        client->pipe = NULL;
        error = GetLastError();
    }
    if (!error && first)
    {
        DWORD instances = 0;

        /* Wine ignores FILE_FLAG_FIRST_PIPE_INSTANCE; the count tells. */
        if (GetNamedPipeHandleStateW(client->pipe, NULL, &instances, NULL, NULL, NULL, 0)
                && instances != 1)
            error = ERROR_PIPE_BUSY;
    }
    if (!error && !CreateIoCompletionPort(client->pipe, server->port, KEY_CLIENT, 0))
        error = GetLastError();
    if (!error)
    {
        client->listening = true;
        server->listeners++;
        client->read.kind = OPERATION_CONNECT;
        client->under_way = 1;
        if (!ConnectNamedPipe(client->pipe, &client->read.overlapped))
            error = GetLastError();
        if (error == ERROR_IO_PENDING)
            error = 0;
        else if (error == ERROR_PIPE_CONNECTED)
        {
            /* Connected before it listened: no completion comes by itself. */
            error = PostQueuedCompletionStatus(server->port, 0, KEY_CLIENT,
                    &client->read.overlapped) ? 0 : GetLastError();
        }
        if (error)
            client->under_way = 0;
    }
    if (error)
    {
        client_close(client);
        client_free(client);
    }
    return error;
}

/* Makes listeners until there are enough; says once when that is not possible. */
static void listen_enough(struct server *server)
{
    static bool said;
    DWORD error = 0;

    while (server->listeners < LISTENERS && !server->stopping)
    {
        error = listen_once(server, false);
        /* ERROR_NO_DATA: a client came and went before we listened. */
        if (error && error != ERROR_NO_DATA)
            break;
    }
    if (error && error != ERROR_NO_DATA)
    {
        if (!said)
            log_event(LOG_ERROR, 0, "pipe", "cannot make another instance of the pipe: error %lu; "
                "trying again", error);
        said = true;
    }
    else
        said = false;
}

bool client_begin_read(struct client *client)
{
    return ReadFile(client->pipe, client->buffer + client->received,
                   (DWORD)(client->capacity - client->received), NULL, &client->read.overlapped)
            || GetLastError() == ERROR_IO_PENDING || GetLastError() == ERROR_MORE_DATA;
}

/* Reads what the client says next, unless it has to read first, or to wait for what it has asked
 * for: who asks and asks without looking at the answers shall not keep us busy. */
static void read_next(struct client *client)
{
    client->waits_to_be_read = client->queued > ANSWERS_UNREAD;
    if (client->waits_to_be_read || (client->session && !engine_takes_more(client->session)))
        return;
    if (client->received == client->capacity)
    {
        size_t capacity = client->capacity ? client->capacity * 4 : FIRST_CAPACITY;
        uint8_t *buffer;

        if (client->capacity >= NAPIPC_MAX_FRAME)
        {
            client_doom(client, "its frame is too long");
            return;
        }
        if (capacity > NAPIPC_MAX_FRAME)
            capacity = NAPIPC_MAX_FRAME;
        if (!(buffer = realloc(client->buffer, capacity)))
        {
            client_doom(client, "there is no memory to read it");
            return;
        }
        client->buffer = buffer;
        client->capacity = capacity;
    }
    memset(&client->read.overlapped, 0, sizeof(client->read.overlapped));
    client->read.kind = OPERATION_READ;
    client->read.failed = false;
    client->under_way++;
    if (!(client->crowded ? reader_begin(client->server->reader, client)
                          : client_begin_read(client)))
    {
        client->under_way--;
        client_doom(client, "");
    }
}

void client_take_more(struct client *client)
{
    if (client->pipe && !client->doomed)
        read_next(client);
}

/* Its process has as many connections as it may have. */
static void refuse(struct client *client)
{
    struct client_process *process = client->process;

    if (!process->said)
        log_event(LOG_WARN, 0, "too-many-connections", "process %lu has %d connections to the agent, "
            "the most that one process may have; more are refused until it closes some",
            process->id, CONNECTIONS_MAX);
    process->said = true;
    client->refused = true;
    /* Some are heard, so that they can be told; they are not kept either. */
    if (process->connections > CONNECTIONS_MAX + REFUSALS_MAX)
        client_doom(client, "");
    else
        read_next(client);
}

static void connected(struct client *client, DWORD error)
{
    struct server *server = client->server;

    client->listening = false;
    server->listeners--;
    listen_enough(server);
    if (error)
    {
        client_doom(client, "");
        return;
    }
    if (!(client->process = process_enter(&server->processes, client->pipe)))
    {
        client_doom(client, "");
        return;
    }
    client->crowded = client->process->connections > OWN_READS;
    if (client->process->connections > CONNECTIONS_MAX)
        refuse(client);
    else if (!(client->session = engine_open_session(server->engine, client)))
        client_doom(client, "there is no memory for it");
    else
        read_next(client);
}

/* Its first question was answered by what the limit is; and that was all. */
static void answer_refused(struct client *client)
{
    uint8_t answer[NAPIPC_HEADER_SIZE];

    napipc_encode_refusal((uint32_t)E_OUTOFMEMORY, answer);
    engine_host.send(client->server, client, answer, sizeof(answer));
    client_doom(client, "");
}

/* A long frame was handled: its place is not kept for the next. */
static void give_back(struct client *client)
{
    uint8_t *buffer;

    if (client->capacity > FIRST_CAPACITY
            && (buffer = realloc(client->buffer, FIRST_CAPACITY)))
    {
        client->buffer = buffer;
        client->capacity = FIRST_CAPACITY;
    }
}

static void was_read(struct client *client, DWORD error, DWORD bytes)
{
    client->received += bytes;
    if (error && error != ERROR_MORE_DATA)
    {
        client_doom(client, "");
        return;
    }
    if (!error)
    {
        if (client->refused)
            answer_refused(client);
        else if (!engine_receive(client->server->engine, client->session, client->buffer,
                client->received))
            client_doom(client, "");
        client->received = 0;
        give_back(client);
    }
    if (!client->doomed)
        read_next(client);
}

static void was_written(struct client *client, DWORD error)
{
    struct outgoing *frame = client->queue;

    if (!(client->queue = frame->next))
        client->queue_end = &client->queue;
    client->queued -= frame->size;
    free(frame);
    if (error)
        client_doom(client, "");
    else if (client->queue && !client->doomed)
        client_write_next(client);
    if (client->waits_to_be_read && !client->doomed)
        read_next(client);
}

static void completed(struct operation *operation, DWORD error, DWORD bytes)
{
    struct client *client = operation->client;

    if (operation->kind == OPERATION_READ && operation->failed)
        error = ERROR_BROKEN_PIPE;
    client->under_way--;
    if (!client->pipe)
    {
        /* Closed: nothing is wanted of it any more. */
        if (!client->under_way)
            client_free(client);
    }
    else if (operation->kind == OPERATION_CONNECT)
        connected(client, error);
    else if (operation->kind == OPERATION_READ)
        was_read(client, error, bytes);
    else
        was_written(client, error);
}

/* ---- the administrator's hook ---- */

HRESULT server_run_hook(struct server *server, uint32_t number, const char *const *arguments,
    unsigned int count)
{
    return hooks_run(server->hooks, number, arguments, count);
}

static void hook_ended(struct server *server, struct hook_end *end)
{
    engine_hook_ended(server->engine, end->number, (uint32_t)end->result, end->exit_status);
    free(end);
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
        .callback_deadline = agent_parameter(L"CallbackDeadline",
                NAPIPC_DEFAULT_CALLBACK_DEADLINE),
        .retry_delay = agent_parameter(L"RetryDelay", ENGINE_DEFAULT_RETRY_DELAY),
        .retry_delay_max = agent_parameter(L"RetryDelayMax", ENGINE_DEFAULT_RETRY_DELAY_MAX),
        .process_id = GetCurrentProcessId(),
    };
    struct engine_machine machine;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;
    int i;

    *out = NULL;
    if (!server)
        return error;
    server->doomed_end = &server->doomed;
    machine_describe(&machine);
    server->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    server->engine = engine_create(&engine_host, server, &machine, &settings);
    server->hooks = hooks_create(server->port, KEY_HOOK);
    server->reader = reader_create(server->port, KEY_CLIENT);
    if (server->port && server->engine && server->hooks && server->reader)
        error = listen_once(server, true); /* before the journal is touched: no other agent has it */
    if (!error)
        error = journal_open();
    if (!error)
    {
        store_load(server->engine);
        store_load_ras(server->engine);
        rras_store_load(server->engine);
        /* Before anybody can ask; the watch then posts once more. */
        use_group_policy(server);
        server->policy = group_policy_watch_create(server->port, KEY_GROUP_POLICY);
        error = server->policy ? 0 : ERROR_NOT_ENOUGH_MEMORY;
        for (i = 1; i < LISTENERS && !error; i++)
            error = listen_once(server, false);
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

    if (server->listeners < LISTENERS && deadline > now + LISTEN_RETRY)
        deadline = now + LISTEN_RETRY;
    if (deadline == UINT64_MAX)
        return INFINITE;
    return deadline <= now ? 0 : deadline - now < INFINITE ? (DWORD)(deadline - now) : INFINITE - 1;
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
        /* Who is to be closed waits for those who want something: a process that ends with all its
         * connections delays nobody. */
        if (server->doomed)
            left = 0;
        if (!GetQueuedCompletionStatus(server->port, &bytes, &key, &overlapped, left))
            error = GetLastError();
        if (key == KEY_STOP)
            server->stopping = true;
        else if (key == KEY_GROUP_POLICY)
            use_group_policy(server);
        else if (key == KEY_HOOK)
            hook_ended(server, (struct hook_end *)overlapped);
        else if (!overlapped && server->doomed)
            sweep(server);
        else if (!overlapped)
            listen_enough(server);
        else
        {
            completed(CONTAINING_RECORD(overlapped, struct operation, overlapped), error, bytes);
            if (++handled % CLOSED_EVERY == 0)
                sweep(server);
        }
    }
}

void server_stop(struct server *server)
{
    PostQueuedCompletionStatus(server->port, 0, KEY_STOP, NULL);
}

void server_destroy(struct server *server)
{
    struct client *client, *next;

    server->stopping = true;
    engine_stop(server->engine); /* before its clients are closed */
    group_policy_watch_destroy(server->policy);
    hooks_destroy(server->hooks);
    for (client = server->clients; client; client = next)
    {
        next = client->next;
        client_close(client);
        if (!client->under_way)
            client_free(client);
    }
    while (server->clients)
    {
        OVERLAPPED *overlapped = NULL;
        ULONG_PTR key = KEY_CLIENT;
        DWORD bytes;

        /* Cancelled operations complete at once; were one lost, leaking it does no harm here. */
        if (!GetQueuedCompletionStatus(server->port, &bytes, &key, &overlapped, 1000)
                && !overlapped)
            break;
        if (key == KEY_HOOK)
            free(overlapped);
        else if (overlapped)
            completed(CONTAINING_RECORD(overlapped, struct operation, overlapped), 0, 0);
    }
    reader_destroy(server->reader);
    engine_destroy(server->engine);
    journal_close();
    if (server->port)
        CloseHandle(server->port);
    free(server);
}
