/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Not a test by itself: shows what a program sees of RAS connections, for
 * tests/e2e/ras-tunnels-test.sh, one line each:
 *
 *     entry|device type|device name|state|address|server's|out BYTES FRAMES|in BYTES FRAMES|ID|BPS|
 *
 * ID is the local IPv6 interface identifier, or the error of RASP_PppIpV6. With --hang-up ENTRY
 * it calls RasHangUp and shows the result instead, waits until the handle is invalid as RasHangUp's
 * page says, at most for 5 seconds, and says "gone". With --watch it says "watching", waits for a
 * connection that ends, and says "disconnection". With --entries it says how many entries the phone
 * books have, for tests/e2e/limits-test.sh.
 */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#ifndef RASP_PppIpV6
#define RASP_PppIpV6 0x8057 /* ras.h since Windows Vista */
#endif

static int count_entries(void)
{
    RASENTRYNAMEW entry = {.dwSize = sizeof(entry)};
    DWORD size = sizeof(entry), count = 0;
    DWORD error = RasEnumEntriesW(NULL, NULL, &entry, &size, &count);

    printf("%lu entries, error %lu\n", count, error);
    return 0;
}

static int watch(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);

    if (RasConnectionNotificationA((HRASCONN)INVALID_HANDLE_VALUE, event, RASCN_Disconnection))
        return 1;
    puts("watching");
    fflush(stdout);
    if (WaitForSingleObject(event, 20000) != WAIT_OBJECT_0)
        return 1;
    puts("disconnection");
    return 0;
}

static void show(const RASCONNA *connection)
{
    RASCONNSTATUSA status = {.dwSize = sizeof(status)};
    RASPPPIPA address = {.dwSize = sizeof(address)};
    RAS_STATS stats = {.dwSize = sizeof(stats)};
    RASPPPIPV6 ipv6 = {.dwSize = sizeof(ipv6)};
    DWORD size = sizeof(address), ipv6_size = sizeof(ipv6), error, i;

    RasGetConnectStatusA(connection->hrasconn, &status);
    RasGetProjectionInfoA(connection->hrasconn, RASP_PppIp, &address, &size);
    RasGetConnectionStatistics(connection->hrasconn, &stats);
    error = RasGetProjectionInfoA(connection->hrasconn, RASP_PppIpV6, &ipv6, &ipv6_size);
    printf("%s|%s|%s|%s|%s|%s|out %lu %lu|in %lu %lu|", connection->szEntryName,
            connection->szDeviceType, connection->szDeviceName,
            status.rasconnstate == RASCS_Connected ? "connected" : "not connected",
            address.szIpAddress, address.szServerIpAddress, stats.dwBytesXmited,
            stats.dwFramesXmited, stats.dwBytesRcved, stats.dwFramesRcved);
    for (i = 0; i < sizeof(ipv6.bLocalInterfaceIdentifier) && !error; i++)
        printf("%02x", ipv6.bLocalInterfaceIdentifier[i]);
    if (error)
        printf("error %lu", error);
    printf("|%lu|\n", stats.dwBps);
}

static void hang_up_and_wait(HRASCONN connection)
{
    RASCONNSTATUSA status = {.dwSize = sizeof(status)};
    DWORD started = GetTickCount(), error;

    printf("hung up %lu\n", RasHangUpA(connection));
    while ((error = RasGetConnectStatusA(connection, &status)) != ERROR_INVALID_HANDLE
            && GetTickCount() - started < 5000)
        Sleep(10);
    puts(error == ERROR_INVALID_HANDLE ? "gone" : "still there");
}

int main(int argc, char **argv)
{
    RASCONNA connections[16] = {{.dwSize = sizeof(RASCONNA)}};
    DWORD size = sizeof(connections), count = 0, i;
    bool hang_up = argc == 3 && !strcmp(argv[1], "--hang-up");

    if (argc == 2 && !strcmp(argv[1], "--watch"))
        return watch();
    if (argc == 2 && !strcmp(argv[1], "--entries"))
        return count_entries();
    if (RasEnumConnectionsA(connections, &size, &count))
        return 1;
    for (i = 0; i < count; i++)
        if (!hang_up)
            show(&connections[i]);
        else if (!strcmp(connections[i].szEntryName, argv[2]))
            hang_up_and_wait(connections[i].hrasconn);
    return 0;
}
