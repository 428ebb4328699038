/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapSystemHealthAgentCallback. One object, which lives as long as the process. The methods come
 * on threads of qagent, several at a time.
 */
#include "programs/napwsha/napwsha.h"

#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"
#include "libs/napcom/soh.h"

static HRESULT STDMETHODCALLTYPE agent_QueryInterface(
        INapSystemHealthAgentCallback *iface, REFIID riid, void **object)
{
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapSystemHealthAgentCallback))
        return E_NOINTERFACE;
    *object = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE agent_AddRef(INapSystemHealthAgentCallback *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE agent_Release(INapSystemHealthAgentCallback *iface)
{
    (void)iface;
    return 1;
}

/* The statement of the last look, which waits for the first one. It is not to be cached: without
 * this service nobody knows if it is still true. */
static HRESULT STDMETHODCALLTYPE agent_GetSoHRequest(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    SoHAttribute attributes[SOH_MAX_ATTRIBUTES];
    SoH soh = {0, attributes};
    struct soh_attribute attribute;
    struct soh_entry entry;
    size_t position = 0;
    uint8_t *buffer;
    HRESULT hr;

    (void)iface;
    watch_asked();
    if (!(buffer = malloc(WSH_MAX_SOH_SIZE)))
        return E_OUTOFMEMORY;
    if (!current_write(buffer, &entry))
    {
        free(buffer);
        return E_FAIL;
    }
    while (soh.count < SOH_MAX_ATTRIBUTES && soh_next_attribute(&entry, &position, &attribute))
    {
        attributes[soh.count].type = attribute.type;
        attributes[soh.count].size = attribute.size;
        attributes[soh.count++].value = (BYTE *)(ULONG_PTR)attribute.value;
    }
    hr = INapSystemHealthAgentRequest_SetSoHRequest(request, &soh, FALSE);
    free(buffer);
    return hr;
}

static HRESULT STDMETHODCALLTYPE agent_ProcessSoHResponse(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    SoHResponse *response;
    UINT8 flags;
    HRESULT hr;

    (void)iface;
    hr = INapSystemHealthAgentRequest_GetSoHResponse(request, &response, &flags);
    if (FAILED(hr))
        return hr;
    hr = response_take(response, flags & shaFixup);
    free_soh(response);
    return hr;
}

static HRESULT STDMETHODCALLTYPE agent_NotifySystemIsolationStateChange(
        INapSystemHealthAgentCallback *iface)
{
    (void)iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE agent_GetFixupInfo(
        INapSystemHealthAgentCallback *iface, FixupInfo **info)
{
    (void)iface;
    *info = NULL;
    return response_describe(info);
}

/* Two statements are equal if they differ in the flag and the age of the last scan only: the first
 * and the third Vendor-Specific attribute ([MS-WSH] 2.2.2). */
static HRESULT STDMETHODCALLTYPE agent_CompareSoHRequests(INapSystemHealthAgentCallback *iface,
        const SoHRequest *left, const SoHRequest *right, BOOL *equal)
{
    unsigned int vendor_specific = 0;
    UINT16 i;

    (void)iface;
    *equal = FALSE;
    if (left->count != right->count)
        return S_OK;
    for (i = 0; i < left->count; i++)
    {
        const SoHAttribute *one = &left->attributes[i], *other = &right->attributes[i];

        if (one->type != other->type || one->size != other->size)
            return S_OK;
        if (one->type == SOH_ATTRIBUTE_VENDOR_SPECIFIC
                && (++vendor_specific == 1 || vendor_specific == 3))
            continue;
        if (one->size && memcmp(one->value, other->value, one->size))
            return S_OK;
    }
    *equal = TRUE;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE agent_NotifyOrphanedSoHRequest(
        INapSystemHealthAgentCallback *iface, const CorrelationId *correlation)
{
    (void)iface;
    (void)correlation;
    return S_OK;
}

static INapSystemHealthAgentCallbackVtbl vtbl = {
        agent_QueryInterface,
        agent_AddRef,
        agent_Release,
        agent_GetSoHRequest,
        agent_ProcessSoHResponse,
        agent_NotifySystemIsolationStateChange,
        agent_GetFixupInfo,
        agent_CompareSoHRequests,
        agent_NotifyOrphanedSoHRequest,
};

INapSystemHealthAgentCallback agent_callback = {&vtbl};
