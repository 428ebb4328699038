/*
 * Allocation and release of the NAP structures (pages alloc*-func and
 * free*-func). Every block is COM task memory, so that what one side
 * allocates the other can free.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "qutil_private.h"

void *task_alloc_zeroed(size_t size)
{
    void *block = CoTaskMemAlloc(size);

    if (block)
        memset(block, 0, size);
    return block;
}

/* The Alloc functions take their result as [in, out], but programs pass
 * variables they never set: what is there is overwritten, not freed. */

HRESULT WINAPI AllocConnections(Connections **connections, UINT16 connectionsCount)
{
    Connections *block;

    log_event(LOG_TRACE, 0, "AllocConnections", "%u connections", connectionsCount);
    if (!connections)
        return E_INVALIDARG;
    *connections = NULL;
    if (connectionsCount > maxConnectionCountPerEnforcer)
        return E_INVALIDARG;

    if (!(block = task_alloc_zeroed(sizeof(*block))))
        return E_OUTOFMEMORY;
    if (connectionsCount)
    {
        block->connections = task_alloc_zeroed(connectionsCount * sizeof(*block->connections));
        if (!block->connections)
        {
            CoTaskMemFree(block);
            return E_OUTOFMEMORY;
        }
    }
    block->count = connectionsCount;
    *connections = block;
    return S_OK;
}

HRESULT WINAPI AllocCountedString(CountedString **countedString, const WCHAR *string)
{
    CountedString *block;
    size_t length;

    log_event(LOG_TRACE, 0, "AllocCountedString", "%p", (const void *)string);
    if (!countedString)
        return E_INVALIDARG;
    *countedString = NULL;
    if (!string || (length = wcsnlen(string, maxStringLength + 1)) > maxStringLength)
        return E_INVALIDARG;

    if (!(block = task_alloc_zeroed(sizeof(*block))))
        return E_OUTOFMEMORY;
    if (!(block->string = CoTaskMemAlloc((length + 1) * sizeof(WCHAR))))
    {
        CoTaskMemFree(block);
        return E_OUTOFMEMORY;
    }
    memcpy(block->string, string, (length + 1) * sizeof(WCHAR));
    block->length = (UINT16)length;
    *countedString = block;
    return S_OK;
}

HRESULT WINAPI AllocFixupInfo(FixupInfo **fixupInfo, UINT16 countResultCodes)
{
    FixupInfo *block;

    log_event(LOG_TRACE, 0, "AllocFixupInfo", "%u codes", countResultCodes);
    if (!fixupInfo)
        return E_INVALIDARG;
    *fixupInfo = NULL;
    if (countResultCodes > maxDwordCountPerSoHAttribute)
        return E_INVALIDARG;

    if (!(block = task_alloc_zeroed(sizeof(*block))))
        return E_OUTOFMEMORY;
    if (countResultCodes)
    {
        block->resultCodes.results = task_alloc_zeroed(countResultCodes * sizeof(HRESULT));
        if (!block->resultCodes.results)
        {
            CoTaskMemFree(block);
            return E_OUTOFMEMORY;
        }
    }
    block->resultCodes.count = countResultCodes;
    *fixupInfo = block;
    return S_OK;
}

VOID WINAPI FreeConnections(Connections *connections)
{
    UINT16 i;

    log_event(LOG_TRACE, 0, "FreeConnections", "%p", (void *)connections);
    if (!connections)
        return;
    if (connections->connections)
    {
        for (i = 0; i < connections->count; i++)
        {
            if (connections->connections[i])
                INapEnforcementClientConnection_Release(connections->connections[i]);
        }
        CoTaskMemFree(connections->connections);
    }
    CoTaskMemFree(connections);
}

VOID WINAPI FreeCountedString(CountedString *countedString)
{
    log_event(LOG_TRACE, 0, "FreeCountedString", "%p", (void *)countedString);
    if (!countedString)
        return;
    CoTaskMemFree(countedString->string);
    CoTaskMemFree(countedString);
}

VOID WINAPI FreeFixupInfo(FixupInfo *fixupInfo)
{
    log_event(LOG_TRACE, 0, "FreeFixupInfo", "%p", (void *)fixupInfo);
    if (!fixupInfo)
        return;
    CoTaskMemFree(fixupInfo->resultCodes.results);
    CoTaskMemFree(fixupInfo);
}

