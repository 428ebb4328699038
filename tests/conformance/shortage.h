/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocation failures in one of our DLLs: the allocators that it imports are replaced, count their
 * calls and fail on demand. Nothing else in the process is affected.
 */

#ifndef WINE_NAP_TESTS_SHORTAGE_H
#define WINE_NAP_TESTS_SHORTAGE_H

#include <test.h>
#include <stdbool.h>

#include <windows.h>

/* The allocations that fail: those of the calling thread, or of all others. */
enum shortage_threads
{
    SHORTAGE_HERE,
    SHORTAGE_ELSEWHERE,
};

/* Loads the DLL, permanently. */
bool shortage_of(const WCHAR *dll);

/* Runs the sequence once for each allocation that the DLL makes in it, and makes that one fail,
 * until the sequence makes no more; prints their number under `name`. The test fails if the DLL's
 * allocations are not freed at the sequence's end, by it or by this program, or if there are fewer
 * than `least`. */
void shortage_everywhere(
        const char *name, enum shortage_threads threads, void (*way)(void), unsigned int least);

/* True if the allocation has failed. */
bool shortage_came(void);

/* The test's own calls between these two do not count. */
void shortage_pause(void);
void shortage_go_on(void);

/* The result of the call. If it returns `no_memory`, it is repeated: that result is allowed only
 * after an allocation failure, and if nothing has changed. */
#define RETRIED(no_memory, call, unchanged)                                                        \
    do                                                                                             \
    {                                                                                              \
        HRESULT retried = (HRESULT)(call);                                                         \
                                                                                                   \
        if (retried == (HRESULT)(no_memory))                                                       \
        {                                                                                          \
            assert_true(shortage_came());                                                          \
            assert_true(unchanged);                                                                \
            retried = (HRESULT)(call);                                                             \
        }                                                                                          \
        assert_int_equal(retried, S_OK);                                                           \
    } while (0)

#endif
