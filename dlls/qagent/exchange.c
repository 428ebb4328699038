/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Exchanges on a connection object: read from the object what the agent needs,
 * call the agent, write its reply to the object.
 */
#include "exchange.h"

#include <string.h>

static void blob_of(const PrivateData *data, struct napipc_blob *blob)
{
    blob->data = data ? data->data : NULL;
    blob->size = data && data->data ? data->size : 0;
}

static HRESULT read_connection_id(
        INapEnforcementClientConnection *connection, struct napipc_guid *guid)
{
    ConnectionId *id = NULL;
    HRESULT hr = INapEnforcementClientConnection_GetConnectionId(connection, &id);

    if (FAILED(hr))
        return hr;
    memset(guid, 0, sizeof(*guid));
    if (id)
        memcpy(guid->bytes, id, sizeof(*id));
    CoTaskMemFree(id);
    return S_OK;
}

/* A number that identifies the object while it lives, by COM's rule of identity. 0 on failure. */
static uint64_t name_of(INapEnforcementClientConnection *connection)
{
    IUnknown *unknown = NULL;

    if (FAILED(INapEnforcementClientConnection_QueryInterface(
                connection, &IID_IUnknown, (void **)&unknown))
            || !unknown)
        return 0;
    IUnknown_Release(unknown);
    return (uintptr_t)unknown;
}

static HRESULT write_private_data(
        INapEnforcementClientConnection *connection, const struct napipc_blob *blob)
{
    PrivateData data = {(UINT16)blob->size, (BYTE *)blob->data};

    return INapEnforcementClientConnection_SetPrivateData(connection, &data);
}

static HRESULT write_request(
        INapEnforcementClientConnection *connection, const struct napipc_soh_request_reply *reply)
{
    NetworkSoHRequest soh = {(UINT16)reply->soh.size, (BYTE *)reply->soh.data};
    CorrelationId correlation;
    HRESULT hr;

    correlation_from_wire(&reply->correlation, &correlation);
    hr = write_private_data(connection, &reply->private_data);
    if (SUCCEEDED(hr))
        hr = INapEnforcementClientConnection_SetSoHRequest(connection, &soh);
    if (SUCCEEDED(hr))
        hr = INapEnforcementClientConnection_SetCorrelationId(connection, correlation);
    if (SUCCEEDED(hr))
        hr = INapEnforcementClientConnection_SetFlags(connection, reply->flags);
    return hr;
}

HRESULT exchange_get_soh_request(
        struct agent_link *link, INapEnforcementClientConnection *connection, BOOL *retrigger_hint)
{
    struct napipc_message request;
    struct agent_reply reply;
    PrivateData *data = NULL;
    ProtocolMaxSize max_size = 0;
    HRESULT hr;

    request.type = NAPIPC_SOH_REQUEST;
    if (FAILED(hr = INapEnforcementClientConnection_GetMaxSize(connection, &max_size))
            || FAILED(hr = read_connection_id(connection, &request.soh_request.connection_id))
            || FAILED(hr = INapEnforcementClientConnection_GetPrivateData(connection, &data)))
        return hr;
    request.soh_request.max_size = max_size > maxProtocolMaxSize ? maxProtocolMaxSize : max_size;
    request.soh_request.object = name_of(connection);
    blob_of(data, &request.soh_request.private_data);
    hr = agent_link_call(link, &request, &reply, apartment_wait());
    free_private_data(data);
    if (FAILED(hr))
        return hr;
    hr = write_request(connection, &reply.message.soh_request_reply);
    if (SUCCEEDED(hr))
        *retrigger_hint = reply.message.soh_request_reply.retrigger_hint;
    agent_reply_clear(&reply);
    return hr;
}

/* Allocates nothing: the agent's decision must not be lost to an allocation failure. */
static void decision_of(const struct napipc_isolation *wire, WCHAR *url, IsolationInfoEx *info)
{
    info->isolationState = (IsolationState)wire->state;
    info->extendedIsolationState = (ExtendedIsolationState)wire->extended_state;
    info->probEndTime.dwLowDateTime = (DWORD)wire->probation_end;
    info->probEndTime.dwHighDateTime = (DWORD)(wire->probation_end >> 32);
    info->failureUrl.length = wire->failure_url.length;
    info->failureUrl.string = url;
    if (wire->failure_url.length)
        memcpy(url, wire->failure_url.units, wire->failure_url.length * sizeof(*url));
    url[wire->failure_url.length] = 0;
}

