/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The statement of the last look.
 */
#include "programs/napwsha/napwsha.h"

#include <string.h>

#define FIRST_LOOK_TIMEOUT 3000 /* ms that a statement waits; the NAP agent waits 5 s for it */

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE changed;
static struct host_statement current; /* what follows is behind the lock too */
static bool fresh;                    /* there was a look since current_begin() */
static bool unlooked;                 /* a request was answered without */
static bool ended;                    /* no look comes any more */
static ULONGLONG looked;              /* GetTickCount64() at the end of the look */
static uint32_t flag;                 /* of the last SoH */

/* The names of a copied statement are the copy's. */
static void copy_statement(struct host_statement *to, const struct host_statement *from)
{
    ptrdiff_t moved = (const uint8_t *)to - (const uint8_t *)from;
    struct wsh_products *class;
    size_t i, j;

    *to = *from;
    for (i = 0; i < WSH_PRODUCT_CLASSES; i++)
    {
        class = &to->soh.classes[i];
        for (j = 0; j < class->count; j++)
            class->products[j].name.data += moved;
    }
}

/* The bytes of a statement without what changes by itself. */
static size_t lasting_bytes(const struct host_statement *statement, uint8_t *bytes)
{
    struct soh_entry entry = {0};
    struct wsh_soh soh = statement->soh;

    soh.flag = soh.since_scan = 0;
    return wsh_soh_write(&soh, bytes, WSH_MAX_SOH_SIZE, &entry) ? 0 : entry.attributes.size;
}

/* Until the first look nothing is known. [MS-WSH] has errors for that: the services behind the
 * health agent have not started since boot. */
void current_begin(void)
{
    AcquireSRWLockExclusive(&lock);
    host_statement_unknown(HOST_NOT_LOOKED, &current);
    looked = GetTickCount64();
    fresh = ended = false;
    ReleaseSRWLockExclusive(&lock);
}

void current_end(void)
{
    AcquireSRWLockExclusive(&lock);
    ended = true;
    WakeAllConditionVariable(&changed);
    ReleaseSRWLockExclusive(&lock);
}

bool current_set(const struct host_statement *statement)
{
    static uint8_t before[WSH_MAX_SOH_SIZE], after[WSH_MAX_SOH_SIZE]; /* of the looks */
    static size_t size_before;
    size_t size;
    bool same;

    AcquireSRWLockExclusive(&lock);
    size = lasting_bytes(statement, after);
    same = !unlooked && size == size_before && !memcmp(before, after, size);
    memcpy(before, after, size);
    size_before = size;
    unlooked = false;
    copy_statement(&current, statement);
    looked = GetTickCount64();
    fresh = true;
    WakeAllConditionVariable(&changed);
    ReleaseSRWLockExclusive(&lock);
    return !same;
}

bool current_write(uint8_t buffer[WSH_MAX_SOH_SIZE], struct soh_entry *entry)
{
    ULONGLONG end = GetTickCount64() + FIRST_LOOK_TIMEOUT, now;
    struct wsh_soh soh;
    bool written;

    AcquireSRWLockExclusive(&lock);
    while (!fresh && !ended && (now = GetTickCount64()) < end)
        SleepConditionVariableSRW(&changed, &lock, (DWORD)(end - now), 0);
    unlooked = unlooked || !fresh;
    soh = current.soh;
    soh.flag = ++flag;
    soh.since_scan += (uint32_t)((GetTickCount64() - looked) / 1000);
    written = (fresh || !ended) && wsh_soh_write(&soh, buffer, WSH_MAX_SOH_SIZE, entry) == WSH_OK;
    ReleaseSRWLockExclusive(&lock);
    return written;
}
