/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Running the administrator's hook and dialer.
 *
 * Wine gives no process handle for a host program, so tools/hooks/napagent-hook runs it and
 * writes how it ended into the run's own folder, where a thread of ours looks for it. That
 * thread starts with the first run; the engine's thread only puts runs into its queue, and marks
 * those that are to end.
 */
#include "programs/napagent/hook.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/hosthook/hosthook.h"
#include "libs/log/log.h"
#include "libs/napclient/napclient.h"

#define POLL_INTERVAL 50 /* ms, at most */
#define ALLOWANCE 15000  /* ms that the script may take beside the program, to kill one too */
#define PROGRAM_CAPACITY 4096

/* A program of the administrator, and its time. */
struct host_program
{
    const char *name;  /* for the log: the event too */
    const WCHAR *path; /* values of the agent's parameters */
    const WCHAR *timeout;
    DWORD default_timeout, max_timeout; /* ms */
    WCHAR command[24];                  /* of the script */
};

static const struct host_program hook_program = {
        "hook", L"Hook", L"HookTimeout", HOOK_DEFAULT_TIMEOUT, HOOK_MAX_TIMEOUT, L"napagent-hook"};
static const struct host_program dialer_program = {"dialer", L"Dialer", L"DialTimeout",
        DIAL_DEFAULT_TIMEOUT, DIAL_MAX_TIMEOUT, L"napagent-hook dialer"};
/* The dialer, started to end a connection. */
static const struct host_program hang_up_program = {"dialer", L"Dialer", L"HookTimeout",
        HOOK_DEFAULT_TIMEOUT, HOOK_MAX_TIMEOUT, L"napagent-hook"};

struct run
{
    struct run *next;
    const struct host_program *program;
    uint32_t number;
    char *name;       /* what it does and for whom, for the log */
    char *connection; /* runs of the same one do not overlap */
    DWORD timeout;    /* ms */
    bool going;
    ULONGLONG started;
    WCHAR folder[MAX_PATH];
    /* Of a dialer: */
    char *input;              /* with a NUL; NULL: none, or it has been sent */
    size_t input_size;        /* with the NUL */
    LONG ending;              /* it is to end before its time */
    bool end_sent;            /* it knows that it is to end */
    size_t output_size;       /* bytes of its output that have been read */
    char line[DIAL_LINE_MAX]; /* the last of them, without an end of line */
    size_t line_length;
    /* Of any: */
    size_t size;
    char bytes[]; /* program and arguments, each with its NUL */
};

struct hooks
{
    HANDLE port;
    ULONG_PTR key;
    HANDLE wake, thread;
    SRWLOCK lock;     /* of what follows */
    struct run *runs; /* in the order of their arrival */
    bool ending;
};

/* ---- a run from start to end; only on the thread ---- */

static void post(struct hooks *hooks, struct hook_event *event)
{
    if (!PostQueuedCompletionStatus(hooks->port, 0, hooks->key, (OVERLAPPED *)event))
        free(event);
}

static void post_end(struct hooks *hooks, const struct run *run, DWORD error, int exit_status)
{
    unsigned long took = run->started ? (unsigned long)(GetTickCount64() - run->started) : 0;
    const char *program = run->program->name;
    struct hook_event *event;

    if (error == ERROR_TIMEOUT)
        log_event(LOG_ERROR, 0, program, "%s: the %s hung and was ended after %lu ms", run->name,
                program, took);
    else if (error == ERROR_FILE_NOT_FOUND)
        log_event(LOG_ERROR, 0, program, "%s: there is no program %s, or it is not executable",
                run->name, run->bytes);
    else if (error == ERROR_MOD_NOT_FOUND)
        log_event(LOG_ERROR, 0, program,
                "%s: napagent-hook is missing beside napagent.exe; tools/setup.sh install brings it",
                run->name);
    else if (error == ERROR_CANCELLED)
        log_event(LOG_INFO, 0, program, "%s: ended before the %s's turn", run->name, program);
    else if (error)
        log_event(LOG_ERROR, 0, program, "%s: the %s could not be run: error %lu", run->name,
                program, error);
    else
        log_event(exit_status ? LOG_WARN : LOG_INFO, 0, program,
                "%s: exit status %d after %lu ms%s", run->name, exit_status, took,
                run->end_sent ? ", ended before its time" : "");

    if (!(event = calloc(1, sizeof(*event))))
        return; /* who asked gives up when its own time is over */
    event->number = run->number;
    event->ended = true;
    event->result = HRESULT_FROM_WIN32(error);
    event->exit_status = exit_status;
    post(hooks, event);
}

