/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Handles that several threads open at once. The test provides the lock: a caller finds
 * that another thread had it first, and what that thread did.
 */

#include <test.h>

#include "dlls/mprapi/rras.h"

static void lock_when_the_others_are_done(SRWLOCK *lock);
static void *heap_alloc(HANDLE heap, DWORD flags, SIZE_T size);
static void *heap_realloc(HANDLE heap, DWORD flags, void *memory, SIZE_T size);

#define AcquireSRWLockExclusive lock_when_the_others_are_done
#define HeapAlloc heap_alloc
#define HeapReAlloc heap_realloc
#include "dlls/mprapi/handles.c"
#undef AcquireSRWLockExclusive
#undef HeapAlloc
#undef HeapReAlloc

/* ---- actions of other threads meanwhile ---- */

#define MOST 200

static struct handle_set set;
static unsigned int meanwhile; /* handles that they open before we get the lock */
static HANDLE opened[MOST];
static unsigned int opened_count;
static SIZE_T table_size; /* the table's size in bytes */

static void *heap_alloc(HANDLE heap, DWORD flags, SIZE_T size)
{
    table_size = size;
    return HeapAlloc(heap, flags, size);
}

static void *heap_realloc(HANDLE heap, DWORD flags, void *memory, SIZE_T size)
{
    table_size = size;
    return HeapReAlloc(heap, flags, memory, size);
}

static void open_one(void)
{
    HANDLE own = handle_create(&set);

    assert_non_null(own);
    assert_true(opened_count < MOST);
    opened[opened_count++] = own;
    if (set.count * sizeof(own) > table_size)
        fail_msg("%lu handles are in a table of %lu bytes", set.count, (unsigned long)table_size);
}

static void lock_when_the_others_are_done(SRWLOCK *own)
{
    unsigned int count = meanwhile;

    for (meanwhile = 0; count; count--)
        open_one();
    AcquireSRWLockExclusive(own);
}

TEST(the_table_holds_what_threads_open_at_once)
{
    unsigned int others, i, k;

    for (others = 0; others <= 40; others += 8)
    {
        opened_count = 0;
        for (i = 0; i < 17; i++)
        {
            meanwhile = i == 8 ? others : 0; /* the table is full and must be enlarged */
            open_one();
        }
        for (i = 0; i < opened_count; i++)
        {
            assert_true(handle_is_in(&set, opened[i]));
            for (k = 0; k < i; k++)
                assert_ptr_not_equal(opened[i], opened[k]);
        }
        for (i = 0; i < opened_count; i++)
            assert_true(handle_destroy(&set, opened[i]));
        assert_false(handle_is_in(&set, opened[0]));
        HeapFree(GetProcessHeap(), 0, set.handles); /* the next round begins with a small table */
        memset(&set, 0, sizeof(set));
    }
}

TEST_MAIN(NULL, NULL)
