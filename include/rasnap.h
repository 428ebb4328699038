/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the SDK's ras.h has and mingw-w64's lacks, under other names, so that both headers can be
 * included. Layouts: the pages of ras.h. Structures are packed to 4 bytes.
 *
 * RASCONN and RASCONNSTATUS grew with Windows; `dwSize` says which version a caller uses. The
 * structures here are the longest ones; an older version ends before the first member that was
 * added later. Only those of Windows NT 3.51 have shorter members.
 */
#ifndef WINE_NAP_RASNAP_H
#define WINE_NAP_RASNAP_H

#include <windows.h>
#include <inaddr.h>
#include <in6addr.h>
#include <ras.h>

#ifndef RASP_PppIpv6
#define RASP_PppIpv6 0x8057
#endif
#define RASCN_Dormant 0x00000010
#define RASCN_ReConnection 0x00000020
#define RASCN_EPDGPacketArrival 0x00000040
#define RAS351_MaxEntryName 20
#define RAS351_MaxDeviceName 32

#include <pshpack4.h>

typedef struct RASCONN351W
{
    DWORD dwSize;
    HRASCONN hrasconn;
    WCHAR szEntryName[RAS351_MaxEntryName + 1];
} RASCONN351W;

typedef struct RASCONN351A
{
    DWORD dwSize;
    HRASCONN hrasconn;
    CHAR szEntryName[RAS351_MaxEntryName + 1];
} RASCONN351A;

/* Windows Vista's and 7's */
typedef struct RASCONN600W
{
    DWORD dwSize;
    HRASCONN hrasconn;
    WCHAR szEntryName[RAS_MaxEntryName + 1];
    WCHAR szDeviceType[RAS_MaxDeviceType + 1];
    WCHAR szDeviceName[RAS_MaxDeviceName + 1];
    WCHAR szPhonebook[MAX_PATH]; /* NT 4 SP 4, Windows 98 */
    DWORD dwSubEntry;
    GUID guidEntry; /* Windows 2000 */
    DWORD dwFlags;  /* Windows XP */
    LUID luid;
    GUID guidCorrelationId; /* Windows Vista */
} RASCONN600W;

typedef struct RASCONN600A
{
    DWORD dwSize;
    HRASCONN hrasconn;
    CHAR szEntryName[RAS_MaxEntryName + 1];
    CHAR szDeviceType[RAS_MaxDeviceType + 1];
    CHAR szDeviceName[RAS_MaxDeviceName + 1];
    CHAR szPhonebook[MAX_PATH];
    DWORD dwSubEntry;
    GUID guidEntry;
    DWORD dwFlags;
    LUID luid;
    GUID guidCorrelationId;
} RASCONN600A;

/* RASTUNNELENDPOINT: dwType 0 unknown, 1 IPv4, 2 IPv6 */
typedef struct RASENDPOINT601
{
    DWORD dwType;
    union
    {
        IN_ADDR ipv4;
        IN6_ADDR ipv6;
    } address;
} RASENDPOINT601;

typedef struct RASCONNSTATUS351W
{
    DWORD dwSize;
    DWORD rasconnstate;
    DWORD dwError;
    WCHAR szDeviceType[RAS_MaxDeviceType + 1];
    WCHAR szDeviceName[RAS351_MaxDeviceName + 1];
} RASCONNSTATUS351W;

typedef struct RASCONNSTATUS351A
{
    DWORD dwSize;
    DWORD rasconnstate;
    DWORD dwError;
    CHAR szDeviceType[RAS_MaxDeviceType + 1];
    CHAR szDeviceName[RAS351_MaxDeviceName + 1];
} RASCONNSTATUS351A;

/* Windows 7's */
typedef struct RASCONNSTATUS601W
{
    DWORD dwSize;
    DWORD rasconnstate; /* RASCONNSTATE */
    DWORD dwError;
    WCHAR szDeviceType[RAS_MaxDeviceType + 1];
    WCHAR szDeviceName[RAS_MaxDeviceName + 1];
    WCHAR szPhoneNumber[RAS_MaxPhoneNumber + 1]; /* NT 4 SP 4, Windows 98 */
    RASENDPOINT601 localEndPoint;                /* Windows 7 */
    RASENDPOINT601 remoteEndPoint;
    DWORD rasconnsubstate; /* RASCONNSUBSTATE */
} RASCONNSTATUS601W;