/* Posts the line that is complete now. */
static void post_line(struct hooks *hooks, struct run *run)
{
    size_t length = run->line_length;
    struct hook_event *event;

    if (length && run->line[length - 1] == '\r')
        length--;
    run->line_length = 0;
    if (!(event = calloc(1, sizeof(*event) + length + 1)))
        return;
    event->number = run->number;
    memcpy(event->line, run->line, length);
    post(hooks, event);
}

/* Reads what a dialer has written since. A NUL ends a line as a newline does. */
static void read_output(struct hooks *hooks, struct run *run)
{
    char bytes[4096];
    size_t size, i;

    while (run->output_size < DIAL_OUTPUT_MAX
            && (size = hook_folder_output(run->folder, run->output_size, bytes, sizeof(bytes))))
    {
        run->output_size += size;
        for (i = 0; i < size; i++)
        {
            if (bytes[i] == '\n' || !bytes[i] || run->line_length == sizeof(run->line))
                post_line(hooks, run);
            if (bytes[i] != '\n' && bytes[i])
                run->line[run->line_length++] = bytes[i];
        }
    }
    if (run->output_size >= DIAL_OUTPUT_MAX && !InterlockedExchange(&run->ending, TRUE))
        log_event(LOG_ERROR, 0, run->program->name,
                "%s: the dialer wrote %u bytes and is ended: it must write lines of progress only",
                run->name, (unsigned int)DIAL_OUTPUT_MAX);
}

static void forget_input(struct run *run)
{
    if (run->input)
        SecureZeroMemory(run->input, run->input_size);
    free(run->input);
    run->input = NULL;
}

/* Passes input that waits to a dialer, and takes the lines that it has written. */
static void serve_dialer(struct hooks *hooks, struct run *run)
{
    if (run->input && hook_folder_send(run->folder, run->input, run->input_size))
        forget_input(run);
    read_output(hooks, run);
    if (!run->input && !run->end_sent && InterlockedOr(&run->ending, 0))
    {
        run->end_sent = true;
        hook_folder_end(run->folder);
    }
}

static bool start(struct hooks *hooks, struct run *run)
{
    DWORD error;

    if (run->ending)
    {
        post_end(hooks, run, ERROR_CANCELLED, 0);
        return false;
    }
    run->started = GetTickCount64();
    if (!(error = hook_folder_create(HOOK_FOLDERS, run->folder)))
    {
        if (!(error = hook_folder_write(run->folder, run->timeout, run->bytes, run->size)))
            error = hook_script_start(run->folder, run->program->command);
        if (error)
            hook_folder_remove(run->folder);
    }
    if (error)
        post_end(hooks, run, error, 0);
    return !error;
}

/* Has it ended? */
static bool poll_run(struct hooks *hooks, struct run *run)
{
    bool dials = run->program == &dialer_program;
    DWORD error = ERROR_GEN_FAILURE;
    int exit_status = 0;
    char status[64];

    if (hook_folder_read(run->folder, status, sizeof(status)))
        error = hook_status_read(status, &exit_status);
    else if (GetTickCount64() - run->started < (ULONGLONG)run->timeout + ALLOWANCE)
    {
        if (dials)
            serve_dialer(hooks, run);
        return false; /* later, the script itself is no more */
    }
    if (dials)
    {
        read_output(hooks, run);
        if (run->line_length)
            post_line(hooks, run);
    }
    hook_folder_remove(run->folder);
    post_end(hooks, run, error, exit_status);
    return true;
}

static void run_free(struct run *run)
{
    if (!run)
        return;
    forget_input(run);
    free(run->name);
    free(run->connection);
    free(run);
}

/* ---- the queue ---- */

/* The first run whose turn it is: none before it concerns the same connection. Dialers take long,
 * so they do not count as hooks. */
static struct run *next_to_start(struct hooks *hooks)
{
    unsigned int hooks_going = 0, dialers_going = 0;
    struct run *run, *before;

    for (run = hooks->runs; run; run = run->next)
        *(run->program == &dialer_program ? &dialers_going : &hooks_going) += run->going;
    for (run = hooks->runs; run; run = run->next)
    {
        if (run->going)
            continue;
        if (run->ending)
            return run;
        if ((run->program == &dialer_program ? dialers_going : hooks_going) >= HOOKS_AT_ONCE)
            continue;
        for (before = hooks->runs; before != run; before = before->next)
            if (!strcmp(run->connection, before->connection))
                break;
        if (before == run)
            return run;
    }
    return NULL;
}

