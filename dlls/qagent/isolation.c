/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The isolation state of a connection object.
 */
#include "isolation.h"

#include <string.h>

HRESULT isolation_init(struct isolation *isolation, const IsolationInfoEx *info)
{
    struct napipc_string url;

    if (info->isolationState < isolationStateNotRestricted
            || info->isolationState > isolationStateRestrictedAccess
            || (unsigned int)info->extendedIsolationState > extendedIsolationStateUnknown
            || FAILED(string_to_wire(&info->failureUrl, &url)))
        return E_INVALIDARG;
    if (url.length)
        memcpy(isolation->url, url.units, url.length * sizeof(*isolation->url));
    isolation->url_length = url.length;
    isolation->state = info->isolationState;
    isolation->extended = info->extendedIsolationState;
    isolation->probation_end = info->probEndTime;
    return S_OK;
}

HRESULT isolation_describe(const struct isolation *isolation, IsolationInfoEx **info)
{
    IsolationInfoEx *copy = CoTaskMemAlloc(sizeof(*copy));
    HRESULT hr;

    *info = NULL;
    if (!copy)
        return E_OUTOFMEMORY;
    copy->isolationState = isolation->state;
    copy->extendedIsolationState = isolation->extended;
    copy->probEndTime = isolation->probation_end;
    if (FAILED(hr = task_string(&copy->failureUrl, isolation->url, isolation->url_length)))
    {
        CoTaskMemFree(copy);
        return hr;
    }
    *info = copy;
    return S_OK;
}
