/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A NapSoHProcessor for each test, and a packet to read.
 */

#ifndef WINE_NAP_TESTS_PROCESSOR_FIXTURE_H
#define WINE_NAP_TESTS_PROCESSOR_FIXTURE_H

#include <test.h>

#include <windows.h>
#include <objbase.h>
#include <naputil.h>

#include "spy.h"

/* An out variable before the call: programs do not clear it. */
#define GARBAGE ((void *)(ULONG_PTR)0xdeadbeef)

#define ATTRIBUTE(type, string)                                                                    \
    {                                                                                              \
        type, sizeof(string) - 1, (BYTE *)(string)                                                 \
    }

/* A response of health agent 0x000137f0 with an attribute of every format. */
extern const SoH response;

extern INapSoHProcessor *processor;

/* Group setup: COM, the memory spy. */
int processor_tests_begin(void);

/* An object for the test, new or initialized with response; afterwards the object and all memory
 * are gone. */
#define FRESH_TEST(name) TEST_WITH(name, processor_create, processor_destroy)
#define PROCESSOR_TEST(name) TEST_WITH(name, processor_create_initialized, processor_destroy)
int processor_create(void);
int processor_create_initialized(void);
int processor_destroy(void);

#endif