static void forget(struct hooks *hooks, struct run *run)
{
    struct run **link;

    AcquireSRWLockExclusive(&hooks->lock);
    for (link = &hooks->runs; *link != run; link = &(*link)->next)
        ;
    *link = run->next;
    ReleaseSRWLockExclusive(&hooks->lock);
    run_free(run);
}

/* When to look again: after a small part of the time that the run has taken so far, so that a short
 * one is not waited for much longer than it takes. */
static DWORD poll_interval(const struct run *run)
{
    ULONGLONG part = (GetTickCount64() - run->started) / 16;

    return part < 1 ? 1 : part < POLL_INTERVAL ? (DWORD)part : POLL_INTERVAL;
}

/* Polls the runs in progress, and returns when to do so again. Only this thread takes runs out of
 * the list or sets `going`. */
static DWORD poll_runs(struct hooks *hooks)
{
    struct run *run, *next;
    DWORD wait = INFINITE;

    AcquireSRWLockShared(&hooks->lock);
    run = hooks->runs;
    ReleaseSRWLockShared(&hooks->lock);
    for (; run; run = next)
    {
        AcquireSRWLockShared(&hooks->lock);
        next = run->next;
        ReleaseSRWLockShared(&hooks->lock);
        if (!run->going)
            continue;
        if (poll_run(hooks, run))
            forget(hooks, run);
        else
            wait = min(wait, poll_interval(run));
    }
    return wait;
}

static DWORD WINAPI hook_thread(void *context)
{
    struct hooks *hooks = context;
    struct run *run;
    DWORD wait;
    bool ending;

    for (;;)
    {
        wait = poll_runs(hooks);
        AcquireSRWLockExclusive(&hooks->lock);
        ending = hooks->ending;
        if ((run = ending ? NULL : next_to_start(hooks)))
            run->going = true;
        ReleaseSRWLockExclusive(&hooks->lock);
        if (ending)
            return 0;
        if (!run)
            WaitForSingleObject(hooks->wake, wait);
        else if (!start(hooks, run))
            forget(hooks, run);
    }
}

struct hooks *hooks_create(HANDLE port, ULONG_PTR key)
{
    struct hooks *hooks = calloc(1, sizeof(*hooks));

    if (!hooks)
        return NULL;
    hooks->port = port;
    hooks->key = key;
    InitializeSRWLock(&hooks->lock);
    if (!(hooks->wake = CreateEventW(NULL, FALSE, FALSE, NULL)))
    {
        free(hooks);
        return NULL;
    }
    return hooks;
}

void hooks_destroy(struct hooks *hooks)
{
    struct run *run;

    if (!hooks)
        return;
    AcquireSRWLockExclusive(&hooks->lock);
    hooks->ending = true;
    ReleaseSRWLockExclusive(&hooks->lock);
    SetEvent(hooks->wake);
    if (hooks->thread)
    {
        WaitForSingleObject(hooks->thread, INFINITE);
        CloseHandle(hooks->thread);
    }
    while ((run = hooks->runs))
    {
        hooks->runs = run->next;
        /* A dialer that gets this ends by itself, also after the agent. */
        if (run->going && run->program == &dialer_program)
            hook_folder_end(run->folder);
        log_event(LOG_WARN, 0, run->program->name, "%s: the agent stops before %s", run->name,
                run->going ? "the program has ended" : "it was the program's turn");
        run_free(run);
    }
    CloseHandle(hooks->wake);
    free(hooks);
}

/* The program's path, in UTF-8. HKLM only: what users may set must not run as the administrator. */
static HRESULT read_program(const struct host_program *program, char *utf8)
{
    WCHAR path[PROGRAM_CAPACITY / 3];
    DWORD size = sizeof(path);
    LSTATUS error = RegGetValueW(HKEY_LOCAL_MACHINE, AGENT_PARAMETERS_KEY, program->path,
            RRF_RT_REG_SZ, NULL, path, &size);

    if (error == ERROR_FILE_NOT_FOUND || (!error && !path[0]))
        return HRESULT_FROM_WIN32(ERROR_NOT_FOUND);
    if (error == ERROR_MORE_DATA)
    {
        log_event(LOG_ERROR, 0, program->name,
                "Parameters\\%ls has %lu characters, and the path of a host "
                "program may have %u: use a shorter one",
                program->path, size / (DWORD)sizeof(*path) - 1, (unsigned int)ARRAYSIZE(path) - 1);
        return HRESULT_FROM_WIN32(ERROR_BAD_PATHNAME);
    }
    if (error || path[0] != '/')
    {
        log_event(LOG_ERROR, 0, program->name,
                "Parameters\\%ls must be the path of a host program, "
                "beginning with /",
                program->path);
        return HRESULT_FROM_WIN32(ERROR_BAD_PATHNAME);
    }
    if (!WideCharToMultiByte(CP_UTF8, 0, path, -1, utf8, PROGRAM_CAPACITY, NULL, NULL))
        return HRESULT_FROM_WIN32(ERROR_BAD_PATHNAME);
    return S_OK;
}

