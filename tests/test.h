/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a test program is written: each test lists itself, and the program runs them in the order
 * of the source.
 *
 *     TEST(a_sentence_of_the_contract)
 *     {
 *         assert_int_equal(function(), 0);
 *     }
 *
 *     TEST_MAIN(NULL, NULL)
 *
 * The tests of a program are in one file. What they share with others, fixtures and helpers, may
 * be anywhere.
 */

#ifndef WINE_NAP_TESTS_TEST_H
#define WINE_NAP_TESTS_TEST_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define TESTS_MAX 64 /* in the file */

/* Set-up or tear-down; a failed assertion, or a result that is not 0, is a failure. */
typedef int test_fixture(void);

/* One test, made by TEST or TEST_WITH. */
struct test
{
    const char *name;
    void (*run)(void);
    test_fixture *set_up, *tear_down; /* NULL: nothing to do */
    int line;
};

/* Begins a test's function. */
#define TEST(name) TEST_WITH(name, NULL, NULL)

/* The same with fixtures, which run before and after it, also if it fails. Tests with the same
 * fixtures have a macro: #define BOUND_TEST(name) TEST_WITH(name, enforcer_bind,
 * enforcer_destroy) */
#define TEST_WITH(name, set_up, tear_down)                                                         \
    static void name(void);                                                                        \
    __attribute__((constructor)) static void test_list_##name(void)                                \
    {                                                                                              \
        static struct test test = {#name, name, set_up, tear_down, __LINE__};                      \
        test_list(&test);                                                                          \
    }                                                                                              \
    static void name(void)

/* The program's main(): runs the file's tests between two fixtures for all, or NULL. A program that
 * must do something else first has its own main() and ends with test_main(). */
#define TEST_MAIN(set_up, tear_down)                                                               \
    int main(void)                                                                                 \
    {                                                                                              \
        return test_main(set_up, tear_down);                                                       \
    }

/* cmocka 2 deprecates its own for two others, which cmocka 1 lacks. */
#undef assert_in_range
#define assert_in_range(value, least, most)                                                        \
    test_in_range(                                                                                 \
            #value, (uintmax_t)(value), (uintmax_t)(least), (uintmax_t)(most), __FILE__, __LINE__)

static inline void test_in_range(const char *text, uintmax_t value, uintmax_t least, uintmax_t most,
        const char *file, int line)
{
    if (value >= least && value <= most)
        return;
    print_error("%s is %" PRIuMAX ", not %" PRIuMAX " to %" PRIuMAX "\n", text, value, least, most);
    _fail(file, line);
}

static struct
{
    struct test *tests[TESTS_MAX]; /* by line */
    unsigned int count;
    test_fixture *set_up, *tear_down; /* of all */
} test_program;

/* Constructors run in the order of the source in ELF and backwards in PE. */
static inline void test_list(struct test *test)
{
    unsigned int i = test_program.count++;

    if (i >= TESTS_MAX)
        return; /* test_main() reports it */
    for (; i && test_program.tests[i - 1]->line > test->line; --i)
        test_program.tests[i] = test_program.tests[i - 1];
    test_program.tests[i] = test;
}

/* What cmocka calls: a test's initial state is the test. */
static inline void test_run(void **state)
{
    ((const struct test *)*state)->run();
}

static inline int test_set_up(void **state)
{
    return ((const struct test *)*state)->set_up();
}

static inline int test_tear_down(void **state)
{
    return ((const struct test *)*state)->tear_down();
}

static inline int test_set_up_all(void **state)
{
    (void)state;
    return test_program.set_up();
}

static inline int test_tear_down_all(void **state)
{
    (void)state;
    return test_program.tear_down();
}

/* Returns main()'s result: the number of failures. */
static inline int test_main(test_fixture *set_up, test_fixture *tear_down)
{
    struct CMUnitTest tests[TESTS_MAX];
    unsigned int i;

    if (test_program.count > TESTS_MAX)
    {
        print_error("%u tests, TESTS_MAX is %u\n", test_program.count, TESTS_MAX);
        return 1;
    }
    for (i = 0; i < test_program.count; ++i)
    {
        struct test *test = test_program.tests[i];

        tests[i] = (struct CMUnitTest){test->name, test_run, test->set_up ? test_set_up : NULL,
                test->tear_down ? test_tear_down : NULL, test};
    }
    test_program.set_up = set_up;
    test_program.tear_down = tear_down;
    return _cmocka_run_group_tests("tests", tests, test_program.count,
            set_up ? test_set_up_all : NULL, tear_down ? test_tear_down_all : NULL);
}

#endif
