/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is left of a call of RasDial: the pages RasGetEntryDialParams, RasGetCredentials,
 * RASDIALPARAMS and RasEnumConnections. The dialer is test-dialer, see ras_dialing.c.
 */

#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "phonebook_fixture.h"
#include "ras_fixture.h"

#define SERVICE L"System\\CurrentControlSet\\Services\\napagent"
#define ENTRY L"Office VPN"
#define HIDDEN L"****************"

static WCHAR sample[MAX_PATH], book[MAX_PATH]; /* book: that of the calls */

static int begin(void)
{
    write_sample(sample);
    wcscpy(book, sample);
    return RegSetKeyValueW(HKEY_LOCAL_MACHINE, SERVICE L"\\Parameters", L"Dialer", REG_SZ,
            TEST_DIALER, sizeof(TEST_DIALER));
}

static int end(void)
{
    RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, SERVICE L"\\Parameters", L"Dialer");
    remove_phonebook(sample);
    return 0;
}

static const WCHAR *domain = L"CORP"; /* of the calls */

static DWORD dial(const WCHAR *number, const WCHAR *user, const WCHAR *password,
        const WCHAR *callback, HRASCONN *connection)
{
    RASDIALPARAMSW params = {.dwSize = sizeof(params), .dwCallbackId = 77, .dwSubEntry = 1};

    wcscpy(params.szEntryName, ENTRY);
    wcscpy(params.szPhoneNumber, number);
    wcscpy(params.szUserName, user);
    wcscpy(params.szPassword, password);
    wcscpy(params.szDomain, domain);
    wcscpy(params.szCallbackNumber, callback);
    *connection = NULL;
    return RasDialW(NULL, book, &params, 0, NULL, connection);
}

static void dial_and_hang_up(const WCHAR *user, const WCHAR *password)
{
    HRASCONN connection;

    assert_int_equal(dial(L"connect", user, password, L"", &connection), ERROR_SUCCESS);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
}

static void assert_saved(const WCHAR *user, const WCHAR *domain, ULONG_PTR id, bool has_password)
{
    RASDIALPARAMSW params = {.dwSize = sizeof(params)};
    BOOL saved = FALSE;

    wcscpy(params.szEntryName, ENTRY);
    assert_int_equal(RasGetEntryDialParamsW(sample, &params, &saved), ERROR_SUCCESS);
    assert_int_equal(wcscmp(params.szUserName, user), 0);
    assert_int_equal(wcscmp(params.szDomain, domain), 0);
    assert_int_equal(params.dwCallbackId, id);
    assert_int_equal(saved, has_password);
}

static void save_password(const WCHAR *user, const WCHAR *password)
{
    RASDIALPARAMSW params = {.dwSize = sizeof(params)};

    wcscpy(params.szEntryName, ENTRY);
    wcscpy(params.szUserName, user);
    wcscpy(params.szPassword, password);
    wcscpy(params.szDomain, L"CORP");
    assert_int_equal(RasSetEntryDialParamsW(sample, &params, FALSE), ERROR_SUCCESS);
}

static int forget(void)
{
    RASCREDENTIALSW credentials = {.dwSize = sizeof(credentials),
            .dwMask = RASCM_UserName | RASCM_Password | RASCM_Domain};

    RasSetCredentialsW(sample, ENTRY, &credentials, TRUE);
    return 0;
}

/* "The RasGetEntryDialParams function retrieves the connection information saved by the last
 * successful call to the RasDial or RasSetEntryDialParams function" */
TEST_WITH(a_successful_call_is_saved, NULL, forget)
{
    RASCREDENTIALSW credentials = {.dwSize = sizeof(credentials),
            .dwMask = RASCM_UserName | RASCM_Password | RASCM_Domain};

    dial_and_hang_up(L"ann", L"secret");
    assert_saved(L"ann", L"CORP", 77, false); /* a password is saved for those who ask for it */
    assert_int_equal(RasGetCredentialsW(sample, ENTRY, &credentials), ERROR_SUCCESS);
    assert_int_equal(credentials.dwMask, RASCM_UserName | RASCM_Domain);
    assert_int_equal(wcscmp(credentials.szUserName, L"ann"), 0);
}

TEST_WITH(a_call_that_fails_is_not_saved, NULL, forget)
{
    HRASCONN connection;

    save_password(L"bob", L"hidden");
    assert_int_equal(
            dial(L"refuse", L"ann", L"secret", L"", &connection), ERROR_AUTHENTICATION_FAILURE);
    RasHangUpW(connection);
    assert_saved(L"bob", L"CORP", 0, true);
}

