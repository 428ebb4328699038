/*
 * Allocations of the engine; see allocation.h.
 */
#include "tests/unit/engine/allocation.h"

#include <stdlib.h>

#include "tests/unit/engine/agent.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

static unsigned int left; /* allocations until one fails */
static bool failed;
static long blocks;

void allocation_fail_at(unsigned int number)
{
    left = number;
    failed = false;
}

bool allocation_has_failed(void)
{
    return failed;
}

long allocation_blocks(void)
{
    return blocks;
}

static bool fails(void)
{
    if (!agent.inside || !left || --left)
        return false;
    failed = true;
    return true;
}

static void *counted(void *block)
{
    blocks += block != NULL;
    return block;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
    if (fails())
        return NULL;
    return block ? __real_realloc(block, size) : counted(__real_realloc(block, size));
}

void __wrap_free(void *block)
{
    blocks -= block != NULL;
    __real_free(block);
}
