/*
 * Allocations of the engine, counted and made to fail. The linker puts these
 * in place of the C library's (--wrap), in the PE builds too.
 */
#ifndef WINE_NAP_TESTS_ENGINE_ALLOCATION_H
#define WINE_NAP_TESTS_ENGINE_ALLOCATION_H

#include <stdbool.h>
#include <stddef.h>

/* Lets the `number`-th allocation that the engine makes from now on fail, counted from 1; 0:
 * none. Those of tests never fail. */
void allocation_fail_at(unsigned int number);
/* Has it failed? */
bool allocation_has_failed(void);
/* Blocks allocated and not freed, by anybody. */
long allocation_blocks(void);

#endif
