/*
 * A connection object per test.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "connection_fixture.h"

INapEnforcementClientConnection *connection;
INapEnforcementClientConnection2 *connection2;

int connection_begin(void **state)
{
    if (enforcer_bind(state))
        return 1;
    connection = connection_create();
    return FAILED(INapEnforcementClientConnection_QueryInterface(connection,
            &IID_INapEnforcementClientConnection2, (void **)&connection2));
}

int connection_end(void **state)
{
    int held = INapEnforcementClientConnection2_Release(connection2) != 1
            || INapEnforcementClientConnection_Release(connection) != 0;

    return enforcer_destroy(state) || held;
}
