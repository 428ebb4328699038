/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Apartments: how a thread may wait.
 *
 * A thread of a single-threaded apartment must dispatch calls while it waits: the
 * answer may depend on a callback into the same apartment, and the service may
 * take long to start.
 */
#include "libs/napcom/napcom.h"

#ifndef COWAIT_DISPATCH_CALLS /* not in Wine's headers */
#define COWAIT_DISPATCH_CALLS 8
#endif

bool apartment_is_single_threaded(void)
{
    APTTYPEQUALIFIER qualifier;
    APTTYPE type;

    /* A thread that never called CoInitialize is in the process' multithreaded apartment. */
    if (FAILED(CoGetApartmentType(&type, &qualifier)))
        return false;
    return type == APTTYPE_STA || type == APTTYPE_MAINSTA;
}

static void wait_and_pump(HANDLE event, DWORD timeout)
{
    DWORD index;

    CoWaitForMultipleHandles(COWAIT_DISPATCH_CALLS, timeout, 1, &event, &index);
}

agent_wait_function apartment_wait(void)
{
    return apartment_is_single_threaded() ? wait_and_pump : NULL;
}

struct apartment_call
{
    void (*function)(void *context);
    void *context;
    HANDLE done;
};

static void run_call(void *context)
{
    struct apartment_call *call = context;

    call->function(call->context);
    SetEvent(call->done); /* `call` may be gone after this */
}

void apartment_run(void (*function)(void *context), void *context)
{
    struct apartment_call call = {function, context, NULL};

    if (apartment_is_single_threaded())
        call.done = CreateEventW(NULL, TRUE, FALSE, NULL);
    /* After an allocation failure it runs here, and no calls are dispatched meanwhile. */
    if (!call.done || !worker_run(run_call, &call))
        function(context);
    else
        while (WaitForSingleObject(call.done, 0) != WAIT_OBJECT_0)
            wait_and_pump(call.done, INFINITE);
    if (call.done)
        CloseHandle(call.done);
}
