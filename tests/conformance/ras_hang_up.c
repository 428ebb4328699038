/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasHangUp of a connection that neither the agent nor a hook can end: nf-ras-rashangupw. "After
 * this call, the hrasconn handle can no longer be used." Programs ignore the result and wait until
 * the connection has gone, by RasGetConnectStatus, RasHangUp, RasEnumConnections or an event. So it
 * has gone for them, and for no other process. The connection is the Remote Access enforcement
 * client's (79618); tests/e2e/ras-tunnels-test.sh has tunnels of the host.
 */

#include "enforcer.h"
#include "ras_fixture.h"

#include <string.h>

#include "spelling.h"

#define REMOTE_ACCESS 79618
#define NAME L".{99AABBCC-DDEE-FF00-0807-060504030201}"
#define LISTED "{99AABBCC-DDEE-FF00-0807-060504030201}"

static const GUID connection_id = {0x99aabbcc, 0xddee, 0xff00, {8, 7, 6, 5, 4, 3, 2, 1}};

struct spelling
{
    DWORD(WINAPI *status)(HRASCONN connection, void *status);
    DWORD(WINAPI *hang_up)(HRASCONN connection);
    DWORD(WINAPI *link)(HRASCONN connection, DWORD number, HRASCONN *link);
    DWORD(WINAPI *projection)
    (HRASCONN connection, RASPROJECTION protocol, void *projection, DWORD *size);
    DWORD status_size;
};

#define SPELLING(X)                                                                                \
    {                                                                                              \
        (void *)RasGetConnectStatus##X, RasHangUp##X, RasGetSubEntryHandle##X,                     \
                RasGetProjectionInfo##X, sizeof(RASCONNSTATUS##X)                                  \
    }

static const struct spelling spelling_A = SPELLING(A), spelling_W = SPELLING(W);

static INapEnforcementClientConnection *connection;

/* A connection of the enforcement client's, as RasEnumConnections lists it. */
static HRASCONN connect_client(void)
{
    WIN7_RASCONNW found;

    connection = connection_create();
    assert_int_equal(
            INapEnforcementClientConnection_SetConnectionId(connection, &connection_id), S_OK);
    decide(connection, isolationStateNotRestricted, NO_PROBATION, NULL);
    assert_true(connection_find(NAME, &found));
    return found.xp.hrasconn;
}

static void disconnect_client(void)
{
    assert_int_equal(
            INapEnforcementClientBinding_NotifyConnectionStateDown(binding, connection), S_OK);
    connection_release(connection);
}

static int bind(void)
{
    return enforcer_create()
           || INapEnforcementClientBinding_Initialize(binding, REMOTE_ACCESS, callback) != S_OK;
}

static int unbind(void)
{
    INapEnforcementClientBinding_Uninitialize(binding);
    return enforcer_destroy();
}

static void it_goes_for_the_process(const struct spelling *spelling)
{
    HANDLE one = CreateEventW(NULL, FALSE, FALSE, NULL),
           all = CreateEventW(NULL, FALSE, FALSE, NULL);
    RAS_STATS stats = {.dwSize = sizeof(stats)};
    RASNAPSTATE nap = {.dwSize = sizeof(nap)};
    HRASCONN handle = connect_client(), next, link;
    RASPPPIPW ip = {.dwSize = sizeof(ip)};
    BYTE status[sizeof(RASCONNSTATUSW)];
    DWORD size = sizeof(ip), error;
    WIN7_RASCONNW found;
    char text[4096];
    int i;

    assert_int_equal(RasConnectionNotificationW(handle, one, RASCN_Disconnection), ERROR_SUCCESS);
    assert_int_equal(
            RasConnectionNotificationW((HRASCONN)INVALID_HANDLE_VALUE, all, RASCN_Disconnection),
            ERROR_SUCCESS);
    /* There is no hook: the result says what was not done. */
    assert_int_equal(spelling->hang_up(handle), ERROR_HANGUP_FAILED);
    NUMBER(status, 0) = spelling->status_size;
    for (i = 0; i < 100 && (error = spelling->status(handle, status)) != ERROR_INVALID_HANDLE; i++)
        Sleep(10);
    assert_int_equal(error, ERROR_INVALID_HANDLE);
    assert_int_equal(spelling->hang_up(handle), ERROR_NO_CONNECTION);
    assert_false(connection_find(NAME, &found));
    assert_int_equal(WaitForSingleObject(one, 10000), WAIT_OBJECT_0);
    assert_int_equal(WaitForSingleObject(all, 10000), WAIT_OBJECT_0);
    assert_int_equal(spelling->link(handle, 1, &link), ERROR_INVALID_HANDLE);
    assert_int_equal(spelling->projection(handle, RASP_PppIp, &ip, &size), ERROR_NO_CONNECTION);
    assert_int_equal(RasGetConnectionStatistics(handle, &stats), ERROR_NO_CONNECTION);
    assert_int_equal(RasClearConnectionStatistics(handle), ERROR_NO_CONNECTION);
    assert_int_equal(RasGetNapStatus(handle, &nap), ERROR_NO_CONNECTION);
    assert_int_equal(
            RasConnectionNotificationW(handle, one, RASCN_Disconnection), ERROR_INVALID_HANDLE);

    /* Other processes see it as long as it is there. */
    assert_int_equal(napctl_says(L"ras list --json", text, sizeof(text)), 0);
    assert_non_null(strstr(text, LISTED));
    disconnect_client();

    /* The next one is another connection. */
    next = connect_client();
    assert_ptr_not_equal(next, handle);
    assert_int_equal(spelling->status(next, status), ERROR_SUCCESS);
    disconnect_client();
    assert_int_equal(spelling->status(next, status), ERROR_INVALID_HANDLE);
    CloseHandle(one);
    CloseHandle(all);
}

TEST_WITH(it_goes_for_the_process_A, bind, unbind)
{
    it_goes_for_the_process(&spelling_A);
}

TEST_WITH(it_goes_for_the_process_W, bind, unbind)
{
    it_goes_for_the_process(&spelling_W);
}

static int begin(void)
{
    return enforcer_tests_begin() || napctl(L"enforcement enable 79618");
}

static int end(void)
{
    return napctl(L"enforcement disable 79618") | enforcer_tests_end();
}

TEST_MAIN(begin, end)
