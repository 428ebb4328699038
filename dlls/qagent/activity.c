/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Activities: which threads are inside an object, so that the thread that ends
 * it can wait for the others and not for itself.
 */
#include "qagent.h"

#define PUMP_INTERVAL 10 /* ms between two checks while messages are pumped */

void activity_enter(struct activities *activities, struct activity *activity)
{
    activity->thread = GetCurrentThreadId();
    activity->next = activities->first;
    activities->first = activity;
}

void activity_leave(struct activities *activities, struct activity *activity)
{
    struct activity **link;

    for (link = &activities->first; *link != activity; link = &(*link)->next)
        ;
    *link = activity->next;
    WakeAllConditionVariable(&activities->left);
}

void activity_announce(struct activities *activities)
{
    activities->announced++;
}

void activity_retract(struct activities *activities)
{
    activities->announced--;
    WakeAllConditionVariable(&activities->left);
}

static bool others_inside(const struct activities *activities)
{
    const struct activity *activity;
    unsigned int all = 0, own = 0;

    for (activity = activities->first; activity; activity = activity->next)
    {
        all++;
        own += activity->thread == GetCurrentThreadId();
    }
    return all > own || activities->announced > own;
}

void activities_wait(struct activities *activities, SRWLOCK *lock, DWORD timeout)
{
    ULONGLONG until = GetTickCount64() + timeout, now;
    agent_wait_function wait = apartment_wait();
    HANDLE never = wait ? CreateEventW(NULL, TRUE, FALSE, NULL) : NULL;

    while (others_inside(activities) && (now = GetTickCount64()) < until)
    {
        if (never)
        {
            ReleaseSRWLockExclusive(lock);
            wait(never, PUMP_INTERVAL);
            AcquireSRWLockExclusive(lock);
        }
        else
            SleepConditionVariableSRW(&activities->left, lock, (DWORD)(until - now), 0);
    }
    if (never)
        CloseHandle(never);
}
