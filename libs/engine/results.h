/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The HRESULTs that the agent answers with, as numbers: the engine includes no Windows header.
 * Values: public SDK headers and "NAP Error Constants".
 */
#ifndef WINE_NAP_ENGINE_RESULTS_H
#define WINE_NAP_ENGINE_RESULTS_H

#include <stdint.h>

#define RESULT_OK ((uint32_t)0)
#define RESULT_ACCESSDENIED ((uint32_t)0x80070005)
#define RESULT_OUTOFMEMORY ((uint32_t)0x8007000E)
#define RESULT_GEN_FAILURE ((uint32_t)0x8007001F)   /* ERROR_GEN_FAILURE, 31 */
#define RESULT_NOT_SUPPORTED ((uint32_t)0x80070032) /* ERROR_NOT_SUPPORTED, 50 */
#define RESULT_INVALIDARG ((uint32_t)0x80070057)
#define RESULT_DDM_NOT_RUNNING ((uint32_t)0x80070387)         /* ERROR_DDM_NOT_RUNNING, 903 */
#define RESULT_INTERFACE_NOT_CONNECTED ((uint32_t)0x8007038A) /* 906 */
#define RESULT_ALREADY_INITIALIZED ((uint32_t)0x800704DF)     /* ERROR_ALREADY_INITIALIZED, 1247 */
#define RESULT_REVISION_MISMATCH ((uint32_t)0x8007051A)       /* ERROR_REVISION_MISMATCH, 1306 */
#define RESULT_INVALID_PACKET ((uint32_t)0x80270001)
#define RESULT_CONFLICTING_ID ((uint32_t)0x80270003)
#define RESULT_NO_CACHED_SOH ((uint32_t)0x80270004)
#define RESULT_STILL_BOUND ((uint32_t)0x80270005)
#define RESULT_NOT_REGISTERED ((uint32_t)0x80270006)
#define RESULT_NOT_INITIALIZED ((uint32_t)0x80270007)
#define RESULT_MISMATCHED_ID ((uint32_t)0x80270008)
#define RESULT_MAXSIZE_TOO_SMALL ((uint32_t)0x8027000B)
#define RESULT_ENTITY_DISABLED ((uint32_t)0x8027000E)
#define RESULT_NETSH_GROUPPOLICY_ERROR ((uint32_t)0x8027000F)

/* HRESULT_FROM_WIN32 of Windows' and RAS's error codes (winerror.h, raserror.h) */
#define RESULT_FILE_NOT_FOUND ((uint32_t)0x80070002)
#define RESULT_INVALID_HANDLE ((uint32_t)0x80070006)
#define RESULT_ALREADY_EXISTS ((uint32_t)0x800700B7)           /* 183 */
#define RESULT_NOT_FOUND ((uint32_t)0x80070490)                /* ERROR_NOT_FOUND, 1168 */
#define RESULT_LUIDS_EXHAUSTED ((uint32_t)0x80070536)          /* 1334 */
#define RESULT_TIMEOUT ((uint32_t)0x800705B4)                  /* 1460 */
#define RESULT_NOT_ENOUGH_QUOTA ((uint32_t)0x80070718)         /* 1816 */
#define RESULT_PORT_NOT_AVAILABLE ((uint32_t)0x80070279)       /* 633 */
#define RESULT_NO_CONNECTION ((uint32_t)0x8007029C)            /* 668 */
#define RESULT_HANGUP_FAILED ((uint32_t)0x800702F1)            /* 753 */
#define RESULT_DIAL_ALREADY_IN_PROGRESS ((uint32_t)0x800702F4) /* 756 */
#define RESULT_NOT_NAP_CAPABLE ((uint32_t)0x80070344)          /* 836 */

/* The codes by which a callback reports that its client is gone. Some pages print 1722 as it is,
 * others as an HRESULT; the RPC_E_* come from COM itself. */
#define RESULT_RPC_S_SERVER_UNAVAILABLE ((uint32_t)1722)
#define RESULT_WIN32_SERVER_UNAVAILABLE ((uint32_t)0x800706BA)
#define RESULT_RPC_E_DISCONNECTED ((uint32_t)0x80010108)
#define RESULT_RPC_E_SERVER_DIED ((uint32_t)0x80010007)
#define RESULT_RPC_E_SERVER_DIED_DNE ((uint32_t)0x80010012)
#define RESULT_CO_E_OBJNOTCONNECTED ((uint32_t)0x800401FD)

#define RESULT_FAILED(result) (((result)&0x80000000u) != 0)

#endif
