/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Running the administrator's hook.
 *
 * Wine gives no process handle for a host program, so tools/hooks/napagent-hook runs it and
 * writes how it ended into the run's own folder, where a thread of ours looks for it. That
 * thread starts with the first run; the engine's thread only puts runs into its queue.
 */
#include "programs/napagent/hook.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "programs/napagent/hook_folder.h"

#define POLL_INTERVAL 50 /* ms */
#define ALLOWANCE 7000   /* ms that the script may take beside the hook, to kill one too */
#define PROGRAM_CAPACITY 4096

struct run
{
    struct run *next;
    uint32_t number;
    char *name;       /* what it does and for whom, for the log */
    char *connection; /* runs of the same one do not overlap; or NULL */
    DWORD timeout;    /* ms */
    bool going;
    ULONGLONG started;
    WCHAR folder[MAX_PATH];
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

static DWORD start_script(const struct run *run)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process = {0};
    WCHAR script[MAX_PATH], command[] = L"napagent-hook";
    WCHAR *name;
    DWORD length = GetModuleFileNameW(NULL, script, ARRAYSIZE(script));

    if (!length || length >= ARRAYSIZE(script) - ARRAYSIZE(command)
            || !(name = wcsrchr(script, '\\')))
        return ERROR_FILENAME_EXCED_RANGE;
    wcscpy(name + 1, command);
    if (GetFileAttributesW(script) == INVALID_FILE_ATTRIBUTES)
    {
        log_event(LOG_ERROR, 0, "hook", "%ls is missing; tools/setup.sh install brings it", script);
        return ERROR_PATH_NOT_FOUND;
    }
    if (!CreateProcessW(script, command, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, run->folder,
                &startup, &process))
        return GetLastError();
    if (process.hThread)
        CloseHandle(process.hThread);
    if (process.hProcess)
        CloseHandle(process.hProcess);
    return 0;
}

static void post_end(struct hooks *hooks, const struct run *run, DWORD error, int exit_status)
{
    unsigned long took = run->started ? (unsigned long)(GetTickCount64() - run->started) : 0;
    struct hook_end *end;

    if (error == ERROR_TIMEOUT)
        log_event(LOG_ERROR, 0, "hook", "%s: the hook hung and was ended after %lu ms", run->name,
                took);
    else if (error == ERROR_FILE_NOT_FOUND)
        log_event(LOG_ERROR, 0, "hook", "%s: there is no program %s, or it is not executable",
                run->name, run->bytes);
    else if (error)
        log_event(
                LOG_ERROR, 0, "hook", "%s: the hook could not be run: error %lu", run->name, error);
    else
        log_event(exit_status ? LOG_WARN : LOG_INFO, 0, "hook", "%s: exit status %d after %lu ms",
                run->name, exit_status, took);

    if (!(end = malloc(sizeof(*end))))
        return; /* who asked gives up when its own time is over */
    end->number = run->number;
    end->result = HRESULT_FROM_WIN32(error);
    end->exit_status = exit_status;
    if (!PostQueuedCompletionStatus(hooks->port, 0, hooks->key, (OVERLAPPED *)end))
        free(end);
}

static bool start(struct hooks *hooks, struct run *run)
{
    DWORD error;

    run->started = GetTickCount64();
    if (!(error = hook_folder_create(run->folder)))
    {
        if (!(error = hook_folder_write(run->folder, run->timeout, run->bytes, run->size)))
            error = start_script(run);
        if (error)
            hook_folder_remove(run->folder);
    }
    if (error)
        post_end(hooks, run, error, 0);
    return !error;
}

/* What the script's word means: 0 and an exit status, or a Win32 error. */
static DWORD read_end(const char *status, int *exit_status)
{
    int number;

    *exit_status = 0;
    if (!strcmp(status, "timeout"))
        return ERROR_TIMEOUT;
    if (!strcmp(status, "missing"))
        return ERROR_FILE_NOT_FOUND;
    if (sscanf(status, "exit %d", &number) == 1)
        *exit_status = number;
    else if (sscanf(status, "signal %d", &number) == 1)
        *exit_status = 128 + number;
    else
        return ERROR_GEN_FAILURE;
    return 0;
}

/* Has it ended? */
static bool poll_run(struct hooks *hooks, const struct run *run)
{
    DWORD error = ERROR_GEN_FAILURE;
    int exit_status = 0;
    char status[64];

    if (hook_folder_read(run->folder, status, sizeof(status)))
        error = read_end(status, &exit_status);
    else if (GetTickCount64() - run->started < (ULONGLONG)run->timeout + ALLOWANCE)
        return false; /* later, the script itself is no more */
    hook_folder_remove(run->folder);
    post_end(hooks, run, error, exit_status);
    return true;
}

static void run_free(struct run *run)
{
    if (!run)
        return;
    free(run->name);
    free(run->connection);
    free(run);
}

/* ---- the queue ---- */

