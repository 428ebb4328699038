/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Handles of servers that several threads open at once. The test provides the lock: a caller finds
 * that another thread had it first, and what that thread did.
 */

#include <test.h>

#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>

#include "dlls/mprapi/buffer.h"
#include "dlls/mprapi/rras.h"

static void lock_when_the_others_are_done(SRWLOCK *lock);
static void *heap_alloc(HANDLE heap, DWORD flags, SIZE_T size);
static void *heap_realloc(HANDLE heap, DWORD flags, void *memory, SIZE_T size);

#define AcquireSRWLockExclusive lock_when_the_others_are_done
#define HeapAlloc heap_alloc
#define HeapReAlloc heap_realloc
#include "dlls/mprapi/server.c"
#undef AcquireSRWLockExclusive
#undef HeapAlloc
#undef HeapReAlloc

/* ---- functions of the rest of the DLL: none is called ---- */

DWORD agent_ask(struct napipc_message *request, struct agent_reply *reply)
{
    (void)request;
    (void)reply;
    return ERROR_DDM_NOT_RUNNING;
}

void notification_forget_server(HANDLE gone)
{
    (void)gone;
}

uint64_t time_now(void)
{
    return 0;
}

void *buffer_create(SIZE_T size)
{
    (void)size;
    return NULL;
}

DWORD buffer_destroy(void *buffer)
{
    (void)buffer;
    return ERROR_INVALID_PARAMETER;
}

/* ---- actions of other threads meanwhile ---- */

#define MOST 200

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
    HANDLE own = server_create();

    assert_non_null(own);
    assert_true(opened_count < MOST);
    opened[opened_count++] = own;
    if (server_count * sizeof(own) > table_size)
        fail_msg(
                "%lu handles are in a table of %lu bytes", server_count, (unsigned long)table_size);
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
            assert_true(server_is_valid(opened[i]));
            for (k = 0; k < i; k++)
                assert_ptr_not_equal(opened[i], opened[k]);
        }
        for (i = 0; i < opened_count; i++)
            assert_true(server_destroy(opened[i]));
        assert_false(server_is_valid(opened[0]));
        HeapFree(GetProcessHeap(), 0, servers); /* the next round begins with a small table */
        servers = NULL;
        server_capacity = 0;
    }
}

TEST_MAIN(NULL, NULL)
