/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The connections that this process has hung up.
 *
 * RasHangUp cannot end a tunnel of the host, and where the administrator's hook does, the tunnel
 * takes its time. nf-ras-rashangupw says that the handle can no longer be used after the call, and
 * programs rely on it: they ignore the result and wait until the connection has gone. So it has
 * gone for this process at once, as on Windows; other processes see it until it is down.
 */
#include "dlls/rasapi32/connection.h"

/* More than there can be at once; of more the oldest are forgotten. */
#define HUNG_UP_MAX 256

static SRWLOCK lock = SRWLOCK_INIT;   /* guards all below */
static uint32_t hung_up[HUNG_UP_MAX]; /* 0: none */
static unsigned int next;

static uint32_t *find(uint32_t handle)
{
    unsigned int i;

    for (i = 0; i < HUNG_UP_MAX; i++)
        if (hung_up[i] == handle)
            return &hung_up[i];
    return NULL;
}

void hung_up_add(uint32_t handle)
{
    AcquireSRWLockExclusive(&lock);
    if (!find(handle))
        hung_up[next++ % HUNG_UP_MAX] = handle;
    ReleaseSRWLockExclusive(&lock);
}

bool hung_up_has(uint32_t handle)
{
    bool found;

    AcquireSRWLockShared(&lock);
    found = find(handle) != NULL;
    ReleaseSRWLockShared(&lock);
    return found;
}

void hung_up_remove(uint32_t handle)
{
    uint32_t *found;

    AcquireSRWLockExclusive(&lock);
    if ((found = find(handle)))
        *found = 0;
    ReleaseSRWLockExclusive(&lock);
}
