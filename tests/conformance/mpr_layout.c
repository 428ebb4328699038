/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The structures of mprapi.h that this DLL fills. mingw-w64's, which the other tests use, are
 * compared with sizes and offsets computed from Microsoft's pages (ns-mprapi-*: the order of the
 * members and their types; no packing), and with the sizes that the DLL uses.
 */

#include <test.h>

#include "mpr_fixture.h"

/* name, in 64-bit and 32-bit programs */
struct row
{
    const char *name;
    size_t actual, wide, narrow;
};

#define SIZE(type, wide, narrow)                                                                   \
    {                                                                                              \
#type, sizeof(type), wide, narrow                                                          \
    }
#define OFFSET(type, member, wide, narrow)                                                         \
    {                                                                                              \
#type "." #member, offsetof(type, member), wide, narrow                                    \
    }

static const struct row table[] = {
        SIZE(PPP_NBFCP_INFO, 40, 40),
        SIZE(PPP_IPCP_INFO, 68, 68),
        SIZE(PPP_IPCP_INFO2, 76, 76),
        SIZE(PPP_IPXCP_INFO, 52, 52),
        SIZE(PPP_ATCP_INFO, 72, 72),
        SIZE(PPP_CCP_INFO, 20, 20),
        SIZE(PPP_LCP_INFO, 44, 44),
        SIZE(PPP_IPV6_CP_INFO, 48, 48),
        OFFSET(PPP_IPV6_CP_INFO, dwVersion, 0, 0),
        OFFSET(PPP_IPV6_CP_INFO, dwSize, 4, 4),
        OFFSET(PPP_IPV6_CP_INFO, dwError, 8, 8),
        OFFSET(PPP_IPV6_CP_INFO, bInterfaceIdentifier, 12, 12),
        OFFSET(PPP_IPV6_CP_INFO, bRemoteInterfaceIdentifier, 20, 20),
        OFFSET(PPP_IPV6_CP_INFO, dwOptions, 28, 28),
        OFFSET(PPP_IPV6_CP_INFO, dwRemoteOptions, 32, 32),
        OFFSET(PPP_IPV6_CP_INFO, bPrefix, 36, 36),
        OFFSET(PPP_IPV6_CP_INFO, dwPrefixLength, 44, 44),
        SIZE(PPP_INFO, 232, 232),
        OFFSET(PPP_INFO, nbf, 0, 0),
        OFFSET(PPP_INFO, ip, 40, 40),
        OFFSET(PPP_INFO, ipx, 108, 108),
        OFFSET(PPP_INFO, at, 160, 160),
        SIZE(PPP_INFO_2, 304, 304),
        OFFSET(PPP_INFO_2, nbf, 0, 0),
        OFFSET(PPP_INFO_2, ip, 40, 40),
        OFFSET(PPP_INFO_2, ipx, 116, 116),
        OFFSET(PPP_INFO_2, at, 168, 168),
        OFFSET(PPP_INFO_2, ccp, 240, 240),
        OFFSET(PPP_INFO_2, lcp, 260, 260),
        SIZE(PPP_INFO_3, 228, 228),
        OFFSET(PPP_INFO_3, nbf, 0, 0),
        OFFSET(PPP_INFO_3, ip, 40, 40),
        OFFSET(PPP_INFO_3, ipv6, 116, 116),
        OFFSET(PPP_INFO_3, ccp, 164, 164),
        OFFSET(PPP_INFO_3, lcp, 184, 184),
        SIZE(RAS_CONNECTION_0, 1128, 1116),
        OFFSET(RAS_CONNECTION_0, hConnection, 0, 0),
        OFFSET(RAS_CONNECTION_0, hInterface, 8, 4),
        OFFSET(RAS_CONNECTION_0, dwConnectDuration, 16, 8),
        OFFSET(RAS_CONNECTION_0, dwInterfaceType, 20, 12),
        OFFSET(RAS_CONNECTION_0, dwConnectionFlags, 24, 16),
        OFFSET(RAS_CONNECTION_0, wszInterfaceName, 28, 20),
        OFFSET(RAS_CONNECTION_0, wszUserName, 542, 534),
        OFFSET(RAS_CONNECTION_0, wszLogonDomain, 1056, 1048),
        OFFSET(RAS_CONNECTION_0, wszRemoteComputer, 1088, 1080),
        SIZE(RAS_CONNECTION_1, 296, 288),
        OFFSET(RAS_CONNECTION_1, hConnection, 0, 0),
        OFFSET(RAS_CONNECTION_1, hInterface, 8, 4),
        OFFSET(RAS_CONNECTION_1, PppInfo, 16, 8),
        OFFSET(RAS_CONNECTION_1, dwBytesXmited, 248, 240),
        OFFSET(RAS_CONNECTION_1, dwBytesRcved, 252, 244),
        OFFSET(RAS_CONNECTION_1, dwFramesXmited, 256, 248),
        OFFSET(RAS_CONNECTION_1, dwFramesRcved, 260, 252),
        OFFSET(RAS_CONNECTION_1, dwCrcErr, 264, 256),
        OFFSET(RAS_CONNECTION_1, dwTimeoutErr, 268, 260),
        OFFSET(RAS_CONNECTION_1, dwAlignmentErr, 272, 264),
        OFFSET(RAS_CONNECTION_1, dwHardwareOverrunErr, 276, 268),
        OFFSET(RAS_CONNECTION_1, dwFramingErr, 280, 272),
        OFFSET(RAS_CONNECTION_1, dwBufferOverrunErr, 284, 276),
        OFFSET(RAS_CONNECTION_1, dwCompressionRatioIn, 288, 280),
        OFFSET(RAS_CONNECTION_1, dwCompressionRatioOut, 292, 284),
        SIZE(RAS_CONNECTION_2, 848, 844),
        OFFSET(RAS_CONNECTION_2, hConnection, 0, 0),
        OFFSET(RAS_CONNECTION_2, wszUserName, 8, 4),
        OFFSET(RAS_CONNECTION_2, dwInterfaceType, 524, 520),
        OFFSET(RAS_CONNECTION_2, guid, 528, 524),
        OFFSET(RAS_CONNECTION_2, PppInfo2, 544, 540),
        SIZE(RAS_CONNECTION_3, 792, 788),
        OFFSET(RAS_CONNECTION_3, dwVersion, 0, 0),
        OFFSET(RAS_CONNECTION_3, dwSize, 4, 4),
        OFFSET(RAS_CONNECTION_3, hConnection, 8, 8),
        OFFSET(RAS_CONNECTION_3, wszUserName, 16, 12),
        OFFSET(RAS_CONNECTION_3, dwInterfaceType, 532, 528),
        OFFSET(RAS_CONNECTION_3, guid, 536, 532),
        OFFSET(RAS_CONNECTION_3, PppInfo3, 552, 548),
        OFFSET(RAS_CONNECTION_3, rasQuarState, 780, 776),
        OFFSET(RAS_CONNECTION_3, timer, 784, 780),
        SIZE(RAS_PORT_0, 392, 380),
        OFFSET(RAS_PORT_0, hPort, 0, 0),
        OFFSET(RAS_PORT_0, hConnection, 8, 4),
        OFFSET(RAS_PORT_0, dwPortCondition, 16, 8),
        OFFSET(RAS_PORT_0, dwTotalNumberOfCalls, 20, 12),
        OFFSET(RAS_PORT_0, dwConnectDuration, 24, 16),
        OFFSET(RAS_PORT_0, wszPortName, 28, 20),
        OFFSET(RAS_PORT_0, wszMediaName, 62, 54),
        OFFSET(RAS_PORT_0, wszDeviceName, 96, 88),
        OFFSET(RAS_PORT_0, wszDeviceType, 354, 346),
        SIZE(RAS_PORT_1, 72, 64),
        OFFSET(RAS_PORT_1, hPort, 0, 0),
        OFFSET(RAS_PORT_1, hConnection, 8, 4),
        OFFSET(RAS_PORT_1, dwHardwareCondition, 16, 8),
        OFFSET(RAS_PORT_1, dwLineSpeed, 20, 12),
        OFFSET(RAS_PORT_1, dwBytesXmited, 24, 16),
        OFFSET(RAS_PORT_1, dwBytesRcved, 28, 20),
        OFFSET(RAS_PORT_1, dwFramesXmited, 32, 24),
        OFFSET(RAS_PORT_1, dwFramesRcved, 36, 28),
        OFFSET(RAS_PORT_1, dwCrcErr, 40, 32),
        OFFSET(RAS_PORT_1, dwTimeoutErr, 44, 36),
        OFFSET(RAS_PORT_1, dwAlignmentErr, 48, 40),
        OFFSET(RAS_PORT_1, dwHardwareOverrunErr, 52, 44),
        OFFSET(RAS_PORT_1, dwFramingErr, 56, 48),
        OFFSET(RAS_PORT_1, dwBufferOverrunErr, 60, 52),
        OFFSET(RAS_PORT_1, dwCompressionRatioIn, 64, 56),
        OFFSET(RAS_PORT_1, dwCompressionRatioOut, 68, 60),
        SIZE(PPP_PROJECTION_INFO, 192, 192),
        OFFSET(PPP_PROJECTION_INFO, dwIPv4NegotiationError, 0, 0),
        OFFSET(PPP_PROJECTION_INFO, wszAddress, 4, 4),
        OFFSET(PPP_PROJECTION_INFO, wszRemoteAddress, 36, 36),
        OFFSET(PPP_PROJECTION_INFO, dwIPv4Options, 68, 68),
        OFFSET(PPP_PROJECTION_INFO, dwIPv4RemoteOptions, 72, 72),
        OFFSET(PPP_PROJECTION_INFO, IPv4SubInterfaceIndex, 80, 80),
        OFFSET(PPP_PROJECTION_INFO, dwIPv6NegotiationError, 88, 88),
        OFFSET(PPP_PROJECTION_INFO, bInterfaceIdentifier, 92, 92),
        OFFSET(PPP_PROJECTION_INFO, bRemoteInterfaceIdentifier, 100, 100),
        OFFSET(PPP_PROJECTION_INFO, bPrefix, 108, 108),
        OFFSET(PPP_PROJECTION_INFO, dwPrefixLength, 116, 116),
        OFFSET(PPP_PROJECTION_INFO, IPv6SubInterfaceIndex, 120, 120),
        OFFSET(PPP_PROJECTION_INFO, dwLcpError, 128, 128),
        OFFSET(PPP_PROJECTION_INFO, dwAuthenticationProtocol, 132, 132),
        OFFSET(PPP_PROJECTION_INFO, dwAuthenticationData, 136, 136),
        OFFSET(PPP_PROJECTION_INFO, dwRemoteAuthenticationProtocol, 140, 140),
        OFFSET(PPP_PROJECTION_INFO, dwRemoteAuthenticationData, 144, 144),
        OFFSET(PPP_PROJECTION_INFO, dwLcpTerminateReason, 148, 148),
        OFFSET(PPP_PROJECTION_INFO, dwLcpRemoteTerminateReason, 152, 152),
        OFFSET(PPP_PROJECTION_INFO, dwLcpOptions, 156, 156),
        OFFSET(PPP_PROJECTION_INFO, dwLcpRemoteOptions, 160, 160),
        OFFSET(PPP_PROJECTION_INFO, dwEapTypeId, 164, 164),
        OFFSET(PPP_PROJECTION_INFO, dwRemoteEapTypeId, 168, 168),
        OFFSET(PPP_PROJECTION_INFO, dwCcpError, 172, 172),
        OFFSET(PPP_PROJECTION_INFO, dwCompressionAlgorithm, 176, 176),
        OFFSET(PPP_PROJECTION_INFO, dwCcpOptions, 180, 180),
        OFFSET(PPP_PROJECTION_INFO, dwRemoteCompressionAlgorithm, 184, 184),
        OFFSET(PPP_PROJECTION_INFO, dwCcpRemoteOptions, 188, 188),
        SIZE(IKEV2_PROJECTION_INFO, 144, 144),
        OFFSET(IKEV2_PROJECTION_INFO, dwIPv4NegotiationError, 0, 0),
        OFFSET(IKEV2_PROJECTION_INFO, wszAddress, 4, 4),
        OFFSET(IKEV2_PROJECTION_INFO, wszRemoteAddress, 36, 36),
        OFFSET(IKEV2_PROJECTION_INFO, IPv4SubInterfaceIndex, 72, 72),
        OFFSET(IKEV2_PROJECTION_INFO, dwIPv6NegotiationError, 80, 80),
        OFFSET(IKEV2_PROJECTION_INFO, bInterfaceIdentifier, 84, 84),
        OFFSET(IKEV2_PROJECTION_INFO, bRemoteInterfaceIdentifier, 92, 92),
        OFFSET(IKEV2_PROJECTION_INFO, bPrefix, 100, 100),
        OFFSET(IKEV2_PROJECTION_INFO, dwPrefixLength, 108, 108),
        OFFSET(IKEV2_PROJECTION_INFO, IPv6SubInterfaceIndex, 112, 112),
        OFFSET(IKEV2_PROJECTION_INFO, dwOptions, 120, 120),
        OFFSET(IKEV2_PROJECTION_INFO, dwAuthenticationProtocol, 124, 124),
        OFFSET(IKEV2_PROJECTION_INFO, dwEapTypeId, 128, 128),
        OFFSET(IKEV2_PROJECTION_INFO, dwCompressionAlgorithm, 132, 132),
        OFFSET(IKEV2_PROJECTION_INFO, dwEncryptionMethod, 136, 136),
        SIZE(PROJECTION_INFO, 200, 200),
        OFFSET(PROJECTION_INFO, projectionInfoType, 0, 0),
        OFFSET(PROJECTION_INFO, PppProjectionInfo, 8, 8),
        SIZE(MPRAPI_OBJECT_HEADER, 4, 4),
        SIZE(RAS_CONNECTION_EX, 1672, 1664),
        OFFSET(RAS_CONNECTION_EX, Header, 0, 0),
        OFFSET(RAS_CONNECTION_EX, dwConnectDuration, 4, 4),
        OFFSET(RAS_CONNECTION_EX, dwInterfaceType, 8, 8),
        OFFSET(RAS_CONNECTION_EX, dwConnectionFlags, 12, 12),
        OFFSET(RAS_CONNECTION_EX, wszInterfaceName, 16, 16),
        OFFSET(RAS_CONNECTION_EX, wszUserName, 530, 530),
        OFFSET(RAS_CONNECTION_EX, wszLogonDomain, 1044, 1044),
        OFFSET(RAS_CONNECTION_EX, wszRemoteComputer, 1076, 1076),
        OFFSET(RAS_CONNECTION_EX, guid, 1112, 1112),
        OFFSET(RAS_CONNECTION_EX, rasQuarState, 1128, 1128),
        OFFSET(RAS_CONNECTION_EX, probationTime, 1132, 1132),
        OFFSET(RAS_CONNECTION_EX, dwBytesXmited, 1140, 1140),
        OFFSET(RAS_CONNECTION_EX, dwBytesRcved, 1144, 1144),
        OFFSET(RAS_CONNECTION_EX, dwFramesXmited, 1148, 1148),
        OFFSET(RAS_CONNECTION_EX, dwFramesRcved, 1152, 1152),
        OFFSET(RAS_CONNECTION_EX, dwCrcErr, 1156, 1156),
        OFFSET(RAS_CONNECTION_EX, dwTimeoutErr, 1160, 1160),
        OFFSET(RAS_CONNECTION_EX, dwAlignmentErr, 1164, 1164),
        OFFSET(RAS_CONNECTION_EX, dwHardwareOverrunErr, 1168, 1168),
        OFFSET(RAS_CONNECTION_EX, dwFramingErr, 1172, 1172),
        OFFSET(RAS_CONNECTION_EX, dwBufferOverrunErr, 1176, 1176),
        OFFSET(RAS_CONNECTION_EX, dwCompressionRatioIn, 1180, 1180),
        OFFSET(RAS_CONNECTION_EX, dwCompressionRatioOut, 1184, 1184),
        OFFSET(RAS_CONNECTION_EX, dwNumSwitchOvers, 1188, 1188),
        OFFSET(RAS_CONNECTION_EX, wszRemoteEndpointAddress, 1192, 1192),
        OFFSET(RAS_CONNECTION_EX, wszLocalEndpointAddress, 1322, 1322),
        OFFSET(RAS_CONNECTION_EX, ProjectionInfo, 1456, 1456),
        OFFSET(RAS_CONNECTION_EX, hConnection, 1656, 1656),
        OFFSET(RAS_CONNECTION_EX, hInterface, 1664, 1660),
        SIZE(MPR_SERVER_0, 16, 16),
        SIZE(MPR_SERVER_1, 16, 16),
        SIZE(MPR_SERVER_2, 24, 24),
};

TEST(sizes_and_offsets_are_the_pages)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(table); i++)
    {
        size_t expected = sizeof(void *) == 8 ? table[i].wide : table[i].narrow;

        if (table[i].actual != expected)
            fail_msg(
                    "%s: %u, not %u", table[i].name, (unsigned)table[i].actual, (unsigned)expected);
    }
}

/* The DLL uses the sizes of this program. */
MPR_TEST(the_dll_has_the_same_sizes)
{
    HANDLE handle = rras_add("--user alice");
    RAS_CONNECTION_3 *three;
    RAS_CONNECTION_EX ex;
    DWORD count;

    three = all_of(3, &count);
    assert_int_equal(count, 1);
    assert_int_equal(three->dwSize, sizeof(*three));
    assert_int_equal(three->PppInfo3.ipv6.dwSize, sizeof(three->PppInfo3.ipv6));
    MprAdminBufferFree(three);
    assert_int_equal(get_info_ex(server, handle, &ex), NO_ERROR);
    assert_int_equal(ex.Header.size, sizeof(ex));
    assert_ptr_equal(ex.hConnection, handle); /* near its end */
}

TEST_MAIN(mpr_setup, mpr_teardown)
