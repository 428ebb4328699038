/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * MprAdminServer*, MprAdminIsServiceRunning and the notifications: pages
 * nf-mprapi-mpradminserverconnect, ...serverdisconnect, ...servergetinfo,
 * ...isservicerunning, ...getpdcserver, ...registerconnectionnotification and
 * ...deregisterconnectionnotification.
 */

#include <test.h>
#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "mpr_fixture.h"
#include "restricted.h"

#include <lm.h>

static void assert_connects(const WCHAR *name, DWORD expected)
{
    MPR_SERVER_HANDLE handle = (MPR_SERVER_HANDLE)7;
    DWORD error = MprAdminServerConnect((WCHAR *)name, &handle);

    if (error != expected)
        fail_msg("%ls: %lu, not %lu", name ? name : L"NULL", error, expected);
    if (!error)
    {
        assert_non_null(handle);
        MprAdminServerDisconnect(handle);
    }
}

MPR_TEST(this_machine_has_many_names)
{
    WCHAR name[256], unc[260];
    DWORD size = ARRAYSIZE(name);

    assert_connects(NULL, NO_ERROR);
    assert_connects(L"", NO_ERROR);
    assert_connects(L"localhost", NO_ERROR);
    assert_connects(L"127.0.0.1", NO_ERROR);
    assert_connects(L"127.1.2.3", NO_ERROR);
    assert_true(GetComputerNameW(name, &size));
    assert_connects(name, NO_ERROR);
    swprintf(unc, ARRAYSIZE(unc), L"\\\\%ls", name);
    assert_connects(unc, NO_ERROR);
    size = ARRAYSIZE(name);
    assert_true(GetComputerNameExW(ComputerNameDnsHostname, name, &size));
    assert_connects(name, NO_ERROR);
}

/* nf-mprapi-mpradmingetpdcserver: of "a stand-alone [...] server [...] the server name itself is
 * returned", with two backslashes before it, in a buffer of UNCLEN + 1 characters. */
MPR_TEST(a_machine_without_a_domain_has_its_own_users)
{
    WCHAR own[MAX_COMPUTERNAME_LENGTH + 1], unc[UNCLEN + 1], found[UNCLEN + 1];
    DWORD size = ARRAYSIZE(own);

    assert_true(GetComputerNameW(own, &size));
    swprintf(unc, ARRAYSIZE(unc), L"\\\\%ls", own);
    memset(found, 0, sizeof(found));
    assert_int_equal(MprAdminGetPDCServer(NULL, unc, found), NO_ERROR);
    assert_int_equal(wcscmp(found, unc), 0);
    memset(found, 0, sizeof(found));
    assert_int_equal(MprAdminGetPDCServer(NULL, own, found), NO_ERROR);
    assert_int_equal(wcscmp(found, unc), 0);
    memset(found, 0, sizeof(found));
    assert_int_equal(MprAdminGetPDCServer(own, NULL, found), NO_ERROR);
    assert_int_equal(wcscmp(found, unc), 0);

    wcscpy(found, L"kept");
    assert_int_equal(MprAdminGetPDCServer(L"NOSUCHDOMAIN", NULL, found), ERROR_NO_SUCH_DOMAIN);
    assert_int_equal(MprAdminGetPDCServer(L"NOSUCHDOMAIN", unc, found), ERROR_NO_SUCH_DOMAIN);
    assert_int_equal(
            MprAdminGetPDCServer(NULL, L"\\\\no-such-machine", found), NERR_InvalidComputer);
    assert_int_equal(MprAdminGetPDCServer(NULL, L"", found), NERR_InvalidComputer);
    assert_int_equal(MprAdminGetPDCServer(NULL, NULL, found), NERR_InvalidComputer);
    assert_int_equal(wcscmp(found, L"kept"), 0);
    assert_int_equal(MprAdminGetPDCServer(NULL, unc, NULL), ERROR_INVALID_PARAMETER);
}

/* A documented error, without delay. */
MPR_TEST(other_machines_are_not_there)
{
    DWORD begun = GetTickCount();

    assert_connects(L"no-such-machine.example.com", RPC_S_UNKNOWN_IF);
    assert_connects(L"192.0.2.1", RPC_S_UNKNOWN_IF);
    assert_connects(L"2001:db8::1", RPC_S_UNKNOWN_IF);
    assert_connects(L"0.0.0.0", RPC_S_UNKNOWN_IF);
    assert_int_equal(MprAdminServerConnect(NULL, NULL), RPC_S_INVALID_BINDING);
    assert_false(MprAdminIsServiceRunning((WCHAR *)L"192.0.2.1"));
    assert_true(GetTickCount() - begun < 3000);
}

