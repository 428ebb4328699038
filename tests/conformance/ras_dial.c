/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pages RasGetEntryDialParams and RasDial.
 */

#include <test.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "phonebook_fixture.h"

static WCHAR sample[MAX_PATH];
static char sample_a[MAX_PATH];

static int begin(void)
{
    write_sample(sample);
    WideCharToMultiByte(CP_ACP, 0, sample, -1, sample_a, MAX_PATH, NULL, NULL);
    return 0;
}

static int end(void)
{
    remove_phonebook(sample);
    return 0;
}

static void name(RASDIALPARAMSW *params, const WCHAR *entry)
{
    memset(params, 0, sizeof(*params));
    params->dwSize = sizeof(*params);
    wcscpy(params->szEntryName, entry);
}

/* "the szPhoneNumber member of the structure does not receive the phone number"; "If the system has
 * no password saved for this entry, lpfPassword is FALSE." */
TEST(nothing_is_saved_for_an_entry)
{
    RASDIALPARAMSW params;
    RASDIALPARAMSA params_a;
    BOOL password = TRUE;

    memset(&params, 0xcc, sizeof(params));
    params.dwSize = sizeof(params);
    wcscpy(params.szEntryName, L"Dial");
    assert_int_equal(RasGetEntryDialParamsW(sample, &params, &password), ERROR_SUCCESS);
    assert_int_equal(password, FALSE);
    assert_int_equal(wcscmp(params.szEntryName, L"Dial"), 0);
    assert_int_equal(params.szPhoneNumber[0], 0);
    assert_int_equal(params.szCallbackNumber[0], 0);
    assert_int_equal(params.szUserName[0], 0);
    assert_int_equal(params.szPassword[0], 0);
    assert_int_equal(params.szDomain[0], 0);
    assert_int_equal(params.dwSubEntry, 1);
    assert_int_equal(params.dwCallbackId, 0);

    memset(&params_a, 0xcc, sizeof(params_a));
    params_a.dwSize = sizeof(params_a);
    strcpy(params_a.szEntryName, "Dial");
    password = TRUE;
    assert_int_equal(RasGetEntryDialParamsA(sample_a, &params_a, &password), ERROR_SUCCESS);
    assert_int_equal(password, FALSE);
    assert_string_equal(params_a.szUserName, "");
    assert_int_equal(params_a.dwSubEntry, 1);
}

TEST(every_size_that_headers_had_is_known)
{
    static const DWORD sizes[] = {offsetof(RASDIALPARAMSW, dwSubEntry),
            offsetof(RASDIALPARAMSW, dwIfIndex), sizeof(RASDIALPARAMSW)};
    RASDIALPARAMSW params;
    BOOL password;
    DWORD i;

    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        name(&params, L"Dial");
        params.dwIfIndex = 0xcccccccc;
        params.dwSize = sizes[i];
        assert_int_equal(RasGetEntryDialParamsW(sample, &params, &password), ERROR_SUCCESS);
        assert_int_equal(params.dwIfIndex, i == 2 ? 0 : 0xcccccccc);
    }
    params.dwSize = sizeof(params) + 4;
    assert_int_equal(RasGetEntryDialParamsW(sample, &params, &password), ERROR_INVALID_SIZE);
    params.dwSize = 0;
    assert_int_equal(RasGetEntryDialParamsW(sample, &params, &password), ERROR_INVALID_SIZE);
}

