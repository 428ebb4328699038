/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * COM task memory for what methods return, and conversion of the wire's structures.
 */
#include "libs/napcom/napcom.h"

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

void free_counted_string(CountedString *string)
{
    if (string)
        CoTaskMemFree(string->string);
    CoTaskMemFree(string);
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
