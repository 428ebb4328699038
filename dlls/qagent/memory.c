/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Isolation information from the wire's structures, and the release of what methods return.
 */
#include "qagent.h"

bool system_isolation_outputs(void *info, BOOL *unknown_connections)
{
    if (info)
        *(void **)info = NULL;
    if (unknown_connections)
        *unknown_connections = FALSE;
    return info && unknown_connections;
}

HRESULT system_isolation_from_reply(
        struct agent_reply *reply, IsolationInfoEx **info, BOOL *unknown_connections)
{
    HRESULT hr = isolation_from_wire(&reply->message.get_state_reply.isolation, info);

    if (SUCCEEDED(hr))
        *unknown_connections = reply->message.get_state_reply.unknown_connections;
    agent_reply_clear(reply);
    return hr;
}

HRESULT isolation_from_wire(const struct napipc_isolation *wire, IsolationInfoEx **out)
{
    IsolationInfoEx *info = CoTaskMemAlloc(sizeof(*info));

    *out = NULL;
    if (!info)
        return E_OUTOFMEMORY;
    info->isolationState = (IsolationState)wire->state;
    info->extendedIsolationState = (ExtendedIsolationState)wire->extended_state;
    info->probEndTime.dwLowDateTime = (DWORD)wire->probation_end;
    info->probEndTime.dwHighDateTime = (DWORD)(wire->probation_end >> 32);
    if (FAILED(string_from_wire(&wire->failure_url, &info->failureUrl)))
    {
        CoTaskMemFree(info);
        return E_OUTOFMEMORY;
    }
    *out = info;
    return S_OK;
}

HRESULT isolation_without_extended_state(IsolationInfoEx *info, IsolationInfo **out)
{
    if (!(*out = CoTaskMemAlloc(sizeof(**out))))
    {
        free_isolation_info_ex(info);
        return E_OUTOFMEMORY;
    }
    (*out)->isolationState = info->isolationState;
    (*out)->probEndTime = info->probEndTime;
    (*out)->failureUrl = info->failureUrl;
    CoTaskMemFree(info);
    return S_OK;
}

void free_isolation_info(IsolationInfo *info)
{
    if (info)
        CoTaskMemFree(info->failureUrl.string);
    CoTaskMemFree(info);
}

void free_isolation_info_ex(IsolationInfoEx *info)
{
    if (info)
        CoTaskMemFree(info->failureUrl.string);
    CoTaskMemFree(info);
}

void free_network_soh(NetworkSoH *soh)
{
    if (soh)
        CoTaskMemFree(soh->data);
    CoTaskMemFree(soh);
}

void free_private_data(PrivateData *data)
{
    if (data)
        CoTaskMemFree(data->data);
    CoTaskMemFree(data);
}

void free_fixup_info(FixupInfo *info)
{
    if (info)
        CoTaskMemFree(info->resultCodes.results);
    CoTaskMemFree(info);
}
