/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ids of Microsoft's own NAP components (public header NapMicrosoftVendorIds.h; page "NAP Vendor
 * Constants"). Other health agents and validators must not use them.
 */

#ifndef __NAPMICROSOFTVENDORIDS_H__
#define __NAPMICROSOFTVENDORIDS_H__

#include <basetsd.h>

/* These are objects, not macros: the public header has objects, and some programs take their
 * address. */
#if defined(__GNUC__)
#define NAP_VENDOR_ID __attribute__((unused)) static const UINT32
#else
#define NAP_VENDOR_ID static const UINT32
#endif

/* Microsoft's SMI code, the upper three bytes of all that follow. */
NAP_VENDOR_ID MicrosoftVendorId = 0x137;

/* The NAP system itself: the first entry of every SSoH. */
NAP_VENDOR_ID NapSystemId = 0x00013700;

/* Enforcement clients. */
NAP_VENDOR_ID NapDhcpEnforcementId = 0x00013701;           /* 79617 */
NAP_VENDOR_ID NapRasEnforcementId = 0x00013702;            /* 79618 */
NAP_VENDOR_ID NapIpsecEnforcementId = 0x00013703;          /* 79619 */
NAP_VENDOR_ID Nap8021xEnforcementId = 0x00013704;          /* 79620 */
NAP_VENDOR_ID NapAnywhereAccessEnforcementId = 0x00013705; /* 79621 */
NAP_VENDOR_ID NapIsaEnforcementId = 0x00013706;            /* 79622 */
NAP_VENDOR_ID NapEapEnforcementId = 0x00013707;            /* 79623 */

/* Health agents and validators. */
NAP_VENDOR_ID NapOutOfBoxSystemHealthId = 0x00013780; /* 79744 */
NAP_VENDOR_ID NapSmsSystemHealthId = 0x00013781;      /* 79745 */
NAP_VENDOR_ID NapFCSv1SystemHealthId = 0x00013782;    /* 79746 */
NAP_VENDOR_ID NapFCSv2SystemHealthId = 0x00013783;    /* 79747 */
NAP_VENDOR_ID NapTpmSystemHealthId = 0x00013784;      /* 79748 */

#undef NAP_VENDOR_ID

#endif
