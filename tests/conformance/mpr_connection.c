/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * MprAdminConnection*: pages nf-mprapi-mpradminconnectionenum, ...getinfo,
 * ...enumex, ...getinfoex, ...clearstats, ...removequarantine, and those of the
 * structures.
 */

#include <test.h>
#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "mpr_fixture.h"

#define ALICE                                                                                      \
    "--user alice --domain CORP --computer LAPTOP --port VPN3-7 --device-name WAN "                \
    "--device-type vpn --ipv4 10.1.2.3 --ipv4-local 10.1.2.1 --ipv6 2001:db8::7:8/64 "             \
    "--ipv6-local fe80::1 --guid {00112233-4455-6677-8899-AABBCCDDEEFF} "                          \
    "--quarantine probation --probation-end 2030-01-02T03:04:05Z --remote-endpoint 192.0.2.9 "     \
    "--local-endpoint 192.0.2.1"

static const GUID alice_guid = {
        0x00112233, 0x4455, 0x6677, {0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF}};
static const BYTE alice_prefix[8] = {0x20, 0x01, 0x0d, 0xb8},
                  alice_identifier[8] = {[5] = 7, [7] = 8}, own_identifier[8] = {[7] = 1};

static void assert_text(const WCHAR *text, const WCHAR *expected)
{
    if (wcscmp(text, expected))
        fail_msg("\"%ls\", not \"%ls\"", text, expected);
}

/* ns-mprapi-ras_connection_0 */
MPR_TEST(level_0_tells_who_is_connected)
{
    HANDLE handle = rras_add(ALICE);
    RAS_CONNECTION_0 *connection;
    DWORD count;

    Sleep(1100);
    connection = all_of(0, &count);
    assert_int_equal(count, 1);
    assert_ptr_equal(connection->hConnection, handle);
    assert_non_null(connection->hInterface);
    assert_in_range(connection->dwConnectDuration, 1, 60);
    assert_int_equal(connection->dwInterfaceType, ROUTER_IF_TYPE_CLIENT);
    assert_int_equal(
            connection->dwConnectionFlags, RAS_FLAGS_PPP_CONNECTION | RAS_FLAGS_QUARANTINE_PRESENT);
    assert_text(connection->wszInterfaceName, L"CORP\\alice");
    assert_text(connection->wszUserName, L"alice");
    assert_text(connection->wszLogonDomain, L"CORP");
    assert_text(connection->wszRemoteComputer, L"LAPTOP");
    assert_int_equal(MprAdminBufferFree(connection), NO_ERROR);
}

/* ns-mprapi-ras_connection_1, ns-mprapi-ppp_info */
MPR_TEST(level_1_tells_addresses_and_counters)
{
    HANDLE handle = rras_add(ALICE);
    RAS_CONNECTION_1 *connection;
    DWORD count;

    connection = all_of(1, &count);
    assert_int_equal(count, 1);
    assert_ptr_equal(connection->hConnection, handle);
    assert_int_equal(connection->PppInfo.ip.dwError, NO_ERROR);
    assert_text(connection->PppInfo.ip.wszAddress, L"10.1.2.1");
    assert_text(connection->PppInfo.ip.wszRemoteAddress, L"10.1.2.3");
    assert_int_not_equal(connection->PppInfo.nbf.dwError, NO_ERROR);
    assert_int_not_equal(connection->PppInfo.ipx.dwError, NO_ERROR);
    assert_int_not_equal(connection->PppInfo.at.dwError, NO_ERROR);
    assert_int_equal(connection->dwBytesXmited, 0); /* it has no interface */
    assert_int_equal(connection->dwBytesRcved, 0);
    MprAdminBufferFree(connection);
}

/* ns-mprapi-ras_connection_2, ns-mprapi-ppp_info_2 */
MPR_TEST(level_2_tells_the_guid)
{
    HANDLE handle = rras_add(ALICE);
    RAS_CONNECTION_2 *connection;
    DWORD count;

    connection = all_of(2, &count);
    assert_int_equal(count, 1);
    assert_ptr_equal(connection->hConnection, handle);
    assert_text(connection->wszUserName, L"alice");
    assert_int_equal(connection->dwInterfaceType, ROUTER_IF_TYPE_CLIENT);
    assert_memory_equal(&connection->guid, &alice_guid, sizeof(GUID));
    assert_text(connection->PppInfo2.ip.wszRemoteAddress, L"10.1.2.3");
    assert_int_equal(connection->PppInfo2.lcp.dwError, NO_ERROR);
    MprAdminBufferFree(connection);
}

