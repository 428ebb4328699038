/*
 * Apartments: how a thread may wait.
 *
 * A thread of a single-threaded apartment must take calls while it waits: the
 * answer it waits for may need a callback into this very apartment.
 */
#include "qagent.h"

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
