/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection object per test.
 */

#include "connection_fixture.h"

INapEnforcementClientConnection *connection;
INapEnforcementClientConnection2 *connection2;

int connection_begin(void)
{
    if (enforcer_bind())
        return 1;
    connection = connection_create();
    return FAILED(INapEnforcementClientConnection_QueryInterface(
            connection, &IID_INapEnforcementClientConnection2, (void **)&connection2));
}

int connection_end(void)
{
    int held = INapEnforcementClientConnection2_Release(connection2) != 1
               || INapEnforcementClientConnection_Release(connection) != 0;

    return enforcer_destroy() || held;
}

static void add(struct snapshot *snapshot, const void *bytes, size_t size)
{
    assert_true(size <= sizeof(snapshot->bytes) - snapshot->size);
    if (size)
        memcpy(snapshot->bytes + snapshot->size, bytes, size);
    snapshot->size += size;
}

static void add_soh(struct snapshot *snapshot, NetworkSoH *soh)
{
    add(snapshot, &soh->size, sizeof(soh->size));
    add(snapshot, soh->data, soh->size);
    free_soh(soh);
}

static void add_data(struct snapshot *snapshot, PrivateData *data)
{
    add(snapshot, &data->size, sizeof(data->size));
    add(snapshot, data->data, data->size);
    free_data(data);
}

static void add_second(struct snapshot *snapshot, INapEnforcementClientConnection2 *of)
{
    SystemHealthEntityCount count = 0;
    SystemHealthEntityId *ids = NULL;
    IsolationInfoEx *info = NULL;

    INapEnforcementClientConnection2_GetIsolationInfoEx(of, &info);
    add(snapshot, info, offsetof(IsolationInfoEx, failureUrl));
    add(snapshot, info->failureUrl.string, info->failureUrl.length * sizeof(WCHAR));
    free_isolation_ex(info);
    INapEnforcementClientConnection2_GetInstalledShvs(of, &count, &ids);
    add(snapshot, ids, count * sizeof(*ids));
    CoTaskMemFree(ids);
}

void snapshot_take(INapEnforcementClientConnection *of, struct snapshot *snapshot)
{
    INapEnforcementClientConnection2 *second;
    CorrelationId correlation;
    ConnectionId *id = NULL;
    PrivateData *data = NULL;
    NetworkSoH *soh = NULL;
    ProtocolMaxSize size = 0;
    UINT8 flags = 0;

    snapshot->size = 0;
    INapEnforcementClientConnection_GetMaxSize(of, &size);
    add(snapshot, &size, sizeof(size));
    INapEnforcementClientConnection_GetFlags(of, &flags);
    add(snapshot, &flags, sizeof(flags));
    INapEnforcementClientConnection_GetConnectionId(of, &id);
    add(snapshot, id, sizeof(*id));
    CoTaskMemFree(id);
    INapEnforcementClientConnection_GetCorrelationId(of, &correlation);
    add(snapshot, &correlation, sizeof(correlation));
    INapEnforcementClientConnection_GetSoHRequest(of, &soh);
    add_soh(snapshot, soh);
    INapEnforcementClientConnection_GetSoHResponse(of, &soh);
    add_soh(snapshot, soh);
    INapEnforcementClientConnection_GetPrivateData(of, &data);
    add_data(snapshot, data);
    INapEnforcementClientConnection_GetEnforcerPrivateData(of, &data);
    add_data(snapshot, data);
    if (SUCCEEDED(INapEnforcementClientConnection_QueryInterface(
                of, &IID_INapEnforcementClientConnection2, (void **)&second)))
    {
        add_second(snapshot, second);
        INapEnforcementClientConnection2_Release(second);
    }
}

void assert_unaltered(INapEnforcementClientConnection *of, const struct snapshot *before)
{
    static struct snapshot now;

    snapshot_take(of, &now);
    assert_int_equal(now.size, before->size);
    assert_memory_equal(now.bytes, before->bytes, before->size);
}
