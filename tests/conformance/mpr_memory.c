/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocation failures in mprapi: whichever allocation fails, the function returns
 * ERROR_NOT_ENOUGH_MEMORY, as its page or System Error Codes say, changes nothing, leaks nothing,
 * and succeeds on the next call.
 */

#include <stdio.h>
#include <string.h>

#include "shortage.h"

#include "mpr_fixture.h"

#include <rtinfo.h>

#define MANY 40 /* connections; their list exceeds a reader's first buffer */

#define TRY(call) RETRIED(ERROR_NOT_ENOUGH_MEMORY, call, true)

static HANDLE connection; /* one of MANY */

static void connections(void)
{
    DWORD level, read, total, resume;
    MPR_SERVER_HANDLE own;
    RAS_CONNECTION_EX *all, one;
    MPRAPI_OBJECT_HEADER header = {MPRAPI_RAS_CONNECTION_OBJECT_REVISION_1,
            MPRAPI_OBJECT_TYPE_RAS_CONNECTION_OBJECT, sizeof(RAS_CONNECTION_EX)};
    BYTE *buffer;

    TRY(MprAdminServerConnect(NULL, &own));
    MprAdminServerDisconnect(own);
    TRY(MprAdminServerGetInfo(server, 0, &buffer));
    MprAdminBufferFree(buffer);
    for (level = 0; level <= 3; level++)
    {
        resume = 0;
        TRY(MprAdminConnectionEnum(server, level, &buffer, (DWORD)-1, &read, &total, &resume));
        assert_int_equal(read, MANY);
        MprAdminBufferFree(buffer);
        TRY(MprAdminConnectionGetInfo(server, level, connection, &buffer));
        MprAdminBufferFree(buffer);
    }
    resume = 0;
    TRY(enum_ex(server, &header, (DWORD)-1, &read, &total, &all, &resume));
    assert_int_equal(read, MANY);
    MprAdminBufferFree(all);
    one.Header = header;
    TRY(get_info_ex(server, connection, &one));
    resume = 0;
    TRY(MprAdminPortEnum(
            server, 0, INVALID_HANDLE_VALUE, &buffer, (DWORD)-1, &read, &total, &resume));
    MprAdminBufferFree(buffer);
    TRY(MprAdminConnectionClearStats(server, connection));
}

static void error_strings(void)
{
    WCHAR *text;

    TRY(MprAdminGetErrorString(ERROR_ROUTER_STOPPED, &text));
    LocalFree(text);
}

static void notifications(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);

    TRY(MprAdminRegisterConnectionNotification(server, event));
    TRY(deregister_notification(server, event));
    CloseHandle(event);
}

static void information_blocks(void)
{
    void *header, *larger, *copy, *other, *smaller;

    TRY(MprInfoCreate(RTR_INFO_BLOCK_VERSION, &header));
    TRY(MprInfoBlockAdd(header, 1, 4, 1, (BYTE *)"abcd", &larger));
    TRY(MprInfoDuplicate(larger, &copy));
    TRY(MprInfoBlockSet(larger, 1, 4, 1, (BYTE *)"efgh", &other));
    TRY(MprInfoBlockRemove(larger, 1, &smaller));
    MprInfoDelete(header);
    MprInfoDelete(larger);
    MprInfoDelete(copy);
    MprInfoDelete(other);
    MprInfoDelete(smaller);
}

TEST(whichever_allocation_for_connections_fails)
{
    shortage_everywhere("MprAdminConnection and MprAdminPort", SHORTAGE_HERE, connections, 20);
}

TEST(whichever_allocation_for_error_strings_fails)
{
    shortage_everywhere("MprAdminGetErrorString", SHORTAGE_HERE, error_strings, 0);
}

TEST(whichever_allocation_for_notifications_fails)
{
    shortage_everywhere("MprAdminRegisterConnectionNotification", SHORTAGE_HERE, notifications, 2);
}

TEST(whichever_allocation_for_information_blocks_fails)
{
    shortage_everywhere("MprInfo", SHORTAGE_HERE, information_blocks, 4);
}

static int begin(void)
{
    static const char line[] = "add --user somebody --domain SOMEWHERE --computer ANOTHER "
                               "--device-type vpn --port VPN3-%02d --remote-endpoint 192.0.2.9 "
                               "--local-endpoint 192.0.2.1\n";
    char lines[MANY * sizeof(line)] = "";
    size_t length = 0;
    DWORD ids[MANY];
    int i;

    if (mpr_setup())
        return 1;
    for (i = 0; i < MANY; i++)
        length += (size_t)snprintf(lines + length, sizeof(lines) - length, line, i);
    if (rras_load(lines, ids, MANY) != MANY)
        return 1;
    connection = (HANDLE)(ULONG_PTR)ids[0];
    return !shortage_of(L"mprapi.dll");
}

static int end(void)
{
    shortage_pause();
    return mpr_empty() || mpr_teardown();
}

TEST_MAIN(begin, end)
