/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocations of the engine, counted and made to fail. The linker replaces the C library's
 * functions by these (--wrap), in the PE builds too.
 */
#ifndef WINE_NAP_TESTS_ENGINE_ALLOCATION_H
#define WINE_NAP_TESTS_ENGINE_ALLOCATION_H

#include "tests/unit/engine/agent.h"

/* Makes the engine's `number`-th allocation from now on fail, counted from 1; 0: none. Those of
 * tests never fail. */
void allocation_fail_at(unsigned int number);
/* True if it has failed. */
bool allocation_has_failed(void);

/* Runs `live` once for each allocation that the engine makes in it, and makes that one fail, until
 * `live` succeeds without a failure. `live` begins with that many of agent.clients, an empty store
 * and no agent, and ends without one. The test fails on a leak, and if there are fewer than `least`
 * allocations: then `live` has become too short to be useful. */
void allocation_fails_one_by_one(void (*live)(void), unsigned int clients, unsigned int least);

/* Starts the agent, and the clients connect; each at the second try at the latest. */
void allocation_start(void);

/* The result of a request that may be made twice: the first time an allocation failed, which has
 * changed nothing. */
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
