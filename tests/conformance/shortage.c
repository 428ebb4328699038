/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "shortage.h"

#include <objbase.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS_MAX 4096
#define FREED_WITHIN 20000   /* ms: other threads may have to free a block first */
#define ALLOCATIONS_MAX 2000 /* in one sequence; more means that it never ends */

static SRWLOCK lock = SRWLOCK_INIT;
static void *blocks[BLOCKS_MAX]; /* allocated in the sequence and not freed */
static unsigned int block_count;
static unsigned int left; /* allocations until one fails */
static bool failed, active;
static enum shortage_threads who;
static DWORD here;
/* This program's own imports are replaced too; these are the originals. */
static void(WINAPI *task_free)(void *block);
static HLOCAL(WINAPI *local_free)(HLOCAL block);

static bool is_meant(void)
{
    return active && (GetCurrentThreadId() == here) == (who == SHORTAGE_HERE);
}

/* True if the next allocation must fail. */
static bool fails(void)
{
    bool now;

    AcquireSRWLockExclusive(&lock);
    now = is_meant() && left && !--left;
    failed |= now;
    ReleaseSRWLockExclusive(&lock);
    return now;
}

static void forget(void *block)
{
    unsigned int i;

    AcquireSRWLockExclusive(&lock);
    for (i = 0; block && i < block_count; i++)
        if (blocks[i] == block)
        {
            blocks[i] = blocks[--block_count];
            break;
        }
    ReleaseSRWLockExclusive(&lock);
}

static void *remembered(void *block)
{
    AcquireSRWLockExclusive(&lock);
    if (block && is_meant() && who == SHORTAGE_HERE && block_count < BLOCKS_MAX)
        blocks[block_count++] = block;
    ReleaseSRWLockExclusive(&lock);
    return block;
}

/* ---- replacements of the imports ---- */

static void *my_malloc(size_t size)
{
    return fails() ? NULL : remembered(malloc(size));
}

static void *my_calloc(size_t count, size_t size)
{
    return fails() ? NULL : remembered(calloc(count, size));
}

static void *my_realloc(void *block, size_t size)
{
    if (fails())
        return NULL;
    forget(block);
    return remembered(realloc(block, size));
}

static void my_free(void *block)
{
    forget(block);
    free(block);
}

static void *WINAPI my_task_alloc(SIZE_T size)
{
    return fails() ? NULL : remembered(CoTaskMemAlloc(size));
}

static void *WINAPI my_task_realloc(void *block, SIZE_T size)
{
    if (fails())
        return NULL;
    forget(block);
    return remembered(CoTaskMemRealloc(block, size));
}

static void WINAPI my_task_free(void *block)
{
    forget(block);
    task_free(block);
}

static void *WINAPI my_heap_alloc(HANDLE heap, DWORD flags, SIZE_T size)
{
    return fails() ? NULL : remembered(HeapAlloc(heap, flags, size));
}

static void *WINAPI my_heap_realloc(HANDLE heap, DWORD flags, void *block, SIZE_T size)
{
    if (fails())
        return NULL;
    forget(block);
    return remembered(HeapReAlloc(heap, flags, block, size));
}

static BOOL WINAPI my_heap_free(HANDLE heap, DWORD flags, void *block)
{
    forget(block);
    return HeapFree(heap, flags, block);
}

static HLOCAL WINAPI my_local_alloc(UINT flags, SIZE_T size)
{
    return fails() ? NULL : remembered(LocalAlloc(flags, size));
}

static HLOCAL WINAPI my_local_free(HLOCAL block)
{
    forget(block);
    return local_free(block);
}

struct replacement
{
    const char *name;
    void *function;
};

