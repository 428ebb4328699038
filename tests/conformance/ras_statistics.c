/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Statistics and projection: nf-ras-rasgetconnectionstatistics, nf-ras-rasgetlinkstatistics,
 * nf-ras-rasclearconnectionstatistics, nf-ras-rasclearlinkstatistics, nf-ras-rasgetprojectioninfow,
 * nf-ras-rasgetprojectioninfoex. The connection is an entry on the loopback interface, over which
 * the test sends. tests/e2e/ras-tunnels-test.sh tests tunnels.
 */

#include <winsock2.h>

#include "ras_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "agent.h"

#ifndef ERROR_PROTOCOL_NOT_CONFIGURED
#define ERROR_PROTOCOL_NOT_CONFIGURED 731
#endif
#define PPP_IPV6 0x8057 /* RASP_PppIpv6 */

#define ENTRY L"Tests Loopback"
#define PLAIN L"Tests Plain"

static HRASCONN loopback, plain; /* with an interface, and without */

static void send_bytes(int packets, int size)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    SOCKET in = socket(AF_INET, SOCK_DGRAM, 0), out = socket(AF_INET, SOCK_DGRAM, 0);
    static char bytes[2000];
    int length = sizeof(to);

    assert_int_equal(bind(in, (struct sockaddr *)&to, sizeof(to)), 0);
    assert_int_equal(getsockname(in, (struct sockaddr *)&to, &length), 0);
    while (packets--)
        assert_int_equal(sendto(out, bytes, size, 0, (struct sockaddr *)&to, sizeof(to)), size);
    closesocket(in);
    closesocket(out);
}

static RAS_STATS statistics(HRASCONN connection)
{
    RAS_STATS stats = {.dwSize = sizeof(stats)};

    assert_int_equal(RasGetConnectionStatistics(connection, &stats), ERROR_SUCCESS);
    assert_int_equal(stats.dwSize, sizeof(stats));
    return stats;
}

/* The statistics once so many bytes were sent: on a busy machine the agent may have used up its
 * budget for polling the host, and answers with the last result for a while. */
static RAS_STATS statistics_with(HRASCONN connection, DWORD bytes)
{
    RAS_STATS stats = statistics(connection);
    DWORD begun = GetTickCount();

    for (; stats.dwBytesXmited < bytes && GetTickCount() - begun < 15000; Sleep(50))
        stats = statistics(connection);
    return stats;
}

TEST(bytes_and_frames_are_counted)
{
    RAS_STATS before = statistics(loopback), after;

    send_bytes(20, 1000);
    after = statistics_with(loopback, before.dwBytesXmited + 20000);
    assert_true(after.dwBytesXmited - before.dwBytesXmited >= 20000);
    assert_true(after.dwBytesRcved - before.dwBytesRcved >= 20000);
    assert_true(after.dwFramesXmited - before.dwFramesXmited >= 20);
    assert_true(after.dwFramesRcved - before.dwFramesRcved >= 20);
    assert_true(after.dwConnectDuration >= before.dwConnectDuration);
    assert_true(after.dwConnectDuration < 120000);
}

TEST(a_link_counts_as_its_connection)
{
    RAS_STATS link = {.dwSize = sizeof(link)}, whole;

    assert_int_equal(RasGetLinkStatistics(loopback, 1, &link), ERROR_SUCCESS);
    whole = statistics(loopback);
    assert_true(whole.dwBytesXmited - link.dwBytesXmited < 1000000);
    assert_int_equal(RasGetLinkStatistics(loopback, 2, &link), ERROR_NO_CONNECTION);
}

/* "clears any accumulated statistics" */
TEST(cleared_counters_start_anew)
{
    RAS_STATS before, after;

    send_bytes(50, 2000);
    before = statistics_with(loopback, 100000);
    assert_true(before.dwBytesXmited >= 100000);
    assert_int_equal(RasClearConnectionStatistics(loopback), ERROR_SUCCESS);
    after = statistics(loopback);
    assert_true(after.dwBytesXmited < before.dwBytesXmited);
    send_bytes(20, 1000);
    after = statistics_with(loopback, 20000);
    assert_true(after.dwBytesXmited >= 20000);
    assert_int_equal(RasClearLinkStatistics(loopback, 1), ERROR_SUCCESS);
}

