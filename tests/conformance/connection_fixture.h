/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection object per test, and its methods without their long names.
 */

#ifndef WINE_NAP_TESTS_CONNECTION_FIXTURE_H
#define WINE_NAP_TESTS_CONNECTION_FIXTURE_H

#include "enforcer.h"

extern INapEnforcementClientConnection *connection;   /* of the running test */
extern INapEnforcementClientConnection2 *connection2; /* the same object */

#define CONNECTION_TEST(name) TEST_WITH(name, connection_begin, connection_end)
int connection_begin(void);
int connection_end(void);

/* All values that can be read from a connection object, to compare. */
struct snapshot
{
    size_t size;
    BYTE bytes[0x20000];
};

void snapshot_take(INapEnforcementClientConnection *of, struct snapshot *snapshot);
/* Checks that no value of the connection has changed. */
void assert_unaltered(INapEnforcementClientConnection *of, const struct snapshot *before);

/* Checks the result of a method of the test's connection. */
#define says(code, method, ...)                                                                    \
    returns(code, INapEnforcementClientConnection, method, connection, __VA_ARGS__)
#define says2(code, method, ...)                                                                   \
    returns(code, INapEnforcementClientConnection2, method, connection2, __VA_ARGS__)

#endif
