/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A spy on COM task memory: counts the live blocks, and can make an allocation fail.
 */

#ifndef WINE_NAP_TESTS_SPY_H
#define WINE_NAP_TESTS_SPY_H

#include <stdbool.h>

/* For whole programs: registers the spy until the process ends. */
int spy_install(void);

/* Task memory blocks allocated since the spy was registered and not yet freed. */
int spy_live(void);

/* Frees of a pointer that is no live block: a double free, or other memory. */
int spy_wrong_frees(void);

/* True if block is a live block of task memory. */
bool spy_knows(const void *block);

/* Makes the nth allocation from now fail, 1 for the next; 0: none. */
void spy_fail_at(int nth);

#endif
