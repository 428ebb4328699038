/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A spy on COM task memory: counts the blocks that are alive, and can make an
 * allocation fail.
 */

#ifndef WINE_NAP_TESTS_SPY_H
#define WINE_NAP_TESTS_SPY_H

#include <stdbool.h>

/* For whole programs: registers the spy for the life of the process. */
int spy_install(void);

/* Task memory blocks allocated since the spy came and not yet freed. */
int spy_live(void);

/* Frees of what is no live block: a double free, or memory of another kind. */
int spy_wrong_frees(void);

/* Whether block is a live block of task memory. */
bool spy_knows(const void *block);

/* The nth allocation from now, 1 for the next, fails; 0: none. */
void spy_fail_at(int nth);

#endif
