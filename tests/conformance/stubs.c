/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Programs written for Wine's own rasapi32 and mprapi: where those stubs were right, the result is
 * the same. In a prefix with no connection, no phone book and no server side.
 */

#include <test.h>

#include <windows.h>
#include <mprapi.h>
#include <ras.h>
#include <raserror.h>

#define NOTHING ((void *)0x5a5a) /* a failed call must not leave this in a pointer */

/* Wine: no entries, "n = 0; return 0". */
TEST(there_are_no_entries)
{
    RASENTRYNAMEA narrow = {.dwSize = sizeof(narrow)};
    RASENTRYNAMEW wide = {.dwSize = sizeof(wide)};
    DWORD size = sizeof(narrow), count = 9;

    assert_int_equal(RasEnumEntriesA(NULL, NULL, &narrow, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, 0);
    size = sizeof(wide);
    count = 9;
    assert_int_equal(RasEnumEntriesW(NULL, NULL, &wide, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, 0);
    size = 0;
    count = 9;
    assert_int_equal(RasEnumEntriesW(NULL, NULL, NULL, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, 0);
    assert_int_equal(size, 0);
}

TEST(a_new_name_is_valid)
{
    assert_int_equal(RasValidateEntryNameA(NULL, "My VPN"), ERROR_SUCCESS);
    assert_int_equal(RasValidateEntryNameW(NULL, L"My VPN"), ERROR_SUCCESS);
}

TEST(the_first_device_is_returned)
{
    DWORD size = 0, count = 0;

    assert_int_equal(RasEnumDevicesA(NULL, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_true(count >= 1 && size == count * sizeof(RASDEVINFOA));
}

TEST(an_unknown_error_has_no_text)
{
    WCHAR *text = NOTHING;

    assert_int_equal(MprAdminGetErrorString(12345678, &text), ERROR_MR_MID_NOT_FOUND);
    assert_null(text);
}

TEST_MAIN(NULL, NULL)
