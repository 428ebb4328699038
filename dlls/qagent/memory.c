/*
 * COM task memory for what methods hand out, and structures of the wire.
 */
#include "qagent.h"

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