static HRESULT write_decision(
        INapEnforcementClientConnection *connection, const struct napipc_soh_response_reply *reply)
{
    SystemHealthEntityId shvs[maxSystemHealthEntityCount];
    INapEnforcementClientConnection2 *connection2 = NULL;
    WCHAR url[maxStringLength + 1];
    IsolationInfoEx info;
    HRESULT hr;

    C_ASSERT(NAPIPC_MAX_STRING <= maxStringLength);
    decision_of(&reply->isolation, url, &info);
    hr = write_private_data(connection, &reply->private_data);
    if (SUCCEEDED(hr)
            && SUCCEEDED(INapEnforcementClientConnection_QueryInterface(
                    connection, &IID_INapEnforcementClientConnection2, (void **)&connection2))
            && connection2)
    {
        hr = INapEnforcementClientConnection2_SetIsolationInfoEx(connection2, &info);
        if (SUCCEEDED(hr) && reply->shv_count && reply->shv_count <= ARRAYSIZE(shvs))
        {
            memcpy(shvs, reply->shvs.data, reply->shvs.size);
            hr = INapEnforcementClientConnection2_SetInstalledShvs(
                    connection2, reply->shv_count, shvs);
        }
        INapEnforcementClientConnection2_Release(connection2);
    }
    else if (SUCCEEDED(hr))
    {
        IsolationInfo plain = {info.isolationState, info.probEndTime, info.failureUrl};

        hr = INapEnforcementClientConnection_SetIsolationInfo(connection, &plain);
    }
    return hr;
}

HRESULT exchange_process_soh_response(
        struct agent_link *link, INapEnforcementClientConnection *connection)
{
    struct napipc_message request;
    NetworkSoHResponse *soh = NULL;
    struct agent_reply reply;
    PrivateData *data = NULL;
    HRESULT hr;

    request.type = NAPIPC_SOH_RESPONSE;
    if (FAILED(hr = read_connection_id(connection, &request.soh_response.connection_id))
            || FAILED(hr = INapEnforcementClientConnection_GetPrivateData(connection, &data)))
        return hr;
    if (FAILED(hr = INapEnforcementClientConnection_GetSoHResponse(connection, &soh)))
    {
        free_private_data(data);
        return hr;
    }
    blob_of(data, &request.soh_response.private_data);
    request.soh_response.soh.data = soh ? soh->data : NULL;
    request.soh_response.soh.size = soh && soh->data ? soh->size : 0;
    hr = agent_link_call(link, &request, &reply, apartment_wait());
    free_network_soh(soh);
    free_private_data(data);
    if (FAILED(hr))
        return hr;
    hr = write_decision(connection, &reply.message.soh_response_reply);
    agent_reply_clear(&reply);
    return hr;
}

HRESULT exchange_connection_down(
        struct agent_link *link, INapEnforcementClientConnection *connection)
{
    struct napipc_message request;
    PrivateData *data = NULL;
    HRESULT hr;

    if (FAILED(hr = INapEnforcementClientConnection_GetPrivateData(connection, &data)))
        return hr;
    request.type = NAPIPC_CONNECTION_DOWN;
    blob_of(data, &request.connection_down.private_data);
    hr = agent_link_call(link, &request, NULL, apartment_wait());
    free_private_data(data);
    return hr;
}

void exchange_read_connections(const Connections *connections,
        struct napipc_get_connections_reply *reply, struct connection_reading *reads)
{
    UINT16 i;

    reply->count = 0;
    for (i = 0; connections && connections->connections && i < connections->count
                && i < NAPIPC_MAX_CONNECTIONS;
            i++)
    {
        struct napipc_reported_connection *reported = &reply->connections[reply->count];
        struct connection_reading *read = &reads[reply->count];
        INapEnforcementClientConnection *connection = connections->connections[i];

        memset(read, 0, sizeof(*read));
        memset(reported, 0, sizeof(*reported));
        if (!connection
                || FAILED(INapEnforcementClientConnection_GetPrivateData(
                        connection, &read->private_data))
                || FAILED(read_connection_id(connection, &reported->connection_id))
                || FAILED(INapEnforcementClientConnection_GetIsolationInfo(
                        connection, &read->isolation)))
        {
            exchange_free_readings(read, 1);
            continue;
        }
        blob_of(read->private_data, &reported->private_data);
        if (reported->private_data.size > NAPIPC_MAX_PRIVATE_DATA)
            reported->private_data.size = 0; /* not ours, and the reply could not be encoded */
        if (read->isolation)
            string_to_wire(&read->isolation->failureUrl, &reported->isolation.failure_url);
        reply->count++;
    }
}

void exchange_free_readings(struct connection_reading *reads, unsigned int count)
{
    while (count--)
    {
        free_private_data(reads[count].private_data);
        free_isolation_info(reads[count].isolation);
    }
}