typedef struct RASCONNSTATUS601A
{
    DWORD dwSize;
    DWORD rasconnstate;
    DWORD dwError;
    CHAR szDeviceType[RAS_MaxDeviceType + 1];
    CHAR szDeviceName[RAS_MaxDeviceName + 1];
    CHAR szPhoneNumber[RAS_MaxPhoneNumber + 1];
    RASENDPOINT601 localEndPoint;
    RASENDPOINT601 remoteEndPoint;
    DWORD rasconnsubstate;
} RASCONNSTATUS601A;

/* RAS_PROJECTION_INFO of Windows 7 */
#define RASAPIVERSION601 4 /* RASAPIVERSION_601 */
#define PROJECTION_INFO_TYPE_PPP601 1

typedef struct RASPPP_PROJECTION_INFO601
{
    DWORD dwIPv4NegotiationError;
    IN_ADDR ipv4Address;
    IN_ADDR ipv4ServerAddress;
    DWORD dwIPv4Options;
    DWORD dwIPv4ServerOptions;
    DWORD dwIPv6NegotiationError;
    BYTE bInterfaceIdentifier[8];
    BYTE bServerInterfaceIdentifier[8];
    BOOL fBundled;
    BOOL fMultilink;
    DWORD dwAuthenticationProtocol;
    DWORD dwAuthenticationData;
    DWORD dwServerAuthenticationProtocol;
    DWORD dwServerAuthenticationData;
    DWORD dwEapTypeId;
    DWORD dwServerEapTypeId;
    DWORD dwLcpOptions;
    DWORD dwLcpServerOptions;
    DWORD dwCcpError;
    DWORD dwCcpCompressionAlgorithm;
    DWORD dwCcpServerCompressionAlgorithm;
    DWORD dwCcpOptions;
    DWORD dwCcpServerOptions;
} RASPPP_PROJECTION_INFO601;

typedef struct RASIKEV2_PROJECTION_INFO601
{
    DWORD dwIPv4NegotiationError;
    IN_ADDR ipv4Address;
    IN_ADDR ipv4ServerAddress;
    DWORD dwIPv6NegotiationError;
    IN6_ADDR ipv6Address;
    IN6_ADDR ipv6ServerAddress;
    DWORD dwPrefixLength;
    DWORD dwAuthenticationProtocol;
    DWORD dwEapTypeId;
    DWORD dwFlags;
    DWORD dwEncryptionMethod;
    DWORD numIPv4ServerAddresses;
    IN_ADDR *ipv4ServerAddresses;
    DWORD numIPv6ServerAddresses;
    IN6_ADDR *ipv6ServerAddresses;
} RASIKEV2_PROJECTION_INFO601;

typedef struct RAS_PROJECTION_INFO601
{
    DWORD version; /* RASAPIVERSION */
    DWORD type;    /* RASPROJECTION_INFO_TYPE */
    union
    {
        RASPPP_PROJECTION_INFO601 ppp;
        RASIKEV2_PROJECTION_INFO601 ikev2;
    } info;
} RAS_PROJECTION_INFO601;

#include <poppack.h>

/*
 * The NAP state of a connection (nf-ras-rasgetnapstatus); mingw-w64 spells it in lower case and
 * without its calling convention. The caller sets state->dwSize. ERROR_INVALID_HANDLE,
 * ERROR_INVALID_SIZE, ERROR_NO_CONNECTION, ERROR_NOT_NAP_CAPABLE, or a RAS error if the agent is
 * not running.
 */
#ifdef __cplusplus
extern "C"
#endif
        DWORD WINAPI
        RasGetNapStatus(HRASCONN connection, LPRASNAPSTATE state);

#endif
