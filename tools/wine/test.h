/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The forms of tests/test.h and the assertions of cmocka, as Wine's tests: wine-series.sh copies
 * this file into Wine's tree. A failed assertion is a failed ok(), and ends its test.
 */
#ifndef WINE_NAP_TEST_H
#define WINE_NAP_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

#include "naperror.h"
#include "wine/test.h"

typedef int test_fixture(void);

struct test
{
    const char *name;
    void (*run)(void);
    test_fixture *set_up, *tear_down;
};

#define TEST(name) TEST_WITH(name, NULL, NULL)
#define TEST_WITH(name, set_up, tear_down)                                                         \
    static void name(void);                                                                        \
    static const struct test test_of_##name = {#name, name, set_up, tear_down};                    \
    static void name(void)

/* Where a failed assertion goes. A failure on another thread, or in another file's fixture, is
 * reported and goes on. */
static jmp_buf test_end;
static DWORD test_thread;

static inline void test_check(int line, int condition, const char *text)
{
    ok_(__FILE__, line)(condition, "%s\n", text);
    if (!condition && test_thread == GetCurrentThreadId())
        longjmp(test_end, 1);
}

#define assert_true(condition) test_check(__LINE__, !!(condition), #condition)
#define assert_false(condition) test_check(__LINE__, !(condition), "not " #condition)
#define assert_null(pointer) test_check(__LINE__, !(pointer), #pointer " is NULL")
#define assert_non_null(pointer) test_check(__LINE__, !!(pointer), #pointer " is not NULL")
#define assert_ptr_equal(a, b)                                                                     \
    test_check(__LINE__, (const void *)(a) == (const void *)(b), #a " is " #b)
#define assert_ptr_not_equal(a, b)                                                                 \
    test_check(__LINE__, (const void *)(a) != (const void *)(b), #a " is not " #b)
#define assert_string_equal(a, b) test_check(__LINE__, !strcmp(a, b), #a " is " #b)
#define assert_memory_equal(a, b, size) test_check(__LINE__, !memcmp(a, b, size), #a " is " #b)
#define assert_memory_not_equal(a, b, size)                                                        \
    test_check(__LINE__, !!memcmp(a, b, size), #a " is not " #b)
#define assert_int_equal(a, b)                                                                     \
    test_check_numbers(__LINE__, (ULONG_PTR)(a), (ULONG_PTR)(b), TRUE, #a)
#define assert_int_not_equal(a, b)                                                                 \
    test_check_numbers(__LINE__, (ULONG_PTR)(a), (ULONG_PTR)(b), FALSE, #a)
#define assert_in_range(value, low, high)                                                          \
    test_check(__LINE__,                                                                           \
            (ULONG_PTR)(value) >= (ULONG_PTR)(low) && (ULONG_PTR)(value) <= (ULONG_PTR)(high),     \
            #value " is in range")
#define fail() test_check(__LINE__, FALSE, "fails")
#define fail_msg(...) test_fail(__LINE__, __VA_ARGS__)
#define print_message(...) trace(__VA_ARGS__)
#define print_error(...) trace(__VA_ARGS__)

/* Results are HRESULTs and numbers of 32 bits, signed or not. */
static inline void test_check_numbers(
        int line, ULONG_PTR value, ULONG_PTR expected, BOOL equal, const char *text)
{
    char message[512];
    BOOL same = value == expected || (DWORD)value == (DWORD)expected;

    snprintf(message, sizeof(message), "%s is 0x%lx, %s 0x%lx", text, (unsigned long)value,
            equal ? "expected" : "not expected", (unsigned long)expected);
    test_check(line, same == equal, message);
}

static inline void test_fail(int line, const char *format, ...)
{
    char message[512];
    va_list list;

    va_start(list, format);
    vsnprintf(message, sizeof(message), format, list);
    va_end(list);
    test_check(line, FALSE, message);
}

static inline BOOL test_fixture_runs(test_fixture *fixture)
{
    BOOL done = FALSE;

    if (!setjmp(test_end))
        done = !fixture();
    return done;
}

static inline void test_main(
        const struct test *const *tests, unsigned int count, test_fixture *begin, test_fixture *end)
{
    unsigned int i;

    test_thread = GetCurrentThreadId();
    if (begin && !test_fixture_runs(begin))
    {
        ok(FALSE, "the tests cannot begin\n");
        return;
    }
    for (i = 0; i < count; i++)
    {
        winetest_push_context("%s", tests[i]->name);
        if (tests[i]->set_up && !test_fixture_runs(tests[i]->set_up))
            ok(FALSE, "the test cannot begin\n");
        else if (!setjmp(test_end))
            tests[i]->run();
        if (tests[i]->tear_down)
            ok(test_fixture_runs(tests[i]->tear_down), "the test leaves something behind\n");
        winetest_pop_context();
    }
    if (end)
        ok(test_fixture_runs(end), "the tests leave something behind\n");
}

#endif
