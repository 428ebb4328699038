/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Short memory for one of our DLLs: what it imports to allocate with is counted
 * and made to fail. Nothing else in the process is short of anything.
 */

#ifndef WINE_NAP_TESTS_SHORTAGE_H
#define WINE_NAP_TESTS_SHORTAGE_H

#include <test.h>
#include <stdbool.h>

#include <windows.h>

/* Whose allocations fail: those of the calling thread, or of all others. */
enum shortage_threads
{
    SHORTAGE_HERE,
    SHORTAGE_ELSEWHERE,
};

/* Loads the DLL, for good. */
bool shortage_of(const WCHAR *dll);

/* Goes the way once for each allocation that the DLL makes on it, which fails, until it makes no
 * more; prints how many that were under `name`. What the DLL has allocated on the way and is not
 * freed at its end, by it or by this program, fails the test; so do fewer than `least`
 * allocations. */
void shortage_everywhere(
        const char *name, enum shortage_threads threads, void (*way)(void), unsigned int least);

/* Has the allocation failed? */
bool shortage_came(void);

/* What the test does in between is not meant. */
void shortage_pause(void);
void shortage_go_on(void);

/* The call, made again if it says `no_memory`, which it may say where memory was short and when it
 * has changed nothing; the result. */
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
