/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <windows.h>
#include <objbase.h>

#include "spy.h"

#define MAX_BLOCKS 4096

static CRITICAL_SECTION lock;
static const void *blocks[MAX_BLOCKS];
static int block_count;
static int wrong_frees;
static int fail_in;

static int index_of(const void *block)
{
    int i;

    for (i = 0; i < block_count && blocks[i] != block; i++)
        ;
    return i;
}

static HRESULT STDMETHODCALLTYPE spy_QueryInterface(IMallocSpy *iface, REFIID riid, void **object)
{
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IMallocSpy))
    {
        *object = NULL;
        return E_NOINTERFACE;
    }
    *object = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE spy_AddRef(IMallocSpy *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE spy_Release(IMallocSpy *iface)
{
    (void)iface;
    return 1;
}

static SIZE_T STDMETHODCALLTYPE spy_PreAlloc(IMallocSpy *iface, SIZE_T size)
{
    bool fail;

    (void)iface;
    EnterCriticalSection(&lock);
    fail = fail_in > 0 && --fail_in == 0;
    LeaveCriticalSection(&lock);
    return fail ? 0 : size;
}

static void *STDMETHODCALLTYPE spy_PostAlloc(IMallocSpy *iface, void *block)
{
    (void)iface;
    EnterCriticalSection(&lock);
    if (block && block_count < MAX_BLOCKS)
        blocks[block_count++] = block;
    LeaveCriticalSection(&lock);
    return block;
}

static void *STDMETHODCALLTYPE spy_PreFree(IMallocSpy *iface, void *block, BOOL spied)
{
    int i;

    (void)iface;
    (void)spied;
    if (!block)
        return block;
    EnterCriticalSection(&lock);
    i = index_of(block);
    if (i < block_count)
        blocks[i] = blocks[--block_count];
    else
        wrong_frees++;
    LeaveCriticalSection(&lock);
    return block;
}

static void STDMETHODCALLTYPE spy_PostFree(IMallocSpy *iface, BOOL spied)
{
    (void)iface;
    (void)spied;
}

static SIZE_T STDMETHODCALLTYPE spy_PreRealloc(
        IMallocSpy *iface, void *block, SIZE_T size, void **new_block, BOOL spied)
{
    int i;

    (void)iface;
    (void)spied;
    EnterCriticalSection(&lock);
    i = index_of(block);
    if (i < block_count)
        blocks[i] = blocks[--block_count];
    LeaveCriticalSection(&lock);
    *new_block = block;
    return size;
}

static void *STDMETHODCALLTYPE spy_PostRealloc(IMallocSpy *iface, void *block, BOOL spied)
{
    (void)spied;
    return spy_PostAlloc(iface, block);
}

static void *STDMETHODCALLTYPE spy_PreGetSize(IMallocSpy *iface, void *block, BOOL spied)
{
    (void)iface;
    (void)spied;
    return block;
}

static SIZE_T STDMETHODCALLTYPE spy_PostGetSize(IMallocSpy *iface, SIZE_T size, BOOL spied)
{
    (void)iface;
    (void)spied;
    return size;
}

static void *STDMETHODCALLTYPE spy_PreDidAlloc(IMallocSpy *iface, void *block, BOOL spied)
{
    (void)iface;
    (void)spied;
    return block;
}

static int STDMETHODCALLTYPE spy_PostDidAlloc(
        IMallocSpy *iface, void *block, BOOL spied, int answer)
{
    (void)iface;
    (void)block;
    (void)spied;
    return answer;
}

static void STDMETHODCALLTYPE spy_PreHeapMinimize(IMallocSpy *iface)
{
    (void)iface;
}

static void STDMETHODCALLTYPE spy_PostHeapMinimize(IMallocSpy *iface)
{
    (void)iface;
}

static IMallocSpyVtbl spy_vtbl = {
        spy_QueryInterface,
        spy_AddRef,
        spy_Release,
        spy_PreAlloc,
        spy_PostAlloc,
        spy_PreFree,
        spy_PostFree,
        spy_PreRealloc,
        spy_PostRealloc,
        spy_PreGetSize,
        spy_PostGetSize,
        spy_PreDidAlloc,
        spy_PostDidAlloc,
        spy_PreHeapMinimize,
        spy_PostHeapMinimize,
};

static IMallocSpy spy = {&spy_vtbl};

int spy_install(void)
{
    InitializeCriticalSection(&lock);
    return FAILED(CoRegisterMallocSpy(&spy));
}

int spy_live(void)
{
    int count;

    EnterCriticalSection(&lock);
    count = block_count;
    LeaveCriticalSection(&lock);
    return count;
}

int spy_wrong_frees(void)
{
    return wrong_frees;
}

bool spy_knows(const void *block)
{
    bool known;

    EnterCriticalSection(&lock);
    known = index_of(block) < block_count;
    LeaveCriticalSection(&lock);
    return known;
}

void spy_fail_at(int nth)
{
    EnterCriticalSection(&lock);
    fail_in = nth;
    LeaveCriticalSection(&lock);
}