/* ns-mprapi-ras_connection_3, ns-mprapi-ppp_info_3, ns-mprapi-ppp_ipv6_cp_info */
MPR_TEST(level_3_tells_quarantine)
{
    HANDLE handle = rras_add(ALICE);
    RAS_CONNECTION_3 *connection;
    SYSTEMTIME end;
    DWORD count;

    rras_add("--user bob --quarantine quarantine --probation-end 2030-01-02T03:04:05Z");
    connection = all_of(3, &count);
    assert_int_equal(count, 2);
    assert_int_equal(connection->dwSize, sizeof(*connection));
    assert_ptr_equal(connection->hConnection, handle);
    assert_text(connection->wszUserName, L"alice");
    assert_memory_equal(&connection->guid, &alice_guid, sizeof(GUID));
    assert_text(connection->PppInfo3.ip.wszAddress, L"10.1.2.1");
    assert_text(connection->PppInfo3.ip.wszRemoteAddress, L"10.1.2.3");
    assert_int_equal(connection->PppInfo3.ipv6.dwSize, sizeof(connection->PppInfo3.ipv6));
    assert_int_equal(connection->PppInfo3.ipv6.dwError, NO_ERROR);
    assert_memory_equal(connection->PppInfo3.ipv6.bInterfaceIdentifier, own_identifier, 8);
    assert_memory_equal(connection->PppInfo3.ipv6.bRemoteInterfaceIdentifier, alice_identifier, 8);
    assert_memory_equal(connection->PppInfo3.ipv6.bPrefix, alice_prefix, 8);
    assert_int_equal(connection->PppInfo3.ipv6.dwPrefixLength, 64);
    assert_int_equal(connection->rasQuarState, RAS_QUAR_STATE_PROBATION);
    assert_true(FileTimeToSystemTime(&connection->timer, &end));
    assert_int_equal(end.wYear, 2030);
    assert_int_equal(end.wMinute, 4);
    /* "valid only if rasQuarState has a value of RAS_QUAR_STATE_PROBATION" */
    assert_int_equal(connection[1].rasQuarState, RAS_QUAR_STATE_QUARANTINE);
    assert_int_equal(connection[1].timer.dwHighDateTime, 0);
    assert_int_not_equal(connection[1].PppInfo3.ip.dwError, NO_ERROR); /* it has no address */
    assert_text(connection[1].PppInfo3.ip.wszRemoteAddress, L"");
    MprAdminBufferFree(connection);
}

/* MprAdminConnectionEnumEx and MprAdminConnectionGetInfoEx: ns-mprapi-ras_connection_ex,
 * ns-mprapi-ppp_projection_info */