/* ERROR_BUFFER_INVALID, ERROR_CANNOT_OPEN_PHONEBOOK, ERROR_CANNOT_FIND_PHONEBOOK_ENTRY */
TEST(dial_params_have_their_errors)
{
    RASDIALPARAMSW params;
    BOOL password;

    name(&params, L"Dial");
    assert_int_equal(RasGetEntryDialParamsW(sample, NULL, &password), ERROR_BUFFER_INVALID);
    assert_int_equal(RasGetEntryDialParamsW(sample, &params, NULL), ERROR_BUFFER_INVALID);
    assert_int_equal(
            RasGetEntryDialParamsW(sample, (RASDIALPARAMSW *)16, &password), ERROR_BUFFER_INVALID);
    assert_int_equal(RasGetEntryDialParamsA(sample_a, NULL, &password), ERROR_BUFFER_INVALID);
    assert_int_equal(RasGetEntryDialParamsW(L"C:\\no\\such.pbk", &params, &password),
            ERROR_CANNOT_OPEN_PHONEBOOK);
    name(&params, L"Nobody");
    assert_int_equal(
            RasGetEntryDialParamsW(sample, &params, &password), ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    assert_int_equal(
            RasGetEntryDialParamsW(NULL, &params, &password), ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    /* A name that fills its member has no terminator. */
    wmemset(params.szEntryName, 'a', ARRAYSIZE(params.szEntryName));
    assert_int_equal(
            RasGetEntryDialParamsW(sample, &params, &password), ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
}

static LONG notifications;

static void WINAPI notify(UINT message, RASCONNSTATE connection_state, DWORD error)
{
    (void)message;
    (void)connection_state;
    (void)error;
    notifications++;
}

/* No connection is made: an error of the page's list, no handle, no notification. */
TEST(a_call_is_refused)
{
    RASDIALPARAMSW params;
    RASDIALPARAMSA params_a = {.dwSize = sizeof(params_a), .szEntryName = "Office VPN"};
    HRASCONN connection = NULL;

    name(&params, L"Office VPN");
    assert_int_equal(
            RasDialW(NULL, sample, &params, 0, NULL, &connection), ERROR_PORT_NOT_AVAILABLE);
    assert_null(connection);
    assert_int_equal(
            RasDialA(NULL, sample_a, &params_a, 0, NULL, &connection), ERROR_PORT_NOT_AVAILABLE);
    assert_null(connection);
    assert_int_equal(RasDialW(NULL, sample, &params, 0, (void *)notify, &connection),
            ERROR_PORT_NOT_AVAILABLE);
    assert_null(connection);
    assert_int_equal(RasDialW(NULL, sample, &params, 0xffffffff, (void *)1, &connection),
            ERROR_PORT_NOT_AVAILABLE);
    assert_int_equal(notifications, 0);
    /* "without using a phone-book entry ... an empty string for szEntryName": RasDial calls the
     * number. */
    name(&params, L"");
    wcscpy(params.szPhoneNumber, L"5550100");
    assert_int_equal(RasDialW(NULL, NULL, &params, 0, NULL, &connection), ERROR_PORT_NOT_AVAILABLE);
    assert_null(connection);
}

TEST(what_the_caller_can_mend_comes_first)
{
    RASDIALEXTENSIONS extensions = {.dwSize = sizeof(extensions)};
    RASDIALPARAMSW params;
    HRASCONN connection = NULL;

    name(&params, L"Office VPN");
    assert_int_equal(RasDialW(NULL, sample, NULL, 0, NULL, &connection), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasDialW(NULL, sample, &params, 0, NULL, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasDialW(NULL, sample, &params, 3, (void *)notify, &connection),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(RasDialW(NULL, L"C:\\no\\such.pbk", &params, 0, NULL, &connection),
            ERROR_CANNOT_OPEN_PHONEBOOK);
    assert_int_equal(
            RasDialW(&extensions, sample, &params, 0, NULL, &connection), ERROR_PORT_NOT_AVAILABLE);
    extensions.dwSize = 7;
    assert_int_equal(
            RasDialW(&extensions, sample, &params, 0, NULL, &connection), ERROR_INVALID_SIZE);
    params.dwSize--;
    assert_int_equal(RasDialW(NULL, sample, &params, 0, NULL, &connection), ERROR_INVALID_SIZE);
    name(&params, L"Nobody");
    assert_int_equal(RasDialW(NULL, sample, &params, 0, NULL, &connection),
            ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    assert_int_equal(
            RasDialW(NULL, NULL, &params, 0, NULL, &connection), ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    name(&params, L"");
    assert_int_equal(RasDialW(NULL, sample, &params, 0, NULL, &connection),
            ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    /* To continue a paused call: there is none. */
    connection = (HRASCONN)(ULONG_PTR)0x1234;
    assert_int_equal(RasDialW(NULL, sample, &params, 0, NULL, &connection), ERROR_INVALID_HANDLE);
}

TEST_MAIN(begin, end)