MPR_TEST(handles_are_known_until_they_are_closed)
{
    MPR_SERVER_HANDLE one, other;
    BYTE *buffer;

    assert_int_equal(MprAdminServerConnect(NULL, &one), NO_ERROR);
    assert_int_equal(MprAdminServerConnect(NULL, &other), NO_ERROR);
    assert_ptr_not_equal(one, other);
    MprAdminServerDisconnect(one);
    MprAdminServerDisconnect(one);
    MprAdminServerDisconnect(NULL);
    assert_int_equal(MprAdminServerGetInfo(one, 0, &buffer), RPC_S_INVALID_BINDING);
    assert_int_equal(MprAdminServerGetInfo(other, 0, &buffer), NO_ERROR);
    MprAdminBufferFree(buffer);
    MprAdminServerDisconnect(other);
}

/* ns-mprapi-mpr_server_0: dwPortsInUse, fLanOnlyMode */
MPR_TEST(the_server_names_itself)
{
    MPR_SERVER_0 *info;
    MPR_SERVER_2 *two;
    BYTE *buffer;

    rras_add("--user a");
    rras_add("--user b");
    assert_int_equal(MprAdminServerGetInfo(server, 0, (BYTE **)&info), NO_ERROR);
    assert_false(info->fLanOnlyMode);
    assert_int_equal(info->dwPortsInUse, 2);
    assert_true(info->dwTotalPorts >= info->dwPortsInUse);
    MprAdminBufferFree(info);
    assert_int_equal(MprAdminServerGetInfo(server, 1, &buffer), NO_ERROR);
    MprAdminBufferFree(buffer);
    assert_int_equal(MprAdminServerGetInfo(server, 2, (BYTE **)&two), NO_ERROR);
    assert_int_equal(two->dwNumSstpPorts, 0);
    MprAdminBufferFree(two);
    assert_int_equal(MprAdminServerGetInfo(server, 3, &buffer), ERROR_INVALID_LEVEL);
    assert_int_equal(MprAdminServerGetInfo(server, 0, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminServerGetInfo(NULL, 0, &buffer), RPC_S_INVALID_BINDING);
}

/* The result of each function that needs the demand-dial manager. */
static void assert_all_say(DWORD expected)
{
    MPRAPI_OBJECT_HEADER header = {MPRAPI_RAS_CONNECTION_OBJECT_REVISION_1,
            MPRAPI_OBJECT_TYPE_RAS_CONNECTION_OBJECT, sizeof(RAS_CONNECTION_EX)};
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL), any = (HANDLE)1;
    RAS_CONNECTION_EX *list, one;
    DWORD level, read, total;
    BYTE *buffer;

    for (level = 0; level < 4; level++)
    {
        assert_int_equal(
                MprAdminConnectionEnum(server, level, &buffer, (DWORD)-1, &read, &total, NULL),
                expected);
        assert_int_equal(MprAdminConnectionGetInfo(server, level, any, &buffer), expected);
    }
    assert_int_equal(enum_ex(server, &header, (DWORD)-1, &read, &total, &list, NULL), expected);
    assert_int_equal(get_info_ex(server, any, &one), expected);
    assert_int_equal(MprAdminConnectionClearStats(server, any), expected);
    assert_int_equal(MprAdminConnectionRemoveQuarantine(server, any, FALSE), expected);
    assert_int_equal(MprAdminPortEnum(server, 0, INVALID_HANDLE_VALUE, &buffer, (DWORD)-1, &read,
                             &total, NULL),
            expected);
    assert_int_equal(MprAdminPortGetInfo(server, 0, any, &buffer), expected);
    assert_int_equal(MprAdminPortClearStats(server, any), expected);
    assert_int_equal(MprAdminPortDisconnect(server, any), expected);
    assert_int_equal(MprAdminRegisterConnectionNotification(server, event), expected);
    CloseHandle(event);
}

