/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A dialer as others write them, with only Microsoft's headers, for dial-test.sh.
 *
 *   ras-dial BOOK ENTRY USER PASSWORD [watch]
 *
 * Dials asynchronously and writes what it sees, a line each. When connected, it waits until packets
 * have been counted and hangs up, or with `watch` waits until the connection has gone by itself.
 */
#include <stdio.h>
#include <windows.h>
#include <ras.h>
#include <raserror.h>

#define PATIENCE 60000 /* ms */

static HANDLE decided;
static DWORD result;

static VOID WINAPI notify(
        HRASCONN connection, UINT message, RASCONNSTATE state, DWORD error, DWORD extended_error)
{
    (void)connection;
    (void)extended_error;
    printf("notified %d %lu%s\n", (int)state, error, message == WM_RASDIALEVENT ? "" : " message");
    fflush(stdout);
    if (!error && state != RASCS_Connected)
        return;
    result = error;
    SetEvent(decided);
}

static void show_status(HRASCONN connection)
{
    RASCONNSTATUSW status = {.dwSize = sizeof(status)};
    DWORD error = RasGetConnectStatusW(connection, &status);

    if (error)
        printf("status error %lu\n", error);
    else
        printf("status %d %lu %ls\n", (int)status.rasconnstate, status.dwError,
                status.szDeviceType);
}

static void show_listed(void)
{
    RASCONNW list[16] = {{.dwSize = sizeof(list[0])}};
    DWORD size = sizeof(list), count = 0, error = RasEnumConnectionsW(list, &size, &count), i;

    printf("connections %lu %lu\n", error, count);
    for (i = 0; !error && i < count; i++)
        printf("listed %ls\n", list[i].szEntryName);
}

static void show_projection(HRASCONN connection)
{
    RASPPPIPW ip = {.dwSize = sizeof(ip)};
    DWORD size = sizeof(ip), error = RasGetProjectionInfoW(connection, RASP_PppIp, &ip, &size);

    printf("projection %lu %ls\n", error, error ? L"" : ip.szIpAddress);
}

static void await_packets(HRASCONN connection)
{
    RAS_STATS stats = {.dwSize = sizeof(stats)};
    DWORD begun = GetTickCount();

    while (!RasGetConnectionStatistics(connection, &stats) && !stats.dwFramesRcved
            && GetTickCount() - begun < PATIENCE)
        Sleep(100);
    printf("packets %s %s\n", stats.dwFramesXmited ? "out" : "none out",
            stats.dwFramesRcved ? "in" : "none in");
}

/* As the page on RasHangUp says: until the handle is invalid. */
static void hang_up(HRASCONN connection)
{
    RASCONNSTATUSW status = {.dwSize = sizeof(status)};
    DWORD begun = GetTickCount();

    printf("hang-up %lu\n", RasHangUpW(connection));
    while (RasGetConnectStatusW(connection, &status) != ERROR_INVALID_HANDLE
            && GetTickCount() - begun < PATIENCE)
        Sleep(10);
    show_status(connection);
}

static void await_end(HRASCONN connection)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    DWORD error = RasConnectionNotificationW(connection, event, RASCN_Disconnection);

    printf("watching %lu\n", error);
    fflush(stdout);
    printf("%s\n", WaitForSingleObject(event, PATIENCE) ? "no end" : "ended");
    show_status(connection);
    CloseHandle(event);
}

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    RASDIALPARAMSW params = {.dwSize = sizeof(params)};
    HRASCONN connection = NULL;
    DWORD error;

    if (argc < 5)
        return 2;
    decided = CreateEventW(NULL, TRUE, FALSE, NULL);
    lstrcpynW(params.szEntryName, argv[2], ARRAYSIZE(params.szEntryName));
    lstrcpynW(params.szUserName, argv[3], ARRAYSIZE(params.szUserName));
    lstrcpynW(params.szPassword, argv[4], ARRAYSIZE(params.szPassword));
    error = RasDialW(NULL, argv[1], &params, 1, (void *)notify, &connection);
    printf("dial %lu\n", error);
    if (error)
        return 1;
    if (WaitForSingleObject(decided, PATIENCE))
        printf("not decided\n");
    printf("result %lu\n", result);
    show_status(connection);
    show_listed();
    if (result)
        hang_up(connection);
    else if (argc > 5)
    {
        show_projection(connection);
        await_end(connection);
    }
    else
    {
        show_projection(connection);
        fflush(stdout);
        await_packets(connection);
        hang_up(connection);
    }
    show_listed();
    return 0;
}
