/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * COM task memory for what methods return, and conversion of the wire's structures.
 */
#include "qagent.h"

#include <stdio.h>
#include <string.h>

void *task_copy(const void *data, size_t size)
{
    void *copy = CoTaskMemAlloc(size);

    if (copy && size)
        memcpy(copy, data, size);
    return copy;
}

HRESULT task_string(CountedString *to, const WCHAR *text, size_t length)
{
    WCHAR *copy = CoTaskMemAlloc((length + 1) * sizeof(WCHAR));

    to->length = 0;
    to->string = copy;
    if (!copy)
        return E_OUTOFMEMORY;
    if (length)
        memcpy(copy, text, length * sizeof(WCHAR));
    copy[length] = 0;
    to->length = (UINT16)length;
    return S_OK;
}

HRESULT task_counted_string(CountedString **to, const WCHAR *text, size_t length)
{
    CountedString *string = CoTaskMemAlloc(sizeof(*string));

    *to = NULL;
    if (!string)
        return E_OUTOFMEMORY;
    if (FAILED(task_string(string, text, length)))
    {
        CoTaskMemFree(string);
        return E_OUTOFMEMORY;
    }
    *to = string;
    return S_OK;
}

HRESULT string_to_wire(const CountedString *string, struct napipc_string *wire)
{
    size_t length;

    if (string->length && !string->string)
        return E_INVALIDARG;
    for (length = 0; length < string->length && string->string[length]; length++)
        ;
    if (length > maxStringLength)
        return E_INVALIDARG;
    wire->units = (const uint8_t *)string->string;
    wire->length = (uint16_t)length;
    return S_OK;
}

HRESULT string_from_wire(const struct napipc_string *wire, CountedString *string)
{
    return task_string(string, (const WCHAR *)wire->units, wire->length);
}

void correlation_from_wire(const struct napipc_correlation *wire, CorrelationId *correlation)
{
    memcpy(&correlation->connId, wire->conn_id.bytes, sizeof(correlation->connId));
    correlation->timeStamp.dwLowDateTime = (DWORD)wire->time_stamp;
    correlation->timeStamp.dwHighDateTime = (DWORD)(wire->time_stamp >> 32);
}

HRESULT correlation_to_string(const CorrelationId *correlation, StringCorrelationId **string)
{
    WCHAR text[80];
    SYSTEMTIME time;
    int length;

    if (!FileTimeToSystemTime(&correlation->timeStamp, &time) || time.wYear > 9999)
    {
        time.wYear = 9999;
        time.wMonth = 12;
        time.wDay = 31;
        time.wHour = 23;
        time.wMinute = time.wSecond = 59;
        time.wMilliseconds = 999;
    }
    length = StringFromGUID2(&correlation->connId, text, ARRAYSIZE(text)) - 1;
    length += swprintf(text + length, ARRAYSIZE(text) - length,
            L" - %04u-%02u-%02u %02u:%02u:%02u.%03uZ", time.wYear, time.wMonth, time.wDay,
            time.wHour, time.wMinute, time.wSecond, time.wMilliseconds);
    return task_counted_string(string, text, length);
}

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