/* "ERROR_DDM_NOT_RUNNING": the server side is off, or there is no agent; at once. */
MPR_TEST(nothing_works_while_it_is_off)
{
    MPR_SERVER_0 *info;
    DWORD begun;

    assert_true(MprAdminIsServiceRunning(NULL));
    assert_int_equal(napctl(L"rras disable"), 0);
    assert_false(MprAdminIsServiceRunning(NULL));
    assert_all_say(ERROR_DDM_NOT_RUNNING);
    assert_int_equal(MprAdminServerGetInfo(server, 0, (BYTE **)&info), NO_ERROR);
    assert_true(info->fLanOnlyMode);
    MprAdminBufferFree(info);
    assert_int_equal(napctl(L"rras enable"), 0);
    assert_true(MprAdminIsServiceRunning(NULL));

    assert_true(agent_stop());
    begun = GetTickCount();
    assert_false(MprAdminIsServiceRunning(NULL));
    assert_all_say(ERROR_DDM_NOT_RUNNING);
    assert_connects(NULL, NO_ERROR); /* it "does not query the RRAS service" */
    assert_true(GetTickCount() - begun < 5000);
    assert_int_equal(agent_process(), 0); /* a stopped agent stays stopped */
    assert_true(agent_start());
    assert_true(MprAdminIsServiceRunning(NULL));
}

static bool fired(HANDLE event)
{
    return WaitForSingleObject(event, 2000) == WAIT_OBJECT_0;
}

/* MprAdminRegisterConnectionNotification, MprAdminDeregisterConnectionNotification */
MPR_TEST(events_fire_when_connections_change)
{
    HANDLE one = CreateEventW(NULL, FALSE, FALSE, NULL), handle;
    HANDLE other = CreateEventW(NULL, FALSE, FALSE, NULL), gone;

    assert_int_equal(MprAdminRegisterConnectionNotification(server, one), NO_ERROR);
    assert_int_equal(MprAdminRegisterConnectionNotification(server, other), NO_ERROR);
    /* Registering is no change; what had come of it would also be one too many at the end. */
    assert_int_equal(WaitForSingleObject(one, 0), WAIT_TIMEOUT);
    handle = rras_add("--user alice --quarantine quarantine");
    assert_true(fired(one));
    assert_true(fired(other));
    assert_int_equal(MprAdminConnectionRemoveQuarantine(server, handle, FALSE), NO_ERROR);
    assert_true(fired(one));
    assert_true(fired(other));
    /* No change: the next that comes is that of the change after it, and no other follows. */
    assert_int_equal(rras_load("update --match-interface nothing --user x\n", NULL, 0), -1);
    assert_int_equal(WaitForSingleObject(one, 0), WAIT_TIMEOUT);
    assert_int_equal(MprAdminPortDisconnect(server, handle), NO_ERROR);
    assert_true(fired(one));
    assert_true(fired(other));
    assert_int_equal(deregister_notification(server, one), NO_ERROR);
    rras_add("--user bob");
    assert_true(fired(other));
    rras_add("--user dave");
    assert_true(fired(other)); /* the earlier change has been notified to all */
    assert_int_equal(WaitForSingleObject(one, 0), WAIT_TIMEOUT);

    /* An agent that ends and comes back may have missed something. */
    assert_int_equal(WaitForSingleObject(other, 0), WAIT_TIMEOUT);
    assert_true(agent_kill());
    assert_true(fired(other));
    assert_true(agent_start());
    assert_true(fired(other));
    rras_add("--user carol");
    assert_true(fired(other));

    assert_int_equal(deregister_notification(server, one), ERROR_INVALID_PARAMETER);
    assert_int_equal(deregister_notification(server, other), NO_ERROR);
    assert_int_equal(deregister_notification(server, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminRegisterConnectionNotification(server, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminRegisterConnectionNotification(server, (HANDLE)0xBAD0),
            ERROR_INVALID_PARAMETER);
    gone = CreateFileW(L"NUL", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    assert_int_equal(MprAdminRegisterConnectionNotification(server, gone), ERROR_INVALID_PARAMETER);
    CloseHandle(gone);
    CloseHandle(one);
    CloseHandle(other);
}

/* ---- rights ---- */

/* Runs in a process without administrator rights; returns the number of the first wrong answer. */
static int without_rights(void)
{
    MPR_SERVER_HANDLE handle;

    if (is_administrator())
        return 3;
    if (MprAdminServerConnect(NULL, &handle) != ERROR_ACCESS_DENIED)
        return 1;
    if (MprAdminIsServiceRunning(NULL)) /* FALSE: "does not have access to the RRAS service" */
        return 2;
    return 0;
}

MPR_TEST(others_than_administrators_are_refused)
{
    assert_int_equal(run_without_rights(L"without-rights"), 0);
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "without-rights"))
        return without_rights();
    return test_main(mpr_setup, mpr_teardown);
}