TEST(errors_of_statistics)
{
    RAS_STATS stats = {.dwSize = sizeof(stats)}, wrong = {.dwSize = sizeof(wrong) - 4};

    /* "the hRasConn parameter is zero, the lpStatistics parameter is NULL, or the value ..." */
    assert_int_equal(RasGetConnectionStatistics(NULL, &stats), (DWORD)E_INVALIDARG);
    assert_int_equal(RasGetConnectionStatistics(loopback, NULL), (DWORD)E_INVALIDARG);
    assert_int_equal(RasGetConnectionStatistics(loopback, &wrong), (DWORD)E_INVALIDARG);
    assert_int_equal(RasGetConnectionStatistics(GARBAGE_HANDLE, &stats), ERROR_INVALID_HANDLE);
    /* "the dwSubEntry parameter is zero" */
    assert_int_equal(RasGetLinkStatistics(loopback, 0, &stats), (DWORD)E_INVALIDARG);
    assert_int_equal(RasGetLinkStatistics(NULL, 1, &stats), (DWORD)E_INVALIDARG);
    assert_int_equal(RasGetLinkStatistics(loopback, 1, NULL), (DWORD)E_INVALIDARG);
    assert_int_equal(RasGetLinkStatistics(loopback, 1, &wrong), (DWORD)E_INVALIDARG);
    assert_int_equal(RasGetLinkStatistics(GARBAGE_HANDLE, 1, &stats), ERROR_INVALID_HANDLE);
    assert_int_equal(RasClearConnectionStatistics(NULL), ERROR_INVALID_HANDLE);
    assert_int_equal(RasClearConnectionStatistics(GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
    assert_int_equal(RasClearLinkStatistics(loopback, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasClearLinkStatistics(loopback, 2), ERROR_NO_CONNECTION);
    assert_int_equal(RasClearLinkStatistics(GARBAGE_HANDLE, 1), ERROR_INVALID_HANDLE);
    /* A connection without an interface has no counters. */
    assert_int_equal(statistics(plain).dwBytesXmited, 0);
}

/* A handle that was issued, whose connection is not there any more or is down, as RasHangUp says of
 * it; a handle that was never issued stays ERROR_INVALID_HANDLE, see errors_of_statistics. */
TEST(a_connection_that_ended_has_none)
{
    RAS_STATS stats = {.dwSize = sizeof(stats)};
    RASPPPIPW w = {.dwSize = sizeof(w)};
    HRASCONN handle = entry_add(L"Tests Ended", L"");
    DWORD size, info[28] = {4}, round; /* RASAPIVERSION_601 */
    char text[512];

    assert_int_equal(RasHangUpW(handle), ERROR_SUCCESS);
    for (round = 0; round < 2; round++)
    {
        assert_int_equal(RasGetConnectionStatistics(handle, &stats), ERROR_NO_CONNECTION);
        assert_int_equal(RasGetLinkStatistics(handle, 1, &stats), ERROR_NO_CONNECTION);
        assert_int_equal(RasClearConnectionStatistics(handle), ERROR_NO_CONNECTION);
        assert_int_equal(RasClearLinkStatistics(handle, 1), ERROR_NO_CONNECTION);
        size = sizeof(w);
        assert_int_equal(RasGetProjectionInfoW(handle, RASP_PppIp, &w, &size), ERROR_NO_CONNECTION);
        size = sizeof(info);
        assert_int_equal(RasGetProjectionInfoEx(handle, info, &size), ERROR_NO_CONNECTION);
        if (round)
            break;
        /* An entry whose interface is not there is known, and no connection. */
        assert_int_equal(napctl_says(L"ras add \"Tests Ended\" --interface nothing0 --json", text,
                                 sizeof(text)),
                0);
        assert_non_null(strstr(text, "\"handle\": "));
        handle = (HRASCONN)(UINT_PTR)strtoul(strstr(text, "\"handle\": ") + 10, NULL, 10);
    }
    entry_remove(L"Tests Ended");
}

/* ras.h's RAS_STATS: "dwBps: the number of bits per second"; -1 is no speed. */
TEST(a_speed_is_one)
{
    assert_int_not_equal(statistics(loopback).dwBps, MAXDWORD);
    assert_int_equal(statistics(plain).dwBps, 0);
}

/* ---- projection ---- */

TEST(an_ipv4_address_is_projected)
{
    RASPPPIPW w = {.dwSize = sizeof(w)};
    RASPPPIPA a = {.dwSize = sizeof(a)};
    DWORD size = sizeof(w);

    w.dwError = 7;
    assert_int_equal(RasGetProjectionInfoW(loopback, RASP_PppIp, &w, &size), ERROR_SUCCESS);
    assert_int_equal(size, sizeof(w));
    assert_int_equal(w.dwError, 0);
    assert_int_equal(wcscmp(w.szIpAddress, L"127.0.0.1"), 0);
    assert_int_equal(w.szServerIpAddress[0], 0); /* no peer */
    size = sizeof(a);
    assert_int_equal(RasGetProjectionInfoA(loopback, RASP_PppIp, &a, &size), ERROR_SUCCESS);
    assert_string_equal(a.szIpAddress, "127.0.0.1");
    /* The structure before dwOptions, and before szServerIpAddress. */
    memset(&a, 0xcc, sizeof(a));
    a.dwSize = size = offsetof(RASPPPIPA, dwOptions);
    assert_int_equal(RasGetProjectionInfoA(loopback, RASP_PppIp, &a, &size), ERROR_SUCCESS);
    assert_string_equal(a.szIpAddress, "127.0.0.1");
    assert_int_equal(a.dwOptions, 0xcccccccc);
    a.dwSize = size = offsetof(RASPPPIPA, szServerIpAddress);
    assert_int_equal(RasGetProjectionInfoA(loopback, RASP_PppIp, &a, &size), ERROR_SUCCESS);
}

TEST(errors_of_projection)
{
    RASPPPIPW w = {.dwSize = sizeof(w)};
    DWORD size = sizeof(w);

    assert_int_equal(RasGetProjectionInfoW(NULL, RASP_PppIp, &w, &size), ERROR_INVALID_HANDLE);
    assert_int_equal(
            RasGetProjectionInfoW(GARBAGE_HANDLE, RASP_PppIp, &w, &size), ERROR_INVALID_HANDLE);
    assert_int_equal(
            RasGetProjectionInfoW(loopback, RASP_PppIp, &w, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            RasGetProjectionInfoW(loopback, (RASPROJECTION)1, &w, &size), ERROR_INVALID_PARAMETER);
    size = sizeof(w) - 1;
    assert_int_equal(
            RasGetProjectionInfoW(loopback, RASP_PppIp, &w, &size), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, sizeof(w));
    size = 0;
    assert_int_equal(
            RasGetProjectionInfoW(loopback, RASP_PppIp, NULL, &size), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, sizeof(w));
    w.dwSize = sizeof(w) + 2;
    size = sizeof(w);
    assert_int_equal(RasGetProjectionInfoW(loopback, RASP_PppIp, &w, &size), ERROR_INVALID_SIZE);
    /* "neither succeeded nor failed" */
    w.dwSize = size = sizeof(w);
    assert_int_equal(
            RasGetProjectionInfoW(loopback, RASP_PppLcp, &w, &size), ERROR_PROTOCOL_NOT_CONFIGURED);
    assert_int_equal(
            RasGetProjectionInfoA(loopback, RASP_Slip, &w, &size), ERROR_PROTOCOL_NOT_CONFIGURED);
    assert_int_equal(
            RasGetProjectionInfoW(plain, RASP_PppIp, &w, &size), ERROR_PROTOCOL_NOT_CONFIGURED);
    assert_int_equal(RasGetProjectionInfoW(plain, (RASPROJECTION)PPP_IPV6, &w, &size),
            ERROR_PROTOCOL_NOT_CONFIGURED);
}

/* RAS_PROJECTION_INFO: version, type, then from RASPPP_PROJECTION_INFO the IPv4 error, the two
 * addresses; 108 bytes in 64-bit and 32-bit programs */
TEST(projection_of_windows_7)
{
    DWORD info[27 + 1] = {0}, size = 0;

    assert_int_equal(RasGetProjectionInfoEx(loopback, NULL, &size), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, 108);
    info[27] = 0xcccccccc;
    assert_int_equal(RasGetProjectionInfoEx(loopback, info, &size), ERROR_INVALID_PARAMETER);
    info[0] = 4; /* RASAPIVERSION_601 */
    assert_int_equal(RasGetProjectionInfoEx(loopback, info, &size), ERROR_SUCCESS);
    assert_int_equal(info[0], 4);
    assert_int_equal(info[1], 1); /* PROJECTION_INFO_TYPE_PPP */
    assert_int_equal(info[2], 0);
    assert_int_equal(info[3], htonl(INADDR_LOOPBACK));
    assert_int_equal(info[4], 0);
    assert_int_equal(info[27], 0xcccccccc);
    size = 107;
    assert_int_equal(RasGetProjectionInfoEx(loopback, info, &size), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(RasGetProjectionInfoEx(loopback, info, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasGetProjectionInfoEx(NULL, info, &size), ERROR_INVALID_HANDLE);
    assert_int_equal(RasGetProjectionInfoEx(GARBAGE_HANDLE, info, &size), ERROR_INVALID_HANDLE);
    assert_int_equal(RasGetProjectionInfoEx(plain, info, &size), ERROR_PROTOCOL_NOT_CONFIGURED);
}

static int begin(void)
{
    WSADATA data;

    if (WSAStartup(MAKEWORD(2, 2), &data))
        return 1;
    loopback = entry_add(ENTRY, L"--interface lo");
    plain = entry_add(PLAIN, L"");
    return 0;
}

static int end(void)
{
    entry_remove(ENTRY);
    entry_remove(PLAIN);
    return WSACleanup();
}

TEST_MAIN(begin, end)
