/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host of one validator; see host.h.
 */
#include "programs/napserver/host.h"

#include <stdlib.h>
#include <string.h>
#include <objbase.h>
#include <psapi.h>

#include "naperror.h"

#include "libs/hostprocess/hostprocess.h"
#include "libs/log/log.h"
#include "libs/napclient/napclient.h"
#include "programs/napserver/response.h"

#define FIRST_PAUSE 500    /* ms after the first process that was killed; each next pause doubles */
#define LAST_PAUSE 60000   /* ms, the longest; a process that worked so long begins anew */
#define LOAD_TIMEOUT 11000 /* ms in which naphost answers if it cannot load the validator */
#define GRACE 1000         /* ms after the deadline, in which naphost says that it was late */
#define LATE_MAX 3         /* answers in a row that were late: then it hangs */
#define FAIR_TIME 100      /* ms that a validator needs at least, to be called late */
#define QUEUE_MAX 64       /* questions that wait: one of each client */
#define MEMORY_MAX 512     /* MiB that a process may have after its answer */

/* A question that waits for its turn. */
struct asked
{
    struct asked *next;
    struct question *question;
    unsigned int index;
};

struct host
{
    CLSID clsid;
    DWORD id;
    SRWLOCK lock; /* of the members down to `ended` */
    CONDITION_VARIABLE changed;
    struct asked *first, **end;
    unsigned int waiting; /* questions in the list */
    bool resting;         /* its process is not wanted */
    bool ended;
    HANDLE stop; /* event: it is ended */
    /* the rest is the thread's */
    struct host_process process;
    HRESULT failure;     /* why there is no process */
    DWORD pause;         /* ms, the last; 0: it has not failed */
    ULONGLONG again;     /* GetTickCount64() at which the next process may start */
    bool loaded;         /* the process has answered */
    SIZE_T memory_limit; /* bytes that the process may have */
    bool removed;        /* it is asked no more until it is registered again */
    unsigned int late;
    uint32_t call;
    struct napipc_message message;
    BYTE frame[NAPIPC_MAX_FRAME];
    BYTE packet[NAPIPC_MAX_SOH];
};

static volatile LONG alive; /* hosts with a thread */

/* ---- the process ---- */

static DWORD next_pause(struct host *host)
{
    ULONGLONG lived = host->process.process ? GetTickCount64() - host->process.started : 0;

    if (!host->pause || (host->loaded && lived >= LAST_PAUSE))
        return FIRST_PAUSE;
    return host->pause * 2 < LAST_PAUSE ? host->pause * 2 : LAST_PAUSE;
}

/* The process is of no use any more: the validator fails with `failure` until the pause is over. */
static void kill_process(struct host *host, HRESULT failure, const char *why)
{
    host->pause = next_pause(host);
    log_event(LOG_WARN, host->id, "host-ended",
            "naphost, process %lu, is ended: %s; the next one starts in %lu ms at the earliest",
            host->process.id, why, host->pause);
    host_process_end(&host->process, false);
    host->failure = failure;
    host->again = GetTickCount64() + host->pause;
}

/* Parameters\HostMemory, REG_DWORD, MiB; read for each process, so not at each answer. */
static SIZE_T memory_limit(void)
{
    DWORD limit, size = sizeof(limit);

    if (RegGetValueW(HKEY_LOCAL_MACHINE, SERVER_PARAMETERS_KEY, L"HostMemory", RRF_RT_REG_DWORD,
                NULL, &limit, &size)
            || !limit)
        limit = MEMORY_MAX;
    return (SIZE_T)(limit < 2047 ? limit : 2047) << 20;
}

/* Does the process have more memory than it may? Wine's job objects limit none. */
static bool leaks(const struct host *host)
{
    PROCESS_MEMORY_COUNTERS counters;

    return host->process.process
           && GetProcessMemoryInfo(host->process.process, &counters, sizeof(counters))
           && counters.PagefileUsage > host->memory_limit;
}

static void log_started(const struct host *host)
{
    WCHAR class[39];

    StringFromGUID2(&host->clsid, class, ARRAYSIZE(class));
    log_event(LOG_INFO, host->id, "host-started",
            "naphost is process %lu, %u-bit, for class %ls: %ls", host->process.id,
            host->process.bits, class,
            host->process.server[0] ? host->process.server : L"no server is registered");
}