static const struct replacement replacements[] = {
        {"CoTaskMemFree", my_task_free},
        {"LocalFree", my_local_free},
        {"malloc", my_malloc},
        {"calloc", my_calloc},
        {"realloc", my_realloc},
        {"free", my_free},
        {"CoTaskMemAlloc", my_task_alloc},
        {"CoTaskMemRealloc", my_task_realloc},
        {"HeapAlloc", my_heap_alloc},
        {"HeapReAlloc", my_heap_realloc},
        {"HeapFree", my_heap_free},
        {"LocalAlloc", my_local_alloc},
};
#define PROGRAMS 2 /* replaced first: this program's own frees */

/* ---- the import tables ---- */

static void replace(ULONG_PTR *pointer, const char *name, size_t count)
{
    DWORD protection;
    size_t i;

    for (i = 0; i < count; i++)
        if (!strcmp(name, replacements[i].name))
        {
            VirtualProtect(pointer, sizeof(*pointer), PAGE_READWRITE, &protection);
            *pointer = (ULONG_PTR)replacements[i].function;
            VirtualProtect(pointer, sizeof(*pointer), protection, &protection);
        }
}

static void replace_imports(HMODULE module, size_t count)
{
    BYTE *base = (BYTE *)module;
    const IMAGE_NT_HEADERS *headers =
            (const IMAGE_NT_HEADERS *)(base + ((const IMAGE_DOS_HEADER *)base)->e_lfanew);
    const IMAGE_IMPORT_DESCRIPTOR *from =
            (const IMAGE_IMPORT_DESCRIPTOR *)(base
                                              + headers->OptionalHeader
                                                        .DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT]
                                                        .VirtualAddress);

    for (; from->Name; from++)
    {
        const IMAGE_THUNK_DATA *name = (const IMAGE_THUNK_DATA *)(base + from->OriginalFirstThunk);
        ULONG_PTR *pointer = (ULONG_PTR *)(base + from->FirstThunk);

        for (; name->u1.AddressOfData; name++, pointer++)
            if (!IMAGE_SNAP_BY_ORDINAL(name->u1.Ordinal))
                replace(pointer,
                        (const char *)((const IMAGE_IMPORT_BY_NAME *)(base
                                                                      + name->u1.AddressOfData))
                                ->Name,
                        count);
    }
}

bool shortage_of(const WCHAR *dll)
{
    HMODULE module = LoadLibraryW(dll);

    task_free = (void *)GetProcAddress(LoadLibraryW(L"ole32"), "CoTaskMemFree");
    local_free = (void *)GetProcAddress(LoadLibraryW(L"kernel32"), "LocalFree");
    if (!module || !task_free || !local_free)
        return false;
    replace_imports(module, ARRAYSIZE(replacements));
    replace_imports(GetModuleHandleW(NULL), PROGRAMS);
    return true;
}

/* ---- sequences ---- */

bool shortage_came(void)
{
    return failed;
}

static void set_active(bool now)
{
    AcquireSRWLockExclusive(&lock);
    active = now;
    ReleaseSRWLockExclusive(&lock);
}

void shortage_pause(void)
{
    set_active(false);
}

void shortage_go_on(void)
{
    set_active(true);
}

static bool all_freed(void)
{
    ULONGLONG until = GetTickCount64() + FREED_WITHIN;
    unsigned int count;

    do
    {
        AcquireSRWLockShared(&lock);
        count = block_count;
        ReleaseSRWLockShared(&lock);
        if (!count)
            return true;
        Sleep(1);
    } while (GetTickCount64() < until);
    print_error("%u blocks are not freed\n", count);
    return false;
}

void shortage_everywhere(
        const char *name, enum shortage_threads threads, void (*way)(void), unsigned int least)
{
    unsigned int number = 0;

    here = GetCurrentThreadId();
    who = threads;
    block_count = 0;
    do
    {
        assert_true(number < ALLOCATIONS_MAX);
        failed = false;
        left = ++number;
        set_active(true);
        way();
        set_active(false);
        assert_true(all_freed());
    } while (failed);
    print_message("%s: %u allocations failed, one each time\n", name, number - 1);
    assert_true(number > least);
}