MPR_TEST(ex_returns_it_all)
{
    MPRAPI_OBJECT_HEADER header = {MPRAPI_RAS_CONNECTION_OBJECT_REVISION_1,
            MPRAPI_OBJECT_TYPE_RAS_CONNECTION_OBJECT, sizeof(RAS_CONNECTION_EX)};
    HANDLE handle = rras_add(ALICE);
    RAS_CONNECTION_EX *list, one;
    DWORD count, total, shift;

    rras_add("--user bob --tunnel ikev2 --ipv4 10.1.2.4");
    assert_int_equal(enum_ex(server, &header, (DWORD)-1, &count, &total, &list, NULL), NO_ERROR);
    assert_int_equal(count, 2);
    assert_int_equal(total, 2);
    assert_int_equal(list->Header.revision, MPRAPI_RAS_CONNECTION_OBJECT_REVISION_1);
    assert_int_equal(list->Header.type, MPRAPI_OBJECT_TYPE_RAS_CONNECTION_OBJECT);
    assert_int_equal(list->Header.size, sizeof(*list));
    assert_ptr_equal(list->hConnection, handle);
    assert_text(list->wszInterfaceName, L"CORP\\alice");
    assert_text(list->wszUserName, L"alice");
    assert_text(list->wszLogonDomain, L"CORP");
    assert_text(list->wszRemoteComputer, L"LAPTOP");
    assert_memory_equal(&list->guid, &alice_guid, sizeof(GUID));
    assert_int_equal(list->rasQuarState, RAS_QUAR_STATE_PROBATION);
    assert_int_not_equal(list->probationTime.dwHighDateTime, 0);
    assert_text(list->wszRemoteEndpointAddress, L"192.0.2.9");
    assert_text(list->wszLocalEndpointAddress, L"192.0.2.1");
    assert_int_equal(list->ProjectionInfo.projectionInfoType, 1); /* PPP */
    assert_text(list->ProjectionInfo.PppProjectionInfo.wszAddress, L"10.1.2.3");
    assert_text(list->ProjectionInfo.PppProjectionInfo.wszRemoteAddress, L"10.1.2.1");
    assert_int_equal(list[1].ProjectionInfo.projectionInfoType, 2); /* IKEv2 */
    assert_int_equal(list[1].dwConnectionFlags, RAS_FLAGS_IKEV2_CONNECTION);
    assert_text(list[1].ProjectionInfo.Ikev2ProjectionInfo.wszAddress, L"10.1.2.4");
    assert_int_equal(MprAdminBufferFree(list), NO_ERROR);

    memset(&one, 0xAA, sizeof(one));
    assert_int_equal(get_info_ex(server, handle, &one), NO_ERROR);
    assert_int_equal(one.Header.size, sizeof(one));
    assert_ptr_equal(one.hConnection, handle);
    assert_text(one.wszUserName, L"alice");

    /* 32-bit compilers put a structure with 64-bit members on any multiple of 4, packed structures
     * may be anywhere: all that is "valid memory". */
    for (shift = 1; shift <= 4; shift++)
    {
        BYTE memory[sizeof(one) + 16];
        RAS_CONNECTION_EX *shifted = (void *)(((ULONG_PTR)memory + 7) / 8 * 8 + shift);

        memset(memory, 0xAA, sizeof(memory));
        assert_int_equal(get_info_ex(server, handle, shifted), NO_ERROR);
        memcpy(&one, shifted, sizeof(one));
        assert_int_equal(one.Header.size, sizeof(one));
        assert_text(one.wszUserName, L"alice");
    }

    header.revision = 99;
    assert_int_equal(enum_ex(server, &header, (DWORD)-1, &count, &total, &list, NULL),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(get_info_ex(NULL, handle, &one), RPC_S_INVALID_BINDING);
    assert_int_equal(get_info_ex(server, handle, NULL), ERROR_INVALID_PARAMETER);
    assert_int_not_equal(get_info_ex(server, (HANDLE)0x7FFFFFF0, &one), NO_ERROR);
}

/* A packed structure's members are valid memory too. */
MPR_TEST(results_may_stand_anywhere)
{
    BYTE memory[64];
    DWORD count, shift;
    BYTE *buffer;

    rras_add(ALICE);
    for (shift = 1; shift < 4; shift++)
    {
        memset(memory, 0, sizeof(memory));
        assert_int_equal(MprAdminConnectionEnum(server, 0, (BYTE **)(memory + shift), (DWORD)-1,
                                 (DWORD *)(memory + 16 + shift), (DWORD *)(memory + 32 + shift),
                                 (DWORD *)(memory + 48 + shift)),
                NO_ERROR);
        memcpy(&count, memory + 16 + shift, sizeof(count));
        assert_int_equal(count, 1);
        memcpy(&count, memory + 32 + shift, sizeof(count));
        assert_int_equal(count, 1);
        memcpy(&buffer, memory + shift, sizeof(buffer));
        assert_int_equal(MprAdminBufferFree(buffer), NO_ERROR);
    }
}

/* nf-mprapi-mpradminconnectionenum, each error with its cause */
MPR_TEST(enumeration_refuses_what_is_wrong)
{
    MPR_SERVER_HANDLE closed;
    DWORD read = 7, total = 7, resume = 0;
    BYTE memory[16], *buffer = memory;

    assert_int_equal(MprAdminConnectionEnum(NULL, 0, &buffer, (DWORD)-1, &read, &total, &resume),
            RPC_S_INVALID_BINDING);
    assert_int_equal(
            MprAdminConnectionEnum((HANDLE)0xBAD0, 0, &buffer, (DWORD)-1, &read, &total, &resume),
            RPC_S_INVALID_BINDING);
    assert_int_equal(MprAdminServerConnect(NULL, &closed), NO_ERROR);
    MprAdminServerDisconnect(closed);
    assert_int_equal(MprAdminConnectionEnum(closed, 0, &buffer, (DWORD)-1, &read, &total, &resume),
            RPC_S_INVALID_BINDING);
    assert_int_equal(MprAdminConnectionEnum(server, 4, &buffer, (DWORD)-1, &read, &total, &resume),
            ERROR_INVALID_LEVEL);
    assert_int_equal(
            MprAdminConnectionEnum(server, (DWORD)-1, &buffer, (DWORD)-1, &read, &total, &resume),
            ERROR_INVALID_LEVEL);
    assert_int_equal(MprAdminConnectionEnum(server, 0, NULL, (DWORD)-1, &read, &total, &resume),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminConnectionEnum(server, 0, &buffer, (DWORD)-1, NULL, &total, &resume),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminConnectionEnum(server, 0, &buffer, (DWORD)-1, &read, NULL, &resume),
            ERROR_INVALID_PARAMETER);
    /* "or does not point to valid memory" */
    assert_int_equal(
            MprAdminConnectionEnum(server, 0, (BYTE **)0x10, (DWORD)-1, &read, &total, &resume),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprAdminConnectionEnum(server, 0, &buffer, (DWORD)-1, (DWORD *)0x10, &total, &resume),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(read, 7);
    assert_int_equal(total, 7);
    assert_ptr_equal(buffer, memory);
}

MPR_TEST(no_connection_is_success)
{
    DWORD read = 7, total = 7, resume = 0;
    BYTE *buffer = NULL;

    assert_int_equal(MprAdminConnectionEnum(server, 3, &buffer, (DWORD)-1, &read, &total, &resume),
            NO_ERROR);
    assert_int_equal(read, 0);
    assert_int_equal(total, 0);
    assert_int_equal(resume, 0);
    assert_int_equal(MprAdminBufferFree(buffer), NO_ERROR);
    assert_int_equal(MprAdminBufferFree(NULL), ERROR_INVALID_PARAMETER);
}

/* dwPrefMaxLen: whole entries up to that size, and at least one; the resume handle continues. */
MPR_TEST(pages_follow_each_other)
{
    static const DWORD sizes[] = {sizeof(RAS_CONNECTION_0), sizeof(RAS_CONNECTION_1),
            sizeof(RAS_CONNECTION_2), sizeof(RAS_CONNECTION_3)};
    char lines[1024] = "";
    DWORD ids[10], level, i, got, read, total, resume, lengths[3], l;
    BYTE *buffer;

    for (i = 0; i < 10; i++)
        sprintf(lines + strlen(lines), "--user user%lu\n", i);
    assert_int_equal(rras_load(lines, ids, 10), 10);
    for (level = 0; level < 4; level++)
    {
        lengths[0] = 0;
        lengths[1] = 3 * sizes[level] + sizes[level] - 1;
        lengths[2] = 10 * sizes[level];
        for (l = 0; l < 3; l++)
        {
            DWORD each = l == 0 ? 1 : l == 1 ? 3 : 10;

            resume = 0;
            for (got = 0; got < 10; got += read)
            {
                DWORD expected = min(each, 10 - got);
                DWORD error = MprAdminConnectionEnum(
                        server, level, &buffer, lengths[l], &read, &total, &resume);

                assert_int_equal(error, got + expected == 10 ? NO_ERROR : ERROR_MORE_DATA);
                assert_int_equal(read, expected);
                assert_int_equal(total, 10 - got);
                for (i = 0; i < read; i++)
                {
                    /* hConnection is the first member, except of level 3 */
                    HANDLE handle = level == 3 ? ((RAS_CONNECTION_3 *)buffer)[i].hConnection
                                               : *(HANDLE *)(buffer + i * sizes[level]);

                    assert_int_equal((ULONG_PTR)handle, ids[got + i]);
                }
                if (error == NO_ERROR)
                    assert_int_equal(resume, 0); /* "the enumeration is complete" */
                else
                    assert_int_not_equal(resume, 0);
                MprAdminBufferFree(buffer);
            }
        }
    }
}

/* A removed connection does not stop the next page. */
MPR_TEST(a_page_goes_on_behind_what_has_gone)
{
    DWORD ids[4], read, total, resume = 0;
    RAS_CONNECTION_0 *list;
    char line[32];

    assert_int_equal(rras_load("--user a\n--user b\n--user c\n--user d\n", ids, 4), 4);
    assert_int_equal(MprAdminConnectionEnum(
                             server, 0, (BYTE **)&list, 2 * sizeof(*list), &read, &total, &resume),
            ERROR_MORE_DATA);
    MprAdminBufferFree(list);
    sprintf(line, "remove %lu\n", ids[1]);
    assert_int_equal(rras_load(line, NULL, 0), 0);
    assert_int_equal(MprAdminConnectionEnum(
                             server, 0, (BYTE **)&list, 2 * sizeof(*list), &read, &total, &resume),
            NO_ERROR);
    assert_int_equal(read, 2);
    assert_int_equal((ULONG_PTR)list[0].hConnection, ids[2]);
    MprAdminBufferFree(list);
}

/* nf-mprapi-mpradminconnectiongetinfo */
MPR_TEST(one_connection_is_found_by_its_handle)
{
    HANDLE handle = rras_add(ALICE);
    RAS_CONNECTION_3 *three;
    BYTE *buffer;
    DWORD level;

    rras_add("--user bob");
    for (level = 0; level < 3; level++)
    {
        assert_int_equal(MprAdminConnectionGetInfo(server, level, handle, &buffer), NO_ERROR);
        assert_ptr_equal(*(HANDLE *)buffer, handle);
        MprAdminBufferFree(buffer);
    }
    assert_int_equal(MprAdminConnectionGetInfo(server, 3, handle, (BYTE **)&three), NO_ERROR);
    assert_ptr_equal(three->hConnection, handle);
    assert_text(three->wszUserName, L"alice");
    MprAdminBufferFree(three);
    assert_int_equal(MprAdminConnectionGetInfo(server, 4, handle, &buffer), ERROR_INVALID_LEVEL);
    assert_int_equal(MprAdminConnectionGetInfo(NULL, 0, handle, &buffer), RPC_S_INVALID_BINDING);
    assert_int_equal(MprAdminConnectionGetInfo(server, 0, NULL, &buffer), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminConnectionGetInfo(server, 0, INVALID_HANDLE_VALUE, &buffer),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminConnectionGetInfo(server, 0, handle, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminConnectionGetInfo(server, 0, (HANDLE)0x7FFFFFF0, &buffer),
            ERROR_INTERFACE_NOT_CONNECTED);
}

static DWORD bytes_of(HANDLE handle)
{
    RAS_CONNECTION_1 *connection;
    DWORD bytes;

    assert_int_equal(MprAdminConnectionGetInfo(server, 1, handle, (BYTE **)&connection), NO_ERROR);
    bytes = connection->dwBytesRcved;
    assert_true(!bytes == !connection->dwFramesRcved);
    MprAdminBufferFree(connection);
    return bytes;
}

/* Sends datagrams to this machine. */
static void make_traffic(void)
{
    WSADATA data;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
    char bytes[1000] = "";
    SOCKET socket;
    int i;

    assert_int_equal(WSAStartup(MAKEWORD(2, 2), &data), 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socket = WSASocketW(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, 0);
    for (i = 0; i < 20; i++)
        sendto(socket, bytes, sizeof(bytes), 0, (struct sockaddr *)&address, sizeof(address));
    closesocket(socket);
    WSACleanup();
}

/* Waits until it has at least so many bytes; what it has. */
static DWORD bytes_become(HANDLE handle, DWORD least)
{
    ULONGLONG until = GetTickCount64() + 2000;
    DWORD bytes;

    while ((bytes = bytes_of(handle)) < least && GetTickCount64() < until)
        Sleep(10);
    return bytes;
}

/* Byte and packet counters are those of the interface, since they were cleared. */
MPR_TEST(statistics_are_live_and_can_be_cleared)
{
    HANDLE handle = rras_add("--user alice --interface lo"), other;
    RAS_CONNECTION_0 *connection;
    DWORD before, after;

    other = rras_add("--user bob --interface lo");
    make_traffic();
    before = bytes_become(handle, 20 * 1000);
    make_traffic();
    after = bytes_become(handle, before + 20 * 1000);
    assert_true(after - before >= 20 * 1000);
    assert_int_equal(MprAdminConnectionClearStats(server, handle), NO_ERROR);
    assert_true(bytes_of(handle) < 20 * 1000);
    assert_true(bytes_of(other) >= after);
    make_traffic();
    assert_in_range(bytes_become(handle, 20 * 1000), 20 * 1000, 2000 * 1000);
    assert_int_equal(MprAdminConnectionGetInfo(server, 0, handle, (BYTE **)&connection), NO_ERROR);
    assert_text(connection->wszInterfaceName, L"lo");
    MprAdminBufferFree(connection);

    assert_int_equal(MprAdminConnectionClearStats(NULL, handle), RPC_S_INVALID_BINDING);
    assert_int_equal(MprAdminConnectionClearStats(server, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprAdminConnectionClearStats(server, (HANDLE)0x7FFFFFF0), ERROR_INVALID_PARAMETER);
}

static DWORD quarantine_of(HANDLE handle)
{
    RAS_CONNECTION_3 *connection;
    DWORD quarantine;

    assert_int_equal(MprAdminConnectionGetInfo(server, 3, handle, (BYTE **)&connection), NO_ERROR);
    quarantine = connection->rasQuarState;
    MprAdminBufferFree(connection);
    return quarantine;
}

/* nf-mprapi-mpradminconnectionremovequarantine */
MPR_TEST(quarantine_is_removed)
{
    HANDLE one = rras_add("--user a --quarantine quarantine --ipv4 10.0.0.1");
    HANDLE two = rras_add("--user b --quarantine probation --ipv4 10.0.0.2");
    const BYTE address[4] = {10, 0, 0, 2};
    DWORD ip;

    memcpy(&ip, address, sizeof(ip));
    assert_int_equal(MprAdminConnectionRemoveQuarantine(server, one, FALSE), NO_ERROR);
    assert_int_equal(quarantine_of(one), RAS_QUAR_STATE_NORMAL);
    assert_int_equal(quarantine_of(two), RAS_QUAR_STATE_PROBATION);
    assert_int_equal(
            MprAdminConnectionRemoveQuarantine(server, (HANDLE)(ULONG_PTR)ip, TRUE), NO_ERROR);
    assert_int_equal(quarantine_of(two), RAS_QUAR_STATE_NORMAL);
    assert_int_equal(MprAdminConnectionRemoveQuarantine(server, one, FALSE), ERROR_NOT_FOUND);
    assert_int_equal(MprAdminConnectionRemoveQuarantine(server, (HANDLE)(ULONG_PTR)ip, TRUE),
            ERROR_NOT_FOUND);
    assert_int_equal(MprAdminConnectionRemoveQuarantine(NULL, one, FALSE), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprAdminConnectionRemoveQuarantine(server, NULL, FALSE), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminConnectionRemoveQuarantine(server, (HANDLE)0x7FFFFFF0, FALSE),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminConnectionRemoveQuarantine(server, (HANDLE)0x0100000A, TRUE),
            ERROR_NOT_FOUND); /* 10.0.0.1 exists, and is not in quarantine */
    assert_int_equal(MprAdminConnectionRemoveQuarantine(server, (HANDLE)0x6300000A, TRUE),
            ERROR_INVALID_PARAMETER);
}

/* The changes are on the disk: an agent that is killed loses nothing, and handles stay valid. */
MPR_TEST(connections_outlive_the_agent)
{
    HANDLE handle = rras_add(ALICE), later;
    RAS_CONNECTION_3 *connection;
    DWORD count;

    rras_add("--user lo --interface lo");
    assert_true(agent_kill());
    /* The server side is on: a call starts the agent. */
    connection = all_of(3, &count);
    assert_int_equal(count, 2);
    assert_ptr_equal(connection->hConnection, handle);
    assert_text(connection->wszUserName, L"alice");
    assert_int_equal(connection->rasQuarState, RAS_QUAR_STATE_PROBATION);
    MprAdminBufferFree(connection);
    later = rras_add("--user later");
    assert_true((ULONG_PTR)later > (ULONG_PTR)handle + 1);
}

TEST_MAIN(mpr_setup, mpr_teardown)
