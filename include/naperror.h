/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Result codes of Network Access Protection (public header NapError.h, in
 * later SDKs part of WinError.h; page "NAP Error Constants").
 */

#ifndef __NAPERROR_H__
#define __NAPERROR_H__

#include <winerror.h>

#ifndef NAP_E_INVALID_PACKET

/* The SoH packet is invalid. */
#define NAP_E_INVALID_PACKET _HRESULT_TYPEDEF_(0x80270001)
/* The SoH was missing from the NAP packet. */
#define NAP_E_MISSING_SOH _HRESULT_TYPEDEF_(0x80270002)
/* The id conflicts with one that is registered already. */
#define NAP_E_CONFLICTING_ID _HRESULT_TYPEDEF_(0x80270003)
/* There is no cached SoH. */
#define NAP_E_NO_CACHED_SOH _HRESULT_TYPEDEF_(0x80270004)
/* The component is still bound. */
#define NAP_E_STILL_BOUND _HRESULT_TYPEDEF_(0x80270005)
/* The component is not registered. */
#define NAP_E_NOT_REGISTERED _HRESULT_TYPEDEF_(0x80270006)
/* The component is not initialized, that is, not bound. */
#define NAP_E_NOT_INITIALIZED _HRESULT_TYPEDEF_(0x80270007)
/* The correlation ids of request and response differ. */
#define NAP_E_MISMATCHED_ID _HRESULT_TYPEDEF_(0x80270008)
/* Completion of a request that is not pending. */
#define NAP_E_NOT_PENDING _HRESULT_TYPEDEF_(0x80270009)
/* No component has this id. */
#define NAP_E_ID_NOT_FOUND _HRESULT_TYPEDEF_(0x8027000A)
/* The connection's maximum size is too small for an SoH. */
#define NAP_E_MAXSIZE_TOO_SMALL _HRESULT_TYPEDEF_(0x8027000B)
/* The napagent service is not running. */
#define NAP_E_SERVICE_NOT_RUNNING _HRESULT_TYPEDEF_(0x8027000C)
/* Success: the certificate store has the certificate already. */
#define NAP_S_CERT_ALREADY_PRESENT _HRESULT_TYPEDEF_(0x0027000D)
/* The component is disabled. */
#define NAP_E_ENTITY_DISABLED _HRESULT_TYPEDEF_(0x8027000E)
/* Group policy is not configured. */
#define NAP_E_NETSH_GROUPPOLICY_ERROR _HRESULT_TYPEDEF_(0x8027000F)
/* Too many calls at the same time. */
#define NAP_E_TOO_MANY_CALLS _HRESULT_TYPEDEF_(0x80270010)

/* Windows 7 and later: */

/* The validator's configuration exists already. */
#define NAP_E_SHV_CONFIG_EXISTED _HRESULT_TYPEDEF_(0x80270011)
/* The validator has no such configuration. */
#define NAP_E_SHV_CONFIG_NOT_FOUND _HRESULT_TYPEDEF_(0x80270012)
/* The validator did not answer in time. */
#define NAP_E_SHV_TIMEOUT _HRESULT_TYPEDEF_(0x80270013)

#endif

#endif