static DWORD read_timeout(const struct host_program *program)
{
    DWORD timeout = agent_parameter(program->timeout, 0);

    if (!timeout)
        return program->default_timeout;
    if (timeout <= program->max_timeout)
        return timeout;
    log_event(LOG_WARN, 0, program->name,
            "Parameters\\%ls is %lu ms, and a %s may take %lu: that counts; set it to less",
            program->timeout, timeout, program->name, program->max_timeout);
    return program->max_timeout;
}

static char *run_name(const char *const *arguments, unsigned int count)
{
    const char *what = count ? arguments[0] : "", *whom = count > 1 ? arguments[1] : "";
    size_t size = strlen(what) + strlen(whom) + 2;
    char *name = malloc(size);

    if (name)
        snprintf(name, size, "%s%s%s", what, *whom ? " " : "", whom);
    return name;
}

/* What runs one after the other: those of one connection, and those of a dialer for one entry,
 * whose attempts have different ids. */
static char *run_connection(
        const struct host_program *program, const char *const *arguments, unsigned int count)
{
    const char *entry = "", *book = "";
    size_t size;
    char *key;

    if (program == &hook_program || count < 4)
        return _strdup(count > 1 ? arguments[1] : "");
    entry = arguments[2];
    book = arguments[3];
    size = strlen(entry) + strlen(book) + 3;
    if ((key = malloc(size)))
        snprintf(key, size, "%s\n%s\n", entry, book);
    return key;
}

static HRESULT queue_run(struct hooks *hooks, const struct host_program *program, uint32_t number,
        const char *const *arguments, unsigned int count, const void *input, size_t input_size)
{
    char path[PROGRAM_CAPACITY];
    struct run *run, **end;
    size_t size;
    unsigned int i;
    char *to;
    HRESULT hr;

    if (FAILED(hr = read_program(program, path)))
        return hr;
    if (count > HOOK_MAX_ARGUMENTS)
        return E_INVALIDARG;
    size = strlen(path) + 1;
    for (i = 0; i < count; i++)
        size += strlen(arguments[i]) + 1;
    if (!(run = calloc(1, sizeof(*run) + size)))
        return E_OUTOFMEMORY;
    run->program = program;
    run->number = number;
    run->timeout = read_timeout(program);
    run->size = size;
    to = run->bytes;
    memcpy(to, path, strlen(path) + 1);
    for (i = 0; i < count; i++)
    {
        to += strlen(to) + 1;
        memcpy(to, arguments[i], strlen(arguments[i]) + 1);
    }
    run->name = run_name(arguments, count);
    run->connection = run_connection(program, arguments, count);
    if (input && (run->input = calloc(1, input_size + 1)))
    {
        memcpy(run->input, input, input_size);
        run->input_size = input_size + 1;
    }
    if (!run->name || !run->connection || (input && !run->input))
    {
        run_free(run);
        return E_OUTOFMEMORY;
    }

    AcquireSRWLockExclusive(&hooks->lock);
    for (end = &hooks->runs; *end; end = &(*end)->next)
        ;
    *end = run;
    ReleaseSRWLockExclusive(&hooks->lock);
    if (!hooks->thread && !(hooks->thread = CreateThread(NULL, 0, hook_thread, hooks, 0, NULL)))
    {
        forget(hooks, run);
        return E_OUTOFMEMORY;
    }
    SetEvent(hooks->wake);
    return S_OK;
}

HRESULT hooks_run(
        struct hooks *hooks, uint32_t number, const char *const *arguments, unsigned int count)
{
    return queue_run(hooks, &hook_program, number, arguments, count, NULL, 0);
}

HRESULT hooks_run_dialer(struct hooks *hooks, uint32_t number, const char *const *arguments,
        unsigned int count, const void *input, size_t size)
{
    return queue_run(hooks, input ? &dialer_program : &hang_up_program, number, arguments, count,
            input, size);
}

void hooks_end(struct hooks *hooks, uint32_t number)
{
    struct run *run;

    AcquireSRWLockShared(&hooks->lock);
    for (run = hooks->runs; run; run = run->next)
        if (run->number == number && run->program == &dialer_program)
            InterlockedExchange(&run->ending, TRUE);
    ReleaseSRWLockShared(&hooks->lock);
    SetEvent(hooks->wake);
}
