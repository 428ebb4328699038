/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocation and release of the NAP structures (pages alloc*-func and
 * free*-func). Every block is COM task memory, so that what one side
 * allocates the other can free.
 */

#include "qutil_private.h"

#include "libs/log/trace.h"

void *task_alloc_zeroed(size_t size)
{
    void *block = CoTaskMemAlloc(size);

    if (block)
        memset(block, 0, size);
    return block;
}

/* The result of the Alloc functions is [in, out], but programs pass variables
 * that they never set. So the old value is overwritten, not freed. */

HRESULT WINAPI AllocConnections(Connections **connections, UINT16 connectionsCount)
{
    TRACE_CALL("(connections %p, connectionsCount %lu)", (const void *)connections,
            (unsigned long)connectionsCount);
    Connections *block;

    if (!connections)
        return TRACED(E_INVALIDARG);
    *connections = NULL;
    if (connectionsCount > maxConnectionCountPerEnforcer)
        return TRACED(E_INVALIDARG);

    if (!(block = task_alloc_zeroed(sizeof(*block))))
        return TRACED(E_OUTOFMEMORY);
    if (connectionsCount)
    {
        block->connections = task_alloc_zeroed(connectionsCount * sizeof(*block->connections));
        if (!block->connections)
        {
            CoTaskMemFree(block);
            return TRACED(E_OUTOFMEMORY);
        }
    }
    block->count = connectionsCount;
    *connections = block;
    return TRACED(S_OK);
}

HRESULT WINAPI AllocCountedString(CountedString **countedString, const WCHAR *string)
{
    TRACE_CALL("(countedString %p, string %s)", (const void *)countedString, TRACE_WIDE(string));
    CountedString *block;
    size_t length;

    if (!countedString)
        return TRACED(E_INVALIDARG);
    *countedString = NULL;
    if (!string || (length = wcsnlen(string, maxStringLength + 1)) > maxStringLength)
        return TRACED(E_INVALIDARG);

    if (!(block = task_alloc_zeroed(sizeof(*block))))
        return TRACED(E_OUTOFMEMORY);
    if (!(block->string = CoTaskMemAlloc((length + 1) * sizeof(WCHAR))))
    {
        CoTaskMemFree(block);
        return TRACED(E_OUTOFMEMORY);
    }
    memcpy(block->string, string, (length + 1) * sizeof(WCHAR));
    block->length = (UINT16)length;
    *countedString = block;
    return TRACED(S_OK);
}

HRESULT WINAPI AllocFixupInfo(FixupInfo **fixupInfo, UINT16 countResultCodes)
{
    TRACE_CALL("(fixupInfo %p, countResultCodes %lu)", (const void *)fixupInfo,
            (unsigned long)countResultCodes);
    FixupInfo *block;

    if (!fixupInfo)
        return TRACED(E_INVALIDARG);
    *fixupInfo = NULL;
    if (countResultCodes > maxDwordCountPerSoHAttribute)
        return TRACED(E_INVALIDARG);

    if (!(block = task_alloc_zeroed(sizeof(*block))))
        return TRACED(E_OUTOFMEMORY);
    if (countResultCodes)
    {
        block->resultCodes.results = task_alloc_zeroed(countResultCodes * sizeof(HRESULT));
        if (!block->resultCodes.results)
        {
            CoTaskMemFree(block);
            return TRACED(E_OUTOFMEMORY);
        }
    }
    block->resultCodes.count = countResultCodes;
    *fixupInfo = block;
    return TRACED(S_OK);
}

VOID WINAPI FreeConnections(Connections *connections)
{
    TRACE_CALL("(connections %p)", (const void *)connections);
    UINT16 i;

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
    TRACE_CALL("(countedString %p)", (const void *)countedString);
    if (!countedString)
        return;
    CoTaskMemFree(countedString->string);
    CoTaskMemFree(countedString);
}

VOID WINAPI FreeFixupInfo(FixupInfo *fixupInfo)
{
    TRACE_CALL("(fixupInfo %p)", (const void *)fixupInfo);
    if (!fixupInfo)
        return;
    CoTaskMemFree(fixupInfo->resultCodes.results);
    CoTaskMemFree(fixupInfo);
}

VOID WINAPI FreeIsolationInfo(IsolationInfo *isolationInfo)
{
    TRACE_CALL("(isolationInfo %p)", (const void *)isolationInfo);
    if (!isolationInfo)
        return;
    CoTaskMemFree(isolationInfo->failureUrl.string);
    CoTaskMemFree(isolationInfo);
}

VOID WINAPI FreeIsolationInfoEx(IsolationInfoEx *isolationInfo)
{
    TRACE_CALL("(isolationInfo %p)", (const void *)isolationInfo);
    if (!isolationInfo)
        return;
    CoTaskMemFree(isolationInfo->failureUrl.string);
    CoTaskMemFree(isolationInfo);
}

/* The array is one block, as INapClientManagement::GetRegistered* returns it;
 * info is the address of the caller's pointer to it. */
VOID WINAPI FreeNapComponentRegistrationInfoArray(UINT16 count, NapComponentRegistrationInfo **info)
{
    TRACE_CALL("(count %lu, info %p)", (unsigned long)count, (const void *)info);
    UINT16 i;

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
    TRACE_CALL("(networkSoh %p)", (const void *)networkSoh);
    if (!networkSoh)
        return;
    CoTaskMemFree(networkSoh->data);
    CoTaskMemFree(networkSoh);
}

VOID WINAPI FreePrivateData(PrivateData *privateData)
{
    TRACE_CALL("(privateData %p)", (const void *)privateData);
    if (!privateData)
        return;
    CoTaskMemFree(privateData->data);
    CoTaskMemFree(privateData);
}

VOID WINAPI FreeSoH(SoH *soh)
{
    TRACE_CALL("(soh %p)", (const void *)soh);
    UINT16 i;

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
    TRACE_CALL("(type %lu, value %p)", (unsigned long)type, (const void *)value);
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
    TRACE_CALL("(state %p)", (const void *)state);
    if (!state)
        return;
    CoTaskMemFree(state->shaResultCodes.results);
    CoTaskMemFree(state->fixupInfo.resultCodes.results);
    CoTaskMemFree(state);
}
