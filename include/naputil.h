/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Utility functions of Network Access Protection, exported by qutil.dll
 * (public header NapUtil.h; page "NAP Utility Functions" and a page per
 * function).
 *
 * Memory is COM task memory: what the Alloc functions return, and what the NAP interfaces return as
 * out parameters, comes from CoTaskMemAlloc. Each Free function frees the structure and everything
 * it points to. It ignores NULL, and accepts a partly filled structure if the unused pointers are
 * NULL.
 */

#ifndef __NAPUTIL_H__
#define __NAPUTIL_H__

#include "naptypes.h"
#include "napmanagement.h"
#include "napprotocol.h"
#include "napenforcementclient.h"

#ifdef __cplusplus
extern "C"
{
#endif

#ifndef NAPAPI
#define NAPAPI DECLSPEC_IMPORT
#endif

    /*
     * AllocFixupInfo: a FixupInfo with a list of result codes.
     *
     * fixupInfo         receives the structure, which the caller frees with
     *                   FreeFixupInfo; NULL on failure. What *fixupInfo held
     *                   before is ignored, not freed.
     * countResultCodes  number of codes, 0 to maxDwordCountPerSoHAttribute. All
     *                   are S_OK at first; resultCodes.count is set.
     *
     * S_OK; E_INVALIDARG: fixupInfo is NULL or the count too large; E_OUTOFMEMORY.
     */
    NAPAPI HRESULT WINAPI AllocFixupInfo(FixupInfo **fixupInfo, UINT16 countResultCodes);

    /*
     * AllocConnections: a Connections with an array of interface pointers.
     *
     * connections       receives the structure, which the caller frees with
     *                   FreeConnections; NULL on failure. What *connections held
     *                   before is ignored, not freed.
     * connectionsCount  number of pointers, 0 to maxConnectionCountPerEnforcer.
     *                   All are NULL at first; count is set.
     *
     * S_OK; E_INVALIDARG: connections is NULL or the count too large;
     * E_OUTOFMEMORY.
     */
    NAPAPI HRESULT WINAPI AllocConnections(Connections **connections, UINT16 connectionsCount);

    /*
     * AllocCountedString: a copy of a string.
     *
     * countedString  receives the structure, which the caller frees with
     *                FreeCountedString; NULL on failure. What *countedString held
     *                before is ignored, not freed. Its length counts characters,
     *                without the NUL.
     * string         NUL-terminated, at most maxStringLength characters.
     *
     * S_OK; E_INVALIDARG: a pointer is NULL or the string too long; E_OUTOFMEMORY.
     */
    NAPAPI HRESULT WINAPI AllocCountedString(CountedString **countedString, const WCHAR *string);

    /* FreeFixupInfo: frees the structure and its result codes. */
    NAPAPI VOID WINAPI FreeFixupInfo(FixupInfo *fixupInfo);

    /* FreeConnections: releases every interface that is not NULL, then frees the
     * array and the structure. */
    NAPAPI VOID WINAPI FreeConnections(Connections *connections);

    /* FreeIsolationInfo, FreeIsolationInfoEx: free the structure and its URL. */
    NAPAPI VOID WINAPI FreeIsolationInfo(IsolationInfo *isolationInfo);
    NAPAPI VOID WINAPI FreeIsolationInfoEx(IsolationInfoEx *isolationInfo);

    /* FreeCountedString: frees the structure and its string. */
    NAPAPI VOID WINAPI FreeCountedString(CountedString *countedString);

    /* FreeSoH: frees the packet, its attributes and their values. */
    NAPAPI VOID WINAPI FreeSoH(SoH *soh);

    /* FreeNetworkSoH, FreePrivateData: free the structure and its bytes. */
    NAPAPI VOID WINAPI FreeNetworkSoH(NetworkSoH *networkSoh);
    NAPAPI VOID WINAPI FreePrivateData(PrivateData *privateData);

    /*
     * FreeSoHAttributeValue: frees a value as INapSoHProcessor::GetAttribute returns it, with the
     * array that a value of this type points to.
     *
     * type   selects the member of the union, so it must be the type that the
     *        value was returned with.
     */
    NAPAPI VOID WINAPI FreeSoHAttributeValue(SoHAttributeType type, SoHAttributeValue *value);

    /*
     * FreeNapComponentRegistrationInfoArray: frees an array as INapClientManagement returns it,
     * with the strings of its elements.
     *
     * count  number of elements, as returned with the array.
     * info   address of the pointer to the array; the pointer is set to NULL.
     */
    NAPAPI VOID WINAPI FreeNapComponentRegistrationInfoArray(
            UINT16 count, NapComponentRegistrationInfo **info);

    /* FreeSystemHealthAgentState: frees the structure and both lists of result
     * codes. */
    NAPAPI VOID WINAPI FreeSystemHealthAgentState(SystemHealthAgentState *state);

    /*
     * InitializeNapAgentNotifier: have an event signalled when something changes.
     *
     * type          napNotifyTypeServiceState: the napagent service starts or
     *               stops. napNotifyTypeQuarState: the isolation state changes.
     *               One subscription of each type in a process.
     * hNotifyEvent  an open event, automatic or manual reset. The caller closes
     *               it; it may do so while subscribed.
     *
     * S_OK; E_INVALIDARG: another type, or the handle is not an open event;
     * HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED): the process has a
     * subscription of this type; E_FAIL: the agent cannot be watched.
     */
    NAPAPI HRESULT WINAPI InitializeNapAgentNotifier(NapNotifyType type, HANDLE hNotifyEvent);

    /*
     * UninitializeNapAgentNotifier: end a subscription. After this returns the event is not
     * signalled any more. Does nothing without a subscription of this type.
     */
    NAPAPI VOID WINAPI UninitializeNapAgentNotifier(NapNotifyType type);

#ifdef __cplusplus
}
#endif

#endif
