/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocations of the engine, counted and made to fail. The linker puts these
 * in place of the C library's (--wrap), in the PE builds too.
 */
#ifndef WINE_NAP_TESTS_ENGINE_ALLOCATION_H
#define WINE_NAP_TESTS_ENGINE_ALLOCATION_H

#include "tests/unit/engine/agent.h"

/* Lets the `number`-th allocation that the engine makes from now on fail, counted from 1; 0:
 * none. Those of tests never fail. */
void allocation_fail_at(unsigned int number);
/* Has it failed? */
bool allocation_has_failed(void);

/* Lives once for each allocation that the engine makes in a life, which fails; until a life needs
 * no more of them. `live` begins with so many of agent.clients, a fresh store and no agent, and
 * ends without one. Whatever leaks fails the test, and fewer than `least` allocations do: the life
 * would have become too short to be of use. */
void allocation_fails_one_by_one(void (*live)(void), unsigned int clients, unsigned int least);

/* Starts the agent, and the clients connect; each the second time at the latest. */
void allocation_start(void);

/* The result of a request that may have been made twice: the first time memory was short, which
 * has changed nothing. */
#define RETRIED(request, unchanged)                                                                \
    do                                                                                             \
    {                                                                                              \
        uint32_t status = (request);                                                               \
                                                                                                   \
        if (status == E_OUTOFMEMORY)                                                               \
        {                                                                                          \
            assert_true(allocation_has_failed());                                                  \
            assert_true(unchanged);                                                                \
            status = (request);                                                                    \
        }                                                                                          \
        assert_int_equal(status, S_OK);                                                            \
    } while (0)

#endif
