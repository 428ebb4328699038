/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A NapSoHConstructor for each test, and the checks of its packet.
 */

#ifndef WINE_NAP_TESTS_CONSTRUCTOR_FIXTURE_H
#define WINE_NAP_TESTS_CONSTRUCTOR_FIXTURE_H

#include <test.h>

#include <windows.h>
#include <objbase.h>
#include <naputil.h>

#include "spy.h"

/* An out variable before the call: programs do not clear it. */
#define GARBAGE ((void *)(ULONG_PTR)0xdeadbeef)

/* The health agent of the tests, 0x000137f0 */
extern const SystemHealthEntityId agent_id;

extern INapSoHConstructor *constructor;

/* Group setup: COM, the memory spy. */
int constructor_tests_begin(void);

/* A new object for the test; afterwards the object and all memory are gone. */
#define CONSTRUCTOR_TEST(name) TEST_WITH(name, constructor_create, constructor_destroy)
int constructor_create(void);
int constructor_destroy(void);

/* Initialize with agent_id and GetSoH, which must succeed. */
void initialize(BOOL is_request);
SoH *get_soh(void);

/* AppendAttribute, of any value, an octet string, one byte. */
HRESULT append(SoHAttributeType type, const SoHAttributeValue *value);
HRESULT append_octets(SoHAttributeType type, const char *octets, UINT16 size);
HRESULT append_byte(SoHAttributeType type, UINT8 byte);

/* Checks that the packet has this attribute, in network format, at index. */
void assert_attribute(const SoH *soh, int index, UINT16 type, const char *bytes, UINT16 size);

#endif