/* The first run whose turn it is: none before it concerns the same connection. */
static struct run *next_to_start(struct hooks *hooks)
{
    struct run *run, *before;
    unsigned int going = 0;

    for (run = hooks->runs; run; run = run->next)
        going += run->going;
    for (run = hooks->runs; run && going < HOOKS_AT_ONCE; run = run->next)
    {
        if (run->going)
            continue;
        for (before = hooks->runs; before != run; before = before->next)
            if (run->connection && before->connection
                    && !strcmp(run->connection, before->connection))
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

/* Polls the runs in progress. Only this thread takes runs out of the list or sets `going`. */
static bool poll_runs(struct hooks *hooks)
{
    struct run *run, *next;
    bool any = false;

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
            any = true;
    }
    return any;
}

static DWORD WINAPI hook_thread(void *context)
{
    struct hooks *hooks = context;
    struct run *run;
    bool going, ending;

    hook_folders_clean();
    for (;;)
    {
        going = poll_runs(hooks);
        AcquireSRWLockExclusive(&hooks->lock);
        ending = hooks->ending;
        if ((run = ending ? NULL : next_to_start(hooks)))
            run->going = true;
        ReleaseSRWLockExclusive(&hooks->lock);
        if (ending)
            return 0;
        if (!run)
            WaitForSingleObject(hooks->wake, going ? POLL_INTERVAL : INFINITE);
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
        log_event(LOG_WARN, 0, "hook", "%s: %s", run->name,
                run->going ? "the agent stops before the "
                             "hook has ended"
                           : "the agent stops before it was the hook's turn");
        run_free(run);
    }
    CloseHandle(hooks->wake);
    free(hooks);
}

/* The program, in UTF-8. HKLM only: what users may set must not run as the administrator. */
static HRESULT read_program(char *program)
{
    WCHAR path[PROGRAM_CAPACITY / 3];
    DWORD size = sizeof(path);
    LSTATUS error = RegGetValueW(
            HKEY_LOCAL_MACHINE, AGENT_PARAMETERS_KEY, L"Hook", RRF_RT_REG_SZ, NULL, path, &size);

    if (error == ERROR_FILE_NOT_FOUND || (!error && !path[0]))
        return HRESULT_FROM_WIN32(ERROR_NOT_FOUND);
    if (error == ERROR_MORE_DATA)
    {
        log_event(LOG_ERROR, 0, "hook",
                "Parameters\\Hook has %lu characters, and the path of a host "
                "program may have %u: use a shorter one",
                size / (DWORD)sizeof(*path) - 1, (unsigned int)ARRAYSIZE(path) - 1);
        return HRESULT_FROM_WIN32(ERROR_BAD_PATHNAME);
    }
    if (error || path[0] != '/')
    {
        log_event(LOG_ERROR, 0, "hook",
                "Parameters\\Hook must be the path of a host program, "
                "beginning with /");
        return HRESULT_FROM_WIN32(ERROR_BAD_PATHNAME);
    }
    if (!WideCharToMultiByte(CP_UTF8, 0, path, -1, program, PROGRAM_CAPACITY, NULL, NULL))
        return HRESULT_FROM_WIN32(ERROR_BAD_PATHNAME);
    return S_OK;
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

HRESULT hooks_run(
        struct hooks *hooks, uint32_t number, const char *const *arguments, unsigned int count)
{
    char program[PROGRAM_CAPACITY];
    struct run *run, **end;
    size_t size;
    unsigned int i;
    char *to;
    HRESULT hr;

    if (FAILED(hr = read_program(program)))
        return hr;
    if (count > HOOK_MAX_ARGUMENTS)
        return E_INVALIDARG;
    size = strlen(program) + 1;
    for (i = 0; i < count; i++)
        size += strlen(arguments[i]) + 1;
    if (!(run = calloc(1, sizeof(*run) + size)))
        return E_OUTOFMEMORY;
    run->number = number;
    run->timeout = agent_parameter(L"HookTimeout", 0);
    if (!run->timeout)
        run->timeout = HOOK_DEFAULT_TIMEOUT;
    if (run->timeout > HOOK_MAX_TIMEOUT)
    {
        log_event(LOG_WARN, 0, "hook",
                "Parameters\\HookTimeout is %lu ms, and a hook may take %u: "
                "that counts; set it to less",
                run->timeout, HOOK_MAX_TIMEOUT);
        run->timeout = HOOK_MAX_TIMEOUT;
    }
    run->size = size;
    to = run->bytes;
    memcpy(to, program, strlen(program) + 1);
    for (i = 0; i < count; i++)
    {
        to += strlen(to) + 1;
        memcpy(to, arguments[i], strlen(arguments[i]) + 1);
    }
    run->name = run_name(arguments, count);
    run->connection = count > 1 ? _strdup(arguments[1]) : NULL;
    if (!run->name || (count > 1 && !run->connection))
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
