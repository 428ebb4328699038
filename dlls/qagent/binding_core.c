/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bindings: Initialize to Uninitialize, and the agent's callbacks in between.
 */
#include "binding_core.h"

#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"

void binding_core_init(struct binding_core *core, const struct binding_kind *kind, void *object)
{
    core->kind = kind;
    core->object = object;
    core->refs = 1;
    core->holds = 1;
    InitializeSRWLock(&core->lock);
    InitializeConditionVariable(&core->opened);
    InitializeConditionVariable(&core->inside.left);
    module_lock();
}

static void binding_hold(struct binding_core *core)
{
    InterlockedIncrement(&core->holds);
}

static void binding_unhold(struct binding_core *core)
{
    if (!InterlockedDecrement(&core->holds))
    {
        free(core->object);
        module_unlock();
    }
}

/* ms that the agent waits for a callback, and so Uninitialize too. */
static DWORD callback_deadline(void)
{
    DWORD deadline = agent_parameter(L"CallbackDeadline", 0);

    return deadline ? deadline : NAPIPC_DEFAULT_CALLBACK_DEADLINE;
}

/* A call of agent_link_open() or agent_link_close(), for apartment_run(). */
struct link_call
{
    struct binding_core *core;
    struct agent_link *link;
    HRESULT result;
};

static void close_link(void *context)
{
    struct link_call *closing = context;

    closing->result = agent_link_close(closing->link);
}

static DWORD time_left(ULONGLONG until)
{
    ULONGLONG now = GetTickCount64();

    return now < until ? (DWORD)(until - now) : 0;
}

/*
 * Ends the binding. With `wait`, waits for calls and callbacks of other threads,
 * at most until a callback's deadline. Returns the agent's result.
 */
static HRESULT binding_end(struct binding_core *core, bool wait)
{
    ULONGLONG until = GetTickCount64() + (wait ? callback_deadline() : 0);
    struct callback_target *target;
    struct link_call closing;

    AcquireSRWLockExclusive(&core->lock);
    if (core->state != BINDING_BOUND)
    {
        ReleaseSRWLockExclusive(&core->lock);
        return NAP_E_NOT_INITIALIZED;
    }
    core->state = BINDING_CLOSING;
    closing.link = core->link;
    target = core->target;
    if (wait)
        activities_wait(&core->inside, &core->lock, time_left(until));
    ReleaseSRWLockExclusive(&core->lock);

    if (wait)
        callback_target_wait(target, time_left(until));
    callback_target_close(target);
    apartment_run(close_link, &closing);

    AcquireSRWLockExclusive(&core->lock);
    core->link = NULL;
    core->target = NULL;
    core->state = BINDING_FREE;
    ReleaseSRWLockExclusive(&core->lock);
    callback_target_release(target);
    return closing.result;
}

ULONG binding_core_add_ref(struct binding_core *core)
{
    return InterlockedIncrement(&core->refs);
}

ULONG binding_core_release(struct binding_core *core)
{
    LONG refs = InterlockedDecrement(&core->refs);

    if (!refs)
    {
        binding_end(core, true);
        binding_unhold(core);
    }
    return refs;
}

/* ---- callbacks ---- */

struct callback_job
{
    struct binding_core *core;
    LONG initialization; /* the one whose link received it */
    struct agent_callback asked;
};

static void callback_job_free(struct callback_job *job)
{
    binding_unhold(job->core);
    agent_frame_clear(&job->asked.frame);
    free(job);
}

/* Adds a reference to *link and *target each. False: no longer bound. */
static bool callback_begin(
        const struct callback_job *job, struct agent_link **link, struct callback_target **target)
{
    struct binding_core *core = job->core;
    bool bound;

    AcquireSRWLockExclusive(&core->lock);
    /* A callback may arrive before Initialize returns. */
    while (core->state == BINDING_OPENING && core->initialization == job->initialization)
        SleepConditionVariableSRW(&core->opened, &core->lock, INFINITE, 0);
    bound = core->state == BINDING_BOUND && core->initialization == job->initialization;
    if (bound)
    {
        agent_link_acquire(*link = core->link);
        callback_target_begin(*target = core->target);
    }
    ReleaseSRWLockExclusive(&core->lock);
    return bound;
}

/* Runs on a worker in the multithreaded apartment. */
static void run_callback(void *context)
{
    struct callback_job *job = context;
    struct binding_core *core = job->core;
    struct callback_target *target;
    struct napipc_message reply;
    struct agent_link *link;
    HRESULT hr;

    if (callback_begin(job, &link, &target))
    {
        memset(&reply, 0, sizeof(reply));
        hr = core->kind->answer(core, link, target, &job->asked, &reply);
        if (callback_server_gone(hr))
        {
            log_event(LOG_INFO, core->id, "gone", "a callback returned %#lx: unbound",
                    (unsigned long)hr);
            binding_end(core, false);
        }
        callback_target_end(target);
        agent_link_release(link);
    }
    callback_job_free(job);
}