TEST_WITH(a_saved_password_stays_with_its_user, NULL, forget)
{
    save_password(L"ann", L"secret");
    dial_and_hang_up(L"ann", L"other");
    assert_saved(L"ann", L"CORP", 77, true);
    domain = L"";
    dial_and_hang_up(L"", L"");
    assert_saved(L"ann", L"CORP", 77, true);
    dial_and_hang_up(L"ann", L"");
    assert_saved(L"ann", L"CORP", 77, true);
    domain = L"CORP";
    dial_and_hang_up(L"bob", L"hidden");
    assert_saved(L"bob", L"CORP", 77, false);
}

/* The credentials for all users are used as long as their user dials. */
TEST_WITH(the_password_for_all_users_is_found_after_a_call, NULL, forget)
{
    RASCREDENTIALSW credentials = {.dwSize = sizeof(credentials),
            .dwMask = RASCM_UserName | RASCM_Password | RASCM_Domain | 0x8 /* DefaultCreds */};
    HRASCONN connection;

    write_phonebook(L"%ALLUSERSPROFILE%\\Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk",
            sample_phonebook, strlen(sample_phonebook), book);
    wcscpy(credentials.szUserName, L"ann");
    wcscpy(credentials.szPassword, L"secret");
    wcscpy(credentials.szDomain, L"CORP");
    assert_int_equal(RasSetCredentialsW(book, ENTRY, &credentials, FALSE), ERROR_SUCCESS);
    dial_and_hang_up(L"ann", L"secret");
    assert_int_equal(dial(L"check", L"ann", L"", L"", &connection), ERROR_SUCCESS);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    assert_int_equal(dial(L"check", L"ann", HIDDEN, L"", &connection), ERROR_SUCCESS);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
    assert_int_equal(RasSetCredentialsW(book, ENTRY, &credentials, TRUE), ERROR_SUCCESS);
    remove_phonebook(book);
    wcscpy(book, sample);
}

/* RASDIALPARAMS: "specifying an asterisk (*) for the szCallbackNumber member causes RAS to return
 * error 704: ERROR_BAD_CALLBACK_NUMBER" */
TEST(an_asterisk_is_no_callback_number)
{
    HRASCONN connection;

    assert_int_equal(
            dial(L"connect", L"ann", L"secret", L"*", &connection), ERROR_BAD_CALLBACK_NUMBER);
    assert_null(connection);
}

/* Page of RasDial: with RDEOPT_PausedStates it asks for the number later. */
TEST(an_asterisk_with_paused_states_is_no_error)
{
    RASDIALEXTENSIONS extensions = {
            .dwSize = sizeof(extensions), .dwfOptions = RDEOPT_PausedStates};
    RASDIALPARAMSW params = {.dwSize = sizeof(params),
            .szEntryName = ENTRY,
            .szPhoneNumber = L"connect",
            .szCallbackNumber = L"*"};
    HRASCONN connection = NULL;

    assert_int_equal(RasDialW(&extensions, sample, &params, 0, NULL, &connection), ERROR_SUCCESS);
    assert_int_equal(RasHangUpW(connection), ERROR_SUCCESS);
}

/* RasEnumConnections lists active connections: one without an interface ends with the host. */
TEST(a_connection_ends_with_the_hosts_boot)
{
    ULONGLONG boot = 0, other;
    DWORD size = sizeof(boot);
    WIN7_RASCONNW listed;
    HRASCONN connection;
    WCHAR key[128];

    assert_int_equal(dial(L"connect", L"ann", L"secret", L"", &connection), ERROR_SUCCESS);
    assert_true(agent_stop());
    assert_true(agent_start());
    assert_true(connection_find(ENTRY, &listed));
    assert_true(agent_stop());
    swprintf(key, ARRAYSIZE(key), SERVICE L"\\Ras\\%08x", (unsigned int)(UINT_PTR)connection);
    assert_int_equal(
            RegGetValueW(HKEY_LOCAL_MACHINE, key, L"Boot", RRF_RT_REG_QWORD, NULL, &boot, &size),
            0);
    assert_int_not_equal(boot, 0);
    other = boot + 1;
    assert_int_equal(
            RegSetKeyValueW(HKEY_LOCAL_MACHINE, key, L"Boot", REG_QWORD, &other, sizeof(other)), 0);
    assert_true(agent_start());
    assert_false(connection_find(ENTRY, &listed));
    assert_int_equal(RegGetValueW(HKEY_LOCAL_MACHINE, key, NULL, RRF_RT_ANY, NULL, NULL, NULL),
            ERROR_FILE_NOT_FOUND);
}

TEST_MAIN(begin, end)