/* S_OK: there is a process. */
static HRESULT start_process(struct host *host)
{
    DWORD error;

    if (host->process.process)
        return S_OK;
    if (host->pause && GetTickCount64() < host->again)
        return host->failure;
    host->loaded = false;
    host->late = 0;
    host->memory_limit = memory_limit();
    error = host_process_start(
            &host->process, &host->clsid, host->id, GetStdHandle(STD_ERROR_HANDLE));
    if (!error)
    {
        log_started(host);
        return S_OK;
    }
    host->pause = next_pause(host);
    host->again = GetTickCount64() + host->pause;
    host->failure = HRESULT_FROM_WIN32(error);
    log_event(LOG_ERROR, host->id, "host-missing", "naphost cannot be started: error %lu%s", error,
            error == ERROR_FILE_NOT_FOUND ? "; that of the validator's bitness is not installed"
                                          : "");
    return host->failure;
}

/* ---- the answer ---- */

/* Decodes the answer; false: it is malformed. */
static bool decode(struct host *host, DWORD size)
{
    const struct napipc_validate_reply *reply = &host->message.validate_reply;

    return napipc_decode(host->frame, size, &host->message, NULL, NULL) == NAPIPC_OK
           && host->message.type == (NAPIPC_VALIDATE | NAPIPC_REPLY)
           && host->message.call == host->call && host->message.status == S_OK
           && ((HRESULT)reply->result == S_OK || FAILED((HRESULT)reply->result))
           && ((HRESULT)reply->result != S_OK
                   || response_accepts(host->id, &reply->soh, host->packet));
}

/* The class may have been registered, or its DLL replaced, since the process was started. The next
 * process looks for it again, and may be of the other bitness. */
static bool class_is_missing(HRESULT result)
{
    return result == REGDB_E_CLASSNOTREG || result == CO_E_DLLNOTFOUND
           || result == HRESULT_FROM_WIN32(ERROR_BAD_EXE_FORMAT)
           || result == HRESULT_FROM_WIN32(ERROR_MOD_NOT_FOUND);
}

/* Takes what the answer says about the process. A late answer counts only if the validator had a
 * fair part of the time, because a question may have waited for its turn. */
static void take_answer(struct host *host, bool fair)
{
    const struct napipc_validate_reply *reply = &host->message.validate_reply;

    host->loaded = true;
    if ((HRESULT)reply->result != NAP_E_SHV_TIMEOUT)
        host->late = 0;
    else if (fair)
        host->late++;
    if (reply->removed)
    {
        log_event(LOG_ERROR, host->id, "validator-removed",
                "the validator's process has ended twice: it is left out until it is registered "
                "again, or the service restarts");
        host->removed = true;
        host->failure = (HRESULT)reply->result;
        host_process_end(&host->process, true);
    }
    else if (host->late >= LATE_MAX)
        kill_process(host, NAP_E_SHV_TIMEOUT, "the validator hangs");
    else if (class_is_missing((HRESULT)reply->result))
        kill_process(host, (HRESULT)reply->result, "the validator's class cannot be created");
    else if (leaks(host))
        kill_process(host, RPC_E_SERVER_DIED, "it has more memory than it may have (HostMemory)");
}

/* Sends the question in `message` and decodes the answer. Returns whether there is one; *hr is its
 * result, or why there is none. */
static bool exchange(struct host *host, ULONGLONG deadline, HRESULT *hr)
{
    ULONGLONG limit = deadline + GRACE, now = GetTickCount64();
    DWORD received = 0, error;
    size_t size;

    if (!host->loaded && limit < now + LOAD_TIMEOUT)
        limit = now + LOAD_TIMEOUT;
    host->message.call = ++host->call ? host->call : ++host->call;
    if (napipc_encode(&host->message, host->frame, sizeof(host->frame), &size) != NAPIPC_OK)
    {
        *hr = E_UNEXPECTED;
        return false;
    }
    error = host_process_exchange(&host->process, host->stop, limit, host->frame, (DWORD)size,
            sizeof(host->frame), &received);
    if (!error && decode(host, received))
    {
        *hr = (HRESULT)host->message.validate_reply.result;
        return true;
    }
    if (error == ERROR_OPERATION_ABORTED)
    {
        *hr = E_ABORT;
        return false;
    }
    if (error == ERROR_TIMEOUT)
        kill_process(host, NAP_E_SHV_TIMEOUT, "it hangs");
    else if (!error || error == ERROR_INVALID_DATA)
        kill_process(host, HRESULT_FROM_WIN32(ERROR_INVALID_DATA), "its answer is malformed");
    else
        kill_process(host, RPC_E_SERVER_DIED, "it has crashed");
    *hr = host->failure;
    return false;
}

