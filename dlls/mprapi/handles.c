/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The handles that programs get. They are numbers, so that a closed or invented one is noticed.
 */

#include "dlls/mprapi/rras.h"

static SRWLOCK lock = SRWLOCK_INIT;
static ULONG_PTR last_handle = 0x10000; /* of all sets: a handle is in one of them only */

bool handle_is_in(struct handle_set *set, HANDLE handle)
{
    bool found = false;
    DWORD i;

    AcquireSRWLockShared(&lock);
    for (i = 0; i < set->count && !found; i++)
        found = set->handles[i] == handle;
    ReleaseSRWLockShared(&lock);
    return found;
}

HANDLE handle_create(struct handle_set *set)
{
    HANDLE handle = NULL, *grown;

    AcquireSRWLockExclusive(&lock);
    grown = set->handles;
    if (set->count == set->capacity)
    {
        DWORD capacity = set->capacity ? set->capacity * 2 : 8;

        grown = grown ? HeapReAlloc(GetProcessHeap(), 0, grown, capacity * sizeof(*grown))
                      : HeapAlloc(GetProcessHeap(), 0, capacity * sizeof(*grown));
        if (grown)
        {
            set->handles = grown;
            set->capacity = capacity;
        }
    }
    if (grown)
    {
        last_handle += 4; /* as the system numbers its handles */
        handle = (HANDLE)last_handle;
        set->handles[set->count++] = handle;
    }
    ReleaseSRWLockExclusive(&lock);
    return handle;
}

bool handle_destroy(struct handle_set *set, HANDLE handle)
{
    bool found = false;
    DWORD i;

    AcquireSRWLockExclusive(&lock);
    for (i = 0; i < set->count && !found; i++)
        if (set->handles[i] == handle)
        {
            set->handles[i] = set->handles[--set->count];
            found = true;
        }
    ReleaseSRWLockExclusive(&lock);
    return found;
}