VOID WINAPI FreeIsolationInfo(IsolationInfo *isolationInfo)
{
    log_event(LOG_TRACE, 0, "FreeIsolationInfo", "%p", (void *)isolationInfo);
    if (!isolationInfo)
        return;
    CoTaskMemFree(isolationInfo->failureUrl.string);
    CoTaskMemFree(isolationInfo);
}

VOID WINAPI FreeIsolationInfoEx(IsolationInfoEx *isolationInfo)
{
    log_event(LOG_TRACE, 0, "FreeIsolationInfoEx", "%p", (void *)isolationInfo);
    if (!isolationInfo)
        return;
    CoTaskMemFree(isolationInfo->failureUrl.string);
    CoTaskMemFree(isolationInfo);
}

/* The array is one block, as INapClientManagement::GetRegistered* gives it;
 * info is the address of the caller's pointer to it. */
VOID WINAPI FreeNapComponentRegistrationInfoArray(UINT16 count, NapComponentRegistrationInfo **info)
{
    UINT16 i;

    log_event(LOG_TRACE, 0, "FreeNapComponentRegistrationInfoArray", "%u at %p", count,
            (void *)info);
    if (!info || !*info)
        return;
    for (i = 0; i < count; i++)
    {
        CoTaskMemFree((*info)[i].friendlyName.string);
        CoTaskMemFree((*info)[i].description.string);
        CoTaskMemFree((*info)[i].version.string);
        CoTaskMemFree((*info)[i].vendorName.string);
    }
    CoTaskMemFree(*info);
    *info = NULL;
}

VOID WINAPI FreeNetworkSoH(NetworkSoH *networkSoh)
{
    log_event(LOG_TRACE, 0, "FreeNetworkSoH", "%p", (void *)networkSoh);
    if (!networkSoh)
        return;
    CoTaskMemFree(networkSoh->data);
    CoTaskMemFree(networkSoh);
}

VOID WINAPI FreePrivateData(PrivateData *privateData)
{
    log_event(LOG_TRACE, 0, "FreePrivateData", "%p", (void *)privateData);
    if (!privateData)
        return;
    CoTaskMemFree(privateData->data);
    CoTaskMemFree(privateData);
}

VOID WINAPI FreeSoH(SoH *soh)
{
    UINT16 i;

    log_event(LOG_TRACE, 0, "FreeSoH", "%p", (void *)soh);
    if (!soh)
        return;
    if (soh->attributes)
    {
        for (i = 0; i < soh->count; i++)
            CoTaskMemFree(soh->attributes[i].value);
        CoTaskMemFree(soh->attributes);
    }
    CoTaskMemFree(soh);
}

VOID WINAPI FreeSoHAttributeValue(SoHAttributeType type, SoHAttributeValue *value)
{
    log_event(LOG_TRACE, 0, "FreeSoHAttributeValue", "type %d, %p", type, (void *)value);
    if (!value)
        return;
    switch (type)
    {
    case sohAttributeTypeSystemHealthId:
    case sohAttributeTypeTimeOfLastUpdate:
    case sohAttributeTypeSoHGenerationTime:
    case sohAttributeTypeHealthClass:
    case sohAttributeTypeFailureCategory:
    case sohAttributeTypeExtendedIsolationState:
        break;
    case sohAttributeTypeIpv4FixupServers:
        CoTaskMemFree(value->v4AddressesVal.addresses);
        break;
    case sohAttributeTypeIpv6FixupServers:
        CoTaskMemFree(value->v6AddressesVal.addresses);
        break;
    case sohAttributeTypeComplianceResultCodes:
    case sohAttributeTypeErrorCodes:
        CoTaskMemFree(value->codesVal.results);
        break;
    case sohAttributeTypeVendorSpecific:
        CoTaskMemFree(value->vendorSpecificVal.vendorSpecificData);
        break;
    default:
        CoTaskMemFree(value->octetStringVal.data);
        break;
    }
    CoTaskMemFree(value);
}

VOID WINAPI FreeSystemHealthAgentState(SystemHealthAgentState *state)
{
    log_event(LOG_TRACE, 0, "FreeSystemHealthAgentState", "%p", (void *)state);
    if (!state)
        return;
    CoTaskMemFree(state->shaResultCodes.results);
    CoTaskMemFree(state->fixupInfo.resultCodes.results);
    CoTaskMemFree(state);
}