/* Answers a callback that has no memory or no thread, so that the agent does not wait for it. */
static void fail_callback(struct binding_core *core, const struct agent_callback *callback)
{
    struct napipc_message reply = {.status = (uint32_t)E_OUTOFMEMORY};
    struct agent_link *link;

    log_event(LOG_ERROR, core->id, "no-memory",
            "dropped a callback of the agent: no "
            "memory or no thread for it");
    AcquireSRWLockExclusive(&core->lock);
    if ((link = core->state == BINDING_BOUND ? core->link : NULL))
        agent_link_acquire(link);
    ReleaseSRWLockExclusive(&core->lock);
    if (!link)
        return; /* not bound, or not yet: the agent sends the callback again */
    agent_link_answer(link, callback, &reply);
    agent_link_release(link);
}

/* Runs on the link's reader thread. */
static void on_callback(void *context, const struct agent_callback *callback)
{
    struct binding_core *core = context;
    struct callback_job *job = malloc(sizeof(*job));

    if (job)
    {
        job->core = core;
        job->initialization = core->initialization;
        job->asked = *callback;
        binding_hold(core);
        if (worker_run(run_callback, job))
            return;
        fail_callback(core, callback);
        callback_job_free(job);
    }
    else
    {
        struct agent_frame frame = callback->frame;

        fail_callback(core, callback);
        agent_frame_clear(&frame);
    }
}

static const struct agent_link_events link_events = {on_callback};

/* ---- methods ---- */

static void open_link(void *context)
{
    struct link_call *opening = context;
    struct binding_core *core = opening->core;

    opening->result = agent_link_open(
            core->kind->kind, core->id, core->kind->start, &link_events, core, &opening->link);
}

HRESULT binding_core_initialize(struct binding_core *core, NapComponentId id, void *callback)
{
    struct callback_target *target = NULL;
    struct link_call opening = {core, NULL, S_OK};

    if (!callback)
        return E_INVALIDARG;
    AcquireSRWLockExclusive(&core->lock);
    if (core->state != BINDING_FREE)
    {
        ReleaseSRWLockExclusive(&core->lock);
        return HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED);
    }
    core->state = BINDING_OPENING;
    core->initialization++;
    core->id = id;
    ReleaseSRWLockExclusive(&core->lock);

    opening.result = callback_target_create(core->kind->callback, callback, &target);
    if (SUCCEEDED(opening.result))
        apartment_run(open_link, &opening);
    if (!opening.link && target)
    {
        callback_target_close(target);
        callback_target_release(target);
        target = NULL;
    }

    AcquireSRWLockExclusive(&core->lock);
    core->link = opening.link;
    core->target = target;
    core->state = opening.link ? BINDING_BOUND : BINDING_FREE;
    ReleaseSRWLockExclusive(&core->lock);
    WakeAllConditionVariable(&core->opened);
    return opening.result;
}

HRESULT binding_core_uninitialize(struct binding_core *core)
{
    return binding_end(core, true);
}

HRESULT binding_core_enter(struct binding_core *core, struct binding_visit *visit)
{
    HRESULT hr = NAP_E_NOT_INITIALIZED;

    AcquireSRWLockExclusive(&core->lock);
    if (core->state == BINDING_BOUND)
    {
        activity_enter(&core->inside, &visit->activity);
        visit->core = core;
        visit->initialization = core->initialization;
        agent_link_acquire(visit->link = core->link);
        hr = S_OK;
    }
    ReleaseSRWLockExclusive(&core->lock);
    return hr;
}

HRESULT binding_core_leave_with(struct binding_visit *visit, HRESULT result)
{
    struct binding_core *core = visit->core;

    AcquireSRWLockShared(&core->lock);
    if (result == RPC_E_DISCONNECTED
            && (core->state != BINDING_BOUND || core->initialization != visit->initialization))
        result = NAP_E_NOT_INITIALIZED;
    ReleaseSRWLockShared(&core->lock);
    binding_core_leave(visit);
    return result;
}

void binding_core_leave(struct binding_visit *visit)
{
    struct binding_core *core = visit->core;

    AcquireSRWLockExclusive(&core->lock);
    activity_leave(&core->inside, &visit->activity);
    ReleaseSRWLockExclusive(&core->lock);
    agent_link_release(visit->link);
}

HRESULT binding_core_notify(struct binding_core *core, uint16_t type)
{
    struct napipc_message request;
    struct binding_visit visit;
    HRESULT hr;

    if (FAILED(hr = binding_core_enter(core, &visit)))
        return hr;
    request.type = type;
    hr = agent_link_call(visit.link, &request, NULL, apartment_wait());
    return binding_core_leave_with(&visit, hr);
}