static void serve(struct host *host, struct asked *asked)
{
    static const struct napipc_blob nothing;
    struct question *question = asked->question;
    HRESULT hr = host->failure;
    DWORD given;

    if (!host->removed && GetTickCount64() >= question->deadline)
        hr = NAP_E_SHV_TIMEOUT;
    else if (!host->removed && SUCCEEDED(hr = start_process(host)))
    {
        question_asked(question, asked->index, host->process.id);
        if (!question_ask(question, host->id, &host->message))
        {
            question_answer(question, asked->index, NAP_E_SHV_TIMEOUT, &nothing);
            return;
        }
        given = host->message.validate.timeout; /* the answer takes its place */
        if (exchange(host, question->deadline, &hr))
        {
            /* The client is answered before the process may be ended. */
            question_answer(question, asked->index, hr, &host->message.validate_reply.soh);
            take_answer(host, given >= FAIR_TIME && given >= question->timeout / 2);
            return;
        }
    }
    question_answer(question, asked->index, hr, &nothing);
}

/* ---- the thread ---- */

static void asked_free(struct asked *asked)
{
    question_release(asked->question);
    free(asked);
}

/* The next question; NULL: the host is ended, or is to rest. */
static struct asked *next_asked(struct host *host, bool *ended)
{
    struct asked *asked;

    AcquireSRWLockExclusive(&host->lock);
    while (!host->first && !host->ended && !(host->resting && host->process.process))
        SleepConditionVariableSRW(&host->changed, &host->lock, INFINITE, 0);
    *ended = host->ended;
    if ((asked = host->ended ? NULL : host->first))
    {
        host->waiting--;
        if (!(host->first = asked->next))
            host->end = &host->first;
    }
    ReleaseSRWLockExclusive(&host->lock);
    return asked;
}

static void host_free(struct host *host)
{
    static const struct napipc_blob nothing;
    struct asked *asked;

    host_process_end(&host->process, true);
    while ((asked = host->first))
    {
        host->first = asked->next;
        question_answer(asked->question, asked->index, E_ABORT, &nothing);
        asked_free(asked);
    }
    CloseHandle(host->stop);
    free(host);
}

static DWORD WINAPI run(void *context)
{
    struct host *host = context;
    struct asked *asked;
    bool ended = false;

    while (!ended)
        if ((asked = next_asked(host, &ended)))
        {
            serve(host, asked);
            asked_free(asked);
        }
        else if (!ended)
            host_process_end(&host->process, true);
    host_free(host);
    InterlockedDecrement(&alive);
    return 0;
}

struct host *host_create(const CLSID *clsid, DWORD id)
{
    struct host *host = calloc(1, sizeof(*host));
    HANDLE thread = NULL;

    if (!host)
        return NULL;
    host->clsid = *clsid;
    host->id = id;
    host->end = &host->first;
    host->failure = RPC_E_SERVER_DIED;
    InitializeSRWLock(&host->lock);
    InitializeConditionVariable(&host->changed);
    if ((host->stop = CreateEventW(NULL, TRUE, FALSE, NULL)))
        thread = CreateThread(NULL, 0, run, host, CREATE_SUSPENDED, NULL);
    if (!thread)
    {
        if (host->stop)
            CloseHandle(host->stop);
        free(host);
        return NULL;
    }
    InterlockedIncrement(&alive);
    ResumeThread(thread);
    CloseHandle(thread);
    return host;
}

void host_ask(struct host *host, struct question *question, unsigned int index)
{
    static const struct napipc_blob nothing;
    struct asked *asked = malloc(sizeof(*asked));
    bool full;

    if (!asked)
    {
        question_answer(question, index, E_OUTOFMEMORY, &nothing);
        return;
    }
    question_add_ref(question);
    *asked = (struct asked){NULL, question, index};
    AcquireSRWLockExclusive(&host->lock);
    host->resting = false;
    if (!(full = host->waiting == QUEUE_MAX))
    {
        host->waiting++;
        *host->end = asked;
        host->end = &asked->next;
    }
    WakeConditionVariable(&host->changed);
    ReleaseSRWLockExclusive(&host->lock);
    if (full)
    {
        question_answer(question, index, NAP_E_SHV_TIMEOUT, &nothing);
        asked_free(asked);
    }
}

void host_rest(struct host *host)
{
    AcquireSRWLockExclusive(&host->lock);
    host->resting = true;
    WakeConditionVariable(&host->changed);
    ReleaseSRWLockExclusive(&host->lock);
}

void host_end(struct host *host)
{
    AcquireSRWLockExclusive(&host->lock);
    host->ended = true;
    SetEvent(host->stop);
    WakeConditionVariable(&host->changed);
    ReleaseSRWLockExclusive(&host->lock);
}

void hosts_wait(DWORD timeout)
{
    ULONGLONG begun = GetTickCount64();

    while (alive && GetTickCount64() - begun < timeout)
        Sleep(10);
}
