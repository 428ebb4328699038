/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Workers: threads of the multithreaded apartment that call into programs.
 *
 * A worker that is idle for a while ends. A callback that hangs keeps its
 * worker, and the next callback gets another. If no thread can be created, the
 * callback waits for a worker that finishes its job.
 */
#include "libs/napcom/napcom.h"

#include <stdlib.h>

#define IDLE_TIMEOUT 10000 /* ms */

struct job
{
    struct job *next;
    void (*function)(void *context);
    void *context;
};

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE job_added = CONDITION_VARIABLE_INIT;
static struct job *jobs;
static unsigned int workers;
static unsigned int waiting; /* workers that wait, with no job queued for them */
static unsigned int left; /* jobs for which there was no thread: the next free worker takes one */

/* The next job, or NULL after IDLE_TIMEOUT without any. `promised`: one was queued for us. */
static struct job *take_job(bool promised)
{
    struct job *job;

    AcquireSRWLockExclusive(&lock);
    if (!promised && left)
        left--;
    else if (!promised)
        waiting++;
    while (!jobs && SleepConditionVariableSRW(&job_added, &lock, IDLE_TIMEOUT, 0))
        ;
    if ((job = jobs))
        jobs = job->next;
    else
    {
        waiting--;
        workers--;
    }
    ReleaseSRWLockExclusive(&lock);
    return job;
}

static DWORD WINAPI worker(void *module)
{
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    bool promised = true;
    struct job *job;

    for (; (job = take_job(promised)); promised = false)
    {
        job->function(job->context);
        free(job);
    }
    if (SUCCEEDED(hr))
        CoUninitialize();
    FreeLibraryAndExitThread(module, 0);
}

static bool worker_create(void)
{
    HMODULE module;
    HANDLE thread;

    /* The thread holds a reference to the DLL. */
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (const WCHAR *)&jobs, &module))
        return false;
    if (!(thread = CreateThread(NULL, 0, worker, module, 0, NULL)))
    {
        FreeLibrary(module);
        return false;
    }
    CloseHandle(thread);
    return true;
}

bool worker_run(void (*function)(void *context), void *context)
{
    struct job *job = malloc(sizeof(*job)), **end;
    bool done = true;

    if (!job)
        return false;
    job->function = function;
    job->context = context;
    job->next = NULL;
    AcquireSRWLockExclusive(&lock);
    for (end = &jobs; *end; end = &(*end)->next)
        ;
    *end = job;
    if (waiting)
        waiting--;
    else if (worker_create())
        workers++;
    else if (workers)
        left++;
    else
    {
        *end = NULL;
        done = false;
    }
    WakeConditionVariable(&job_added);
    ReleaseSRWLockExclusive(&lock);
    if (!done)
        free(job);
    return done;
}
