/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocations of the engine; see allocation.h.
 */
#include "tests/unit/engine/allocation.h"

#include <stdlib.h>

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
static long blocks; /* allocated and not freed, by anybody */

void allocation_fail_at(unsigned int number)
{
    left = number;
    failed = false;
}

bool allocation_has_failed(void)
{
    return failed;
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

void allocation_fails_one_by_one(void (*live)(void), unsigned int clients, unsigned int least)
{
    unsigned int number = 0, i;

    do
    {
        long before = blocks;

        assert_int_equal(agent_setup(), 0);
        for (i = 0; i < clients; i++)
            client_connect();
        agent_stop();
        allocation_fail_at(++number);
        live();
        assert_int_equal(blocks, before);
    } while (failed);
    allocation_fail_at(0);
    print_message("%u allocations failed, one in each life\n", number - 1);
    assert_true(number > least);
}

void allocation_start(void)
{
    unsigned int i;

    if (!agent_start())
    {
        assert_true(failed);
        agent_stop();
        assert_true(agent_start());
    }
    for (i = 0; i < agent.client_count; i++)
        client_reconnect(&agent.clients[i]);
}
