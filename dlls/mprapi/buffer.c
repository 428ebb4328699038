/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Buffers for programs. All are from the process heap, whichever function frees them according
 * to the page. So a program that uses the wrong function does no harm. Neither does a pointer
 * that is not a buffer: the DLL has a list of its buffers, and touches no other memory.
 */

#include "dlls/mprapi/buffer.h"

#include "libs/log/trace.h"

#include <stdbool.h>
#include <stdint.h>
#include <mprapi.h>

/* The header before a buffer; its size keeps the buffer aligned for any type. */
struct buffer
{
    _Alignas(MEMORY_ALLOCATION_ALIGNMENT) struct buffer *next; /* of the same bucket */
};

#define BUCKETS 4096

static SRWLOCK lock = SRWLOCK_INIT;
static struct buffer *buckets[BUCKETS];

static struct buffer **bucket_of(const void *memory)
{
    /* The low bits of all addresses are the same. */
    return &buckets[(uint32_t)((ULONG_PTR)memory / MEMORY_ALLOCATION_ALIGNMENT) * 2654435761u
                    >> 20];
}

void *buffer_create(SIZE_T size)
{
    struct buffer *buffer, **bucket;

    size = max(size, 1);
    if (size > MAXLONG_PTR
            || !(buffer = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*buffer) + size)))
        return NULL;
    bucket = bucket_of(buffer + 1);
    AcquireSRWLockExclusive(&lock);
    buffer->next = *bucket;
    *bucket = buffer;
    ReleaseSRWLockExclusive(&lock);
    return buffer + 1;
}

/* Removes the buffer from the list. NULL: it is not a buffer. */
static struct buffer *take(const void *memory)
{
    struct buffer *buffer, **link;

    AcquireSRWLockExclusive(&lock);
    for (link = bucket_of(memory); (buffer = *link); link = &buffer->next)
        if (buffer + 1 == memory)
        {
            *link = buffer->next;
            break;
        }
    ReleaseSRWLockExclusive(&lock);
    return buffer;
}

/* ---- texts, which programs may free by LocalFree without our knowledge ---- */

#define TEXTS 256

static struct
{
    void *memory;
    SIZE_T size;  /* bytes */
    uint32_t sum; /* of the content */
} texts[TEXTS];
static unsigned int next_text;

static uint32_t sum_of(const BYTE *bytes, SIZE_T size)
{
    uint32_t sum = 2166136261u;

    while (size--)
        sum = (sum ^ *bytes++) * 16777619u;
    return sum;
}

void buffer_text_given(WCHAR *text)
{
    SIZE_T size = (lstrlenW(text) + 1) * sizeof(*text);
    unsigned int i;

    AcquireSRWLockExclusive(&lock);
    for (i = 0; i < TEXTS && texts[i].memory != text; i++)
        ;
    if (i == TEXTS)
        i = next_text++ % TEXTS;
    texts[i].memory = text;
    texts[i].size = size;
    texts[i].sum = sum_of((const BYTE *)text, size);
    ReleaseSRWLockExclusive(&lock);
}

/* Frees a text whose content is unchanged. After LocalFree the memory may have another use. */
static bool free_text(void *memory)
{
    bool found = false;
    unsigned int i;

    AcquireSRWLockExclusive(&lock);
    for (i = 0; i < TEXTS && !found; i++)
        if (texts[i].memory == memory)
        {
            texts[i].memory = NULL;
            found = !IsBadReadPtr(memory, texts[i].size)
                    && sum_of(memory, texts[i].size) == texts[i].sum;
        }
    ReleaseSRWLockExclusive(&lock);
    return found && !LocalFree(memory);
}

DWORD buffer_destroy(void *memory)
{
    struct buffer *buffer;

    if (!memory)
        return ERROR_INVALID_PARAMETER;
    if ((buffer = take(memory)))
        HeapFree(GetProcessHeap(), 0, buffer);
    else if (!free_text(memory))
        return ERROR_INVALID_PARAMETER;
    return NO_ERROR;
}

DWORD WINAPI MprAdminBufferFree(void *buffer)
{
    TRACE_CALL("(buffer %p)", (const void *)buffer);
    return TRACED(buffer_destroy(buffer));
}

DWORD WINAPI MprConfigBufferFree(void *buffer)
{
    TRACE_CALL("(buffer %p)", (const void *)buffer);
    return TRACED(buffer_destroy(buffer));
}

/* The NT 4 redistributable's name of MprAdminBufferFree */
DWORD WINAPI RasAdminBufferFree(void *buffer);

DWORD WINAPI RasAdminBufferFree(void *buffer)
{
    TRACE_CALL("(buffer %p)", (const void *)buffer);
    return TRACED(buffer_destroy(buffer));
}
